"""The funnel's blueprint, and what a page of it is asked for, read from its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import crm.catalog.queries as catalog
from crm.accounts.queries import unit
from crm.catalog.rules import TermKind
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.errors import Missing
from crm.core.forms import row_number
from crm.core.languages import chosen
from crm.core.request import address_with, here
from crm.counting.rules.goals import Sum
from crm.funnel.labels import WORDS
from crm.funnel.queries.names import parts
from crm.funnel.queries.states import Asked
from crm.funnel.rules.dimensions import UNDECIDED, Dimension, key_text, narrowed
from crm.funnel.sheets.words import part_text
from crm.leads.queries.options import owner_options, unit_options
from crm.ledger.sheets.statistics import UNIT_WORDS, Paper
from crm.values.figure import figure, trimmed
from crm.values.money import Money, Unit, show

bp = Blueprint("funnel", __name__)

TABS: dict[str, Any] = {
    "funnel.index": _l("Now and then"),
    "funnel.matrix": _l("Crossed"),
    "funnel.cohorts": _l("Cohorts"),
    "funnel.bridge": _l("Bridge"),
    "funnel.pace": _l("Time in stage"),
    "funnel.signed": _l("After signing"),
    "funnel.lost": _l("Why lost"),
}
"""The pages of the funnel, in their order."""

EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Look:
    """A page's day and filter, and how its addresses keep them.

    Attributes:
        kept: the address's own arguments that every page of the funnel carries on.
    """

    asked: Asked
    kept: dict[str, str]

    @property
    def on(self) -> date:
        """The day asked about."""
        return self.asked.on

    @property
    def today(self) -> bool:
        """Whether it is today, as known today."""
        return self.asked.on == here.today and not self.asked.then

    def address(self, endpoint: str, **more: Any) -> str:
        """A page of the funnel with the same day and filter; None drops an argument."""
        told = self.kept | more
        return url_for(endpoint, **{name: value for name, value in told.items() if value})

    def rows(self, **more: Any) -> str:
        """The leads behind a figure; a part is said by `key_text`."""
        return self.address("funnel.rows", **more)


def look() -> Look:
    """What this request asks for: by default today, as known today, all of one's scope."""
    args, today = request.args, here.today
    on = max(EARLIEST, min(day_of(args.get("on")) or today, today))
    then = args.get("known") == "then" and on < today
    only = narrowed(args)
    kept = {dimension.value: key_text(key) for dimension, key in only.items()}
    path = _path(args.get("below"))
    if path:
        kept["below"] = args["below"]
    if on != today:
        kept["on"] = on.isoformat()
    if then:
        kept["known"] = "then"
    return Look(Asked(on, then, only, path), kept)


def day_of(text: str | None) -> date | None:
    """The day that an address names; none so early that weeks before it could not be reckoned."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day >= EARLIEST else None


def _path(text: str | None) -> str:
    """The path of a unit of one's scope; "" for any other."""
    number, mine = row_number(text or ""), here.actor.unit_path
    try:
        path = unit(here.session, number).path if number is not None and mine else ""
    except Missing:
        return ""
    return path if path.startswith(mine) else ""


def bar() -> dict[str, tuple[Any, list[Any]]]:
    """The filter bar: name → (what it narrows, options)."""
    session, actor, language = here.session, here.actor, chosen()
    open_ended = (UNDECIDED, _("Undecided"))
    positions = [(one.value, COMPANY_WORDS[Position][one]) for one in Position]
    sources = catalog.term_options(session, TermKind.SOURCE, language)
    found: dict[str, tuple[Any, list[Any]]] = {
        "position": (_said(Dimension.POSITION), [*positions, open_ended]),
        "model": (_said(Dimension.MODEL), [*catalog.model_options(session, language), open_ended]),
        "cluster": (_said(Dimension.CLUSTER), catalog.cluster_options(session, language)),
        "chain": (_said(Dimension.CHAIN), [*catalog.chain_options(session, language), open_ended]),
        "district": (
            _said(Dimension.DISTRICT),
            [*catalog.district_options(session, language), open_ended],
        ),
        "below": (_("Unit and below"), unit_options(session, actor)),
        "owner": (_said(Dimension.OWNER), owner_options(session, actor)),
        "source": (_said(Dimension.SOURCE), [*sources, open_ended]),
    }
    if len(found["below"][1]) < 2:
        del found["below"]
    return found


def chips(asked: Asked) -> list[tuple[Any, Any, str]]:
    """What the page is narrowed to: (dimension, part, address without it)."""
    found = []
    for dimension, key in asked.only.items():
        name = dimension.value
        of = parts(here.session, dimension, [key])
        if key in of or key is None:
            away = {name: None, "after": None, "before": None}
            words = part_text(of.get(key), chosen())
            found.append((_said(dimension), words, address_with(away)))
    return found


def amount_text(sum_: Sum) -> str:
    """An amount as a chart's label says it."""
    told = show(sum_.amount)
    return f"{told.text} {UNIT_WORDS[told.unit]}"


def paper(seen: Look, amounts: list[Money], *more: Any) -> Paper:
    """What stands above a table that is taken away: the filter in words."""
    large = any(abs(one.fen) >= Unit.YI.fen for one in amounts)
    known = [_("as known then")] if seen.asked.then else []
    narrowed_to = [f"{name}: {part}" for name, part, _away in chips(seen.asked)]
    told = [_("Funnel of %(day)s", day=seen.on.isoformat()), *known, *narrowed_to, *more]
    words = " · ".join(str(one) for one in told)
    return Paper(words, here.now, Unit.YI if large else Unit.WAN, chosen())


def _said(dimension: Dimension) -> Any:
    return WORDS[Dimension][dimension]


def half(days: Fraction) -> str:
    """Counted days as they are read: a half or a quarter where two share the middle."""
    return trimmed(figure(days, 2))


def frame(seen: Look) -> dict[str, Any]:
    """What every page of the funnel shows around its figures: tabs, filter bar, chips."""
    return {
        "look": seen,
        "tabs": [
            {"label": words, "url": seen.address(name), "active": request.endpoint == name}
            for name, words in TABS.items()
        ],
        "choices": bar(),
        "half": half,
        "chips": chips(seen.asked),
    }
