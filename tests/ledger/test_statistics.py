"""Funds in place by month and part: each split makes the whole, growth compares elapsed months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.counting.operations import rule_sets
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import MoneyFrom
from crm.counting.rules.goals import Base, BaseSource, Sum
from crm.counting.rules.sets import RuleSet
from crm.ledger.operations import published
from crm.ledger.queries.rows import HIDDEN
from crm.ledger.queries.statistics import Frame, MonthLine, frame, months
from crm.ledger.queries.statistics_parts import PartLine, Table, table
from crm.ledger.queries.statistics_projects import Projects, projects
from crm.ledger.queries.statistics_rates import Fate, cohort, signed
from crm.values.money import Money
from crm.values.period import MonthKind
from tests.counting.given import WAN, at, day
from tests.factories.city import City
from tests.ledger.town import Town, open_town


@pytest.fixture
def town(city: City) -> Town:
    return open_town(city)


@dataclass
class Reader:
    """Asks for figures as somebody, on a day."""

    town: Town
    who: str = "city_manager"
    year: int = 2025

    def table(
        self, on: str, dimension: Dimension = Dimension.ALL, district: int | None = None
    ) -> Table:
        with self.town.city.database.read() as session:
            asked = self.frame(session, on, district)
            actor = self.town.city.actor(self.who)
            return table(session, actor, asked, dimension, at=at(on))

    def months(self, on: str, district: int | None = None) -> list[MonthLine]:
        with self.town.city.database.read() as session:
            return months(session, self.frame(session, on, district), at=at(on))

    def projects(self, on: str, **told: Any) -> Projects:
        with self.town.city.database.read() as session:
            actor = self.town.city.actor(self.who)
            return projects(session, actor, self.frame(session, on, None), **told)

    def frame(self, session: Session, on: str, district: int | None) -> Frame:
        return frame(session, self.year, day(on), district)


def wan(told: Sum | None) -> int | None:
    return None if told is None else told.amount.fen // 10**6


def by_name(found: Table) -> dict[str, PartLine]:
    return {line.of.short if line.of is not None else line.key: line for line in found.lines}


def publish(city: City, district: str, month: int, amount: Money, year: int = 2024) -> None:
    with city.write() as session:
        published.enter(
            session,
            city.actor("city_manager"),
            year=year,
            month=month,
            district_id=city.district_id(district),
            cumulative=amount,
            source="统计公报",
            now=at("1-05"),
        )


@pytest.mark.parametrize(
    ("on", "month", "first", "elapsed"),
    [
        ("1-25", 1, "1-01", 1),
        ("1-26", 2, "1-26", 1),
        ("6-24", 6, "5-26", 5),
        ("6-25", 6, "5-26", 6),
        ("6-30", 7, "6-26", 6),
        ("12-25", 12, "11-26", 11),
        ("12-31", 12, "11-26", 12),
        ("2026-01-01", 12, "11-26", 12),
        ("2024-12-31", 1, "1-01", 0),
    ],
)
def test_a_day_lies_in_its_booking_month_and_only_whole_months_are_compared(
    city: City, on: str, month: int, first: str, elapsed: int
) -> None:
    with city.database.read() as session:
        asked = frame(session, 2025, day(on))
    assert (asked.month.month, asked.month.first_day, asked.elapsed) == (month, day(first), elapsed)


def test_calendar_months_are_a_switch_of_the_year(town: Town) -> None:
    town.money("motor", 10, "3-28")
    assert [wan(line.now) for line in Reader(town).months("12-31")][2:5] == [2_300, 310, 0]
    with town.city.write() as session:
        admin = town.city.actor("admin")
        row = rule_sets.draft(
            session, admin, year=2025, rules=RuleSet(months=MonthKind.CALENDAR), now=at("5-01")
        )
        rule_sets.publish(session, admin, row.id, now=at("5-01"))
    assert [wan(line.now) for line in Reader(town).months("12-31")][2:5] == [2_310, 300, 0]


def test_the_cumulative_figure_is_the_sum_of_the_months_that_have_begun(town: Town) -> None:
    town.money("battery", 7, "12-31", confirmed="2026-01-02")
    lines = Reader(town).months("4-25")
    assert [wan(line.now) for line in lines[:5]] == [0, 0, 2_300, 300, None]
    assert [wan(line.total) for line in lines[:5]] == [0, 0, 2_300, 2_600, None]
    assert [line.over for line in lines[:5]] == [True, True, True, True, False]
    whole = Reader(town).months("12-31")
    assert wan(whole[11].total) == 2_607 == sum(wan(line.now) or 0 for line in whole)


def test_a_receipt_confirmed_after_its_month_stands_in_the_next(town: Town) -> None:
    town.money("motor", 11, "3-25", confirmed="4-02")
    lines = Reader(town).months("12-31")
    assert [wan(line.now) for line in lines[2:4]] == [2_300, 311]


@pytest.mark.parametrize("who", ["city_manager", "leader", "kunqu_officer", "auditor"])
@pytest.mark.parametrize("on", ["3-20", "6-30", "12-31"])
def test_every_split_makes_the_whole(town: Town, who: str, on: str) -> None:
    found = {one: Reader(town, who).table(on, one) for one in Dimension}
    whole = found[Dimension.ALL].whole
    for dimension, told in found.items():
        for name in ("month", "total", "compared"):
            parts = sum((getattr(line, name) for line in told.lines), Sum())
            assert parts == getattr(told.whole, name) == getattr(whole, name), dimension
        assert sum((line.share or 0 for line in told.lines), Fraction(0)) == 1
    cohorts = found[Dimension.ALL].whole
    assert cohorts.new is not None
    assert cohorts.continuing is not None
    unassigned = next(line for line in found[Dimension.COHORT].lines if line.key == "")
    assert cohorts.new + cohorts.continuing + unassigned.total == whole.total


def test_districts_all_stand_there_and_make_the_city(town: Town) -> None:
    found = Reader(town).table("6-30")
    assert len(found.lines) == 10
    lines = by_name(found)
    assert [wan(lines[name].total) for name in ("昆区", "青山", "东河")] == [1_000, 1_600, 0]
    one = Reader(town).table("6-30", district=town.city.district_id("青山区"))
    assert [wan(line.total) for line in one.lines] == [1_600] == [wan(one.whole.total)]


def test_undecided_and_hidden_are_parts_at_the_end(town: Town) -> None:
    found = Reader(town, "kunqu_officer").table("6-30", Dimension.ANCHOR)
    assert [line.key for line in found.lines] == ["head_firm:3", "", HIDDEN]
    assert [wan(line.total) for line in found.lines] == [700, 1_000, 900]


def test_arrived_over_agreed_is_the_in_place_rate_of_all_years(town: Town) -> None:
    lines = by_name(Reader(town).table("6-30"))
    assert lines["昆区"].agreed == Sum(2, Money.yi(6))
    assert lines["昆区"].in_place == Fraction(1_000, 60_000)
    assert lines["东河"].in_place is None
    origin = Reader(town).table("6-30", Dimension.ORIGIN)
    assert [line.agreed for line in origin.lines] == [None, None]
    assert {line.of: wan(line.total) for line in origin.lines} == {
        MoneyFrom.ABROAD: 300,
        MoneyFrom.OUTSIDE_REGION: 2_300,
    }


# Growth


def test_growth_compares_elapsed_months_with_what_was_published(town: Town) -> None:
    publish(town.city, "包头市", 3, WAN(2_000))
    publish(town.city, "包头市", 4, WAN(2_400))
    publish(town.city, "青山区", 3, WAN(2_000))
    found = Reader(town).table("4-20")
    assert (wan(found.whole.total), wan(found.whole.compared)) == (2_600, 2_300)
    assert found.whole.base == Base(WAN(2_000), BaseSource.PUBLISHED)
    assert found.whole.growth == Fraction(3, 20)
    lines = by_name(found)
    assert lines["青山"].growth == Fraction(-1, 5)
    assert lines["昆区"].growth is None
    months = Reader(town).months("4-20")
    assert [line.before for line in months[2:5]] == [None, WAN(400), None]
    assert [line.growth for line in months[2:4]] == [Fraction(3, 20), None]


def test_growth_compares_with_the_ledger_once_its_months_are_closed(town: Town) -> None:
    publish(town.city, "包头市", 3, WAN(9_999), year=2025)
    reader = Reader(town, year=2026)
    town.money("motor", 1_150, "2026-03-10", confirmed="2026-03-18")
    found = reader.table("2026-04-20")
    assert found.whole.base == Base(WAN(2_300), BaseSource.LEDGER)
    assert found.whole.growth == Fraction(-1, 2)
    chain = reader.table("2026-04-20", Dimension.CHAIN)
    parts = {line.key: line for line in chain.lines}
    assert parts[""].base == Base(WAN(200), BaseSource.LEDGER)
    assert sum((line.base.amount or Money(0) for line in chain.lines), Money(0)) == WAN(2_300)
    assert [line.before for line in reader.months("2026-04-20")[:5]] == [
        None, None, WAN(2_300), WAN(300), Money(0),
    ]  # fmt: skip


def test_without_a_base_or_before_the_first_month_is_over_there_is_no_growth(town: Town) -> None:
    assert Reader(town).table("6-30").whole.growth is None
    publish(town.city, "包头市", 1, WAN(5))
    assert Reader(town).table("1-20").whole.base == Base(None, None)
    assert Reader(town).table("1-25").whole.growth == -1


# Projects


def test_projects_stand_by_size_and_with_the_folds_make_the_whole(town: Town) -> None:
    found = Reader(town).projects("6-30")
    assert [wan(line.total) for line in found.lines.rows] == [900, 800, 700, 200]
    assert [wan(line.month) for line in Reader(town).projects("4-20").lines.rows] == [0, 300, 0, 0]
    assert found.lines.rows[1].in_place == Fraction(800, 30_000)
    stranger = Reader(town, "kunqu_officer").projects("6-30")
    assert [wan(line.total) for line in stranger.lines.rows] == [800]
    assert {fold.district.short: wan(fold.sum) for fold in stranger.folds} == {
        "昆区": 200,
        "青山": 1_600,
    }
    assert stranger.whole == found.whole == Sum(5, WAN(2_600))


# Rates


def test_rates_are_of_the_projects_signed_in_the_year(town: Town) -> None:
    with town.city.database.read() as session:
        found = cohort(session, frame(session, 2025, day("6-30")))
        assert found.count[Fate.SIGNED] == found.count[Fate.KEPT] == 4
        assert (found.started, found.completed, found.kept) == (0, 0, 1)
        none = cohort(session, frame(session, 2024, day("2024-06-30")))
        assert (none.started, none.completed, none.fulfilled, none.kept) == (None,) * 4
        for who, rows, folded in (("city_manager", 4, []), ("kunqu_officer", 1, [1, 2])):
            behind = signed(
                session, town.city.actor(who), frame(session, 2025, day("6-30")), Fate.SIGNED
            )
            assert (len(behind.lines.rows), [fold.sum.count for fold in behind.folds]) == (
                rows,
                folded,
            )
            assert behind.whole.count == 4


def test_the_year_before_is_compared_by_its_own_kind_of_months(town: Town) -> None:
    with town.city.database.read() as session:
        asked = frame(session, 2026, date(2026, 6, 25))
    assert (asked.over, asked.over_before) == (date(2026, 6, 25), date(2025, 6, 25))
