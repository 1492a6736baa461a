"""Leads, their dated states and events, agreements short of signing, scenarios."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person, Unit
from crm.catalog.models import AttractionModel, Chain, ChainNode, Cluster, District, Park, Term
from crm.companies.models import Company, HeadFirm
from crm.companies.rules import Position
from crm.core.columns import Choice, Fen, Key, LongText, Moment, looked_up, sort_text
from crm.core.database import Base
from crm.leads.rules.bulk import BulkKind
from crm.leads.rules.history import FOREVER as FOREVER
from crm.leads.rules.kinds import (
    AgreementKind,
    AppraisalKind,
    Effect,
    EventKind,
    ScenarioState,
    Stage,
    Standing,
    Verdict,
)
from crm.values.money import Money

lead_collaborator = Table(
    "lead_collaborator",
    Base.metadata,
    Column("lead_id", ForeignKey("lead.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)

lead_model = Table(
    "lead_model",
    Base.metadata,
    Column("lead_id", ForeignKey("lead.id"), primary_key=True),
    Column("model_id", ForeignKey("attraction_model.id"), primary_key=True, index=True),
)

lead_tag = Table(
    "lead_tag",
    Base.metadata,
    Column("lead_id", ForeignKey("lead.id"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)


class Scenario(Base):
    """A need the city opens to firms that can meet it: the anchor of 场景招商."""

    __tablename__ = "scenario"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(120), unique=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    opened_by: Mapped[str] = mapped_column(String(100), default="")
    demand: Mapped[str] = mapped_column(LongText, default="")
    volume: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    open_from: Mapped[date | None]
    open_until: Mapped[date | None]
    state: Mapped[ScenarioState] = mapped_column(Choice(ScenarioState))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    source: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    cluster: Mapped[Cluster | None] = looked_up()
    district: Mapped[District | None] = looked_up()
    owner: Mapped[Person | None] = looked_up()


class ScenarioMatch(Base):
    """A firm brought together with a scenario."""

    __tablename__ = "scenario_match"

    id: Mapped[Key]
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    matched_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")

    company: Mapped[Company] = looked_up()


class Lead(Base):
    """An investment opportunity before signing; None in a dimension means 待定.

    Its columns are today's state; `LeadState` keeps every day's.

    Attributes:
        number: what people call it, "XS-2025-0042".
        pinyin, initials, search_text: the title as it is sorted and found.
        company_id: the investor; None while 暂不具名, at most until 洽谈.
        amount_low, amount_high: estimated investment; equal unless a range; sums use the lower bound.
        amount_estimated: "约".
        unit_id: the owner's unit, to which the lead belongs.
        standing_until: the day a hold ends.
        entered_on … signed_first: the day it entered, and the first day each stage was reached, rebuilt
            from the states by `crm leads recount`.
        last_contact_on, silent_from: written by `touch`; silence counts from `silent_from`.
        problems, problem_due_on: how many are open, and by when the next has to be solved; written by
            `note_problems`.
        moved_on, staged_from: since when it stands in its stage, and from when its stay counts: later
            by the days on hold (`rules.history.staged_from`).
    """

    __tablename__ = "lead"
    __table_args__ = (
        # a list's order, within what it nearly always asks for (queries/pages.py)
        Index(None, "standing", "stage", "pinyin", "id"),
        Index(None, "standing", "stage", "number", "id"),
        Index(None, "standing", "stage", "amount_low", "id"),
        Index(None, "standing", "stage", "entered_on", "id"),
        Index(None, "standing", "stage", "moved_on", "id"),
        Index(None, "standing", "stage", "silent_from", "id"),
        Index(None, "standing", "stage", "next_step_on", "id"),
        Index(None, "problem_due_on"),
        # its filters, and its order by a dimension
        Index(None, "stage", "standing", "id"),
        Index(None, "position", "standing", "id"),
        Index(None, "model_id", "standing", "id"),
        Index(None, "chain_id", "standing", "id"),
        Index(None, "node_id", "standing", "id"),
        Index(None, "district_id", "standing", "id"),
        Index(None, "owner_id", "standing", "id"),
        Index(None, "unit_id", "standing", "id"),
        Index(None, "source_id", "standing", "id"),
        Index(None, "company_id"),
        Index(None, "head_firm_id"),
        Index(None, "scenario_id"),
        Index(None, "brought_by_id"),
        Index(None, "owner_id", "standing", "next_step_on"),
        Index(None, "unit_id", "standing", "stage"),
        Index(
            "ix_lead_confidential",
            "id",
            sqlite_where=text("confidential = 1"),
            postgresql_where=text("confidential"),
        ),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sort_text(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    pinyin: Mapped[str] = mapped_column(sort_text(600), default="")
    initials: Mapped[str] = mapped_column(sort_text(300), default="")
    search_text: Mapped[str] = mapped_column(sort_text(300), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    content: Mapped[str] = mapped_column(String(300))
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_title: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")

    chain_id: Mapped[int | None] = mapped_column(ForeignKey("chain.id"))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("chain_node.id"))
    position: Mapped[Position | None] = mapped_column(Choice(Position))
    effect: Mapped[Effect | None] = mapped_column(Choice(Effect))
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("attraction_model.id"))
    head_firm_id: Mapped[int | None] = mapped_column(ForeignKey("head_firm.id"))
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    introducer: Mapped[str] = mapped_column(String(100), default="")
    responsible_leader: Mapped[str] = mapped_column(String(60), default="")

    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    park_id: Mapped[int | None] = mapped_column(ForeignKey("park.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confidential: Mapped[bool] = mapped_column(default=False)

    amount_low: Mapped[Money] = mapped_column(Fen, default=Money(0))
    amount_high: Mapped[Money | None] = mapped_column(Fen)
    amount_known: Mapped[bool] = mapped_column(default=False)
    amount_estimated: Mapped[bool] = mapped_column(default=False)

    land_mu: Mapped[int | None]
    floor_m2: Mapped[int | None]
    water_t_day: Mapped[int | None]
    power_kva: Mapped[int | None]
    energy_tce: Mapped[int | None]
    workers: Mapped[int | None]
    needs_note: Mapped[str] = mapped_column(String(300), default="")

    stage: Mapped[Stage] = mapped_column(Choice(Stage), default=Stage.IDENTIFIED)
    standing: Mapped[Standing] = mapped_column(Choice(Standing), default=Standing.OPEN)
    standing_until: Mapped[date | None]
    standing_reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    competing_place: Mapped[str] = mapped_column(String(60), default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_step_on: Mapped[date] = mapped_column(default=FOREVER)
    """FOREVER: no next step planned; a sort key is never NULL."""
    last_contact_on: Mapped[date | None]
    silent_from: Mapped[date]
    problems: Mapped[int] = mapped_column(default=0)
    problem_due_on: Mapped[date] = mapped_column(default=FOREVER)
    moved_on: Mapped[date]
    staged_from: Mapped[date]
    entered_on: Mapped[date]
    contacted_first: Mapped[date | None]
    negotiating_first: Mapped[date | None]
    drafted_first: Mapped[date | None]
    signed_first: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Company | None] = looked_up(foreign_keys=[company_id])
    brought_by: Mapped[Company | None] = looked_up(foreign_keys=[brought_by_id])
    chain: Mapped[Chain | None] = looked_up()
    node: Mapped[ChainNode | None] = looked_up()
    model: Mapped[AttractionModel | None] = looked_up(foreign_keys=[model_id])
    head_firm: Mapped[HeadFirm | None] = looked_up()
    scenario: Mapped[Scenario | None] = looked_up()
    source: Mapped[Term | None] = looked_up(foreign_keys=[source_id])
    standing_reason: Mapped[Term | None] = looked_up(foreign_keys=[standing_reason_id])
    district: Mapped[District | None] = looked_up()
    park: Mapped[Park | None] = looked_up()
    unit: Mapped[Unit] = looked_up()
    owner: Mapped[Person] = looked_up(foreign_keys=[owner_id])
    collaborators: Mapped[list[Person]] = relationship(secondary=lead_collaborator, lazy="raise")
    further_models: Mapped[list[AttractionModel]] = relationship(secondary=lead_model, lazy="raise")
    tags: Mapped[list[Term]] = looked_up(secondary=lead_tag, order_by=(Term.sort, Term.id))


class LeadGram(Base):
    """A bigram of what is to be built, by chain: the index in which similar plans are found."""

    __tablename__ = "lead_gram"

    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), primary_key=True)
    gram: Mapped[str] = mapped_column(sort_text(16), primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), primary_key=True, index=True)


_DAY = (
    *("day_until", "day_from", "stage", "standing", "district_id", "unit_id", "owner_id"),
    *("chain_id", "node_id", "position", "model_id", "lead_id", "amount"),
    *("staged_from", "stage_next", "current"),
)
"""What a figure of a day reads of a state; without `current` SQLite would look into the table for it."""

_CURRENT: Any = {"sqlite_where": text("current = 1"), "postgresql_where": text("current")}
"""As a query says it: else SQLite passes the index by."""

_CHANGES = ("stage", "standing", "amount", "district_id", "unit_id", "owner_id", "current")
"""What the bridge between two days reads of a state and of the one before it: both from an index alone."""


class LeadState(Base):
    """What a lead was from one day until another (exclusive), as recorded; never edited.

    A change on a day ends the states it overlaps by setting `superseded_at` (once) and adds new ones,
    so "as known today" reads the rows still current and "as known then" the rows recorded by then and
    not yet superseded. Current states of a lead never overlap and leave no gap from `entered_on` on.

    Attributes:
        staged_from, stage_next: its place in the stay in a stage; see `rules.history.Placed`.
    """

    __tablename__ = "lead_state"
    __table_args__ = (
        Index(
            "uq_lead_state_current_from",
            "lead_id",
            "day_from",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index(
            "uq_lead_state_current_open",
            "lead_id",
            unique=True,
            sqlite_where=text("current AND day_until = '9999-12-31'"),
            postgresql_where=text("current AND day_until = '9999-12-31'"),
        ),
        Index(None, "lead_id", "day_from"),
        Index("ix_lead_state_as_of", *_DAY, **_CURRENT),
        Index("ix_lead_state_before", "lead_id", "day_until", *_CHANGES, **_CURRENT),
        Index("ix_lead_state_after", "day_from", "lead_id", *_CHANGES, **_CURRENT),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    day_from: Mapped[date]
    day_until: Mapped[date] = mapped_column(default=FOREVER)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    superseded_at: Mapped[datetime | None] = mapped_column(Moment)
    current: Mapped[bool] = mapped_column(default=True)
    stage: Mapped[Stage] = mapped_column(Choice(Stage))
    standing: Mapped[Standing] = mapped_column(Choice(Standing))
    amount: Mapped[Money] = mapped_column(Fen)
    district_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    owner_id: Mapped[int] = mapped_column(BigInteger)
    chain_id: Mapped[int | None] = mapped_column(BigInteger)
    node_id: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[Position | None] = mapped_column(Choice(Position))
    model_id: Mapped[int | None] = mapped_column(BigInteger)
    staged_from: Mapped[date]
    stage_next: Mapped[Stage | None] = mapped_column(Choice(Stage))


class LeadEvent(Base):
    """What happened to a lead: the day it holds for, when and by whom it was recorded, and why."""

    __tablename__ = "lead_event"
    __table_args__ = (Index(None, "lead_id", "day"), Index(None, "kind", "day"))

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    kind: Mapped[EventKind] = mapped_column(Choice(EventKind))
    day: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stage_from: Mapped[Stage | None] = mapped_column(Choice(Stage))
    stage_to: Mapped[Stage | None] = mapped_column(Choice(Stage))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)

    person: Mapped[Person] = looked_up()
    reason: Mapped[Term | None] = looked_up()


class BulkAction(Base):
    """Something done to many leads at once, by one person; undoing it is another.

    Attributes:
        what: the arguments: the owner, the step, the tags.
        done: of each lead changed its id, its version afterwards, and what it was before.
        left: of each lead left as it is its id, why (`rules.bulk.Left`), and what a rule said.
        undoes_id: the action that this one takes back; only one can.
    """

    __tablename__ = "bulk_action"

    id: Mapped[Key]
    kind: Mapped[BulkKind] = mapped_column(Choice(BulkKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    what: Mapped[dict[str, Any]] = mapped_column(JSON)
    done: Mapped[list[Any]] = mapped_column(JSON)
    left: Mapped[list[Any]] = mapped_column(JSON)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("bulk_action.id"), unique=True)


class Appraisal(Base):
    """A decision on a lead (研判): go on, wait, or no; by whom and why. The latest of a kind holds."""

    __tablename__ = "appraisal"

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    kind: Mapped[AppraisalKind] = mapped_column(Choice(AppraisalKind))
    verdict: Mapped[Verdict] = mapped_column(Choice(Verdict))
    decided_on: Mapped[date]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    industry: Mapped[str] = mapped_column(String(300), default="")
    land: Mapped[str] = mapped_column(String(300), default="")
    energy: Mapped[str] = mapped_column(String(300), default="")
    environment: Mapped[str] = mapped_column(String(300), default="")
    due_diligence: Mapped[str] = mapped_column(String(300), default="")
    why: Mapped[str] = mapped_column(String(500))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = looked_up()


class Agreement(Base):
    """An intent or framework agreement: recorded, and the lead stays at 拟签约."""

    __tablename__ = "agreement"

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    kind: Mapped[AgreementKind] = mapped_column(Choice(AgreementKind))
    signed_on: Mapped[date]
    party: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2), default="CN")
    amount: Mapped[Money] = mapped_column(Fen)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
