"""Funds in place split into parts: districts, chains, models, origins …; read from the sums alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.queries import figures
from crm.counting.queries.figures import BEGINNING
from crm.counting.rules.decisions import Cohort, Measure
from crm.counting.rules.dimensions import OF_MONEY, UNASSIGNED, Dimension
from crm.counting.rules.goals import Base, Sum, in_place_rate
from crm.ledger.queries.parts import names
from crm.ledger.queries.published import YearBefore, years_before
from crm.ledger.queries.rows import HIDDEN, TELLING, Figure, split
from crm.ledger.queries.sight import hidden
from crm.ledger.queries.statistics import COUNTED, Frame, grown
from crm.values.rate import ratio


@dataclass(frozen=True)
class PartLine:
    """A part of a split, or the whole.

    Attributes:
        key: as in the sums; of a district its number, "" for 未定, HIDDEN for 保密.
        of: what the key stands for; None for 未定, 保密 and the whole.
        month: in the booking month of the day, up to it; total: in the year.
        compared: in the elapsed months; base: in the same ones of the year before.
        new, continuing: of the year's, by when the project started; told of districts and the whole.
        agreed, arrived: of all years; None where agreements know no such part.
        whole: the year's of all parts, for the share.
    """

    key: str
    of: Any
    month: Sum
    total: Sum
    compared: Sum
    base: Base
    new: Sum | None
    continuing: Sum | None
    agreed: Sum | None
    arrived: Sum | None
    whole: Sum

    @property
    def growth(self) -> Fraction | None:
        """Over the same months of the year before."""
        return grown(self.compared, self.base)

    @property
    def share(self) -> Fraction | None:
        """Of the year's whole."""
        return ratio(self.total.amount.fen, self.whole.amount.fen)

    @property
    def in_place(self) -> Fraction | None:
        """资金到位率."""
        if self.agreed is None or self.arrived is None:
            return None
        return in_place_rate(self.arrived.amount, self.agreed.amount)


@dataclass(frozen=True)
class Table:
    """The parts that have a figure, in the order officers list them, 未定 and 保密 last; and their sum."""

    lines: list[PartLine]
    whole: PartLine


def table(
    session: Session, actor: Actor, asked: Frame, dimension: Dimension, *, at: datetime
) -> Table:
    """The frame's funds split by a dimension; ALL gives the districts."""
    away = hidden(session, actor) if dimension in TELLING else frozenset()
    read = _Reader(session, actor, asked, dimension, away)
    month = read.parts(since=asked.month.first_day)
    total = read.parts()
    compared = read.parts(on=asked.over) if asked.over else {}
    cohorts = _cohorts(session, asked)
    agreed, arrived = read.agreements()
    bases, whole_base = _bases(session, asked, read, at)
    keys = month.keys() | total.keys() | compared.keys() | agreed.keys() | arrived.keys()
    keys |= {
        key for key, base in bases.items() if base.amount is not None or dimension is Dimension.ALL
    }
    told = names(session, dimension, keys)
    order = [*told, *sorted(keys - told.keys() - {UNASSIGNED, HIDDEN})]
    order += [key for key in (UNASSIGNED, HIDDEN) if key in keys]
    whole = sum(total.values(), Sum())
    without, by_cohort = dimension in OF_MONEY, dimension is Dimension.ALL

    def line(key: str | None) -> PartLine:
        def one(of: dict[str, Sum]) -> Sum:
            return sum(of.values(), Sum()) if key is None else of.get(key, Sum())

        return PartLine(
            key=key or UNASSIGNED,
            of=None if key is None else told.get(key),
            month=one(month),
            total=one(total),
            compared=one(compared),
            base=whole_base if key is None else bases.get(key, NO_BASE),
            new=one(cohorts[Cohort.NEW]) if by_cohort or key is None else None,
            continuing=one(cohorts[Cohort.CONTINUING]) if by_cohort or key is None else None,
            agreed=None if without else one(agreed),
            arrived=None if without else one(arrived),
            whole=whole,
        )

    return Table([line(key) for key in order], line(None))


NO_BASE = Base(None, None)


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of one dimension, by key; of ALL by district."""

    session: Session
    actor: Actor
    asked: Frame
    dimension: Dimension
    away: frozenset[int]

    def parts(
        self,
        measure: Measure = COUNTED,
        *,
        year: int | None = None,
        on: date | None = None,
        since: date | None = None,
    ) -> dict[str, Sum]:
        """A figure by part, up to a day."""
        figure = Figure(
            measure,
            year or self.asked.year,
            on or self.asked.on,
            since=since,
            dimension=self.dimension,
            district_id=self.asked.district_id,
        )
        found = split(self.session, self.actor, figure, self.away)
        if self.dimension is Dimension.ALL:
            return {str(key): one for key, one in figures.by_district(found, measure).items()}
        return figures.by_key(found, measure)

    def agreements(self) -> tuple[dict[str, Sum], dict[str, Sum]]:
        """Agreed, and arrived of all years; of no split that only money has."""
        if self.dimension in OF_MONEY:
            return {}, {}
        return self.parts(Measure.FUNDS_AGREED), self.parts(since=BEGINNING)


def _cohorts(session: Session, asked: Frame) -> dict[str, dict[str, Sum]]:
    """新开工 and 续建 by district."""
    found = figures.figures(
        session,
        [COUNTED],
        year=asked.year,
        on=asked.on,
        dimension=Dimension.COHORT,
        district_id=asked.district_id,
    )
    cohorts: dict[str, dict[str, Sum]] = {cohort.value: {} for cohort in Cohort}
    for part, told in found.items():
        if part.key in cohorts:
            cohorts[part.key][str(part.district_id)] = told
    return cohorts


def _bases(
    session: Session, asked: Frame, read: _Reader, at: datetime
) -> tuple[dict[str, Base], Base]:
    """What each part is compared with, and the whole: published figures know districts alone."""
    before = years_before(session, asked.year, at=at)
    whole = before[asked.district_id]
    if read.dimension is Dimension.ALL:
        bases = {
            str(number): one.base(asked.elapsed) if asked.elapsed else NO_BASE
            for number, one in before.items()
            if number is not None and asked.district_id in {None, number}
        }
        return bases, whole.base(asked.elapsed) if asked.elapsed else NO_BASE
    if asked.over_before is None:
        return {}, NO_BASE
    parts = read.parts(year=asked.year - 1, on=asked.over_before)
    bases = {
        key: YearBefore([told.amount], whole.closed, {}).base(asked.elapsed)
        for key, told in parts.items()
    }
    return bases, whole.base(asked.elapsed)
