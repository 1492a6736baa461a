"""The orders of a list of leads: by a column of the lead, or by a dimension as people order it.

An order offers lanes: slices of the leads in each of which an index holds them in the list's order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.accounts.models import Person, Unit
from crm.catalog.models import AttractionModel, Chain, District, Term
from crm.catalog.rules import TermKind
from crm.companies.rules import Position
from crm.core.paging import Sort, beyond, mark_kind, read_mark
from crm.leads.models import Lead
from crm.leads.queries.filters import LeadFilter
from crm.leads.rules.kinds import Stage

Mark = tuple[Any, int]
"""The key and the id of the row at which a page begins or ends."""

MOST_GROUPS = 12
"""So many groups of a dimension are walked, one after the other, for one page."""


@dataclass(frozen=True)
class Lane:
    """A slice of the leads, and the key they are sorted by within it; `one`: they all have the same."""

    where: tuple[ColumnElement[bool], ...]
    key: ColumnElement[Any]
    one: bool = False


@dataclass(frozen=True)
class Lanes:
    """The lanes from a mark on.

    Attributes:
        batches: lanes that are merged; the batches follow one another.
        tests: what the lanes do not settle of the stage.
        all: whether they hold all leads beyond the mark.
    """

    batches: list[list[Lane]]
    tests: list[ColumnElement[bool]]
    all: bool = True


@dataclass(frozen=True)
class Key:
    """What gathered leads are sorted by, and which of them a page can show."""

    column: ColumnElement[Any]
    where: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True)
class ByColumn:
    """By a column that is never NULL, with an index (standing, stage, column, id)."""

    column: InstrumentedAttribute[Any]
    descending: bool = False

    def key(
        self, session: Session, gathered: Select[Any], mark: Mark | None, up: bool, size: int
    ) -> Key:
        """What leads gathered by a filter are sorted by."""
        return Key(self.column.expression)

    def mark(self, text: str | None) -> Mark | None:
        """The place that an address names."""
        return read_mark(text, mark_kind(self.column.expression))

    def told(self, key: Any) -> Any:
        """The key as a mark keeps it."""
        return key

    def lanes(self, wanted: LeadFilter, mark: Mark | None, backward: bool) -> Lanes:
        """One for each standing and stage."""
        key = self.column.expression
        sort = Sort(key, Lead.id.expression, self.descending)
        from_mark = [beyond(sort, mark, backward)] if mark else []
        merged = [
            Lane((Lead.standing == standing, Lead.stage == stage, *from_mark), key)
            for standing in wanted.standings
            for stage in wanted.stages
        ]
        return Lanes([merged], [])


@dataclass(frozen=True)
class ByDimension:
    """By the rank of a dimension's value, with an index (column, standing, id); 待定 comes last.

    Attributes:
        groups: the values in their order.
    """

    column: InstrumentedAttribute[Any]
    groups: Sequence[Any]
    descending: bool = False

    def key(
        self, session: Session, gathered: Select[Any], mark: Mark | None, up: bool, size: int
    ) -> Key:
        """The rank of a lead's group, among the groups that the page from the mark on can show.

        The leads of each group are counted first: a database sorts by hundreds of ranks slowly.

        Args:
            gathered: selects from the leads that fit.
        """
        rows = gathered.with_only_columns(self.column, func.count()).group_by(self.column)
        counts = {key: value for key, value in session.execute(rows)}  # noqa: C416
        shown, left = {}, size + 1
        for rank in self._ranks(mark, up):
            group = self._group(rank)
            if group not in counts or left <= 0:
                continue
            shown[group] = rank
            left -= 0 if mark and rank == mark[0] else counts[group]
        named = {group: rank for group, rank in shown.items() if group is not None}
        where: ColumnElement[bool] = self.column.in_(named)
        if None in shown:
            where = or_(where, self.column.is_(None))
        last = literal(len(self.groups), Integer)
        key = case(named, value=self.column, else_=last) if named else last
        return Key(type_coerce(key, Integer), (where,))

    def mark(self, text: str | None) -> Mark | None:
        """The place that an address names: the group it was in, wherever that stands now."""
        found = read_mark(text, "text")
        known = {str(value): rank for rank, value in enumerate(self.groups)} | {
            "": len(self.groups)
        }
        return None if found is None or found[0] not in known else (known[found[0]], found[1])

    def told(self, key: int) -> str:
        """The key as a mark keeps it: the group, for ranks move."""
        group = self._group(key)
        return "" if group is None else str(group)

    def lanes(self, wanted: LeadFilter, mark: Mark | None, backward: bool) -> Lanes:
        """One for each of the next groups, one after the other."""
        down = self.descending != backward
        batches = []
        ranks = self._ranks(mark, not down)
        for rank in ranks[:MOST_GROUPS]:
            where = [self._in_group(rank)]
            if mark and rank == mark[0]:
                where.append(Lead.id < mark[1] if down else Lead.id > mark[1])
            key = literal(rank, Integer)
            batches.append(
                [
                    Lane((Lead.standing == standing, *where), key, one=True)
                    for standing in wanted.standings
                ]
            )
        tests = [Lead.stage == wanted.stage] if wanted.stage is not None else []
        return Lanes(batches, tests, len(ranks) <= MOST_GROUPS)

    def _ranks(self, mark: Mark | None, up: bool) -> Sequence[int]:
        """The ranks from a mark on."""
        last = len(self.groups)
        if up:
            return range(mark[0] if mark else 0, last + 1)
        return range(mark[0] if mark else last, -1, -1)

    def _group(self, rank: int) -> Any:
        return self.groups[rank] if rank < len(self.groups) else None

    def _in_group(self, rank: int) -> ColumnElement[bool]:
        group = self._group(rank)
        return self.column.is_(None) if group is None else self.column == group


Order = ByColumn | ByDimension

COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    "title": Lead.pinyin,
    "number": Lead.number,
    "amount": Lead.amount_low,
    "entered": Lead.entered_on,
    "moved": Lead.moved_on,
    "contact": Lead.silent_from,
    "next": Lead.next_step_on,
}

DIMENSIONS: dict[str, tuple[InstrumentedAttribute[Any], Callable[[], Select[Any]] | list[Any]]] = {
    "stage": (Lead.stage, list(Stage)),
    "position": (Lead.position, list(Position)),
    "model": (
        Lead.model_id,
        lambda: select(AttractionModel.id).order_by(AttractionModel.sort, AttractionModel.id),
    ),
    "chain": (Lead.chain_id, lambda: select(Chain.id).order_by(Chain.sort, Chain.id)),
    "district": (Lead.district_id, lambda: select(District.id).order_by(District.sort)),
    "owner": (
        Lead.owner_id,
        lambda: (
            select(Person.id)
            .where(exists().where(Lead.owner_id == Person.id))
            .order_by(Person.name_pinyin, Person.id)
        ),
    ),
    "unit": (Lead.unit_id, lambda: select(Unit.id).order_by(Unit.path)),
    "source": (
        Lead.source_id,
        lambda: select(Term.id).where(Term.kind == TermKind.SOURCE).order_by(Term.sort, Term.id),
    ),
}
"""The column of the lead, and its values in order: of everything there ever was, so that no lead is lost."""

FIRST = "next"
"""The order nobody asked for: what has to be done next."""

SORTS = (*COLUMNS, *DIMENSIONS)
"""The names of the orders; with "-" before the name downwards."""


def order(session: Session, name: str) -> Order:
    """The order of a name; an unknown one is the first. One query for a dimension."""
    plain, down = name.removeprefix("-"), name.startswith("-")
    if plain in DIMENSIONS:
        attribute, ranked = DIMENSIONS[plain]
        groups = ranked if isinstance(ranked, list) else list(session.scalars(ranked()))
        return ByDimension(attribute, groups, down)
    return ByColumn(COLUMNS.get(plain, COLUMNS[FIRST]), down and plain in COLUMNS)
