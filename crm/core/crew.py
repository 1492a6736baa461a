"""The scheduler's side of background runs: claims them, starts a process for each, looks after it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from config import HOUSE
from crm.core import runs
from crm.core.database import Database
from crm.core.running import Kind
from crm.core.runs import LEASE, Claim

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Runs under way in one scheduler: a long trial does not keep a picture waiting."""

RENEW_EVERY = LEASE / 4


@dataclass
class Child:
    """A run under way in a process of its own."""

    claim: Claim
    process: subprocess.Popen[bytes]
    deadline: datetime
    renewed: datetime


class Crew:
    """The processes of this scheduler.

    Args:
        kinds: what can be done.
        command: starts the process of a run; its number and attempt are added.
    """

    def __init__(
        self, database: Database, kinds: Mapping[str, Kind], command: Sequence[str]
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._command = command
        self.children: list[Child] = []

    def turn(self, now: datetime) -> None:
        """Look after what is under way, take back what others left, begin what waits; every second."""
        for child in list(self.children):
            self._look_after(child, now)
        with self._database.read() as session:
            left = runs.abandoned(session, now)
            waiting = runs.waiting(session)
        for claim in left:
            if all(child.claim != claim for child in self.children):
                self._crashed(claim, now, "its scheduler is gone")
        while waiting and len(self.children) < AT_ONCE:
            waiting = self._begin(now)

    def end(self, now: datetime) -> None:
        """End every process; what may be repeated waits for the next scheduler."""
        for child in list(self.children):
            self._kill(child)
            self._forget(child)
            self._crashed(child.claim, now, "the scheduler was stopped")

    def _begin(self, now: datetime) -> bool:
        with self._database.write("job") as session:
            claim = runs.claim(session, now)
        if claim is None:
            return False
        paths = [str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(
            [*self._command, "--run", str(claim.id), "--attempt", str(claim.attempt)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        kind = self._kinds.get(claim.kind)
        seconds = kind.seconds if kind else LEASE.seconds
        self.children.append(Child(claim, process, now + timedelta(seconds=seconds), now))
        return True

    def _look_after(self, child: Child, now: datetime) -> None:
        claim = child.claim
        if (code := child.process.poll()) is not None:
            if code:
                self._crashed(claim, now, f"its process ended with {code}")
            self._forget(child)
        elif now >= child.deadline:
            self._kill(child)
            with self._database.write("job") as session:
                runs.fail(session, claim, _("It took longer than it may."), now)
            self._forget(child)
        elif not self._ours(child, now):
            self._kill(child)
            self._forget(child)

    def _ours(self, child: Child, now: datetime) -> bool:
        """Whether it is still to be done; renews the lease when a part of it is over."""
        if now - child.renewed < RENEW_EVERY:
            with self._database.read() as session:
                return runs.held(session, child.claim.id, child.claim.attempt) is not None
        with self._database.write("job") as session:
            renewed = runs.renew(session, child.claim, now)
        child.renewed = now
        return renewed

    def _crashed(self, claim: Claim, now: datetime, why: str) -> None:
        kind = self._kinds.get(claim.kind)
        with self._database.write("job") as session:
            if runs.crashed(session, claim, kind is not None and kind.repeatable, now, why):
                log.error("run %d (%s) was cut off: %s", claim.id, claim.kind, why)

    def _kill(self, child: Child) -> None:
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def _forget(self, child: Child) -> None:
        if child.process.stdin is not None:
            child.process.stdin.close()
        self.children.remove(child)
