"""A lead's page with its tabs, its files, and the table of moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

import crm.files.operations
import crm.files.queries
from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.catalog.queries import clocks, work_calendar
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.downloads import send
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write
from crm.core.screen import moment
from crm.files.forms import UploadForm, receive
from crm.leads.forms.entry import amount_of
from crm.leads.labels import DIMENSIONS, WORDS
from crm.leads.models import Lead, LeadEvent
from crm.leads.operations.history import FIRSTS
from crm.leads.queries import detail, history, protection, twins
from crm.leads.queries.names import names
from crm.leads.queries.scope import locked, may_mark, may_write
from crm.leads.rules.clocks import (
    Deadlines,
    Silence,
    appraisal_due,
    is_key,
    overstays,
    silence,
    silence_began,
    silence_limit,
    stage_limit,
)
from crm.leads.rules.history import days_in_stages
from crm.leads.rules.kinds import AppraisalKind, EventKind, Stage, Standing
from crm.leads.rules.moves import DEMANDS, MOVES, STEPS, Door, find_move, moves_from, steps_from
from crm.leads.views.door import bp, writable
from crm.values.money import Money, show

TABS = ("timeline", "activities", "problems", "files", "related", "history")


@bp.get("/leads/<id:lead_id>")
@allow(Permission.LEAD_READ)
def lead(lead_id: int) -> Response:
    """A lead: where it stands, what it is, what comes next, and its tabs."""
    session, actor = here.session, here.actor
    found = detail.lead(session, actor, lead_id)
    decided = detail.decisions(session, lead_id)
    tab = request.args.get("tab", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    limits = clocks(session)
    return page(
        "leads/lead.html",
        lead=found,
        amount_typed=amount_of(found),
        decided=decided,
        rail=_rail(found),
        left=_left(found),
        key=is_key(found.amount_low, found.responsible_leader, limits),
        watch=_watch(found, decided),
        twins=twins.of_lead(session, actor, lead_id),
        claim=protection.of_lead(session, found, here.today),
        writable=may_write(actor, found),
        markable=may_mark(actor, found),
        moves=moves_from(found.stage, Door.STAGE) if found.standing is Standing.OPEN else (),
        signable=found.standing is Standing.OPEN and found.stage is not Stage.SIGNED,
        steps=steps_from(found.stage, found.standing),
        part=tab,
        upload=UploadForm(formdata=None),
        files=crm.files.queries.attachments(session, "lead", lead_id),
        **_of_tab(tab, found),
    )


@bp.get("/leads/stages")
@allow(Permission.LEAD_READ)
def stages() -> Response:
    """How a lead moves: the table of moves itself, what each demands, and the limits."""
    limits = clocks(here.session)
    return page(
        "leads/stages.html",
        stages=list(Stage),
        find_move=find_move,
        moves=MOVES,
        doors=Door,
        demands=DEMANDS,
        steps=STEPS,
        limits={stage: stage_limit(stage, limits) for stage in Stage},
        clocks=limits,
    )


@bp.post("/leads/<id:lead_id>/files")
@allow(Permission.LEAD_WRITE)
def attach(lead_id: int) -> Response:
    """Attach files to a lead."""
    found = writable(lead_id)
    form = UploadForm()
    if form.validate_on_submit():
        received = receive(form.files)

        def effect(session: Session) -> str:
            locked(session, here.actor, lead_id)
            for one in received:
                crm.files.operations.attach(
                    session, here.actor, one.stored, one.name, on=("lead", lead_id), now=here.now
                )
            return url_for(".lead", lead_id=lead_id, tab="files")

        if answer := write(form, effect):
            return answer
    return page("leads/files.html", form=form, lead=found)


@bp.get("/leads/<id:lead_id>/files/<id:file_id>")
@allow(Permission.LEAD_READ)
def file(lead_id: int, file_id: int) -> Response:
    """A file of a lead, as a download that is noted in the trail."""
    detail.brief(here.session, here.actor, lead_id)
    found = crm.files.queries.attachment(here.session, "lead", lead_id, file_id)

    def note(session: Session) -> None:
        crm.files.operations.note_download(
            session, here.actor, file_id, on=("lead", lead_id), now=here.now
        )

    return send(found, note)


@bp.post("/leads/<id:lead_id>/files/<id:file_id>/remove")
@allow(Permission.LEAD_WRITE)
def remove_file(lead_id: int, file_id: int) -> Response:
    """Take a file off a lead's page."""

    def effect(session: Session) -> str:
        locked(session, here.actor, lead_id)
        crm.files.operations.remove(
            session, here.actor, file_id, on=("lead", lead_id), now=here.now
        )
        return url_for(".lead", lead_id=lead_id, tab="files")

    writable(lead_id)
    return act(effect)


def _of_tab(tab: str, lead: Lead) -> dict[str, Any]:
    session = here.session
    if tab == "timeline":
        events = history.events(session, lead.id)
        return {"story": _story(events, names(session, events, chosen()))}
    if tab == "related":
        return {"related": detail.related(session, here.actor, lead)}
    if tab == "history":
        return {"entries": timeline(session, "lead", lead.id)}
    return {}


def _rail(lead: Lead) -> list[dict[str, Any]]:
    """The stages with the days worked in each and the day each was reached."""
    spent = days_in_stages(history.segments(here.session, lead.id), here.today)
    return [
        {
            "label": WORDS[Stage][stage],
            "days": spent.get(stage) if stage is not Stage.SIGNED else None,
            "day": getattr(lead, FIRSTS[stage]) if stage in FIRSTS else lead.entered_on,
        }
        for stage in Stage
    ]


def _left(lead: Lead) -> str | None:
    """What is said of a lead that has left the road."""
    if lead.standing is Standing.OPEN:
        return None
    reason = lead.standing_reason
    parts = [str(WORDS[Standing][lead.standing])]
    if lead.standing_until is not None:
        parts.append(_("until %(day)s", day=lead.standing_until.isoformat()))
    if reason is not None:
        parts.append(str((chosen() == "en" and reason.name_en) or reason.name))
    if lead.competing_place:
        parts.append(_("went to %(place)s", place=lead.competing_place))
    return " · ".join(parts)


@dataclass(frozen=True)
class Warned:
    """A limit that a lead is near or past: what to say, and how loudly."""

    text: str
    tone: str


def _watch(lead: Lead, decided: detail.Decisions) -> list[Warned]:
    """The clocks that run for a lead, those past their limit."""
    calendar, limits, today = work_calendar(here.session), clocks(here.session), here.today
    days = Deadlines.of(today, calendar, limits)
    found: list[Warned] = []
    if quiet := silence(lead, days):
        text = ngettext(
            "%(num)d working day without contact, the limit is %(limit)d",
            "%(num)d working days without contact, the limit is %(limit)d",
            calendar.between(silence_began(lead), today),
            limit=silence_limit(is_key(lead.amount_low, lead.responsible_leader, limits), limits),
        )
        found.append(Warned(text, "bad" if quiet is Silence.EXPLAIN else "warn"))
    if overstays(lead, days):
        text = ngettext(
            "%(num)d working day in this stage, the limit is %(limit)d",
            "%(num)d working days in this stage, the limit is %(limit)d",
            calendar.between(lead.staged_from, today),
            limit=stage_limit(lead.stage, limits),
        )
        found.append(Warned(text, "warn"))
    due = appraisal_due(lead.entered_on, calendar, limits)
    waits = lead.standing is Standing.OPEN and lead.stage is not Stage.SIGNED
    if waits and not any(one.kind is AppraisalKind.FIRST for one in decided.appraisals):
        text = _("First appraisal due on %(day)s", day=due.isoformat())
        found.append(Warned(text, "bad" if due < today else "info"))
    return found


ICONS = {
    EventKind.ENTERED: "plus",
    EventKind.MOVED: "arrow-right",
    EventKind.REVISED: "pencil",
    EventKind.HELD: "player-pause",
    EventKind.RESUMED: "player-play",
    EventKind.LOST: "circle-x",
    EventKind.REOPENED: "refresh",
    EventKind.ASSIGNED: "user-share",
    EventKind.FILED: "flag",
    EventKind.PROTECTED: "shield-check",
    EventKind.RENEWED: "shield-plus",
    EventKind.RELEASED: "shield-off",
    EventKind.CONTESTED: "shield-question",
    EventKind.RULED: "scale",
}


def _story(events: list[LeadEvent], known: dict[tuple[str, int], str]) -> list[dict[str, Any]]:
    """What happened, in words, the latest day first."""
    told = []
    for event in events:
        title = str(WORDS[EventKind][event.kind])
        if event.stage_to is not None and event.stage_from is not None:
            title = _(
                "%(what)s: %(before)s → %(after)s",
                what=title,
                before=WORDS[Stage][event.stage_from],
                after=WORDS[Stage][event.stage_to],
            )
        english = chosen() == "en"
        reason = event.reason
        why = [str((english and reason.name_en) or reason.name)] if reason is not None else []
        if event.recorded_at.date() != event.day:
            why.append(_("recorded %(moment)s", moment=moment(event.recorded_at)))
        shown = event.kind in {EventKind.REVISED, EventKind.ASSIGNED}
        told.append(
            {
                "when": event.day,
                "who": event.person.name,
                "title": title,
                "text": " · ".join([*([event.note] if event.note else []), *why]),
                "icon": ICONS[event.kind],
                "changes": [
                    (DIMENSIONS[name], _said(name, before, known), _said(name, after, known))
                    for name, (before, after) in event.changes.items()
                ]
                if shown
                else [],
            }
        )
    return told


def _said(name: str, value: Any, known: dict[tuple[str, int], str]) -> str:
    """A dated dimension's value as a person would say it."""
    if value is None:
        return str(_("Undecided"))
    if name == "amount":
        return str(show(Money(int(value))))
    if name == "position":
        return str(COMPANY_WORDS[Position][Position(value)])
    kinds: dict[str, Any] = {"stage": Stage, "standing": Standing}
    if name in kinds:
        return str(WORDS[kinds[name]][kinds[name](value)])
    return known.get((name, int(value)), "")
