"""Rule sets tried on the data: the trial itself, the last one of a version, what a reader sees of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core import runs
from crm.core.actor import Actor
from crm.core.runs import BackgroundRun, RunState
from crm.counting.models import RuleSetVersion, Subject
from crm.counting.queries import trials
from crm.counting.queries.rules import InForce, in_force
from crm.counting.queries.trials import Turn
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum
from crm.counting.rules.plain import fingerprint, from_json
from crm.counting.rules.sets import rule_set
from crm.goals.rules.trials import (
    MOST,
    Figure,
    Line,
    Moves,
    Overtaken,
    Part,
    Told,
    YearTold,
    overtaken,
)
from crm.projects.models import Project
from crm.projects.queries.scope import readable
from crm.values.money import Money

TRY, PUBLISH = "rules.try", "rules.publish"
"""The kinds of background runs; their key is the version's number."""


def try_out(
    session: Session, row: RuleSetVersion, *, today: date, told: Callable[[int], None]
) -> Told:
    """Try a version on all stored facts, for its year and those after it up to today's."""
    days = trials.days_asked(row.year, today)
    found = trials.trial(session, rule_set(row.parameters), year=row.year, days=days, told=told)
    years = tuple(_year(year, days[year], trial) for year, trial in found.years.items())
    seen = trials.size(session)
    return Told(
        fingerprint(row.parameters), mark(in_force(session)), today, seen, found.changed, years
    )


def mark(now: InForce) -> str:
    """The fingerprint of the versions in force."""
    return fingerprint({str(year): version.id for year, version in now.versions.items()})


def _year(year: int, on: date, trial: trials.Trial) -> YearTold:
    def moves(turns: Iterable[Turn], subject: Subject) -> Moves:
        return _moves([turn for turn in turns if turn.subject is subject])

    return YearTold(
        year,
        on,
        tuple(
            Figure(measure, trial.before.get(measure, Sum()), trial.after.get(measure, Sum()))
            for measure in Measure
        ),
        starts_enter=moves(trial.enters, Subject.PROJECT),
        starts_leave=moves(trial.leaves, Subject.PROJECT),
        funds_enter=moves(trial.enters, Subject.RECEIPT),
        funds_leave=moves(trial.leaves, Subject.RECEIPT),
    )


def _moves(turns: list[Turn]) -> Moves:
    parts: dict[int, Sum] = defaultdict(Sum)
    lines: dict[tuple[int, int, str, str], Sum] = defaultdict(Sum)
    for turn in turns:
        one = Sum(1, Money(turn.amount))
        parts[turn.district] += one
        lines[turn.project, turn.district, turn.before[1], turn.after[1]] += one
    told = [Line(*key, sum) for key, sum in lines.items()]  # type: ignore[arg-type]
    told.sort(key=lambda line: (-abs(line.sum.amount.fen), line.project))
    return Moves(
        tuple(Part(district, sum) for district, sum in sorted(parts.items())), tuple(told[:MOST])
    )


# --- what was told ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """The last trial of a version and its run; `told` None while it runs, or where it failed.

    Attributes:
        overtaken: why it no longer says what publishing would do.
    """

    run: BackgroundRun
    told: Told | None = None
    overtaken: Overtaken | None = None

    @property
    def fresh(self) -> bool:
        """Whether the version may be published on it."""
        return self.told is not None and self.overtaken is None


def last_trial(session: Session, row: RuleSetVersion, today: date) -> Tried | None:
    """The last trial of a version; None: it was never tried."""
    run = runs.newest(session, TRY, str(row.id))
    if run is None or run.state is not RunState.DONE or run.result is None:
        return None if run is None else Tried(run)
    told = from_json(Told, run.result)
    parameters, now = fingerprint(row.parameters), mark(in_force(session))
    return Tried(run, told, overtaken(told, parameters=parameters, in_force=now, today=today))


def last_publishing(session: Session, row: RuleSetVersion) -> BackgroundRun | None:
    """The last time somebody asked for the version to be published; None: nobody did."""
    return runs.newest(session, PUBLISH, str(row.id))


@dataclass(frozen=True)
class Known:
    """A project that moves, as the reader may know of it: by name, or (the administrator) by number."""

    number: str
    name: str | None


def known(session: Session, actor: Actor, told: Told) -> dict[int, Known]:
    """The projects of a trial that the actor may know of; all others are folded by district."""
    numbers = {
        line.project
        for year in told.years
        for moves in (year.starts_enter, year.starts_leave, year.funds_enter, year.funds_leave)
        for line in moves.lines
    }
    found: dict[int, Known] = {}
    some = sorted(numbers)
    for first in range(0, len(some), 500):
        found |= _known(session, actor, some[first : first + 500])
    return found


def _known(session: Session, actor: Actor, numbers: list[int]) -> dict[int, Known]:
    query = select(Project.id, Project.number, Project.name).where(Project.id.in_(numbers))
    if actor.may(Permission.RULES_EDIT):
        return {row.id: Known(row.number, None) for row in session.execute(query)}
    rows = session.execute(query.where(readable(actor)))
    return {row.id: Known(row.number, row.name) for row in rows}
