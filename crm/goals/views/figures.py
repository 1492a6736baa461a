"""What departments report: a figure entered, or corrected by a new one; the former ones stay readable."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Forbidden, Missing
from crm.core.forms import as_choices
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.goals.forms.targets import FigureForm, figure_of
from crm.goals.labels import SPOKEN
from crm.goals.operations import figures as operations
from crm.goals.queries import targets
from crm.goals.rules.kinds import Measured
from crm.goals.views.targets import bp
from crm.values.period import Month


@bp.route("/<id:goal_id>/report", methods=["GET", "POST"])
@allow(Permission.GOALS_REPORT)
def report(goal_id: int) -> Response:
    """Enter a department's figure."""
    if not targets.reports_figures(here.session, here.actor):
        raise Forbidden
    goal = targets.goal(here.session, goal_id)
    if goal.measured is not Measured.REPORTED:
        raise Missing
    over = [month for month in range(1, 13) if Month(goal.year, month).last_day <= here.today]
    form = FigureForm(data={"month": over[-1]} if over else None)
    form.month.choices = as_choices([(str(month), str(month)) for month in over])
    if form.validate_on_submit() and (value := figure_of(form.value, goal.unit)) is not None:

        def effect(session: Session) -> str:
            operations.report(
                session,
                here.actor,
                goal_id,
                month=form.month.data,
                value=value,
                method=form.method.data,
                source=form.source.data,
                now=here.now,
            )
            flash(
                _("The figure is entered; an earlier one of that month stays readable."), "success"
            )
            return url_for("goals.reported", goal_id=goal_id)

        if answer := write(form, effect):
            return answer
    return page(
        "goals/targets/report.html",
        form=form,
        goal=goal,
        over=over,
        rows=targets.history(here.session, goal_id)[:6],
        **SPOKEN,
    )
