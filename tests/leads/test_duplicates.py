"""What people are told of leads that may be the same, on both databases: enough, and no more than that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from crm.audit.models import Entry
from crm.audit.operations import record_values
from crm.companies.models import Company, CompanyGram
from crm.companies.operations import firms
from crm.companies.operations.firms import CompanyDraft
from crm.companies.rules import Position
from crm.core import clock
from crm.core.database import Database
from crm.leads.models import Lead, LeadGram
from crm.leads.operations import care, entry, moving
from crm.leads.operations.duplicates import tell
from crm.leads.operations.entry import LeadDraft
from crm.leads.queries.duplicates import MOST_AN_HOUR, TOLD, Found, look
from crm.leads.rules.duplicates import Asked, Firm, Likeness
from crm.leads.rules.kinds import Stage
from tests.factories import work
from tests.factories.city import City
from tests.house.test_queries import counted

FIRM = "江苏玄武新能源装备股份有限公司"
CODE = "91150200114392559Q"
PLAN = "年产5万吨高性能钕铁硼磁材项目一期2万吨"
SECRET_SENTENCE = "已有单位在谈，请联系市局"
LIMIT_SENTENCE = "本小时查重次数已用完"


def hidden_lead(city: City, owner: str = "qingshan_officer", firm: str = FIRM, **draft: Any) -> int:
    """A lead of another district on a firm that only that district knows."""
    company = work.firm(city, owner, firm)
    values = {"content": PLAN, "company_id": company} | draft
    return work.lead(city, owner, "玄武一号", **values)


def ask(client: FlaskClient, address: str = "/leads/duplicates", **data: Any) -> str:
    """What the part of the form says."""
    answer = client.post(address, data=data)
    assert answer.status_code == 200, answer.text
    return answer.text


def told(city: City, who: str) -> list[int]:
    """The leads that somebody was told of, as the audit has it."""
    with city.database.read() as session:
        rows = session.scalars(
            select(Entry.subject_id)
            .where(Entry.action == TOLD, Entry.actor_id == city.person_id(who))
            .order_by(Entry.id)
        )
        return list(rows)


def test_another_district_learns_that_there_is_one_its_stage_unit_and_since_when(
    city: City, client: FlaskClient
) -> None:
    number = hidden_lead(city)
    city.sign_in(client, "kunqu_officer")
    said = ask(client, new_company="玄武新能源装备")
    assert "青山一科" in said
    assert work.today().isoformat() in said
    assert "stage-1" in said
    for kept in ("玄武一号", FIRM, "青山褚专员", PLAN, f"/leads/{number}", "XS-"):
        assert kept not in said
    assert told(city, "kunqu_officer") == [number]
    ask(client, new_company=FIRM)
    assert told(city, "kunqu_officer") == [number]  # the same lead again is no new answer


def test_who_reads_the_lead_is_led_to_it_and_nothing_is_counted(
    city: City, client: FlaskClient
) -> None:
    number = hidden_lead(city)
    city.sign_in(client, "qingshan_manager")
    said = ask(client, new_company=FIRM)
    assert f"/leads/{number}" in said
    assert "玄武一号" in said
    assert told(city, "qingshan_manager") == []


@pytest.mark.parametrize(
    "spelling",
    [
        "江苏玄武新能源装备有限公司",
        " 江苏玄武新能源装备（集团）股份有限公司　",
        "江苏玄武新能源装备【集团】",
        "玄武新能源装备",
        "玄武",
        "江苏玄武新能源设装备股份有限公司",
        "玄武（包头）新能源有限公司",
    ],
)
def test_it_is_found_under_any_spelling(city: City, spelling: str) -> None:
    number = hidden_lead(city)
    with city.database.read() as session:
        found = look(
            session, city.actor("kunqu_officer"), Asked(Firm.named(spelling)), work.today()
        )
    assert [one.lead_id for one in found.hidden] == [number]


def test_an_unlike_firm_is_not_found(city: City) -> None:
    hidden_lead(city)
    with city.database.read() as session:
        for name in ("朱雀新能源装备", "新能源装备", "玄鸟科技", "武"):
            asked = Asked(Firm.named(name))
            assert look(session, city.actor("kunqu_officer"), asked, work.today()).nothing


def test_group_and_plan_tell_of_an_open_lead(city: City, client: FlaskClient) -> None:
    chain = city.chain_id("稀土")
    company = work.firm(city, "qingshan_officer", "恒润磁材", group_name="玄武集团")
    number = work.lead(
        city, "qingshan_officer", "恒润", company_id=company, content=PLAN, chain_id=chain
    )
    city.sign_in(client, "kunqu_officer")
    assert "同一集团" in ask(client, name="江阴新材", group_name="玄武")
    assert "同链内容相近" in ask(client, content=PLAN, chain_id=chain)
    assert ask(client, content=PLAN, chain_id=city.chain_id("晶硅光伏")).strip() == ""
    assert told(city, "kunqu_officer") == [number]


def test_of_a_confidential_one_nothing_but_one_sentence_whatever_it_is(
    city: City, client: FlaskClient
) -> None:
    """Byte for byte: stage, chain, owner, unit, amount, hold and signing change nothing of the answer."""
    chain, other_chain = city.chain_id("稀土"), city.chain_id("晶硅光伏")
    number = hidden_lead(city, confidential=True, chain_id=chain)
    question = {"new_company": FIRM, "content": PLAN, "chain_id": str(chain)}
    owner = city.actor("qingshan_officer")
    now = clock.now()

    def change(what: Any, *values: Any, **named: Any) -> None:
        with city.write() as session:
            what(session, owner, number, *values, now=now, **named)

    def draft(**values: Any) -> LeadDraft:
        with city.database.read() as session:
            company = session.get_one(Lead, number).company_id
        return LeadDraft(content=PLAN, company_id=company, confidential=True, **values)

    city.sign_in(client, "kunqu_officer")
    first = ask(client, **question)
    assert SECRET_SENTENCE in first
    for kept in ("青山", "stage", work.today().isoformat(), "玄武一号", "同", "名称"):
        assert kept not in first.replace(str(question["new_company"]), "")
    changes: list[Any] = [
        lambda: change(entry.revise, draft(chain_id=other_chain)),
        lambda: change(entry.revise, draft(chain_id=None, position=Position.LEADER)),
        lambda: change(moving.move, Stage.CONTACTED),
        lambda: change(moving.move, Stage.NEGOTIATING),
        lambda: change(moving.hold, until=work.today() + timedelta(days=9), note="等"),
        lambda: change(moving.resume),
        lambda: _assign(city, number, "qingshan_manager", "qingshan_reviewer"),
    ]
    for step in changes:
        step()
        assert ask(client, **question) == first
    assert told(city, "kunqu_officer") == [number]


def test_neither_chain_nor_group_of_a_confidential_one_can_be_found_out_by_trying(
    city: City, client: FlaskClient
) -> None:
    company = work.firm(city, "qingshan_officer", "恒润磁材", group_name="玄武集团")
    chain = city.chain_id("稀土")
    work.lead(
        city, "qingshan_officer", "恒润", company_id=company, content=PLAN, chain_id=chain,
        confidential=True,
    )  # fmt: skip
    city.sign_in(client, "kunqu_officer")
    answers = {
        ask(client, content=PLAN, chain_id=str(chain)),
        ask(client, content=PLAN, chain_id=str(city.chain_id("晶硅光伏"))),
        ask(client, name="江阴新材", group_name="玄武集团"),
        ask(client, name="江阴新材", group_name="朱雀集团"),
        ask(client, company_id=str(company)),
    }
    assert {answer.strip() for answer in answers} == {""}
    assert told(city, "kunqu_officer") == []


def test_many_confidential_ones_say_no_more_than_one(city: City, client: FlaskClient) -> None:
    hidden_lead(city, confidential=True)
    city.sign_in(client, "kunqu_officer")
    one = ask(client, new_company=FIRM)
    hidden_lead(city, firm="江苏玄武新能源装备有限公司", confidential=True)
    hidden_lead(city, owner="city_officer", firm="玄武集团", confidential=True)
    assert ask(client, new_company=FIRM) == one


def test_a_lost_lead_of_others_is_nobodys_talk_and_ones_own_is_remembered(
    city: City, client: FlaskClient
) -> None:
    number = hidden_lead(city)
    with city.write() as session:
        moving.lose(session, city.actor("qingshan_officer"), number, note="x", now=clock.now())
    city.sign_in(client, "kunqu_officer")
    assert ask(client, new_company=FIRM).strip() == ""
    city.sign_in(client, "qingshan_officer")
    assert f"/leads/{number}" in ask(client, new_company=FIRM)


def test_the_number_of_a_hidden_firm_tells_nothing(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "qingshan_officer", FIRM)
    work.lead(city, "qingshan_officer", "玄武一号", company_id=company)
    city.sign_in(client, "kunqu_officer")
    assert ask(client, company_id=str(company), new_company=FIRM).strip() == ""


def test_what_is_being_edited_is_not_its_own_duplicate(city: City, client: FlaskClient) -> None:
    company = work.firm(city, "kunqu_officer", FIRM)
    number = work.lead(city, "kunqu_officer", "玄武一号", company_id=company)
    city.sign_in(client, "kunqu_officer")
    assert f"/leads/{number}" in ask(client, new_company=FIRM)
    assert ask(client, f"/leads/duplicates?lead={number}", new_company=FIRM).strip() == ""
    assert ask(client, f"/leads/duplicates?company={company}", name=FIRM).strip() == ""


def _mark_told(city: City, who: str, number: int, count: int, minutes: int) -> None:
    """As if somebody had been told of so many other leads, so many minutes ago."""
    with city.write() as session:
        lead = session.get_one(Lead, number)
        for other in range(count):
            record_values(
                session, city.actor(who), TOLD, lead, on=("lead", 10_000 + other),
                now=clock.now() - timedelta(minutes=minutes),
            )  # fmt: skip


def test_after_sixty_in_an_hour_nothing_hidden_is_said_whether_there_is_something_or_not(
    city: City, client: FlaskClient
) -> None:
    number = hidden_lead(city)
    _mark_told(city, "kunqu_officer", number, MOST_AN_HOUR - 1, minutes=10)
    city.sign_in(client, "kunqu_officer")
    assert "青山一科" in ask(client, new_company=FIRM)  # the sixtieth
    hidden_lead(city, owner="qingshan_officer", firm="朱雀集团")
    asked = {ask(client, new_company=name).split("<strong>")[1] for name in ("朱雀", "白虎", FIRM)}
    assert len(asked) == 1
    assert LIMIT_SENTENCE in asked.pop()
    assert len(told(city, "kunqu_officer")) == MOST_AN_HOUR


def test_the_hour_passes(city: City, client: FlaskClient) -> None:
    number = hidden_lead(city)
    _mark_told(city, "kunqu_officer", number, MOST_AN_HOUR, minutes=61)
    city.sign_in(client, "kunqu_officer")
    assert "青山一科" in ask(client, new_company=FIRM)


def test_own_leads_are_shown_beyond_the_limit(city: City, client: FlaskClient) -> None:
    number = hidden_lead(city)
    mine = hidden_lead(city, owner="kunqu_officer")
    _mark_told(city, "kunqu_officer", number, MOST_AN_HOUR, minutes=1)
    city.sign_in(client, "kunqu_officer")
    said = ask(client, new_company=FIRM)
    assert f"/leads/{mine}" in said
    assert "青山一科" not in said


def test_telling_is_limited_by_the_database_and_not_by_a_process(city: City) -> None:
    number = hidden_lead(city)
    _mark_told(city, "kunqu_officer", number, MOST_AN_HOUR, minutes=1)
    with city.write() as session:
        found = tell(session, city.actor("kunqu_officer"), Found(secret=[number]), now=clock.now())
    assert found == Found(limited=True)


@pytest.mark.parametrize("who", ["leader", "auditor", "admin"])
def test_who_logs_no_leads_asks_for_none(city: City, client: FlaskClient, who: str) -> None:
    city.sign_in(client, who)
    assert client.post("/leads/duplicates", data={"new_company": FIRM}).status_code == 403


def test_a_save_stops_once_to_show_what_is_known_and_then_goes_through(
    city: City, client: FlaskClient
) -> None:
    hidden_lead(city)
    city.sign_in(client, "kunqu_officer")
    data = {
        "new_company": "玄武新能源装备有限公司",
        "content": "逆变器",
        "next_step": "拜访",
        "next_step_on": work.today().isoformat(),
    }
    stopped = client.post("/leads/quick", data=data)
    assert stopped.status_code == 422
    assert "尚未保存" in stopped.text
    assert 'value="逆变器"' in stopped.text
    mark = stopped.text.split('name="duplicates_seen" value="')[1].split('"')[0]
    assert client.post("/leads/quick", data=data | {"duplicates_seen": "x"}).status_code == 422
    saved = client.post("/leads/quick", data=data | {"duplicates_seen": mark})
    assert saved.status_code == 303


def test_an_edit_asks_again_when_the_firm_changes_and_only_then(
    city: City, client: FlaskClient
) -> None:
    hidden_lead(city)
    number = work.lead(city, "kunqu_officer", "本地项目")
    city.sign_in(client, "kunqu_officer")
    data = {"content": "改一改", "title": "本地项目", "day": work.today().isoformat()}
    assert client.post(f"/leads/{number}/edit", data=data).status_code == 303
    named = data | {"new_company": "玄武新能源装备"}
    stopped = client.post(f"/leads/{number}/edit", data=named)
    assert stopped.status_code == 422
    assert "尚未保存" in stopped.text
    mark = stopped.text.split('name="duplicates_seen" value="')[1].split('"')[0]
    again = client.post(f"/leads/{number}/edit", data=named | {"duplicates_seen": mark})
    assert again.status_code == 303


def test_the_index_follows_every_change_of_name_plan_and_chain(city: City) -> None:
    company = work.firm(city, "kunqu_officer", "朱雀科技有限公司")
    number = work.lead(
        city, "kunqu_officer", "朱雀", company_id=company, content=PLAN,
        chain_id=city.chain_id("稀土"),
    )  # fmt: skip
    owner, now = city.actor("kunqu_officer"), clock.now()
    with city.write() as session:
        firms.edit(session, owner, company, CompanyDraft(name="白虎科技"), version=None, now=now)
        entry.revise(
            session, owner, number, LeadDraft(content="铝边框配套产线", company_id=company), now=now
        )
    with city.database.read() as session:
        of_firm = set(
            session.scalars(select(CompanyGram.gram).where(CompanyGram.company_id == company))
        )
        assert of_firm == {"白虎", "虎科", "科技"}
        assert session.get_one(Company, company).core_key == "白虎科技"
        left = select(func.count()).select_from(LeadGram).where(LeadGram.lead_id == number)
        assert session.scalar(left) == 0  # without a chain it is not compared


def test_a_look_takes_the_same_few_questions_whatever_there_is(
    city: City, database: Database
) -> None:
    chain = city.chain_id("稀土")
    asked = Asked(Firm.named(FIRM, CODE, "玄武集团"), content=PLAN, chain_id=chain)
    actor = city.actor("kunqu_officer")

    def questions() -> int:
        with database.read() as session, counted(database) as said:
            look(session, actor, asked, work.today())
        return len(said)

    hidden_lead(city, chain_id=chain)
    few = questions()
    for place in range(12):
        hidden_lead(city, firm=f"玄武{place}号新能源装备公司", chain_id=chain)
        hidden_lead(city, owner="kunqu_officer", firm=f"玄武第{place}新能源公司", chain_id=chain)
    assert questions() == few <= 8


def test_the_strongest_reason_stands_first(city: City) -> None:
    hidden_lead(city, firm="玄武集团")
    exact = hidden_lead(city, firm=FIRM)
    with city.database.read() as session:
        found = look(session, city.actor("kunqu_officer"), Asked(Firm.named(FIRM)), work.today())
    assert [one.likeness for one in found.hidden] == [Likeness.NAME, Likeness.CONTAINED]
    assert found.hidden[0].lead_id == exact


def _assign(city: City, number: int, who: str, to: str) -> None:
    with city.write() as session:
        care.assign(session, city.actor(who), number, city.person_id(to), now=clock.now())
