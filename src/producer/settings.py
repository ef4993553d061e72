"""Environment → one frozen Settings. Only :mod:`producer.bootstrap` and the CLI read it."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from producer.errors import SettingsError


class Settings(BaseSettings):
    """What an operator may decide, each as ``PRODUCER_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="PRODUCER_", frozen=True, env_ignore_empty=True, extra="ignore"
    )

    data_dir: Path = Path("var")  #: embedded database, files, demo key
    database_url: str | None = None  #: any PostgreSQL; None = the embedded one
    storage_url: str | None = None  #: ``file:///…`` or ``s3://bucket/prefix``; None = DATA_DIR/vault
    public_url: str | None = None  #: base of file URLs; None = the address served
    files_url: str | None = None  #: base of file URLs where the storage itself is public (a CDN)
    allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    workers: int = Field(default=1, ge=0, le=64)  #: worker processes that ``serve`` starts
    niceness: int = Field(default=5, ge=0, le=19)  #: how far songs step back for polls and orders
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    engine: str = "producer.engines.house:HouseEngine"  #: what makes songs, as ``module:class``
    key_pepper: str | None = None  #: needed when several machines share a database; None = kept in DATA_DIR

    #: Whether the writer of lyrics uses the language model inside; else its phrase bank writes alone.
    lyrics_built_in_model: bool = True
    lyrics_llm_url: str | None = None  #: OpenAI-compatible endpoint for lyrics; None = the house's writer
    lyrics_llm_model: str = ""  #: the model's name there
    lyrics_llm_api_key: SecretStr | None = None
    lyrics_llm_timeout_seconds: float = Field(default=30.0, gt=0.0, le=120.0)

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("engine")
    @classmethod
    def _check_engine(cls, value: str) -> str:
        if not all(value.partition(":")):
            raise ValueError("should be module:class")
        return value

    @field_validator("public_url", "files_url", "lyrics_llm_url")
    @classmethod
    def _strip_slash(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("should start with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("should be postgresql://user:password@host/database")
        return value.replace("postgres://", "postgresql://", 1) if value else None

    @property
    def base_url(self) -> str:
        """Where clients find the service."""
        return self.public_url or f"http://{self.host}:{self.port}"


def load_settings(**overrides: Any) -> Settings:
    """Read the environment; `overrides` that are not None win.

    Raises
    ------
    SettingsError
        A variable has a value that can't be used; names it.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"PRODUCER_{name.upper()} can't be used: {reason}.") from None
