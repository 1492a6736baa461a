"""Projects shared between districts: for assessment alone, exact, and the city stays what it is."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config import Config
from crm.audit.models import Entry
from crm.core import clock
from crm.core.database import Database
from crm.core.errors import Forbidden, Missing
from crm.goals.operations.shares import divide
from crm.goals.queries.shares import assessed, shares_of
from crm.goals.rules import shares as rules
from crm.goals.rules.shares import WHOLE, Credited, cut
from crm.goals.rules.tracks import Track
from tests.factories import work
from tests.factories.city import City
from tests.factories.deals import make_deal
from tests.goals.given import KUNQU, QINGSHAN, Plan, yi

splits = st.lists(st.integers(1, 5000), min_size=2, max_size=4).map(
    lambda parts: dict(enumerate(parts, start=1))
)


@given(st.integers(-(10**14), 10**14), splits)
def test_an_amount_is_cut_into_whole_fen_that_make_it(amount: int, shares: dict[int, int]) -> None:
    parts = cut(amount, shares)
    assert sum(parts.values()) == amount
    total = sum(shares.values())
    for district, part in parts.items():
        assert abs(part - Fraction(amount * shares[district], total)) < 1
    assert cut(-amount, shares) == {district: -part for district, part in parts.items()}


@given(
    st.dictionaries(st.integers(1, 4), st.integers(0, 10**12), min_size=1),
    st.lists(st.tuples(st.integers(1, 4), st.integers(-(10**9), 10**12)), max_size=6),
    st.integers(1, WHOLE - 1),
    st.booleans(),
)
def test_the_city_is_the_same_by_shares(
    done: dict[int, int], credited: list[tuple[int, int]], share: int, whole: bool
) -> None:
    rows = [Credited(place, *one) for place, one in enumerate(credited)]
    shares = {row.project: {1: share, 2: WHOLE - share} for row in rows}
    found = rules.assessed(done, rows, shares, whole=whole)
    assert sum(found.values()) == sum(done.values())
    assert all(isinstance(value, int) for value in found.values()) or not whole


def test_three_to_seven_of_a_start_and_of_money(city: City, database: Database) -> None:
    lived = Plan(city)
    number = make_project(city)
    start = lived.started("5-20", KUNQU, project=number)
    lived.money(start, 1001, "6-10")
    other = lived.started("5-21", QINGSHAN)
    lived.money(other, yi(1), "6-10")
    kunqu, qingshan = city.district_id(KUNQU), city.district_id(QINGSHAN)
    on = date(2025, 6, 30)
    with database.read() as session:
        assert assessed(session, Track.STARTS, {kunqu: 1, qingshan: 1}, year=2025, on=on) is None
    with city.write() as session:
        divide(
            session, city.actor("city_manager"), number,
            {kunqu: 3000, qingshan: 7000}, version=None, now=clock.now(),
        )  # fmt: skip
    with database.read() as session:
        starts = assessed(session, Track.STARTS, {kunqu: 1, qingshan: 1}, year=2025, on=on)
        assert starts == {kunqu: Fraction(3, 10), qingshan: Fraction(17, 10)}
        done = {kunqu: 1001, qingshan: yi(1)}
        funds = assessed(session, Track.FUNDS, done, year=2025, on=on)
        assert funds == {kunqu: 300, qingshan: yi(1) + 701}
        early = assessed(
            session, Track.STARTS, {kunqu: 0, qingshan: 0}, year=2025, on=date(2025, 5, 19)
        )
        assert early == {kunqu: 0, qingshan: 0}


def make_project(city: City, **told: Any) -> int:
    """A project of Kundulun."""
    return work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"), **told)


def sent(city: City, *shares: tuple[str, str]) -> dict[str, str]:
    """The form as it is sent."""
    told = {"version": "", "district_1": "", "share_1": "", "district_2": "", "share_2": ""}
    for number, (district, share) in enumerate(shares, start=1):
        told[f"district_{number}"] = str(city.district_id(district)) if district else ""
        told[f"share_{number}"] = share
    return told


def test_the_bureau_shares_and_the_board_shows_both(
    client: FlaskClient, city: City, database: Database
) -> None:
    number = make_project(city)
    Plan(city).started("5-20", KUNQU, project=number)
    city.sign_in(client, "city_manager")
    assert f"/projects/{number}/shares" in client.get(f"/projects/{number}").text
    assert "考核口径" not in client.get("/goals?year=2025").text
    answer = client.post(
        f"/projects/{number}/shares", data=sent(city, (KUNQU, "33.33"), (QINGSHAN, "66.67"))
    )
    assert answer.status_code == 303
    with database.read() as session:
        assert shares_of(session, number) == {
            city.district_id(QINGSHAN): 6667,
            city.district_id(KUNQU): 3333,
        }
        entry = session.scalars(select(Entry).where(Entry.action == "project.shared")).one()
    assert entry.after == {"shares": ["昆都仑区 33.33%", "青山区 66.67%"]}
    board = client.get("/goals?year=2025").text
    assert "考核口径" in board
    assert "0.67" in board
    assert "考核口径" not in client.get("/goals?year=2025&known=2025-06-30").text
    city.sign_in(client, "kunqu_officer")
    assert "33.33 %" in client.get(f"/projects/{number}/shares").text
    city.sign_in(client, "city_manager")
    assert client.post(f"/projects/{number}/shares", data=sent(city)).status_code == 303
    with database.read() as session:
        assert shares_of(session, number) == {}
    assert "考核口径" not in client.get("/goals?year=2025").text


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([(KUNQU, "30"), (QINGSHAN, "60")], "共差 10%"),
        ([(KUNQU, "50"), (QINGSHAN, "50.01")], "超出 100% 共 0.01%"),
        ([(KUNQU, "100")], "两个及以上"),
        ([(KUNQU, "100"), (QINGSHAN, "0")], "两个及以上"),
        ([(KUNQU, "-20"), (QINGSHAN, "120")], "两个及以上"),
        ([(KUNQU, "50"), (KUNQU, "50")], "只填一次"),
        ([(KUNQU, "50"), ("", "50")], "请选择旗县区"),
        ([(KUNQU, "3:7"), (QINGSHAN, "")], "请只填数字"),
        ([(KUNQU, "33.333"), (QINGSHAN, "66.667")], "最小单位"),
    ],
)
def test_shares_that_do_not_make_the_whole_are_refused_and_stay_typed(
    client: FlaskClient, city: City, database: Database, shares: list[tuple[str, str]], says: str
) -> None:
    number = make_project(city)
    city.sign_in(client, "city_manager")
    answer = client.post(f"/projects/{number}/shares", data=sent(city, *shares))
    assert answer.status_code == 422
    assert says in answer.text
    assert "field-error" in answer.text
    for _district, share in shares:
        assert not share or f'value="{share}"' in answer.text
    with database.read() as session:
        assert shares_of(session, number) == {}


def test_no_district_sets_its_own_share_and_a_stranger_knows_of_none(
    client: FlaskClient, city: City, config: Config, database: Database
) -> None:
    deal = make_deal(city, config.files_dir, "kunqu_officer", confidential=True)
    whole = {city.district_id(KUNQU): 5000, city.district_id(QINGSHAN): 5000}
    expected = {
        "qingshan_manager": (404, 404), "leader": (404, 404), "admin": (403, 403),
        "auditor": (403, 403), "kunqu_manager": (200, 403), "kunqu_officer": (200, 403),
    }  # fmt: skip
    for person, (reads, writes) in expected.items():
        city.sign_in(client, person)
        address = f"/projects/{deal.project_id}/shares"
        typed = sent(city, (KUNQU, "50"), (QINGSHAN, "50"))
        assert (person, client.get(address).status_code) == (person, reads)
        assert (person, client.post(address, data=typed).status_code) == (person, writes)
        with pytest.raises((Forbidden, Missing)), city.write() as session:
            divide(
                session, city.actor(person), deal.project_id, whole, version=None, now=clock.now()
            )
    with database.read() as session:
        assert shares_of(session, deal.project_id) == {}
