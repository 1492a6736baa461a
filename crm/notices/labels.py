"""What enums of letters are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.notices.rules import LetterKind, LetterState

WORDS: Words = {
    LetterKind: {
        LetterKind.WEEKLY: _l("Weekly letter"),
        LetterKind.FRIDAY: _l("Friday notice"),
        LetterKind.DAILY: _l("Daily brief"),
        LetterKind.NOTICE: _l("Notice at once"),
        LetterKind.TEST: _l("Test letter"),
    },
    LetterState: {
        LetterState.WAITING: _l("Waiting"),
        LetterState.SENDING: _l("Being sent"),
        LetterState.SENT: _l("Sent"),
        LetterState.DOUBTFUL: _l("Doubtful"),
        LetterState.FAILED: _l("Given up"),
        LetterState.SKIPPED: _l("Skipped"),
    },
}

JOBS: dict[str, Any] = {
    "crm.reminders.jobs.write_letters": _l("Writing letters"),
    "crm.notices.jobs.send_letters": _l("Sending letters"),
    "crm.core.jobs.forget_form_keys": _l("Nightly work"),
}
"""The scheduler's jobs that an administrator is told of; the first of the night stands for the night."""
