"""Disabling or moving a person who owns work: the work goes first, in the same transaction."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts import queries as people
from crm.accounts.rules import Permission
from crm.core.errors import Missing
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.projects.forms.changes import HandOverForm
from crm.projects.operations import handover
from crm.projects.queries.handover import heirs, work_of
from crm.projects.views.door import bp


@bp.route("/people/<id:person_id>/hand-over", methods=["GET", "POST"])
@allow(Permission.PEOPLE_MANAGE)
def hand_over(person_id: int) -> Response:
    """To whom a person's open work goes before he is disabled or moved; counts only, no names."""
    then = request.args.get("then", "disable")
    if then not in {"disable", "move"}:
        raise Missing
    person = people.person(here.session, person_id)
    form = HandOverForm()
    able = heirs(here.session, but=person_id)
    if then == "move" and any(one == person_id for one, _name in heirs(here.session, but=0)):
        able.insert(0, (person_id, _("%(name)s keeps it in the new unit", name=person.name)))
    form.to_id.offer(options(able))
    units = [one for one in people.units(here.session) if one.active and one.id != person.unit_id]
    form.unit_id.offer(options([(one.id, one.name) for one in units]))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            to_id, unit_id = form.to_id.data, form.unit_id.data
            if then == "disable":
                handover.let_go(session, here.actor, person_id, to_id, now=here.now)
            else:
                handover.move_away(session, here.actor, person_id, to_id, unit_id, now=here.now)
            return url_for("people.index")

        if answer := write(form, effect):
            said = _("The work is handed over and the account disabled.")
            flash(said if then == "disable" else _("The work is handed over."), "success")
            return answer
    return page(
        "projects/hand_over.html",
        form=form,
        person_left=person,
        work=work_of(here.session, person_id),
        then=then,
    )
