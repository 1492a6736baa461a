"""Decisions on a lead: appraisals (研判), and agreements short of signing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.core.versions import take
from crm.leads.models import Agreement, Appraisal, Lead
from crm.leads.operations.moving import move
from crm.leads.queries.history import facts
from crm.leads.queries.scope import locked
from crm.leads.rules.kinds import AgreementKind, AppraisalKind, Stage, Verdict
from crm.leads.rules.moves import check_move
from crm.values.money import Money

ASPECTS = ("industry", "land", "energy", "environment", "due_diligence")
"""What a project review looks at: industry, land, energy, environment, the investor himself."""


@dataclass(frozen=True)
class AppraisalDraft:
    """A decision on a lead: go on, wait or no, and why; a review says something on each aspect."""

    kind: AppraisalKind
    verdict: Verdict
    why: str
    decided_on: date
    industry: str = ""
    land: str = ""
    energy: str = ""
    environment: str = ""
    due_diligence: str = ""


@dataclass(frozen=True)
class AgreementDraft:
    """An intent or framework agreement; the signing party's country as ISO 3166 alpha-2."""

    kind: AgreementKind
    signed_on: date
    party: str
    amount: Money
    country: str = "CN"


def appraise(
    session: Session, actor: Actor, lead_id: int, draft: AppraisalDraft, *, now: datetime
) -> Appraisal:
    """Record what was decided on a lead; the latest decision of a kind holds.

    Raises:
        Refused: a day that cannot be, or a review without one of its aspects.
    """
    lead = locked(session, actor, lead_id)
    _check_day(lead, draft.decided_on, now, "decided_on")
    if not draft.why:
        raise Refused(_("Say why."), field="why")
    for aspect in ASPECTS if draft.kind is AppraisalKind.REVIEW else ():
        if not getattr(draft, aspect):
            raise Refused(_("A project review says something on each point."), field=aspect)
    row = Appraisal(
        lead_id=lead.id,
        decided_by=actor.id if actor.id is not None else lead.owner_id,
        recorded_at=now,
        **asdict(draft),
    )
    record(session, actor, "lead.appraised", row, now=now, on=("lead", lead.id))
    return row


def record_agreement(
    session: Session, actor: Actor, lead_id: int, draft: AgreementDraft, *, now: datetime
) -> Agreement:
    """Record an intent or framework agreement: the lead goes to 拟签约 where its demands are met, or stays.

    Raises:
        Refused: it is an investment agreement, which signs, or a day that cannot be.
    """
    lead = locked(session, actor, lead_id)
    if draft.kind is AgreementKind.INVESTMENT:
        raise Refused(_("An investment agreement signs the lead. Use “Sign”."), field="kind")
    _check_day(lead, draft.signed_on, now, "signed_on")
    take(lead, None)
    row = Agreement(
        lead_id=lead.id,
        recorded_at=now,
        recorded_by=actor.id if actor.id is not None else lead.owner_id,
        **asdict(draft) | {"amount": draft.amount},
    )
    record(session, actor, "lead.agreed", row, now=now, on=("lead", lead.id))
    stood = facts(session, lead, draft.signed_on, day_of(now))
    forwards = stood.stage.rank < Stage.DRAFTED.rank
    if forwards and not check_move(Stage.DRAFTED, draft.signed_on, stood):
        move(session, actor, lead_id, Stage.DRAFTED, day=draft.signed_on, now=now)
    return row


def _check_day(lead: Lead, day: date, now: datetime, field: str) -> None:
    if day > day_of(now):
        raise Refused(_("This day is still to come."), field=field)
    if day < lead.entered_on:
        raise Refused(
            _("The lead was entered later. Choose its entry day or a later one."), field=field
        )
