"""Whether a project counts towards both goals, and why: what counting decided, as its page says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.counting.models import DecisionRow, RuleSetVersion, Subject
from crm.counting.queries import stored
from crm.counting.queries.figures import of_project_by_year
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import Measure, Reason, Verdict
from crm.counting.rules.facts import Kind
from crm.counting.rules.goals import Sum
from crm.counting.rules.investment import no_funds
from crm.counting.rules.sets import RuleSet
from crm.projects.models import Project
from crm.values.money import Money
from crm.values.rate import percent


@dataclass(frozen=True)
class Funds:
    """The money of a project, reversals taken off.

    Attributes:
        agreed: what its signing added to the funds agreed, fiscal money left out.
        counted, reported: of all years; *_now, planned_now: of this year.
        objection: why none of its money counts, else None.
    """

    agreed: Money
    counted: Money
    reported: Money
    counted_now: Money
    reported_now: Money
    planned_now: Money
    objection: Reason | None

    @property
    def verdict(self) -> Verdict | None:
        """None while no money is reported."""
        if self.objection is not None:
            return Verdict.DOES_NOT_COUNT
        if self.counted:
            return Verdict.COUNTS
        return Verdict.PENDING if self.reported else None

    @property
    def rate(self) -> str:
        """资金到位率: agreed → arrived."""
        return percent(self.counted.fen, self.agreed.fen)


@dataclass(frozen=True)
class Answer:
    """What a project's page says of both goals.

    Attributes:
        start: today's decision; None where its facts were never handed over.
        rules: what the start is decided by. version: of these; None for the defaults.
        of_funds: the rules that this year's money goes by.
    """

    year: int
    start: DecisionRow | None
    rules: RuleSet
    version: RuleSetVersion | None
    of_funds: RuleSet
    funds: Funds


def answer(session: Session, project: Project, year: int) -> Answer:
    """Whether it counts, why, and what is in place, as of this year. The caller may read the project."""
    now = in_force(session)
    start = stored.decision(session, Subject.PROJECT, project.id)
    decided_by = start.rules_of if start else year
    objection = no_funds(Kind(project.kind.value), now.rules.of(year))
    return Answer(
        year,
        start,
        now.rules.of(decided_by),
        now.version(decided_by),
        now.rules.of(year),
        _funds(of_project_by_year(session, project.id), year, objection),
    )


def answers(rows: Sequence[DecisionRow]) -> list[DecisionRow]:
    """The decisions that gave another answer than the one before, latest first, as they came.

    A decision is also written down anew when only what is owed or a fact looked at changed.
    """
    found: list[DecisionRow] = []
    for row in reversed(rows):
        if not found or _said(row) != _said(found[-1]):
            found.append(row)
    return found[::-1]


def _said(row: DecisionRow) -> tuple[object, ...]:
    return row.verdict, row.reason, row.year, row.rules_of, row.rule_set_id


def _funds(
    standing: Mapping[tuple[Measure, int], Sum], year: int, objection: Reason | None
) -> Funds:
    def total(measure: Measure, only: int | None = None) -> Money:
        amounts = (
            figure.amount
            for (one, of), figure in standing.items()
            if one is measure and only in (None, of)
        )
        return sum(amounts, Money(0))

    return Funds(
        agreed=total(Measure.FUNDS_AGREED),
        counted=total(Measure.FUNDS_COUNTED),
        reported=total(Measure.FUNDS_REPORTED),
        counted_now=total(Measure.FUNDS_COUNTED, year),
        reported_now=total(Measure.FUNDS_REPORTED, year),
        planned_now=total(Measure.FUNDS_PLANNED, year),
        objection=objection,
    )
