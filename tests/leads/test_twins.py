"""One credit code in two leads in hand: sent to be judged, by whoever manages both."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.claims.models import TwinCase
from crm.claims.rules import Judgement
from crm.companies.models import Company
from crm.core import clock
from crm.core.errors import Missing, Refused
from crm.leads.models import Lead
from crm.leads.operations import care, moving
from crm.leads.operations.twins import judge
from tests.factories import work
from tests.factories.city import City

CODE = "91150200114392559Q"


def a_lead(city: City, who: str, company: int | None = None, **draft: Any) -> int:
    """A lead on a firm with the code, the firm entered by the same person unless given."""
    company = company or work.firm(city, who, "玄武股份有限公司", credit_code=CODE)
    return work.lead(city, who, f"{who}的线索", company_id=company, **draft)


def cases(city: City) -> list[tuple[int, int, Judgement | None]]:
    """(later, earlier, judgement) of every case."""
    with city.database.read() as session:
        rows = session.scalars(select(TwinCase).order_by(TwinCase.id))
        return [(row.lead_id, row.other_id, row.judgement) for row in rows]


def firm_of(city: City, lead_id: int) -> Company:
    """A lead's investor."""
    with city.database.read() as session:
        number = session.get_one(Lead, lead_id).company_id
        return session.get_one(Company, number)


def quick(client: FlaskClient, **data: Any) -> Any:
    """Log a lead by the quick form, whatever was shown before."""
    values = {
        "content": "拉晶",
        "next_step": "拜访",
        "next_step_on": work.today().isoformat(),
    } | data
    answer = client.post("/leads/quick", data=values)
    if 'name="duplicates_seen" value="' in answer.text:
        mark = answer.text.split('name="duplicates_seen" value="')[1].split('"')[0]
        answer = client.post("/leads/quick", data=values | {"duplicates_seen": mark})
    return answer


def test_a_second_lead_on_a_firm_with_a_code_is_sent_to_be_judged(city: City) -> None:
    first = a_lead(city, "kunqu_officer")
    second = a_lead(city, "kunqu_officer", firm_of(city, first).id)
    assert cases(city) == [(second, first, None)]


def test_without_a_code_and_beside_lost_leads_nothing_is_sent(city: City) -> None:
    company = work.firm(city, "kunqu_officer", "朱雀有限公司")
    for _ in range(2):
        work.lead(city, "kunqu_officer", "朱雀", company_id=company)
    first = a_lead(city, "kunqu_officer")
    with city.write() as session:
        moving.lose(session, city.actor("kunqu_officer"), first, note="x", now=clock.now())
    a_lead(city, "kunqu_officer", firm_of(city, first).id)
    assert cases(city) == []


def test_naming_the_investor_later_sends_it_too_and_once(city: City) -> None:
    first = a_lead(city, "kunqu_officer")
    second = work.lead(city, "kunqu_officer", "未具名")
    for _ in range(2):
        with city.write() as session:
            care.name_investor(
                session,
                city.actor("kunqu_officer"),
                second,
                firm_of(city, first).id,
                now=clock.now(),
            )
    assert cases(city) == [(second, first, None)]


def test_the_code_of_a_hidden_firm_in_talks_is_claimed_and_stays_unknown_to_the_new_firm(
    city: City, client: FlaskClient
) -> None:
    first = a_lead(city, "qingshan_officer")
    city.sign_in(client, "kunqu_officer")
    answer = quick(client, new_company="玄武（包头）公司", credit_code=CODE)
    assert answer.status_code == 303
    second = int(answer.location.rsplit("/", 1)[1])
    assert cases(city) == [(second, first, None)]
    assert firm_of(city, second).credit_code is None
    assert firm_of(city, second).id != firm_of(city, first).id
    page = client.get(answer.location).text
    assert "待上级研判" in page
    history = client.get(f"{answer.location}?tab=history").text
    for kept in ("qingshan_officer的线索", "青山", "玄武股份有限公司", f"/leads/{first}"):
        assert kept not in page
        assert kept not in history


def test_the_code_of_a_hidden_firm_without_a_lead_is_refused_beside_its_field(
    city: City, client: FlaskClient
) -> None:
    work.firm(city, "qingshan_officer", "玄武股份有限公司", credit_code=CODE)
    city.sign_in(client, "kunqu_officer")
    answer = quick(client, new_company="白虎", credit_code=CODE)
    assert answer.status_code == 422
    assert "credit_code-error" in answer.text
    assert "玄武" not in answer.text


def test_the_code_of_a_firm_one_knows_means_that_firm(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "kunqu_officer", "玄武股份有限公司", credit_code=CODE)
    city.sign_in(client, "kunqu_officer")
    answer = quick(client, new_company="玄武", credit_code=CODE.lower())
    assert firm_of(city, int(answer.location.rsplit("/", 1)[1])).id == company


def test_a_false_code_is_refused_and_nothing_typed_is_lost(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = quick(client, new_company="玄武", credit_code="9115020011439255XX")
    assert answer.status_code == 422
    assert 'value="9115020011439255XX"' in answer.text
    assert 'value="拉晶"' in answer.text


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("city_manager", True),
        ("kunqu_manager", False),
        ("qingshan_manager", False),
    ],
)
def test_only_who_manages_both_leads_has_the_case(
    city: City, client: FlaskClient, who: str, sees: bool
) -> None:
    first = a_lead(city, "qingshan_officer")
    city.sign_in(client, "kunqu_officer")
    quick(client, new_company="玄武（包头）公司", credit_code=CODE)
    with city.database.read() as session:
        case = session.scalars(select(TwinCase.id)).one()
    city.sign_in(client, who)
    assert (CODE in client.get("/rulings").text) is sees
    assert client.get(f"/rulings/twins/{case}").status_code == (200 if sees else 404)
    data = {"judgement": "different", "why": "两个厂"}
    answer = client.post(f"/rulings/twins/{case}", data=data)
    assert answer.status_code == (303 if sees else 404)
    assert cases(city)[0][2] is (Judgement.DIFFERENT if sees else None)
    if sees:
        assert "两个厂" in client.get(f"/leads/{first}").text


def test_an_officer_judges_nothing(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.get("/rulings").status_code == 403
    assert client.post("/rulings/twins/1").status_code == 403


def test_a_judgement_says_why_and_is_made_once(city: City) -> None:
    first = a_lead(city, "kunqu_officer")
    a_lead(city, "kunqu_officer", firm_of(city, first).id)
    manager, now = city.actor("kunqu_manager"), clock.now()
    with city.database.read() as session:
        case = session.scalars(select(TwinCase.id)).one()
    with pytest.raises(Refused), city.write() as session:
        judge(session, manager, case, Judgement.SAME, why="", now=now)
    with city.write() as session:
        judge(session, manager, case, Judgement.SAME, why="同一项目", now=now)
    with pytest.raises(Refused), city.write() as session:
        judge(session, manager, case, Judgement.MERGE, why="又想了想", now=now)
    with pytest.raises(Missing), city.write() as session:
        judge(session, manager, 10**6, Judgement.MERGE, why="无", now=now)
    assert cases(city)[0][2] is Judgement.SAME
