"""Section 3, case by case; and the worked examples of section 4 to the last digit."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest

from config import HOUSE
from crm.counting.rules import goals
from crm.values.money import Money, show
from crm.values.period import MonthKind
from crm.values.rate import percent, points
from tests.counting.cases import CASES
from tests.counting.given import Case, day
from tests.counting.named import NAMED


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_section_3(case: Case) -> None:
    assert case.ask() == case.expected


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert len(names) >= 40


def test_every_decision_that_the_plan_expects_is_among_them() -> None:
    path = HOUSE / "tests" / "counting" / "expected_decisions_2025.csv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = {
            (row["company"], row["project"]): row["counts_as_new_start"]
            for row in csv.DictReader(file)
        }
    assert expected == {named: answer for named, (answer, *_) in NAMED.items()}


def test_completion_is_done_over_target() -> None:
    assert percent(219_22, 589_00) == "37.22%"


def test_the_schedule_of_january_to_august_is_two_thirds() -> None:
    due = goals.schedule(day("8-31"), 2025, MonthKind.CALENDAR)
    assert percent(due.numerator, due.denominator) == "66.67%"


def test_4766_22_of_7000_in_august_is_1_42_points_ahead() -> None:
    goal = goals.Goal(goals.GoalKind.CUMULATIVE, goals.Comparator.AT_LEAST, 7_000_00)
    now = goals.evaluate(goal, 4_766_22, 8)
    assert now.completion is not None
    assert now.schedule is not None
    assert percent(now.completion, 1) == "68.09%"
    assert points(now.completion, now.schedule) == "+1.42"
    assert not now.behind


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (goals.start_rate(907, 1_093), "82.98%"),
        (goals.completion_rate(401, 1_093), "36.69%"),
        (goals.in_place_rate(Money.wan(27_944_900), Money.wan(61_290_900)), "45.59%"),
        (
            goals.fulfilment_rate(
                goals.Fulfilment.NOT_TERMINATED_OF_SIGNED, signed=200, fulfilled=0, terminated=50
            ),
            "75.00%",
        ),
        (
            goals.fulfilment_rate(
                goals.Fulfilment.FULFILLED_OF_NEW, signed=200, fulfilled=90, terminated=50
            ),
            "45.00%",
        ),
    ],
)
def test_the_rates_of_section_4(rate: Fraction | None, text: str) -> None:
    assert rate is not None
    assert percent(rate, 1) == text


def test_a_rate_of_nothing_is_none() -> None:
    assert goals.start_rate(0, 0) is None
    assert goals.in_place_rate(Money(1), Money(0)) is None


def test_mid_2025_stands_at_133_of_200() -> None:
    goal = goals.Goal(goals.GoalKind.CUMULATIVE, goals.Comparator.AT_LEAST, 200)
    now = goals.evaluate(goal, 133, 6)
    assert now.completion == Fraction(133, 200)
    assert percent(133, 200) == "66.50%"
    assert now.per_month == Fraction(67, 6)


def test_short_of_the_schedule_by_one_start_in_a_million_is_behind() -> None:
    goal = goals.Goal(goals.GoalKind.CUMULATIVE, goals.Comparator.AT_LEAST, 2_000_000)
    now = goals.evaluate(goal, 999_999, 6)
    assert now.behind
    assert now.gap is not None
    assert points(now.completion or Fraction(0), Fraction(1, 2)) != "0.00"


def test_1199_999_is_never_shown_as_1200() -> None:
    assert str(show(Money.wan(11_999_990), [Money.yi(1200)])) == "1,199.999亿元"


def test_parts_of_a_target_make_the_whole_or_say_by_how_much_not() -> None:
    assert goals.short_of_whole(200, [120, 80]) == 0
    assert goals.short_of_whole(200, [120, 70]) == 10
    assert goals.short_of_whole(200, [120, 90]) == -10
