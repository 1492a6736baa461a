"""Each role starts with its own page; what is done from a line; whether the house stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from crm.core import clock, heart
from crm.leads.models import FOREVER, Lead
from tests.factories import work
from tests.factories.city import City

DAY = timedelta(days=1)


@pytest.fixture
def lead_id(city: City) -> int:
    return work.lead(city, "kunqu_officer", next_step="陪同考察", next_step_on=work.today())


@pytest.mark.parametrize(
    "username",
    ["kunqu_officer", "kunqu_reviewer", "kunqu_manager", "leader", "admin", "auditor"],
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everybody_has_a_first_page_with_and_without_work(
    city: City, client: FlaskClient, username: str, language: str
) -> None:
    city.sign_in(client, username, language)
    assert client.get("/").status_code == 200

    work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    work.lead(city, "kunqu_officer", "另一条")
    assert client.get("/").status_code == 200


def test_a_line_says_what_of_which_lead(city: City, client: FlaskClient, lead_id: int) -> None:
    city.sign_in(client, "kunqu_officer")
    page = client.get("/?filter=today").text

    assert "陪同考察" in page
    assert "稀土永磁电机" in page


def test_another_districts_officer_sees_nothing_of_it(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "qingshan_officer")
    assert "陪同考察" not in client.get("/").text
    for verb in ("postpone", "done"):
        assert client.get(f"/work/leads/{lead_id}/{verb}").status_code == 404
        assert client.post(f"/work/leads/{lead_id}/{verb}").status_code == 404


def test_a_colleague_who_reads_the_lead_may_not_touch_its_step(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_colleague")
    assert client.get(f"/work/leads/{lead_id}/postpone").status_code == 403


def _lead(city: City, lead_id: int) -> Lead:
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def test_a_step_is_put_off_and_stays_the_same_step(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    later = work.today() + 5 * DAY

    answer = client.post(
        f"/work/leads/{lead_id}/postpone?back=/?filter=today",
        data={"next_step_on": later.isoformat()},
    )

    assert (answer.status_code, answer.location) == (303, "/?filter=today")
    lead = _lead(city, lead_id)
    assert (lead.next_step, lead.next_step_on, lead.last_contact_on) == ("陪同考察", later, None)


@pytest.mark.parametrize("day", ["", "x", "1999-01-01", (work.today() - DAY).isoformat()])
def test_a_step_is_not_put_off_to_a_day_that_is_over(
    city: City, client: FlaskClient, lead_id: int, day: str
) -> None:
    city.sign_in(client, "kunqu_officer")

    answer = client.post(f"/work/leads/{lead_id}/postpone", data={"next_step_on": day})

    assert answer.status_code == 422
    assert _lead(city, lead_id).next_step_on == work.today()


def test_a_step_that_is_done_asks_for_the_next_one(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    address = f"/work/leads/{lead_id}/done"

    assert client.post(address, data={}).status_code == 422
    later = work.today() + DAY
    told = {"next_step": "签意向书", "next_step_on": later.isoformat()}
    assert client.post(address, data=told).status_code == 303
    lead = _lead(city, lead_id)
    assert (lead.next_step, lead.next_step_on) == ("签意向书", later)

    assert client.post(address, data={"no_next_step": "y"}).status_code == 303
    assert _lead(city, lead_id).next_step_on == FOREVER


def test_a_projects_step_is_put_off_and_done_too(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    project_id = work.project(city, "kunqu_officer", lead_id)
    city.sign_in(client, "kunqu_officer")
    later = (work.today() + DAY).isoformat()

    told = {"next_step": "催办环评", "next_step_on": later}
    assert client.post(f"/work/projects/{project_id}/done", data=told).status_code == 303
    address = f"/work/projects/{project_id}/postpone"
    assert client.post(address, data={"next_step_on": later}).status_code == 303
    assert "催办环评" in client.get(f"/?day={later}").text


def test_in_a_row_the_form_comes_without_the_frame(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")

    part = client.get(f"/work/leads/{lead_id}/done", headers={"HX-Request": "true"}).text

    assert "<form" in part
    assert "<html" not in part


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_manager")
    asked: list[str] = []
    event.listen(
        city.database.engine,
        "before_cursor_execute",
        lambda conn, cursor, statement, *rest: asked.append(statement),
    )

    def questions() -> int:
        asked.clear()
        assert client.get("/").status_code == 200
        return len([one for one in asked if one.startswith("SELECT")])

    few = questions()
    for number in range(12):
        work.lead(city, "kunqu_officer", f"线索{number}", next_step_on=work.today())
    assert questions() == few


def test_the_house_says_that_it_stands_and_that_it_is_ready(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "scheduler": "never", "heard_seconds_ago": None}


def test_how_the_scheduler_is_stands_in_the_answer_and_on_the_administrators_pages(
    city: City, app: Flask, client: FlaskClient
) -> None:
    city.sign_in(client, "admin", "en")
    for address in ("/", "/letters"):
        assert "The scheduler has never run" in client.get(address).text
    now = clock.now()
    sending = {"crm.notices.jobs.send_letters": now + timedelta(seconds=20)}
    failure = heart.Failure("crm.reminders.jobs.write_letters", "OperationalError", now)
    with city.write() as session:
        heart.beat(session, sending, failure, now - timedelta(seconds=30))
    told = app.test_client().get("/readyz").json
    assert told is not None
    assert told["scheduler"] == "ok"
    assert 30 <= told["heard_seconds_ago"] < 300
    for address in ("/", "/letters"):
        page = client.get(address).text
        assert "Next: Sending letters" in page
        assert "Writing letters · OperationalError" in page
        assert "not heard of any more" not in page
    with city.write() as session:
        heart.beat(session, sending, failure, now - timedelta(hours=1))
    quiet = app.test_client().get("/readyz")  # the pages work: a balancer must not take them away
    assert (quiet.status_code, (quiet.json or {})["scheduler"]) == (200, "quiet")
    assert "not heard of any more" in client.get("/letters").text


def test_the_house_is_not_ready_while_migrations_are_missing(city: City, app: Flask) -> None:
    with city.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    assert app.test_client().get("/readyz").status_code == 503
