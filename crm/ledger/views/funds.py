"""A project's money: its months, and reporting more of it."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Forbidden
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.files.operations import ask_for_pictures
from crm.leads.models import FOREVER
from crm.ledger.forms.receipts import MOST_LINES, LinePart, ReportForm
from crm.ledger.operations import reporting
from crm.ledger.queries.funds import funds, payers
from crm.ledger.queries.rights import may_report
from crm.ledger.sheets.vouchers import voucher_total
from crm.ledger.views.door import files_folder, funds_bp, papers_context
from crm.projects.models import Project
from crm.projects.queries import detail, scope


@funds_bp.get("/projects/<id:project_id>/funds")
@allow(Permission.PROJECT_READ)
def index(project_id: int) -> Response:
    """What has arrived, month by month, and what each receipt still needs."""
    session, actor = here.session, here.actor
    project = detail.project(session, actor, project_id)
    return page(
        "ledger/funds.html",
        project=project,
        rights=detail.rights(session, actor, project_id),
        living=project.terminated_on == FOREVER,
        funds=funds(session, actor, project, here.today),
        may_report=may_report(session, actor, project_id),
        sees_promises=scope.may(session, scope.promises_readable(actor), project_id),
    )


@funds_bp.route("/projects/<id:project_id>/funds/report", methods=["GET", "POST"])
@allow(Permission.FUNDS_REPORT)
def report(project_id: int) -> Response:
    """Report money: several lines on one page, each with its papers."""
    project = detail.project(here.session, here.actor, project_id)
    if not may_report(here.session, here.actor, project_id):
        raise Forbidden
    form = ReportForm()
    if form.is_submitted() and (answer := _reported(form, project)):
        return answer
    return page(
        "ledger/report.html",
        200 if _shapes_lines() else None,
        form=form,
        project=project,
        blank=LinePart(formdata=None, prefix="lines-__n__-"),
        most=MOST_LINES,
        payers=payers(here.session, project),
        **papers_context(),
    )


def _shapes_lines() -> bool:
    """Whether the post only adds or takes away a line, as the buttons do without a script: no refusal."""
    return "add" in request.form or "drop" in request.form


def _reported(form: ReportForm, project: Project) -> Response | None:
    """Carry out a post; None where the form is shown again, with everything that was given."""
    valid = form.validate_on_submit()
    papers = form.take_in(files_folder(), voucher_total)
    if _shapes_lines():
        if "add" in request.form:
            form.add_line()
        form.drop_line(request.form.get("drop", ""))
        form.forgive()
        return None
    if not valid or form.errors:
        return None
    told = form.told(papers)

    def effect(session: Session) -> str:
        reporting.report_lines(session, here.actor, project.id, told, now=here.now)
        given = [one.file for some in papers for one in some]
        ask_for_pictures(session, here.actor, given, now=here.now)
        return url_for("project_funds.index", project_id=project.id)

    answer = write(form, effect)
    if answer is not None:
        flash(
            ngettext("%(num)d receipt is reported.", "%(num)d receipts are reported.", len(told))
            + " "
            + _("The district reviews next."),
            "success",
        )
    return answer
