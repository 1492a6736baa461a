"""What a person is told of leads that may be the same: while he types, and before a save."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from crm.accounts.rules import Permission
from crm.core import once
from crm.core.forms import Form, row_number
from crm.core.gate import allow
from crm.core.request import here
from crm.leads.operations.duplicates import tell
from crm.leads.queries import duplicates as queries
from crm.leads.queries.duplicates import MOST_AN_HOUR, Found
from crm.leads.rules.duplicates import Asked, Firm, content_key
from crm.leads.views.door import bp


@bp.post("/leads/duplicates")
@allow(Permission.LEAD_WRITE)
def duplicates() -> Response:
    """A part of a lead's or firm's form: what is known of the firm or plan being typed."""
    asked = typed()
    return make_response(render_template("leads/_duplicates.html", asked=asked, found=told(asked)))


def typed() -> Asked:
    """What the posted form says of the firm and the plan; `?lead=` or `?company=` is the one edited.

    A chosen firm is read from its row, if the person reads it: an id alone tells him nothing.
    """
    said = request.form
    chosen = None if said.get("unnamed") else row_number(said.get("company_id", ""))
    firm = queries.firm_of(here.session, here.actor, chosen) if chosen else None
    name = "" if said.get("unnamed") else said.get("new_company") or said.get("name") or ""
    if firm is None:
        firm = Firm.named(
            "" if chosen else name[:120],
            "" if chosen else said.get("credit_code", "")[:40],
            said.get("group_name", "")[:120],
        )
    return Asked(
        firm,
        content=content_key(said.get("content", "")[:300]),
        chain_id=row_number(said.get("chain_id", "")),
        but_lead=row_number(request.args.get("lead", "")),
        but_company=row_number(request.args.get("company", "")),
    )


def told(asked: Asked) -> Found:
    """The answer, written down where it tells of a hidden lead; the same for everything past the limit."""
    if not asked.mark and (asked.chain_id is None or not asked.content):
        return Found()
    found = queries.look(here.session, here.actor, asked, here.today)
    if found.hidden or found.secret:
        with here.database.write("web") as session:
            return tell(session, here.actor, found, now=here.now)
    lately = queries.told_lately(here.session, here.actor, here.now)
    return found.silenced() if len(lately) >= MOST_AN_HOUR else found


def unseen(form: Form, asked: Asked) -> Found | None:
    """What a person has to see before his save is carried out; None when he has seen it, or there is nothing.

    The page that shows it carries the firm's mark: the next save of the same firm goes through. A late twin
    of a save that was carried out is not stopped by the very lead that it made.
    """
    if not asked.mark or request.form.get("duplicates_seen") == asked.mark:
        return None
    if once.location(here.session, form.key, here.actor.id or 0) is not None:
        return None
    found = told(asked)
    return found if found.of_firm else None
