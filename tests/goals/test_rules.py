"""Units, parts of a target and places in a ranking, without app or database."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.goals.rules.parts import Miss, Part, Split, evenly
from crm.goals.rules.ranking import Rank, places, ranked
from crm.goals.rules.units import (
    PLACES,
    ValueFault,
    ValueProblem,
    exact_text,
    places_of,
    read_value,
    value_text,
)

CITY, KUNQU, QINGSHAN = 1, 2, 3


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("200", "个", 200),
        ("1200", "亿元", 12_000_000_000_000),
        ("1,200", "亿元", 12_000_000_000_000),
        ("4.5", "万吨", 45_000),
        ("20", "%", 200_000),
        ("-3.5", "%", -35_000),
        ("２０．５", "%", 205_000),
        ("85%", "%", 850_000),
        ("7.25", "箱", 72_500),
    ],
)
def test_a_figure_is_read_exactly_in_the_smallest_part_of_its_unit(
    text: str, unit: str, value: int
) -> None:
    assert read_value(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "fault"),
    [
        ("", "个", ValueFault.EMPTY),
        (" 个 ", "个", ValueFault.EMPTY),
        ("200个以上", "个", ValueFault.NOT_A_NUMBER),
        ("约200", "个", ValueFault.NOT_A_NUMBER),
        ("10²", "个", ValueFault.NOT_A_NUMBER),
        ("1e3", "个", ValueFault.NOT_A_NUMBER),
        ("12,00", "个", ValueFault.NOT_A_NUMBER),
        ("NaN", "个", ValueFault.NOT_A_NUMBER),
        ("9" * 41, "个", ValueFault.NOT_A_NUMBER),
        ("0.5", "个", ValueFault.TOO_FINE),
        ("0.00001", "%", ValueFault.TOO_FINE),
        ("9" * 20, "个", ValueFault.TOO_LARGE),
    ],
)
def test_what_is_no_plain_figure_is_refused_with_its_fault(
    text: str, unit: str, fault: ValueFault
) -> None:
    with pytest.raises(ValueProblem) as problem:
        read_value(text, unit)
    assert problem.value.fault is fault


@given(st.integers(-(10**17), 10**17), st.sampled_from([*PLACES, "箱"]))
def test_every_figure_reads_back_from_its_exact_text(value: int, unit: str) -> None:
    assert read_value(exact_text(value, unit), unit) == value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (11_999_990_000_000, "亿元", "1,199.999"),
        (12_000_000_000_000, "亿元", "1,200.00"),
        (45_000, "万吨", "4.5"),
        (133, "个", "133"),
        (Fraction(67, 6), "个", "11"),
        (0, "家", "0"),
        (1, "亿元", "0.0000000001"),
    ],
)
def test_a_figure_short_of_its_target_never_reads_like_it(value: int, unit: str, text: str) -> None:
    assert value_text(value, unit, [read_value("1200", "亿元")] if unit == "亿元" else []) == text


def split(*parts: tuple[int, int, int], target: int = 200) -> Split:
    return Split(target, CITY, tuple(Part(*part) for part in parts))


def test_parts_that_make_the_whole_miss_nothing() -> None:
    assert split((KUNQU, 0, 120), (QINGSHAN, 0, 80)).misses() == []
    assert split(*((CITY, month, 50 if month < 5 else 0) for month in range(1, 13))).misses() == []
    assert split().misses() == []


def test_parts_that_do_not_say_by_how_much() -> None:
    assert split((KUNQU, 0, 120)).misses() == [Miss(None, 80)]
    assert split((KUNQU, 0, 120), (QINGSHAN, 0, 90)).misses() == [Miss(None, -10)]
    months = [(KUNQU, month, 10) for month in range(1, 13)]
    assert split((KUNQU, 0, 200), *months).misses() == [Miss(KUNQU, 80)]
    assert split((CITY, 1, 10)).misses() == [Miss(CITY, 190)]


def test_a_curve_follows_the_months_of_the_district_else_those_of_the_city() -> None:
    city = [(CITY, month, 100 if month in {6, 12} else 0) for month in range(1, 13)]
    own = [(KUNQU, month, 10) for month in range(1, 13)]
    parts = split((KUNQU, 0, 120), (QINGSHAN, 0, 80), *city, *own)
    assert parts.curve(CITY) == [Fraction(0)] * 5 + [Fraction(1, 2)] * 6 + [Fraction(1)]
    assert parts.curve(KUNQU) == [Fraction(month, 12) for month in range(1, 13)]
    assert parts.curve(QINGSHAN) == parts.curve(CITY)


def test_months_that_do_not_make_the_whole_make_no_curve() -> None:
    assert split((CITY, 1, 10)).curve(CITY) is None
    assert split((KUNQU, 0, 200)).curve(KUNQU) is None


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_a_proposal_always_makes_the_whole(whole: int, weights: list[int]) -> None:
    if not sum(weights):
        with pytest.raises(ValueError):
            evenly(whole, weights)
        return
    parts = evenly(whole, weights)
    assert sum(parts) == whole
    assert all(
        abs(Fraction(part) - Fraction(whole * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


def test_equals_share_a_place_and_who_has_no_value_has_none() -> None:
    assert places({1: 5, 2: 7, 3: 5, 4: None, 5: 1}) == {2: 1, 1: 2, 3: 2, 5: 4}


def test_a_place_says_how_it_changed_since_last_month() -> None:
    assert ranked({1: 5, 2: 7, 3: 1}, {1: 3, 2: 2}) == {
        1: Rank(2, -1),
        2: Rank(1, 1),
        3: Rank(3, None),
    }
    assert places_of("亿元") == 10
