"""Bulk actions on leads: chosen in the list, previewed, carried out, told, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.queries import colleagues
from crm.accounts.rules import Permission
from crm.catalog.queries import term_options
from crm.catalog.rules import TermKind
from crm.core.errors import Refused
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.languages import chosen as language
from crm.core.request import act, here, page, write
from crm.leads.forms.bulk import FORMS, AssignManyForm, BulkForm, TagManyForm
from crm.leads.models import Lead
from crm.leads.operations import bulk
from crm.leads.queries import bulk as queries
from crm.leads.queries import pages
from crm.leads.queries.filters import LeadFilter
from crm.leads.queries.scope import may_write
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.bulk import MOST, BulkKind, Left, rows
from crm.leads.views.door import bp, place
from crm.leads.views.filtering import sort_asked

Rows = dict[int, int]


@dataclass(frozen=True)
class Line:
    """A lead of the preview, and why it will be left as it is; None: it will be changed."""

    lead: Lead
    left: Left | None


@bp.post("/leads/bulk/<any(assign,step,tag,untag):kind>")
@allow(Permission.LEAD_WRITE)
def preview(kind: str) -> Response:
    """What will happen to the chosen leads; with `carry`, let it happen."""
    what, form = BulkKind(kind), _form(BulkKind(kind))
    asked = "look" in request.form or "carry" in request.form
    ready = asked and form.validate_on_submit()
    if not asked:
        form.process(formdata=None)
    told = _rows(form)
    if ready and told and "carry" in request.form:

        def effect(session: Session) -> str:
            done = bulk.carry_out(session, here.actor, what, told, form.what(), now=here.now)
            return url_for(".told", action_id=done.id)

        if answer := write(form, effect):
            return answer
    leads = queries.chosen(here.session, here.actor, told)
    lines = [_line(leads[n], told[n], form if ready else None) for n in told if n in leads]
    return page(
        "leads/bulk/preview.html",
        status=None if form.all_errors() else 200,
        form=form,
        kind=what,
        told=told,
        lines=lines,
        missing=len(told) - len(leads),
        ready=ready and bool(told) and not form.refusals,
        after=_after(form) if ready else "",
    )


@bp.get("/leads/bulk/<id:action_id>")
@allow(Permission.LEAD_WRITE)
def told(action_id: int) -> Response:
    """What a bulk action of one's own did, and which leads it left."""
    done = queries.action(here.session, here.actor, action_id)
    ids = [one[0] for one in (*done.done, *done.left)]
    leads = queries.chosen(here.session, here.actor, ids)
    return page(
        "leads/bulk/told.html",
        done=done,
        changed=[leads[one[0]] for one in done.done if one[0] in leads],
        left=[(leads.get(number), Left(why), text) for number, why, text in done.left],
        undone=queries.undone(here.session, action_id),
        back=place(),
    )


@bp.post("/leads/bulk/<id:action_id>/undo")
@allow(Permission.LEAD_WRITE)
def undo(action_id: int) -> Response:
    """Take a bulk action of one's own back."""
    queries.action(here.session, here.actor, action_id)

    def effect(session: Session) -> str:
        done = bulk.undo(session, here.actor, action_id, now=here.now)
        return url_for(".told", action_id=done.id)

    return act(effect)


def _form(kind: BulkKind) -> BulkForm:
    form = FORMS[kind]()
    if isinstance(form, AssignManyForm):
        form.owner_id.offer(options(colleagues(here.session, here.actor)))
    if isinstance(form, TagManyForm):
        form.term_ids.offer(term_options(here.session, TermKind.TAG, language()))
    return form


def _rows(form: BulkForm) -> Rows:
    """The leads chosen, or the first of all that the filter in the address gives."""
    try:
        told = rows(request.form.getlist("row"))
    except ValueError:
        told = {}
    if "everything" in request.form and not ("look" in request.form or "carry" in request.form):
        told = _everything()
    if not told or len(told) > MOST:
        refusal = (
            _("At most %(n)d leads at once.", n=MOST) if told else _("Choose at least one lead.")
        )
        form.refuse(Refused(refusal))
        return {}
    return told


def _everything() -> Rows:
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    found = pages.leads(
        here.session, here.actor, wanted, limits=limits, sort=sort_asked(), size=MOST
    )
    return {lead.id: lead.version for lead in found.rows}


def _line(lead: Lead, version: int, form: BulkForm | None) -> Line:
    if lead.version != version:
        return Line(lead, Left.CHANGED)
    if not may_write(here.actor, lead):
        return Line(lead, Left.NOT_YOURS)
    if isinstance(form, AssignManyForm) and lead.owner_id == form.owner_id.data:
        return Line(lead, Left.SAME)
    return Line(lead, None)


def _after(form: BulkForm) -> str:
    """What the leads will have, in words."""
    what: Mapping[str, Any] = form.what()
    if isinstance(form, TagManyForm):
        said = [str(one.label.text) for one in form.term_ids if one.checked]
        return "、".join(said)
    if isinstance(form, AssignManyForm):
        return next((str(one.label.text) for one in form.owner_id if one.checked), "")
    return f"{what['step']} · {what['on']}"
