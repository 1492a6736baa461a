"""The auditor's pages: every change, newest first. They stand here because they name people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, request
from jinja2 import Environment, pass_environment

from crm.accounts import queries as accounts
from crm.accounts.rules import Permission
from crm.audit import queries
from crm.audit.labels.telling import Told, action_words, subject_words, tell
from crm.audit.labels.words import ACTIONS, KINDS
from crm.audit.models import Entry
from crm.core.clock import SHANGHAI
from crm.core.forms import MAX_ID
from crm.core.gate import allow
from crm.core.request import here, page

bp = Blueprint("audit", __name__)
bp.add_app_template_global(action_words)
bp.add_app_template_global(subject_words)


@bp.app_template_filter("told")
@pass_environment
def told(environment: Environment, entries: Iterable[Entry]) -> list[Told]:
    """Audit entries in words, for the timeline of any subject."""
    rows = list(entries)
    return tell(rows, queries.names(here.session, rows), environment.globals["label"])  # type: ignore[arg-type]


@dataclass(frozen=True)
class TrailFilter:
    """What the auditor looks for; kept in the address.

    Attributes:
        person: somebody's number, 0 for the system.
        since, until: days, both counted in.
    """

    person: int | None = None
    kind: str = ""
    number: int | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> TrailFilter:
        """What an address asks for; what cannot be read is left out."""
        return cls(
            person=_number(args.get("person", "")),
            kind=args.get("kind", "")[:40],
            number=_number(args.get("number", "")),
            action=args.get("action", "")[:60],
            since=_day(args.get("since", "")),
            until=_day(args.get("until", "")),
        )


def _number(text: str) -> int | None:
    text = text.strip()
    readable = text.isascii() and text.isdecimal() and len(text) <= 19
    return int(text) if readable and int(text) <= MAX_ID else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1949 <= found.year <= 2100 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@bp.get("/audit")
@allow(Permission.AUDIT_READ)
def index() -> Response:
    """Every entry, filtered by who, what on, what and when."""
    wanted = TrailFilter.from_args(request.args)
    query = queries.entries(
        kind=wanted.kind,
        subject_id=wanted.number,
        actor_id=wanted.person,
        action=wanted.action,
        since=_midnight(wanted.since) if wanted.since else None,
        until=_midnight(wanted.until + timedelta(days=1)) if wanted.until else None,
    )
    rows = queries.newest(
        here.session, query, request.args.get("after"), request.args.get("before")
    )
    return page(
        "audit/list.html",
        rows=rows,
        wanted=wanted,
        people=accounts.everybody(here.session),
        actions=sorted(ACTIONS.items()),
        kinds=list(KINDS.items()),
    )


@bp.get("/audit/<id:entry_id>")
@allow(Permission.AUDIT_READ)
def entry(entry_id: int) -> Response:
    """One entry, whole."""
    return page("audit/entry.html", entry=queries.entry(here.session, entry_id))
