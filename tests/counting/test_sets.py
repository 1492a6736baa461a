"""Rule sets are data: read back as written, refused where they say nonsense, in force by year."""

from __future__ import annotations

from typing import Any

import pytest

from crm.counting.rules.facts import MoneyFrom, ProjectFacts, ReceiptFacts
from crm.counting.rules.plain import Unfit, fingerprint, from_json, to_json
from crm.counting.rules.sets import Rules, RuleSet, changed, parameters, rule_set
from crm.values.money import Money
from tests.counting.given import owed, project, receipt


def test_a_rule_set_is_read_back_as_it_was_written() -> None:
    rules = RuleSet(upgrades=True, minimum=Money.yi(2), origins=(MoneyFrom.ABROAD,))
    assert rule_set(parameters(rules)) == rules


def test_what_is_not_said_is_the_default() -> None:
    assert rule_set({}) == RuleSet()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"minimun": 1}, "minimun"),
        ({"minimum": -1}, "minimum"),
        ({"minimum": 1.5}, "minimum"),
        ({"minimum": True}, "minimum"),
        ({"upgrades": 1}, "upgrades"),
        ({"upgrades": "yes"}, "upgrades"),
        ({"origins": []}, "origins"),
        ({"origins": ["abroad", "abroad"]}, "origins"),
        ({"origins": ["city"]}, "origins"),
        ({"origins": ["mars"]}, "origins"),
        ({"origins": "abroad"}, "origins"),
        ({"months": "lunar"}, "months"),
        ({"closes_after": 21}, "closes_after"),
        ({"closes_after": -1}, "closes_after"),
        ({"year_closes_after": 91}, "year_closes_after"),
        ({"minimum": "__import__('os')"}, "minimum"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        rule_set(told)
    assert unfit.value.field == field


def test_the_editor_shows_what_differs() -> None:
    assert changed(RuleSet(), RuleSet(ppp=True)) == {"ppp": (False, True)}


def test_a_year_without_rules_goes_by_the_last_before_it() -> None:
    early, late = RuleSet(ppp=True), RuleSet(upgrades=True)
    rules = Rules({2025: early, 2027: late})
    assert [rules.of(year) for year in (2024, 2025, 2026, 2027, 2030)] == [
        RuleSet(),
        early,
        early,
        late,
        late,
    ]
    assert [rules.source(year) for year in (2024, 2026, 2030)] == [None, 2025, 2027]
    assert rules.newest == 2027
    assert Rules().newest == 0


def test_facts_are_read_back_as_they_were_written() -> None:
    facts = project(debts=(owed("start", "5-20", None),), phase_one=Money.yi(1))
    assert from_json(ProjectFacts, to_json(facts)) == facts
    line = receipt(owed=("slip",))
    assert from_json(ReceiptFacts, to_json(line)) == line


def test_equal_facts_have_one_fingerprint() -> None:
    assert fingerprint(to_json(project())) == fingerprint(to_json(project()))
    assert fingerprint(to_json(project())) != fingerprint(to_json(project(total=Money.yi(4))))


def test_facts_that_lack_what_is_needed_are_refused() -> None:
    told = to_json(project())
    del told["place"]["district"]
    with pytest.raises(Unfit, match=r"place\.district: missing"):
        from_json(ProjectFacts, told)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(Unfit, match="confirmed_at"):
        from_json(ReceiptFacts, to_json(receipt()) | {"confirmed_at": "2025-03-18T12:00:00"})
