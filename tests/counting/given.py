"""What cases are made of: a factory that counts, a receipt that counts, and what differs from them.

Answers are plain texts, so that the same cases judge mutated copies of the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.counting.rules.books import BookEvent, Books
from crm.counting.rules.decisions import Decision
from crm.counting.rules.facts import (
    Debt,
    Kind,
    MoneyFrom,
    Place,
    ProjectFacts,
    ReceiptFacts,
    ReceiptState,
)
from crm.counting.rules.plain import SHANGHAI
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.sets import Rules, RuleSet
from crm.counting.rules.starts import decide_start
from crm.values.money import Money
from crm.values.workdays import WorkCalendar

YI, WAN = Money.yi, Money.wan


@dataclass(frozen=True)
class Case:
    """A sentence of section 3, a question and its answer."""

    name: str
    ask: Callable[[], Any]
    expected: Any


QINGMING = "2025-04-04"


def day(text: str) -> date:
    """A day of 2025 from "5-20", of another year from "2026-01-15"."""
    return date.fromisoformat(text) if len(text) == 10 else date(2025, *map(int, text.split("-")))


def at(text: str, hour: int = 12, minute: int = 0) -> datetime:
    """An instant in Shanghai."""
    d = day(text)
    return datetime(d.year, d.month, d.day, hour, minute, tzinfo=SHANGHAI)


def project(**changes: Any) -> ProjectFacts:
    """A new factory of 3亿元, signed in February, started on 20 May 2025, recognised, nothing owed."""
    told: dict[str, Any] = {
        "project": 7,
        "place": Place(district=1),
        "kind": Kind.INDUSTRIAL,
        "total": YI(3),
        "signed_on": day("2-10"),
        "reported_on": day("5-20"),
        "accepted_on": day("5-20"),
        "recognised_on": day("6-03"),
        "debts": (owed("start", "5-20", "6-01"),),
    }
    return ProjectFacts(**(told | changes))


def owed(demand: str, since: str, settled: str | None) -> Debt:
    """Papers owed for a milestone, within 30 days."""
    first = day(since)
    return Debt(demand, first, first + timedelta(days=30), day(settled) if settled else None)


def receipt(**changes: Any) -> ReceiptFacts:
    """500万元 from outside the region, arrived on 10 March 2025, confirmed on the 18th."""
    told: dict[str, Any] = {
        "receipt": 70,
        "project": 7,
        "arrived_on": day("3-10"),
        "amount": WAN(500),
        "origin": MoneyFrom.OUTSIDE_REGION,
        "state": ReceiptState.CONFIRMED,
        "reported_on": day("3-11"),
        "confirmed_at": at("3-18"),
    }
    return ReceiptFacts(**(told | changes))


def told(decision: Decision) -> str:
    """verdict reason [year day] [late] [month n] [terminated later]."""
    words: list[Any] = [decision.verdict.value, decision.reason.value]
    if decision.year is not None:
        words += [decision.year, decision.stands_on]
    words += ["late"] * decision.late
    words += [f"month {decision.month}"] if decision.month else []
    words += ["terminated later"] * decision.terminated_later
    return " ".join(map(str, words))


def start(expected: str, name: str, rules: RuleSet | None = None, **changes: Any) -> Case:
    """A case of a start."""
    by = Rules({2024: rules or RuleSet()})
    return Case(name, lambda: told(decide_start(project(**changes), by)), expected)


def money(
    expected: str,
    name: str,
    rules: RuleSet | None = None,
    events: tuple[BookEvent, ...] = (),
    of: ProjectFacts | None = None,
    **changes: Any,
) -> Case:
    """A case of a receipt; 清明, Friday 4 April 2025, is a day off."""
    by = Rules({2024: rules or RuleSet()})
    books = Books(WorkCalendar.build([day(QINGMING)], []), events)
    return Case(
        name,
        lambda: told(decide_receipt(receipt(**changes), of or project(), by, books)),
        expected,
    )
