"""Promised conditions: pages for managers and auditors only, who read no more of the project here."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Missing
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.projects.forms.progress import PromiseForm
from crm.projects.operations import promises
from crm.projects.queries import detail, scope

bp = Blueprint("promises", __name__)


@bp.get("/promises")
@allow(Permission.PROMISE_READ)
def index() -> Response:
    """The projects with promised conditions: a manager's, or all for the auditor."""
    return page("projects/promised.html", rows=detail.promised_projects(here.session, here.actor))


@bp.get("/projects/<id:project_id>/promises")
@allow(Permission.PROMISE_READ)
def project(project_id: int) -> Response:
    """The promised conditions of one project, and no more of it than its name."""
    return page(
        "projects/promises.html",
        project=detail.promised_project(here.session, here.actor, project_id),
        promises=detail.promises(here.session, here.actor, project_id),
        may_write=scope.may(
            here.session,
            scope.supervised(here.actor, Permission.PROMISE_WRITE),
            project_id,
        ),
    )


@bp.route("/projects/<id:project_id>/promises/new", methods=["GET", "POST"])
@allow(Permission.PROMISE_WRITE)
def new(project_id: int) -> Response:
    """Enter a promised condition."""
    project = detail.promised_project(here.session, here.actor, project_id)
    form = PromiseForm()
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            promises.promise(session, here.actor, project_id, form.draft(), now=here.now)
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect):
            return answer
    return page("projects/promise.html", form=form, project=project, promise=None)


@bp.route("/projects/<id:project_id>/promises/<id:promise_id>/edit", methods=["GET", "POST"])
@allow(Permission.PROMISE_WRITE)
def edit(project_id: int, promise_id: int) -> Response:
    """Change a promised condition, or say that it was kept or not."""
    project = detail.promised_project(here.session, here.actor, project_id)
    rows = detail.promises(here.session, here.actor, project_id)
    row = next((one for one in rows if one.id == promise_id), None)
    if row is None:
        raise Missing
    form = PromiseForm(obj=row)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            promises.edit_promise(
                session,
                here.actor,
                project_id,
                promise_id,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect, row=("promise", promise_id)):
            return answer
    return page("projects/promise.html", form=form, project=project, promise=row)
