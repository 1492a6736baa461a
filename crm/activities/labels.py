"""The words of follow-ups and problems."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.activities.rules import ActivityKind, Level, ProblemKind, ProblemState
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
    Level: {
        Level.CITY_LEADER: _l("City leader"),
        Level.DISTRICT_LEADER: _l("District leader"),
        Level.HEAD: _l("Head of a department"),
        Level.STAFF: _l("Staff"),
    },
    ProblemKind: {
        ProblemKind.LAND: _l("Land"),
        ProblemKind.WATER: _l("Water supply"),
        ProblemKind.POWER: _l("Power supply"),
        ProblemKind.ENERGY: _l("Energy quota"),
        ProblemKind.ENVIRONMENT: _l("Environmental approval"),
        ProblemKind.FINANCE: _l("Financing"),
        ProblemKind.WORKERS: _l("Workers"),
        ProblemKind.POLICY: _l("Policy"),
        ProblemKind.PROCEDURE: _l("Procedures"),
    },
    ProblemState: {
        ProblemState.OPEN: _l("Open"),
        ProblemState.OVERDUE: _l("Overdue"),
        ProblemState.SOLVED: _l("Solved"),
    },
}
