"""One receipt: its page, and everything that people do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.forms import row_number
from crm.core.gate import allow
from crm.core.request import act, here, local_address, page, write
from crm.counting.models import Subject
from crm.counting.queries import stored
from crm.files.operations import ask_for_pictures
from crm.ledger.forms.receipts import CorrectForm, GiveForm, ReasonForm
from crm.ledger.models import Receipt
from crm.ledger.operations import judging, papers, reporting, reversing
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.queries import funds, lines
from crm.ledger.queries.rights import rights
from crm.ledger.sheets.vouchers import voucher_total
from crm.ledger.views.door import bp, files_folder, papers_context, receipt_for
from crm.ledger.views.evidence import evidence_of
from crm.ledger.views.looking import queue_asked


@bp.get("/receipts/<id:receipt_id>")
@allow(Permission.PROJECT_READ)
def receipt(receipt_id: int) -> Response:
    """A receipt: what it is, how far it came, whether it counts and why, its papers."""
    session, actor = here.session, here.actor
    found = lines.receipt(session, actor, receipt_id)
    decisions = stored.decided_before(session, Subject.RECEIPT, receipt_id)
    queue = queue_asked()
    return page(
        "ledger/receipt.html",
        receipt=found,
        line=funds.line(found, decisions[0] if decisions else None, here.today),
        decisions=decisions,
        evidence=evidence_of(found),
        rights=rights(session, actor, found),
        queue=queue,
        following=lines.following(session, actor, queue, found) if queue else None,
    )


@bp.post("/receipts/<id:receipt_id>/review")
@allow(Permission.FUNDS_REVIEW)
def review(receipt_id: int) -> Response:
    """The district has checked it."""
    return _looked_at(receipt_id, judging.review_several, _l("%(number)s is reviewed."))


@bp.post("/receipts/<id:receipt_id>/confirm")
@allow(Permission.FUNDS_CONFIRM)
def confirm(receipt_id: int) -> Response:
    """The city confirms it: from now on it counts."""
    return _looked_at(receipt_id, judging.confirm_several, _l("%(number)s is confirmed."))


def _looked_at(receipt_id: int, operation: Callable[..., list[Receipt]], done: Any) -> Response:
    """A button's act on the version that the page showed: nobody confirms what he has not seen."""
    version = row_number(request.form.get("version", "")) or 0

    def effect(session: Session) -> str:
        (row,) = operation(session, here.actor, {receipt_id: version}, now=here.now)
        flash(done % {"number": row.number}, "success")
        return _then(receipt_id)

    return act(effect)


@bp.route("/receipts/<id:receipt_id>/correct", methods=["GET", "POST"])
@allow(Permission.FUNDS_REPORT)
def correct(receipt_id: int) -> Response:
    """Report a returned receipt again, corrected."""
    found = receipt_for(receipt_id, "correct")
    form = CorrectForm(**CorrectForm.values_of(found))
    if form.is_submitted():
        valid = form.validate_on_submit()
        given = form.take_in(files_folder(), voucher_total)
        if valid and not form.errors:
            line = ReportLine(form.draft(), tuple(given))

            def effect(session: Session) -> str:
                reporting.correct(
                    session,
                    here.actor,
                    receipt_id,
                    line,
                    version=form.version_number,
                    now=here.now,
                )
                ask_for_pictures(session, here.actor, [one.file for one in given], now=here.now)
                return url_for(".receipt", receipt_id=receipt_id)

            if answer := write(form, effect, row=("receipt", receipt_id)):
                flash(_("%(number)s is reported again.", number=found.number), "success")
                return answer
    return page(
        "ledger/correct.html",
        form=form,
        receipt=found,
        payers=funds.payers(here.session, found.project),
        **papers_context(),
    )


@bp.route("/receipts/<id:receipt_id>/give", methods=["GET", "POST"])
@allow(Permission.FUNDS_REPORT)
def give(receipt_id: int) -> Response:
    """Give papers of a receipt."""
    found = receipt_for(receipt_id, "give")
    form = GiveForm()
    if form.is_submitted():
        valid = form.validate_on_submit()
        given = form.take_in(files_folder(), voucher_total)
        if valid and not form.errors:

            def effect(session: Session) -> str:
                papers.give(session, here.actor, receipt_id, given, now=here.now)
                ask_for_pictures(session, here.actor, [one.file for one in given], now=here.now)
                return url_for(".receipt", receipt_id=receipt_id)

            if answer := write(form, effect):
                flash(_("The papers are with %(number)s.", number=found.number), "success")
                return answer
    line = funds.line(found, None, here.today)
    return page("ledger/give.html", form=form, receipt=found, line=line, **papers_context())


@bp.route("/receipts/<id:receipt_id>/take-back", methods=["GET", "POST"])
@allow(Permission.FUNDS_REPORT)
def withdraw(receipt_id: int) -> Response:
    """Take back what was reported by mistake."""
    return _with_reason(
        receipt_for(receipt_id, "withdraw"), reporting.withdraw, "ledger/withdraw.html"
    )


@bp.route("/receipts/<id:receipt_id>/return", methods=["GET", "POST"])
@allow(Permission.FUNDS_REVIEW, Permission.FUNDS_CONFIRM)
def send_back(receipt_id: int) -> Response:
    """Return it to whoever reported it, with a reason."""
    return _with_reason(
        receipt_for(receipt_id, "send_back"), judging.send_back, "ledger/return.html"
    )


@bp.route("/receipts/<id:receipt_id>/reverse", methods=["GET", "POST"])
@allow(Permission.FUNDS_REPORT)
def reverse(receipt_id: int) -> Response:
    """Take a confirmed receipt back by one that reverses it."""
    return _with_reason(
        receipt_for(receipt_id, "reverse"), reversing.reverse, "ledger/reverse.html"
    )


def _with_reason(found: Receipt, operation: Callable[..., Receipt], template: str) -> Response:
    """An act that asks why, on the version that was read; leads to the receipt it made or changed.

    Beside the list of a queue htmx asks for the form alone; after a refusal it is a page.
    """
    form = ReasonForm(version=found.version)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            told: dict[str, Any] = {"reason": form.reason.data, "version": form.version_number}
            row = operation(session, here.actor, found.id, now=here.now, **told)
            return _then(row.id)

        if answer := write(form, effect, row=("receipt", found.id)):
            return answer
    bare = request.method == "GET" and bool(request.headers.get("HX-Request"))
    layout = "_layout/bare.html" if bare else "ledger/_act.html"
    back = _then(found.id) if bare else url_for(".receipt", receipt_id=found.id)
    return page(template, form=form, receipt=found, layout=layout, back=back, then=_then(found.id))


def _then(receipt_id: int) -> str:
    """Where an act leads: to the next of the queue that it was done from, else to the receipt."""
    told = request.values.get("then")
    return local_address(told, url_for(".receipt", receipt_id=receipt_id))
