"""Where the leads of a day stand: by stage and standing, and how many are stuck; two days side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.rules.goals import Sum
from crm.funnel.queries.states import Asked, of_day, stuck
from crm.leads.models import LeadState
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.clocks import Deadlines
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money

PIPELINE = tuple(stage for stage in Stage if stage is not Stage.SIGNED)
"""The stages of the open pipeline, in order."""


NOTHING = Sum()


@dataclass(frozen=True)
class Level:
    """A stage on a day: in hand, stuck among these, on hold, lost from it."""

    in_hand: Sum = NOTHING
    stuck: Sum = NOTHING
    on_hold: Sum = NOTHING
    lost: Sum = NOTHING

    def __add__(self, other: Level) -> Level:
        return Level(
            self.in_hand + other.in_hand,
            self.stuck + other.stuck,
            self.on_hold + other.on_hold,
            self.lost + other.lost,
        )


@dataclass(frozen=True)
class Line:
    """A stage now, and what it was before."""

    now: Level
    before: Level

    @property
    def change(self) -> Sum:
        """Of what is in hand; in count and amount, each may fall."""
        return self.now.in_hand - self.before.in_hand


@dataclass(frozen=True)
class Picture:
    """The funnel of a day, with the day it is compared with.

    Attributes:
        stages: of the open pipeline; signed: all that are signed.
    """

    stages: dict[Stage, Line]
    signed: Line

    @property
    def whole(self) -> Line:
        """The open pipeline."""
        lines = self.stages.values()
        return Line(
            sum((one.now for one in lines), Level()), sum((one.before for one in lines), Level())
        )


def picture(session: Session, actor: Actor, asked: Asked, since: date) -> Picture:
    """The day beside an earlier one: five reads, however many leads."""
    now = levels(session, actor, asked, deadlines(session, asked.on))
    earlier = replace(asked, on=since)
    before = levels(session, actor, earlier, deadlines(session, since))
    lines = {stage: Line(now[stage], before[stage]) for stage in Stage}
    return Picture({stage: lines[stage] for stage in PIPELINE}, lines[Stage.SIGNED])


def levels(session: Session, actor: Actor, asked: Asked, limits: Deadlines) -> dict[Stage, Level]:
    """Every stage of a day, in one read."""
    late = stuck(limits)
    query = (
        select(
            LeadState.stage,
            LeadState.standing,
            func.count(),
            fen(LeadState.amount),
            func.count(case((late, 1))),
            fen(case((late, cast(LeadState.amount, BigInteger)))),
        )
        .where(*of_day(actor, asked))
        .group_by(LeadState.stage, LeadState.standing)
    )
    found = dict.fromkeys(Stage, Level())
    for stage, standing, count, amount, late_count, late_amount in session.execute(query):
        whole, behind = Sum(count, Money(amount)), Sum(late_count, Money(late_amount))
        found[stage] += {
            Standing.OPEN: Level(in_hand=whole, stuck=behind),
            Standing.ON_HOLD: Level(on_hold=whole),
            Standing.LOST: Level(lost=whole),
        }[standing]
    return found


def fen(amount: Any) -> Any:
    """A sum of money as a whole number of fen on both databases; 0 of nothing."""
    return cast(func.coalesce(func.sum(cast(amount, BigInteger)), 0), BigInteger)
