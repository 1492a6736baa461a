"""The filter bar of leads: what it offers, and what an address has chosen of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import crm.catalog.queries as catalog
import crm.companies.queries as companies
from crm.catalog.rules import TermKind
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.forms import choices
from crm.core.languages import chosen
from crm.core.request import address_with, here
from crm.leads.labels import WORDS
from crm.leads.queries.filters import UNDECIDED, LeadFilter, Plan, Report, Trouble
from crm.leads.queries.options import owner_options, unit_options
from crm.leads.queries.orders import FIRST, SORTS
from crm.leads.queries.scenarios import scenario_options
from crm.leads.rules.clocks import Silence
from crm.leads.rules.kinds import Stage, Standing

Choices = dict[str, tuple[Any, list[Any]]]
"""The name of an argument → what it filters, and its options."""

Chip = tuple[Any, Any, str]
"""A filter, its value, the address without it."""

PARENTS = {"chain": "cluster", "node": "chain"}
"""Whose choice narrows whose."""

TYPED = {
    "q": _l("Search"),
    "from": _l("Amount from"),
    "to": _l("Amount up to"),
    "entered_from": _l("Entered from"),
    "entered_to": _l("Entered until"),
    "moved_from": _l("Moved from"),
    "moved_to": _l("Moved until"),
    "contact_from": _l("Last contact from"),
    "contact_to": _l("Last contact until"),
}
"""Arguments that are typed and not chosen."""

DAYS = {
    "entered": _l("Entered"),
    "moved": _l("In the stage since"),
    "contact": _l("Last contact"),
}
"""Of which of them come in pairs of days."""


@dataclass(frozen=True)
class Bar:
    """The filter bar: what stands in it, what unfolds, what is chosen."""

    first: Choices
    rest: Choices
    chips: list[Chip]


def sort_asked() -> str:
    """The order in the address; an unknown one is the first."""
    asked = request.args.get("sort", "")
    return asked if asked.removeprefix("-") in SORTS else FIRST


def bar(wanted: LeadFilter) -> Bar:
    """The filter bar for the address asked for."""
    first, rest = _first(), _rest()
    return Bar(first, rest, _chips(first | rest | _linked(wanted)))


def _first() -> Choices:
    session, actor, language = here.session, here.actor, chosen()
    return {
        "stage": (_("Stage"), choices(Stage, WORDS)),
        "position": (_("Chain position"), [*choices(Position, COMPANY_WORDS), _undecided()]),
        "model": (_("Attraction model"), [*catalog.model_options(session, language), _undecided()]),
        "chain": (_("Industry chain"), [*catalog.chain_options(session, language), _undecided()]),
        "district": (_("District"), [*catalog.district_options(session, language), _undecided()]),
        "owner": (_("Owner"), owner_options(session, actor)),
        "plan": (
            _("Next step"),
            [
                (Plan.MISSING.value, _("None planned")),
                (Plan.OVERDUE.value, _("Overdue")),
                (Plan.WEEK.value, _("This week")),
            ],
        ),
        "silence": (_("Silent"), choices(Silence, WORDS)),
    }


def _rest() -> Choices:
    session, language = here.session, chosen()
    units = unit_options(session, here.actor)
    found: Choices = {
        "standing": (_("Standing"), [*choices(Standing, WORDS), ("all", _("All, lost too"))]),
        "overstayed": (_("Limit of the stage"), [("1", _("Passed"))]),
        "report": (
            _("First report"),
            [
                (Report.HOLDS.value, _("Holds")),
                (Report.LAPSING.value, _("About to lapse")),
                (Report.NONE.value, _("Not held")),
            ],
        ),
        "problems": (
            _("Problems"),
            [(Trouble.OPEN.value, _("Open")), (Trouble.OVERDUE.value, _("Overdue"))],
        ),
        "cluster": (_("Cluster"), catalog.cluster_options(session, language)),
        "node": (_("Node"), catalog.node_options(session, language)),
        "head_firm": (_("Head firm"), companies.head_firm_options(session)),
        "scenario": (_("Scenario"), scenario_options(session)),
        "source": (
            _("Source"),
            [*catalog.term_options(session, TermKind.SOURCE, language), _undecided()],
        ),
        "tag": (_("Tags"), catalog.term_options(session, TermKind.TAG, language)),
        "unit": (_("Unit"), units),
    }
    if len(units) < 2:  # an officer's unit is all he has
        del found["unit"]
    return found


def _linked(wanted: LeadFilter) -> Choices:
    """Filters that other pages link to: they have a chip and no place in the bar."""
    firms = [number for number in (wanted.company, wanted.brought_by) if number is not None]
    named = companies.company_options(here.session, here.actor, ids=firms, limit=0) if firms else []
    return {
        "company": (_("Investor"), named),
        "brought_by": (_("Brought by the leader"), named),
        "mine": (_("Owner"), [("1", _("Mine"))]),
    }


def _undecided() -> tuple[str, Any]:
    return UNDECIDED, _("Undecided")


def _chips(known: Choices) -> list[Chip]:
    found: list[Chip] = []
    for name, (words, options) in known.items():
        asked = request.args.get(name)
        value = next((one[1] for one in options if str(one[0]) == asked), None)
        if asked and value is not None:
            found.append((words, value, _without(name)))
    for name, words in TYPED.items():
        if text := request.args.get(name, "").strip():
            found.append((words, text[:40], _without(name)))
    return found


def _without(name: str) -> str:
    return address_with({name: None, "after": None, "before": None})
