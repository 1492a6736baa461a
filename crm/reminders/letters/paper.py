"""A letter on paper: subject, HTML and plain text of equal content, in its reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from crm.accounts.models import Person
from crm.agenda.rules import DOORS, Kind, Line, Source
from crm.goals.labels import UNITS
from crm.goals.rules import shown
from crm.notices.operations.outbox import LetterDraft
from crm.notices.rules import LetterKind
from crm.reminders.letters import dress, reasons, words
from crm.reminders.letters.content import Content, Shape
from crm.reminders.queries.city import Move
from crm.reminders.rules.parts import IN_SECTION

TEMPLATES = "_letters/letter"


@dataclass(frozen=True)
class Paper:
    """A letter as it goes out."""

    subject: str
    text: str
    html: str


@contextmanager
def speaking(language: str, base_url: str) -> Iterator[Flask]:
    """Outside any request, or beside the one under way: this language, links that begin with the base."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        g.language = language
        with app.test_request_context(base_url=base_url):
            yield app


def written(content: Content, language: str, base_url: str) -> Paper:
    """Put a letter into words."""
    with speaking(language, base_url) as app:
        subject = words.subject(content)
        known = {
            "content": content,
            "subject": subject,
            "language": language,
            "words": words,
            "reasons": reasons,
            "in_section": IN_SECTION,
            "decisions_url": address("home.index", _anchor="decisions"),
            "css": dress.css,
            "style_head": dress.head(),
            "shown": shown,
            "units": UNITS,
            "kinds": Kind,
            "letters": LetterKind,
            "shapes": Shape,
            "moves": Move,
            "open_url": open_url,
            "act_url": act_url,
            "list_url": list_url,
            "address": address,
            "date": format_date(content.today, "full", rebase=False),
        }
        text = app.jinja_env.get_template(f"{TEMPLATES}.txt").render(known)
        html = app.jinja_env.get_template(f"{TEMPLATES}.html").render(known)
    return Paper(subject, _tidy(text), html)


def test_letter(to: Person, now: datetime, base_url: str) -> LetterDraft:
    """A short letter that says it came through."""
    with speaking(to.language, base_url) as app:
        subject = str(_("Test letter"))
        said = str(_("If you can read this, letters of the investment desk reach you."))
        known = {"css": dress.css, "style_head": dress.head(), "subject": subject, "said": said}
        known |= {"language": to.language, "url": address("letters.index")}
        html = app.jinja_env.get_template("_letters/test.html").render(known)
        text = f"{said}\n\n{known['url']}\n"
    slot = now.strftime("%Y-%m-%dT%H:%M:%S.%f")
    return LetterDraft(to.id, LetterKind.TEST, slot, to.email, subject, text, html)


def open_url(line: Line) -> str:
    """Where a line's record is."""
    door = DOORS[line.source]
    return address(door.open, _anchor=door.anchor or None, **{door.argument: line.id})


def act_url(line: Line) -> str:
    """The form in which a line is dealt with at once, filled: the follow-up, the paper, the correction."""
    door = DOORS[line.source]
    told: dict[str, Any] = {door.argument: line.id}
    if door.part:
        told[door.part] = line.part
    if line.source in (Source.LEAD, Source.PROJECT):
        told["done"] = 1
    return address(door.act, **told)


def list_url(kind: Kind, whole: bool = False, owner: int | None = None) -> str:
    """The rows of the work page that a count is of."""
    scope = "unit" if whole else "mine"
    return address("home.index", filter=kind.value, scope=scope, owner=owner)


def address(endpoint: str, **told: Any) -> str:
    """A whole address."""
    return url_for(endpoint, _external=True, **told)


def _tidy(text: str) -> str:
    """No line ends in blanks, no two lines in a row are empty."""
    lines: list[str] = []
    for line in (one.rstrip() for one in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
