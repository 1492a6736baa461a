"""Signing in and out, one's own account."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from crm.accounts import login
from crm.accounts.forms import SignInForm
from crm.accounts.models import Person, SignIn
from crm.core.gate import open_to_all
from crm.core.passwords import matches
from crm.core.request import here, local_address, page

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Response:
    """The sign-in page. (A first cut; the lockout and devices follow.)"""
    form = SignInForm()
    if form.validate_on_submit():
        person = here.session.scalar(
            select(Person).join(Person.unit).options(contains_eager(Person.unit))
            .where(Person.username == form.username.data, Person.active)
        )
        good = matches(person.password_hash if person else None, form.password.data or "")
        if person is not None and good:
            here.session.rollback()
            token = login.new_token()
            with here.database.write("web") as session:
                row = SignIn(person_id=person.id, token_hash=login.token_hash(token),
                    started_at=here.now, seen_at=here.now, address=request.remote_addr or "")
                session.add(row)
            login.enter_as(token, row, person)
            return redirect(local_address(request.args.get("next")))  # type: ignore[return-value]
        form.password.errors = [_("Account or password is wrong.")]
    return page("accounts/sign_in.html", form=form)


@bp.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    return redirect("/sign-in")  # type: ignore[return-value]
