"""Funds in place: which receipt counts, in which year and month, and why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.counting.rules.books import Booking, Books
from crm.counting.rules.decisions import (
    Cohort,
    Decision,
    Measure,
    Reason,
    Standing,
    Verdict,
)
from crm.counting.rules.facts import Kind, MoneyFrom, ProjectFacts, ReceiptFacts, ReceiptState
from crm.counting.rules.investment import funds_count
from crm.counting.rules.plain import to_json
from crm.counting.rules.sets import Rules, RuleSet


@dataclass(frozen=True)
class Sight:
    """What a rule sees: the receipt, its project, and where it would be booked."""

    receipt: ReceiptFacts
    project: ProjectFacts
    booking: Booking | None


@dataclass(frozen=True)
class Rule:
    """One line of the table, as in `starts`; "project.…" is a fact of the project."""

    reason: Reason
    objects: Callable[[Sight, RuleSet], bool]
    looks_at: tuple[str, ...]
    verdict: Verdict = Verdict.DOES_NOT_COUNT


RULES: tuple[Rule, ...] = (
    Rule(
        Reason.REAL_ESTATE,
        lambda sight, rules: (
            sight.project.kind is Kind.REAL_ESTATE and not funds_count(sight.project.kind, rules)
        ),
        ("project.kind",),
    ),
    Rule(
        Reason.INFRASTRUCTURE,
        lambda sight, rules: not funds_count(sight.project.kind, rules),
        ("project.kind",),
    ),
    Rule(
        Reason.FROM_CITY,
        lambda sight, _: sight.receipt.origin is MoneyFrom.CITY,
        ("origin",),
    ),
    Rule(
        Reason.ORIGIN_NOT_ADMITTED,
        lambda sight, rules: sight.receipt.origin not in rules.origins,
        ("origin",),
    ),
    Rule(
        Reason.FISCAL_LINE,
        lambda sight, rules: sight.receipt.fiscal and not rules.fiscal_money,
        ("fiscal",),
    ),
    Rule(
        Reason.WITHDRAWN,
        lambda sight, _: sight.receipt.state is ReceiptState.WITHDRAWN,
        ("state",),
    ),
    Rule(
        Reason.RETURNED,
        lambda sight, _: sight.receipt.state is ReceiptState.RETURNED,
        ("state",),
        Verdict.PENDING,
    ),
    Rule(
        Reason.NOT_REVIEWED,
        lambda sight, _: sight.receipt.state is ReceiptState.REPORTED,
        ("state",),
        Verdict.PENDING,
    ),
    Rule(
        Reason.NOT_CONFIRMED,
        lambda sight, _: (
            sight.receipt.state is not ReceiptState.CONFIRMED or sight.receipt.confirmed_at is None
        ),
        ("state", "confirmed_at"),
        Verdict.PENDING,
    ),
    Rule(
        Reason.EVIDENCE_OWED,
        lambda sight, _: bool(sight.receipt.owed),
        ("owed",),
        Verdict.PENDING,
    ),
    Rule(
        Reason.YEAR_CLOSED,
        lambda sight, _: sight.booking is None,
        ("arrived_on", "confirmed_at"),
    ),
)
"""In this order, the first that objects decides; past the last line the money counts."""


def decide_receipt(
    receipt: ReceiptFacts, project: ProjectFacts, rules: Rules, books: Books
) -> Decision:
    """Whether the receipt counts, where it is booked, and what it adds to the figures.

    It stands under *reported* until it counts, but not while it is returned. It goes by the rules of
    the year in which it arrived, for money counts in no other. A reversal has the origin and the
    lines of what it reverses, so it counts when that does.
    """
    year = receipt.arrived_on.year
    by = rules.of(year)
    confirmed = receipt.confirmed_at
    booking = books.book(receipt.arrived_on, confirmed, by) if confirmed else None
    sight = Sight(receipt, project, booking)
    objection, looked_at = _first_objection(sight, by)
    if objection is None and booking is not None:
        return Decision(
            verdict=Verdict.COUNTS,
            reason=Reason.BOOKED_LATE if booking.late else Reason.IN_PLACE,
            rules_of=year,
            amount=receipt.amount,
            looked_at=looked_at,
            year=year,
            stands_on=booking.stands_on,
            late=booking.late,
            month=booking.month.month,
            standings=(_standing(sight, Measure.FUNDS_COUNTED, booking.stands_on),),
        )
    objection = objection or RULES[-1]
    pending = objection.verdict is Verdict.PENDING
    stands = pending and receipt.state is not ReceiptState.RETURNED
    reported = _standing(sight, Measure.FUNDS_REPORTED, receipt.arrived_on)
    return Decision(
        verdict=objection.verdict,
        reason=objection.reason,
        rules_of=year,
        amount=receipt.amount,
        looked_at=looked_at,
        owed=receipt.owed if pending else (),
        standings=(reported,) if stands else (),
    )


def _first_objection(sight: Sight, rules: RuleSet) -> tuple[Rule | None, dict[str, Any]]:
    looked_at: dict[str, Any] = {}
    for rule in RULES:
        looked_at |= {name: to_json(_fact(sight, name)) for name in rule.looks_at}
        if rule.objects(sight, rules):
            return rule, looked_at
    return None, looked_at


def cohort(project: ProjectFacts, year: int) -> Cohort | None:
    """新开工 where the project started in the year, 续建 where earlier, None where not (yet)."""
    started = project.accepted_on or project.reported_on
    if started is None or started.year > year:
        return None
    return Cohort.NEW if started.year == year else Cohort.CONTINUING


def _standing(sight: Sight, measure: Measure, day: date) -> Standing:
    of = cohort(sight.project, sight.receipt.arrived_on.year)
    return Standing(
        measure,
        day,
        sight.receipt.amount,
        origin=sight.receipt.origin.value,
        cohort=of.value if of else "",
    )


def _fact(sight: Sight, name: str) -> object:
    owner, _, fact = name.rpartition(".")
    return getattr(sight.project if owner else sight.receipt, fact)
