"""The blueprint of letters, and how one is shown in the browser."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, request

from config import Config
from crm.reminders.letters.paper import Paper

bp = Blueprint("letters", __name__)

LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""A letter carries its styles in itself, as mail does; nothing in it runs or is fetched."""


def config() -> Config:
    """The house's configuration."""
    found: Config = current_app.extensions["config"]
    return found


def shown(paper: Paper) -> Response:
    """A letter as a mail reader shows it, or its plain-text part (`?part=text`)."""
    if request.args.get("part") == "text":
        answer = make_response(f"{paper.subject}\n\n{paper.text}")
        answer.content_type = "text/plain; charset=utf-8"
        return answer
    answer = make_response(paper.html)
    answer.headers["Content-Security-Policy"] = LETTER_CSP
    return answer
