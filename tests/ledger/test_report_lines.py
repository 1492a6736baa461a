"""A monthly report of several lines with their papers: one operation, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from crm.audit.models import Entry
from crm.core.errors import Forbidden, Missing, Refused, RefusedTogether
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Measure
from crm.counting.rules.facts import MoneyFrom
from crm.files.models import Attachment
from crm.ledger.models import MonthlyReport, Receipt, ReceiptPaper, ReceiptStep
from crm.ledger.operations import judging, reporting
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import Paper, Price, RateRule, ReceiptKind
from crm.values.money import Money
from tests.counting.given import at, day
from tests.factories.city import City
from tests.ledger.scene import DRAFT, SLIP, Scene, open_scene, yuan

DOLLARS = Price("USD", Decimal(100_000), Decimal("7.1884"), RateRule.MIDDLE_ON_ARRIVAL)

LINES = [
    ReportLine(DRAFT, (Given(Paper.BANK_SLIP, SLIP),)),
    ReportLine(replace(DRAFT, price=DOLLARS, origin=MoneyFrom.ABROAD)),
    ReportLine(
        replace(DRAFT, kind=ReceiptKind.CONSTRUCTION, arrived_on=day("2-27")),
        (Given(Paper.VOUCHER_LIST, SLIP, Money.wan(500)), Given(Paper.SETTLEMENT, SLIP)),
    ),
]


@pytest.fixture
def scene(city: City) -> Scene:
    return open_scene(city)


def report(scene: Scene, lines: list[ReportLine], on: str = "3-11") -> list[int]:
    with scene.city.write() as session:
        actor = scene.city.actor("kunqu_officer")
        rows = reporting.report_lines(session, actor, scene.project_id, lines, now=at(on))
        return [row.id for row in rows]


def test_the_lines_stand_in_order_with_their_papers_and_one_entry_each(scene: Scene) -> None:
    numbers = report(scene, LINES)
    rows = [scene.row(number) for number in numbers]
    assert [row.number for row in rows] == ["DZ-2025-0001", "DZ-2025-0002", "DZ-2025-0003"]
    assert [row.amount.fen for row in rows] == [500_000_000, 71_884_000, 500_000_000]
    with scene.city.database.read() as session:
        papers = session.execute(
            select(ReceiptPaper.receipt_id, ReceiptPaper.kind, Attachment.name, Attachment.kind)
            .join(Attachment)
            .order_by(ReceiptPaper.id)
        ).all()
        assert [tuple(paper) for paper in papers] == [
            (numbers[0], Paper.BANK_SLIP, "回单.pdf", "bank_slip"),
            (numbers[2], Paper.VOUCHER_LIST, "回单.pdf", "voucher_list"),
            (numbers[2], Paper.SETTLEMENT, "回单.pdf", "settlement"),
        ]
        entries = session.scalars(select(Entry).where(Entry.action.like("receipt.%"))).all()
        assert [entry.row_id for entry in entries] == numbers
        assert entries[0].after["papers"] == ["回单.pdf"]
        assert entries[0].after["sha256"] == [SLIP.stored.sha256]
        assert differences(session) == []
    assert scene.funds(Measure.FUNDS_REPORTED) == Money(1_071_884_000)


def test_all_lines_share_the_reports_of_their_months(scene: Scene) -> None:
    report(scene, [*LINES, ReportLine(replace(DRAFT, arrived_on=day("2-20"), why_late="迟到"))])
    with scene.city.database.read() as session:
        months = session.scalars(select(MonthlyReport).order_by(MonthlyReport.month)).all()
        assert [(one.year, one.month) for one in months] == [(2025, 2), (2025, 3)]


def test_a_report_is_what_as_many_reports_of_a_line_would_be(scene: Scene) -> None:
    together = [scene.row(number) for number in report(scene, LINES)]
    apart = [scene.row(report(scene, [line])[0]) for line in LINES]

    def told(row: Receipt) -> list[object]:
        return [
            getattr(row, column.key)
            for column in Receipt.__table__.columns
            if column.key not in {"id", "number"}
        ]

    assert [told(row) for row in together] == [told(row) for row in apart]


SOME_LINES = some.lists(
    some.builds(
        lambda yuan, price, kind, origin, on, fiscal, paper: ReportLine(
            replace(
                DRAFT,
                price=price or Price("CNY", Decimal(yuan)),
                kind=kind,
                origin=origin,
                arrived_on=on,
                fiscal=fiscal,
                sure=True,
                why_above="追加",
                why_late="迟到",
            ),
            (Given(Paper.VOUCHER_LIST, SLIP, Money.yuan(yuan)),) if paper and not price else (),
        ),
        some.integers(1, 10**9),
        some.sampled_from([None, None, DOLLARS]),
        some.sampled_from(ReceiptKind),
        some.sampled_from(MoneyFrom),
        some.dates(day("1-1"), day("3-11")),
        some.booleans(),
        some.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=SOME_LINES)
def test_a_report_of_several_lines_counts_as_much_as_many_reports_of_one(
    city: City, lines: list[ReportLine]
) -> None:
    """Whatever the lines: the same receipts, in the same months, decided alike, worth the same."""
    together, apart = open_scene(city, "一次报送"), open_scene(city, "逐笔报送")
    of_one = report(together, lines)
    of_many = [report(apart, [line])[0] for line in lines]

    def told(number: int, scene: Scene) -> tuple[object, ...]:
        row, decision = scene.row(number), scene.decision(number)
        with city.database.read() as session:
            month = session.get_one(MonthlyReport, row.report_id)
            papers = session.scalars(
                select(ReceiptPaper.kind).where(ReceiptPaper.receipt_id == number)
            ).all()
        facts = (row.amount, row.arrived_on, row.kind, row.origin, row.fiscal, row.owed_until)
        said = (decision.verdict, decision.reason, decision.year, decision.month)
        return (*facts, month.year, month.month, tuple(papers), *said)

    assert [told(one, together) for one in of_one] == [told(one, apart) for one in of_many]
    with city.database.read() as session:
        assert differences(session) == []


def test_several_projects_report_together(scene: Scene) -> None:
    other = open_scene(scene.city, "第二个项目")
    with scene.city.write() as session:
        rows = reporting.report_projects(
            session,
            scene.city.actor("kunqu_officer"),
            {other.project_id: LINES[:1], scene.project_id: LINES},
            now=at("3-11"),
        )
        assert {number: len(found) for number, found in rows.items()} == {
            scene.project_id: 3,
            other.project_id: 1,
        }
    with scene.city.database.read() as session:
        months = session.execute(
            select(MonthlyReport.project_id, MonthlyReport.year, MonthlyReport.month)
        ).all()
        assert sorted(map(tuple, months)) == [
            (scene.project_id, 2025, 3),
            (other.project_id, 2025, 3),
        ]
        assert differences(session) == []


def test_nobody_reports_for_a_project_that_he_does_not_write(scene: Scene) -> None:
    for who, error in (("qingshan_officer", Missing), ("kunqu_colleague", Forbidden)):
        actor = scene.city.actor(who)
        with pytest.raises(error), scene.city.write() as session:
            reporting.report_lines(session, actor, scene.project_id, LINES, now=at("3-11"))


def test_every_no_of_every_line_is_said_at_once_and_nothing_is_written(scene: Scene) -> None:
    lines = [
        LINES[0],
        ReportLine(replace(DRAFT, payer=" ", arrived_on=day("3-12"))),
        ReportLine(replace(DRAFT, price=yuan("-1"), arrived_on=day("2-10"))),
        ReportLine(replace(DRAFT, price=yuan("50000000000"))),
        ReportLine(DRAFT, (Given(Paper.LAND_VOUCHER, SLIP),)),
        ReportLine(DRAFT, (Given(Paper.VOUCHER_LIST, SLIP, Money(1)),)),
    ]
    with pytest.raises(RefusedTogether) as no:
        report(scene, lines)
    assert [(one.line, one.field) for one in no.value.each] == [
        (1, "arrived_on"),
        (1, "payer"),
        (2, "amount"),
        (2, "why_late"),
        (3, "sure"),
        (3, "why_above"),
        (4, "why_above"),
        (4, "land_voucher"),
        (5, "why_above"),
        (5, "voucher_list"),
    ]
    with scene.city.database.read() as session:
        for table in (Receipt, MonthlyReport, ReceiptStep, ReceiptPaper, Attachment):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_lines_that_are_small_alone_and_too_much_together_say_why(scene: Scene) -> None:
    much = ReportLine(replace(DRAFT, price=yuan("200000000")))
    with pytest.raises(Refused) as no:
        report(scene, [much, much])
    assert [(one.line, one.field) for one in no.value.each] == [(1, "why_above")]


def test_reviewed_and_confirmed_together_the_report_counts(scene: Scene) -> None:
    numbers = [*report(scene, LINES[:1]), *report(scene, LINES[2:])]
    with scene.city.write() as session:
        actor = scene.city.actor("kunqu_reviewer")
        judging.review_several(session, actor, numbers, now=at("3-12"))
    with scene.city.write() as session:
        actor = scene.city.actor("city_manager")
        now = at("3-13") + timedelta(hours=1)
        judging.confirm_several(session, actor, numbers, now=now)
    assert scene.funds() == Money.wan(1_000)
    with scene.city.database.read() as session:
        assert differences(session) == []


def test_a_voucher_list_proves_only_the_amount_it_comes_to(scene: Scene) -> None:
    """Corrected to another amount, a receipt owes its papers again."""
    (number,) = report(
        scene,
        [
            ReportLine(
                replace(DRAFT, kind=ReceiptKind.CONSTRUCTION),
                (Given(Paper.VOUCHER_LIST, SLIP, Money.wan(500)),),
            )
        ],
    )
    scene.send_back(number, "kunqu_reviewer")
    scene.correct(number, kind=ReceiptKind.CONSTRUCTION, price=yuan("4800000"))
    scene.review(number)
    with pytest.raises(Refused, match="owed"):
        scene.confirm(number)
    scene.prove(number, Paper.VOUCHER_LIST, Money.wan(480))
    scene.confirm(number)
    assert scene.funds() == Money.wan(480)
