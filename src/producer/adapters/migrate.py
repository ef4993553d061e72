"""Brings a database to the newest schema: Procrastinate's tables first, then ours, in file order."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from urllib.parse import urlsplit, urlunsplit

import psycopg
import yoyo
from yoyo.backends import DatabaseBackend

from producer.errors import SettingsError

SOURCES = (("procrastinate.sql", "migrations"), ("producer.adapters", "migrations"))


LOCK_NUMBER = 0x70726F64  # any number that only we use


def migrate(database_url: str) -> None:
    """Apply what the database has not seen yet; safe to call at every start and from several machines.

    Raises
    ------
    SettingsError
        The database can't be reached.
    """
    backend = _connect(database_url)
    try:
        for package, folder in SOURCES:
            with as_file(files(package) / folder) as path:
                _apply(backend, str(path), database_url)
    finally:
        backend.connection.close()


def _connect(database_url: str) -> DatabaseBackend:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # yoyo's, about its own parser
            return yoyo.get_backend(_for_yoyo(database_url))
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        raise SettingsError(f"The database can't be used: {reason}. Check PRODUCER_DATABASE_URL.") from None


def _apply(backend: DatabaseBackend, folder: str, database_url: str) -> None:
    migrations = yoyo.read_migrations(folder)
    if not backend.to_apply(migrations):
        return
    with _alone(database_url):
        backend.apply_migrations(backend.to_apply(migrations))


@contextmanager
def _alone(database_url: str) -> Iterator[None]:
    """Hold a lock that the server takes back when we die; yoyo's own would stay."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        yield


def _for_yoyo(database_url: str) -> str:
    """The same URL in yoyo's dialect, which names the driver."""
    parts = urlsplit(database_url)
    return urlunsplit(parts._replace(scheme="postgresql+psycopg"))
