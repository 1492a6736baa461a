"""Letters from the morning to the outbox: each once, what each says, equal to the pages."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from config import Config
from crm.accounts.models import Person
from crm.accounts.rules import Role
from crm.agenda.queries.awaits import awaits
from crm.agenda.queries.matters import at
from crm.agenda.queries.one import Whose, loads
from crm.agenda.rules import Kind
from crm.core.clock import SHANGHAI
from crm.core.database import Database
from crm.goals.operations.plan import carry_over
from crm.leads.models import Lead
from crm.leads.operations import care
from crm.meeting.operations import carry_out, decide
from crm.notices.jobs import send_letters
from crm.notices.models import JobRun, Letter
from crm.notices.rules import LetterKind, LetterState
from crm.reminders.jobs import write_letters
from crm.reminders.letters.composing import composed, look
from crm.reminders.letters.content import friday, weekly
from crm.reminders.letters.paper import written
from crm.reminders.models import LetterLine, LetterWishes
from crm.reminders.queries import people
from crm.reminders.queries.city import City as Everything
from crm.reminders.queries.city import city as everything
from crm.reminders.rules.schedule import Policy
from tests.agenda.scene import obstacles, open_week, planned
from tests.factories.city import SYSTEM, City
from tests.house.test_queries import counted as asking
from tests.notices.smtp import mail_server

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)
SNAPSHOTS = Path(__file__).parent / "snapshots"
PHONE = "13847201234"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """The whole scene plays on one Monday morning."""
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def addressed(city: City) -> City:
    """Everybody has an address but kunqu_second; the scene of a week is open."""
    with city.write() as session:
        for person in session.scalars(select(Person)):
            if person.username != "kunqu_second":
                person.email = f"{person.username}@bureau.example"
    open_week(city)
    with city.write() as session:
        session.execute(update(Lead).values(contact_phone=PHONE))
        carry_over(session, SYSTEM, year=2025, to=2026, now=MONDAY)
    return city


def run(app: Flask, database: Database, config: Config, now: datetime) -> None:
    """One run of the job, as the scheduler does it."""
    with app.app_context():
        write_letters(database, config, now)


def rows(database: Database) -> dict[tuple[int, str, str], LetterState]:
    """Every letter there is."""
    with database.read() as session:
        found = session.execute(select(Letter.person_id, Letter.kind, Letter.slot, Letter.state))
        return {(person, kind.value, slot): state for person, kind, slot, state in found}


def read_all(database: Database, now: datetime) -> tuple[Everything, dict[str, people.Recipient]]:
    """What a run reads, and everybody by his account."""
    with database.read() as session:
        to = people.recipients(session)
        names = dict(session.execute(select(Person.id, Person.username)).all())
        found = everything(session, [one.actor for one in to], to[0].actor, now)
    return found, {names[one.id]: one for one in to}


@pytest.mark.parametrize("schedulers", [2, 6])
def test_several_schedulers_at_once_write_each_letter_once(
    addressed: City, app: Flask, config: Config, database: Database, schedulers: int
) -> None:
    with ThreadPoolExecutor(schedulers) as pool:
        list(pool.map(lambda _: run(app, database, config, MONDAY), range(schedulers)))
    with database.read() as session:
        told = people.recipients(session)
        letters = session.scalars(select(Letter)).all()
        assert session.scalar(select(func.count()).select_from(JobRun)) == 1
    assert sorted(letter.person_id for letter in letters) == [one.id for one in told]
    skipped = {letter.answer for letter in letters if letter.state is LetterState.SKIPPED}
    assert skipped == {"no address", "nothing to say"}


def test_what_is_handed_over_or_returned_is_told_at_once_and_once(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    run(app, database, config, MONDAY)  # too soon: others may still be writing in these two minutes
    assert {kind for _, kind, _ in rows(database)} == {"weekly"}
    given = [planned(addressed, "kunqu_officer", f"交接{n}", 3) for n in range(7)]
    with addressed.write() as session:
        heir = addressed.person_id("kunqu_colleague")
        for number in given:
            care.assign(session, addressed.actor("kunqu_manager"), number, heir, now=MONDAY)
    for minutes in (4, 5, 60):
        run(app, database, config, MONDAY + timedelta(minutes=minutes))
    with database.read() as session:
        notices = session.scalars(select(Letter).where(Letter.kind == LetterKind.NOTICE)).all()
    told = {letter.person_id: letter for letter in notices}
    assert len(notices) == len(told) == 2
    assert told[heir].subject == "7 条线索已交给您"
    assert told[heir].text.count("/leads/") == 5
    assert "另有 2 条" in told[heir].text
    officer = told[addressed.person_id("kunqu_officer")]
    assert officer.subject == "1 笔到位资金被退回"
    assert "昆区钱审核" in officer.text
    assert "/receipts/1" in officer.html
    assert (
        "金额与回单不符" not in officer.text
    )  # of what is wrong with the evidence mail says nothing


def test_outages_and_clocks_that_jump_leave_one_letter_a_week(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    def letters() -> set[tuple[int, str]]:
        return {(person, slot) for person, kind, slot in rows(database) if kind == "weekly"}

    def weeks() -> set[str]:
        return {slot for _, slot in letters()}

    run(app, database, config, MONDAY - timedelta(hours=1))
    assert weeks() == set()
    tuesday = MONDAY + timedelta(days=1)
    run(app, database, config, tuesday)  # Monday's outage is caught up
    once = letters()
    assert weeks() == {"2026-W48"}
    for jump in (timedelta(hours=-1), timedelta(minutes=5), timedelta(days=2)):
        run(app, database, config, tuesday + jump)
    assert letters() == once
    run(app, database, config, tuesday + timedelta(days=7))  # the clock runs ahead
    assert weeks() == {"2026-W48", "2026-W49"}
    run(app, database, config, tuesday)
    assert len(letters()) == 2 * len(once)


def test_who_is_disabled_or_runs_the_house_gets_none_and_a_pause_holds(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    away, gone = addressed.person_id("kunqu_officer"), addressed.person_id("qingshan_officer")
    with addressed.write() as session:
        session.get_one(Person, gone).active = False
        until = MONDAY.date() + timedelta(days=2)
        session.add(LetterWishes(person_id=away, paused_until=until))
    run(app, database, config, MONDAY)
    people_told = {person for person, _, _ in rows(database)}
    strangers = {addressed.person_id(who) for who in ("admin", "auditor")}
    assert not people_told & {away, gone, *strangers}
    run(app, database, config, MONDAY + timedelta(days=2))
    assert (away, "weekly", "2026-W48") in rows(database)


def test_the_figures_of_letters_are_those_of_the_pages(addressed: City, database: Database) -> None:
    found, to = read_all(database, MONDAY)
    with database.read() as session:
        for who, one in to.items():
            content = weekly(found, one, plain=False)
            whose = Whose(one.actor, whole=one.role is not Role.OFFICER)
            page = sum(
                (load.counts for load in loads(session, whose, at(session, MONDAY.date()))),
                Counter[Kind](),
            )
            assert content.counts == +page, who
            if content.unit is not None:
                assert content.unit.awaits == awaits(session, one.actor), who
    assert weekly(found, to["city_manager"], plain=False).counts[Kind.OVERDUE] == 6
    assert weekly(found, to["kunqu_reviewer"], plain=False).counts[Kind.OVERDUE] == 5


def test_a_letter_names_nothing_that_it_may_not(
    addressed: City, app: Flask, database: Database
) -> None:
    found, to = read_all(database, MONDAY)
    with app.app_context():
        papers = {
            who: written(weekly(found, one, plain=False), "zh_CN", "https://crm.example")
            for who, one in to.items()
        }
        outside = written(
            weekly(found, to["kunqu_officer"], plain=True), "zh_CN", "https://crm.example"
        )
    for who, paper in papers.items():
        for part in (paper.text, paper.html):
            assert PHONE not in part, who
            assert "暗影" not in part, who
            assert "密" not in part.replace("保密", ""), who
    assert "XS-2026-0009" in papers["kunqu_officer"].text  # his own, by its number alone
    for part in (outside.text, outside.html):
        assert not re.search(r"永磁|拜访|甲|XS-|DZ-", part)
        assert "5 项逾期" in part


def test_a_first_report_about_to_lapse_is_told_and_a_problem_of_a_confidential_lead_is_not_said(
    addressed: City, app: Flask, database: Database
) -> None:
    obstacles(addressed)
    found, to = read_all(database, MONDAY)
    with app.app_context():
        content = weekly(found, to["kunqu_officer"], plain=False)
        paper = written(content, "zh_CN", "https://crm.example")
    assert "首报还剩 15 天" in paper.text
    assert "用地八十亩" not in paper.text + paper.html
    assert content.counts[Kind.OVERDUE] == 6


def test_a_line_of_the_third_week_stands_in_the_managers_letter_by_name(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    for week in range(3):
        run(app, database, config, MONDAY + timedelta(days=7 * week))
    with database.read() as session:
        said = {
            (letter.person_id, letter.slot): letter.text
            for letter in session.scalars(select(Letter).where(Letter.kind == LetterKind.WEEKLY))
        }
        weeks = session.scalars(select(LetterLine.weeks).where(LetterLine.week == "2026-W50")).all()
    assert max(weeks) == 3
    manager, officer = (addressed.person_id(f"kunqu_{who}") for who in ("manager", "officer"))
    heading = "连续三周及以上未办"
    assert [heading in said[manager, f"2026-W{n}"] for n in (48, 49, 50)] == [False, False, True]
    third = said[manager, "2026-W50"].split(heading)[1]
    assert "昆区张专员" in third
    assert "第 3 周" in said[officer, "2026-W50"]
    assert heading not in said[addressed.person_id("qingshan_manager"), "2026-W50"]


def test_friday_tells_what_will_be_red_on_monday(
    addressed: City, app: Flask, database: Database
) -> None:
    found, to = read_all(database, MONDAY)
    content = friday(found, to["kunqu_officer"], plain=False)
    assert [told.line.title for told in content.desk.told] == ["丙", "庚"]
    with app.app_context():
        paper = written(content, "zh_CN", "https://crm.example")
    assert paper.subject == "第48周 · 周末前提醒 · 2 项待办"
    assert "不办则周一转红" in paper.text


def test_a_run_asks_the_same_of_few_people_and_of_many(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    numbers = []
    for more in (0, 12):
        with addressed.write() as session:
            unit = session.get_one(Person, addressed.person_id("kunqu_officer")).unit_id
            for number in range(more):
                session.add(
                    Person(
                        username=f"new{number}",
                        name=f"新人{number}",
                        role=Role.OFFICER if number % 3 else Role.MANAGER,
                        unit_id=unit,
                        email=f"new{number}@bureau.example",
                        created_at=MONDAY,
                    )
                )
        for number in range(more):
            planned(addressed, "kunqu_colleague", f"线索{number}", -number)
        with app.app_context(), database.read() as session, asking(database) as said:
            found = list(composed(look(session, MONDAY), config.base_url))
        numbers.append((len(said), len(found)))
    (few, some), (many, all_) = numbers
    assert all_ == some + 12
    assert few == many <= 40


def test_decisions_of_a_meeting_stand_in_their_owners_letter_until_they_are_done(
    addressed: City, app: Flask, database: Database
) -> None:
    manager, numbers = addressed.actor("kunqu_manager"), []
    with addressed.write() as session:
        for n in range(7):
            row = decide(
                session,
                manager,
                text=f"督办第{n}件 <b>",
                owner_id=addressed.person_id("kunqu_officer"),
                due_on=MONDAY.date() - timedelta(days=18 - n),
                now=MONDAY - timedelta(days=20),
            )
            numbers.append(row.id)
        carry_out(session, manager, numbers[0], now=MONDAY)
    found, to = read_all(database, MONDAY)
    officer = weekly(found, to["kunqu_officer"], plain=False)
    with app.app_context():
        paper = written(officer, "zh_CN", "https://crm.example")
        plain = written(
            weekly(found, to["kunqu_officer"], plain=True), "zh_CN", "https://crm.example"
        )
        other = written(
            weekly(found, to["kunqu_colleague"], plain=False), "zh_CN", "https://crm.example"
        )
    assert len(officer.decisions) == 6
    assert len(officer.desk.told) <= 20  # of the 25 lines of a letter five are these
    for part in (paper.text, unescape(paper.html)):
        assert "督办事项" in part
        assert [f"督办第{n}件" in part for n in range(7)] == [False, *[True] * 5, False]
        assert "逾期 17 天" in part
        assert "第 3 周" in part
        assert "另有 1 条" in part
        assert "https://crm.example/#decisions" in part
    assert "件 <b>" not in paper.html
    assert "督办事项" in plain.text
    assert "督办第" not in plain.text + plain.html
    assert "督办" not in other.text + other.html


def test_six_schedulers_fifty_people_and_three_slots_make_one_letter_each_and_slot(
    addressed: City, app: Flask, config: Config, database: Database
) -> None:
    with addressed.write() as session:
        unit = session.get_one(Person, addressed.person_id("kunqu_officer")).unit_id
        crowd = [
            Person(
                username=f"p{number}",
                name=f"专员{number}",
                role=Role.OFFICER,
                unit_id=unit,
                email=f"p{number}@bureau.example",
                created_at=MONDAY,
            )
            for number in range(50)
        ]
        session.add_all(crowd)
        session.flush()
        ids = {person.id for person in crowd}
        session.add_all(LetterWishes(person_id=one, when_empty=True) for one in ids)
    weeks = ("2026-W48", "2026-W49", "2026-W50")
    with mail_server() as (server, box):
        mailing = replace(config, mail_server=server, mail_sender="crm@bureau.example")
        for week in range(len(weeks)):
            now = MONDAY + timedelta(days=7 * week)

            def scheduler(_: int, now: datetime = now) -> None:
                run(app, database, mailing, now)
                send_letters(database, mailing, now)

            with time_machine.travel(now, tick=True), ThreadPoolExecutor(6) as pool:
                list(pool.map(scheduler, range(6)))
    with database.read() as session:
        kept = session.execute(
            select(Letter.person_id, Letter.slot, Letter.state).where(
                Letter.person_id.in_(ids), Letter.kind == LetterKind.WEEKLY
            )
        ).all()
    assert sorted((person, slot) for person, slot, _ in kept) == sorted(
        (person, week) for person in ids for week in weeks
    )
    assert {state for _, _, state in kept} == {LetterState.SENT}
    arrived = Counter(address for address, _ in box.arrived)
    assert {arrived[f"p{number}@bureau.example"] for number in range(50)} == {3}
    assert len({message["Message-ID"] for _, message in box.arrived}) == len(box.arrived)


READERS = ("kunqu_officer", "kunqu_manager", "leader")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_letters_read_as_they_did(
    addressed: City, app: Flask, database: Database, language: str
) -> None:
    """Both parts for each kind of reader. CRM_SNAPSHOTS=1 writes them anew; read the difference then."""
    found, to = read_all(database, MONDAY)
    for who in READERS:
        with app.app_context():
            content = weekly(found, to[who], plain=False)
            paper = written(content, language, "https://crm.example")
        for part, ending in ((f"{paper.subject}\n\n{paper.text}", "txt"), (paper.html, "html")):
            path = SNAPSHOTS / f"{who}.{language}.{ending}"
            if os.environ.get("CRM_SNAPSHOTS"):
                path.write_text(part, encoding="utf-8")
            assert part == path.read_text(encoding="utf-8"), path.name


def test_both_parts_say_the_same(addressed: City, app: Flask, database: Database) -> None:
    found, to = read_all(database, MONDAY)
    for who in READERS:
        with app.app_context():
            paper = written(weekly(found, to[who], plain=False), "zh_CN", "https://crm.example")
        seen = unescape(re.sub(r"<[^>]+>", "", paper.html))
        links = {unescape(link) for link in re.findall(r'href="([^"]+)"', paper.html)}
        for line in paper.text.replace("\n--\n", "\n").splitlines():
            words = re.sub(r"https?://\S+|^- |[【】]|[:：]\s*$", "", line.strip())
            for word in re.split(r" · |: | \(|\)", words):
                assert word.strip() in seen, (who, word)
        assert links == set(re.findall(r"https?://\S+", paper.text)) | {
            link for link in links if "track=" in link
        }
        assert len(paper.html.encode()) < 60_000  # mail readers cut longer letters


def test_the_policy_decides_who_reads_names(addressed: City, database: Database) -> None:
    found, to = read_all(database, MONDAY)
    house = replace(Policy(), domains=("other.example",))
    assert weekly(found, to["leader"], house.plain(to["leader"].email)).plain
