"""What the routes have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from starlette.requests import Request

from producer.api import orders
from producer.api.auth import account_of
from producer.api.counter import Counter
from producer.service.ports import Database, Vault
from producer.service.till import Till

BASE = "/api/v1"
COMPAT = "/compat/musicapi/v1"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of speaking the API."""

    base: str
    running_status: int  #: HTTP status of polls while a task runs
    defaults: Mapping[str, Any] = field(default_factory=dict)  #: of fields that it leaves out


PUBLISHED = Dialect(BASE, 200)
#: How the public ``musicapi-sdk`` speaks.
SDK = Dialect(COMPAT, 202, {"task_type": orders.CREATE, "format": "mp3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the routes work with."""

    db: Database
    vault: Vault
    counter: Counter
    till: Till
    admits: orders.Admits

    async def account_of(self, request: Request) -> UUID:
        """Who is asking; raises UnauthorizedError."""
        return await account_of(request.scope, self.counter)
