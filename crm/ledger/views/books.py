"""The books of a year: open and closed months, closing and reopening, money that came too late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Missing
from crm.core.gate import allow, open_to_signed_in
from crm.core.request import here, page, write
from crm.counting.operations import books as operations
from crm.counting.queries.rules import keeps
from crm.ledger.forms.books import BookForm
from crm.ledger.queries import books as queries

bp = Blueprint("books", __name__)

FIRST_YEAR = 2000
"""No city keeps books of ours from before."""

YEAR_ACTS: dict[str, tuple[Any, Any]] = {
    "reopen": (
        _l("Reopen the year"),
        _l(
            "Money confirmed too late for it counts from now on, marked as booked late; "
            "figures of a year that was reported change."
        ),
    ),
    "close": (
        _l("Close the year again"),
        _l(
            "What is confirmed from now on counts in neither year. What counted by the reopening stays."
        ),
    ),
}

MONTH_ACTS: dict[str, tuple[Any, Any]] = {
    "close": (
        _l("Close the month early"),
        _l(
            "What is confirmed from now on is booked to the next open month of the year, "
            "marked as booked late."
        ),
    ),
    "reopen": (
        _l("Reopen the month"),
        _l(
            "Receipts of this month are booked to it again. Past its own day they are marked as booked late."
        ),
    ),
}
"""What can be done: its name, and what follows from it."""

_YEAR_OPERATIONS: dict[str, Callable[..., Any]] = {
    "reopen": operations.reopen_year,
    "close": operations.close_year_again,
}
_MONTH_OPERATIONS: dict[str, Callable[..., Any]] = {
    "close": operations.close_month,
    "reopen": operations.reopen_month,
}


@bp.get("/books")
@open_to_signed_in
def index() -> Response:
    """The twelve months of a year."""
    session, actor, today = here.session, here.actor, here.today
    years = queries.years(session, today)
    year = _year_of(request.args.get("year", ""), years)
    return page(
        "ledger/books.html",
        book=queries.book(session, year, at=here.now, today=today),
        years=years,
        may_close=keeps(session, actor, Permission.BOOKS_CLOSE),
        may_reopen=keeps(session, actor, Permission.BOOKS_REOPEN),
    )


@bp.get("/books/late")
@open_to_signed_in
def late() -> Response:
    """Money confirmed after its year had closed: listed, counted in neither year."""
    years = queries.years(here.session, here.today)
    year = _year_of(request.args.get("year", ""), years)
    found = queries.late(
        here.session,
        here.actor,
        year,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page("ledger/books_late.html", year=year, years=years, found=found)


@bp.route("/books/<int:year>/<any(reopen, close):act>", methods=["GET", "POST"])
@allow(Permission.BOOKS_REOPEN)
def year_act(year: int, act: str) -> Response:
    """Reopen a closed year, or end its reopening."""
    return _act(
        year,
        YEAR_ACTS[act],
        lambda session, why: _YEAR_OPERATIONS[act](
            session, here.actor, year, reason=why, now=here.now
        ),
    )


@bp.route("/books/<int:year>/<int:month>/<any(close, reopen):act>", methods=["GET", "POST"])
@allow(Permission.BOOKS_CLOSE)
def month_act(year: int, month: int, act: str) -> Response:
    """Close a month before its day, or reopen it."""
    if not 1 <= month <= 12:
        raise Missing
    return _act(
        year,
        MONTH_ACTS[act],
        lambda session, why: _MONTH_OPERATIONS[act](
            session, here.actor, year, month, reason=why, now=here.now
        ),
        month,
    )


def _act(
    year: int,
    words: tuple[Any, Any],
    operation: Callable[[Session, str], Any],
    month: int | None = None,
) -> Response:
    """The form that asks why, and what it does."""
    if not FIRST_YEAR <= year <= here.today.year + 1:
        raise Missing
    form, back = BookForm(), url_for(".index", year=year)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operation(session, form.reason.data)
            flash(_("The books say so now."), "success")
            return back

        if answer := write(form, effect):
            return answer
    return page("ledger/books_act.html", form=form, year=year, month=month, words=words, back=back)


def _year_of(text: str, years: list[int]) -> int:
    """The year that an address asks for: one of those that there are, else this one."""
    found = {str(year): year for year in years}
    return found.get(text, years[0])
