"""Moves between stages, holds, losses and the way back: what the rules' tables allow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.core.versions import take
from crm.leads.models import FOREVER, Lead, LeadEvent
from crm.leads.operations import history
from crm.leads.operations.sharing import share
from crm.leads.queries.history import facts
from crm.leads.queries.scope import locked, locked_for_anyone
from crm.leads.rules.kinds import EventKind, Stage, Standing
from crm.leads.rules.moves import DEMANDS, STEPS, Demand, Door, Fault, check_move, check_step

REFUSALS: dict[Fault, tuple[Any, str | None]] = {
    Fault.ENTERED_LATER: (
        _l("The lead was entered later. Choose its entry day or a later one."),
        "day",
    ),
    Fault.FUTURE: (_l("This day is still to come."), "day"),
    Fault.NEEDS_INVESTOR: (
        _l("From negotiating on the investor has a name. Name it on the lead first."),
        None,
    ),
    Fault.NEEDS_REASON: (_l("Say why: choose a reason or write one."), "reason_id"),
    Fault.NEEDS_REVIEW: (
        _l(
            "An agreement is drafted after a project review that says go on. Record the review first."
        ),
        None,
    ),
    Fault.NEEDS_UNTIL: (_l("Say until when: a day after the one it is put on hold."), "until"),
    Fault.NO_SUCH_STEP: (_l("The lead cannot take this step from where it stands."), None),
    Fault.NOT_OPEN: (_l("The lead is on hold or lost. Resume or reopen it first."), None),
    Fault.ONLY_BY_SIGNING: (_l("A lead is signed through its agreement. Use “Sign”."), None),
    Fault.ONLY_BY_TERMINATION: (
        _l("A signed lead goes back only when all its projects are terminated."),
        None,
    ),
    Fault.OVERTAKES: (
        _l("After this day the lead stood in an earlier stage. Choose a later day."),
        "day",
    ),
    Fault.SAME: (_l("The lead stood in this stage already on that day."), "target"),
    Fault.SIGNED: (_l("A signed lead is neither put on hold nor lost."), None),
}
"""What a person is told, and beside which field."""


def move(
    session: Session,
    actor: Actor,
    lead_id: int,
    target: Stage,
    *,
    day: date | None = None,
    reason_id: int | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Move a lead to another stage by its own door: every move but signing and its undoing.

    Raises:
        Refused: the table does not allow it, or a demand is not met.
    """
    lead = locked(session, actor, lead_id)
    take(lead, version)
    _carry_out(session, actor, lead, target, Door.STAGE, day, reason_id, note, now)
    return lead


def move_lead(
    session: Session,
    actor: Actor,
    lead_id: int,
    target: Stage,
    *,
    door: Door,
    day: date,
    company_id: int | None = None,
    reason_id: int | None = None,
    note: str = "",
    now: datetime,
) -> Lead:
    """The move that `projects` makes: signing a lead, or leaving 签约 when its last project has ended.

    Args:
        company_id: who signed; becomes the investor of a lead that had none.

    Signing asks for the right to write the lead. The end of a project was allowed by `projects`, whose
    reviewer may not even read the lead; nothing of it is handed back to him but its id.
    """
    signing = door is Door.SIGNING
    lead = locked(session, actor, lead_id) if signing else locked_for_anyone(session, lead_id)
    take(lead, None)
    unnamed = lead.company_id is None and company_id is not None
    if unnamed:
        lead.company_id = company_id
    if signing:
        _plan_nothing(lead)
    _carry_out(session, actor, lead, target, door, day, reason_id, note, now)
    if unnamed:
        share(session, lead)
    return lead


def hold(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    until: date | None,
    day: date | None = None,
    reason_id: int | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """搁置: put a lead on hold until a day, or move that day."""
    return _step(
        session, actor, lead_id, EventKind.HELD, TermKind.HOLD_REASON,
        day=day, until=until, reason_id=reason_id, note=note, version=version, now=now,
    )  # fmt: skip


def resume(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    day: date | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """恢复: work a lead on hold again."""
    return _step(
        session, actor, lead_id, EventKind.RESUMED, None,
        day=day, note=note, version=version, now=now,
    )  # fmt: skip


def lose(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    day: date | None = None,
    reason_id: int | None = None,
    note: str = "",
    competing_place: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """流失: give a lead up, with the reason and the place it went to."""
    return _step(
        session, actor, lead_id, EventKind.LOST, TermKind.LOST_REASON,
        day=day, reason_id=reason_id, note=note, version=version, now=now,
        competing_place=competing_place,
    )  # fmt: skip


def reopen(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    day: date | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """重启: work a lost lead again, and say why."""
    return _step(
        session, actor, lead_id, EventKind.REOPENED, None,
        day=day, note=note, version=version, now=now,
    )  # fmt: skip


def _carry_out(
    session: Session,
    actor: Actor,
    lead: Lead,
    target: Stage,
    door: Door,
    day: date | None,
    reason_id: int | None,
    note: str,
    now: datetime,
) -> None:
    day = day or day_of(now)
    wrong = check_move(
        target,
        day,
        facts(session, lead, day, day_of(now), reviewed=Demand.REVIEW in DEMANDS.get(target, ())),
        door=door,
        reason=bool(reason_id or note),
    )
    if wrong:
        raise Refused(*REFUSALS[wrong[0]])
    kind = TermKind.BACK_REASON if door is Door.STAGE else TermKind.TERMINATION_REASON
    _check_reason(session, reason_id, kind)
    history.change(
        session, actor, lead, EventKind.MOVED, {"stage": target},
        action="lead.moved", day=day, reason_id=reason_id, note=note, now=now,
    )  # fmt: skip


def _step(
    session: Session,
    actor: Actor,
    lead_id: int,
    kind: EventKind,
    reasons: TermKind | None,
    *,
    day: date | None,
    until: date | None = None,
    reason_id: int | None = None,
    note: str = "",
    competing_place: str = "",
    version: int | None,
    now: datetime,
) -> Lead:
    lead = locked(session, actor, lead_id)
    take(lead, version)
    day = day or day_of(now)
    wrong = check_step(
        kind,
        day,
        facts(session, lead, day, day_of(now), reviewed=False),
        until=until,
        reason=bool(reason_id or note),
    )
    if wrong:
        field = {Fault.NEEDS_REASON: "reason_id" if reasons else "note"}
        text, place = REFUSALS[wrong[0]]
        raise Refused(text, field.get(wrong[0], place))
    if reasons is not None:
        _check_reason(session, reason_id, reasons)
    target = STEPS[kind].target
    if not _stepped_after(session, lead.id, day):
        if target is Standing.LOST:
            _plan_nothing(lead)
        lead.standing_until = until
        lead.standing_reason_id = reason_id
        lead.competing_place = competing_place
        if target is Standing.OPEN:
            lead.silent_from = max(lead.silent_from, day)
    history.change(
        session, actor, lead, kind, {"standing": target},
        action=f"lead.{kind.value}", day=day, reason_id=reason_id, note=note, now=now,
    )  # fmt: skip
    return lead


def _plan_nothing(lead: Lead) -> None:
    """A lead that leaves the road has no next step: signed, the project has one."""
    lead.next_step = ""
    lead.next_step_on = FOREVER


def _stepped_after(session: Session, lead_id: int, day: date) -> bool:
    """Whether a later day has a step of its own, which then says what holds today."""
    later = exists().where(
        LeadEvent.lead_id == lead_id, LeadEvent.kind.in_(list(STEPS)), LeadEvent.day > day
    )
    with session.no_autoflush:
        return bool(session.scalar(select(later)))


def _check_reason(session: Session, reason_id: int | None, kind: TermKind) -> None:
    if reason_id is None:
        return
    with session.no_autoflush:
        term = session.get(Term, reason_id)
    if term is None or term.kind is not kind:
        raise Refused(_l("Choose one of the list."), "reason_id")
