"""The administrator's pages of people."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.accounts import operations, queries
from crm.accounts.forms import PersonForm
from crm.accounts.labels import WORDS
from crm.accounts.rules import LINK_DAYS, Permission, Role
from crm.audit.queries import timeline
from crm.core.forms import Form
from crm.core.gate import allow
from crm.core.request import act, here, page, write

bp = Blueprint("people", __name__)


@bp.get("/people")
@allow(Permission.PEOPLE_MANAGE)
def index() -> Response:
    """Everybody, by name, filtered by unit, role and state."""
    wanted = queries.PeopleFilter.from_args(request.args)
    rows = queries.people(
        here.session, wanted, after=request.args.get("after"), before=request.args.get("before")
    )
    return page(
        "accounts/people.html",
        rows=rows,
        wanted=wanted,
        count=queries.how_many(here.session, wanted),
        units=queries.unit_options(here.session),
        roles=[(role.value, WORDS[Role][role]) for role in Role],
    )


@bp.get("/people/<id:person_id>")
@allow(Permission.PEOPLE_MANAGE)
def person(person_id: int) -> Response:
    """One person: facts, where he is signed in, what was done to the account."""
    row = queries.person(here.session, person_id)
    idle = timedelta(hours=current_app.config["SESSION_HOURS"])
    return page(
        "accounts/person.html",
        shown=row,
        link=queries.waiting_link(here.session, person_id, here.now),
        sign_ins=queries.sign_ins(here.session, person_id, idle, here.now),
        history=timeline(here.session, "person", person_id, limit=50),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@allow(Permission.PEOPLE_MANAGE)
def new() -> Response:
    """Enter a person; the next step is the invitation."""
    form = PersonForm(data={"unit_id": request.args.get("unit", type=int)})
    form.unit_id.offer(queries.unit_options(here.session))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            row = operations.add_person(session, here.actor, form.draft(), now=here.now)
            return url_for(".person", person_id=row.id)

        if answer := write(form, effect):
            return answer
    return page("accounts/person_form.html", form=form, shown=None)


@bp.route("/people/<id:person_id>/edit", methods=["GET", "POST"])
@allow(Permission.PEOPLE_MANAGE)
def edit(person_id: int) -> Response:
    """Correct a person's facts and role."""
    row = queries.person(here.session, person_id)
    form = PersonForm(obj=row)
    del form.unit_id
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            draft = form.draft(unit_id=row.unit_id)
            operations.edit_person(
                session, here.actor, person_id, draft, now=here.now, version=form.version_number
            )
            return url_for(".person", person_id=person_id)

        if answer := write(form, effect, row=("person", person_id)):
            return answer
    return page("accounts/person_form.html", form=form, shown=row)


@bp.post("/people/<id:person_id>/invite")
@allow(Permission.PEOPLE_MANAGE)
def invite(person_id: int) -> Response:
    """Make the one-time link and show it, this once; for somebody with a password that is a reset."""
    tokens: list[str] = []

    def effect(session: Session) -> str:
        tokens.append(operations.invite(session, here.actor, person_id, now=here.now))
        return url_for(".person", person_id=person_id)

    form = Form()
    answer = write(form, effect) if form.validate_on_submit() else None
    if answer is None or not tokens:
        for message in form.all_errors():
            flash(str(message), "error")
        return answer or cast(Response, redirect(url_for(".person", person_id=person_id), 303))
    address = url_for("accounts.accept_invitation", token=tokens[0], _external=True)
    shown = queries.person(here.session, person_id)
    return page("accounts/link.html", 201, shown=shown, address=address, days=LINK_DAYS)


@bp.post("/people/<id:person_id>/end-sessions")
@allow(Permission.PEOPLE_MANAGE)
def end_sessions(person_id: int) -> Response:
    """Sign a person out everywhere."""

    def effect(session: Session) -> str:
        ended = operations.end_sessions(session, here.actor, person_id, now=here.now)
        text = ngettext("%(num)d sign-in ended.", "%(num)d sign-ins ended.", ended)
        flash(text, "success")
        return url_for(".person", person_id=person_id)

    return act(effect)


@bp.post("/people/<id:person_id>/enable")
@allow(Permission.PEOPLE_MANAGE)
def enable(person_id: int) -> Response:
    """Let a disabled person in again."""

    def effect(session: Session) -> str:
        operations.enable(session, here.actor, person_id, now=here.now)
        flash(_("The account is open again."), "success")
        return url_for(".person", person_id=person_id)

    return act(effect)
