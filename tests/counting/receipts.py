"""Funds in place, case by case: whose money, which month, which year."""

from __future__ import annotations

from crm.counting.rules.books import BookEvent, Books
from crm.counting.rules.decisions import Measure
from crm.counting.rules.facts import Kind, MoneyFrom, ReceiptState
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.sets import Rules, RuleSet
from crm.values.period import MonthKind
from tests.counting.given import WAN, Case, at, day, money, project, receipt

CLOSED = (BookEvent(2025, 3, at("3-14", 9), opens=False),)
REOPENED = (*CLOSED, BookEvent(2025, 3, at("3-17", 9), opens=True))
YEAR_REOPENED = (BookEvent(2025, 0, at("2026-02-10", 9), opens=True),)
YEAR_CLOSED_AGAIN = (*YEAR_REOPENED, BookEvent(2025, 0, at("2026-02-12", 18), opens=False))


def reported(state: ReceiptState) -> int:
    """Rows under *reported* of a receipt in that state."""
    confirmed = at("3-18") if state is ReceiptState.CONFIRMED else None
    line = receipt(state=state, confirmed_at=confirmed)
    rows = decide_receipt(line, project(), Rules(), Books()).standings
    return sum(row.measure is Measure.FUNDS_REPORTED for row in rows)


CASES = [
    money("counts in_place 2025 2025-03-10 month 3", "confirmed money from 区外 counts"),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "money from abroad counts",
        origin=MoneyFrom.ABROAD,
    ),
    money(
        "does_not_count origin_not_admitted",
        "区内市外 does not count",
        origin=MoneyFrom.REGION,
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "区内市外 counts by switch",
        RuleSet(origins=(MoneyFrom.ABROAD, MoneyFrom.OUTSIDE_REGION, MoneyFrom.REGION)),
        origin=MoneyFrom.REGION,
    ),
    money("does_not_count from_city", "市内 never counts", origin=MoneyFrom.CITY),
    money("does_not_count fiscal_line", "fiscal money does not count", fiscal=True),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "a fiscal line counts by switch",
        RuleSet(fiscal_money=True),
        fiscal=True,
    ),
    money(
        "does_not_count real_estate",
        "money of a real-estate project does not count",
        of=project(kind=Kind.REAL_ESTATE),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "money of a real-estate project counts by switch",
        RuleSet(real_estate_funds=True),
        of=project(kind=Kind.REAL_ESTATE),
    ),
    money(
        "does_not_count infrastructure",
        "nor does money of a pipeline",
        of=project(kind=Kind.GRID),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "money of a road counts by switch",
        RuleSet(infrastructure_funds=True),
        of=project(kind=Kind.INFRASTRUCTURE),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "money of a wind farm that started years ago counts",
        of=project(
            kind=Kind.NEW_ENERGY,
            signed_on=day("2022-03-01"),
            reported_on=day("2022-06-01"),
            accepted_on=day("2022-06-01"),
            recognised_on=day("2022-06-20"),
            debts=(),
        ),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "money of a project too small to count as a start counts",
        of=project(total=WAN(800)),
    ),
    money(
        "pending not_reviewed",
        "reported is not counted",
        state=ReceiptState.REPORTED,
        confirmed_at=None,
    ),
    money(
        "pending not_confirmed",
        "reviewed is not counted",
        state=ReceiptState.REVIEWED,
        confirmed_at=None,
    ),
    money(
        "pending returned",
        "returned waits for its correction",
        state=ReceiptState.RETURNED,
        confirmed_at=None,
    ),
    money(
        "does_not_count withdrawn",
        "withdrawn counts no more",
        state=ReceiptState.WITHDRAWN,
        confirmed_at=None,
    ),
    money("pending evidence_owed", "money with evidence owed does not count", owed=("slip",)),
    # booking months
    money(
        "counts in_place 2025 2025-03-25 month 3",
        "the 25th belongs to its month",
        arrived_on=day("3-25"),
        confirmed_at=at("3-26"),
    ),
    money(
        "counts in_place 2025 2025-03-26 month 4",
        "the 26th belongs to the next",
        arrived_on=day("3-26"),
        confirmed_at=at("3-27"),
    ),
    money(
        "counts in_place 2025 2025-03-26 month 3",
        "by calendar months it does not",
        RuleSet(months=MonthKind.CALENDAR),
        arrived_on=day("3-26"),
        confirmed_at=at("3-27"),
    ),
    money(
        "counts in_place 2025 2025-01-01 month 1",
        "January begins on the 1st",
        arrived_on=day("1-01"),
        confirmed_at=at("1-02"),
    ),
    money(
        "counts in_place 2025 2025-12-31 month 12",
        "December runs to the 31st",
        arrived_on=day("12-31"),
        confirmed_at=at("2026-01-05"),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "confirmed on the last minute of the fifth working day, it is in its month",
        confirmed_at=at("4-01", 23, 59),
    ),
    money(
        "counts booked_late 2025 2025-03-26 late month 4",
        "after that it is booked to the first open month, 补报, and stands on its first day",
        confirmed_at=at("4-02", 0),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "a day off gives a day more",
        RuleSet(closes_after=8),
        confirmed_at=at("4-07", 20),
    ),
    money(
        "counts booked_late 2025 2025-04-26 late month 5",
        "months closed in between are passed over",
        confirmed_at=at("5-12"),
    ),
    money(
        "counts booked_late 2025 2025-03-26 late month 4",
        "a month that a manager closed early takes nothing more",
        events=CLOSED,
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "what was confirmed before he did stays",
        events=CLOSED,
        confirmed_at=at("3-14", 8, 59),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "reopened before its time it is as if never closed",
        events=REOPENED,
    ),
    money(
        "counts booked_late 2025 2025-03-10 late month 3",
        "a month reopened later takes its money back, 补报",
        events=(BookEvent(2025, 3, at("4-20", 9), opens=True),),
        confirmed_at=at("4-21"),
    ),
    # years
    money(
        "counts booked_late 2025 2025-11-26 late month 12",
        "on 15 January money of March is booked to December",
        confirmed_at=at("2026-01-15", 23, 59),
    ),
    money(
        "counts in_place 2025 2025-12-08 month 12",
        "and money of December is in time",
        arrived_on=day("12-08"),
        confirmed_at=at("2026-01-15", 23, 59),
    ),
    money(
        "does_not_count year_closed",
        "on 16 January it is listed and counts in neither year",
        arrived_on=day("12-08"),
        confirmed_at=at("2026-01-16", 0),
    ),
    money(
        "counts booked_late 2025 2025-12-08 late month 12",
        "unless an administrator reopens the year, then it is marked 补报",
        arrived_on=day("12-08"),
        confirmed_at=at("2026-02-11"),
        events=YEAR_REOPENED,
    ),
    money(
        "counts booked_late 2025 2025-11-26 late month 12",
        "what was listed before the reopening counts with it",
        confirmed_at=at("2026-01-20"),
        events=YEAR_REOPENED,
    ),
    money(
        "does_not_count year_closed",
        "what is confirmed after the year was closed again does not",
        confirmed_at=at("2026-02-13"),
        events=YEAR_CLOSED_AGAIN,
    ),
    money(
        "does_not_count year_closed",
        "another close of the year by rule: the end of December",
        RuleSet(year_closes_after=0),
        confirmed_at=at("2026-01-01", 0),
    ),
    money(
        "counts in_place 2025 2025-03-10 month 3",
        "a reversal keeps the arrival day of what it reverses",
        amount=WAN(-500),
        reverses=69,
    ),
    money(
        "counts booked_late 2025 2025-05-26 late month 6",
        "and is booked to the first open month",
        amount=WAN(-500),
        reverses=69,
        confirmed_at=at("6-09"),
    ),
    money(
        "counts booked_late 2025 2025-03-10 late month 3",
        "reopened at the instant at which it closed, a month takes money at that instant",
        events=(BookEvent(2025, 3, at("4-02", 0), opens=True),),
        confirmed_at=at("4-02", 0),
    ),
    money(
        "counts booked_late 2025 2025-03-26 late month 4",
        "a month reopened before its time still closes in time",
        events=REOPENED,
        confirmed_at=at("4-02", 0),
    ),
    Case(
        "reported and reviewed stand under reported, returned and withdrawn do not",
        lambda: [reported(state) for state in ReceiptState],
        [1, 1, 0, 0, 0],
    ),
]
