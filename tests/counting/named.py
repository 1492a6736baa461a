"""The decisions that the plan of 2025 expects of named projects."""

from __future__ import annotations

from typing import Any

from crm.counting.rules.facts import Kind, Signing, Works
from crm.counting.rules.sets import Rules, RuleSet
from crm.counting.rules.starts import decide_start
from tests.counting.given import YI, Case, day, project
from tests.counting.steps import NOT_STARTED

# expected_decisions_2025.csv: (company, project) → the facts as the plan tells them
BEFORE: dict[str, Any] = {
    "signed_on": day("2022-03-01"),
    "reported_on": day("2022-06-01"),
    "accepted_on": day("2022-06-01"),
    "recognised_on": day("2022-06-20"),
    "debts": (),
}
NAMED: dict[tuple[str, str], tuple[str, str, RuleSet, dict[str, Any]]] = {
    ("亚新隆顺", "高炉绿色升级技术改造"): (
        "no",
        "does_not_count upgrade",
        RuleSet(),
        {"works": Works.UPGRADE},
    ),
    ("北方稀土", "绿色冶炼升级改造二期"): (
        "no",
        "does_not_count upgrade",
        RuleSet(),
        {"works": Works.UPGRADE, "signing": Signing.PHASE},
    ),
    ("韦尔半导体", "集成电路芯片"): ("no", "does_not_count other_year", RuleSet(), BEFORE),
    ("华电", "输氢管线"): ("no", "does_not_count infrastructure", RuleSet(), {"kind": Kind.GRID}),
    ("", "美岱抽水蓄能"): (
        "once started",
        "pending not_started",
        RuleSet(),
        {"kind": Kind.NEW_ENERGY, **NOT_STARTED},
    ),
    ("卧龙", "风光发电"): (
        "no",
        "does_not_count other_year",
        RuleSet(),
        {"kind": Kind.NEW_ENERGY, **BEFORE},
    ),
}


def in_2025(rules: RuleSet, changes: dict[str, Any]) -> str:
    """verdict and reason for the year 2025."""
    verdict, reason = decide_start(project(**changes), Rules({2020: rules})).in_year(2025)
    return f"{verdict.value} {reason.value}"


CASES = [
    Case(
        f"the plan's {company}{name}: {answer}",
        lambda rules=rules, changes=changes: in_2025(rules, changes),
        expected,
    )
    for (company, name), (answer, expected, rules, changes) in NAMED.items()
] + [
    Case(
        "北方稀土 counts where 技改 is admitted and the phase has its own 备案 and 1亿",
        lambda: in_2025(
            RuleSet(upgrades=True),
            {
                "works": Works.UPGRADE,
                "signing": Signing.PHASE,
                "filing_code": "2025-1",
                "total": YI(1),
            },
        ),
        "counts started",
    ),
    Case(
        "and not where it has none",
        lambda: in_2025(RuleSet(upgrades=True), {"works": Works.UPGRADE, "signing": Signing.PHASE}),
        "does_not_count phase_without_filing",
    ),
    Case(
        "美岱抽水蓄能 counts once started",
        lambda: in_2025(RuleSet(), {"kind": Kind.NEW_ENERGY}),
        "counts started",
    ),
]
