"""From lead to project, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm.companies.operations.firms import CompanyDraft
from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind
from crm.counting.queries import stored
from crm.leads.models import Agreement, Lead
from crm.leads.operations import moving
from crm.leads.rules.kinds import AgreementKind, Stage
from crm.projects.models import Owed, Project
from crm.projects.operations import changes, signing
from crm.projects.operations.firms import edit_firm
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.queries import detail
from crm.projects.queries.owed import debts, owing_of
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding, Milestone, Origin, Relation
from crm.values.money import Money
from tests.factories import work
from tests.factories.city import City


def draft(city: City, **told: Any) -> SignDraft:
    """A signing at the table."""
    terms = Terms(
        "永磁电机生产基地",
        Investment(Money.yi(3), Funding.ENTERPRISE),
        city.district_id("昆都仑区"),
    )
    base: dict[str, Any] = {
        "terms": terms,
        "signed_on": work.today(),
        "signing_party": "包头永磁电机有限公司",
    }
    return SignDraft(**(base | told))


def sign(city: City, username: str, lead_id: int, **told: Any) -> Project | None:
    """Signing as somebody."""
    with city.write() as session:
        return signing.sign(
            session, city.actor(username), lead_id, draft(city, **told), now=clock.now()
        )


def test_signing_moves_the_lead_and_opens_a_project_with_what_it_owes(city: City) -> None:
    company = work.firm(city, "kunqu_officer", "包头永磁电机有限公司")
    lead_id = work.lead(city, "kunqu_officer", company_id=company)
    project = sign(city, "kunqu_officer", lead_id)
    assert project is not None
    with city.database.read() as session:
        lead = session.get_one(Lead, lead_id)
        assert (lead.stage, lead.signed_first) == (Stage.SIGNED, work.today())
        reached = detail.reached(session, project.id)
        assert list(reached) == [Milestone.SIGNED]
        owed = debts(session, project.id, work.today())
        assert [(one.demand.key, one.days) for one in owed] == [
            ("credit_code", 15),
            ("signature_page", 15),
        ]
    assert project.number == f"XM-{work.today().year}-0001"
    assert project.company_id == company


def test_the_dimensions_are_fixed_from_the_lead(city: City) -> None:
    told = {
        "chain_id": city.chain_id("稀土"),
        "node_id": city.node_id("稀土", "磁材"),
        "model_id": city.model_id("chain"),
    }
    lead_id = work.lead(city, "kunqu_officer", **told)
    project = sign(city, "kunqu_officer", lead_id, new_company="包头永磁电机有限公司")
    assert project is not None
    assert {name: getattr(project, name) for name in told} == told


def test_an_unnamed_lead_gets_its_investor_at_the_table(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with pytest.raises(Refused) as refusal:
        sign(city, "kunqu_officer", lead_id)
    assert refusal.value.field == "company_id"
    project = sign(city, "kunqu_officer", lead_id, new_company="包头永磁电机有限公司")
    assert project is not None
    with city.database.read() as session:
        assert session.get_one(Lead, lead_id).company_id == project.company_id


@pytest.mark.parametrize("kind", [AgreementKind.INTENT, AgreementKind.FRAMEWORK])
def test_other_agreements_are_recorded_and_sign_nothing(city: City, kind: AgreementKind) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    assert sign(city, "kunqu_officer", lead_id, agreement=kind) is None
    with city.database.read() as session:
        assert session.get_one(Lead, lead_id).stage is not Stage.SIGNED
        assert session.scalars(select(Agreement.kind)).all() == [kind]
        assert session.scalar(select(func.count()).select_from(Project)) == 0


def test_signed_is_reached_through_signing_only(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with city.write() as session, pytest.raises(Refused):
        moving.move(session, city.actor("kunqu_officer"), lead_id, Stage.SIGNED, now=clock.now())


def test_a_second_signing_of_a_lead_is_no_move(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    first = sign(city, "kunqu_officer", lead_id, new_company="包头永磁电机有限公司")
    second = sign(city, "kunqu_officer", lead_id)
    assert first is not None
    assert second is not None
    assert (first.lead_id, second.lead_id) == (lead_id, lead_id)
    assert second.relation is Relation.FIRST
    assert second.company_id == first.company_id


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"signed_on": work.today() + timedelta(days=1)}, "signed_on"),
        ({"signed_on": work.today() - timedelta(days=400)}, "signed_on"),
        ({"signing_party": ""}, "signing_party"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    city: City, told: dict[str, Any], field: str
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with pytest.raises(Refused) as refusal:
        sign(city, "kunqu_officer", lead_id, new_company="包头永磁电机有限公司", **told)
    assert refusal.value.field == field
    with city.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 0
        assert session.get_one(Lead, lead_id).company_id is None


def test_a_park_must_lie_in_the_district(city: City) -> None:
    from crm.catalog.models import Park

    lead_id = work.lead(city, "kunqu_officer")
    with city.database.read() as session:
        parks = {park.name: park.id for park in session.scalars(select(Park))}
    terms = Terms(
        "基地",
        Investment(Money.yi(3), Funding.ENTERPRISE),
        city.district_id("青山区"),
        park_id=parks["钢铁冶金开发区"],
    )
    with pytest.raises(Refused) as refusal:
        sign(city, "kunqu_officer", lead_id, terms=terms, new_company="甲公司")
    assert refusal.value.field == "park_id"


def test_a_foreign_party_owes_no_credit_code(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    project = sign(city, "kunqu_officer", lead_id, new_company="Acme", signing_country="DE")
    assert project is not None
    with city.database.read() as session:
        assert [one.demand.key for one in debts(session, project.id, work.today())] == [
            "signature_page"
        ]


def test_the_companys_code_settles_the_code_owed_whenever_it_comes(city: City) -> None:
    company = work.firm(city, "kunqu_officer", "包头永磁电机有限公司")
    lead_id = work.lead(city, "kunqu_officer", company_id=company)
    project = sign(city, "kunqu_officer", lead_id)
    assert project is not None
    with city.database.read() as session:
        assert owing_of(session, [project.id])[project.id].count == 2
    told = CompanyDraft("包头永磁电机有限公司", credit_code="91110000600037341L")
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        edit_firm(session, actor, company, told, version=None, now=clock.now())
    with city.database.read() as session:
        assert owing_of(session, [project.id])[project.id].count == 1
        found = {one.demand.key: one for one in debts(session, project.id, work.today())}
        assert found["credit_code"].by_company
        assert found["credit_code"].lacking == ()
        facts = {debt.demand: debt for debt in stored.project(session, project.id).debts}
        assert facts["credit_code"].settled == work.today()


def test_a_code_known_at_the_table_is_not_owed(city: City) -> None:
    company = work.firm(
        city, "kunqu_officer", "包头永磁电机有限公司", credit_code="91110000600037341L"
    )
    project = sign(city, "kunqu_officer", work.lead(city, "kunqu_officer", company_id=company))
    assert project is not None
    with city.database.read() as session:
        assert owing_of(session, [project.id])[project.id].count == 1


def test_a_code_known_after_another_firm_signed_settles_nothing(city: City) -> None:
    company = work.firm(city, "kunqu_officer", "永磁集团有限公司", credit_code="91110000600037341L")
    project = sign(city, "kunqu_officer", work.lead(city, "kunqu_officer", company_id=company))
    assert project is not None
    with city.database.read() as session:
        assert owing_of(session, [project.id])[project.id].count == 2


def test_a_stranger_signs_nothing(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with pytest.raises(Missing):
        sign(city, "qingshan_officer", lead_id)
    with pytest.raises(Forbidden):
        sign(city, "kunqu_colleague", lead_id)


def test_a_signing_opened_before_the_lead_changed_is_stale(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with pytest.raises(VersionBehind):
        sign(city, "kunqu_officer", lead_id, new_company="甲公司", version=7)


def test_numbers_have_no_gaps_even_when_signings_fail(city: City) -> None:
    numbers = []
    for turn in range(4):
        lead_id = work.lead(city, "kunqu_officer", title=f"线索{turn}")
        if turn % 2:
            with pytest.raises(Refused):
                sign(city, "kunqu_officer", lead_id)
        project = sign(city, "kunqu_officer", lead_id, new_company=f"公司{turn}")
        assert project is not None
        numbers.append(project.number)
    year = work.today().year
    assert numbers == [f"XM-{year}-{count:04d}" for count in (1, 2, 3, 4)]


def test_parallel_signings_get_numbers_of_their_own(city: City) -> None:
    leads = [work.lead(city, "kunqu_officer", title=f"线索{turn}") for turn in range(5)]
    with ThreadPoolExecutor(5) as pool:
        found = list(
            pool.map(lambda one: sign(city, "kunqu_officer", one, new_company=f"公司{one}"), leads)
        )
    assert sorted(one.number[-4:] for one in found if one) == [
        "0001", "0002", "0003", "0004", "0005",
    ]  # fmt: skip


def test_a_phase_and_an_increase_attach_to_the_first_project_alone(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer", chain_id=city.chain_id("稀土"))
    first_id = work.project(city, "kunqu_officer", lead_id)
    actor = city.actor("kunqu_officer")
    with city.write() as session:
        phase = signing.attach(
            session, actor, first_id, Relation.PHASE, draft(city), now=clock.now()
        )
        increase = signing.attach(
            session, actor, first_id, Relation.INCREASE, draft(city), now=clock.now()
        )
    assert (phase.parent_id, phase.lead_id) == (first_id, lead_id)
    assert (phase.chain_id, increase.relation) == (city.chain_id("稀土"), Relation.INCREASE)
    with city.write() as session, pytest.raises(Refused):
        signing.attach(session, actor, phase.id, Relation.PHASE, draft(city), now=clock.now())
    with city.write() as session, pytest.raises(Refused):
        signing.attach(session, actor, first_id, Relation.FIRST, draft(city), now=clock.now())


def test_a_reviewer_enters_a_project_and_says_where_it_comes_from(city: City) -> None:
    told = EnterDraft(
        sign=draft(city, new_company="转入公司"),
        origin=Origin.TRANSFERRED,
        origin_note="青山区转入",
        owner_id=city.person_id("kunqu_officer"),
    )
    with city.write() as session:
        project = signing.enter(session, city.actor("kunqu_reviewer"), told, now=clock.now())
    assert (project.origin, project.lead_id) == (Origin.TRANSFERRED, None)
    assert project.unit_id == city.unit_id("昆区一科")
    with city.write() as session, pytest.raises(Forbidden):
        signing.enter(session, city.actor("kunqu_officer"), told, now=clock.now())


def test_signed_is_left_only_when_every_project_has_ended(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    project_id = work.project(city, "kunqu_officer", lead_id)
    manager = city.actor("kunqu_manager")
    with city.database.read() as session:
        from crm.catalog.queries import terms
        from crm.catalog.rules import TermKind

        reason = terms(session, TermKind.TERMINATION_REASON)[0].id

    def back() -> None:
        with city.write() as session:
            changes.leave_signed(
                session, manager, lead_id, Stage.NEGOTIATING,
                day=work.today(), reason_id=reason, now=clock.now(),
            )  # fmt: skip

    with pytest.raises(Refused):
        back()
    with city.write() as session:
        changes.terminate(
            session, manager, project_id, day=work.today(), reason_id=reason, now=clock.now()
        )
    back()
    with city.database.read() as session:
        assert session.get_one(Lead, lead_id).stage is Stage.NEGOTIATING
        assert session.scalar(select(func.count()).select_from(Owed)) == 2
