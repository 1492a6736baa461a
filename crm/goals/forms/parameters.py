"""The parameters of a rule set in words: what each does, both ways, and where it comes from.

The editor's form is made from this table and the fields of `counting.rules.sets.RuleSet`; so is the page
of a version. A parameter without a line here is refused by a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.core.errors import Change
from crm.counting.labels import WORDS
from crm.counting.rules.facts import MoneyFrom
from crm.counting.rules.sets import changed, rule_set
from crm.values.money import Money, Unit, input_text
from crm.values.period import MonthKind

PLAN = _l("The city's plan for 2025")
TEXT = _l("The goal's wording, 产业类 and 以上")
OTHERS = _l("Rules of other cities; Baotou's own are not public")
STATISTICS = _l("Statistical practice; Baotou's own is not public")


@dataclass(frozen=True)
class Words:
    """One parameter in words.

    Attributes:
        label: its name. on, off: what a switch says either way; for others `on` says what it does.
        source: whose rule it is.
        wrong: what to do about a value that the rule set refuses.
        most: of a whole number, the largest.
    """

    label: Any
    on: Any
    source: Any
    off: Any = ""
    wrong: Any = ""
    most: int = 0


STARTS: dict[str, Words] = {
    "minimum": Words(
        _l("Least investment of a start"),
        _l("Itself included: 以上 counts the number. What is one fen below does not count."),
        PLAN,
    ),
    "phase_one_alone": Words(
        _l("Of a phased project, phase one alone"),
        _l("Where a project is phased, the investment of its first phase is measured."),
        TEXT,
        _l("The whole agreed investment is measured, whatever its phases."),
    ),
    "phase_needs_filing": Words(
        _l("A later phase needs a filing code"),
        _l("A later phase counts only with a filing code (备案) of its own."),
        OTHERS,
        _l("A later phase counts by its investment alone."),
    ),
    "new_energy_is_industrial": Words(
        _l("New energy is industrial"),
        _l("New-energy generation and storage is 产业类: its starts and its money count."),
        TEXT,
        _l("New-energy generation and storage is infrastructure and does not count."),
    ),
    "grids_are_industrial": Words(
        _l("Pipelines and grids are industrial"),
        _l("Pipelines and grids count as 产业类."),
        TEXT,
        _l("Pipelines and grids are infrastructure and do not count."),
    ),
    "upgrades": Words(
        _l("Technical upgrades"),
        _l("A technical upgrade (技改) inside an old plant counts as a start."),
        OTHERS,
        _l("A technical upgrade (技改) inside an old plant is no start."),
    ),
    "moves_inside_plant": Words(
        _l("Relocation inside an old plant"),
        _l("A relocation inside an old plant counts as a start."),
        OTHERS,
        _l("A relocation inside an old plant is no start."),
    ),
    "moves_within_city": Words(
        _l("Relocation within the city"),
        _l("A relocation within the city counts as a start."),
        OTHERS,
        _l("A relocation within the city is no start, even to a new site."),
    ),
    "ppp": Words(
        _l("PPP projects"),
        _l("PPP projects count as starts."),
        OTHERS,
        _l("PPP projects are left out of the starts."),
    ),
    "wholly_fiscal": Words(
        _l("Wholly fiscal projects"),
        _l("Wholly fiscal projects count as starts."),
        OTHERS,
        _l("Wholly fiscal projects are left out of the starts."),
    ),
    "mixed_without_fiscal": Words(
        _l("Of mixed money, the part that is not fiscal"),
        _l("Of mixed money only what is not fiscal is measured; it alone must reach the minimum."),
        OTHERS,
        _l("Of mixed money the whole investment is measured."),
    ),
    "later_papers_suspend": Words(
        _l("Papers owed later"),
        _l("Papers owed for a milestone reached later keep a start from counting until given."),
        OTHERS,
        _l("A start that was good stays counted, whatever papers are owed for later milestones."),
    ),
}

FUNDS: dict[str, Words] = {
    "origins": Words(
        _l("Origins of money that counts"),
        _l("区 is Inner Mongolia. Money from within the city never counts."),
        OTHERS,
        wrong=_l("Choose at least one origin; money from within the city never counts."),
    ),
    "fiscal_money": Words(
        _l("Fiscal money"),
        _l("Fiscal lines count as funds in place."),
        OTHERS,
        _l("Fiscal lines drop out of the funds."),
    ),
    "real_estate_funds": Words(
        _l("Money of real-estate projects"),
        _l("Receipts of real-estate projects count."),
        OTHERS,
        _l("Receipts of real-estate projects do not count."),
    ),
    "infrastructure_funds": Words(
        _l("Money of infrastructure projects"),
        _l("Receipts of infrastructure projects count."),
        OTHERS,
        _l("Receipts of infrastructure projects do not count."),
    ),
}

BOOKS: dict[str, Words] = {
    "months": Words(
        _l("Booking months"),
        _l("Statistical months run from the 26th to the 25th, December to its end."),
        STATISTICS,
    ),
    "closes_after": Words(
        _l("A month closes after"),
        _l("Working days after its last day; what is confirmed later is booked late (补报)."),
        STATISTICS,
        wrong=_l("A month closes 0 to 20 working days after its last day."),
        most=20,
    ),
    "year_closes_after": Words(
        _l("The year closes after"),
        _l("Days of the next year, the last one open; 15 is the end of 15 January."),
        STATISTICS,
        wrong=_l("A year closes 0 to 90 days after its end."),
        most=90,
    ),
}

GROUPS = ((_l("Starts"), STARTS), (_l("Funds in place"), FUNDS), (_l("Months and years"), BOOKS))
"""The table in the order of the pages."""

PARAMETERS = STARTS | FUNDS | BOOKS

MONTHS = {
    MonthKind.STATISTICAL: _l("Statistical months"),
    MonthKind.CALENDAR: _l("Calendar months"),
}


def value_in_words(name: str, value: Any) -> str:
    """A parameter's value as a page says it: a switch by its sentence, all else by its value."""
    if isinstance(value, bool):
        return str(PARAMETERS[name].on if value else PARAMETERS[name].off)
    if isinstance(value, Money):
        amount = input_text(value, value, False, Unit.YI)
        return str(_("%(amount)s (100m yuan)", amount=amount))
    if isinstance(value, MonthKind):
        return str(MONTHS[value])
    if name == "closes_after":
        return str(ngettext("%(num)d working day", "%(num)d working days", value))
    if name == "year_closes_after":
        return str(
            ngettext("%(num)d day into the next year", "%(num)d days into the next year", value)
        )
    return str(_(", ")).join(str(WORDS[MoneyFrom][one]) for one in value)


def changes_told(changes: Iterable[Change]) -> list[Change]:
    """What another editor saved meanwhile, parameter by parameter."""
    told = []
    for change in changes:
        if change.field != "parameters":
            continue
        before, after = rule_set(change.before), rule_set(change.after)
        for name in changed(before, after):
            words = [value_in_words(name, getattr(one, name)) for one in (before, after)]
            label = str(PARAMETERS[name].label)
            told.append(Change(change.who, change.when, label, *words))
    return told
