"""Drafts of the lead forms: kept while one types, taken up again when the form is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

import crm.files.operations
from crm.accounts.rules import Permission
from crm.core import drafts, once
from crm.core.actor import Actor
from crm.core.drafts import FormDraft, Writer
from crm.core.errors import Missing
from crm.core.forms import Form, row_number
from crm.core.gate import allow
from crm.core.once import new_key
from crm.core.request import act, here
from crm.core.store import Stored
from crm.files.forms import receive
from crm.files.operations import Received
from crm.leads.forms.quick import DraftFilesForm
from crm.leads.queries import detail
from crm.leads.views.door import bp

NAME = re.compile(r"quick|new|[1-9][0-9]{0,17}")
"""The quick form, the long one for a new lead, or the edit of a lead by its number."""

_KEY = re.compile(r"[0-9A-Za-z]{32}")


@dataclass
class Resumed:
    """What a lead form shows of its drafts.

    Attributes:
        row: the draft it was opened with; None: it is fresh, or was posted.
        others: further drafts of the same form.
        local: whether the browser may keep a copy while there is no connection.
    """

    name: str
    row: FormDraft | None
    others: list[FormDraft]
    local: bool = True

    @property
    def values(self) -> MultiDict[str, str] | None:
        """As the form reads what was typed."""
        if self.row is None:
            return None
        told = [(name, one) for name, values in self.row.values.items() for one in values]
        return MultiDict(told)


def resume(name: str, *, local: bool = True) -> Resumed:
    """The draft that a form is opened with: the last one, the one asked for, or with `?fresh=1` none."""
    if request.method != "GET":
        return Resumed(name, None, [], local)
    names = {"quick": ("quick", "new"), "new": ("new", "quick")}.get(name, (name,))
    rows = drafts.of_form(here.session, _me(), *map(_full, names))
    own = [row for row in rows if row.name == _full(name)]
    asked = row_number(request.args.get("draft", ""))
    chosen = next((row for row in rows if row.id == asked), own[0] if own else None)
    if request.args.get("fresh") or _begins_elsewhere():
        chosen = None
    return Resumed(name, chosen, [row for row in rows if row is not chosen], local)


Kind = TypeVar("Kind", bound=Form)


def filled(kind: type[Kind], draft: Resumed, begun: dict[str, Any]) -> Kind:
    """A form with what was posted, else what its draft holds, else what it begins with."""
    if draft.values is None:
        return kind(data=begun)
    form = kind(formdata=draft.values, data=begun)
    assert draft.row is not None  # noqa: S101  (it has values)
    form.form_key.data = draft.row.key
    return form


def files_of(form: Form) -> list[dict[str, Any]]:
    """The files that came before this form was saved."""
    row = drafts.by_key(here.session, _me(), form.key)
    return row.files if row is not None else []


def attach_files(
    session: Session, actor: Actor, form: Form, received: Iterable[Received], lead_id: int
) -> None:
    """Hang on a new lead what came with its form, and what came before it."""
    row = drafts.by_key(session, actor.id or 0, form.key)
    early = [
        Received(Stored(one["sha256"], one["size"], b""), one["name"])
        for one in (row.files if row is not None else [])
    ]
    for one in (*early, *received):
        crm.files.operations.attach(
            session, actor, one.stored, one.name, on=("lead", lead_id), now=here.now
        )


@bp.get("/leads/drafts/<name>")
@allow(Permission.LEAD_WRITE)
def draft_token(name: str) -> Response:
    """The token of the present session, for a page that was opened in an earlier one."""
    _writer(name)
    return jsonify(token=generate_csrf())


@bp.post("/leads/drafts/<name>")
@allow(Permission.LEAD_WRITE)
def save_draft(name: str) -> Response:
    """Keep what changed in a form; a form that was saved already is told so and gets a new key."""
    writer = _writer(name)
    done = once.location(here.session, writer.key, writer.person_id)
    if done is not None:
        return jsonify(used=done, key=new_key())
    told = {one: request.form.getlist(one) for one in request.form if one not in _NEVER}
    changed = set(request.form.get("_names", "").split(",")) - _NEVER - {""}
    with here.database.write("web") as session:
        drafts.save(session, writer, told, changed, now=here.now)
    return jsonify(saved=here.now.strftime("%H:%M"))


@bp.post("/leads/drafts/<name>/drop")
@allow(Permission.LEAD_WRITE)
def drop_draft(name: str) -> Response:
    """Throw a draft away."""
    writer = _writer(name, request.form.get("draft_key", ""))

    def effect(session: Session) -> str:
        drafts.drop(session, writer.person_id, writer.key)
        return _form_url(name)

    return act(effect)


@bp.post("/leads/drafts/<name>/files")
@allow(Permission.LEAD_WRITE)
def keep_draft_files(name: str) -> Response:
    """Take files in at once, or take one out: a photo is not lost with a refused form."""
    writer = _writer(name)
    upload = DraftFilesForm()
    gone = request.form.get("remove", "")
    if gone:
        with here.database.write("web") as session:
            drafts.remove_file(session, writer, gone, now=here.now)
    elif upload.validate():
        received = [*receive(upload.photo), *receive(upload.files)]
        with here.database.write("web") as session:
            _add(session, writer, received)
    here.session.rollback()
    row = drafts.by_key(here.session, writer.person_id, writer.key)
    return make_response(
        render_template(
            "leads/_draft_files.html",
            name=name,
            files=row.files if row is not None else [],
            errors=[] if gone else [*upload.photo.errors, *upload.files.errors],
        )
    )


def keep_files(name: str, form: Form, received: Sequence[Received]) -> None:
    """Keep the files of a form that was refused."""
    if not received:
        return
    writer = _writer(name, form.key)
    with here.database.write("web") as session:
        _add(session, writer, received)
    here.session.rollback()


def _add(session: Session, writer: Writer, received: Iterable[Received]) -> None:
    files = [
        {"sha256": one.stored.sha256, "size": one.stored.size, "name": one.name} for one in received
    ]
    drafts.add_files(session, writer, files, now=here.now)


_NEVER = {"csrf_token", "form_key", "_names", "duplicates_seen", "unfold"}
"""What a browser sends that is no answer of the person's."""


def _writer(name: str, key: str | None = None) -> Writer:
    """Whose draft this is; Missing for a form that does not exist for him."""
    if not NAME.fullmatch(name):
        raise Missing
    if number := row_number(name):
        detail.brief(here.session, here.actor, number)
    key = request.form.get("form_key", "") if key is None else key
    if request.method == "POST" and not _KEY.fullmatch(key):
        raise Missing
    return Writer(_me(), _full(name), key)


def _form_url(name: str) -> str:
    number = row_number(name)
    return url_for(".edit", lead_id=number) if number else url_for(f".{name}")


def _full(name: str) -> str:
    return f"lead.{name}"


def _me() -> int:
    return here.actor.id or 0


def _begins_elsewhere() -> bool:
    """The person comes from a firm's or anchor's page: he begins anew there."""
    return any(name in request.args for name in ("company", "head_firm", "scenario", "node"))
