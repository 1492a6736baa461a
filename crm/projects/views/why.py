"""计入目标吗: the answer for both goals on a project's page, and the page that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.counting.labels import funds_in_words, in_words
from crm.counting.models import DecisionRow, Subject
from crm.counting.queries import stored
from crm.counting.rules.decisions import Verdict
from crm.counting.rules.plain import from_json
from crm.counting.rules.starts import decisive
from crm.projects.labels import DEMAND_WORDS, LOOKED_AT, MEND_WORDS, OTHERS_AFFAIR
from crm.projects.models import Project
from crm.projects.queries import counting, detail
from crm.projects.queries.detail import Rights
from crm.projects.queries.owed import Debt, debts
from crm.projects.rules.demands import OwedState
from crm.projects.rules.kinds import Milestone
from crm.projects.rules.mending import MENDS, Mend, Right
from crm.projects.views.door import bp

LINKS: dict[Mend, Callable[[int], str]] = {
    Mend.REPORT_START: lambda number: url_for(
        "projects.report", project_id=number, name=Milestone.STARTED.value
    ),
    Mend.RECOGNISE_START: lambda number: url_for(
        "projects.recognise", project_id=number, name=Milestone.STARTED.value
    ),
    Mend.SAY_FISCAL: lambda number: url_for("projects.edit", project_id=number, _anchor="fiscal"),
    Mend.SAY_MOVED_FROM: lambda number: url_for(
        "projects.edit", project_id=number, _anchor="moved_from"
    ),
    Mend.ENTER_FILING: lambda number: url_for("projects.codes", project_id=number),
}
"""Where each of them is done."""


def told(project: Project, rights: Rights, owed: list[Debt]) -> dict[str, Any]:
    """What the card shows: the answer, its rule in words, and what is missing, each with its link."""
    found = counting.answer(here.session, project, here.today.year)
    start = found.start
    return {
        "answer": found,
        "rule_of_funds": "" if found.funds.objection else funds_in_words(found.of_funds),
        "rule": in_words(start.reason, found.rules, start.rules_of) if start else "",
        "missing": _missing(project, start, rights, owed) if start else [],
    }


def _missing(
    project: Project, start: DecisionRow, rights: Rights, owed: list[Debt]
) -> list[dict[str, Any]]:
    """What would let the start count: (what to do, where, or who does it)."""
    found = []
    if start.reason in MENDS:
        mend, right = MENDS[start.reason]
        found.append(_step(MEND_WORDS[mend], LINKS[mend](project.id), right, rights))
    for one in owed if start.verdict is Verdict.PENDING else ():
        if one.state is not OwedState.GIVEN:
            url = url_for("projects.give", project_id=project.id, owed_id=one.id)
            words = _("Give: %(paper)s", paper=DEMAND_WORDS[one.demand.key])
            found.append(_step(words, url, Right.WRITE, rights) | {"due_on": one.due_on})
    return found


def _step(words: Any, url: str, right: Right, rights: Rights) -> dict[str, Any]:
    may = getattr(rights, right.value)
    who = "" if may else OTHERS_AFFAIR[right]
    return {"words": words, "url": url if may else "", "who": who, "due_on": None}


@bp.get("/projects/<id:project_id>/why")
@allow(Permission.PROJECT_READ)
def why(project_id: int) -> Response:
    """Why a project's start counts or not: the facts looked at, the rule, the answers it had before."""
    session, actor = here.session, here.actor
    project = detail.project(session, actor, project_id)
    history = stored.decided_before(session, Subject.PROJECT, project_id)
    return page(
        "projects/why.html",
        project=project,
        looked_at=_looked_at(history[0]) if history else [],
        history=counting.answers(history),
        earlier=detail.earlier_signing(session, actor, project),
        demand_words=DEMAND_WORDS,
        **told(
            project,
            detail.rights(session, actor, project_id),
            debts(session, project_id, here.today),
        ),
    )


def _looked_at(row: DecisionRow) -> list[dict[str, Any]]:
    """The facts that the rules looked at, each with its name and its value; those that decided first."""
    deciding = decisive(row.reason)
    found = []
    for name in sorted(row.looked_at, key=lambda name: name not in deciding):
        words, kind = LOOKED_AT[name]
        value = row.looked_at[name]
        said = value if value in (None, "") else from_json(kind, value)
        found.append({"name": name, "words": words, "value": said, "decides": name in deciding})
    return found
