"""Key leads, and how long things may take: silence, stay in a stage, the first appraisal.

The limits are settings, in working days of the official calendar. `Deadlines` turns them into days once
a request; `crm.leads.queries.staleness` says the same as conditions of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from crm.catalog.rules import Clocks
from crm.leads.rules.history import FOREVER
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from crm.values.workdays import WorkCalendar


class Silence(StrEnum):
    """How long nobody was in contact: past the lead's limit, or so long that it has to be explained."""

    SILENT = "silent"
    EXPLAIN = "explain"


class Clocked(Protocol):
    """What the clocks read of a lead (`crm.leads.models.Lead`)."""

    @property
    def stage(self) -> Stage: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def standing_until(self) -> date | None: ...
    @property
    def silent_from(self) -> date: ...
    @property
    def staged_from(self) -> date: ...
    @property
    def next_step_on(self) -> date: ...
    @property
    def amount_low(self) -> Money: ...
    @property
    def responsible_leader(self) -> str: ...


@dataclass(frozen=True)
class Deadlines:
    """The limits of one day as days: what began before such a day has taken too long.

    Attributes:
        key_from: the amount from which a lead is a key lead.
        silent_key, silent, explain: for the last contact, of key leads, of the others, of all.
        stages: for the day the stay in a stage counts from; a stage without a limit is not in it.
    """

    today: date
    key_from: Money
    silent_key: date
    silent: date
    explain: date
    stages: Mapping[Stage, date]

    @classmethod
    def of(cls, today: date, calendar: WorkCalendar, clocks: Clocks) -> Deadlines:
        """The deadlines that the settings give for a day."""
        limits = {stage: stage_limit(stage, clocks) for stage in Stage}
        return cls(
            today=today,
            key_from=Money.yi(clocks.key_lead_yi),
            silent_key=calendar.since(today, silence_limit(True, clocks)),
            silent=calendar.since(today, silence_limit(False, clocks)),
            explain=calendar.since(today, clocks.silence_explain),
            stages={
                stage: calendar.since(today, limit)
                for stage, limit in limits.items()
                if limit is not None
            },
        )


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


def silence_began(lead: Clocked) -> date:
    """The day silence counts from: the last contact, or the end of a hold that nobody took up again."""
    return max(lead.silent_from, lead.standing_until or lead.silent_from)


def silence(lead: Clocked, deadlines: Deadlines) -> Silence | None:
    """Whether a lead is silent: no contact by a person for longer than its limit.

    A next step planned for today or later suspends it, and so does a hold until its day. Changing a
    field is no contact; a step that is planned and passes without one does not start the count anew.
    """
    if not _runs(lead, deadlines) or deadlines.today <= lead.next_step_on < FOREVER:
        return None
    began = silence_began(lead)
    key = lead.amount_low >= deadlines.key_from or bool(lead.responsible_leader)
    if began < deadlines.explain:
        return Silence.EXPLAIN
    return Silence.SILENT if began < (deadlines.silent_key if key else deadlines.silent) else None


def overstays(lead: Clocked, deadlines: Deadlines) -> bool:
    """Whether a lead has been in its stage for longer than the stage's limit, holds not counted.

    A planned step does not suspend this one: a lead that is visited for ever stands still all the same.
    """
    limit = deadlines.stages.get(lead.stage)
    return _runs(lead, deadlines) and limit is not None and lead.staged_from < limit


def _runs(lead: Clocked, deadlines: Deadlines) -> bool:
    """Whether the clocks run: in hand and not signed, or on hold for longer than was said."""
    if lead.stage is Stage.SIGNED or lead.standing is Standing.LOST:
        return False
    return lead.standing_until is None or lead.standing_until < deadlines.today
