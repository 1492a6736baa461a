"""A week in two districts with something waiting for every reason there is.

kunqu_officer     steps late, today, this week and far away; none planned; silent; long in its stage;
                  a project past its start, with papers owed and one late; a returned receipt;
                  a confidential lead, late, on which qingshan_officer collaborates
kunqu_colleague   a step that is late
qingshan_officer  a confidential project landing in 昆都仑区
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from crm.activities.operations import ProblemDraft, raise_problem
from crm.activities.rules import ProblemKind
from crm.audit.operations import Subject
from crm.core import clock
from crm.leads.models import Lead
from crm.leads.operations import care, protection
from crm.projects.models import Owed, Project
from tests.factories import money, work
from tests.factories.city import City

DAY = timedelta(days=1)


def planned(city: City, who: str, title: str, days: int | None, **draft: Any) -> int:
    """A lead whose next step is so many days away; None: none is planned."""
    step = "" if days is None else "拜访"
    day = None if days is None else work.today() + max(days, 0) * DAY
    number = work.lead(city, who, title, next_step=step, next_step_on=day, **draft)
    if days is not None and days < 0:
        _set(city, Lead, number, next_step_on=work.today() + days * DAY)
    return number


def open_week(city: City) -> None:
    """The scene above, as of today."""
    today = work.today()
    for title, days in (("甲", -40), ("乙", -1), ("丙", 0), ("丁", 30), ("戊", None)):
        planned(city, "kunqu_officer", title, days)
    quiet = planned(city, "kunqu_officer", "己", -3)
    slow = planned(city, "kunqu_officer", "庚", 4)
    _set(city, Lead, quiet, silent_from=today - 60 * DAY)
    _set(city, Lead, slow, staged_from=today - 400 * DAY)
    planned(city, "kunqu_colleague", "辛", -3)
    hidden = planned(city, "kunqu_officer", "密", -2, confidential=True)
    with city.write() as session:
        care.set_collaborators(
            session,
            city.actor("kunqu_officer"),
            hidden,
            [city.person_id("qingshan_officer")],
            now=clock.now(),
        )
    started = work.project(city, "kunqu_officer", planned(city, "kunqu_officer", "壬", 0))
    _set(city, Project, started, planned_start=today - 9 * DAY)
    with city.write() as session:
        first = select(func.min(Owed.id)).where(Owed.project_id == started).scalar_subquery()
        session.execute(update(Owed).where(Owed.id == first).values(due_on=today - DAY))
    receipt = money.reported(city, "kunqu_officer", started, now=clock.now())
    money.returned(city, "kunqu_reviewer", receipt)
    work.project(
        city,
        "qingshan_officer",
        planned(city, "qingshan_officer", "癸", 1, confidential=True),
        "暗影项目",
        "暗影科技有限公司",
    )


def obstacles(city: City) -> None:
    """A late problem of a confidential lead, one of its project due today; a first report about to lapse."""
    firm = work.firm(city, "kunqu_officer", "玄武有限公司")
    held = planned(city, "kunqu_officer", "首报", 20, company_id=firm)
    with city.write() as session:
        claim = protection.file(session, city.actor("kunqu_officer"), held, now=clock.now())
        claim.warn_from = work.today()
    hidden = planned(city, "kunqu_officer", "密二", 20, confidential=True)
    project = work.project(city, "kunqu_officer", planned(city, "kunqu_officer", "子", 0), "子项目")
    _problem(city, "kunqu_officer", ("lead", hidden), "用地八十亩", -5)
    _problem(city, "kunqu_officer", ("project", project), "专线接入", 0)


def _problem(city: City, who: str, on: Subject, asked: str, days: int) -> None:
    told = ProblemDraft(ProblemKind.LAND, asked, city.term_id("统计局"), work.today())
    with city.write() as session:
        row = raise_problem(session, city.actor(who), told, on=on, now=clock.now())
        row.due_on = work.today() + days * DAY


def _set(city: City, kind: Any, number: int, **values: Any) -> None:
    with city.write() as session:
        session.execute(update(kind).where(kind.id == number).values(**values))
