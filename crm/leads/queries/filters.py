"""What a list of leads is narrowed to: read from an address, said as conditions of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from crm.accounts.models import Unit
from crm.catalog.models import Chain
from crm.companies.models import Company
from crm.companies.queries import matches
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.forms import row_number
from crm.leads.models import FOREVER, Lead, lead_tag
from crm.leads.queries.holding import holds, in_hand, lapsing
from crm.leads.queries.scope import readable
from crm.leads.queries.staleness import overstayed, silent
from crm.leads.rules.clocks import Deadlines, Silence
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import AmountError, Money, parse_amount
from crm.values.text import like_pattern, search_key

Kind = TypeVar("Kind", bound=StrEnum)

UNDECIDED = "none"
"""In the address: leads that have 待定 in a dimension."""

ARGUMENTS = (
    "q", "stage", "standing", "position", "model", "head_firm", "scenario", "cluster", "chain", "node",
    "district", "owner", "unit", "source", "tag", "company", "brought_by", "from", "to",
    "entered_from", "entered_to", "moved_from", "moved_to", "contact_from", "contact_to", "plan", "report",
    "problems", "silence", "overstayed", "mine",
)  # fmt: skip
"""The names of the filters in an address."""


class Trouble(StrEnum):
    """Problems (困难问题) of a lead: some are open, or past their day."""

    OPEN = "open"
    OVERDUE = "overdue"


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
class Days:
    """Days from one to another, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class LeadFilter:
    """What a list of leads shows; a dimension is an id or member, `UNDECIDED`, or None for all.

    Attributes:
        standing: None shows what is in hand or signed: on hold and lost only where asked for.
        from_amount, to_amount: bounds of the estimated investment's lower bound, both included.
        silence, overstayed: past the limit of contact or of its stage; a hold that has run out is among them.
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
    tag: int | None = None
    company: int | None = None
    brought_by: int | None = None
    from_amount: Money | None = None
    to_amount: Money | None = None
    entered: Days = Days()
    moved: Days = Days()
    contacted: Days = Days()
    plan: Plan | None = None
    problems: Trouble | None = None
    silence: Silence | None = None
    overstayed: bool = False
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
            tag=_id(args.get("tag")),
            company=_id(args.get("company")),
            brought_by=_id(args.get("brought_by")),
            from_amount=_money(args.get("from")),
            to_amount=_money(args.get("to")),
            entered=Days(_day(args.get("entered_from")), _day(args.get("entered_to"))),
            moved=Days(_day(args.get("moved_from")), _day(args.get("moved_to"))),
            contacted=Days(_day(args.get("contact_from")), _day(args.get("contact_to"))),
            plan=_member(Plan, args.get("plan")),
            problems=_member(Trouble, args.get("problems")),
            silence=_member(Silence, args.get("silence")),
            overstayed=args.get("overstayed") == "1",
            report=_member(Report, args.get("report")),
            mine=args.get("mine") == "1",
            every_standing=args.get("standing") == "all",
        )

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Which standings it shows."""
        if self.every_standing:
            return tuple(Standing)
        if self.standing is not None:
            return (self.standing,)
        clocks = self.silence is not None or self.overstayed
        return (Standing.OPEN, Standing.ON_HOLD) if clocks else (Standing.OPEN,)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Which stages it shows."""
        return tuple(Stage) if self.stage is None else (self.stage,)


def conditions(actor: Actor, wanted: LeadFilter, limits: Deadlines) -> list[ColumnElement[bool]]:
    """All that a filter asks of a lead, the actor's scope included."""
    return [readable(actor), *placed(wanted), *narrowed(actor, wanted, limits)]


def placed(wanted: LeadFilter) -> list[ColumnElement[bool]]:
    """The part about standing and stage."""
    found: list[ColumnElement[bool]] = []
    if len(wanted.standings) < len(Standing):
        found.append(Lead.standing.in_(wanted.standings))
    if wanted.stage is not None:
        found.append(Lead.stage == wanted.stage)
    return found


def narrowed(actor: Actor, wanted: LeadFilter, limits: Deadlines) -> list[ColumnElement[bool]]:
    """The rest of what a filter asks, without the actor's scope; empty: nothing."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
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
    for day, days in (
        (Lead.entered_on, wanted.entered),
        (Lead.moved_on, wanted.moved),
        (Lead.last_contact_on, wanted.contacted),
    ):
        if days.first is not None:
            found.append(day >= days.first)
        if days.last is not None:
            found.append(day <= days.last)
    if wanted.cluster is not None:
        chains = select(Chain.id).where(Chain.cluster_id == wanted.cluster)
        found.append(Lead.chain_id.in_(chains))
    if wanted.unit is not None:
        path = select(Unit.path).where(Unit.id == wanted.unit).scalar_subquery()
        found.append(Lead.unit_id.in_(select(Unit.id).where(Unit.path.startswith(path))))
    if wanted.tag is not None:
        found.append(
            Lead.id.in_(select(lead_tag.c.lead_id).where(lead_tag.c.term_id == wanted.tag))
        )
    if wanted.mine:
        found.append(Lead.owner_id == actor.id)
    if wanted.from_amount is not None:
        found.append(Lead.amount_low >= wanted.from_amount)
    if wanted.to_amount is not None:
        found += [Lead.amount_low <= wanted.to_amount, Lead.amount_known.is_(True)]
    if wanted.plan is not None:
        found += _planned(wanted.plan, limits.today)
    if wanted.report is not None:
        found.append(_reported(wanted.report, limits.today))
    if wanted.problems is not None:
        before = limits.today if wanted.problems is Trouble.OVERDUE else FOREVER
        found.append(Lead.problem_due_on < before)
    if wanted.silence is not None:
        found.append(silent(limits, wanted.silence))
    if wanted.overstayed:
        found.append(overstayed(limits))
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


def _member(kind: type[Kind], text: str | None) -> Kind | None:
    return kind(text) if text in list(kind) else None


def _id(text: str | None) -> int | None:
    return row_number(text or "")


def _or_none(text: str | None, read: Callable[[str | None], Any]) -> Any:
    return UNDECIDED if text == UNDECIDED else read(text)


def _money(text: str | None) -> Money | None:
    try:
        return parse_amount(text).low if text else None
    except AmountError:
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None
