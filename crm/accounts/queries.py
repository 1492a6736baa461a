"""The scope of an actor, and reads of units and people."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Person, Unit
from crm.accounts.rules import GRANTS, SEES_CONFIDENTIAL, path_end
from crm.core.actor import Actor
from crm.core.errors import Missing


def actor_of(person: Person) -> Actor:
    """The person as operations and queries see him; his unit is loaded."""
    return Actor(
        id=person.id,
        name=person.name,
        unit_id=person.unit_id,
        unit_path=person.unit.path,
        role=person.role.value,
        permissions=frozenset(permission.value for permission in GRANTS[person.role]),
        sees_confidential=person.role in SEES_CONFIDENTIAL,
    )


def units_of(actor: Actor) -> Select[int]:
    """The ids of the actor's unit and everything below it: one indexed range, for `x.unit_id.in_(…)`."""
    return units_below(actor.unit_path)


def units_below(path: str) -> Select[int]:
    """The ids of the unit with this path and everything below it."""
    if not path:
        return select(Unit.id).where(Unit.id.is_(None))
    return select(Unit.id).where(Unit.path >= path, Unit.path < path_end(path))


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """A person's unit is the actor's or below it; for lists of colleagues."""
    return Person.unit_id.in_(units_of(actor))


def units(session: Session, below: str = "/") -> list[Unit]:
    """The tree (or a part of it) in order of its paths' names: parents before children."""
    return list(
        session.scalars(
            select(Unit).where(Unit.path >= below, Unit.path < path_end(below)).order_by(Unit.path)
        )
    )


def unit(session: Session, unit_id: int) -> Unit:
    """One unit; its existence is no secret."""
    if (found := session.get(Unit, unit_id)) is None:
        raise Missing
    return found


def person(session: Session, person_id: int) -> Person:
    """One person with his unit."""
    found = session.scalar(
        select(Person)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .where(Person.id == person_id)
    )
    if found is None:
        raise Missing
    return found


def colleagues(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """(id, "name · unit") of the active people in the actor's scope who can own work, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Unit.name)
        .join(Person.unit)
        .where(Person.active, in_scope(actor))
        .order_by(Unit.path, Person.name_pinyin, Person.id)
    )
    return [(number, f"{name} · {unit_name}") for number, name, unit_name in rows]
