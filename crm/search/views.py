"""The search box's answer: a page, or a list under the box while somebody types."""

from __future__ import annotations

from flask import Blueprint, Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.search.queries import TOP, search
from crm.search.rules import Asked

bp = Blueprint("search", __name__)

SUGGESTED = 4
"""Rows of a kind under the box."""


@bp.get("/search")
@allow(Permission.COMPANY_READ, Permission.PEOPLE_MANAGE)
def results() -> Response:
    """What is found for ?q=, grouped; asked by the box itself, a short list."""
    typing = bool(request.headers.get("HX-Request"))
    asked = Asked.of(request.args.get("q", ""))
    return page(
        "search/_suggested.html" if typing else "search/results.html",
        asked=asked,
        found=search(here.session, here.actor, asked, SUGGESTED if typing else TOP),
        manages=here.actor.may(Permission.PEOPLE_MANAGE),
    )
