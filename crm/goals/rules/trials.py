"""What a trial of a rule set told, as it is kept: figures before and after, who moves, does it still hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.counting.rules.decisions import Measure, Reason
from crm.counting.rules.goals import Sum

MOST = 1000
"""Lines kept of each kind and year, the largest first; the sums by district are of all."""


@dataclass(frozen=True)
class Figure:
    """A measure's figure now, and under the rules tried."""

    measure: Measure
    before: Sum
    after: Sum


@dataclass(frozen=True)
class Line:
    """A project, or the receipts of one, whose answer for the year would change.

    Attributes:
        before, after: the reason that decides now, and the one that would.
    """

    project: int
    district: int
    before: Reason
    after: Reason
    sum: Sum


@dataclass(frozen=True)
class Part:
    """How much of it lands in a district."""

    district: int
    sum: Sum


@dataclass(frozen=True)
class Moves:
    """What would enter a figure, or leave it. Receipts of a project that move for one reason are a line."""

    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def sum(self) -> Sum:
        """All of it."""
        return sum((part.sum for part in self.parts), Sum())


@dataclass(frozen=True)
class YearTold:
    """What publishing would do to a year, by the figures of a day."""

    year: int
    on: date
    figures: tuple[Figure, ...]
    starts_enter: Moves
    starts_leave: Moves
    funds_enter: Moves
    funds_leave: Moves

    @property
    def unchanged(self) -> bool:
        """Whether nothing enters, leaves or adds up differently."""
        return all(one.before == one.after for one in self.figures) and not any(
            moves.parts
            for moves in (
                self.starts_enter,
                self.starts_leave,
                self.funds_enter,
                self.funds_leave,
            )
        )


@dataclass(frozen=True)
class Told:
    """A trial.

    Attributes:
        parameters: fingerprint of what was tried. in_force: of the versions in force at that time.
        seen: how many projects and receipts were decided. changed: how many answers would change.
    """

    parameters: str
    in_force: str
    tried_on: date
    seen: int
    changed: int
    years: tuple[YearTold, ...]


class Overtaken(StrEnum):
    """Why a trial no longer says what publishing would do."""

    EDITED = "edited"
    REPUBLISHED = "republished"
    OLD = "old"


def overtaken(told: Told, *, parameters: str, in_force: str, today: date) -> Overtaken | None:
    """Why the trial no longer holds; None: these very parameters, the same rules in force, today.

    Figures move on during the day: what a trial tells is true of its hour, what was published is told
    again by the publishing itself.
    """
    if told.parameters != parameters:
        return Overtaken.EDITED
    if told.in_force != in_force:
        return Overtaken.REPUBLISHED
    return None if told.tried_on == today else Overtaken.OLD
