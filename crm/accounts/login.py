"""Flask-Login wired to sessions on the server: a cookie is worth what the database says, at each request."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Person, SignIn
from crm.accounts.rules import GRANTS, SEES_CONFIDENTIAL
from crm.core import gate
from crm.core.actor import Actor
from crm.core.errors import Forbidden
from crm.core.request import here

SEEN_EVERY = timedelta(minutes=5)


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


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random token for a cookie or a link."""
    return secrets.token_urlsafe(32)


def actor_of(person: Person) -> Actor:
    """The person as operations and queries see him; his unit is loaded."""
    return Actor(
        id=person.id,
        name=person.name,
        unit_id=person.unit_id,
        unit_path=person.unit.path,
        role=person.role.value,
        permissions=frozenset(permission.value for permission in GRANTS[person.role]),
        sees_confidential=person.role in SEES_CONFIDENTIAL,
    )


def install(app: Flask) -> None:
    """Load whoever is signed in, then ask the gate, before every view."""
    manager = LoginManager(app)
    manager.session_protection = None  # the session on the server is the protection
    manager.user_loader(_load)
    app.before_request(_enter)


def enter_as(token: str, sign_in: SignIn, person: Person) -> None:
    """Put the token into the cookie of this answer."""
    login_user(SignedIn(token, sign_in, person))


def _load(token: str) -> SignedIn | None:
    found = _live(here.session, token)
    return SignedIn(token, *found) if found else None


def _live(session: Session, token: str) -> tuple[SignIn, Person] | None:
    """The sign-in and the person behind a token, if both still hold."""
    row = session.execute(
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
    if current_user.is_authenticated:
        user: SignedIn = current_user._get_current_object()
        _become(user)
    if gate.guard(current_app, here.signed_in):
        return None
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": url_for("accounts.sign_in")})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    answer = redirect(url_for("accounts.sign_in", next=wanted))
    return answer  # type: ignore[return-value]


def _become(user: SignedIn) -> None:
    here.signed_in = actor_of(user.person)
    here.recheck = lambda session: _again(session, user.token)
    g.language = user.person.language
    g.person = user.person
    if here.now - user.sign_in.seen_at > SEEN_EVERY:
        sign_in_id, person_id = user.sign_in.id, user.person.id
        here.session.rollback()
        with here.database.write("web") as session:
            sign_in = session.get(SignIn, sign_in_id)
            person = session.get(Person, person_id)
            if sign_in is not None and person is not None:
                sign_in.seen_at = person.seen_at = here.now


def _again(session: Session, token: str) -> Actor:
    """The actor as the writing transaction sees him: put out meanwhile means nothing is written."""
    found = _live(session, token)
    if found is None:
        raise Forbidden
    return actor_of(found[1])
