"""The list of firms, a firm's page, entering and editing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.catalog.labels import WORDS as CATALOG_WORDS
from crm.catalog.rules import Region, TermKind
from crm.companies import queries
from crm.companies.forms import country_name
from crm.companies.labels import WORDS
from crm.companies.rules import CompanyFilter, Position
from crm.companies.views import people, recognition
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import address_with, here, page

REGIONS = CATALOG_WORDS[Region]

bp = Blueprint("companies", __name__)
bp.register_blueprint(people.bp)
bp.register_blueprint(recognition.bp)


@bp.get("/companies")
@allow(Permission.COMPANY_READ)
def index() -> Response:
    """The firms one may read."""
    wanted = CompanyFilter.from_args(request.args)
    session, actor, language = here.session, here.actor, chosen()
    choices: dict[str, tuple[Any, list[Any]]] = {
        "chain": (_("Chain"), catalog.chain_options(session, language)),
        "position": (_("Position"), list(WORDS[Position].items())),
        "region": (_("Region"), list(REGIONS.items())),
        "size": (
            _("Size class"),
            catalog.term_options(session, TermKind.SIZE_CLASS, language, also=[wanted.size_id]),
        ),
        "public": (_("Who reads it"), [("yes", _("Public")), ("no", _("Not public"))]),
    }
    return page(
        "companies/index.html",
        wanted=wanted,
        choices=choices,
        chosen=_chips(choices),
        rows=queries.companies(
            session,
            actor,
            wanted,
            after=request.args.get("after"),
            before=request.args.get("before"),
        ),
        count=queries.company_count(session, actor, wanted),
    )


def _chips(choices: dict[str, tuple[Any, list[Any]]]) -> list[tuple[Any, Any, str]]:
    """What the list is narrowed to: (filter, value, address without it)."""
    found = []
    for name, (label, options) in choices.items():
        value = next((one[1] for one in options if one[0] == request.args.get(name)), None)
        if value is not None:
            address = address_with({name: None, "after": None, "before": None})
            found.append((label, value, address))
    if text := request.args.get("q", "").strip():
        found.append((_("Search"), text, address_with({"q": None, "after": None, "before": None})))
    return found


@bp.get("/companies/suggest")
@allow(Permission.COMPANY_READ)
def suggest() -> Response:
    """Firms for a choice that is searched while typing: [{value, text}]."""
    found = queries.suggestions(here.session, here.actor, request.args.get("q", "")[:100])
    return jsonify([{"value": option[0], "text": option[1]} for option in found])


@bp.get("/companies/<id:company_id>")
@allow(Permission.COMPANY_READ)
def company(company_id: int) -> Response:
    """A firm: what it is, where it stands in chains, whom it supplies, who works there."""
    session, actor = here.session, here.actor
    found = queries.company(session, actor, company_id)
    known = queries.knows(session, actor, company_id)
    return page(
        "companies/company.html",
        company=found,
        country=country_name(found.country, chosen()),
        unit=queries.unit_name(session, found),
        known=known,
        people=queries.people(session, actor, company_id),
        leaders=queries.leaders_of(session, actor, company_id),
        supporters=queries.supporters_of(session, actor, company_id),
        head_firm=queries.head_firm_of(session, company_id),
        similar=queries.similar(session, actor, found.name, but=company_id),
        entries=timeline(session, "company", company_id, limit=20) if known else [],
        may_edit=known and actor.may(Permission.COMPANY_WRITE),
        may_recognise=actor.may(Permission.COMPANY_RECOGNISE),
        may_court=actor.may(Permission.ANCHOR_WRITE),
        may_lead=actor.may(Permission.LEAD_WRITE),
    )
