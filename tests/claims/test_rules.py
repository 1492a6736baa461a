"""First reports by their days alone: every boundary, and the days against a count day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.claims.rules import (
    ClaimState,
    Days,
    Terms,
    contacted,
    days_left,
    filed,
    may_renew,
    names_somebody,
    renewed,
    state_on,
)

FILED = date(2025, 3, 1)
TERMS = Terms()


def after(number: int) -> date:
    """So many days after the filing."""
    return FILED + timedelta(days=number)


def kept_alive(*numbers: int) -> Days:
    """Filed, with a contact on each of these days."""
    days = filed(FILED, TERMS)
    for number in numbers:
        days = contacted(days, after(number), TERMS)
    return days


def state(days: Days, number: int, ended: int | None = None) -> ClaimState:
    """The state so many days after the filing."""
    return state_on(days, None if ended is None else after(ended), after(number))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, ClaimState.RESERVED), (15, ClaimState.RESERVED), (16, ClaimState.LAPSED)],
)
def test_filing_reserves_fifteen_days_the_last_one_included(
    number: int, expected: ClaimState
) -> None:
    assert state(kept_alive(), number) is expected


@pytest.mark.parametrize(
    ("number", "expected"), [(70, ClaimState.PROTECTED), (71, ClaimState.LAPSED)]
)
def test_sixty_days_without_a_contact_end_it(number: int, expected: ClaimState) -> None:
    assert state(kept_alive(10), number) is expected
    assert state(kept_alive(10, 60), 71) is ClaimState.PROTECTED


@pytest.mark.parametrize(
    ("number", "expected"), [(190, ClaimState.PROTECTED), (191, ClaimState.LAPSED)]
)
def test_a_protection_kept_alive_lasts_180_days_from_its_first_contact(
    number: int, expected: ClaimState
) -> None:
    assert state(kept_alive(10, 60, 120, 180), number) is expected


def test_its_holder_is_warned_thirty_days_before_the_end() -> None:
    days = kept_alive(0, 50, 100, 150)
    assert (days.until, days.warn_from) == (after(180), after(150))
    assert not may_renew(days, after(149), TERMS)
    assert may_renew(days, after(150), TERMS)
    assert may_renew(days, after(180), TERMS)
    assert not may_renew(days, after(181), TERMS)


def test_extended_it_lasts_another_term_if_contacts_go_on() -> None:
    days = renewed(kept_alive(0, 50, 100, 150), TERMS)
    assert days.until == after(360)
    assert days.holds_until == after(210)  # the silence ends it first
    with pytest.raises(ValueError, match="reservation"):
        renewed(kept_alive(), TERMS)


def test_what_was_given_up_is_over_on_that_day() -> None:
    assert state(kept_alive(5), 19, ended=20) is ClaimState.PROTECTED
    assert state(kept_alive(5), 20, ended=20) is ClaimState.ENDED


def test_a_contact_before_the_filing_or_before_a_later_one_changes_nothing() -> None:
    assert contacted(kept_alive(), after(-1), TERMS) == kept_alive()
    assert contacted(kept_alive(8), after(5), TERMS) == kept_alive(8)


@pytest.mark.parametrize("text", ["张总", "李明、王强", "Mr. Chen", "招商总监赵磊"])
def test_a_name_names_somebody(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize("text", ["", "  ", "对方", "待定", "—", "张", " 无 。"])
def test_a_word_for_nobody_in_particular_does_not(text: str) -> None:
    assert not names_somebody(text)


EVENTS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["contact", "renew"])), max_size=14
).map(sorted)


def told(events: list[tuple[int, str]], until: int) -> Days:
    """What is stored after the events up to a day, each let in as the operations do."""
    days = filed(FILED, TERMS)
    for number, what in events:
        if number > until or not state(days, number).holds:
            continue
        if what == "contact":
            days = contacted(days, after(number), TERMS)
        elif may_renew(days, after(number), TERMS):
            days = renewed(days, TERMS)
    return days


def lived(events: list[tuple[int, str]], until: int) -> ClaimState:
    """The same counted day by day, as one would on a calendar on the wall."""
    state, left, silent = ClaimState.RESERVED, TERMS.reserve, 0
    for number in range(until + 1):
        if number:
            left, silent = left - 1, silent + 1
        if left < 0 or (state is ClaimState.PROTECTED and silent > TERMS.silence):
            return ClaimState.LAPSED
        for _day, what in (one for one in events if one[0] == number):
            if what == "contact":
                if state is ClaimState.RESERVED:
                    state, left = ClaimState.PROTECTED, TERMS.protect
                silent = 0
            elif state is ClaimState.PROTECTED and left <= TERMS.warn:
                left += TERMS.protect
    return state


@given(EVENTS, st.integers(0, 500))
def test_its_state_on_any_day_is_the_fold_of_its_events(
    events: list[tuple[int, str]], until: int
) -> None:
    days = told(events, until)
    assert state(days, until) is lived(events, until)
    assert (days_left(days, after(until)) >= 0) is state(days, until).holds


@given(EVENTS)
def test_it_never_holds_longer_than_it_protects_and_warns_before_it_ends(
    events: list[tuple[int, str]],
) -> None:
    days = told(events, 400)
    assert days.warn_from < days.holds_until
    assert days.until is None or days.holds_until <= days.until


def test_a_changed_setting_moves_nothing_that_was_promised() -> None:
    days = kept_alive()
    short = replace(TERMS, reserve=3)
    assert state_on(days, None, after(15)) is ClaimState.RESERVED
    assert filed(FILED, short).holds_until == after(3)
