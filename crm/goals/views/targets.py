"""The targets of a year: read by everybody who sees the board, set at the bureau."""

from __future__ import annotations

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.core.errors import Forbidden
from crm.core.gate import allow
from crm.core.request import act, here, page, write
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.forms.targets import GoalForm, goal_values
from crm.goals.labels import SPOKEN
from crm.goals.models import Goal
from crm.goals.operations import targets as operations
from crm.goals.queries import targets
from crm.goals.rules.kinds import MAIN, SPLIT_BY_DISTRICT, Measured
from crm.goals.rules.parts import Split
from crm.goals.views.door import asked, years

bp = Blueprint("targets", __name__, url_prefix="/goals/targets")

readers = allow(Permission.PROJECT_READ, Permission.GOALS_EDIT)
editors = allow(Permission.GOALS_EDIT)


@bp.get("")
@readers
def index() -> Response:
    """The goals of a year with what is split and what is not."""
    look = asked()
    city = targets.city_id(here.session)
    rows, before = (targets.goals(here.session, year) for year in (look.year, look.year - 1))
    sections: dict[str, list[tuple[Goal, Split]]] = {}
    for goal in rows:
        sections.setdefault(goal.section, []).append((goal, targets.split_of(goal, city)))
    return page(
        "goals/targets/list.html",
        look=look,
        years=years(look),
        sections_of=sections,
        city=city,
        splits=SPLIT_BY_DISTRICT,
        before=bool(before),
        whole={goal.key for goal in before} <= {goal.key for goal in rows},
        may_edit=targets.sets_targets(here.session, here.actor),
        **SPOKEN,
    )


@bp.post("/copy/<int:year>")
@editors
def copy(year: int) -> Response:
    """Take over what the year before has and this one lacks, as a start."""

    def effect(session: Session) -> str:
        added = operations.copy_last(session, here.actor, year=year, now=here.now)
        flash(ngettext("%(num)d goal taken over.", "%(num)d goals taken over.", added), "success")
        return url_for("targets.index", year=year)

    return act(effect)


@bp.route("/new", methods=["GET", "POST"])
@editors
def new() -> Response:
    """Enter a goal of a year."""
    editor_only()
    year = asked().year
    form = GoalForm(data={"kind": GoalKind.CUMULATIVE, "comparator": Comparator.AT_LEAST})
    if form.validate_on_submit() and (draft := form.draft()):

        def effect(session: Session) -> str:
            operations.add(session, here.actor, draft, year=year, now=here.now)
            return url_for("targets.index", year=year)

        if answer := write(form, effect):
            return answer
    return page("goals/targets/goal.html", form=form, year=year, goal=None, entries=[], **SPOKEN)


@bp.route("/<id:goal_id>/edit", methods=["GET", "POST"])
@editors
def edit(goal_id: int) -> Response:
    """Change a goal: its number, how it is compared, what it says."""
    editor_only()
    goal = targets.goal(here.session, goal_id)
    form = GoalForm(data=goal_values(goal))
    if goal.measured is not Measured.REPORTED:
        form.keep(goal)
    if form.validate_on_submit() and (draft := form.draft()):

        def effect(session: Session) -> str:
            operations.edit(
                session, here.actor, goal_id, draft, version=form.version_number, now=here.now
            )
            flash(_("The target is saved."), "success")
            return url_for("targets.index", year=goal.year)

        if answer := write(form, effect, row=("goal", goal_id)):
            return answer
    return page(
        "goals/targets/goal.html",
        form=form,
        year=goal.year,
        goal=goal,
        stays=goal.key in MAIN,
        entries=timeline(here.session, "goal", goal_id, limit=20),
        **SPOKEN,
    )


@bp.post("/<id:goal_id>/remove")
@editors
def remove(goal_id: int) -> Response:
    """Take a goal off its year."""

    def effect(session: Session) -> str:
        year = operations.remove(session, here.actor, goal_id, now=here.now)
        flash(_("The goal is taken off the year."), "success")
        return url_for("targets.index", year=year)

    return act(effect)


def editor_only() -> None:
    """A district's manager reads the city's targets and does not set them."""
    if not targets.sets_targets(here.session, here.actor):
        raise Forbidden
