"""A project's page with its tabs, and its files."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from sqlalchemy.orm import Session

import crm.files.operations
import crm.files.queries
from crm.accounts.rules import Permission
from crm.companies.forms import country_name
from crm.core.downloads import send
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write
from crm.files.forms import UploadForm, receive
from crm.leads.models import FOREVER
from crm.projects.labels import DEMAND_WORDS, WORDS
from crm.projects.models import Project
from crm.projects.queries import detail, scope
from crm.projects.queries.listing import attached
from crm.projects.queries.owed import Debt, by_milestone, debts
from crm.projects.rules.demands import RECOGNISED, OwedState
from crm.projects.rules.kinds import EvidenceKind, Milestone, Relation
from crm.projects.views.door import bp, story
from crm.projects.views.why import told

TABS = ("permits", "promises", "files", "timeline", "activities", "problems")


@bp.get("/projects/<id:project_id>")
@allow(Permission.PROJECT_READ)
def project(project_id: int) -> Response:
    """A project: how far it is, what it owes, what it is, and its tabs."""
    session, actor = here.session, here.actor
    found = detail.project(session, actor, project_id)
    reached = detail.reached(session, project_id)
    owed = debts(session, project_id, here.today)
    tab = request.args.get("tab", TABS[0])
    sees_promises = scope.may(session, scope.promises_readable(actor), project_id)
    if tab not in TABS or (tab == "promises" and not sees_promises):
        abort(404)
    first = found.parent_id or found.id
    rights = detail.rights(session, actor, project_id)
    family = attached(session, actor, (Project.id == first) | (Project.parent_id == first))
    return page(
        "projects/project.html",
        project=found,
        rights=rights,
        rail=_rail(found, reached, owed),
        reached=reached,
        waiting=[one for one in owed if one.state is not OwedState.GIVEN],
        given=[one for one in owed if one.given],
        demand_words=DEMAND_WORDS,
        earlier=detail.earlier_signing(session, actor, found),
        family=[line for line in family if line.project.id != project_id],
        collaborators=detail.collaborators(session, found.lead_id),
        sees_lead=_sees_lead(found),
        country=country_name(found.signing_country, chosen()),
        living=found.terminated_on == FOREVER,
        ended=found.lead_id is not None and detail.living_of_lead(session, found.lead_id) == 0,
        part=tab,
        **told(found, rights, owed),
        sees_promises=sees_promises,
        **_tab(tab, project_id),
    )


def _tab(tab: str, project_id: int) -> dict[str, Any]:
    """What the open tab shows; the others are not read."""
    session = here.session
    if tab == "permits":
        return {"permits": detail.permits(session, project_id)}
    if tab == "promises":
        return {"promises": detail.promises(session, here.actor, project_id)}
    if tab == "files":
        files = crm.files.queries.attachments(session, "project", project_id)
        kinds = {kind.value: word for kind, word in WORDS[EvidenceKind].items()}
        return {"files": files, "kinds": kinds, "upload": UploadForm()}
    if tab == "timeline":
        return {"entries": story(project_id)}
    return {}


def _sees_lead(found: Project) -> bool:
    """Whether the reader may open the lead it came from; a landing district's reviewer may not."""
    if found.lead_id is None or not here.actor.may(Permission.LEAD_READ):
        return False
    return detail.reads_lead(here.session, here.actor, found.lead_id)


def _rail(found: Project, reached: dict[Milestone, Any], owed: list[Debt]) -> list[dict[str, Any]]:
    """The milestones in their usual order, each with what is known and owed."""
    planned = {
        Milestone.STARTED: found.planned_start,
        Milestone.COMMISSIONED: found.planned_commissioning,
    }
    grouped = by_milestone(owed)
    rail = []
    for milestone in Milestone:
        if found.relation is Relation.INCREASE and milestone is not Milestone.SIGNED:
            continue
        row = reached.get(milestone)
        waiting = [
            one.days for one in grouped.get(milestone, []) if one.state is not OwedState.GIVEN
        ]
        rail.append(
            {
                "milestone": milestone,
                "row": row,
                "planned": planned.get(milestone),
                "owed_days": min(waiting) if waiting else None,
                "given": row is not None and bool(grouped.get(milestone)) and not waiting,
                "recognisable": milestone in RECOGNISED,
                "demands": grouped.get(milestone, []),
            }
        )
    return rail


@bp.route("/projects/<id:project_id>/attach-file", methods=["POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def attach_file(project_id: int) -> Response:
    """Attach files to a project."""
    found = detail.project(here.session, here.actor, project_id)
    back = url_for(".project", project_id=project_id, tab="files")
    form = UploadForm()
    if form.validate_on_submit():
        received = receive(form.files)

        def effect(session: Session) -> str:
            scope.locked(session, here.actor, project_id)
            for one in received:
                crm.files.operations.attach(
                    session,
                    here.actor,
                    one.stored,
                    one.name,
                    on=("project", project_id),
                    now=here.now,
                )
            return back

        if answer := write(form, effect):
            return answer
    return page("projects/attach_file.html", form=form, project=found, back=back)


@bp.get("/projects/<id:project_id>/files/<id:file_id>")
@allow(Permission.PROJECT_READ)
def file(project_id: int, file_id: int) -> Response:
    """A file of a project, as a download that is noted in the trail."""
    detail.project(here.session, here.actor, project_id)
    found = crm.files.queries.attachment(here.session, "project", project_id, file_id)

    def note(session: Session) -> None:
        crm.files.operations.note_download(
            session, here.actor, file_id, on=("project", project_id), now=here.now
        )

    return send(found, note)


@bp.post("/projects/<id:project_id>/files/<id:file_id>/remove")
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def remove_file(project_id: int, file_id: int) -> Response:
    """Take a file off the page; evidence stays."""

    def effect(session: Session) -> str:
        scope.locked(session, here.actor, project_id)
        crm.files.operations.remove(
            session, here.actor, file_id, on=("project", project_id), now=here.now
        )
        return url_for(".project", project_id=project_id, tab="files")

    return act(effect)
