"""Roles, what each may do and how far each sees; when a sign-in has to wait."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from crm.values.text import nfkc


class UnitKind(StrEnum):
    """The levels of the tree: city bureau → districts → teams."""

    BUREAU = "bureau"
    DISTRICT = "district"
    TEAM = "team"


class Role(StrEnum):
    """What a person is here (`domain.md`, section 6)."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """Everything a role can be given, alphabetically."""

    ANCHOR_WRITE = "anchor.write"
    AUDIT_READ = "audit.read"
    BOOKS_CLOSE = "books.close"
    BOOKS_REOPEN = "books.reopen"
    CATALOG_EDIT = "catalog.edit"
    COMPANY_READ = "company.read"
    COMPANY_RECOGNISE = "company.recognise"
    COMPANY_WRITE = "company.write"
    FUNDS_BASE = "funds.base"
    FUNDS_CONFIRM = "funds.confirm"
    FUNDS_REPORT = "funds.report"
    FUNDS_REVIEW = "funds.review"
    GOALS_EDIT = "goals.edit"
    GOALS_REPORT = "goals.report"
    LEAD_READ = "lead.read"
    LEAD_WRITE = "lead.write"
    LEAD_WRITE_UNIT = "lead.write_unit"
    MAIL_MANAGE = "mail.manage"
    PEOPLE_MANAGE = "people.manage"
    PROJECT_CORRECT = "project.correct"
    PROJECT_ENTER = "project.enter"
    PROJECT_READ = "project.read"
    PROJECT_WRITE = "project.write"
    PROJECT_WRITE_UNIT = "project.write_unit"
    PROMISE_READ = "promise.read"
    PROMISE_WRITE = "promise.write"
    RECOGNISE = "project.recognise"
    RULES_EDIT = "rules.edit"
    SETTINGS_EDIT = "settings.edit"
    UNIT_MANAGE = "unit.manage"


P = Permission

_READ = {P.LEAD_READ, P.PROJECT_READ, P.COMPANY_READ}
_WORK = _READ | {
    P.LEAD_WRITE,
    P.PROJECT_WRITE,
    P.COMPANY_WRITE,
    P.ANCHOR_WRITE,
    P.FUNDS_REPORT,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(_WORK),
    Role.REVIEWER: frozenset(
        _WORK
        | {
            P.FUNDS_REVIEW,
            P.GOALS_REPORT,
            P.PROJECT_ENTER,
            P.PROJECT_WRITE_UNIT,
            P.RECOGNISE,
        }
    ),
    Role.MANAGER: frozenset(
        _WORK
        | {
            P.BOOKS_CLOSE,
            P.COMPANY_RECOGNISE,
            P.FUNDS_BASE,
            P.FUNDS_CONFIRM,
            P.FUNDS_REVIEW,
            P.GOALS_EDIT,
            P.GOALS_REPORT,
            P.LEAD_WRITE_UNIT,
            P.PROJECT_CORRECT,
            P.PROJECT_ENTER,
            P.PROJECT_WRITE_UNIT,
            P.PROMISE_READ,
            P.PROMISE_WRITE,
            P.RECOGNISE,
        }
    ),
    Role.LEADER: frozenset(_READ),
    Role.ADMINISTRATOR: frozenset(
        {
            P.BOOKS_REOPEN,
            P.CATALOG_EDIT,
            P.GOALS_EDIT,
            P.MAIL_MANAGE,
            P.PEOPLE_MANAGE,
            P.RULES_EDIT,
            P.SETTINGS_EDIT,
            P.UNIT_MANAGE,
        }
    ),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.PROMISE_READ}),
}
"""What each role may do. Whose rows it may do it to is the scope's question:

- everyone reads the leads and projects of his unit and the units below it (a leader's and a city
  manager's unit is the bureau: all); LEAD_WRITE writes one's own and those one collaborates on,
  *_WRITE_UNIT those of the unit and below;
- an administrator runs the house and reads no negotiation; an auditor reads the trail and writes nothing.
"""

SEES_CONFIDENTIAL = frozenset({Role.MANAGER})
"""Roles that read confidential leads at or below their unit; owner and collaborators always do."""


@dataclass(frozen=True)
class Failures:
    """Wrong passwords for one account from one place since the last right one."""

    count: int
    last: datetime | None


FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)


def wait_until(failures: Failures, now: datetime) -> datetime | None:
    """When the next try from that place is looked at; None: at once.

    A place is a network address, or a browser that signed in as this person before. Counting by
    place means that a stranger who guesses cannot shut out the person who knows the password:
    elsewhere, or in his own browser, he is let in at once. The wait doubles from 30 seconds.
    """
    if failures.count < FREE_TRIES or failures.last is None:
        return None
    wait = min(timedelta(seconds=30) * 2 ** min(failures.count - FREE_TRIES, 10), LONGEST_WAIT)
    ready = failures.last + wait
    return ready if ready > now else None


def place_of(address: str | None) -> str:
    """Where a try comes from, by the network: an IPv6 guest owns a whole /64, so that is one place."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return f"{IPv6Address(int(known) >> 64 << 64)}/64"
    return str(known)


_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """A browser as its owner would name it, "Chrome · Windows"; its own first words where unknown."""
    found = [
        next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in found if name) or agent[:30] or "—"


LINK_DAYS = 7
"""How long an invitation or a reset link can be used, once."""


def token_hash(token: str) -> str:
    """What the database keeps of a random token: SHA-256, for a token cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def username_key(text: str) -> str:
    """An account's name as stored and compared: one width, one case."""
    return nfkc(text).strip().casefold()


def valid_username(key: str) -> bool:
    """2 to 60 letters (of any script), digits, and . _ - @ between or after them."""
    return len(key) <= 60 and re.fullmatch(r"\w[\w.@-]+", key) is not None


def valid_email(text: str) -> bool:
    """Whether it looks like an address that mail can be sent to; whether it arrives, only mail can tell."""
    return (
        len(text) <= 200
        and re.fullmatch(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"().]+(\.[^\s@<>,;:\"().]+)+", text)
        is not None
    )


MIN_PASSWORD = 10


def weak_password(password: str, names: tuple[str, ...]) -> bool:
    """Whether a password is too short, one letter over and over, or the person's own name."""
    folded = password.casefold()
    return (
        len(password) < MIN_PASSWORD
        or len(set(folded)) < 5
        or any(name and len(name) > 2 and folded.startswith(name.casefold()) for name in names)
    )


def path_of(parent_path: str, unit_id: int) -> str:
    """A unit's path: its ancestors' ids and its own, "/1/4/"."""
    return f"{parent_path or '/'}{unit_id}/"


def path_end(path: str) -> str:
    """The first text after every path below this one: below(p) is p <= path < path_end(p)."""
    return path[:-1] + chr(ord("/") + 1)


def is_root(path: str) -> bool:
    """Whether this is the path of the city bureau, of which there is one: every unit is it or below it."""
    return path.count("/") == 2


CHILD_KINDS: dict[UnitKind, tuple[UnitKind, ...]] = {
    UnitKind.BUREAU: (UnitKind.DISTRICT, UnitKind.TEAM),
    UnitKind.DISTRICT: (UnitKind.TEAM,),
    UnitKind.TEAM: (),
}
