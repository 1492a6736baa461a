"""Kinds of follow-up and of problem, and which days they can be given."""

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


class ProblemKind(StrEnum):
    """What a lead or project is short of."""

    LAND = "land"
    WATER = "water"
    POWER = "power"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    FINANCE = "finance"
    WORKERS = "workers"
    POLICY = "policy"
    PROCEDURE = "procedure"


class ProblemState(StrEnum):
    """How a problem stands; overdue is open past its day."""

    OPEN = "open"
    OVERDUE = "overdue"
    SOLVED = "solved"


class Level(StrEnum):
    """The highest of our people who went (对接层级)."""

    CITY_LEADER = "city_leader"
    DISTRICT_LEADER = "district_leader"
    HEAD = "head"
    STAFF = "staff"


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


def problem_state(due_on: date, solved_on: date | None, today: date) -> ProblemState:
    """How a problem stands on a day; its due day itself is not late."""
    if solved_on is not None:
        return ProblemState.SOLVED
    return ProblemState.OVERDUE if due_on < today else ProblemState.OPEN
