"""The words of receipts in the trail: what was done to money, and what its columns are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "receipt.reported": _l("Reported money"),
    "receipt.corrected": _l("Reported money again, corrected"),
    "receipt.reviewed": _l("Reviewed money"),
    "receipt.confirmed": _l("Confirmed money"),
    "receipt.returned": _l("Returned money"),
    "receipt.withdrawn": _l("Withdrew money"),
    "receipt.reversed": _l("Reported a reversal"),
    "receipt.paper_given": _l("Gave papers of money"),
}

FIELDS: dict[str, Any] = {
    "arrived_on": _l("Day of arrival"),
    "currency": _l("Currency"),
    "entered": _l("As entered"),
    "rate": _l("Rate"),
    "rate_rule": _l("Which rate"),
    "payer": _l("Payer"),
    "why_late": _l("Why it comes late"),
    "why_above": _l("Why more arrived than was agreed"),
    "sure": _l("The amount is right"),
    "report_id": _l("Report of the month"),
    "reported_at": _l("Reported"),
    "reviewed_by": _l("Reviewed by"),
    "reviewed_at": _l("Reviewed"),
    "confirmed_by": _l("Confirmed by"),
    "confirmed_at": _l("Confirmed"),
    "owed_until": _l("Papers due"),
    "reverses_id": _l("Reverses"),
    "demo_note": _l("Demo data"),
    "papers": _l("Papers"),
    "attachment_id": _l("Attachment"),
    "receipt_id": _l("Receipt"),
    "given_by": _l("Given by"),
    "total": _l("Total of the vouchers"),
}
