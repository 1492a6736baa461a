"""A figure equals the rows behind it: those read, and the others folded into a line a district."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.queries import figures
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension, splits
from crm.counting.rules.goals import Sum
from crm.ledger.queries.rows import HIDDEN, Behind, Figure, Order, behind, split
from crm.values.money import Money
from tests.counting.given import WAN, at, day
from tests.factories.city import City
from tests.house.test_queries import counted
from tests.ledger.town import Town, open_town

YEAR = Figure(Measure.FUNDS_COUNTED, year=2025, on=day("12-31"))
READERS = (
    "city_manager", "leader", "city_officer", "kunqu_manager", "kunqu_officer", "kunqu_second",
    "qingshan_manager", "qingshan_officer", "admin", "auditor",
)  # fmt: skip


@pytest.fixture
def town(city: City) -> Town:
    return open_town(city)


def ask(town: Town, who: str, figure: Figure = YEAR, **told: str) -> Behind:
    with town.city.database.read() as session:
        return behind(session, town.city.actor(who), figure, **told)


def names(found: Behind) -> list[str]:
    return [f"{line.project.name} {line.standing.amount.fen // 10**6}" for line in found.lines.rows]


def folds(found: Behind) -> dict[str, int]:
    return {fold.district.short: fold.sum.amount.fen // 10**6 for fold in found.folds}


def test_who_reads_all_of_it_finds_no_fold(town: Town) -> None:
    found = ask(town, "city_manager")
    assert names(found) == [
        "磁材电机项目 300", "暗影项目 900", "单晶硅片项目 700", "储能电池项目 200", "磁材电机项目 500",
    ]  # fmt: skip
    assert (folds(found), found.whole) == ({}, Sum(5, WAN(2_600)))
    first = found.lines.rows[0]
    assert first.receipt
    assert first.receipt.number == "DZ-2025-0002"
    assert [line.secret for line in found.lines.rows] == [False, True, False, False, False]


@pytest.mark.parametrize(
    ("who", "read", "folded"),
    [
        ("leader", 4, {"青山": 900}),
        ("kunqu_manager", 3, {"青山": 1_600}),
        ("kunqu_officer", 2, {"昆区": 200, "青山": 1_600}),
        ("qingshan_manager", 2, {"昆区": 1_000}),
        ("city_officer", 0, {"昆区": 1_000, "青山": 1_600}),
        ("admin", 0, {"昆区": 1_000, "青山": 1_600}),
        ("auditor", 0, {"昆区": 1_000, "青山": 1_600}),
    ],
)
def test_what_he_may_not_read_is_a_line_a_district(
    town: Town, who: str, read: int, folded: dict[str, int]
) -> None:
    found = ask(town, who)
    assert (len(found.lines.rows), folds(found)) == (read, folded)
    assert found.whole == Sum(5, WAN(2_600))


FIGURES = [
    YEAR,
    Figure(Measure.FUNDS_COUNTED, 2025, day("3-31")),
    Figure(Measure.FUNDS_COUNTED, 2025, day("4-25"), since=day("3-26")),
    Figure(Measure.FUNDS_COUNTED, 2025, day("12-31"), known=at("4-01")),
    Figure(Measure.FUNDS_REPORTED, 2025, day("12-31")),
    Figure(Measure.STARTS_IN_HAND, 2025, day("12-31")),
    Figure(Measure.FUNDS_AGREED, 2025, day("12-31")),
]


def test_every_cell_of_every_split_is_the_rows_it_opens_for_every_reader(town: Town) -> None:
    town.money("motor", 40, "5-10", confirmed=None)
    town.money("shadow", 60, "5-10", confirmed=None)
    with town.city.database.read() as session:
        for who in READERS:
            for figure in FIGURES:
                check_cells(session, town.city.actor(who), figure)


def check_cells(session: Session, actor: Actor, figure: Figure) -> None:
    """Each split makes the whole, each cell is what it opens."""
    city = sum(split(session, actor, figure).values(), Sum())
    assert city.count
    for dimension in splits(figure.measure):
        cells = split(session, actor, _replace(figure, dimension))
        assert sum(cells.values(), Sum()) == city
        for part, told in cells.items():
            found = behind(session, actor, _replace(figure, dimension, part.key, part.district_id))
            rows = [line.standing.amount for line in found.lines.rows]
            away = sum((fold.sum for fold in found.folds), Sum())
            assert found.whole == told
            assert away + Sum(len(rows), sum(rows, Money(0))) == told
            assert found.read == Sum(len(rows), sum(rows, Money(0)))


def _replace(
    figure: Figure, dimension: Dimension, key: str | None = None, district: int | None = None
) -> Figure:
    return Figure(
        figure.measure, figure.year, figure.on, figure.since, dimension, key, district, figure.known
    )


@pytest.mark.parametrize("dimension", [Dimension.NODE, Dimension.ANCHOR])
def test_node_and_anchor_of_a_confidential_project_read_as_one_hidden_part(
    town: Town, dimension: Dimension
) -> None:
    def parts(who: str) -> dict[str, int]:
        with town.city.database.read() as session:
            cells = split(session, town.city.actor(who), _replace(YEAR, dimension))
        found = figures.by_key(cells, YEAR.measure)
        return {key: told.amount.fen // 10**6 for key, told in found.items()}

    seen = parts("city_manager")
    assert HIDDEN not in seen
    shadow = next(key for key, wan in seen.items() if wan == 900)
    for stranger in ("kunqu_officer", "leader", "auditor"):
        assert parts(stranger) == {k: v for k, v in seen.items() if k != shadow} | {HIDDEN: 900}
        found = ask(town, stranger, _replace(YEAR, dimension, shadow))
        assert (found.whole, found.lines.rows, found.folds) == (Sum(), [], [])
        hidden = ask(town, stranger, _replace(YEAR, dimension, HIDDEN))
        assert (hidden.lines.rows, folds(hidden)) == ([], {"青山": 900})


def test_a_part_of_a_chain_does_not_tell_who_it_is(town: Town) -> None:
    chain = str(town.city.chain_id("稀土"))
    found = ask(town, "kunqu_officer", _replace(YEAR, Dimension.CHAIN, chain))
    assert (len(found.lines.rows), folds(found)) == (2, {"青山": 1_600})


def test_pages_follow_each_other_by_day_or_by_amount(town: Town) -> None:
    for number in range(60):
        town.money("motor", 1 + number, "6-10", confirmed="6-18")
    for order in Order:
        seen, mark = [], None
        while True:
            found = ask(town, "city_manager", order=order, **({"after": mark} if mark else {}))
            seen += [line.standing.amount for line in found.lines.rows]
            assert found.whole.count == 65
            mark = found.lines.after
            if not mark:
                break
        assert (len(seen), sum(seen, Money(0))) == (65, found.whole.amount)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("who", ["city_manager", "kunqu_officer"])
def test_many_rows_take_as_many_questions_as_few(town: Town, who: str) -> None:
    def asked() -> int:
        with counted(town.city.database) as said:
            ask(town, who, _replace(YEAR, Dimension.NODE))
        return len(said)

    asked()
    few = asked()
    for number in range(20):
        town.money("motor", 1 + number)
        town.money("crystal", 1 + number)
    assert asked() == few
    assert few <= 13
