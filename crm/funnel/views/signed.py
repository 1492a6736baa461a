"""After signing: how far the projects came, the rates with their definitions, what is late, due, owed."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.counting.rules.goals import Sum
from crm.funnel.queries import signed as queries
from crm.funnel.queries.signed import Span
from crm.funnel.rules.steps import SOON_DAYS, Due, Step
from crm.funnel.sheets.words import label
from crm.funnel.views.door import Look, amount_text, bp, chips, frame, look
from crm.funnel.views.matrix import first_day
from crm.values.rate import ratio

CHAIN = tuple(step for step in Step if step is not Step.KEPT)
"""The steps in their order."""


@bp.get("/funnel/signed")
@allow(Permission.PROJECT_READ)
def signed() -> Response:
    """The projects signed in the period, and what waits of all that live."""
    seen, session, actor = look(), here.session, here.actor
    span = Span(seen.asked, first_day(seen))
    steps = queries.steps(session, actor, span)
    arrived = queries.arrived(session, actor, span)
    return page(
        "funnel/signed.html",
        **frame(seen),
        since=span.since,
        chain=CHAIN,
        steps=steps,
        arrived=arrived,
        in_place=ratio(arrived.fen, steps[Step.SIGNED].amount.fen),
        share=lambda step: ratio(steps[step].count, steps[Step.SIGNED].count),
        kinds=Step,
        due=queries.due(session, actor, seen.asked),
        owing=queries.owing(session, actor, seen.asked),
        soon=SOON_DAYS,
        option=step_chart(seen, span, steps),
    )


@bp.get("/funnel/signed/rows")
@allow(Permission.PROJECT_READ)
def signed_rows() -> Response:
    """The projects behind a figure."""
    seen, text = look(), request.args.get("what", "")
    what: Step | Due = Due(text) if text in list(Due) else Step.SIGNED
    if text in list(Step):
        what = Step(text)
    span = Span(seen.asked, first_day(seen))
    marks = request.args.get("after"), request.args.get("before")
    return page(
        "funnel/signed_rows.html",
        look=seen,
        what=what,
        of_step=isinstance(what, Step),
        since=span.since,
        chips=chips(seen.asked),
        found=queries.projects(
            here.session, here.actor, span, what, after=marks[0], before=marks[1]
        ),
    )


def step_chart(seen: Look, span: Span, steps: dict[Step, Sum]) -> dict[str, Any]:
    """A bar a step, as many projects."""
    bars = []
    for step in CHAIN:
        told = steps[step]
        words = f"{told.count} · {amount_text(told)}"
        url = seen.address(
            "funnel.signed_rows", what=step.value, **{"from": span.since.isoformat()}
        )
        bars.append({"value": told.count, "text": words, "url": url})
    return {
        "xAxis": {"type": "category", "data": [str(label(step)) for step in CHAIN]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "name": "", "data": bars}],
    }
