"""What the wishes and the log of letters are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.agenda.rules import Source
from crm.core.labels import Words

WORDS: Words = {
    Source: {
        Source.LEAD: _l("Lead"),
        Source.PROJECT: _l("Project"),
        Source.PAPER: _l("Paper owed"),
        Source.PROBLEM: _l("Problem"),
        Source.RECEIPT: _l("Receipt"),
    },
}

ANSWERS: dict[str, Any] = {
    "no address": _l("no address"),
    "nothing to say": _l("nothing to say"),
    "kept as a file: no mail server is configured": _l("kept as a file: no mail server"),
}
"""What the house itself says in the log; a server's answers stand as they came."""

WEEKDAYS: tuple[Any, ...] = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
