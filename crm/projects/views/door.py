"""The blueprint of projects, and what several of its pages need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date

import crm.catalog.queries as catalog
from crm.audit.models import Entry
from crm.audit.queries import timeline
from crm.companies.forms import country_options
from crm.companies.queries import company_options, head_firm_options, leaders
from crm.core.columns import Choice, Fen
from crm.core.database import Base
from crm.core.languages import chosen
from crm.core.request import here
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.leads.models import FOREVER
from crm.leads.queries.scenarios import scenario_options
from crm.projects.forms.signing import DimensionsForm, SignForm
from crm.projects.forms.terms import TermsForm
from crm.projects.labels import ACTIONS, FIELDS, WORDS
from crm.projects.models import Project
from crm.projects.queries.names import NAMED, names
from crm.values.money import Money, show

bp = Blueprint("projects", __name__)

ICONS = {
    "project.opened": "signature",
    "project.terminated": "circle-x",
    "milestone.reported": "flag",
    "milestone.recognised": "rosette-discount-check",
    "evidence.given": "paperclip",
    "evidence.settled": "circle-check",
    "permit.set": "certificate",
    "file.attached": "paperclip",
    "receipt.reported": "cash-banknote",
    "receipt.confirmed": "cash-banknote",
    "receipt.reversed": "arrows-exchange",
    "receipt.returned": "arrow-back-up",
    "receipt.paper_given": "paperclip",
}

MONEY = {"number": _l("Number"), "amount": _l("Amount")}
"""What the timeline says of a receipt; its own page says the rest."""


def offer_place(form: TermsForm, project: Project | None = None) -> None:
    """The districts and parks to choose from; a park closed meanwhile stays choosable where it is."""
    session, language = here.session, chosen()
    kept = [project.park_id] if project is not None and project.park_id else []
    form.district_id.offer(catalog.district_options(session, language))
    form.park_id.offer(catalog.park_options(session, language, also=kept))


def offer_party(form: SignForm, company_id: int | None) -> None:
    """The companies and countries to choose from."""
    form.signing_country.choices = country_options(chosen())
    form.company_id.offer(company_options(here.session, here.actor, ids=[company_id]))


def offer_dimensions(form: DimensionsForm, project: Project | None = None) -> None:
    """Chains, nodes, models and anchors to choose from."""
    session, language = here.session, chosen()
    kept = [project.model_id] if project is not None and project.model_id else []
    form.chain_id.offer(catalog.chain_options(session, language))
    form.node_id.offer(catalog.node_options(session, language))
    form.model_id.offer(catalog.model_options(session, language, also=kept))
    form.scenario_id.offer(scenario_options(session))
    form.brought_by_id.offer(leaders(session, here.actor))
    form.head_firm_id.offer(head_firm_options(session))


def story(project_id: int) -> list[dict[str, Any]]:
    """The project's timeline in words, newest first."""
    entries = [
        entry
        for entry in timeline(here.session, "project", project_id)
        if entry.action in ACTIONS or entry.action.startswith("file.")
    ]
    known = names(here.session, entries)
    return [_told(entry, known) for entry in entries]


def _told(entry: Entry, known: dict[tuple[str, int], str]) -> dict[str, Any]:
    of_money = entry.row_kind == "receipt"
    told = MONEY if of_money else {} if entry.action == "project.opened" else FIELDS
    changes = [
        (
            told[name],
            _said(entry, name, entry.before, known),
            _said(entry, name, entry.after, known),
        )
        for name in entry.after
        if name in told
    ]
    return {
        "when": entry.at,
        "who": entry.actor_name,
        "title": ACTIONS.get(entry.action, _("Attached or removed a file")),
        "text": entry.note,
        "icon": ICONS.get(entry.action, "pencil"),
        "changes": changes,
        "url": url_for("receipts.receipt", receipt_id=entry.row_id) if of_money else None,
    }


_TABLES = {table.name: table for table in Base.metadata.tables.values()}


def _said(
    entry: Entry, name: str, values: dict[str, Any], known: dict[tuple[str, int], str]
) -> str:
    """A value of the trail as a person would say it."""
    value = values.get(name)
    if value is None or value == "":
        return ""
    if name in NAMED:
        return known.get((name, value), "")
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    column = _TABLES[entry.row_kind].columns.get(name)
    kind = column.type if column is not None else None
    if isinstance(kind, Fen):
        return str(show(Money(int(value))))
    if isinstance(kind, Choice):
        words = WORDS.get(kind.kind) or COUNTING_WORDS.get(kind.kind)
        return str(words[kind.kind(value)]) if words else str(value)
    if isinstance(kind, Date):
        return "" if str(value) == FOREVER.isoformat() else str(value)
    return str(value)
