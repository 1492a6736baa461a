"""Projects, their milestones and the evidence for them, permits, promises, tags."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person, Unit
from crm.catalog.models import AttractionModel, Chain, ChainNode, District, Park, Term
from crm.companies.models import Company, HeadFirm
from crm.companies.rules import Position
from crm.core.columns import Choice, Fen, Key, Moment, looked_up, sort_text
from crm.core.database import Base
from crm.counting.rules.facts import MovedFrom
from crm.files.models import Attachment
from crm.leads.models import FOREVER, Lead, Scenario
from crm.leads.rules.kinds import Effect
from crm.projects.rules.kinds import (
    Construction,
    EvidenceKind,
    FairReview,
    Funding,
    Milestone,
    Origin,
    PermitKind,
    PermitState,
    ProjectKind,
    PromiseState,
    Relation,
)
from crm.values.money import Money

project_tag = Table(
    "project_tag",
    Base.metadata,
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)


class Project(Base):
    """What a lead becomes once an investment agreement is signed.

    Attributes:
        number: what people call it, "XM-2025-0042".
        pinyin, initials, search_text: the name as it is sorted and found.
        parent_id: the first project, of a later phase or capital increase.
        agreed: agreed total investment. phase_one: the part of phase one, where phased.
        fixed_asset: the fixed-asset part. fiscal: the fiscal part of mixed money.
        fiscal_in_phase_one: how much of it lies in phase one; None: taken to be all of it.
        increment: what a later phase or an increase adds to the money agreed; None: all of it.
        inside_old_plant, moved_from: of a relocation; moved_from None: not known.
        earlier_signing_id: the project under which the same thing was signed before; counted there.
        plan_why: why the funds plan comes to more than was agreed.
        chain_id … scenario_id: as fixed at signing; a manager may correct them with a reason.
        unit_id: the owner's unit; the landing district's unit reads it too.
        filing_code, statistics_code: 备案 and 入统 codes; above_scale_on: 入规.
        terminated_on: FOREVER while it lives.
    """

    __tablename__ = "project"
    __table_args__ = (
        Index(None, "unit_id", "id"),
        Index(None, "unit_id", "district_id"),
        Index(None, "district_id", "id"),
        Index(None, "owner_id"),
        Index(None, "lead_id"),
        Index(None, "company_id"),
        Index(None, "parent_id"),
        Index(None, "earlier_signing_id"),
        Index(None, "chain_id"),
        Index(None, "node_id"),
        Index(None, "head_firm_id"),
        Index(None, "scenario_id"),
        Index(None, "brought_by_id"),
        Index(None, "signed_on", "id"),
        Index(None, "above_scale_on"),
        Index(None, "agreed", "id"),
        Index(None, "pinyin", "id"),
        Index(
            "ix_project_confidential",
            "id",
            sqlite_where=text("confidential = 1"),
            postgresql_where=text("confidential"),
        ),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sort_text(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    pinyin: Mapped[str] = mapped_column(sort_text(800), default="")
    initials: Mapped[str] = mapped_column(sort_text(400), default="")
    search_text: Mapped[str] = mapped_column(sort_text(300), default="")
    content: Mapped[str] = mapped_column(String(300), default="")
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    origin_note: Mapped[str] = mapped_column(String(200), default="")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    relation: Mapped[Relation] = mapped_column(Choice(Relation), default=Relation.FIRST)
    earlier_signing_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))

    kind: Mapped[ProjectKind] = mapped_column(Choice(ProjectKind))
    construction: Mapped[Construction] = mapped_column(Choice(Construction))
    funding: Mapped[Funding] = mapped_column(Choice(Funding))
    agreed: Mapped[Money] = mapped_column(Fen)
    phase_one: Mapped[Money | None] = mapped_column(Fen)
    fixed_asset: Mapped[Money | None] = mapped_column(Fen)
    fiscal: Mapped[Money | None] = mapped_column(Fen)
    fiscal_in_phase_one: Mapped[Money | None] = mapped_column(Fen)
    increment: Mapped[Money | None] = mapped_column(Fen)
    inside_old_plant: Mapped[bool] = mapped_column(default=False)
    moved_from: Mapped[MovedFrom | None] = mapped_column(Choice(MovedFrom))
    plan_why: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date]
    signing_party: Mapped[str] = mapped_column(String(120))
    signing_country: Mapped[str] = mapped_column(String(2), default="CN")
    planned_start: Mapped[date | None]
    planned_commissioning: Mapped[date | None]

    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    park_id: Mapped[int | None] = mapped_column(ForeignKey("park.id"))
    chain_id: Mapped[int | None] = mapped_column(ForeignKey("chain.id"))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("chain_node.id"))
    position: Mapped[Position | None] = mapped_column(Choice(Position))
    effect: Mapped[Effect | None] = mapped_column(Choice(Effect))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("attraction_model.id"))
    head_firm_id: Mapped[int | None] = mapped_column(ForeignKey("head_firm.id"))
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    responsible_leader: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confidential: Mapped[bool] = mapped_column(default=False)

    filing_code: Mapped[str] = mapped_column(String(60), default="")
    statistics_code: Mapped[str] = mapped_column(String(60), default="")
    statistics_on: Mapped[date | None]
    above_scale_on: Mapped[date | None]
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_step_on: Mapped[date] = mapped_column(default=FOREVER)
    last_contact_on: Mapped[date | None]
    terminated_on: Mapped[date] = mapped_column(default=FOREVER)
    termination_reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    demo_note: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    lead: Mapped[Lead | None] = looked_up()
    parent: Mapped[Project | None] = looked_up(remote_side="Project.id", foreign_keys=[parent_id])
    planned_funds: Mapped[list[PlannedFunds]] = relationship(
        lazy="raise", order_by="PlannedFunds.year", viewonly=True
    )
    company: Mapped[Company] = looked_up(foreign_keys=[company_id])
    brought_by: Mapped[Company | None] = looked_up(foreign_keys=[brought_by_id])
    district: Mapped[District] = looked_up()
    park: Mapped[Park | None] = looked_up()
    chain: Mapped[Chain | None] = looked_up()
    node: Mapped[ChainNode | None] = looked_up()
    model: Mapped[AttractionModel | None] = looked_up()
    head_firm: Mapped[HeadFirm | None] = looked_up()
    scenario: Mapped[Scenario | None] = looked_up()
    unit: Mapped[Unit] = looked_up()
    owner: Mapped[Person] = looked_up(foreign_keys=[owner_id])
    tags: Mapped[list[Term]] = relationship(secondary=project_tag, lazy="raise")
    termination_reason: Mapped[Term | None] = looked_up(foreign_keys=[termination_reason_id])


class PlannedFunds(Base):
    """The funds that a project plans for a year; a year without a row is 待定."""

    __tablename__ = "planned_funds"
    __table_args__ = (UniqueConstraint("project_id", "year"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    year: Mapped[int]
    amount: Mapped[Money] = mapped_column(Fen)


class Reached(Base):
    """A milestone reached: as reported, and as a department recognised it.

    Attributes:
        reported_on: the day the officer says it was reached.
        accepted_on: the day the department accepts for it; a start counts by this one.
        recognised_on: the day the department did so; department: 发改 / 工信 / 统计 ….
        seen: what was seen on site.
        registered_name, registered_code: of the firm that was registered for the project.
    """

    __tablename__ = "project_milestone"
    __table_args__ = (
        UniqueConstraint("project_id", "milestone"),
        Index(None, "milestone", "reported_on"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    milestone: Mapped[Milestone] = mapped_column(Choice(Milestone))
    reported_on: Mapped[date]
    reported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[str] = mapped_column(String(500), default="")
    registered_name: Mapped[str] = mapped_column(String(120), default="")
    registered_code: Mapped[str] = mapped_column(String(18), default="")
    accepted_on: Mapped[date | None]
    recognised_on: Mapped[date | None]
    recognised_at: Mapped[datetime | None] = mapped_column(Moment)
    recognised_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Term | None] = looked_up()
    reporter: Mapped[Person] = looked_up(foreign_keys=[reported_by])


class Owed(Base):
    """A demand of a milestone, with its due day; settled when one alternative is wholly given."""

    __tablename__ = "owed_evidence"
    __table_args__ = (
        UniqueConstraint("project_id", "demand"),
        Index(None, "settled_on", "due_on"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    milestone: Mapped[Milestone] = mapped_column(Choice(Milestone))
    demand: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    settled_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    given: Mapped[list[Evidence]] = relationship(lazy="raise", order_by="Evidence.id")
    project: Mapped[Project] = looked_up()


class Evidence(Base):
    """One paper given for a demand: a file, a number, or an archive number with its place.

    Attributes:
        number: the credit code, filing or archive number; "" for a file.
        kept_at: where the original is, beside an archive number.
        dated_on: the day the paper itself shows, such as a site photo's.
        given_on: the day it was given, by which the demand is met or not.
    """

    __tablename__ = "evidence"

    id: Mapped[Key]
    owed_id: Mapped[int] = mapped_column(ForeignKey("owed_evidence.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(Choice(EvidenceKind))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    number: Mapped[str] = mapped_column(String(60), default="")
    kept_at: Mapped[str] = mapped_column(String(120), default="")
    dated_on: Mapped[date | None]
    given_on: Mapped[date]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    attachment: Mapped[Attachment | None] = looked_up()
    person: Mapped[Person] = looked_up()


class Permit(Base):
    """One of the four permits of a project."""

    __tablename__ = "permit"
    __table_args__ = (UniqueConstraint("project_id", "kind"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[PermitKind] = mapped_column(Choice(PermitKind))
    state: Mapped[PermitState] = mapped_column(Choice(PermitState), default=PermitState.MISSING)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Term | None] = looked_up()


class Promise(Base):
    """A promised condition: read by managers and auditors only."""

    __tablename__ = "promise"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    what: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(200))
    fair_review: Mapped[FairReview] = mapped_column(Choice(FairReview))
    fair_review_number: Mapped[str] = mapped_column(String(60), default="")
    fair_review_why: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    state: Mapped[PromiseState] = mapped_column(Choice(PromiseState), default=PromiseState.OPEN)
    state_note: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
