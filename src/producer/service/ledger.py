"""Credits: an append-only list of grants, charges and refunds; a balance is its sum."""

from dataclasses import dataclass
from uuid import UUID

from producer.service.errors import InsufficientCreditsError
from producer.service.ports import Transaction


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account can spend: the plan's credits, and extra ones that never expire."""

    credits: int
    extra_credits: int

    @property
    def total(self) -> int:
        """Both kinds together."""
        return self.credits + self.extra_credits


def split_charge(balance: Balance, price: int) -> tuple[int, int]:
    """How a price is paid, as (credits, extra credits): extra ones are spent first.

    >>> split_charge(Balance(credits=50, extra_credits=4), 10)
    (6, 4)

    Raises
    ------
    InsufficientCreditsError
        Both together are not enough.
    """
    if price > balance.total:
        raise InsufficientCreditsError(balance.total)
    extra = min(price, balance.extra_credits)
    return price - extra, extra


async def grant(tx: Transaction, account_id: UUID, *, credits: int = 0, extra_credits: int = 0) -> None:
    """Give an account credits."""
    await _enter(tx, account_id, "grant", credits, extra_credits, None)


async def refund(tx: Transaction, account_id: UUID, task_id: UUID) -> None:
    """Give back what a task cost, each kind to where it came from. The database allows it once."""
    charged = await tx.one("find_charge", task_id=task_id)
    if charged is not None:
        await _enter(tx, account_id, "refund", -charged["credits"], -charged["extra_credits"], task_id)


async def _enter(
    tx: Transaction, account_id: UUID, kind: str, credits: int, extra: int, task_id: UUID | None
) -> None:
    entry = {"account_id": account_id, "credits": credits, "extra_credits": extra}
    await tx.run("add_entry", kind=kind, task_id=task_id, **entry)
    await tx.run("move_balance", **entry)
