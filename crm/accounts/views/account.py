"""One's own account: what one is here, where one is signed in, the password."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts import login, operations, queries
from crm.accounts.forms import ChangePasswordForm
from crm.accounts.views.sign_in import bp as bp
from crm.core.gate import open_to_signed_in
from crm.core.passwords import hash_password, matches
from crm.core.request import act, here, page, write


@bp.get("/account")
@open_to_signed_in
def account() -> Response:
    """Who one is here, and where one is signed in."""
    person = queries.person(here.session, here.actor.id or 0)
    idle = timedelta(hours=current_app.config["SESSION_HOURS"])
    sign_ins = queries.sign_ins(here.session, person.id, idle, here.now)
    current = login.current_sign_in()
    return page("accounts/account.html", person=person, sign_ins=sign_ins, current=current)


@bp.post("/account/sign-ins/<id:sign_in_id>/end")
@open_to_signed_in
def end_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sessions."""

    def effect(session: Session) -> str:
        operations.end_sign_in(session, here.actor, here.actor.id or 0, sign_in_id, now=here.now)
        flash(_("That browser is signed out."), "success")
        return url_for(".account")

    return act(effect)


@bp.route("/account/password", methods=["GET", "POST"])
@open_to_signed_in
def change_password() -> Response:
    """A new password for oneself; every other session of one's own ends."""
    person = queries.person(here.session, here.actor.id or 0)
    form = ChangePasswordForm(names=(person.username, person.name))
    if form.validate_on_submit():
        answer = _change(form, person.username, person.password_hash)
        if answer is not None:
            return answer
    return page("accounts/password.html", form=form, username=person.username)


def _change(form: ChangePasswordForm, username: str, proven: str | None) -> Response | None:
    """The answer to a right current password; a wrong one counts as a try of this session."""
    here.session.close()
    place = f"sign-in {login.current_sign_in()}"
    with here.database.write("web") as writer:
        ready = login.count_try(writer, username, place, here.now)
    if ready is not None:
        form.current.errors = [_("Too many tries. Wait some minutes.")]
        return None
    if not matches(proven, form.current.data or ""):
        form.current.errors = [_("This is not your current password.")]
        return None
    password_hash = hash_password(form.password.data or "")

    def effect(session: Session) -> str:
        operations.set_password(
            session,
            here.actor,
            here.actor.id or 0,
            password_hash,
            here.now,
            proven=proven,
            keep=login.current_sign_in(),
        )
        login.forgive(session, username, place)
        flash(_("The password is changed. Everywhere else you are signed out."), "success")
        return url_for(".account")

    return write(form, effect)
