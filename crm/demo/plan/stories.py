"""What is planned: leads with their moves and talks, projects with their days, lines of money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crm.companies.rules import Position
from crm.counting.rules.facts import MoneyFrom, MovedFrom
from crm.demo.plan.words import Firm, Work
from crm.leads.rules.kinds import EventKind, Stage, Verdict
from crm.ledger.rules import ReceiptKind
from crm.projects.rules.kinds import Construction, Funding, Origin, ProjectKind, Relation

WAN = 10_000
"""Money is planned in whole 万元; so many make an 亿元."""


class Fate(StrEnum):
    """How a lead stands on the last day told."""

    OPEN = "open"
    HELD = "held"
    LOST = "lost"
    SIGNED = "signed"


@dataclass(frozen=True)
class Talk:
    """A follow-up on a day; next_on: the day for which the next step is planned, None: none is."""

    day: date
    next_on: date | None


@dataclass(frozen=True)
class Move:
    """A step to another stage; back: it goes backwards, with a reason."""

    day: date
    stage: Stage
    back: bool = False


@dataclass(frozen=True)
class Step:
    """A hold, its end, a loss or a return; reason and place by the dictionary's names."""

    day: date
    kind: EventKind
    until: date | None = None
    reason: str = ""
    place: str = ""


@dataclass
class LeadPlan:
    """A lead from its entry to its fate; amounts in 万元, None: not known.

    Attributes:
        key: a name of its own, by which chance is drawn.
        firm: None while it is not named. district: "" is 待定.
        given: the days on which it was given to a colleague, with his account's name.
    """

    key: str
    owner: str
    firm: Firm | None
    work: Work
    district: str
    source: str
    model: str
    entered: date
    fate: Fate
    low: int | None = None
    high: int | None = None
    estimated: bool = False
    anchor: str = ""
    brought_by: str = ""
    confidential: bool = False
    helper: str = ""
    first_step: date | None = None
    appraised: tuple[date, Verdict] | None = None
    reviewed: date | None = None
    agreed: date | None = None
    revised: date | None = None
    moves: list[Move] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    given: list[tuple[date, str]] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    @property
    def last_owner(self) -> str:
        """Who has it in the end."""
        return self.given[-1][1] if self.given else self.owner


@dataclass
class Start:
    """A start: the day reported, the day it was entered, the department's word and day, the papers' day."""

    reported: date
    told: date
    accepted: date
    recognised: date | None
    papers: date | None


@dataclass
class ProjectPlan:
    """A project from its signing on; amounts in 万元.

    Attributes:
        entered: the day it came into the system; of one from a lead that of the signing.
        weight: its size among all; agreed follows from its money.
        expects: what counting says of it in the end, a `counting.rules.decisions.Reason`.
        met: the day on which its lead was entered, None: it comes from no lead.
        papers: the day on which the papers of the signing are given, None: they are owed.
    """

    key: str
    name: str
    firm: Firm
    work: Work
    owner: str
    district: str
    signed: date
    entered: date
    weight: float
    expects: str = "started"
    origin: Origin = Origin.LEAD
    met: date | None = None
    lead: LeadPlan | None = None
    relation: Relation = Relation.FIRST
    parent: str = ""
    earlier: str = ""
    kind: ProjectKind = ProjectKind.INDUSTRIAL
    construction: Construction = Construction.NEW
    funding: Funding = Funding.ENTERPRISE
    moved_from: MovedFrom | None = None
    inside_old_plant: bool = False
    model: str = ""
    anchor: str = ""
    agreed: int = 0
    fixed_agreed: int = 0
    phase_share: float | None = None
    fiscal_share: float | None = None
    planned_start: date | None = None
    plan: dict[int, int] = field(default_factory=dict)
    papers: date | None = None
    archived: bool = False
    registered: date | None = None
    licence: date | None = None
    filed: date | None = None
    permits: date | None = None
    start: Start | None = None
    commissioned: date | None = None
    capacity: date | None = None
    terminated: tuple[date, str] | None = None
    tags: tuple[str, ...] = ()
    promised: date | None = None
    talks: list[Talk] = field(default_factory=list)
    named: bool = False

    @property
    def position(self) -> Position | None:
        """Where it stands in its chain."""
        return Position(self.work.position) if self.work.position else None


class Way(StrEnum):
    """How a line of money goes."""

    PLAIN = "plain"
    LATE = "late"
    RETURNED = "returned"
    RETURNED_BY_CITY = "returned_by_city"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"
    OWED = "owed"


@dataclass
class Line:
    """Money that arrived, and the days on which it was reported, reviewed, confirmed; 万元 in yuan.

    Attributes:
        month: its booking month's first day. counts: it adds to the year's money of the goal.
        typed: what was entered first, where that was wrong and came back.
        papers: the day on which its papers come, where not with the report.
    """

    project: str
    arrived: date
    month: date
    amount: int
    kind: ReceiptKind
    origin: MoneyFrom
    counts: bool
    way: Way = Way.PLAIN
    currency: str = "CNY"
    fiscal: bool = False
    typed: int | None = None
    reported: date = date.min
    reviewed: date | None = None
    returned: date | None = None
    corrected: date | None = None
    confirmed: date | None = None
    papers: date | None = None
    withdrawn: date | None = None
    reversed: date | None = None
    late: bool = False
    above: bool = False
    replaces: bool = False
