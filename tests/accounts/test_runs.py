"""The pages of background runs: the administrator's list, one's own progress, and nobody else's."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.audit.models import Entry
from crm.core import clock, runs
from crm.core.database import Database
from crm.core.runs import RunState
from tests.factories.city import City


@pytest.fixture
def run_id(city: City) -> int:
    """A run that an officer asked for."""
    with city.write() as session:
        return runs.enqueue(
            session, city.actor("kunqu_officer"), "files.preview", {"file": 1}, now=clock.now()
        )


def test_the_administrator_sees_who_asked_for_what_and_how_far_it_is(
    client: FlaskClient, city: City, run_id: int
) -> None:
    with city.write() as session:
        claim = runs.claim(session, clock.now())
        assert claim is not None
        runs.tell(session, claim, 1234, 56789, "Counting")
    city.sign_in(client, "admin")
    page = client.get("/runs").text
    assert "昆区张专员" in page
    assert "进行中" in page
    assert "1,234 / 56,789" in page
    assert "昆区张专员" not in client.get("/runs?state=failed").text
    assert "昆区张专员" in client.get("/runs?state=nonsense").text


def test_why_it_failed_is_said_in_the_readers_language(
    client: FlaskClient, city: City, run_id: int
) -> None:
    with city.write() as session:
        claim = runs.claim(session, clock.now())
        assert claim is not None
        runs.fail(session, claim, "It took longer than it may.", clock.now(), "<b>100 %s</b>")
    city.sign_in(client, "admin")
    page = client.get("/runs").text
    assert "用时超过上限" in page
    assert "&lt;b&gt;100 %s&lt;/b&gt;" in page
    city.sign_in(client, "admin", "en")
    assert "It took longer than it may." in client.get("/runs").text


def test_who_asked_follows_its_progress_until_the_page_loads_anew(
    client: FlaskClient, city: City, database: Database, run_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = client.get(f"/runs/{run_id}/progress")
    assert f'hx-get="/runs/{run_id}/progress"' in answer.text
    assert "HX-Refresh" not in answer.headers
    with city.write() as session:
        runs.cancel(session, run_id, clock.now())
    answer = client.get(f"/runs/{run_id}/progress")
    assert "hx-get" not in answer.text
    assert answer.headers["HX-Refresh"] == "true"


def test_nobody_else_knows_of_it(client: FlaskClient, city: City, run_id: int) -> None:
    for stranger in ("kunqu_colleague", "kunqu_manager", "city_manager", "leader", "auditor"):
        city.sign_in(client, stranger)
        assert client.get(f"/runs/{run_id}/progress").status_code == 404
        assert client.get(f"/runs/{run_id + 1}/progress").status_code == 404
        assert client.get("/runs").status_code == 403
        assert client.post(f"/runs/{run_id}/cancel").status_code == 403
    city.sign_in(client, "admin")
    assert client.get(f"/runs/{run_id}/progress").status_code == 200


def test_cancelling_is_audited_and_a_second_time_refused(
    client: FlaskClient, city: City, database: Database, run_id: int
) -> None:
    city.sign_in(client, "admin")
    assert client.post(f"/runs/{run_id}/cancel").location == "/runs"
    with database.read() as session:
        assert runs.get(session, run_id).state is RunState.CANCELLED
        entry = session.scalars(select(Entry).where(Entry.action == "run.cancelled")).one()
        assert (entry.subject_id, entry.actor_name) == (run_id, "管理员")
    client.post(f"/runs/{run_id}/cancel")
    assert "该任务已结束" in client.get("/runs").text
