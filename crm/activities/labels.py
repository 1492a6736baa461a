"""The words of follow-ups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.activities.rules import ActivityKind
from crm.core.labels import Words

WORDS: Words = {
    ActivityKind: {
        ActivityKind.VISIT: _l("Visit out"),
        ActivityKind.RECEPTION: _l("Reception"),
        ActivityKind.CALL: _l("Call"),
        ActivityKind.MEETING: _l("Meeting"),
        ActivityKind.EVENT: _l("Event"),
        ActivityKind.OTHER: _l("Other"),
    },
}
