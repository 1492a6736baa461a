"""The administrator's page: who cannot sign in yet, which links are out, which year's days are unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Invitation, Person, Unit
from crm.catalog.models import Term
from crm.catalog.queries import calendar_is_official
from crm.core.clock import day_of


@dataclass(frozen=True)
class Office:
    """How the house stands.

    Attributes:
        people, disabled: who may sign in, and who may no longer.
        without_password: active people who have not set one yet.
        invitations: links that are out and still work.
        units, terms: units in use, entries of the dictionaries in use.
        unknown_year: a year (this or the next) whose official working days are not published yet.
    """

    people: int
    disabled: int
    without_password: int
    invitations: int
    units: int
    terms: int
    unknown_year: int | None


def office(session: Session, now: datetime) -> Office:
    """The figures, in few queries. For administrators, who manage all people and units."""
    active, disabled, bare = session.execute(
        select(
            func.count().filter(Person.active),
            func.count().filter(~Person.active),
            func.count().filter(Person.active, Person.password_hash.is_(None)),
        )
    ).one()
    links = select(func.count()).where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    units = select(func.count()).where(Unit.active)
    terms = select(func.count()).where(Term.active)
    year = day_of(now).year
    unknown = (one for one in (year, year + 1) if not calendar_is_official(session, one))
    return Office(
        people=active,
        disabled=disabled,
        without_password=bare,
        invitations=session.scalar(links) or 0,
        units=session.scalar(units) or 0,
        terms=session.scalar(terms) or 0,
        unknown_year=next(unknown, None),
    )
