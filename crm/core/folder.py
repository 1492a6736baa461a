"""The data folder: made with closed doors, its secret, and the lock that one server at a time holds."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_FOR_REMAINS = 20.0
"""Seconds to wait for what a killed server left behind to end by itself."""


class Occupied(Exception):
    """Another process works in the folder; the message says which."""


def prepare(folder: Path) -> None:
    """Make the folder (0700) and its secret-key (0600), where they are missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = folder / "secret-key"
    if not secret.exists():
        write_private(secret, secrets.token_urlsafe(48) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone reads, whole or not at all."""
    coming = path.with_name(f".{path.name}.{os.getpid()}")
    coming.unlink(missing_ok=True)
    handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(coming, path)
    except BaseException:
        coming.unlink(missing_ok=True)
        raise


@contextmanager
def occupied(folder: Path) -> Iterator[int]:
    """Hold the folder; the lock's file descriptor, to be handed to children, who then hold it too.

    Where the last holder was killed, its children end by themselves within seconds; they are waited for.

    Raises:
        Occupied: a living process holds it.
    """
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield handle
    finally:
        os.close(handle)


def _take(handle: int) -> None:
    deadline = time.monotonic() + WAIT_FOR_REMAINS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace")
            if _lives(holder) or time.monotonic() > deadline:
                raise Occupied(holder) from None
            time.sleep(0.1)
        else:
            return


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
