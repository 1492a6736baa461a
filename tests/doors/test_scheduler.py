"""The scheduler: what is declared, and what the nightly jobs leave and take away."""

from __future__ import annotations

import io
import logging
import os
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from apscheduler.job import Job
from sqlalchemy import select, update

import crm.accounts.jobs
import crm.audit.jobs
import crm.core.jobs
import crm.files.jobs
from config import Config
from crm.accounts.models import Attempt, SignIn
from crm.core import clock, heart, once, store
from crm.core.clock import SHANGHAI
from crm.core.crew import Crew
from crm.core.database import Database
from crm.core.once import FormKey
from crm.files.models import Attachment
from crm.scheduler import LATE_SECONDS, NIGHTLY, OFTEN, _run, scheduler_of
from tests.factories.city import City

NOW = clock.now()


def test_every_job_is_declared_aware_and_missed_runs_are_one(
    config: Config, database: Database
) -> None:
    scheduler = scheduler_of(config, database, Crew(database, {}, ()))

    jobs = scheduler.get_jobs()
    assert len(jobs) == len(NIGHTLY) + len(OFTEN) + 2 == len({job.id for job in jobs})
    assert scheduler.timezone is SHANGHAI
    for job in jobs:
        assert job.trigger.timezone is SHANGHAI
    assert scheduler._job_defaults["coalesce"] is True
    assert scheduler._job_defaults["misfire_grace_time"] == LATE_SECONDS


def _job(config: Config, database: Database, name: str) -> Job:
    """A declared job with its function; the scheduler itself is not started."""
    scheduler = scheduler_of(config, database, Crew(database, {}, ()))
    return next(job for job in scheduler.get_jobs() if job.id == name)


def test_the_scheduler_tells_that_it_lives_and_when_its_jobs_run(
    config: Config, database: Database
) -> None:
    with database.read() as session:
        assert heart.health(session, NOW).pulse is heart.Pulse.NEVER
    begun = clock.now()
    with database.write("job") as session:
        heart.beat(
            session, {"late": begun + timedelta(hours=2), "soon": begun, "off": None}, None, begun
        )

    with database.read() as session:
        found = heart.health(session, begun + heart.QUIET)
        late = heart.health(session, begun + heart.QUIET + timedelta(seconds=1))
    assert (found.pulse, found.at, found.failure) == (heart.Pulse.OK, begun, None)
    assert list(found.next_runs.items()) == [("soon", begun), ("late", begun + timedelta(hours=2))]
    assert late.pulse is heart.Pulse.QUIET


def test_a_failure_is_told_by_its_kind_alone_and_stays_until_there_is_another(
    config: Config, database: Database
) -> None:
    scheduler = scheduler_of(config, database, Crew(database, {}, ()))
    jobs = {job.id: job for job in scheduler.get_jobs()}
    _, _, _, app, failures = jobs["crm.notices.jobs.send_letters"].args

    def broken(database: Database, config: Config, now: datetime) -> None:
        raise ValueError("password=geheim")

    with pytest.raises(ValueError, match="geheim"):
        _run(broken, database, config, app, failures)
    with database.write("job") as session:
        heart.beat(session, {}, failures[-1], NOW)
    with database.write("job") as session:  # a scheduler that was started again knows of none
        heart.beat(session, {}, None, NOW + timedelta(minutes=1))
    with database.read() as session:
        failure = heart.health(session, NOW).failure
    assert failure is not None
    assert (failure.job, failure.error) == (f"{__name__}.broken", "ValueError")


def test_a_started_scheduler_beats_at_once(config: Config, database: Database) -> None:
    beat = _job(config, database, "crm.core.heart")
    assert beat.next_run_time <= clock.now()


def test_contents_that_no_attachment_names_go_after_a_day(
    config: Config, database: Database, city: City
) -> None:
    kept, young, orphan = (
        store.keep(config.files_dir, io.BytesIO(text), 100) for text in (b"a", b"b", b"c")
    )
    broken_off = config.files_dir / ".coming-x"
    broken_off.write_bytes(b"half")
    with city.write() as session:
        session.add(
            Attachment(
                subject_kind="lead",
                subject_id=1,
                sha256=kept.sha256,
                name="a.txt",
                size=1,
                media_type="text/plain",
                uploaded_by=city.person_id("kunqu_officer"),
                uploaded_at=NOW,
            )
        )
    long_ago = (NOW - timedelta(days=2)).timestamp()
    for path in (broken_off, *(store.path(config.files_dir, one.sha256) for one in (kept, orphan))):
        os.utime(path, (long_ago, long_ago))

    crm.files.jobs.remove_orphans(database, config, NOW)

    left = {path.name for path in config.files_dir.rglob("*") if path.is_file()}
    assert left == {kept.sha256, young.sha256}


def test_a_store_that_is_not_there_yet_is_fine(config: Config, database: Database) -> None:
    nowhere = replace(config, data_dir=config.data_dir / "nothing")

    crm.files.jobs.remove_orphans(database, nowhere, NOW)

    assert not nowhere.files_dir.exists()


def test_old_form_keys_tries_and_sign_ins_are_forgotten(
    config: Config, database: Database, city: City
) -> None:
    person = city.person_id("kunqu_officer")
    with city.write() as session:
        for key, days in (("old", 40), ("young", 2)):
            once.claim(session, key, person, NOW - timedelta(days=days))
            session.add(Attempt(username=key, place="::1", last=NOW - timedelta(days=days)))
            session.add(
                SignIn(
                    person_id=person,
                    token_hash=key,
                    started_at=NOW - timedelta(days=100 + days),
                    seen_at=NOW - timedelta(days=days),
                    address="::1",
                )
            )
        session.flush()
        session.execute(
            update(SignIn)
            .where(SignIn.token_hash == "old")
            .values(ended_at=NOW - timedelta(days=95))
        )

    crm.core.jobs.forget_form_keys(database, config, NOW)
    crm.accounts.jobs.forget_sign_ins(database, config, NOW)

    with database.read() as session:
        assert session.scalars(select(FormKey.key)).all() == ["young"]
        assert session.scalars(select(SignIn.token_hash)).all() == ["young"]
        assert "old" not in session.scalars(select(Attempt.username)).all()


def test_the_nightly_look_at_the_audit_is_logged(
    config: Config, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="crm"):
        crm.audit.jobs.verify(database, config, NOW)

    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "the audit holds" in caplog.text


def test_statistics_can_be_taken_at_any_time(config: Config, database: Database) -> None:
    crm.core.jobs.look_at_statistics(database, config, NOW)
