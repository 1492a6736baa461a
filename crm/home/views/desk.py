"""The first page of each role, and whether the house stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import Response, current_app, jsonify, request
from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.accounts.rules import Permission
from crm.agenda.queries.awaits import Awaits, awaits
from crm.agenda.queries.matters import At, at
from crm.agenda.queries.one import lines, loads, may_act, planned
from crm.agenda.rules import DOORS, Kind, Source, by_day, in_order
from crm.audit.models import Entry
from crm.audit.queries import entries
from crm.core import heart, migrations
from crm.core.gate import open_to_all, open_to_signed_in
from crm.core.request import here, page
from crm.goals.labels import SPOKEN
from crm.goals.queries.board import Board
from crm.goals.rules.look import Look
from crm.home.queries.office import office
from crm.home.queries.stuck import Stuck, stuck
from crm.home.queries.work import Wish, may_see_all, touched
from crm.home.views.door import bp
from crm.home.views.leader import leader, this_year
from crm.meeting.queries.meetings import mine as decisions
from crm.notices.labels import JOBS
from crm.projects.labels import DEMAND_WORDS

AT_ONCE = 40
"""Lines of the list before somebody asks for all."""

ABOUT = {
    "people.index": _l("Invite, disable, reset passwords, move people and hand over their work."),
    "units.index": _l("The bureau, its districts and teams: who sees what follows from it."),
    "places.index": _l("Districts with the offices that review what lands there, and parks."),
    "dictionaries.index": _l(
        "Sources, reasons, departments, size classes and tags to choose from."
    ),
    "settings.index": _l("After how many days something is late, silent or owed."),
    "days.index": _l("Official working days of a year, with days worked in exchange."),
    "letters.index": _l("The mail log, who gets which letter when, doubtful ones, settings."),
    "audit.index": _l("Who changed what, when, from what to what."),
}
"""What an administrator finds behind each entry."""


@bp.get("/")
@open_to_signed_in
def index() -> Response:
    """The page that his role starts with."""
    if here.actor.may(Permission.LEAD_WRITE):
        return _work()
    if here.actor.may(Permission.LEAD_READ):
        return leader()
    if here.actor.may(Permission.AUDIT_READ):
        last = here.session.scalars(entries().order_by(Entry.id.desc()).limit(10)).all()
        return page("home/trail.html", entries=last)
    return page(
        "home/office.html",
        office=office(here.session, here.now),
        health=heart.health(here.session, here.now),
        jobs=JOBS,
        about=ABOUT,
    )


def weekday(day: date, short: bool = False) -> str:
    """周三, or 三 where there is no room."""
    return str(format_date(day, "EEEEE" if short else "EEE", rebase=False))


def _work() -> Response:
    """工作台: the counters, the list they filter, the week, the last leads in contact."""
    wish, day = Wish.from_args(request.args, here.actor), at(here.session, here.today)
    whose = wish.whose(here.actor)
    persons = loads(here.session, whose, day)
    found = in_order(lines(here.session, whose, day, wish.kinds, day=wish.day))
    shown = found if wish.all else found[:AT_ONCE]
    return page(
        "home/work.html",
        wish=wish,
        week=day.week,
        kinds=Kind,
        sources=Source,
        doors=DOORS,
        counts=sum((load.counts for load in persons), Counter[Kind]()),
        persons=persons,
        groups=by_day(shown, here.today),
        left=len(found) - len(shown),
        by_day=planned(here.session, whose, day),
        touched=touched(here.session, whose),
        may_see_all=may_see_all(here.actor),
        may_act=may_act,
        demands=DEMAND_WORDS,
        weekday=weekday,
        manager=_manager(day),
        decisions=decisions(here.session, here.actor),
        **SPOKEN,
    )


@dataclass(frozen=True)
class Manager:
    """What a manager or reviewer sees beside the work of his unit."""

    awaits: Awaits
    look: Look
    board: Board
    stuck: Stuck


def _manager(day: At) -> Manager | None:
    """For whoever judges what others report; None for an officer."""
    if not here.actor.may(Permission.FUNDS_REVIEW):
        return None
    look, board = this_year()
    return Manager(
        awaits(here.session, here.actor),
        look,
        board,
        stuck(here.session, here.actor, day),
    )


@bp.get("/healthz")
@open_to_all
def health() -> tuple[str, int]:
    """The process answers."""
    return "ok", 200


@bp.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """The database answers and is at this program's revision; 503 until then. And how the scheduler is.

    A scheduler that is quiet is told and leaves the status alone: a balancer that asks here would take
    pages away that work. Whoever watches the house reads the word, and how many seconds ago it was heard.
    """
    try:
        at = here.session.scalar(text("SELECT version_num FROM alembic_version"))
        if at != migrations.head():
            return jsonify(ready=False, reason="migrations are missing"), 503
        found = heart.health(here.session, here.now)
    except SQLAlchemyError as error:
        current_app.logger.error("not ready: %s", error)
        return jsonify(ready=False, reason="the database does not answer"), 503
    seconds = None if found.at is None else max(0, int((here.now - found.at).total_seconds()))
    return jsonify(ready=True, scheduler=found.pulse.value, heard_seconds_ago=seconds), 200
