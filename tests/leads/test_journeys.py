"""Leads through the browser's door, on both databases."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from crm.companies.models import Company
from crm.companies.operations.chains import PositionDraft, recognise
from crm.companies.operations.firms import CompanyDraft
from crm.companies.operations.firms import enter as enter_firm
from crm.companies.rules import Position
from crm.core import clock
from crm.core.database import Database
from crm.leads.models import Lead
from crm.leads.operations import care, entry
from crm.leads.operations.decisions import ASPECTS
from crm.leads.queries.filters import LeadFilter
from crm.leads.queries.staleness import deadlines
from crm.leads.queries.totals import total
from crm.leads.rules.duplicates import Asked, Firm
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Amount, Money
from tests.factories.city import City

TODAY = clock.day_of(clock.now())


def a_lead(city: City, who: str = "kunqu_officer", **values: object) -> int:
    """A lead with a firm just entered, unless told otherwise."""
    if "title" not in values:
        values.setdefault("new_company", "苏州示例光伏科技有限公司")
    values.setdefault("content", "建设光伏辅材产线")
    with city.write() as session:
        draft = entry.LeadDraft(**values)  # type: ignore[arg-type]
        return entry.enter(session, city.actor(who), draft, now=clock.now()).id


def a_leader(city: City, chain: str) -> int:
    """A recognised chain leader."""
    actor, now = city.actor("city_manager"), clock.now()
    with city.write() as session:
        firm = enter_firm(session, actor, CompanyDraft("链主示例集团有限公司"), now=now)
        place = PositionDraft(
            chain_id=city.chain_id(chain),
            node_id=None,
            position=Position.LEADER,
            recognised_by="市工信局",
            recognised_on=TODAY,
        )
        recognise(session, actor, firm.id, place, now=now)
        return firm.id


def row(city: City, lead_id: int) -> Lead:
    """The lead as it is stored."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def id_of(answer: TestResponse) -> int:
    """The lead that a redirect leads to."""
    assert answer.status_code == 303, answer.text
    found = re.search(r"/leads/(\d+)$", answer.headers["Location"])
    assert found
    return int(found[1])


def count(city: City) -> int:
    """How many leads there are."""
    with city.database.read() as session:
        return session.scalar(select(func.count()).select_from(Lead)) or 0


def test_an_officer_logs_a_supporter_brought_by_a_leader_and_moves_it(
    city: City, client: FlaskClient
) -> None:
    leader = a_leader(city, "晶硅光伏")
    city.sign_in(client, "kunqu_officer")
    shown = client.get("/leads/new")
    assert shown.status_code == 200
    assert f'selected value="{city.district_id("昆都仑区")}"' in shown.text
    answer = client.post(
        "/leads/new",
        data={
            "new_company": "苏州示例铝边框有限公司",
            "content": "铝边框配套产线，一期2GW",
            "contact_name": "王经理",
            "contact_phone": "13800001234",
            "chain_id": city.chain_id("晶硅光伏"),
            "position": "supporting",
            "brought_by_id": leader,
            "model_id": city.model_id("chain"),
            "source_id": city.term_id("以商招商"),
            "district_id": city.district_id("昆都仑区"),
            "amount": "约2亿",
            "next_step": "约考察时间",
            "next_step_on": TODAY.isoformat(),
        },
    )
    lead_id = id_of(answer)
    lead = row(city, lead_id)
    assert (lead.position, lead.brought_by_id) == (Position.SUPPORTING, leader)
    assert (lead.amount_low, lead.amount_estimated) == (Money.yi(2), True)
    page = client.get(f"/leads/{lead_id}").text
    assert "链主示例集团有限公司" in page
    assert "苏州示例铝边框有限公司" in page
    day = TODAY.isoformat()
    answer = client.post(f"/leads/{lead_id}/move", data={"target": "negotiating", "day": day})
    assert answer.status_code == 303
    assert row(city, lead_id).stage is Stage.NEGOTIATING
    refused = client.post(f"/leads/{lead_id}/move", data={"target": "drafted", "day": day})
    assert refused.status_code == 422
    review = {"kind": "review", "verdict": "go_on", "decided_on": day, "why": "可行"}
    answer = client.post(f"/leads/{lead_id}/appraise", data=review | dict.fromkeys(ASPECTS, "无"))
    assert answer.status_code == 303
    answer = client.post(f"/leads/{lead_id}/move", data={"target": "drafted", "day": day})
    assert row(city, lead_id).stage is Stage.DRAFTED
    back = {"target": "negotiating", "day": day}
    assert client.post(f"/leads/{lead_id}/move", data=back).status_code == 422
    back["reason_id"] = str(city.term_id("投资方案调整"))
    assert client.post(f"/leads/{lead_id}/move", data=back).status_code == 303
    assert row(city, lead_id).stage is Stage.NEGOTIATING


def test_signed_is_refused_at_the_stage_door(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    data = {"target": "signed", "day": TODAY.isoformat()}
    assert client.post(f"/leads/{lead_id}/move", data=data).status_code == 422
    assert row(city, lead_id).stage is Stage.IDENTIFIED


def test_a_lead_is_held_resumed_lost_and_reopened(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    day, until = TODAY.isoformat(), (TODAY + timedelta(days=30)).isoformat()
    hold = {"day": day, "until": until}
    assert client.post(f"/leads/{lead_id}/hold", data=hold).status_code == 422
    hold["reason_id"] = str(city.term_id("市场行情待观察"))
    assert client.post(f"/leads/{lead_id}/hold", data=hold).status_code == 303
    assert row(city, lead_id).standing is Standing.ON_HOLD
    assert until in client.get(f"/leads/{lead_id}").text
    assert client.post(f"/leads/{lead_id}/resume", data={"day": day}).status_code == 303
    lost = {"day": day, "reason_id": city.term_id("落户外地"), "competing_place": "鄂尔多斯"}
    assert client.post(f"/leads/{lead_id}/lose", data=lost).status_code == 303
    assert row(city, lead_id).standing is Standing.LOST
    assert client.post(f"/leads/{lead_id}/reopen", data={"day": day}).status_code == 422
    again = {"day": day, "note": "投资方回头"}
    assert client.post(f"/leads/{lead_id}/reopen", data=again).status_code == 303
    assert row(city, lead_id).standing is Standing.OPEN


STEPS = (
    "move", "hold", "lose", "resume", "reopen", "appraise", "agreement", "next-step", "assign",
    "collaborators", "edit",
)  # fmt: skip


@pytest.mark.parametrize("stranger", ["qingshan_officer", "kunqu_second", "qingshan_manager"])
def test_a_stranger_finds_nothing_of_a_lead(city: City, client: FlaskClient, stranger: str) -> None:
    lead_id = a_lead(city, content="独一无二的建设内容")
    company_id = row(city, lead_id).company_id
    city.sign_in(client, stranger)
    assert "独一无二" not in client.get("/leads?standing=all").text
    assert f"/leads/{lead_id}" not in client.get("/leads?q=独一无二").text
    assert client.get(f"/leads/{lead_id}").status_code == 404
    for step in STEPS:
        assert client.get(f"/leads/{lead_id}/{step}").status_code == 404
        assert client.post(f"/leads/{lead_id}/{step}", data={}).status_code == 404
    for path in ("mark", "files", "files/1/remove"):
        assert client.post(f"/leads/{lead_id}/{path}", data={}).status_code == 404
    assert client.get(f"/leads/{lead_id}/files/1").status_code == 404
    assert client.get(f"/companies/{company_id}/leads").status_code == 404
    assert row(city, lead_id).version == 1


def test_a_confidential_lead_is_hidden_from_a_colleague_and_not_from_the_manager(
    city: City, client: FlaskClient
) -> None:
    lead_id = a_lead(city, content="机密建设内容", confidential=True)
    node_list = "/leads?standing=all"
    for who in ("kunqu_colleague", "kunqu_reviewer", "leader", "city_reviewer"):
        city.sign_in(client, who)
        assert client.get(f"/leads/{lead_id}").status_code == 404, who
        assert "机密建设" not in client.get(node_list).text
    for who in ("kunqu_officer", "kunqu_manager", "city_manager"):
        city.sign_in(client, who)
        assert client.get(f"/leads/{lead_id}").status_code == 200, who
        assert "机密建设" in client.get(node_list).text
    with city.write() as session:
        care.set_collaborators(
            session,
            city.actor("kunqu_officer"),
            lead_id,
            [city.person_id("qingshan_officer")],
            now=clock.now(),
        )
    city.sign_in(client, "qingshan_officer")
    assert client.get(f"/leads/{lead_id}").status_code == 200


def test_administrator_and_auditor_have_no_leads(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    for who in ("admin", "auditor"):
        city.sign_in(client, who)
        assert client.get("/leads").status_code == 403
        assert client.get(f"/leads/{lead_id}").status_code == 403


def test_who_reads_and_may_not_write_sees_no_buttons_and_is_refused(
    city: City, client: FlaskClient
) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_colleague")
    page = client.get(f"/leads/{lead_id}").text
    assert f"/leads/{lead_id}/move" not in page
    for step in STEPS:
        assert client.post(f"/leads/{lead_id}/{step}", data={}).status_code == 403
    city.sign_in(client, "leader")
    assert client.get(f"/leads/{lead_id}").status_code == 200
    assert client.post(f"/leads/{lead_id}/move", data={}).status_code == 403


AMOUNTS = {
    "-5": None,
    "1e309": None,
    "NaN": None,
    "１２３": Amount(Money.wan(123), Money.wan(123)),
    "1,234.56": Amount(Money(123_456 * 10**4), Money(123_456 * 10**4)),
    "3.5亿": Amount(Money.wan(35_000), Money.wan(35_000)),
    "35000万元": Amount(Money.wan(35_000), Money.wan(35_000)),
    "约2亿": Amount(Money.yi(2), Money.yi(2), True),
    "2-3亿": Amount(Money.yi(2), Money.yi(3)),
    "0.001": Amount(Money(1000), Money(1000)),
    "0.0000001": None,
    "999999999999亿": None,
    "9000000亿": None,
    "abc": None,
}


@pytest.mark.parametrize("typed", AMOUNTS)
def test_an_amount_is_read_exactly_or_refused_beside_its_field(
    city: City, client: FlaskClient, typed: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    expected = AMOUNTS[typed]
    answer = client.post("/leads/new", data={"title": "甲", "content": "乙乙", "amount": typed})
    if expected is None:
        assert answer.status_code == 422
        assert 'id="amount-error"' in answer.text
        assert f'value="{typed}"' in answer.text
        assert 'value="乙乙"' in answer.text
        assert count(city) == 0
    else:
        lead = row(city, id_of(answer))
        assert (lead.amount_low, lead.amount_high) == (expected.low, expected.high)
        assert lead.amount_estimated == expected.estimate
        form = client.get(f"/leads/{lead.id}/edit").text
        assert (
            client.post(
                f"/leads/{lead.id}/edit",
                data={
                    "title": "甲",
                    "content": "乙乙",
                    "version": "1",
                    "amount": re.findall(r'name="amount"[^>]*value="([^"]*)"', form)[0],
                },
            ).status_code
            == 303
        )
        assert row(city, lead.id).amount_low == expected.low


@pytest.mark.parametrize("number", ["0", "9223372036854775808", "99999999999999999999", "-1", "x"])
def test_ids_beyond_the_database_are_not_found(
    city: City, client: FlaskClient, number: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.get(f"/leads/{number}").status_code == 404
    assert client.post(f"/leads/{number}/move", data={}).status_code == 404
    assert client.get(f"/leads?owner={number}&chain={number}&node={number}").status_code == 200
    assert client.get(f"/leads/new?company={number}&node={number}").status_code == 200


@pytest.mark.parametrize(
    "text", ["𠮷野家中央厨房", "新能源🚗整车", "مصنع \u200fالبطاريات", "<b>&'\""]
)
def test_rare_characters_survive_the_round_trip(city: City, client: FlaskClient, text: str) -> None:
    city.sign_in(client, "kunqu_officer")
    lead_id = id_of(client.post("/leads/new", data={"title": text, "content": text}))
    assert (row(city, lead_id).title, row(city, lead_id).content) == (text, text)
    assert client.get(f"/leads/{lead_id}").status_code == 200
    assert client.get("/leads", query_string={"q": text}).status_code == 200
    with city.database.read() as session:
        limits = deadlines(session, TODAY)
        found = total(session, city.actor("kunqu_officer"), LeadFilter(text=text), limits=limits)
    assert found.count == 1


def test_the_second_editor_is_told_what_changed_and_keeps_his_text(
    city: City, client: FlaskClient
) -> None:
    lead_id = a_lead(city, title="甲", content="原内容")
    city.sign_in(client, "kunqu_officer")
    first = {"title": "甲", "content": "新内容", "version": "1"}
    assert client.post(f"/leads/{lead_id}/edit", data=first).status_code == 303
    second = client.post(
        f"/leads/{lead_id}/edit", data={"title": "我的标题", "content": "原内容", "version": "1"}
    )
    assert second.status_code == 409
    assert "新内容" in second.text
    assert 'value="我的标题"' in second.text
    assert row(city, lead_id).content == "新内容"


def test_five_parallel_posts_of_one_form_make_one_lead(city: City, app: Flask) -> None:
    first = app.test_client()
    city.sign_in(first, "kunqu_officer")
    cookie = first.get_cookie("crm_session")
    assert cookie
    data = {"title": "甲", "content": "乙", "form_key": "0123456789abcdef0123456789abcdef"}
    answers: list[str] = []

    def post() -> None:
        browser = app.test_client()
        browser.set_cookie("crm_session", cookie.value)
        answers.append(browser.post("/leads/new", data=data).headers.get("Location", ""))

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.append(first.post("/leads/new", data=data).headers["Location"])
    assert count(city) == 1
    assert len(set(answers)) == 1


def test_a_new_lead_may_bring_its_company_or_leave_nothing_half_written(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    bad = {"new_company": "某某新材料有限公司", "content": "乙", "next_step": "没有日期"}
    assert client.post("/leads/new", data=bad).status_code == 422
    with city.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Company)) == 0
    good = bad | {"next_step_on": TODAY.isoformat()}
    first = row(city, id_of(client.post("/leads/new", data=good)))
    seen = {"duplicates_seen": Asked(Firm.named(good["new_company"])).mark}
    second = row(city, id_of(client.post("/leads/new", data=good | seen)))
    assert first.company_id == second.company_id


def test_files_are_attached_downloaded_and_taken_off(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    sent = {"files": (io.BytesIO("名片内容".encode()), "名片.txt")}
    answer = client.post(f"/leads/{lead_id}/files", data=sent)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"]).text
    address = re.findall(rf'href="(/leads/{lead_id}/files/\d+)"', page)[0]
    with client.get(address) as got:
        assert got.data == "名片内容".encode()
        assert "attachment" in got.headers["Content-Disposition"]
    history = client.get(f"/leads/{lead_id}?tab=history").text
    assert "名片.txt" in history
    city.sign_in(client, "qingshan_officer")
    assert client.get(address).status_code == 404
    city.sign_in(client, "kunqu_officer")
    assert client.post(f"{address}/remove").status_code == 303
    assert client.get(address).status_code == 404


def test_every_page_of_a_lead_is_shown_in_both_languages(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(
        city, node_id=city.node_id("稀土", "磁材"), amount=Amount(Money.yi(1), Money.yi(2))
    )
    for language in ("zh_CN", "en"):
        city.sign_in(client, "kunqu_officer", language)
        for tab in ("timeline", "activities", "files", "related", "history", "nonsense"):
            assert client.get(f"/leads/{lead_id}?tab={tab}").status_code == 200
        for step in STEPS:
            assert client.get(f"/leads/{lead_id}/{step}").status_code == 200
        assert client.get("/leads/stages").status_code == 200
        node = city.node_id("稀土", "磁材")
        assert "建设光伏辅材产线" in client.get(f"/nodes/{node}/leads").text


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_the_list_and_the_page_take_as_many_queries_for_many_rows_as_for_few(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    counts: list[tuple[int, int]] = []
    for more in (2, 30):
        last = 0
        for number in range(more):
            last = a_lead(
                city,
                new_company=f"第{more}批第{number}家有限公司",
                node_id=city.node_id("稀土", "磁材"),
                model_id=city.model_id("chain"),
                district_id=city.district_id("青山区"),
            )
        taken = []
        for address in ("/leads?sort=-amount", f"/leads/{last}"):
            with statements(city.database) as seen:
                assert client.get(address).status_code == 200
            taken.append(len(seen))
        counts.append((taken[0], taken[1]))
    assert counts[0] == counts[1]


def test_a_move_without_a_stage_is_refused_and_nothing_is_chosen_for_the_person(
    city: City, client: FlaskClient
) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    data = {"target": "", "day": TODAY.isoformat()}
    assert client.post(f"/leads/{lead_id}/move", data=data).status_code == 422
    assert row(city, lead_id).stage is Stage.IDENTIFIED
