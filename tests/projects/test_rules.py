"""What each milestone needs and leaves owed: the table drives the tests."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest

from crm.catalog.rules import Clocks
from crm.leads.rules.kinds import AgreementKind
from crm.projects.rules.demands import (
    DATED,
    DEMAND,
    DEMANDS,
    NEEDS,
    WAYS,
    Demand,
    Facts,
    OwedState,
    ReachFault,
    check_reach,
    check_recognition,
    missing,
    missing_now,
    owed_after,
    owed_state,
    settled,
    signs,
)
from crm.projects.rules.investment import FIELD, Fault, Investment, fault_of
from crm.projects.rules.kinds import EvidenceKind, Funding, Milestone
from crm.values.money import Money

DAY = date(2025, 6, 30)
ALL = list(DEMAND.values())


def name(demand: Demand) -> str:
    """For the test's title."""
    return demand.key


@pytest.mark.parametrize(
    ("milestone", "now", "owed"),
    [
        (
            Milestone.SIGNED,
            {"agreement", "day", "agreed", "signing_party", "signing_country"},
            {"credit_code": 15, "signature_page": 15},
        ),
        (
            Milestone.REGISTERED,
            {"day", "registered_name", "registered_code"},
            {"business_licence": 15},
        ),
        (Milestone.STARTED, {"day", "seen"}, {"start": 30}),
        (Milestone.COMMISSIONED, {"day"}, {"commissioning": 60}),
        (Milestone.AT_CAPACITY, {"day"}, {}),
    ],
)
def test_the_table_is_the_one_of_the_field(
    milestone: Milestone, now: set[str], owed: dict[str, int]
) -> None:
    assert set(DEMANDS[milestone].now) == now
    due = owed_after(milestone, DAY, Facts(), Clocks())
    assert due == {key: DAY + timedelta(days=days) for key, days in owed.items()}


def test_every_milestone_stands_in_the_table() -> None:
    assert set(DEMANDS) == set(Milestone)


def test_the_days_are_the_settings() -> None:
    clocks = Clocks(owed_signed=1, owed_registered=2, owed_started=3, owed_commissioned=4)
    days = {
        key: (day - DAY).days
        for milestone in Milestone
        for key, day in owed_after(milestone, DAY, Facts(), clocks).items()
    }
    assert days == {
        "credit_code": 1,
        "signature_page": 1,
        "business_licence": 2,
        "start": 3,
        "commissioning": 4,
    }


def test_a_foreign_party_owes_no_credit_code() -> None:
    assert set(owed_after(Milestone.SIGNED, DAY, Facts(mainland=False), Clocks())) == {
        "signature_page"
    }


@pytest.mark.parametrize("demand", ALL, ids=name)
def test_each_alternative_settles_alone_and_nothing_short_of_one_does(demand: Demand) -> None:
    for papers in demand.alternatives:
        assert settled(demand, papers)
        assert missing(demand, papers) == ()
        for kind in papers:
            others = papers - {kind}
            if not any(other <= others for other in demand.alternatives):
                assert not settled(demand, others)
                assert (kind,) in missing(demand, others)


@pytest.mark.parametrize("demand", ALL, ids=name)
def test_what_was_given_is_never_asked_again_and_more_never_unsettles(demand: Demand) -> None:
    asked = set().union(*demand.alternatives)
    for size in range(len(asked) + 1):
        for given in combinations(sorted(asked), size):
            kinds = {EvidenceKind(kind) for kind in given}
            assert not kinds & {kind for papers in missing(demand, kinds) for kind in papers}
            if settled(demand, kinds):
                assert settled(demand, set(EvidenceKind))


def test_a_start_is_proved_in_one_of_three_ways() -> None:
    kinds = EvidenceKind
    assert set(DEMAND["start"].alternatives) == {
        frozenset({kinds.CONSTRUCTION_PERMIT}),
        frozenset({kinds.CONSTRUCTION_CONTRACT, kinds.SITE_PHOTO}),
        frozenset({kinds.PLANT_CONTRACT, kinds.EQUIPMENT_CONTRACT, kinds.SITE_PHOTO}),
    }
    assert not settled(DEMAND["start"], {kinds.CONSTRUCTION_CONTRACT, kinds.PLANT_CONTRACT})


def test_every_paper_can_be_given_and_photos_are_dated() -> None:
    assert set(WAYS) == set(EvidenceKind)
    assert frozenset({EvidenceKind.SITE_PHOTO}) == DATED


def test_only_an_investment_agreement_signs() -> None:
    assert [kind for kind in AgreementKind if signs(kind)] == [AgreementKind.INVESTMENT]


def test_what_is_not_known_at_the_table_is_named() -> None:
    assert missing_now(Milestone.STARTED, {"day"}) == ("seen",)
    assert missing_now(Milestone.REGISTERED, {"registered_name"}) == ("day", "registered_code")
    assert missing_now(Milestone.COMMISSIONED, {"day"}) == ()


@pytest.mark.parametrize("milestone", [one for one in Milestone if one is not Milestone.SIGNED])
def test_milestones_have_no_order_but_that_capacity_needs_commissioning(
    milestone: Milestone,
) -> None:
    fault = check_reach(milestone, DAY, DAY, {Milestone.SIGNED: DAY})
    assert fault == (ReachFault.NEEDS_COMMISSIONED if milestone in NEEDS else None)


@pytest.mark.parametrize(
    ("milestone", "day", "reached", "terminated", "fault"),
    [
        (Milestone.STARTED, DAY, {}, True, ReachFault.TERMINATED),
        (Milestone.STARTED, DAY + timedelta(days=1), {}, False, ReachFault.FUTURE),
        (Milestone.STARTED, DAY, {Milestone.STARTED: DAY}, False, ReachFault.TWICE),
        (Milestone.SIGNED, DAY, {}, False, ReachFault.BY_SIGNING_ALONE),
        (Milestone.AT_CAPACITY, DAY, {Milestone.COMMISSIONED: DAY}, False, None),
        (
            Milestone.AT_CAPACITY,
            DAY - timedelta(days=1),
            {Milestone.COMMISSIONED: DAY},
            False,
            ReachFault.BEFORE_COMMISSIONED,
        ),
        (Milestone.REGISTERED, DAY - timedelta(days=90), {Milestone.SIGNED: DAY}, False, None),
    ],
)
def test_a_report_is_refused_for_a_reason(
    milestone: Milestone,
    day: date,
    reached: dict[Milestone, date],
    terminated: bool,
    fault: ReachFault | None,
) -> None:
    assert check_reach(milestone, day, DAY, reached, terminated) == fault


def test_a_department_accepts_a_day_that_is_past() -> None:
    later = DAY + timedelta(days=1)
    assert check_recognition(DAY, DAY, DAY) is None
    assert check_recognition(later, DAY, later) is ReachFault.ACCEPTED_LATER
    assert check_recognition(DAY, later, DAY) is ReachFault.FUTURE


def test_the_due_day_is_still_in_time() -> None:
    assert owed_state(DAY, False, DAY) is OwedState.OWED
    assert owed_state(DAY, False, DAY + timedelta(days=1)) is OwedState.LATE
    assert owed_state(DAY, True, DAY + timedelta(days=1)) is OwedState.GIVEN


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({}, None),
        ({"agreed": Money(0)}, Fault.NOTHING_AGREED),
        ({"phase_one": Money.yi(2)}, None),
        ({"phase_one": Money(Money.yi(2).fen + 1)}, Fault.PHASE_ABOVE_TOTAL),
        ({"fixed_asset": Money.yi(3)}, Fault.ASSET_ABOVE_TOTAL),
        ({"funding": Funding.MIXED}, None),
        ({"funding": Funding.MIXED, "fiscal": Money.yi(3)}, Fault.FISCAL_ABOVE_TOTAL),
        ({"funding": Funding.MIXED, "fiscal": Money.yi(1)}, None),
        ({"fiscal": Money.yi(1)}, Fault.FISCAL_OUT_OF_PLACE),
        (
            {"planned_start": DAY, "planned_commissioning": DAY - timedelta(days=1)},
            Fault.PLANNED_BACKWARDS,
        ),
    ],
)
def test_amounts_and_days_fit_together(told: dict[str, object], fault: Fault | None) -> None:
    base: dict[str, object] = {"agreed": Money.yi(2), "funding": Funding.ENTERPRISE}
    found = fault_of(Investment(**(base | told)))  # type: ignore[arg-type]
    assert found == fault
    assert found is None or FIELD[found]
