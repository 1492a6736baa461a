"""The scope of an actor, and reads of units, people and their sign-ins.

Who works where is no secret inside the house; the pages of people and units are the administrators'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Invitation, KnownDevice, Person, SignIn, Unit
from crm.accounts.rules import GRANTS, SEES_CONFIDENTIAL, Role, UnitKind, path_end, token_hash
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.paging import Page, Sort, turn
from crm.values.text import search_key

# --- the scope of an actor ---------------------------------------------------------------------


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
    return select(Unit.id).where(below(path))


def below(path: str) -> ColumnElement[bool]:
    """Units that are the one with this path or below it: one range of an index."""
    return and_(Unit.path >= path, Unit.path < path_end(path))


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """A person's unit is the actor's or below it; for lists of colleagues."""
    return Person.unit_id.in_(units_of(actor))


def at_bureau(session: Session, actor: Actor) -> bool:
    """Whether his unit is the bureau itself, where what is the city's is decided."""
    kind = session.scalar(select(Unit.kind).where(Unit.id == actor.unit_id))
    return kind is UnitKind.BUREAU


# --- units -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """A unit in its place in the tree.

    Attributes:
        depth: 0 for the bureau.
        people: how many active people are in it, those of the units below not counted.
    """

    unit: Unit
    depth: int
    people: int


def tree(session: Session) -> list[Branch]:
    """All units, each before those below it; neighbours in the order in which they were added."""
    inside = func.count(Person.id).filter(Person.active)
    rows = session.execute(
        select(Unit, inside).outerjoin(Person, Person.unit_id == Unit.id).group_by(Unit.id)
    ).all()
    steps = {
        unit.id: tuple(int(step) for step in unit.path.strip("/").split("/")) for unit, _ in rows
    }
    ordered = sorted(rows, key=lambda row: steps[row[0].id])
    return [Branch(unit, len(steps[unit.id]) - 1, people) for unit, people in ordered]


def unit_options(session: Session) -> list[tuple[str, str]]:
    """(id, name indented by its depth) of the open units, in the order of the tree."""
    return [
        (str(branch.unit.id), "\u3000" * branch.depth + branch.unit.name)
        for branch in tree(session)
        if branch.unit.active
    ]


def units(session: Session, below: str = "/") -> list[Unit]:
    """The tree (or a part of it) in order of its paths: parents before children."""
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


# --- people ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeopleFilter:
    """What the list of people is narrowed to; kept in the address.

    Attributes:
        unit: everybody in this unit or below it.
        state: "active" (also when nothing is said), "disabled", "invited" (no password yet), "all".
    """

    q: str = ""
    unit: int | None = None
    role: Role | None = None
    state: str = "active"

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> PeopleFilter:
        """What an address asks for; what cannot be read is left out."""
        unit_text, role, state = args.get("unit", ""), args.get("role", ""), args.get("state", "")
        return cls(
            q=args.get("q", "").strip()[:60],
            unit=int(unit_text)
            if unit_text.isascii() and unit_text.isdecimal() and len(unit_text) < 19
            else None,
            role=Role(role) if role in set(Role) else None,
            state=state if state in {"disabled", "invited", "all"} else "active",
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """As the database reads it."""
        found: list[ColumnElement[bool]] = []
        if key := search_key(self.q):
            found.append(
                or_(
                    Person.name.icontains(self.q, autoescape=True),
                    Person.name_pinyin.contains(key, autoescape=True),
                    Person.username.contains(key, autoescape=True),
                )
            )
        if self.unit is not None:
            path = select(Unit.path).where(Unit.id == self.unit).scalar_subquery()
            found.append(Unit.path.startswith(path))
        if self.role is not None:
            found.append(Person.role == self.role)
        if self.state == "active":
            found.append(Person.active.is_(True))
        elif self.state == "disabled":
            found.append(~Person.active)
        elif self.state == "invited":
            found.append(Person.active & Person.password_hash.is_(None))
        return found


def people(
    session: Session, wanted: PeopleFilter, *, after: str | None = None, before: str | None = None
) -> Page[Person]:
    """One page of people with their units, by name."""
    query = (
        select(Person)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .where(*wanted.conditions())
    )
    return turn(session, query, Sort(Person.name_pinyin, Person.id), after=after, before=before)  # type: ignore[arg-type]


def how_many(session: Session, wanted: PeopleFilter) -> int:
    """How many people the filter leaves."""
    query = select(func.count()).select_from(Person).join(Person.unit).where(*wanted.conditions())
    return session.scalar(query) or 0


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


def working_actor(session: Session, person_id: int | None) -> Actor:
    """Somebody as he may act now: for work done in his name after he asked. Missing once disabled."""
    found = person(session, person_id or 0)
    if not found.active:
        raise Missing
    return actor_of(found)


def colleagues(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """(id, "name · unit") of the active people in the actor's scope who can own work, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Unit.name)
        .join(Person.unit)
        .where(Person.active, in_scope(actor))
        .order_by(Unit.path, Person.name_pinyin, Person.id)
    )
    return [(number, f"{name} · {unit_name}") for number, name, unit_name in rows]


def everybody(session: Session) -> list[tuple[int, str]]:
    """(id, name) of all people there ever were, by name; for the auditor's filter."""
    rows = session.execute(select(Person.id, Person.name).order_by(Person.name_pinyin, Person.id))
    return [(number, name) for number, name in rows]


def demo_people(session: Session) -> list[Person]:
    """The people of the demonstration whom the sign-in page offers, as they were entered."""
    query = (
        select(Person)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .where(Person.demo, Person.active)
        .order_by(Person.id)
        .limit(12)
    )
    return list(session.scalars(query))


# --- coming in ---------------------------------------------------------------------------------


def account(session: Session, username: str) -> Person | None:
    """The active person of this account (its folded name), for a try at his password."""
    return session.scalar(select(Person).where(Person.username == username, Person.active))


def person_coming_in(session: Session, person_id: int) -> Person:
    """An active person with his unit, locked while he is let in.

    Raises:
        Missing: he is disabled.
    """
    found = session.scalar(
        select(Person)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .where(Person.id == person_id, Person.active)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Missing
    return found


def knows_device(session: Session, username: str, device: str) -> bool:
    """Whether the browser with this mark signed in to the account before."""
    query = (
        select(KnownDevice.id)
        .join(Person, Person.id == KnownDevice.person_id)
        .where(Person.username == username, KnownDevice.device_hash == token_hash(device))
    )
    return session.scalar(query) is not None


def open_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> Invitation:
    """The one-time link with this token.

    Raises:
        Missing: it is unknown, used or too old.
    """
    query = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
    )
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def waiting_link(session: Session, person_id: int, now: datetime) -> Invitation | None:
    """The link that a person has not used yet."""
    return session.scalar(
        select(Invitation)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
        .where(Invitation.expires_at > now)
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def sign_ins(session: Session, person_id: int, idle: timedelta, now: datetime) -> list[SignIn]:
    """A person's sessions that are open, the last used first."""
    query = (
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .where(SignIn.seen_at >= now - idle)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(50)
    )
    return list(session.scalars(query))
