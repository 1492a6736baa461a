"""Kinds of follow-up, and which days one can be given."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class ActivityKind(StrEnum):
    """How the contact took place."""

    VISIT = "visit"
    RECEPTION = "reception"
    CALL = "call"
    MEETING = "meeting"
    EVENT = "event"
    OTHER = "other"


class DayFault(StrEnum):
    """What is wrong with a day."""

    FUTURE = "future"
    LONG_AGO = "long_ago"
    PAST = "past"


BACK = timedelta(days=366)
"""How far back a follow-up may be dated: an older one is a slip in the year."""


def held_fault(held_on: date, today: date) -> DayFault | None:
    """Why a contact cannot have taken place on that day; it may be back-dated, never in the future."""
    if held_on > today:
        return DayFault.FUTURE
    return DayFault.LONG_AGO if held_on < today - BACK else None


def next_fault(next_on: date, today: date) -> DayFault | None:
    """Why a next step cannot be planned for that day: it lies ahead, today included."""
    return DayFault.PAST if next_on < today else None
