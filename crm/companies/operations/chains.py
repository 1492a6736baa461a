"""Recognising a firm's place in a chain, and who supplies whom; ended, never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.catalog.models import Chain, ChainNode
from crm.companies.models import ChainPosition, Company, SupportLink
from crm.companies.operations.firms import readable, writable
from crm.companies.queries import found, visible
from crm.companies.rules import Position, may_support
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.core.versions import take


@dataclass(frozen=True)
class PositionDraft:
    """A recognition: in which chain, at which node (None: the chain as a whole), as what, by whom, when."""

    chain_id: int
    node_id: int | None
    position: Position
    recognised_by: str
    recognised_on: date
    basis: str = ""


def recognise(
    session: Session, actor: Actor, company_id: int, draft: PositionDraft, *, now: datetime
) -> ChainPosition:
    """Recognise a firm in a chain; from then on everybody reads it, its people excepted."""
    company = readable(session, actor, company_id)
    if session.get(Chain, draft.chain_id) is None:
        raise Refused(_("Choose one of the list."), field="chain_id")
    _check_node(session, draft)
    if draft.recognised_on > day_of(now):
        raise Refused(_("This day has not come yet."), field="recognised_on")
    if _holds(session, company_id, draft.chain_id):
        raise Refused(
            _("The firm has a place in this chain already. End it first."), field="chain_id"
        )
    place = ChainPosition(company_id=company_id, **vars(draft))
    record(session, actor, "company.recognised", place, on=("company", company_id), now=now)
    publish(session, actor, company, now)
    return place


def _check_node(session: Session, draft: PositionDraft) -> None:
    if draft.node_id is None:
        return
    node = session.get(ChainNode, draft.node_id)
    if node is None or node.chain_id != draft.chain_id:
        raise Refused(_("This node belongs to another chain."), field="node_id")


def _holds(
    session: Session, company_id: int, chain_id: int, position: Position | None = None
) -> bool:
    query = select(ChainPosition.id).where(
        ChainPosition.company_id == company_id,
        ChainPosition.chain_id == chain_id,
        ChainPosition.ended_on.is_(None),
    )
    if position is not None:
        query = query.where(ChainPosition.position == position)
    return session.scalar(query.limit(1)) is not None


def publish(session: Session, actor: Actor, company: Company, now: datetime) -> None:
    """Let everybody read a firm. It stays so: what all have read cannot be hidden again."""
    if not company.public:
        take(company, None)
        company.public = True
        record(session, actor, "company.published", company, now=now)


def end_recognition(
    session: Session, actor: Actor, company_id: int, position_id: int, *, day: date, now: datetime
) -> ChainPosition:
    """End a firm's place in a chain on a day; the links of a leader that it no longer is stay."""
    readable(session, actor, company_id)
    place = found(
        session.scalar(
            select(ChainPosition)
            .where(ChainPosition.id == position_id, ChainPosition.company_id == company_id)
            .with_for_update()
        )
    )
    if place.ended_on is None:
        if day < place.recognised_on:
            raise Refused(_("It cannot end before it began."))
        place.ended_on = day
        record(
            session, actor, "company.recognition_ended", place, on=("company", company_id), now=now
        )
    return place


def link_supporter(
    session: Session,
    actor: Actor,
    *,
    supporter_id: int,
    leader_id: int,
    chain_id: int,
    supplies: str = "",
    since: date | None = None,
    now: datetime,
) -> SupportLink:
    """Say that a firm supplies or serves a leader in a chain. A link that had ended holds again."""
    if not may_support(supporter_id, leader_id):
        raise Refused(_("A firm cannot be its own leader. Choose another."), field="leader_id")
    writable(session, actor, supporter_id)
    if since is not None and since > day_of(now):
        raise Refused(_("This day has not come yet."), field="since")
    if not _readable_leader(session, actor, leader_id, chain_id):
        raise Refused(
            _("This firm is not recognised as a leader of this chain."), field="leader_id"
        )
    link = session.scalar(
        select(SupportLink)
        .where(
            SupportLink.supporter_id == supporter_id,
            SupportLink.leader_id == leader_id,
            SupportLink.chain_id == chain_id,
        )
        .with_for_update()
    )
    if link is None:
        link = SupportLink(supporter_id=supporter_id, leader_id=leader_id, chain_id=chain_id)
    elif link.ended_on is None:
        raise Refused(_("The two firms are linked already."), field="leader_id")
    link.supplies, link.since, link.ended_on = supplies, since, None
    record(session, actor, "company.leader_linked", link, on=("company", supporter_id), now=now)
    return link


def _readable_leader(session: Session, actor: Actor, leader_id: int, chain_id: int) -> bool:
    seen = select(Company.id).where(Company.id == leader_id, visible(actor))
    return session.scalar(seen) is not None and _holds(
        session, leader_id, chain_id, Position.LEADER
    )


def end_support(
    session: Session, actor: Actor, company_id: int, link_id: int, *, day: date, now: datetime
) -> SupportLink:
    """End a link between a supporter and its leader on a day."""
    writable(session, actor, company_id)
    link = found(
        session.scalar(
            select(SupportLink)
            .where(SupportLink.id == link_id, SupportLink.supporter_id == company_id)
            .with_for_update()
        )
    )
    if link.ended_on is None:
        if link.since is not None and day < link.since:
            raise Refused(_("It cannot end before it began."))
        link.ended_on = day
        record(session, actor, "company.leader_unlinked", link, on=("company", company_id), now=now)
    return link
