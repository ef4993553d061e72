"""What the routes have in common."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from starlette.requests import Request

from producer.api import orders
from producer.api.auth import account_of
from producer.api.counter import Counter
from producer.service.ports import Database, Vault

BASE = "/api/v1"
COMPAT = "/compat/musicapi/v1"
ORDERS_AT_ONCE = 4  # of one account


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
    admits: orders.Admits
    _turns: WeakValueDictionary[UUID, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)

    async def account_of(self, request: Request) -> UUID:
        """Who is asking; raises UnauthorizedError."""
        return await account_of(request.scope, self.counter)

    def turn(self, account_id: UUID) -> asyncio.Semaphore:
        """Admits a few of an account's orders at a time.

        They would wait for the account's row anyway, but there each would hold a connection meanwhile
        that other accounts could use.
        """
        return self._turns.setdefault(account_id, asyncio.Semaphore(ORDERS_AT_ONCE))
