"""How a target might be split: evenly, or as the year before went; proposals that always make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from crm.catalog.models import District
from crm.counting.queries import figures
from crm.counting.queries.rules import in_force
from crm.counting.rules.goals import Sum
from crm.goals.models import Goal
from crm.goals.queries.months import by_month
from crm.goals.rules.parts import MONTHS, evenly
from crm.goals.rules.tracks import KEY, Track, counted, number
from crm.values.period import MonthKind, Year


class Propose(StrEnum):
    """By what a target is split."""

    EVENLY = "evenly"
    LAST_YEAR = "last_year"


def by_districts(
    session: Session, goal: Goal, by: Propose, districts: Sequence[District]
) -> dict[int, int]:
    """The whole target over the districts; {} where the year before gives no measure."""
    weights = [1] * len(districts)
    if by is Propose.LAST_YEAR:
        track = _track(goal)
        found: dict[int, Sum] = {}
        if track is not None:
            measure, year = counted(track), goal.year - 1
            told = figures.figures(session, [measure], year=year, on=Year(year).last_day)
            found = figures.by_district(told, measure)
        weights = [
            max(number(track, found.get(row.id, Sum())), 0) if track else 0 for row in districts
        ]
    if not any(weights):
        return {}
    parts = evenly(goal.target, weights)
    return {row.id: part for row, part in zip(districts, parts, strict=True)}


def by_months(session: Session, goal: Goal, by: Propose) -> list[int]:
    """The whole target over the months of the city; [] where the year before gives no measure."""
    weights = [1] * MONTHS
    if by is Propose.LAST_YEAR:
        track, year = _track(goal), goal.year - 1
        if track is None:
            return []
        kind = MonthKind.CALENDAR
        if track is Track.FUNDS:
            kind = in_force(session).rules.of(year).months
        found = by_month(session, counted(track), year, kind)
        weights = [max(number(track, month), 0) for month in found]
    return evenly(goal.target, weights) if any(weights) else []


def _track(goal: Goal) -> Track | None:
    return next((track for track, key in KEY.items() if key == goal.key), None)
