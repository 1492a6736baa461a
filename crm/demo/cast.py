"""Who plays in the demo: offices and people, all invented, and the accounts that visitors are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts import operations as accounts
from crm.accounts import queries as account_queries
from crm.accounts.models import Person
from crm.accounts.operations import SYSTEM
from crm.accounts.rules import Role, UnitKind
from crm.catalog.models import District
from crm.catalog.operations.keeping import assign_district_unit
from crm.core.actor import Actor
from crm.demo.tables import rows


@dataclass(frozen=True)
class Account:
    """One of the accounts told at the first start: what it is called, and what it shows."""

    username: str
    says: str


ACCOUNTS = tuple(
    Account(row["username"], row["account"]) for row in rows("people") if row["account"]
)


def enter(session: Session, hashes: Mapping[str, str], *, now: datetime) -> dict[str, Actor]:
    """Set up the offices and let the people in; each as an actor, by his account's name."""
    districts = {row.name: row for row in session.scalars(select(District))}
    units: dict[str, int] = {}
    for row in rows("units"):
        unit = accounts.add_unit(
            session, SYSTEM, row["name"], UnitKind(row["kind"]), units.get(row["parent"]), now=now
        )
        units[row["name"]] = unit.id
        if row["district"]:
            district = districts[row["district"]]
            assign_district_unit(session, SYSTEM, district.id, unit.id, now=now)
    cast: dict[str, Actor] = {}
    for row in rows("people"):
        draft = accounts.PersonDraft(
            username=row["username"],
            name=row["name"],
            role=Role(row["role"]),
            unit_id=units[row["unit"]],
            email=f"{row['username']}@example.cn",
            demo=bool(row["account"]),
        )
        person = accounts.add_person(session, SYSTEM, draft, now=now)
        if row["account"]:
            accounts.set_password(session, SYSTEM, person.id, hashes[row["username"]], now=now)
        cast[row["username"]] = actor(session, person)
    return cast


def actor(session: Session, person: Person) -> Actor:
    """Somebody of the cast as operations see him."""
    session.refresh(person, ["unit"])
    return account_queries.actor_of(person)
