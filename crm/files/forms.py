"""The field that takes files, the form that has no other field, and taking the contents in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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


class UploadForm(Form):
    """Files, and nothing else: the upload on a lead's or project's page."""

    files = UploadField(_l("Files"), needed=True)
