"""Newly started industrial projects of 1亿元 and more: which start counts, in which year, and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from crm.counting.rules.decisions import (
    FOREVER,
    Decision,
    Measure,
    Reason,
    Standing,
    Verdict,
    cut,
)
from crm.counting.rules.facts import Kind, MovedFrom, ProjectFacts, Purse, Signing, Works
from crm.counting.rules.investment import agreed, funds_count, is_infrastructure, measured
from crm.counting.rules.plain import to_json
from crm.counting.rules.sets import Rules, RuleSet
from crm.values.period import Year


@dataclass(frozen=True)
class Rule:
    """One line of the table: when it objects, with what verdict, and the facts it looks at."""

    reason: Reason
    objects: Callable[[ProjectFacts, RuleSet], bool]
    looks_at: tuple[str, ...]
    verdict: Verdict = Verdict.DOES_NOT_COUNT


def _phase_without_filing(facts: ProjectFacts, rules: RuleSet) -> bool:
    own = facts.filing_code not in ("", facts.first_filing_code)
    return facts.signing is Signing.PHASE and rules.phase_needs_filing and not own


def _below_minimum(facts: ProjectFacts, rules: RuleSet) -> bool:
    amount = measured(facts, rules)
    return amount is not None and amount < rules.minimum


def _moved(facts: ProjectFacts) -> bool:
    return facts.works is Works.RELOCATION


NATURE: tuple[Rule, ...] = (
    Rule(Reason.REAL_ESTATE, lambda facts, _: facts.kind is Kind.REAL_ESTATE, ("kind",)),
    Rule(
        Reason.INFRASTRUCTURE,
        lambda facts, rules: is_infrastructure(facts.kind, rules),
        ("kind",),
    ),
    Rule(
        Reason.CAPITAL_INCREASE,
        lambda facts, _: facts.signing is Signing.INCREASE,
        ("signing",),
    ),
    Rule(
        Reason.SIGNED_BEFORE,
        lambda facts, _: facts.earlier_signing is not None,
        ("earlier_signing",),
    ),
    Rule(
        Reason.UPGRADE,
        lambda facts, rules: facts.works is Works.UPGRADE and not rules.upgrades,
        ("works",),
    ),
    Rule(
        Reason.PHASE_WITHOUT_FILING,
        _phase_without_filing,
        ("signing", "filing_code", "first_filing_code"),
    ),
    Rule(
        Reason.MOVED_INSIDE_PLANT,
        lambda facts, rules: (
            _moved(facts) and facts.inside_old_plant and not rules.moves_inside_plant
        ),
        ("works", "inside_old_plant"),
    ),
    Rule(
        Reason.MOVED_WITHIN_CITY,
        lambda facts, rules: (
            _moved(facts)
            and facts.moved_from is MovedFrom.CITY
            and not facts.inside_old_plant
            and not rules.moves_within_city
        ),
        ("works", "moved_from"),
    ),
    Rule(
        Reason.PPP,
        lambda facts, rules: facts.purse is Purse.PPP and not rules.ppp,
        ("purse",),
    ),
    Rule(
        Reason.WHOLLY_FISCAL,
        lambda facts, rules: facts.purse is Purse.FISCAL and not rules.wholly_fiscal,
        ("purse",),
    ),
    Rule(
        Reason.BELOW_MINIMUM,
        _below_minimum,
        ("total", "phase_one", "purse", "fiscal", "fiscal_in_phase_one"),
    ),
    Rule(
        Reason.MOVED_FROM_UNKNOWN,
        lambda facts, rules: (
            _moved(facts)
            and facts.moved_from is None
            and not facts.inside_old_plant
            and not rules.moves_within_city
        ),
        ("works", "moved_from"),
        Verdict.PENDING,
    ),
    Rule(
        Reason.FISCAL_PART_UNKNOWN,
        lambda facts, rules: measured(facts, rules) is None,
        ("purse", "fiscal"),
        Verdict.PENDING,
    ),
)
"""Is it a project of the goal at all? In this order, the first that objects decides; all must admit it.

What can be mended by saying more comes last, so that nobody is asked for it in vain.
"""


def _never_good(facts: ProjectFacts, rules: RuleSet) -> bool:
    true_on = came_true(facts, rules)
    gone = facts.terminated_on
    return gone is not None and (true_on is None or gone < true_on)


PROGRESS: tuple[Rule, ...] = (
    Rule(Reason.TERMINATED, _never_good, ("terminated_on",)),
    Rule(
        Reason.NOT_STARTED,
        lambda facts, _: facts.reported_on is None and facts.accepted_on is None,
        ("reported_on",),
        Verdict.PENDING,
    ),
    Rule(
        Reason.NOT_RECOGNISED,
        lambda facts, _: facts.accepted_on is None or facts.recognised_on is None,
        ("accepted_on", "recognised_on"),
        Verdict.PENDING,
    ),
    Rule(
        Reason.EVIDENCE_OWED,
        lambda facts, rules: came_true(facts, rules) is None,
        ("debts",),
        Verdict.PENDING,
    ),
    Rule(
        Reason.TERMINATED_IN_YEAR,
        lambda facts, rules: (
            facts.terminated_on is not None
            and facts.terminated_on.year == year_and_day(facts, rules)[0]
        ),
        ("terminated_on",),
    ),
)
"""How far has it come? In this order; past the last line it counts."""


def came_true(facts: ProjectFacts, rules: RuleSet) -> date | None:
    """The first day on which the start was recognised and nothing was owed for any milestone reached.

    Papers owed later, for a milestone that was reached later, do not undo it (unless the switch says
    so, up to the close of the start's year).
    """
    if facts.accepted_on is None or facts.recognised_on is None:
        return None
    reported = facts.reported_on or facts.accepted_on
    first = max(facts.signed_on, facts.accepted_on, facts.recognised_on, reported)
    if rules.later_papers_suspend:
        until = max(first, rules.year_closes(facts.accepted_on.year))
        debts = [debt for debt in facts.debts if debt.since <= until]
        if any(debt.settled is None for debt in debts):
            return None
        return max([first, *(debt.settled for debt in debts if debt.settled is not None)])
    settled = {debt.settled for debt in facts.debts if debt.settled is not None}
    days = sorted(day for day in {first, *settled} if day >= first)
    return next((day for day in days if not any(debt.open_on(day) for debt in facts.debts)), None)


def year_and_day(facts: ProjectFacts, rules: RuleSet) -> tuple[int, date] | tuple[None, None]:
    """The year that a good start counts in, and the day it stands on; (None, None) for another.

    `rules` are those of the start's year. In time before that year closed: the year and the day of
    the start. Later: the year in which it came true, on that day.
    """
    true_on = came_true(facts, rules)
    if true_on is None or facts.accepted_on is None:
        return None, None
    if true_on <= rules.year_closes(facts.accepted_on.year):
        return facts.accepted_on.year, facts.accepted_on
    return true_on.year, true_on


def decide_start(facts: ProjectFacts, rules: Rules) -> Decision:
    """Whether the project's start counts, in which year, and what it adds to the figures.

    Closing and papers go by the rules of the start's year, all else by those of the year that the
    start counts in; a project without a good start by the newest, for that is where it will.
    """
    own = rules.of(facts.accepted_on.year) if facts.accepted_on else rules.of(rules.newest)
    year, day = year_and_day(facts, own)
    rules_of = rules.newest if year is None else year
    by = rules.of(rules_of)
    objection, looked_at = _first_objection(facts, by, own)
    amount = measured(facts, by)
    decision = Decision(
        verdict=objection.verdict if objection else Verdict.COUNTS,
        reason=objection.reason if objection else Reason.STARTED,
        rules_of=rules_of,
        amount=facts.total if amount is None else amount,
        looked_at={name: to_json(getattr(facts, name)) for name in looked_at},
        owed=_owed(facts) if objection and objection.verdict is Verdict.PENDING else (),
        standings=tuple(_standings(facts, by, objection, day)),
    )
    if objection or year is None or facts.accepted_on is None:
        return decision
    late = year != facts.accepted_on.year
    return replace(
        decision,
        reason=Reason.STARTED_EARLIER if late else Reason.STARTED,
        year=year,
        stands_on=day,
        late=late,
        terminated_later=facts.terminated_on is not None,
    )


def _first_objection(
    facts: ProjectFacts, by: RuleSet, own: RuleSet
) -> tuple[Rule | None, tuple[str, ...]]:
    looked_at: list[str] = []
    for table, rules in ((NATURE, by), (PROGRESS, own)):
        for rule in table:
            looked_at += [name for name in rule.looks_at if name not in looked_at]
            if rule.objects(facts, rules):
                return rule, tuple(looked_at)
    return None, tuple(looked_at)


def _owed(facts: ProjectFacts) -> tuple[str, ...]:
    return tuple(debt.demand for debt in facts.debts if debt.settled is None)


def _standings(
    facts: ProjectFacts, rules: RuleSet, objection: Rule | None, day: date | None
) -> Iterator[Standing]:
    """The steps of the start, disjoint and in order, and the money agreed and planned."""
    amount = measured(facts, rules)
    gone = facts.terminated_on or FOREVER
    if amount is not None and (objection is None or objection not in NATURE):
        counted = day if day is not None and not _never(objection) else FOREVER
        reported = min(facts.reported_on or FOREVER, facts.accepted_on or FOREVER)
        for measure, day_from, day_until in (
            (Measure.STARTS_IN_HAND, facts.signed_on, min(reported, counted, gone)),
            (Measure.STARTS_REPORTED, max(reported, facts.signed_on), min(counted, gone)),
            (Measure.STARTS_COUNTED, counted, gone),
        ):
            if standing := cut(Standing(measure, day_from, amount, day_until)):
                yield standing
    yield from _funds(facts, rules, gone)


def _never(objection: Rule | None) -> bool:
    return objection is not None and objection.reason is not Reason.TERMINATED_IN_YEAR


def _funds(facts: ProjectFacts, rules: RuleSet, gone: date) -> Iterator[Standing]:
    if facts.earlier_signing is not None or not funds_count(facts.kind, rules):
        return
    rows = [(Measure.FUNDS_AGREED, facts.signed_on, agreed(facts, rules))]
    for plan in facts.planned:
        if plan.year >= facts.signed_on.year:
            first = max(facts.signed_on, Year(plan.year).first_day)
            rows.append((Measure.FUNDS_PLANNED, first, plan.amount))
    for measure, day_from, amount in rows:
        standing = cut(Standing(measure, day_from, amount, gone))
        if standing and amount:
            yield standing


def decisive(reason: Reason) -> tuple[str, ...]:
    """The facts that the rule behind an answer looks at; of a start that counts, when it was good."""
    rules = (rule for rule in (*NATURE, *PROGRESS) if rule.reason is reason)
    return next((rule.looks_at for rule in rules), ("accepted_on", "recognised_on", "debts"))
