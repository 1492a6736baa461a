"""Who gets letters and how he wants them; what was written to whom already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Person
from crm.accounts.queries import actor_of
from crm.accounts.rules import Role
from crm.agenda.rules import Kind, Source
from crm.catalog.models import Setting
from crm.core.actor import Actor
from crm.notices.models import Letter
from crm.notices.rules import LetterKind
from crm.reminders.models import LetterLine, LetterWishes
from crm.reminders.rules.parts import Key
from crm.reminders.rules.schedule import Policy, Wishes

WRITTEN_TO = (Role.OFFICER, Role.REVIEWER, Role.MANAGER, Role.LEADER)
"""Whose work the letters tell of; who runs or audits the house has no negotiations."""

POLICY = "letters"
"""The key of the house's setting."""


@dataclass(frozen=True)
class Recipient:
    """Somebody letters are written to: active, with his wishes."""

    id: int
    name: str
    unit: str
    email: str
    language: str
    role: Role
    actor: Actor
    wishes: Wishes


def recipients(session: Session, only: Collection[int] | None = None) -> list[Recipient]:
    """All of them, or those of some numbers, in the order of their numbers; one query."""
    query = (
        select(Person, LetterWishes)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .outerjoin(LetterWishes, LetterWishes.person_id == Person.id)
        .where(Person.active, Person.role.in_(WRITTEN_TO))
        .order_by(Person.id)
    )
    if only is not None:
        query = query.where(Person.id.in_(only))
    return [
        Recipient(
            person.id,
            person.name,
            person.unit.name,
            person.email,
            person.language,
            person.role,
            actor_of(person),
            wishes_of(row),
        )
        for person, row in session.execute(query)
    ]


def wishes_of(row: LetterWishes | None) -> Wishes:
    """A person's settings as the rules read them."""
    if row is None:
        return Wishes()
    return Wishes(row.weekday, row.hour, row.paused_until, row.when_empty, row.friday, row.daily)


def wishes_row(session: Session, person_id: int) -> LetterWishes | None:
    """A person's own settings; None while he has changed nothing."""
    return session.scalar(select(LetterWishes).where(LetterWishes.person_id == person_id))


@dataclass(frozen=True)
class SavedPolicy:
    """The house's setting with its version; 0: never edited."""

    policy: Policy
    version: int


def policy(session: Session) -> SavedPolicy:
    """What the house has set, else the defaults."""
    row = session.scalar(select(Setting).where(Setting.key == POLICY))
    if row is None:
        return SavedPolicy(Policy(), 0)
    told: dict[str, Any] = dict(row.value)
    return SavedPolicy(Policy(**{**told, "domains": tuple(told.get("domains", ()))}), row.version)


def written(session: Session, slots: Collection[str]) -> set[tuple[int, LetterKind, str]]:
    """Who has a letter of these slots, put out or skipped."""
    rows = session.execute(
        select(Letter.person_id, Letter.kind, Letter.slot).where(Letter.slot.in_(slots))
    )
    return {(person, kind, slot) for person, kind, slot in rows}


def lines_known(session: Session, weeks: Collection[str]) -> dict[Key, tuple[str, int]]:
    """The lines that stood in letters of these weeks: the week, and for how many weeks running."""
    line = LetterLine
    rows = session.execute(
        select(
            line.person_id,
            line.source,
            line.subject_id,
            line.part,
            line.kind,
            line.week,
            line.weeks,
        ).where(line.week.in_(weeks))
    )
    return {
        (person, Source(source), number, part, Kind(kind)): (week, running)
        for person, source, number, part, kind, week, running in rows
    }
