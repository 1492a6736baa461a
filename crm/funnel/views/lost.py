"""Why lost: reasons by stage and model, competing places, what was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Response, request

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page
from crm.counting.rules.goals import Sum
from crm.funnel.queries import lost as queries
from crm.funnel.queries.names import parts
from crm.funnel.queries.standing import PIPELINE
from crm.funnel.rules.dimensions import Dimension
from crm.funnel.sheets.words import part_text
from crm.funnel.views.door import Look, amount_text, bp, frame, look


@bp.get("/funnel/lost")
@allow(Permission.LEAD_READ)
def lost() -> Response:
    """What is lost on the day, and why."""
    seen, session, actor = look(), here.session, here.actor
    text = request.args.get("q", "").strip()[:60]
    found = queries.reasons(session, actor, seen.asked)
    by_stage = _table(found, 0)
    by_model = _table(found, 1)
    terms = {row.id: row for row in catalog.terms(session, TermKind.LOST_REASON, inactive=True)}
    why: dict[Any, Any] = {key: terms[key] for key in terms if key in by_stage}
    why |= {None: None} if None in by_stage else {}
    marks = request.args.get("after"), request.args.get("before")
    return page(
        "funnel/lost.html",
        **frame(seen),
        stages=PIPELINE,
        why=why,
        by_stage=by_stage,
        by_model=by_model,
        models=parts(
            session, Dimension.MODEL, {model for row in by_model.values() for model in row}
        ),
        whole=sum(found.values(), Sum()),
        rivals=queries.rivals(session, actor, seen.asked),
        text=text,
        notes=queries.notes(
            session, actor, seen.asked, text, after=marks[0], before=marks[1], size=20
        ),
        option=reason_chart(seen, why, by_stage),
    )


Table = dict[Any, dict[Any, Sum]]


def _table(found: Mapping[tuple[Any, Any, Any], Sum], column: int) -> Table:
    """Reason → part → sum, of one of the two parts."""
    table: Table = defaultdict(lambda: defaultdict(Sum))
    for place, told in found.items():
        table[place[2]][place[column]] += told
    return table


def reason_chart(seen: Look, why: Mapping[Any, Any], table: Table) -> dict[str, Any]:
    """A bar a reason, as many leads."""
    bars = []
    for key in why:
        told = sum(table[key].values(), Sum())
        url = seen.rows(of="lost", reason="none" if key is None else key)
        bars.append(
            {"value": told.count, "text": f"{told.count} · {amount_text(told)}", "url": url}
        )
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [part_text(of, chosen()) for of in why.values()],
        },
        "series": [{"type": "bar", "name": "", "data": bars}],
    }
