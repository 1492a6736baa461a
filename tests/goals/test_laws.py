"""Laws of the board on generated histories, and of how its figures are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.database import Database
from crm.counting.operations.deciding import decide
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import ProjectFacts
from crm.counting.rules.goals import Comparator, Goal, GoalKind, Sum, evaluate
from crm.counting.rules.plain import SHANGHAI
from crm.goals.queries.board import Board, board
from crm.goals.queries.splits import parts
from crm.goals.rules import shown
from crm.goals.rules.look import TABS
from crm.goals.rules.tracks import LENGTH, WAY, Track, bar
from crm.ledger.queries.rows import Figure, behind
from crm.values.money import Money
from tests.counting.test_histories import DATABASE_LAW, DISTRICTS, example, histories, live
from tests.counting.test_laws import days, projects
from tests.factories.city import SYSTEM, City
from tests.ledger.town import Town, open_town

LATER = datetime(2027, 1, 1, tzinfo=SHANGHAI)
FEW = settings(DATABASE_LAW, max_examples=8)
READERS = ("city_manager", "leader", "kunqu_manager", "kunqu_officer", "admin")

History = list[tuple[object, ...]]


@pytest.fixture
def town(city: City) -> Town:
    """Projects 1 to 4, which the histories are about; 4 is confidential."""
    town = open_town(city, money=False)
    assert sorted(town.projects.values()) == [1, 2, 3, 4]
    return town


def lived(session: Session, town: Town, history: History) -> None:
    live(session, history, [town.city.district_id(name) for name in DISTRICTS])


def seen(session: Session, actor: Actor, on: date, known: datetime | None = None) -> Board:
    return board(session, actor, year=2025, on=on, now=LATER, known=known)


@FEW
@given(history=histories, on=days)
def test_the_city_is_the_sum_of_its_districts_and_of_every_split(
    database: Database, town: Town, history: History, on: date
) -> None:
    actor = town.city.actor("leader")
    with example(database) as session:
        lived(session, town, history)
        found = seen(session, actor, on)
        for track in found.tracks:
            for measure, whole in track.way.items():
                told = [one.way[measure] for one in track.districts]
                assert sum(told, Sum()) == whole
            assert sum(one.done for one in track.districts) == track.done
            shares = [one.share for one in track.districts if one.share is not None]
            assert sum(shares, Fraction(0)) == (1 if track.done else 0) or not shares
            for tab in TABS[1:]:
                split = parts(session, actor, track.track, tab, year=2025, on=on)
                assert sum(one.done for one in split) == track.done
                for measure, whole in track.way.items():
                    assert sum((one.way[measure] for one in split), Sum()) == whole


def figures(on: date) -> Iterator[Figure]:
    for measure in Measure:
        yield Figure(measure, 2025, on)
        for tab in (Dimension.NODE, Dimension.CHAIN, Dimension.ANCHOR):
            for key in ("", "1", "head_firm:1", "-"):
                yield Figure(measure, 2025, on, dimension=tab, key=key)


@FEW
@given(history=histories, on=days, reader=st.sampled_from(READERS))
def test_a_figure_is_the_sum_of_its_rows_those_folded_included(
    database: Database, town: Town, history: History, on: date, reader: str
) -> None:
    actor = town.city.actor(reader)
    with example(database) as session:
        lived(session, town, history)
        for figure in figures(on):
            rows = behind(session, actor, figure)
            read = [line.standing.amount for line in rows.lines.rows]
            away = sum((fold.sum for fold in rows.folds), Sum())
            assert Sum(len(read), sum(read, Money(0))) + away == rows.whole


@FEW
@given(history=histories, on=days)
def test_the_board_as_known_now_is_the_board_as_known_today(
    database: Database, town: Town, history: History, on: date
) -> None:
    actor = town.city.actor("leader")
    with example(database) as session:
        lived(session, town, history)
        today, known = seen(session, actor, on), seen(session, actor, on, LATER)
        for mine, other in zip(today.tracks, known.tracks, strict=True):
            assert (mine.way, mine.done, mine.progress) == (other.way, other.done, other.progress)
            assert (mine.growth, mine.elapsed, mine.bar) == (other.growth, other.elapsed, other.bar)
            assert sum(mine.months, Sum()) == sum(other.months, Sum())
            for one, two in zip(mine.districts, other.districts, strict=True):
                assert (one.way, one.ranks, one.progress) == (two.way, two.ranks, two.progress)


@FEW
@given(history=histories, facts=projects, on=days)
def test_signing_raises_nothing_counted_and_nothing_reported(
    database: Database, town: Town, history: History, facts: ProjectFacts, on: date
) -> None:
    actor = town.city.actor("leader")
    with example(database) as session:
        lived(session, town, history)
        before = seen(session, actor, on)
        place = replace(facts.place, district=town.city.district_id("青山区"))
        signed = replace(
            facts, project=9, place=place, reported_on=None, accepted_on=None, recognised_on=None
        )
        decide(session, SYSTEM, signed, now=LATER)
        after = seen(session, actor, on)
        assert [one.done for one in after.tracks] == [one.done for one in before.tracks]
        for measure in (Measure.STARTS_REPORTED, Measure.FUNDS_REPORTED):
            assert {m: s for t in after.tracks for m, s in t.way.items() if m is measure} == {
                m: s for t in before.tracks for m, s in t.way.items() if m is measure
            }
        for measure in (Measure.STARTS_IN_HAND, Measure.FUNDS_AGREED):
            track = after.starts if measure in WAY[Track.STARTS] else after.funds
            then = before.starts if measure in WAY[Track.STARTS] else before.funds
            assert track.way[measure].count >= then.way[measure].count


amounts = st.integers(0, 3 * 10**13)


@given(amounts, st.integers(1, 3 * 10**13), st.integers(0, 12), st.sampled_from(list(Track)))
def test_what_is_short_of_a_line_never_reads_as_on_it(
    done: int, target: int, months: int, track: Track
) -> None:
    told = evaluate(Goal(GoalKind.CUMULATIVE, Comparator.MORE, target), done, months)
    if done < target:
        assert shown.completion(told) != "100.00%"
        assert shown.amount(track, done, [target]) != shown.amount(track, target)
    gap = shown.gap(told)
    assert told.gap is not None
    assert (gap[0] == "-", gap[0] == "+", gap == "0.00") == (
        told.gap < 0,
        told.gap > 0,
        not told.gap,
    )
    if told.behind:
        assert shown.completion(told) != shown.schedule(told)


@pytest.mark.parametrize("short", [1, 10, 10**5, 10**9 - 1])
def test_a_hair_below_the_target_shows_as_many_decimals_as_it_takes(short: int) -> None:
    target = 1200 * 10**10
    told = shown.amount(Track.FUNDS, target - short, [target])
    assert told.text.startswith("1,199.9")
    assert shown.amount(Track.FUNDS, target).text == "1,200.00"


def test_the_worked_lines_of_the_field_read_as_they_are_written() -> None:
    told = evaluate(Goal(GoalKind.CUMULATIVE, Comparator.AT_LEAST, 700_000), 476_622, 8)
    assert (shown.completion(told), shown.schedule(told), shown.gap(told)) == (
        "68.09%", "66.67%", "+1.42",
    )  # fmt: skip
    told = evaluate(Goal(GoalKind.CUMULATIVE, Comparator.AT_LEAST, 58_900), 21_922, 6)
    assert shown.completion(told) == "37.22%"
    assert shown.rate(Fraction(907, 1093)) == "82.98%"
    assert shown.rate(Fraction(401, 1093)) == "36.69%"
    assert shown.rate(Fraction(279_449, 612_909)) == "45.59%"
    assert shown.completion(
        evaluate(Goal(GoalKind.CUMULATIVE, Comparator.AT_LEAST, 25), 28, 12)
    ) == ("112.00%")
    assert shown.rate(None) == shown.completion(None) == shown.gap(None) == "—"
    assert shown.rate(Fraction(1999999, 10**7), Fraction(1, 5)) == "19.99999%"


@given(st.tuples(*[st.integers(-5, 10**15)] * 3), st.lists(st.integers(0, 10**15), max_size=2))
def test_a_bar_fits_its_length_and_every_tone_follows_the_other(
    tones: tuple[int, int, int], targets: list[int]
) -> None:
    found = bar(*tones, targets=tuple(targets), schedule=Fraction(1, 2))
    ends = [start + length for start, length in found.tones]
    assert [start for start, _ in found.tones] == [0, *ends[:-1]]
    assert all(length >= 0 for _, length in found.tones)
    assert ends[-1] <= LENGTH
    assert all(0 <= line <= LENGTH for line in found.lines)
    for target, line in zip(targets, found.lines, strict=True):
        if tones[0] < target:
            assert ends[0] <= line
