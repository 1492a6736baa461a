"""Rule sets on their pages: who reads, drafts, edits, tries and publishes; what is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config import Config
from crm.accounts.models import Person
from crm.audit.models import Entry
from crm.core import clock, runs
from crm.core.database import Database
from crm.core.errors import Refused
from crm.core.runs import RunState
from crm.counting.models import DecisionRow, RuleSetVersion
from crm.counting.operations import rule_sets as versions
from crm.counting.operations.deciding import decide
from crm.counting.queries.rules import in_force
from crm.counting.rules.facts import Place, Works
from crm.counting.rules.sets import RuleSet, parameters
from crm.goals.forms.parameters import GROUPS, PARAMETERS, value_in_words
from crm.goals.operations import rule_sets as operations
from crm.goals.queries.trials import last_trial
from crm.goals.rules.trials import Overtaken
from crm.projects.models import Project
from tests.counting.given import YI, project
from tests.factories import work
from tests.factories.background import do_all
from tests.factories.city import EDITOR, SYSTEM, City

TYPED: dict[str, Any] = {
    "minimum": "1",
    "phase_one_alone": "y",
    "phase_needs_filing": "y",
    "new_energy_is_industrial": "y",
    "mixed_without_fiscal": "y",
    "origins": ["abroad", "outside_region"],
    "months": "statistical",
    "closes_after": "5",
    "year_closes_after": "15",
    "note": "",
}
"""The defaults, as the form sends them."""


def year() -> int:
    """The year of the test."""
    return work.today().year


@pytest.fixture
def draft_id(city: City) -> int:
    """A draft of this year's rules that lets upgrades in."""
    with city.write() as session:
        rules = RuleSet(upgrades=True)
        return versions.draft(session, EDITOR, year=year(), rules=rules, now=clock.now()).id


@pytest.fixture
def upgrade(city: City) -> Project:
    """A project of Kundulun whose start this year is an upgrade: it does not count."""
    lead_id = work.lead(city, "kunqu_officer")
    number = work.project(city, "kunqu_officer", lead_id, name="秘密技改项目")
    start = work.today().replace(month=1, day=2)
    facts = replace(
        project(place=Place(city.district_id("昆都仑区")), total=YI(3)),
        project=number,
        works=Works.UPGRADE,
        signed_on=start,
        reported_on=start,
        accepted_on=start,
        recognised_on=start,
    )
    with city.write() as session:
        decide(session, SYSTEM, facts, now=clock.now())
        return session.get_one(Project, number)


def row(database: Database, number: int) -> RuleSetVersion:
    """A version as it is now."""
    with database.read() as session:
        return session.get_one(RuleSetVersion, number)


def test_every_parameter_has_words_and_both_sides_of_a_switch() -> None:
    assert set(PARAMETERS) == {one.name for one in fields(RuleSet)}
    assert [name for _title, names in GROUPS for name in names] == list(PARAMETERS)
    for name, words in PARAMETERS.items():
        switch = isinstance(getattr(RuleSet(), name), bool)
        assert bool(words.off) == switch
        assert words.label
        assert words.source
        assert value_in_words(name, getattr(RuleSet(), name))


@pytest.mark.parametrize(
    "reader", ["kunqu_officer", "kunqu_reviewer", "city_manager", "leader", "admin", "auditor"]
)
def test_everybody_reads_what_counts_and_the_administrator_alone_changes_it(
    client: FlaskClient, city: City, database: Database, draft_id: int, reader: str
) -> None:
    with city.write() as session:
        published = versions.draft(session, EDITOR, year=2025, rules=RuleSet(), now=clock.now())
        versions.publish(session, EDITOR, published.id, now=clock.now())
    city.sign_in(client, reader)
    assert "现行" in client.get("/goals/rules").text
    page = client.get(f"/goals/rules/{published.id}")
    assert "老厂区内技改不计入新开工" in page.text
    assert client.get("/goals/rules/of/2025").location.endswith(f"/{published.id}")
    assert "默认口径" in client.get("/goals/rules/of/2024").text
    sees_drafts = reader in {"admin", "city_manager"}
    assert (client.get(f"/goals/rules/{draft_id}").status_code == 200) == sees_drafts
    if reader != "admin":
        for address in ("draft", *(f"{draft_id}/{what}" for what in ("discard", "try", "publish"))):
            assert client.post(f"/goals/rules/{address}").status_code == 403
        assert client.get(f"/goals/rules/{draft_id}/edit").status_code == 403
        assert row(database, draft_id).version == 1
        with database.read() as session:
            assert not runs.waiting(session)


def test_what_is_not_there_is_not_found(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "admin")
    for address in ("77", "77/edit", "77/trial", "of/1999", "of/99999"):
        assert client.get(f"/goals/rules/{address}").status_code == 404


def test_a_draft_begins_with_what_the_year_goes_by(
    client: FlaskClient, city: City, database: Database
) -> None:
    with city.write() as session:
        rules = RuleSet(ppp=True, minimum=YI(2))
        first = versions.draft(session, EDITOR, year=2025, rules=rules, now=clock.now())
        versions.publish(session, EDITOR, first.id, now=clock.now())
    city.sign_in(client, "admin")
    answer = client.post("/goals/rules/draft", data={"year": "2026"})
    number = int(answer.location.split("/")[-2])
    assert row(database, number).parameters == parameters(rules)
    assert row(database, number).year == 2026
    edit = client.get(answer.location).text
    assert 'value="2"' in edit
    assert "PPP 项目计入新开工" in edit
    for bad in ("", "1999", "2101", "明年", "-1"):
        again = client.post("/goals/rules/draft", data={"year": bad})
        assert again.status_code == 422
        assert f'value="{bad}"' in again.text


def test_an_edited_draft_says_every_parameter_exactly(
    client: FlaskClient, city: City, database: Database, draft_id: int
) -> None:
    city.sign_in(client, "admin")
    typed = TYPED | {
        "version": "1",
        "minimum": "1.00000001亿",
        "ppp": "y",
        "origins": ["region"],
        "months": "calendar",
        "closes_after": "0",
        "year_closes_after": "90",
        "note": "放开 PPP",
    }
    answer = client.post(f"/goals/rules/{draft_id}/edit", data=typed)
    assert answer.status_code == 303
    found = row(database, draft_id)
    assert (found.note, found.version) == ("放开 PPP", 2)
    assert found.parameters["minimum"] == 10_000_000_100
    told = (
        "ppp", "upgrades", "origins", "months", "closes_after", "year_closes_after",
    )  # fmt: skip
    assert [found.parameters[name] for name in told] == [
        True, False, ["region"], "calendar", 0, 90,
    ]  # fmt: skip
    page = client.get(f"/goals/rules/{draft_id}").text
    assert "1.00000001亿元" in page
    assert "原为：1亿元" in page


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("minimum", "-1", "金额不能为负"),
        ("minimum", "1亿以上", "单位不正确"),
        ("minimum", "1-2亿", "确切金额"),
        ("minimum", "", ""),
        ("minimum", "0.00000000001", "0.01"),
        ("origins", [], "至少选择一种资金来源"),
        ("origins", ["city"], ""),
        ("origins", ["mars"], ""),
        ("months", "lunar", ""),
        ("closes_after", "21", "0 至 20"),
        ("closes_after", "五", "0 至 20"),
        ("closes_after", "-1", "0 至 20"),
        ("year_closes_after", "91", "0 至 90"),
        ("year_closes_after", "", ""),
        ("note", "长" * 301, "300"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_is_lost(
    client: FlaskClient,
    city: City,
    database: Database,
    draft_id: int,
    field: str,
    typed: object,
    says: str,
) -> None:
    city.sign_in(client, "admin")
    sent = TYPED | {"version": "1", "ppp": "y", field: typed}
    if field != "note":
        sent["note"] = "不要丢"
    answer = client.post(f"/goals/rules/{draft_id}/edit", data=sent)
    assert answer.status_code == 422
    assert f'data-field="{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert says in answer.text
    if field != "note":
        assert "不要丢" in answer.text
    if isinstance(typed, str) and field != "months":
        assert f'value="{typed}"' in answer.text or not typed
    assert row(database, draft_id).parameters == parameters(RuleSet(upgrades=True))


def test_the_second_of_two_editors_is_told_which_rules_changed(
    client: FlaskClient, city: City, database: Database, draft_id: int
) -> None:
    city.sign_in(client, "admin")
    assert client.post(
        f"/goals/rules/{draft_id}/edit", data=TYPED | {"version": "1", "ppp": "y"}
    ).location
    late = client.post(
        f"/goals/rules/{draft_id}/edit",
        data=TYPED | {"version": "1", "minimum": "3", "note": "我的"},
    )
    assert late.status_code == 409
    assert "PPP 项目计入新开工" in late.text
    assert "老厂区内技改计入新开工" in late.text
    assert 'value="3"' in late.text
    assert row(database, draft_id).parameters["ppp"] is True


def test_publishing_needs_a_trial_of_exactly_this_today(
    client: FlaskClient,
    city: City,
    config: Config,
    database: Database,
    draft_id: int,
    upgrade: Project,
) -> None:
    city.sign_in(client, "admin")
    client.post(f"/goals/rules/{draft_id}/publish")
    assert "请先试算" in client.get("/goals/rules").text
    assert do_all(database, config) == []

    client.post(f"/goals/rules/{draft_id}/try")
    (tried,) = do_all(database, config)
    assert tried.state is RunState.DONE
    assert tried.result is not None
    assert tried.result["changed"] == 1
    client.post(f"/goals/rules/{draft_id}/edit", data=TYPED | {"version": "1", "ppp": "y"})
    assert "试算之后草稿又有修改" in client.get(f"/goals/rules/{draft_id}").text
    client.post(f"/goals/rules/{draft_id}/publish")
    assert do_all(database, config) == []

    client.post(f"/goals/rules/{draft_id}/try")
    assert len(do_all(database, config)) == 1
    assert client.post(f"/goals/rules/{draft_id}/publish").location == f"/goals/rules/{draft_id}"
    (published,) = do_all(database, config)
    assert (published.state, published.result) == (RunState.DONE, {"changed": 0})
    with database.read() as session:
        assert in_force(session).rules.of(year()) == RuleSet(ppp=True)
        actions = session.scalars(
            select(Entry.action).where(Entry.subject_kind == "rule_set").order_by(Entry.id)
        ).all()
    assert list(actions) == [
        "rule_set.drafted",
        "rule_set.tried",
        "rule_set.edited",
        "rule_set.tried",
        "rule_set.sent",
        "rule_set.published",
    ]
    assert row(database, draft_id).published_by == city.person_id("admin")
    for what in ("edit", "discard", "try", "publish"):
        client.post(f"/goals/rules/{draft_id}/{what}", data=TYPED | {"version": "2"})
    assert row(database, draft_id).parameters == parameters(RuleSet(ppp=True))


def try_it(city: City, database: Database, config: Config, number: int) -> None:
    """Have a draft tried."""
    with city.write() as session:
        operations.ask_trial(session, city.actor("admin"), number, now=clock.now())
    do_all(database, config)


def test_a_trial_is_overtaken_by_another_day_and_by_another_version(
    city: City, config: Config, database: Database, draft_id: int
) -> None:
    try_it(city, database, config, draft_id)
    with city.write() as session:
        other = versions.draft(
            session, EDITOR, year=year() - 1, rules=RuleSet(ppp=True), now=clock.now()
        )
    today = work.today()
    with database.read() as session:
        found = last_trial(session, row(database, draft_id), today)
        assert found is not None
        assert found.fresh
        tomorrow = last_trial(session, row(database, draft_id), today + timedelta(days=1))
        assert tomorrow is not None
        assert tomorrow.overtaken is Overtaken.OLD
    with city.write() as session:
        versions.publish(session, EDITOR, other.id, now=clock.now())
    with database.read() as session:
        found = last_trial(session, row(database, draft_id), today)
        assert found is not None
        assert found.overtaken is Overtaken.REPUBLISHED
    with pytest.raises(Refused), city.write() as session:
        operations.publish_tried(session, city.actor("admin"), draft_id, now=clock.now())


def test_what_was_edited_after_publishing_was_asked_for_is_not_published(
    city: City, config: Config, database: Database, draft_id: int, upgrade: Project
) -> None:
    try_it(city, database, config, draft_id)
    admin = city.actor("admin")
    with city.write() as session:
        operations.ask_publishing(session, admin, draft_id, now=clock.now())
    with city.write() as session:
        versions.edit_draft(
            session, admin, draft_id, RuleSet(ppp=True), note="", version=None, now=clock.now()
        )
    decided = select(func.count()).select_from(DecisionRow)
    with database.read() as session:
        before = session.scalar(decided)
    (run,) = do_all(database, config)
    assert run.state is RunState.FAILED
    assert "Try this version first" in run.error
    assert row(database, draft_id).published_at is None
    with database.read() as session:
        assert session.scalar(decided) == before


def test_who_lost_the_right_meanwhile_publishes_nothing(
    city: City, config: Config, database: Database, draft_id: int
) -> None:
    try_it(city, database, config, draft_id)
    with city.write() as session:
        operations.ask_publishing(session, city.actor("admin"), draft_id, now=clock.now())
        session.get_one(Person, city.person_id("admin")).active = False
    (run,) = do_all(database, config)
    assert run.state is RunState.FAILED
    assert row(database, draft_id).published_at is None


def test_a_trial_names_projects_to_who_reads_them_and_folds_the_rest(
    client: FlaskClient,
    city: City,
    config: Config,
    database: Database,
    draft_id: int,
    upgrade: Project,
) -> None:
    try_it(city, database, config, draft_id)
    seen = {}
    for person in ("city_manager", "kunqu_manager", "qingshan_manager", "admin"):
        city.sign_in(client, person)
        page = client.get(f"/goals/rules/{draft_id}/trial").text
        assert "昆都仑区" in page, "the sum by district is the city's public summary"
        assert "3.00" in page
        seen[person] = (upgrade.name in page, upgrade.number in page)
    assert seen == {
        "city_manager": (True, True),
        "kunqu_manager": (True, True),
        "qingshan_manager": (False, False),
        "admin": (False, True),
    }
    for person in ("kunqu_officer", "leader", "auditor"):
        city.sign_in(client, person)
        assert client.get(f"/goals/rules/{draft_id}/trial").status_code == 403


def test_a_trial_under_way_shows_its_progress_and_a_failed_one_why(
    client: FlaskClient, city: City, database: Database, draft_id: int
) -> None:
    city.sign_in(client, "admin")
    client.post(f"/goals/rules/{draft_id}/try")
    client.post(f"/goals/rules/{draft_id}/try")
    with database.write("test") as session:
        claim = runs.claim(session, clock.now())
        assert claim is not None
        assert runs.claim(session, clock.now()) is None, "asked for twice, tried once"
        runs.tell(session, claim, 500, 2000, "Projects and receipts decided")
    page = client.get(f"/goals/rules/{draft_id}/trial").text
    assert "500 / 2,000" in page
    assert "已认定项目和到位资金" in page
    with database.write("test") as session:
        runs.fail(session, claim, "It took longer than it may.", clock.now())
    page = client.get(f"/goals/rules/{draft_id}/trial").text
    assert "用时超过上限" in page
    assert "在数据上试算" in page


def test_an_older_draft_says_that_it_is_overtaken(
    client: FlaskClient, city: City, draft_id: int
) -> None:
    with city.write() as session:
        newer = versions.draft(session, EDITOR, year=year(), rules=RuleSet(), now=clock.now())
        versions.publish(session, EDITOR, newer.id, now=clock.now())
    city.sign_in(client, "admin")
    page = client.get(f"/goals/rules/{draft_id}").text
    assert "已发布" in page
    assert f"/goals/rules/{draft_id}/publish" not in page
    assert f"/goals/rules/{draft_id}/discard" in page
    client.post(f"/goals/rules/{draft_id}/discard")
    assert client.get(f"/goals/rules/{draft_id}").status_code == 404
