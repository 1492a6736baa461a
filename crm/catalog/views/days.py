"""Official working days of a year: what the program knows, and what an administrator enters over it."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.catalog import queries
from crm.catalog.forms import DaysForm
from crm.catalog.operations import days
from crm.core.forms import row_number
from crm.core.gate import allow
from crm.core.request import act, here, page, write

bp = Blueprint("days", __name__)


@bp.route("/working-days", methods=["GET", "POST"])
@allow(Permission.SETTINGS_EDIT)
def index() -> Response:
    """A year: days of rest on weekdays, days worked at weekends, and a form to enter either."""
    year = _year()
    form = DaysForm()
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            rows = days.set_days(
                session,
                here.actor,
                form.days(),
                works=form.works.data == "yes",
                name=form.name.data or "",
                now=here.now,
            )
            return url_for("days.index", year=rows[0].day.year)

        if answer := write(form, effect):
            flash(_("The calendar is changed."), "success")
            return answer
    calendar = queries.work_calendar(here.session)
    everything = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    return page(
        "catalog/days.html",
        form=form,
        year=year,
        official=queries.calendar_is_official(here.session, year),
        published=queries.published(year),
        entered=queries.official_days(here.session, year),
        rest=[day for day in everything if day.year == year and day in calendar.rest],
        extra=[day for day in everything if day.year == year and day in calendar.extra],
        years=(here.today.year - 1, here.today.year, here.today.year + 1),
    )


@bp.post("/working-days/<id:day_id>/forget")
@allow(Permission.SETTINGS_EDIT)
def forget(day_id: int) -> Response:
    """Take an entered day back."""

    def effect(session: Session) -> str:
        days.forget_day(session, here.actor, day_id, now=here.now)
        flash(_("The day is as the program knows it."), "success")
        return url_for("days.index")

    return act(effect)


def _year() -> int:
    asked = row_number(request.args.get("year", "")) or 0
    return asked if queries.FIRST_CALENDAR <= asked <= queries.LAST_CALENDAR else here.today.year
