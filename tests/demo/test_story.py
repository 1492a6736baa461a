"""The demo: the same story on the same day, true to the rules, and clear about what is made up."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm.accounts.models import Person
from crm.audit import queries as audit_queries
from crm.audit.models import Entry
from crm.catalog.queries import plan
from crm.companies.models import Company
from crm.core import backup, restore
from crm.core.clock import SHANGHAI, day_of
from crm.core.database import Base, Database
from crm.counting.models import ALWAYS, DecisionRow, StandingRow, Subject
from crm.counting.rules.decisions import Measure
from crm.counting.rules.facts import ReceiptState
from crm.demo import cast, papers, passwords, story
from crm.demo.anchors import OF_THE_PLAN
from crm.demo.plan.city import City
from crm.demo.plan.sizes import SizeName, size_of
from crm.files.models import Attachment
from crm.goals.queries.board import board
from crm.leads.models import Lead, LeadEvent, LeadState
from crm.leads.rules.kinds import EventKind, Stage, Standing
from crm.ledger.models import Receipt
from crm.projects.models import Owed, Project, Reached
from crm.values.money import Money
from tests import postgres
from tests.conftest import Clones, migrate, opened
from tests.demo.test_plan import starts

NOW = datetime(2025, 9, 18, 10, 30, tzinfo=SHANGHAI)
LEAP_SUNDAY_NIGHT = datetime(2032, 2, 29, 0, 1, tzinfo=SHANGHAI)
HASHES = dict.fromkeys((account.username for account in passwords.ACCOUNTS), "no password")

SEALS = {"audit_seal", "audit_head"}
"""Tables that hold sums over the transaction's random number, which the entries carry too."""


def tell(database: Database, files: Path, now: datetime) -> City:
    stock = papers.stock(files)
    with database.write("demo") as session:
        return story.tell(session, HASHES, stock, now=now, size=size_of(SizeName.SMALL))


def rows_of(database: Database, but: set[str] = SEALS) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    select(
                        *(one for one in table.columns if one.name != "transaction_id")
                    ).order_by(*table.primary_key)
                )
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "files"


@dataclass(frozen=True)
class Telling:
    """What was planned, and the database in which it was told."""

    city: City
    database: Database


@pytest.fixture(scope="module")
def telling(clones: Clones, files: Path) -> Iterator[Telling]:
    """The small demo of one day, on SQLite; these tests read it only."""
    url, remove = clones.make("sqlite", "migrated", migrate)
    with opened(url) as database:
        yield Telling(tell(database, files, NOW), database)
    remove()


@pytest.fixture(scope="module")
def told(telling: Telling) -> Database:
    return telling.database


def test_the_same_day_tells_the_same_story(told: Database, clones: Clones, files: Path) -> None:
    url, remove = clones.make("sqlite", "migrated", migrate)
    with opened(url) as again:
        tell(again, files, NOW)
        assert rows_of(again) == rows_of(told)
    remove()


def test_it_can_be_told_on_any_day_on_postgresql_too(clones: Clones, tmp_path: Path) -> None:
    url, remove = clones.make("postgresql", "migrated", migrate)
    with opened(url) as database:
        tell(database, tmp_path, LEAP_SUNDAY_NIGHT)
        with database.read() as session:
            last = session.scalars(select(func.max(Entry.at))).one()
            assert audit_queries.verify(session).broken == ""
    assert last <= LEAP_SUNDAY_NIGHT
    remove()


def test_it_has_leads_in_every_stage_and_standing_and_projects_at_every_milestone(
    told: Database,
) -> None:
    with told.read() as session:
        leads = session.scalars(select(Lead)).all()
        milestones = set(session.scalars(select(Reached.milestone)))
        events = set(session.scalars(select(LeadEvent.kind)))
        owed = session.scalars(select(Owed)).all()
        receipts = set(session.scalars(select(Receipt.state)))
    today = day_of(NOW)
    assert {lead.stage for lead in leads} == set(Stage)
    assert {lead.standing for lead in leads} == set(Standing)
    assert any(lead.confidential for lead in leads)
    assert any(lead.company_id is None for lead in leads)
    assert any(lead.amount_high and lead.amount_low < lead.amount_high for lead in leads)
    assert any(lead.amount_estimated for lead in leads)
    assert len({lead.model_id for lead in leads}) > 8
    assert len(milestones) == 5
    assert events >= {EventKind.ENTERED, EventKind.HELD, EventKind.RESUMED, EventKind.LOST}
    assert receipts >= {ReceiptState.REPORTED, ReceiptState.CONFIRMED}
    assert any(one.settled_on for one in owed)
    assert any(one.settled_on is None and one.due_on < today for one in owed)


def test_counting_says_of_every_project_what_was_planned(telling: Telling) -> None:
    """Those whose papers and recognition are all told by the last day."""
    with telling.database.read() as session:
        said = dict(
            session.execute(
                select(Project.name, DecisionRow.reason)
                .join(DecisionRow, DecisionRow.subject_id == Project.id)
                .where(DecisionRow.subject == Subject.PROJECT, DecisionRow.replaced_at == ALWAYS)
            ).all()
        )
    days, compared = telling.city.days, 0
    for told in telling.city.projects:
        start = told.start
        ahead = [told.registered, told.papers, told.licence]
        ahead += [start.told, start.papers, start.recognised] if start else []
        if all(day is None or days.past(day) for day in ahead):
            assert (told.key, said[told.name]) == (told.key, told.expects)
            compared += 1
    assert compared > 20


def test_the_money_that_counts_is_the_money_planned_project_by_project(telling: Telling) -> None:
    days = telling.city.days
    planned: Counter[tuple[str, int]] = Counter()
    names = {plan.key: plan.name for plan in telling.city.projects}
    for line in telling.city.lines:
        if line.counts and line.confirmed and days.past(line.confirmed):
            planned[names[line.project], line.arrived.year] += line.amount
    with telling.database.read() as session:
        rows = session.execute(
            select(Project.name, StandingRow.day_from, StandingRow.amount)
            .join(Project, Project.id == StandingRow.project_id)
            .where(StandingRow.measure == Measure.FUNDS_COUNTED, StandingRow.known_until == ALWAYS)
        ).all()
    counted: Counter[tuple[str, int]] = Counter()
    for name, day, amount in rows:
        counted[name, day.year] += amount.fen
    assert counted.keys() == planned.keys()
    for key, wan in planned.items():
        assert abs(counted[key] - Money.wan(wan).fen) < 10_000, key  # currencies are rounded to fen


def test_the_board_shows_what_was_planned_as_of_any_day(telling: Telling) -> None:
    on = date(2025, 6, 30)
    with telling.database.read() as session:
        boss = session.scalars(select(Person).where(Person.username == "leader")).one()
        found = board(session, cast.actor(session, boss), year=2025, on=on, now=NOW)
    planned = starts(telling.city, date(2025, 1, 1), on)
    assert found.starts.way[Measure.STARTS_COUNTED].count == planned > 5
    assert found.funds.growth is not None
    assert found.funds.growth.rate is not None


def test_nothing_happened_after_today_and_the_trail_is_in_order(told: Database) -> None:
    with told.read() as session:
        moments = session.scalars(select(Entry.at).order_by(Entry.id)).all()
        verdict = audit_queries.verify(session)
    assert list(moments) == sorted(moments)
    assert moments[-1] < NOW
    assert verdict.broken == ""


def test_every_lead_has_one_state_for_each_day_since_it_entered(told: Database) -> None:
    with told.read() as session:
        entered = dict(session.execute(select(Lead.id, Lead.entered_on)).all())
        states = session.scalars(
            select(LeadState)
            .where(LeadState.current)
            .order_by(LeadState.lead_id, LeadState.day_from)
        ).all()
    until = {}
    for state in states:
        assert state.day_from == until.get(state.lead_id, entered[state.lead_id])
        until[state.lead_id] = state.day_until
    assert {day.year for day in until.values()} == {9999}
    assert until.keys() == entered.keys()


def test_what_is_made_up_says_so(told: Database) -> None:
    named = {row["company"] for row in plan("named_projects_2025")} - {""}
    with told.read() as session:
        companies = session.scalars(select(Company)).all()
        projects = session.scalars(select(Project)).all()
        emails = session.scalars(select(Person.email)).all()
    of_plan = {one.name for one in companies if one.demo_note == OF_THE_PLAN}
    assert of_plan == named
    assert all(one.demo_note for one in companies)
    assert all("演示" in one.demo_note for one in projects)
    assert all(email.endswith("@example.cn") for email in emails)


def test_its_papers_are_in_the_store_and_are_what_they_say(told: Database, files: Path) -> None:
    with told.read() as session:
        attachments = session.scalars(select(Attachment)).all()
    assert len(attachments) > 20
    for one in attachments:
        content = (files / one.sha256[:2] / one.sha256).read_bytes()
        assert len(content) == one.size
        start = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG"}[one.media_type]
        assert content.startswith(start)


def test_a_backup_carries_all_of_it_to_the_other_database_and_back(
    told: Database, files: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = postgres.of_run(request.config)
    name = f"restored_{uuid.uuid4().hex}"
    postgres.create(server, name)
    with opened(server.url(name)) as there:
        backup.write(told, files, tmp_path / "there.zip", NOW)
        restore.read(there, tmp_path / "there", tmp_path / "there.zip")
        backup.write(there, tmp_path / "there", tmp_path / "back.zip", NOW)
    postgres.drop(server, name)
    with opened(f"sqlite:///{tmp_path / 'back.db'}") as back:
        restore.read(back, tmp_path / "back", tmp_path / "back.zip")
        assert rows_of(back, but=set()) == rows_of(told, but=set())
        with back.read() as session:
            assert audit_queries.verify(session).broken == ""


def test_demo_passwords_are_hard_to_guess_unless_one_is_given() -> None:
    drawn = passwords.drawn()
    assert len(set(drawn.values())) == len(drawn)
    assert all(len(password) == 14 for password in drawn.values())
    assert set(passwords.drawn("just this one").values()) == {"just this one"}
