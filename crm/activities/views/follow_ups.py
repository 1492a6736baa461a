"""Logging a follow-up, and the follow-ups on a lead's or project's page."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.activities import operations, queries
from crm.activities.forms import ActivityForm
from crm.audit.operations import Subject
from crm.core.errors import Forbidden
from crm.core.gate import allow
from crm.core.request import here, local_address, page, write
from crm.files.forms import receive
from crm.leads.queries.detail import brief
from crm.leads.queries.scope import may_write
from crm.projects.queries import detail as project_queries

bp = Blueprint("activities", __name__)


@bp.route("/leads/<id:lead_id>/log", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE, Permission.LEAD_WRITE_UNIT)
def log_lead(lead_id: int) -> Response:
    """Log a follow-up on a lead."""
    lead = brief(here.session, here.actor, lead_id)
    if not may_write(here.actor, lead):
        raise Forbidden
    back = url_for("leads.lead", lead_id=lead_id)
    form = _form(with_whom=lead.contact_name, step=lead.next_step)
    if answer := _logged(form, ("lead", lead_id), back):
        return answer
    fragment = url_for(".lead_activities", lead_id=lead_id)
    return page("activities/log.html", form=form, name=lead.title, back=back, fragment=fragment)


@bp.route("/projects/<id:project_id>/log", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def log_project(project_id: int) -> Response:
    """Log a follow-up on a project."""
    project = project_queries.project(here.session, here.actor, project_id)
    if not project_queries.may_write(here.session, here.actor, project_id):
        raise Forbidden
    back = url_for("projects.project", project_id=project_id)
    form = _form(with_whom="", step=project.next_step)
    if answer := _logged(form, ("project", project_id), back):
        return answer
    fragment = url_for(".project_activities", project_id=project_id)
    return page("activities/log.html", form=form, name=project.name, back=back, fragment=fragment)


@bp.get("/leads/<id:lead_id>/activities")
@allow(Permission.LEAD_READ)
def lead_activities(lead_id: int) -> Response:
    """A part of the lead's page: its follow-ups, the latest first."""
    found = queries.of_lead(here.session, here.actor, lead_id, request.args.get("after"))
    more = url_for(".lead_activities", lead_id=lead_id, after=found.after)
    return page("activities/_list.html", found=found, more=more, file_endpoint="leads.file")


@bp.get("/projects/<id:project_id>/activities")
@allow(Permission.PROJECT_READ)
def project_activities(project_id: int) -> Response:
    """A part of the project's page: its follow-ups, the latest first."""
    found = queries.of_project(here.session, here.actor, project_id, request.args.get("after"))
    more = url_for(".project_activities", project_id=project_id, after=found.after)
    return page("activities/_list.html", found=found, more=more, file_endpoint="projects.file")


def _form(with_whom: str, step: str) -> ActivityForm:
    """The form as it opens: today, oneself, the known contact; a step that was done is the first line."""
    done = step if request.args.get("done") else ""
    return ActivityForm(
        held_on=here.today, who_went=here.actor.name, with_whom=with_whom, said=done
    )


def _logged(form: ActivityForm, on: Subject, back: str) -> Response | None:
    if not form.validate_on_submit():
        return None
    files = receive(form.files)

    def effect(session: Session) -> str:
        operations.log(session, here.actor, form.draft(files), on=on, now=here.now)
        return local_address(request.args.get("back"), back)

    answer = write(form, effect)
    if answer is not None:
        flash(_("The follow-up is logged."), "success")
    return answer
