"""Cohorts by the day of entry, as known today, and the days their steps took."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.days import days_between
from crm.funnel.queries.rows import FIRSTS
from crm.funnel.queries.states import Asked, of_day
from crm.funnel.rules.cohorts import Cohort, Fate, before
from crm.leads.models import Lead, LeadState
from crm.leads.rules.kinds import Stage, Standing
from crm.values.period import Period

STEPS = tuple(stage for stage in Stage if stage is not Stage.IDENTIFIED)
"""The stages that a lead can come to."""

Entered = list[tuple[date, Cohort]]
"""Each day of entry with its cohort."""

_FATE = case(
    (LeadState.standing == Standing.LOST, Fate.LOST.value),
    (LeadState.standing == Standing.ON_HOLD, Fate.ON_HOLD.value),
    (LeadState.stage == Stage.SIGNED, Fate.SIGNED.value),
    else_=Fate.OPEN.value,
)


def entered(session: Session, actor: Actor, asked: Asked, first: date) -> Entered:
    """The cohorts of every day from `first` up to the day asked about, as they stand on it; one read."""
    told = (
        select(
            Lead.entered_on.label("day"),
            _FATE.label("fate"),
            *(case((FIRSTS[stage] <= asked.on, 1)).label(stage.value) for stage in STEPS),
        )
        .select_from(Lead)
        .join(LeadState, LeadState.lead_id == Lead.id)
        .where(*of_day(actor, asked), Lead.entered_on.between(first, asked.on))
        .subquery()
    )
    query = select(
        told.c.day, told.c.fate, func.count(), *(func.count(told.c[one.value]) for one in STEPS)
    ).group_by(told.c.day, told.c.fate)
    return [
        (day, Cohort(count, dict(zip(STEPS, reached, strict=True)), {Fate(fate): count}))
        for day, fate, count, *reached in session.execute(query)
    ]


def days_of_steps(
    session: Session, actor: Actor, asked: Asked, period: Period
) -> dict[Stage | None, dict[int, int]]:
    """Days from the stage before to each stage, as counted days; under None from entry to signing.

    Both by the first day of a stage, holds not taken out: what a step took, not where it was worked on.
    """
    states = (
        select(Lead.id)
        .select_from(Lead)
        .join(LeadState, LeadState.lead_id == Lead.id)
        .where(
            *of_day(actor, asked),
            Lead.entered_on.between(period.first_day, min(period.last_day, asked.on)),
        )
        .correlate(None)
    )
    steps: list[tuple[str, Any, Any]] = [
        (stage.value, FIRSTS[before(stage)], FIRSTS[stage]) for stage in STEPS
    ]
    steps.append(("", Lead.entered_on, Lead.signed_first))
    reads = [
        select(literal(name), days_between(start, end).label("days"), func.count())
        .where(and_(end <= asked.on, Lead.id.in_(states)))
        .group_by(days_between(start, end))
        for name, start, end in steps
    ]
    found: dict[Stage | None, dict[int, int]] = defaultdict(dict)
    for name, days, count in session.execute(union_all(*reads)):
        found[Stage(name) if name else None][days] = count
    return found
