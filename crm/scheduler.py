"""The scheduler's process: `python -m crm.scheduler`. What runs when is declared here, in code.

Jobs are kept in memory: the database holds the truth, and each job may run twice without harm. Long work
that people ask for is a row (`crm.core.runs`), done in a process of its own, `crm.scheduler --run 7`.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

import crm.accounts.jobs
import crm.audit.jobs
import crm.core.jobs
import crm.counting.jobs
import crm.files.jobs
import crm.goals.jobs
import crm.notices.jobs
import crm.reminders.jobs
from config import Config, from_environment
from crm.app import create_app
from crm.audit.operations import seal
from crm.core import clock
from crm.core.crew import Crew
from crm.core.database import Database
from crm.core.heart import BEAT_SECONDS, Failure, beat
from crm.core.running import Kind, carry_out
from crm.files.rules import DRAW

Job = Callable[[Database, Config, datetime], None]

NIGHTLY: tuple[tuple[str, Job], ...] = (
    ("02:10", crm.core.jobs.forget_form_keys),
    ("02:20", crm.accounts.jobs.forget_sign_ins),
    ("02:30", crm.files.jobs.remove_orphans),
    ("02:40", crm.files.jobs.remove_pictures),
    ("03:00", crm.audit.jobs.verify),
    ("03:10", crm.counting.jobs.compare_sums),
    ("03:20", crm.core.jobs.forget_runs),
    ("03:30", crm.core.jobs.look_at_statistics),
)
"""Every night at this time in Shanghai, late by up to six hours where the machine slept."""

OFTEN: tuple[tuple[int, Job], ...] = (
    (20, crm.notices.jobs.send_letters),
    (60, crm.reminders.jobs.write_letters),
)
"""Every so many seconds; one that is still at it is not started again beside itself."""

LATE_SECONDS = 6 * 60 * 60

KINDS: dict[str, Kind] = {
    DRAW: Kind(crm.files.jobs.draw_pictures, repeatable=True, seconds=120),
    "rules.try": Kind(crm.goals.jobs.try_rules, repeatable=True, seconds=3600),
    "rules.publish": Kind(crm.goals.jobs.publish_rules, repeatable=True, seconds=3600),
}
"""What can be asked for with `runs.enqueue`: the kind's name, who does it, what it may take."""

COMMAND = (sys.executable, "-P", "-m", "crm.scheduler")
"""Starts the process of one run."""


def scheduler_of(config: Config, database: Database, crew: Crew) -> BackgroundScheduler:
    """A scheduler with every job declared, not yet started."""
    scheduler = BackgroundScheduler(
        timezone=clock.SHANGHAI,
        job_defaults={"misfire_grace_time": LATE_SECONDS, "coalesce": True, "max_instances": 1},
    )
    app, failures = create_app(config, database), list[Failure]()
    for time_of_day, job in NIGHTLY:
        hour, minute = time_of_day.split(":")
        scheduler.add_job(
            _run,
            CronTrigger(hour=int(hour), minute=int(minute), timezone=clock.SHANGHAI),
            args=(job, database, config, app, failures),
            id=f"{job.__module__}.{job.__name__}",
        )
    for seconds, job in OFTEN:
        scheduler.add_job(
            _run,
            IntervalTrigger(seconds=seconds, timezone=clock.SHANGHAI),
            args=(job, database, config, app, failures),
            id=f"{job.__module__}.{job.__name__}",
        )
    scheduler.add_job(
        lambda: crew.turn(clock.now()),
        IntervalTrigger(seconds=1, timezone=clock.SHANGHAI),
        id="crm.core.crew",
    )
    scheduler.add_job(
        lambda: _beat(scheduler, database, failures),
        IntervalTrigger(seconds=BEAT_SECONDS, timezone=clock.SHANGHAI),
        next_run_time=clock.now(),
        id="crm.core.heart",
    )
    return scheduler


def _run(job: Job, database: Database, config: Config, app: Flask, failures: list[Failure]) -> None:
    """In the application's context: letters are written with its words and addresses."""
    try:
        with app.app_context():
            job(database, config, clock.now())
    except Exception as error:
        name = f"{job.__module__}.{job.__name__}"
        failures[:] = [Failure(name, type(error).__name__, clock.now())]
        raise


def _beat(scheduler: BackgroundScheduler, database: Database, failures: list[Failure]) -> None:
    """Tell the pages that the scheduler lives, when its jobs run next, and its last failure."""
    coming = {job.id: job.next_run_time for job in scheduler.get_jobs()}
    with database.write("job") as session:
        beat(session, coming, failures[-1] if failures else None, clock.now())


def main() -> None:
    """Run until somebody asks to end, or do one run, where the command line names it."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    logging.getLogger("crm").setLevel(logging.INFO)
    # A look after the runs that has to wait for the database is not worth a line each second.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser(prog="crm.scheduler")
    parser.add_argument("--run", type=int)
    parser.add_argument("--attempt", type=int, default=1)
    asked = parser.parse_args()
    config = from_environment()
    database = Database(config.database_url, seal)
    try:
        if asked.run is None:
            _stay(config, database)
        else:
            carry_out(database, config, KINDS, asked.run, asked.attempt)
    finally:
        database.dispose()


def _stay(config: Config, database: Database) -> None:
    """Until a signal comes; a job under way is finished first, a run goes back to those that wait."""
    crew = Crew(database, KINDS, COMMAND)
    scheduler = scheduler_of(config, database, crew)

    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()  # an exception from here would be lost where APScheduler catches all of them

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    scheduler.start()
    try:
        asked.wait()
    finally:
        scheduler.shutdown(wait=True)
        crew.end(clock.now())


if __name__ == "__main__":
    main()
