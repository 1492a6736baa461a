"""`crm` as a user calls it: a process of its own on a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from config import HOUSE

SECONDS = 40
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
        **settings,
    }


def crm(
    folder: Path, *words: str, answer: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Call a command and wait for it."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "crm", *words],
        env=environment(folder, **settings),
        cwd=folder.parent,
        input=answer,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


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
