"""A run's own process: what it may use, what it tells, how it ends."""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Config
from crm.core import clock, runs
from crm.core.database import Database
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.runs import Claim, Lost

log = logging.getLogger(__name__)

TELL_EVERY = 0.5
"""Seconds between two words about progress: each is a write transaction."""

Result = dict[str, Any] | None


@dataclass(frozen=True)
class Kind:
    """A kind of work.

    Attributes:
        function: does it; what it returns is the run's result. It may call `run.finish` in the last
            transaction of its own: then the effect and the word that it is done are one.
        repeatable: doing it again after it was cut off does no harm; else a cut-off run has failed.
        seconds, megabytes: what it may take; beyond that it is ended, and has failed.
    """

    function: Callable[[Database, Config, Running], Result]
    repeatable: bool
    seconds: int = 600
    megabytes: int = 1024


class Running:
    """A run as the function that does it sees it."""

    def __init__(self, database: Database, claim: Claim) -> None:
        self._database = database
        self._claim = claim
        self._told = (0.0, "")
        self.finished = False

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked for."""
        return self._claim.arguments

    @property
    def actor_id(self) -> int | None:
        """Who asked; his rights are read anew by whoever acts for him."""
        return self._claim.actor_id

    def tell(self, done: int, total: int, sentence: str) -> None:
        """Say how far it is; never inside a write transaction, for this is one of its own.

        Said at most twice a second, so it may be called as often as there is news. Raises Lost.
        """
        at, before = self._told
        if sentence == before and time.monotonic() - at < TELL_EVERY:
            return
        with self._database.write("job") as session:
            runs.tell(session, self._claim, done, total, sentence)
        self._told = (time.monotonic(), sentence)

    def finish(self, session: Session, result: Result = None) -> None:
        """The work is done with what this transaction commits. Raises Lost, which undoes it."""
        runs.finish(session, self._claim, result, clock.now())
        self.finished = True


def perform(database: Database, config: Config, kind: Kind, claim: Claim) -> None:
    """Do a claimed run in this process and say how it ended."""
    running = Running(database, claim)
    try:
        result = kind.function(database, config, running)
        if not running.finished:
            with database.write("job") as session:
                running.finish(session, result)
    except Lost:
        log.warning("run %d (%s) was taken away", claim.id, claim.kind)
    except Refused as refusal:
        _fail(database, claim, str(refusal.message))
    except (Missing, Forbidden):
        _fail(database, claim, _("What it was about is gone, or may no longer be changed."))
    except MemoryError:
        _lift()
        _fail(database, claim, _("It needed more memory than it may have."))
    except Exception as error:
        log.exception("run %d (%s) failed", claim.id, claim.kind)
        said = f"{type(error).__name__}: {error}"
        _fail(database, claim, _("It ended with an error of the system."), said)


def carry_out(
    database: Database, config: Config, kinds: Mapping[str, Kind], run_id: int, attempt: int
) -> None:
    """What the child process does: read the claim, keep to the limits, do the work."""
    _end_with_parent()
    with database.read() as session:
        claim = runs.held(session, run_id, attempt)
    if claim is None:
        return
    kind = kinds.get(claim.kind)
    if kind is None:
        _fail(database, claim, _("This kind of task is not known here."))
        return
    _limit(kind.megabytes)
    perform(database, config, kind, claim)


def _fail(database: Database, claim: Claim, error: str, detail: str = "") -> None:
    with database.write("job") as session:
        runs.fail(session, claim, error, clock.now(), detail)


def _limit(megabytes: int) -> None:
    """Take no more memory than this, leave no core, and let the web server go first."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # macOS knows the limit and does not keep it
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024, most))
    os.nice(5)


def _lift() -> None:
    """Room to say that there was none."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _end_with_parent() -> None:
    """End when the scheduler is gone: it holds the other end of our standard input."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
