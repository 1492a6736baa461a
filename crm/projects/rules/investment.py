"""What the amounts of one project must be to each other, its planned days, and its funds plan by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.counting.rules.facts import MovedFrom
from crm.projects.rules.kinds import Construction, Funding, Relation
from crm.values.money import Money


class Fault(StrEnum):
    """What does not fit."""

    NOTHING_AGREED = "nothing_agreed"
    PHASE_ABOVE_TOTAL = "phase_above_total"
    ASSET_ABOVE_TOTAL = "asset_above_total"
    FISCAL_ABOVE_TOTAL = "fiscal_above_total"
    FISCAL_OUT_OF_PLACE = "fiscal_out_of_place"
    FISCAL_PHASE_ABOVE_FISCAL = "fiscal_phase_above_fiscal"
    FISCAL_PHASE_ABOVE_PHASE = "fiscal_phase_above_phase"
    FISCAL_PHASE_OUT_OF_PLACE = "fiscal_phase_out_of_place"
    INCREMENT_ABOVE_TOTAL = "increment_above_total"
    INCREMENT_OF_NOTHING = "increment_of_nothing"
    INCREMENT_OUT_OF_PLACE = "increment_out_of_place"
    PLANNED_BACKWARDS = "planned_backwards"


FIELD: dict[Fault, str] = {
    Fault.NOTHING_AGREED: "agreed",
    Fault.PHASE_ABOVE_TOTAL: "phase_one",
    Fault.ASSET_ABOVE_TOTAL: "fixed_asset",
    Fault.FISCAL_ABOVE_TOTAL: "fiscal",
    Fault.FISCAL_OUT_OF_PLACE: "fiscal",
    Fault.FISCAL_PHASE_ABOVE_FISCAL: "fiscal_in_phase_one",
    Fault.FISCAL_PHASE_ABOVE_PHASE: "fiscal_in_phase_one",
    Fault.FISCAL_PHASE_OUT_OF_PLACE: "fiscal_in_phase_one",
    Fault.INCREMENT_ABOVE_TOTAL: "increment",
    Fault.INCREMENT_OF_NOTHING: "increment",
    Fault.INCREMENT_OUT_OF_PLACE: "increment",
    Fault.PLANNED_BACKWARDS: "planned_commissioning",
}
"""The field of the form that a fault belongs beside."""


@dataclass(frozen=True)
class Investment:
    """The amounts of a project and the days it plans; None: 待定 or not applicable.

    Attributes:
        fiscal: of mixed money; 待定 leaves the start pending, it does not block the signing.
        fiscal_in_phase_one: how much of it lies in phase one; None: all of it is taken to.
        increment: what a later phase or a capital increase adds to the agreed money, where its own
            agreement repeats money agreed before; None: all of it is new.
    """

    agreed: Money
    funding: Funding
    phase_one: Money | None = None
    fixed_asset: Money | None = None
    fiscal: Money | None = None
    planned_start: date | None = None
    planned_commissioning: date | None = None
    fiscal_in_phase_one: Money | None = None
    increment: Money | None = None


def fault_of(told: Investment, relation: Relation = Relation.FIRST) -> Fault | None:
    """The first thing that does not fit, or None. A part may be the whole (<=)."""
    start, done = told.planned_start, told.planned_commissioning
    part, added = told.fiscal_in_phase_one, told.increment
    parted = told.fiscal is not None and told.phase_one is not None
    checks = (
        (told.agreed <= Money(0), Fault.NOTHING_AGREED),
        (_above(told.phase_one, told.agreed), Fault.PHASE_ABOVE_TOTAL),
        (_above(told.fixed_asset, told.agreed), Fault.ASSET_ABOVE_TOTAL),
        (_above(told.fiscal, told.agreed), Fault.FISCAL_ABOVE_TOTAL),
        (told.funding is Funding.ENTERPRISE and bool(told.fiscal), Fault.FISCAL_OUT_OF_PLACE),
        (part is not None and not parted, Fault.FISCAL_PHASE_OUT_OF_PLACE),
        (_above(part, told.fiscal), Fault.FISCAL_PHASE_ABOVE_FISCAL),
        (_above(part, told.phase_one), Fault.FISCAL_PHASE_ABOVE_PHASE),
        (added is not None and relation is Relation.FIRST, Fault.INCREMENT_OUT_OF_PLACE),
        (added is not None and added <= Money(0), Fault.INCREMENT_OF_NOTHING),
        (_above(added, told.agreed), Fault.INCREMENT_ABOVE_TOTAL),
        (start is not None and done is not None and done < start, Fault.PLANNED_BACKWARDS),
    )
    return next((fault for wrong, fault in checks if wrong), None)


def _above(part: Money | None, total: Money | None) -> bool:
    return part is not None and total is not None and part > total


@dataclass(frozen=True)
class Move:
    """Where a relocated plant goes to and comes from; nothing of it is kept of other construction.

    Attributes:
        inside_old_plant: it is rebuilt inside an old plant of the city.
        moved_from: None: not known.
    """

    inside_old_plant: bool = False
    moved_from: MovedFrom | None = None

    def of(self, construction: Construction) -> Move:
        """What is kept of it: inside an old plant it comes from the city itself."""
        if construction is not Construction.RELOCATION:
            return Move()
        return Move(True, MovedFrom.CITY) if self.inside_old_plant else self


# --- the funds plan ------------------------------------------------------------------------------


class PlanFault(StrEnum):
    """What is wrong with a plan by year."""

    NOTHING_PLANNED = "nothing_planned"
    YEAR_TWICE = "year_twice"
    YEAR_OUT_OF_REACH = "year_out_of_reach"
    ABOVE_AGREED = "above_agreed"


PLAN_FIELD: dict[PlanFault, str] = {
    PlanFault.NOTHING_PLANNED: "plan",
    PlanFault.YEAR_TWICE: "plan",
    PlanFault.YEAR_OUT_OF_REACH: "plan",
    PlanFault.ABOVE_AGREED: "plan_why",
}
"""The field of the form that a fault belongs beside."""

FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class FundsPlan:
    """The funds planned by year, in order; without a year 待定.

    Attributes:
        why_above: said where the years come to more than was agreed.
    """

    years: tuple[tuple[int, Money], ...] = ()
    why_above: str = ""

    @property
    def fen(self) -> int:
        """What the years come to; a plain number, since what was typed may be more than money can be."""
        return sum(amount.fen for _year, amount in self.years)

    def above(self, agreed: Money) -> bool:
        """Whether more is planned than was agreed; the whole of it may be."""
        return self.fen > agreed.fen

    def why(self, agreed: Money) -> str:
        """What was said of it, kept only where it was asked for."""
        return self.why_above if self.above(agreed) else ""


def plan_fault(plan: FundsPlan, agreed: Money) -> PlanFault | None:
    """The first thing wrong with a plan, or None. The whole of what was agreed may be planned (<=)."""
    numbers = [year for year, _amount in plan.years]
    checks = (
        (any(amount <= Money(0) for _year, amount in plan.years), PlanFault.NOTHING_PLANNED),
        (len(set(numbers)) < len(numbers), PlanFault.YEAR_TWICE),
        (
            any(not FIRST_YEAR <= year <= LAST_YEAR for year in numbers),
            PlanFault.YEAR_OUT_OF_REACH,
        ),
        (plan.above(agreed) and not plan.why_above, PlanFault.ABOVE_AGREED),
    )
    return next((fault for wrong, fault in checks if wrong), None)
