"""Projects hand their facts to counting: whole, in every operation that changes one, in few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from crm.core.errors import Forbidden, Missing, Refused
from crm.counting.models import Subject
from crm.counting.queries import figures, stored
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Measure, Reason, Verdict
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import Kind, MovedFrom, Planned, Purse, Signing, Works
from crm.projects.operations import earlier
from crm.projects.operations.handing import hand
from crm.projects.queries.facts import facts_of
from crm.projects.rules.investment import FundsPlan, Move
from crm.projects.rules.kinds import (
    Construction,
    Funding,
    ProjectKind,
    Relation,
)
from crm.values.money import Money
from tests.factories.city import City
from tests.house.source import CRM, called, functions, place
from tests.projects import facts as told
from tests.projects.facts import ACTS, Story


class Undone(Exception):
    """Takes an example's writes back."""


@contextmanager
def story(city: City) -> Iterator[Story]:
    """A transaction that leaves nothing behind."""
    try:
        with city.write() as session:
            yield told.open_story(session, city)
            raise Undone
    except Undone:
        pass


def happen(one: Story, *acts: str) -> None:
    """Let acts happen; what is refused changes nothing, as in a request of its own."""
    for act in acts:
        try:
            with one.session.begin_nested():
                ACTS[act](one)
        except (Refused, Missing):
            continue


# --- the law -------------------------------------------------------------------------------------


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=14))
def test_whatever_happens_counting_knows_what_the_rows_say(city: City, acts: list[str]) -> None:
    with story(city) as one:
        happen(one, "enter", *acts)
        assert one.stored() == one.rebuilt()
        assert differences(one.session) == []


def test_each_operation_hands_over_what_it_changed(city: City) -> None:
    for act in ACTS:
        with story(city) as one:
            happen(one, "enter", "attach a phase", "start", "recognise", "days pass", act)
            assert one.stored() == one.rebuilt(), act


FACTLESS = {
    "leave_signed",  # the lead's move; the project was terminated before
    "set_confidential",  # confidentiality is no fact
    "set_tags",
    "touch",
    "plan_next_step",
    "settle_codes",  # part of an operation that hands over
    "plan_funds",  # likewise
}
"""Operations that change no fact of counting, each known to; short on purpose."""

ELSEWHERE = {"handover.py", "permits.py", "promises.py", "handing.py", "terms.py"}
"""Owners, permits and promises are no facts; terms are data."""


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted((CRM / "projects" / "operations").glob("*.py"))
        if path.name not in {*ELSEWHERE, "__init__.py"}
    ],
    ids=place,
)
def test_an_operation_that_changes_a_project_hands_its_facts_over(path: Path) -> None:
    local = {function.name: function for function in functions(path)}

    def hands(name: str, seen: frozenset[str] = frozenset()) -> bool:
        names = called(local[name])
        if "hand" in names:
            return True
        return any(hands(other, seen | {name}) for other in (names & set(local)) - seen - {name})

    silent = [
        name
        for name in local
        if not name.startswith("_") and name not in FACTLESS and not hands(name)
    ]
    assert silent == []


def test_the_facts_of_many_projects_cost_no_more_queries_than_those_of_one(city: City) -> None:
    with story(city) as one:
        for _ in range(6):
            told.enter(one, plan=told.PLAN)
            told.start(one)
        counted = [_queries(one, one.projects[:many]) for many in (1, 6)]
        assert counted[0] == counted[1] == 4


def test_handing_many_over_costs_no_more_reads_than_handing_one(city: City) -> None:
    with story(city) as one:
        for _ in range(6):
            told.enter(one)
        counts = []
        for many in (1, 6):
            counts.append(_statements(one, one.projects[:many]))
        assert counts[0] == counts[1]


def _queries(one: Story, numbers: list[int]) -> int:
    return _counted(one, lambda: facts_of(one.session, numbers))


def _statements(one: Story, numbers: list[int]) -> int:
    return _counted(one, lambda: hand(one.session, one.officer, numbers, now=one.now))


def _counted(one: Story, do: object) -> int:
    seen: list[str] = []
    engine = one.session.get_bind()

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    one.session.flush()
    event.listen(engine, "before_cursor_execute", note)
    try:
        do()  # type: ignore[operator]
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


# --- the facts -----------------------------------------------------------------------------------


def test_the_words_of_projects_are_those_of_counting() -> None:
    for ours, theirs in (
        (ProjectKind, Kind),
        (Relation, Signing),
        (Construction, Works),
        (Funding, Purse),
    ):
        assert {one.value for one in ours} == {one.value for one in theirs}


def test_every_fact_is_told(city: City) -> None:
    with story(city) as one:
        told.enter(one)
        told.file_first(one)
        phase = told.attach(
            one,
            Relation.PHASE,
            kind=ProjectKind.NEW_ENERGY,
            construction=Construction.RELOCATION,
            move=Move(moved_from=MovedFrom.ELSEWHERE),
            funding=Funding.MIXED,
            phase_one=Money.yi(2),
            fiscal=Money.yi(1),
            fiscal_in_phase_one=Money.wan(5000),
            increment=Money.yi(2),
            plan=told.PLAN,
        )
        told.file_last(one)
        told.correct(one)
        one.pass_days(30)
        told.start(one)
        told.signed_before(one)
        facts = one.stored()[phase.id]
        assert (facts.kind, facts.works, facts.moved_from) == (
            Kind.NEW_ENERGY,
            Works.RELOCATION,
            MovedFrom.ELSEWHERE,
        )
        assert (facts.signing, facts.purse) == (Signing.PHASE, Purse.MIXED)
        assert (facts.total, facts.phase_one, facts.increment) == (
            Money.yi(3),
            Money.yi(2),
            Money.yi(2),
        )
        assert (facts.fiscal, facts.fiscal_in_phase_one) == (Money.yi(1), Money.wan(5000))
        assert (facts.filing_code, facts.first_filing_code) == ("2025-9", "2025-0210")
        assert facts.earlier_signing == one.first
        assert facts.planned == (Planned(2025, Money.yi(1)), Planned(2026, Money.yi(2)))
        assert facts.reported_on == one.day
        assert [(debt.demand, debt.since, debt.settled) for debt in facts.debts] == [
            ("credit_code", told.SIGNED, None),
            ("signature_page", told.SIGNED, None),
            ("start", one.day, None),
        ]
        assert facts.place.chain == city.chain_id("稀土")
        assert facts.place.cluster is not None
        assert facts.place.position == "supporting"


def test_the_anchor_is_a_head_firm_or_a_scenario() -> None:
    from crm.projects.models import Project
    from crm.projects.queries.facts import place_of

    for column, anchor in (("head_firm_id", "head_firm:12"), ("scenario_id", "scenario:12")):
        assert place_of(Project(district_id=1, **{column: 12}), None).anchor == anchor
    assert place_of(Project(district_id=1), None).anchor == ""


def test_what_a_relocation_says_is_kept_of_a_relocation_alone(city: City) -> None:
    with story(city) as one:
        told.enter(one, move=Move(True, MovedFrom.CITY))
        facts = one.stored()[one.last]
        assert (facts.inside_old_plant, facts.moved_from) == (False, None)
        told.edit(one, construction=Construction.RELOCATION, move=Move(True, MovedFrom.ELSEWHERE))
        facts = one.stored()[one.last]
        assert (facts.inside_old_plant, facts.moved_from) == (True, MovedFrom.CITY)


# --- what signing raises -------------------------------------------------------------------------


def test_signing_raises_in_hand_at_once_everywhere_and_nothing_counted(city: City) -> None:
    with story(city) as one:
        told.enter(one, plan=told.PLAN)
        told.correct(one)
        place = one.stored()[one.last].place
        keys = {
            Dimension.CHAIN: str(place.chain),
            Dimension.CLUSTER: str(place.cluster),
            Dimension.NODE: str(place.node),
            Dimension.POSITION: "supporting",
            Dimension.MODEL: str(place.model),
        }
        for dimension, key in keys.items():
            found = figures.figures(
                one.session, list(Measure), year=2025, on=one.day, dimension=dimension
            )
            said = {part.measure: figure for part, figure in found.items() if part.key == key}
            assert {part.district_id for part in found} == {place.district}
            assert said[Measure.STARTS_IN_HAND].count == 1
            assert said[Measure.FUNDS_AGREED].amount == Money.yi(3)
            assert said[Measure.FUNDS_PLANNED].amount == Money.yi(1)
            assert not said.keys() & {Measure.STARTS_COUNTED, Measure.FUNDS_COUNTED}
        assert one.stands(Measure.STARTS_IN_HAND) == 1
        assert one.stands(Measure.STARTS_COUNTED) == 0


def test_a_start_goes_the_whole_way_from_the_table_to_counted(city: City) -> None:
    steps = (Measure.STARTS_IN_HAND, Measure.STARTS_REPORTED, Measure.STARTS_COUNTED)
    with story(city) as one:
        seen = []
        for act in (told.enter, told.start, told.recognise, told.give):
            one.pass_days()
            act(one)
            seen.append([one.stands(step) for step in steps])
        assert seen == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]
        decision = stored.decision(one.session, Subject.PROJECT, one.last)
        assert decision is not None
        assert (decision.verdict, decision.reason, decision.year) == (
            Verdict.COUNTS,
            Reason.STARTED,
            2025,
        )


# --- signed before -------------------------------------------------------------------------------


def test_what_was_signed_before_counts_under_its_first_signing(city: City) -> None:
    with story(city) as one:
        told.enter(one)
        told.enter(one)
        assert one.stands(Measure.STARTS_IN_HAND) == 2
        told.signed_before(one)
        assert one.stands(Measure.STARTS_IN_HAND) == 1
        assert one.stands(Measure.FUNDS_AGREED) == 1
        told.not_signed_before(one)
        assert one.stands(Measure.STARTS_IN_HAND) == 2


def test_no_project_is_its_own_earlier_signing_nor_by_a_circle(city: City) -> None:
    with story(city) as one:
        for _ in range(3):
            told.enter(one)
        first, second, third = one.projects
        numbers = {number: one.project(number).number for number in one.projects}

        def say(project: int, earlier_one: int, why: str = "重复") -> None:
            earlier.say_earlier(
                one.session, one.reviewer, project, numbers[earlier_one], why, now=one.now
            )

        say(second, first)
        say(third, second)
        for project, before in ((first, first), (first, third), (first, second)):
            with pytest.raises(Refused) as refusal:
                say(project, before)
            assert refusal.value.field == "number"
        with pytest.raises(Refused) as refusal:
            say(third, first, why="")
        assert refusal.value.field == "why"


def test_an_earlier_signing_is_one_that_he_reads_and_that_was_signed_earlier(city: City) -> None:
    with story(city) as one:
        told.enter(one)
        one.pass_days()
        later = told.enter(one)
        for number in (later.number, "XM-2025-9999"):
            with pytest.raises(Refused):
                earlier.say_earlier(
                    one.session, one.reviewer, one.first, number, "重复", now=one.now
                )
        with pytest.raises(Forbidden):
            earlier.say_earlier(one.session, one.officer, later.id, "", "重复", now=one.now)


# --- the funds plan ------------------------------------------------------------------------------


def test_a_plan_above_the_agreed_money_says_why(city: City) -> None:
    above = FundsPlan(((2025, Money.yi(2)), (2026, Money(Money.yi(1).fen + 1))))
    with story(city) as one:
        told.enter(one)
        with pytest.raises(Refused) as refusal:
            told.edit(one, plan=above)
        assert refusal.value.field == "plan_why"
        told.edit(one, plan=replace(above, why_above="含流动资金"))
        assert sum(plan.amount.fen for plan in one.stored()[one.last].planned) > Money.yi(3).fen
        assert one.project(one.last).plan_why == "含流动资金"
        told.edit(one, plan=replace(told.PLAN, why_above="不需要"))
        assert one.project(one.last).plan_why == ""


def test_lowering_the_agreed_money_below_a_plan_that_stands_asks_too(city: City) -> None:
    with story(city) as one:
        told.enter(one, plan=told.PLAN)
        with pytest.raises(Refused):
            told.edit(one, agreed=Money.yi(2))
        assert one.stored()[one.last].planned == one.rebuilt()[one.last].planned


def test_an_edit_that_says_nothing_of_the_plan_leaves_it(city: City) -> None:
    with story(city) as one:
        told.enter(one, plan=told.PLAN)
        told.edit(one, phase_one=Money.yi(1))
        assert len(one.stored()[one.last].planned) == 2
        told.edit(one, plan=FundsPlan())
        assert one.stored()[one.last].planned == ()


# --- money of a later phase ----------------------------------------------------------------------


def test_of_an_increase_only_what_it_adds_is_agreed(city: City) -> None:
    with story(city) as one:
        told.enter(one)
        told.attach(one, Relation.INCREASE, agreed=Money.yi(5), increment=Money.yi(2))
        found = figures.figures(one.session, [Measure.FUNDS_AGREED], year=2025, on=one.day)
        assert figures.city(found.items(), Measure.FUNDS_AGREED).amount == Money.yi(5)
        with pytest.raises(Refused) as refusal:
            told.enter(one, increment=Money.yi(1))
        assert refusal.value.field == "increment"


def test_the_milestone_that_owes_is_the_day_its_papers_are_owed_from(city: City) -> None:
    with story(city) as one:
        told.enter(one)
        one.pass_days(40)
        told.start(one)
        told.correct_start(one)
        debts = {debt.demand: debt for debt in one.stored()[one.last].debts}
        assert debts["start"].since == one.day - timedelta(days=1)
