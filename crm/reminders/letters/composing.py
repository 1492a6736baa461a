"""From everybody who is due something to letters ready to be put out. Reads and words; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crm.catalog.queries import work_calendar
from crm.core.clock import SHANGHAI
from crm.notices.operations.outbox import LetterDraft
from crm.notices.rules import LetterKind
from crm.reminders.letters.content import COMPOSERS, Content
from crm.reminders.letters.paper import Paper, written
from crm.reminders.operations.letters import Composed
from crm.reminders.queries import people
from crm.reminders.queries.city import City, city
from crm.reminders.queries.people import Recipient
from crm.reminders.rules.parts import Key, key
from crm.reminders.rules.schedule import Due, Policy, due


@dataclass(frozen=True)
class Round:
    """Who is due what and has no row of it yet, the house's policy, and what the letters tell.

    Attributes:
        city: None when nobody is due anything: then nothing else was read.
    """

    policy: Policy
    due: Sequence[tuple[Recipient, Due]]
    city: City | None


def look(session: Session, now: datetime) -> Round:
    """What a run has to do; few queries when that is nothing."""
    now = now.astimezone(SHANGHAI)
    policy = people.policy(session).policy
    calendar = work_calendar(session)
    found = [
        (to, one)
        for to in people.recipients(session)
        for one in due(to.wishes, policy, calendar, now)
    ]
    have = people.written(session, {one.slot for _, one in found}) if found else set()
    left = [(to, one) for to, one in found if (to.id, one.kind, one.slot) not in have]
    if not left:
        return Round(policy, [], None)
    actors = [to.actor for to, _ in left]
    return Round(policy, left, city(session, actors, actors[0], now))


def composed(found: Round, base_url: str) -> Iterator[Composed]:
    """The letters of a round, by kind and slot."""
    if found.city is None:
        return
    for to, one in sorted(found.due, key=lambda pair: (pair[1].kind, pair[1].slot, pair[0].id)):
        yield compose(found.city, found.policy, to, one, base_url)


def compose(city: City, policy: Policy, to: Recipient, one: Due, base_url: str) -> Composed:
    """One letter; where there is none, a row that says why."""
    content = COMPOSERS[one.kind](city, to, policy.plain(to.email))
    lines = _lines(city, content)
    reason = _skipped(to, content, base_url)
    if reason:
        draft = LetterDraft(to.id, one.kind, one.slot, to.email, skipped=reason)
        return Composed(draft, lines)
    paper = written(content, to.language, base_url)
    return Composed(
        LetterDraft(to.id, one.kind, one.slot, to.email, paper.subject, paper.text, paper.html),
        lines,
    )


def _lines(city: City, content: Content) -> Mapping[Key, int]:
    if content.kind is not LetterKind.WEEKLY:
        return {}
    keys = [key(told.line, kind) for told in content.desk.told for kind in told.line.since]
    return {one: city.weeks.get(one, 1) for one in keys}


NO_ADDRESS, NOTHING = "no address", "nothing to say"
"""Why somebody got no letter, in the log."""


def _skipped(to: Recipient, content: Content, base_url: str) -> str:
    if not to.email:
        return NO_ADDRESS
    short = content.kind is not LetterKind.WEEKLY
    nothing = not content.desk.told if short else content.empty
    return NOTHING if nothing and (short or not to.wishes.when_empty) else ""


def as_now(
    session: Session, person_id: int, now: datetime, base_url: str
) -> tuple[Recipient, Paper] | None:
    """The weekly letter of somebody as it would go now; None for who gets none."""
    now = now.astimezone(SHANGHAI)
    for to in people.recipients(session, [person_id]):
        policy = people.policy(session).policy
        found = city(session, [to.actor], to.actor, now)
        content = COMPOSERS[LetterKind.WEEKLY](found, to, policy.plain(to.email))
        return to, written(content, to.language, base_url)
    return None


def this_week(session: Session, person_id: int, now: datetime, base_url: str) -> Composed | None:
    """The same ready to be put out at once, in this week's slot."""
    now = now.astimezone(SHANGHAI)
    for to in people.recipients(session, [person_id]):
        found = city(session, [to.actor], to.actor, now)
        one = Due(LetterKind.WEEKLY, str(found.week), now)
        return compose(found, people.policy(session).policy, to, one, base_url)
    return None
