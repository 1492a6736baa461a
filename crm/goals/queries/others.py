"""The other goals of the plan: measured from projects where they can be, else as departments report them.

Projects are counted as known today, for tags and days of becoming above-scale are not dated twice; a
firm counts once, by its first project. Counts are public, names are the reader's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from crm.catalog.models import Chain, Cluster, District, Term
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.paging import Page, Sort, turn
from crm.counting.rules.goals import Comparator, Progress, evaluate
from crm.counting.rules.goals import Goal as Aim
from crm.goals.models import Goal, ReportedFigure
from crm.goals.queries import targets
from crm.goals.rules.kinds import MAIN
from crm.projects.models import Project, Reached, project_tag
from crm.projects.queries.scope import readable
from crm.projects.rules.kinds import Milestone
from crm.values.period import MonthKind, Year, elapsed_months

MAJOR = "major"
"""The code of the tag 重大项目."""

WHOLE_CITY = "全市"


@dataclass(frozen=True)
class OtherGoal:
    """A goal of the second tab on a day.

    Attributes:
        measured: what our own rows say; None where a department reports.
        reported: the figure that stands, also beside a measured one; None as long as there is none.
        progress: against its target; None without a figure, and of a stock, which has no target to reach.
    """

    goal: Goal
    measured: int | None
    reported: ReportedFigure | None
    progress: Progress | None

    @property
    def value(self) -> int | None:
        """The figure: ours where we measure."""
        if self.measured is not None:
            return self.measured
        return None if self.reported is None else self.reported.value


@dataclass(frozen=True)
class Fold:
    """How many rows of a district the reader may not read."""

    district: District
    count: int


@dataclass(frozen=True)
class Rows:
    """A page of the projects behind a measured goal, the others by district; together its count."""

    goal: Goal
    count: int
    lines: Page[Project]
    folds: list[Fold]


def others(
    session: Session, *, year: int, on: date, known: datetime | None = None
) -> list[OtherGoal]:
    """The year's goals beside the main ones, in the plan's order: one read more for each measured one."""
    goals = [goal for goal in targets.goals(session, year) if goal.key not in MAIN]
    told = targets.reported(session, [goal.id for goal in goals], year=year, on=on, known=known)
    return [_other(session, goal, told.get(goal.id), on) for goal in goals]


def rows(
    session: Session,
    actor: Actor,
    key: str,
    *,
    year: int,
    on: date,
    after: str | None = None,
    before: str | None = None,
) -> Rows:
    """The projects behind one of them. Missing where the goal is not measured from projects."""
    goal = next((one for one in targets.goals(session, year) if one.key == key), None)
    if goal is None or key not in _MEASURES:
        raise Missing
    query = _projects(goal, on)
    shown = query.where(readable(actor)).options(
        joinedload(Project.company), joinedload(Project.district)
    )
    page = turn(session, shown, Sort(Project.pinyin, Project.id), after=after, before=before)  # type: ignore[arg-type]
    whole, own = _by_district(session, query), _by_district(session, query.where(readable(actor)))
    folded = {
        one: count - own.get(one, 0) for one, count in whole.items() if count > own.get(one, 0)
    }
    districts = select(District).where(District.id.in_(folded)).order_by(District.sort)
    return Rows(
        goal,
        sum(whole.values()),
        page,
        [Fold(row, folded[row.id]) for row in session.scalars(districts)],
    )


def _other(session: Session, goal: Goal, told: ReportedFigure | None, on: date) -> OtherGoal:
    measured, months = None, told.month if told else 0
    if goal.key in _MEASURES:
        numbers = _projects(goal, on).with_only_columns(func.count())
        measured = session.scalar(numbers) or 0
        months = elapsed_months(on, goal.year, MonthKind.CALENDAR)
    value = measured if measured is not None else told.value if told else None
    return OtherGoal(goal, measured, told, _progress(goal, value, months))


def _progress(goal: Goal, value: int | None, months: int) -> Progress | None:
    """A reported figure is held against the schedule of its own period."""
    if value is None or goal.comparator is Comparator.NONE:
        return None
    return evaluate(Aim(goal.kind, goal.comparator, goal.target), value, months)


def _by_district(session: Session, query: Select[Project]) -> dict[int, int]:
    counts = query.with_only_columns(Project.district_id, func.count())
    found = session.execute(counts.group_by(Project.district_id))
    return {district: count for district, count in found}  # noqa: C416


# --- what is counted -----------------------------------------------------------------------------

Conditions = Callable[[Any, Goal, date], list[ColumnElement[bool]]]
"""Of a project (or an alias of it), for a goal, on a day."""


def _major(project: Any) -> ColumnElement[bool]:
    """Tagged: found from the tag, for few are."""
    tagged = (
        select(project_tag.c.project_id)
        .join(Term, Term.id == project_tag.c.term_id)
        .where(Term.kind == TermKind.TAG, Term.code == MAJOR)
    )
    found: ColumnElement[bool] = project.id.in_(tagged)
    return found


def _within(project: Any, goal: Goal) -> list[ColumnElement[bool]]:
    """Of the goal's industry, where it is not about the whole city."""
    if goal.scope == WHOLE_CITY:
        return []
    chains = select(Chain.id).join(Chain.cluster).where(Cluster.name == goal.scope)
    return [project.chain_id.in_(chains)]


def _living(project: Any, on: date) -> ColumnElement[bool]:
    return and_(project.signed_on <= on, project.terminated_on > on)


def _in_year(column: Any, goal: Goal, on: date) -> ColumnElement[bool]:
    """On a day of the year up to the day asked about."""
    year = Year(goal.year)
    found: ColumnElement[bool] = column.between(year.first_day, min(on, year.last_day))
    return found


def _pool(project: Any, goal: Goal, on: date) -> list[ColumnElement[bool]]:
    day = min(on, Year(goal.year).last_day)
    return [_living(project, day), _major(project), *_within(project, goal)]


def _commissioned(project: Any, goal: Goal, on: date) -> list[ColumnElement[bool]]:
    """Tagged, recognised as commissioned in the year; a termination in the same year takes it out."""
    recognised = select(1).where(
        Reached.project_id == project.id,
        Reached.milestone == Milestone.COMMISSIONED,
        _in_year(Reached.accepted_on, goal, on),
        Reached.recognised_on <= on,
    )
    day = min(on, Year(goal.year).last_day)
    return [_major(project), exists(recognised), project.terminated_on > day]


def _above_scale(project: Any, goal: Goal, on: date) -> list[ColumnElement[bool]]:
    return [_in_year(project.above_scale_on, goal, on)]


def _introduced(project: Any, goal: Goal, on: date) -> list[ColumnElement[bool]]:
    """Signed in the year and not terminated in it."""
    day = min(on, Year(goal.year).last_day)
    return [
        _in_year(project.signed_on, goal, on),
        project.terminated_on > day,
        *_within(project, goal),
    ]


_MEASURES: dict[str, Conditions] = {
    "major_pool": _pool,
    "rare_earth_projects": _pool,
    "major_commissioned": _commissioned,
    "new_above_scale_firms": _above_scale,
    "logistics_firms_introduced": _introduced,
}
"""The goals that our own projects answer."""

OF_FIRMS = frozenset({"new_above_scale_firms", "logistics_firms_introduced"})
"""Goals whose rows are firms: each once, by its first project."""


def _projects(goal: Goal, on: date) -> Select[Project]:
    """The projects that make up a measured goal, unscoped."""
    conditions = _MEASURES[goal.key]
    query = select(Project).where(*conditions(Project, goal, on))
    if goal.key not in OF_FIRMS:
        return query
    earlier = aliased(Project)
    same = select(1).where(
        earlier.company_id == Project.company_id,
        earlier.id < Project.id,
        *conditions(earlier, goal, on),
    )
    return query.where(~exists(same))
