"""The table of moves drives its own test; holds and losses likewise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.catalog.rules import Clocks
from crm.leads.rules.clocks import appraisal_due, is_key, silence_limit, stage_limit
from crm.leads.rules.kinds import EventKind, Stage, Standing, Verdict
from crm.leads.rules.moves import (
    DEMANDS,
    MOVES,
    NEEDS,
    STEPS,
    Door,
    Facts,
    Fault,
    Move,
    check_move,
    check_step,
    find_move,
    moves_from,
    steps_from,
    unmet,
)
from crm.values.money import Money
from crm.values.workdays import WorkCalendar

DAY = date(2025, 6, 10)


def stood(stage: Stage = Stage.IDENTIFIED, **values: object) -> Facts:
    """A lead for which every demand is met, unless told otherwise."""
    given = {"investor": True, "review": Verdict.GO_ON} | values
    return Facts(DAY - timedelta(days=30), DAY, stage, **given)  # type: ignore[arg-type]


def named(move: Move) -> str:
    """identified-contacted."""
    return f"{move.origin}-{move.target}"


def test_every_pair_of_two_stages_is_one_row_of_the_table() -> None:
    pairs = [(move.origin, move.target) for move in MOVES]
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) == {(a, b) for a in Stage for b in Stage if a is not b}


@pytest.mark.parametrize("move", MOVES, ids=named)
def test_a_row_of_the_table_is_allowed_at_its_door_and_refused_at_the_others(move: Move) -> None:
    facts = stood(move.origin)
    assert check_move(move.target, DAY, facts, door=move.door, reason=True) == ()
    for door in set(Door) - {move.door}:
        assert len(check_move(move.target, DAY, facts, door=door, reason=True)) == 1


@pytest.mark.parametrize("move", MOVES, ids=named)
def test_a_move_back_and_no_other_asks_for_a_reason(move: Move) -> None:
    assert move.reason == (move.target.rank < move.origin.rank)
    wrong = check_move(move.target, DAY, stood(move.origin), door=move.door)
    assert wrong == ((Fault.NEEDS_REASON,) if move.reason else ())


@pytest.mark.parametrize("move", MOVES, ids=named)
def test_a_move_forwards_asks_for_what_its_stage_demands(move: Move) -> None:
    lacking = stood(move.origin, investor=False, review=None)
    wrong = check_move(move.target, DAY, lacking, door=move.door, reason=True)
    demanded = DEMANDS.get(move.target, ()) if move.target.rank > move.origin.rank else ()
    assert wrong == tuple(NEEDS[demand] for demand in demanded)


def test_signing_is_entered_and_left_by_doors_of_its_own() -> None:
    for move in MOVES:
        if Stage.SIGNED in (move.origin, move.target):
            assert move.door is not Door.STAGE
        else:
            assert move.door is Door.STAGE
    assert moves_from(Stage.SIGNED, Door.STAGE) == ()


@pytest.mark.parametrize("verdict", [None, Verdict.WAIT, Verdict.NO])
def test_only_a_review_that_says_go_on_lets_an_agreement_be_drafted(
    verdict: Verdict | None,
) -> None:
    assert unmet(Stage.DRAFTED, stood(review=verdict)) == (Fault.NEEDS_REVIEW,)


@pytest.mark.parametrize("standing", [Standing.ON_HOLD, Standing.LOST])
def test_a_lead_that_is_not_in_hand_does_not_move(standing: Standing) -> None:
    wrong = check_move(Stage.CONTACTED, DAY, stood(standing=standing))
    assert wrong == (Fault.NOT_OPEN,)


def test_a_move_is_neither_in_the_future_nor_before_the_entry() -> None:
    assert check_move(Stage.CONTACTED, DAY + timedelta(days=1), stood()) == (Fault.FUTURE,)
    early = DAY - timedelta(days=31)
    assert check_move(Stage.CONTACTED, early, stood()) == (Fault.ENTERED_LATER,)


def test_a_move_told_late_does_not_overtake_the_next_one() -> None:
    before = stood(later_stage=Stage.CONTACTED)
    assert check_move(Stage.NEGOTIATING, DAY, before) == (Fault.OVERTAKES,)
    assert check_move(Stage.CONTACTED, DAY, before) == ()


def test_a_lead_does_not_move_to_where_it_stands() -> None:
    assert check_move(Stage.CONTACTED, DAY, stood(Stage.CONTACTED)) == (Fault.SAME,)
    assert find_move(Stage.CONTACTED, Stage.CONTACTED) is None


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("standing", Standing)
def test_a_step_is_allowed_from_its_origins_alone(kind: EventKind, standing: Standing) -> None:
    until = DAY + timedelta(days=9)
    wrong = check_step(kind, DAY, stood(standing=standing), until=until, reason=True)
    assert wrong == (() if standing in STEPS[kind].origins else (Fault.NO_SUCH_STEP,))
    offered = kind in steps_from(Stage.IDENTIFIED, standing)
    assert offered == (standing in STEPS[kind].origins)


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_asks_for_its_reason_and_its_day(kind: EventKind) -> None:
    step = STEPS[kind]
    wrong = check_step(kind, DAY, stood(standing=step.origins[0]), until=DAY)
    assert (Fault.NEEDS_REASON in wrong) == step.reason
    assert (Fault.NEEDS_UNTIL in wrong) == step.until


@pytest.mark.parametrize("kind", STEPS)
def test_a_signed_lead_takes_no_step(kind: EventKind) -> None:
    assert check_step(kind, DAY, stood(Stage.SIGNED), reason=True) == (Fault.SIGNED,)
    assert steps_from(Stage.SIGNED, Standing.OPEN) == ()


def test_a_key_lead_is_of_ten_yi_itself_or_more_or_has_a_responsible_leader() -> None:
    clocks = Clocks()
    assert is_key(Money.yi(10), "", clocks)
    assert not is_key(Money(Money.yi(10).fen - 1), "", clocks)
    assert is_key(Money(0), "王市长", clocks)
    assert (silence_limit(True, clocks), silence_limit(False, clocks)) == (7, 14)


def test_each_stage_before_signing_has_a_limit() -> None:
    limits = [stage_limit(stage, Clocks()) for stage in Stage]
    assert limits == [15, 45, 120, 60, None]


def test_the_first_appraisal_is_due_after_three_working_days() -> None:
    friday = date(2025, 6, 13)
    assert appraisal_due(friday, WorkCalendar(), Clocks()) == date(2025, 6, 18)
