"""What the amounts of one project must be to each other, and its planned days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.projects.rules.kinds import Funding
from crm.values.money import Money


class Fault(StrEnum):
    """What does not fit."""

    NOTHING_AGREED = "nothing_agreed"
    PHASE_ABOVE_TOTAL = "phase_above_total"
    ASSET_ABOVE_TOTAL = "asset_above_total"
    FISCAL_ABOVE_TOTAL = "fiscal_above_total"
    FISCAL_UNKNOWN = "fiscal_unknown"
    FISCAL_OUT_OF_PLACE = "fiscal_out_of_place"
    PLANNED_BACKWARDS = "planned_backwards"


FIELD: dict[Fault, str] = {
    Fault.NOTHING_AGREED: "agreed",
    Fault.PHASE_ABOVE_TOTAL: "phase_one",
    Fault.ASSET_ABOVE_TOTAL: "fixed_asset",
    Fault.FISCAL_ABOVE_TOTAL: "fiscal",
    Fault.FISCAL_UNKNOWN: "fiscal",
    Fault.FISCAL_OUT_OF_PLACE: "fiscal",
    Fault.PLANNED_BACKWARDS: "planned_commissioning",
}
"""The field of the form that a fault belongs beside."""


@dataclass(frozen=True)
class Investment:
    """The amounts of a project and the days it plans; None: 待定 or not applicable."""

    agreed: Money
    funding: Funding
    phase_one: Money | None = None
    fixed_asset: Money | None = None
    fiscal: Money | None = None
    planned_start: date | None = None
    planned_commissioning: date | None = None


def fault_of(told: Investment) -> Fault | None:
    """The first thing that does not fit, or None. A part may be the whole (<=)."""
    start, done = told.planned_start, told.planned_commissioning
    mixed = told.funding is Funding.MIXED
    checks = (
        (told.agreed <= Money(0), Fault.NOTHING_AGREED),
        (_above(told.phase_one, told.agreed), Fault.PHASE_ABOVE_TOTAL),
        (_above(told.fixed_asset, told.agreed), Fault.ASSET_ABOVE_TOTAL),
        (_above(told.fiscal, told.agreed), Fault.FISCAL_ABOVE_TOTAL),
        (mixed and told.fiscal is None, Fault.FISCAL_UNKNOWN),
        (told.funding is Funding.ENTERPRISE and bool(told.fiscal), Fault.FISCAL_OUT_OF_PLACE),
        (start is not None and done is not None and done < start, Fault.PLANNED_BACKWARDS),
    )
    return next((fault for wrong, fault in checks if wrong), None)


def _above(part: Money | None, total: Money) -> bool:
    return part is not None and part > total
