"""Key leads, and how long things may take; the limits are settings."""

from __future__ import annotations

from datetime import date

from crm.catalog.rules import Clocks
from crm.leads.rules.kinds import Stage
from crm.values.money import Money
from crm.values.workdays import WorkCalendar


def is_key(amount: Money, responsible_leader: str, clocks: Clocks) -> bool:
    """A key lead: of at least so many 亿元, or with a leader answering for it."""
    return amount >= Money.yi(clocks.key_lead_yi) or bool(responsible_leader)


def silence_limit(key: bool, clocks: Clocks) -> int:
    """After how many working days without contact a lead is silent."""
    return clocks.silence_key if key else clocks.silence


def stage_limit(stage: Stage, clocks: Clocks) -> int | None:
    """For how many working days a lead may stay in a stage; None: no limit."""
    return {
        Stage.IDENTIFIED: clocks.stage_identified,
        Stage.CONTACTED: clocks.stage_contacted,
        Stage.NEGOTIATING: clocks.stage_negotiating,
        Stage.DRAFTED: clocks.stage_drafted,
    }.get(stage)


def appraisal_due(entered_on: date, calendar: WorkCalendar, clocks: Clocks) -> date:
    """The last day for the first appraisal, itself not late."""
    return calendar.add(entered_on, clocks.appraise)
