"""How the lines of a work page are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.agenda.rules import Source, Week, by_day


@dataclass
class Line:
    name: str
    day: date | None
    source: Source = Source.LEAD


WEDNESDAY = date(2025, 7, 2)


def test_a_week_runs_from_monday_to_sunday() -> None:
    week = Week.of(WEDNESDAY)

    assert (week.monday, week.sunday) == (date(2025, 6, 30), date(2025, 7, 6))
    assert len(week.days) == 7
    assert Week.of(week.sunday).monday == week.monday


def test_late_lines_stand_together_first_then_each_day_then_what_has_no_day() -> None:
    lines = [
        Line("none", None),
        Line("returned", None, Source.RECEIPT),
        Line("friday", date(2025, 7, 4)),
        Line("late", date(2025, 7, 1)),
        Line("today", WEDNESDAY),
        Line("very late", date(2025, 5, 1)),
    ]

    groups = by_day(lines, WEDNESDAY)

    assert [[line.name for line in group.lines] for group in groups] == [
        ["very late", "late"],
        ["today"],
        ["friday"],
        ["none"],
        ["returned"],
    ]
    assert [group.overdue for group in groups] == [True, False, False, False, False]


def test_nothing_makes_no_group() -> None:
    assert by_day([], WEDNESDAY) == []
