"""The follow-up form: what is typed is kept, what cannot be is refused beside its field, files come along."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.activities.models import Activity
from crm.audit.models import Entry
from crm.files.models import Attachment
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import PDF, PROGRAM

DAY = timedelta(days=1)


@pytest.fixture
def lead_id(city: City) -> int:
    return work.lead(city, "kunqu_officer")


def _post(client: FlaskClient, lead_id: int, **told: Any) -> TestResponse:
    form = {
        "kind": "visit",
        "held_on": work.today().isoformat(),
        "said": "谈了用地和电价",
        "next_step": "发用地方案",
        "next_step_on": (work.today() + 2 * DAY).isoformat(),
    } | told
    return client.post(f"/leads/{lead_id}/log", data=form, content_type="multipart/form-data")


def _count(city: City, kind: Any) -> int:
    with city.database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_follow_up_is_logged_with_a_file_and_shown_on_the_lead(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")

    answer = _post(client, lead_id, files=(io.BytesIO(PDF), "名片.pdf"))

    assert (answer.status_code, answer.location) == (303, f"/leads/{lead_id}")
    part = client.get(f"/leads/{lead_id}/activities").text
    assert "谈了用地和电价" in part
    assert "名片.pdf" in part


def test_it_goes_back_to_where_it_was_opened_and_to_no_other_house(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    form = {"kind": "call", "held_on": work.today().isoformat(), "said": "x", "no_next_step": "y"}

    for back, location in (("/?filter=today", "/?filter=today"), ("//evil.example", None)):
        answer = client.post(f"/leads/{lead_id}/log", query_string={"back": back}, data=form)
        assert answer.status_code == 303
        assert (answer.location == location) if location else ("evil" not in answer.location)


@pytest.mark.parametrize(
    "told",
    [
        {"kind": ""},
        {"kind": "telepathy"},
        {"said": ""},
        {"held_on": ""},
        {"held_on": "gestern"},
        {"held_on": (work.today() + DAY).isoformat()},
        {"next_step": ""},
        {"next_step_on": ""},
        {"next_step_on": (work.today() - DAY).isoformat()},
        {"result": "长" * 301},
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed_kept_and_nothing_written(
    city: City, client: FlaskClient, lead_id: int, told: dict[str, str]
) -> None:
    city.sign_in(client, "kunqu_officer")

    answer = _post(client, lead_id, **{"with_whom": "刘总 𠮷 🏭", **told})

    assert answer.status_code == 422
    assert "刘总 𠮷 🏭" in answer.text
    assert "field-error" in answer.text
    assert _count(city, Activity) == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [(PROGRAM, "协议.pdf"), (PROGRAM, "setup.exe"), (b"", "空.pdf"), (b"<script>", "x.html")],
)
def test_a_false_file_is_refused_and_the_text_stays(
    city: City, client: FlaskClient, lead_id: int, content: bytes, name: str
) -> None:
    city.sign_in(client, "kunqu_officer")

    answer = _post(client, lead_id, files=(io.BytesIO(content), name))

    assert answer.status_code == 422
    assert "谈了用地和电价" in answer.text
    assert (_count(city, Activity), _count(city, Attachment)) == (0, 0)


def test_a_file_above_the_limit_is_refused_beside_its_field(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    client.application.config["UPLOAD_BYTES"] = len(PDF)
    city.sign_in(client, "kunqu_officer")

    assert _post(client, lead_id, files=(io.BytesIO(PDF + b"\n"), "大.pdf")).status_code == 422
    assert _post(client, lead_id, files=(io.BytesIO(PDF), "小.pdf")).status_code == 303


def test_a_request_beyond_all_limits_is_answered_in_the_houses_dress(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    city.sign_in(client, "kunqu_officer")

    answer = _post(client, lead_id, files=(io.BytesIO(PDF * 100), "大.pdf"))

    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_a_file_is_sent_as_a_download_that_no_browser_opens_and_it_is_noted(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    _post(client, lead_id, files=(io.BytesIO(PDF), "名片 “刘”.pdf"))
    with city.database.read() as session:
        file_id = session.scalars(select(Attachment.id)).one()

    answer = client.get(f"/leads/{lead_id}/files/{file_id}", buffered=True)

    assert answer.data == PDF
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()
    with city.database.read() as session:
        noted = session.scalars(select(Entry).where(Entry.action == "file.downloaded")).one()
    assert (noted.subject_kind, noted.subject_id) == ("lead", lead_id)


def test_strangers_get_404_colleagues_403_and_nothing_changes(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    _post(client, lead_id, files=(io.BytesIO(PDF), "名片.pdf"))
    with city.database.read() as session:
        file_id = session.scalars(select(Attachment.id)).one()

    for stranger in ("qingshan_officer", "qingshan_manager", "kunqu_second"):
        city.sign_in(client, stranger)
        for address in ("log", "activities", f"files/{file_id}"):
            assert client.get(f"/leads/{lead_id}/{address}").status_code == 404
        assert _post(client, lead_id).status_code == 404
    city.sign_in(client, "kunqu_colleague")
    assert client.get(f"/leads/{lead_id}/activities").status_code == 200
    assert _post(client, lead_id).status_code == 403
    city.sign_in(client, "leader")
    assert _post(client, lead_id).status_code == 403
    assert _count(city, Activity) == 1


def test_the_part_pages_through_many_follow_ups(
    city: City, client: FlaskClient, lead_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    for number in range(12):
        assert _post(client, lead_id, said=f"第{number}次").status_code == 303

    first = client.get(f"/leads/{lead_id}/activities").text
    address = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(address).text
    assert (first.count("<li"), second.count("<li")) == (10, 2)
