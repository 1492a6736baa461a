"""Receipts: their way to confirmation, their papers, and when an amount asks to be looked at again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from crm.counting.rules.facts import ReceiptState
from crm.values.money import Money, MoneyError, convert


class ReceiptKind(StrEnum):
    """What the money is for: 注册资本金, 土地, 土建, 设备, 流动资金, 股权·增资扩股."""

    CAPITAL = "capital"
    LAND = "land"
    CONSTRUCTION = "construction"
    EQUIPMENT = "equipment"
    WORKING_CAPITAL = "working_capital"
    EQUITY = "equity"


class RateRule(StrEnum):
    """Which rate converts foreign money, said once at entry."""

    MIDDLE_ON_ARRIVAL = "middle_on_arrival"
    BANK = "bank"
    MONTH_BEGINNING = "month_beginning"
    CONTRACT = "contract"


class Paper(StrEnum):
    """What proves that money arrived."""

    BANK_SLIP = "bank_slip"
    VERIFICATION = "verification"
    LAND_VOUCHER = "land_voucher"
    SETTLEMENT = "settlement"
    INVOICES = "invoices"
    EQUIPMENT_CONTRACT = "equipment_contract"
    EQUITY_AGREEMENT = "equity_agreement"
    VOUCHER_LIST = "voucher_list"


class Step(StrEnum):
    """What somebody did to a receipt."""

    REPORTED = "reported"
    CORRECTED = "corrected"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


SERIES = "DZ"
"""到资: what a receipt's number begins with."""

HOME = "CNY"
"""The currency that needs no rate."""

CURRENCIES = (
    "CNY",
    "USD",
    "EUR",
    "HKD",
    "JPY",
    "GBP",
    "SGD",
    "KRW",
    "AUD",
    "CAD",
    "CHF",
    "TWD",
    "MOP",
)
"""What a receipt may come in, by ISO 4217."""

S = ReceiptState

MOVES: dict[tuple[ReceiptState, Step], ReceiptState] = {
    (S.REPORTED, Step.REVIEWED): S.REVIEWED,
    (S.REPORTED, Step.RETURNED): S.RETURNED,
    (S.REPORTED, Step.WITHDRAWN): S.WITHDRAWN,
    (S.REVIEWED, Step.CONFIRMED): S.CONFIRMED,
    (S.REVIEWED, Step.RETURNED): S.RETURNED,
    (S.RETURNED, Step.CORRECTED): S.REPORTED,
    (S.RETURNED, Step.WITHDRAWN): S.WITHDRAWN,
}
"""reported → reviewed → confirmed, returned at each step; a confirmed row moves no more."""

HANDLED = frozenset({Step.REPORTED, Step.CORRECTED, Step.REVIEWED})
"""Whoever did one of these to a receipt does not confirm it."""

PAPERS: dict[ReceiptKind, tuple[frozenset[Paper], ...]] = {
    ReceiptKind.CAPITAL: (frozenset({Paper.BANK_SLIP}), frozenset({Paper.VERIFICATION})),
    ReceiptKind.LAND: (frozenset({Paper.LAND_VOUCHER}),),
    ReceiptKind.CONSTRUCTION: (frozenset({Paper.SETTLEMENT}), frozenset({Paper.INVOICES})),
    ReceiptKind.EQUIPMENT: (frozenset({Paper.EQUIPMENT_CONTRACT, Paper.INVOICES}),),
    ReceiptKind.WORKING_CAPITAL: (frozenset({Paper.BANK_SLIP}),),
    ReceiptKind.EQUITY: (frozenset({Paper.EQUITY_AGREEMENT, Paper.BANK_SLIP}),),
}
"""Kind → alternatives, any one of them wholly given (defaults of section 3)."""


def papers_for(kind: ReceiptKind) -> frozenset[Paper]:
    """Every paper that money of a kind may come with; a list of vouchers fits any."""
    return frozenset({Paper.VOUCHER_LIST}).union(*PAPERS[kind])


OWED_DAYS = 30
"""Calendar days after reporting within which the papers come; never after confirmation."""


def owed_until(reported: date) -> date:
    """The last day on which the papers are not late."""
    return reported + timedelta(days=OWED_DAYS)


def missing(kind: ReceiptKind, given: Collection[Paper]) -> tuple[tuple[Paper, ...], ...]:
    """What each alternative still lacks; () once one is whole. A voucher list stands for invoices."""
    have = set(given)
    if Paper.VOUCHER_LIST in have:
        have.add(Paper.INVOICES)
    if any(papers <= have for papers in PAPERS[kind]):
        return ()
    return tuple(
        tuple(paper for paper in Paper if paper in papers - have) for papers in PAPERS[kind]
    )


class AmountFault(StrEnum):
    """Why an amount cannot be entered so."""

    NOT_POSITIVE = "not_positive"
    NO_RATE = "no_rate"
    NO_RATE_RULE = "no_rate_rule"
    RATE_AT_HOME = "rate_at_home"
    UNKNOWN_CURRENCY = "unknown_currency"
    FINER_THAN_CENT = "finer_than_cent"
    RATE_TOO_FINE = "rate_too_fine"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True)
class Price:
    """An amount in a currency, and the rate that converts it; fixed at entry, never converted again.

    Attributes:
        rate: yuan for one; None for yuan itself.
    """

    currency: str
    amount: Decimal
    rate: Decimal | None = None
    rate_rule: RateRule | None = None


CENTS, RATE_PLACES = 2, 6


def price_fault(price: Price) -> AmountFault | None:
    """What is wrong with it; None: it can be converted."""
    rate = price.rate
    checks = (
        (price.currency not in CURRENCIES, AmountFault.UNKNOWN_CURRENCY),
        (not price.amount.is_finite() or price.amount <= 0, AmountFault.NOT_POSITIVE),
        (_finer(price.amount, CENTS), AmountFault.FINER_THAN_CENT),
        (price.currency == HOME and rate is not None, AmountFault.RATE_AT_HOME),
        (
            price.currency != HOME and (rate is None or not rate.is_finite() or rate <= 0),
            AmountFault.NO_RATE,
        ),
        (price.currency != HOME and price.rate_rule is None, AmountFault.NO_RATE_RULE),
        (rate is not None and _finer(rate, RATE_PLACES), AmountFault.RATE_TOO_FINE),
    )
    found = next((fault for wrong, fault in checks if wrong), None)
    if found is None:
        try:
            value = in_yuan(price)
        except MoneyError:
            return AmountFault.OUT_OF_RANGE
        if value.fen < 1:
            return AmountFault.NOT_POSITIVE
    return found


def in_yuan(price: Price) -> Money:
    """The amount in yuan, half up to the fen."""
    return convert(price.amount, price.rate or Decimal(1))


def _finer(value: Decimal, places: int) -> bool:
    exponent = value.normalize().as_tuple().exponent if value.is_finite() else 0
    return isinstance(exponent, int) and exponent < -places


MAGNITUDE = 10_000
"""万元 taken for 元, 亿元 for 万元."""


def out_of_proportion(amount: Money, others: Sequence[Money]) -> bool:
    """Whether it is some 10,000 times more or less than what the project's others are (their median).

    It asks from half that on, for the amounts themselves differ; without others it asks nothing.
    """
    usual = sorted(abs(one.fen) for one in others if one)
    if not usual:
        return False
    median = usual[len(usual) // 2]
    small, large = sorted((abs(amount.fen), median))
    return large * 2 >= small * MAGNITUDE


def above_agreed(agreed: Money, arrived: Money, more: Money) -> bool:
    """Whether all money of the project would be more than was agreed (more, not as much)."""
    return (arrived + more).fen > agreed.fen


def falling(known: Mapping[int, Money], told: Mapping[int, Money]) -> dict[int, int]:
    """Which of a year's cumulative figures cannot stand beside the others, for they never fall.

    Args:
        known: by month, as entered before. told: those to be entered, which replace the former.

    Returns:
        month told → the month it clashes with; of two that are told the later one is to blame.
    """
    wrong: dict[int, int] = {}
    while True:
        kept = {month: amount for month, amount in told.items() if month not in wrong}
        series = sorted({**known, **kept}.items())
        blamed: dict[int, int] = {}
        for place, (month, amount) in enumerate(series):
            for later, more in series[place + 1 :]:
                culprit, other = (
                    (later, month) if later in told and later not in wrong else (month, later)
                )
                if more < amount and culprit in told and culprit not in wrong:
                    blamed.setdefault(culprit, other)
        if not blamed:
            return wrong
        wrong |= blamed
