"""The words of the weekly meeting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.meeting.rules import Item

WORDS: Words = {
    Item: {
        Item.OPENING: _l("Opening"),
        Item.NEW: _l("New"),
        Item.REOPENED: _l("Reopened"),
        Item.RESUMED: _l("Resumed"),
        Item.LOST: _l("Lost"),
        Item.HELD: _l("Put on hold"),
        Item.SIGNED: _l("Signed"),
        Item.REVISED: _l("Revised"),
        Item.ARRIVED: _l("Handed in"),
        Item.LEFT: _l("Handed away"),
        Item.CLOSING: _l("Closing"),
        Item.STUCK: _l("Stuck"),
        Item.STARTS: _l("Starts that began to count"),
        Item.FUNDS: _l("Money that began to count"),
    },
}
