"""Kinds of work of the tests' own: `python -m tests.doors.chores` stands for `crm.scheduler`."""

from __future__ import annotations

import os
import signal
import sys
import time

import crm.scheduler
from config import Config
from crm.core.database import Database
from crm.core.errors import Refused
from crm.core.running import Kind, Result, Running

MEGABYTES = 768


def count(database: Database, config: Config, run: Running) -> Result:
    """Count to what was asked for, and leave a line for each time it is done."""
    last = int(run.arguments["to"])
    for number in range(last):
        run.tell(number + 1, last, "Counting")
    with (config.data_dir / "counted").open("a", encoding="ascii") as file:
        file.write(f"{run.arguments['name']}\n")
    return {"counted": last}


def sleep(database: Database, config: Config, run: Running) -> Result:
    """Stay; the sentence names the process."""
    run.tell(0, 0, str(os.getpid()))
    time.sleep(600)
    return None


def eat(database: Database, config: Config, run: Running) -> Result:
    """Take more memory than it may have."""
    return {"eaten": len(bytearray(MEGABYTES * 1024 * 1024))}


def die(database: Database, config: Config, run: Running) -> Result:
    """End without a word: as often as was asked for."""
    deaths = len(list(config.data_dir.glob("death-*")))
    if deaths < int(run.arguments["times"]):
        (config.data_dir / f"death-{deaths}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"deaths": deaths}


def refuse(database: Database, config: Config, run: Running) -> Result:
    """A rule says no."""
    raise Refused("This task is over already.")


def stumble(database: Database, config: Config, run: Running) -> Result:
    """A mistake of ours."""
    raise ZeroDivisionError("by nothing")


KINDS = {
    "count": Kind(count, repeatable=True),
    "sleep": Kind(sleep, repeatable=True),
    "sleep once": Kind(sleep, repeatable=False),
    "eat": Kind(eat, repeatable=True, megabytes=MEGABYTES),
    "die": Kind(die, repeatable=True),
    "refuse": Kind(refuse, repeatable=True),
    "stumble": Kind(stumble, repeatable=True),
}

COMMAND = (sys.executable, "-P", "-m", "tests.doors.chores")

if __name__ == "__main__":
    crm.scheduler.KINDS = KINDS
    crm.scheduler.COMMAND = COMMAND
    crm.scheduler.main()
