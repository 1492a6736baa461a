"""Problems of leads and projects: their list, the part on a page, raised, answered, solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.activities import operations, queries
from crm.activities.forms import AnswerForm, ProblemForm, ReopenForm, SolvedForm
from crm.activities.labels import WORDS
from crm.activities.models import Problem
from crm.activities.queries import ProblemFilter
from crm.activities.rules import ProblemKind, ProblemState, problem_state
from crm.audit.operations import Subject
from crm.catalog.queries import term_options
from crm.catalog.rules import TermKind
from crm.core.errors import Forbidden
from crm.core.forms import Form, choices
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import address_with, here, page, write
from crm.leads.queries.detail import brief
from crm.leads.queries.scope import may_write
from crm.projects.queries import detail as project_queries

bp = Blueprint("problems", __name__)

WRITERS = (
    Permission.LEAD_WRITE,
    Permission.LEAD_WRITE_UNIT,
    Permission.PROJECT_WRITE,
    Permission.PROJECT_WRITE_UNIT,
)


@bp.get("/problems")
@allow(Permission.LEAD_READ, Permission.PROJECT_READ)
def index() -> Response:
    """The problems of the leads and projects one may read."""
    wanted, session, actor = ProblemFilter.from_args(request.args), here.session, here.actor
    offered = _choices()
    return page(
        "activities/problems/list.html",
        found=queries.problems(
            session, actor, wanted, here.today,
            after=request.args.get("after"), before=request.args.get("before"),
        ),
        count=queries.problem_count(session, actor, wanted, here.today),
        choices=offered,
        chips=_chips(offered),
        state_of=_state,
    )  # fmt: skip


@bp.get("/leads/<id:lead_id>/problems")
@allow(Permission.LEAD_READ)
def of_lead(lead_id: int) -> Response:
    """A part of a lead's page: its problems."""
    lead = brief(here.session, here.actor, lead_id)
    found = queries.problems_of(here.session, here.actor, lead_id=lead_id)
    raise_url = url_for(".raise_on_lead", lead_id=lead_id) if may_write(here.actor, lead) else ""
    return _part(found, raise_url)


@bp.get("/projects/<id:project_id>/problems")
@allow(Permission.PROJECT_READ)
def of_project(project_id: int) -> Response:
    """A part of a project's page: its problems."""
    found = queries.problems_of(here.session, here.actor, project_id=project_id)
    writes = project_queries.may_write(here.session, here.actor, project_id)
    return _part(found, url_for(".raise_on_project", project_id=project_id) if writes else "")


@bp.route("/leads/<id:lead_id>/problems/new", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE, Permission.LEAD_WRITE_UNIT)
def raise_on_lead(lead_id: int) -> Response:
    """Raise a problem of a lead."""
    lead = brief(here.session, here.actor, lead_id)
    if not may_write(here.actor, lead):
        raise Forbidden
    back = url_for("leads.lead", lead_id=lead_id, tab="problems")
    return _raised(("lead", lead_id), lead.title, back)


@bp.route("/projects/<id:project_id>/problems/new", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def raise_on_project(project_id: int) -> Response:
    """Raise a problem of a project."""
    project = project_queries.project(here.session, here.actor, project_id)
    if not project_queries.may_write(here.session, here.actor, project_id):
        raise Forbidden
    back = url_for("projects.project", project_id=project_id, tab="problems")
    return _raised(("project", project_id), project.name, back)


@bp.get("/problems/<id:problem_id>")
@allow(Permission.LEAD_READ, Permission.PROJECT_READ)
def problem(problem_id: int) -> Response:
    """A problem with its answers."""
    found = queries.problem(here.session, here.actor, problem_id)
    return page(
        "activities/problems/problem.html",
        problem=found,
        state=_state(found),
        writable=_may_write(found),
    )


@bp.route("/problems/<id:problem_id>/edit", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(problem_id: int) -> Response:
    """Ask otherwise, another department, or by another day."""
    found = _writable(problem_id)
    form = _offered(ProblemForm(obj=found), also=[found.department_id])

    def effect(session: Session) -> None:
        operations.revise_problem(
            session, here.actor, problem_id, form.draft(), version=form.version_number, now=here.now
        )

    return _answered(form, found, effect, _("Change the problem"))


@bp.route("/problems/<id:problem_id>/answer", methods=["GET", "POST"])
@allow(*WRITERS)
def answer(problem_id: int) -> Response:
    """Write down an answer."""
    found, form = _writable(problem_id), AnswerForm(answered_on=here.today)

    def effect(session: Session) -> None:
        operations.answer_problem(
            session, here.actor, problem_id, form.said.data, form.answered_on.data or here.today,
            now=here.now,
        )  # fmt: skip

    return _answered(form, found, effect, _("Write down an answer"))


@bp.route("/problems/<id:problem_id>/solve", methods=["GET", "POST"])
@allow(*WRITERS)
def solve(problem_id: int) -> Response:
    """Say that it is solved."""
    found = _writable(problem_id)
    form = SolvedForm(solved_on=here.today, version=found.version)

    def effect(session: Session) -> None:
        operations.solve_problem(
            session, here.actor, problem_id, form.solved_on.data or here.today,
            form.note.data or "", version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answered(form, found, effect, _("Solved"))


@bp.route("/problems/<id:problem_id>/reopen", methods=["GET", "POST"])
@allow(*WRITERS)
def reopen(problem_id: int) -> Response:
    """Say that it was not solved after all."""
    found = _writable(problem_id)
    form = ReopenForm(version=found.version)

    def effect(session: Session) -> None:
        operations.reopen_problem(
            session, here.actor, problem_id, form.why.data, form.due_on.data or here.today,
            version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answered(form, found, effect, _("Open it again"))


def _state(problem: Problem) -> ProblemState:
    return problem_state(problem.due_on, problem.solved_on, here.today)


def _may_write(problem: Problem) -> bool:
    if problem.lead_id is not None:
        return may_write(here.actor, brief(here.session, here.actor, problem.lead_id))
    return project_queries.may_write(here.session, here.actor, problem.project_id or 0)


def _writable(problem_id: int) -> Problem:
    found = queries.problem(here.session, here.actor, problem_id)
    if not _may_write(found):
        raise Forbidden
    return found


def _part(found: list[Problem], raise_url: str) -> Response:
    return page("activities/problems/_of.html", rows=found, raise_url=raise_url, state_of=_state)


def _raised(on: Subject, name: str, back: str) -> Response:
    form = _offered(ProblemForm())

    def effect(session: Session) -> str:
        operations.raise_problem(session, here.actor, form.draft(), on=on, now=here.now)
        return back

    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    return page(
        "activities/problems/form.html", form=form, title=_("Raise a problem"), name=name, back=back
    )


def _answered(
    form: Form, found: Problem, effect: Callable[[Session], None], title: str
) -> Response:
    back = url_for(".problem", problem_id=found.id)

    def then(session: Session) -> str:
        effect(session)
        return back

    if form.validate_on_submit() and (answer := write(form, then, row=("problem", found.id))):
        return answer
    return page(
        "activities/problems/form.html", form=form, title=title, name=found.asked, back=back
    )


def _offered(form: ProblemForm, also: list[int] | None = None) -> ProblemForm:
    form.department_id.offer(
        term_options(here.session, TermKind.DEPARTMENT, chosen(), also=also or [])
    )
    return form


Choices = dict[str, tuple[Any, list[Any]]]


def _choices() -> Choices:
    departments = term_options(here.session, TermKind.DEPARTMENT, chosen())
    return {
        "state": (_("State"), choices(ProblemState, WORDS)),
        "kind": (_("Kind"), choices(ProblemKind, WORDS)),
        "department": (_("Responsible department"), departments),
        "mine": (_("Owner"), [("1", _("Mine"))]),
    }


def _chips(offered: Choices) -> list[tuple[Any, Any, str]]:
    found = []
    for name, (title, options) in offered.items():
        value = request.args.get(name, "")
        if word := next((one[1] for one in options if one[0] == value), None):
            without = address_with({name: None, "after": None, "before": None})
            found.append((title, word, without))
    return found
