"""What stands in a letter: which lines come first, how many of each section, and for how many weeks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.agenda.rules import Kind, Line, Source

IN_BOX = 5
IN_SECTION = 5
IN_ALL = 25
"""Lines: of the box 先办这几件, of a section, of a whole letter."""

THIRD = 3
"""The week in which a line stands in the manager's letter by name."""

FIRST = (Kind.RETURNED, Kind.OVERDUE, Kind.SILENT, Kind.LIMIT, Kind.UNSTARTED, Kind.EVIDENCE)
LAST = (Kind.NO_STEP, Kind.WEEK)
SECTIONS = (*FIRST, *(one for one in Kind if one not in (*FIRST, *LAST, Kind.TODAY)), *LAST)
"""The sections of a letter in order; a kind that joins the agenda stands before what is merely planned."""

RED = frozenset(Kind) - {Kind.TODAY, Kind.WEEK, Kind.NO_STEP, Kind.EVIDENCE}
"""What is late: the box holds these alone."""

Key = tuple[int, Source, int, int, Kind]
"""A line in a section of somebody's letter: owner, source, number, part, kind."""


def key(line: Line, kind: Kind) -> Key:
    """By what a line is known from week to week."""
    return line.owner_id, line.source, line.id, line.part, kind


@dataclass(frozen=True)
class Told:
    """A line as a letter tells it: for which reason, how many days, for how many weeks running."""

    line: Line
    kind: Kind
    days: int
    weeks: int

    def days_of(self, kind: Kind) -> int:
        """How many days another of its reasons holds."""
        return self.days + (self.line.since[self.kind] - self.line.since[kind]).days


@dataclass(frozen=True)
class Section:
    """Lines of one kind: how many there are, those that are told, how many stand nowhere in the letter."""

    kind: Kind
    total: int
    told: Sequence[Told]
    rest: int


@dataclass(frozen=True)
class Desk:
    """One person's own work as his letter tells it."""

    box: Sequence[Told]
    sections: Sequence[Section]

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self.sections

    @property
    def told(self) -> list[Told]:
        """Every line that the letter tells."""
        return [*self.box, *(one for section in self.sections for one in section.told)]


def arranged(
    lines: Sequence[Line], weeks: Mapping[Key, int], today: date, *, most: int = IN_ALL
) -> Desk:
    """The box and the sections of a person's lines; each line is told once.

    Args:
        weeks: for how many weeks running a line stands there; 1 where nothing is known.
    """
    found = {kind: _told(lines, kind, weeks, today) for kind in SECTIONS}
    box = _box(found)
    seen = {_thing(one.line) for one in box}
    left = most - len(box)
    shown: dict[Kind, list[Told]] = {}
    for kind, told in found.items():
        fresh = [one for one in told if _thing(one.line) not in seen]
        shown[kind] = fresh[: max(0, min(IN_SECTION, left))]
        left -= len(shown[kind])
        seen |= {_thing(one.line) for one in shown[kind]}
    sections = [
        Section(kind, len(told), shown[kind], sum(_thing(one.line) not in seen for one in told))
        for kind, told in found.items()
        if told
    ]
    return Desk(box, sections)


def _box(found: Mapping[Kind, Sequence[Told]]) -> list[Told]:
    """What to do first: what stands there longest, then has most reasons, then is largest.

    Of a project and its papers one line: five papers of one project are one thing to do.
    """
    best: dict[tuple[Source, int], Told] = {}
    for kind in SECTIONS:
        if kind in RED:
            for one in found[kind]:
                source = one.line.source
                subject = Source.PROJECT if source is Source.PAPER else source, one.line.id
                known = best.setdefault(subject, one)
                if one.weeks > known.weeks:
                    best[subject] = one
    ordered = sorted(
        best.values(),
        key=lambda one: (
            -one.weeks,
            -len(RED & one.line.since.keys()),
            -one.line.amount.fen,
            one.line.number,
        ),
    )
    return ordered[:IN_BOX]


def _told(lines: Sequence[Line], kind: Kind, weeks: Mapping[Key, int], today: date) -> list[Told]:
    told = [
        Told(line, kind, line.days(kind, today), weeks.get(key(line, kind), 1))
        for line in lines
        if kind in line.since
    ]
    return sorted(told, key=lambda one: (-one.days, one.line.number, one.line.part))


def _thing(line: Line) -> tuple[Source, int, int]:
    return line.source, line.id, line.part


def running(
    lines: Collection[Line], known: Mapping[Key, tuple[str, int]], week: str, before: str
) -> dict[Key, int]:
    """For how many weeks running each line stands in its owner's letter, this week's included.

    Args:
        known: the week in which a line last stood there, and for how many weeks it had.
        before: the last week that had a letter.
    """
    found = {}
    for line in lines:
        for kind in line.since:
            last, weeks = known.get(key(line, kind), ("", 0))
            if last == week:
                found[key(line, kind)] = weeks
            elif last == before:
                found[key(line, kind)] = weeks + 1
    return found


def weeks_since(decided_on: date, today: date) -> int:
    """In how many weekly letters a decision has stood, this one's included; at least one.

    Decided on a Monday, after that day's letter, it first stands in the next Monday's.
    """
    return max(1, ((today - decided_on).days + 6) // 7)
