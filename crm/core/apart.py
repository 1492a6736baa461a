"""Looking at contents that somebody sent in: in a child process of its own that may take so much and no more.

Parsers of workbooks, PDFs and pictures meet contents made to eat the machine. `look` starts one for a
single look: it reads the content from its standard input, writes an answer to its standard output, knows
nothing of the house's secrets, and is ended when it takes too long or too much. A module that is looked
with has a function `answer(content, arguments) -> bytes`; what it raises as `Unfit` comes back as such.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from config import HOUSE

AT_ONCE = 2
"""Children of one process; who comes next waits for his turn."""

PATIENCE = 20.0
"""Seconds that somebody waits for his turn."""

UNFIT = 3
"""The exit code of a child that says why it has no answer."""


class Trouble(StrEnum):
    """Why there is no answer."""

    BROKEN = "broken"
    TOO_MUCH = "too_much"
    TOO_LONG = "too_long"
    BUSY = "busy"


class Unfit(Exception):
    """The content has no answer.

    Args:
        reason: a `Trouble`, or a reason of the module's own.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_turns = threading.BoundedSemaphore(AT_ONCE)


def look(
    module: str,
    content: Path | bytes,
    arguments: dict[str, Any],
    *,
    seconds: int,
    megabytes: int,
    answer_megabytes: int,
) -> bytes:
    """What a module makes of a content, found out in a child process. Never in a write transaction.

    Raises:
        Unfit: it cannot be read, takes too long or too much memory, or too many others are looking.
    """
    with _a_turn(), _opened(content) as source, tempfile.TemporaryFile() as out:
        limits = [str(seconds), str(megabytes), str(answer_megabytes)]
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "crm.core.apart", module, json.dumps(arguments), *limits],
            env={"PYTHONPATH": str(HOUSE), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
            cwd=tempfile.gettempdir(),
            stdin=source,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Unfit(Trouble.TOO_LONG) from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        out.seek(0)
        answer = out.read()
    if code == 0:
        return answer
    raise Unfit(answer.decode() if code == UNFIT else _reason(code))


def _reason(code: int) -> Trouble:
    if code == -signal.SIGXCPU:
        return Trouble.TOO_LONG
    # An allocation that is refused aborts a Rust or C library; a too long answer is SIGXFSZ.
    return Trouble.TOO_MUCH if code in {-signal.SIGABRT, -signal.SIGXFSZ} else Trouble.BROKEN


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unfit(Trouble.BUSY)
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _opened(content: Path | bytes) -> Iterator[IO[bytes]]:
    """The content as a file that can be read anywhere in it."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


# --- in the child ------------------------------------------------------------------------------


def main(module: str, arguments: str, seconds: str, megabytes: str, answer_megabytes: str) -> int:
    """Keep to the limits, look, answer."""
    _limit(int(seconds), int(megabytes), int(answer_megabytes))
    try:
        found = importlib.import_module(module).answer(sys.stdin.buffer, json.loads(arguments))
    except MemoryError:
        found, code = Trouble.TOO_MUCH.encode(), UNFIT
    except Exception as error:
        # Two copies of this module: the one that runs, and the one that the other module imports.
        reason = getattr(error, "reason", Trouble.BROKEN.value)
        found, code = str(reason).encode(), UNFIT
    else:
        code = 0
    sys.stdout.buffer.write(found)
    sys.stdout.buffer.flush()
    return code


def _limit(seconds: int, megabytes: int, answer_megabytes: int) -> None:
    mega = 1024 * 1024
    for what, most in (
        (resource.RLIMIT_AS, megabytes * mega),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, answer_megabytes * mega),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them and does not keep them
            resource.setrlimit(what, (most, most))
    os.nice(5)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
