"""其他目标: what the plan promises beside the two main goals, measured or reported."""

from __future__ import annotations

from flask import Response, request

from crm.core.request import here, page
from crm.goals.labels import SPOKEN
from crm.goals.queries import others as queries
from crm.goals.queries import targets
from crm.goals.rules.kinds import Measured
from crm.goals.views.door import asked, bp, readers, years


@bp.get("/others")
@readers
def others() -> Response:
    """The second tab."""
    look = asked()
    return page(
        "goals/others.html",
        look=look,
        found=queries.others(here.session, year=look.year, on=look.on, known=look.instant),
        years=years(look),
        **SPOKEN,
    )


@bp.get("/others/<key>")
@readers
def other_rows(key: str) -> Response:
    """The projects, or firms, behind a measured goal."""
    look = asked()
    found = queries.rows(
        here.session, here.actor, key, year=look.year, on=look.on,
        after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    return page(
        "goals/other_rows.html",
        look=look,
        found=found,
        of_firms=key in queries.OF_FIRMS,
        **SPOKEN,
    )


@bp.get("/reported/<id:goal_id>")
@readers
def reported(goal_id: int) -> Response:
    """Everything that was reported of a goal; a later figure supersedes, none is erased."""
    goal = targets.goal(here.session, goal_id)
    rows = targets.history(here.session, goal_id)
    may_report = goal.measured is Measured.REPORTED and targets.reports_figures(
        here.session, here.actor
    )
    return page(
        "goals/reported.html", goal=goal, rows=rows, may_report=may_report, look=asked(), **SPOKEN
    )
