"""The four permits of a project."""

from __future__ import annotations

from flask import Response, url_for
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.errors import Forbidden, Missing
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.projects.forms.progress import PermitForm
from crm.projects.operations import permits
from crm.projects.queries import detail
from crm.projects.rules.kinds import PermitKind
from crm.projects.views.door import bp


@bp.route("/projects/<id:project_id>/permits/<name>", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def permit(project_id: int, name: str) -> Response:
    """Say how far a permit is."""
    project = detail.project(here.session, here.actor, project_id)
    if name not in list(PermitKind):
        raise Missing
    if not detail.may_write(here.session, here.actor, project_id):
        raise Forbidden
    kind = PermitKind(name)
    row = next(one for one in detail.permits(here.session, project_id) if one.kind is kind)
    form = PermitForm(obj=row)
    form.department_id.offer(
        catalog.term_options(here.session, TermKind.DEPARTMENT, chosen(), also=[row.department_id])
    )
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            permits.set_permit(
                session,
                here.actor,
                project_id,
                kind,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect, row=("permit", row.id) if row.version else None):
            return answer
    return page("projects/permit.html", form=form, project=project, kind=kind)
