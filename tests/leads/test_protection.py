"""First reports through operations and doors: filed, kept, extended, given up, contested, ruled on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.activities.operations import ActivityDraft, log
from crm.activities.rules import ActivityKind
from crm.claims.models import Contest, Protection
from crm.claims.rules import ClaimState, Ending, Ruling
from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.leads.models import Lead
from crm.leads.operations import moving, protection
from crm.leads.queries import pages
from crm.leads.queries.filters import LeadFilter, Report
from crm.leads.queries.protection import Held, of_lead
from crm.leads.queries.staleness import deadlines
from tests.factories import work
from tests.factories.city import City

FIRM = "江苏玄武新能源有限公司"
OFFICER, RIVAL = "kunqu_officer", "qingshan_officer"


def at(days: int) -> datetime:
    """This time of day, so many days on."""
    return clock.now() + timedelta(days=days)


def a_lead(city: City, who: str, name: str = FIRM, **draft: Any) -> int:
    """A lead of a firm that the person entered himself."""
    return work.lead(city, who, company_id=work.firm(city, who, name), **draft)


def do(
    city: City, who: str, what: Callable[..., Any], *about: Any, day: int = 0, **told: Any
) -> Any:
    """One operation by somebody on a day, in a transaction of its own."""
    with city.write() as session:
        return what(session, city.actor(who), *about, now=at(day), **told)


def meet(city: City, lead_id: int, day: int, whom: str = "张总", who: str = OFFICER) -> None:
    """Log a meeting on the day on which it was."""
    held = clock.day_of(at(day))
    draft = ActivityDraft(ActivityKind.MEETING, held, "谈了选址", with_whom=whom)
    do(city, who, log, draft, on=("lead", lead_id), day=day)


def held(city: City, lead_id: int, day: int = 0) -> Held | None:
    """What a lead holds on a day."""
    with city.database.read() as session:
        return of_lead(session, session.get_one(Lead, lead_id), clock.day_of(at(day)))


def state(city: City, lead_id: int, day: int = 0) -> ClaimState | None:
    """The state of a lead's first report on a day."""
    found = held(city, lead_id, day)
    return found.state if found is not None else None


def reported(city: City, who: str, report: Report, day: int = 0) -> list[int]:
    """The leads of a filter, as somebody sees them on a day."""
    with city.database.read() as session:
        wanted = LeadFilter(report=report)
        today = clock.day_of(at(day))
        limits = deadlines(session, today)
        rows = pages.leads(session, city.actor(who), wanted, limits=limits).rows
        return sorted(row.id for row in rows)


def a_contest(city: City) -> tuple[int, int, int]:
    """(holder's lead, claimant's lead, contest) of a firm that two units want."""
    first, second = a_lead(city, OFFICER), a_lead(city, RIVAL)
    do(city, OFFICER, protection.file, first)
    do(city, RIVAL, protection.contest, second, reason="我们去年就在谈")
    with city.database.read() as session:
        return first, second, session.scalars(select(Contest.id)).one()


def test_filed_met_and_silent_it_reserves_protects_and_lapses_by_itself(city: City) -> None:
    lead = a_lead(city, OFFICER)
    assert state(city, lead) is None
    do(city, OFFICER, protection.file, lead)
    assert (state(city, lead, 15), state(city, lead, 16)) == (
        ClaimState.RESERVED,
        ClaimState.LAPSED,
    )
    meet(city, lead, 10, "对方")
    assert state(city, lead, 16) is ClaimState.LAPSED  # nobody in particular was met
    meet(city, lead, 10)
    assert (state(city, lead, 70), state(city, lead, 71)) == (
        ClaimState.PROTECTED,
        ClaimState.LAPSED,
    )
    meet(city, lead, 71)
    assert state(city, lead, 71) is ClaimState.LAPSED  # what has lapsed is not revived


def test_an_unnamed_or_lost_lead_cannot_be_filed(city: City) -> None:
    with pytest.raises(Refused, match=r"named investor|具名"):
        do(city, OFFICER, protection.file, work.lead(city, OFFICER))
    lost = a_lead(city, OFFICER)
    do(city, OFFICER, moving.lose, lost, note="放弃")
    with pytest.raises(Refused):
        do(city, OFFICER, protection.file, lost)


def test_nobody_else_files_the_firm_until_it_is_given_up_lapses_or_is_lost(city: City) -> None:
    first, second = a_lead(city, OFFICER), a_lead(city, RIVAL)
    do(city, OFFICER, protection.file, first)
    with pytest.raises(Refused):
        do(city, RIVAL, protection.file, second)
    do(city, RIVAL, protection.file, second, day=16)
    assert state(city, second, 16) is ClaimState.RESERVED
    with city.database.read() as session:
        old = session.scalars(select(Protection).where(Protection.lead_id == first)).one()
        assert old.ending is Ending.LAPSED
    do(city, RIVAL, protection.release, second, why="企业去了外地", day=17)
    do(city, OFFICER, protection.file, first, day=17)
    do(city, OFFICER, moving.lose, first, note="放弃", day=18)
    do(city, RIVAL, protection.file, second, day=18)
    assert state(city, second, 18) is ClaimState.RESERVED


def test_a_manager_extends_it_in_its_last_days_and_an_officer_does_not(city: City) -> None:
    lead = a_lead(city, OFFICER)
    do(city, OFFICER, protection.file, lead)
    for day in (0, 50, 100, 150):
        meet(city, lead, day)
    with pytest.raises(Refused):
        do(city, "kunqu_manager", protection.renew, lead, why="已选址", day=149)
    with pytest.raises(Forbidden):
        do(city, OFFICER, protection.renew, lead, why="已选址", day=150)
    with pytest.raises(Refused):
        do(city, "kunqu_manager", protection.renew, lead, why="", day=150)
    do(city, "kunqu_manager", protection.renew, lead, why="已选址", day=150)
    found = held(city, lead, 181)
    assert found is not None
    assert (found.state, found.left, found.claim.renewals) == (ClaimState.PROTECTED, 29, 1)


def test_the_list_filters_by_it_within_the_readers_scope(city: City) -> None:
    lead, other = a_lead(city, OFFICER), a_lead(city, OFFICER, "白虎有限公司")
    do(city, OFFICER, protection.file, lead)
    assert reported(city, OFFICER, Report.HOLDS) == [lead]
    assert reported(city, OFFICER, Report.NONE) == [other]
    assert (reported(city, OFFICER, Report.LAPSING), reported(city, RIVAL, Report.HOLDS)) == (
        [],
        [],
    )
    assert reported(city, OFFICER, Report.LAPSING, 12) == [lead]
    assert reported(city, OFFICER, Report.HOLDS, 16) == []


def test_a_city_manager_passes_it_on_and_it_begins_anew_there(city: City) -> None:
    first, second, contest = a_contest(city)
    for who in ("kunqu_manager", "qingshan_manager", RIVAL):
        with pytest.raises(Missing):
            do(city, who, protection.rule, contest, Ruling.PASSES, why="先谈者首谈")
    do(city, "city_manager", protection.rule, contest, Ruling.PASSES, why="先谈者首谈", day=3)
    assert (state(city, first, 3), state(city, second, 18)) == (
        ClaimState.ENDED,
        ClaimState.RESERVED,
    )
    with pytest.raises(Refused):
        do(city, "city_manager", protection.rule, contest, Ruling.KEEP, why="再裁")


def test_left_where_it_is_nothing_of_it_changes(city: City) -> None:
    first, second, contest = a_contest(city)
    with pytest.raises(Refused):  # once is enough
        do(city, RIVAL, protection.contest, second, reason="再争")
    do(city, "city_manager", protection.rule, contest, Ruling.KEEP, why="昆区先报")
    assert (state(city, first), state(city, second)) == (ClaimState.RESERVED, None)


def test_another_unit_learns_who_holds_it_and_of_a_confidential_one_that_somebody_does(
    city: City, client: FlaskClient
) -> None:
    first, second = a_lead(city, OFFICER, title="玄武一号"), a_lead(city, RIVAL)
    do(city, OFFICER, protection.file, first)
    city.sign_in(client, RIVAL)
    page = client.get(f"/leads/{second}/protection").text
    assert "昆区一科" in page
    assert "玄武一号" not in page
    typed = {"new_company": FIRM, "content": "硅片"}
    until = (work.today() + timedelta(days=15)).isoformat()
    assert f"首报有效至 {until}" in client.post("/leads/duplicates", data=typed).text
    with city.write() as session:
        session.get_one(Lead, first).confidential = True
    page = client.get(f"/leads/{second}/protection").text
    hint = client.post("/leads/duplicates", data=typed).text
    for text in (page, hint):
        assert "已有单位在谈" in text
        assert "昆区" not in text
        assert until not in text
    refused = client.post(f"/leads/{second}/protection/file", follow_redirects=True)
    assert "已有单位在谈" in refused.text
    assert client.get(f"/leads/{first}/protection").status_code == 404


def test_the_quick_form_files_it_with_the_lead_or_says_why_not(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, OFFICER)
    typed = {
        "new_company": FIRM,
        "content": "硅片",
        "next_step": "拜访",
        "next_step_on": work.today().isoformat(),
        "file_first": "y",
    }
    lead = int(client.post("/leads/quick", data=typed).location.rsplit("/", 1)[1])
    assert state(city, lead) is ClaimState.RESERVED
    assert "剩 15 天" in client.get("/leads").text
    page = client.get(f"/leads/{lead}").text
    assert "预留期" in page
    unnamed = typed | {"new_company": "", "unnamed": "y", "title": "某光伏项目"}
    answer = client.post("/leads/quick", data=unnamed)
    assert answer.status_code == 422
    assert "暂不具名的线索不能报备" in answer.text


def test_its_pages_lead_from_filing_to_the_ruling(city: City, client: FlaskClient) -> None:
    first, second = a_lead(city, OFFICER), a_lead(city, RIVAL)
    city.sign_in(client, OFFICER)
    assert client.post(f"/leads/{first}/protection/file").status_code == 303
    assert "预留期" in client.get(f"/leads/{first}/protection").text
    assert client.post(f"/leads/{first}/protection/release", data={}).status_code == 422
    city.sign_in(client, RIVAL)
    address = f"/leads/{second}/protection/contest"
    assert client.post(address, data={"reason": "我们先谈"}).status_code == 303
    city.sign_in(client, "city_manager")
    rulings = client.get("/rulings").text
    assert "/rulings/contests/1" in rulings
    assert "我们先谈" in client.get("/rulings/contests/1").text
    ruling = {"ruling": "passes", "why": "青山先谈", "version": "1"}
    assert client.post("/rulings/contests/1", data=ruling).status_code == 303
    assert state(city, second) is ClaimState.RESERVED
    city.sign_in(client, "kunqu_manager")
    assert client.get("/rulings/contests/1").status_code == 404
