"""The projects behind starts and money that count: those that the figure itself is made of, all readable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.models import StandingRow
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum
from crm.funnel.queries.matrix import standing
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked
from crm.projects.models import Project
from crm.values.money import Money


class Counted(StrEnum):
    """What is counted: starts, or confirmed money."""

    STARTS = "starts"
    FUNDS = "funds"


MEASURES = {Counted.STARTS: Measure.STARTS_COUNTED, Counted.FUNDS: Measure.FUNDS_COUNTED}


@dataclass(frozen=True)
class Line:
    """A start, or a receipt's money, with its project."""

    row: StandingRow
    project: Project


@dataclass(frozen=True)
class Found:
    """A page of lines; `whole` is the figure."""

    whole: Sum
    rows: Page[Line]


def projects(
    session: Session,
    actor: Actor,
    asked: Asked,
    what: Counted,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Found:
    """One page, the latest first: three reads."""
    conditions = [*standing(actor, asked), StandingRow.measure == MEASURES[what]]
    join = Project.id == StandingRow.project_id
    query = select(StandingRow).join(Project, join).where(*conditions)
    order = Sort(StandingRow.day_from.expression, StandingRow.id.expression, descending=True)
    found = turn(session, query, order, after=after, before=before, size=size)
    count, amount = session.execute(
        select(func.count(), fen(StandingRow.amount)).join(Project, join).where(*conditions)
    ).one()
    numbers = {row.project_id for row in found.rows}
    known = {
        one.id: one
        for one in session.scalars(
            select(Project)
            .options(joinedload(Project.company), joinedload(Project.district))
            .where(Project.id.in_(numbers))
        )
    }
    rows = [Line(row, known[row.project_id]) for row in found.rows]
    return Found(Sum(count, Money(amount)), Page(rows, found.after, found.before))
