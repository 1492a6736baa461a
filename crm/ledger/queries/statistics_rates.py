"""What came of the projects signed in a year: started, completed, kept; rates of one cohort.

The cohort is what was signed from the year's first day to the day asked about, capital increases left
out: they are no new projects. A start and a completion count once a department has recognised them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.core.paging import Page, Sort, turn
from crm.counting.rules.goals import Fulfilment, Sum, completion_rate, fulfilment_rate, start_rate
from crm.ledger.queries.rows import Fold, in_order, without
from crm.ledger.queries.statistics import Frame
from crm.projects.models import Project, Reached
from crm.projects.queries.scope import readable
from crm.projects.rules.kinds import Milestone, Relation
from crm.values.money import Money
from crm.values.period import Year


class Fate(StrEnum):
    """What came of a signed project by the day."""

    SIGNED = "signed"
    REGISTERED = "registered"
    STARTED = "started"
    COMPLETED = "completed"
    KEPT = "kept"


@dataclass(frozen=True)
class Cohort:
    """The projects signed in the year, and how many of them came how far."""

    count: dict[Fate, int]

    @property
    def started(self) -> Fraction | None:
        """开工率."""
        return start_rate(self.count[Fate.STARTED], self.count[Fate.SIGNED])

    @property
    def completed(self) -> Fraction | None:
        """建成率."""
        return completion_rate(self.count[Fate.COMPLETED], self.count[Fate.SIGNED])

    @property
    def fulfilled(self) -> Fraction | None:
        """履约率, fulfilled of the newly signed: the project's company is registered."""
        return self._fulfilment(Fulfilment.FULFILLED_OF_NEW)

    @property
    def kept(self) -> Fraction | None:
        """履约率, not terminated of the signed."""
        return self._fulfilment(Fulfilment.NOT_TERMINATED_OF_SIGNED)

    def _fulfilment(self, definition: Fulfilment) -> Fraction | None:
        signed = self.count[Fate.SIGNED]
        return fulfilment_rate(
            definition,
            signed=signed,
            fulfilled=self.count[Fate.REGISTERED],
            terminated=signed - self.count[Fate.KEPT],
        )


@dataclass(frozen=True)
class Signed:
    """A page of the cohort's projects of one fate; lines and folds make the whole."""

    whole: Sum
    lines: Page[Project]
    folds: list[Fold]


def cohort(session: Session, asked: Frame) -> Cohort:
    """The counts of the city, or of the frame's district; they are public."""
    counts = [func.count().filter(and_(True, *_of(fate, asked))) for fate in Fate]
    row = session.execute(select(*counts).select_from(Project).where(*_signed(asked))).one()
    return Cohort(dict(zip(Fate, row, strict=True)))


def signed(
    session: Session,
    actor: Actor,
    asked: Frame,
    fate: Fate,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Signed:
    """The projects behind one of the counts, the last signed first."""
    conditions = [*_signed(asked), *_of(fate, asked)]
    whole = _by_district(session, conditions)
    query = (
        select(Project)
        .where(*conditions, readable(actor))
        .options(joinedload(Project.company), joinedload(Project.district))
    )
    latest = Sort(Project.signed_on, Project.id, descending=True)  # type: ignore[arg-type]
    found = turn(session, query, latest, after=after, before=before)
    own = _by_district(session, [*conditions, readable(actor)])
    return Signed(sum(whole.values(), Sum()), found, in_order(session, without(whole, own)))


def _by_district(session: Session, conditions: list[ColumnElement[bool]]) -> dict[int, Sum]:
    rows = session.execute(
        select(Project.district_id, func.count(), func.sum(Project.agreed))
        .where(*conditions)
        .group_by(Project.district_id)
    )
    return {district: Sum(count, agreed or Money(0)) for district, count, agreed in rows}


def _signed(asked: Frame) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Project.signed_on.between(Year(asked.year).first_day, asked.on),
        Project.relation != Relation.INCREASE,
    ]
    if asked.district_id is not None:
        found.append(Project.district_id == asked.district_id)
    return found


def _of(fate: Fate, asked: Frame) -> list[ColumnElement[bool]]:
    return {
        Fate.SIGNED: [],
        Fate.REGISTERED: [_reached(Milestone.REGISTERED, Reached.reported_on <= asked.on)],
        Fate.STARTED: [_reached(Milestone.STARTED, Reached.recognised_on <= asked.on)],
        Fate.COMPLETED: [_reached(Milestone.COMMISSIONED, Reached.recognised_on <= asked.on)],
        Fate.KEPT: [Project.terminated_on > asked.on],
    }[fate]


def _reached(milestone: Milestone, by: Any) -> ColumnElement[bool]:
    return exists(
        select(1).where(Reached.project_id == Project.id, Reached.milestone == milestone, by)
    )
