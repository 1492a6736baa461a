"""The rows behind a figure: those that the reader may read, all others folded into one line a district.

One implementation for money (a receipt a row) and for starts (a project a row), for the pages of the
ledger and for the board:

    wanted = Figure(Measure.FUNDS_COUNTED, year=2025, on=day, dimension=Dimension.NODE, key="12")
    found = behind(session, actor, wanted, after=mark)   # found.whole: the figure; lines; folds
    parts = split(session, actor, wanted)                # the cells of a split, 保密 as one of them

`found.whole` is read from the sums and equals what `split` shows in the cell that was clicked; the lines
of all pages and the folds together make it. Of a confidential project node and anchor are nobody's
business who may not read it: its money stands under `HIDDEN` in the splits by these, and so do its folds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Select, cast, false, func, not_, select, union_all
from sqlalchemy.orm import Session, joinedload

from crm.catalog.models import District
from crm.core.actor import Actor
from crm.core.listed import among
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.models import DecisionRow, StandingRow, Subject
from crm.counting.queries import figures, stored
from crm.counting.queries.figures import Part
from crm.counting.queries.known import figures_as_known
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import UNASSIGNED, Dimension
from crm.counting.rules.goals import Sum
from crm.ledger.models import Receipt
from crm.ledger.queries.sight import Sight, hidden, sight
from crm.projects.models import Project
from crm.projects.queries.scope import readable, secret
from crm.values.money import Money

HIDDEN = "-"
"""The key of 保密: the part of a split that stands for what the reader may not be told."""

TELLING = frozenset({Dimension.NODE, Dimension.ANCHOR})
"""Splits whose parts would give a confidential project away."""


class Order(StrEnum):
    """Latest first, or largest first."""

    DAY = "day"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Figure:
    """Which figure: the same arguments as those of `counting.queries.figures`.

    Attributes:
        since: of money, only what stands from that day on; see `figures.figures`.
        key: a part of the dimension; None: all of it. HIDDEN is a part like others.
        known: as the house knew it at that instant; None: as known today.
    """

    measure: Measure
    year: int
    on: date
    since: date | None = None
    dimension: Dimension = Dimension.ALL
    key: str | None = None
    district_id: int | None = None
    known: datetime | None = None

    def rows(self) -> Select[StandingRow]:
        """Every row of it, unscoped; of HIDDEN, every row of the dimension."""
        return figures.rows_of(
            self.measure,
            year=self.year,
            on=self.on,
            since=self.since,
            dimension=self.dimension,
            key=None if self.key == HIDDEN else self.key,
            district_id=self.district_id,
            known=self.known,
        )


@dataclass(frozen=True)
class Line:
    """A row that the reader may read.

    Attributes:
        receipt: None where a project is the row.
        decision: today's on the row's subject: its reason, whether it was booked late.
        secret: the project is confidential, and he may read it.
    """

    standing: StandingRow
    project: Project
    receipt: Receipt | None
    decision: DecisionRow | None
    secret: bool


@dataclass(frozen=True)
class Fold:
    """What a district has in the figure that the reader may not read row by row."""

    district: District
    sum: Sum


@dataclass(frozen=True)
class Behind:
    """A page of the rows behind a figure.

    Attributes:
        whole: the figure itself.
        folds: by district, in the order officers list them; the same on every page.
    """

    whole: Sum
    lines: Page[Line]
    folds: list[Fold]

    @property
    def read(self) -> Sum:
        """What all pages of lines make: the figure less its folds."""
        return self.whole - sum((fold.sum for fold in self.folds), Sum())


def behind(
    session: Session,
    actor: Actor,
    figure: Figure,
    *,
    order: Order = Order.DAY,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Behind:
    """One page of a figure's rows and its folds, in a constant number of reads."""
    sees = sight(session, actor, figure.known)
    whole = figures.by_district(split(session, actor, figure, sees.away), figure.measure)
    query = figure.rows().where(sees.readable)
    if figure.key == HIDDEN:
        query = query.where(false())  # nothing of it is for this reader's eyes
    found = turn(session, query, _SORTS[order], after=after, before=before, size=size)
    return Behind(
        sum(whole.values(), Sum()),
        Page(_lines(session, actor, found.rows), found.after, found.before),
        folds(session, sees, figure, whole),
    )


def folds(session: Session, sees: Sight, figure: Figure, whole: dict[int, Sum]) -> list[Fold]:
    """What of a figure, told by district, the reader may not read row by row."""
    return in_order(session, _folded(session, sees, figure, whole))


def split(
    session: Session, actor: Actor, figure: Figure, away: frozenset[int] | None = None
) -> dict[Part, Sum]:
    """The parts of a figure by its dimension and district; with a key, only that part.

    Counts and sums are public; the parts of a telling split that are not for this reader are one: HIDDEN.

    Args:
        away: the numbers of `sight.hidden`, where the caller has read them for several figures.
    """
    return splits(session, actor, figure, [figure.measure], away)


def splits(
    session: Session,
    actor: Actor,
    figure: Figure,
    measures: Collection[Measure],
    away: frozenset[int] | None = None,
) -> dict[Part, Sum]:
    """As `split`, for several measures in the same reads."""
    found = _told(session, figure, measures)
    if figure.dimension not in TELLING:
        return found
    if away is None:
        away = hidden(session, actor)
    for part, apart_sum in _apart(session, away, figure, measures).items():
        if part in found:
            found[part] -= apart_sum
        if figure.key in {None, HIDDEN}:
            apart = replace(part, key=HIDDEN)
            found[apart] = found.get(apart, Sum()) + apart_sum
    return {part: told for part, told in found.items() if told != Sum()}


# --- sums ----------------------------------------------------------------------------------------


def _told(session: Session, figure: Figure, measures: Collection[Measure]) -> dict[Part, Sum]:
    """What the sums say; of HIDDEN nothing, for they know no confidence."""
    if figure.key == HIDDEN:
        return {}
    asked: dict[str, Any] = {
        "year": figure.year,
        "on": figure.on,
        "since": figure.since,
        "dimension": figure.dimension,
        "district_id": figure.district_id,
        "key": None if figure.dimension is Dimension.ALL else figure.key,
    }
    if figure.known is None:
        return figures.figures(session, measures, **asked)
    return figures_as_known(session, measures, known=figure.known, **asked)


def _apart(
    session: Session, away: frozenset[int], figure: Figure, measures: Collection[Measure]
) -> dict[Part, Sum]:
    """What confidential projects that he may not read add to the parts of a telling split."""
    if figure.key == UNASSIGNED:
        return {}
    column = figures.column_of(figure.dimension)
    apart = (column != UNASSIGNED, among(StandingRow.project_id, away))
    columns = (StandingRow.measure, column, StandingRow.district_id, StandingRow.amount)
    some = [replace(figure, measure=one).rows().where(*apart) for one in measures]
    rows = union_all(*(one.with_only_columns(*columns) for one in some)).subquery()
    *named, amount = rows.c
    query: Select[Any] = select(*named, func.count(), cast(func.sum(amount), BigInteger))
    return {
        Part(Measure(measure), part, district): Sum(count, Money(fen))
        for measure, part, district, count, fen in session.execute(query.group_by(*named))
    }


def _folded(session: Session, sees: Sight, figure: Figure, whole: dict[int, Sum]) -> dict[int, Sum]:
    """By district, what he may not read. What stands under HIDDEN is no part of a telling part."""
    if figure.key == HIDDEN:
        return whole
    telling = figure.dimension in TELLING and figure.key not in {None, UNASSIGNED}
    away = frozenset[int]() if telling else sees.away
    exceptions = _by_district(
        session,
        figure.rows().where(among(StandingRow.project_id, away), sees.near),
        figure.rows().where(among(StandingRow.project_id, sees.own), not_(sees.near)),
    )
    return {
        district: rest
        for district, told in whole.items()
        if (rest := _rest(told, exceptions.get(district, Sum()), sees.within(district))) != Sum()
    }


def _rest(told: Sum, exceptions: Sum, within: bool) -> Sum:
    """What is folded of a district: the exceptions where he reads all else, all else elsewhere."""
    return exceptions if within else told - exceptions


def _by_district(session: Session, *queries: Select[StandingRow]) -> dict[int, Sum]:
    columns = (StandingRow.district_id, StandingRow.amount)
    rows = union_all(*(query.with_only_columns(*columns) for query in queries)).subquery()
    sums = select(
        rows.c.district_id, func.count(), cast(func.sum(rows.c.amount), BigInteger)
    ).group_by(rows.c.district_id)
    return {district: Sum(count, Money(fen)) for district, count, fen in session.execute(sums)}


# --- rows ----------------------------------------------------------------------------------------

_SORTS = {
    Order.DAY: Sort(StandingRow.day_from, StandingRow.id, descending=True),  # type: ignore[arg-type]
    Order.AMOUNT: Sort(StandingRow.amount, StandingRow.id, descending=True),  # type: ignore[arg-type]
}


def _lines(session: Session, actor: Actor, rows: list[StandingRow]) -> list[Line]:
    """Rows with their projects, receipts and decisions: four reads for a page."""
    of_money = [row.subject_id for row in rows if row.subject is Subject.RECEIPT]
    of_starts = [row.subject_id for row in rows if row.subject is Subject.PROJECT]
    numbers = {row.project_id for row in rows}
    wanted = select(Project).options(joinedload(Project.company), joinedload(Project.district))
    projects = {
        one.id: one
        for one in session.scalars(wanted.where(Project.id.in_(numbers), readable(actor)))
    }
    hidden = set(session.scalars(select(Project.id).where(Project.id.in_(numbers), secret())))
    receipts = {
        one.id: one for one in session.scalars(select(Receipt).where(Receipt.id.in_(of_money)))
    }
    said = {
        subject: stored.decisions(session, subject, some)
        for subject, some in ((Subject.RECEIPT, of_money), (Subject.PROJECT, of_starts))
        if some
    }
    return [
        Line(
            row,
            projects[row.project_id],
            receipts.get(row.subject_id) if row.subject is Subject.RECEIPT else None,
            said[row.subject].get(row.subject_id),
            row.project_id in hidden,
        )
        for row in rows
    ]


# --- folds ---------------------------------------------------------------------------------------


def without(whole: Mapping[int, Sum], own: Mapping[int, Sum]) -> dict[int, Sum]:
    """What is left of each district's figure when the reader's own rows are taken off."""
    return {
        number: rest
        for number, told in whole.items()
        if (rest := told - own.get(number, Sum())) != Sum()
    }


def in_order(session: Session, folded: Mapping[int, Sum]) -> list[Fold]:
    """Folds as officers list their districts."""
    query = select(District).where(District.id.in_(list(folded))).order_by(District.sort)
    return [Fold(row, folded[row.id]) for row in session.scalars(query)]
