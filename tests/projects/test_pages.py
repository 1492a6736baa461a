"""The pages of projects as people use them, through the application, on both databases."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from crm.core import clock
from crm.core.database import Database
from crm.core.once import new_key
from crm.counting.queries import stored
from crm.counting.rules.facts import Kind, MovedFrom, Planned, Works
from crm.leads.models import Lead
from crm.leads.rules.kinds import Stage
from crm.projects.models import Owed, Project, Promise, Reached
from crm.projects.operations import signing
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding, Milestone, Origin
from crm.values.money import Money
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import PDF


def signing_form(city: City, **told: Any) -> dict[str, Any]:
    """What an officer types at the table."""
    return {
        "form_key": new_key(),
        "agreement": "investment",
        "signed_on": work.today().isoformat(),
        "signing_party": "包头永磁电机有限公司",
        "signing_country": "CN",
        "new_company": "包头永磁电机有限公司",
        "name": "永磁电机生产基地",
        "kind": "industrial",
        "construction": "new",
        "funding": "enterprise",
        "agreed": "3.5亿",
        "district_id": str(city.district_id("昆都仑区")),
    } | told


def one(database: Database, query: Any) -> Any:
    """The single answer of a query."""
    with database.read() as session:
        return session.scalars(query).one()


def test_an_officer_signs_without_the_file_sees_what_is_owed_adds_it_and_it_settles(
    client: FlaskClient, city: City, database: Database
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    form = client.get(f"/leads/{lead_id}/sign")
    assert form.status_code == 200
    assert "稀土永磁电机" in form.text

    answer = client.post(f"/leads/{lead_id}/sign", data=signing_form(city))
    assert answer.status_code == 303
    project = one(database, select(Project))
    assert answer.location == f"/projects/{project.id}"
    assert project.agreed == Money.wan(35000)
    page = client.get(answer.location).text
    assert "待补佐证" in page
    assert "协议签字页" in page

    owed = one(database, select(Owed).where(Owed.demand == "signature_page"))
    address = f"/projects/{project.id}/owed/{owed.id}"
    assert client.get(address).status_code == 200
    given = client.post(
        address,
        data={
            "form_key": new_key(),
            "kind": "signature_page",
            "files": (io.BytesIO(PDF), "协议签字页.pdf"),
        },
    )
    assert given.status_code == 303
    code = one(database, select(Owed).where(Owed.demand == "credit_code"))
    client.post(
        f"/projects/{project.id}/owed/{code.id}",
        data={"form_key": new_key(), "kind": "credit_code", "number": "91150100MA0N0XYZ10"},
    )
    with database.read() as session:
        left = session.scalars(select(Owed.demand).where(Owed.settled_on.is_(None))).all()
    assert left == ["credit_code"]  # that code's check digit is wrong
    page = client.get(f"/projects/{project.id}").text
    assert "协议签字页.pdf" in page
    address = next(
        part for part in page.split('"') if part.startswith(f"/projects/{project.id}/files/")
    )
    with client.get(address) as download:
        assert download.data == PDF


def test_a_letter_of_intent_leaves_the_lead_where_it_is_and_says_so(
    client: FlaskClient, city: City, database: Database
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    answer = client.post(f"/leads/{lead_id}/sign", data=signing_form(city, agreement="intent"))
    assert answer.location == f"/leads/{lead_id}"
    assert one(database, select(Lead).where(Lead.id == lead_id)).stage is not Stage.SIGNED
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 0
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"agreed": "-5"}, "agreed"),
        ({"agreed": "1e309"}, "agreed"),
        ({"agreed": "约2亿"}, "agreed"),
        ({"agreed": "0.0000001"}, "agreed"),
        ({"agreed": ""}, "agreed"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"signing_party": ""}, "signing_party"),
        ({"district_id": ""}, "district_id"),
        ({"district_id": "99999999999999999999"}, "district_id"),
        ({"signing_country": "??"}, "signing_country"),
        ({"phase_one": "4亿"}, "phase_one"),
        ({"fiscal": "1亿"}, "fiscal"),
        ({"funding": "mixed", "fiscal": "4亿"}, "fiscal"),
        ({"funding": "mixed", "fiscal_in_phase_one": "1亿"}, "fiscal_in_phase_one"),
        ({"moved_from": "the moon"}, "moved_from"),
        ({"plan-0-year": "2025", "plan-0-amount": "3.6亿"}, "plan_why"),
        ({"plan-0-year": "", "plan-0-amount": "1亿"}, "plan-0-amount"),
        ({"plan-0-year": "99999", "plan-0-amount": "1亿"}, "plan-0-year"),
        ({"plan-0-year": "1066", "plan-0-amount": "1亿"}, "plan"),
        ({"plan-0-year": "2025", "plan-0-amount": "约1亿"}, "plan-0-amount"),
        (
            {
                "plan-0-year": "2025",
                "plan-0-amount": "1亿",
                "plan-1-year": "2025",
                "plan-1-amount": "1亿",
            },
            "plan",
        ),
        ({"new_company": ""}, "company_id"),
        ({"kind": "castle"}, "kind"),
    ],
)
def test_bad_input_is_answered_beside_its_field_and_what_was_typed_is_kept(
    client: FlaskClient, city: City, database: Database, typed: dict[str, str], told: str
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    answer = client.post(f"/leads/{lead_id}/sign", data=signing_form(city) | typed)
    assert answer.status_code == 422
    assert f'id="{told}-error"' in answer.text
    assert "永磁电机生产基地" in answer.text
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 0


@pytest.mark.parametrize("text", ["３５０００", "35,000万元", "3.5亿", "35000"])
def test_amounts_are_read_exactly(
    client: FlaskClient, city: City, database: Database, text: str
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    client.post(f"/leads/{lead_id}/sign", data=signing_form(city, agreed=text))
    assert one(database, select(Project.agreed)) == Money.wan(35000)


def test_five_parallel_posts_of_one_form_sign_one_project(
    app: Flask, client: FlaskClient, city: City, database: Database
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    form = signing_form(city)
    clients = [app.test_client() for _ in range(5)]
    for each in clients:
        city.sign_in(each, "kunqu_officer")

    def post(each: FlaskClient) -> TestResponse:
        return each.post(f"/leads/{lead_id}/sign", data=form)

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(post, clients))
    late = clients[0].post(f"/leads/{lead_id}/sign", data=form)
    project = one(database, select(Project))
    assert {answer.location for answer in [*answers, late]} == {f"/projects/{project.id}"}


@pytest.fixture
def project_id(city: City) -> int:
    """A project of 昆区一科."""
    return work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))


def test_a_start_is_reported_by_the_officer_and_recognised_by_the_reviewer(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    base = f"/projects/{project_id}/milestones/started"
    city.sign_in(client, "kunqu_officer")
    assert client.get(f"{base}/report").status_code == 200
    told = {"form_key": new_key(), "day": work.today().isoformat(), "seen": "基坑开挖"}
    assert client.post(f"{base}/report", data=told).status_code == 303
    assert client.get(f"{base}/recognise").status_code == 403
    city.sign_in(client, "kunqu_reviewer")
    assert client.get(f"{base}/recognise").status_code == 200
    recognised = {
        "form_key": new_key(),
        "version": "1",
        "accepted_on": work.today().isoformat(),
        "recognised_on": work.today().isoformat(),
        "department_id": str(department(city)),
    }
    assert client.post(f"{base}/recognise", data=recognised).status_code == 303
    row = one(database, select(Reached).where(Reached.milestone == Milestone.STARTED))
    assert row.recognised_on == work.today()
    assert client.get(f"/projects/{project_id}").status_code == 200
    assert client.get(f"/projects/{project_id}/milestones/signed/report").status_code == 404
    assert client.get(f"/projects/{project_id}/milestones/nothing/report").status_code == 404


def department(city: City) -> int:
    """Some department."""
    from crm.catalog.queries import terms
    from crm.catalog.rules import TermKind

    with city.database.read() as session:
        return terms(session, TermKind.DEPARTMENT)[0].id


def test_the_second_of_two_editors_is_told_and_keeps_what_he_typed(
    client: FlaskClient, city: City, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    form = signing_form(city, version="1", name="甲改的名")
    assert client.post(f"/projects/{project_id}/edit", data=form).status_code == 303
    late = signing_form(city, version="1", name="乙改的名")
    answer = client.post(f"/projects/{project_id}/edit", data=late)
    assert answer.status_code == 409
    assert "乙改的名" in answer.text
    assert "甲改的名" in answer.text


PAGES = (
    "",
    "?tab=files",
    "?tab=timeline",
    "?tab=activities",
    "/edit",
    "/codes",
    "/attach",
    "/permits/land",
)


def test_every_page_of_a_project_opens_for_its_owner_in_both_languages(
    client: FlaskClient, city: City, project_id: int
) -> None:
    for language in ("zh_CN", "en"):
        city.sign_in(client, "kunqu_officer", language)
        for page in PAGES:
            assert (page, client.get(f"/projects/{project_id}{page}").status_code) == (page, 200)
        assert client.get("/projects").status_code == 200
        assert client.get("/projects/milestones").status_code == 200


def test_every_page_of_a_manager_opens(client: FlaskClient, city: City, project_id: int) -> None:
    city.sign_in(client, "kunqu_manager")
    for page in (
        *PAGES, "?tab=promises", "/correct", "/terminate", "/assign", "/promises", "/promises/new",
    ):  # fmt: skip
        assert (page, client.get(f"/projects/{project_id}{page}").status_code) == (page, 200)
    assert client.get("/promises").status_code == 200
    assert client.get("/projects/new").status_code == 200


def test_promises_do_not_exist_for_officers_and_auditors_read_nothing_else(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_manager")
    told = {
        "form_key": new_key(),
        "what": "三年房租减半",
        "basis": "包府发〔2025〕3号",
        "fair_review": "reviewed",
        "fair_review_number": "审查2025-7",
        "state": "open",
    }
    client.post(f"/projects/{project_id}/promises/new", data=told)
    promise = one(database, select(Promise))
    changed = told | {"form_key": new_key(), "version": "1", "state": "kept"}
    client.post(f"/projects/{project_id}/promises/{promise.id}/edit", data=changed)
    assert "三年房租减半" in client.get(f"/projects/{project_id}?tab=promises").text

    for stranger in ("kunqu_officer", "kunqu_reviewer", "leader"):
        city.sign_in(client, stranger)
        page = client.get(f"/projects/{project_id}")
        assert page.status_code == 200
        assert "tab=promises" not in page.text
        assert client.get(f"/projects/{project_id}?tab=promises").status_code == 404
        assert client.get(f"/projects/{project_id}/promises").status_code in {403, 404}
        assert "三年房租" not in client.get(f"/projects/{project_id}?tab=timeline").text

    city.sign_in(client, "auditor")
    assert "永磁电机生产基地" in client.get("/promises").text
    assert "三年房租减半" in client.get(f"/projects/{project_id}/promises").text
    assert client.get(f"/projects/{project_id}").status_code == 403
    assert client.get(f"/projects/{project_id}/promises/new").status_code == 403


def test_an_administrator_hands_over_and_sees_counts_only(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    leaver, heir = city.person_id("kunqu_officer"), city.person_id("kunqu_colleague")
    address = f"/people/{leaver}/hand-over?then=disable"
    city.sign_in(client, "admin")
    page = client.get(address)
    assert page.status_code == 200
    assert "永磁" not in page.text
    assert client.post(address, data={"form_key": new_key()}).status_code == 422
    done = client.post(address, data={"form_key": new_key(), "to_id": str(heir)})
    assert done.status_code == 303
    assert one(database, select(Project.owner_id)) == heir
    assert client.get(f"/people/{heir}/hand-over?then=move").status_code == 200
    assert client.get(f"/people/{heir}/hand-over?then=sing").status_code == 404


def test_the_list_filters_and_keeps_its_sum(
    client: FlaskClient, city: City, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    year = work.today().year
    for query, found in (
        ("", True),
        (f"?year={year}", True),
        (f"?year={year - 1}", False),
        ("?progress=not_started", True),
        ("?progress=started", False),
        ("?owed=1", True),
        ("?q=永磁", True),
        ("?q=ycdj", True),
        ("?q=没有的", False),
        ("?chain=0", True),
        ("?position=leader", False),
        ("?chain=99999999999999999999999&year=x&progress=y", True),
        ("?order=agreed", True),
        ("?order=name", True),
        ("?after=broken", True),
    ):
        text = client.get(f"/projects{query}").text
        assert (query, "永磁电机生产基地" in text) == (query, found)


def test_a_thousand_projects_cost_as_many_questions_as_one(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_manager")
    said: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: said.append(statement),
    )

    def asked(address: str) -> int:
        said.clear()
        assert client.get(address).status_code == 200
        return len([one for one in said if not one.startswith(("PRAGMA", "BEGIN"))])

    addresses = ("/projects", f"/projects/{project_id}", f"/projects/{project_id}?tab=timeline")
    few = [asked(address) for address in addresses]
    for count in range(60):
        enter_one(city, count)
    assert [asked(address) for address in addresses] == few
    second = client.get("/projects").text
    assert "after=" in second


def enter_one(city: City, count: int) -> None:
    """A project without a lead."""
    terms = Terms(
        f"补录项目{count}",
        Investment(Money.yi(1), Funding.ENTERPRISE),
        city.district_id("昆都仑区"),
    )
    sign = SignDraft(terms, work.today(), "补录公司", new_company=f"补录公司{count}")
    with city.write() as session:
        signing.enter(
            session, city.actor("kunqu_manager"),
            EnterDraft(sign, Origin.BACKFILLED, "2024年台账"), now=clock.now(),
        )  # fmt: skip


def test_what_is_typed_at_the_table_becomes_the_facts_that_counting_looks_at(
    client: FlaskClient, city: City, database: Database
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    year = work.today().year
    form = client.get(f"/leads/{lead_id}/sign").text
    assert 'name="plan-4-year"' in form
    assert f'value="{year + 4}"' in form
    typed = signing_form(
        city,
        kind="new_energy",
        construction="relocation",
        moved_from="elsewhere",
        funding="mixed",
        phase_one="2亿",
        fiscal="1亿",
        fiscal_in_phase_one="5000",
        **{"plan-0-year": str(year), "plan-0-amount": "1亿", "plan-1-year": str(year + 1)},
    )
    assert client.post(f"/leads/{lead_id}/sign", data=typed).status_code == 303
    project = one(database, select(Project))
    with database.read() as session:
        facts = stored.project(session, project.id)
    assert (facts.kind, facts.works, facts.moved_from) == (
        Kind.NEW_ENERGY,
        Works.RELOCATION,
        MovedFrom.ELSEWHERE,
    )
    assert facts.fiscal_in_phase_one == Money.wan(5000)
    assert facts.planned == (Planned(year, Money.yi(1)),)
    page = client.get(f"/projects/{project.id}").text
    assert f"{year}：" in page
    edit = client.get(f"/projects/{project.id}/edit").text
    assert f'value="{year}"' in edit


def test_a_later_phase_says_what_it_adds_and_a_first_project_is_not_asked(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert 'name="increment"' not in client.get(f"/projects/{project_id}/edit").text
    address = f"/projects/{project_id}/attach"
    assert 'name="increment"' in client.get(address).text
    typed = signing_form(city, relation="increase", agreed="5亿", increment="2亿")
    answer = client.post(address, data=typed)
    assert answer.status_code == 303
    with database.read() as session:
        facts = stored.project(session, int(answer.location.rsplit("/", 1)[1]))
    assert facts.increment == Money.yi(2)
    assert "新增投资" in client.get(answer.location).text


def test_a_reviewer_says_under_which_project_the_same_was_signed_before(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    enter_one(city, 1)
    with database.read() as session:
        second = session.scalars(select(Project).where(Project.id != project_id)).one()
        number = session.get_one(Project, project_id).number
    address = f"/projects/{second.id}/earlier"
    city.sign_in(client, "kunqu_officer")
    assert client.get(address).status_code == 403
    city.sign_in(client, "qingshan_reviewer")
    assert client.get(address).status_code == 404
    city.sign_in(client, "kunqu_reviewer")
    assert client.get(address).status_code == 200
    wrong = client.post(
        address, data={"form_key": new_key(), "number": second.number, "why": "重复"}
    )
    assert wrong.status_code == 422
    assert 'id="number-error"' in wrong.text
    answer = client.post(address, data={"form_key": new_key(), "number": number, "why": "重复"})
    assert answer.status_code == 303
    page = client.get(f"/projects/{second.id}").text
    assert "首次签约为" in page
    assert f'href="/projects/{project_id}"' in page
