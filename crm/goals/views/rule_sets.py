"""Rule sets: read by everybody, drafted, edited, tried and published by the administrator."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.queries import changes_since, timeline
from crm.catalog.queries import districts
from crm.core.errors import Missing
from crm.core.gate import allow
from crm.core.request import act, here, page, write
from crm.counting.operations import rule_sets as versions
from crm.counting.queries.rules import in_force
from crm.goals.forms.parameters import GROUPS, PARAMETERS, changes_told, value_in_words
from crm.goals.forms.rule_sets import RuleSetForm, YearForm
from crm.goals.operations import rule_sets as operations
from crm.goals.queries import rule_sets as queries
from crm.goals.queries.trials import known, last_publishing, last_trial

bp = Blueprint("rule_sets", __name__, url_prefix="/goals/rules")

bp.add_app_template_global(value_in_words, "rule_in_words")

readers = allow(Permission.PROJECT_READ, Permission.RULES_EDIT, Permission.AUDIT_READ)
"""Everybody who is signed in: what counts is no secret."""

editors = allow(Permission.RULES_EDIT)


@bp.get("")
@readers
def index() -> Response:
    """The versions of every year, which is in force, what each changed."""
    form = YearForm(data={"year": here.today.year + 1})
    years = queries.by_year(here.session, here.actor, here.today.year)
    return page("goals/rules/list.html", years=years, parameters=PARAMETERS, form=form)


@bp.get("/<id:rule_set_id>")
@readers
def version(rule_set_id: int) -> Response:
    """One version: every parameter in words, what it changed, how it was tried."""
    found = queries.version(here.session, here.actor, rule_set_id)
    return page(
        "goals/rules/version.html",
        version=found,
        groups=GROUPS,
        tried=last_trial(here.session, found.row, here.today) if found.draft else None,
        publishing=last_publishing(here.session, found.row),
        may_edit=here.actor.may(Permission.RULES_EDIT),
        entries=timeline(here.session, "rule_set", rule_set_id, limit=20),
    )


@bp.get("/of/<int:year>")
@readers
def of_year(year: int) -> Response:
    """What a year goes by today: its own version, an earlier year's, or the defaults."""
    found = in_force(here.session)
    if not 2000 <= year <= 2100:
        raise Missing
    if (row := found.version(year)) is not None:
        return cast(Response, redirect(url_for("rule_sets.version", rule_set_id=row.id)))
    return page("goals/rules/defaults.html", rules=found.rules.of(year), groups=GROUPS, year=year)


@bp.post("/draft")
@editors
def draft() -> Response:
    """Draft a version from what its year goes by today, and open it."""
    form = YearForm()

    def effect(session: Session) -> str:
        year = form.year.data or 0
        rules = queries.rules_of_year(session, year)
        row = versions.draft(session, here.actor, year=year, rules=rules, now=here.now)
        return url_for("rule_sets.edit", rule_set_id=row.id)

    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    years = queries.by_year(here.session, here.actor, here.today.year)
    return page("goals/rules/list.html", years=years, parameters=PARAMETERS, form=form)


@bp.route("/<id:rule_set_id>/edit", methods=["GET", "POST"])
@editors
def edit(rule_set_id: int) -> Response:
    """Change a draft."""
    found = queries.version(here.session, here.actor, rule_set_id)
    form = RuleSetForm(data={"note": found.row.note, "version": found.row.version})
    if not form.is_submitted():
        form.show(found.rules)
    if form.validate_on_submit() and (rules := form.rules()):

        def effect(session: Session) -> str:
            versions.edit_draft(
                session,
                here.actor,
                rule_set_id,
                rules,
                note=form.note.data,
                version=form.version_number,
                now=here.now,
            )
            flash(_("The draft is saved. Try it before it is published."), "success")
            return url_for("rule_sets.version", rule_set_id=rule_set_id)

        opened = form.version_number or 0
        if answer := write(form, effect, row=("rule_set", rule_set_id)):
            return answer
        if form.stale:
            meanwhile = changes_since(here.session, "rule_set", rule_set_id, opened)
            form.stale = changes_told(meanwhile) or form.stale
    return page(
        "goals/rules/edit.html",
        form=form,
        version=found,
        groups=GROUPS,
        before=found.before,
    )


@bp.post("/<id:rule_set_id>/discard")
@editors
def discard(rule_set_id: int) -> Response:
    """Throw a draft away."""

    def effect(session: Session) -> str:
        versions.discard(session, here.actor, rule_set_id, now=here.now)
        flash(_("The draft is thrown away."), "success")
        return url_for("rule_sets.index")

    return act(effect)


@bp.post("/<id:rule_set_id>/<any(try,publish):what>")
@editors
def send(rule_set_id: int, what: str) -> Response:
    """Have a draft tried, or published, in the background."""

    def effect(session: Session) -> str:
        ask = operations.ask_trial if what == "try" else operations.ask_publishing
        ask(session, here.actor, rule_set_id, now=here.now)
        endpoint = "rule_sets.trial" if what == "try" else "rule_sets.version"
        return url_for(endpoint, rule_set_id=rule_set_id)

    return act(effect)


@bp.get("/<id:rule_set_id>/trial")
@allow(Permission.RULES_EDIT, Permission.GOALS_EDIT)
def trial(rule_set_id: int) -> Response:
    """What publishing a draft would do: who enters, who leaves, every total."""
    found = queries.version(here.session, here.actor, rule_set_id)
    tried = last_trial(here.session, found.row, here.today)
    told = tried.told if tried else None
    return page(
        "goals/rules/trial.html",
        version=found,
        tried=tried,
        publishing=last_publishing(here.session, found.row),
        parameters=PARAMETERS,
        known=known(here.session, here.actor, told) if told else {},
        districts={row.id: row for row in districts(here.session)},
        may_edit=here.actor.may(Permission.RULES_EDIT),
    )
