"""What is done to units and people, and how somebody comes in: each intention of a person once.

Passwords are hashed by the door before the write transaction begins: here only the hash arrives.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm.accounts.models import Invitation, Person, SignIn, Unit
from crm.accounts.rules import (
    CHILD_KINDS,
    LINK_DAYS,
    Role,
    UnitKind,
    path_of,
    token_hash,
    username_key,
    valid_email,
    valid_username,
)
from crm.audit.operations import record, record_values
from crm.core import pinyin
from crm.core.actor import Actor
from crm.core.errors import Missing, Refused
from crm.core.versions import take

SYSTEM = Actor(None, "system", None, "/", "system", frozenset())
"""Who acts when nobody is signed in: the command line, the first set-up, the demonstration."""


# --- units -------------------------------------------------------------------------------------


def add_unit(
    session: Session,
    actor: Actor,
    name: str,
    kind: UnitKind,
    parent_id: int | None,
    now: datetime,
) -> Unit:
    """Put a unit into the tree.

    Args:
        parent_id: None for the root, the city bureau, of which there is one.

    Raises:
        Refused: the name is taken, or the parent has no place for such a unit.
    """
    parent = _active_unit(session, parent_id, "parent_id") if parent_id is not None else None
    if kind not in (CHILD_KINDS[parent.kind] if parent else (UnitKind.BUREAU,)):
        raise Refused(_("A unit of this kind has no place there. Choose another parent."), "kind")
    if parent is None and session.scalar(select(Unit.id).where(Unit.parent_id.is_(None)).limit(1)):
        raise Refused(_("There is one city bureau. Choose the unit it belongs to."), "parent_id")
    _check_unit_name(session, name, None)
    unit = Unit(name=name, kind=kind, parent_id=parent_id, path=f"new {name}")
    session.add(unit)
    session.flush()
    unit.path = path_of(parent.path if parent else "", unit.id)
    after = {"name": name, "kind": kind, "parent_id": parent_id, "path": unit.path}
    record_values(session, actor, "unit.added", unit, now=now, after=after)
    return unit


def rename_unit(
    session: Session,
    actor: Actor,
    unit_id: int,
    name: str,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give a unit another name; its people and its work stay."""
    unit = _unit(session, unit_id)
    take(unit, version)
    _check_unit_name(session, name, unit_id)
    unit.name = name
    record(session, actor, "unit.renamed", unit, now=now)


def deactivate_unit(session: Session, actor: Actor, unit_id: int, now: datetime) -> None:
    """Close an empty unit: it can no longer be chosen, its history stays.

    Raises:
        Refused: people or open units are still in it, or it is the city bureau.
    """
    unit = _unit(session, unit_id)
    if unit.parent_id is None:
        raise Refused(_("The city bureau cannot be closed."))
    below = select(Unit.id).where(Unit.parent_id == unit_id, Unit.active)
    inside = select(Person.id).where(Person.unit_id == unit_id, Person.active)
    if session.scalar(below.limit(1)) is not None:
        raise Refused(_("%(name)s still has units below it. Close those first.", name=unit.name))
    if session.scalar(inside.limit(1)) is not None:
        raise Refused(_("People still work in %(name)s. Move them first.", name=unit.name))
    unit.active = False
    unit.version += 1
    record(session, actor, "unit.closed", unit, now=now)


def reopen_unit(session: Session, actor: Actor, unit_id: int, now: datetime) -> None:
    """Open a closed unit again; the one above it must be open."""
    unit = _unit(session, unit_id)
    if unit.parent_id is not None:
        _active_unit(session, unit.parent_id, None)
    unit.active = True
    unit.version += 1
    record(session, actor, "unit.reopened", unit, now=now)


def _unit(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id, with_for_update=True, populate_existing=True)
    if unit is None:
        raise Missing
    return unit


def _active_unit(session: Session, unit_id: int, field: str | None) -> Unit:
    """The unit, locked so that nobody closes it while somebody comes in."""
    unit = session.get(Unit, unit_id, with_for_update=True, populate_existing=True)
    if unit is None or not unit.active:
        raise Refused(_("This unit is closed. Choose another one."), field)
    return unit


def _check_unit_name(session: Session, name: str, own_id: int | None) -> None:
    if not name:
        raise Refused(_("Enter a name."), "name")
    other = session.scalar(select(Unit.id).where(func.lower(Unit.name) == name.lower()))
    if other not in (None, own_id):
        raise Refused(_("A unit of this name exists already."), "name")


# --- people ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonDraft:
    """What is entered of a person. `demo` marks the people of the demonstration."""

    username: str
    name: str
    role: Role
    unit_id: int
    email: str = ""
    phone: str = ""
    language: str = "zh_CN"
    demo: bool = False


def add_person(session: Session, actor: Actor, draft: PersonDraft, now: datetime) -> Person:
    """Enter a person; he can sign in once he has set a password through an invitation.

    Raises:
        Refused: the account's name is taken in any case, or something cannot be read.
    """
    _active_unit(session, draft.unit_id, "unit_id")
    person = Person(unit_id=draft.unit_id, demo=draft.demo, created_at=now)
    _fill(session, person, draft)
    record(session, actor, "person.added", person, now=now)
    return person


def edit_person(
    session: Session,
    actor: Actor,
    person_id: int,
    draft: PersonDraft,
    now: datetime,
    version: int | None = None,
) -> None:
    """Correct a person's facts and role; the unit is changed by `move_person` alone.

    Raises:
        Refused: as for a new person, or the last administrator would lose his role.
    """
    fetch = _person if draft.role is Role.ADMINISTRATOR else _spared
    person = fetch(session, person_id)
    take(person, version)
    _fill(session, person, draft)
    record(session, actor, "person.edited", person, now=now)


def move_person(
    session: Session, actor: Actor, person_id: int, unit_id: int, now: datetime
) -> None:
    """Put a person into another unit. His open work has been handed over by the caller.

    Raises:
        Refused: the unit is closed or his own, or he is the last administrator.
    """
    person = _spared(session, person_id)
    _active_unit(session, unit_id, "unit_id")
    if person.unit_id == unit_id:
        raise Refused(_("%(name)s works there already.", name=person.name), "unit_id")
    person.unit_id = unit_id
    person.version += 1
    record(session, actor, "person.moved", person, now=now)


def disable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a person in no more, from his next request on. His open work has been handed over by the caller.

    Raises:
        Refused: he is the last administrator.
    """
    person = _spared(session, person_id)
    person.active = False
    person.version += 1
    record(session, actor, "person.disabled", person, now=now)
    _end_all(session, person_id, now)
    _void_links(session, person_id, now)


def enable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a disabled person in again, with the password he had."""
    person = _person(session, person_id)
    _active_unit(session, person.unit_id, None)
    person.active = True
    person.version += 1
    record(session, actor, "person.enabled", person, now=now)


def change_language(
    session: Session, actor: Actor, person_id: int, language: str, now: datetime
) -> None:
    """Set the language a person reads."""
    person = _person(session, person_id)
    if person.language != language:
        person.language = language
        record(session, actor, "person.language_changed", person, now=now)


def _fill(session: Session, person: Person, draft: PersonDraft) -> None:
    key = username_key(draft.username)
    if not valid_username(key):
        raise Refused(
            _("An account's name has 2 to 60 letters, digits, dots or dashes, no blanks."),
            "username",
        )
    with session.no_autoflush:
        other = session.scalar(select(Person.id).where(Person.username == key))
    if other not in (None, person.id):
        raise Refused(_("This account's name is taken. Choose another one."), "username")
    if not draft.name:
        raise Refused(_("Enter a name."), "name")
    if draft.email and not valid_email(draft.email):
        raise Refused(_("This is not an e-mail address. Write it like name@example.com."), "email")
    person.username, person.name = key, draft.name
    person.name_pinyin = f"{pinyin.full(draft.name)} {pinyin.initials(draft.name)}"[:400]
    person.role, person.language = draft.role, draft.language
    person.email, person.phone = draft.email, draft.phone


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise Missing
    return person


def _spared(session: Session, person_id: int) -> Person:
    """The person, locked, if the house keeps an administrator without him.

    All administrators are locked first, in one order: of two who put each other out at the same
    moment the second sees that he is the last.
    """
    keepers = session.scalars(
        select(Person)
        .where(Person.role == Role.ADMINISTRATOR, Person.active, Person.password_hash.is_not(None))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    person = _person(session, person_id)
    last = person.active and person.role is Role.ADMINISTRATOR
    if last and not [one for one in keepers if one.id != person_id]:
        raise Refused(
            _(
                "%(name)s is the last administrator. Make somebody else administrator first.",
                name=person.name,
            )
        )
    return person


# --- links and passwords -----------------------------------------------------------------------


def invite(session: Session, actor: Actor, person_id: int, now: datetime) -> str:
    """Make the link by which a person sets a password: its token, shown once, kept as a hash.

    It works once, for `LINK_DAYS` days; earlier links of his are void. If he has a password, that ends
    now, with his sign-ins: a reset.

    Raises:
        Refused: he is disabled, or it is the actor himself, who would be shut out.
    """
    person = _person(session, person_id)
    if not person.active:
        raise Refused(_("%(name)s is disabled. Enable the account first.", name=person.name))
    if person.id == actor.id:
        raise Refused(_("Change your own password on the page of your account."))
    _void_links(session, person_id, now)
    token = secrets.token_urlsafe(48)
    link = Invitation(
        person_id=person_id,
        token_hash=token_hash(token),
        made_at=now,
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    action = "person.password_reset" if person.password_hash else "person.invited"
    record(session, actor, action, link, now=now, on=("person", person_id))
    person.password_hash = None
    _end_all(session, person_id, now)
    return token


def set_password(
    session: Session,
    actor: Actor,
    person_id: int,
    password_hash: str,
    now: datetime,
    *,
    proven: str | None = None,
    keep: int | None = None,
) -> None:
    """Set a person's password and end his sign-ins; open links of his are void.

    Args:
        proven: the hash that the typed old password matched; another one by now means no.
        keep: the sign-in that goes on, the one he changes it in.

    Raises:
        Refused: the password was changed meanwhile.
    """
    person = _person(session, person_id)
    if proven is not None and person.password_hash != proven:
        raise Refused(_("The password was changed meanwhile. Sign in again."), "current")
    person.password_hash = password_hash
    record(session, actor, "person.password_set", person, now=now)
    _end_all(session, person_id, now, keep)
    _void_links(session, person_id, now)


def _void_links(session: Session, person_id: int, now: datetime) -> None:
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
        .where(Invitation.expires_at > now)
        .values(expires_at=now)
    )


def end_sign_in(
    session: Session, actor: Actor, person_id: int, sign_in_id: int, now: datetime
) -> None:
    """End one of a person's sessions on the server: at sign-out, or from the list of them.

    Raises:
        Missing: it is not that person's.
    """
    row = session.get(SignIn, sign_in_id, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person_id:
        raise Missing
    if row.ended_at is None:
        row.ended_at = now
        record(session, actor, "person.signed_out", row, now=now, on=("person", person_id))


def end_sessions(session: Session, actor: Actor, person_id: int, now: datetime) -> int:
    """End all of a person's sessions, and say how many there were; his password stays."""
    person = _person(session, person_id)
    ended = _end_all(session, person_id, now)
    after = {"ended": ended}
    record_values(session, actor, "person.sessions_ended", person, now=now, after=after)
    return ended


def _end_all(session: Session, person_id: int, now: datetime, keep: int | None = None) -> int:
    ended = session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=now)
        .returning(SignIn.id)
    ).all()
    return len(ended)
