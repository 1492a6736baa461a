"""Rule sets: the parameters of a year's counting, each default a switch; data, no expression language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from crm.counting.rules.facts import MoneyFrom
from crm.counting.rules.plain import Unfit, from_json, to_json
from crm.values.money import Money
from crm.values.period import MonthKind


@dataclass(frozen=True)
class RuleSet:
    """What a year counts by; the defaults are those of section 3.

    Attributes:
        minimum: of a start's investment, itself included (以上).
        phase_one_alone: where phased, phase one is measured, not the total.
        phase_needs_filing: a later phase counts only with a 备案 code of its own.
        new_energy_is_industrial, grids_are_industrial: whether these are 产业类.
        upgrades: 技改 counts. moves_inside_plant, moves_within_city: relocations that count.
        ppp, wholly_fiscal: such projects count as starts.
        mixed_without_fiscal: of mixed money the non-fiscal part is measured.
        later_papers_suspend: papers owed for a milestone that is reached after the start was good
            keep it from counting again until they are given.
        origins: of money that counts; 市内 never does.
        fiscal_money: fiscal lines count as funds.
        real_estate_funds, infrastructure_funds: receipts of such projects count.
        months: how booking months run. closes_after: working days after its last day a month closes.
        year_closes_after: days into the next year, the last one open (15: the end of 15 January).
    """

    minimum: Money = field(default_factory=lambda: Money.yi(1))
    phase_one_alone: bool = True
    phase_needs_filing: bool = True
    new_energy_is_industrial: bool = True
    grids_are_industrial: bool = False
    upgrades: bool = False
    moves_inside_plant: bool = False
    moves_within_city: bool = False
    ppp: bool = False
    wholly_fiscal: bool = False
    mixed_without_fiscal: bool = True
    later_papers_suspend: bool = False
    origins: tuple[MoneyFrom, ...] = (MoneyFrom.ABROAD, MoneyFrom.OUTSIDE_REGION)
    fiscal_money: bool = False
    real_estate_funds: bool = False
    infrastructure_funds: bool = False
    months: MonthKind = MonthKind.STATISTICAL
    closes_after: int = 5
    year_closes_after: int = 15

    def __post_init__(self) -> None:
        if self.minimum.fen < 0:
            raise Unfit("minimum", "is negative")
        if not self.origins or len(set(self.origins)) < len(self.origins):
            raise Unfit("origins", "each once, at least one")
        if MoneyFrom.CITY in self.origins:
            raise Unfit("origins", "money from the city itself never counts")
        if not 0 <= self.closes_after <= 20:
            raise Unfit("closes_after", "0 to 20 working days")
        if not 0 <= self.year_closes_after <= 90:
            raise Unfit("year_closes_after", "0 to 90 days")

    def year_closes(self, year: int) -> date:
        """The last day on which the year is open for confirmation."""
        return date(year, 12, 31) + timedelta(days=self.year_closes_after)


def rule_set(told: Mapping[str, Any]) -> RuleSet:
    """The rule set that JSON says; Unfit names the parameter that does not fit."""
    return from_json(RuleSet, dict(told))


def parameters(rules: RuleSet) -> dict[str, Any]:
    """A rule set as JSON, every parameter said."""
    told: dict[str, Any] = to_json(rules)
    return told


def changed(before: RuleSet, after: RuleSet) -> dict[str, tuple[Any, Any]]:
    """The parameters that two rule sets differ in, as JSON: what an editor shows before publishing."""
    return {
        one.name: (to_json(getattr(before, one.name)), to_json(getattr(after, one.name)))
        for one in fields(RuleSet)
        if getattr(before, one.name) != getattr(after, one.name)
    }


@dataclass(frozen=True)
class Rules:
    """The rule sets in force by year; a year without one goes by the last before it, else defaults."""

    by_year: Mapping[int, RuleSet] = field(default_factory=dict)

    def of(self, year: int) -> RuleSet:
        """What the year counts by."""
        place = bisect_right(self._years, year)
        return self.by_year[self._years[place - 1]] if place else _DEFAULTS

    def source(self, year: int) -> int | None:
        """The year whose rule set that is; None for the defaults."""
        place = bisect_right(self._years, year)
        return self._years[place - 1] if place else None

    @cached_property
    def newest(self) -> int:
        """The last year with a rule set of its own; 0 where there is none."""
        return self._years[-1] if self._years else 0

    @cached_property
    def _years(self) -> list[int]:
        return sorted(self.by_year)


_DEFAULTS = RuleSet()
