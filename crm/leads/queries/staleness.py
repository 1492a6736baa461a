"""Which leads are silent or past a limit: `rules.clocks` as conditions, for lists, counters and letters.

The working days are counted once (`deadlines`); the conditions compare columns with days.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy.orm import Session

from crm.catalog.queries import clocks, work_calendar
from crm.leads.models import FOREVER, Lead
from crm.leads.rules.clocks import Deadlines, Silence
from crm.leads.rules.kinds import Stage, Standing


def deadlines(session: Session, today: date) -> Deadlines:
    """The limits in force, as days; one query."""
    return Deadlines.of(today, work_calendar(session), clocks(session))


def silent(limits: Deadlines, least: Silence = Silence.SILENT) -> ColumnElement[bool]:
    """Leads without contact for longer than their limit, or so long that it has to be explained."""
    latest = limits.explain
    own: ColumnElement[date] | date = limits.explain
    if least is Silence.SILENT:
        key = or_(Lead.amount_low >= limits.key_from, Lead.responsible_leader != "")
        latest = max(limits.explain, limits.silent, limits.silent_key)
        own = case(
            (key, max(limits.silent_key, limits.explain)),
            else_=max(limits.silent, limits.explain),
        )
    return and_(
        _runs(limits),
        or_(Lead.next_step_on < limits.today, Lead.next_step_on == FOREVER),
        Lead.silent_from < latest,  # the index's part
        Lead.silent_from < own,
        func.coalesce(Lead.standing_until, Lead.silent_from) < own,
    )


def overstayed(limits: Deadlines) -> ColumnElement[bool]:
    """Leads in their stage for longer than the stage's limit."""
    return and_(
        _runs(limits),
        or_(
            *(
                and_(Lead.stage == stage, Lead.staged_from < day)
                for stage, day in limits.stages.items()
            )
        ),
    )


def _runs(limits: Deadlines) -> ColumnElement[bool]:
    return and_(
        Lead.stage != Stage.SIGNED,
        Lead.standing.in_([Standing.OPEN, Standing.ON_HOLD]),
        or_(Lead.standing_until.is_(None), Lead.standing_until < limits.today),
    )
