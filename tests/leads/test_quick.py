"""Logging a lead on the road, through the browser's door, on both databases."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.companies.models import Company
from crm.companies.rules import Position
from crm.files.models import Attachment
from crm.leads.models import Lead
from crm.values.money import Money
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import PDF, png


def needed(**more: Any) -> dict[str, Any]:
    """As much as has to be typed."""
    return {
        "new_company": "江苏玄武新能源有限公司",
        "content": "年产5万吨磁材",
        "next_step": "约见",
        "next_step_on": work.today().isoformat(),
    } | more


def post(client: FlaskClient, **data: Any) -> TestResponse:
    """Send the quick form."""
    return client.post("/leads/quick", data=needed(**data))


def last(city: City) -> Lead:
    """The lead logged last."""
    with city.database.read() as session:
        return session.scalars(select(Lead).order_by(Lead.id.desc()).limit(1)).one()


def count(city: City) -> int:
    """How many leads there are."""
    with city.database.read() as session:
        return session.scalar(select(func.count()).select_from(Lead)) or 0


def test_the_least_that_is_typed_makes_a_lead(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = post(client)
    lead = last(city)
    assert answer.status_code == 303
    assert answer.location == f"/leads/{lead.id}"
    assert (lead.title, lead.next_step) == ("年产5万吨磁材", "约见")
    assert not lead.amount_known
    with city.database.read() as session:
        assert session.get_one(Company, lead.company_id).name == "江苏玄武新能源有限公司"


def test_all_of_it(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = post(
        client,
        contact_name="张伟",
        contact_title="投资总监",
        contact_phone="138 0013 8000",
        amount="约2亿",
        chain_id=city.chain_id("稀土"),
        position="supporting",
        model_id=city.model_id("chain"),
        source_id=city.term_id("以商招商"),
        district_id=city.district_id("青山区"),
        confidential="y",
    )
    assert answer.status_code == 303
    lead = last(city)
    assert (lead.contact_name, lead.contact_title) == ("张伟", "投资总监")
    assert (lead.amount_low, lead.amount_estimated) == (Money.yi(2), True)
    assert (lead.chain_id, lead.position) == (city.chain_id("稀土"), Position.SUPPORTING)
    assert lead.district_id == city.district_id("青山区")
    assert lead.confidential


def test_the_chips_stand_as_the_last_entry_left_them(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    first = client.get("/leads/quick").text
    assert f'selected value="{city.district_id("昆都仑区")}"' in first  # the person's own
    chips = {
        "chain_id": city.chain_id("稀土"),
        "position": "core",
        "model_id": city.model_id("chain"),
        "source_id": city.term_id("以商招商"),
        "district_id": city.district_id("青山区"),
    }
    post(client, **chips)
    again = client.get("/leads/quick").text
    for value in chips.values():
        assert f'selected value="{value}"' in again
    post(client, new_company="朱雀", district_id="", chain_id="")
    undecided = client.get("/leads/quick").text
    assert f'selected value="{city.chain_id("稀土")}"' not in undecided
    assert f'selected value="{city.district_id("昆都仑区")}"' not in undecided


def test_a_colleagues_last_entry_is_not_mine(city: City, client: FlaskClient) -> None:
    work.lead(city, "kunqu_colleague", chain_id=city.chain_id("稀土"))
    city.sign_in(client, "kunqu_officer")
    shown = client.get("/leads/quick").text
    assert f'selected value="{city.chain_id("稀土")}"' not in shown


def test_a_firm_chosen_of_those_known_is_that_firm(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "kunqu_officer", "江苏玄武新能源有限公司")
    city.sign_in(client, "kunqu_officer")
    post(client, company_id=company)
    assert last(city).company_id == company


def test_a_hidden_firms_number_is_refused(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "qingshan_officer", "江苏玄武新能源有限公司")
    city.sign_in(client, "kunqu_officer")
    answer = post(client, company_id=company, new_company="")
    assert answer.status_code == 422
    assert "请从列表中选择" in answer.text
    assert count(city) == 0


def test_an_unnamed_one_has_a_working_title(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    refused = post(client, unnamed="y")
    assert refused.status_code == 422
    assert "title-error" in refused.text
    assert post(client, unnamed="y", title="某电池龙头").status_code == 303
    lead = last(city)
    assert (lead.company_id, lead.title) == (None, "某电池龙头")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"new_company": ""}, "new_company"),
        ({"content": " "}, "content"),
        ({"next_step": ""}, "next_step"),
        ({"next_step_on": ""}, "next_step_on"),
        ({"next_step_on": "昨天"}, "next_step_on"),
        ({"next_step_on": "2001-01-01"}, "next_step_on"),
        ({"amount": "很多"}, "amount"),
        ({"amount": "3-2亿"}, "amount"),
        ({"amount": "99999999亿"}, "amount"),
        ({"content": "字" * 301}, "content"),
        ({"credit_code": "123"}, "credit_code"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    city: City, client: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    typed = {"contact_name": "张伟", "contact_phone": "13800138000", "title": "留着"} | wrong
    answer = post(client, **typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    for name, value in (needed() | typed).items():
        if name not in wrong:
            assert f'value="{value}"' in answer.text
    assert count(city) == 0


def test_chips_out_of_nowhere_are_refused(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    for name in ("chain_id", "model_id", "source_id", "district_id", "position"):
        assert post(client, **{name: "999999"}).status_code == 422
    assert post(client, scenario_id="999999", model_id=city.model_id("scenario")).status_code == 422
    assert count(city) == 0


def test_a_photo_and_a_file_come_with_the_lead(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = client.post(
        "/leads/quick",
        data=needed()
        | {"photo": (io.BytesIO(png()), "名片.png"), "files": (io.BytesIO(PDF), "介绍.pdf")},
    )
    assert answer.status_code == 303
    with city.database.read() as session:
        names = session.scalars(
            select(Attachment.name).where(
                Attachment.subject_kind == "lead", Attachment.subject_id == last(city).id
            )
        ).all()
    assert sorted(names) == ["介绍.pdf", "名片.png"]


def test_a_file_of_a_false_type_is_refused_with_its_name(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = client.post(
        "/leads/quick", data=needed() | {"photo": (io.BytesIO(b"#!/bin/sh"), "名片.png")}
    )
    assert answer.status_code == 422
    assert "名片.png" in answer.text
    assert count(city) == 0


def test_it_begins_with_what_the_page_one_comes_from_says(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "kunqu_officer", "玄武股份有限公司")
    hidden = work.firm(city, "qingshan_officer", "朱雀股份有限公司")
    node = city.node_id("晶硅光伏", "铝边框")
    city.sign_in(client, "kunqu_officer")
    shown = client.get(f"/leads/quick?company={company}&node={node}").text
    assert 'value="玄武股份有限公司"' in shown
    assert "铝边框" in shown
    assert f'selected value="{city.model_id("chain")}"' in shown
    assert "朱雀" not in client.get(f"/leads/quick?company={hidden}").text


def test_it_unfolds_into_the_whole_form_with_everything_typed(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    typed = needed(contact_name="张伟", amount="2-3亿", chain_id=city.chain_id("稀土"))
    answer = client.post("/leads/new", data=typed | {"unfold": "1", "content": ""})
    assert answer.status_code == 200
    assert 'value="张伟"' in answer.text
    assert 'value="2-3亿"' in answer.text
    assert f'selected value="{city.chain_id("稀土")}"' in answer.text
    assert "notice-bad" not in answer.text
    assert count(city) == 0


def test_a_pasted_message_is_offered_and_not_kept(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "kunqu_officer", "江苏双良新能源装备股份有限公司")
    hidden = work.firm(city, "qingshan_officer", "江苏玄武新能源装备股份有限公司")
    city.sign_in(client, "kunqu_officer")
    text = "我是江苏双良新能源装备股份有限公司的张伟，13800138000，投资约3.5亿元"
    said = client.post("/leads/recognise", data={"pasted": text}).text
    for part in ("江苏双良新能源装备股份有限公司", "张伟", "13800138000", "约3.5亿元"):
        assert f'data-value="{part}"' in said
    assert f'data-company="{company}"' in said
    other = client.post("/leads/recognise", data={"pasted": text.replace("双良", "玄武")}).text
    assert "data-company" not in other
    assert str(hidden) not in other.split("data-value")[1].split(">")[0]
    assert "data-fill" not in client.post("/leads/recognise", data={"pasted": "明天开会"}).text
    assert client.post("/leads/recognise").status_code == 200
    assert count(city) == 0


@pytest.mark.parametrize("who", ["leader", "auditor", "admin"])
def test_who_logs_no_leads_has_no_quick_form(city: City, client: FlaskClient, who: str) -> None:
    city.sign_in(client, who)
    assert client.get("/leads/quick").status_code == 403
    assert client.post("/leads/quick", data=needed()).status_code == 403
    assert client.post("/leads/recognise", data={"pasted": "x"}).status_code == 403


def test_one_post_twice_makes_one_lead(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    shown = client.get("/leads/quick").text
    key = shown.split('name="form_key"')[2].split('value="')[1].split('"')[0]
    tomorrow = (work.today() + timedelta(days=1)).isoformat()
    places = {post(client, form_key=key, next_step_on=tomorrow).location for _ in range(2)}
    assert len(places) == 1
    assert count(city) == 1
