"""The stage machine: the table of moves, what each demands now, and the table of holds and losses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.leads.rules.kinds import EventKind, Stage, Standing, Verdict


class Door(StrEnum):
    """Who makes a move: the lead's own stage door, a signing, or the end of the last project."""

    STAGE = "stage"
    SIGNING = "signing"
    TERMINATION = "termination"


class Demand(StrEnum):
    """What has to be known at the table before a lead enters a stage."""

    INVESTOR = "investor"
    REVIEW = "review"


@dataclass(frozen=True)
class Move:
    """One allowed move between two stages.

    Attributes:
        reason: it goes back, and has to say why.
        door: by which door it is made; another door is refused.
    """

    origin: Stage
    target: Stage
    reason: bool = False
    door: Door = Door.STAGE


MOVES: tuple[Move, ...] = (
    Move(Stage.IDENTIFIED, Stage.CONTACTED),
    Move(Stage.IDENTIFIED, Stage.NEGOTIATING),
    Move(Stage.IDENTIFIED, Stage.DRAFTED),
    Move(Stage.IDENTIFIED, Stage.SIGNED, door=Door.SIGNING),
    Move(Stage.CONTACTED, Stage.IDENTIFIED, reason=True),
    Move(Stage.CONTACTED, Stage.NEGOTIATING),
    Move(Stage.CONTACTED, Stage.DRAFTED),
    Move(Stage.CONTACTED, Stage.SIGNED, door=Door.SIGNING),
    Move(Stage.NEGOTIATING, Stage.IDENTIFIED, reason=True),
    Move(Stage.NEGOTIATING, Stage.CONTACTED, reason=True),
    Move(Stage.NEGOTIATING, Stage.DRAFTED),
    Move(Stage.NEGOTIATING, Stage.SIGNED, door=Door.SIGNING),
    Move(Stage.DRAFTED, Stage.IDENTIFIED, reason=True),
    Move(Stage.DRAFTED, Stage.CONTACTED, reason=True),
    Move(Stage.DRAFTED, Stage.NEGOTIATING, reason=True),
    Move(Stage.DRAFTED, Stage.SIGNED, door=Door.SIGNING),
    Move(Stage.SIGNED, Stage.IDENTIFIED, reason=True, door=Door.TERMINATION),
    Move(Stage.SIGNED, Stage.CONTACTED, reason=True, door=Door.TERMINATION),
    Move(Stage.SIGNED, Stage.NEGOTIATING, reason=True, door=Door.TERMINATION),
    Move(Stage.SIGNED, Stage.DRAFTED, reason=True, door=Door.TERMINATION),
)
"""Every move there is (`domain.md` section 2): forwards with any skip, backwards with a reason; 签约 is
entered by signing and left only when all its projects are terminated."""

DEMANDS: dict[Stage, tuple[Demand, ...]] = {
    Stage.NEGOTIATING: (Demand.INVESTOR,),
    Stage.DRAFTED: (Demand.INVESTOR, Demand.REVIEW),
    Stage.SIGNED: (Demand.INVESTOR,),
}
"""What a move forwards into a stage needs now. A signing asks for no review: the agreement is a fact,
and what it owes becomes rows of the project."""


class Fault(StrEnum):
    """Why a lead cannot take a step."""

    ENTERED_LATER = "entered_later"
    FUTURE = "future"
    NEEDS_INVESTOR = "needs_investor"
    NEEDS_REASON = "needs_reason"
    NEEDS_REVIEW = "needs_review"
    NEEDS_UNTIL = "needs_until"
    NO_SUCH_STEP = "no_such_step"
    NOT_OPEN = "not_open"
    ONLY_BY_SIGNING = "only_by_signing"
    ONLY_BY_TERMINATION = "only_by_termination"
    OVERTAKES = "overtakes"
    SAME = "same"
    SIGNED = "signed"


NEEDS = {Demand.INVESTOR: Fault.NEEDS_INVESTOR, Demand.REVIEW: Fault.NEEDS_REVIEW}


@dataclass(frozen=True)
class Facts:
    """What a step is judged by: the lead as it stood on the step's day.

    Attributes:
        investor: the investor is a named company.
        review: the latest project review's verdict up to that day.
        later_stage: where the next later move led, if the step is dated before one.
    """

    entered_on: date
    today: date
    stage: Stage
    standing: Standing = Standing.OPEN
    investor: bool = False
    review: Verdict | None = None
    later_stage: Stage | None = None


def find_move(origin: Stage, target: Stage) -> Move | None:
    """The table's row for a move, if there is one."""
    return next((m for m in MOVES if (m.origin, m.target) == (origin, target)), None)


def moves_from(origin: Stage, door: Door) -> tuple[Move, ...]:
    """The moves that a door offers from a stage, in the table's order."""
    return tuple(m for m in MOVES if m.origin is origin and m.door is door)


def unmet(target: Stage, facts: Facts) -> tuple[Fault, ...]:
    """What a move forwards into a stage still lacks."""
    if target.rank <= facts.stage.rank:
        return ()
    met = {Demand.INVESTOR: facts.investor, Demand.REVIEW: facts.review is Verdict.GO_ON}
    return tuple(NEEDS[demand] for demand in DEMANDS.get(target, ()) if not met[demand])


def check_move(
    target: Stage, day: date, facts: Facts, *, door: Door = Door.STAGE, reason: bool = False
) -> tuple[Fault, ...]:
    """Why a lead cannot go to a stage on a day; () when it can.

    Args:
        reason: one is given.
    """
    if wrong := _wrong_day(day, facts):
        return (wrong,)
    if target is facts.stage:
        return (Fault.SAME,)
    if facts.standing is not Standing.OPEN:
        return (Fault.NOT_OPEN,)
    move = find_move(facts.stage, target)
    if move is None:
        return (Fault.NO_SUCH_STEP,)
    if move.door is not door:
        by = {
            Door.SIGNING: Fault.ONLY_BY_SIGNING,
            Door.TERMINATION: Fault.ONLY_BY_TERMINATION,
            Door.STAGE: Fault.NO_SUCH_STEP,
        }
        return (by[move.door],)
    if facts.later_stage is not None and target.rank > facts.later_stage.rank:
        return (Fault.OVERTAKES,)
    lacks = (Fault.NEEDS_REASON,) if move.reason and not reason else ()
    return lacks + unmet(target, facts)


class Way(StrEnum):
    """How a lead gets to another stage from a board, where nothing is asked."""

    AT_ONCE = "at_once"
    FORM = "form"
    SIGNING = "signing"
    REFUSED = "refused"


def way(target: Stage, day: date, facts: Facts) -> tuple[Way, Fault | None]:
    """Whether the move can be made at once, needs a form first (and what it lacks), or is refused (and why).

    A move back asks why; one that lacks something opens where that is told.
    """
    found = check_move(target, day, facts, reason=True)
    fault = found[0] if found else None
    if fault is Fault.ONLY_BY_SIGNING:
        return Way.SIGNING, None
    if fault in NEEDS.values():
        return Way.FORM, fault
    if fault is not None:
        return Way.REFUSED, fault
    move = find_move(facts.stage, target)
    return (Way.FORM if move is not None and move.reason else Way.AT_ONCE), None


@dataclass(frozen=True)
class Step:
    """A change of standing: from where, to where, and whether it names a day until which it holds."""

    origins: tuple[Standing, ...]
    target: Standing
    until: bool = False
    reason: bool = True


STEPS: dict[EventKind, Step] = {
    EventKind.HELD: Step((Standing.OPEN, Standing.ON_HOLD), Standing.ON_HOLD, until=True),
    EventKind.RESUMED: Step((Standing.ON_HOLD,), Standing.OPEN, reason=False),
    EventKind.LOST: Step((Standing.OPEN, Standing.ON_HOLD), Standing.LOST),
    EventKind.REOPENED: Step((Standing.LOST,), Standing.OPEN),
}
"""搁置 (again: with another day), 恢复, 流失, 重启."""


def steps_from(stage: Stage, standing: Standing) -> tuple[EventKind, ...]:
    """The changes of standing that a lead can take; a signed one none."""
    if stage is Stage.SIGNED:
        return ()
    return tuple(kind for kind, step in STEPS.items() if standing in step.origins)


def check_step(
    kind: EventKind, day: date, facts: Facts, *, until: date | None = None, reason: bool = False
) -> tuple[Fault, ...]:
    """Why a lead cannot be put on hold, resumed, lost or reopened on a day; () when it can."""
    step = STEPS[kind]
    if wrong := _wrong_day(day, facts):
        return (wrong,)
    if facts.stage is Stage.SIGNED:
        return (Fault.SIGNED,)
    if facts.standing not in step.origins:
        return (Fault.NO_SUCH_STEP,)
    faults = []
    if step.reason and not reason:
        faults.append(Fault.NEEDS_REASON)
    if step.until and (until is None or until <= day):
        faults.append(Fault.NEEDS_UNTIL)
    return tuple(faults)


def _wrong_day(day: date, facts: Facts) -> Fault | None:
    if day > facts.today:
        return Fault.FUTURE
    return Fault.ENTERED_LATER if day < facts.entered_on else None
