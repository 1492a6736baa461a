"""The words of projects: origins, kinds, milestones, papers, permits, promises."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Where a project comes from: a lead, entered afterwards (补录), transferred in (转入)."""

    LEAD = "lead"
    BACKFILLED = "backfilled"
    TRANSFERRED = "transferred"


class Relation(StrEnum):
    """What a project is to the first one: itself the first, a later phase, a capital increase."""

    FIRST = "first"
    PHASE = "phase"
    INCREASE = "increase"


class ProjectKind(StrEnum):
    """What is built; only 产业类 can count as a newly started industrial project.

    By the rules' defaults generation and storage of new energy (发电与储能) are 产业类, grids and
    pipelines (电网/管线) are not; the values are those of `counting.rules.facts.Kind`.
    """

    INDUSTRIAL = "industrial"
    NEW_ENERGY = "new_energy"
    GRID = "grid"
    INFRASTRUCTURE = "infrastructure"
    REAL_ESTATE = "real_estate"


class Construction(StrEnum):
    """建设性质: new, expansion, technical upgrade (技改), relocation."""

    NEW = "new"
    EXPANSION = "expansion"
    UPGRADE = "upgrade"
    RELOCATION = "relocation"


class Funding(StrEnum):
    """Whose money: enterprise, mixed with fiscal money, wholly fiscal, PPP."""

    ENTERPRISE = "enterprise"
    MIXED = "mixed"
    FISCAL = "fiscal"
    PPP = "ppp"


class Milestone(StrEnum):
    """签约 signed, 注册 registered, 开工 started, 投产 commissioned, 达产 at capacity."""

    SIGNED = "signed"
    REGISTERED = "registered"
    STARTED = "started"
    COMMISSIONED = "commissioned"
    AT_CAPACITY = "at_capacity"


class EvidenceKind(StrEnum):
    """What a paper proves."""

    CREDIT_CODE = "credit_code"
    SIGNATURE_PAGE = "signature_page"
    BUSINESS_LICENCE = "business_licence"
    CONSTRUCTION_PERMIT = "construction_permit"
    CONSTRUCTION_CONTRACT = "construction_contract"
    SITE_PHOTO = "site_photo"
    PLANT_CONTRACT = "plant_contract"
    EQUIPMENT_CONTRACT = "equipment_contract"
    ACCEPTANCE = "acceptance"
    FIRST_INVOICE = "first_invoice"
    POWER_BILL = "power_bill"


class PermitKind(StrEnum):
    """The four permits: 立项/备案, 环评, 土地, 规划."""

    FILING = "filing"
    ENVIRONMENT = "environment"
    LAND = "land"
    PLANNING = "planning"


class PermitState(StrEnum):
    """done / not needed / missing."""

    MISSING = "missing"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class FairReview(StrEnum):
    """公平竞争审查 of a promise: reviewed (with its number), not needed (why), missing."""

    MISSING = "missing"
    REVIEWED = "reviewed"
    NOT_NEEDED = "not_needed"


class PromiseState(StrEnum):
    """Whether a promised condition was kept."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
