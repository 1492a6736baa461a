"""The board on lived years: steps, progress, what binds, ranks, as of any day and as known then."""

from __future__ import annotations

from fractions import Fraction

import pytest

from crm.core.database import Database
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import BaseSource, Binding, Comparator, Sum
from crm.goals.rules.kinds import FUNDS, GROWTH, STARTS
from crm.goals.rules.ranking import Rank, RankBy
from crm.goals.rules.tracks import Track
from crm.values.money import Money
from crm.values.rate import percent, points
from tests.counting.given import at, day
from tests.factories.city import City
from tests.goals.given import KUNQU, QINGSHAN, Plan, planned, yi
from tests.house.test_queries import counted


@pytest.fixture
def plan(city: City) -> Plan:
    return Plan(city)


def steps(plan: Plan, track: Track, on: str = "6-30") -> list[int]:
    found = plan.board(on).track(track)
    return [told.count if track is Track.STARTS else told.amount.fen for told in found.way.values()]


def test_the_steps_of_starts_are_disjoint_and_only_the_last_is_measured(plan: Plan) -> None:
    plan.signed()
    plan.signed(district=QINGSHAN)
    plan.started("3-20")
    plan.started("7-01")
    found = plan.board().starts
    assert steps(plan, Track.STARTS) == [3, 0, 1]
    assert (found.done, found.progress and found.progress.remaining) == (1, 199)
    assert steps(plan, Track.STARTS, "7-01") == [2, 0, 2]


def test_funds_agreed_planned_reported_and_counted(plan: Plan) -> None:
    one = plan.started("3-20", planned=planned(2025, yi(2)))
    plan.signed(planned=planned(2026, yi(1)))
    plan.money(one, yi("0.5"))
    plan.reported(one, yi("0.25"), "4-10")
    assert steps(plan, Track.FUNDS) == [yi(6), yi(2), yi("0.25"), yi("0.5")]


def test_signing_raises_in_hand_and_agreed_and_nothing_counted(plan: Plan) -> None:
    before = plan.board()
    plan.signed(planned=planned(2025, yi(1)))
    after = plan.board()
    assert after.starts.way[Measure.STARTS_IN_HAND] == Sum(1, Money.yi(3))
    assert after.funds.way[Measure.FUNDS_AGREED] == Sum(1, Money.yi(3))
    assert [one.done for one in after.tracks] == [one.done for one in before.tracks] == [0, 0]
    assert [one.progress for one in after.tracks] == [one.progress for one in before.tracks]


def test_completion_gap_and_what_is_needed_are_exact(plan: Plan) -> None:
    """219.22 / 589 = 37.22 %, and 4,766.22 / 7,000 at the end of August is 1.42 points ahead."""
    one = plan.started("3-20")
    plan.target(FUNDS, yi(589))
    plan.money(one, yi("219.22"))
    found = plan.board().funds.progress
    assert found is not None
    assert percent(yi("219.22"), yi(589)) == "37.22%"
    assert (found.completion, found.schedule) == (Fraction(21922, 58900), Fraction(1, 2))
    assert points(found.completion or Fraction(0), Fraction(1, 2)) == "-12.78"
    assert (found.months_left, found.remaining) == (6, yi("369.78") + 1)
    assert found.per_month == Fraction(yi("369.78") + 1, 6)
    plan.target(FUNDS, yi(7000))
    plan.money(one, yi("4547"), "8-10")
    found = plan.board("8-31").funds.progress
    assert found is not None
    assert found.completion == Fraction(476622, 700000)
    assert found.gap is not None
    assert points(found.completion, Fraction(8, 12)) == "+1.42"
    assert not found.behind


def test_thirty_june_is_six_twelfths_for_starts_and_for_funds_of_statistical_months(
    plan: Plan,
) -> None:
    for on, starts, funds in (("6-30", 6, 6), ("6-25", 5, 6), ("6-24", 5, 5), ("12-31", 12, 12)):
        found = plan.board(on)
        assert (on, found.starts.elapsed.months, found.funds.elapsed.months) == (on, starts, funds)
    assert [one.elapsed.months for one in plan.board("2026-03-01").tracks] == [12, 12]
    assert [one.elapsed.months for one in plan.board("2024-03-01").tracks] == [0, 0]


def test_a_year_without_targets_has_figures_and_no_progress(plan: Plan) -> None:
    plan.started("2026-05-20", signed_on=day("2026-02-10"))
    found = plan.board("2026-06-30", 2026)
    assert (found.starts.done, found.starts.goal, found.starts.progress) == (1, None, None)
    assert [one.reached for one in found.tracks] == [None, None]
    assert {one.progress for one in found.starts.districts} == {None}
    assert found.starts.bar.lines == ()


def test_of_two_targets_the_larger_binds(plan: Plan) -> None:
    """1.2 × 900亿 is less than 1,200亿, 1.2 × 1,050亿 more; 1.2 × 1,000亿 is met by what breaks 1,200亿."""
    for base, binds, reach in (
        (900, Binding.TARGET, yi(1200) + 1),
        (1000, Binding.TARGET, yi(1200) + 1),
        (1050, Binding.GROWTH, yi(1260)),
    ):
        with plan.database.write("test") as session:
            session.connection().exec_driver_sql("DELETE FROM published_funds")
        plan.published(12, Money.yi(base))
        grown = plan.board().funds.growth
        assert grown is not None
        assert (grown.reach.binds, grown.reach.amount) == (binds, Money(reach))
        assert (grown.year.source, grown.year.amount) == (BaseSource.PUBLISHED, Money.yi(base))
    further = plan.board().funds.to_reach
    assert further is not None
    assert (further.target, further.remaining) == (yi(1260), yi(1260))


def test_both_targets_must_be_met_and_without_a_base_it_is_not_called_reached(plan: Plan) -> None:
    one = plan.started("3-20")
    plan.money(one, yi(1200))
    assert plan.board("12-31").funds.reached is False
    plan.money(one, 1, "4-10")
    found = plan.board("12-31").funds
    assert (found.progress and found.progress.reached, found.reached) == (True, False)
    plan.published(12, Money.yi(1000))
    assert plan.board("12-31").funds.reached is True
    plan.published(11, Money.yi(1000))
    with plan.database.write("test") as session:
        session.connection().exec_driver_sql(f"UPDATE published_funds SET cumulative = {yi(1001)}")
    found = plan.board("12-31").funds
    assert (found.reached, found.binding and found.binding.remaining) == (False, yi("1.2") - 1)


def test_growth_compares_elapsed_booking_months_only(plan: Plan) -> None:
    one = plan.started("3-20")
    plan.published(5, Money.yi(10))
    plan.published(6, Money.yi(15))
    plan.money(one, yi(12), "5-25")
    plan.money(one, yi(6), "6-25")
    plan.money(one, yi(100), "6-26")
    before, after = plan.board("6-24").funds.growth, plan.board("6-30").funds.growth
    assert before is not None
    assert after is not None
    assert (before.months, before.now, before.rate) == (5, Money.yi(12), Fraction(1, 5))
    assert (after.months, after.now, after.rate) == (6, Money.yi(18), Fraction(1, 5))
    assert before.on_course is after.on_course is True


def test_the_ledgers_own_year_is_the_base_where_it_is_closed(plan: Plan) -> None:
    old = plan.started("3-20", signed_on=day("2024-02-10"))
    plan.money(old, yi(7), "2024-03-10", now=at("2024-03-18"))
    plan.published(6, Money.yi(15))
    plan.money(old, yi("8.4"), "4-10")
    found = plan.board().funds.growth
    assert found is not None
    assert (found.base.source, found.base.amount) == (BaseSource.LEDGER, Money.yi(7))
    assert found.rate == Fraction(1, 5)


def test_without_a_base_growth_is_nothing_neither_zero_nor_infinite(plan: Plan) -> None:
    plan.money(plan.started("3-20"), yi(5))
    found = plan.board().funds.growth
    assert found is not None
    assert (found.base.amount, found.base.source, found.rate, found.on_course) == (None,) * 4
    assert (found.reach.binds, found.reach.amount) == (Binding.TARGET, Money(yi(1200) + 1))


def test_over_achievement_shows(plan: Plan) -> None:
    plan.target(STARTS, 25)
    for _ in range(28):
        plan.started("3-20")
    found = plan.board().starts
    assert found.progress is not None
    assert found.progress.completion == Fraction(112, 100)
    assert percent(28, 25) == "112.00%"
    assert (found.progress.remaining, found.reached) == (0, True)
    assert sum(length for _, length in found.bar.tones) == 1000
    assert found.bar.lines == (25 * 1000 // 28,)


def test_districts_have_their_part_their_gap_and_their_place(plan: Plan) -> None:
    plan.split(STARTS, kunqu=120, qingshan=80)
    for on in ("3-20", "6-10", "6-11"):
        plan.started(on)
    for on in ("3-20", "4-20"):
        plan.started(on, QINGSHAN)
    found = {one.district.name: one for one in plan.board().starts.districts}
    kunqu, qingshan, donghe = found[KUNQU], found[QINGSHAN], found["东河区"]
    assert len(found) == 10
    assert (kunqu.done, kunqu.share) == (3, Fraction(3, 5))
    assert (donghe.done, donghe.progress, donghe.share) == (0, None, Fraction(0))
    assert kunqu.progress is not None
    assert (kunqu.progress.target, kunqu.progress.gap) == (120, Fraction(3, 120) - Fraction(1, 2))
    assert kunqu.ranks[RankBy.AMOUNT] == Rank(1, 1)
    assert qingshan.ranks[RankBy.AMOUNT] == Rank(2, -1)
    assert (kunqu.ranks[RankBy.RATE], qingshan.ranks[RankBy.RATE]) == (Rank(1, 1), Rank(1, 0))
    assert RankBy.GAP not in donghe.ranks


def test_a_curve_of_months_takes_the_place_of_twelfths(plan: Plan) -> None:
    plan.split(STARTS, m1=20, m6=80, m12=100)
    for on, share in (("1-30", 0), ("1-31", Fraction(1, 10)), ("6-30", Fraction(1, 2))):
        progress = plan.board(on).starts.progress
        assert progress is not None
        assert progress.schedule == share


def test_as_of_a_day_and_as_known_then(plan: Plan) -> None:
    one = plan.started("3-20")
    plan.money(one, yi(1), "3-10", now=at("3-18"))
    plan.money(one, yi(2), "3-12", now=at("4-20"), confirmed_at=at("4-20"))
    assert plan.board("3-25").funds.done == yi(1)  # booked to April, for March was closed
    assert plan.board("3-26").funds.done == yi(3)
    assert plan.board("4-01", known=at("4-10")).funds.done == yi(1)
    assert plan.board("4-01", known=at("4-20")).funds.done == yi(3)


def test_as_known_now_is_as_known_today_in_every_figure(plan: Plan) -> None:
    plan.split(STARTS, kunqu=120, qingshan=80)
    old = plan.started("3-20", signed_on=day("2024-02-10"))
    plan.money(old, yi(7), "2024-03-10", now=at("2024-03-18"))
    plan.money(old, yi(9), "4-10")
    plan.signed(district=QINGSHAN, planned=planned(2025, yi(2)))
    today, known = plan.board(), plan.board(known=at("2026-11-25", 23))
    for mine, other in zip(today.tracks, known.tracks, strict=True):
        for name in ("way", "done", "progress", "to_reach", "months", "growth", "bar", "reached"):
            assert (name, getattr(mine, name)) == (name, getattr(other, name))
        assert [(one.way, one.ranks, one.progress) for one in mine.districts] == [
            (one.way, one.ranks, one.progress) for one in other.districts
        ]


def test_an_exact_target_is_reached_where_it_is_included_and_not_where_broken_through(
    plan: Plan,
) -> None:
    plan.published(12, Money.yi(1))
    one = plan.started("3-20")
    plan.target(FUNDS, yi(5))
    plan.target(GROWTH, 0)
    plan.money(one, yi(5))
    assert plan.board().funds.reached is False
    plan.target(FUNDS, yi(5), comparator=Comparator.AT_LEAST)
    assert plan.board().funds.reached is True


def test_the_board_asks_the_same_of_few_and_of_many(plan: Plan, database: Database) -> None:
    def asked() -> int:
        with counted(database) as said:
            plan.board()
        return len(said)

    one = plan.started("3-20")
    plan.money(one, yi(1))
    asked()
    few = asked()
    for district in (KUNQU, QINGSHAN, "东河区"):
        plan.money(plan.started("4-20", district), yi(1), "5-10")
    assert asked() == few
    assert few < 30
