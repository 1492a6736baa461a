"""Whose views a person has as tabs, and what he chose for a list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.models import Unit
from crm.accounts.queries import units_of
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.forms import Option
from crm.lists.models import ListChoice, SavedView
from crm.lists.rules import ListName


@dataclass(frozen=True)
class Chosen:
    """How a person has a list.

    Attributes:
        tabs: his own views, then those shared with him.
        columns: () for the usual ones.
        first: the view that the list opens with.
    """

    tabs: list[SavedView]
    columns: tuple[str, ...] = ()
    first: SavedView | None = None


def chosen(session: Session, actor: Actor, name: ListName) -> Chosen:
    """The tabs, columns and first view that somebody has of a list, in two queries."""
    tabs = list(
        session.scalars(
            select(SavedView)
            .where(SavedView.list_name == name, visible(actor))
            .options(joinedload(SavedView.person), joinedload(SavedView.unit))
            .order_by(SavedView.person_id != actor.id, SavedView.name, SavedView.id)
        )
    )
    choice = of_person(session, actor, name)
    if choice is None:
        return Chosen(tabs)
    first = next((tab for tab in tabs if tab.id == choice.view_id), None)
    return Chosen(tabs, tuple(choice.columns), first)


def of_person(session: Session, actor: Actor, name: ListName) -> ListChoice | None:
    """The row that keeps what somebody chose."""
    query = select(ListChoice).where(ListChoice.person_id == actor.id, ListChoice.list_name == name)
    return session.scalar(query)


def view(session: Session, actor: Actor, view_id: int) -> SavedView:
    """A view that somebody has as a tab.

    Raises:
        Missing: it is another's, and not shared with his unit.
    """
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, visible(actor)))
    if found is None:
        raise Missing
    return found


def own_view(session: Session, actor: Actor, view_id: int, *, lock: bool = False) -> SavedView:
    """A view of one's own; locked where it is about to be changed.

    Raises:
        Missing: it is not one's own.
    """
    mine = select(SavedView).where(SavedView.id == view_id, SavedView.person_id == actor.id)
    found = session.scalar(mine.with_for_update() if lock else mine)
    if found is None:
        raise Missing
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """One's own views, and those shared with one's unit or a unit above it."""
    above = [int(part) for part in actor.unit_path.split("/") if part]
    return or_(SavedView.person_id == actor.id, SavedView.unit_id.in_(above))


def sharing_options(session: Session, actor: Actor) -> list[Option]:
    """With which units somebody may share a view: his own and those below it."""
    rows = session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.id.in_(units_of(actor)), Unit.active)
        .order_by(Unit.path)
    )
    return [(str(number), name) for number, name in rows]
