"""A history told at once: what is handed over in a day is decided on in the evening, once."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from crm.accounts.operations import SYSTEM
from crm.counting.models import DecisionRow, Subject
from crm.counting.operations.gathering import gathering
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Reason
from crm.ledger.operations import judging, reporting
from crm.ledger.operations.handing import hand_gathered
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import Paper
from crm.projects.operations import changes
from crm.values.money import Money
from tests.counting.given import at
from tests.factories.city import City
from tests.ledger.scene import DRAFT, SLIP, open_scene


def test_what_is_gathered_is_decided_on_once_as_it_is_in_the_end(city: City) -> None:
    scene = open_scene(city)
    line = ReportLine(replace(DRAFT), (Given(Paper.BANK_SLIP, SLIP),))
    with city.write() as session, gathering(session) as gathered:
        officer, project = city.actor("kunqu_officer"), scene.project_id
        rows = reporting.report_lines(session, officer, project, [line, line], now=at("3-11"))
        numbers = {row.id for row in rows}
        judging.review_several(session, city.actor("kunqu_reviewer"), numbers, now=at("3-12"))
        judging.confirm_several(session, city.actor("city_manager"), numbers, now=at("3-13"))
        codes = changes.Codes(filing_code="2503-150203-04-01-123456")
        changes.set_codes(session, officer, project, codes, now=at("3-13"))
        assert (gathered.projects, gathered.receipts) == ({project}, numbers)
        decided = select(func.count()).where(DecisionRow.subject == Subject.RECEIPT)
        assert session.scalar(decided) == 0
    with city.write() as session:
        hand_gathered(session, SYSTEM, gathered, now=at("3-13"))
        assert session.scalar(decided) == 2
    assert scene.funds() == Money.wan(1000)
    assert {scene.decision(number).reason for number in numbers} == {Reason.IN_PLACE}
    with city.database.read() as session:
        assert differences(session) == []


def test_after_the_block_everything_is_decided_on_at_once_again(city: City) -> None:
    scene = open_scene(city)
    with city.write() as session:
        with gathering(session):
            pass
        officer = city.actor("kunqu_officer")
        reporting.report(session, officer, scene.project_id, DRAFT, now=at("3-11"))
    assert scene.funds() == Money(0)
    with city.database.read() as session:
        assert session.scalar(select(func.count()).where(DecisionRow.subject == Subject.RECEIPT))
