"""Attachments hang on a subject, stay if they are evidence, and every copy taken is noted."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.audit.models import Entry
from crm.core import clock, store
from crm.core.errors import Missing, Refused
from crm.core.store import Stored
from crm.files import operations, queries
from tests.factories.city import City
from tests.files.contents import PDF

LEAD = ("lead", 42)


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    return store.keep(tmp_path, io.BytesIO(PDF), 1000)


def _attach(
    city: City, stored: Stored, now: datetime, name: str = "协议.pdf", kind: str = ""
) -> int:
    actor = city.actor("kunqu_officer")
    with city.write() as session:
        row = operations.attach(session, actor, stored, name, on=LEAD, now=now, kind=kind)
        return row.id


def test_what_was_attached_is_listed_newest_first_with_who_did_it(
    city: City, stored: Stored, now: datetime
) -> None:
    first, second = (_attach(city, stored, now, name) for name in ("一.pdf", "二.pdf"))

    with city.database.read() as session:
        rows = queries.attachments(session, *LEAD)

    assert [row.id for row in rows] == [second, first]
    assert {row.uploader.name for row in rows} == {"昆区张专员"}
    assert {row.media_type for row in rows} == {"application/pdf"}


def test_a_file_of_another_subject_does_not_exist(
    city: City, stored: Stored, now: datetime
) -> None:
    file_id = _attach(city, stored, now)

    with city.database.read() as session, pytest.raises(Missing):
        queries.attachment(session, "lead", 43, file_id)
    with pytest.raises(Missing), city.write() as session:
        operations.remove(
            session, city.actor("kunqu_officer"), file_id, on=("project", 42), now=now
        )


def test_a_removed_file_is_gone_from_the_page_and_stays_in_the_trail(
    city: City, stored: Stored, now: datetime
) -> None:
    file_id = _attach(city, stored, now)
    with city.write() as session:
        operations.remove(session, city.actor("kunqu_officer"), file_id, on=LEAD, now=now)

    with city.database.read() as session:
        trail = session.scalars(select(Entry.action).where(Entry.subject_id == 42)).all()
        assert queries.attachments(session, *LEAD) == []
        with pytest.raises(Missing):
            queries.attachment(session, *LEAD, file_id)
    assert trail == ["file.attached", "file.removed"]


def test_evidence_is_never_removed(city: City, stored: Stored, now: datetime) -> None:
    file_id = _attach(city, stored, now, kind="signature_page")

    with pytest.raises(Refused), city.write() as session:
        operations.remove(session, city.actor("kunqu_officer"), file_id, on=LEAD, now=now)


def test_a_download_leaves_a_trace_on_its_subject(
    city: City, stored: Stored, now: datetime
) -> None:
    file_id = _attach(city, stored, now)
    with city.write() as session:
        operations.note_download(session, city.actor("kunqu_manager"), file_id, on=LEAD, now=now)

    with city.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "file.downloaded")).one()
    assert (entry.actor_name, entry.subject_kind, entry.subject_id) == ("昆区孙局长", "lead", 42)
    assert entry.after == {"name": "协议.pdf"}
