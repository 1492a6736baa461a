"""The scheduler's process: `python -m crm.scheduler`. What runs when is declared here, in code.

Jobs are kept in memory: the database holds the truth, and each job may run twice without harm.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

import crm.accounts.jobs
import crm.audit.jobs
import crm.core.jobs
import crm.files.jobs
from config import Config, from_environment
from crm.audit.operations import seal
from crm.core import clock
from crm.core.database import Database

Job = Callable[[Database, Config, datetime], None]

NIGHTLY: tuple[tuple[str, Job], ...] = (
    ("02:10", crm.core.jobs.forget_form_keys),
    ("02:20", crm.accounts.jobs.forget_sign_ins),
    ("02:30", crm.files.jobs.remove_orphans),
    ("03:00", crm.audit.jobs.verify),
    ("03:30", crm.core.jobs.look_at_statistics),
)
"""Every night at this time in Shanghai, late by up to six hours where the machine slept."""

LATE_SECONDS = 6 * 60 * 60


def scheduler_of(config: Config, database: Database) -> BlockingScheduler:
    """A scheduler with every job declared, not yet started."""
    scheduler = BlockingScheduler(
        timezone=clock.SHANGHAI,
        job_defaults={"misfire_grace_time": LATE_SECONDS, "coalesce": True, "max_instances": 1},
    )
    for time_of_day, job in NIGHTLY:
        hour, minute = time_of_day.split(":")
        scheduler.add_job(
            _run,
            CronTrigger(hour=int(hour), minute=int(minute), timezone=clock.SHANGHAI),
            args=(job, database, config),
            id=f"{job.__module__}.{job.__name__}",
        )
    return scheduler


def _run(job: Job, database: Database, config: Config) -> None:
    job(database, config, clock.now())


def main() -> None:
    """Run until somebody asks to end; a job under way is finished first."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    logging.getLogger("crm").setLevel(logging.INFO)
    config = from_environment()
    database = Database(config.database_url, seal)
    scheduler = scheduler_of(config, database)

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        scheduler.start()
    except SystemExit:
        scheduler.shutdown(wait=True)
    finally:
        database.dispose()


if __name__ == "__main__":
    main()
