"""The figures of a meeting as they are frozen, and in what they differ later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from crm.counting.rules.goals import Sum
from crm.funnel.rules.bridge import WHOLE, Term
from crm.values.money import Money


class Item(StrEnum):
    """A figure of the week: the bridge of the open pipeline, what is stuck, what began to count."""

    OPENING = "opening"
    NEW = "new"
    REOPENED = "reopened"
    RESUMED = "resumed"
    LOST = "lost"
    HELD = "held"
    SIGNED = "signed"
    REVISED = "revised"
    ARRIVED = "arrived"
    LEFT = "left"
    CLOSING = "closing"
    STUCK = "stuck"
    STARTS = "starts"
    FUNDS = "funds"


TERMS: dict[Item, Term] = {Item(term.value): term for term in WHOLE}
"""The figures that are terms of the bridge."""

OF_LEADS = (*TERMS, Item.STUCK)
"""Figures whose rows are leads: their numbers are frozen with them."""

Figures = Mapping[Item, Sum]


@dataclass(frozen=True)
class Difference:
    """A figure that is another today than it was when the meeting was closed."""

    item: Item
    then: Sum
    now: Sum


def frozen(figures: Figures) -> dict[str, list[int]]:
    """The figures as plain JSON: count and fen by name."""
    return {item.value: [told.count, told.amount.fen] for item, told in figures.items()}


def thawed(told: Mapping[str, Any]) -> dict[Item, Sum]:
    """The figures of a closed meeting; what this version no longer knows is left out."""
    return {
        item: Sum(told[item.value][0], Money(told[item.value][1]))
        for item in Item
        if item.value in told
    }


def differences(then: Figures, now: Figures) -> list[Difference]:
    """What differs, in the order of the page."""
    return [
        Difference(item, then[item], now[item])
        for item in Item
        if item in then and item in now and then[item] != now[item]
    ]


SOON = timedelta(days=31)
"""Starts that are promised within so many days are on the page."""


def weeks_around(day: date) -> tuple[date, date]:
    """The first day of the week before the day's, and the last of the week after it."""
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(weeks=1), monday + timedelta(days=13)
