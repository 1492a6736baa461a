"""The mail desk: the log, doubtful letters, who would get what, a letter for one person, settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.accounts.queries as accounts
from crm.accounts.rules import Permission
from crm.catalog.queries import calendar_is_official
from crm.core.errors import Missing
from crm.core.gate import allow
from crm.core.heart import health
from crm.core.paging import Sort, turn
from crm.core.request import act, here, page, write
from crm.notices.labels import JOBS
from crm.notices.models import Letter
from crm.notices.operations import sending
from crm.notices.queries import LogFilter, counts, letter, log
from crm.notices.rules import LetterKind, LetterState, lost
from crm.reminders.forms import AgainForm, DecideForm, PolicyForm
from crm.reminders.labels import ANSWERS
from crm.reminders.letters.composing import as_now, this_week
from crm.reminders.letters.paper import test_letter
from crm.reminders.operations import letters, settings
from crm.reminders.queries import people
from crm.reminders.queries.rounds import plan_of_week
from crm.reminders.views.door import bp, config, shown


@bp.get("/letters")
@allow(Permission.MAIL_MANAGE)
def index() -> Response:
    """The mail log, the newest first."""
    wanted = LogFilter.from_args(request.args)
    newest = Sort(Letter.id.expression, Letter.id.expression, descending=True)
    rows = turn(
        here.session,
        log(wanted, here.now),
        newest,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page(
        "reminders/log.html",
        rows=rows,
        wanted=wanted,
        counts=counts(here.session),
        states=list(LetterState),
        letter_kinds=list(LetterKind),
        answers=ANSWERS,
        lost=lost,
        server=config().mail_server,
        health=health(here.session, here.now),
        jobs=JOBS,
    )


@bp.get("/letters/week")
@allow(Permission.MAIL_MANAGE)
def week() -> Response:
    """A dry run: who would get what this week, when, and who gets none and why."""
    year = here.today.year
    return page(
        "reminders/week.html",
        plan=plan_of_week(here.session, here.now),
        unknown_year=None if calendar_is_official(here.session, year) else year,
        answers=ANSWERS,
    )


@bp.get("/letters/people/<id:person_id>/preview")
@allow(Permission.MAIL_MANAGE)
def preview_of(person_id: int) -> Response:
    """Somebody's letter as it would go now; that it was looked at stands in the trail."""
    found = as_now(here.session, person_id, here.now, config().base_url)
    if found is None:
        raise Missing
    here.session.rollback()
    with here.database.write("web") as session:
        letters.note_preview(session, here.actor, accounts.person(session, person_id), now=here.now)
    return shown(found[1])


@bp.post("/letters/people/<id:person_id>/now")
@allow(Permission.MAIL_MANAGE)
def send_now(person_id: int) -> Response:
    """Send one person's letter of this week at once."""
    composed = this_week(here.session, person_id, here.now, config().base_url)
    if composed is None:
        raise Missing

    def effect(session: Session) -> str:
        letters.send_now(session, here.actor, composed, host=_host(), now=here.now)
        flash(_("The letter is on its way."), "success")
        return url_for("letters.index", person=person_id)

    return act(effect)


@bp.post("/letters/test")
@allow(Permission.MAIL_MANAGE)
def send_test() -> Response:
    """A test letter to oneself."""
    me = accounts.person(here.session, here.actor.id or 0)
    draft = test_letter(me, here.now, config().base_url)

    def effect(session: Session) -> str:
        letters.send_test(session, here.actor, draft, host=_host(), now=here.now)
        flash(_("A test letter to %(address)s is on its way.", address=draft.address), "success")
        return url_for("letters.index", kind=LetterKind.TEST.value)

    return act(effect)


@bp.route("/letters/<id:letter_id>/decide", methods=["GET", "POST"])
@allow(Permission.MAIL_MANAGE)
def decide(letter_id: int) -> Response:
    """A doubtful letter: it was sent, or send it again."""
    form = DecideForm()

    def change(session: Session) -> None:
        sending.decide_doubtful(
            session,
            here.actor,
            letter_id,
            arrived=form.arrived.data == "yes",
            reason=form.reason.data or "",
            now=here.now,
        )

    return _asked(letter_id, form, change)


@bp.route("/letters/<id:letter_id>/again", methods=["GET", "POST"])
@allow(Permission.MAIL_MANAGE)
def again(letter_id: int) -> Response:
    """A letter that was sent or given up goes once more, for a reason."""
    form = AgainForm()

    def change(session: Session) -> None:
        sending.send_again(
            session, here.actor, letter_id, reason=form.reason.data or "", now=here.now
        )

    return _asked(letter_id, form, change)


def _asked(
    letter_id: int, form: DecideForm | AgainForm, change: Callable[[Session], None]
) -> Response:
    row = letter(here.session, letter_id)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            change(session)
            return url_for("letters.index")

        if answer := write(form, effect):
            flash(_("Noted."), "success")
            return answer
    return page("reminders/decide.html", form=form, letter=row)


@bp.route("/letters/settings", methods=["GET", "POST"])
@allow(Permission.MAIL_MANAGE)
def policy() -> Response:
    """What holds for all letters."""
    saved = people.policy(here.session)
    told = {**asdict(saved.policy), "domains": ", ".join(saved.policy.domains)}
    form = PolicyForm(data={**told, "version": saved.version})
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            settings.set_policy(
                session, here.actor, form.policy(), version=form.version_number, now=here.now
            )
            return url_for("letters.policy")

        if answer := write(form, effect):
            flash(_("Saved."), "success")
            return answer
    return page("reminders/policy.html", form=form, server=config().mail_server)


def _host() -> str:
    return config().mail_sender.rpartition("@")[2]
