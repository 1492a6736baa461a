"""Targets and their parts, and the latest reported figures; read by everybody who sees the board."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.accounts.queries import at_bureau
from crm.accounts.rules import Permission
from crm.catalog.models import District
from crm.catalog.rules import DistrictKind
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.goals.models import Goal, ReportedFigure
from crm.goals.rules.parts import Part, Split
from crm.values.period import Month

DATA = Path(__file__).parent.parent / "data"


def plan(year: int) -> list[dict[str, str]]:
    """The goals of a year's plan as `goals/data` has them."""
    with (DATA / f"goals_{year}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def goals(session: Session, year: int) -> list[Goal]:
    """The goals of a year with their parts, in the plan's order."""
    query = select(Goal).options(selectinload(Goal.parts)).where(Goal.year == year)
    return list(session.scalars(query.order_by(Goal.sort, Goal.id)))


def goal(session: Session, goal_id: int) -> Goal:
    """One goal with its parts. Missing if there is none."""
    found = session.scalar(select(Goal).options(selectinload(Goal.parts)).where(Goal.id == goal_id))
    if found is None:
        raise Missing
    return found


def years(session: Session) -> list[int]:
    """The years that have goals, the latest first."""
    return list(session.scalars(select(Goal.year).distinct().order_by(Goal.year.desc())))


def split_of(goal: Goal, city_id: int) -> Split:
    """A goal's target and its parts as the rules know them."""
    told = sorted(goal.parts, key=lambda one: (one.district_id, one.month))
    parts = tuple(Part(one.district_id, one.month, one.amount) for one in told)
    return Split(goal.target, city_id, parts)


def city_id(session: Session) -> int:
    """The number of the row that stands for the whole city. LookupError where no plan is loaded."""
    found = session.scalar(select(District.id).where(District.kind == DistrictKind.CITY))
    if found is None:
        raise LookupError("the plan is not loaded: there is no city")
    return found


def reported(
    session: Session,
    goal_ids: Iterable[int],
    *,
    year: int,
    on: date,
    known: datetime | None = None,
) -> dict[int, ReportedFigure]:
    """The figure that stands for each goal: of the latest month over by the day, reported last of it.

    Args:
        known: only what was recorded by that instant.
    """
    query = (
        select(ReportedFigure)
        .options(joinedload(ReportedFigure.reporter))
        .where(ReportedFigure.goal_id.in_(goal_ids))
        .order_by(ReportedFigure.month, ReportedFigure.recorded_at, ReportedFigure.id)
    )
    if known is not None:
        query = query.where(ReportedFigure.recorded_at <= known)
    rows = session.scalars(query)
    return {row.goal_id: row for row in rows if Month(year, row.month).last_day <= on}


def history(session: Session, goal_id: int) -> list[ReportedFigure]:
    """Everything that was reported of a goal, superseded figures included, latest period first."""
    query = select(ReportedFigure).options(joinedload(ReportedFigure.reporter))
    return list(
        session.scalars(
            query.where(ReportedFigure.goal_id == goal_id).order_by(
                ReportedFigure.month.desc(),
                ReportedFigure.recorded_at.desc(),
                ReportedFigure.id.desc(),
            )
        )
    )


def sets_targets(session: Session, actor: Actor) -> bool:
    """Whether he enters, edits and splits the city's goals: at the bureau alone."""
    return actor.may(Permission.GOALS_EDIT) and at_bureau(session, actor)


def reports_figures(session: Session, actor: Actor) -> bool:
    """Whether he enters what departments say of the city's goals: at the bureau alone."""
    return actor.may(Permission.GOALS_REPORT) and at_bureau(session, actor)
