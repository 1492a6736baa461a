"""Lists of leads: the filter that addresses carry, sorted pages, count and sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from crm.accounts.models import Person, Unit
from crm.accounts.queries import units_of
from crm.catalog.models import Chain
from crm.companies.models import Company, HeadFirm
from crm.companies.queries import matches
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.forms import MAX_ID, Option
from crm.core.paging import Page, Sort, turn
from crm.leads.models import FOREVER, Lead
from crm.leads.queries.holding import holds, in_hand, lapsing
from crm.leads.queries.scope import readable
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import AmountError, Money, parse_amount
from crm.values.text import like_pattern, search_key

Kind = TypeVar("Kind", bound=StrEnum)

UNDECIDED = "none"
"""In the address: leads that have 待定 in a dimension."""


class Report(StrEnum):
    """How a lead's first report stands."""

    HOLDS = "holds"
    LAPSING = "lapsing"
    NONE = "none"


class Plan(StrEnum):
    """How a lead's next step stands."""

    MISSING = "missing"
    OVERDUE = "overdue"
    WEEK = "week"


@dataclass(frozen=True)
class LeadFilter:
    """What a list of leads shows; a dimension is an id or member, `UNDECIDED`, or None for all.

    Attributes:
        standing: None shows what is in hand or signed: on hold and lost only where asked for.
        from_amount, to_amount: bounds of the estimated investment's lower bound, both included.
        mine: only the actor's own leads.
    """

    text: str = ""
    stage: Stage | None = None
    standing: Standing | None = None
    position: Position | str | None = None
    model: int | str | None = None
    head_firm: int | None = None
    scenario: int | None = None
    cluster: int | None = None
    chain: int | str | None = None
    node: int | None = None
    district: int | str | None = None
    owner: int | None = None
    unit: int | None = None
    source: int | str | None = None
    company: int | None = None
    brought_by: int | None = None
    from_amount: Money | None = None
    to_amount: Money | None = None
    plan: Plan | None = None
    report: Report | None = None
    mine: bool = False
    every_standing: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> LeadFilter:
        """The filter in an address; what cannot be read is no filter."""
        return cls(
            text=args.get("q", "").strip()[:100],
            stage=_member(Stage, args.get("stage")),
            standing=_member(Standing, args.get("standing")),
            position=_or_none(args.get("position"), lambda text: _member(Position, text)),
            model=_or_none(args.get("model"), _id),
            head_firm=_id(args.get("head_firm")),
            scenario=_id(args.get("scenario")),
            cluster=_id(args.get("cluster")),
            chain=_or_none(args.get("chain"), _id),
            node=_id(args.get("node")),
            district=_or_none(args.get("district"), _id),
            owner=_id(args.get("owner")),
            unit=_id(args.get("unit")),
            source=_or_none(args.get("source"), _id),
            company=_id(args.get("company")),
            brought_by=_id(args.get("brought_by")),
            from_amount=_money(args.get("from")),
            to_amount=_money(args.get("to")),
            plan=_member(Plan, args.get("plan")),
            report=_member(Report, args.get("report")),
            mine=args.get("mine") == "1",
            every_standing=args.get("standing") == "all",
        )


SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "title": Lead.pinyin,
    "number": Lead.number,
    "stage": Lead.moved_on,
    "amount": Lead.amount_low,
    "contact": Lead.silent_from,
    "next": Lead.next_step_on,
    "entered": Lead.entered_on,
}
"""The columns a list can be sorted by; with "-" before the name downwards."""

FIRST_SORT = "next"


def leads(
    session: Session,
    actor: Actor,
    wanted: LeadFilter,
    *,
    today: date,
    sort: str = FIRST_SORT,
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page[Lead]:
    """A page of the leads the actor reads, with what a row shows."""
    name = sort.removeprefix("-")
    key = SORTS.get(name, SORTS[FIRST_SORT])
    query = select(Lead).where(*conditions(actor, wanted, today)).options(*_row())
    order = Sort(key.expression, Lead.id.expression, sort.startswith("-") and name in SORTS)
    return turn(session, query, order, after=after, before=before, size=size)


def _row() -> tuple[Any, ...]:
    return (
        joinedload(Lead.company),
        joinedload(Lead.model),
        joinedload(Lead.head_firm).joinedload(HeadFirm.company),
        joinedload(Lead.scenario),
        joinedload(Lead.chain),
        joinedload(Lead.node),
        joinedload(Lead.brought_by),
        joinedload(Lead.district),
        joinedload(Lead.owner),
    )


@dataclass(frozen=True)
class Total:
    """How many leads a filter gives, and the sum of their lower bounds."""

    count: int
    amount: Money


def total(session: Session, actor: Actor, wanted: LeadFilter, *, today: date) -> Total:
    """Count and sum of a filter, in one statement."""
    count, fen = session.execute(
        select(
            func.count(),
            cast(func.coalesce(func.sum(cast(Lead.amount_low, BigInteger)), 0), BigInteger),
        )
        .select_from(Lead)
        .where(*conditions(actor, wanted, today))
    ).one()
    return Total(count, Money(int(fen)))


def some(
    session: Session, actor: Actor, wanted: LeadFilter, *, today: date, limit: int
) -> list[Lead]:
    """The first leads of a filter, the latest entered first: for parts of other pages."""
    query = select(Lead).where(*conditions(actor, wanted, today)).options(*_row())
    return list(session.scalars(query.order_by(Lead.id.desc()).limit(limit)))


def conditions(actor: Actor, wanted: LeadFilter, today: date) -> list[ColumnElement[bool]]:
    """What a filter asks of a lead, the actor's scope included."""
    found: list[ColumnElement[bool]] = [readable(actor)]
    for column, value in (
        (Lead.stage, wanted.stage),
        (Lead.position, wanted.position),
        (Lead.model_id, wanted.model),
        (Lead.head_firm_id, wanted.head_firm),
        (Lead.scenario_id, wanted.scenario),
        (Lead.chain_id, wanted.chain),
        (Lead.node_id, wanted.node),
        (Lead.district_id, wanted.district),
        (Lead.owner_id, wanted.owner),
        (Lead.source_id, wanted.source),
        (Lead.company_id, wanted.company),
        (Lead.brought_by_id, wanted.brought_by),
    ):
        if value is not None:
            found.append(column.is_(None) if value == UNDECIDED else column == value)
    if wanted.standing is not None:
        found.append(Lead.standing == wanted.standing)
    elif not wanted.every_standing:
        found.append(Lead.standing == Standing.OPEN)
    if wanted.cluster is not None:
        chains = select(Chain.id).where(Chain.cluster_id == wanted.cluster)
        found.append(Lead.chain_id.in_(chains))
    if wanted.unit is not None:
        path = select(Unit.path).where(Unit.id == wanted.unit).scalar_subquery()
        found.append(Lead.unit_id.in_(select(Unit.id).where(Unit.path.startswith(path))))
    if wanted.mine:
        found.append(Lead.owner_id == actor.id)
    if wanted.from_amount is not None:
        found.append(Lead.amount_low >= wanted.from_amount)
    if wanted.to_amount is not None:
        found.append(Lead.amount_low <= wanted.to_amount)
        found.append(Lead.amount_known.is_(True))
    if wanted.plan is not None:
        found += _planned(wanted.plan, today)
    if wanted.report is not None:
        found.append(_reported(wanted.report, today))
    if wanted.text:
        found.append(found_by(wanted.text))
    return found


def found_by(text: str) -> ColumnElement[bool]:
    """Leads found by what is typed: a part of the title or its initials, pinyin, number, investor."""
    key = search_key(text)
    part = f"%{like_pattern(key)}%"
    ways = [
        Lead.search_text.like(part, escape="\\"),
        Lead.company_id.in_(select(Company.id).where(matches(text))),
    ]
    if key.isascii() and key:
        ways += [
            Lead.initials.like(part, escape="\\"),
            Lead.pinyin.like(f"{like_pattern(key)}%", escape="\\"),
            Lead.number.like(f"%{like_pattern(key.upper())}%", escape="\\"),
        ]
    return or_(*ways)


def _planned(plan: Plan, today: date) -> list[ColumnElement[bool]]:
    if plan is Plan.MISSING:
        return [Lead.next_step_on == FOREVER, Lead.stage != Stage.SIGNED]
    if plan is Plan.OVERDUE:
        return [Lead.next_step_on < today]
    week_end = date.fromordinal(today.toordinal() + 6 - today.weekday())
    return [Lead.next_step_on >= today, Lead.next_step_on <= week_end]


def _reported(report: Report, today: date) -> ColumnElement[bool]:
    if report is Report.LAPSING:
        return lapsing(today)
    return holds(today) if report is Report.HOLDS else and_(in_hand(), ~holds(today))


def owner_options(session: Session, actor: Actor) -> list[Option]:
    """The people who own leads that the actor's scope holds, for the filter."""
    owners = select(Lead.owner_id).where(readable(actor)).distinct()
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(owners))
        .order_by(Person.name_pinyin, Person.id)
    )
    return [(str(number), name) for number, name in rows]


def unit_options(session: Session, actor: Actor) -> list[Option]:
    """The actor's unit and those below it, for the filter."""
    rows = session.execute(
        select(Unit.id, Unit.name).where(Unit.id.in_(units_of(actor))).order_by(Unit.path)
    )
    return [(str(number), name) for number, name in rows]


def _member(kind: type[Kind], text: str | None) -> Kind | None:
    return kind(text) if text in list(kind) else None


def _id(text: str | None) -> int | None:
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 19:
        return None
    return int(text) if int(text) <= MAX_ID else None


def _or_none(text: str | None, read: Callable[[str | None], Any]) -> Any:
    return UNDECIDED if text == UNDECIDED else read(text)


def _money(text: str | None) -> Money | None:
    if not text:
        return None
    try:
        return parse_amount(text).low
    except AmountError:
        return None
