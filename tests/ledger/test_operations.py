"""Money from the officer's report to the city's count, on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm.audit.models import Entry
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind
from crm.counting.operations import books
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Measure, Reason, Verdict
from crm.counting.rules.facts import MoneyFrom, ReceiptState
from crm.ledger.models import MonthlyReport, ReceiptStep
from crm.ledger.operations import judging, papers, reporting
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.queries import lines
from crm.ledger.queries.lines import Queue
from crm.ledger.rules import Paper, Price, RateRule, ReceiptKind, Step
from crm.values.money import Money
from tests.counting.given import at, day
from tests.factories.city import City, keeper
from tests.ledger.scene import DRAFT, SLIP, Scene, open_scene, yuan


@pytest.fixture
def scene(city: City) -> Scene:
    return open_scene(city)


def test_money_counts_once_it_is_reported_reviewed_and_confirmed(scene: Scene) -> None:
    seen: list[tuple[Any, ...]] = []

    def look() -> None:
        seen.append(
            (
                scene.decision(number).reason,
                scene.funds(Measure.FUNDS_REPORTED),
                scene.funds(),
            )
        )

    number = scene.report()
    look()
    scene.prove(number)
    scene.review(number)
    look()
    scene.confirm(number)
    look()
    none, five = Money(0), Money.wan(500)
    assert seen == [
        (Reason.NOT_REVIEWED, five, none),
        (Reason.NOT_CONFIRMED, five, none),
        (Reason.IN_PLACE, none, five),
    ]
    decision = scene.decision(number)
    assert (decision.verdict, decision.month) == (Verdict.COUNTS, 3)
    with scene.city.database.read() as session:
        assert differences(session) == []


def test_receipts_are_lines_of_the_months_report(scene: Scene) -> None:
    numbers = [
        scene.report(),
        scene.report(origin=MoneyFrom.ABROAD),
        scene.report(arrived_on=day("3-26"), on="3-27"),
    ]
    with scene.city.database.read() as session:
        reports = session.scalars(select(MonthlyReport).order_by(MonthlyReport.month)).all()
        assert [(one.year, one.month) for one in reports] == [(2025, 3), (2025, 4)]
    rows = [scene.row(number) for number in numbers]
    assert [row.report_id for row in rows] == [reports[0].id, reports[0].id, reports[1].id]
    assert [row.number for row in rows] == ["DZ-2025-0001", "DZ-2025-0002", "DZ-2025-0003"]
    assert rows[0].owed_until == day("4-10")


def test_every_step_stands_on_the_projects_timeline(scene: Scene) -> None:
    scene.settled()
    with scene.city.database.read() as session:
        actions = session.scalars(
            select(Entry.action)
            .where(Entry.subject_kind == "project", Entry.subject_id == scene.project_id)
            .where(Entry.action.like("receipt.%"))
            .order_by(Entry.id)
        ).all()
    assert actions == [
        "receipt.reported",
        "receipt.paper_given",
        "receipt.reviewed",
        "receipt.confirmed",
    ]


# Who may


def test_another_district_and_another_officer_know_nothing_of_it(scene: Scene) -> None:
    number = scene.report()
    for stranger in ("qingshan_reviewer", "qingshan_officer", "kunqu_second"):
        with pytest.raises(Missing):
            scene.review(number, stranger)
        with scene.city.database.read() as session:
            actor = scene.city.actor(stranger)
            for queue in Queue:
                assert session.scalars(lines.waiting(actor, queue)).all() == []
            with pytest.raises(Missing):
                lines.receipt(session, actor, number)


def test_an_officer_does_not_review_and_a_district_does_not_confirm(scene: Scene) -> None:
    number = scene.report()
    with pytest.raises(Forbidden):
        scene.review(number, "kunqu_officer")
    scene.prove(number)
    scene.review(number)
    for who in ("kunqu_manager", "kunqu_reviewer", "city_reviewer"):
        with pytest.raises(Forbidden):
            scene.confirm(number, who)


def test_a_leader_reports_nothing(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        scene.report("leader")


def test_who_reviewed_does_not_confirm(scene: Scene) -> None:
    number = scene.report()
    scene.prove(number)
    scene.review(number, "city_manager")
    with pytest.raises(Refused, match="Somebody else"):
        scene.confirm(number)
    refused(scene, f"UPDATE receipt SET state = 'confirmed', {by(scene, 'city_manager')}")


def test_who_reported_it_once_does_not_confirm_it_though_another_corrected_it(
    scene: Scene,
) -> None:
    number = scene.report("city_manager")
    scene.send_back(number, "kunqu_reviewer")
    scene.correct(number)
    scene.prove(number)
    scene.review(number)
    with pytest.raises(Refused, match="Somebody else"):
        scene.confirm(number)
    refused(scene, f"UPDATE receipt SET state = 'confirmed', {by(scene, 'city_manager')}")


def by(scene: Scene, username: str) -> str:
    """What a statement that goes round the operations would set."""
    number = scene.city.person_id(username)
    return f"confirmed_by = {number}, confirmed_at = '2025-03-18 00:00:00'"


def refused(scene: Scene, statement: str) -> None:
    """The database itself says no."""
    with pytest.raises(DBAPIError), scene.city.write() as session:
        session.execute(text(statement))


def test_unreviewed_money_is_not_confirmed_by_anybody(scene: Scene) -> None:
    number = scene.report()
    scene.prove(number)
    with pytest.raises(Refused, match="review first"):
        scene.confirm(number)
    refused(scene, f"UPDATE receipt SET state = 'confirmed', {by(scene, 'city_manager')}")


def test_a_confirmed_receipt_its_steps_and_papers_are_never_edited(scene: Scene) -> None:
    scene.settled()
    for statement in (
        "UPDATE receipt SET amount = 1",
        "UPDATE receipt SET note = 'x'",
        "DELETE FROM receipt_paper",
        "UPDATE receipt_paper SET total = 1",
        "DELETE FROM receipt_step",
        "UPDATE receipt_step SET reason = 'x'",
        "DELETE FROM receipt",
    ):
        refused(scene, statement)


# Returned, corrected, withdrawn


def test_it_is_returned_with_a_reason_at_each_step_and_comes_back_corrected(scene: Scene) -> None:
    number = scene.report()
    scene.send_back(number, "kunqu_reviewer")
    assert scene.decision(number).reason is Reason.RETURNED
    assert scene.funds(Measure.FUNDS_REPORTED) == Money(0)
    scene.correct(number, price=yuan("4800000"))
    scene.prove(number)
    scene.review(number)
    scene.send_back(number, "city_manager")
    scene.correct(number, price=yuan("4700000"))
    assert scene.row(number).reviewed_by is None
    scene.review(number)
    scene.confirm(number)
    assert scene.funds() == Money.wan(470)
    with scene.city.database.read() as session:
        steps = session.scalars(select(ReceiptStep).order_by(ReceiptStep.id)).all()
    assert [step.step for step in steps] == [
        Step.REPORTED,
        Step.RETURNED,
        Step.CORRECTED,
        Step.REVIEWED,
        Step.RETURNED,
        Step.CORRECTED,
        Step.REVIEWED,
        Step.CONFIRMED,
    ]
    assert steps[1].reason == "金额不符"


def test_a_return_says_why(scene: Scene) -> None:
    number = scene.report()
    with pytest.raises(Refused) as no:
        scene.send_back(number, "kunqu_reviewer", reason=" ")
    assert no.value.field == "reason"


def test_what_is_reviewed_is_returned_by_the_city_alone(scene: Scene) -> None:
    number = scene.report()
    scene.review(number)
    with pytest.raises(Forbidden):
        scene.send_back(number, "kunqu_reviewer")


def test_what_was_not_returned_is_not_corrected(scene: Scene) -> None:
    number = scene.report()
    with pytest.raises(Refused, match="returned"):
        scene.correct(number)


def test_the_second_of_two_is_told_what_changed(scene: Scene) -> None:
    number = scene.report()
    scene.send_back(number, "kunqu_reviewer")
    actor = scene.city.actor("kunqu_officer")
    with pytest.raises(VersionBehind), scene.city.write() as session:
        reporting.correct(session, actor, number, ReportLine(DRAFT), version=1, now=at("3-13"))


def test_a_mistaken_report_is_withdrawn_and_stays_on_record(scene: Scene) -> None:
    number = scene.report()
    with scene.city.write() as session:
        actor = scene.city.actor("kunqu_officer")
        reporting.withdraw(session, actor, number, reason="不是本项目资金", now=at("3-12"))
    assert scene.row(number).state is ReceiptState.WITHDRAWN
    assert scene.decision(number).reason is Reason.WITHDRAWN
    assert scene.funds(Measure.FUNDS_REPORTED) == Money(0)
    with pytest.raises(Refused):
        scene.review(number)


# Papers


def test_owed_papers_may_come_later_but_not_after_the_confirmation(scene: Scene) -> None:
    number = scene.report()
    scene.review(number)
    with pytest.raises(Refused, match="owed"):
        scene.confirm(number)
    scene.prove(number)
    scene.confirm(number)
    with pytest.raises(Refused, match="Nothing more"):
        scene.prove(number)


def test_a_paper_of_another_kind_of_money_is_refused(scene: Scene) -> None:
    number = scene.report()
    with pytest.raises(Refused) as no:
        scene.prove(number, Paper.LAND_VOUCHER)
    assert no.value.field == "land_voucher"


def test_a_voucher_list_comes_to_the_amount(scene: Scene) -> None:
    number = scene.report(kind=ReceiptKind.CONSTRUCTION)
    for total in (None, Money(Money.wan(500).fen - 1)):
        with pytest.raises(Refused, match=r"5,000,000\.00"):
            scene.prove(number, Paper.VOUCHER_LIST, total)
    scene.prove(number, Paper.VOUCHER_LIST, Money.wan(500))
    scene.review(number)
    scene.confirm(number)
    assert scene.funds() == Money.wan(500)


# Reversals


def test_a_reversal_restores_the_total_and_is_confirmed_like_any_money(scene: Scene) -> None:
    number = scene.settled()
    back = scene.reverse(number)
    assert scene.funds() == Money.wan(500)
    scene.review(back, on="3-21")
    scene.confirm(back, on="3-24")
    row = scene.row(back)
    assert (row.arrived_on, row.amount, row.reverses_id) == (day("3-10"), Money.wan(-500), number)
    assert scene.funds() == Money(0)
    assert scene.decision(back).month == 3


def test_a_reversal_after_the_months_close_is_booked_to_the_first_open_month(scene: Scene) -> None:
    number = scene.settled()
    back = scene.reverse(number, on="6-09")
    scene.review(back, on="6-09")
    scene.confirm(back, on="6-10")
    assert scene.decision(back).month == 6
    assert scene.funds(on="2025-05-25") == Money.wan(500)
    assert scene.funds(on="2025-05-26") == Money(0)


def test_money_is_reversed_once_and_a_reversal_never(scene: Scene) -> None:
    number = scene.settled()
    back = scene.reverse(number)
    with pytest.raises(Refused, match="DZ-2025-0002"):
        scene.reverse(number)
    scene.review(back, on="3-21")
    scene.confirm(back, on="3-24")
    with pytest.raises(Refused, match="not reversed"):
        scene.reverse(back)


def test_a_withdrawn_reversal_leaves_the_money_to_be_reversed(scene: Scene) -> None:
    number = scene.settled()
    back = scene.reverse(number)
    with scene.city.write() as session:
        actor = scene.city.actor("kunqu_officer")
        reporting.withdraw(session, actor, back, reason="误操作", now=at("3-21"))
    assert scene.reverse(number) != back


def test_unconfirmed_money_is_not_reversed(scene: Scene) -> None:
    with pytest.raises(Refused, match="Only what is confirmed"):
        scene.reverse(scene.report())


def test_a_reversal_in_a_closed_year_needs_its_reopening(scene: Scene) -> None:
    number = scene.settled()
    with pytest.raises(Refused, match="2025 is closed"):
        scene.reverse(number, on="2026-01-16")
    back = scene.reverse(number, on="2026-01-15")
    scene.review(back, on="2026-01-15")
    with pytest.raises(Refused, match="2025 is closed"):
        scene.confirm(back, on="2026-01-16")
    with scene.city.write() as session:
        books.reopen_year(session, keeper(session), 2025, reason="审计", now=at("2026-02-01"))
    scene.confirm(back, on="2026-02-02")
    assert scene.decision(back).month == 12
    assert scene.funds() == Money(0)


def test_the_database_keeps_signs_apart(scene: Scene) -> None:
    scene.report()
    refused(scene, "UPDATE receipt SET amount = -1")
    refused(scene, "UPDATE receipt SET amount = 0")
    refused(scene, "UPDATE receipt SET reverses_id = id")


# Bad input


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"price": yuan("-5")}, "amount"),
        ({"price": yuan("0")}, "amount"),
        ({"price": Price("USD", Decimal(100_000))}, "rate"),
        ({"price": Price("USD", Decimal(100_000), Decimal("7.2"))}, "rate_rule"),
        ({"arrived_on": day("3-12")}, "arrived_on"),
        ({"payer": " "}, "payer"),
        ({"arrived_on": day("2-10")}, "why_late"),
        ({"arrived_on": day("2024-12-10")}, "why_late"),
        ({"price": yuan("300000000.01")}, "why_above"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_written(
    scene: Scene, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        scene.report(**told)
    assert no.value.field == field
    with scene.city.database.read() as session:
        assert session.scalars(select(MonthlyReport)).all() == []
        assert session.scalars(select(ReceiptStep)).all() == []


def test_questions_are_answered_and_the_answer_is_kept(scene: Scene) -> None:
    late = scene.report(arrived_on=day("2-10"), why_late="银行回单迟到")
    assert scene.row(late).why_late == "银行回单迟到"
    with pytest.raises(Refused) as no:
        scene.report(price=yuan("50000000000"))
    assert no.value.field == "sure"
    with pytest.raises(Refused) as no:
        scene.report(price=yuan("50000000000"), sure=True)
    assert no.value.field == "why_above"
    much = scene.report(price=yuan("50000000000"), sure=True, why_above="追加投资协议在签")
    assert scene.row(much).amount == Money.yi(500)


def test_foreign_money_keeps_its_rate(scene: Scene) -> None:
    price = Price("USD", Decimal("100000.50"), Decimal("7.188412"), RateRule.MIDDLE_ON_ARRIVAL)
    row = scene.row(scene.report(price=price, origin=MoneyFrom.ABROAD))
    assert (row.currency, row.entered, row.rate) == ("USD", price.amount, price.rate)
    assert row.rate_rule is RateRule.MIDDLE_ON_ARRIVAL
    assert row.amount == Money(71_884_479)
    refused(scene, "UPDATE receipt SET rate = NULL")


def test_money_after_the_end_of_its_project_is_refused(scene: Scene) -> None:
    with scene.city.write() as session:
        session.execute(text("UPDATE project SET terminated_on = '2025-03-01'"))
    with pytest.raises(Refused) as no:
        scene.report()
    assert no.value.field == "arrived_on"


# Late


def test_confirmed_after_the_close_it_is_booked_late(scene: Scene) -> None:
    number = scene.report()
    scene.prove(number)
    scene.review(number)
    scene.confirm(number, on="4-02")
    decision = scene.decision(number)
    assert (decision.reason, decision.month, decision.late) == (Reason.BOOKED_LATE, 4, True)
    assert decision.stands_on == day("3-26")


def test_confirmed_after_the_year_it_is_listed(scene: Scene) -> None:
    number = scene.report()
    scene.prove(number)
    scene.review(number)
    scene.confirm(number, on="2026-01-16")
    assert scene.decision(number).reason is Reason.YEAR_CLOSED
    assert scene.funds() == Money(0)


# Several


def test_several_are_confirmed_together_or_none(scene: Scene) -> None:
    numbers = [scene.report(), scene.report(origin=MoneyFrom.ABROAD)]
    for number in numbers:
        scene.prove(number)
        scene.review(number)
    owing = scene.report(price=yuan("700000"))
    scene.review(owing)
    actor = scene.city.actor("city_manager")
    with pytest.raises(Refused, match="DZ-2025-0003"), scene.city.write() as session:
        judging.confirm_several(session, actor, [*numbers, owing], now=at("3-18"))
    assert scene.funds() == Money(0)
    with scene.city.write() as session:
        judging.confirm_several(session, actor, numbers, now=at("3-18"))
    assert scene.funds() == Money.wan(1_000)


def test_each_queue_holds_what_waits_for_its_reader(scene: Scene) -> None:
    first, second, third = scene.report(), scene.report(), scene.report("city_manager")
    for number in (second, third):
        scene.review(number)
    returned = scene.report()
    scene.send_back(returned, "kunqu_reviewer")

    def waits(who: str, queue: Queue) -> list[int]:
        with scene.city.database.read() as session:
            rows = session.scalars(lines.waiting(scene.city.actor(who), queue)).all()
            return sorted(row.id for row in rows)

    assert waits("kunqu_reviewer", Queue.REVIEW) == [first]
    assert waits("city_manager", Queue.CONFIRM) == [second]
    assert waits("kunqu_manager", Queue.CONFIRM) == []
    assert waits("kunqu_officer", Queue.CORRECT) == [returned]


def test_a_file_that_is_evidence_is_written_with_its_paper(scene: Scene) -> None:
    number = scene.report()
    with scene.city.write() as session:
        actor = scene.city.actor("kunqu_officer")
        given = [Given(Paper.BANK_SLIP, SLIP)]
        (paper,) = papers.give(session, actor, number, given, now=at("3-11") + timedelta(hours=1))
    with scene.city.database.read() as session:
        row = lines.receipt(session, scene.city.actor("city_manager"), number)
        assert [one.attachment.name for one in row.papers] == ["回单.pdf"]
        assert paper.total is None
