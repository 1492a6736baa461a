"""Flask-Login wired to sessions on the server: a cookie is worth what the database says, at each request.

And the coming in and going out itself, which the pages of sign-in and of one's own account share.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, contains_eager

from crm.accounts import operations
from crm.accounts.models import Attempt, KnownDevice, Person, SignIn
from crm.accounts.queries import actor_of, open_link, person_coming_in
from crm.accounts.rules import FORGET_AFTER, Failures, token_hash, wait_until
from crm.audit.operations import record
from crm.core import gate
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing
from crm.core.request import here

SEEN_EVERY = timedelta(minutes=5)
DEVICE_COOKIE = "crm_device"
DEVICE_DAYS = timedelta(days=365)


class SignedIn:
    """A person with the sign-in he came by, in the shape Flask-Login asks for."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, sign_in: SignIn, person: Person) -> None:
        self.token = token
        self.sign_in = sign_in
        self.person = person

    def get_id(self) -> str:
        """What the cookie holds: the token, never the person's number."""
        return self.token


# --- at each request ---------------------------------------------------------------------------


def install(app: Flask) -> None:
    """Load whoever is signed in, then ask the gate, before every view."""
    manager = LoginManager(app)
    manager.session_protection = None  # the session on the server is the protection
    manager.user_loader(_load)
    app.before_request(_enter)


def current_sign_in() -> int | None:
    """The number of the sign-in this request came by; None: nobody is signed in."""
    user = current_user._get_current_object()
    return user.sign_in.id if isinstance(user, SignedIn) else None


def _load(token: str) -> SignedIn | None:
    found = _live(here.session, token)
    # Kept apart from the reader, or its end would empty the rows that every page shows.
    here.session.expunge_all()
    return SignedIn(token, *found) if found else None


def _live(reader: Session, token: str) -> tuple[SignIn, Person] | None:
    """The sign-in and the person behind a token, if both still hold."""
    row = reader.execute(
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .join(Person.unit)
        .options(contains_eager(Person.unit))
        .where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None), Person.active)
    ).first()
    if row is None:
        return None
    sign_in, person = row
    limit = timedelta(hours=current_app.config["SESSION_HOURS"])
    return None if here.now - sign_in.seen_at > limit else (sign_in, person)


def _enter() -> Response | None:
    if request.endpoint == "static":
        return None
    user = current_user._get_current_object()
    if isinstance(user, SignedIn):
        _become(user)
    if gate.guard(current_app, here.signed_in):
        return None
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": url_for("accounts.sign_in")})
    shown = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    wanted = (
        request.full_path.rstrip("?") if shown else None
    )  # a form that was posted is shown again
    return cast(Response, redirect(url_for("accounts.sign_in", next=wanted)))


def _become(user: SignedIn) -> None:
    here.signed_in = actor_of(user.person)
    here.recheck = lambda writer: _again(writer, user.token)
    g.language = user.person.language
    g.person = user.person
    if here.now - user.sign_in.seen_at > SEEN_EVERY:
        here.session.rollback()
        with here.database.write("web") as writer:
            sign_in = writer.get(SignIn, user.sign_in.id)
            person = writer.get(Person, user.person.id)
            if sign_in is not None and person is not None:
                sign_in.seen_at = person.seen_at = here.now


def _again(writer: Session, token: str) -> Actor:
    """The actor as the writing transaction sees him: put out meanwhile means nothing is written."""
    found = _live(writer, token)
    if found is None:
        raise Forbidden
    return actor_of(found[1])


# --- coming in and going out -------------------------------------------------------------------


def new_token() -> str:
    """A random token for a cookie."""
    return secrets.token_urlsafe(32)


def device_token() -> str:
    """What marks this browser: the cookie of an earlier sign-in, or a new mark."""
    known = request.cookies.get(DEVICE_COOKIE, "")
    return known if len(known) == len(new_token()) else new_token()


def count_try(writer: Session, username: str, place: str, now: datetime) -> datetime | None:
    """Count a try at a password before it is looked at: a hundred parallel tries are a hundred.

    Returns:
        When the place may try again, if it has to wait: then this try is not counted, and the caller
        does not look at the password.
    """
    writer.execute(delete(Attempt).where(Attempt.last < now - FORGET_AFTER))
    row = {"username": username, "place": place, "failures": 0, "last": now}
    _insert_new(writer, Attempt, row)
    attempt = writer.scalars(
        select(Attempt)
        .where(Attempt.username == username, Attempt.place == place)
        .with_for_update()
    ).one()
    ready = wait_until(Failures(attempt.failures, attempt.last), now)
    if ready is None:
        attempt.failures += 1
        attempt.last = now
    return ready


def forgive(writer: Session, username: str, place: str) -> None:
    """The password was right: the tries from that place count no more."""
    writer.execute(delete(Attempt).where(Attempt.username == username, Attempt.place == place))


def open_sign_in(
    writer: Session, person_id: int, *, token: str, device: str, now: datetime, proven: str | None
) -> SignedIn:
    """Open a session on the server, end the one this browser had, and remember the browser.

    Args:
        token, device: what the cookies will hold; the database keeps their hashes.
        proven: the hash that the typed password matched; None where a link or the demo lets in.

    Raises:
        Missing: the person was disabled, or his password changed, while it was looked at.
    """
    person = person_coming_in(writer, person_id)
    if proven is not None and person.password_hash != proven:
        raise Missing
    row = SignIn(
        person_id=person.id,
        token_hash=token_hash(token),
        started_at=now,
        seen_at=now,
        address=(request.remote_addr or "")[:45],
        agent=request.user_agent.string[:200],
    )
    record(writer, actor_of(person), "person.signed_in", row, now=now, on=("person", person.id))
    person.seen_at = now
    known = {"person_id": person.id, "device_hash": token_hash(device), "since": now}
    _insert_new(writer, KnownDevice, known)
    close_sign_in(writer, now)
    return SignedIn(token, row, person)


def close_sign_in(writer: Session, now: datetime) -> None:
    """End the session on the server that this request came by, if it came by one."""
    user = current_user._get_current_object()
    if isinstance(user, SignedIn):
        operations.end_sign_in(
            writer, actor_of(user.person), user.person.id, user.sign_in.id, now=now
        )


def accept_invitation(writer: Session, token: str, password_hash: str, now: datetime) -> int:
    """Use a one-time link: set the password that came with it. Returns the person's number.

    Raises:
        Missing: the link is unknown, used or too old, or the person is disabled.
    """
    link = open_link(writer, token, now, lock=True)
    person = person_coming_in(writer, link.person_id)
    link.used_at = now
    operations.set_password(writer, actor_of(person), person.id, password_hash, now)
    return person.id


def let_in(answer: Response, signed_in: SignedIn, device: str) -> Response:
    """Put the new session into the cookies of this answer; nothing of the old cookie is kept."""
    session.clear()
    login_user(signed_in)
    answer.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=DEVICE_DAYS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def let_out() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()


def _insert_new(
    writer: Session, kind: type[Attempt] | type[KnownDevice], row: dict[str, object]
) -> None:
    """Insert unless it is there; PostgreSQL waits here for a twin under way."""
    insert = postgresql.insert if writer.get_bind().dialect.name == "postgresql" else sqlite.insert
    writer.execute(insert(kind).values(row).on_conflict_do_nothing())
