"""The first start, once, in one transaction: the plan and the demo, or the plan and one administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from crm.accounts import operations as accounts
from crm.accounts.models import Person
from crm.accounts.operations import SYSTEM
from crm.accounts.rules import Role, UnitKind
from crm.audit.operations import record
from crm.catalog.models import Setting
from crm.catalog.operations.plan import load_plan
from crm.core import migrations
from crm.core.database import Database
from crm.demo import papers, passwords, story
from crm.demo.plan.sizes import SizeName, size_of
from crm.demo.script import Told
from crm.goals.operations.plan import load_goals

MARK = "house.founded"
"""The setting that says that the first start is over, and what it loaded."""


@dataclass(frozen=True)
class Administrator:
    """The one person of a system that starts empty."""

    username: str = "admin"
    name: str = "管理员"
    unit: str = "包头市招商局"


def founded(database: Database) -> str:
    """What the first start loaded: "demo" or "plan"; empty before it."""
    with database.read() as session:
        value: dict[str, Any] | None = session.scalar(
            select(Setting.value).where(Setting.key == MARK)
        )
    return str(value["with"]) if value else ""


def found_demo(
    database: Database, config: Config, now: datetime, told: Told = story.in_silence
) -> None:
    """Load the plan and the demo; the passwords are in the data folder before the demo is there.

    Args:
        told: is called after each month of the story.
    """
    accounts_of = passwords.drawn(config.demo_password)
    hashes = passwords.hashed(accounts_of)
    stock = papers.stock(config.files_dir)
    with database.write("demo") as session:
        size = size_of(SizeName(config.demo_size))
        story.tell(session, hashes, stock, now=now, size=size, told=told)
        _mark(session, "demo", now)
        passwords.keep(config.data_dir, accounts_of)
    migrations.analyze(database)


def renew_demo_passwords(database: Database, config: Config, now: datetime) -> None:
    """At a later start with CRM_DEMO_PASSWORD: make it the demo accounts' password where it is not yet."""
    told = passwords.told(config.data_dir)
    if not config.demo_password or set(told.values()) == {config.demo_password}:
        return
    wanted = passwords.drawn(config.demo_password)
    hashes = passwords.hashed(wanted)
    with database.write("demo") as session:
        people = session.execute(
            select(Person.id, Person.username).where(Person.demo, Person.username.in_(hashes))
        ).all()
        for person_id, username in people:
            accounts.set_password(session, SYSTEM, person_id, hashes[username], now=now)
        passwords.keep(config.data_dir, wanted)


def found_plain(database: Database, administrator: Administrator, now: datetime) -> str:
    """Load the plan, the bureau and its administrator; the token of his one-time link."""
    with database.write("cli") as session:
        load_plan(session, SYSTEM, now=now)
        load_goals(session, SYSTEM, now=now)
        unit = accounts.add_unit(
            session, SYSTEM, administrator.unit, UnitKind.BUREAU, None, now=now
        )
        person = accounts.add_person(
            session,
            SYSTEM,
            accounts.PersonDraft(
                username=administrator.username,
                name=administrator.name,
                role=Role.ADMINISTRATOR,
                unit_id=unit.id,
            ),
            now=now,
        )
        token = accounts.invite(session, SYSTEM, person.id, now=now)
        _mark(session, "plan", now)
    migrations.analyze(database)
    return token


def _mark(session: Session, with_what: str, now: datetime) -> None:
    row = Setting(key=MARK, value={"with": with_what, "at": now.isoformat()})
    record(session, SYSTEM, "house.founded", row, now=now)
