"""The page of results, and the short list under the box."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.factories import work
from tests.factories.city import City


@pytest.fixture
def lead_id(city: City) -> int:
    return work.lead(city, "kunqu_officer", "弘元光伏拉晶项目")


def test_what_is_found_leads_to_its_page(city: City, client: FlaskClient, lead_id: int) -> None:
    city.sign_in(client, "kunqu_officer")

    page = client.get("/search", query_string={"q": "hygf"}).text

    assert f'href="/leads/{lead_id}"' in page


def test_the_box_gets_a_list_without_the_frame(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")

    part = client.get("/search?q=弘", headers={"HX-Request": "true"}).text

    assert f'href="/leads/{lead_id}"' in part
    assert "<html" not in part


@pytest.mark.parametrize("text", ["", "   ", "<script>alert(1)</script>", "𠮷🏭", "x" * 5000, "%"])
def test_whatever_is_typed_the_page_answers(city: City, client: FlaskClient, text: str) -> None:
    city.sign_in(client, "kunqu_officer")

    answer = client.get("/search", query_string={"q": text})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_administrator_finds_people_and_nothing_of_the_negotiations(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "admin")

    assert "弘元光伏拉晶" not in client.get("/search?q=弘元").text
    assert (
        f'href="/people/{city.person_id("kunqu_officer")}"' in client.get("/search?q=张专员").text
    )


def test_an_auditor_has_no_search(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "auditor")

    assert client.get("/search?q=弘").status_code == 403
