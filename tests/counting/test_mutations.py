"""A rule written otherwise is noticed by a named case: the cases guard the rules, not the coverage."""

from __future__ import annotations

import pytest

from tests.counting import cases  # noqa: F401  (and with it every module of cases)
from tests.counting.mutants import edges_moved, lines_dropped, noticed_by, replaced, tree_of

MUTATIONS = [
    ("starts", "amount < rules.minimum", "amount <= rules.minimum"),
    ("starts", "facts.kind is Kind.REAL_ESTATE", "False"),
    ("investment", "kind is Kind.INFRASTRUCTURE", "False"),
    ("investment", "kind is Kind.GRID and (not rules.grids_are_industrial)", "False"),
    ("investment", "kind is Kind.NEW_ENERGY and (not rules.new_energy_is_industrial)", "False"),
    ("investment", "rules.phase_one_alone and facts.phase_one is not None", "False"),
    ("investment", "max(amount - fiscal, Money(0))", "amount"),
    ("investment", "fiscal = facts.fiscal_in_phase_one", "pass"),
    ("starts", "facts.filing_code not in ('', facts.first_filing_code)", "facts.filing_code != ''"),
    ("starts", "facts.works is Works.UPGRADE and (not rules.upgrades)", "False"),
    ("starts", "facts.moved_from is MovedFrom.CITY", "facts.moved_from is not None"),
    ("starts", "facts.signing is Signing.INCREASE", "False"),
    (
        "starts",
        "true_on <= rules.year_closes(facts.accepted_on.year)",
        "true_on.year == facts.accepted_on.year",
    ),
    ("starts", "return (true_on.year, true_on)", "return (facts.accepted_on.year, true_on)"),
    (
        "starts",
        "max(facts.signed_on, facts.accepted_on, facts.recognised_on, reported)",
        "facts.accepted_on",
    ),
    (
        "starts",
        "facts.terminated_on.year == year_and_day(facts, rules)[0]",
        "facts.terminated_on.year >= year_and_day(facts, rules)[0]",
    ),
    ("receipts", "sight.receipt.origin is MoneyFrom.CITY", "False"),
    ("receipts", "sight.receipt.origin not in rules.origins", "False"),
    ("receipts", "sight.receipt.fiscal and (not rules.fiscal_money)", "False"),
    ("receipts", "receipt.arrived_on.year", "receipt.reported_on.year + 1"),
    ("receipts", "sight.receipt.state is ReceiptState.RETURNED", "False"),
    ("books", "BookingMonth.of(arrived, rules.months)", "BookingMonth.of(arrived)"),
    (
        "books",
        "min(self.workdays.add(month.last_day, rules.closes_after), year_closes)",
        "year_closes",
    ),
    ("books", "month >= own", "True"),
    ("books", "arrived if month == own else month.first_day", "arrived"),
    ("books", "timedelta(days=1)", "timedelta(days=0)"),
    ("decisions", "replace(standing, day_until=FOREVER)", "standing"),
    ("goals", "done > target", "done >= target"),
    ("goals", "target + 1 if comparator is Comparator.MORE else target", "target"),
    ("goals", "ceil(base.fen * (1 + rate))", "base.fen * (1 + rate) // 1"),
    (
        "goals",
        "bool(on_target) and grown is not None and grown >= rate",
        "bool(on_target) and (grown is None or grown >= rate)",
    ),
    ("goals", "grown >= rate", "grown > rate"),
    ("goals", "base is not None and base > 0", "base is not None"),
    ("sets", "date(year, 12, 31)", "date(year, 12, 30)"),
    ("sets", "upgrades: bool = False", "upgrades: bool = True"),
    ("sets", "closes_after: int = 5", "closes_after: int = 6"),
    ("sets", "year_closes_after: int = 15", "year_closes_after: int = 14"),
    ("sets", "months: MonthKind = MonthKind.STATISTICAL", "months: MonthKind = MonthKind.CALENDAR"),
    (
        "sets",
        "origins: tuple[MoneyFrom, ...] = (MoneyFrom.ABROAD, MoneyFrom.OUTSIDE_REGION)",
        "origins: tuple[MoneyFrom, ...] = (MoneyFrom.OUTSIDE_REGION,)",
    ),
]

TABLES = ("starts", "receipts")
EDGED = ("starts", "investment", "receipts", "books", "decisions", "goals", "facts")

EQUIVALENT = {
    # An instant of reopening is open itself, so the search for the next one never meets it.
    "event.at >= confirmed_at → event.at > confirmed_at",
}
"""Moved edges that change no answer, each with its reason."""


@pytest.mark.parametrize(("module", "old", "new"), MUTATIONS, ids=[old for _, old, _ in MUTATIONS])
def test_a_rule_written_otherwise_fails_a_case(module: str, old: str, new: str) -> None:
    assert noticed_by(name(module), replaced(name(module), old, new))


@pytest.mark.parametrize("module", TABLES)
def test_no_line_of_a_table_of_rules_can_be_dropped(module: str) -> None:
    dropped = list(lines_dropped(name(module)))
    assert len(dropped) >= 9
    assert [what for what, tree in dropped if not noticed_by(name(module), tree)] == []


@pytest.mark.parametrize("module", EDGED)
def test_no_edge_can_be_moved(module: str) -> None:
    unnoticed = {
        what.partition(": ")[2]
        for what, tree in edges_moved(name(module))
        if not noticed_by(name(module), tree)
    }
    assert unnoticed <= EQUIVALENT


def test_the_rules_as_they_are_fail_none() -> None:
    for module in {module for module, *_ in MUTATIONS}:
        assert noticed_by(name(module), tree_of(name(module))) == ""


def name(module: str) -> str:
    """The full name of a module of rules."""
    return f"crm.counting.rules.{module}"
