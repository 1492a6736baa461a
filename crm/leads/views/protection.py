"""A lead's first report: what it holds or who else does, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.claims.rules import may_renew
from crm.core.forms import Form
from crm.core.gate import allow
from crm.core.request import act, here, page, write
from crm.leads.forms.rulings import ContestForm, WhyForm
from crm.leads.models import Lead
from crm.leads.operations import protection as operations
from crm.leads.operations.duplicates import tell
from crm.leads.queries import detail
from crm.leads.queries import protection as queries
from crm.leads.queries.duplicates import Found
from crm.leads.queries.scope import may_write
from crm.leads.views.door import bp, writable


@bp.get("/leads/<id:lead_id>/protection")
@allow(Permission.LEAD_READ)
def protection(lead_id: int) -> Response:
    """Where a lead's first report stands."""
    return _page(detail.brief(here.session, here.actor, lead_id))


@bp.post("/leads/<id:lead_id>/protection/file")
@allow(Permission.LEAD_WRITE)
def file_report(lead_id: int) -> Response:
    """报备: file the first report."""
    writable(lead_id)

    def effect(session: Session) -> str:
        operations.file(session, here.actor, lead_id, now=here.now)
        flash(_("The first report is filed."), "success")
        return url_for(".protection", lead_id=lead_id)

    return act(effect)


@bp.route("/leads/<id:lead_id>/protection/renew", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE_UNIT)
def renew_protection(lead_id: int) -> Response:
    """展期: extend a protection."""
    return _step(lead_id, operations.renew, _("Extend the protection"))


@bp.route("/leads/<id:lead_id>/protection/release", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def release_protection(lead_id: int) -> Response:
    """释放: give a first report up."""
    return _step(lead_id, operations.release, _("Give up the first report"))


@bp.route("/leads/<id:lead_id>/protection/contest", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def contest_protection(lead_id: int) -> Response:
    """争议: ask for a ruling on a first report that another lead holds."""
    lead = writable(lead_id)
    form = ContestForm()

    def effect(session: Session) -> str:
        operations.contest(
            session, here.actor, lead_id, reason=form.reason.data or "", now=here.now
        )
        return url_for(".protection", lead_id=lead_id)

    return _answered(lead, form, effect, _("Contest the first report"))


def _step(lead_id: int, operation: Callable[..., Any], title: str) -> Response:
    lead = writable(lead_id)
    held = queries.of_lead(here.session, lead, here.today)
    form = WhyForm(version=held.claim.version if held is not None else None)

    def effect(session: Session) -> str:
        operation(
            session, here.actor, lead_id, why=form.why.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip
        return url_for(".protection", lead_id=lead_id)

    return _answered(lead, form, effect, title)


def _answered(lead: Lead, form: Form, effect: Callable[[Session], str], title: str) -> Response:
    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    return page("leads/protection/step.html", form=form, lead=lead, title=title)


def _page(lead: Lead) -> Response:
    session, actor, today = here.session, here.actor, here.today
    held = queries.of_lead(session, lead, today)
    mine = held is not None and held.state.holds
    may = may_write(actor, lead)
    other = None if mine or not may else queries.rival(session, actor, lead, today)
    limits = queries.terms(session)
    return page(
        "leads/protection/lead.html",
        lead=lead,
        held=held,
        writable=may,
        other=other,
        told=_told(other.found) if other is not None else Found(),
        contests=queries.contests_of(session, lead.id),
        terms=limits,
        renewable=held is not None and mine and may_renew(held.claim.days, today, limits),
        extends=queries.may_extend(session, actor, lead),
        open_to_filing=may and not mine and other is None and queries.counts(lead),
    )


def _told(found: Found) -> Found:
    """Who holds the firm is an answer like any of the duplicate check: written down, and limited."""
    if not (found.hidden or found.secret):
        return found
    with here.database.write("web") as session:
        return tell(session, here.actor, found, now=here.now)
