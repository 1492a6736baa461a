"""Time in stage: completed stays, the ages of what is in hand, the load of those who have it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.days import days_between
from crm.counting.rules.goals import Sum
from crm.funnel.queries.scope import counted
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, in_pipeline, narrowing, of_day, stuck
from crm.funnel.rules.ages import BOUNDS, Age
from crm.leads.models import Lead, LeadState
from crm.leads.queries.staleness import deadlines, silent
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money


def stays(session: Session, actor: Actor, asked: Asked, since: date) -> dict[Stage, dict[int, int]]:
    """Completed stays that ended from `since` up to the day, as counted calendar days; one for each stay.

    A stay that ended by loss is none of them: nothing followed it.
    """
    worked = case(
        (
            LeadState.standing == Standing.OPEN,
            days_between(LeadState.staged_from, LeadState.day_until),
        ),
        else_=days_between(LeadState.staged_from, LeadState.day_from),
    )
    ended = (
        select(LeadState.stage.label("stage"), worked.label("days"))
        .where(
            LeadState.current.expression,
            LeadState.stage_next.is_not(None),
            LeadState.day_until.between(since, asked.on),
            *counted(actor),
            *narrowing(asked),
        )
        .subquery()
    )
    query = select(ended.c.stage, ended.c.days, func.count()).group_by(ended.c.stage, ended.c.days)
    found: dict[Stage, dict[int, int]] = defaultdict(dict)
    for stage, days, count in session.execute(query):
        found[stage][days] = count
    return found


def ages(session: Session, actor: Actor, asked: Asked) -> dict[tuple[Stage, Age], Sum]:
    """What is in hand, by stage and how long it has been there; one read."""
    columns = [
        column
        for age in Age
        for column in (
            func.count(case((aged(asked.on, age), 1))),
            fen(case((aged(asked.on, age), cast(LeadState.amount, BigInteger)))),
        )
    ]
    query = (
        select(LeadState.stage, *columns)
        .where(*of_day(actor, asked), in_pipeline())
        .group_by(LeadState.stage)
    )
    found: dict[tuple[Stage, Age], Sum] = {}
    for stage, *told in session.execute(query):
        for place, age in enumerate(Age):
            found[stage, age] = Sum(told[2 * place], Money(told[2 * place + 1]))
    return found


def aged(on: date, age: Age) -> ColumnElement[bool]:
    """In its stage for as long on the day."""
    bounds = BOUNDS[age]
    latest = LeadState.staged_from <= on - timedelta(days=bounds.least)
    if bounds.most is None:
        return latest
    return and_(latest, LeadState.staged_from >= on - timedelta(days=bounds.most))


@dataclass(frozen=True)
class Load:
    """What an officer has in hand; `silent` is today's, whatever the day."""

    in_hand: Sum
    stuck: int
    silent: int


def loads(session: Session, actor: Actor, asked: Asked, today: date) -> dict[int, Load]:
    """By owner of the day: in hand, stuck, and silent today."""
    late = stuck(deadlines(session, asked.on))
    quiet = LeadState.lead_id.in_(
        select(Lead.id).where(silent(deadlines(session, today))).correlate(None)
    )
    query = (
        select(
            LeadState.owner_id,
            func.count(),
            fen(LeadState.amount),
            func.count(case((late, 1))),
            func.count(case((quiet, 1))),
        )
        .where(*of_day(actor, asked), in_pipeline())
        .group_by(LeadState.owner_id)
    )
    return {
        owner: Load(Sum(count, Money(amount)), behind, without)
        for owner, count, amount, behind, without in session.execute(query)
    }
