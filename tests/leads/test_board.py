"""The board: columns of the list, and cards that move, ask, or go back; on both databases."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from crm.core import clock
from crm.leads.models import Lead
from crm.leads.operations import care, decisions, moving
from crm.leads.rules.kinds import AppraisalKind, Stage, Standing, Verdict
from crm.leads.rules.moves import DEMANDS, MOVES, Door, Facts, Fault, Way, find_move, way
from crm.leads.views.board import CARDS
from tests.factories import work
from tests.factories.city import City

TODAY = work.today()
JSON = {"Accept": "application/json"}


def row(city: City, lead_id: int) -> Lead:
    """The lead as it is stored."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def put(
    client: FlaskClient, lead_id: int, stage: str, version: int = 1, **more: Any
) -> dict[str, Any]:
    """What the house answers to a card put into a column."""
    answer = client.post(
        f"/leads/{lead_id}/place", data={"target": f"{stage}.{version}", **more}, headers=JSON
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def cards(page: str) -> dict[str, list[int]]:
    """The ids of the cards in each column."""
    columns = re.split(r'data-stage="(\w+)"', page)[1:]
    return {
        stage: [int(number) for number in re.findall(r'id="card-(\d+)"', html)]
        for stage, html in zip(columns[::2], columns[1::2], strict=True)
    }


@pytest.mark.parametrize("target", list(Stage))
@pytest.mark.parametrize("origin", list(Stage))
def test_the_table_of_moves_says_what_a_board_does(origin: Stage, target: Stage) -> None:
    named = Facts(TODAY, TODAY, origin, investor=True, review=Verdict.GO_ON)
    unknown = Facts(TODAY, TODAY, origin)
    move = find_move(origin, target)
    found, fault = way(target, TODAY, named)
    if move is None:
        assert (found, fault) == (Way.REFUSED, Fault.SAME)
    elif move.door is Door.SIGNING:
        assert found is Way.SIGNING
    elif move.door is Door.TERMINATION:
        assert (found, fault) == (Way.REFUSED, Fault.ONLY_BY_TERMINATION)
    else:
        assert (found, fault) == (Way.FORM if move.reason else Way.AT_ONCE, None)
        lacks = bool(DEMANDS.get(target)) and not move.reason
        assert (way(target, TODAY, unknown)[1] is not None) is lacks
    assert (move in MOVES) is (move is not None)


def test_a_card_that_needs_nothing_moves_and_comes_back_as_it_is_then(
    city: City, client: FlaskClient
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    told = put(client, lead_id, "contacted")
    assert row(city, lead_id).stage is Stage.CONTACTED
    assert row(city, lead_id).moved_on == TODAY
    assert 'data-version="2"' in told["card"]
    assert cards(client.get("/leads/board").text)["contacted"] == [lead_id]


def test_a_move_that_lacks_something_leads_to_where_it_is_told(
    city: City, client: FlaskClient
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    assert put(client, lead_id, "negotiating")["go"] == f"/leads/{lead_id}/edit"
    firm = work.firm(city, "kunqu_officer", "某某磁材有限公司")
    named = work.lead(city, "kunqu_officer", company_id=firm)
    assert put(client, named, "drafted")["go"] == f"/leads/{named}/appraise?kind=review"
    assert put(client, named, "signed")["go"] == f"/leads/{named}/sign"
    assert "done" in put(client, named, "negotiating")
    assert put(client, named, "contacted", 2)["go"] == f"/leads/{named}/move?target=contacted"
    assert row(city, lead_id).stage is Stage.IDENTIFIED
    assert row(city, named).stage is Stage.NEGOTIATING


def test_with_a_review_a_card_goes_to_the_drafted_agreement(
    city: City, client: FlaskClient
) -> None:
    firm = work.firm(city, "kunqu_officer", "某某磁材有限公司")
    lead_id = work.lead(city, "kunqu_officer", company_id=firm)
    draft = decisions.AppraisalDraft(
        AppraisalKind.REVIEW, Verdict.GO_ON, "可行", TODAY, **dict.fromkeys(decisions.ASPECTS, "无")
    )
    with city.write() as session:
        decisions.appraise(session, city.actor("kunqu_officer"), lead_id, draft, now=clock.now())
    city.sign_in(client, "kunqu_officer")
    assert "done" in put(client, lead_id, "drafted")
    assert row(city, lead_id).stage is Stage.DRAFTED


def test_a_refused_move_says_why_and_changes_nothing(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    assert "refused" in put(client, lead_id, "identified")
    assert "refused" in put(client, lead_id, "bogus")
    assert "refused" in put(client, lead_id, "contacted", 0)
    with city.write() as session:
        moving.hold(
            session, city.actor("kunqu_officer"), lead_id, until=TODAY.replace(year=2099),
            reason_id=city.term_id("市场行情待观察"), now=clock.now(),
        )  # fmt: skip
    assert "恢复" in put(client, lead_id, "contacted", 2)["refused"]
    assert (row(city, lead_id).stage, row(city, lead_id).version) == (Stage.IDENTIFIED, 2)


def test_a_card_that_somebody_changed_meanwhile_goes_back(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with city.write() as session:
        care.plan_next_step(
            session, city.actor("kunqu_officer"), lead_id, step="别的", on=TODAY, now=clock.now()
        )
    city.sign_in(client, "kunqu_officer")
    told = put(client, lead_id, "contacted", 1)
    assert "修改" in told["refused"]
    assert row(city, lead_id).stage is Stage.IDENTIFIED
    assert "done" in put(client, lead_id, "contacted", 2)


def test_the_same_drop_sent_twice_moves_once(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    key = "0123456789abcdef0123456789abcdef"
    for _ in range(2):
        put(client, lead_id, "contacted", form_key=key)
    assert row(city, lead_id).version == 2


def test_without_a_script_the_menu_does_the_same(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    client.get("/leads/board?stage=identified")
    answer = client.post(f"/leads/{lead_id}/place", data={"target": "contacted.1"})
    assert (answer.status_code, answer.location) == (303, "/leads/board?stage=identified")
    answer = client.post(f"/leads/{lead_id}/place", data={"target": "signed.2"})
    assert answer.location == f"/leads/{lead_id}/sign"
    answer = client.post(f"/leads/{lead_id}/place", data={"target": "contacted.2"})
    assert answer.location == "/leads/board?stage=identified"
    assert "toast-bad" in client.get(answer.location).text


def test_who_may_not_write_a_lead_moves_no_card(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    for who, status in {"kunqu_colleague": 403, "qingshan_officer": 404, "leader": 403}.items():
        city.sign_in(client, who)
        page = client.get("/leads/board").text
        assert f'action="/leads/{lead_id}/place"' not in page
        assert (f'id="card-{lead_id}"' in page) is (who != "qingshan_officer")
        answer = client.post(f"/leads/{lead_id}/place", data={"target": "contacted.1"})
        assert answer.status_code == status
    assert row(city, lead_id).stage is Stage.IDENTIFIED


def test_the_board_shares_the_lists_filters_and_order(city: City, client: FlaskClient) -> None:
    mine = work.lead(city, "kunqu_officer", "甲")
    other = work.lead(city, "kunqu_colleague", "乙")
    city.sign_in(client, "kunqu_manager")
    assert cards(client.get("/leads/board").text)["identified"] == [mine, other]
    back = client.get("/leads/board?sort=-number").text
    assert cards(back)["identified"] == [other, mine]
    owner = city.person_id("kunqu_officer")
    assert cards(client.get(f"/leads/board?owner={owner}").text)["identified"] == [mine]
    assert list(cards(client.get("/leads/board?stage=contacted").text)) == ["contacted"]
    assert f"/leads?owner={owner}" in client.get(f"/leads/board?owner={owner}").text


def test_columns_are_paged_and_counted(city: City, client: FlaskClient) -> None:
    ids = [work.lead(city, "kunqu_officer", f"第{n}个") for n in range(CARDS + 3)]
    city.sign_in(client, "kunqu_officer")
    page = client.get("/leads/board?sort=number").text
    assert cards(page)["identified"] == ids[:CARDS]
    more = re.search(r'hx-get="(/leads/board/identified[^"]+)"', page)
    assert more
    part = client.get(more[1].replace("&amp;", "&")).text
    assert [int(n) for n in re.findall(r'id="card-(\d+)"', part)] == ids[CARDS:]
    assert "hx-get" not in part
    totals = client.get("/leads/board/totals").text
    assert f">{CARDS + 3}<" in totals
    assert f"{3 * (CARDS + 3)}.00" in totals  # 亿, three each


def test_a_phone_shows_one_column_the_asked_one_or_the_first_with_a_card(
    city: City, client: FlaskClient
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with city.write() as session:
        moving.move(session, city.actor("kunqu_officer"), lead_id, Stage.CONTACTED, now=clock.now())
    city.sign_in(client, "kunqu_officer")
    chosen = re.compile(r'is-chosen" aria-labelledby="column-(\w+)"')
    assert chosen.findall(client.get("/leads/board").text) == ["contacted"]
    assert chosen.findall(client.get("/leads/board?column=drafted").text) == ["drafted"]
    assert chosen.findall(client.get("/leads/board?column=x").text) == ["contacted"]
    assert row(city, lead_id).standing is Standing.OPEN
