"""Sending a stored content: as a download, never as a page of this house; pictures of it are shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from flask import Response, abort, current_app, send_file
from sqlalchemy.orm import Session

from crm.core import store
from crm.core.request import beside
from crm.core.workbooks import Made


class Download(Protocol):
    """What is needed to send a file."""

    @property
    def sha256(self) -> str:
        """The content's address in the store."""

    @property
    def name(self) -> str:
        """What the reader's machine calls it."""

    @property
    def media_type(self) -> str:
        """What it was found to be when it came in."""


def send(file: Download, note: Callable[[Session], None]) -> Response:
    """Answer with a file that the reader may read; the view has checked that.

    Args:
        note: writes the download into the audit, in a transaction of its own before the first byte.

    A content that is missing from the store is 404 and logged: somebody touched the folder.
    """
    where = store.path(Path(current_app.config["FILES_DIR"]), file.sha256)
    if not where.is_file():
        current_app.logger.error("the content %s of %r is missing", file.sha256, file.name)
        abort(404)
    beside(note)
    return _sent(where, file.media_type, file.name)


def send_made(workbook: Made, note: Callable[[Session], None]) -> Response:
    """Answer with a table that was made for the reader; noted in the audit before the first byte.

    A GET that writes, as `send` is: a safe request could not note it.
    """
    beside(note)
    return _sent(io.BytesIO(workbook.content), workbook.media_type, workbook.name)


def send_picture(path: Path, name: str) -> Response:
    """Answer with a picture that this house drew (`core.pictures`); the view has checked the reader.

    Args:
        name: of what it shows; the same name is the same picture for ever.

    Looking at a page is no download and is not noted. The reader's browser keeps it for an hour, for
    himself alone: Vary sees to it that nobody else finds it there after him.
    """
    answer = send_file(path, mimetype="image/png", etag=name, conditional=True, max_age=3600)
    answer.cache_control.public = False
    answer.cache_control.private = True
    answer.vary.add("Cookie")
    return _locked(answer)


def _sent(content: Path | IO[bytes], media_type: str, name: str) -> Response:
    answer = send_file(
        content, mimetype=media_type, as_attachment=True, download_name=name, etag=False
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return _locked(answer)


def _locked(answer: Response) -> Response:
    """What it holds can do nothing, however a browser takes it."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
