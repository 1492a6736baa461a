"""Entering a lead and revising it: one draft for the page, the demonstration and the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

import crm.companies.operations.firms
import crm.companies.queries
from crm.accounts.models import Person
from crm.audit.operations import record, record_values
from crm.catalog.models import AttractionModel, ChainNode, Park, Term
from crm.catalog.rules import Anchor, TermKind
from crm.companies.models import Company, HeadFirm
from crm.companies.rules import Position, normal_code
from crm.core import pinyin
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Missing, Refused
from crm.core.numbers import next_number
from crm.core.versions import take
from crm.leads.models import FOREVER, Lead, Scenario
from crm.leads.operations import history
from crm.leads.operations.finding import index_content
from crm.leads.operations.sharing import share
from crm.leads.operations.twins import claim_code, meet_twins
from crm.leads.queries.scope import locked
from crm.leads.rules.history import DATED
from crm.leads.rules.kinds import Effect, EventKind, Stage, Standing
from crm.values.money import Amount, Money
from crm.values.text import search_key

SERIES = "XS"

MOST = Money.yi(100_000)
"""No investment is larger; beyond it somebody mistook the unit, and sums of lists would overflow."""


@dataclass(frozen=True)
class LeadDraft:
    """A lead as a person tells it; None in a dimension is 待定, None for the amount: not known.

    Attributes:
        content: what they want to build, in one line.
        title: the working title; without one the investor's plan in one line serves.
        company_id: the investor; new_company: or the name of one to enter, with its credit_code where
            known. Neither: 暂不具名.
        further_model_ids: models besides the main one.
        confidential: read when a lead is entered; later the mark has its own operation.
        entered_on: the day it entered, today unless told late; read when a lead is entered.
    """

    content: str
    title: str = ""
    company_id: int | None = None
    new_company: str = ""
    credit_code: str = ""
    contact_name: str = ""
    contact_title: str = ""
    contact_phone: str = ""
    chain_id: int | None = None
    node_id: int | None = None
    position: Position | None = None
    effect: Effect | None = None
    brought_by_id: int | None = None
    model_id: int | None = None
    head_firm_id: int | None = None
    scenario_id: int | None = None
    further_model_ids: tuple[int, ...] = ()
    source_id: int | None = None
    introducer: str = ""
    responsible_leader: str = ""
    district_id: int | None = None
    park_id: int | None = None
    amount: Amount | None = None
    land_mu: int | None = None
    floor_m2: int | None = None
    water_t_day: int | None = None
    power_kva: int | None = None
    energy_tce: int | None = None
    workers: int | None = None
    needs_note: str = ""
    confidential: bool = False
    next_step: str = ""
    next_step_on: date | None = None
    entered_on: date | None = None


PLAIN = (
    "content", "company_id", "contact_name", "contact_title", "contact_phone", "chain_id",
    "node_id", "position", "effect", "brought_by_id", "model_id", "head_firm_id", "scenario_id",
    "source_id", "introducer", "responsible_leader", "district_id", "park_id", "land_mu",
    "floor_m2", "water_t_day", "power_kva", "energy_tce", "workers", "needs_note", "next_step",
)  # fmt: skip
"""What goes from the draft into the row as it is."""


def enter(session: Session, actor: Actor, draft: LeadDraft, *, now: datetime) -> Lead:
    """Enter a lead: it belongs to the actor and his unit and stands in the first stage.

    Raises:
        Refused: something does not fit together; the field says where.
    """
    owner = _owner(session, actor)
    today = day_of(now)
    entered_on = draft.entered_on or today
    if entered_on > today:
        raise Refused(_("This day is still to come."), field="entered_on")
    if draft.next_step_on is not None and draft.next_step_on < today:
        raise Refused(_("The next step lies ahead: choose today or later."), field="next_step_on")
    draft = _checked(session, actor, draft, now)
    values = _values(draft)
    lead = Lead(
        number=next_number(session, SERIES, today.year),
        unit_id=owner.unit_id,
        owner_id=owner.id,
        confidential=draft.confidential,
        stage=Stage.IDENTIFIED,
        standing=Standing.OPEN,
        entered_on=entered_on,
        silent_from=entered_on,
        created_at=now,
        created_by=owner.id,
        **values,
    )
    lead.further_models = _further(session, draft)
    history.begin(session, actor, lead, person_id=owner.id, now=now)
    index_content(session, lead)
    _record_further(session, actor, lead, [], now)
    share(session, lead, people=[owner.id])
    meet_twins(session, actor, lead, draft.credit_code, now=now)
    return lead


def revise(
    session: Session,
    actor: Actor,
    lead_id: int,
    draft: LeadDraft,
    *,
    version: int | None = None,
    day: date | None = None,
    now: datetime,
) -> Lead:
    """Change a lead's facts; changes of dated dimensions hold from the day, today by default.

    Raises:
        Missing, Forbidden: not for this actor.
        VersionBehind: somebody saved it meanwhile.
        Refused: something does not fit together; the field says where.
    """
    lead = locked(session, actor, lead_id)
    take(lead, version)
    day = day or day_of(now)
    if not lead.entered_on <= day <= day_of(now):
        raise Refused(
            _("Choose a day from %(day)s to today.", day=lead.entered_on.isoformat()), field="day"
        )
    draft = _checked(session, actor, draft, now, lead)
    if draft.company_id is None and lead.stage.rank >= Stage.NEGOTIATING.rank:
        raise Refused(_("From negotiating on the investor has a name."), field="company_id")
    if draft.next_step_on not in (None, lead.next_step_on) and draft.next_step_on < day_of(now):
        raise Refused(_("The next step lies ahead: choose today or later."), field="next_step_on")
    shared_before = lead.company_id
    models_before = _further_now(session, lead)
    changed = {k: v for k, v in _values(draft).items() if getattr(lead, k) != v}
    models = sorted(draft.further_model_ids)
    if not changed and models == models_before:
        lead.version -= 1
        return lead
    names = {history.COLUMNS.get(name, name): name for name in DATED}
    dated = {names[key]: value for key, value in changed.items() if key in names}
    for key, value in changed.items():
        if key not in names:
            setattr(lead, key, value)
    if dated:
        history.change(
            session, actor, lead, EventKind.REVISED, dated,
            action="lead.revised", day=day, now=now,
        )  # fmt: skip
    elif changed:
        record(session, actor, "lead.revised", lead, now=now)
    if changed.keys() & {"content", "chain_id"}:
        index_content(session, lead)
    if models != models_before:
        lead.further_models = _further(session, draft)
        _record_further(session, actor, lead, models_before, now)
    if shared_before != lead.company_id:
        share(session, lead, before=shared_before)
        meet_twins(session, actor, lead, draft.credit_code, now=now)
    return lead


def _owner(session: Session, actor: Actor) -> Person:
    person = session.get(Person, actor.id) if actor.id is not None else None
    if person is None:
        raise ValueError("a lead is entered by a person")
    return person


def _values(draft: LeadDraft) -> dict[str, Any]:
    """The draft as columns of the row."""
    title = draft.title or draft.content[:120]
    amount = draft.amount
    return {name: getattr(draft, name) for name in PLAIN} | {
        "title": title,
        "pinyin": pinyin.full(title),
        "initials": pinyin.initials(title),
        "search_text": search_key(title)[:300],
        "next_step_on": draft.next_step_on or FOREVER,
        "amount_known": amount is not None,
        "amount_low": amount.low if amount else Money(0),
        "amount_high": amount.high if amount else None,
        "amount_estimated": bool(amount and amount.estimate),
    }


def _checked(
    session: Session, actor: Actor, draft: LeadDraft, now: datetime, lead: Lead | None = None
) -> LeadDraft:
    """The draft with what follows from it filled in, and what cannot belong to it cleared."""
    if not draft.content:
        raise Refused(_("Say in one line what they want to build."), field="content")
    if draft.amount is not None and draft.amount.high > MOST:
        raise Refused(_("This is more than any investment. Check the unit."), field="amount")
    if bool(draft.next_step) != (draft.next_step_on is not None):
        raise Refused(
            _("A next step has both: what, and on which day."),
            field="next_step_on" if draft.next_step else "next_step",
        )
    draft = _placed(session, draft)
    draft = _anchored(session, actor, draft, lead)
    draft = _invested(session, actor, draft, now, lead)
    if not draft.title and draft.company_id is None:
        raise Refused(_("Name the investor, or give the lead a working title."), field="title")
    source = session.get(Term, draft.source_id) if draft.source_id else None
    if draft.source_id and (source is None or source.kind is not TermKind.SOURCE):
        raise Refused(_("Choose one of the list."), field="source_id")
    return draft


def _placed(session: Session, draft: LeadDraft) -> LeadDraft:
    """Node with its chain, park with its district."""
    if draft.node_id is not None:
        node = session.get(ChainNode, draft.node_id)
        if node is None or draft.chain_id not in (None, node.chain_id):
            raise Refused(_("This node belongs to another chain."), field="node_id")
        draft = replace(draft, chain_id=node.chain_id)
    if draft.park_id is not None:
        park = session.get(Park, draft.park_id, options=[selectinload(Park.districts)])
        places = [one.id for one in park.districts] if park else []
        if draft.district_id is None and len(places) == 1:
            draft = replace(draft, district_id=places[0])
        if draft.district_id not in (None, *places):
            raise Refused(_("This park lies in another district."), field="park_id")
    return draft


def _anchored(session: Session, actor: Actor, draft: LeadDraft, lead: Lead | None) -> LeadDraft:
    """Only the main model's own anchor stays, and a leader that brings another firm."""
    model = session.get(AttractionModel, draft.model_id) if draft.model_id else None
    if draft.model_id and model is None:
        raise Refused(_("Choose one of the list."), field="model_id")
    anchor = model.anchor if model else Anchor.NONE
    draft = replace(
        draft,
        head_firm_id=draft.head_firm_id if anchor is Anchor.HEAD_FIRM else None,
        scenario_id=draft.scenario_id if anchor is Anchor.SCENARIO else None,
        further_model_ids=tuple(n for n in draft.further_model_ids if n != draft.model_id),
    )
    if draft.position is Position.LEADER:  # who steers the chain comes for nobody's sake
        draft = replace(draft, brought_by_id=None)
    for kind, value, field in (
        (HeadFirm, draft.head_firm_id, "head_firm_id"),
        (Scenario, draft.scenario_id, "scenario_id"),
    ):
        if value is not None and session.get(kind, value) is None:
            raise Refused(_("Choose one of the list."), field=field)
    if draft.brought_by_id is not None and (
        lead is None or lead.brought_by_id != draft.brought_by_id
    ):
        offered = {int(option[0]) for option in crm.companies.queries.leaders(session, actor)}
        if draft.brought_by_id not in offered:
            raise Refused(_("Choose a recognised chain leader."), field="brought_by_id")
    if draft.brought_by_id is not None and draft.brought_by_id == draft.company_id:
        raise Refused(_("A firm does not bring itself."), field="brought_by_id")
    return draft


def _invested(
    session: Session, actor: Actor, draft: LeadDraft, now: datetime, lead: Lead | None
) -> LeadDraft:
    """The investor: one he may know, the one the lead has already, or one entered with it."""
    if draft.company_id is None and draft.new_company:
        return _with_new_firm(session, actor, draft, now)
    if draft.company_id is not None and (lead is None or lead.company_id != draft.company_id):
        try:
            crm.companies.queries.company(session, actor, draft.company_id)
        except Missing:
            raise Refused(_("Choose one of the list."), field="company_id") from None
    return replace(draft, credit_code="")


def _with_new_firm(session: Session, actor: Actor, draft: LeadDraft, now: datetime) -> LeadDraft:
    """The firm that a new investor's name or code means; entered where he knows of none.

    A code that stays in the draft belongs to a hidden firm with leads in hand: this lead's firm goes without
    it until a manager has judged the two.
    """
    known, claimed = claim_code(session, actor, normal_code(draft.credit_code), now=now)
    if known is None and not draft.credit_code:
        known = session.scalar(
            select(Company.id)
            .where(Company.name == draft.new_company, crm.companies.queries.visible(actor))
            .order_by(Company.id)
            .limit(1)
        )
    if known is None:
        firm = crm.companies.operations.firms.CompanyDraft(
            name=draft.new_company, credit_code="" if claimed else draft.credit_code
        )
        known = crm.companies.operations.firms.enter(session, actor, firm, now=now).id
    return replace(draft, company_id=known, new_company="", credit_code=claimed)


def _further(session: Session, draft: LeadDraft) -> list[AttractionModel]:
    if not draft.further_model_ids:
        return []
    query = select(AttractionModel).where(AttractionModel.id.in_(draft.further_model_ids))
    return list(session.scalars(query.order_by(AttractionModel.id)))


def _further_now(session: Session, lead: Lead) -> list[int]:
    with session.no_autoflush:
        session.refresh(lead, ["further_models"])
    return sorted(model.id for model in lead.further_models)


def _record_further(
    session: Session, actor: Actor, lead: Lead, before: list[int], now: datetime
) -> None:
    after = sorted(model.id for model in lead.further_models)
    if after != before:
        record_values(
            session, actor, "lead.revised", lead, now=now,
            before={"further_models": before}, after={"further_models": after},
        )  # fmt: skip
