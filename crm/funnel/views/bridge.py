"""The bridge between two days, for the whole, every stage and every district; each term opens its leads."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.funnel.queries.bridge import Turns, bridges, turns
from crm.funnel.queries.names import parts
from crm.funnel.rules.bridge import EXITS, WHOLE, Bridge, Place, Term
from crm.funnel.rules.days import since_monday
from crm.funnel.rules.dimensions import Dimension, read_key
from crm.funnel.sheets.words import label
from crm.funnel.views.door import Look, amount_text, bp, chips, day_of, frame, look
from crm.leads.rules.kinds import Stage
from crm.values.money import Unit, decimal_text


@bp.get("/funnel/bridge")
@allow(Permission.LEAD_READ)
def bridge() -> Response:
    """From one evening to another, closing to the fen."""
    seen = look()
    since = since_of(seen)
    found = bridges(here.session, here.actor, seen.asked, since)
    return page(
        "funnel/bridge.html",
        **frame(seen),
        since=since,
        found=found,
        exits=EXITS,
        whole=WHOLE,
        terms=list(Term),
        districts=parts(here.session, Dimension.DISTRICT, list(found.districts)),
        option=bridge_chart(seen, since, found.whole),
    )


@bp.get("/funnel/bridge/rows")
@allow(Permission.LEAD_READ)
def bridge_rows() -> Response:
    """The changes behind a term, the latest first."""
    seen, since = look(), since_of(look())
    text = request.args.get("term", "")
    term = Term(text) if text in list(Term) else Term.NEW
    marks = request.args.get("after"), request.args.get("before")
    return page(
        "funnel/bridge_rows.html",
        look=seen,
        since=since,
        term=term,
        place=place_of(),
        chips=chips(seen.asked),
        found=behind_term(seen, since, term, *marks),
    )


def behind_term(
    seen: Look, since: date, term: Term, after: str | None, before: str | None, size: int = 50
) -> Turns:
    """A page of a term's changes."""
    return turns(
        *(here.session, here.actor, seen.asked, since, term, place_of()),
        after=after,
        before=before,
        size=size,
    )


def since_of(seen: Look) -> date:
    """The evening that the bridge starts from."""
    return min(day_of(request.args.get("since")) or since_monday(seen.on), seen.on)


def place_of() -> Place:
    """The stage or district whose bridge it is."""
    stage, district = request.args.get("at_stage", ""), request.args.get("at_district", "")
    return Place(
        Stage(stage) if stage in list(Stage) else None,
        read_key(Dimension.DISTRICT, district) if district else None,
    )


def bridge_chart(seen: Look, since: date, found: Bridge) -> dict[str, Any]:
    """Bars of the terms, what is taken off below the line."""
    bars = []
    for term, told in found.terms.items():
        sign = "-" if term in EXITS else ""
        bars.append(
            {
                "value": sign + decimal_text(told.amount, Unit.YI).replace(",", ""),
                "text": f"{told.count} · {sign}{amount_text(told)}",
                "url": seen.address("funnel.bridge_rows", since=since.isoformat(), term=term.value),
            }
        )
    names = [str(label(term)) for term in found.terms]
    return {
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": "", "data": bars}],
    }
