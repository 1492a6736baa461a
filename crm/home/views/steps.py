"""What is done from a line of the work page: a step put off, a step done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Forbidden
from crm.core.forms import Form
from crm.core.gate import allow
from crm.core.request import here, local_address, page, write
from crm.home.forms import DoneForm, PostponeForm
from crm.leads.models import FOREVER
from crm.leads.operations import care
from crm.leads.queries.detail import brief
from crm.leads.queries.scope import may_write
from crm.projects.operations import changes
from crm.projects.queries import detail as project_queries

bp = Blueprint("steps", __name__)


@bp.route("/work/leads/<id:lead_id>/postpone", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE, Permission.LEAD_WRITE_UNIT)
def postpone_lead(lead_id: int) -> Response:
    """改期: the same step on another day."""
    return _postpone(_lead(lead_id))


@bp.route("/work/leads/<id:lead_id>/done", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE, Permission.LEAD_WRITE_UNIT)
def done_lead(lead_id: int) -> Response:
    """完成: the step is done, the next one is asked for."""
    return _done(_lead(lead_id))


@bp.route("/work/projects/<id:project_id>/postpone", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def postpone_project(project_id: int) -> Response:
    """改期: the same step on another day."""
    return _postpone(_project(project_id))


@bp.route("/work/projects/<id:project_id>/done", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def done_project(project_id: int) -> Response:
    """完成: the step is done, the next one is asked for."""
    return _done(_project(project_id))


@dataclass(frozen=True)
class _Step:
    """A planned next step and how its own package changes it."""

    title: str
    url: str
    log_url: str
    what: str
    on: date | None
    plan: Callable[[Session, str, date | None], None]


def _lead(lead_id: int) -> _Step:
    lead = brief(here.session, here.actor, lead_id)
    if not may_write(here.actor, lead):
        raise Forbidden

    def plan(session: Session, what: str, day: date | None) -> None:
        care.plan_next_step(session, here.actor, lead_id, step=what, on=day, now=here.now)

    return _Step(
        lead.title,
        url_for("leads.lead", lead_id=lead_id),
        url_for("activities.log_lead", lead_id=lead_id, done=1, back="/"),
        lead.next_step,
        None if lead.next_step_on == FOREVER else lead.next_step_on,
        plan,
    )


def _project(project_id: int) -> _Step:
    project = project_queries.project(here.session, here.actor, project_id)
    if not project_queries.may_write(here.session, here.actor, project_id):
        raise Forbidden

    def plan(session: Session, what: str, day: date | None) -> None:
        changes.plan_next_step(session, here.actor, project_id, step=what, on=day, now=here.now)

    return _Step(
        project.name,
        url_for("projects.project", project_id=project_id),
        url_for("activities.log_project", project_id=project_id, done=1, back="/"),
        project.next_step,
        None if project.next_step_on == FOREVER else project.next_step_on,
        plan,
    )


def _postpone(step: _Step) -> Response:
    form = PostponeForm(next_step_on=step.on)
    return _asked(form, step, "home/postpone.html", lambda: (step.what, form.next_step_on.data))


def _done(step: _Step) -> Response:
    form = DoneForm()
    return _asked(form, step, "home/done.html", form.step)


def _asked(
    form: Form, step: _Step, template: str, planned: Callable[[], tuple[str, date | None]]
) -> Response:
    """In the row itself when htmx asks for it; a page of its own otherwise, and after a refusal."""
    back = local_address(request.args.get("back"), url_for("home.index"))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            step.plan(session, *planned())
            return back

        if answer := write(form, effect):
            flash(_("Noted."), "success")
            return answer
    bare = request.method == "GET" and bool(request.headers.get("HX-Request"))
    layout = "_layout/bare.html" if bare else "_layout/base.html"
    return page(template, form=form, step=step, back=back, layout=layout)
