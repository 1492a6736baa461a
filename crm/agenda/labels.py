"""What the kinds of things to do are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.agenda.rules import Kind
from crm.core.labels import Words

WORDS: Words = {
    Kind: {
        Kind.OVERDUE: _l("Overdue"),
        Kind.TODAY: _l("Today"),
        Kind.WEEK: _l("This week"),
        Kind.NO_STEP: _l("No next step"),
        Kind.SILENT: _l("Silent"),
        Kind.LIMIT: _l("Too long in its stage"),
        Kind.UNSTARTED: _l("Past its planned start"),
        Kind.LAPSING: _l("First report about to lapse"),
        Kind.EVIDENCE: _l("Evidence owed"),
        Kind.RETURNED: _l("Returned to you"),
    },
}
