"""Laws of the rules, on generated facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from crm.counting.rules.books import BookEvent, Books, after
from crm.counting.rules.decisions import FLOWS, Decision, Measure, Verdict, stands
from crm.counting.rules.facts import (
    Debt,
    Kind,
    MoneyFrom,
    MovedFrom,
    Place,
    ProjectFacts,
    Purse,
    ReceiptFacts,
    ReceiptState,
    Signing,
    Works,
)
from crm.counting.rules.goals import Comparator, Sum, amount_to_reach, funds_reached, roll_up
from crm.counting.rules.plain import SHANGHAI, from_json, to_json
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.sets import Rules, RuleSet
from crm.counting.rules.starts import decide_start
from crm.values.money import Money
from crm.values.period import BookingMonth, MonthKind

days = st.dates(date(2024, 6, 1), date(2026, 6, 30))
instants = st.integers(0, 455 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)
amounts = st.integers(0, 5 * 10**10).map(Money)
maybe_day = st.none() | days
rule_sets = st.builds(
    RuleSet,
    phase_one_alone=st.booleans(),
    phase_needs_filing=st.booleans(),
    grids_are_industrial=st.booleans(),
    upgrades=st.booleans(),
    moves_within_city=st.booleans(),
    ppp=st.booleans(),
    mixed_without_fiscal=st.booleans(),
    later_papers_suspend=st.booleans(),
    fiscal_money=st.booleans(),
    months=st.sampled_from(MonthKind),
    closes_after=st.integers(0, 10),
    year_closes_after=st.integers(0, 30),
)
rules = st.builds(lambda one, other: Rules({2025: one, 2026: other}), rule_sets, rule_sets)
debts = st.builds(
    lambda demand, since, settled: Debt(
        demand,
        since,
        since + timedelta(days=30),
        None if settled is None else since + timedelta(days=settled),
    ),
    st.sampled_from(["start", "signature_page", "commissioning"]),
    days,
    st.none() | st.integers(0, 300),
)
projects = st.builds(
    ProjectFacts,
    project=st.just(7),
    place=st.just(Place(1)),
    kind=st.sampled_from(Kind),
    total=amounts,
    signed_on=days,
    signing=st.sampled_from(Signing),
    phase_one=st.none() | amounts,
    works=st.sampled_from(Works),
    inside_old_plant=st.booleans(),
    moved_from=st.none() | st.sampled_from(MovedFrom),
    purse=st.sampled_from(Purse),
    fiscal=st.none() | amounts,
    filing_code=st.sampled_from(["", "a", "b"]),
    first_filing_code=st.sampled_from(["", "a"]),
    reported_on=maybe_day,
    accepted_on=maybe_day,
    recognised_on=maybe_day,
    debts=st.lists(debts, max_size=3).map(tuple),
    terminated_on=maybe_day,
)
receipts = st.builds(
    ReceiptFacts,
    receipt=st.just(1),
    project=st.just(7),
    arrived_on=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    amount=amounts,
    origin=st.sampled_from(MoneyFrom),
    state=st.just(ReceiptState.CONFIRMED),
    reported_on=st.just(date(2025, 1, 1)),
    fiscal=st.booleans(),
    confirmed_at=instants,
)
events = st.lists(
    st.builds(BookEvent, st.just(2025), st.integers(0, 11), instants, st.booleans()), max_size=4
).map(lambda found: tuple(sorted(found, key=lambda event: event.at)))


def counted(decisions: list[Decision], on: date, year: int) -> int:
    return sum(
        row.amount.fen
        for decision in decisions
        for row in decision.standings
        if row.measure is Measure.FUNDS_COUNTED and stands(row, on, year)
    )


@given(projects, rules)
def test_deciding_twice_answers_the_same_from_facts_read_back_too(
    facts: ProjectFacts, by: Rules
) -> None:
    assert decide_start(facts, by) == decide_start(from_json(ProjectFacts, to_json(facts)), by)


@given(projects, rules, days)
def test_the_steps_of_a_start_are_disjoint_on_every_day(
    facts: ProjectFacts, by: Rules, on: date
) -> None:
    steps = {Measure.STARTS_IN_HAND, Measure.STARTS_REPORTED, Measure.STARTS_COUNTED}
    rows = [row for row in decide_start(facts, by).standings if row.measure in steps]
    assert sum(row.day_from <= on < row.day_until for row in rows) <= 1


@given(projects, rules)
def test_what_counts_stands_once_in_its_year(facts: ProjectFacts, by: Rules) -> None:
    decision = decide_start(facts, by)
    rows = [row for row in decision.standings if row.measure is Measure.STARTS_COUNTED]
    if decision.verdict is Verdict.COUNTS:
        assert decision.stands_on is not None
        assert decision.year == decision.stands_on.year
        (row,) = rows
        assert row.day_from == decision.stands_on
        assert stands(row, date(2027, 1, 1), decision.year)
    else:
        assert all(not stands(row, date(2027, 1, 1), row.day_from.year) for row in rows)


@given(projects, rules)
def test_signing_raises_nothing_counted(facts: ProjectFacts, by: Rules) -> None:
    signed = replace(facts, reported_on=None, accepted_on=None, recognised_on=None)
    decision = decide_start(signed, by)
    assert decision.verdict is not Verdict.COUNTS
    assert Measure.STARTS_COUNTED not in {row.measure for row in decision.standings}


@given(projects, rules)
def test_who_passes_with_every_switch_off_passes_with_all_on(
    facts: ProjectFacts, by: Rules
) -> None:
    every = RuleSet(
        grids_are_industrial=True,
        upgrades=True,
        moves_inside_plant=True,
        moves_within_city=True,
        ppp=True,
        wholly_fiscal=True,
        phase_needs_filing=False,
        mixed_without_fiscal=False,
    )
    if decide_start(facts, Rules()).verdict is Verdict.COUNTS:
        assert decide_start(facts, Rules({2020: every})).verdict is Verdict.COUNTS


@given(receipts, projects, rules, events)
def test_a_receipt_is_booked_in_the_year_of_its_arrival_never_before_its_month(
    line: ReceiptFacts, of: ProjectFacts, by: Rules, found: tuple[BookEvent, ...]
) -> None:
    decision = decide_receipt(line, of, by, Books(events=found))
    if decision.month is not None:
        own = BookingMonth.of(line.arrived_on, by.of(2025).months)
        assert decision.year == line.arrived_on.year
        assert decision.month >= own.month
        assert decision.stands_on is not None
        assert decision.stands_on >= line.arrived_on
        booked = BookingMonth(own.year, decision.month, own.kind)
        assert booked.contains(decision.stands_on)


@given(st.lists(receipts, max_size=6), projects, rules, events, st.randoms(use_true_random=False))
def test_the_order_of_confirming_does_not_matter(
    lines: list[ReceiptFacts],
    of: ProjectFacts,
    by: Rules,
    found: tuple[BookEvent, ...],
    order: object,
) -> None:
    books = Books(events=found)
    shuffled = list(lines)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one = [decide_receipt(line, of, by, books) for line in lines]
    other = [decide_receipt(line, of, by, books) for line in shuffled]
    assert Counter(map(repr, one)) == Counter(map(repr, other))


@given(receipts, projects, rules, events, instants)
def test_a_reversal_restores_the_total(
    line: ReceiptFacts, of: ProjectFacts, by: Rules, found: tuple[BookEvent, ...], later: datetime
) -> None:
    assert line.confirmed_at is not None
    back = replace(
        line,
        receipt=2,
        amount=-line.amount,
        reverses=1,
        confirmed_at=max(later, line.confirmed_at),
    )
    books = Books(events=found)
    both = [decide_receipt(one, of, by, books) for one in (line, back)]
    if both[1].verdict is Verdict.COUNTS:
        assert counted(both, date(2025, 12, 31), 2025) == 0


@given(events, rule_sets, instants)
def test_december_is_open_as_long_as_the_year_is(
    found: tuple[BookEvent, ...], by: RuleSet, at: datetime
) -> None:
    books = Books(events=found)
    months = list(books.open_months(2025, at, by))
    assert bool(months) == books.year_open(2025, at, by)
    assert not months or months[-1].month == 12


@given(rule_sets, st.integers(1, 12))
def test_without_events_a_month_is_open_until_the_day_of_its_close_is_over(
    by: RuleSet, number: int
) -> None:
    books, month = Books(), BookingMonth(2025, number, by.months)
    closes = after(books.closes_on(month, by))
    assert books.month_open(month, closes - timedelta(microseconds=1), by)
    assert not books.month_open(month, closes, by)


@given(st.integers(0, 2 * 10**13), st.integers(0, 2 * 10**13), st.integers(0, 2 * 10**13))
def test_both_goals_are_reached_just_when_the_amount_to_reach_is(
    done: int, target: int, base: int
) -> None:
    fifth = Fraction(1, 5)
    if base:
        found = amount_to_reach(Money(target), Comparator.MORE, Money(base), fifth)
        assert found.amount is not None
        reached = funds_reached(Money(done), Money(target), Comparator.MORE, Money(base), fifth)
        assert reached == (done >= found.amount.fen)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-100, 100)))
def test_the_city_equals_the_sum_of_its_districts(told: dict[str, int]) -> None:
    parents = {
        "a": "x",
        "b": "x",
        "c": "y",
        "d": "y",
        "e": "y",
        "x": "city",
        "y": "city",
    } | dict.fromkeys("fgh", "city")
    leaves = {name: Sum(1, Money(fen)) for name, fen in told.items()}
    totals = roll_up(leaves, parents)
    parts = sum((totals[node].amount.fen for node, up in parents.items() if up == "city"), 0)
    assert totals["city"].amount.fen == parts == sum(told.values())
    assert totals["city"].count == len(told)


def test_flows_are_of_a_year_and_stocks_are_not() -> None:
    assert {Measure.STARTS_COUNTED, Measure.FUNDS_COUNTED} <= FLOWS
    assert {Measure.STARTS_IN_HAND, Measure.FUNDS_AGREED}.isdisjoint(FLOWS)
