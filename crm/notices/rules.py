"""Letters: their kinds and states, what a server's answer means, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is: the week's, Friday's notice, the daily brief, a notice at once, a test."""

    WEEKLY = "weekly"
    FRIDAY = "friday"
    DAILY = "daily"
    NOTICE = "notice"
    TEST = "test"


class LetterState(StrEnum):
    """How far a letter has come.

    Doubtful: the conversation broke off after the whole letter was handed over, or its sender died:
    only a person can say whether it arrived, so it is never sent again by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """How a conversation with the mail server ended."""

    ACCEPTED = "accepted"
    NOT_NOW = "not_now"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NO_SERVER = "no_server"


@dataclass(frozen=True)
class Answer:
    """What the server said last, and what it means for the letter."""

    outcome: Outcome
    text: str


def outcome_of(code: int) -> Outcome:
    """What a reply code means: 2xx accepted, 4xx refused for now (greylisting), all else for good."""
    if 200 <= code < 300:
        return Outcome.ACCEPTED
    return Outcome.NOT_NOW if 400 <= code < 500 else Outcome.REFUSED


STATES: dict[Outcome, LetterState] = {
    Outcome.ACCEPTED: LetterState.SENT,
    Outcome.NOT_NOW: LetterState.WAITING,
    Outcome.NO_SERVER: LetterState.WAITING,
    Outcome.REFUSED: LetterState.FAILED,
    Outcome.UNKNOWN: LetterState.DOUBTFUL,
}
"""Where a letter stands after an outcome, while it may still be tried."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 20, 40, 60, 120, 240, 480, 720))
"""Back-off: how long after the n-th try the next one comes; greylisting servers want some minutes."""

LEASE = timedelta(minutes=10)
"""A letter longer than this on its way has lost its sender: no conversation lasts so long."""


@dataclass(frozen=True)
class Next:
    """What becomes of a letter after a try: its state, and when it is tried again if it waits."""

    state: LetterState
    at: datetime


def after(outcome: Outcome, attempts: int, now: datetime) -> Next:
    """The letter's next state after its n-th try; one that waits too often is given up.

    A server that cannot be reached says nothing of the letter: it waits as often as it takes.
    """
    state = STATES[outcome]
    if state is not LetterState.WAITING:
        return Next(state, now)
    if outcome is Outcome.NOT_NOW and attempts > len(WAITS):
        return Next(LetterState.FAILED, now)
    return Next(state, now + WAITS[min(attempts, len(WAITS)) - 1])


def lost(state: LetterState, claimed_at: datetime | None, now: datetime) -> bool:
    """Whether a letter's sender died with it: claimed, and for longer than a conversation lasts."""
    return state is LetterState.SENDING and claimed_at is not None and claimed_at + LEASE < now
