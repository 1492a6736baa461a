"""Growth of the funds: against which base, how much is asked for, and which of two targets binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crm.counting.queries.rules import closed_months, in_force
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import (
    Base,
    Comparator,
    Reach,
    Sum,
    amount_to_reach,
    funds_reached,
    growth,
    meets,
)
from crm.goals.models import Goal
from crm.goals.queries.frame import Frame
from crm.goals.queries.months import by_month
from crm.goals.rules.kinds import FUNDS, GROWTH
from crm.goals.rules.units import in_unit
from crm.ledger.queries.published import YearBefore, cumulative, year_before
from crm.values.money import Money


@dataclass(frozen=True)
class Growth:
    """The funds against the year before.

    Attributes:
        months: elapsed booking months, which alone are compared. now: counted in them.
        base: of the same months; rate: growth over it, None without a base or before the first month is over.
        year: the base of the whole year; asked: the growth that is asked for, None where none is.
        reach: the amount to reach in the year, and which target asks for it.
        reached: target and growth both; None where the year has no target.
        before: the base by the end of each month, in fen; None where there is none.
    """

    months: int
    now: Money
    base: Base
    rate: Fraction | None
    year: Base
    asked: Fraction | None
    reach: Reach
    reached: bool | None
    before: list[int | None]

    @property
    def on_course(self) -> bool | None:
        """Whether growth so far is what is asked for; None where one of them is not known."""
        return None if self.rate is None or self.asked is None else self.rate >= self.asked


def of_funds(frame: Frame, months: Sequence[Sum], elapsed: int) -> Growth:
    """Growth of a year's funds, counted month by month in `months`, after so many elapsed ones."""
    before = _before(frame)
    base, whole = before.base(elapsed), before.base(12)
    done = sum((month.amount for month in months[:elapsed]), Money(0))
    asked, target = frame.goals.get(GROWTH), frame.goals.get(FUNDS)
    rate = None if asked is None else in_unit(asked.target, asked.unit) / 100
    return Growth(
        months=elapsed,
        now=done,
        base=base,
        rate=growth(done.fen, base.amount.fen if base.amount else None),
        year=whole,
        asked=rate,
        reach=_reach(target, whole, rate),
        reached=_reached(target, sum((month.amount for month in months), Money(0)), whole, rate),
        before=[one.fen if (one := before.base(month).amount) else None for month in range(1, 13)],
    )


def _before(frame: Frame) -> YearBefore:
    """The year before; as known at an instant, from the rows that stood then."""
    session, year, known = frame.session, frame.year, frame.known
    if known is None:
        return year_before(session, year, at=frame.now)
    kind = in_force(session).rules.of(year - 1).months
    ledger = by_month(session, Measure.FUNDS_COUNTED, year - 1, kind, known=known)
    return YearBefore(
        [month.amount for month in ledger],
        closed_months(session, year - 1, known),
        cumulative(session, year - 1, known=known),
    )


def _reach(target: Goal | None, whole: Base, rate: Fraction | None) -> Reach:
    return amount_to_reach(
        None if target is None else Money(target.target),
        target.comparator if target else Comparator.MORE,
        whole.amount if rate is not None else None,
        rate or Fraction(0),
    )


def _reached(target: Goal | None, done: Money, whole: Base, rate: Fraction | None) -> bool | None:
    """Both at once; where no growth is asked for, the target alone."""
    if target is None:
        return None
    if rate is None:
        return meets(done.fen, target.comparator, target.target)
    return funds_reached(done, Money(target.target), target.comparator, whole.amount, rate)
