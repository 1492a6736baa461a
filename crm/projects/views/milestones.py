"""Reporting, correcting and recognising milestones; giving what is owed."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.errors import Forbidden, Missing
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.files.forms import receive
from crm.projects.forms.progress import EvidenceForm, ReachForm, RecogniseForm
from crm.projects.labels import DEMAND_WORDS, WORDS
from crm.projects.models import Project, Reached
from crm.projects.operations import evidence, milestones
from crm.projects.queries import detail
from crm.projects.queries.owed import Debt, debt
from crm.projects.rules.demands import DATED, DEMANDS, RECOGNISED, WAYS, Way
from crm.projects.rules.kinds import EvidenceKind, Milestone
from crm.projects.views.door import bp


@bp.route("/projects/<id:project_id>/milestones/<name>/report", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def report(project_id: int, name: str) -> Response:
    """Report a milestone, or correct what was reported of it."""
    project, milestone = _writable(project_id), _milestone(name)
    row = detail.reached(here.session, project_id).get(milestone)
    form = _reach_form(project, row)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            draft = form.draft(milestone)
            if row is None:
                milestones.reach(session, here.actor, project_id, draft, now=here.now)
            else:
                milestones.correct_report(
                    session,
                    here.actor,
                    project_id,
                    draft,
                    form.why.data or "",
                    version=form.version_number,
                    now=here.now,
                )
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect, row=("project_milestone", row.id) if row else None):
            return answer
    return page(
        "projects/report.html",
        form=form,
        project=project,
        milestone=milestone,
        row=row,
        demands=DEMANDS[milestone],
        clocks=catalog.clocks(here.session),
        names=DEMAND_WORDS,
    )


def _reach_form(project: Project, row: Reached | None) -> ReachForm:
    if row is not None:
        return ReachForm(obj=row, day=row.reported_on)
    return ReachForm(
        day=here.today,
        registered_name=project.company.name,
        registered_code=project.company.credit_code or "",
    )


@bp.route("/projects/<id:project_id>/milestones/<name>/recognise", methods=["GET", "POST"])
@allow(Permission.RECOGNISE)
def recognise(project_id: int, name: str) -> Response:
    """Enter that a department recognised a milestone."""
    milestone = _milestone(name)
    project = detail.project(here.session, here.actor, project_id)
    if not detail.rights(here.session, here.actor, project_id).recognise:
        raise Forbidden
    row = detail.reached(here.session, project_id).get(milestone)
    if row is None or milestone not in RECOGNISED:
        raise Missing
    form = RecogniseForm(
        version=row.version,
        department_id=row.department_id,
        accepted_on=row.accepted_on or row.reported_on,
        recognised_on=row.recognised_on or here.today,
    )
    form.department_id.offer(
        catalog.term_options(here.session, TermKind.DEPARTMENT, chosen(), also=[row.department_id])
    )
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            milestones.recognise(
                session,
                here.actor,
                project_id,
                milestone,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect, row=("project_milestone", row.id)):
            return answer
    return page("projects/recognise.html", form=form, project=project, milestone=milestone, row=row)


@bp.route("/projects/<id:project_id>/owed/<id:owed_id>", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def give(project_id: int, owed_id: int) -> Response:
    """Give a paper that is owed."""
    project = _writable(project_id)
    owed = debt(here.session, project_id, owed_id, here.today)
    if owed is None:
        raise Missing
    form = _evidence_form(owed)
    if form.validate_on_submit():
        received = receive(form.files)

        def effect(session: Session) -> str:
            done = evidence.give(
                session, here.actor, project_id, owed_id, form.draft(received), now=here.now
            )
            flash(_("Nothing more is owed for this.") if done else _("Kept. More is needed."))
            return url_for(".project", project_id=project_id)

        if answer := write(form, effect):
            return answer
    return page(
        "projects/give.html",
        form=form,
        project=project,
        owed=owed,
        names=DEMAND_WORDS,
        by_number=_kinds(Way.NUMBER),
        by_archive=_kinds(Way.ARCHIVE),
        by_file=_kinds(Way.FILE),
        dated=",".join(sorted(DATED)),
    )


def _evidence_form(owed: Debt) -> EvidenceForm:
    asked = owed.asked or tuple(
        kind for kind in EvidenceKind if kind in frozenset().union(*owed.demand.alternatives)
    )
    wanted = request.args.get("kind", "")
    form = EvidenceForm(kind=EvidenceKind(wanted) if wanted in asked else asked[0])
    form.kind.choices = [(kind.value, WORDS[EvidenceKind][kind]) for kind in asked]
    return form


def _kinds(way: Way) -> str:
    """The papers that may be given so, as the page shows and hides fields by them."""
    return ",".join(kind.value for kind, ways in WAYS.items() if way in ways)


def _writable(project_id: int) -> Project:
    project = detail.project(here.session, here.actor, project_id)
    if not detail.may_write(here.session, here.actor, project_id):
        raise Forbidden
    return project


def _milestone(name: str) -> Milestone:
    """The milestone of the address; the signing has its own door."""
    if name not in list(Milestone) or name == Milestone.SIGNED:
        raise Missing
    return Milestone(name)
