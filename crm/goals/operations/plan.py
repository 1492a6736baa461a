"""Goals as the plan states them, and as they are carried over where a year has none of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.catalog.models import District
from crm.catalog.operations.plan import PLAN_YEAR
from crm.core.actor import Actor
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.models import Goal, GoalPart
from crm.goals.queries import targets
from crm.goals.rules.kinds import Measured
from crm.goals.rules.units import read_value

MEASURED = {
    "from projects": Measured.PROJECTS,
    "from receipts": Measured.RECEIPTS,
    "from project tags": Measured.TAGS,
    "from sites": Measured.SITES,
    "reported": Measured.REPORTED,
}
"""The plan file's words for where a figure comes from."""

COPIED = (
    "key", "section", "name", "name_en", "kind", "comparator", "target", "unit", "scope",
    "strength", "measured", "quote", "sort",
)  # fmt: skip


def load_goals(session: Session, actor: Actor, *, now: datetime) -> int:
    """Add the goals of the plan that are missing; what people edited is left alone.

    The catalog's plan is loaded before. One entry on the city's timeline says how many were added.
    """
    told = enumerate(targets.plan(PLAN_YEAR), start=1)
    return _add(session, actor, PLAN_YEAR, (_of_plan(row, place) for place, row in told), now)


def carry_over(
    session: Session, actor: Actor, *, year: int, to: int, now: datetime, demo_note: str = ""
) -> int:
    """Give a year the goals of another that it lacks, parts included: a start for whoever edits them.

    Args:
        demo_note: stands beside each of them, such as 演示目标（沿用2025年）.

    Returns:
        how many were added.
    """
    copies = [
        Goal(
            **{name: getattr(goal, name) for name in COPIED},
            demo_note=demo_note or goal.demo_note,
            parts=[
                GoalPart(district_id=part.district_id, month=part.month, amount=part.amount)
                for part in goal.parts
            ],
        )
        for goal in targets.goals(session, year)
    ]
    return _add(session, actor, to, copies, now)


def _of_plan(row: dict[str, str], place: int) -> Goal:
    return Goal(
        key=row["key"],
        section=row["section"],
        name=row["name"],
        name_en=row["name_en"],
        kind=GoalKind(row["kind"]),
        comparator=Comparator(row["comparator"]),
        target=read_value(row["target"], row["unit"]),
        unit=row["unit"],
        scope=row["scope"],
        strength=row["strength"],
        measured=MEASURED[row["measured"]],
        quote=row["quote"],
        sort=place,
    )


def _add(session: Session, actor: Actor, year: int, goals: Iterable[Goal], now: datetime) -> int:
    known = set(session.scalars(select(Goal.key).where(Goal.year == year)))
    new = [goal for goal in goals if goal.key not in known]
    for goal in new:
        goal.year = year
        session.add(goal)
    session.flush()
    if new:
        city = session.get_one(District, targets.city_id(session))
        after: dict[str, Any] = {"year": year, "goals": len(new)}
        record_values(session, actor, "goals.loaded", city, now=now, after=after)
    return len(new)
