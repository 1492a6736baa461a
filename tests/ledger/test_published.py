"""The base of growth: entered with its source, the ledger's where its months are closed."""

from __future__ import annotations

from typing import Any

import pytest

from crm.core.errors import Forbidden, Refused
from crm.counting.rules.goals import Base, BaseSource
from crm.ledger.operations import published
from crm.ledger.queries.published import base, cumulative
from crm.values.money import Money
from tests.counting.given import at
from tests.factories.city import City
from tests.ledger.scene import open_scene

DISTRICTS = (
    "昆都仑区", "青山区", "东河区", "九原区", "石拐区", "白云鄂博矿区", "土默特右旗", "固阳县",
    "达尔罕茂明安联合旗", "包头稀土高新技术产业开发区",
)  # fmt: skip


def enter(
    city: City, district: str, month: int, yi: int, who: str = "city_manager", **told: Any
) -> None:
    base: dict[str, Any] = {
        "year": 2024,
        "month": month,
        "district_id": city.district_id(district),
        "cumulative": Money.yi(yi),
        "source": "市统计局2024年月报",
        "now": at("1-05"),
    }
    with city.write() as session:
        published.enter(session, city.actor(who), **(base | told))


def test_the_citys_base_is_the_sum_of_its_districts_once_none_is_missing(city: City) -> None:
    for district in DISTRICTS[:-1]:
        enter(city, district, 6, 40)
    with city.database.read() as session:
        assert cumulative(session, 2024) == {}
        assert base(session, 2025, 6, at=at("7-01")) == Base(None, None)
    enter(city, DISTRICTS[-1], 6, 100)
    with city.database.read() as session:
        assert cumulative(session, 2024) == {6: Money.yi(460)}
        found = base(session, 2025, 6, at=at("7-01"))
        assert found == Base(Money.yi(460), BaseSource.PUBLISHED)
        of_one = city.district_id("青山区")
        assert base(session, 2025, 6, at=at("7-01"), district_id=of_one).amount == Money.yi(40)
        assert base(session, 2025, 7, at=at("8-01")) == Base(None, None)


def test_the_citys_own_figure_goes_before_the_sum(city: City) -> None:
    enter(city, "包头市", 12, 950)
    with city.database.read() as session:
        assert base(session, 2025, 12, at=at("7-01")).amount == Money.yi(950)


def test_where_the_ledgers_months_are_closed_its_figure_is_the_base(city: City) -> None:
    enter(city, "包头市", 3, 950, year=2025)
    scene = open_scene(city)
    scene.settled()
    with city.database.read() as session:
        found = base(session, 2026, 3, at=at("4-01"))
        assert found == Base(Money.yi(950), BaseSource.PUBLISHED)
        found = base(session, 2026, 3, at=at("4-02"))
        assert found == Base(Money.wan(500), BaseSource.LEDGER)


def test_a_figure_entered_again_replaces_the_former(city: City) -> None:
    enter(city, "包头市", 6, 400)
    enter(city, "包头市", 6, 410)
    with city.database.read() as session:
        assert cumulative(session, 2024) == {6: Money.yi(410)}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"source": " "}, "source"),
        ({"month": 13}, "month"),
        ({"cumulative": Money(-1)}, "cumulative"),
        ({"month": 5, "cumulative": Money.yi(401)}, "cumulative"),
        ({"month": 7, "cumulative": Money.yi(399)}, "cumulative"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(city: City, told: dict[str, Any], field: str) -> None:
    enter(city, "包头市", 6, 400)
    others = {name: value for name, value in told.items() if name != "month"}
    with pytest.raises(Refused) as no:
        enter(city, "包头市", told.get("month", 8), 420, **others)
    assert no.value.field == field


def test_an_officer_enters_no_base(city: City) -> None:
    with pytest.raises(Forbidden):
        enter(city, "包头市", 6, 400, who="kunqu_officer")
