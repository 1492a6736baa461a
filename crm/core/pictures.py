"""Contents shown as pictures: pages of a PDF and images, drawn anew in a child process, kept by their hash.

They lie beside the store, in `pictures/ab/abcd…/1.png`, with an `index.json` that comes last: a folder
without one is not there yet. What cannot be shown is remembered too, so that nobody tries it at every look.
They are drawn in the background (`files.jobs.draw_pictures`), asked for when a paper is given and again by
the page that misses them; each night those whose content is gone are removed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core import drawing, store
from crm.core.apart import Unfit, look
from crm.core.drawing import MOST_PAGES, Fault

SECONDS, MEGABYTES, ANSWER_MEGABYTES = 40, 1024, 16
INDEX = "index.json"

SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""What can be drawn; Office files and OFD are downloads."""

SENTENCES: dict[Fault, Any] = {
    Fault.BROKEN: _l("This file is damaged and cannot be shown. Download it to look at it."),
    Fault.BUSY: _l("Being prepared …"),
    Fault.KIND: _l("A file of this kind is not shown here. Download it to look at it."),
    Fault.PASSWORD: _l("This file has a password and cannot be shown. Download it to look at it."),
    Fault.TOO_LONG: _l("Showing this file takes too long. Download it to look at it."),
    Fault.TOO_MUCH: _l("This file is too large to be shown. Download it to look at it."),
}


@dataclass(frozen=True)
class Pictures:
    """How a content is shown: its pictures, or why there are none.

    Attributes:
        sizes: width and height of each picture, the first page first.
        pages: how many the content has; more than sizes where only the first are drawn.
    """

    sizes: tuple[tuple[int, int], ...] = ()
    pages: int = 0
    fault: Fault | None = None

    @property
    def sentence(self) -> Any:
        """Why there are none; "" where there are."""
        return "" if self.fault is None else SENTENCES[self.fault]

    @property
    def cut(self) -> bool:
        """Whether only the first pages are shown."""
        return self.pages > MOST_PAGES


def known(folder: Path, sha256: str, media_type: str) -> Pictures | None:
    """How a content is shown, as far as it was drawn before; None: it is still to be drawn."""
    if media_type not in SHOWN:
        return Pictures(fault=Fault.KIND)
    try:
        told = json.loads((store.path(folder, sha256) / INDEX).read_text("utf-8"))
    except FileNotFoundError:
        return None
    sizes = tuple((width, height) for width, height in told["sizes"])
    return Pictures(sizes, told["pages"], Fault(told["fault"]) if told["fault"] else None)


def draw(files: Path, folder: Path, sha256: str, media_type: str) -> Pictures:
    """Draw a content unless it was drawn before. Never in a write transaction.

    Args:
        files: the store that the content lies in. folder: where pictures are kept.
    """
    before = known(folder, sha256, media_type)
    if before is not None:
        return before
    target = store.path(folder, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    coming = Path(tempfile.mkdtemp(dir=folder, prefix=".coming-"))
    try:
        pictures = _drawn(store.path(files, sha256), coming, media_type)
        if pictures.fault is Fault.BUSY:
            return pictures
        told = {"sizes": pictures.sizes, "pages": pictures.pages, "fault": pictures.fault or ""}
        (coming / INDEX).write_text(json.dumps(told), "utf-8")
        _put(coming, target)
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return pictures


def file(folder: Path, sha256: str, number: int) -> Path | None:
    """A picture's file; None: there is none."""
    path = store.path(folder, sha256) / f"{number}.png"
    return path if path.is_file() else None


def forget(files: Path, folder: Path, before: datetime) -> int:
    """Remove pictures whose content is gone from the store, and what broke off while it was drawn.

    Args:
        before: younger folders are left alone, for somebody may be at them.

    Returns:
        how many contents' pictures were removed.
    """
    lost = [*folder.glob(".coming-*"), *_without_content(files, folder)]
    gone = [path for path in lost if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return len(gone)


def _without_content(files: Path, folder: Path) -> Iterator[Path]:
    for drawn in folder.glob("[0-9a-f][0-9a-f]/*"):
        if not store.path(files, drawn.name).is_file():
            yield drawn


def _drawn(content: Path, coming: Path, media_type: str) -> Pictures:
    if not content.is_file():
        return Pictures(fault=Fault.BROKEN)
    try:
        answer = look(
            drawing.__name__,
            content,
            {"kind": media_type, "folder": str(coming)},
            seconds=SECONDS,
            megabytes=MEGABYTES,
            answer_megabytes=ANSWER_MEGABYTES,
        )
    except Unfit as unfit:
        for half in coming.iterdir():
            half.unlink()
        return Pictures(fault=Fault(unfit.reason))
    told = json.loads(answer)
    return Pictures(tuple((width, height) for width, height in told["sizes"]), told["pages"])


def _put(coming: Path, target: Path) -> None:
    """Into place, whole; who comes second leaves the first one's."""
    try:
        os.rename(coming, target)
    except OSError:
        if not (target / INDEX).is_file():
            raise
