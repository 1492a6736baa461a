"""Follow-ups: how often, how long ago the last one, and for which day it plans the next step."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from crm.demo.plan.days import Days, dice
from crm.demo.plan.stories import LeadPlan, ProjectPlan, Talk
from crm.demo.plan.words import weighed

SILENT = (((1, 6), 52), ((7, 14), 26), ((15, 25), 14), ((26, 60), 8))
"""How many days ago an open lead was spoken to last: mostly lately, sometimes far too long ago."""

NEXT = (((-9, -1), 11), ((0, 0), 6), ((1, 4), 28), ((5, 20), 44), (None, 11))
"""In how many days from today the next step is: overdue, today, this week, later, or none."""


MOST = 10
"""Follow-ups on one project, however old it is."""


def talked(days: Days, plan: LeadPlan, until: date | None, every: float) -> None:
    """Name a lead's follow-ups, one in so many days; until None: it goes on, and plans for about today."""
    chance = dice("talks", plan.key)
    last = _last(days, chance, plan.entered) if until is None else until
    if (last - plan.entered).days < 2:
        return
    count = round((last - plan.entered).days / every * chance.uniform(0.6, 1.4)) + 1
    held = _spread(days, chance, plan.entered, last, count)
    following: list[date | None] = [
        *held[1:],
        _next(days, chance, held[-1]) if until is None else None,
    ]
    plan.talks = [Talk(day, after) for day, after in zip(held, following, strict=True)]


def kept_up(days: Days, plan: ProjectPlan, every: float) -> None:
    """Name a project's follow-ups after its signing; of a living one the last plans for about today."""
    chance = dice("talks", plan.key)
    ended = plan.terminated[0] if plan.terminated else None
    done = plan.capacity if plan.capacity and days.past(plan.capacity) else None
    quiet = ended or done
    last = days.add(quiet, -1) if quiet else _last(days, chance, plan.entered)
    if (last - plan.entered).days < 3:
        return
    count = min(MOST, round((last - plan.entered).days / every * chance.uniform(0.6, 1.4)) + 1)
    held = _spread(days, chance, plan.entered, last, count)
    following: list[date | None] = [*held[1:], None if quiet else _next(days, chance, held[-1])]
    plan.talks = [Talk(day, after) for day, after in zip(held, following, strict=True)]


def _spread(days: Days, chance: Random, first: date, last: date, count: int) -> list[date]:
    """Different days up to the last one, which is among them."""
    start = days.add(first, 1)
    return sorted({last, *(days.pick(chance, start, last) for _ in range(count - 1))})


def _last(days: Days, chance: Random, entered: date) -> date:
    low, high = weighed(chance, SILENT)
    return max(days.ago(chance.randint(low, high)), min(days.add(entered, 1), days.last))


def _next(days: Days, chance: Random, held: date) -> date | None:
    """Never before the day on which it was planned."""
    span = weighed(chance, NEXT)
    if span is None:
        return None
    day = days.today + timedelta(days=chance.randint(*span))
    return max(days.on(day) if day >= days.today else days.upto(day), held)
