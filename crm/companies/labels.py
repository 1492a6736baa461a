"""The words of chain positions, head firms' states and refused codes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.companies.rules import HeadFirmState, Position
from crm.core.labels import Words

WORDS: Words = {
    HeadFirmState: {
        HeadFirmState.UNTOUCHED: _l("Not contacted"),
        HeadFirmState.CONTACTED: _l("In contact"),
        HeadFirmState.NEGOTIATING: _l("In talks"),
        HeadFirmState.SIGNED: _l("Signed"),
    },
    Position: {
        Position.LEADER: _l("Chain leader"),
        Position.CORE: _l("Chain core"),
        Position.SUPPORTING: _l("Supporting"),
    },
}
