"""What enums of counting are called; the reasons in words that an officer can act on."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.counting.models import Subject
from crm.counting.rules.decisions import Cohort, Measure, Reason, Verdict
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import Kind, MoneyFrom, MovedFrom, ReceiptState
from crm.counting.rules.goals import BaseSource, Binding
from crm.counting.rules.sets import RuleSet
from crm.values.figure import trimmed
from crm.values.money import show

RULES: dict[Reason, Any] = {
    Reason.REAL_ESTATE: _l(
        "Industrial projects count; real estate is none. Receipts of such a project are no funds of "
        "the goal either."
    ),
    Reason.INFRASTRUCTURE: _l(
        "Only industrial projects count; what is built here is infrastructure by these rules."
    ),
    Reason.CAPITAL_INCREASE: _l(
        "A capital increase is no new project; in the funds only its increment counts."
    ),
    Reason.SIGNED_BEFORE: _l("What was signed twice counts once, under its first signing."),
    Reason.PHASE_WITHOUT_FILING: _l(
        "A later phase counts only with a filing code of its own and %(minimum)s by itself."
    ),
    Reason.UPGRADE: _l("A technical upgrade is left out of the newly started projects."),
    Reason.MOVED_INSIDE_PLANT: _l(
        "What is rebuilt inside an old plant is no newly started project."
    ),
    Reason.MOVED_WITHIN_CITY: _l(
        "A plant that moves within the city is no newly started project, even on a new site."
    ),
    Reason.PPP: _l("PPP projects are left out of the newly started projects."),
    Reason.WHOLLY_FISCAL: _l("Wholly fiscal projects are left out of the newly started projects."),
    Reason.BELOW_MINIMUM: _l(
        "%(minimum)s and more count, the number itself included; %(measured)s"
    ),
    Reason.TERMINATED: _l(
        "A project that ended before its start was recognised with nothing owed never counted."
    ),
    Reason.TERMINATED_IN_YEAR: _l(
        "A project terminated in the year in which it counted leaves the count."
    ),
    Reason.MOVED_FROM_UNKNOWN: _l(
        "A plant that moves within the city does not count; one that comes from elsewhere does."
    ),
    Reason.FISCAL_PART_UNKNOWN: _l(
        "Of mixed money the part that is not fiscal must reach %(minimum)s."
    ),
    Reason.NOT_STARTED: _l("A start counts once it is reported, recognised and nothing is owed."),
    Reason.NOT_RECOGNISED: _l("A start counts on the day that a department accepts for it."),
    Reason.EVIDENCE_OWED: _l(
        "A start counts only when nothing is owed any more for the milestones reached."
    ),
    Reason.STARTED: _l(
        "Industrial, %(minimum)s and more, recognised and nothing owed before the year was closed "
        "(%(closes)s): it counts in the year of its start."
    ),
    Reason.STARTED_EARLIER: _l(
        "Recognised, or its last paper given, only after the year of its start was closed: it counts "
        "in the year in which that came true."
    ),
}
"""The rule behind each answer on a start, whole; `in_words` fills in its parameters."""


MEASURED: dict[tuple[bool, bool], Any] = {
    (True, True): _l(
        "phase one alone is measured where it is built in phases, and of mixed money the part that "
        "is not fiscal."
    ),
    (True, False): _l("phase one alone is measured where it is built in phases."),
    (False, True): _l("of mixed money the part that is not fiscal is measured."),
    (False, False): _l("the whole investment is measured."),
}
"""What is held against the minimum, by the switches phase_one_alone and mixed_without_fiscal."""


def in_words(reason: Reason, rules: RuleSet, year: int) -> str:
    """The rule that a start's answer goes by, as an officer would say it.

    Args:
        year: the one whose rules these are; 0 where no year has rules of its own yet.
    """
    minimum = show(rules.minimum)
    said = {
        "minimum": f"{trimmed(minimum.text)}{minimum.unit}",
        "closes": rules.year_closes(year).isoformat() if year else "",
        "measured": str(MEASURED[rules.phase_one_alone, rules.mixed_without_fiscal]),
    }
    return str(RULES[reason]) % said


def funds_in_words(rules: RuleSet) -> str:
    """Which money counts, by the origins that a year admits."""
    origins = str(_l(", ")).join(str(WORDS[MoneyFrom][one]) for one in rules.origins)
    if rules.fiscal_money:
        return str(_l("Confirmed money counts by its origin: %(origins)s.", origins=origins))
    told = _l(
        "Confirmed money counts by its origin: %(origins)s. No fiscal money.", origins=origins
    )
    return str(told)


FIGURES: dict[Measure, Any] = {
    Measure.STARTS_IN_HAND: _l(
        "Signed projects that would count as a start and have not started: industrial, of the minimum "
        "investment, none of the excluded kinds. They raise nothing counted."
    ),
    Measure.STARTS_REPORTED: _l(
        "Starts that the officer reported and that do not count yet: the department has not recognised "
        "them, or evidence is still owed."
    ),
    Measure.STARTS_COUNTED: _l(
        "Industrial projects of 100 million yuan and more (phase one alone where phased) that started in "
        "the year, were recognised by the department, and owe no evidence; each once, under its first "
        "signing. Technical upgrades, relocations within the city, PPP and wholly fiscal projects are out."
    ),
    Measure.FUNDS_AGREED: _l(
        "What all signed projects that live have agreed, less fiscal money; real estate and "
        "infrastructure are out."
    ),
    Measure.FUNDS_PLANNED: _l("What the funds plans of the projects say for this year."),
    Measure.FUNDS_REPORTED: _l(
        "Money that arrived in the year and was reported; the district or the city has not passed it "
        "yet, or evidence is still owed. Returned lines are out."
    ),
    Measure.FUNDS_COUNTED: _l(
        "Money of the year that the city confirmed, from abroad or from outside the region, no fiscal "
        "money, none of real estate or infrastructure; in the month of its arrival, or booked late."
    ),
}
"""Why a figure is what it is, wherever its rows are shown; the year's rule set has the switches."""

WORDS: Words = {
    Verdict: {
        Verdict.COUNTS: _l("Counts"),
        Verdict.DOES_NOT_COUNT: _l("Does not count"),
        Verdict.PENDING: _l("Pending"),
    },
    Reason: {
        Reason.REAL_ESTATE: _l("Real estate is no industrial project"),
        Reason.INFRASTRUCTURE: _l("Infrastructure, grids and pipelines are no industrial project"),
        Reason.CAPITAL_INCREASE: _l("A capital increase is no new project"),
        Reason.SIGNED_BEFORE: _l("Counted once, under its first signing"),
        Reason.PHASE_WITHOUT_FILING: _l("A later phase needs a filing code of its own"),
        Reason.UPGRADE: _l("A technical upgrade inside an old plant is no new start"),
        Reason.MOVED_INSIDE_PLANT: _l("A relocation inside an old plant is no new start"),
        Reason.MOVED_WITHIN_CITY: _l("A relocation within the city is no new start"),
        Reason.PPP: _l("PPP projects are left out"),
        Reason.WHOLLY_FISCAL: _l("Wholly fiscal projects are left out"),
        Reason.BELOW_MINIMUM: _l("The investment measured is below the minimum"),
        Reason.TERMINATED: _l("Terminated before its start was good"),
        Reason.TERMINATED_IN_YEAR: _l("Terminated in the year in which it counted"),
        Reason.MOVED_FROM_UNKNOWN: _l("Say from where the plant is relocated"),
        Reason.FISCAL_PART_UNKNOWN: _l("Say how much of the money is fiscal"),
        Reason.NOT_STARTED: _l("Signed and not started yet"),
        Reason.NOT_RECOGNISED: _l("The start awaits recognition"),
        Reason.EVIDENCE_OWED: _l("Evidence is still owed"),
        Reason.STARTED: _l("Started and recognised in the year, nothing owed"),
        Reason.STARTED_EARLIER: _l("Started in an earlier year, good only in this one"),
        Reason.FROM_CITY: _l("Money from within the city does not count"),
        Reason.ORIGIN_NOT_ADMITTED: _l("Money of this origin does not count"),
        Reason.FISCAL_LINE: _l("Fiscal money does not count"),
        Reason.WITHDRAWN: _l("Withdrawn by whoever reported it"),
        Reason.YEAR_CLOSED: _l("Confirmed after its year was closed: listed, in neither year"),
        Reason.RETURNED: _l("Returned: awaits its correction"),
        Reason.NOT_REVIEWED: _l("Reported: awaits the district's review"),
        Reason.NOT_CONFIRMED: _l("Reviewed: awaits the city's confirmation"),
        Reason.IN_PLACE: _l("Confirmed, in the month of its arrival"),
        Reason.BOOKED_LATE: _l("Confirmed after its month was closed: booked late"),
        Reason.OTHER_YEAR: _l("Counts in another year"),
    },
    Measure: {
        Measure.STARTS_IN_HAND: _l("Starts in hand"),
        Measure.STARTS_REPORTED: _l("Starts reported"),
        Measure.STARTS_COUNTED: _l("Starts counted"),
        Measure.FUNDS_AGREED: _l("Funds agreed"),
        Measure.FUNDS_PLANNED: _l("Funds planned this year"),
        Measure.FUNDS_REPORTED: _l("Funds reported"),
        Measure.FUNDS_COUNTED: _l("Funds counted"),
    },
    Subject: {
        Subject.PROJECT: _l("Project"),
        Subject.RECEIPT: _l("Receipt"),
    },
    Cohort: {
        Cohort.NEW: _l("Newly started"),
        Cohort.CONTINUING: _l("Continuing"),
    },
    Dimension: {
        Dimension.ALL: _l("District"),
        Dimension.CLUSTER: _l("Cluster"),
        Dimension.CHAIN: _l("Chain"),
        Dimension.NODE: _l("Chain node"),
        Dimension.POSITION: _l("Chain position"),
        Dimension.MODEL: _l("Attraction model"),
        Dimension.ANCHOR: _l("Anchor"),
        Dimension.ORIGIN: _l("Origin of funds"),
        Dimension.COHORT: _l("Newly started or continuing"),
    },
    MoneyFrom: {
        MoneyFrom.ABROAD: _l("From abroad"),
        MoneyFrom.OUTSIDE_REGION: _l("From outside the region"),
        MoneyFrom.REGION: _l("From the region, outside the city"),
        MoneyFrom.CITY: _l("From within the city"),
    },
    MovedFrom: {
        MovedFrom.CITY: _l("Within the city"),
        MovedFrom.ELSEWHERE: _l("Outside the city"),
    },
    ReceiptState: {
        ReceiptState.REPORTED: _l("Reported"),
        ReceiptState.REVIEWED: _l("Reviewed by the district"),
        ReceiptState.CONFIRMED: _l("Confirmed by the city"),
        ReceiptState.RETURNED: _l("Returned"),
        ReceiptState.WITHDRAWN: _l("Withdrawn"),
    },
    Kind: {
        Kind.INDUSTRIAL: _l("Industrial"),
        Kind.NEW_ENERGY: _l("New-energy generation or storage"),
        Kind.GRID: _l("Grid or pipeline"),
        Kind.INFRASTRUCTURE: _l("Infrastructure"),
        Kind.REAL_ESTATE: _l("Real estate"),
    },
    Binding: {
        Binding.TARGET: _l("The target binds"),
        Binding.GROWTH: _l("Growth binds"),
        Binding.BOTH: _l("Target and growth bind alike"),
    },
    BaseSource: {
        BaseSource.LEDGER: _l("From the ledger"),
        BaseSource.PUBLISHED: _l("Published figure of last year"),
    },
}
