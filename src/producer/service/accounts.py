"""Who may order: accounts and their keys.

A key is ``pk_<id>_<secret>``: 12 hexadecimal digits that name it and 32 random bytes. Only an
HMAC-SHA256 of the whole key is stored; a fast hash is right for 256 random bits, and the pepper
makes a stolen table useless.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from producer.errors import InvalidInputError
from producer.service import ledger
from producer.service.errors import NotFoundError, UnauthorizedError
from producer.service.ports import Queries, Row, Transaction

KEY_SHAPE = re.compile(r"pk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
NAME_SHAPE = re.compile(r"[\w.@+-][\w.@+ -]{0,63}")
DEFAULT_CONCURRENCY = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """A new account; its key is told only this once."""

    account_id: UUID
    key: str
    webhook_secret: str


async def open_account(
    tx: Transaction,
    name: str,
    pepper: bytes,
    *,
    credits: int = 0,
    extra_credits: int = 0,
    concurrency: int = DEFAULT_CONCURRENCY,
) -> Opened:
    """Create an account with a first key and credits.

    Raises
    ------
    InvalidInputError
        The name is taken or no name, or a number is out of range.
    """
    _check_number("credits", credits, lowest=0)
    _check_number("extra_credits", extra_credits, lowest=0)
    _check_number("concurrency", concurrency, lowest=1)
    if not NAME_SHAPE.fullmatch(name):
        raise InvalidInputError("NAME should be 1–64 letters, digits, or any of . @ + - _", field="name")
    webhook_secret = f"whsec_{secrets.token_urlsafe(32)}"
    row = await tx.one("add_account", name=name, concurrency=concurrency, webhook_secret=webhook_secret)
    if row is None:
        raise InvalidInputError(f"There is an account '{name}' already. Choose another name.", field="name")
    if credits or extra_credits:
        await ledger.grant(tx, row["id"], credits=credits, extra_credits=extra_credits)
    key = await add_key(tx, row["id"], pepper)
    return Opened(row["id"], key, webhook_secret)


async def add_key(tx: Transaction, account_id: UUID, pepper: bytes) -> str:
    """Make another key for an account."""
    key_id = secrets.token_hex(6)
    key = f"pk_{key_id}_{secrets.token_urlsafe(32)}"
    await tx.run("add_key", id=key_id, account_id=account_id, digest=key_digest(key, pepper))
    return key


def key_digest(key: str, pepper: bytes) -> bytes:
    """What is stored of a key: HMAC-SHA256 under the pepper, 32 bytes."""
    return hmac.digest(pepper, key.encode(), hashlib.sha256)


async def authenticate(db: Queries, key: str, pepper: bytes) -> UUID:
    """Account that a key belongs to.

    Raises
    ------
    UnauthorizedError
        No key of ours, or revoked.
    """
    shape = KEY_SHAPE.fullmatch(key)
    row = await db.one("find_key", id=shape[1]) if shape else None
    if row is None or not hmac.compare_digest(bytes(row["digest"]), key_digest(key, pepper)):
        raise UnauthorizedError
    account_id: UUID = row["account_id"]
    return account_id


async def find_account(tx: Transaction, name: str) -> Row:
    """Account of that name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = await tx.one("find_account", name=name)
    if row is None:
        raise NotFoundError(f"There is no account '{name}'. `producer account list` shows all.")
    return row


async def list_accounts(tx: Transaction) -> list[Row]:
    """All accounts with balances and live keys' ids."""
    return await tx.all("list_accounts")


async def grant(tx: Transaction, name: str, *, credits: int, extra_credits: int) -> ledger.Balance:
    """Give credits to the account of that name; its new balance."""
    _check_number("credits", credits, lowest=0)
    _check_number("extra_credits", extra_credits, lowest=0)
    account = await find_account(tx, name)
    await ledger.grant(tx, account["id"], credits=credits, extra_credits=extra_credits)
    return ledger.Balance(account["credits"] + credits, account["extra_credits"] + extra_credits)


async def revoke(tx: Transaction, name_or_key_id: str) -> int:
    """Make one key (by its id) or all keys of an account invalid at once; how many.

    Raises
    ------
    NotFoundError
        No live key and no account of that name.
    """
    rows = await tx.all("revoke_keys", name_or_key_id=name_or_key_id)
    if not rows:
        raise NotFoundError(
            f"There is no live key or account '{name_or_key_id}'. `producer account list` shows all."
        )
    return len(rows)


async def balance(db: Queries, account_id: UUID) -> ledger.Balance:
    """What the account can spend."""
    row = await db.one("read_balance", account_id=account_id)
    assert row is not None, "an authenticated account exists"
    return ledger.Balance(row["credits"], row["extra_credits"])


def _check_number(field: str, value: int, *, lowest: int) -> None:
    if not lowest <= value <= 10**12:
        raise InvalidInputError(f"{field} should be a whole number of at least {lowest}.", field=field)
