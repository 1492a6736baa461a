"""One's own letters: when they come, and how this week's would look now."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.accounts.queries as accounts
from crm.catalog.queries import work_calendar
from crm.core.errors import Missing
from crm.core.gate import open_to_signed_in
from crm.core.request import here, page, write
from crm.reminders.forms import WishesForm
from crm.reminders.letters.composing import as_now
from crm.reminders.operations import settings
from crm.reminders.queries import people
from crm.reminders.rules.schedule import next_weekly
from crm.reminders.views.door import bp, config, shown


@bp.route("/account/letters", methods=["GET", "POST"])
@open_to_signed_in
def mine() -> Response:
    """Pause, day, hour, what else comes; when the next letter is due."""
    row = people.wishes_row(here.session, here.actor.id or 0)
    wishes = people.wishes_of(row)
    told = {name: "" if value is None else value for name, value in asdict(wishes).items()}
    told |= {"weekday": str(told["weekday"]), "hour": str(told["hour"])}
    told |= {"paused_until": wishes.paused_until, "version": row.version if row else 0}
    form = WishesForm(data=told)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            settings.set_wishes(
                session, here.actor, form.wishes(), version=form.version_number, now=here.now
            )
            return url_for("letters.mine")

        if answer := write(form, effect, row=("letter_wishes", row.id) if row else None):
            flash(_("Your letters come as you want them."), "success")
            return answer
    policy = people.policy(here.session).policy
    return page(
        "reminders/mine.html",
        form=form,
        policy=policy,
        gets=bool(people.recipients(here.session, [here.actor.id or 0])),
        me=accounts.person(here.session, here.actor.id or 0),
        coming=next_weekly(wishes, policy, work_calendar(here.session), here.now),
    )


@bp.get("/account/letters/preview")
@open_to_signed_in
def preview() -> Response:
    """One's own letter as it would go now."""
    found = as_now(here.session, here.actor.id or 0, here.now, config().base_url)
    if found is None:
        raise Missing
    return shown(found[1])
