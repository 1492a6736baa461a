"""One's own settings and preview, the mail desk, working days: who may, and what comes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crm.accounts.models import Person
from crm.audit.models import Entry
from crm.catalog.queries import calendar_is_official, work_calendar
from crm.core.database import Database
from crm.notices.models import Letter
from crm.notices.rules import LetterKind, LetterState
from crm.reminders.queries.people import policy, wishes_of, wishes_row
from crm.reminders.rules.schedule import Policy, Wishes
from tests.factories import work
from tests.factories.city import City

HIS = "kunqu_officer"


def address(city: City, who: str, email: str) -> int:
    with city.write() as session:
        session.execute(update(Person).where(Person.username == who).values(email=email))
    return city.person_id(who)


def letters(database: Database) -> list[Letter]:
    with database.read() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_a_person_sets_day_hour_and_pause_and_sees_his_letter(
    city: City, client: FlaskClient, database: Database
) -> None:
    work.lead(city, HIS, "稀土磁材", next_step_on=work.today())
    city.sign_in(client, HIS)
    until = work.today() + timedelta(days=9)
    told = {"weekday": "2", "hour": "9", "paused_until": until.isoformat(), "daily": "y"}
    assert client.post("/account/letters", data={**told, "version": "0"}).status_code == 303
    assert client.post("/account/letters", data={**told, "version": "0"}).status_code == 409
    with database.read() as session:
        row = wishes_row(session, city.person_id(HIS))
        assert wishes_of(row) == Wishes(2, 9, until, friday=False, daily=True)
    assert until.isoformat() in client.get("/account/letters").text
    shown = client.get("/account/letters/preview")
    assert "稀土磁材" in shown.text
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    text = client.get("/account/letters/preview?part=text")
    assert text.mimetype == "text/plain"
    assert "稀土磁材" in text.text
    for wrong in ({"weekday": "8"}, {"hour": "24"}, {"paused_until": "x"}):
        assert client.post("/account/letters", data={**told, **wrong}).status_code == 422


def test_who_gets_no_letters_is_told_so(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "admin")
    assert "您的角色没有这些" in client.get("/account/letters").text
    assert client.get("/account/letters/preview").status_code == 404


def test_the_mail_desk_is_the_administrators(city: City, client: FlaskClient) -> None:
    number = city.person_id(HIS)
    for who in ("city_manager", "leader", HIS, "auditor"):
        city.sign_in(client, who)
        for page in ("", "/week", "/settings", f"/people/{number}/preview"):
            assert client.get(f"/letters{page}").status_code == 403
        for page in ("/test", f"/people/{number}/now"):
            assert client.post(f"/letters{page}").status_code == 403


def test_an_administrator_looks_at_a_letter_and_that_stands_in_the_trail(
    city: City, client: FlaskClient, database: Database
) -> None:
    work.lead(city, HIS, "稀土磁材", next_step_on=work.today())
    number = address(city, HIS, "zhang@bureau.example")
    city.sign_in(client, "admin")
    assert "稀土磁材" in client.get(f"/letters/people/{number}/preview").text
    assert client.get(f"/letters/people/{city.person_id('auditor')}/preview").status_code == 404
    with database.read() as session:
        entries = session.scalars(select(Entry).where(Entry.action == "letter.previewed")).all()
    assert [(one.subject_kind, one.subject_id) for one in entries] == [("person", number)]
    week = client.get("/letters/week").text
    assert "zhang@bureau.example" in week
    assert "无邮箱" in week


def test_a_letter_is_sent_now_once_and_again_only_for_a_reason(
    city: City, client: FlaskClient, database: Database
) -> None:
    work.lead(city, HIS, "稀土磁材", next_step_on=work.today())
    number = address(city, HIS, "zhang@bureau.example")
    city.sign_in(client, "admin")
    for _ in range(2):
        assert client.post(f"/letters/people/{number}/now").status_code == 303
    (letter,) = letters(database)
    assert (letter.kind, letter.state) == (LetterKind.WEEKLY, LetterState.WAITING)
    with city.write() as session:
        session.execute(update(Letter).values(state=LetterState.SENT))
    again = f"/letters/{letter.id}/again"
    assert client.post(again, data={"reason": " "}).status_code == 422
    assert client.post(again, data={"reason": "他没有收到"}).status_code == 303
    assert [one.state for one in letters(database)] == [LetterState.WAITING]
    assert client.post(again, data={"reason": "再来"}).status_code == 422


@pytest.mark.parametrize(
    ("word", "state"), [("yes", LetterState.SENT), ("no", LetterState.WAITING)]
)
def test_a_doubtful_letter_is_decided(
    city: City, client: FlaskClient, database: Database, word: str, state: LetterState
) -> None:
    number = address(city, "leader", "wang@bureau.example")
    city.sign_in(client, "admin")
    client.post(f"/letters/people/{number}/now")
    with city.write() as session:
        session.execute(update(Letter).values(state=LetterState.DOUBTFUL))
    (letter,) = letters(database)
    assert f"/letters/{letter.id}/decide" in client.get("/letters?state=doubtful").text
    told = {"arrived": word, "reason": "问过本人"}
    assert client.post(f"/letters/{letter.id}/decide", data={}).status_code == 422
    assert client.post(f"/letters/{letter.id}/decide", data=told).status_code == 303
    assert [one.state for one in letters(database)] == [state]


def test_a_test_letter_goes_to_whoever_asks_if_he_has_an_address(
    city: City, client: FlaskClient, database: Database
) -> None:
    city.sign_in(client, "admin")
    client.post("/letters/test")
    assert letters(database) == []
    address(city, "admin", "admin@bureau.example")
    client.post("/letters/test")
    (letter,) = letters(database)
    assert (letter.kind, letter.address) == (LetterKind.TEST, "admin@bureau.example")


def test_the_house_sets_hours_and_domains(
    city: City, client: FlaskClient, database: Database
) -> None:
    city.sign_in(client, "admin")
    told = {"on": "y", "hour": "9", "friday_hour": "16", "domains": "Baotou.gov.cn， nm.gov.cn"}
    assert client.post("/letters/settings", data={**told, "version": "0"}).status_code == 303
    with database.read() as session:
        assert policy(session).policy == Policy(True, 9, False, 16, ("baotou.gov.cn", "nm.gov.cn"))
    for wrong in ({"hour": "24"}, {"domains": "a@b.cn"}, {"friday_hour": ""}):
        assert client.post("/letters/settings", data={**told, **wrong}).status_code == 422


def test_official_days_are_entered_and_taken_back(
    city: City, client: FlaskClient, database: Database
) -> None:
    year = 2036
    city.sign_in(client, "admin")
    assert "尚未公布" in client.get(f"/working-days?year={year}").text
    rest = {"first": f"{year}-05-05", "last": f"{year}-05-07", "works": "no", "name": "劳动节"}
    assert client.post("/working-days", data=rest).status_code == 303
    worked = {"first": f"{year}-05-10", "last": "", "works": "yes", "name": ""}
    assert client.post("/working-days", data=worked).status_code == 303
    with database.read() as session:
        calendar = work_calendar(session)
        assert calendar_is_official(session, year)
    assert [calendar.is_workday(date(year, 5, day)) for day in (5, 6, 7, 8, 9, 10)] == [
        False, False, False, True, True, True,
    ]  # fmt: skip
    backwards = {**rest, "last": f"{year}-05-01"}
    assert client.post("/working-days", data=backwards).status_code == 422
    page = client.get(f"/working-days?year={year}").text
    assert "劳动节" in page
    for number in range(1, 5):
        client.post(f"/working-days/{number}/forget")
    with database.read() as session:
        assert not calendar_is_official(session, year)
        assert work_calendar(session).is_workday(date(year, 5, 6))
    city.sign_in(client, "city_manager")
    assert client.post("/working-days", data=rest).status_code == 403


def test_a_letters_link_waits_behind_the_sign_in(city: City, client: FlaskClient) -> None:
    lead = work.lead(city, HIS, next_step="陪同考察", next_step_on=work.today())
    away = client.get(f"/leads/{lead}/log?done=1")
    assert away.status_code in (302, 303)
    assert f"leads/{lead}/log" in away.location.replace("%2F", "/")
    city.sign_in(client, HIS)
    assert "陪同考察" in client.get(f"/leads/{lead}/log?done=1").text
