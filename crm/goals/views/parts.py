"""A target split over districts and months: parts make the whole, or the page says by how much not."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.catalog.models import District
from crm.catalog.queries import districts
from crm.core.errors import Missing
from crm.core.request import here, page, write
from crm.counting.rules.goals import GoalKind
from crm.goals.forms.targets import district_names, month_names, parts_form, parts_shown
from crm.goals.labels import SPOKEN
from crm.goals.models import Goal
from crm.goals.operations import targets as operations
from crm.goals.queries import proposals, targets
from crm.goals.queries.proposals import Propose
from crm.goals.rules.kinds import SPLIT_BY_DISTRICT
from crm.goals.rules.units import exact_text, places_of
from crm.goals.views.targets import bp, editor_only, editors


@bp.route("/<id:goal_id>/parts", methods=["GET", "POST"])
@editors
def parts(goal_id: int) -> Response:
    """Split a target; an address may ask for a proposal, which is shown and not saved."""
    editor_only()
    goal = targets.goal(here.session, goal_id)
    if goal.kind is not GoalKind.CUMULATIVE:
        raise Missing
    rows = districts(here.session) if goal.key in SPLIT_BY_DISTRICT else []
    names, unit = district_names(rows), goal.unit
    proposed, shown = _shown(goal, rows)
    form = parts_form(rows)(data=shown | {"version": goal.version})
    if form.validate_on_submit():
        of_districts, of_months = form.parts(names, unit), form.parts(month_names(), unit)
        if of_districts is not None and of_months is not None:
            told = {names[name]: amount for name, amount in of_districts.items()}

            def effect(session: Session) -> str:
                operations.split(
                    session,
                    here.actor,
                    goal_id,
                    districts=told,
                    months=list(of_months.values()),
                    version=form.version_number,
                    now=here.now,
                )
                flash(_("The parts make the whole and are saved."), "success")
                return url_for("targets.index", year=goal.year)

            if answer := write(form, effect, row=("goal", goal_id)):
                return answer
    return page(
        "goals/targets/parts.html",
        form=form,
        goal=goal,
        whole=exact_text(goal.target, unit),
        places=places_of(unit),
        district_names=list(names),
        month_names=month_names(),
        proposals=list(Propose) if rows else [Propose.EVENLY],
        proposed=proposed,
        **SPOKEN,
    )


def _shown(goal: Goal, rows: list[District]) -> tuple[Propose | None, dict[str, str]]:
    """What the fields show: the parts as they are, or those that the address asks to propose."""
    wanted = request.args.get("propose", "")
    split = targets.split_of(goal, targets.city_id(here.session))
    shares, months = split.shares, split.months(split.city) or []
    by = Propose(wanted) if wanted in list(Propose) else None
    if by is not None:
        proposed = (
            proposals.by_districts(here.session, goal, by, rows) if rows else {},
            proposals.by_months(here.session, goal, by),
        )
        if not any(proposed):
            flash(_("The year before has no figures to go by."), "warning")
            by = None
        shares, months = proposed[0] or shares, proposed[1] or months
    told = {name: shares.get(number) for name, number in district_names(rows).items()}
    told |= {name: months[place] if months else None for place, name in enumerate(month_names())}
    return by, parts_shown(told, goal.unit)
