"""Many leads at once: each by its own operation or left as it is, and the whole taken back by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record, record_values
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind, take
from crm.leads.models import BulkAction, Lead, lead_tag
from crm.leads.operations import care
from crm.leads.queries.bulk import action as own_action
from crm.leads.queries.bulk import undone
from crm.leads.queries.scope import locked, locked_for_anyone
from crm.leads.rules.bulk import MOST, UNDO_HOURS, BulkKind, Left

What = Mapping[str, Any]


@dataclass
class _Outcome:
    done: list[Any] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)


def carry_out(
    session: Session,
    actor: Actor,
    kind: BulkKind,
    rows: Mapping[int, int],
    what: What,
    *,
    now: datetime,
) -> BulkAction:
    """Do something to each of some leads; those that cannot take it are left and named, the rest is done.

    Args:
        rows: id → the version that the person saw.
        what: owner_id and note; step and on (an ISO day); or term_ids.

    Raises:
        Refused: too many, or none.
    """
    if not rows:
        raise Refused(_("Choose at least one lead."))
    if len(rows) > MOST:
        raise Refused(_("At most %(n)d leads at once.", n=MOST))
    do, outcome = _DO[kind], _Outcome()
    for lead_id, version in rows.items():
        _try(session, outcome, lead_id, partial(do, session, actor, lead_id, version, what, now))
    return _kept(session, actor, kind, what, outcome, None, now)


def undo(session: Session, actor: Actor, action_id: int, *, now: datetime) -> BulkAction:
    """Take a bulk action of one's own back, as a bulk action: leads changed since are left and named.

    Raises:
        Missing: it is not the actor's own.
        Refused: it was taken back before, or is too old.
    """
    first = own_action(session, actor, action_id, lock=True)
    if undone(session, action_id):
        raise Refused(_("This was taken back already."))
    if now - first.at > timedelta(hours=UNDO_HOURS):
        raise Refused(_("This is more than %(n)d hours ago.", n=UNDO_HOURS))
    back, outcome = _UNDO[first.kind], _Outcome()
    for lead_id, version, before in first.done:
        _try(
            session, outcome, lead_id, partial(back, session, actor, lead_id, version, before, now)
        )
    return _kept(session, actor, first.kind, first.what, outcome, first.id, now)


def _try(
    session: Session, outcome: _Outcome, lead_id: int, do: Callable[[], tuple[int, Any]]
) -> None:
    """One lead in a savepoint of its own."""
    try:
        with session.begin_nested():
            version, before = do()
    except VersionBehind:
        outcome.left.append([lead_id, Left.CHANGED.value, ""])
    except Forbidden:
        outcome.left.append([lead_id, Left.NOT_YOURS.value, ""])
    except Missing:  # nor may he learn that it is there
        outcome.left.append([lead_id, Left.CHANGED.value, ""])
    except Refused as refusal:
        outcome.left.append([lead_id, Left.REFUSED.value, str(refusal.message)])
    else:
        outcome.done.append([lead_id, version, before])


def _kept(
    session: Session,
    actor: Actor,
    kind: BulkKind,
    what: What,
    outcome: _Outcome,
    undoes_id: int | None,
    now: datetime,
) -> BulkAction:
    row = BulkAction(
        kind=kind,
        person_id=actor.id,
        at=now,
        what=dict(what),
        done=outcome.done,
        left=outcome.left,
        undoes_id=undoes_id,
    )
    session.add(row)
    session.flush()
    after = {"kind": kind, "leads_done": len(row.done), "leads_left": len(row.left)}
    record_values(session, actor, "lead.bulk", row, now=now, after=after)
    return row


# --- what is done --------------------------------------------------------------------------------


def _assign(
    session: Session, actor: Actor, lead_id: int, version: int, what: What, now: datetime
) -> tuple[int, Any]:
    before = locked(session, actor, lead_id).owner_id
    lead = care.assign(
        session, actor, lead_id, what["owner_id"], note=what.get("note", ""), version=version,
        now=now,
    )  # fmt: skip
    return lead.version, before


def _plan(
    session: Session, actor: Actor, lead_id: int, version: int, what: What, now: datetime
) -> tuple[int, Any]:
    lead = locked(session, actor, lead_id)
    before = [lead.next_step, lead.next_step_on.isoformat()]
    day = date.fromisoformat(what["on"])
    lead = care.plan_next_step(
        session, actor, lead_id, step=what["step"], on=day, version=version, now=now
    )
    return lead.version, before


def _tag(
    session: Session, actor: Actor, lead_id: int, version: int, what: What, now: datetime
) -> tuple[int, Any]:
    return _retag(session, actor, lead_id, version, what, now, off=False)


def _untag(
    session: Session, actor: Actor, lead_id: int, version: int, what: What, now: datetime
) -> tuple[int, Any]:
    return _retag(session, actor, lead_id, version, what, now, off=True)


def _retag(
    session: Session,
    actor: Actor,
    lead_id: int,
    version: int,
    what: What,
    now: datetime,
    *,
    off: bool,
) -> tuple[int, Any]:
    before = _tags(session, lead_id)
    said = set(what["term_ids"])
    wanted = before - said if off else before | said
    lead = care.set_tags(session, actor, lead_id, wanted, version=version, now=now)
    if wanted == before:
        raise Refused(_("It is so already."))
    return lead.version, sorted(before)


def _tags(session: Session, lead_id: int) -> set[int]:
    return set(session.scalars(select(lead_tag.c.term_id).where(lead_tag.c.lead_id == lead_id)))


_DO: dict[BulkKind, Callable[..., tuple[int, Any]]] = {
    BulkKind.ASSIGN: _assign,
    BulkKind.STEP: _plan,
    BulkKind.TAG: _tag,
    BulkKind.UNTAG: _untag,
}


# --- and taken back ------------------------------------------------------------------------------


def _give_back(
    session: Session, actor: Actor, lead_id: int, version: int, before: int, now: datetime
) -> tuple[int, Any]:
    """To the owner it had. Who gave it away may no longer write it; nobody has touched it since."""
    lead = locked_for_anyone(session, lead_id)
    after = lead.owner_id
    care.give_back(session, actor, lead, before, version=version, now=now)
    return lead.version, after


def _plan_again(
    session: Session, actor: Actor, lead_id: int, version: int, before: Any, now: datetime
) -> tuple[int, Any]:
    """The step it had, be its day past by now."""
    lead: Lead = locked(session, actor, lead_id)
    after = [lead.next_step, lead.next_step_on.isoformat()]
    take(lead, version)
    lead.next_step, lead.next_step_on = before[0], date.fromisoformat(before[1])
    record(session, actor, "lead.planned", lead, now=now)
    return lead.version, after


def _tag_again(
    session: Session, actor: Actor, lead_id: int, version: int, before: Any, now: datetime
) -> tuple[int, Any]:
    after = sorted(_tags(session, lead_id))
    lead = care.set_tags(session, actor, lead_id, before, version=version, now=now)
    return lead.version, after


_UNDO: dict[BulkKind, Callable[..., tuple[int, Any]]] = {
    BulkKind.ASSIGN: _give_back,
    BulkKind.STEP: _plan_again,
    BulkKind.TAG: _tag_again,
    BulkKind.UNTAG: _tag_again,
}
