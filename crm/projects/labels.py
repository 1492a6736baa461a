"""The words of projects: kinds, milestones, papers, permits, promises, what happened, the fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.audit.labels import money
from crm.core.labels import Words
from crm.counting.rules.facts import Debt, MovedFrom
from crm.projects.queries.listing import Order, Progress
from crm.projects.rules.demands import OwedState, Way
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
from crm.projects.rules.mending import Mend, Right
from crm.values.money import Money

WORDS: Words = {
    Construction: {
        Construction.NEW: _l("New construction"),
        Construction.EXPANSION: _l("Expansion"),
        Construction.UPGRADE: _l("Technical upgrade"),
        Construction.RELOCATION: _l("Relocation"),
    },
    EvidenceKind: {
        EvidenceKind.CREDIT_CODE: _l("Credit code"),
        EvidenceKind.SIGNATURE_PAGE: _l("Signature page of the agreement"),
        EvidenceKind.BUSINESS_LICENCE: _l("Business licence"),
        EvidenceKind.CONSTRUCTION_PERMIT: _l("Construction permit"),
        EvidenceKind.CONSTRUCTION_CONTRACT: _l("Construction contract"),
        EvidenceKind.SITE_PHOTO: _l("Dated site photo"),
        EvidenceKind.PLANT_CONTRACT: _l("Lease or purchase of the plant"),
        EvidenceKind.EQUIPMENT_CONTRACT: _l("Equipment contract or invoice"),
        EvidenceKind.ACCEPTANCE: _l("Acceptance or completion filing"),
        EvidenceKind.FIRST_INVOICE: _l("First sales invoice"),
        EvidenceKind.POWER_BILL: _l("Power bill"),
    },
    FairReview: {
        FairReview.MISSING: _l("Review missing"),
        FairReview.REVIEWED: _l("Reviewed"),
        FairReview.NOT_NEEDED: _l("Review not needed"),
    },
    Funding: {
        Funding.ENTERPRISE: _l("Enterprise money"),
        Funding.MIXED: _l("Partly fiscal money"),
        Funding.FISCAL: _l("Wholly fiscal money"),
        Funding.PPP: _l("PPP"),
    },
    Milestone: {
        Milestone.SIGNED: _l("Signing"),
        Milestone.REGISTERED: _l("Registration"),
        Milestone.STARTED: _l("Start"),
        Milestone.COMMISSIONED: _l("Commissioning"),
        Milestone.AT_CAPACITY: _l("At capacity"),
    },
    Order: {
        Order.SIGNED: _l("Latest signing first"),
        Order.AGREED: _l("Largest amount first"),
        Order.NAME: _l("By name"),
        Order.NEXT_STEP: _l("Next step first"),
    },
    Origin: {
        Origin.LEAD: _l("From a lead"),
        Origin.BACKFILLED: _l("Entered afterwards"),
        Origin.TRANSFERRED: _l("Transferred in"),
    },
    OwedState: {
        OwedState.GIVEN: _l("Given"),
        OwedState.OWED: _l("Evidence owed"),
        OwedState.LATE: _l("Overdue"),
    },
    PermitKind: {
        PermitKind.FILING: _l("Project approval or filing"),
        PermitKind.ENVIRONMENT: _l("Environmental assessment"),
        PermitKind.LAND: _l("Land"),
        PermitKind.PLANNING: _l("Planning"),
    },
    PermitState: {
        PermitState.MISSING: _l("Missing"),
        PermitState.DONE: _l("Done"),
        PermitState.NOT_NEEDED: _l("Not needed"),
    },
    Progress: {
        Progress.NOT_STARTED: _l("Not started"),
        Progress.START_REPORTED: _l("Start reported, not recognised"),
        Progress.STARTED: _l("Start recognised"),
        Progress.COMMISSIONED: _l("Commissioned"),
        Progress.AT_CAPACITY: _l("At capacity"),
        Progress.TERMINATED: _l("Terminated"),
    },
    ProjectKind: {
        ProjectKind.INDUSTRIAL: _l("Industrial"),
        ProjectKind.NEW_ENERGY: _l("New-energy generation or storage"),
        ProjectKind.GRID: _l("Grid or pipeline"),
        ProjectKind.INFRASTRUCTURE: _l("Infrastructure"),
        ProjectKind.REAL_ESTATE: _l("Real estate"),
    },
    PromiseState: {
        PromiseState.OPEN: _l("Not due or open"),
        PromiseState.KEPT: _l("Kept"),
        PromiseState.BROKEN: _l("Not kept"),
    },
    Relation: {
        Relation.FIRST: _l("First project"),
        Relation.PHASE: _l("Later phase"),
        Relation.INCREASE: _l("Capital increase"),
    },
    Way: {
        Way.FILE: _l("a file"),
        Way.ARCHIVE: _l("the archive number and where the original is kept"),
        Way.NUMBER: _l("its number"),
    },
}

ACTIONS: dict[str, Any] = {
    "project.opened": _l("Signed; the project was opened"),
    "project.edited": _l("Changed the project"),
    "project.corrected": _l("Corrected what was fixed at signing"),
    "project.earlier_said": _l("Said whether it was signed before"),
    "project.funds_planned": _l("Planned its funds by year"),
    "project.codes_set": _l("Entered codes"),
    "project.tagged": _l("Changed the tags"),
    "project.marked": _l("Set or lifted the confidential mark"),
    "project.terminated": _l("Terminated the project"),
    "project.assigned": _l("Handed to another owner"),
    "project.followed_up": _l("Followed up"),
    "milestone.reported": _l("Reported a milestone"),
    "milestone.recognised": _l("A department recognised a milestone"),
    "milestone.corrected": _l("Corrected a milestone"),
    "evidence.given": _l("Gave evidence"),
    "evidence.settled": _l("Nothing is owed for this any more"),
    "permit.set": _l("Changed a permit"),
    "promise.entered": _l("Entered a promised condition"),
    "promise.edited": _l("Changed a promised condition"),
    "work.handed_over": _l("Handed over open work"),
    **money.ACTIONS,
}
"""What the trail says of this package's actions, and of the money that is reported for a project."""

FIELDS: dict[str, Any] = {
    "name": _l("Project name"),
    "content": _l("Content"),
    "kind": _l("Kind"),
    "construction": _l("Construction"),
    "funding": _l("Funding"),
    "agreed": _l("Agreed investment"),
    "phase_one": _l("Phase one"),
    "fixed_asset": _l("Fixed-asset investment"),
    "fiscal": _l("Fiscal part"),
    "fiscal_in_phase_one": _l("Fiscal part of phase one"),
    "increment": _l("New money"),
    "inside_old_plant": _l("Inside an old plant"),
    "moved_from": _l("Relocated from"),
    "plan": _l("Funds plan"),
    "plan_why": _l("Why more is planned than was agreed"),
    "planned_start": _l("Planned start"),
    "planned_commissioning": _l("Planned commissioning"),
    "district_id": _l("District"),
    "park_id": _l("Park"),
    "chain_id": _l("Chain"),
    "node_id": _l("Node"),
    "position": _l("Chain position"),
    "effect": _l("Effect on the chain"),
    "model_id": _l("Attraction model"),
    "head_firm_id": _l("Head firm"),
    "scenario_id": _l("Scenario"),
    "brought_by_id": _l("Bringing leader"),
    "owner_id": _l("Owner"),
    "unit_id": _l("Unit"),
    "confidential": _l("Confidential"),
    "filing_code": _l("Filing code"),
    "statistics_code": _l("Statistics code"),
    "statistics_on": _l("Entered in statistics on"),
    "above_scale_on": _l("Above scale since"),
    "next_step": _l("Next step"),
    "next_step_on": _l("Next step on"),
    "terminated_on": _l("Terminated on"),
    "termination_reason_id": _l("Reason"),
    "tags": _l("Tags"),
    "milestone": _l("Milestone"),
    "reported_on": _l("Reported for"),
    "accepted_on": _l("Accepted for"),
    "recognised_on": _l("Recognised on"),
    "department_id": _l("Department"),
    "seen": _l("Seen on site"),
    "registered_name": _l("Registered name"),
    "registered_code": _l("Credit code"),
    "number": _l("Number"),
    "kept_at": _l("Original kept at"),
    "dated_on": _l("Day of the paper"),
    "settled_on": _l("Settled on"),
    "state": _l("State"),
    "due_on": _l("Due"),
    "done_on": _l("Granted on"),
    "note": _l("Note"),
}
"""The columns that a timeline shows, in its words; the others are the house's own affair."""

MEND_WORDS: dict[Mend, Any] = {
    Mend.REPORT_START: _l("Report the start"),
    Mend.RECOGNISE_START: _l("Recognise the start"),
    Mend.SAY_FISCAL: _l("Say how much is fiscal"),
    Mend.SAY_MOVED_FROM: _l("Say from where it moves"),
    Mend.ENTER_FILING: _l("Enter the filing code"),
}
"""What can be done about a start that does not count, as the verb of its link."""

OTHERS_AFFAIR: dict[Right, Any] = {
    Right.WRITE: _l("the project's owner does it"),
    Right.RECOGNISE: _l("the district's reviewer or the city enters it"),
}
"""Who does it, to those who may not."""

LOOKED_AT: dict[str, tuple[Any, Any]] = {
    "kind": (_l("Kind"), ProjectKind),
    "signing": (_l("What it is"), Relation),
    "earlier_signing": (_l("Signed before as"), int),
    "works": (_l("Construction"), Construction),
    "filing_code": (_l("Filing code"), str),
    "first_filing_code": (_l("Filing code of the first project"), str),
    "inside_old_plant": (_l("Inside an old plant"), bool),
    "moved_from": (_l("Relocated from"), MovedFrom),
    "purse": (_l("Funding"), Funding),
    "total": (_l("Agreed investment"), Money),
    "phase_one": (_l("Phase one"), Money),
    "fiscal": (_l("Fiscal part"), Money),
    "fiscal_in_phase_one": (_l("Fiscal part of phase one"), Money),
    "terminated_on": (_l("Terminated on"), date),
    "reported_on": (_l("Start reported for"), date),
    "accepted_on": (_l("Start accepted for"), date),
    "recognised_on": (_l("Start recognised on"), date),
    "debts": (_l("Papers for the milestones reached"), tuple[Debt, ...]),
}
"""The facts that the rules of starts look at: what they are called, and as what they are read."""

DEMAND_WORDS: dict[str, Any] = {
    "credit_code": _l("Credit code of the signing party"),
    "signature_page": _l("Signature page of the agreement"),
    "business_licence": _l("Business licence"),
    "start": _l("Proof of the start"),
    "commissioning": _l("Proof of commissioning"),
}
"""What a demand of `rules.demands` is called."""

NEEDED_WORDS: dict[str, Any] = {
    "agreement": _l("Kind of agreement"),
    "day": _l("Day"),
    "agreed": _l("Amount"),
    "signing_party": _l("Signing party"),
    "signing_country": _l("Its country or region"),
    "registered_name": _l("Registered name"),
    "registered_code": _l("Credit code"),
    "seen": _l("What was seen on site"),
}
"""What is needed at the table, as the page of milestones lists it."""
