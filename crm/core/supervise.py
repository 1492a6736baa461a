"""Child processes that live and end together, and end too when their parent is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

GRACE = 15.0
"""Seconds a child has to finish what it is doing; then it is killed."""

# It waits for a word from us; when the pipe closes without one, we were killed, and it ends the children.
_WATCHDOG = """
read -r word && exit 0
kill -TERM "$@" 2>/dev/null
n=0; while kill -0 "$@" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.2; n=$((n + 1)); done
kill -KILL "$@" 2>/dev/null
"""


class Stopped(BaseException):
    """Somebody asked this process to end: Ctrl-C, or a TERM signal."""


@dataclass(frozen=True)
class Command:
    """A child to start: what people call it, its command line, the descriptors it inherits."""

    name: str
    line: Sequence[str]
    descriptors: tuple[int, ...] = ()


@dataclass
class Stop:
    """Whether somebody asked; where `raising`, the asking also interrupts what is being done."""

    asked: bool = False
    raising: bool = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Let Ctrl-C and TERM raise `Stopped` in this block, once; later ones are ignored while it ends."""
    state = Stop()

    def stop(number: int, frame: FrameType | None) -> None:
        first, state.asked = not state.asked, True
        if first and state.raising:
            raise Stopped

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop) for number in signals]
    try:
        yield state
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def run_together(
    commands: Sequence[Command],
    environment: Mapping[str, str],
    stop: Stop,
    *,
    ready: Callable[[], bool],
    when_ready: Callable[[], None],
) -> str:
    """Start the children and stay until one of them ends or a stop is asked for; then end them all.

    They run in sessions of their own: a Ctrl-C in the terminal reaches this process alone, which asks
    them to finish.

    Args:
        ready: asked a few times a second until it says yes; then `when_ready` is called, once.

    Returns:
        Which child ended by itself and how, as a sentence; empty when a stop was asked for.
    """
    stop.raising = False  # from here on the loop looks, so that no child is started and forgotten
    children: list[tuple[str, subprocess.Popen[bytes]]] = []
    try:
        for command in commands:
            children.append((command.name, _start(command, environment)))
        with _watched([child.pid for _, child in children]):
            ended = _stay(children, stop, ready, when_ready)
            _end([child for _, child in children])
            return ended
    finally:
        _end([child for _, child in children])


def _stay(
    children: Sequence[tuple[str, subprocess.Popen[bytes]]],
    stop: Stop,
    ready: Callable[[], bool],
    when_ready: Callable[[], None],
) -> str:
    waiting = True
    while not stop.asked:
        for name, child in children:
            if (code := child.poll()) is not None:
                return f"The {name} ended by itself ({_how(code)})."
        if waiting and ready():
            waiting = False
            when_ready()
        time.sleep(0.1 if waiting else 0.3)
    return ""


def _start(command: Command, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(command.line),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        pass_fds=command.descriptors,
        start_new_session=True,
    )


@contextmanager
def _watched(processes: Sequence[int]) -> Iterator[None]:
    watchdog = subprocess.Popen(
        ["/bin/sh", "-c", _WATCHDOG, "watchdog", *map(str, processes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        watchdog.communicate(b"done\n")


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Its workers are in its session; the group goes as a whole.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _how(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
