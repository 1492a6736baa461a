"""Laws of the dated history: it tiles the days, equals its events, and undoes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crm.companies.rules import Position
from crm.core.clock import SHANGHAI
from crm.leads.models import Lead
from crm.leads.operations import entry, history, moving
from crm.leads.queries.history import happenings, segments
from crm.leads.rules.history import (
    DATED,
    FOREVER,
    Happening,
    Segment,
    State,
    days_in_stages,
    first_reached,
    fold,
    moved_on,
    on_day,
    placed,
    stage_after,
    state_on,
)
from crm.leads.rules.kinds import EventKind, Stage, Standing
from crm.values.money import Money
from tests.factories.city import City

START = date(2025, 1, 1)
DAYS = 40

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "stage": st.sampled_from(Stage),
    "standing": st.sampled_from(Standing),
    "amount": st.sampled_from([Money(0), Money.yi(1), Money.yi(2)]),
    "district_id": st.sampled_from([None, 1, 2]),
    "unit_id": st.sampled_from([1, 2]),
    "owner_id": st.sampled_from([1, 2]),
    "chain_id": st.none(),
    "node_id": st.none(),
    "position": st.sampled_from([None, *Position]),
    "model_id": st.sampled_from([None, 1]),
}
FIRST = {
    "stage": Stage.IDENTIFIED,
    "standing": Standing.OPEN,
    "amount": Money(0),
    "district_id": None,
    "unit_id": 1,
    "owner_id": 1,
    "chain_id": None,
    "node_id": None,
    "position": None,
    "model_id": None,
}


def day(number: int) -> date:
    """The n-th day after the entry."""
    return START + timedelta(days=number)


some_values = st.lists(st.sampled_from(DATED), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)
later = st.builds(
    lambda number, values: Happening(day(number), values), st.integers(0, DAYS), some_values
)
stories = st.lists(later, max_size=12).map(lambda rest: [Happening(START, FIRST), *rest])


@given(stories)
def test_segments_tile_all_days_from_the_entry_on(told: list[Happening]) -> None:
    found = fold(told)
    assert found[0].day_from == START
    assert found[-1].day_until == FOREVER
    for one, following in pairwise(found):
        assert one.day_from < one.day_until == following.day_from
        assert one.state != following.state


@given(stories, st.integers(0, DAYS + 5))
def test_the_state_of_a_day_is_what_the_happenings_up_to_it_say(
    told: list[Happening], number: int
) -> None:
    assert on_day(fold(told), day(number)) == state_on(told, day(number))


@given(stories, st.integers(0, DAYS), st.sampled_from(DATED))
def test_a_change_told_late_changes_one_dimension_until_its_next_change(
    told: list[Happening], number: int, name: str
) -> None:
    new = next(
        value for value in _values(name) if value != getattr(on_day(fold(told), day(number)), name)
    )
    before, after = fold(told), fold([*told, Happening(day(number), {name: new})])
    next_change = min(
        (h.day for h in told if h.day > day(number) and name in h.values), default=FOREVER
    )
    for offset in range(DAYS + 3):
        at = day(offset)
        was, now = on_day(before, at), on_day(after, at)
        for dimension in DATED:
            expected = getattr(was, dimension)
            if dimension == name and day(number) <= at < next_change:
                expected = new
            assert getattr(now, dimension) == expected


def _values(name: str) -> list[Any]:
    choices: dict[str, list[Any]] = {
        "stage": list(Stage),
        "standing": list(Standing),
        "amount": [Money(0), Money.yi(1)],
        "position": [None, *Position],
        "unit_id": [1, 2],
        "owner_id": [1, 2],
    }
    return choices.get(name, [None, 1])


@given(stories)
def test_a_stage_is_first_reached_when_it_or_a_later_one_is_first_stood_in(
    told: list[Happening],
) -> None:
    found, firsts = fold(told), first_reached(fold(told))
    for stage in Stage:
        days = [
            day(number)
            for number in range(DAYS + 1)
            if on_day(found, day(number)).stage.rank >= stage.rank
        ]
        assert firsts.get(stage) == (days[0] if days else None)
    assert list(firsts.values()) == sorted(firsts.values())


@given(stories)
def test_since_it_moved_it_has_stood_in_its_present_stage(told: list[Happening]) -> None:
    found = fold(told)
    since, stage = moved_on(found), found[-1].state.stage
    assert all(s.state.stage is stage for s in found if s.day_from >= since)
    assert since == START or on_day(found, since - timedelta(days=1)).stage is not stage


@given(stories, st.integers(0, DAYS))
def test_the_next_stage_is_that_of_the_first_later_move(told: list[Happening], number: int) -> None:
    found = fold(told)
    stood = on_day(found, day(number)).stage
    later_on = [on_day(found, day(n)).stage for n in range(number + 1, DAYS + 2)]
    assert stage_after(found, day(number)) == next((s for s in later_on if s is not stood), None)


@given(stories)
def test_days_in_stages_add_up_to_the_days_in_hand(told: list[Happening]) -> None:
    found, today = fold(told), day(DAYS)
    worked = sum(on_day(found, day(number)).standing is Standing.OPEN for number in range(DAYS))
    assert sum(days_in_stages(found, today).values()) == worked


def test_two_changes_of_one_day_leave_the_later_told_one() -> None:
    told = [
        Happening(START, FIRST),
        Happening(day(5), {"stage": Stage.NEGOTIATING}),
        Happening(day(5), {"stage": Stage.CONTACTED}),
    ]
    assert fold(told) == [
        Segment(START, day(5), State(**FIRST)),  # type: ignore[arg-type]
        Segment(day(5), FOREVER, State(**FIRST | {"stage": Stage.CONTACTED})),  # type: ignore[arg-type]
    ]


def test_what_is_stored_equals_what_the_events_tell_at_every_moment(city: City) -> None:
    entered = datetime(2025, 1, 1, 9, tzinfo=SHANGHAI)
    actor = city.actor("kunqu_officer")
    with city.write() as session:
        draft = entry.LeadDraft("甲", new_company="某某科技有限公司", entered_on=entered.date())
        lead_id = entry.enter(session, actor, draft, now=entered).id
    steps: list[tuple[int, int, EventKind, dict[str, Any]]] = [
        (5, 5, EventKind.MOVED, {"stage": Stage.CONTACTED}),
        (9, 7, EventKind.REVISED, {"amount": Money.yi(3)}),
        (12, 12, EventKind.MOVED, {"stage": Stage.NEGOTIATING}),
        (12, 3, EventKind.REVISED, {"amount": Money.yi(1)}),
        (14, 14, EventKind.MOVED, {"stage": Stage.CONTACTED}),
        (14, 14, EventKind.MOVED, {"stage": Stage.NEGOTIATING}),
        (20, 0, EventKind.REVISED, {"position": Position.SUPPORTING}),
    ]
    moments = [entered]
    for recorded, held, kind, values in steps:
        now = max(entered + timedelta(days=recorded), moments[-1] + timedelta(hours=1))
        moments.append(now)
        with city.write() as session:
            lead = moving.locked(session, actor, lead_id)
            lead.version += 1
            history.change(
                session, actor, lead, kind, values, action="lead.revised",
                day=entered.date() + timedelta(days=held), now=now,
            )  # fmt: skip
    with city.database.read() as session:
        for moment in moments:
            known = happenings(session, lead_id, by=moment)
            assert segments(session, lead_id, by=moment) == fold(known)
        current = segments(session, lead_id)
        assert current == fold(happenings(session, lead_id))
        row = session.get_one(Lead, lead_id)
        assert (row.stage, row.amount_low, row.position) == (
            Stage.NEGOTIATING, Money.yi(3), Position.SUPPORTING,
        )  # fmt: skip
        assert row.contacted_first == first_reached(current)[Stage.CONTACTED]
        assert row.moved_on == moved_on(current)


@given(stories)
def test_each_segment_knows_the_stay_that_it_is_a_part_of(told: list[Happening]) -> None:
    found = fold(told)
    for number, one in enumerate(placed(found)):
        segment, stage = one.segment, one.segment.state.stage
        stay = [segment]
        for earlier in reversed(found[:number]):
            if earlier.state.stage is not stage:
                break
            stay.append(earlier)
        worked = sum(
            (part.day_until - part.day_from).days
            for part in stay[1:]
            if part.state.standing is Standing.OPEN
        )
        assert (segment.day_from - one.staged_from).days == worked
        after = found[number + 1].state.stage if number + 1 < len(found) else stage
        assert one.stage_next == (after if after is not stage else None)
