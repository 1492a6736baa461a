"""Every page, at the desk and on the phone, in both languages: nothing to complain about.

Pages are found in the application's own table of routes, so a new one is looked at without being
named here. They are shown with the demonstration's data; with CRM_SHOTS=folder a picture of each is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm.accounts.models import Person, Unit
from crm.accounts.rules import Permission, Role
from crm.activities.models import Activity, Problem
from crm.activities.operations import ProblemDraft, raise_problem, solve_problem
from crm.activities.rules import ProblemKind
from crm.audit.models import Entry
from crm.catalog.models import ChainNode, District, Term
from crm.catalog.rules import TermKind
from crm.companies.models import ChainPosition, CompanyPerson, HeadFirm
from crm.core import clock
from crm.core.database import Database
from crm.core.gate import gate_of
from crm.counting.models import RuleSetVersion
from crm.counting.operations import rule_sets
from crm.counting.rules.facts import ReceiptState
from crm.counting.rules.sets import RuleSet
from crm.demo import papers, passwords, story
from crm.demo.plan.sizes import SizeName, size_of
from crm.goals.models import Goal
from crm.goals.rules.kinds import Measured
from crm.leads.models import FOREVER, BulkAction, Lead, Scenario
from crm.leads.operations.bulk import carry_out
from crm.leads.rules.bulk import BulkKind
from crm.leads.rules.kinds import Stage, Standing
from crm.ledger.models import Receipt
from crm.lists.models import SavedView
from crm.meeting import operations as meetings
from crm.meeting.models import Meeting
from crm.notices.models import Letter
from crm.notices.operations.outbox import LetterDraft, put_out
from crm.notices.rules import LetterKind
from crm.projects.models import Owed, Project, Promise
from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import WIDTHS, axe, settle, sideways
from tests.conftest import Clones, migrate, opened
from tests.factories import money, work
from tests.factories.city import SYSTEM, City

READERS = ("manager", "kunqu.juzhang", "admin", "auditor")
"""Whoever of them passes the gate first, shows the page."""

NO_PAGES = {
    "static": "files of the house",
    "home.health": "for machines",
    "home.ready": "for machines",
    "leads.file": "a download",
    "projects.file": "a download",
    "receipts.file": "a download",
    "receipts.pages": "a part of a page",
    "receipts.picture": "a picture",
    "funds.download": "a download",
    "funnel.download": "a download",
    "meeting.download": "a download",
    "meeting.download_closed": "a download",
    "leads.column": "a part of a page",
    "letters.preview": "a letter, which is no page of the house",
    "letters.preview_of": "a letter, which is no page of the house",
    "accounts.accept_invitation": "needs a link that was never used",
    "accounts.sign_in": "looked at by test_sign_in",
    "rulings.twins": "looked at by test_rulings",
    "rulings.contest": "looked at by test_rulings",
    "leads.draft_token": "for the script of a form",
    "runs.show": "a part of a page",
    "projects.leave_signed": "needs a lead whose projects have all ended",
}

RULER = replace(SYSTEM, permissions=frozenset({Permission.RULES_EDIT.value}))

Pick = Callable[[Session], Any]


def _open_lead(session: Session) -> int | None:
    """The lead with most to show."""
    return session.scalar(
        select(Lead.id)
        .join(Activity, Activity.lead_id == Lead.id)
        .where(
            Lead.standing == Standing.OPEN,
            Lead.stage.in_([Stage.NEGOTIATING, Stage.DRAFTED]),
            Lead.company_id.is_not(None),
        )
        .group_by(Lead.id)
        .order_by(func.count().desc(), Lead.id)
        .limit(1)
    )


def _lead(standing: Standing) -> Pick:
    return lambda session: session.scalar(
        select(Lead.id).where(Lead.standing == standing).order_by(Lead.id)
    )


def _project(session: Session) -> int | None:
    """A living project that owes most."""
    return session.scalar(
        select(Owed.project_id)
        .join(Project, Project.id == Owed.project_id)
        .where(Owed.settled_on.is_(None), Project.terminated_on == FOREVER)
        .group_by(Owed.project_id)
        .order_by(func.count().desc(), Owed.project_id)
        .limit(1)
    )


def _receipt(state: ReceiptState) -> Pick:
    """The last of that state: the tests' own, whatever the demonstration tells of money."""
    query = select(Receipt.id).where(Receipt.state == state, Receipt.reverses_id.is_(None))
    return lambda session: session.scalar(query.order_by(Receipt.id.desc()).limit(1))


def _first(column: Any, *where: Any) -> Pick:
    return lambda session: session.scalar(select(column).where(*where).order_by(column).limit(1))


PICKS: dict[str, Pick] = {
    "lead_id": _open_lead,
    "project_id": _project,
    "company_id": _first(ChainPosition.company_id),
    "person_id": _first(Person.id, Person.role == Role.OFFICER),
    "unit_id": _first(Unit.id, Unit.parent_id.is_not(None)),
    "district_id": _first(District.id, District.unit_id.is_not(None)),
    "node_id": _first(ChainNode.id),
    "chain_id": _first(ChainNode.chain_id),
    "head_firm_id": _first(HeadFirm.id),
    "scenario_id": _first(Scenario.id),
    "term_id": _first(Term.id),
    "entry_id": _first(Entry.id),
    "view_id": _first(SavedView.id),
    "problem_id": _first(Problem.id, Problem.solved_on.is_(None)),
    "action_id": _first(BulkAction.id),
    "list_name": lambda session: "leads",
    "kind": lambda session: "source",
    "name": lambda session: "registered",
    "year": lambda session: clock.now().year,
    "month": lambda session: 6,
    "act": lambda session: "reopen",
    "goal_id": _first(Goal.id),
    "rule_set_id": _first(RuleSetVersion.id),
    "key": lambda session: "major_pool",
    "receipt_id": _receipt(ReceiptState.REPORTED),
    "meeting_id": _first(Meeting.id),
    "letter_id": _first(Letter.id),
}
"""What stands for an argument of an address."""

SPECIAL: dict[str, dict[str, Pick]] = {
    "problems.reopen": {"problem_id": _first(Problem.id, Problem.solved_on.is_not(None))},
    "targets.report": {"goal_id": _first(Goal.id, Goal.measured == Measured.REPORTED)},
    "leads.resume": {"lead_id": _lead(Standing.ON_HOLD)},
    "leads.reopen": {"lead_id": _lead(Standing.LOST)},
    "projects.permit": {"name": lambda session: "environment"},
    "projects.give": {
        "owed_id": _first(Owed.id, Owed.settled_on.is_(None)),
        "project_id": _first(
            Owed.project_id,
            Owed.id == select(func.min(Owed.id)).where(Owed.settled_on.is_(None)).scalar_subquery(),
        ),
    },
    "companies.people.edit": {
        "company_id": _first(
            CompanyPerson.company_id,
            CompanyPerson.id == select(func.min(CompanyPerson.id)).scalar_subquery(),
        ),
        "person_id": _first(CompanyPerson.id),
    },
    "promises.edit": {
        "promise_id": _first(Promise.id),
        "project_id": _first(
            Promise.project_id,
            Promise.id == select(func.min(Promise.id)).scalar_subquery(),
        ),
    },
    "promises.project": {"project_id": _first(Promise.project_id)},
    "project_funds.index": {"project_id": _first(Receipt.project_id)},
    "receipts.correct": {"receipt_id": _receipt(ReceiptState.RETURNED)},
    "receipts.reverse": {"receipt_id": _receipt(ReceiptState.CONFIRMED)},
    "receipts.send_back": {"receipt_id": _receipt(ReceiptState.REVIEWED)},
}
"""Pages that need a row of their own."""

ASKED: dict[str, dict[str, str]] = {
    "goals.rows": {"measure": "starts_in_hand"},
    "goals.index": {"tab": "chain"},
    "goals.others": {"year": "2025"},
    "goals.other_rows": {"year": "2025"},
}
"""Pages that are asked for something beside their path."""


@pytest.fixture(scope="module")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the papers of the demonstration lie."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def database(clones: Clones, demo_files: Path) -> Iterator[Database]:
    """The demonstration of a small city, told for today."""

    def build(url: str) -> None:
        migrate(url)
        hashes = dict.fromkeys((one.username for one in passwords.ACCOUNTS), "no password")
        stock = papers.stock(demo_files)
        with opened(url) as database, database.write("demo") as session:
            small = size_of(SizeName.SMALL)
            story.tell(session, hashes, stock, now=clock.now(), size=small)
            rule_sets.draft(
                session, RULER, year=clock.now().year, rules=RuleSet(ppp=True), now=clock.now()
            )
        with opened(url) as database:
            _money(City(database), demo_files)
            _work_done(City(database))

    url, remove = clones.make("sqlite", "demo_for_pages", build)
    with opened(url) as database:
        yield database
    remove()


def _money(city: City, files: Path) -> None:
    """A receipt in each state, of a project of 昆都仑区."""
    with city.database.read() as session:
        owner = Project.owner_id == city.person_id("kunqu")
        number = _first(Project.id, owner, Project.terminated_on == FOREVER)(session)
    paper = money.slip(files)

    def reported() -> int:
        return money.reported(city, "kunqu", number, paper)

    money.returned(city, "reviewer", reported())
    money.confirmed(city, "manager", money.reviewed(city, "reviewer", reported()))
    money.reviewed(city, "reviewer", reported())
    reported()


def _work_done(city: City) -> None:
    """A week that was closed, a letter that went out, a step set for many, problems open and solved."""
    now, today, manager = clock.now(), work.today(), city.actor("manager")
    with city.database.read() as session:
        open_leads = select(Lead.id, Lead.version).where(Lead.standing == Standing.OPEN).limit(3)
        leads = dict(map(tuple, session.execute(open_leads)))
        department = _first(Term.id, Term.kind == TermKind.DEPARTMENT)(session)
    letter = LetterDraft(
        city.person_id("kunqu"), LetterKind.TEST, "once", "kunqu@example.cn", "试信"
    )
    step = {"step": "回访", "on": (today + timedelta(days=7)).isoformat()}
    asked = ProblemDraft(ProblemKind.LAND, "用地指标三百亩", department, today + timedelta(days=7))
    with city.write() as session:
        meetings.close(session, manager, since=today - timedelta(days=7), now=now)
        put_out(session, SYSTEM, "test", "once", [letter], now=now)
        for number in leads:
            problem = raise_problem(session, manager, asked, on=("lead", number), now=now)
        solve_problem(session, manager, problem.id, today, "已落实", now=now)
    with city.write() as session:
        carry_out(session, manager, BulkKind.STEP, leads, step, now=now)


def _pages(app: Flask) -> list[Rule]:
    """The routes that can be pages."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return sorted(
        (rule for rule in rules if rule.endpoint not in NO_PAGES), key=lambda rule: rule.rule
    )


def _address(app: Flask, session: Session, rule: Rule) -> str:
    values = {}
    for name in rule.arguments:
        pick = SPECIAL.get(rule.endpoint, {}).get(name) or PICKS[name]
        values[name] = pick(session)
        assert values[name] is not None, f"the demonstration has no {name} for {rule.endpoint}"
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values, **ASKED.get(rule.endpoint, {}))


def _reader(app: Flask, windows: Windows, endpoint: str) -> str:
    gate = gate_of(app, endpoint)
    assert gate is not None
    return next(one for one in READERS if gate.admits(windows.city.actor(one)))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_can_be_read_by_everybody_and_fits(
    windows: Windows, app: Flask, database: Database, shoot: Shoot, width: int, language: str
) -> None:
    open_pages = {name: windows.open(name, width, language) for name in READERS}
    wrong: list[str] = []
    with database.read() as session:
        addresses = {rule.endpoint: _address(app, session, rule) for rule in _pages(app)}
    for endpoint, address in addresses.items():
        page = open_pages[_reader(app, windows, endpoint)]
        answer = page.goto(address)
        assert answer is not None
        if "<html" not in answer.text():
            continue  # a part of another page
        settle(page)
        shoot(page, f"{endpoint}-{width}-{language}")
        if answer.status != 200:
            wrong.append(f"{address}: {answer.status}")
        wrong += [f"{address}: {line}" for line in axe(page)]
        if sideways(page) > 0:
            wrong.append(f"{address}: {sideways(page)} pixels too wide")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("username", ["kunqu", "reviewer", "manager", "leader", "admin", "auditor"])
def test_everybody_starts_with_a_page_of_his_own(
    windows: Windows, shoot: Shoot, username: str, width: int
) -> None:
    page = windows.open(username, width)
    page.goto("/")
    settle(page)

    shoot(page, f"home-{username}-{width}")
    assert (axe(page), sideways(page)) == ([], 0)


@pytest.mark.parametrize("address", ["/leads/999999999", "/audit", "/no-such-page"])
def test_a_refusal_wears_the_houses_dress(windows: Windows, shoot: Shoot, address: str) -> None:
    page = windows.open("kunqu", 390)
    answer = page.goto(address)

    assert answer is not None
    assert answer.status in {403, 404}
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, f"error-{answer.status}-390")
