"""Keeping views of lists, and how one has a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Unit
from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.audit.operations import record, record_values
from crm.core.actor import Actor
from crm.core.errors import Refused
from crm.core.versions import take
from crm.lists.models import ListChoice, SavedView
from crm.lists.queries import of_person, own_view, view
from crm.lists.rules import LONGEST, MOST_VIEWS, ListName


def save(
    session: Session,
    actor: Actor,
    name: ListName,
    title: str,
    query: str,
    *,
    unit_id: int | None = None,
    now: datetime,
) -> SavedView:
    """Keep a filter and an order of a list under a name, for oneself or for the people of a unit.

    Raises:
        Refused: there are too many, the filter is too long, or the unit is not the actor's to share with.
    """
    if actor.id is None:
        raise ValueError("a view is a person's")
    own = select(func.count()).where(SavedView.person_id == actor.id, SavedView.list_name == name)
    if (session.scalar(own) or 0) >= MOST_VIEWS:
        raise Refused(_("You keep %(n)d views of this list. Remove one first.", n=MOST_VIEWS))
    _check(session, actor, query, unit_id, None)
    row = SavedView(
        list_name=name, name=title, query=query, person_id=actor.id, unit_id=unit_id, created_at=now
    )
    record(session, actor, "view.saved", row, now=now)
    return row


def change(
    session: Session,
    actor: Actor,
    view_id: int,
    *,
    title: str,
    unit_id: int | None,
    query: str | None = None,
    version: int | None = None,
    now: datetime,
) -> SavedView:
    """Rename a view of one's own, share it or not, and give it another filter (None: it keeps its own)."""
    row = own_view(session, actor, view_id, lock=True)
    take(row, version)
    _check(session, actor, query or "", unit_id, row.unit_id)
    row.name, row.unit_id = title, unit_id
    if query is not None:
        row.query = query
    record(session, actor, "view.changed", row, now=now)
    return row


def remove(session: Session, actor: Actor, view_id: int, *, now: datetime) -> None:
    """Take a view of one's own away; whose list opened with it sees all again."""
    row = own_view(session, actor, view_id, lock=True)
    before = {"name": row.name, "query": row.query, "unit_id": row.unit_id}
    record_values(session, actor, "view.removed", row, now=now, before=before)
    for choice in session.scalars(select(ListChoice).where(ListChoice.view_id == view_id)):
        choice.view_id = None
    session.flush()
    session.delete(row)
    session.flush()


def choose_columns(
    session: Session, actor: Actor, name: ListName, columns: Sequence[str], *, now: datetime
) -> None:
    """Say which columns one's list has; none: the usual ones."""
    row = _choice(session, actor, name)
    row.columns = list(columns)
    record(session, actor, "list.columns_chosen", row, now=now)


def choose_first(
    session: Session, actor: Actor, name: ListName, view_id: int | None, *, now: datetime
) -> None:
    """Say with which view one's list opens; None: with everything.

    Raises:
        Missing: it is another's, and not shared with his unit.
    """
    if view_id is not None:
        view(session, actor, view_id)
    row = _choice(session, actor, name)
    row.view_id = view_id
    record(session, actor, "list.first_chosen", row, now=now)


def _choice(session: Session, actor: Actor, name: ListName) -> ListChoice:
    if actor.id is None:
        raise ValueError("a choice is a person's")
    return of_person(session, actor, name) or ListChoice(
        person_id=actor.id, list_name=name, columns=[]
    )


def _check(
    session: Session, actor: Actor, query: str, unit_id: int | None, before: int | None
) -> None:
    if len(query) > LONGEST:
        raise Refused(_("This filter is too long to be kept."))
    if unit_id in (None, before):
        return
    within = select(Unit.id).where(Unit.id == unit_id, Unit.id.in_(units_of(actor)))
    if not actor.may(Permission.LEAD_WRITE) or session.scalar(within) is None:
        raise Refused(_("Share it with your unit or one below it."), field="unit_id")
