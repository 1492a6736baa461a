"""`crm` as a user calls it, on a data folder of its own; `crm run` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from config import HOUSE
from crm.cli.main import crm as crm_group

SECONDS = 120
"""The longest wait of these tests; a machine under load needs some of it."""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A clean environment: nothing of the tester's own settings leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(HOUSE),
        "PYTHONIOENCODING": "utf-8",
        "CRM_DATA_DIR": str(folder),
        "PORT": "0",
        "CRM_WORKERS": "1",
        "CRM_DEMO_SIZE": "small",
        **settings,
    }


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def crm(folder: Path, *words: str, answer: str = "", **settings: str) -> Answer:
    """Call a command that ends by itself, in this process: the environment is the one it would have."""
    wanted: dict[str, str | None] = dict(environment(folder, **settings))
    foreign = {name: None for name in os.environ if name not in wanted and name != "PATH"}
    told = CliRunner().invoke(
        crm_group, list(words), env=foreign | wanted, input=answer, catch_exceptions=False
    )
    return Answer(told.exit_code, told.stdout, told.stderr)


class Running:
    """`crm run`, with what it said so far."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._said = folder.parent / f"said-{time.monotonic_ns()}"
        with self._said.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "crm", "run"],
                env=environment(folder, **settings),
                cwd=folder.parent,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """Both streams, as far as they came."""
        return self._said.read_text(encoding="utf-8")

    def until(self, pattern: str) -> re.Match[str]:
        """Wait for words in what it says."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.said)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"no {pattern!r} in: {self.said}")
            time.sleep(0.02)
        return found

    def address(self) -> str:
        """Wait until it is ready; its address."""
        return self.until(r"(http://\S+:\d+) +\(")[1]

    def children(self) -> list[int]:
        """The processes it started, by the parents that /proc tells; none where there is no /proc."""
        return children_of(self.process.pid)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(SECONDS)


def children_of(parent: int) -> list[int]:
    """Direct children of a process, Linux only."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def gone(processes: list[int], within: float = SECONDS) -> bool:
    """Whether all of them end within some seconds."""
    deadline = time.monotonic() + within
    while any(_lives(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
