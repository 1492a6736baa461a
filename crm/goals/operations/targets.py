"""The goals of a year: entered, edited, split over districts and months, taken over from the year before.

What is the city's is set at the bureau; a district's manager reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from crm.audit.operations import record_values
from crm.catalog.models import District
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.counting.rules.goals import GoalKind, short_of_whole
from crm.goals.models import Goal, GoalPart, ReportedFigure
from crm.goals.operations import plan
from crm.goals.queries.targets import city_id, sets_targets
from crm.goals.rules.drafting import GoalDraft, Misfit, misfit
from crm.goals.rules.kinds import MAIN, SPLIT_BY_DISTRICT, Measured
from crm.goals.rules.parts import WHOLE_YEAR
from crm.goals.rules.units import exact_text

MISFITS: dict[Misfit, Any] = {
    Misfit.NEGATIVE: _l("A target is not below nothing."),
    Misfit.NO_COMPARATOR: _l("Say how the figure is compared with its target."),
    Misfit.STOCK_COMPARED: _l("A stock is worked off; it is compared with nothing."),
    Misfit.GROWTH_UNIT: _l("Growth is said in %."),
}


def add(session: Session, actor: Actor, draft: GoalDraft, *, year: int, now: datetime) -> Goal:
    """Enter a goal of a year; departments report its figures, for only the known goals are measured.

    Raises:
        Refused: its parts do not fit together.
    """
    _may(session, actor)
    _check(draft)
    last = session.scalar(select(func.max(Goal.sort)).where(Goal.year == year)) or 0
    goal = Goal(**asdict(draft), year=year, key="", measured=Measured.REPORTED, sort=last + 1)
    goal.key = _free_key(session, year, last + 1)
    session.add(goal)
    session.flush()
    record_values(session, actor, "goal.added", goal, now=now, after=_told(goal))
    return goal


def edit(
    session: Session,
    actor: Actor,
    goal_id: int,
    draft: GoalDraft,
    *,
    version: int | None,
    now: datetime,
) -> Goal:
    """Change a goal. What the house measures keeps its kind and unit, for they are how it is measured.

    Raises:
        Refused: its parts do not fit together.
    """
    goal = _locked(session, actor, goal_id)
    take(goal, version)
    _check(draft)
    before, aim = _told(goal), {goal.target, goal.comparator}
    fixed = {"kind", "unit", "section"} if goal.measured is not Measured.REPORTED else set()
    for name, value in asdict(draft).items():
        if name not in fixed:
            setattr(goal, name, value)
    if {goal.target, goal.comparator} != aim:
        goal.demo_note = ""  # set by people, it is no demonstration's any more
    session.flush()
    after = {name: value for name, value in _told(goal).items() if value != before[name]}
    before = {name: before[name] for name in after}
    record_values(session, actor, "goal.edited", goal, now=now, before=before, after=after)
    return goal


def remove(session: Session, actor: Actor, goal_id: int, *, now: datetime) -> int:
    """Take a goal off its year. Returns the year.

    Raises:
        Refused: it is a main goal, or figures of it were reported: they stay.
    """
    goal = _locked(session, actor, goal_id)
    told = select(func.count()).where(ReportedFigure.goal_id == goal_id)
    if goal.key in MAIN:
        raise Refused(_("The two main goals stay. Set another target instead."))
    if session.scalar(told):
        raise Refused(_("Figures of this goal were reported; it stays with them."))
    record_values(session, actor, "goal.removed", goal, now=now, before=_told(goal))
    session.execute(delete(GoalPart).where(GoalPart.goal_id == goal_id))
    session.delete(goal)
    session.flush()
    return goal.year


def copy_last(session: Session, actor: Actor, *, year: int, now: datetime) -> int:
    """Give a year the goals of the year before that it lacks, parts included. Returns how many.

    Raises:
        Refused: there is nothing to take over.
    """
    _may(session, actor)
    added = plan.carry_over(session, actor, year=year - 1, to=year, now=now)
    if not added:
        raise Refused(_("The year before has no goal that this one lacks."))
    return added


def split(
    session: Session,
    actor: Actor,
    goal_id: int,
    *,
    districts: Mapping[int, int],
    months: Sequence[int],
    version: int | None,
    now: datetime,
) -> Goal:
    """Split the city's target over its districts and over the months of the city; () and {}: not split.

    Args:
        months: what is to come in each of the twelve.

    Raises:
        Refused: parts that do not make the whole, or of a goal that is not split so.
    """
    goal = _locked(session, actor, goal_id)
    take(goal, version)
    if goal.kind is not GoalKind.CUMULATIVE or (districts and goal.key not in SPLIT_BY_DISTRICT):
        raise Refused(_("This goal is not split."))
    for parts, field in ((tuple(districts.values()), "districts"), (tuple(months), "months")):
        if any(part < 0 for part in parts):
            raise Refused(_("A part is not below nothing."), field)
        if parts and (short := int(short_of_whole(goal.target, parts))):
            raise Refused(_how_much(short, goal.unit), field)
    city = city_id(session)
    before = {(part.district_id, part.month): part.amount for part in goal.parts}
    after = {(district, WHOLE_YEAR): amount for district, amount in districts.items()}
    after |= {(city, month): amount for month, amount in enumerate(months, start=1)}
    # Months of a district are loaded by import alone; whoever splits anew decides on the city's.
    session.execute(delete(GoalPart).where(GoalPart.goal_id == goal_id))
    session.add_all(
        GoalPart(goal_id=goal_id, district_id=district, month=month, amount=amount)
        for (district, month), amount in after.items()
    )
    session.flush()
    told = [_parts_told(session, parts, goal.unit) for parts in (before, after)]
    record_values(session, actor, "goal.split", goal, now=now, before=told[0], after=told[1])
    session.expire(goal, ["parts"])
    return goal


def _how_much(short: int, unit: str) -> str:
    amount = f"{exact_text(abs(short), unit)} {unit}".replace(" %", "%")
    if short > 0:
        return str(_("The parts are %(amount)s short of the whole.", amount=amount))
    return str(_("The parts are %(amount)s more than the whole.", amount=amount))


def _told(goal: Goal) -> dict[str, Any]:
    """A goal as the audit tells of it: its target as people write it."""
    names = (
        "year", "section", "name", "name_en", "kind", "comparator", "unit", "scope", "strength", "quote",
    )  # fmt: skip
    told = {name: getattr(goal, name) for name in names}
    return told | {"target": f"{exact_text(goal.target, goal.unit)} {goal.unit}"}


def _parts_told(
    session: Session, parts: Mapping[tuple[int, int], int], unit: str
) -> dict[str, list[str]]:
    """Parts as the audit tells of them: districts by name, months by number."""
    rows = session.execute(select(District.id, District.name))
    names = {row.id: row.name for row in rows}
    told: dict[str, list[str]] = {"districts": [], "months": []}
    for (district, month), amount in sorted(parts.items()):
        kind, name = ("months", str(month)) if month else ("districts", names[district])
        told[kind].append(f"{name} {exact_text(amount, unit)}")
    return told


def _check(draft: GoalDraft) -> None:
    if found := misfit(draft):
        raise Refused(MISFITS[found[0]], found[1])


def _free_key(session: Session, year: int, number: int) -> str:
    known = set(session.scalars(select(Goal.key).where(Goal.year == year)))
    while (key := f"goal_{number}") in known:
        number += 1
    return key


def _may(session: Session, actor: Actor) -> None:
    if not sets_targets(session, actor):
        raise Forbidden


def _locked(session: Session, actor: Actor, goal_id: int) -> Goal:
    _may(session, actor)
    goal = session.scalars(
        select(Goal)
        .options(selectinload(Goal.parts))
        .where(Goal.id == goal_id)
        .with_for_update(of=Goal)
        .execution_options(populate_existing=True)
    ).first()
    if goal is None:
        raise Missing
    return goal
