"""Contents of files by their hash: written once, never changed, found by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 256 * 1024


class TooLarge(Exception):
    """The stream went on past the limit; nothing was kept."""


@dataclass(frozen=True)
class Stored:
    """A content in the store: its address and size in bytes, and its first bytes for a look at its type."""

    sha256: str
    size: int
    head: bytes


def keep(folder: Path, stream: IO[bytes], limit: int) -> Stored:
    """Write a stream into the store, in constant memory. Never call it in a write transaction.

    Raises:
        TooLarge: more than `limit` bytes came.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".coming-")
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                head = head or chunk[:8192]
                digest.update(chunk)
                file.write(chunk)
        target = path(folder, digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Stored(digest.hexdigest(), size, head)


def path(folder: Path, sha256: str) -> Path:
    """Where a content lies."""
    return folder / sha256[:2] / sha256
