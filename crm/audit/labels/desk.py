"""The words of the officer's desk: first reports and their contests, problems."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "protection.filed": _l("Filed the first report"),
    "protection.begun": _l("Protection begun by a contact"),
    "protection.kept_alive": _l("Protection kept alive by a contact"),
    "protection.renewed": _l("Extended the protection"),
    "protection.released": _l("Gave up the first report"),
    "protection.lapsed": _l("The first report had lapsed"),
    "protection.contested": _l("Contested the first report"),
    "protection.ruled": _l("Ruled on the first report"),
    "protection.overruled": _l("The first report passed to another lead"),
}

FIELDS: dict[str, Any] = {
    "level": _l("At what level"),
    "filed_on": _l("Filed on"),
    "filed_by": _l("Filed by"),
    "filed_at": _l("Filed at"),
    "reserve_until": _l("Reserved until"),
    "until": _l("Until"),
    "contact_on": _l("Last contact with a named person"),
    "holds_until": _l("Holds until"),
    "warn_from": _l("Told from"),
    "renewals": _l("Times extended"),
    "ending": _l("How it ended"),
    "asked_by": _l("Asked by"),
    "asked_at": _l("Asked at"),
    "ruling": _l("Ruling"),
    "ruled_by": _l("Ruled by"),
    "ruled_at": _l("Ruled at"),
}
