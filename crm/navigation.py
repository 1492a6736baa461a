"""The side bar: what there is, for whom. An entry comes with the page behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.gate import gate_of


@dataclass(frozen=True)
class NavItem:
    """One entry: where it leads, what it says, its icon (a Tabler icon's name), the group it stands in."""

    endpoint: str
    label: Any
    icon: str
    group: str
    permission: Permission | None = None
    phone: bool = False
    gate: bool = False
    also: tuple[str, ...] = ()
    """Further blueprints whose pages stand under it."""

    def open_to(self, actor: Actor) -> bool:
        """Whether he may open it: by its permission, or as its own gate says (several permissions)."""
        if self.gate:
            found = gate_of(current_app, self.endpoint)
            return found is not None and found.admits(actor)
        return self.permission is None or actor.may(self.permission)

    @property
    def active(self) -> bool:
        """Whether the page shown belongs to it: it is on this entry's blueprint, or on one inside it."""
        own = (self.endpoint.rsplit(".", 1)[0], *self.also)
        return (request.endpoint or "").startswith(tuple(f"{name}." for name in own))


ITEMS = (
    NavItem("home.index", _l("My work"), "layout-dashboard", "work", phone=True),
    NavItem("leads.index", _l("Leads"), "target-arrow", "work", Permission.LEAD_READ, phone=True),
    NavItem(
        "projects.index",
        _l("Projects"),
        "crane",
        "work",
        Permission.PROJECT_READ,
        also=("project_funds",),
    ),
    NavItem("funnel.index", _l("Funnel"), "filter", "work", Permission.LEAD_READ),
    NavItem(
        "meeting.index", _l("Weekly meeting"), "presentation", "work", Permission.LEAD_WRITE_UNIT
    ),
    NavItem("goals.index", _l("Goals"), "target", "goals", gate=True, phone=True),
    NavItem(
        "companies.index", _l("Companies"), "building-factory-2", "work", Permission.COMPANY_READ
    ),
    NavItem("problems.index", _l("Problems"), "alert-triangle", "work", gate=True),
    NavItem("rulings.index", _l("Rulings"), "scale", "work", Permission.LEAD_WRITE_UNIT),
    NavItem("promises.index", _l("Promises"), "file-certificate", "work", Permission.PROMISE_READ),
    NavItem("head_firms.index", _l("Head firms"), "building-skyscraper", "anchors"),
    NavItem("scenarios.index", _l("Scenarios"), "bulb", "anchors", Permission.LEAD_READ),
    NavItem("chains.index", _l("Industry chains"), "sitemap", "anchors"),
    NavItem("places.index", _l("Districts and parks"), "map-pin", "anchors"),
    NavItem("funds.index", _l("Funds in place"), "coins", "goals"),
    NavItem(
        "receipts.index", _l("Money to check"), "cash-banknote", "goals", Permission.FUNDS_REPORT
    ),
    NavItem("books.index", _l("Books"), "calendar-check", "goals"),
    NavItem("rule_sets.index", _l("Rule sets"), "gavel", "goals"),
    NavItem("people.index", _l("People"), "users", "admin", Permission.PEOPLE_MANAGE),
    NavItem("units.index", _l("Units"), "hierarchy-2", "admin", Permission.UNIT_MANAGE),
    NavItem("dictionaries.index", _l("Dictionaries"), "book-2", "admin", Permission.CATALOG_EDIT),
    NavItem("settings.index", _l("Settings"), "settings", "admin", Permission.SETTINGS_EDIT),
    NavItem("days.index", _l("Working days"), "calendar-event", "admin", Permission.SETTINGS_EDIT),
    NavItem("letters.index", _l("Letters"), "mail", "admin", Permission.MAIL_MANAGE),
    NavItem("runs.index", _l("Background tasks"), "server-cog", "admin", Permission.SETTINGS_EDIT),
    NavItem("audit.index", _l("Audit trail"), "list-search", "admin", Permission.AUDIT_READ),
)


def navigation(actor: Actor | None) -> list[NavItem]:
    """The entries this actor may open."""
    if actor is None:
        return []
    return [item for item in ITEMS if item.open_to(actor)]


FRAME = {
    "home": "home.index",
    "search": "search.results",
    "new_lead": "leads.quick",
    "account": "accounts.account",
    "password": "accounts.change_password",
    "language": "accounts.set_language",
    "sign_out": "accounts.sign_out",
}
"""What every page's frame leads to, beside the entries: its name in the templates, the endpoint."""


def links(actor: Actor | None) -> dict[str, str]:
    """The addresses that exist and are open to this actor; templates leave out the rest."""
    current = {name: (endpoint, gate_of(current_app, endpoint)) for name, endpoint in FRAME.items()}
    return {
        name: url_for(endpoint)
        for name, (endpoint, gate) in current.items()
        if gate and gate.admits(actor)
    }
