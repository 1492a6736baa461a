"""Funds in place by project: the reader's own, the largest first, the others' folded by district."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.queries import figures
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum, in_place_rate
from crm.ledger.queries.rows import Figure, Fold, folds
from crm.ledger.queries.sight import sight
from crm.ledger.queries.statistics import COUNTED, Frame
from crm.projects.models import Project
from crm.projects.queries.scope import readable, secret


@dataclass(frozen=True)
class ProjectLine:
    """A project with money in the year.

    Attributes:
        month: in the booking month of the day; total: in the year. agreed, arrived: of all years.
        secret: confidential, and he may read it.
    """

    project: Project
    month: Sum
    total: Sum
    agreed: Sum
    arrived: Sum
    secret: bool

    @property
    def in_place(self) -> Fraction | None:
        """资金到位率."""
        return in_place_rate(self.arrived.amount, self.agreed.amount)


@dataclass(frozen=True)
class Projects:
    """A page of projects; lines of all pages and folds make the whole."""

    whole: Sum
    lines: Page[ProjectLine]
    folds: list[Fold]


def projects(
    session: Session,
    actor: Actor,
    asked: Frame,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Projects:
    """One page, in a constant number of reads."""
    figure = Figure(COUNTED, asked.year, asked.on, district_id=asked.district_id)
    whole = figures.by_district(
        figures.figures(
            session, [COUNTED], year=asked.year, on=asked.on, district_id=asked.district_id
        ),
        COUNTED,
    )
    sees = sight(session, actor)
    rows = figure.rows().where(sees.readable).subquery()
    sums = (
        select(rows.c.project_id, cast(func.sum(rows.c.amount), BigInteger).label("fen"))
        .group_by(rows.c.project_id)
        .subquery()
    )
    largest = Sort(sums.c.fen, sums.c.project_id, descending=True)
    found = turn(session, select(sums.c.project_id), largest, after=after, before=before, size=size)
    return Projects(
        sum(whole.values(), Sum()),
        Page(_lines(session, actor, asked, found.rows), found.after, found.before),
        folds(session, sees, figure, whole),
    )


def _lines(session: Session, actor: Actor, asked: Frame, numbers: list[int]) -> list[ProjectLine]:
    wanted = select(Project).options(joinedload(Project.company), joinedload(Project.district))
    known = {
        row.id: row
        for row in session.scalars(wanted.where(Project.id.in_(numbers), readable(actor)))
    }
    rows = [known[number] for number in numbers]

    def of(measure: Measure, **told: object) -> dict[int, Sum]:
        return figures.of_projects(session, measure, numbers, on=asked.on, **told)  # type: ignore[arg-type]

    hidden = set(session.scalars(select(Project.id).where(Project.id.in_(numbers), secret())))
    month, total = of(COUNTED, since=asked.month.first_day), of(COUNTED, year=asked.year)
    agreed, arrived = of(Measure.FUNDS_AGREED), of(COUNTED)
    return [
        ProjectLine(
            row,
            month.get(row.id, Sum()),
            total.get(row.id, Sum()),
            agreed.get(row.id, Sum()),
            arrived.get(row.id, Sum()),
            row.id in hidden,
        )
        for row in rows
    ]
