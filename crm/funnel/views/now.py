"""The funnel of a day, and the leads behind every figure."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.funnel.queries.rows import Found, Of, Wanted, behind
from crm.funnel.queries.standing import Picture, picture
from crm.funnel.rules.ages import Age
from crm.funnel.rules.days import since_monday
from crm.funnel.rules.dimensions import read_number
from crm.funnel.sheets.words import label
from crm.funnel.views.door import Look, amount_text, bp, chips, day_of, frame, look
from crm.leads.rules.kinds import Stage


@bp.get("/funnel")
@allow(Permission.LEAD_READ)
def index() -> Response:
    """Now, or any day: by stage count, amount, change since Monday, stuck; what is on hold beside."""
    seen = look()
    since = day_of(request.args.get("since")) or since_monday(seen.on)
    since = min(since, seen.on)
    found = picture(here.session, here.actor, seen.asked, since)
    return page(
        "funnel/now.html",
        **frame(seen),
        found=found,
        since=since,
        option=stage_chart(seen, found),
    )


@bp.get("/funnel/rows")
@allow(Permission.LEAD_READ)
def rows() -> Response:
    """The leads behind a figure, the largest first."""
    seen = look()
    wanted = wanted_rows(seen)
    return page(
        "funnel/rows.html",
        look=seen,
        wanted=wanted,
        chips=chips(seen.asked),
        download=seen.address("funnel.download", what="rows", **told_rows()),
        found=page_of(wanted, request.args.get("after"), request.args.get("before")),
    )


def page_of(wanted: Wanted, after: str | None, before: str | None, size: int = 50) -> Found:
    """A page of the rows."""
    return behind(here.session, here.actor, wanted, after=after, before=before, size=size)


def wanted_rows(seen: Look) -> Wanted:
    """Which leads the address names."""
    args = request.args
    of = args.get("of", "")
    reached, age = args.get("reached", ""), args.get("age", "")
    return Wanted(
        seen.asked,
        Of(of) if of in list(Of) else Of.IN_HAND,
        entered=_span("entered_from", "entered_to"),
        signed=_span("signed_from", "signed_to"),
        reached=Stage(reached) if reached in list(Stage) else None,
        age=Age(age) if age in list(Age) else None,
        reason=read_number(args.get("reason", "")),
    )


ROW_ARGUMENTS = (
    *("of", "reached", "age", "reason"),
    *("entered_from", "entered_to", "signed_from", "signed_to"),
)


def told_rows() -> dict[str, str]:
    """What of this address says which rows."""
    return {name: request.args[name] for name in ROW_ARGUMENTS if name in request.args}


def _span(first: str, last: str) -> Any:
    start, end = day_of(request.args.get(first)), day_of(request.args.get(last))
    return (start, end) if start and end else None


def stage_chart(seen: Look, found: Picture) -> dict[str, Any]:
    """Horizontal bars, the first stage above: going on, and stuck."""
    lines = list(found.stages.items())
    series = []
    for of, name in ((Of.IN_HAND, _("Going on")), (Of.STUCK, _("Stuck"))):
        data = []
        for stage, line in lines:
            late, whole = line.now.stuck, line.now.in_hand
            told = late if of is Of.STUCK else whole - late
            data.append(
                {
                    "value": told.count,
                    "text": f"{told.count} · {amount_text(told)}",
                    "url": seen.rows(of=of.value, stage=stage.value),
                }
            )
        series.append({"type": "bar", "stack": "stage", "name": name, "data": data})
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [str(label(stage)) for stage, _line in lines],
        },
        "series": series,
    }
