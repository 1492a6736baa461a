"""Head firms: the anchor of 头部招商."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

import crm.accounts.queries as accounts
import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.companies import queries
from crm.companies.forms import HeadFirmForm, named_once
from crm.companies.labels import WORDS
from crm.companies.models import HeadFirm
from crm.companies.operations import head_firms
from crm.companies.rules import HeadFirmFilter, HeadFirmState
from crm.core.errors import Forbidden, Missing
from crm.core.forms import options, row_number
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write

bp = Blueprint("head_firms", __name__)

READERS = (Permission.COMPANY_READ, Permission.CATALOG_EDIT, Permission.AUDIT_READ)
"""Head firms are read by everybody who is signed in."""


@bp.get("/head-firms")
@allow(*READERS)
def index() -> Response:
    """The head firms of the city."""
    wanted = HeadFirmFilter.from_args(request.args)
    return page(
        "companies/head_firms.html",
        wanted=wanted,
        rows=queries.head_firms(
            here.session,
            wanted,
            after=request.args.get("after"),
            before=request.args.get("before"),
        ),
        states=queries.head_firm_states(here.session, wanted.of_any_state()),
        every_state=list(WORDS[HeadFirmState].items()),
        clusters=catalog.cluster_options(here.session, chosen()),
        owners=queries.head_firm_owners(here.session),
        may_write=here.actor.may(Permission.ANCHOR_WRITE),
    )


@bp.get("/head-firms/<id:head_firm_id>")
@allow(*READERS)
def head_firm(head_firm_id: int) -> Response:
    """A head firm: why, who answers for it, how far, and the leads that came of it."""
    row = queries.head_firm(here.session, head_firm_id)
    may_write = here.actor.may(Permission.ANCHOR_WRITE)
    return page(
        "companies/head_firm.html",
        head_firm=row,
        states=list(HeadFirmState),
        state_words=WORDS[HeadFirmState],
        entries=timeline(here.session, "head_firm", head_firm_id, limit=20),
        may_write=may_write and queries.may_write_head_firm(here.session, here.actor, head_firm_id),
        may_read_leads=here.actor.may(Permission.LEAD_READ),
        may_read_company=here.actor.may(Permission.COMPANY_READ),
        may_lead=here.actor.may(Permission.LEAD_WRITE),
    )


@bp.route("/head-firms/new", methods=["GET", "POST"])
@allow(Permission.ANCHOR_WRITE)
def new() -> Response:
    """Make a firm a head firm."""
    given = row_number(request.args.get("company_id", ""))
    form = HeadFirmForm(company_id=given, owner_id=here.actor.id)
    form.company_id.offer(queries.company_options(here.session, here.actor, ids=[given]))
    _offer(form, None)
    if form.validate_on_submit() and _has_company(form):

        def effect(session: Session) -> str:
            row = head_firms.make_head_firm(
                session, here.actor, form.company_id.data, form.draft(), now=here.now
            )
            return url_for("head_firms.head_firm", head_firm_id=row.id)

        if answer := write(form, effect):
            return answer
    return page("companies/head_firm_edit.html", form=form, head_firm=None)


@bp.route("/head-firms/<id:head_firm_id>/edit", methods=["GET", "POST"])
@allow(Permission.ANCHOR_WRITE)
def edit(head_firm_id: int) -> Response:
    """Edit a head firm."""
    row = queries.head_firm(here.session, head_firm_id)
    if not queries.may_write_head_firm(here.session, here.actor, head_firm_id):
        raise Forbidden
    form = HeadFirmForm(obj=row)
    del form.company_id
    _offer(form, row)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            head_firms.edit_head_firm(
                session,
                here.actor,
                head_firm_id,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return url_for("head_firms.head_firm", head_firm_id=head_firm_id)

        if answer := write(form, effect, row=("head_firm", head_firm_id)):
            return answer
    return page("companies/head_firm_edit.html", form=form, head_firm=row)


@bp.post("/head-firms/<id:head_firm_id>/state/<state>")
@allow(Permission.ANCHOR_WRITE)
def set_state(head_firm_id: int, state: str) -> Response:
    """Say how far the bureau has come."""
    if state not in set(HeadFirmState):
        raise Missing

    def effect(session: Session) -> str:
        head_firms.set_head_firm_state(
            session, here.actor, head_firm_id, HeadFirmState(state), now=here.now
        )
        return url_for("head_firms.head_firm", head_firm_id=head_firm_id)

    return act(effect)


def _offer(form: HeadFirmForm, row: HeadFirm | None) -> None:
    session, owner = here.session, row.owner if row else None
    form.cluster_id.offer(
        named_once(
            catalog.cluster_options(session, chosen()),
            (row.cluster_id, row.cluster.name) if row else (None, ""),
        )
    )
    form.owner_id.offer(
        named_once(
            options(accounts.colleagues(session, here.actor)),
            (owner.id, owner.name) if owner else (None, ""),
        )
    )


def _has_company(form: HeadFirmForm) -> bool:
    if form.company_id.data is None:
        form.company_id.errors = [form.company_id.gettext("This field is required.")]
    return form.company_id.data is not None
