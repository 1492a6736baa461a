"""Milestones, evidence, permits, codes: reported, recognised, corrected, given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.store import Stored
from crm.core.versions import VersionBehind
from crm.files.operations import Received
from crm.projects.models import Evidence, Owed, Permit, Project
from crm.projects.operations import changes, evidence, milestones, permits
from crm.projects.operations.evidence import EvidenceDraft
from crm.projects.operations.milestones import ReachDraft, RecognitionDraft
from crm.projects.operations.permits import PermitDraft
from crm.projects.queries import detail
from crm.projects.queries.owed import debts, owed_by, owed_count, owing_of
from crm.projects.rules.demands import OwedState
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.kinds import EvidenceKind, Milestone, PermitKind, PermitState
from tests.factories import work
from tests.factories.city import City

PAPER = Received(Stored("a" * 64, 3, b"%PDF"), "施工许可证.pdf")


@pytest.fixture
def project_id(city: City) -> int:
    """A project of 昆区一科, just signed."""
    return work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))


def reach(city: City, username: str, project_id: int, draft: ReachDraft) -> None:
    """Report as somebody."""
    with city.write() as session:
        milestones.reach(session, city.actor(username), project_id, draft, now=clock.now())


def give(city: City, project_id: int, key: str, draft: EvidenceDraft) -> bool:
    """Give a paper for a demand, as the officer."""
    with city.write() as session:
        owed_id = session.scalars(
            select(Owed.id).where(Owed.project_id == project_id, Owed.demand == key)
        ).one()
        return evidence.give(
            session, city.actor("kunqu_officer"), project_id, owed_id, draft, now=clock.now()
        )


STARTED = ReachDraft(Milestone.STARTED, work.today(), seen="基坑开挖")


def test_a_reported_start_owes_its_proof_for_thirty_days(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    with city.database.read() as session:
        owed = {one.demand.key: one for one in debts(session, project_id, work.today())}
        assert owed["start"].days == 30
        assert owed_count(session, city.actor("kunqu_officer")) == 3
        assert owed_by(session, city.actor("kunqu_officer"))[0].demand == "credit_code"


def test_what_is_needed_at_the_table_is_asked(city: City, project_id: int) -> None:
    with pytest.raises(Refused) as refusal:
        reach(city, "kunqu_officer", project_id, ReachDraft(Milestone.STARTED, work.today()))
    assert refusal.value.field == "seen"


def test_a_later_milestone_may_come_first_but_capacity_needs_commissioning(
    city: City, project_id: int
) -> None:
    with pytest.raises(Refused):
        reach(city, "kunqu_officer", project_id, ReachDraft(Milestone.AT_CAPACITY, work.today()))
    reach(city, "kunqu_officer", project_id, ReachDraft(Milestone.COMMISSIONED, work.today()))
    reach(city, "kunqu_officer", project_id, ReachDraft(Milestone.AT_CAPACITY, work.today()))
    with city.database.read() as session:
        assert set(detail.reached(session, project_id)) == {
            Milestone.SIGNED,
            Milestone.COMMISSIONED,
            Milestone.AT_CAPACITY,
        }


def test_a_start_is_settled_by_one_whole_alternative(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    contract = EvidenceDraft(EvidenceKind.CONSTRUCTION_CONTRACT, file=PAPER)
    photo = EvidenceDraft(EvidenceKind.SITE_PHOTO, file=PAPER, dated_on=work.today())
    assert not give(city, project_id, "start", contract)
    assert give(city, project_id, "start", photo)
    with city.database.read() as session:
        found = next(
            one for one in debts(session, project_id, work.today()) if one.demand.key == "start"
        )
        assert found.state is OwedState.GIVEN
        assert len(found.given) == 2


@pytest.mark.parametrize(
    ("key", "draft", "field"),
    [
        ("signature_page", EvidenceDraft(EvidenceKind.POWER_BILL, file=PAPER), "kind"),
        ("signature_page", EvidenceDraft(EvidenceKind.SIGNATURE_PAGE), "number"),
        (
            "signature_page",
            EvidenceDraft(EvidenceKind.SIGNATURE_PAGE, number="档2025-7"),
            "kept_at",
        ),
        ("credit_code", EvidenceDraft(EvidenceKind.CREDIT_CODE, number="91150100"), "number"),
        ("credit_code", EvidenceDraft(EvidenceKind.CREDIT_CODE, file=PAPER), "files"),
    ],
)
def test_a_paper_that_proves_nothing_is_refused(
    city: City, project_id: int, key: str, draft: EvidenceDraft, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        give(city, project_id, key, draft)
    assert refusal.value.field == field


def test_a_photo_without_its_day_proves_nothing(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    with pytest.raises(Refused) as refusal:
        give(city, project_id, "start", EvidenceDraft(EvidenceKind.SITE_PHOTO, file=PAPER))
    assert refusal.value.field == "dated_on"


def test_an_archive_number_with_its_place_stands_for_the_signature_page(
    city: City, project_id: int
) -> None:
    draft = EvidenceDraft(EvidenceKind.SIGNATURE_PAGE, number="档2025-7", kept_at="局档案室")
    assert give(city, project_id, "signature_page", draft)
    with city.database.read() as session:
        assert owing_of(session, [project_id])[project_id].count == 1
        assert session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_a_reviewer_recognises_and_an_officer_does_not(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    told = RecognitionDraft(work.today(), work.today(), _department(city))

    def recognise(username: str, version: int | None = None) -> None:
        with city.write() as session:
            milestones.recognise(
                session, city.actor(username), project_id, Milestone.STARTED, told,
                version=version, now=clock.now(),
            )  # fmt: skip

    with pytest.raises(Forbidden):
        recognise("kunqu_officer")
    with pytest.raises(Missing):
        recognise("qingshan_reviewer")
    recognise("kunqu_reviewer", version=1)
    with pytest.raises(VersionBehind):
        recognise("kunqu_manager", version=1)
    with city.database.read() as session:
        row = detail.reached(session, project_id)[Milestone.STARTED]
        assert (row.accepted_on, row.recognised_on) == (work.today(), work.today())
        assert row.recognised_by == city.person_id("kunqu_reviewer")


def test_a_corrected_report_moves_what_is_still_due(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    earlier = work.today() - timedelta(days=10)
    draft = ReachDraft(Milestone.STARTED, earlier, seen="十天前已开挖")

    def correct(why: str) -> None:
        with city.write() as session:
            milestones.correct_report(
                session, city.actor("kunqu_officer"), project_id, draft, why, now=clock.now()
            )

    with pytest.raises(Refused) as refusal:
        correct("")
    assert refusal.value.field == "why"
    correct("日期报错")
    with city.database.read() as session:
        owed = {one.demand.key: one for one in debts(session, project_id, work.today())}
        assert owed["start"].days == 20


def test_once_recognised_a_report_is_the_reviewers_to_correct(city: City, project_id: int) -> None:
    reach(city, "kunqu_officer", project_id, STARTED)
    told = RecognitionDraft(work.today(), work.today(), _department(city))
    with city.write() as session:
        milestones.recognise(
            session, city.actor("kunqu_reviewer"), project_id, Milestone.STARTED, told,
            now=clock.now(),
        )  # fmt: skip
    with city.write() as session, pytest.raises(Forbidden):
        milestones.correct_report(
            session, city.actor("kunqu_officer"), project_id, STARTED, "改", now=clock.now()
        )


def test_a_permit_is_done_not_needed_or_missing(city: City, project_id: int) -> None:
    actor = city.actor("kunqu_officer")

    def put(draft: PermitDraft) -> None:
        with city.write() as session:
            permits.set_permit(session, actor, project_id, PermitKind.LAND, draft, now=clock.now())

    for wrong, field in (
        (PermitDraft(PermitState.DONE), "done_on"),
        (PermitDraft(PermitState.NOT_NEEDED), "note"),
        (PermitDraft(PermitState.MISSING, done_on=work.today()), "done_on"),
    ):
        with pytest.raises(Refused) as refusal:
            put(wrong)
        assert refusal.value.field == field
    put(PermitDraft(PermitState.MISSING, due_on=work.today()))
    put(PermitDraft(PermitState.DONE, done_on=work.today(), number="包国土2025-1"))
    with city.database.read() as session:
        assert [one.state for one in detail.permits(session, project_id)] == [
            PermitState.MISSING, PermitState.MISSING, PermitState.DONE, PermitState.MISSING,
        ]  # fmt: skip
        assert session.scalar(select(func.count()).select_from(Permit)) == 1


def test_a_manager_corrects_dimensions_with_a_reason_and_nobody_else(
    city: City, project_id: int
) -> None:
    told = Dimensions(chain_id=city.chain_id("稀土"), node_id=city.node_id("稀土", "磁材"))

    def correct(username: str, why: str = "签约时填错") -> None:
        with city.write() as session:
            changes.correct(session, city.actor(username), project_id, told, why, now=clock.now())

    for username in ("kunqu_officer", "kunqu_reviewer"):
        with pytest.raises(Forbidden):
            correct(username)
    with pytest.raises(Refused):
        correct("kunqu_manager", "")
    correct("kunqu_manager")
    with city.database.read() as session:
        assert session.get_one(Project, project_id).node_id == told.node_id


def test_a_terminated_project_takes_no_milestone(city: City, project_id: int) -> None:
    reason = _term(city, "termination_reason")
    with city.write() as session:
        changes.terminate(
            session, city.actor("kunqu_reviewer"), project_id,
            day=work.today(), reason_id=reason, now=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused):
        reach(city, "kunqu_officer", project_id, STARTED)
    with city.database.read() as session:
        assert owed_count(session, city.actor("kunqu_officer")) == 0


def _term(city: City, kind: str) -> int:
    from crm.catalog.queries import terms
    from crm.catalog.rules import TermKind

    with city.database.read() as session:
        return terms(session, TermKind(kind))[0].id


def _department(city: City) -> int:
    return _term(city, "department")
