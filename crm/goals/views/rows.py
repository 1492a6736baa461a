"""The rows behind a figure of the board: it is their sum, those one may not read folded by district."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request

import crm.catalog.queries as catalog
from crm.core.errors import Missing
from crm.core.forms import row_number
from crm.core.request import here, page
from crm.counting.labels import FIGURES
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import FLOWS, Measure
from crm.counting.rules.dimensions import Dimension
from crm.goals.labels import SPOKEN
from crm.goals.rules.look import TABS, Look
from crm.goals.rules.tracks import TRACK_OF
from crm.goals.views.door import asked, bp, readers
from crm.ledger.queries.parts import names
from crm.ledger.queries.rows import HIDDEN, Figure, Order, behind

LONGEST_KEY = 40


@bp.get("/rows")
@readers
def rows() -> Response:
    """A page of them, with the rule in words: why this figure is what it is."""
    look = asked()
    figure = _figure(look, request.args)
    order = request.args.get("order", "")
    found = behind(
        here.session, here.actor, figure,
        order=Order(order) if order in list(Order) else Order.DAY,
        after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    return page(
        "goals/rows.html",
        look=look,
        figure=figure,
        track=TRACK_OF[figure.measure],
        found=found,
        part=_part(figure),
        district=_district(figure),
        hidden=figure.key == HIDDEN,
        orders=list(Order),
        rule=FIGURES[figure.measure],
        version=in_force(here.session).version(look.year),
        **SPOKEN,
    )


def _figure(look: Look, args: Mapping[str, str]) -> Figure:
    """The figure that an address names. Missing for one that there is none of."""
    measure, dimension = args.get("measure", ""), args.get("dimension", Dimension.ALL.value)
    key = args.get("key")
    if measure not in list(Measure) or dimension not in TABS or len(key or "") > LONGEST_KEY:
        raise Missing
    return Figure(
        Measure(measure),
        look.year,
        look.on,
        since=_since(look, Measure(measure), args.get("since", "")),
        dimension=Dimension(dimension),
        key=None if dimension == Dimension.ALL else key,
        district_id=row_number(args.get("district", "")),
        known=look.instant,
    )


def _since(look: Look, measure: Measure, text: str) -> date | None:
    """The first day of a part of the year, such as a month's; only what counts in a year has one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if measure in FLOWS and day.year == look.year else None


def _part(figure: Figure) -> Any:
    """What the part of the split is called; None for 未定, 保密, and where the figure is not split."""
    if figure.key is None:
        return None
    return names(here.session, figure.dimension, [figure.key]).get(figure.key)


def _district(figure: Figure) -> Any:
    """The district that the figure is of; None for the city. Missing if there is none."""
    if figure.district_id is None:
        return None
    return catalog.district(here.session, figure.district_id)
