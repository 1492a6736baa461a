"""Newly started projects, case by case."""

from __future__ import annotations

from crm.counting.rules.facts import Kind, MovedFrom, Purse, Signing, Works
from crm.counting.rules.sets import RuleSet
from crm.values.money import Money
from tests.counting.given import WAN, YI, day, owed, start

GOOD = "counts started 2025 2025-05-20"

CASES = [
    # 以上 includes the number itself
    start(GOOD, "a factory started, recognised, with nothing owed counts"),
    start(GOOD, "exactly 1亿元 counts", total=YI(1)),
    start(
        "does_not_count below_minimum",
        "99,999,999.99元 does not",
        total=Money(YI(1).fen - 1),
    ),
    start(GOOD, "phase one of exactly 1亿 counts by itself", total=YI(9), phase_one=YI(1)),
    start(
        "does_not_count below_minimum",
        "phase one of 9,999万 does not, whatever the total",
        total=YI(50),
        phase_one=WAN(9_999),
    ),
    start(
        GOOD,
        "where the switch measures the total, it does",
        RuleSet(phase_one_alone=False),
        total=YI(50),
        phase_one=WAN(9_999),
    ),
    # what is built
    start("does_not_count real_estate", "real estate does not count", kind=Kind.REAL_ESTATE),
    start("does_not_count infrastructure", "a road does not count", kind=Kind.INFRASTRUCTURE),
    start("does_not_count infrastructure", "a hydrogen pipeline does not count", kind=Kind.GRID),
    start(
        GOOD,
        "a grid counts where the switch says so",
        RuleSet(grids_are_industrial=True),
        kind=Kind.GRID,
    ),
    start(GOOD, "a wind farm is 产业类 and counts", kind=Kind.NEW_ENERGY),
    start(
        "does_not_count infrastructure",
        "unless the switch takes new energy out",
        RuleSet(new_energy_is_industrial=False),
        kind=Kind.NEW_ENERGY,
    ),
    # counted once, under its first signing
    start(
        "does_not_count phase_without_filing",
        "a later phase without its own 备案 does not count",
        signing=Signing.PHASE,
    ),
    start(
        "does_not_count phase_without_filing",
        "nor under the 备案 of the first signing",
        signing=Signing.PHASE,
        filing_code="2024-150203-01",
        first_filing_code="2024-150203-01",
    ),
    start(
        GOOD,
        "with its own 备案 and 1亿 by itself it does",
        signing=Signing.PHASE,
        total=YI(1),
        filing_code="2025-150203-02",
        first_filing_code="2024-150203-01",
    ),
    start(
        "does_not_count below_minimum",
        "with its own 备案 and less it does not",
        signing=Signing.PHASE,
        total=WAN(9_999),
        filing_code="2025-150203-02",
    ),
    start(
        GOOD,
        "where the switch asks for no 备案, a phase counts without",
        RuleSet(phase_needs_filing=False),
        signing=Signing.PHASE,
    ),
    start(
        "does_not_count capital_increase",
        "a capital increase is no new project",
        signing=Signing.INCREASE,
    ),
    start(
        "does_not_count signed_before",
        "what was signed before counts under its first signing",
        earlier_signing=3,
    ),
    # works
    start(GOOD, "an expansion counts", works=Works.EXPANSION),
    start("does_not_count upgrade", "技改 does not count", works=Works.UPGRADE),
    start(GOOD, "技改 counts by switch", RuleSet(upgrades=True), works=Works.UPGRADE),
    start(
        "does_not_count moved_inside_plant",
        "a relocation inside an old plant does not count",
        works=Works.RELOCATION,
        inside_old_plant=True,
        moved_from=MovedFrom.CITY,
    ),
    start(
        GOOD,
        "a relocation inside an old plant counts by switch",
        RuleSet(moves_inside_plant=True),
        works=Works.RELOCATION,
        inside_old_plant=True,
        moved_from=MovedFrom.CITY,
    ),
    start(
        "does_not_count moved_within_city",
        "a relocation within the city does not count, even to a new site",
        works=Works.RELOCATION,
        moved_from=MovedFrom.CITY,
    ),
    start(
        GOOD,
        "a relocation within the city counts by switch",
        RuleSet(moves_within_city=True),
        works=Works.RELOCATION,
        moved_from=MovedFrom.CITY,
    ),
    start(
        GOOD,
        "a relocation from elsewhere counts",
        works=Works.RELOCATION,
        moved_from=MovedFrom.ELSEWHERE,
    ),
    start(
        "pending moved_from_unknown",
        "a relocation waits until it is said where from",
        works=Works.RELOCATION,
    ),
    start(
        "does_not_count below_minimum",
        "which nobody is asked where it cannot count anyway",
        works=Works.RELOCATION,
        total=WAN(9_999),
    ),
    # whose money
    start("does_not_count ppp", "PPP does not count", purse=Purse.PPP),
    start(GOOD, "PPP counts by switch", RuleSet(ppp=True), purse=Purse.PPP),
    start(
        "does_not_count wholly_fiscal",
        "a wholly fiscal project does not count",
        purse=Purse.FISCAL,
    ),
    start(
        GOOD,
        "a wholly fiscal project counts by switch",
        RuleSet(wholly_fiscal=True),
        purse=Purse.FISCAL,
    ),
    start(
        GOOD,
        "of mixed money a non-fiscal part of exactly 1亿 counts",
        purse=Purse.MIXED,
        fiscal=YI(2),
    ),
    start(
        "does_not_count below_minimum",
        "a fen less does not",
        purse=Purse.MIXED,
        fiscal=Money(YI(2).fen + 1),
    ),
    start(
        GOOD,
        "unless the switch measures all of it",
        RuleSet(mixed_without_fiscal=False),
        purse=Purse.MIXED,
        fiscal=Money(YI(2).fen + 1),
    ),
    start(
        "pending fiscal_part_unknown",
        "mixed money waits until its fiscal part is known",
        purse=Purse.MIXED,
    ),
    start(
        GOOD,
        "the fiscal part of phase one alone is taken from phase one",
        purse=Purse.MIXED,
        phase_one=WAN(15_000),
        fiscal=YI(1),
        fiscal_in_phase_one=WAN(5_000),
    ),
    start(
        "does_not_count below_minimum",
        "where that is not known, all of it is",
        purse=Purse.MIXED,
        phase_one=WAN(15_000),
        fiscal=YI(1),
    ),
    # the way to the count
    start(
        "pending not_started",
        "signed and not started is in hand",
        reported_on=None,
        accepted_on=None,
        recognised_on=None,
        debts=(),
    ),
    start(
        "pending not_recognised",
        "reported and not recognised is pending",
        accepted_on=None,
        recognised_on=None,
    ),
    start(
        "pending evidence_owed",
        "recognised with the start's papers owed is pending",
        debts=(owed("start", "5-20", None),),
    ),
    start(
        "pending evidence_owed",
        "recognised with the signature page owed is pending",
        debts=(owed("start", "5-20", "6-01"), owed("signature_page", "2-10", None)),
    ),
    start(
        GOOD,
        "a milestone reached later, with its papers owed, takes no start back",
        debts=(owed("start", "5-20", "6-01"), owed("commissioning", "10-01", None)),
    ),
    start(
        "pending evidence_owed",
        "unless the switch says that later papers suspend",
        RuleSet(later_papers_suspend=True),
        debts=(owed("start", "5-20", "6-01"), owed("commissioning", "10-01", None)),
    ),
    # which year
    start(
        "counts started 2025 2025-12-30",
        "recognised on 15 January, the last open day, it counts in the year of its date",
        reported_on=day("12-30"),
        accepted_on=day("12-30"),
        recognised_on=day("2026-01-15"),
        debts=(),
    ),
    start(
        "counts started_earlier 2026 2026-01-16 late",
        "recognised on 16 January it counts in the next year, and says so",
        reported_on=day("12-30"),
        accepted_on=day("12-30"),
        recognised_on=day("2026-01-16"),
        debts=(),
    ),
    start(
        "counts started_earlier 2026 2026-02-02 late",
        "papers given after the close count it in the year in which they came",
        recognised_on=day("6-03"),
        debts=(owed("start", "5-20", "2026-02-02"),),
    ),
    start(
        "counts started 2025 2025-05-20",
        "papers given by the close count it in the year of its date",
        debts=(owed("start", "5-20", "2026-01-15"),),
    ),
    start(
        "counts started 2025 2025-05-20",
        "the start date is the one that the department accepts, not the reported one",
        reported_on=day("2024-12-28"),
    ),
    start(
        "counts started_earlier 2025 2025-02-10 late",
        "started and recognised before it was signed, it counts from the signing",
        reported_on=day("2024-10-01"),
        accepted_on=day("2024-10-01"),
        recognised_on=day("2024-11-01"),
        debts=(),
    ),
    # terminations
    start(
        "does_not_count terminated_in_year",
        "terminated in the year in which it counted, it leaves the count",
        terminated_on=day("12-31"),
    ),
    start(
        "counts started 2025 2025-05-20 terminated later",
        "terminated in a later year, its history stands and says so",
        terminated_on=day("2026-01-01"),
    ),
    start(
        "does_not_count terminated",
        "terminated before its papers were given, it never counted",
        debts=(owed("start", "5-20", "2026-02-02"),),
        terminated_on=day("2026-01-20"),
    ),
    start(
        "does_not_count terminated",
        "terminated before it started, it is in hand no more",
        reported_on=None,
        accepted_on=None,
        recognised_on=None,
        debts=(),
        terminated_on=day("4-01"),
    ),
    start(
        "does_not_count terminated_in_year",
        "terminated on the very day on which it came true, it had counted",
        terminated_on=day("6-03"),
    ),
    start(
        "counts started_earlier 2026 2026-01-20 late",
        "a milestone reached on the day of recognition, with papers owed, is a milestone reached",
        recognised_on=day("2026-01-15"),
        debts=(owed("commissioning", "2026-01-15", "2026-01-20"),),
    ),
    start(
        "pending evidence_owed",
        "where later papers suspend, those of the last open day do",
        RuleSet(later_papers_suspend=True),
        debts=(owed("commissioning", "2026-01-15", None),),
    ),
    start(
        GOOD,
        "and those of the day after do not: in later years history stands",
        RuleSet(later_papers_suspend=True),
        debts=(owed("commissioning", "2026-01-16", None),),
    ),
]
