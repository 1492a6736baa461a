"""The funnel's arithmetic without a database: bridges close, quartiles are exact, splits make the whole."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.counting.rules.goals import Sum
from crm.funnel.rules.bridge import CITY, Change, Place, Side, Term, bridge, term_of
from crm.funnel.rules.cohorts import Cohort, Fate, Span, periods, together, year_before
from crm.funnel.rules.days import quartiles, since_monday
from crm.funnel.rules.dimensions import Dimension, Size, narrowed, read_key, size_of
from crm.funnel.rules.heat import STEPS, Cell, Show, columns_of, rows_of, shades, whole_of
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money

sides = st.builds(
    Side,
    st.sampled_from(Stage),
    st.sampled_from(Standing),
    st.booleans(),
    st.sampled_from([None, 1, 2]),
)
amounts = st.sampled_from([Money(0), Money(1), Money.yi(2), Money.yi(30)])
walks = st.lists(st.tuples(sides, amounts), min_size=1, max_size=8)
places = st.builds(
    Place,
    st.sampled_from([None, *Stage]),
    st.sampled_from([None, (None,), (1,), (2,)]),
)


@given(st.lists(walks, max_size=6), places)
def test_the_bridge_closes_to_the_fen_whatever_happened(
    leads: list[list[tuple[Side, Money]]], place: Place
) -> None:
    opening, closing, changes = Sum(), Sum(), []
    for walk in leads:
        first, last = walk[0], walk[-1]
        opening += Sum(1, first[1]) if first[0].inside(place) else Sum()
        closing += Sum(1, last[1]) if last[0].inside(place) else Sum()
        changes += [
            Change(before, after, 1, amount, Sum(int(amount != earlier), amount - earlier))
            for (before, earlier), (after, amount) in itertools.pairwise(walk)
        ]
    assert bridge(changes, opening, closing, place).closes


@given(sides, amounts, places)
def test_a_lead_that_enters_is_new_where_it_is_and_nowhere_else(
    after: Side, amount: Money, place: Place
) -> None:
    found = bridge([Change(None, after, 1, amount, Sum())], Sum(), Sum(), place)
    inside = after.inside(place)
    assert found.terms[Term.NEW] == (Sum(1, amount) if inside else Sum())
    assert all(told == Sum() for term, told in found.terms.items() if term is not Term.NEW)


def side(stage: Stage, standing: Standing = Standing.OPEN, *, district: int = 1) -> Side:
    return Side(stage, standing, True, district)


@pytest.mark.parametrize(
    ("before", "after", "place", "term"),
    [
        (side(Stage.CONTACTED), side(Stage.CONTACTED, Standing.LOST), CITY, Term.LOST),
        (side(Stage.CONTACTED), side(Stage.CONTACTED, Standing.ON_HOLD), CITY, Term.HELD),
        (side(Stage.DRAFTED), side(Stage.SIGNED), CITY, Term.SIGNED),
        (side(Stage.SIGNED), side(Stage.DRAFTED), CITY, Term.REOPENED),
        (side(Stage.CONTACTED, Standing.LOST), side(Stage.CONTACTED), CITY, Term.REOPENED),
        (side(Stage.CONTACTED, Standing.ON_HOLD), side(Stage.NEGOTIATING), CITY, Term.RESUMED),
        (side(Stage.CONTACTED), side(Stage.NEGOTIATING), CITY, None),
        (
            side(Stage.CONTACTED),
            side(Stage.NEGOTIATING),
            Place(Stage.NEGOTIATING),
            Term.MOVED_IN,
        ),
        (side(Stage.NEGOTIATING), side(Stage.CONTACTED), Place(Stage.NEGOTIATING), Term.MOVED_OUT),
        (
            side(Stage.CONTACTED, district=1),
            side(Stage.CONTACTED, district=2),
            Place(district=(1,)),
            Term.LEFT,
        ),
        (
            side(Stage.CONTACTED, district=1),
            side(Stage.CONTACTED, district=2),
            Place(district=(2,)),
            Term.ARRIVED,
        ),
        (side(Stage.CONTACTED, Standing.LOST), side(Stage.CONTACTED, Standing.ON_HOLD), CITY, None),
    ],
)
def test_each_change_has_its_term(
    before: Side, after: Side, place: Place, term: Term | None
) -> None:
    assert term_of(before, after, place) is term


def test_an_exit_stands_at_the_amount_of_its_day_and_the_difference_is_a_revision() -> None:
    lost = Change(
        side(Stage.CONTACTED),
        side(Stage.CONTACTED, Standing.LOST),
        1,
        Money.yi(5),
        Sum(1, Money.yi(2)),
    )
    found = bridge([lost], Sum(1, Money.yi(3)), Sum())
    assert found.terms[Term.LOST] == Sum(1, Money.yi(5))
    assert found.terms[Term.REVISED] == Sum(1, Money.yi(2))
    assert found.closes


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_the_median_is_that_of_the_days_themselves(days: list[int]) -> None:
    found = quartiles({day: days.count(day) for day in days})
    assert found is not None
    assert found.median == Fraction(median(days))
    assert found.count == len(days)
    assert min(days) <= found.lower <= found.median <= found.upper <= max(days)


def test_quartiles_are_those_of_a_spreadsheet_and_none_of_nothing() -> None:
    found = quartiles({1: 1, 2: 1, 4: 1, 8: 1})
    assert found is not None
    assert (found.lower, found.median, found.upper) == (Fraction(7, 4), 3, 5)
    assert quartiles({}) is None
    assert quartiles({3: 0}) is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_change_since_monday_starts_on_the_sunday_before_the_last_monday(day: date) -> None:
    since = since_monday(day)
    assert since.weekday() == 6
    assert 2 <= (day - since).days <= 8


cells = st.builds(
    Cell,
    st.builds(Sum, st.integers(0, 9), amounts),
    st.integers(0, 9),
    st.just(0),
    st.dictionaries(st.integers(0, 9), st.integers(1, 3), max_size=3),
)
keys = st.sampled_from([None, 1, 2, "leader"])


@given(st.dictionaries(st.tuples(keys, keys), cells, max_size=9), st.sampled_from(Show))
def test_rows_and_columns_make_the_whole_and_the_warmest_cell_is_darkest(
    told: dict[tuple[object, object], Cell], show: Show
) -> None:
    whole = whole_of(told)  # type: ignore[arg-type]
    assert sum(rows_of(told).values(), Cell()) == whole  # type: ignore[arg-type]
    assert sum(columns_of(told).values(), Cell()) == whole  # type: ignore[arg-type]
    found = shades(told, show)  # type: ignore[arg-type]
    assert all(0 <= shade <= STEPS for shade in found.values())
    assert max(found.values(), default=0) in {0, STEPS}


@given(st.sampled_from(Span), st.dates(date(2021, 1, 1), date(2030, 1, 1)))
def test_periods_follow_each_other_and_the_one_of_last_year_is_a_year_back(
    span: Span, day: date
) -> None:
    found = periods(span, day)
    assert found[0].contains(day)
    for later, earlier in itertools.pairwise(found):
        assert earlier.last_day + timedelta(days=1) == later.first_day
    back = found[0].first_day - year_before(span, found[0]).first_day
    assert 363 <= back.days <= 371


@given(st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(1, 3))))
def test_the_cohorts_of_the_months_make_the_years(days: list[tuple[date, int]]) -> None:
    told = [(day, Cohort(number, {}, {Fate.OPEN: number})) for day, number in days]
    months = list(periods(Span.MONTH, date(2025, 12, 31)))
    (year,) = periods(Span.YEAR, date(2025, 12, 31))[:1]
    parts = [together(told, month).entered for month in months]
    assert sum(parts) == together(told, year).entered == sum(number for _, number in days)


def test_amounts_have_their_size_and_an_address_names_parts_or_nothing() -> None:
    assert size_of(Money(0)) is None
    assert size_of(Money(1)) is Size.BELOW_1
    assert size_of(Money.yi(1) - Money(1)) is Size.BELOW_1
    assert size_of(Money.yi(1)) is Size.FROM_1
    assert size_of(Money.yi(50)) is Size.FROM_50
    assert read_key(Dimension.DISTRICT, "7") == (7,)
    assert read_key(Dimension.DISTRICT, "none") == (None,)
    for junk in ("", "x", "-1", "٣", "9" * 30, str(2**63)):
        assert read_key(Dimension.DISTRICT, junk) is None
    assert read_key(Dimension.STAGE, "drafted") == (Stage.DRAFTED,)
    assert narrowed({"stage": "none", "chain": "3", "model": "?"}) == {
        Dimension.STAGE: None,
        Dimension.CHAIN: 3,
    }
