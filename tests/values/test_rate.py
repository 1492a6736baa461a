from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm.values.rate import percent, points, ratio

rates = st.fractions(min_value=0, max_value=3, max_denominator=10**9)


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (219_22, 589_00, "37.22%"),
        (8, 12, "66.67%"),
        (4_766_22, 7_000_00, "68.09%"),
        (907, 1_093, "82.98%"),
        (401, 1_093, "36.69%"),
        (2_794_49, 6_129_09, "45.59%"),
        (6, 12, "50.00%"),
        (133, 200, "66.50%"),
        (0, 200, "0.00%"),
    ],
)
def test_the_worked_examples_of_the_field_hold_to_the_last_digit(
    numerator: int, denominator: int, text: str
) -> None:
    assert percent(numerator, denominator) == text


def test_the_worked_gap_of_the_field_is_taken_from_unrounded_values() -> None:
    assert points(Fraction(4_766_22, 7_000_00), Fraction(8, 12)) == "+1.42"


def test_a_rate_of_nothing_is_a_dash() -> None:
    assert percent(5, 0) == percent(0, 0) == "—"
    assert ratio(5, 0) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (9_999, 10_000, "99.99%"),
        (99_999, 100_000, "99.999%"),
        (12 * 10**12 - 1, 12 * 10**12, "99.99999999999%"),
        (200, 200, "100.00%"),
        (200_001, 200_000, "100.00%"),
        (224, 200, "112.00%"),
        (-1, 200, "-0.50%"),
        (1, 20_000, "0.01%"),
    ],
)
def test_the_whole_is_shown_when_it_is_reached_and_over_achievement_shows(
    numerator: int, denominator: int, text: str
) -> None:
    assert percent(numerator, denominator) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Fraction("0.19999"), "19.999%"),
        (Fraction("0.2"), "20.00%"),
        (Fraction("0.200001"), "20.00%"),
        (Fraction("0.33332"), "33.332%"),  # the schedule itself, 1/3, reads 33.33%
        (Fraction(1, 3), "33.33%"),
        (Fraction("0.66666"), "66.666%"),
    ],
)
def test_a_rate_short_of_a_target_or_the_schedule_never_reads_as_on_it(
    rate: Fraction, text: str
) -> None:
    lines = (Fraction(1, 5), Fraction(1, 3), Fraction(2, 3))
    assert percent(rate, 1, *lines) == text


@given(rates, rates)
def test_below_a_line_reads_as_below_it_for_any_rate(rate: Fraction, line: Fraction) -> None:
    assume(rate < line)
    assert Fraction(percent(rate, 1, line).rstrip("%").replace(",", "")) < line * 100


@given(rates)
def test_a_rate_is_within_half_of_its_last_digit(rate: Fraction) -> None:
    assert abs(Fraction(percent(rate, 1).rstrip("%")) - rate * 100) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ("0.5", "0.5", "0.00"),
        ("0.5", "0.6667", "-16.67"),
        ("1.12", "1", "+12.00"),
        ("0.49999", "0.5", "-0.001"),
        ("0.50001", "0.5", "+0.001"),
        ("0.50005", "0.5", "+0.01"),
        ("0.49995", "0.5", "-0.01"),
    ],
)
def test_a_gap_has_a_sign_and_is_nothing_only_between_equals(a: str, b: str, text: str) -> None:
    assert points(Fraction(a), Fraction(b)) == text


@given(rates, rates)
def test_ahead_of_one_is_behind_for_the_other(a: Fraction, b: Fraction) -> None:
    assume(a > b)
    assert points(a, b).replace("+", "-") == points(b, a)
