"""The trail is read in words: by the auditor whole, by others as the timeline of what they see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import event

from crm.accounts import operations as accounts
from crm.accounts.operations import SYSTEM
from crm.audit import queries
from crm.audit.labels.telling import action_words, changes_in_words, in_words, tell
from crm.audit.labels.words import ACTIONS, FIELDS
from crm.audit.models import Entry
from crm.core import clock
from crm.core.errors import Change
from tests.factories.city import City


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def moved(city: City, now: datetime) -> int:
    """A person whom the administrator has moved to another unit."""
    person = city.person_id("kunqu_officer")
    with city.write() as session:
        unit = city.unit_id("昆区二科")
        accounts.move_person(session, city.actor("admin"), person, unit, now=now)
    return person


@pytest.fixture
def auditor(client: FlaskClient, city: City) -> FlaskClient:
    city.sign_in(client, "auditor")
    return client


def test_a_change_is_told_from_what_to_what_with_names(app: Flask, city: City, moved: int) -> None:
    with app.test_request_context(), city.database.read() as session:
        rows = queries.timeline(session, "person", moved)
        told = tell(rows, queries.names(session, rows), app.jinja_env.globals["label"])  # type: ignore[arg-type]
    assert (told[0].title, told[0].who, told[0].subject) == (
        "调整所在单位",
        "管理员",
        "人员 昆区张专员",
    )
    assert told[0].changes == [("单位", "昆区一科", "昆区二科")]
    assert told[-1].who == "系统"


def test_values_are_told_by_the_kind_of_their_column(app: Flask) -> None:
    label = app.jinja_env.globals["label"]
    with app.test_request_context():

        def told(table: str, column: str, value: object) -> str:
            return in_words(table, column, value, {("unit", 3): "三科"}, label)  # type: ignore[arg-type]

        assert told("person", "role", "reviewer") == "区县审核"
        assert told("person", "role", "emperor") == "emperor"
        assert told("person", "unit_id", 3) == "三科"
        assert told("person", "unit_id", 4) == "#4"
        assert told("person", "active", False) == "否"
        assert told("person", "created_at", "2025-06-30T04:00:00+00:00") == "2025-06-30 12:00"
        assert told("project", "agreed", 12345678901) == "123,456,789.01 元"
        assert told("nowhere", "nothing", [1, "x", None]) == "1、x、"
        assert told("lead", "note", None) == told("lead", "note", "") == ""
        assert len(told("lead", "content", "长" * 5000)) < 500


def test_a_column_without_words_shows_its_name_and_keys_stay_hidden(app: Flask) -> None:
    label = app.jinja_env.globals["label"]
    moment = datetime(2025, 6, 30, tzinfo=clock.SHANGHAI)
    changes = [Change("甲", moment, name, "a", "b") for name in ("name", "strange", "name_pinyin")]
    with app.test_request_context():
        told = changes_in_words(changes, "person", {}, label)  # type: ignore[arg-type]
    assert [change.field for change in told] == ["名称", "strange"]


def test_an_unknown_action_shows_as_it_is(app: Flask) -> None:
    with app.test_request_context():
        assert action_words("strange.thing") == "strange.thing"
        assert all(str(words) for words in [*ACTIONS.values(), *FIELDS.values()])


def test_the_timeline_of_a_subject_is_a_macro_for_any_page(
    app: Flask, city: City, moved: int
) -> None:
    from crm.core.request import here, open_request

    with app.test_request_context():
        open_request(app)
        html = render_template_string(
            "{% from 'audit/_timeline.html' import trail %}{{ trail(entries) }}",
            entries=queries.timeline(here.session, "person", moved),
        )
        here.session.close()
    assert "调整所在单位" in html
    assert "昆区一科" in html


# --- the auditor's pages -----------------------------------------------------------------------


@pytest.mark.parametrize("username", ["admin", "kunqu_officer", "city_manager", "leader"])
def test_the_trail_is_the_auditors_alone(client: FlaskClient, city: City, username: str) -> None:
    city.sign_in(client, username)
    assert client.get("/audit").status_code == 403
    assert client.get("/audit/1").status_code == 403


def test_the_newest_comes_first_and_leads_to_the_whole(
    auditor: FlaskClient, city: City, moved: int
) -> None:
    page = auditor.get("/audit").text.split("<tbody>")[1]
    assert page.index("调整所在单位") < page.index("新增人员")
    with city.database.read() as session:
        newest = queries.timeline(session, "person", moved)[0].id
    whole = auditor.get(f"/audit/{newest}").text
    assert "昆区一科" in whole
    assert "昆区二科" in whole
    assert "person.moved" in whole


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ("person={admin}", True),
        ("person=0", False),
        ("action=person.moved", True),
        ("action=person.disabled", False),
        ("kind=person&number={moved}", True),
        ("kind=unit&number={moved}", False),
        ("since={today}&until={today}", True),
        ("until={yesterday}", False),
        ("since={tomorrow}", False),
        ("since=nonsense&person=x&number=1e309&until=9999-99-99", True),
        ("number=99999999999999999999", True),
        ("after=bm9uc2Vuc2U", True),
    ],
)
def test_the_trail_is_filtered(
    auditor: FlaskClient, city: City, moved: int, now: datetime, args: str, shown: bool
) -> None:
    today = clock.day_of(now)
    address = "/audit?" + args.format(
        admin=city.person_id("admin"),
        moved=moved,
        today=today,
        yesterday=today - timedelta(days=1),
        tomorrow=today + timedelta(days=1),
    )
    answer = auditor.get(address)
    assert answer.status_code == 200
    assert ("昆区二科</ins>" in answer.text) is shown


def test_a_day_ends_at_midnight_in_shanghai(city: City) -> None:
    late = datetime(2025, 6, 30, 23, 59, tzinfo=clock.SHANGHAI)
    with city.write() as session:
        accounts.end_sessions(session, SYSTEM, city.person_id("leader"), now=late)
    with city.database.read() as session:

        def found(since: datetime, until: datetime) -> int:
            query = queries.entries(action="person.sessions_ended", since=since, until=until)
            return len(session.scalars(query).all())

        day = datetime(2025, 6, 30, tzinfo=clock.SHANGHAI)
        assert found(day, day + timedelta(days=1)) == 1
        assert found(day + timedelta(days=1), day + timedelta(days=2)) == 0


def test_pages_follow_each_other_without_gap_or_repeat(city: City) -> None:
    with city.database.read() as session:
        everything = [row.id for row in session.scalars(queries.entries())]
        seen: list[int] = []
        after: str | None = None
        while True:
            turned = queries.newest(session, queries.entries(), after, None)
            seen += [row.id for row in turned.rows]
            after = turned.after
            if after is None:
                break
    assert seen == sorted(everything, reverse=True)


def test_a_page_costs_the_same_however_much_it_tells(
    auditor: FlaskClient, city: City, moved: int
) -> None:
    def cost(address: str) -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(city.database.engine, "before_cursor_execute", one_more)
        try:
            assert auditor.get(address).status_code == 200
        finally:
            event.remove(city.database.engine, "before_cursor_execute", one_more)
        return count

    cost("/audit")
    assert cost("/audit") <= cost("/audit?action=person.moved") + 4


def test_an_entry_that_is_not_there_is_404(auditor: FlaskClient) -> None:
    assert auditor.get("/audit/999999").status_code == 404
    assert auditor.get("/audit/9223372036854775808").status_code == 404


def test_who_did_it_is_kept_by_name_though_the_person_is_renamed(
    auditor: FlaskClient, city: City, moved: int
) -> None:
    with city.database.read() as session:
        row: Entry = queries.timeline(session, "person", moved)[0]
    assert (row.actor_name, row.actor_id) == ("管理员", city.person_id("admin"))
