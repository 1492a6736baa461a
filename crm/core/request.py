"""One request: a snapshot to read from, an actor, a moment; and the one door to writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.local import LocalProxy
from werkzeug.utils import cached_property

from crm.core import clock, drafts, once
from crm.core.actor import Actor
from crm.core.database import Database
from crm.core.errors import Change, Refused, Stale
from crm.core.forms import Form
from crm.core.runs import BackgroundRun
from crm.core.versions import VersionBehind
from crm.values.text import tidy


@dataclass
class Here:
    """What a view knows of its request.

    Attributes:
        session: the reader's snapshot; nothing can be written through it.
        moment: when the request came; its Shanghai date is `today`.
        signed_in: the actor, or None; views behind the gate use `actor`.
        recheck: reads the actor again inside the write transaction; Forbidden if he was put out meanwhile.
        changes: what changed in a row since a version, read from the audit: (table, id, version).
    """

    database: Database
    session: Session
    moment: datetime
    signed_in: Actor | None = None
    recheck: Callable[[Session], Actor] | None = None
    changes: Callable[[Session, str, int, int], list[Change]] | None = None

    @property
    def actor(self) -> Actor:
        """The signed-in person. The gate has made sure that there is one."""
        if self.signed_in is None:
            raise RuntimeError("nobody is signed in; the gate should have said so")
        return self.signed_in

    @property
    def now(self) -> datetime:
        """The moment, aware, handed to operations."""
        return self.moment

    @property
    def today(self) -> date:
        """The Shanghai day of the request."""
        return clock.day_of(self.moment)


LONGEST_ADDRESS = 500
"""As much as a one-time key's row keeps of where its answer led."""

here: Here = cast(Here, LocalProxy(lambda: g.here))


class HouseRequest(Request):
    """A request whose address holds only text that both databases take."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The address's arguments without control characters: PostgreSQL refuses NUL in any text."""
        said = super().args.items(multi=True)
        return ImmutableMultiDict([(tidy(name), tidy(value)) for name, value in said])


def open_request(app: Flask) -> None:
    """First of all: take the moment, open a reader (its snapshot starts with the first read)."""
    database: Database = app.extensions["database"]
    g.here = Here(database, database.reader(), clock.now())


def close_request(error: BaseException | None) -> None:
    """After everything: give the reader back."""
    if (mine := g.pop("here", None)) is not None:
        mine.session.close()


def page(template: str, status: int | None = None, **context: Any) -> Response:
    """Answer with a page; unless told otherwise, a form that came back answers 422, a stale one 409."""
    return make_response(render_template(template, **context), status or _status(context))


def _status(context: Mapping[str, Any]) -> int:
    if request.method != "POST":
        return 200
    return 409 if any(isinstance(one, Form) and one.stale for one in context.values()) else 422


def progress(run: BackgroundRun) -> Response:
    """The part of a page that shows a run (`_macros/runs.html`), asked for again every two seconds.

    Once the run is over the page around it is loaded again, for it now has something else to show.
    The caller has checked that the reader may know of the run.
    """
    answer = page("_layout/run.html", run=run, url=request.path)
    if not run.open:
        answer.headers["HX-Refresh"] = "true"
    return answer


def write(
    form: Form,
    effect: Callable[[Session], str],
    *,
    row: tuple[str, int] | None = None,
) -> Response | None:
    """Carry out what a valid form asks, in one short write transaction, and redirect.

    The reader is let go first. The actor is read again, the form's one-time key is written with the
    effect, so a twin of the same post gets the same answer and makes no second row.

    Args:
        effect: does the work through operations and returns the address to go to. It must fetch
            again what it checks: nothing read before is trusted.
        row: table and id of the row the form edits, to say what changed if it is stale.

    Returns:
        The redirect; or None when a rule refused or the row was stale, with the form saying so.
    """
    here.session.close()  # a rollback would empty the rows that a refused form is shown with again
    try:
        with here.database.write("web") as session:
            _recheck(session)
            once.claim(session, form.key, _person_id(), here.now)
            location = effect(session)
            once.settle(session, form.key, location)
            drafts.drop(session, _person_id(), form.key)
    except once.Repeated as repeated:
        location = repeated.location
    except Refused as refusal:
        form.refuse(refusal)
        return None
    except VersionBehind as behind:
        form.stale = _what_changed(form, row, behind)
        form.catch_up()
        return None
    except Stale as stale:
        form.stale = stale.changes
        return None
    except IntegrityError as error:
        current_app.logger.warning("a constraint refused a write: %s", error.orig)
        form.refuse(Refused(_("Someone just saved the same thing. Check and try again.")))
        return None
    return cast(Response, redirect(location, 303))


def act(effect: Callable[[Session], str]) -> Response:
    """Carry out a button's post that has no fields of its own: the key comes in `form_key`.

    A refusal is said on the page the person came from.
    """
    form = Form()
    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    for message in form.all_errors():
        flash(str(message), "error")
    back = request.form.get("back") or request.referrer or url_for("home.index")
    return cast(Response, redirect(local_address(back), 303))


def beside(effect: Callable[[Session], None]) -> None:
    """What a safe request writes all the same, in a transaction of its own before it answers.

    A GET that calls this declares itself a writer: it notes a download, or asks for work that its page
    needs. The reader's snapshot is let go; what is read afterwards is read anew.
    """
    here.session.rollback()
    with here.database.write("web") as session:
        _recheck(session)
        effect(session)


def local_address(address: str | None, default: str = "/") -> str:
    """The address if it leads to this very house (a path, not another host's), else the default."""
    try:
        parts = urlsplit((address or "").replace("\\", "/"))
    except ValueError:  # "http://["
        return default
    if len(address or "") > LONGEST_ADDRESS:
        return default
    if parts.netloc and parts.netloc != request.host:
        return default
    if parts.scheme not in {"", "http", "https"} or not parts.path.startswith("/"):
        return default
    if parts.path.startswith("//") or any(ord(letter) < 32 for letter in address or ""):
        return default
    return parts.path + (f"?{parts.query}" if parts.query else "")


def address_with(changes: Mapping[str, str | None]) -> str:
    """This page's address with some of its arguments set (or dropped: None); the filter bar's links."""
    arguments = request.args.copy()
    for name, value in changes.items():
        if value is None or value == "":
            arguments.pop(name, None)
        else:
            arguments[name] = value
    query = urlencode(list(arguments.items(multi=True)))
    return request.path + (f"?{query}" if query else "")


def _person_id() -> int:
    """Whose form it is; 0 for a visitor (an invitation's link) and for the system."""
    return (here.signed_in.id if here.signed_in else None) or 0


def _recheck(session: Session) -> None:
    if here.recheck is not None:
        here.signed_in = here.recheck(session)


def _what_changed(form: Form, row: tuple[str, int] | None, behind: VersionBehind) -> list[Change]:
    """What others did to the row since the form's version, or a line that says no more than that."""
    found: list[Change] = []
    if row is not None and here.changes is not None:
        found = here.changes(here.session, row[0], row[1], form.version_number or 0)
    return found or [Change("", here.now, "", None, None)]
