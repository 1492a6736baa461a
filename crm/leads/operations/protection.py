"""First reports (首报首谈): filed, kept alive by contacts, extended, given up, contested, ruled on."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.claims.models import Contest, Protection
from crm.claims.rules import (
    ClaimState,
    Ending,
    Ruling,
    contacted,
    filed,
    may_renew,
    names_somebody,
    renewed,
    state_on,
)
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.leads.models import Lead
from crm.leads.operations.history import remark
from crm.leads.queries.protection import living, may_extend, rival, ruled_by, terms
from crm.leads.queries.scope import locked
from crm.leads.rules.kinds import EventKind, Stage, Standing


def file(session: Session, actor: Actor, lead_id: int, *, now: datetime) -> Protection:
    """报备: reserve the investor of a lead for the unit that files first.

    Raises:
        Missing, Forbidden: not for this actor.
        Refused: the lead names no investor, is lost or signed, or somebody holds the firm.
    """
    lead = locked(session, actor, lead_id)
    firm = _firm(session, lead)
    today = day_of(now)
    if living(session, lead, firm, today) is not None:
        other = rival(session, actor, lead, today)
        if other is None:
            raise Refused(_("The first report is filed already."))
        if other.found.secret:
            raise Refused(_("Another unit is in talks. Please ask the city bureau."))
        raise Refused(
            _("Another unit holds the first report of this firm. You can contest it, or wait.")
        )
    _set_aside(session, actor, firm, today, now)
    return _begin(session, actor, lead, firm, now)


def contacted_on(
    session: Session, actor: Actor, lead_id: int, *, day: date, with_whom: str, now: datetime
) -> None:
    """A contact was logged: with a named person it begins a protection, or keeps it alive.

    Called by the follow-up log, which has written the contact itself and asked whether the actor may. What
    has lapsed by the day of the log is not revived, however far back the contact is dated.
    """
    claim = _living_of(session, lead_id)
    if claim is None or not names_somebody(with_whom):
        return
    lead = session.get_one(Lead, lead_id)
    before = claim.days
    if claim.company_id != lead.company_id:
        return
    if not state_on(before, claim.ended_on, day_of(now)).holds:
        return
    after = contacted(before, day, terms(session))
    if after == before:
        return
    claim.take_days(after)
    take(claim, None)
    if before.since is None:
        remark(
            session, actor, lead, EventKind.PROTECTED, claim,
            action="protection.begun", day=day, now=now,
        )  # fmt: skip
        return
    record(session, actor, "protection.kept_alive", claim, now=now, on=("lead", lead_id))


def renew(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    why: str,
    version: int | None = None,
    now: datetime,
) -> Protection:
    """展期: a manager extends a protection by another term, in the last days before its end, and says why.

    Raises:
        Forbidden: the actor does not manage the lead's unit.
        Refused: too early, too late, or no reason.
    """
    lead, claim = _held(session, actor, lead_id, version, now)
    if not may_extend(session, actor, lead):
        raise Forbidden
    limits = terms(session)
    if not why:
        raise Refused(_("Say how far the talks are."), field="why")
    if not may_renew(claim.days, day_of(now), limits):
        raise Refused(
            _("A protection is extended within the last %(n)d days before its end.", n=limits.warn)
        )
    claim.take_days(renewed(claim.days, limits))
    claim.renewals += 1
    remark(
        session, actor, lead, EventKind.RENEWED, claim,
        action="protection.renewed", day=day_of(now), note=why, now=now,
    )  # fmt: skip
    return claim


def release(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    why: str,
    version: int | None = None,
    now: datetime,
) -> Protection:
    """释放: give a first report up before its days are over, so that others can file."""
    lead, claim = _held(session, actor, lead_id, version, now)
    if not why:
        raise Refused(_("Say why."), field="why")
    _end(claim, Ending.RELEASED, day_of(now), why)
    remark(
        session, actor, lead, EventKind.RELEASED, claim,
        action="protection.released", day=day_of(now), note=why, now=now,
    )  # fmt: skip
    return claim


def contest(session: Session, actor: Actor, lead_id: int, *, reason: str, now: datetime) -> Contest:
    """争议: ask the city's managers to rule on a first report that another lead holds.

    Raises:
        Refused: nobody holds the firm, it was asked already, or no reason.
    """
    lead = locked(session, actor, lead_id)
    _firm(session, lead)
    held = rival(session, actor, lead, day_of(now))
    if held is None:
        raise Refused(_("Nobody holds this firm: file it yourself."))
    if not reason:
        raise Refused(_("Say why."), field="reason")
    asked = select(Contest.id).where(
        Contest.protection_id == held.claim_id,
        Contest.lead_id == lead.id,
        Contest.ruling.is_(None),
    )
    if session.scalar(asked) is not None:
        raise Refused(_("This waits for a ruling already."))
    row = Contest(
        protection_id=held.claim_id,
        lead_id=lead.id,
        reason=reason,
        asked_by=actor.id if actor.id is not None else lead.owner_id,
        asked_at=now,
    )
    remark(
        session, actor, lead, EventKind.CONTESTED, row,
        action="protection.contested", day=day_of(now), note=reason, now=now,
    )  # fmt: skip
    return row


def rule(
    session: Session,
    actor: Actor,
    contest_id: int,
    ruling: Ruling,
    *,
    why: str,
    version: int | None = None,
    now: datetime,
) -> Contest:
    """裁定: a city manager leaves a first report where it is, or passes it to the claimant's lead.

    Passed on, it begins anew there as a reservation. If it has ended meanwhile, the firm is free and the
    claimant's is filed.

    Raises:
        Missing: there is no such contest for this actor.
        Refused: no reason, ruled already, or somebody else holds the firm meanwhile.
    """
    row = session.scalar(
        select(Contest).where(Contest.id == contest_id, ruled_by(actor)).with_for_update()
    )
    if row is None:
        raise Missing
    claim = session.get_one(Protection, row.protection_id, with_for_update=True)
    leads = {
        number: locked(session, actor, number) for number in sorted((claim.lead_id, row.lead_id))
    }
    holder, claimant = leads[claim.lead_id], leads[row.lead_id]
    take(row, version)
    if row.ruling is not None:
        raise Refused(_("This has been ruled on already."))
    if not why:
        raise Refused(_("Say why."), field="why")
    row.ruling, row.why, row.ruled_by, row.ruled_at = ruling, why, actor.id, now
    for lead in (holder, claimant):
        remark(
            session, actor, lead, EventKind.RULED, row,
            action="protection.ruled", day=day_of(now), note=why, now=now,
        )  # fmt: skip
    if ruling is Ruling.PASSES:
        _pass_on(session, actor, claim, holder, claimant, why, now)
    return row


def _pass_on(
    session: Session,
    actor: Actor,
    claim: Protection,
    holder: Lead,
    claimant: Lead,
    why: str,
    now: datetime,
) -> None:
    today = day_of(now)
    firm = _firm(session, claimant)
    if claim.ending is None:
        take(claim, None)
        _end(claim, Ending.OVERRULED, today, why)
        record(session, actor, "protection.overruled", claim, now=now, on=("lead", holder.id))
    if living(session, claimant, firm, today) is not None:
        raise Refused(_("Meanwhile another lead holds this firm. Rule on that one."))
    _set_aside(session, actor, firm, today, now)
    _begin(session, actor, claimant, firm, now)


def _begin(session: Session, actor: Actor, lead: Lead, firm: Company, now: datetime) -> Protection:
    claim = Protection(
        lead_id=lead.id,
        company_id=firm.id,
        firm_key=firm.name_key,
        filed_by=actor.id if actor.id is not None else lead.owner_id,
        filed_at=now,
        **vars(filed(day_of(now), terms(session))),
    )
    remark(
        session, actor, lead, EventKind.FILED, claim,
        action="protection.filed", day=day_of(now), now=now,
    )  # fmt: skip
    return claim


def _set_aside(session: Session, actor: Actor, firm: Company, today: date, now: datetime) -> None:
    """End in the books what holds no longer, so that one living row stands for the firm."""
    over = session.scalars(
        select(Protection)
        .where(
            Protection.ending.is_(None),
            or_(Protection.firm_key == firm.name_key, Protection.company_id == firm.id),
        )
        .order_by(Protection.id)
        .with_for_update()
    )
    for claim in over.all():
        take(claim, None)
        _end(claim, Ending.LAPSED, min(today, claim.holds_until), "")
        record(session, actor, "protection.lapsed", claim, now=now, on=("lead", claim.lead_id))


def _end(claim: Protection, ending: Ending, day: date, why: str) -> None:
    claim.ending, claim.ended_on, claim.why = ending, day, why


def _held(
    session: Session, actor: Actor, lead_id: int, version: int | None, now: datetime
) -> tuple[Lead, Protection]:
    """A lead that the actor may change, and its first report that holds."""
    lead = locked(session, actor, lead_id)
    claim = _living_of(session, lead_id)
    if claim is None or claim.company_id != lead.company_id:
        raise Refused(_("No first report of this lead holds."))
    take(claim, version)
    if state_on(claim.days, claim.ended_on, day_of(now)) is ClaimState.LAPSED:
        raise Refused(_("The first report has lapsed. File it again."))
    return lead, claim


def _living_of(session: Session, lead_id: int) -> Protection | None:
    return session.scalar(
        select(Protection)
        .where(Protection.lead_id == lead_id, Protection.ending.is_(None))
        .order_by(Protection.id.desc())
        .limit(1)
        .with_for_update()
    )


def _firm(session: Session, lead: Lead) -> Company:
    """The named investor of a lead that is being worked."""
    if lead.standing is Standing.LOST or lead.stage is Stage.SIGNED:
        raise Refused(_("The lead is lost or signed: there is nothing to protect."))
    firm = session.get(Company, lead.company_id) if lead.company_id is not None else None
    if firm is None:
        raise Refused(_("A lead without a named investor cannot be protected. Name it first."))
    return firm
