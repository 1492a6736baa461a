"""The city's map of itself: places, chains by year, models, dictionaries, settings."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.catalog.rules import LAST_YEAR, Anchor, DistrictKind, NodeState, Region, TermKind
from crm.core.columns import Choice, Key, sort_text
from crm.core.database import Base

park_district = Table(
    "park_district",
    Base.metadata,
    Column("park_id", ForeignKey("park.id"), primary_key=True),
    Column("district_id", ForeignKey("district.id"), primary_key=True, index=True),
)


class Division(Base):
    """A province or prefecture of China by its GB/T 2260 code; where firms have their headquarters."""

    __tablename__ = "division"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    full_name: Mapped[str] = mapped_column(String(120))
    full_name_en: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[Region] = mapped_column(Choice(Region))


class District(Base):
    """The city itself (kind city), its nine districts and the zone.

    Attributes:
        short_names: other names in use, separated by ";" (昆区;昆都仑).
        unit_id: the office that reviews what lands here; its people read those projects.
    """

    __tablename__ = "district"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(60))
    short_names: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[DistrictKind] = mapped_column(Choice(DistrictKind))
    sort: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def short(self) -> str:
        """The name officers say: the first short one, or the full."""
        return self.short_names.split(";")[0] or self.name


class Park(Base):
    """An industrial park; it may span several districts."""

    __tablename__ = "park"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)

    districts: Mapped[list[District]] = relationship(secondary=park_district, lazy="raise")


class Cluster(Base):
    """An industry cluster of the "3+5+N" of some years."""

    __tablename__ = "cluster"
    __table_args__ = (UniqueConstraint("name", "first_year"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    tier: Mapped[str] = mapped_column(String(30))
    tier_en: Mapped[str] = mapped_column(String(60), default="")
    sort: Mapped[int]
    first_year: Mapped[int]
    last_year: Mapped[int] = mapped_column(default=LAST_YEAR)


class Chain(Base):
    """An industry chain of a cluster."""

    __tablename__ = "chain"
    __table_args__ = (UniqueConstraint("name", "first_year"),)

    id: Mapped[Key]
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    sort: Mapped[int]
    first_year: Mapped[int]
    last_year: Mapped[int] = mapped_column(default=LAST_YEAR)

    cluster: Mapped[Cluster] = relationship(lazy="raise")


class ChainNode(Base):
    """A node (环节) of a chain, in order."""

    __tablename__ = "chain_node"
    __table_args__ = (UniqueConstraint("chain_id", "name", "first_year"),)

    id: Mapped[Key]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    sort: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")
    first_year: Mapped[int]
    last_year: Mapped[int] = mapped_column(default=LAST_YEAR)

    chain: Mapped[Chain] = relationship(lazy="raise")


class NodeYear(Base):
    """A node's state from a year on, until a later row says otherwise."""

    __tablename__ = "node_year"
    __table_args__ = (UniqueConstraint("node_id", "year"),)

    id: Mapped[Key]
    node_id: Mapped[int] = mapped_column(ForeignKey("chain_node.id"))
    year: Mapped[int]
    state: Mapped[NodeState] = mapped_column(Choice(NodeState))
    source: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class AttractionModel(Base):
    """How the bureau came by a lead: the three main models, which have anchors, and others."""

    __tablename__ = "attraction_model"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(30))
    name_en: Mapped[str] = mapped_column(String(60))
    anchor: Mapped[Anchor] = mapped_column(Choice(Anchor), default=Anchor.NONE)
    sort: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def main(self) -> bool:
        """Whether it is one of the three that the plan names."""
        return self.anchor is not Anchor.NONE


class Term(Base):
    """An entry of one of the dictionaries.

    Attributes:
        code: by what `load_plan` knows an entry again after people renamed it; None for their own.
    """

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("kind", "name"),
        UniqueConstraint("kind", "code"),
        Index(None, "kind", "active", "sort"),
    )

    id: Mapped[Key]
    kind: Mapped[TermKind] = mapped_column(Choice(TermKind))
    code: Mapped[str | None] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    sort: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Setting(Base):
    """A value people edit, by name; what is not here has its default in code."""

    __tablename__ = "setting"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(sort_text(60), unique=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)


class OfficialDay(Base):
    """A day that an administrator entered from the State Council's notice: worked, or a day of rest."""

    __tablename__ = "official_day"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(unique=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60), default="")
