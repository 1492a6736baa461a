"""A small city to test in: the bureau, its districts' offices, teams, and people of every role.

    包头市招商局            city_manager, city_reviewer, leader, admin, auditor
      招商一科              city_officer
      昆都仑区招商局        kunqu_manager, kunqu_reviewer
        昆区一科            kunqu_officer, kunqu_colleague
        昆区二科            kunqu_second
      青山区招商局          qingshan_manager, qingshan_reviewer
        青山一科            qingshan_officer
      …                     the other districts' offices, without people

Everybody's password is `PASSWORD`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.login import actor_of, token_hash
from crm.accounts.models import Person, SignIn, Unit
from crm.accounts.rules import Permission, Role, UnitKind, path_of
from crm.audit.operations import record
from crm.catalog.models import AttractionModel, Chain, ChainNode, District, Term
from crm.catalog.operations.plan import load_plan
from crm.core import clock
from crm.core.actor import Actor
from crm.core.database import Database
from crm.core.passwords import hash_password
from crm.goals.operations.plan import load_goals

PASSWORD = "correct horse battery"

SYSTEM = Actor(None, "system", None, "/", "system", frozenset())

EDITOR = replace(SYSTEM, permissions=frozenset({Permission.RULES_EDIT.value}))
"""Nobody in particular, who may edit rule sets."""

UNITS = {
    "包头市招商局": ("", UnitKind.BUREAU),
    "招商一科": ("包头市招商局", UnitKind.TEAM),
    "昆都仑区招商局": ("包头市招商局", UnitKind.DISTRICT),
    "昆区一科": ("昆都仑区招商局", UnitKind.TEAM),
    "昆区二科": ("昆都仑区招商局", UnitKind.TEAM),
    "青山区招商局": ("包头市招商局", UnitKind.DISTRICT),
    "青山一科": ("青山区招商局", UnitKind.TEAM),
}

PEOPLE = {
    "city_manager": ("市局李科长", Role.MANAGER, "包头市招商局"),
    "city_reviewer": ("市局周审核", Role.REVIEWER, "包头市招商局"),
    "leader": ("王市长", Role.LEADER, "包头市招商局"),
    "admin": ("管理员", Role.ADMINISTRATOR, "包头市招商局"),
    "auditor": ("审计员", Role.AUDITOR, "包头市招商局"),
    "city_officer": ("市局赵专员", Role.OFFICER, "招商一科"),
    "kunqu_manager": ("昆区孙局长", Role.MANAGER, "昆都仑区招商局"),
    "kunqu_reviewer": ("昆区钱审核", Role.REVIEWER, "昆都仑区招商局"),
    "kunqu_officer": ("昆区张专员", Role.OFFICER, "昆区一科"),
    "kunqu_colleague": ("昆区吴专员", Role.OFFICER, "昆区一科"),
    "kunqu_second": ("昆区郑专员", Role.OFFICER, "昆区二科"),
    "qingshan_manager": ("青山冯局长", Role.MANAGER, "青山区招商局"),
    "qingshan_reviewer": ("青山陈审核", Role.REVIEWER, "青山区招商局"),
    "qingshan_officer": ("青山褚专员", Role.OFFICER, "青山一科"),
}


def keeper(session: Session) -> Actor:
    """Somebody at the bureau who may do all that can be done to the books."""
    bureau = session.scalars(select(Unit).where(Unit.kind == UnitKind.BUREAU)).one()
    may = frozenset({Permission.BOOKS_CLOSE.value, Permission.BOOKS_REOPEN.value})
    return replace(SYSTEM, unit_id=bureau.id, unit_path=bureau.path, permissions=may)


def found_city(database: Database) -> None:
    """Fill a migrated database with the city."""
    now, password_hash = clock.now(), hash_password(PASSWORD)
    with database.write("test") as session:
        load_plan(session, SYSTEM, now=now)
        load_goals(session, SYSTEM, now=now)
        units: dict[str, Unit] = {}
        for name, (parent, kind) in UNITS.items():
            units[name] = _unit(session, name, kind, units.get(parent), now)
        for district in session.scalars(select(District).order_by(District.sort)):
            if district.sort == 0:
                continue
            office = f"{district.name}招商局"
            if office not in units:
                units[office] = _unit(
                    session, office, UnitKind.DISTRICT, units["包头市招商局"], now
                )
            district.unit_id = units[office].id
        for username, (name, role, unit) in PEOPLE.items():
            person = Person(
                username=username,
                name=name,
                role=role,
                unit_id=units[unit].id,
                password_hash=password_hash,
                created_at=now,
            )
            record(session, SYSTEM, "person.added", person, now=now)


def _unit(session: Session, name: str, kind: UnitKind, parent: Unit | None, now: datetime) -> Unit:
    unit = Unit(name=name, kind=kind, parent_id=parent.id if parent else None, path=f"new {name}")
    session.add(unit)
    session.flush()
    unit.path = path_of(parent.path if parent else "", unit.id)
    record(session, SYSTEM, "unit.added", unit, now=now)
    return unit


@dataclass
class City:
    """The people and places of a test database, by short names."""

    database: Database

    def actor(self, username: str) -> Actor:
        """Somebody as operations and queries see him."""
        with self.database.read() as session:
            person = session.scalars(
                select(Person)
                .join(Person.unit)
                .options(contains_eager(Person.unit))
                .where(Person.username == username)
            ).one()
            return actor_of(person)

    def sign_in(self, client: FlaskClient, username: str, language: str = "") -> Actor:
        """Give the browser somebody's session, without the cost of a password."""
        token, now = secrets.token_urlsafe(32), clock.now()
        actor = self.actor(username)
        with self.database.write("test") as session:
            session.add(
                SignIn(
                    person_id=actor.id,
                    token_hash=token_hash(token),
                    started_at=now,
                    seen_at=now,
                    address="127.0.0.1",
                )
            )
            if language:
                session.get_one(Person, actor.id).language = language
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return actor

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction of the test's own."""
        with self.database.write("test") as session:
            yield session

    def person_id(self, username: str) -> int:
        """Somebody's number."""
        return self.actor(username).id or 0

    def unit_id(self, name: str) -> int:
        """An office's number."""
        return self._id(select(Unit.id).where(Unit.name == name))

    def district_id(self, name: str) -> int:
        """A district's number, by its full name."""
        return self._id(select(District.id).where(District.name == name))

    def chain_id(self, name: str) -> int:
        """A chain's number."""
        return self._id(select(Chain.id).where(Chain.name == name))

    def node_id(self, chain: str, name: str) -> int:
        """A node's number."""
        return self._id(
            select(ChainNode.id).join(Chain).where(Chain.name == chain, ChainNode.name == name)
        )

    def model_id(self, code: str) -> int:
        """An attraction model's number."""
        return self._id(select(AttractionModel.id).where(AttractionModel.code == code))

    def term_id(self, name: str) -> int:
        """A dictionary entry's number."""
        return self._id(select(Term.id).where(Term.name == name))

    def _id(self, query: object) -> int:
        with self.database.read() as session:
            found = session.scalar(query)  # type: ignore[call-overload]
        if found is None:
            raise LookupError(str(query))
        return int(found)
