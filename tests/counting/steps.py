"""What stands on which day: the steps of starts, money agreed and planned."""

from __future__ import annotations

from typing import Any

from crm.counting.rules.decisions import Measure, stands
from crm.counting.rules.facts import Kind, Planned, Purse, Signing
from crm.counting.rules.receipts import cohort
from crm.counting.rules.sets import Rules
from crm.counting.rules.starts import decide_start
from tests.counting.given import WAN, YI, Case, day, owed, project


def standing(on: str, measure: Measure, year: int = 2025, **changes: Any) -> int:
    """How many rows of the measure stand on the day, of one project."""
    decision = decide_start(project(**changes), Rules())
    return sum(stands(row, day(on), year) for row in decision.standings if row.measure is measure)


def steps(on: str, **changes: Any) -> str:
    """In hand, reported, counted on a day."""
    measures = (Measure.STARTS_IN_HAND, Measure.STARTS_REPORTED, Measure.STARTS_COUNTED)
    return " ".join(str(standing(on, measure, **changes)) for measure in measures)


def planned(year: int) -> list[str]:
    """What is planned in a year, and from when."""
    plan = (Planned(2024, YI(9)), Planned(2025, YI(1)), Planned(2026, YI(2)))
    return [
        f"{row.day_from} {row.amount.fen}"
        for row in decide_start(project(planned=plan), Rules()).standings
        if row.measure is Measure.FUNDS_PLANNED and row.day_from.year == year
    ]


def agreed(**changes: Any) -> int:
    """What a project adds to the funds agreed, in fen."""
    return sum(
        row.amount.fen
        for row in decide_start(project(**changes), Rules()).standings
        if row.measure is Measure.FUNDS_AGREED
    )


def measures(**changes: Any) -> list[str]:
    """The measures that a project adds to."""
    return [row.measure.value for row in decide_start(project(**changes), Rules()).standings]


def ends(**changes: Any) -> dict[str, int]:
    """The year in which each measure's row ends."""
    rows = decide_start(project(**changes), Rules()).standings
    return {row.measure.value: row.day_until.year for row in rows}


def cohort_in(year: int, **changes: Any) -> str | None:
    """新开工 or 续建, of money that arrives in the year."""
    found = cohort(project(**changes), year)
    return found.value if found else None


NOT_STARTED: dict[str, Any] = {
    "reported_on": None,
    "accepted_on": None,
    "recognised_on": None,
    "debts": (),
}
LATE: dict[str, Any] = {"recognised_on": day("2026-01-20")}
GONE: dict[str, Any] = {"terminated_on": day("10-08")}

CASES = [
    Case(
        "signing raises in hand and nothing counted", lambda: steps("2-10", **NOT_STARTED), "1 0 0"
    ),
    Case("before the signing there is nothing", lambda: steps("2-09", **NOT_STARTED), "0 0 0"),
    Case("on its start date it stands counted", lambda: steps("5-20"), "0 0 1"),
    Case("the day before it is in hand", lambda: steps("5-19"), "1 0 0"),
    Case(
        "recognised with something owed it stands under reported",
        lambda: steps("12-31", debts=(owed("start", "5-20", None),)),
        "0 1 0",
    ),
    Case(
        "a start that counts in a later year stands under reported until then",
        lambda: steps("12-31", **LATE),
        "0 1 0",
    ),
    Case(
        "and from the day that came true in that year",
        lambda: [
            standing(on, Measure.STARTS_COUNTED, 2026, **LATE)
            for on in ("2026-01-19", "2026-01-20")
        ],
        [0, 1],
    ),
    Case(
        "a start is no start of the next year",
        lambda: standing("2026-06-30", Measure.STARTS_COUNTED, 2026),
        0,
    ),
    Case(
        "asked for its year, later days do not matter",
        lambda: standing("2027-06-30", Measure.STARTS_COUNTED),
        1,
    ),
    Case(
        "one terminated in its year stood until then",
        lambda: [steps(on, **GONE) for on in ("10-07", "10-08", "2026-03-01")],
        ["0 0 1", "0 0 0", "0 0 0"],
    ),
    Case(
        "what is below the minimum is not in hand", lambda: steps("3-01", total=WAN(9_999)), "0 0 0"
    ),
    Case("money agreed is the total", lambda: agreed(), YI(3).fen),
    Case(
        "of an increase only the increment",
        lambda: agreed(signing=Signing.INCREASE, increment=YI(1)),
        YI(1).fen,
    ),
    Case("fiscal money drops out", lambda: agreed(purse=Purse.MIXED, fiscal=YI(1)), YI(2).fen),
    Case("a wholly fiscal project adds none", lambda: agreed(purse=Purse.FISCAL), 0),
    Case("nor does real estate", lambda: agreed(kind=Kind.REAL_ESTATE), 0),
    Case("plans of earlier years than the signing are none", lambda: planned(2024), []),
    Case(
        "this year's plan stands from the signing",
        lambda: planned(2025),
        [f"2025-02-10 {YI(1).fen}"],
    ),
    Case("next year's from its first day", lambda: planned(2026), [f"2026-01-01 {YI(2).fen}"]),
    Case(
        "the first day of the year belongs to it",
        lambda: standing(
            "1-01",
            Measure.STARTS_COUNTED,
            signed_on=day("2024-12-01"),
            reported_on=day("1-01"),
            accepted_on=day("1-01"),
        ),
        1,
    ),
    Case(
        "started on the day of its signing it was never in hand",
        lambda: measures(signed_on=day("5-20")),
        ["starts_counted", "funds_agreed"],
    ),
    Case("money of a project started this year is 新开工", lambda: cohort_in(2025), "new"),
    Case("of one started in an earlier year 续建", lambda: cohort_in(2026), "continuing"),
    Case("before its start it is neither", lambda: cohort_in(2024), None),
    Case("nor without one", lambda: cohort_in(2025, **NOT_STARTED), None),
    Case(
        "what ends in a later year does not end what counted",
        lambda: ends(terminated_on=day("2026-03-01")),
        {"starts_in_hand": 2025, "starts_counted": 9999, "funds_agreed": 2026},
    ),
]
