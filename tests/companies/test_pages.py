"""The pages of firms and head firms: typed, saved, refused, hidden."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from crm.audit.models import Entry
from crm.companies.models import Company, CompanyPerson, HeadFirm
from crm.companies.operations import firms, people
from crm.companies.operations.chains import PositionDraft, recognise
from crm.companies.operations.firms import CODE_MET, CompanyDraft
from crm.companies.rules import Position
from crm.core import clock
from crm.core.database import Database
from tests.factories.city import City

GOOD = "91110000600037341L"
NOW = clock.now()


def enter(city: City, who: str, name: str, **more: str) -> int:
    """A firm entered by somebody."""
    with city.write() as session:
        return firms.enter(session, city.actor(who), CompanyDraft(name, **more), now=NOW).id


def publish(city: City, company_id: int, chain: str = "稀土") -> None:
    """Recognise a firm, so that all read it."""
    draft = PositionDraft(city.chain_id(chain), None, Position.LEADER, "专班", clock.day_of(NOW))
    with city.write() as session:
        recognise(session, city.actor("city_manager"), company_id, draft, now=NOW)


def count(database: Database, kind: type[Company] | type[HeadFirm] | type[Entry]) -> int:
    """How many rows there are."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def version_in(page: str) -> str:
    """The version that a form carries."""
    found = re.search(r'name="version"[^>]*value="(\d*)"', page)
    return found[1] if found else ""


def test_a_firm_is_entered_and_shown(client: FlaskClient, city: City, database: Database) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = client.post(
        "/companies/new",
        data={
            "name": "  厦门钨业股份有限公司 ",
            "credit_code": "９１１１００００６０００３７３４１ｌ",
            "country": "CN",
            "division_code": "350200",
            "size_ids": [city.term_id("上市公司"), city.term_id("央企")],
            "website": "www.example.com",
        },
    )
    assert answer.status_code == 303
    with database.read() as session:
        row = session.scalars(select(Company)).one()
    assert (row.name, row.credit_code) == ("厦门钨业股份有限公司", GOOD)
    assert row.website == "https://www.example.com"
    shown = client.get(answer.location).text
    assert "福建省厦门市" in shown
    assert "上市公司" in shown
    assert "央企" in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "   "),
        ("name", "长" * 121),
        ("credit_code", "9.11E+17"),
        ("credit_code", "123"),
        ("credit_code", "911100006000373410"),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.com"),
        ("website", "http://"),
        ("division_code", "999999"),
        ("country", "XX"),
    ],
)
def test_each_fault_stands_beside_its_field_and_nothing_is_written(
    client: FlaskClient, city: City, database: Database, field: str, typed: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    data = {"name": "甲公司", "country": "CN", "business": "留下来的文字", field: typed}
    answer = client.post("/companies/new", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "留下来的文字" in answer.text
    assert count(database, Company) == 0


def test_a_hidden_code_answers_neutrally_and_leaves_a_trace(
    client: FlaskClient, city: City, database: Database
) -> None:
    enter(city, "kunqu_officer", "秘密公司", credit_code=GOOD)
    city.sign_in(client, "qingshan_officer", "en")
    data = {"name": "某公司", "country": "CN", "credit_code": GOOD}
    answer = client.post("/companies/new", data=data)
    assert answer.status_code == 422
    assert "ask the city bureau" in answer.text
    assert "秘密" not in answer.text
    assert count(database, Company) == 1
    with database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.action == CODE_MET)).one()
    assert entry.actor_name == "青山褚专员"


@pytest.mark.parametrize("stranger", ["qingshan_officer", "kunqu_second"])
def test_no_address_of_a_hidden_firm_answers(
    client: FlaskClient, city: City, database: Database, stranger: str
) -> None:
    company_id = enter(city, "kunqu_officer", "秘密公司")
    with city.write() as session:
        draft = people.ContactDraft("李国华")
        person = people.add_person(session, city.actor("kunqu_officer"), company_id, draft, now=NOW)
    city.sign_in(client, stranger)
    before = count(database, Entry)
    base = f"/companies/{company_id}"
    for address in (base, f"{base}/edit", f"{base}/people/new", f"{base}/people/{person.id}/edit"):
        assert (address, client.get(address).status_code) == (address, 404)
    for address in (
        f"{base}/edit",
        f"{base}/people/new",
        f"{base}/people/{person.id}/edit",
        f"{base}/people/{person.id}/left",
        f"{base}/leaders/new",
        f"{base}/leaders/1/end",
    ):
        assert (address, client.post(address, data={"name": "x"}).status_code) == (address, 404)
    assert client.get("/companies/suggest?q=mm").json == []
    assert (
        "秘密" not in client.get("/companies?q=秘密公司").text.replace('value="秘密公司"', "")[:0]
    )
    assert count(database, Entry) == before


def test_a_public_firm_keeps_its_people_to_those_who_know_it(
    client: FlaskClient, city: City
) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    publish(city, company_id)
    with city.write() as session:
        draft = people.ContactDraft("李国华", phone="138 0013 8000")
        people.add_person(session, city.actor("kunqu_officer"), company_id, draft, now=NOW)
    city.sign_in(client, "qingshan_officer")
    shown = client.get(f"/companies/{company_id}")
    assert shown.status_code == 200
    assert "李国华" not in shown.text
    assert "138 0013" not in shown.text
    assert client.get(f"/companies/{company_id}/edit").status_code == 403
    city.sign_in(client, "kunqu_colleague")
    assert "李国华" in client.get(f"/companies/{company_id}").text


def test_the_second_of_two_editors_is_told_and_keeps_his_text(
    client: FlaskClient, city: City, database: Database
) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司")
    city.sign_in(client, "kunqu_officer", "en")
    address = f"/companies/{company_id}/edit"
    first = {"name": "甲公司", "country": "CN", "version": "1", "group_name": "先到集团"}
    assert client.post(address, data=first).status_code == 303
    second = {"name": "甲公司", "country": "CN", "version": "1", "group_name": "后到集团"}
    answer = client.post(address, data=second)
    assert answer.status_code == 409
    assert "先到集团" in answer.text
    assert "后到集团" in answer.text
    with database.read() as session:
        assert session.get_one(Company, company_id).group_name == "先到集团"
    again = client.post(address, data={**second, "version": version_in(answer.text)})
    assert again.status_code == 303
    with database.read() as session:
        assert session.get_one(Company, company_id).group_name == "后到集团"


def test_five_parallel_posts_of_one_form_make_one_firm(
    app: Flask, city: City, database: Database
) -> None:
    clients = [app.test_client() for _number in range(5)]
    for one in clients:
        city.sign_in(one, "kunqu_officer")
    data = {"name": "甲公司", "country": "CN", "form_key": uuid.uuid4().hex}

    def post(one: FlaskClient) -> tuple[int, str]:
        answer = one.post("/companies/new", data=data)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(post, clients))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 303
    assert count(database, Company) == 1


def test_the_list_asks_the_database_as_often_for_200_firms_as_for_10(
    client: FlaskClient, city: City, database: Database
) -> None:
    def queries_of(address: str) -> int:
        asked: list[str] = []

        def note(*args: object) -> None:
            asked.append(str(args[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        return len([one for one in asked if one.startswith("SELECT")])

    def more(first: int, last: int) -> None:
        size = city.term_id("上市公司")
        with city.write() as session:
            for number in range(first, last):
                draft = CompanyDraft(f"公司{number}", division_code="110000", size_ids=(size,))
                row = firms.enter(session, city.actor("kunqu_officer"), draft, now=NOW)
                place = PositionDraft(
                    city.chain_id("稀土"), None, Position.CORE, "专班", clock.day_of(NOW)
                )
                recognise(session, city.actor("city_manager"), row.id, place, now=NOW)

    city.sign_in(client, "kunqu_officer")
    more(0, 10)
    client.get("/companies")
    few = queries_of("/companies")
    more(10, 200)
    assert queries_of("/companies") == few


def test_pages_of_the_list_follow_one_another_and_keep_their_filters(
    client: FlaskClient, city: City
) -> None:
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        for number in range(60):
            firms.enter(session, actor, CompanyDraft(f"测试公司{number:02}"), now=NOW)
    city.sign_in(client, "kunqu_officer")
    first = client.get("/companies?q=测试").text
    assert "after=" in first
    assert "测试公司00" in first
    assert "测试公司59" not in first


def test_a_head_firm_is_made_edited_and_moved_on(
    client: FlaskClient, city: City, database: Database
) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    city.sign_in(client, "kunqu_officer")
    made = client.post(
        "/head-firms/new",
        data={
            "company_id": company_id,
            "cluster_id": 1,
            "why": "整机龙头",
            "rank": "38",
            "rank_source": "能源500强",
            "owner_id": city.person_id("kunqu_officer"),
            "state": "untouched",
        },
    )
    assert made.status_code == 303
    assert "整机龙头" in client.get(made.location).text
    assert client.post(f"{made.location}/state/contacted").status_code == 303
    with database.read() as session:
        assert session.scalars(select(HeadFirm)).one().state == "contacted"
    assert client.post(f"{made.location}/state/king").status_code == 404
    city.sign_in(client, "qingshan_officer")
    assert "整机龙头" in client.get(made.location).text
    assert client.get(f"{made.location}/edit").status_code == 403
    assert client.post(f"{made.location}/state/signed").status_code == 403


def test_a_rank_says_in_which_list(client: FlaskClient, city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    city.sign_in(client, "kunqu_officer")
    data = {"company_id": company_id, "cluster_id": 1, "why": "龙头", "rank": "3"}
    answer = client.post("/head-firms/new", data=data)
    assert answer.status_code == 422
    assert 'id="rank_source-error"' in answer.text
    assert count(database, HeadFirm) == 0


def test_a_firm_that_nobody_named_is_asked_for(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = client.post("/head-firms/new", data={"cluster_id": 1, "why": "龙头"})
    assert answer.status_code == 422
    assert 'id="company_id-error"' in answer.text


def test_only_a_manager_recognises(client: FlaskClient, city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    data = {
        "chain_id": city.chain_id("风电装备"),
        "node_id": city.node_id("风电装备", "整机"),
        "position": "leader",
        "recognised_by": "市产业链专班",
        "recognised_on": "2025-03-01",
    }
    address = f"/companies/{company_id}/positions/new"
    city.sign_in(client, "kunqu_officer")
    assert client.post(address, data=data).status_code == 403
    city.sign_in(client, "kunqu_manager")
    assert client.post(address, data=data).status_code == 303
    with database.read() as session:
        assert session.get_one(Company, company_id).public
    city.sign_in(client, "qingshan_officer")
    assert "明阳智能" in client.get("/chains").text
    assert "明阳智能" in client.get(f"/chains/{city.chain_id('风电装备')}").text
    assert "明阳智能" in client.get(f"/nodes/{city.node_id('风电装备', '整机')}").text


def test_somebody_who_left_stays_on_the_page_and_comes_back(
    client: FlaskClient, city: City, database: Database
) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    city.sign_in(client, "kunqu_officer")
    client.post(f"/companies/{company_id}/people/new", data={"name": "李国华", "email": "a@b.cn"})
    with database.read() as session:
        person_id = session.scalars(select(CompanyPerson.id)).one()
    base = f"/companies/{company_id}/people/{person_id}"
    for verb, active in (("left", False), ("back", True)):
        client.post(f"{base}/{verb}")
        with database.read() as session:
            assert session.get_one(CompanyPerson, person_id).active is active


def test_the_administrator_and_the_auditor_read_no_firm(client: FlaskClient, city: City) -> None:
    company_id = enter(city, "kunqu_officer", "明阳智能")
    for person in ("admin", "auditor"):
        city.sign_in(client, person)
        assert client.get("/companies").status_code == 403
        assert client.get(f"/companies/{company_id}").status_code == 403
