"""Goals, growth and schedule, case by case."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from crm.counting.rules import goals
from crm.counting.rules.goals import Comparator, Goal, GoalKind
from crm.values.money import Money
from crm.values.period import MonthKind
from tests.counting.given import WAN, YI, Case, day

FUNDS = Goal(GoalKind.CUMULATIVE, Comparator.MORE, YI(1200).fen)
STARTED = Goal(GoalKind.CUMULATIVE, Comparator.AT_LEAST, 200)
FIFTH = Fraction(1, 5)


def reach(base: Money | None, target: Money | None = YI(1200)) -> tuple[int, str] | None:
    """The amount to reach in fen, and what binds."""
    found = goals.amount_to_reach(target, Comparator.MORE, base, FIFTH)
    return found.amount and found.binds and (found.amount.fen, found.binds.value)


def both(done: Money, base: Money | None) -> bool:
    """Whether the two goals for funds are reached."""
    return goals.funds_reached(done, YI(1200), Comparator.MORE, base, FIFTH)


def of_starts(done: int, months: int) -> tuple[Any, ...]:
    """reached, gap, remaining, needed per remaining month."""
    now = goals.evaluate(STARTED, done, months)
    return now.reached, now.gap, now.remaining, now.per_month


def base(closed: int, published: dict[int, Money], ledger: Money = YI(80)) -> tuple[Any, ...]:
    """The base of the first six months of the year before."""
    found = goals.base_of([ledger] * 12, closed, published, 6)
    return found.amount and found.amount.fen, found.source and found.source.value


CASES = [
    Case(
        "exactly 1,200亿 has not 突破",
        lambda: goals.evaluate(FUNDS, YI(1200).fen, 12).reached,
        False,
    ),
    Case("a fen more has", lambda: goals.evaluate(FUNDS, YI(1200).fen + 1, 12).reached, True),
    Case(
        "1,199.999亿 is not reached",
        lambda: goals.evaluate(FUNDS, WAN(11_999_990).fen, 12).reached,
        False,
    ),
    Case(
        "at exactly 1,200亿 a fen is still needed",
        lambda: goals.evaluate(FUNDS, YI(1200).fen, 12).remaining,
        1,
    ),
    Case("exactly 200 starts are 200以上", lambda: of_starts(200, 12), (True, 0, 0, None)),
    Case("199 are not", lambda: of_starts(199, 12)[:1], (False,)),
    Case(
        "133 of 200 at mid-year are 16.5 points ahead",
        lambda: of_starts(133, 6),
        (False, Fraction(133, 200) - Fraction(1, 2), 67, Fraction(67, 6)),
    ),
    Case("beyond the goal nothing more is needed", lambda: of_starts(224, 6)[2:], (0, 0)),
    Case("exactly +20 % is met", lambda: both(YI(1260), YI(1050)), True),
    Case("a fen short of +20 % is not", lambda: both(Money(YI(1260).fen - 1), YI(1050)), False),
    Case("+20 % without 突破 is not both", lambda: both(YI(1200), YI(1000)), False),
    Case("without a base the goal is not reached", lambda: both(YI(1500), None), False),
    Case("a base of 0 is no base", lambda: both(YI(1500), Money(0)), False),
    Case("growth over nothing is none", lambda: goals.growth(5, 0), None),
    Case("growth is over the base", lambda: goals.growth(120, 100), FIFTH),
    Case(
        "the target binds where the base is small",
        lambda: reach(YI(900)),
        (YI(1200).fen + 1, "target"),
    ),
    Case("growth binds where it is large", lambda: reach(YI(1100)), (YI(1320).fen, "growth")),
    Case(
        "base × 1.2 is rounded up to the fen",
        lambda: reach(Money(YI(1100).fen + 1)),
        (YI(1320).fen + 2, "growth"),
    ),
    Case(
        "base × 1.2 of exactly the target leaves 突破 binding",
        lambda: reach(YI(1000)),
        (YI(1200).fen + 1, "target"),
    ),
    Case(
        "without a base the target alone binds", lambda: reach(None), (YI(1200).fen + 1, "target")
    ),
    Case(
        "without a target growth alone binds",
        lambda: reach(YI(1000), None),
        (YI(1200).fen, "growth"),
    ),
    Case(
        "the base is the ledger's where its months are closed",
        lambda: base(6, {6: YI(470)}),
        (YI(480).fen, "ledger"),
    ),
    Case("else as published", lambda: base(5, {6: YI(470)}), (YI(470).fen, "published")),
    Case(
        "an empty ledger is no base",
        lambda: base(12, {6: YI(470)}, Money(0)),
        (YI(470).fen, "published"),
    ),
    Case("with neither there is none", lambda: base(5, {5: YI(400)}), (None, None)),
    Case(
        "30 June is 6/12 by calendar months",
        lambda: goals.schedule(day("6-30"), 2025, MonthKind.CALENDAR),
        Fraction(1, 2),
    ),
    Case(
        "29 June is 5/12",
        lambda: goals.schedule(day("6-29"), 2025, MonthKind.CALENDAR),
        Fraction(5, 12),
    ),
    Case(
        "25 June is 6/12 by statistical months",
        lambda: goals.schedule(day("6-25"), 2025, MonthKind.STATISTICAL),
        Fraction(1, 2),
    ),
    Case(
        "25 December is 11/12, for December ends on the 31st",
        lambda: goals.schedule(day("12-25"), 2025, MonthKind.STATISTICAL),
        Fraction(11, 12),
    ),
    Case(
        "a curve is the schedule where it is set",
        lambda: goals.schedule(
            day("3-31"),
            2025,
            MonthKind.CALENDAR,
            [Fraction(n, 20) for n in range(1, 12)] + [Fraction(1)],
        ),
        Fraction(3, 20),
    ),
    Case("a stock is neither reached nor not", lambda: goals.meets(5, Comparator.NONE, 10), None),
    Case(
        "a pool of 650 is 650",
        lambda: (goals.meets(650, Comparator.EQUAL, 650), goals.meets(649, Comparator.EQUAL, 650)),
        (True, False),
    ),
    Case(
        "a pool has no schedule",
        lambda: goals.evaluate(Goal(GoalKind.POOL, Comparator.EQUAL, 650), 600, 6).gap,
        None,
    ),
    Case("a published 0 is no base either", lambda: base(5, {6: Money(0)}), (None, None)),
    Case("a base of 0 asks for nothing", lambda: reach(Money(0), None), None),
    Case(
        "exactly on schedule is not behind", lambda: goals.evaluate(STARTED, 100, 6).behind, False
    ),
    Case("one short of it is", lambda: goals.evaluate(STARTED, 99, 6).behind, True),
]
