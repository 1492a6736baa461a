"""What a letter holds for its reader: chosen from what was read once for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.accounts.rules import Role
from crm.agenda.queries.awaits import Awaits
from crm.agenda.queries.many import counted
from crm.agenda.rules import Kind, Line
from crm.core.clock import day_of
from crm.goals.queries.board import Board, TrackState
from crm.goals.queries.districts import DistrictState
from crm.meeting.models import Decision
from crm.notices.rules import LetterKind
from crm.reminders.queries.city import City, Move
from crm.reminders.queries.people import Recipient
from crm.reminders.rules.parts import (
    IN_ALL,
    IN_SECTION,
    RED,
    THIRD,
    Desk,
    Told,
    arranged,
    key,
)
from crm.values.period import IsoWeek


class Shape(StrEnum):
    """Whom a letter is for: who works, who answers for others' work, who looks."""

    OFFICER = "officer"
    MANAGER = "manager"
    LEADER = "leader"


SHAPES = {
    Role.OFFICER: Shape.OFFICER,
    Role.REVIEWER: Shape.MANAGER,
    Role.MANAGER: Shape.MANAGER,
    Role.LEADER: Shape.LEADER,
}

OWN_OF_MANAGER = 10
"""Lines of his own work in a manager's letter; the rest of the 25 is his unit's."""

IN_NOTICE = 5
"""Lines of a Friday notice and of a daily brief."""


@dataclass(frozen=True)
class Load:
    """What is late with one person of a unit."""

    owner_id: int
    owner: str
    counts: Counter[Kind]


@dataclass(frozen=True)
class Behind:
    """A district behind the schedule of a goal."""

    track: TrackState
    state: DistrictState


@dataclass(frozen=True)
class UnitView:
    """What a manager or reviewer is told of his unit.

    Attributes:
        counts: the counters of his work page, the unit's.
        loads: who has most that is late; others: how many more have something.
        third: lines that stand in somebody's letter for the third week or longer.
    """

    counts: Counter[Kind]
    awaits: Awaits
    loads: Sequence[Load]
    others: int
    third: Sequence[Told]
    moves: Counter[Move]


@dataclass(frozen=True)
class Content:
    """A letter before it has words.

    Attributes:
        counts: the counters of the reader's own work, or of his scope for whoever manages.
        plain: it goes outside the house's domains, so it names nothing.
        board: both goals, for managers and leaders.
        behind: the districts behind, furthest first.
        decisions: of meetings, that wait with the reader, the earliest due first.
        stuck: for a leader how many leads stand still, how many projects are past their start.
    """

    kind: LetterKind
    shape: Shape
    name: str
    unit_name: str
    today: date
    week: IsoWeek
    counts: Counter[Kind]
    desk: Desk
    plain: bool = False
    unit: UnitView | None = None
    board: Board | None = None
    behind: Sequence[Behind] = ()
    decisions: Sequence[Decision] = ()
    stuck: tuple[int, int] = (0, 0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say: no work, no decision, no unit's, no goal."""
        nothing = self.desk.empty and not self.decisions
        return nothing and self.unit is None and self.board is None


def weekly(city: City, to: Recipient, plain: bool) -> Content:
    """A week's letter."""
    shape, reader = SHAPES[to.role], city.readers[to.id]
    today = day_of(city.now)
    mine = city.waiting.of(reader)
    scope = [] if shape is Shape.OFFICER else city.waiting.below(reader)
    decisions = city.decisions.get(to.id, ())
    most = {Shape.OFFICER: IN_ALL, Shape.MANAGER: OWN_OF_MANAGER, Shape.LEADER: 0}[shape]
    most = max(0, most - len(decisions[:IN_SECTION]))
    return Content(
        kind=LetterKind.WEEKLY,
        shape=shape,
        name=to.name,
        unit_name=to.unit,
        today=today,
        week=city.week,
        counts=counted(mine if shape is Shape.OFFICER else scope),
        desk=Desk((), ()) if most == 0 else arranged(mine, city.weeks, today, most=most),
        plain=plain,
        unit=_unit(city, to, scope, today) if shape is Shape.MANAGER else None,
        board=None if shape is Shape.OFFICER else city.board,
        behind=() if shape is Shape.OFFICER else _behind(city.board),
        decisions=decisions,
        stuck=_stuck(scope),
    )


def friday(city: City, to: Recipient, plain: bool) -> Content:
    """What will be red on Monday unless it is logged: planned from today to Sunday."""
    return _short(city, to, plain, LetterKind.FRIDAY, Kind.WEEK)


def daily(city: City, to: Recipient, plain: bool) -> Content:
    """What is late and what is planned for today."""
    return _short(city, to, plain, LetterKind.DAILY, Kind.OVERDUE, Kind.TODAY)


COMPOSERS = {LetterKind.WEEKLY: weekly, LetterKind.FRIDAY: friday, LetterKind.DAILY: daily}
"""Who writes what."""


def _short(city: City, to: Recipient, plain: bool, kind: LetterKind, *kinds: Kind) -> Content:
    today, mine = day_of(city.now), city.waiting.of(city.readers[to.id])
    found = [
        Told(line, one, line.days(one, today), city.weeks.get(key(line, one), 1))
        for one in kinds
        for line in mine
        if one in line.since
    ]
    found.sort(key=lambda one: (-one.days, one.line.number, one.line.part))
    return Content(
        kind=kind,
        shape=Shape.OFFICER,
        name=to.name,
        unit_name=to.unit,
        today=today,
        week=city.week,
        counts=Counter({one: sum(told.kind is one for told in found) for one in kinds}),
        desk=Desk(found[:IN_NOTICE], ()),
        plain=plain,
    )


def _unit(city: City, to: Recipient, scope: Sequence[Line], today: date) -> UnitView:
    loads: dict[int, Load] = {}
    for line in scope:
        if line.owner_id != to.id and RED & line.since.keys():
            load = loads.setdefault(line.owner_id, Load(line.owner_id, line.owner, Counter()))
            load.counts.update(line.since.keys())
    ordered = sorted(
        loads.values(),
        key=lambda load: (-sum(load.counts[kind] for kind in RED), load.owner, load.owner_id),
    )
    return UnitView(
        counts=counted(scope),
        awaits=city.docket.of(to.actor, city.readers[to.id]),
        loads=ordered[:IN_SECTION],
        others=max(0, len(ordered) - IN_SECTION),
        third=_third(city, to, scope, today),
        moves=city.moves(city.readers[to.id]),
    )


def _third(city: City, to: Recipient, scope: Sequence[Line], today: date) -> list[Told]:
    """A line of somebody else that is late for the third week running, each once, the longest first."""
    found: dict[tuple[object, ...], Told] = {}
    for line in scope:
        for kind in RED & line.since.keys():
            weeks = city.weeks.get(key(line, kind), 1)
            known = found.get((line.source, line.id, line.part))
            if line.owner_id != to.id and weeks >= THIRD and (known is None or weeks > known.weeks):
                told = Told(line, kind, line.days(kind, today), weeks)
                found[line.source, line.id, line.part] = told
    ordered = sorted(found.values(), key=lambda one: (-one.weeks, -one.days, one.line.number))
    return ordered[:IN_SECTION]


def _behind(board: Board) -> list[Behind]:
    """Districts short of the schedule, of both goals, the furthest first."""
    found = [
        Behind(track, state)
        for track in board.tracks
        for state in track.districts
        if state.progress is not None and state.progress.behind
    ]
    found.sort(
        key=lambda one: ((one.state.progress and one.state.progress.gap) or 0, one.track.track)
    )
    return found[:IN_SECTION]


def _stuck(scope: Sequence[Line]) -> tuple[int, int]:
    """As the leader's page counts it: leads silent or past a limit, projects past their start."""
    leads = sum(bool({Kind.SILENT, Kind.LIMIT} & line.since.keys()) for line in scope)
    return leads, sum(Kind.UNSTARTED in line.since for line in scope)
