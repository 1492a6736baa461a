"""What people do with a lead, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import Entry
from crm.companies.models import Company, CompanyShare
from crm.companies.rules import Position
from crm.core.clock import SHANGHAI
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind
from crm.leads.models import FOREVER, Lead, LeadState
from crm.leads.operations import care, decisions, entry, history, moving
from crm.leads.queries import detail
from crm.leads.queries.history import segments
from crm.leads.rules.kinds import AgreementKind, AppraisalKind, Stage, Standing, Verdict
from crm.leads.rules.moves import Door
from crm.values.money import Amount, Money
from tests.factories.city import City

NOW = datetime(2025, 6, 10, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()


def a_lead(city: City, who: str = "kunqu_officer", **values: object) -> int:
    """A lead of somebody's, with an investor just entered unless told otherwise."""
    values.setdefault("content", "建设年产10GW高效电池项目")
    if "title" not in values:
        values.setdefault("new_company", "苏州示例光伏科技有限公司")
    draft = entry.LeadDraft(**values)  # type: ignore[arg-type]
    with city.write() as session:
        return entry.enter(session, city.actor(who), draft, now=NOW).id


def fetched(city: City, lead_id: int) -> Lead:
    """The row as it is."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def review(city: City, lead_id: int, day: datetime = NOW, verdict: Verdict = Verdict.GO_ON) -> None:
    """A project review that looked at everything."""
    aspects = dict.fromkeys(decisions.ASPECTS, "已核实")
    draft = decisions.AppraisalDraft(
        AppraisalKind.REVIEW, verdict, "符合产业方向", day.date(), **aspects
    )
    with city.write() as session:
        decisions.appraise(session, city.actor("kunqu_officer"), lead_id, draft, now=day)


def test_a_lead_entered_belongs_to_its_owner_and_begins_its_history(city: City) -> None:
    lead_id = a_lead(city, amount=Amount(Money.yi(2), Money.yi(3), True))
    lead = fetched(city, lead_id)
    assert lead.number == "XS-2025-0001"
    assert (lead.stage, lead.standing) == (Stage.IDENTIFIED, Standing.OPEN)
    assert lead.unit_id == city.unit_id("昆区一科")
    assert (lead.amount_low, lead.amount_high, lead.amount_estimated) == (
        Money.yi(2),
        Money.yi(3),
        True,
    )
    with city.database.read() as session:
        (state,) = session.scalars(select(LeadState)).all()
        assert (state.day_from, state.day_until, state.amount) == (TODAY, FOREVER, Money.yi(2))
        entries = session.scalars(select(Entry).where(Entry.subject_kind == "lead")).all()
        assert [one.action for one in entries] == ["lead.entered"]
        company = session.scalars(select(Company)).one()
        assert company.id == lead.company_id
        shares = session.execute(select(CompanyShare.unit_id, CompanyShare.person_id)).all()
        assert {tuple(row) for row in shares} == {
            (lead.unit_id, None),
            (None, lead.owner_id),
        }


def test_without_an_investor_a_lead_has_a_working_title(city: City) -> None:
    with pytest.raises(Refused) as refused:
        a_lead(city, title="", new_company="")
    assert refused.value.field == "title"
    assert fetched(city, a_lead(city, title="某新能源企业")).company_id is None


def test_numbers_leave_no_gap_when_an_entry_fails(city: City) -> None:
    a_lead(city)

    def fail() -> None:
        with city.write() as session:
            draft = entry.LeadDraft("x", title="x")
            entry.enter(session, city.actor("kunqu_officer"), draft, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert fetched(city, a_lead(city, title="乙")).number == "XS-2025-0002"


def test_a_node_brings_its_chain_and_refuses_another(city: City) -> None:
    node = city.node_id("稀土", "磁材")
    assert fetched(city, a_lead(city, node_id=node)).chain_id == city.chain_id("稀土")
    with pytest.raises(Refused) as refused:
        a_lead(city, title="乙", node_id=node, chain_id=city.chain_id("晶硅光伏"))
    assert refused.value.field == "node_id"


def test_only_the_main_models_own_anchor_stays(city: City) -> None:
    lead = fetched(city, a_lead(city, model_id=city.model_id("exhibition"), head_firm_id=1))
    assert lead.head_firm_id is None


def test_a_revision_today_changes_the_state_and_keeps_yesterdays(city: City) -> None:
    lead_id = a_lead(city)
    later = NOW + timedelta(days=5)
    draft = entry.LeadDraft(
        content="建设年产10GW高效电池项目",
        company_id=fetched(city, lead_id).company_id,
        amount=Amount(Money.yi(5), Money.yi(5)),
        position=Position.SUPPORTING,
    )
    with city.write() as session:
        entry.revise(session, city.actor("kunqu_officer"), lead_id, draft, version=1, now=later)
    with city.database.read() as session:
        told = segments(session, lead_id)
        assert [(s.day_from, s.state.amount, s.state.position) for s in told] == [
            (TODAY, Money(0), None),
            (later.date(), Money.yi(5), Position.SUPPORTING),
        ]
        known_then = segments(session, lead_id, by=NOW)
        assert [(s.day_from, s.day_until) for s in known_then] == [(TODAY, FOREVER)]
        changes = session.scalars(select(Entry).where(Entry.action == "lead.revised")).one()
        assert changes.after["amount_low"] == Money.yi(5).fen


def test_a_revision_that_changes_nothing_leaves_no_trace(city: City) -> None:
    lead_id = a_lead(city)
    draft = entry.LeadDraft(
        content="建设年产10GW高效电池项目", company_id=fetched(city, lead_id).company_id
    )
    with city.write() as session:
        entry.revise(session, city.actor("kunqu_officer"), lead_id, draft, version=1, now=NOW)
    assert fetched(city, lead_id).version == 1


def test_the_second_of_two_editors_is_told(city: City) -> None:
    lead_id = a_lead(city)
    actor, draft = city.actor("kunqu_officer"), entry.LeadDraft(content="甲", title="甲")
    with city.write() as session:
        entry.revise(session, actor, lead_id, draft, version=1, now=NOW)
    with pytest.raises(VersionBehind), city.write() as session:
        entry.revise(session, actor, lead_id, draft, version=1, now=NOW)


def test_the_investor_has_a_name_from_negotiating_on(city: City) -> None:
    unnamed, actor = a_lead(city, title="某企业"), city.actor("kunqu_officer")
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, unnamed, Stage.NEGOTIATING, now=NOW)
    named = a_lead(city)
    with city.write() as session:
        moving.move(session, actor, named, Stage.NEGOTIATING, now=NOW)
    with pytest.raises(Refused) as refused, city.write() as session:
        entry.revise(session, actor, named, entry.LeadDraft("甲", title="甲"), now=NOW)
    assert refused.value.field == "company_id"


def test_an_agreement_is_drafted_after_a_review_that_says_go_on(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, lead_id, Stage.DRAFTED, now=NOW)
    review(city, lead_id, verdict=Verdict.WAIT)
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, lead_id, Stage.DRAFTED, now=NOW)
    review(city, lead_id)
    with city.write() as session:
        moving.move(session, actor, lead_id, Stage.DRAFTED, now=NOW)
    lead = fetched(city, lead_id)
    assert (lead.stage, lead.contacted_first, lead.drafted_first) == (Stage.DRAFTED, TODAY, TODAY)


def test_a_step_back_says_why(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    with city.write() as session:
        moving.move(session, actor, lead_id, Stage.NEGOTIATING, now=NOW)
    later = NOW + timedelta(days=3)
    with pytest.raises(Refused) as refused, city.write() as session:
        moving.move(session, actor, lead_id, Stage.CONTACTED, now=later)
    assert refused.value.field == "reason_id"
    with city.write() as session:
        reason = city.term_id("投资方案调整")
        moving.move(session, actor, lead_id, Stage.CONTACTED, reason_id=reason, now=later)
    lead = fetched(city, lead_id)
    assert (lead.stage, lead.negotiating_first) == (Stage.CONTACTED, TODAY)
    assert lead.moved_on == later.date()


def test_signing_is_not_for_the_stage_door(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, lead_id, Stage.SIGNED, now=NOW)
    with city.write() as session:
        moving.move_lead(
            session, actor, lead_id, Stage.SIGNED, door=Door.SIGNING, day=TODAY, now=NOW
        )
    assert fetched(city, lead_id).signed_first == TODAY
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, lead_id, Stage.DRAFTED, note="x", now=NOW)
    with city.write() as session:
        moving.move_lead(
            session,
            city.actor("qingshan_reviewer"),
            lead_id,
            Stage.DRAFTED,
            door=Door.TERMINATION,
            day=TODAY,
            note="协议解除",
            now=NOW,
        )
    assert fetched(city, lead_id).stage is Stage.DRAFTED


def test_a_hold_has_a_day_and_a_reason_and_can_be_ended(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    until, reason = TODAY + timedelta(days=30), city.term_id("市场行情待观察")
    for given in ({"until": None, "reason_id": reason}, {"until": until}):
        with pytest.raises(Refused), city.write() as session:
            moving.hold(session, actor, lead_id, now=NOW, **given)  # type: ignore[arg-type]
    with city.write() as session:
        moving.hold(session, actor, lead_id, until=until, reason_id=reason, now=NOW)
    lead = fetched(city, lead_id)
    assert (lead.standing, lead.standing_until, lead.standing_reason_id) == (
        Standing.ON_HOLD,
        until,
        reason,
    )
    with pytest.raises(Refused), city.write() as session:
        moving.move(session, actor, lead_id, Stage.CONTACTED, now=NOW)
    with city.write() as session:
        moving.resume(session, actor, lead_id, now=NOW + timedelta(days=2))
    lead = fetched(city, lead_id)
    assert (lead.standing, lead.standing_until, lead.standing_reason_id) == (
        Standing.OPEN,
        None,
        None,
    )


def test_a_lost_lead_can_be_reopened_with_a_reason(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    reason = city.term_id("落户外地")
    with city.write() as session:
        moving.lose(session, actor, lead_id, reason_id=reason, competing_place="鄂尔多斯", now=NOW)
    assert fetched(city, lead_id).competing_place == "鄂尔多斯"
    later = NOW + timedelta(days=1)
    with pytest.raises(Refused), city.write() as session:
        moving.reopen(session, actor, lead_id, now=later)
    with city.write() as session:
        moving.reopen(session, actor, lead_id, note="投资方回头", now=later)
    assert fetched(city, lead_id).standing is Standing.OPEN


def test_a_move_told_late_keeps_what_happened_since(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    day10, day20 = NOW + timedelta(days=10), NOW + timedelta(days=20)
    with city.write() as session:
        moving.move(session, actor, lead_id, Stage.NEGOTIATING, now=day10)
    with city.write() as session:
        told_for = TODAY + timedelta(days=5)
        moving.move(session, actor, lead_id, Stage.CONTACTED, day=told_for, now=day20)
    lead = fetched(city, lead_id)
    assert (lead.stage, lead.contacted_first, lead.negotiating_first) == (
        Stage.NEGOTIATING,
        told_for,
        day10.date(),
    )
    review(city, lead_id)
    with pytest.raises(Refused), city.write() as session:  # it would overtake the move of day 10
        moving.move(session, actor, lead_id, Stage.DRAFTED, day=TODAY, now=day20)


def test_days_to_come_and_days_before_the_entry_are_refused(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Refused) as refused, city.write() as session:
            moving.move(session, actor, lead_id, Stage.CONTACTED, day=day, now=NOW)
        assert refused.value.field == "day"


def test_a_letter_of_intent_leaves_the_lead_at_drafted(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    draft = decisions.AgreementDraft(AgreementKind.INTENT, TODAY, "某某公司", Money.yi(1))
    with city.write() as session:
        decisions.record_agreement(session, actor, lead_id, draft, now=NOW)
    assert fetched(city, lead_id).stage is Stage.IDENTIFIED  # no review yet: nothing is skipped
    review(city, lead_id)
    with city.write() as session:
        decisions.record_agreement(session, actor, lead_id, draft, now=NOW)
    assert fetched(city, lead_id).stage is Stage.DRAFTED


def test_a_lead_follows_its_new_owner_into_his_unit(city: City) -> None:
    lead_id, manager = a_lead(city), city.actor("kunqu_manager")
    second = city.person_id("kunqu_second")
    with pytest.raises(Refused), city.write() as session:
        care.assign(session, city.actor("kunqu_officer"), lead_id, second, now=NOW)
    with city.write() as session:
        care.assign(session, manager, lead_id, second, now=NOW)
    lead = fetched(city, lead_id)
    assert (lead.owner_id, lead.unit_id) == (second, city.unit_id("昆区二科"))
    with pytest.raises(Missing), city.database.read() as session:
        detail.brief(session, city.actor("kunqu_officer"), lead_id)


def test_only_owner_and_manager_set_the_mark(city: City) -> None:
    lead_id = a_lead(city)
    with city.write() as session:
        helpers = [city.person_id("kunqu_colleague")]
        care.set_collaborators(session, city.actor("kunqu_officer"), lead_id, helpers, now=NOW)
    with pytest.raises(Forbidden), city.write() as session:
        care.set_confidential(session, city.actor("kunqu_colleague"), lead_id, True, now=NOW)
    with city.write() as session:
        care.set_confidential(session, city.actor("kunqu_manager"), lead_id, True, now=NOW)
    with city.database.read() as session:
        shares = session.execute(
            select(CompanyShare.unit_id, CompanyShare.person_id, CompanyShare.confidential)
        )
        assert {tuple(row) for row in shares} == {
            (city.unit_id("昆区一科"), None, True),
            (None, city.person_id("kunqu_officer"), False),
            (None, city.person_id("kunqu_colleague"), False),
        }


def test_all_of_somebodys_leads_are_handed_over(city: City) -> None:
    mine = [a_lead(city), a_lead(city, title="乙")]
    heir = city.person_id("kunqu_second")
    with city.write() as session:
        given = care.hand_over(
            session, city.actor("admin"), city.person_id("kunqu_officer"), heir, now=NOW
        )
    assert given == 2
    assert {fetched(city, number).owner_id for number in mine} == {heir}


def test_a_recount_finds_nothing_to_mend_until_something_is_broken(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    with city.write() as session:
        moving.move(session, actor, lead_id, Stage.CONTACTED, now=NOW + timedelta(days=1))
    with city.write() as session:
        assert history.recount(session, actor, now=NOW) == 0
        session.get_one(Lead, lead_id).contacted_first = TODAY
        session.flush()
        session.expire_all()
    with city.write() as session:
        assert history.recount(session, actor, now=NOW) == 1
    assert fetched(city, lead_id).contacted_first == TODAY + timedelta(days=1)


def test_a_colleague_reads_and_does_not_write(city: City) -> None:
    lead_id = a_lead(city)
    with pytest.raises(Forbidden), city.write() as session:
        moving.move(session, city.actor("kunqu_colleague"), lead_id, Stage.CONTACTED, now=NOW)
    for stranger in ("kunqu_second", "qingshan_officer", "admin", "auditor"):
        with pytest.raises(Missing), city.write() as session:
            moving.move(session, city.actor(stranger), lead_id, Stage.CONTACTED, now=NOW)
    with pytest.raises(Forbidden), city.write() as session:
        moving.move(session, city.actor("leader"), lead_id, Stage.CONTACTED, now=NOW)


def test_a_contact_sets_the_days_that_silence_counts_from(city: City) -> None:
    lead_id, actor = a_lead(city), city.actor("kunqu_officer")
    later = NOW + timedelta(days=4)
    with city.write() as session:
        care.touch(session, actor, lead_id, day=TODAY, now=later)
        care.touch(
            session, actor, lead_id, day=later.date(), next_step="送方案",
            next_step_on=later.date(), now=later,
        )  # fmt: skip
        care.touch(session, actor, lead_id, day=TODAY, now=later)
    lead = fetched(city, lead_id)
    assert (lead.last_contact_on, lead.silent_from) == (later.date(), later.date())
    assert lead.next_step_on == FOREVER
