"""The field that takes files, the form that has no other field, and taking the contents in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from wtforms import FileField, ValidationError
from wtforms.widgets import FileInput

from crm.core import contents, store
from crm.core.forms import Form
from crm.files.labels import WORDS
from crm.files.operations import Received
from crm.files.rules import ACCEPT, MOST_AT_ONCE, Fault, fault_of, file_name


class UploadField(FileField):
    """Files whose content is looked at; `data` is a list of the uploads, empty where none was chosen.

    Args:
        multiple: several at once.
        needed: refuse none.
    """

    def __init__(
        self, label: Any = None, *, multiple: bool = True, needed: bool = False, **kwargs: Any
    ) -> None:
        self.multiple = multiple
        self.needed = needed
        self.widget = FileInput(multiple=multiple)
        kwargs.setdefault("render_kw", {}).setdefault("accept", ACCEPT)
        super().__init__(label, **kwargs)
        if needed:
            self.flags.required = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [
            one
            for one in valuelist
            if isinstance(one, FileStorage) and (one.filename or "").strip()
        ]

    def process_data(self, value: Any) -> None:
        self.data = []

    def pre_validate(self, form: Any) -> None:
        """Look at each content; the first fault is said with the file's name."""
        if self.needed and not self.data:
            raise ValidationError(_("Choose a file."))
        if len(self.data) > (MOST_AT_ONCE if self.multiple else 1):
            raise ValidationError(str(WORDS[Fault][Fault.TOO_MANY]))
        limit = int(current_app.config["UPLOAD_BYTES"])
        for one in self.data:
            name, size = file_name(one.filename or ""), contents.size_of(one.stream)
            if fault := fault_of(name, contents.sniff(one.stream), size, limit):
                raise ValidationError(f"{name}: {WORDS[Fault][fault]}")


def receive(field: UploadField) -> list[Received]:
    """Put the contents of a valid field into the store; before the write transaction, never in it."""
    folder, limit = Path(current_app.config["FILES_DIR"]), int(current_app.config["UPLOAD_BYTES"])
    return [
        Received(store.keep(folder, one.stream, limit), file_name(one.filename or ""))
        for one in field.data
    ]


SEAL = "files.kept"

KEPT_SECONDS = 20 * 3600
"""How long a kept upload is taken again; the store keeps a content that nothing names for a day."""


class KeptUploadField(UploadField):
    """An upload that a refused form does not lose: what came is offered again, and goes with the next post.

    Kept contents lie in the store. The form carries for each a sealed word of ours, so that nobody
    can ask for a content by guessing its hash; `kept` lists them, with `seals` in the same order.
    """

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.kept: list[Received] = []

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        self.kept = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        told = [unsealed(one) for one in valuelist if isinstance(one, str) and one]
        self.kept = [one for one in told if one is not None]

    def pre_validate(self, form: Any) -> None:
        """What is new is looked at; what is kept was."""
        if self.needed and not self.data and self.kept:
            return
        super().pre_validate(form)
        if len(self.data) + len(self.kept) > (MOST_AT_ONCE if self.multiple else 1):
            raise ValidationError(str(WORDS[Fault][Fault.TOO_MANY]))

    def take_in(self) -> list[Received]:
        """Put what is new and without fault into the store; everything given so far."""
        if self.data and not self.errors:
            self.kept = [*self.kept, *receive(self)]
        self.data = []
        return self.kept

    @property
    def seals(self) -> list[str]:
        """A word for each kept content, for the form's hidden part."""
        return [sealed(one) for one in self.kept]


def sealed(received: Received) -> str:
    """A stored content and its name, as a word that only this house can make."""
    stored = received.stored
    told = _sealer().dumps([stored.sha256, stored.size, received.name])
    return str(told)


def unsealed(word: str) -> Received | None:
    """What the word says; None where it is forged, or so old that the content may be gone."""
    try:
        sha256, size, name = _sealer().loads(word, max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    return Received(store.Stored(sha256, size, b""), name)


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=SEAL)


class UploadForm(Form):
    """Files, and nothing else: the upload on a lead's or project's page."""

    files = UploadField(_l("Files"), needed=True)
