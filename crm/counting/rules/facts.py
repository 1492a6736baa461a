"""What a decision looks at: the facts of a project and of a receipt, handed over by those who know.

Counting knows neither projects nor receipts. Days are Shanghai days, money is whole fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm.values.money import Money


class Kind(StrEnum):
    """What is built: 产业类, generation and storage of new energy, grids and pipelines, other

    infrastructure, real estate.
    """

    INDUSTRIAL = "industrial"
    NEW_ENERGY = "new_energy"
    GRID = "grid"
    INFRASTRUCTURE = "infrastructure"
    REAL_ESTATE = "real_estate"


class Signing(StrEnum):
    """What a signing is to the first one: itself the first, a later phase, a capital increase."""

    FIRST = "first"
    PHASE = "phase"
    INCREASE = "increase"


class Works(StrEnum):
    """建设性质: new, expansion, technical upgrade (技改), relocation."""

    NEW = "new"
    EXPANSION = "expansion"
    UPGRADE = "upgrade"
    RELOCATION = "relocation"


class MovedFrom(StrEnum):
    """Where a relocated plant comes from."""

    CITY = "city"
    ELSEWHERE = "elsewhere"


class Purse(StrEnum):
    """Whose money: enterprise, mixed with fiscal money, wholly fiscal, PPP."""

    ENTERPRISE = "enterprise"
    MIXED = "mixed"
    FISCAL = "fiscal"
    PPP = "ppp"


class MoneyFrom(StrEnum):
    """Where money comes from: 境外, 区外, 区内市外, 市内; 区 is Inner Mongolia."""

    ABROAD = "abroad"
    OUTSIDE_REGION = "outside_region"
    REGION = "region"
    CITY = "city"


class ReceiptState(StrEnum):
    """How far a receipt has come; a returned one waits for its correction, a withdrawn one for nothing."""

    REPORTED = "reported"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Place:
    """By what a figure is split; None and "" are 未定, a row of its own in every split.

    Attributes:
        district: where the project lands; it has all of the credit.
        position: 链主 / 链核 / 配套 by its stored value.
        anchor: "head_firm:12" or "scenario:3".
    """

    district: int
    cluster: int | None = None
    chain: int | None = None
    node: int | None = None
    position: str = ""
    model: int | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Debt:
    """Papers owed for a milestone reached.

    Attributes:
        demand: its key, e.g. "signature_page".
        since: the day the milestone was reached.
        due: the last day that is not late.
        settled: the day it was wholly given; None while owed.
    """

    demand: str
    since: date
    due: date
    settled: date | None = None

    def open_on(self, day: date) -> bool:
        """Whether it was owed at the end of the day."""
        return self.since <= day and (self.settled is None or day < self.settled)


@dataclass(frozen=True)
class Planned:
    """Funds planned for a year."""

    year: int
    amount: Money


@dataclass(frozen=True)
class ProjectFacts:
    """Everything that section 3 decides a project's start on. Confidentiality is no such thing.

    Attributes:
        project: its number.
        total: agreed total investment; of a phase or an increase, its own.
        phase_one: the part of phase one where the project is phased, else None.
        fiscal: the fiscal part of mixed money; None where it is not known.
        fiscal_in_phase_one: how much of it lies in phase one; None is taken to be all of it.
        increment: what a later phase or an increase adds to the money agreed; None: its total.
        filing_code, first_filing_code: its own 备案, and that of the first signing.
        earlier_signing: the project under which the same thing was signed before.
        inside_old_plant, moved_from: of a relocation; moved_from None is not known.
        reported_on: the day the officer says it started. accepted_on: the start date that the
            department accepts. recognised_on: the day it did so.
        debts: what was and is owed for the milestones reached.
        terminated_on: None while it lives.
    """

    project: int
    place: Place
    kind: Kind
    total: Money
    signed_on: date
    signing: Signing = Signing.FIRST
    phase_one: Money | None = None
    works: Works = Works.NEW
    inside_old_plant: bool = False
    moved_from: MovedFrom | None = None
    purse: Purse = Purse.ENTERPRISE
    fiscal: Money | None = None
    fiscal_in_phase_one: Money | None = None
    increment: Money | None = None
    filing_code: str = ""
    first_filing_code: str = ""
    earlier_signing: int | None = None
    planned: tuple[Planned, ...] = ()
    reported_on: date | None = None
    accepted_on: date | None = None
    recognised_on: date | None = None
    debts: tuple[Debt, ...] = ()
    terminated_on: date | None = None


@dataclass(frozen=True)
class ReceiptFacts:
    """Everything that section 3 decides a receipt on, beside its project's facts.

    Attributes:
        receipt, project: their numbers.
        arrived_on: the day the money was there; a reversal keeps that of what it reverses.
        amount: negative for a reversal.
        fiscal: a line of fiscal money.
        confirmed_at: the instant of confirmation, None before.
        owed: keys of the evidence still owed.
        reverses: the receipt that it takes back, else None.
    """

    receipt: int
    project: int
    arrived_on: date
    amount: Money
    origin: MoneyFrom
    state: ReceiptState
    reported_on: date
    fiscal: bool = False
    confirmed_at: datetime | None = None
    owed: tuple[str, ...] = ()
    reverses: int | None = None
