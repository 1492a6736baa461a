"""First reports, read: who holds a firm, how long still, what is contested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.models import Unit
from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.catalog.queries import clocks
from crm.claims.models import Contest, Protection, TwinCase
from crm.claims.rules import ClaimState, Judgement, Terms, days_left, state_on
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.leads.models import Lead
from crm.leads.queries.duplicates import Found, Hidden
from crm.leads.queries.holding import in_hand, same_firm
from crm.leads.queries.scope import readable
from crm.leads.queries.twins import shown
from crm.leads.rules.duplicates import Likeness
from crm.leads.rules.kinds import Stage, Standing

MOST = 100


def terms(session: Session) -> Terms:
    """The days in force, for what is filed from now on."""
    limits = clocks(session)
    return Terms(
        reserve=limits.protect_reserve,
        protect=limits.protect_days,
        silence=limits.protect_silence,
        warn=limits.protect_warn,
    )


# --- what a lead holds -------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A lead's first report on a day.

    Attributes:
        left: days until the last one; negative once it has lapsed.
        warn: its holder should act.
    """

    claim: Protection
    state: ClaimState
    left: int
    warn: bool


def of_leads(session: Session, leads: Iterable[Lead], today: date) -> dict[int, Held]:
    """What of these leads holds, by the lead's number, for the badges of a list: one statement."""
    rows = {lead.id: lead for lead in leads if counts(lead)}
    claims = session.scalars(
        select(Protection).where(
            Protection.lead_id.in_(rows),
            Protection.ending.is_(None),
            Protection.holds_until >= today,
        )
    )
    return {
        claim.lead_id: _held(claim, today)
        for claim in claims
        if claim.company_id == rows[claim.lead_id].company_id
    }


def of_lead(session: Session, lead: Lead, today: date) -> Held | None:
    """The last first report of a lead's present investor, whether it still holds or not."""
    claim = session.scalar(
        select(Protection)
        .where(Protection.lead_id == lead.id, Protection.company_id == lead.company_id)
        .order_by(Protection.id.desc())
        .limit(1)
    )
    if claim is None:
        return None
    held = _held(claim, today)
    return held if counts(lead) else Held(claim, ClaimState.ENDED, held.left, warn=False)


def counts(lead: Lead) -> bool:
    """Whether a lead can hold anything: it is neither lost nor signed."""
    return lead.standing is not Standing.LOST and lead.stage is not Stage.SIGNED


def _held(claim: Protection, today: date) -> Held:
    state = state_on(claim.days, claim.ended_on, today)
    return Held(
        claim, state, days_left(claim.days, today), state.holds and claim.warn_from <= today
    )


# --- others who hold the firm ------------------------------------------------------------------


def living(
    session: Session, lead: Lead, firm: Company, today: date, *, others: bool = False
) -> Any:
    """(Protection, Lead, unit) of the lead that holds the firm of a lead.

    A firm is one by its number, by its name's key, or by the credit code that sent the two leads to be
    judged, unless they were found to be different projects.

    Args:
        others: the lead itself is not meant.
    """
    twins = select(TwinCase.other_id).where(
        TwinCase.lead_id == lead.id,
        or_(TwinCase.judgement.is_(None), TwinCase.judgement != Judgement.DIFFERENT),
    )
    query = (
        select(Protection, Lead, Unit.name)
        .join(Lead, Lead.id == Protection.lead_id)
        .join(Unit, Unit.id == Lead.unit_id)
        .options(joinedload(Lead.company), joinedload(Lead.owner))
        .where(
            same_firm(),
            in_hand(),
            Protection.holds_until >= today,
            or_(
                Protection.company_id == firm.id,
                Protection.firm_key == firm.name_key,
                Lead.id.in_(twins),
            ),
        )
        .order_by(Protection.id)
        .limit(1)
    )
    if others:
        query = query.where(Lead.id != lead.id)
    return session.execute(query).first()


@dataclass(frozen=True)
class Rival:
    """Who holds the firm of a lead, as far as the reader may know.

    Attributes:
        lead: the other lead, if he may open it.
        unit, since, until: of one that is hidden but not confidential.
        found: the same as the duplicate check's answer, to be told and counted by its rules.
    """

    claim_id: int
    lead: Lead | None
    unit: str
    since: date | None
    until: date | None
    found: Found


def rival(session: Session, actor: Actor, lead: Lead, today: date) -> Rival | None:
    """Who else holds the firm of a lead that the actor reads; None: it is free."""
    firm = session.get(Company, lead.company_id) if lead.company_id is not None else None
    row = living(session, lead, firm, today, others=True) if firm is not None else None
    if row is None:
        return None
    claim, other, unit = row
    seen = select(Lead.id).where(Lead.id == other.id, readable(actor))
    if session.scalar(seen) is not None:
        return Rival(claim.id, other, unit, claim.filed_on, claim.holds_until, Found())
    if other.confidential:
        return Rival(claim.id, None, "", None, None, Found(secret=[other.id]))
    hidden = Hidden(Likeness.NAME, other.id, other.stage, other.standing, unit, other.entered_on)
    return Rival(claim.id, None, unit, claim.filed_on, claim.holds_until, Found(hidden=[hidden]))


def may_extend(session: Session, actor: Actor, lead: Lead) -> bool:
    """Whether the actor manages the unit of a lead that he reads: an officer does not extend his own."""
    if not actor.may(Permission.LEAD_WRITE_UNIT):
        return False
    managed = select(Lead.id).where(Lead.id == lead.id, Lead.unit_id.in_(units_of(actor)))
    return session.scalar(managed) is not None


# --- contests ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dispute:
    """A contest with the first report it is about, the holder's lead and the claimant's."""

    contest: Contest
    claim: Protection
    holder: Lead
    claimant: Lead


def ruled_by(actor: Actor) -> ColumnElement[bool]:
    """The contests a city manager rules on: both leads are in his scope, which is the whole bureau's."""
    if not (actor.may(Permission.LEAD_WRITE_UNIT) and _of_city(actor)):
        return false()
    managed = select(Lead.id).where(readable(actor), Lead.unit_id.in_(units_of(actor)))
    held = select(Protection.id).where(Protection.lead_id.in_(managed))
    return and_(Contest.lead_id.in_(managed), Contest.protection_id.in_(held))


def open_disputes(session: Session, actor: Actor) -> list[Dispute]:
    """What waits for the actor's ruling, the oldest first."""
    waiting = select(Contest).where(Contest.ruling.is_(None), ruled_by(actor))
    return _disputes(session, waiting.order_by(Contest.asked_at, Contest.id).limit(MOST))


def ruled_disputes(session: Session, actor: Actor, limit: int = 20) -> list[Dispute]:
    """What was ruled last."""
    done = select(Contest).where(Contest.ruling.is_not(None), ruled_by(actor))
    return _disputes(
        session, done.order_by(Contest.ruled_at.desc(), Contest.id.desc()).limit(limit)
    )


def dispute(session: Session, actor: Actor, contest_id: int) -> Dispute:
    """One contest.

    Raises:
        Missing: there is none for this actor.
    """
    found = _disputes(session, select(Contest).where(Contest.id == contest_id, ruled_by(actor)))
    if not found:
        raise Missing
    return found[0]


def contests_of(session: Session, lead_id: int) -> list[Contest]:
    """The contests that a lead has raised, the latest first. The caller has read the lead as the actor."""
    query = select(Contest).where(Contest.lead_id == lead_id).order_by(Contest.id.desc())
    return list(session.scalars(query.limit(MOST)))


def _of_city(actor: Actor) -> bool:
    """The bureau stands at the root of the tree: its path has one number."""
    return actor.unit_path.count("/") == 2


def _disputes(session: Session, query: Any) -> list[Dispute]:
    contests = session.scalars(query).all()
    claims = {
        row.id: row
        for row in session.scalars(
            select(Protection).where(Protection.id.in_({one.protection_id for one in contests}))
        )
    }
    numbers = {one.lead_id for one in contests} | {row.lead_id for row in claims.values()}
    leads = shown(session, numbers)
    return [
        Dispute(one, claim, leads[claim.lead_id], leads[one.lead_id])
        for one in contests
        for claim in (claims[one.protection_id],)
    ]
