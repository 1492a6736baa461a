"""Everything is found by what people type, and only by those who may know of it."""

from __future__ import annotations

import pytest

from crm.companies.operations.people import ContactDraft, add_person
from crm.core import clock
from crm.search.queries import Found, search
from crm.search.rules import Asked
from tests.factories import work
from tests.factories.city import City

CODE = "91150200MA0Q7TEN65"


def _found(city: City, username: str, text: str) -> Found:
    with city.database.read() as session:
        return search(session, city.actor(username), Asked.of(text))


@pytest.fixture
def lead_id(city: City) -> int:
    firm = work.firm(city, "kunqu_officer", "弘元光伏材料有限公司")
    return work.lead(
        city,
        "kunqu_officer",
        "弘元光伏拉晶项目",
        company_id=firm,
        contact_name="刘总",
        contact_phone="138-0000 1234",
    )


@pytest.mark.parametrize(
    "text",
    ["弘", "弘元", "光伏拉晶", "hygf", "HYGF", "hongyuan", "XS-", "刘", "弘元光伏材料有限公司"],
)
def test_a_lead_is_found_by_one_character_by_initials_by_pinyin_by_number_by_its_investor(
    city: City, lead_id: int, text: str
) -> None:
    found = _found(city, "kunqu_officer", text)

    assert ([lead.id for lead in found.leads.rows] == [lead_id]) == (text != "刘")


@pytest.mark.parametrize("text", ["13800001234", "138-00001234", "+86 138 0000 1234"])
def test_a_phone_number_is_found_whole_and_never_in_part(
    city: City, lead_id: int, text: str
) -> None:
    assert [lead.id for lead in _found(city, "kunqu_officer", text).leads.rows] == [lead_id]
    assert _found(city, "kunqu_officer", text[:-2]).nothing


@pytest.mark.parametrize("text", ["弘元", "hygf", "13800001234", "XS-", "弘元光伏材料有限公司"])
@pytest.mark.parametrize("stranger", ["qingshan_officer", "qingshan_manager", "kunqu_second"])
def test_strangers_find_nothing_of_it(city: City, lead_id: int, stranger: str, text: str) -> None:
    assert _found(city, stranger, text).nothing


def test_a_confidential_lead_is_found_by_its_owner_and_his_manager_alone(city: City) -> None:
    work.lead(city, "kunqu_officer", "保密项目", confidential=True)

    readers = {
        username
        for username in ("kunqu_officer", "kunqu_colleague", "kunqu_reviewer", "kunqu_manager",
                         "leader", "city_manager")
        if _found(city, username, "保密项目").leads.rows
    }  # fmt: skip
    assert readers == {"kunqu_officer", "kunqu_manager", "city_manager"}


def test_percent_signs_and_underscores_mean_themselves(city: City, lead_id: int) -> None:
    work.lead(city, "kunqu_officer", "达产100%项目")

    assert len(_found(city, "kunqu_officer", "%").leads.rows) == 1
    assert _found(city, "kunqu_officer", "_").nothing
    assert _found(city, "kunqu_officer", "\\").nothing


def test_a_project_and_its_company_are_found_by_who_reads_them(city: City, lead_id: int) -> None:
    project_id = work.project(city, "kunqu_officer", lead_id, "拉晶基地一期")

    found = _found(city, "kunqu_officer", "ljjd")
    assert [project.id for project in found.projects.rows] == [project_id]
    assert _found(city, "qingshan_manager", "拉晶基地").nothing


def test_people_at_a_firm_are_found_by_those_who_know_the_firm(city: City) -> None:
    firm = work.firm(city, "kunqu_officer", "北方重工有限公司")
    draft = ContactDraft(name="欧阳经理", phone="0472-5618888")
    with city.write() as session:
        add_person(session, city.actor("kunqu_officer"), firm, draft, now=clock.now())

    for text in ("欧阳", "04725618888"):
        contacts = _found(city, "kunqu_colleague", text).contacts.rows
        assert [contact.company.name for contact in contacts] == ["北方重工有限公司"]
        assert _found(city, "qingshan_officer", text).contacts.rows == []


def test_colleagues_are_found_within_the_scope(city: City) -> None:
    assert [one.name for one in _found(city, "kunqu_manager", "张专员").people.rows]
    assert _found(city, "qingshan_manager", "昆区张专员").people.rows == []


def test_more_than_the_first_eight_say_so(city: City) -> None:
    for number in range(9):
        work.lead(city, "kunqu_officer", f"风电叶片{number}")

    leads = _found(city, "kunqu_officer", "风电叶片").leads
    assert (len(leads.rows), leads.more) == (8, True)


def test_nothing_typed_finds_nothing(city: City, lead_id: int) -> None:
    assert _found(city, "kunqu_officer", "  ").nothing


def test_a_firm_is_found_by_its_credit_code_only_by_who_may_know_the_firm(city: City) -> None:
    work.firm(city, "kunqu_officer", "包钢稀土磁材有限公司", credit_code=CODE)

    for text in (CODE, CODE.lower(), CODE[:10]):
        assert len(_found(city, "kunqu_officer", text).companies.rows) == 1
        assert _found(city, "qingshan_officer", text).nothing
