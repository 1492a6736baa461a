"""Time in stage: stays against their limits, ages, the stuck, the load of the officers."""

from __future__ import annotations

from typing import Any

from flask import Response

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.counting.rules.goals import Sum
from crm.funnel.queries import pace as queries
from crm.funnel.queries.names import parts
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.standing import PIPELINE
from crm.funnel.rules.ages import Age
from crm.funnel.rules.days import quartiles
from crm.funnel.rules.dimensions import Dimension
from crm.funnel.sheets.words import label
from crm.funnel.views.door import Look, amount_text, bp, frame, look
from crm.funnel.views.matrix import first_day
from crm.leads.rules.clocks import stage_limit

STUCK_SHOWN = 10

Ages = dict[Any, Sum]


@bp.get("/funnel/pace")
@allow(Permission.LEAD_READ)
def pace() -> Response:
    """How long each stage takes, how old what is in hand is, who is stuck with what."""
    seen, session, actor = look(), here.session, here.actor
    since = first_day(seen)
    stays = queries.stays(session, actor, seen.asked, since)
    ages = queries.ages(session, actor, seen.asked)
    loads = queries.loads(session, actor, seen.asked, here.today)
    clocks = catalog.clocks(session)
    return page(
        "funnel/pace.html",
        **frame(seen),
        since=since,
        stages=PIPELINE,
        stays={stage: quartiles(stays.get(stage, {})) for stage in PIPELINE},
        limits={stage: stage_limit(stage, clocks) for stage in PIPELINE},
        ages=ages,
        kinds=list(Age),
        stuck=behind(session, actor, Wanted(seen.asked, Of.STUCK), size=STUCK_SHOWN),
        loads=loads,
        owners=parts(session, Dimension.OWNER, list(loads)),
        option=age_chart(seen, ages),
    )


def age_chart(seen: Look, ages: Ages) -> dict[str, Any]:
    """A bar a stage, in pieces by age."""
    series = []
    for age in Age:
        data = []
        for stage in PIPELINE:
            told = ages.get((stage, age), Sum())
            url = seen.rows(of="in_hand", stage=stage.value, age=age.value)
            words = f"{told.count} · {amount_text(told)}"
            data.append({"value": told.count, "text": words, "url": url})
        series.append({"type": "bar", "stack": "age", "name": str(label(age)), "data": data})
    return {
        "legend": {"type": "scroll", "top": 0, "left": 0},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [str(label(stage)) for stage in PIPELINE],
        },
        "series": series,
    }
