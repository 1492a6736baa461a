"""Moves, papers, prices, and amounts that ask."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.counting.rules.facts import ReceiptState
from crm.ledger.rules import (
    HANDLED,
    MOVES,
    PAPERS,
    AmountFault,
    Paper,
    Price,
    RateRule,
    ReceiptKind,
    Step,
    above_agreed,
    in_yuan,
    missing,
    out_of_proportion,
    price_fault,
)
from crm.values.money import Money

USD = ("USD", Decimal("100000"), Decimal("7.1884"), RateRule.MIDDLE_ON_ARRIVAL)


def test_confirmed_and_withdrawn_are_ends() -> None:
    ends = set(ReceiptState) - {state for state, _ in MOVES}
    assert ends == {ReceiptState.CONFIRMED, ReceiptState.WITHDRAWN}


def test_money_is_reviewed_before_it_is_confirmed() -> None:
    assert [state for state, step in MOVES if step is Step.CONFIRMED] == [ReceiptState.REVIEWED]
    assert {Step.REPORTED, Step.CORRECTED, Step.REVIEWED} == HANDLED


@pytest.mark.parametrize(
    ("kind", "given", "lacking"),
    [
        (ReceiptKind.CAPITAL, set(), [[Paper.BANK_SLIP], [Paper.VERIFICATION]]),
        (ReceiptKind.CAPITAL, {Paper.VERIFICATION}, []),
        (ReceiptKind.LAND, {Paper.BANK_SLIP}, [[Paper.LAND_VOUCHER]]),
        (ReceiptKind.CONSTRUCTION, {Paper.SETTLEMENT}, []),
        (ReceiptKind.CONSTRUCTION, {Paper.VOUCHER_LIST}, []),
        (ReceiptKind.EQUIPMENT, {Paper.INVOICES}, [[Paper.EQUIPMENT_CONTRACT]]),
        (ReceiptKind.EQUIPMENT, {Paper.INVOICES, Paper.EQUIPMENT_CONTRACT}, []),
        (ReceiptKind.WORKING_CAPITAL, {Paper.BANK_SLIP}, []),
        (ReceiptKind.EQUITY, {Paper.EQUITY_AGREEMENT}, [[Paper.BANK_SLIP]]),
    ],
)
def test_papers_by_kind(kind: ReceiptKind, given: set[Paper], lacking: list[list[Paper]]) -> None:
    assert [list(papers) for papers in missing(kind, given)] == lacking


def test_every_kind_of_money_has_its_papers() -> None:
    assert set(PAPERS) == set(ReceiptKind)


@pytest.mark.parametrize(
    ("price", "fault"),
    [
        (("CNY", Decimal("12005000")), None),
        (USD, None),
        (("CNY", Decimal(0)), AmountFault.NOT_POSITIVE),
        (("CNY", Decimal(-5)), AmountFault.NOT_POSITIVE),
        (("CNY", Decimal("NaN")), AmountFault.NOT_POSITIVE),
        (("CNY", Decimal("Infinity")), AmountFault.NOT_POSITIVE),
        (("CNY", Decimal("0.001")), AmountFault.FINER_THAN_CENT),
        (("CNY", Decimal("1e17")), AmountFault.OUT_OF_RANGE),
        (("CNY", Decimal(5), Decimal(1)), AmountFault.RATE_AT_HOME),
        (("XXX", Decimal(5)), AmountFault.UNKNOWN_CURRENCY),
        (("USD", Decimal(5)), AmountFault.NO_RATE),
        (("USD", Decimal(5), Decimal(0), RateRule.BANK), AmountFault.NO_RATE),
        (("USD", Decimal(5), Decimal("NaN"), RateRule.BANK), AmountFault.NO_RATE),
        (("USD", Decimal(5), Decimal("7.1")), AmountFault.NO_RATE_RULE),
        (("USD", Decimal(5), Decimal("7.1234567"), RateRule.BANK), AmountFault.RATE_TOO_FINE),
        (("JPY", Decimal("0.01"), Decimal("0.05"), RateRule.BANK), AmountFault.NOT_POSITIVE),
    ],
)
def test_what_a_price_must_be(price: tuple[object, ...], fault: AmountFault | None) -> None:
    assert price_fault(Price(*price)) is fault  # type: ignore[arg-type]


def test_foreign_money_is_converted_half_up_to_the_fen() -> None:
    assert in_yuan(Price(*USD)) == Money.yuan(718_840)
    assert in_yuan(Price("USD", Decimal("0.03"), Decimal("0.5"), RateRule.BANK)) == Money(2)


@pytest.mark.parametrize(
    ("amount", "others", "asks"),
    [
        (Money.wan(500), [], False),
        (Money.wan(500), [Money.wan(300), Money.wan(900)], False),
        (Money.yi(500), [Money.wan(500)], True),
        (Money.yuan(500), [Money.wan(500)], True),
        (Money.wan(500) * 5_000, [Money.wan(500)], True),
        (Money.wan(500) * 4_999, [Money.wan(500)], False),
        (Money.yi(5), [Money.wan(300), Money.yi(4), Money.yi(6)], False),
    ],
)
def test_an_amount_10_000_times_off_the_others_asks(
    amount: Money, others: list[Money], asks: bool
) -> None:
    assert out_of_proportion(amount, others) is asks


def test_as_much_as_was_agreed_is_not_above_it() -> None:
    assert not above_agreed(Money.yi(3), Money.yi(2), Money.yi(1))
    assert above_agreed(Money.yi(3), Money.yi(2), Money(Money.yi(1).fen + 1))


@given(st.decimals(min_value="0.01", max_value="1e12", places=2))
def test_yuan_are_yuan(amount: Decimal) -> None:
    assert in_yuan(Price("CNY", amount)) == Money(int(amount * 100))
