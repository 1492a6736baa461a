"""What each milestone needs at the table and what it leaves owed; what may be reported when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter

from crm.catalog.rules import Clocks
from crm.leads.rules.kinds import AgreementKind
from crm.projects.rules.kinds import EvidenceKind, Milestone


class Way(StrEnum):
    """How a paper can be given."""

    FILE = "file"
    ARCHIVE = "archive"
    """The archive number, and where the original is kept."""
    NUMBER = "number"
    """The number alone: a credit code, an acceptance or completion filing."""


K = EvidenceKind

WAYS: dict[EvidenceKind, tuple[Way, ...]] = dict.fromkeys(EvidenceKind, (Way.FILE,)) | {
    K.CREDIT_CODE: (Way.NUMBER,),
    K.SIGNATURE_PAGE: (Way.FILE, Way.ARCHIVE),
    K.ACCEPTANCE: (Way.FILE, Way.NUMBER),
}
"""What each paper may be given as."""

DATED = frozenset({K.SITE_PHOTO})
"""Papers that prove nothing without the day they show."""


@dataclass(frozen=True)
class Facts:
    """What the table below asks about a project.

    Attributes:
        mainland: the signing party is a mainland entity, which has a credit code.
    """

    mainland: bool = True


@dataclass(frozen=True)
class Demand:
    """A paper owed after a milestone.

    Attributes:
        key: its name in the database, unique in the house.
        days: within how many calendar days, due day included.
        alternatives: any one of these sets of papers, given wholly, settles it.
        mainland_only: asked of mainland entities alone.
    """

    key: str
    days: Callable[[Clocks], int]
    alternatives: tuple[frozenset[EvidenceKind], ...]
    mainland_only: bool = False

    def asked_of(self, facts: Facts) -> bool:
        """Whether this project owes it at all."""
        return facts.mainland or not self.mainland_only


@dataclass(frozen=True)
class Demands:
    """What a milestone asks: the fields known at the table, and the papers that follow."""

    now: tuple[str, ...]
    owed: tuple[Demand, ...] = ()


def _any_of(*alternatives: set[EvidenceKind]) -> tuple[frozenset[EvidenceKind], ...]:
    return tuple(frozenset(papers) for papers in alternatives)


CREDIT_CODE = "credit_code"
"""The demand that the company's own code meets, wherever it was entered."""

DEMANDS: dict[Milestone, Demands] = {
    Milestone.SIGNED: Demands(
        now=("agreement", "day", "agreed", "signing_party", "signing_country"),
        owed=(
            Demand(
                CREDIT_CODE,
                attrgetter("owed_signed"),
                _any_of({K.CREDIT_CODE}),
                mainland_only=True,
            ),
            Demand("signature_page", attrgetter("owed_signed"), _any_of({K.SIGNATURE_PAGE})),
        ),
    ),
    Milestone.REGISTERED: Demands(
        now=("day", "registered_name", "registered_code"),
        owed=(
            Demand(
                "business_licence", attrgetter("owed_registered"), _any_of({K.BUSINESS_LICENCE})
            ),
        ),
    ),
    Milestone.STARTED: Demands(
        now=("day", "seen"),
        owed=(
            Demand(
                "start",
                attrgetter("owed_started"),
                _any_of(
                    {K.CONSTRUCTION_PERMIT},
                    {K.CONSTRUCTION_CONTRACT, K.SITE_PHOTO},
                    {K.PLANT_CONTRACT, K.EQUIPMENT_CONTRACT, K.SITE_PHOTO},
                ),
            ),
        ),
    ),
    Milestone.COMMISSIONED: Demands(
        now=("day",),
        owed=(
            Demand(
                "commissioning",
                attrgetter("owed_commissioned"),
                _any_of({K.ACCEPTANCE}, {K.FIRST_INVOICE}, {K.POWER_BILL}),
            ),
        ),
    ),
    Milestone.AT_CAPACITY: Demands(now=("day",)),
}
"""The table of demands, defaults of `domain.md` section 2.

A missing paper blocks no move, it blocks counting.
"""

NEEDS: dict[Milestone, Milestone] = {Milestone.AT_CAPACITY: Milestone.COMMISSIONED}
"""The milestones have no fixed order, but for this."""

RECOGNISED = frozenset(Milestone) - {Milestone.SIGNED}
"""Milestones that a department recognises; the signing is the agreement's own."""

DEMAND: dict[str, Demand] = {
    demand.key: demand for demands in DEMANDS.values() for demand in demands.owed
}


def signs(kind: AgreementKind) -> bool:
    """Only an investment agreement signs; an intent or framework one leaves the lead at 拟签约."""
    return kind is AgreementKind.INVESTMENT


def missing_now(milestone: Milestone, given: Collection[str]) -> tuple[str, ...]:
    """The fields the milestone needs at the table and did not get."""
    return tuple(name for name in DEMANDS[milestone].now if name not in given)


def owed_after(milestone: Milestone, day: date, facts: Facts, clocks: Clocks) -> dict[str, date]:
    """Demand → due day for a milestone reached on a day: calendar days, the due day included."""
    return {
        demand.key: day + timedelta(days=demand.days(clocks))
        for demand in DEMANDS[milestone].owed
        if demand.asked_of(facts)
    }


def settled(demand: Demand, given: Collection[EvidenceKind]) -> bool:
    """Whether one alternative is wholly given."""
    return any(papers <= set(given) for papers in demand.alternatives)


def missing(
    demand: Demand, given: Collection[EvidenceKind]
) -> tuple[tuple[EvidenceKind, ...], ...]:
    """What each alternative still lacks, in the table's order; () once one is whole."""
    if settled(demand, given):
        return ()
    return tuple(
        tuple(kind for kind in EvidenceKind if kind in papers and kind not in given)
        for papers in demand.alternatives
    )


class ReachFault(StrEnum):
    """Why a milestone cannot be reported, or recognised, so."""

    TERMINATED = "terminated"
    TWICE = "twice"
    FUTURE = "future"
    NEEDS_COMMISSIONED = "needs_commissioned"
    BEFORE_COMMISSIONED = "before_commissioned"
    BY_SIGNING_ALONE = "by_signing_alone"
    ACCEPTED_LATER = "accepted_later"


def check_reach(
    milestone: Milestone,
    day: date,
    today: date,
    reached: Mapping[Milestone, date],
    terminated: bool = False,
) -> ReachFault | None:
    """Whether a milestone may be reported for a day, given those reported already; None: yes."""
    needed = NEEDS.get(milestone)
    checks = (
        (terminated, ReachFault.TERMINATED),
        (milestone is Milestone.SIGNED, ReachFault.BY_SIGNING_ALONE),
        (milestone in reached, ReachFault.TWICE),
        (day > today, ReachFault.FUTURE),
        (needed is not None and needed not in reached, ReachFault.NEEDS_COMMISSIONED),
        (needed is not None and day < reached.get(needed, day), ReachFault.BEFORE_COMMISSIONED),
    )
    return next((fault for wrong, fault in checks if wrong), None)


def check_recognition(accepted: date, recognised: date, today: date) -> ReachFault | None:
    """A department accepts a day that is past when it does so, and does so by today."""
    if max(accepted, recognised) > today:
        return ReachFault.FUTURE
    return ReachFault.ACCEPTED_LATER if accepted > recognised else None


class OwedState(StrEnum):
    """Where a demand stands on a day."""

    GIVEN = "given"
    OWED = "owed"
    LATE = "late"


def owed_state(due: date, given: bool, today: date) -> OwedState:
    """Given; owed up to and including its due day; late from the next."""
    if given:
        return OwedState.GIVEN
    return OwedState.LATE if today > due else OwedState.OWED
