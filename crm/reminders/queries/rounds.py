"""Who would get what this week: the dry run. For who manages mail; contents are not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.catalog.queries import work_calendar
from crm.core.clock import SHANGHAI
from crm.notices.models import Letter
from crm.notices.rules import LetterKind, LetterState
from crm.reminders.queries import people
from crm.reminders.queries.people import Recipient
from crm.reminders.rules.schedule import letter_day, weekly
from crm.values.period import IsoWeek


@dataclass(frozen=True)
class Planned:
    """A person's letter of the week: when, and what became of it so far.

    Attributes:
        at: None: the week has none for him, being without a working day, or all of it in his pause.
        state: None: not written yet. answer: why it was skipped, what the server said.
    """

    to: Recipient
    at: datetime | None
    paused: bool
    state: LetterState | None
    answer: str


@dataclass(frozen=True)
class Plan:
    """The week, its letter day, everybody's letter."""

    week: IsoWeek
    on: bool
    at: datetime | None
    rows: list[Planned]


def plan_of_week(session: Session, now: datetime) -> Plan:
    """The week's letters, whether they were written or not; four queries."""
    now = now.astimezone(SHANGHAI)
    week, calendar = IsoWeek.of(now.date()), work_calendar(session)
    policy = people.policy(session).policy
    known = {
        person: (state, answer)
        for person, state, answer in session.execute(
            select(Letter.person_id, Letter.state, Letter.answer).where(
                Letter.kind == LetterKind.WEEKLY, Letter.slot == str(week)
            )
        )
    }
    rows = []
    for to in people.recipients(session):
        state, answer = known.get(to.id, (None, ""))
        at = weekly(to.wishes, policy, calendar, week, now.tzinfo)
        paused = to.wishes.paused(max(now, at).date() if at else now.date())
        rows.append(Planned(to, at, paused, state, answer))
    first = letter_day(calendar, week)
    house = None if first is None else datetime.combine(first, datetime.min.time(), now.tzinfo)
    return Plan(week, policy.on, house and house.replace(hour=policy.hour), rows)
