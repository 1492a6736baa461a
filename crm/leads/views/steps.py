"""What people do with a lead: moves, holds, losses, decisions, who has it and who may know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.catalog.queries import term_options
from crm.catalog.rules import TermKind
from crm.companies.forms import country_options
from crm.core.errors import Forbidden
from crm.core.forms import Form, IdField, as_choices
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write
from crm.leads.forms.entry import AssignForm, CollaboratorsForm, NextStepForm, TagsForm
from crm.leads.forms.steps import (
    AgreementForm,
    AppraisalForm,
    BackForm,
    HoldForm,
    LoseForm,
    MoveForm,
)
from crm.leads.labels import WORDS
from crm.leads.models import FOREVER, Lead
from crm.leads.operations import care, decisions, moving
from crm.leads.queries import detail
from crm.leads.queries.scope import may_mark
from crm.leads.rules.kinds import AppraisalKind, Stage
from crm.leads.rules.moves import Door, moves_from
from crm.leads.views.door import bp, offer_colleagues, place, writable


@bp.route("/leads/<id:lead_id>/move", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def move(lead_id: int) -> Response:
    """Move a lead to another stage; signing has its own door."""
    lead = writable(lead_id)
    form = MoveForm(target=_target(lead), day=here.today, version=lead.version)
    offered = [move.target for move in moves_from(lead.stage, Door.STAGE)]
    stages = [(one.value, WORDS[Stage][one]) for one in offered]
    form.target.choices = as_choices([("", _("Choose a stage")), *stages])
    _offer_reasons(form.reason_id, TermKind.BACK_REASON)

    def effect(session: Session) -> None:
        moving.move(
            session, here.actor, lead_id, Stage(form.target.data), day=form.day.data,
            reason_id=form.reason_id.data, note=form.note.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip

    back = ",".join(one.value for one in offered if one.rank < lead.stage.rank)
    return _answer("leads/move.html", lead, form, effect, back=back)


@bp.route("/leads/<id:lead_id>/hold", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def hold(lead_id: int) -> Response:
    """Put a lead on hold until a day."""
    lead = writable(lead_id)
    form = HoldForm(day=here.today, until=lead.standing_until, version=lead.version)
    _offer_reasons(form.reason_id, TermKind.HOLD_REASON)

    def effect(session: Session) -> None:
        moving.hold(
            session, here.actor, lead_id, until=form.until.data, day=form.day.data,
            reason_id=form.reason_id.data, note=form.note.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answer("leads/step.html", lead, form, effect, title=_("Put on hold"))


@bp.route("/leads/<id:lead_id>/lose", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def lose(lead_id: int) -> Response:
    """Give a lead up as lost."""
    lead = writable(lead_id)
    form = LoseForm(day=here.today, version=lead.version)
    _offer_reasons(form.reason_id, TermKind.LOST_REASON)

    def effect(session: Session) -> None:
        moving.lose(
            session, here.actor, lead_id, day=form.day.data, reason_id=form.reason_id.data,
            note=form.note.data, competing_place=form.competing_place.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answer("leads/step.html", lead, form, effect, title=_("Give up as lost"))


@bp.route("/leads/<id:lead_id>/resume", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def resume(lead_id: int) -> Response:
    """Work a lead on hold again."""
    return _back(lead_id, moving.resume, _("Resume"))


@bp.route("/leads/<id:lead_id>/reopen", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def reopen(lead_id: int) -> Response:
    """Work a lost lead again."""
    return _back(lead_id, moving.reopen, _("Reopen"))


@bp.route("/leads/<id:lead_id>/appraise", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def appraise(lead_id: int) -> Response:
    """Record an appraisal."""
    lead = writable(lead_id)
    done = detail.decisions(here.session, lead_id).appraisals
    kind = AppraisalKind.REVIEW if done else AppraisalKind.FIRST
    if request.args.get("kind") == AppraisalKind.REVIEW.value:
        kind = AppraisalKind.REVIEW
    form = AppraisalForm(kind=kind, decided_on=here.today)

    def effect(session: Session) -> None:
        decisions.appraise(session, here.actor, lead_id, form.draft(), now=here.now)

    return _answer("leads/appraise.html", lead, form, effect)


@bp.route("/leads/<id:lead_id>/agreement", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def agreement(lead_id: int) -> Response:
    """Record an intent or framework agreement."""
    lead = writable(lead_id)
    party = lead.company.name if lead.company is not None else ""
    form = AgreementForm(signed_on=here.today, party=party)
    form.country.choices = as_choices(country_options(chosen()))

    def effect(session: Session) -> None:
        decisions.record_agreement(session, here.actor, lead_id, form.draft(), now=here.now)

    return _answer("leads/agreement.html", lead, form, effect)


@bp.route("/leads/<id:lead_id>/next-step", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def next_step(lead_id: int) -> Response:
    """Plan what comes next, or say that it is done."""
    lead = writable(lead_id)
    planned = None if lead.next_step_on == FOREVER else lead.next_step_on
    form = NextStepForm(next_step=lead.next_step, next_step_on=planned, version=lead.version)

    def effect(session: Session) -> None:
        care.plan_next_step(
            session, here.actor, lead_id, step=form.next_step.data or "",
            on=form.next_step_on.data, version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answer("leads/step.html", lead, form, effect, title=_("Plan the next step"))


@bp.route("/leads/<id:lead_id>/assign", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def assign(lead_id: int) -> Response:
    """Give a lead to a colleague."""
    lead = writable(lead_id)
    form = offer_colleagues(AssignForm(version=lead.version), lead)
    receiver = form.owner_id

    def effect(session: Session) -> str:
        care.assign(
            session, here.actor, lead_id, receiver.data, note=form.note.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip
        return place()

    return _answer("leads/step.html", lead, form, effect, title=_("Assign to a colleague"))


@bp.route("/leads/<id:lead_id>/collaborators", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def collaborators(lead_id: int) -> Response:
    """Say who works on a lead beside its owner."""
    lead = writable(lead_id)
    form = CollaboratorsForm(
        person_ids=[one.id for one in lead.collaborators], version=lead.version
    )
    known = detail.partners(here.session)
    there = {option[0] for option in known}
    gone = [(str(one.id), one.name) for one in lead.collaborators if str(one.id) not in there]
    form.person_ids.offer([one for one in [*known, *gone] if one[0] != str(lead.owner_id)])

    def effect(session: Session) -> None:
        wanted = [number for number in form.person_ids.data or [] if number is not None]
        care.set_collaborators(
            session, here.actor, lead_id, wanted, version=form.version_number, now=here.now
        )

    return _answer("leads/step.html", lead, form, effect, title=_("Collaborators"))


@bp.route("/leads/<id:lead_id>/tags", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def tags(lead_id: int) -> Response:
    """Mark a lead with the dictionary's tags."""
    lead = writable(lead_id)
    held = detail.tags(here.session, lead_id)
    form = TagsForm(tag_ids=held, version=lead.version)
    form.tag_ids.offer(term_options(here.session, TermKind.TAG, chosen(), also=held))

    def effect(session: Session) -> None:
        wanted = [number for number in form.tag_ids.data or [] if number is not None]
        care.set_tags(
            session, here.actor, lead_id, wanted, version=form.version_number, now=here.now
        )

    return _answer("leads/step.html", lead, form, effect, title=_("Tags"))


@bp.post("/leads/<id:lead_id>/mark")
@allow(Permission.LEAD_WRITE)
def mark(lead_id: int) -> Response:
    """Set or lift the confidential mark: the button's value says which."""
    lead = detail.brief(here.session, here.actor, lead_id)
    if not may_mark(here.actor, lead):
        raise Forbidden
    secret = request.form.get("confidential") == "1"

    def effect(session: Session) -> str:
        care.set_confidential(session, here.actor, lead_id, secret, now=here.now)
        return url_for(".lead", lead_id=lead_id)

    return act(effect)


def _back(lead_id: int, operation: Callable[..., Any], title: str) -> Response:
    lead = writable(lead_id)
    form = BackForm(day=here.today, version=lead.version)

    def effect(session: Session) -> None:
        operation(
            session, here.actor, lead_id, day=form.day.data, note=form.note.data or "",
            version=form.version_number, now=here.now,
        )  # fmt: skip

    return _answer("leads/step.html", lead, form, effect, title=title)


def _answer(
    template: str, lead: Lead, form: Form, effect: Callable[[Session], str | None], **context: Any
) -> Response:
    """Carry a valid form out and go back to the lead; else show the form."""

    def then(session: Session) -> str:
        return effect(session) or url_for(".lead", lead_id=lead.id)

    if form.validate_on_submit() and (answer := write(form, then, row=("lead", lead.id))):
        return answer
    return page(template, form=form, lead=lead, **context)


def _target(lead: Lead) -> Stage | None:
    """The stage a link asks for, else the next one."""
    asked = request.args.get("target", "")
    if asked in list(Stage):
        return Stage(asked)
    return next((one for one in Stage if one.rank == lead.stage.rank + 1), None)


def _offer_reasons(field: IdField, kind: TermKind) -> None:
    field.offer(term_options(here.session, kind, chosen()))
