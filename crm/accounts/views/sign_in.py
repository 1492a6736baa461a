"""Signing in and out, one-time links, the language."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import cast

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from config import Config
from crm.accounts import login, operations, queries
from crm.accounts.forms import NewPasswordForm, SignInForm
from crm.accounts.labels import SEES
from crm.accounts.models import Person
from crm.accounts.rules import browser_name, place_of, token_hash, username_key
from crm.core.errors import Missing
from crm.core.forms import Form
from crm.core.gate import open_to_all
from crm.core.languages import DEFAULT, LANGUAGES
from crm.core.passwords import hash_password, matches
from crm.core.request import here, local_address, page, write

bp = Blueprint("accounts", __name__)
"""Signing in and one's own account are one blueprint: its addresses are open to those they concern."""

bp.add_app_template_filter(browser_name, "browser")

YEAR = timedelta(days=365)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Response:
    """The sign-in page; in a demonstration on this very machine it offers the roles."""
    form = SignInForm()
    if request.method == "GET" and here.signed_in:
        return _to(local_address(request.args.get("next")))
    status: int | None = None
    if form.validate_on_submit():
        username = username_key(form.username.data or "")
        place = _place(username)
        with here.database.write("web") as writer:
            ready = login.count_try(writer, username, place, here.now)
        if ready is not None:
            form.refusals.append(_wait(ready))
            status = 429
        elif answer := _come_in(username, form.password.data or "", place):
            return answer
        else:
            form.refusals.append(_("Account or password is wrong."))
    people = queries.demo_people(here.session) if _may_play() else []
    answer = page("accounts/sign_in.html", status, form=form, people=people, says=SEES)
    if status == 429 and ready is not None:
        answer.headers["Retry-After"] = str(_seconds(ready))
    return answer


def _come_in(username: str, password: str, place: str) -> Response | None:
    """The answer to a right password; None for a wrong one, and after as long for no account at all."""
    person = queries.account(here.session, username)
    proven = person.password_hash if person else None
    here.session.close()
    if not matches(proven, password) or person is None or proven is None:
        return None
    return _let_in(person, place, proven)


def _let_in(person: Person, place: str, proven: str | None) -> Response | None:
    token, device = login.new_token(), login.device_token()
    try:
        with here.database.write("web") as writer:
            signed_in = login.open_sign_in(
                writer, person.id, token=token, device=device, now=here.now, proven=proven
            )
            login.forgive(writer, person.username, place)
    except Missing:
        return None
    return login.let_in(_to(local_address(request.args.get("next"))), signed_in, device)


def _place(username: str) -> str:
    """Where this try is counted: in a browser known to the account, else at the network's address."""
    device = request.cookies.get(login.DEVICE_COOKIE, "")
    known = bool(device) and queries.knows_device(here.session, username, device)
    here.session.close()
    return f"device {token_hash(device)}" if known else place_of(request.remote_addr)


def _seconds(ready: datetime) -> int:
    return max(1, math.ceil((ready - here.now).total_seconds()))


def _wait(ready: datetime) -> str:
    seconds = _seconds(ready)
    if seconds > 120:
        text = ngettext(
            "Too many tries from here. Try again in %(num)d minute.",
            "Too many tries from here. Try again in %(num)d minutes.",
            math.ceil(seconds / 60),
        )
    else:
        text = ngettext(
            "Too many tries from here. Try again in %(num)d second.",
            "Too many tries from here. Try again in %(num)d seconds.",
            seconds,
        )
    return str(text)


@bp.post("/sign-in/demo/<id:person_id>")
@open_to_all
def enter_demo(person_id: int) -> Response:
    """One click into a role of the demonstration, on this very machine alone."""
    people = queries.demo_people(here.session) if _may_play() else []
    person = next((one for one in people if one.id == person_id), None)
    if person is None:
        abort(404)
    here.session.close()
    return _let_in(person, place_of(request.remote_addr), None) or abort(404)


def _may_play() -> bool:
    """Whether demo data is shown to somebody at this very machine, and no proxy stands between."""
    config: Config = current_app.extensions["config"]
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        near = False
    relayed = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    named = request.host.rsplit(":", 1)[0] in {"localhost", "127.0.0.1", "[::1]"}
    return config.demo and config.loopback and near and named and not relayed


@bp.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End the session on the server, then empty the cookie."""
    here.session.close()
    if here.signed_in is not None:
        with here.database.write("web") as writer:
            login.close_sign_in(writer, here.now)
    login.let_out()
    return _to(url_for("accounts.sign_in"))


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
def accept_invitation(token: str) -> Response:
    """A one-time link: its owner sets his password and is in."""
    try:
        link = queries.open_link(here.session, token, here.now)
        person = queries.person(here.session, link.person_id)
    except Missing:
        return page("accounts/link_void.html", 404)
    form = NewPasswordForm(names=(person.username, person.name))
    if form.validate_on_submit():
        here.session.close()
        password_hash = hash_password(form.password.data or "")
        mark, device = login.new_token(), login.device_token()
        try:
            with here.database.write("web") as writer:
                person_id = login.accept_invitation(writer, token, password_hash, here.now)
                signed_in = login.open_sign_in(
                    writer, person_id, token=mark, device=device, now=here.now, proven=None
                )
        except Missing:
            return page("accounts/link_void.html", 404)
        return login.let_in(_to("/"), signed_in, device)
    return page("accounts/invitation.html", form=form, invited=person)


@bp.post("/language")
@open_to_all
def set_language() -> Response:
    """Switch the language: for this browser, and for the person who is signed in."""
    language = request.form.get("language", DEFAULT)
    if language not in LANGUAGES:
        abort(400)
    back = local_address(request.form.get("back") or request.referrer)

    def effect(session: Session) -> str:
        actor = here.actor
        operations.change_language(session, actor, actor.id or 0, language, now=here.now)
        return back

    answer = write(Form(), effect) if here.signed_in is not None else None
    answer = answer or _to(back)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        "language", language, max_age=YEAR, httponly=True, samesite="Lax", secure=secure
    )
    return answer


def _to(address: str) -> Response:
    return cast(Response, redirect(address, 303))
