"""Firms, their people, their recognised places in chains, who supports whom, head firms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.catalog.models import Chain, ChainNode, Cluster, Division, Term
from crm.companies.rules import HeadFirmState, Position
from crm.core.columns import Choice, Key, LongText, Moment, sort_text
from crm.core.database import Base

company_size = Table(
    "company_size",
    Base.metadata,
    Column("company_id", ForeignKey("company.id"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)


class Company(Base):
    """A firm, investor or not.

    Attributes:
        credit_code: 统一社会信用代码 (GB 32100), unique where known.
        name_key: the name as `values.text.name_key` reads it, to find one firm under three spellings.
        core_key: the same without places (`values.names.core_key`); `CompanyGram` holds its bigrams.
        group_key: the group's core key; "" where it belongs to none.
        search_text: name and group as a search compares them.
        pinyin, initials: the name in full pinyin (the sort key) and every reading of its initials, spaced.
        country: ISO 3166 alpha-2; `division_code` says where in China.
        unit_id: the unit that entered it; it always may read it.
        public: recognised in a chain or a head firm: read by all, its people excepted.
    """

    __tablename__ = "company"
    __table_args__ = (Index(None, "pinyin", "id"), Index(None, "unit_id"), Index(None, "public"))

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(sort_text(120), index=True)
    core_key: Mapped[str] = mapped_column(sort_text(120), default="", index=True)
    group_key: Mapped[str] = mapped_column(sort_text(120), default="", index=True)
    search_text: Mapped[str] = mapped_column(sort_text(300), default="")
    pinyin: Mapped[str] = mapped_column(sort_text(600), default="")
    initials: Mapped[str] = mapped_column(sort_text(300), default="")
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    country: Mapped[str] = mapped_column(String(2), default="CN")
    division_code: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    group_name: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    business: Mapped[str] = mapped_column(LongText, default="")
    demo_note: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    division: Mapped[Division | None] = relationship(lazy="raise")
    size_classes: Mapped[list[Term]] = relationship(
        secondary=company_size, lazy="raise", order_by=Term.sort
    )
    positions: Mapped[list[ChainPosition]] = relationship(
        lazy="raise", back_populates="company", order_by="ChainPosition.recognised_on"
    )


class CompanyGram(Base):
    """A bigram of a firm's core key: the index in which alike names are found at 100,000 firms."""

    __tablename__ = "company_gram"

    gram: Mapped[str] = mapped_column(sort_text(16), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True, index=True)


class CompanyPerson(Base):
    """Somebody at a firm. Phone numbers never leave in letters."""

    __tablename__ = "company_person"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class CompanyShare(Base):
    """Who reads a firm because of a lead or project: kept by those packages through `operations.share`.

    Attributes:
        via_kind, via_id: the lead or project that gives the right.
        unit_id: its people (and those above) read the firm; with `confidential`, their managers only.
        person_id: an owner or collaborator, who reads it whatever his unit.
        lead_id: of a project's, the lead it came from, whose confidential mark covers this row too.
    """

    __tablename__ = "company_share"
    __table_args__ = (
        Index(None, "company_id", "unit_id"),
        Index(None, "company_id", "person_id"),
        Index(None, "via_kind", "via_id"),
    )

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    via_kind: Mapped[str] = mapped_column(String(16))
    via_id: Mapped[int] = mapped_column(BigInteger)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confidential: Mapped[bool] = mapped_column(default=False)
    lead_id: Mapped[int | None] = mapped_column(BigInteger)


class ChainPosition(Base):
    """A firm recognised in a chain as leader, core or supporting: by whom and when; ended, never erased."""

    __tablename__ = "chain_position"
    __table_args__ = (Index(None, "chain_id", "position"), Index(None, "company_id"))

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("chain_node.id"), index=True)
    position: Mapped[Position] = mapped_column(Choice(Position))
    recognised_by: Mapped[str] = mapped_column(String(100))
    recognised_on: Mapped[date]
    ended_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")

    company: Mapped[Company] = relationship(lazy="raise", back_populates="positions")
    chain: Mapped[Chain] = relationship(lazy="raise")
    node: Mapped[ChainNode | None] = relationship(lazy="raise")


class SupportLink(Base):
    """One firm supplies or serves a leader, in a chain."""

    __tablename__ = "support_link"
    __table_args__ = (UniqueConstraint("supporter_id", "leader_id", "chain_id"),)

    id: Mapped[Key]
    supporter_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    supplies: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date | None]
    ended_on: Mapped[date | None]

    supporter: Mapped[Company] = relationship(foreign_keys=[supporter_id], lazy="raise")
    leader: Mapped[Company] = relationship(foreign_keys=[leader_id], lazy="raise")
    chain: Mapped[Chain] = relationship(lazy="raise")


class HeadFirm(Base):
    """A firm the bureau courts because of what it is: the anchor of 头部招商."""

    __tablename__ = "head_firm"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), unique=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), index=True)
    why: Mapped[str] = mapped_column(String(500))
    rank: Mapped[int | None]
    rank_source: Mapped[str] = mapped_column(String(100), default="")
    responsible_leader: Mapped[str] = mapped_column(String(60), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    high_level_contact_on: Mapped[date | None]
    state: Mapped[HeadFirmState] = mapped_column(Choice(HeadFirmState))
    version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Company] = relationship(lazy="raise")
    cluster: Mapped[Cluster] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise")
