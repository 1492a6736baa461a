"""What waits and why: the kinds of it, a line of it, who may read the line, how lines stand by day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from crm.leads.rules.kinds import Stage
from crm.values.money import Money


class Kind(StrEnum):
    """Why something waits with somebody, in the order in which it is told.

    Overdue, today and this week (from today to Sunday) are next steps, papers owed and problems, by
    their days;
    no step is an open lead that plans none; silent and limit are the clocks of leads; evidence is all
    that projects owe, whenever it is due; unstarted is past the day it was to start;
    lapsing is a first report of whose end its holder is warned, counted from the day it ends.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NO_STEP = "no_step"
    SILENT = "silent"
    LIMIT = "limit"
    UNSTARTED = "unstarted"
    LAPSING = "lapsing"
    EVIDENCE = "evidence"
    RETURNED = "returned"


class Source(StrEnum):
    """What a line is of: a lead's or project's next step and clocks, a paper owed, a problem, a receipt."""

    LEAD = "lead"
    PROJECT = "project"
    PAPER = "paper"
    PROBLEM = "problem"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class Door:
    """Where a line leads: the record, and the form in which it is dealt with at once.

    Attributes:
        argument: the name under which both endpoints take the subject's number.
        part: the name under which the form takes the line's own number; "" where it takes none.
        anchor: the place on the record's page.
    """

    open: str
    act: str
    argument: str
    part: str = ""
    anchor: str = ""


DOORS: dict[Source, Door] = {
    Source.LEAD: Door("leads.lead", "activities.log_lead", "lead_id"),
    Source.PROJECT: Door("projects.project", "activities.log_project", "project_id"),
    Source.PAPER: Door("projects.project", "projects.give", "project_id", "owed_id", "owed"),
    Source.PROBLEM: Door("problems.problem", "problems.answer", "problem_id"),
    Source.RECEIPT: Door("receipts.receipt", "receipts.correct", "receipt_id"),
}
"""The two links of a line; the letter's and the page's."""


@dataclass(frozen=True)
class Ground:
    """What a line's readers are known by.

    Attributes:
        owner_id: who owns the lead or project; unit: the path of the unit that it belongs to.
        landing: the path of the office where a project lands.
        secret: confidential, by its own mark or its lead's.
        lead_id: the lead whose collaborators read it too; None where there is none.
    """

    owner_id: int
    unit: str
    landing: str = ""
    secret: bool = False
    lead_id: int | None = None


@dataclass(frozen=True)
class Line:
    """One thing that waits, with all the reasons why it does.

    Attributes:
        id: the number of the lead, project, problem or receipt that its links open; part: its own,
            of a paper.
        number: what people call it.
        what: the next step in its owner's words; of a paper the demand's key; of a problem what is
            asked; of a receipt the payer.
        day: by which day; None where none is planned.
        since: each reason with the day it counts from: when it was due, fell silent, was returned.
        owner_id: with whom it waits.
        contact: the last contact of a lead.
    """

    source: Source
    id: int
    part: int
    number: str
    title: str
    company: str
    what: str
    day: date | None
    owner_id: int
    owner: str
    amount: Money
    stage: Stage | None
    contact: date | None
    since: Mapping[Kind, date]
    ground: Ground

    @property
    def confidential(self) -> bool:
        """Whether it is kept from the unit."""
        return self.ground.secret

    def days(self, kind: Kind, today: date) -> int:
        """How many days this reason holds; negative: so many are left."""
        return (today - self.since[kind]).days


@dataclass(frozen=True)
class Reader:
    """Somebody as scopes see him, for lines that were read for many people at once.

    Attributes:
        leads, projects: whether his role reads them at all.
        together: the leads on which he collaborates.
    """

    id: int
    unit: str
    leads: bool
    projects: bool
    sees_confidential: bool
    together: frozenset[int] = frozenset()


def reads(reader: Reader, line: Line) -> bool:
    """Whether he may know of a line: the scopes of leads and of projects, as their queries have them.

    `leads.queries.scope.readable` and `projects.queries.scope.readable` say it to the database; a test
    holds both to each other.
    """
    allowed = reader.leads if line.source is Source.LEAD else reader.projects
    return allowed and knows(reader, line.ground)


def knows(reader: Reader, ground: Ground) -> bool:
    """His own, what he collaborates on, his scope's; of what is confidential there only a manager more."""
    if ground.owner_id == reader.id or ground.lead_id in reader.together:
        return True
    if ground.secret:
        return reader.sees_confidential and _below(ground.unit, reader.unit)
    return covers(reader, ground)


def covers(reader: Reader, ground: Ground) -> bool:
    """Whether it belongs to his unit or one below, or lands there."""
    return _below(ground.unit, reader.unit) or _below(ground.landing, reader.unit)


def _below(path: str, unit: str) -> bool:
    return bool(unit) and path.startswith(unit)


@dataclass(frozen=True)
class Week:
    """The week around a day, Monday to Sunday."""

    monday: date
    today: date

    @classmethod
    def of(cls, today: date) -> Week:
        """The week this day is in."""
        return cls(today - timedelta(days=today.weekday()), today)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        """Its seven days."""
        return [self.monday + timedelta(days=n) for n in range(7)]


class Dated(Protocol):
    """A line of the list: what has to be done by a day; None where no day is planned."""

    @property
    def source(self) -> Source:
        """What it is of."""

    @property
    def day(self) -> date | None:
        """The day."""


Item = TypeVar("Item", bound=Dated)


@dataclass(frozen=True)
class Group(Generic[Item]):
    """Lines that stand under one heading: overdue together, then day by day, then those without one
    by what they are of."""

    day: date | None
    overdue: bool
    lines: Sequence[Item]


def in_order(lines: Collection[Item]) -> list[Item]:
    """The lines by day, those without one last; of one day in the order they came."""
    return sorted(lines, key=lambda line: line.day or date.max)


def by_day(lines: Sequence[Item], today: date) -> list[Group[Item]]:
    """The list as a page shows it: what is late first, oldest first, then each day, then what has no day."""
    dated = [line for line in in_order(lines) if line.day is not None]
    late = [line for line in dated if line.day is not None and line.day < today]
    days = sorted({line.day for line in dated if line.day is not None and line.day >= today})
    groups = [Group(day, False, [line for line in dated if line.day == day]) for day in days]
    if late:
        groups.insert(0, Group(None, True, late))
    for source in Source:
        if without := [line for line in lines if line.day is None and line.source is source]:
            groups.append(Group(None, False, without))
    return groups
