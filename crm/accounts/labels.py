"""The words of units, roles and permissions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.accounts.rules import Role, UnitKind
from crm.core.labels import Words

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
}
