"""Credits: who pays how, and that nothing is paid or given back twice."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.service import accounts, ledger
from producer.service.errors import InsufficientCreditsError

amounts = st.integers(0, 10_000)


@given(credits=amounts, extra=amounts, price=amounts)
def test_a_charge_is_the_price_and_spends_extra_credits_first(credits, extra, price):
    balance = ledger.Balance(credits, extra)
    if price > credits + extra:
        with pytest.raises(InsufficientCreditsError) as caught:
            ledger.split_charge(balance, price)
        assert caught.value.remaining_credits == credits + extra
        return
    from_credits, from_extra = ledger.split_charge(balance, price)
    assert from_credits + from_extra == price
    assert 0 <= from_credits <= credits
    assert from_extra == min(price, extra)


async def test_the_ledger_is_append_only(database):
    async with database.transaction() as tx:
        await accounts.open_account(tx, "olive", b"salt", credits=10)
    for statement in ("UPDATE entries SET credits = 1000", "DELETE FROM entries"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            async with database.pool.connection() as connection:
                await connection.execute(statement)


async def test_a_balance_never_goes_below_zero(database):
    async with database.transaction() as tx:
        opened = await accounts.open_account(tx, "olive", b"salt", credits=10)
    with pytest.raises(psycopg.errors.CheckViolation):
        async with database.transaction() as tx:
            await tx.run("move_balance", account_id=opened.account_id, credits=-11, extra_credits=0)
