"""Head firms: made of a firm, courted, answered for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.audit.operations import record
from crm.catalog.models import Cluster
from crm.companies.models import HeadFirm
from crm.companies.operations.chains import publish
from crm.companies.operations.firms import readable
from crm.companies.queries import found, head_firm_of, writes_head_firm
from crm.companies.rules import HeadFirmState
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.core.versions import take


@dataclass(frozen=True)
class HeadFirmDraft:
    """A head firm as typed. `rank` is its place in the list that `rank_source` names."""

    cluster_id: int
    why: str
    rank: int | None = None
    rank_source: str = ""
    responsible_leader: str = ""
    owner_id: int | None = None
    high_level_contact_on: date | None = None
    state: HeadFirmState = HeadFirmState.UNTOUCHED


def make_head_firm(
    session: Session, actor: Actor, company_id: int, draft: HeadFirmDraft, *, now: datetime
) -> HeadFirm:
    """Make a firm a head firm; from then on everybody reads it, its people excepted."""
    company = readable(session, actor, company_id)
    if head_firm_of(session, company_id) is not None:
        raise Refused(_("This firm is a head firm already."), field="company_id")
    row = HeadFirm(company_id=company_id)
    _fill(session, row, draft, now)
    record(session, actor, "head_firm.entered", row, now=now)
    publish(session, actor, company, now)
    return row


def edit_head_firm(
    session: Session,
    actor: Actor,
    head_firm_id: int,
    draft: HeadFirmDraft,
    *,
    version: int | None,
    now: datetime,
) -> HeadFirm:
    """Change why a head firm is one, who answers for it, how far the bureau has come."""
    row = _writable(session, actor, head_firm_id)
    take(row, version)
    _fill(session, row, draft, now)
    record(session, actor, "head_firm.edited", row, now=now)
    return row


def set_head_firm_state(
    session: Session, actor: Actor, head_firm_id: int, state: HeadFirmState, *, now: datetime
) -> HeadFirm:
    """Say how far the bureau has come with a head firm."""
    row = _writable(session, actor, head_firm_id)
    if row.state != state:
        take(row, None)
        row.state = state
        record(session, actor, "head_firm.state_set", row, now=now)
    return row


def give_head_firm(
    session: Session, actor: Actor, head_firm_id: int, owner_id: int, *, now: datetime
) -> HeadFirm:
    """Hand a head firm to another owner; for the door that hands over all of a person's work."""
    row = found(session.get(HeadFirm, head_firm_id, with_for_update=True))
    if row.owner_id != owner_id:
        take(row, None)
        row.owner_id = owner_id
        record(session, actor, "head_firm.given", row, now=now)
    return row


def _writable(session: Session, actor: Actor, head_firm_id: int) -> HeadFirm:
    row = found(session.get(HeadFirm, head_firm_id, with_for_update=True))
    mine = select(HeadFirm.id).where(HeadFirm.id == head_firm_id, writes_head_firm(actor))
    if session.scalar(mine) is None:
        raise Forbidden
    return row


def _fill(session: Session, row: HeadFirm, draft: HeadFirmDraft, now: datetime) -> None:
    with session.no_autoflush:
        if session.get(Cluster, draft.cluster_id) is None:
            raise Refused(_("Choose one of the list."), field="cluster_id")
        if draft.owner_id is not None and session.get(Person, draft.owner_id) is None:
            raise Refused(_("Choose one of the list."), field="owner_id")
    contact = draft.high_level_contact_on
    if contact is not None and contact > day_of(now):
        raise Refused(_("This day has not come yet."), field="high_level_contact_on")
    for name, value in vars(draft).items():
        setattr(row, name, value)
