"""Which lines stand in a letter: few, each once, the worst first, and for how many weeks."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.agenda.rules import Ground, Kind, Line, Source
from crm.reminders.rules.parts import (
    IN_ALL,
    IN_BOX,
    IN_SECTION,
    RED,
    SECTIONS,
    arranged,
    key,
    running,
)
from crm.values.money import Money

TODAY = date(2026, 11, 23)


def line(number: int, since: dict[Kind, int], yi: int = 1) -> Line:
    """A lead with these reasons, each so many days old."""
    return Line(
        source=Source.LEAD,
        id=number,
        part=0,
        number=f"XS-{number:04}",
        title=f"线索{number}",
        company="",
        what="拜访",
        day=None,
        owner_id=7,
        owner="张三",
        amount=Money.yi(yi),
        stage=None,
        contact=None,
        since={kind: TODAY - timedelta(days=days) for kind, days in since.items()},
        ground=Ground(7, "/1/2/"),
    )


reasons = st.dictionaries(st.sampled_from(list(Kind)), st.integers(0, 90), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(reasons, max_size=60), st.integers(5, IN_ALL))
def test_a_letter_is_short_tells_each_line_once_and_counts_them_all(
    found: list[dict[Kind, int]], most: int
) -> None:
    lines = [line(number, since) for number, since in enumerate(found)]
    desk = arranged(lines, {}, TODAY, most=most)
    assert len(desk.box) <= IN_BOX
    assert len(desk.told) <= most
    told = [one.line.id for one in desk.told]
    assert len(told) == len(set(told))
    for section in desk.sections:
        assert section.total == sum(section.kind in one.since for one in lines)
        assert len(section.told) <= IN_SECTION
        anywhere = sum(section.kind in one.line.since for one in desk.told)
        assert section.rest == section.total - anywhere
    assert {one.kind for one in desk.sections} == {
        kind for kind in SECTIONS for one in lines if kind in one.since
    }


def test_the_box_holds_what_is_late_the_longest_there_first() -> None:
    lines = [
        line(1, {Kind.OVERDUE: 2}),
        line(2, {Kind.OVERDUE: 2, Kind.SILENT: 30}),
        line(3, {Kind.OVERDUE: 2}, yi=50),
        line(4, {Kind.WEEK: 0}),
    ]
    weeks = {key(lines[0], Kind.OVERDUE): 3}
    desk = arranged(lines, weeks, TODAY)
    assert [one.line.id for one in desk.box] == [1, 2, 3]
    assert desk.box[0].weeks == 3


def test_every_kind_but_today_has_a_section_and_what_is_planned_is_never_red() -> None:
    assert set(SECTIONS) == set(Kind) - {Kind.TODAY}
    assert len(SECTIONS) == len(set(SECTIONS))
    assert not RED & {Kind.WEEK, Kind.TODAY, Kind.NO_STEP}


def test_weeks_run_on_over_weeks_of_rest_and_begin_anew_after_one_without_it() -> None:
    one = line(1, {Kind.OVERDUE: 9})
    known = key(one, Kind.OVERDUE)

    def weeks(last: str) -> int | None:
        return running([one], {known: (last, 2)}, "2026-W09", "2026-W07").get(known)

    assert weeks("2026-W07") == 3
    assert weeks("2026-W09") == 2  # written again by a second scheduler: the same
    assert weeks("2026-W06") is None
    assert (
        running([line(1, {Kind.SILENT: 9})], {known: ("2026-W07", 2)}, "2026-W09", "2026-W07") == {}
    )
