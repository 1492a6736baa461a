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

    @property
    def active(self) -> bool:
        """Whether the page shown belongs to it: it is on this entry's blueprint section."""
        return (request.endpoint or "").rsplit(".", 1)[0] == self.endpoint.rsplit(".", 1)[0]


ITEMS = (NavItem("home.index", _l("My work"), "layout-dashboard", "work", phone=True),)


def navigation(actor: Actor | None) -> list[NavItem]:
    """The entries this actor may open."""
    if actor is None:
        return []
    return [item for item in ITEMS if item.permission is None or actor.may(item.permission)]


FRAME = {
    "home": "home.index",
    "search": "search.results",
    "new_lead": "leads.new",
    "password": "accounts.password",
    "language": "accounts.language",
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
