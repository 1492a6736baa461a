"""The dated history of a lead: what its events tell, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from crm.companies.rules import Position
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money

FOREVER = date(9999, 12, 31)
"""The end of a dated state that still holds."""


@dataclass(frozen=True)
class State:
    """The dimensions of a lead that are dated; None is 待定."""

    stage: Stage
    standing: Standing
    amount: Money
    district_id: int | None
    unit_id: int
    owner_id: int
    chain_id: int | None
    node_id: int | None
    position: Position | None
    model_id: int | None


DATED = tuple(field.name for field in fields(State))
"""The names of the dated dimensions."""


@dataclass(frozen=True)
class Happening:
    """What an event changed: the day it holds for, and the new values of some dimensions."""

    day: date
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Segment:
    """A state from one day until another (exclusive)."""

    day_from: date
    day_until: date
    state: State


@dataclass(frozen=True)
class Placed:
    """A segment in its history: what a query of many leads needs to know beside its dimensions.

    Attributes:
        staged_from: the day from which its stay in the stage counts: the move, later by the days on hold
            or lost before the segment. In hand on a day, it has been there since then.
        stage_next: the stage it left for when the segment ended; None while the stay goes on.
    """

    segment: Segment
    staged_from: date
    stage_next: Stage | None


def state_on(happenings: Sequence[Happening], day: date) -> State:
    """The state at the end of a day: each dimension's value from the last happening up to it.

    Args:
        happenings: in the order in which they were recorded; the first gives every dimension. Of two
            on one day the later recorded holds.
    """
    values: dict[str, Any] = {}
    for happening in sorted(happenings, key=lambda h: h.day):
        if happening.day <= day:
            values |= happening.values
    return State(**values)


def fold(happenings: Sequence[Happening]) -> list[Segment]:
    """The history that happenings tell: segments that tile the days from the first one on.

    A change told late holds from its day until the next change of the same dimension, so what happened
    afterwards is never undone. Neighbours differ. Arguments as in `state_on`.
    """
    values: dict[str, Any] = {}
    told: dict[date, State] = {}
    for happening in sorted(happenings, key=lambda h: h.day):
        values |= happening.values
        told[happening.day] = State(**values)
    starts = list(told.items())
    apart = [
        start
        for before, start in zip([None, *starts], starts, strict=False)
        if before is None or before[1] != start[1]
    ]
    ends = [day for day, _ in apart[1:]] + [FOREVER]
    return [Segment(day, until, state) for (day, state), until in zip(apart, ends, strict=True)]


def on_day(segments: Sequence[Segment], day: date) -> State:
    """The state of a day from a history."""
    return next(s.state for s in segments if s.day_from <= day < s.day_until)


def stage_after(segments: Sequence[Segment], day: date) -> Stage | None:
    """Where the first move after a day led; None if there is none."""
    stage = on_day(segments, day).stage
    later = (s.state.stage for s in segments if s.day_from > day and s.state.stage is not stage)
    return next(later, None)


def first_reached(segments: Sequence[Segment]) -> dict[Stage, date]:
    """The first day of each stage: stood in it or a later one; a skipped one counts with the later."""
    return {
        stage: next(s.day_from for s in segments if s.state.stage.rank >= stage.rank)
        for stage in Stage
        if any(s.state.stage.rank >= stage.rank for s in segments)
    }


def moved_on(segments: Sequence[Segment]) -> date:
    """Since which day it stands in its present stage."""
    return _stay(segments)[0].day_from


def staged_from(segments: Sequence[Segment], held_until: date | None) -> date:
    """The day from which its stay in the stage counts: the move, later by the days it was not worked.

    Args:
        held_until: the day a present hold ends; None without one. A loss ends nowhere and moves nothing.
    """
    stay = _stay(segments)
    away = [one for one in stay if one.state.standing is not Standing.OPEN]
    ends = [
        held_until or one.day_from if one.day_until == FOREVER else one.day_until for one in away
    ]
    pause = sum(max(0, (end - one.day_from).days) for one, end in zip(away, ends, strict=True))
    return stay[0].day_from + timedelta(days=pause)


def placed(segments: Sequence[Segment]) -> list[Placed]:
    """Each segment with the stay that it is a part of."""
    found: list[Placed] = []
    since, paused = segments[0].day_from, 0
    for one, following in zip(segments, [*segments[1:], None], strict=True):
        leaves = following is not None and following.state.stage is not one.state.stage
        stage_next = following.state.stage if following is not None and leaves else None
        found.append(Placed(one, since + timedelta(days=paused), stage_next))
        if leaves:
            since, paused = one.day_until, 0
        elif one.state.standing is not Standing.OPEN:
            paused += (one.day_until - one.day_from).days if following is not None else 0
    return found


def _stay(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The last segments, all of the present stage."""
    stage = segments[-1].state.stage
    start = next((n for n, s in enumerate(reversed(segments)) if s.state.stage is not stage), None)
    return segments if start is None else segments[len(segments) - start :]


def days_in_stages(segments: Sequence[Segment], today: date) -> dict[Stage, int]:
    """Calendar days spent in each stage up to a day, days on hold or lost taken out."""
    spent: dict[Stage, int] = {}
    for segment in segments:
        end = min(segment.day_until, today)
        worked = segment.state.standing is Standing.OPEN
        days = max(0, (end - segment.day_from).days) if worked else 0
        spent[segment.state.stage] = spent.get(segment.state.stage, 0) + days
    return spent
