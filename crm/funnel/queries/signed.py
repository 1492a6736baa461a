"""After signing: the projects of a period that one may read, how far they came, what is late or owed.

A milestone counts from the day it is reported for. Capital increases are no new projects and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, exists, func, select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.queries import units_below
from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.models import ALWAYS, StandingRow
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum
from crm.funnel.queries.matrix import of_project
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, part
from crm.funnel.rules.steps import OVERDUE, SOON_DAYS, Due, Owing, Step
from crm.projects.models import Owed, Project, Reached
from crm.projects.queries.scope import readable
from crm.projects.rules.kinds import Milestone, Relation
from crm.values.money import Money


@dataclass(frozen=True)
class Span:
    """The projects asked about: signed from a day up to the day of the question."""

    asked: Asked
    since: date


def steps(session: Session, actor: Actor, span: Span) -> dict[Step, Sum]:
    """How many came to each step, and what they agreed; one read."""
    conditions = {step: step_condition(step, span.asked.on) for step in Step}
    columns = [
        column
        for holds in conditions.values()
        for column in (
            func.count(case((holds, 1))),
            fen(case((holds, cast(Project.agreed, BigInteger)))),
        )
    ]
    row = session.execute(select(*columns).select_from(Project).where(*_signed(actor, span))).one()
    return {
        step: Sum(row[2 * place], Money(row[2 * place + 1]))
        for place, step in enumerate(conditions)
    }


def arrived(session: Session, actor: Actor, span: Span) -> Money:
    """Counted money of these projects up to the day, of all years."""
    query = (
        select(fen(StandingRow.amount))
        .select_from(StandingRow)
        .join(Project, Project.id == StandingRow.project_id)
        .where(
            StandingRow.known_until == ALWAYS,
            StandingRow.measure == Measure.FUNDS_COUNTED,
            StandingRow.day_from <= span.asked.on,
            StandingRow.day_until > span.asked.on,
            *_signed(actor, span),
        )
    )
    return Money(session.scalar(query) or 0)


def due(session: Session, actor: Actor, asked: Asked) -> dict[Due, int]:
    """How many projects that live are late or will soon be due, whenever they were signed; one read."""
    counts = [func.count(case((due_condition(one, asked.on), 1))) for one in Due]
    query = select(*counts).select_from(Project).where(*_living(actor, asked))
    return dict(zip(Due, session.execute(query).one(), strict=True))


def owing(session: Session, actor: Actor, asked: Asked) -> dict[Owing, int]:
    """Evidence owed on the day by its age, of projects that live; one read."""
    counts = [func.count(case((_aged(one, asked.on), 1))) for one in Owing]
    query = (
        select(*counts)
        .select_from(Owed)
        .join(Project, Project.id == Owed.project_id)
        .where(Owed.settled_on.is_(None), *_living(actor, asked))
    )
    return dict(zip(Owing, session.execute(query).one(), strict=True))


@dataclass(frozen=True)
class Found:
    """A page of projects; `whole` is the figure."""

    whole: Sum
    rows: Page[Project]


def projects(
    session: Session,
    actor: Actor,
    span: Span,
    what: Step | Due,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Found:
    """The projects behind a figure: those of a step by the last signed, those due by their planned day."""
    if isinstance(what, Step):
        conditions = [*_signed(actor, span), step_condition(what, span.asked.on)]
        order = Sort(Project.signed_on.expression, Project.id.expression, descending=True)
    else:
        conditions = [*_living(actor, span.asked), due_condition(what, span.asked.on)]
        order = Sort(_planned(what), Project.id.expression)
    query = (
        select(Project)
        .where(*conditions)
        .options(joinedload(Project.company), joinedload(Project.district))
    )
    found = turn(session, query, order, after=after, before=before, size=size)
    count, agreed = session.execute(
        select(func.count(), fen(Project.agreed)).select_from(Project).where(*conditions)
    ).one()
    return Found(Sum(count, Money(agreed)), found)


def step_condition(step: Step, on: date) -> ColumnElement[bool]:
    """A project came to the step by the day."""
    if step is Step.SIGNED:
        return Project.signed_on <= on
    if step is Step.KEPT:
        return Project.terminated_on > on
    return reached(Milestone(step.value), on)


def reached(milestone: Milestone, on: date) -> ColumnElement[bool]:
    """A milestone reported for a day up to this one."""
    return exists(
        select(1).where(
            Reached.project_id == Project.id,
            Reached.milestone == milestone,
            Reached.reported_on <= on,
        )
    )


def due_condition(what: Due, on: date) -> ColumnElement[bool]:
    """A planned day is over, or within the countdown, and the milestone is not reached."""
    start = what in {Due.START_LATE, Due.START_SOON}
    planned = _planned(what)
    late = what in {Due.START_LATE, Due.COMMISSIONING_LATE}
    within = planned < on if late else planned.between(on, on + timedelta(days=SOON_DAYS))
    return and_(within, ~reached(Milestone.STARTED if start else Milestone.COMMISSIONED, on))


def _planned(what: Due) -> ColumnElement[date]:
    start = what in {Due.START_LATE, Due.START_SOON}
    column = Project.planned_start if start else Project.planned_commissioning
    return column.expression  # type: ignore[return-value]


def _aged(age: Owing, on: date) -> ColumnElement[bool]:
    least, most = OVERDUE[age]
    bounds = []
    if least is not None:
        bounds.append(Owed.due_on <= on - timedelta(days=least))
    if most is not None:
        bounds.append(Owed.due_on >= on - timedelta(days=most))
    return and_(*bounds)


def _signed(actor: Actor, span: Span) -> list[ColumnElement[bool]]:
    return [*_mine(actor, span.asked), Project.signed_on.between(span.since, span.asked.on)]


def _living(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    return [
        *_mine(actor, asked),
        Project.signed_on <= asked.on,
        Project.terminated_on > asked.on,
    ]


def _mine(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    found = [
        readable(actor),
        Project.relation != Relation.INCREASE,
        *(part(of_project(dimension), key) for dimension, key in asked.only.items()),
    ]
    if asked.below:
        found.append(Project.unit_id.in_(units_below(asked.below)))
    return found
