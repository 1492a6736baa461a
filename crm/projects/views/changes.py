"""Editing a project, correcting its dimensions, its codes and tags, the mark, its owner, its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.queries import colleagues
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.errors import Forbidden
from crm.core.forms import Form, options
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write
from crm.projects.forms.changes import AssignForm, CodesForm, EarlierForm, TerminateForm
from crm.projects.forms.signing import CorrectForm
from crm.projects.forms.terms import LaterTermsForm, TermsForm, plan_lines, terms_of
from crm.projects.models import Project
from crm.projects.operations import changes, earlier, handover
from crm.projects.queries import detail
from crm.projects.rules.kinds import Relation
from crm.projects.views.door import bp, offer_dimensions, offer_place


@bp.route("/projects/<id:project_id>/edit", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def edit(project_id: int) -> Response:
    """Edit a project's name, kind, amounts, plan and place."""
    project = _for(project_id, "write")
    kind = TermsForm if project.relation is Relation.FIRST else LaterTermsForm
    lines = plan_lines(here.today.year, project.planned_funds)
    form = kind(**terms_of(project), plan=lines)
    offer_place(form, project)

    def effect(session: Session) -> str:
        changes.edit(
            session,
            here.actor,
            project_id,
            form.terms(),
            version=form.version_number,
            now=here.now,
        )
        return url_for(".project", project_id=project_id)

    return _answer(form, effect, project, "projects/edit.html")


@bp.route("/projects/<id:project_id>/correct", methods=["GET", "POST"])
@allow(Permission.PROJECT_CORRECT)
def correct(project_id: int) -> Response:
    """Correct chain, position, model and anchor as fixed at signing."""
    project = _for(project_id, "correct")
    form = CorrectForm(obj=project)
    offer_dimensions(form, project)

    def effect(session: Session) -> str:
        changes.correct(
            session,
            here.actor,
            project_id,
            form.dimensions(),
            form.why.data or "",
            version=form.version_number,
            now=here.now,
        )
        return url_for(".project", project_id=project_id)

    return _answer(form, effect, project, "projects/correct.html")


@bp.route("/projects/<id:project_id>/earlier", methods=["GET", "POST"])
@allow(Permission.RECOGNISE)
def say_earlier(project_id: int) -> Response:
    """Say under which project the same thing was signed before, or that it was not."""
    project = _for(project_id, "recognise")
    known = detail.earlier_signing(here.session, here.actor, project)
    form = EarlierForm(number=known.number if known else "", version=project.version)

    def effect(session: Session) -> str:
        earlier.say_earlier(
            session,
            here.actor,
            project_id,
            form.number.data,
            form.why.data,
            version=form.version_number,
            now=here.now,
        )
        return url_for(".project", project_id=project_id)

    others = detail.signed_before(here.session, here.actor, project)
    return _answer(form, effect, project, "projects/earlier.html", others=others)


@bp.route("/projects/<id:project_id>/codes", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def codes(project_id: int) -> Response:
    """Enter a project's codes and tags."""
    project = _for(project_id, "write")
    held = [term.id for term in project.tags]
    form = CodesForm(obj=project, tag_ids=held)
    form.tag_ids.offer(catalog.term_options(here.session, TermKind.TAG, chosen(), also=held))

    def effect(session: Session) -> str:
        changes.set_codes(
            session,
            here.actor,
            project_id,
            form.codes(),
            version=form.version_number,
            now=here.now,
        )
        chosen_tags = [one for one in form.tag_ids.data or [] if one is not None]
        changes.set_tags(session, here.actor, project_id, chosen_tags, now=here.now)
        return url_for(".project", project_id=project_id)

    return _answer(form, effect, project, "projects/codes.html")


@bp.route("/projects/<id:project_id>/terminate", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE_UNIT)
def terminate(project_id: int) -> Response:
    """End a project, with day and reason."""
    project = _for(project_id, "terminate")
    form = TerminateForm(obj=project, day=here.today, reason_id=None)
    form.reason_id.offer(catalog.term_options(here.session, TermKind.TERMINATION_REASON, chosen()))

    def effect(session: Session) -> str:
        changes.terminate(
            session,
            here.actor,
            project_id,
            day=form.day.data or here.today,
            reason_id=form.reason_id.data or 0,
            note=form.note.data or "",
            version=form.version_number,
            now=here.now,
        )
        return url_for(".project", project_id=project_id)

    return _answer(form, effect, project, "projects/terminate.html")


@bp.route("/projects/<id:project_id>/assign", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE_UNIT)
def assign(project_id: int) -> Response:
    """Give a project to another owner."""
    project = _for(project_id, "terminate")
    form = AssignForm(owner_id=project.owner_id)
    form.owner_id.offer(options(colleagues(here.session, here.actor)))

    def effect(session: Session) -> str:
        handover.assign(session, here.actor, project_id, form.owner_id.data or 0, now=here.now)
        return url_for(".project", project_id=project_id)

    return _answer(form, effect, project, "projects/assign.html")


@bp.post("/projects/<id:project_id>/mark")
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def mark(project_id: int) -> Response:
    """Set or lift the project's own confidential mark."""
    wanted = request.form.get("confidential") == "1"

    def effect(session: Session) -> str:
        changes.set_confidential(session, here.actor, project_id, wanted, now=here.now)
        flash(_("Marked as confidential.") if wanted else _("The mark is lifted."), "success")
        return url_for(".project", project_id=project_id)

    return act(effect)


def _for(project_id: int, right: str) -> Project:
    """The project, if the reader may do this to it."""
    project = detail.project(here.session, here.actor, project_id)
    if not getattr(detail.rights(here.session, here.actor, project_id), right):
        raise Forbidden
    return project


def _answer(
    form: Form, effect: Callable[[Session], str], project: Project, template: str, **more: Any
) -> Response:
    if form.validate_on_submit() and (answer := write(form, effect, row=("project", project.id))):
        return answer
    return page(template, form=form, project=project, **more)
