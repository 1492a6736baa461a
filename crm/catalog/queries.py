"""Reads of the catalog: rows, choices for forms, settings, the official working days.

The catalog is read by everybody who is signed in, so nothing here is scoped by an actor.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import holidays
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, selectinload

from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    NodeYear,
    OfficialDay,
    Park,
    Setting,
    Term,
)
from crm.catalog.rules import LAST_YEAR, Clocks, DistrictKind, NodeState, TermKind
from crm.core.errors import Missing
from crm.core.forms import Option
from crm.core.languages import DEFAULT, column
from crm.values.workdays import WorkCalendar

DATA = Path(__file__).parent / "data"

CALENDAR = "work_calendar"
"""Under which a session keeps the working days that it read."""

CLOCKS = "clocks"
"""The key of the setting that holds the clocks."""

Row = TypeVar("Row")

FIRST_CALENDAR, LAST_CALENDAR = 2015, 2036
"""Years of the working calendar; beyond the last official notice only statutory holidays are known."""


class Named(Protocol):
    """A row of the catalog as a choice."""

    id: Any
    name: Any


def plan(name: str) -> list[dict[str, str]]:
    """The rows of one of the plan's files in `catalog/data`, by its name without ".csv"."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def districts(session: Session) -> list[District]:
    """The nine districts and the zone, in the order officers list them; the city itself is not one."""
    query = select(District).where(District.kind != DistrictKind.CITY)
    return list(session.scalars(query.order_by(District.sort)))


def district(session: Session, district_id: int) -> District:
    """One district. Missing if there is none."""
    return _one(session, District, district_id)


def parks(session: Session, *, inactive: bool = False) -> list[Park]:
    """The parks with their districts."""
    query = select(Park).options(selectinload(Park.districts)).order_by(Park.id)
    return list(session.scalars(query if inactive else query.where(Park.active)))


def clusters(session: Session, year: int | None = None) -> list[Cluster]:
    """The clusters of a year; None: those that still hold."""
    query = select(Cluster).where(*_of_year(Cluster.first_year, Cluster.last_year, year))
    return list(session.scalars(query.order_by(Cluster.sort, Cluster.id)))


def chains(session: Session, year: int | None = None) -> list[Chain]:
    """The chains of a year with their clusters, in the plan's order."""
    return list(
        session.scalars(
            select(Chain)
            .join(Chain.cluster)
            .options(contains_eager(Chain.cluster))
            .where(*_of_year(Chain.first_year, Chain.last_year, year))
            .order_by(Chain.sort, Chain.id)
        )
    )


def chain(session: Session, chain_id: int) -> Chain:
    """One chain with its cluster."""
    query = select(Chain).join(Chain.cluster).options(contains_eager(Chain.cluster))
    return _found(session.scalar(query.where(Chain.id == chain_id)))


def nodes(session: Session, year: int | None = None) -> list[ChainNode]:
    """The nodes of a year with their chains, each chain's from left to right."""
    return list(
        session.scalars(
            select(ChainNode)
            .join(ChainNode.chain)
            .options(contains_eager(ChainNode.chain))
            .where(*_of_year(ChainNode.first_year, ChainNode.last_year, year))
            .order_by(Chain.sort, Chain.id, ChainNode.sort, ChainNode.id)
        )
    )


def node(session: Session, node_id: int) -> ChainNode:
    """One node with its chain and cluster."""
    query = (
        select(ChainNode)
        .join(ChainNode.chain)
        .join(Chain.cluster)
        .options(contains_eager(ChainNode.chain).contains_eager(Chain.cluster))
    )
    return _found(session.scalar(query.where(ChainNode.id == node_id)))


def node_years(session: Session, node_ids: Collection[int]) -> dict[int, list[NodeYear]]:
    """Every said state of some nodes, each node's by year."""
    found: dict[int, list[NodeYear]] = defaultdict(list)
    query = select(NodeYear).where(NodeYear.node_id.in_(node_ids)).order_by(NodeYear.year)
    for row in session.scalars(query):
        found[row.node_id].append(row)
    return dict(found)


def node_states(session: Session, year: int | None = None) -> dict[int, NodeState]:
    """Each node's state in a year: what the latest row up to that year says."""
    query = select(NodeYear.node_id, NodeYear.state).order_by(NodeYear.year)
    if year is not None:
        query = query.where(NodeYear.year <= year)
    return {key: value for key, value in session.execute(query)}  # noqa: C416


def models(session: Session, *, inactive: bool = False) -> list[AttractionModel]:
    """The attraction models, the three main ones first."""
    query = select(AttractionModel).order_by(AttractionModel.sort, AttractionModel.id)
    return list(session.scalars(query if inactive else query.where(AttractionModel.active)))


def terms(session: Session, kind: TermKind, *, inactive: bool = False) -> list[Term]:
    """The entries of a dictionary in their order."""
    query = select(Term).where(Term.kind == kind).order_by(Term.sort, Term.id)
    return list(session.scalars(query if inactive else query.where(Term.active)))


def term(session: Session, term_id: int) -> Term:
    """One entry of a dictionary."""
    return _one(session, Term, term_id)


def term_counts(session: Session) -> dict[TermKind, int]:
    """How many entries each dictionary has, the inactive ones included."""
    rows = session.execute(select(Term.kind, func.count()).group_by(Term.kind))
    return {key: value for key, value in rows}  # noqa: C416


def divisions(session: Session) -> list[Division]:
    """The provinces and prefectures of China by code."""
    return list(session.scalars(select(Division).order_by(Division.code)))


# --- choices for forms -------------------------------------------------------------------------


def district_options(session: Session, language: str = DEFAULT) -> list[Option]:
    """The districts to choose from."""
    return _options(districts(session), language)


def park_options(
    session: Session, language: str = DEFAULT, also: Iterable[int] = ()
) -> list[Option]:
    """The parks, each belonging to the districts it spans; `also`: inactive ones still chosen somewhere."""
    kept = set(also)
    rows = [park for park in parks(session, inactive=True) if park.active or park.id in kept]
    return [
        (str(park.id), name_in(park, language), {"data-parent": _ids(park.districts)})
        for park in rows
    ]


def chain_options(
    session: Session, language: str = DEFAULT, year: int | None = None
) -> list[Option]:
    """The chains to choose from, each belonging to its cluster."""
    return [
        (str(row.id), name_in(row, language), {"data-parent": str(row.cluster_id)})
        for row in chains(session, year)
    ]


def cluster_options(
    session: Session, language: str = DEFAULT, year: int | None = None
) -> list[Option]:
    """The clusters to choose from."""
    return _options(clusters(session, year), language)


def node_options(
    session: Session, language: str = DEFAULT, year: int | None = None
) -> list[Option]:
    """The nodes to choose from, each belonging to its chain."""
    return [
        (str(row.id), name_in(row, language), {"data-parent": str(row.chain_id)})
        for row in nodes(session, year)
    ]


def model_options(
    session: Session, language: str = DEFAULT, also: Iterable[int] = ()
) -> list[Option]:
    """The attraction models to choose from; `data-anchor` says what each hangs on."""
    kept = set(also)
    rows = [row for row in models(session, inactive=True) if row.active or row.id in kept]
    return [
        (str(row.id), name_in(row, language), {"data-anchor": row.anchor.value}) for row in rows
    ]


def term_options(
    session: Session, kind: TermKind, language: str = DEFAULT, also: Iterable[int | None] = ()
) -> list[Option]:
    """A dictionary's entries to choose from; `also`: inactive ones that the row edited still names."""
    kept = set(also)
    rows = [row for row in terms(session, kind, inactive=True) if row.active or row.id in kept]
    return _options(rows, language)


def division_options(session: Session, language: str = DEFAULT) -> list[Option]:
    """The provinces and prefectures to choose from, by code, with the province in the name."""
    name = "full_name_en" if column(language) == "name_en" else "full_name"
    return [(row.code, getattr(row, name) or row.full_name) for row in divisions(session)]


def name_in(row: Named, language: str) -> str:
    """A catalog row's name in a language; the Chinese one where there is no other."""
    return str(getattr(row, column(language), "") or row.name)


# --- settings ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SavedClocks:
    """The clocks with the version of their setting; 0: never edited."""

    clocks: Clocks
    version: int


def clocks(session: Session) -> Clocks:
    """The limits in force: what people set, else the defaults."""
    return saved_clocks(session).clocks


def saved_clocks(session: Session) -> SavedClocks:
    """The limits in force and the setting's version, for its form."""
    row = session.scalar(select(Setting).where(Setting.key == CLOCKS))
    if row is None:
        return SavedClocks(Clocks(), 0)
    known = {field.name for field in fields(Clocks)}
    return SavedClocks(
        Clocks(**{name: int(value) for name, value in row.value.items() if name in known}),
        row.version,
    )


def clocks_row_id(session: Session) -> int | None:
    """The setting's row, whose audit says who changed the clocks; None while nobody did."""
    return session.scalar(select(Setting.id).where(Setting.key == CLOCKS))


# --- working days ------------------------------------------------------------------------------


def work_calendar(session: Session) -> WorkCalendar:
    """The State Council's working days with 调休, and what an administrator entered over them.

    Read once a session, which is one request's or one job's: many questions of a page ask for it.
    """
    known: WorkCalendar | None = session.info.get(CALENDAR)
    if known is None:
        entered = dict(session.execute(select(OfficialDay.day, OfficialDay.works)).all())
        known = published_calendar().corrected(entered) if entered else published_calendar()
        session.info[CALENDAR] = known
    return known


@lru_cache(maxsize=1)
def published_calendar() -> WorkCalendar:
    """The notices that the program knows; later years have statutory holidays alone."""
    years = range(FIRST_CALENDAR, LAST_CALENDAR + 1)
    china = holidays.country_holidays("CN", years=years, language="zh_CN")
    extra = {day for day in china.weekend_workdays if day.year in years}
    rest: set[date] = {day for day in china if day.weekday() < 5}
    return WorkCalendar.build(rest - extra, extra)


@lru_cache(maxsize=64)
def published(year: int) -> bool:
    """Whether the program knows the State Council's notice for the year."""
    return any(day.year == year for day in published_calendar().extra)


def calendar_is_official(session: Session, year: int) -> bool:
    """Whether the year's notice is known, to the program or from an administrator; else 调休 is missing."""
    within = OfficialDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return (
        published(year) or session.scalar(select(OfficialDay.id).where(within).limit(1)) is not None
    )


def official_days(session: Session, year: int) -> list[OfficialDay]:
    """What was entered for a year, by day."""
    within = OfficialDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(select(OfficialDay).where(within).order_by(OfficialDay.day)))


# --- inside ------------------------------------------------------------------------------------


def _of_year(
    first: InstrumentedAttribute[int], last: InstrumentedAttribute[int], year: int | None
) -> tuple[ColumnElement[bool], ...]:
    return (last == LAST_YEAR,) if year is None else (first <= year, last >= year)


def _options(rows: Iterable[Named], language: str) -> list[Option]:
    return [(str(row.id), name_in(row, language)) for row in rows]


def _ids(rows: Iterable[Named]) -> str:
    return ",".join(str(row.id) for row in rows)


def _found(row: Row | None) -> Row:
    if row is None:
        raise Missing
    return row


def _one(session: Session, kind: type[Row], row_id: int) -> Row:
    return _found(session.get(kind, row_id))
