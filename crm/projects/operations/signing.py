"""Signing: one transaction from lead to project. Also direct entry, later phases, capital increases."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import crm.companies.operations.firms
import crm.companies.operations.sharing
import crm.leads.operations.care
import crm.leads.operations.decisions
import crm.leads.operations.moving
import crm.leads.queries.scope
from crm.accounts.models import Person
from crm.accounts.queries import in_scope
from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.catalog.queries import clocks
from crm.companies.models import Company
from crm.companies.operations.firms import CompanyDraft
from crm.companies.queries import visible
from crm.companies.rules import MAINLAND
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.core.numbers import next_number
from crm.core.versions import VersionBehind
from crm.leads.models import FOREVER, Lead
from crm.leads.operations.decisions import AgreementDraft
from crm.leads.rules.kinds import AgreementKind, Stage
from crm.leads.rules.moves import Door
from crm.projects.models import Owed, Project, Reached
from crm.projects.operations.evidence import settle_codes
from crm.projects.operations.handing import hand
from crm.projects.operations.planning import plan_funds
from crm.projects.operations.terms import Terms
from crm.projects.queries import scope
from crm.projects.queries.detail import share_with
from crm.projects.rules.demands import Facts, owed_after, signs
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.kinds import Milestone, Origin, Relation


@dataclass(frozen=True)
class SignDraft:
    """What is known at the table.

    Attributes:
        company_id: the investor; None: the lead's, or the first project's. new_company: or the name
            of one to enter.
        version: the lead's when the form was opened, where a form was.
        demo_note: what of it is made up, in the demonstration.
    """

    terms: Terms
    signed_on: date
    signing_party: str
    signing_country: str = MAINLAND
    agreement: AgreementKind = AgreementKind.INVESTMENT
    company_id: int | None = None
    new_company: str = ""
    version: int | None = None
    demo_note: str = ""


UNDECIDED = Dimensions()
"""Everything 待定."""


@dataclass(frozen=True)
class EnterDraft:
    """A project without a lead: where it comes from, whose it is (None: the actor's), its dimensions."""

    sign: SignDraft
    origin: Origin
    origin_note: str
    owner_id: int | None = None
    dimensions: Dimensions = UNDECIDED
    confidential: bool = False


def sign(
    session: Session, actor: Actor, lead_id: int, draft: SignDraft, *, now: datetime
) -> Project | None:
    """Sign a lead: it moves to 签约, and the project that comes of it is opened.

    An intent or framework agreement is recorded instead, and the lead stays where it is: None. A
    lead that is signed already moves no more; the signing opens a further project.

    Raises:
        Refused: a rule's no, beside its field of the form.
    """
    lead = crm.leads.queries.scope.locked(session, actor, lead_id)
    if draft.version is not None and draft.version != lead.version:
        raise VersionBehind
    _check(session, draft, now)
    if not signs(draft.agreement):
        _record_agreement(session, actor, lead, draft, now)
        return None
    company = _company(session, actor, draft, lead.company_id, now)
    if lead.company_id is None:
        crm.leads.operations.care.name_investor(session, actor, lead_id, company.id, now=now)
    if lead.stage is not Stage.SIGNED:
        _move(session, actor, lead_id, draft.signed_on, now)
    carried = {name: getattr(lead, name) for name in _CARRIED}
    carried |= {"lead_id": lead.id, "origin": Origin.LEAD}
    if not draft.terms.content:
        draft = replace(draft, terms=replace(draft.terms, content=lead.content))
    return _open(session, actor, draft, company, carried, now)


def enter(session: Session, actor: Actor, draft: EnterDraft, *, now: datetime) -> Project:
    """Enter a project that has no lead, saying where it comes from (补录 / 转入)."""
    if not actor.may(Permission.PROJECT_ENTER):
        raise Forbidden
    if draft.origin is Origin.LEAD:
        raise Refused(_("Say where the project comes from."), "origin")
    if not draft.origin_note:
        raise Refused(_("Name the list, district or unit that it comes from."), "origin_note")
    _check(session, draft.sign, now)
    owner = _owner(session, actor, draft.owner_id)
    carried = asdict(draft.dimensions) | {
        "origin": draft.origin,
        "origin_note": draft.origin_note,
        "owner_id": owner.id,
        "unit_id": owner.unit_id,
        "confidential": draft.confidential,
    }
    company = _company(session, actor, draft.sign, None, now)
    return _open(session, actor, draft.sign, company, carried, now)


def attach(
    session: Session,
    actor: Actor,
    parent_id: int,
    relation: Relation,
    draft: SignDraft,
    *,
    now: datetime,
) -> Project:
    """Open a later phase or a capital increase under a first project, with its owner and dimensions."""
    parent = scope.locked(session, actor, parent_id)
    if relation is Relation.FIRST:
        raise Refused(_("Say whether this is a later phase or a capital increase."), "relation")
    if parent.relation is not Relation.FIRST:
        raise Refused(_("Attach it to the first project, not to a phase or increase of it."))
    if parent.terminated_on != FOREVER:
        raise Refused(_("The first project was terminated; nothing can be attached to it."))
    _check(session, draft, now, relation)
    if draft.signed_on < parent.signed_on:
        raise Refused(_("This is before the first project was signed. Check the day."), "signed_on")
    carried = {name: getattr(parent, name) for name in (*_CARRIED, "lead_id", "confidential")}
    carried |= {
        "origin": parent.origin,
        "origin_note": parent.origin_note,
        "parent_id": parent.id,
        "relation": relation,
    }
    company = _company(session, actor, draft, parent.company_id, now)
    return _open(session, actor, draft, company, carried, now)


_CARRIED = (
    *(field.name for field in fields(Dimensions)),
    "responsible_leader",
    "unit_id",
    "owner_id",
)
"""What a project takes over from its lead, or a phase from the first project."""


def _open(
    session: Session,
    actor: Actor,
    draft: SignDraft,
    company: Company,
    carried: dict[str, Any],
    now: datetime,
) -> Project:
    """The project, its plan, its first milestone, what it owes from now on, who reads its company for it.

    *In hand* rises with it at once, and nothing *counted*.
    """
    project = Project(
        **carried,
        **draft.terms.columns(),
        number=next_number(session, "XM", day_of(now).year),
        company_id=company.id,
        signed_on=draft.signed_on,
        signing_party=draft.signing_party,
        signing_country=draft.signing_country,
        demo_note=draft.demo_note,
        created_at=now,
        created_by=actor.id or 0,
    )
    record(session, actor, "project.opened", project, now=now)
    if draft.terms.plan is not None:
        plan_funds(session, actor, project, draft.terms.plan, now=now)
    _reach_signed(session, actor, project, now)
    settle_codes(session, actor, project.company_id, now=now)
    units, people = share_with(session, project)
    crm.companies.operations.sharing.share(
        session,
        company_id=company.id,
        via=("project", project.id),
        units=units,
        people=people,
        lead_id=project.lead_id,
    )
    hand(session, actor, [project.id], now=now)
    return project


def _reach_signed(session: Session, actor: Actor, project: Project, now: datetime) -> None:
    reached = Reached(
        project_id=project.id,
        milestone=Milestone.SIGNED,
        reported_on=project.signed_on,
        reported_by=project.created_by,
        recorded_at=now,
    )
    record(session, actor, "milestone.reported", reached, now=now, on=("project", project.id))
    facts = Facts(mainland=project.signing_country == MAINLAND)
    due = owed_after(Milestone.SIGNED, project.signed_on, facts, clocks(session))
    session.add_all(
        Owed(
            project_id=project.id,
            milestone=Milestone.SIGNED,
            demand=demand,
            due_on=day,
            recorded_at=now,
        )
        for demand, day in due.items()
    )
    session.flush()


def _check(
    session: Session, draft: SignDraft, now: datetime, relation: Relation = Relation.FIRST
) -> None:
    if draft.signed_on > day_of(now):
        raise Refused(_("The signing cannot lie in the future."), "signed_on")
    if not draft.signing_party:
        raise Refused(_("Name the party that signed."), "signing_party")
    draft.terms.check(session, relation)


def _company(
    session: Session, actor: Actor, draft: SignDraft, known_id: int | None, now: datetime
) -> Company:
    """The investor: the one known already, another that the actor reads, or one entered now."""
    if draft.company_id is None and draft.new_company:
        told = CompanyDraft(draft.new_company, country=draft.signing_country)
        return crm.companies.operations.firms.enter(session, actor, told, now=now)
    company_id = draft.company_id or known_id
    if company_id is None:
        raise Refused(_("Name the company that invests: without one nobody signs."), "company_id")
    query = select(Company).where(Company.id == company_id)
    found = session.scalar(query if company_id == known_id else query.where(visible(actor)))
    if found is None:
        raise Refused(_("Choose a company of the list."), "company_id")
    return found


def _owner(session: Session, actor: Actor, owner_id: int | None) -> Person:
    """Whose project it will be: the actor, or an active colleague in his scope."""
    wanted = owner_id or actor.id
    found = session.scalar(
        select(Person).where(Person.id == wanted, Person.active, in_scope(actor))
    )
    if found is None:
        raise Refused(_("Choose a colleague of your unit."), "owner_id")
    return found


def _move(session: Session, actor: Actor, lead_id: int, day: date, now: datetime) -> None:
    """The lead's move to 签约; what refuses it is said beside this form's day."""
    try:
        crm.leads.operations.moving.move_lead(
            session, actor, lead_id, Stage.SIGNED, door=Door.SIGNING, day=day, now=now
        )
    except Refused as refusal:
        field = "signed_on" if refusal.field == "day" else None
        raise Refused(refusal.message, field) from None


def _record_agreement(
    session: Session, actor: Actor, lead: Lead, draft: SignDraft, now: datetime
) -> None:
    told = AgreementDraft(
        kind=draft.agreement,
        signed_on=draft.signed_on,
        party=draft.signing_party,
        amount=draft.terms.investment.agreed,
        country=draft.signing_country,
    )
    crm.leads.operations.decisions.record_agreement(session, actor, lead.id, told, now=now)
