"""A project shared between districts for assessment."""

from __future__ import annotations

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.catalog.queries import district_options, districts
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.goals.forms.shares import SharesForm, shares_shown
from crm.goals.operations.shares import divide
from crm.goals.queries.shares import shares_of, shares_projects
from crm.goals.rules.shares import MOST, percent
from crm.projects.queries import detail

bp = Blueprint("shares", __name__)


@bp.route("/projects/<id:project_id>/shares", methods=["GET", "POST"])
@allow(Permission.PROJECT_READ)
def shares(project_id: int) -> Response:
    """Who has which share; at the bureau, to be set."""
    project = detail.project(here.session, here.actor, project_id)
    current = shares_of(here.session, project_id)
    may_edit = shares_projects(here.session, here.actor)
    form = SharesForm(data=shares_shown(current) | {"version": project.version})
    form.offer(district_options(here.session, chosen()))
    if form.validate_on_submit() and (typed := form.shares()) is not None:

        def effect(session: Session) -> str:
            divide(
                session,
                here.actor,
                project_id,
                typed,
                version=form.version_number,
                now=here.now,
            )
            flash(_("The shares are saved; the city's totals stay as they are."), "success")
            return url_for("shares.shares", project_id=project_id)

        if answer := write(form, effect, row=("project", project_id)):
            return answer
    return page(
        "goals/targets/shares.html",
        form=form,
        project=project,
        current=[(row, current[row.id]) for row in districts(here.session) if row.id in current],
        percent=percent,
        rows=range(1, MOST + 1),
        may_edit=may_edit,
    )
