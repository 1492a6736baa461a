"""The board: the list's leads as cards, a column a stage; a card moves by drag, keyboard or menu."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from crm.accounts.rules import Permission
from crm.core.forms import Form
from crm.core.gate import allow
from crm.core.once import new_key
from crm.core.paging import Page
from crm.core.request import here, page, write
from crm.leads.labels import WORDS
from crm.leads.models import Lead
from crm.leads.operations import moving
from crm.leads.queries import pages, totals
from crm.leads.queries.filters import LeadFilter
from crm.leads.queries.history import facts
from crm.leads.queries.scope import may_write
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.bulk import rows
from crm.leads.rules.clocks import overstays, silence
from crm.leads.rules.kinds import Stage, Standing
from crm.leads.rules.moves import Door, Fault, Way, moves_from, way
from crm.leads.views.door import bp, place, remember_place, writable
from crm.leads.views.filtering import sort_asked
from crm.leads.views.listing import frame
from crm.lists.queries import chosen
from crm.lists.rules import ListName
from crm.values.money import Money

CARDS = 20
"""In a column at once."""

FORM_OF: dict[Fault, tuple[str, dict[str, Any]]] = {
    Fault.NEEDS_INVESTOR: ("leads.edit", {}),
    Fault.NEEDS_REVIEW: ("leads.appraise", {"kind": "review"}),
}
"""Where what a move lacks is told."""


@bp.get("/leads/board")
@allow(Permission.LEAD_READ)
def board() -> Response:
    """The leads one may read, by stage, with the list's filters and order."""
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    columns = pages.columns(
        here.session, here.actor, wanted, limits=limits, sort=sort_asked(), size=CARDS
    )
    remember_place()
    return page(
        "leads/board.html",
        wanted=wanted,
        columns=columns,
        shown=_shown(columns),
        **_cards(),
        **frame(wanted, chosen(here.session, here.actor, ListName.LEADS)),
    )


@bp.get("/leads/board/<any(identified,contacted,negotiating,drafted,signed):stage>")
@allow(Permission.LEAD_READ)
def column(stage: str) -> Response:
    """A part of the board: the next cards of a column."""
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    found = pages.columns(
        here.session, here.actor, replace(wanted, stage=Stage(stage)), limits=limits,
        sort=sort_asked(), size=CARDS, after=request.args.get("after"),
    )  # fmt: skip
    return page("leads/_cards.html", stage=Stage(stage), found=found[Stage(stage)], **_cards())


@bp.get("/leads/board/totals")
@allow(Permission.LEAD_READ)
def board_totals() -> Response:
    """A part of the board: how many leads each column holds and what they come to."""
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    found = totals.by_stage(here.session, here.actor, wanted, limits=limits)
    together = sum((one.amount for one in found.values()), Money(0))
    return page("leads/_board_totals.html", found=found, together=together)


@bp.post("/leads/<id:lead_id>/place")
@allow(Permission.LEAD_WRITE)
def place_card(lead_id: int) -> Answer:
    """A card put into another column: the move itself, the form of what it lacks, or a no that says why."""
    lead, target = writable(lead_id), _target()
    if target is None:
        return _answered(refused=_("Choose a stage."))
    stage, version = target
    told = facts(here.session, lead, here.today, here.today)
    found, fault = way(stage, here.today, told)
    if found is Way.SIGNING:
        return _answered(go=url_for("projects.sign", lead_id=lead_id))
    if found is Way.FORM:
        return _answered(go=_form_of(lead_id, stage, fault))
    if found is Way.REFUSED and fault is not None:
        return _answered(refused=str(moving.REFUSALS[fault][0]))
    return _moved(lead_id, stage, version, here.today)


def _moved(lead_id: int, stage: Stage, version: int, day: date) -> Answer:
    form = Form()

    def effect(session: Session) -> str:
        moving.move(session, here.actor, lead_id, stage, day=day, version=version, now=here.now)
        return place()

    if form.validate_on_submit() and write(form, effect, row=("lead", lead_id)):
        done = _("Moved to %(stage)s.", stage=WORDS[Stage][stage])
        return _answered(done=done, lead_id=lead_id)
    if form.stale:
        return _answered(refused=_("Somebody changed this lead meanwhile. Open the board anew."))
    return _answered(refused=" ".join(str(one) for one in form.all_errors()))


def _answered(
    *, done: str = "", go: str = "", refused: str = "", lead_id: int | None = None
) -> Answer:
    """To the script that asked, or to a browser without one."""
    if request.accept_mimetypes.best == "application/json":
        told: dict[str, Any] = {"key": new_key()}
        told |= {"done": done} if done else {"go": go} if go else {"refused": refused}
        if lead_id is not None:
            told["card"] = _card(lead_id)
        return jsonify(told)
    if done:
        flash(done, "success")
    if refused:
        flash(refused, "error")
    return redirect(go or place(), 303)


def _card(lead_id: int) -> str:
    """The card as it is now, read after the write."""
    lead = pages.rows(here.session, here.actor, [lead_id])[lead_id]
    return render_template("leads/_card.html", lead=lead, **_cards())


def _cards() -> dict[str, Any]:
    """What a card asks of its lead."""
    limits = deadlines(here.session, here.today)
    return {
        "clocks": {"limits": limits, "silence": silence, "overstays": overstays},
        "card": {
            "movable": lambda lead: lead.standing is Standing.OPEN and may_write(here.actor, lead),
            "moves": lambda lead: moves_from(lead.stage, Door.STAGE),
            "signed": Stage.SIGNED,
        },
    }


def _shown(columns: dict[Stage, Page[Lead]]) -> Stage:
    """The column that a phone shows: the one asked for, else the first with a card."""
    asked = request.args.get("column", "")
    if asked in list(Stage) and Stage(asked) in columns:
        return Stage(asked)
    return next((one for one, found in columns.items() if found.rows), next(iter(columns)))


def _target() -> tuple[Stage, int] | None:
    """The stage and the version that a card's button or a drag sends: "negotiating.3"."""
    name, _dot, version = request.form.get("target", "").partition(".")
    try:
        found = rows([f"1.{version}"])
    except ValueError:
        return None
    return (Stage(name), found[1]) if name in list(Stage) else None


def _form_of(lead_id: int, stage: Stage, fault: Fault | None) -> str:
    """The form that asks for what the move lacks, or the move's own, which asks why."""
    if fault is None or fault not in FORM_OF:
        return url_for("leads.move", lead_id=lead_id, target=stage.value)
    flash(str(moving.REFUSALS[fault][0]), "warning")
    endpoint, more = FORM_OF[fault]
    return url_for(endpoint, lead_id=lead_id, **more)
