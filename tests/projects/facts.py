"""Projects told through their operations, act by act, and what counting was handed of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.clock import SHANGHAI
from crm.core.store import Stored
from crm.counting.queries import figures, stored
from crm.counting.rules.decisions import Measure
from crm.counting.rules.facts import MovedFrom, ProjectFacts
from crm.files.operations import Received
from crm.projects.models import Owed, Project
from crm.projects.operations import changes, earlier, evidence, milestones, signing
from crm.projects.operations.changes import Codes
from crm.projects.operations.evidence import EvidenceDraft
from crm.projects.operations.milestones import ReachDraft, RecognitionDraft
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.queries.facts import facts_of
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.investment import FundsPlan, Investment, Move
from crm.projects.rules.kinds import (
    Construction,
    EvidenceKind,
    Funding,
    Milestone,
    Origin,
    ProjectKind,
    Relation,
)
from crm.values.money import Money
from tests.factories.city import City

SIGNED = date(2025, 2, 10)
PERMIT = Received(Stored("a" * 64, 3, b"%PDF"), "施工许可证.pdf")
PLAN = FundsPlan(((2025, Money.yi(1)), (2026, Money.yi(2))))


def noon(day: date) -> datetime:
    """The middle of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


@dataclass
class Story:
    """A transaction, those who act in it, and the day it has come to."""

    session: Session
    city: City
    officer: Actor
    reviewer: Actor
    manager: Actor
    day: date = SIGNED
    projects: list[int] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Noon of the day."""
        return noon(self.day)

    @property
    def first(self) -> int:
        """The first project."""
        return self.projects[0]

    @property
    def last(self) -> int:
        """The latest one."""
        return self.projects[-1]

    def pass_days(self, count: int = 1) -> None:
        """Go on."""
        self.day += timedelta(days=count)

    def project(self, project_id: int) -> Project:
        """A row."""
        return self.session.get_one(Project, project_id)

    def stored(self) -> dict[int, ProjectFacts]:
        """What counting was handed last."""
        return {one.project: one for one in stored.projects(self.session, self.projects)}

    def rebuilt(self) -> dict[int, ProjectFacts]:
        """What the rows say."""
        self.session.flush()
        return {one.project: one for one in facts_of(self.session, self.projects)}

    def stands(self, measure: Measure, on: date | None = None) -> int:
        """How many stand in the city's figure of 2025."""
        found = figures.figures(self.session, [measure], year=2025, on=on or self.day)
        return figures.city(found.items(), measure).count


def open_story(session: Session, city: City) -> Story:
    """Nothing has happened yet."""
    people = ("kunqu_officer", "kunqu_reviewer", "kunqu_manager")
    return Story(session, city, *(city.actor(one) for one in people))


def terms(city: City, **told: Any) -> Terms:
    """A factory of 3亿元 in 昆都仑区; `told` are terms, or parts of its investment."""
    base = Terms("基地", Investment(Money.yi(3), Funding.ENTERPRISE), city.district_id("昆都仑区"))
    of_money = {
        name: value for name, value in told.items() if name in Investment.__dataclass_fields__
    }
    rest = {name: value for name, value in told.items() if name not in of_money}
    return replace(base, investment=replace(base.investment, **of_money), **rest)


def paper(story: Story, **told: Any) -> SignDraft:
    """An agreement signed on the story's day."""
    return SignDraft(terms(story.city, **told), story.day, "包头永磁有限公司", new_company="甲公司")


def enter(story: Story, **told: Any) -> Project:
    """A project entered for the officer."""
    dimensions = told.pop("dimensions", Dimensions())
    draft = EnterDraft(
        paper(story, **told),
        Origin.BACKFILLED,
        "台账",
        owner_id=story.officer.id,
        dimensions=dimensions,
    )
    row = signing.enter(story.session, story.reviewer, draft, now=story.now)
    story.projects.append(row.id)
    return row


def attach(story: Story, relation: Relation, **told: Any) -> Project:
    """A phase or an increase of the first project."""
    row = signing.attach(
        story.session, story.officer, story.first, relation, paper(story, **told), now=story.now
    )
    story.projects.append(row.id)
    return row


def edit(story: Story, **told: Any) -> None:
    """Other terms of the latest project."""
    changes.edit(story.session, story.officer, story.last, terms(story.city, **told), now=story.now)


def start(story: Story) -> None:
    """Report the start of the latest project."""
    draft = ReachDraft(Milestone.STARTED, story.day, seen="基坑开挖")
    milestones.reach(story.session, story.officer, story.last, draft, now=story.now)


def correct_start(story: Story) -> None:
    """It started a day earlier."""
    draft = ReachDraft(Milestone.STARTED, story.day - timedelta(days=1), seen="基坑开挖")
    milestones.correct_report(
        story.session, story.reviewer, story.last, draft, "记错了", now=story.now
    )


def recognise(story: Story) -> None:
    """A department recognises the start."""
    department = _term(story.session, TermKind.DEPARTMENT)
    milestones.recognise(
        story.session,
        story.reviewer,
        story.last,
        Milestone.STARTED,
        RecognitionDraft(story.day, story.day, department),
        now=story.now,
    )


def give(story: Story) -> None:
    """Give whatever the latest project owes."""
    drafts = {
        "credit_code": EvidenceDraft(EvidenceKind.CREDIT_CODE, number="91110000600037341L"),
        "signature_page": EvidenceDraft(EvidenceKind.SIGNATURE_PAGE, number="档-1", kept_at="三楼"),
        "start": EvidenceDraft(EvidenceKind.CONSTRUCTION_PERMIT, file=PERMIT),
    }
    query = select(Owed).where(Owed.project_id == story.last, Owed.settled_on.is_(None))
    for owed in story.session.scalars(query.order_by(Owed.id)).all():
        evidence.give(
            story.session,
            story.officer,
            story.last,
            owed.id,
            drafts[owed.demand],
            now=story.now,
        )


def terminate(story: Story) -> None:
    """End the latest project."""
    changes.terminate(
        story.session,
        story.reviewer,
        story.last,
        day=story.day,
        reason_id=_term(story.session, TermKind.TERMINATION_REASON),
        now=story.now,
    )


def correct(story: Story) -> None:
    """Another chain, position and anchor."""
    chain = story.city.chain_id("稀土")
    dimensions = Dimensions(
        chain_id=chain,
        node_id=story.city.node_id("稀土", "磁材"),
        position=Position.SUPPORTING,
        model_id=story.city.model_id("chain"),
    )
    changes.correct(story.session, story.manager, story.last, dimensions, "归错链", now=story.now)


def file_first(story: Story) -> None:
    """The first project gets its filing code."""
    codes = Codes(filing_code=f"2025-{story.day:%m%d}")
    changes.set_codes(story.session, story.officer, story.first, codes, now=story.now)


def file_last(story: Story) -> None:
    """So does the latest one."""
    codes = Codes(filing_code="2025-9")
    changes.set_codes(story.session, story.officer, story.last, codes, now=story.now)


def signed_before(story: Story) -> None:
    """The latest project was signed before, as the first one."""
    number = story.project(story.first).number
    earlier.say_earlier(
        story.session, story.reviewer, story.last, number, "重复签约", now=story.now
    )


def not_signed_before(story: Story) -> None:
    """It was not."""
    earlier.say_earlier(story.session, story.reviewer, story.last, "", "不是", now=story.now)


def _term(session: Session, kind: TermKind) -> int:
    return session.scalars(select(Term.id).where(Term.kind == kind).order_by(Term.id)).first() or 0


ACTS: dict[str, Callable[[Story], object]] = {
    "enter": enter,
    "enter with a plan": lambda story: enter(story, plan=PLAN),
    "attach a phase": lambda story: attach(story, Relation.PHASE, phase_one=None),
    "attach an increase": lambda story: attach(
        story, Relation.INCREASE, agreed=Money.yi(5), increment=Money.yi(2)
    ),
    "a grid": lambda story: edit(story, kind=ProjectKind.GRID),
    "new energy": lambda story: edit(story, kind=ProjectKind.NEW_ENERGY),
    "mixed money": lambda story: edit(
        story,
        funding=Funding.MIXED,
        phase_one=Money.yi(2),
        fiscal=Money.yi(1),
        fiscal_in_phase_one=Money.wan(5000),
    ),
    "a relocation": lambda story: edit(
        story, construction=Construction.RELOCATION, move=Move(moved_from=MovedFrom.ELSEWHERE)
    ),
    "an old plant": lambda story: edit(
        story, construction=Construction.RELOCATION, move=Move(inside_old_plant=True)
    ),
    "a plan": lambda story: edit(story, plan=PLAN),
    "no plan": lambda story: edit(story, plan=FundsPlan()),
    "another district": lambda story: edit(story, district_id=story.city.district_id("青山区")),
    "start": start,
    "correct the start": correct_start,
    "recognise": recognise,
    "give": give,
    "terminate": terminate,
    "correct": correct,
    "file the first": file_first,
    "file the latest": file_last,
    "signed before": signed_before,
    "not signed before": not_signed_before,
    "days pass": Story.pass_days,
}
"""What can happen; each may be refused."""
