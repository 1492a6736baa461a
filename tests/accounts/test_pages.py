"""The administrator's pages of people and units."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crm.accounts import queries
from crm.accounts.models import Person, Unit
from crm.accounts.queries import PeopleFilter
from crm.accounts.rules import Role
from crm.audit.models import Entry
from tests.factories.city import City

PAGES = (
    "/people", "/people/new", "/people/1", "/people/1/edit",
    "/units", "/units/new", "/units/1/edit",
)  # fmt: skip
BUTTONS = (
    "/people/1/invite", "/people/1/end-sessions", "/people/1/enable",
    "/units/1/close", "/units/1/reopen",
)  # fmt: skip


@pytest.fixture
def admin(client: FlaskClient, city: City) -> FlaskClient:
    city.sign_in(client, "admin")
    return client


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_an_administrator_opens_it(
    client: FlaskClient, city: City, address: str, language: str
) -> None:
    city.sign_in(client, "admin", language)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("username", ["kunqu_officer", "city_manager", "leader", "auditor"])
def test_nobody_else_does(client: FlaskClient, city: City, username: str) -> None:
    city.sign_in(client, username)
    assert {client.get(one).status_code for one in PAGES} == {403}
    assert {client.post(one).status_code for one in BUTTONS} == {403}


def form(city: City, **changes: str) -> dict[str, str]:
    return {
        "name": "王五",
        "username": "wangwu",
        "role": "officer",
        "unit_id": str(city.unit_id("昆区一科")),
        "email": "",
        "phone": "",
        "language": "zh_CN",
        **changes,
    }


def test_a_person_is_entered_invited_and_found(admin: FlaskClient, city: City) -> None:
    address = admin.post("/people/new", data=form(city)).headers["Location"]
    assert "王五" in admin.get(address).text
    invited = admin.post(f"{address}/invite")
    assert invited.status_code == 201
    assert "/invitation/" in invited.text
    assert "/invitation/" not in admin.get(address).text
    assert "王五" in admin.get("/people?q=wangw&state=invited").text
    assert "王五" not in admin.get("/people?q=wangw&role=manager").text


def test_a_link_is_shown_once_however_often_the_button_is_pressed(
    admin: FlaskClient, city: City
) -> None:
    person = city.person_id("kunqu_officer")
    key = {"form_key": "a" * 32}
    assert admin.post(f"/people/{person}/invite", data=key).status_code == 201
    again = admin.post(f"/people/{person}/invite", data=key)
    assert (again.status_code, again.headers["Location"]) == (303, f"/people/{person}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "ADMIN"}, "已被使用"),
        ({"username": "a b"}, "不含空格"),
        ({"name": ""}, ""),
        ({"unit_id": "999999"}, ""),
        ({"unit_id": "1e309"}, ""),
        ({"role": "emperor"}, ""),
        ({"email": "nobody"}, "name@example.com"),
        ({"language": "xx"}, ""),
        ({"name": "王" * 61}, "60"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_kept(
    admin: FlaskClient, city: City, changes: dict[str, str], said: str
) -> None:
    answer = admin.post("/people/new", data=form(city, phone="138 0000", **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert "138 0000" in answer.text
    with city.database.read() as session:
        assert session.scalar(select(Person.id).where(Person.username == "wangwu")) is None


@pytest.mark.parametrize("name", ["𠮷野", "👩‍👧 王", "\u200fשלום", "<script>alert(1)</script>"])
def test_rare_names_survive_the_round_trip(admin: FlaskClient, city: City, name: str) -> None:
    address = admin.post("/people/new", data=form(city, name=name)).headers["Location"]
    with city.database.read() as session:
        person = queries.person(session, int(address.rsplit("/", 1)[1]))
    assert person.name == name
    assert "<script>alert" not in admin.get(address).text


def test_the_second_of_two_editors_is_told_in_words(admin: FlaskClient, city: City) -> None:
    person = city.person_id("kunqu_officer")
    mine = form(city, username="kunqu_officer", name="张一", version="1")
    assert admin.post(f"/people/{person}/edit", data=mine).status_code == 303
    theirs = form(city, username="kunqu_officer", name="张二", role="manager", version="1")
    answer = admin.post(f"/people/{person}/edit", data=theirs)
    assert answer.status_code == 409
    assert "张一" in answer.text
    assert "张二" in answer.text
    assert "name_pinyin" not in answer.text


def test_the_last_administrator_keeps_his_role_and_reads_why(
    admin: FlaskClient, city: City
) -> None:
    data = form(city, username="admin", name="管理员")
    answer = admin.post(f"/people/{city.person_id('admin')}/edit", data=data)
    assert answer.status_code == 422
    assert "最后一名管理员" in answer.text


def test_a_person_signed_out_by_the_administrator_is_out(admin: FlaskClient, city: City) -> None:
    other = admin.application.test_client()
    city.sign_in(other, "kunqu_officer")
    person = city.person_id("kunqu_officer")
    assert admin.post(f"/people/{person}/end-sessions").status_code == 303
    assert other.get("/account").status_code == 302


def test_an_id_that_is_not_there_is_404(admin: FlaskClient) -> None:
    for address in (
        "/people/999999",
        "/people/9223372036854775808",
        "/people/0",
        "/units/77777/edit",
    ):
        assert admin.get(address).status_code == 404
    assert admin.post("/people/999999/invite").status_code == 404
    assert admin.post("/units/999999/close").status_code == 404


@pytest.mark.parametrize(
    ("args", "names"),
    [
        ({"q": "昆区张"}, {"昆区张专员"}),
        ({"q": "kunquzhang"}, {"昆区张专员"}),
        ({"q": "KUNQU_OFF"}, {"昆区张专员"}),
        ({"q": "%"}, set()),
        ({"role": "auditor"}, {"审计员"}),
        ({"role": "nonsense", "q": "审计"}, {"审计员"}),
        ({"unit": "x", "q": "审计"}, {"审计员"}),
        ({"state": "disabled"}, {"昆区郑专员"}),
        ({"state": "invited"}, {"昆区吴专员"}),
        ({"unit": "team"}, {"昆区张专员", "昆区吴专员"}),
        ({"unit": "9" * 30, "role": "leader"}, {"王市长"}),
        ({"unit": "999999"}, set()),
    ],
)
def test_the_list_is_narrowed_to_what_is_asked(
    city: City, args: dict[str, str], names: set[str]
) -> None:
    with city.write() as session:
        session.execute(
            update(Person).where(Person.username == "kunqu_second").values(active=False)
        )
        session.execute(
            update(Person).where(Person.username == "kunqu_colleague").values(password_hash=None)
        )
        session.execute(
            update(Person)
            .where(Person.username == "kunqu_officer")
            .values(name_pinyin="kunquzhangzhuanyuan kqzzy")
        )
    if args.get("unit") == "team":
        args = {"unit": str(city.unit_id("昆区一科"))}
    wanted = PeopleFilter.from_args(args)
    with city.database.read() as session:
        page = queries.people(session, wanted)
        assert {person.name for person in page.rows} == names
        assert queries.how_many(session, wanted) == len(names)


def test_a_district_lists_the_people_of_its_teams(city: City) -> None:
    wanted = PeopleFilter(unit=city.unit_id("昆都仑区招商局"), role=Role.OFFICER)
    with city.database.read() as session:
        assert queries.how_many(session, wanted) == 3


def test_a_unit_is_added_renamed_closed_and_opened_again(admin: FlaskClient, city: City) -> None:
    parent = city.unit_id("东河区招商局")
    data = {"name": "东河一科", "kind": "team", "parent_id": str(parent)}
    assert admin.post("/units/new", data=data).status_code == 303
    unit = city.unit_id("东河一科")
    assert admin.post(f"/units/{unit}/edit", data={"name": "东河招商一科"}).status_code == 303
    assert "东河招商一科" in admin.get("/units").text
    admin.post(f"/units/{unit}/close")
    with city.database.read() as session:
        assert session.get_one(Unit, unit).active is False
        assert str(unit) not in [number for number, _ in queries.unit_options(session)]
    admin.post(f"/units/{unit}/reopen")
    with city.database.read() as session:
        assert session.get_one(Unit, unit).active is True
        actions = select(Entry.action).where(Entry.subject_kind == "unit", Entry.subject_id == unit)
        assert session.scalars(actions.order_by(Entry.id)).all() == [
            "unit.added", "unit.renamed", "unit.closed", "unit.reopened",
        ]  # fmt: skip


def test_closing_a_unit_with_people_says_what_to_do(admin: FlaskClient, city: City) -> None:
    unit = city.unit_id("昆区一科")
    admin.post(f"/units/{unit}/close", data={"back": "/units"})
    assert "请先把人员调走" in admin.get("/units").text
