"""Figures that departments report of goals we do not measure; a later one of a month supersedes."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.counting.rules.goals import GoalKind
from crm.goals.models import ReportedFigure
from crm.goals.queries.targets import goal, reports_figures
from crm.goals.rules.kinds import Measured
from crm.goals.rules.units import exact_text
from crm.values.period import Month


def report(
    session: Session,
    actor: Actor,
    goal_id: int,
    *,
    month: int,
    value: int,
    method: str,
    source: str,
    now: datetime,
) -> ReportedFigure:
    """Note what a department says of a goal from January to the end of a month.

    Raises:
        Refused: a month that is not over, a figure without method or source, one below nothing that
            is no growth, a goal that is measured here.
    """
    if not reports_figures(session, actor):
        raise Forbidden
    of = goal(session, goal_id)
    if of.measured is not Measured.REPORTED:
        raise Refused(_("This goal is measured from our own rows; nobody reports it."))
    if not 1 <= month <= 12 or Month(of.year, month).last_day > day_of(now):
        raise Refused(_("This month is not over yet."), "month")
    if value < 0 and of.kind is not GoalKind.GROWTH:
        raise Refused(_("Only growth can be below nothing."), "value")
    if not method.strip():
        raise Refused(
            _("Say how the figure was made: flash report, annual report, estimate."), "method"
        )
    if not source.strip():
        raise Refused(
            _("Name the source: which department, in which paper, of which day."), "source"
        )
    row = ReportedFigure(
        goal_id=goal_id,
        month=month,
        value=value,
        method=method.strip(),
        source=source.strip(),
        reported_by=actor.id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    after = {
        "month": month,
        "value": f"{exact_text(value, of.unit)} {of.unit}",
        "method": row.method,
        "source": row.source,
    }
    record_values(
        session, actor, "figure.reported", row, now=now, on=("goal", goal_id), after=after
    )
    return row
