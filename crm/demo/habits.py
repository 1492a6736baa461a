"""How people work with their lists: views that a manager shares, steps set for many, problems raised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from crm.activities.operations import ProblemDraft, answer_problem, raise_problem, solve_problem
from crm.activities.rules import ProblemKind
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.demo.script import Script
from crm.leads.models import Lead
from crm.leads.operations.bulk import carry_out
from crm.leads.rules.bulk import BulkKind
from crm.leads.rules.kinds import Stage, Standing
from crm.lists.operations import save
from crm.lists.rules import ListName, kept

VIEWS = (
    ("manager", "10亿元以上", (("from", "10亿"), ("sort", "-amount")), True),
    ("manager", "超期未联系", (("silence", "silent"), ("sort", "contact")), True),
    ("kunqu", "本周要做", (("mine", "1"), ("plan", "week")), False),
)
"""Whose, its name, the filter, whether his unit has it as well."""


PROBLEMS = (
    (ProblemKind.LAND, "落实一期用地指标与供地时序", "发改委", 40, 12, 0),
    (ProblemKind.ENERGY, "核定能耗指标并出具意见", "工信局", 33, -9, 0),
    (ProblemKind.LAND, "明确园区标准厂房交付时间", "工信局", 26, 20, 6),
    (ProblemKind.POWER, "研究220千伏接入方案", "发改委", 18, 25, 0),
)
"""What is asked of which department: days ago, days from today until it is due, days ago solved (0: open)."""


def prepare(script: Script) -> None:
    """Each view is kept some weeks ago; problems of leads come up, are answered, and some are solved."""
    ago = script.days.ago
    for number, view in enumerate(VIEWS):
        script.at(ago(30 - number), partial(_keep, script, *view))
    for number, (kind, asked, department, days, due, solved) in enumerate(PROBLEMS):
        draft = ProblemDraft(
            kind=kind,
            asked=f"{asked}（演示）",
            department_id=script.term(TermKind.DEPARTMENT, department),
            due_on=script.days.today + timedelta(days=due),
        )
        case = _Raised(script, draft, number)
        script.at(ago(days), case.come_up)
        script.at(ago(max(days - 10, 1)), case.answer)
        if solved:
            script.at(ago(solved), case.solve)
    script.at(ago(9), partial(_plan_together, script))


class _Raised:
    """A problem of one of the officer's leads, from its rising to its end."""

    def __init__(self, script: Script, draft: ProblemDraft, place: int) -> None:
        self._script = script
        self._draft = draft
        self._place = place
        self._actor = script.cast["kunqu" if place % 2 else "qingshan"]
        self._number = 0

    def come_up(self, now: datetime) -> None:
        """Of a lead that he works on then."""
        session, leads = self._script.session, _open_leads(self._script, self._actor)
        if leads:
            lead = leads[self._place % len(leads)]
            on = ("lead", lead.id)
            self._number = raise_problem(session, self._actor, self._draft, on=on, now=now).id

    def answer(self, now: datetime) -> None:
        """By the department, written down by the officer."""
        if self._number:
            said = "已列入专题会议程，会后书面答复（演示）。"
            session = self._script.session
            answer_problem(session, self._actor, self._number, said, now.date(), now=now)

    def solve(self, now: datetime) -> None:
        """The officer says so."""
        if self._number:
            session = self._script.session
            solve_problem(session, self._actor, self._number, now.date(), "已落实", now=now)


def _open_leads(script: Script, actor: Actor) -> Sequence[Lead]:
    """His leads in hand on that day, the oldest first."""
    mine = Lead.owner_id == actor.id, Lead.standing == Standing.OPEN, Lead.stage != Stage.SIGNED
    return script.session.scalars(select(Lead).where(*mine).order_by(Lead.id)).all()


def _plan_together(script: Script, now: datetime) -> None:
    """The bureau's manager sets the next step of the two newest leads at once."""
    newest = select(Lead).where(Lead.standing == Standing.OPEN, Lead.stage != Stage.SIGNED)
    found = script.session.scalars(newest.order_by(Lead.id.desc()).limit(2))
    rows = {lead.id: lead.version for lead in found}
    what = {"step": "更新台账（演示）", "on": (now.date() + timedelta(days=20)).isoformat()}
    carry_out(script.session, script.cast["manager"], BulkKind.STEP, rows, what, now=now)


def _keep(
    script: Script,
    who: str,
    name: str,
    filtered: tuple[tuple[str, str], ...],
    shared: bool,
    now: datetime,
) -> None:
    actor = script.cast[who]
    unit_id = actor.unit_id if shared else None
    save(script.session, actor, ListName.LEADS, name, kept(filtered), unit_id=unit_id, now=now)
