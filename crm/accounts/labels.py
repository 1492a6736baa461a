"""The words of units, roles and background tasks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.accounts.rules import Role, UnitKind
from crm.core.labels import Words
from crm.core.runs import RunState

WORDS: Words = {
    Role: {
        Role.OFFICER: _l("Officer"),
        Role.REVIEWER: _l("District reviewer"),
        Role.MANAGER: _l("Manager"),
        Role.LEADER: _l("Leader"),
        Role.ADMINISTRATOR: _l("Administrator"),
        Role.AUDITOR: _l("Auditor"),
    },
    UnitKind: {
        UnitKind.BUREAU: _l("City bureau"),
        UnitKind.DISTRICT: _l("District office"),
        UnitKind.TEAM: _l("Team"),
    },
    RunState: {
        RunState.WAITING: _l("Waiting"),
        RunState.RUNNING: _l("Running"),
        RunState.DONE: _l("Done"),
        RunState.FAILED: _l("Failed"),
        RunState.CANCELLED: _l("Cancelled"),
    },
}

RUNS: dict[str, Any] = {
    "files.draw": _l("Pictures of a file"),
    "rules.try": _l("Trial of a rule set"),
    "rules.publish": _l("Publishing a rule set"),
}
"""What is done in the background, by the kinds of `crm.scheduler.KINDS`."""

SEES: dict[Role, Any] = {
    Role.OFFICER: _l("Logs leads and visits, and signs them into projects"),
    Role.REVIEWER: _l("Checks what the officers of the district report"),
    Role.MANAGER: _l("All leads of the unit, confidential ones too, and what is stuck"),
    Role.LEADER: _l("Reads the leads and projects of the whole city"),
    Role.ADMINISTRATOR: _l("People, units, dictionaries; no negotiations"),
    Role.AUDITOR: _l("Who changed what, when, from what to what"),
}
"""What somebody of this role finds here, in one line; for the chips of the demonstration."""
