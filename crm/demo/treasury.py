"""Money as planned: reported by officers, reviewed by districts, confirmed by the city; or sent back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from crm.core.actor import Actor
from crm.demo.landings import Landing, Landings
from crm.demo.papers import Stock
from crm.demo.plan.stories import Line, Way
from crm.demo.script import Script
from crm.demo.tables import rows
from crm.demo.terms import MADE_UP
from crm.ledger.operations import judging, papers, reporting, reversing
from crm.ledger.operations.checking import ReceiptDraft
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import HOME, PAPERS, Price, RateRule

RATES = {row["currency"]: Decimal(row["rate"]) for row in rows("rates")}
WHY_LATE = ("企业财务结算滞后（演示）", "银行回单补开（演示）", "佐证材料退回补正（演示）")
WHY_BACK = ("回单金额与上报不一致", "缺少设备发票", "资金来源需说明", "到账日期与回单不符")
WHY_ABOVE = "追加设备投资（演示）"
WHY_REVERSED = "重复计入部分款项，按凭证更正（演示）"
WHY_WITHDRAWN = "重复上报（演示）"


class Treasury:
    """The rounds of money: a scene for each sheet, for each district's review and the city's confirmation."""

    def __init__(self, script: Script, landings: Landings, stock: Stock) -> None:
        self._script = script
        self._landings = landings
        self._stock = stock
        self._ids: dict[int, int] = {}
        self._backs: dict[int, int] = {}

    def prepare(self, lines: Sequence[Line]) -> None:
        """Name all scenes, in the order in which one day's can happen."""
        at = self._script.at
        reports: dict[tuple[date, str], list[Line]] = defaultdict(list)
        for line in lines:
            reports[line.reported, self._landings[line.project].plan.owner].append(line)
        for (day, _), found in reports.items():
            at(day, partial(self.report, found))
        for line in lines:
            at(line.papers, partial(self.give_papers, line))
            at(line.withdrawn, partial(self.withdraw, line))
        self._prepare_reviews(lines)
        self._prepare_confirmations(lines)

    def _prepare_reviews(self, lines: Sequence[Line]) -> None:
        at, add = self._script.at, self._script.days.add
        rounds: dict[tuple[date, str], list[tuple[Line, bool]]] = defaultdict(list)
        for line in lines:
            district = self._landings[line.project].plan.district
            if line.way is Way.RETURNED:
                at(line.returned, partial(self.send_back, line, district))
            elif line.reviewed is not None:
                rounds[line.reviewed, district].append((line, False))
            if line.corrected is not None:
                at(line.corrected, partial(self.correct, line))
                rounds[add(line.corrected, 1), district].append((line, False))
            if line.reversed is not None:
                rounds[add(line.reversed, 2), district].append((line, True))
        for (day, district), found in rounds.items():
            at(day, partial(self.review, found, district))

    def _prepare_confirmations(self, lines: Sequence[Line]) -> None:
        at, add = self._script.at, self._script.days.add
        rounds: dict[date, list[tuple[Line, bool]]] = defaultdict(list)
        for line in lines:
            if line.way is Way.RETURNED_BY_CITY:
                at(line.returned, partial(self.send_back, line, ""))
            if line.confirmed is not None:
                rounds[line.confirmed].append((line, False))
            if line.reversed is not None:
                at(line.reversed, partial(self.reverse, line))
                rounds[add(line.reversed, 4)].append((line, True))
        for day, found in rounds.items():
            at(day, partial(self.confirm, found))

    def report(self, lines: Sequence[Line], now: datetime) -> None:
        """An officer's sheet: the lines of his projects, most of them with their papers."""
        sheet: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            sheet[self._landings[line.project].project_id].append(line)
        told = {number: [self._line(line) for line in found] for number, found in sheet.items()}
        owner = self._landings[lines[0].project].owner
        done = reporting.report_projects(self._script.session, owner, told, now=now)
        for number, found in sheet.items():
            for line, row in zip(found, done[number], strict=True):
                self._ids[id(line)] = row.id

    def _line(self, line: Line) -> ReportLine:
        case = self._landings[line.project]
        papers = () if line.papers else self._papers(case, line)
        return ReportLine(self._draft(case, line, line.typed or line.amount), papers)

    def give_papers(self, line: Line, now: datetime) -> None:
        """The papers that were owed."""
        case = self._landings[line.project]
        given = self._papers(case, line)
        papers.give(self._script.session, case.owner, self._ids[id(line)], given, now=now)

    def withdraw(self, line: Line, now: datetime) -> None:
        """It was reported twice."""
        owner = self._landings[line.project].owner
        number = self._ids[id(line)]
        reporting.withdraw(self._script.session, owner, number, reason=WHY_WITHDRAWN, now=now)

    def send_back(self, line: Line, district: str, now: datetime) -> None:
        """By the district's reviewer, or by the city ("")."""
        actor = self._script.reviewer_in(district) if district else self._city(now)
        reason = self._script.dice(f"back {line.project} {line.arrived}").choice(WHY_BACK)
        number = self._ids[id(line)]
        judging.send_back(self._script.session, actor, number, reason=reason, now=now)

    def correct(self, line: Line, now: datetime) -> None:
        """What was sent back, with the right amount."""
        case = self._landings[line.project]
        told = ReportLine(self._draft(case, line, line.amount))
        number = self._ids[id(line)]
        reporting.correct(self._script.session, case.owner, number, told, now=now)

    def reverse(self, line: Line, now: datetime) -> None:
        """A confirmed one is taken back."""
        owner = self._landings[line.project].owner
        number = self._ids[id(line)]
        row = reversing.reverse(self._script.session, owner, number, reason=WHY_REVERSED, now=now)
        self._backs[id(line)] = row.id

    def review(self, found: Sequence[tuple[Line, bool]], district: str, now: datetime) -> None:
        """What the district looked at on this day."""
        reviewer = self._script.reviewer_in(district)
        judging.review_several(self._script.session, reviewer, self._numbers(found), now=now)

    def confirm(self, found: Sequence[tuple[Line, bool]], now: datetime) -> None:
        """What the city confirms on this day."""
        numbers = self._numbers(found)
        judging.confirm_several(self._script.session, self._city(now), numbers, now=now)

    def _numbers(self, found: Sequence[tuple[Line, bool]]) -> list[int]:
        return [(self._backs if back else self._ids)[id(line)] for line, back in found]

    def _city(self, now: datetime) -> Actor:
        """The bureau's two who confirm, in turns of months."""
        return self._script.cast["manager" if now.month % 3 else "fujuzhang"]

    def _draft(self, case: Landing, line: Line, wan: int) -> ReceiptDraft:
        return ReceiptDraft(
            arrived_on=line.arrived,
            price=_price(line, wan),
            kind=line.kind,
            origin=line.origin,
            payer=case.plan.firm.name,
            fiscal=line.fiscal,
            why_late=WHY_LATE[line.arrived.day % len(WHY_LATE)] if line.late else "",
            why_above=WHY_ABOVE if line.above else "",
            demo_note=MADE_UP,
        )

    def _papers(self, case: Landing, line: Line) -> tuple[Given, ...]:
        dice = self._script.dice(f"papers {line.project} {line.arrived} {line.amount}")
        kinds = sorted(dice.choice(PAPERS[line.kind]))
        return tuple(Given(kind, dice.choice(self._stock[kind.value])) for kind in kinds)


def _price(line: Line, wan: int) -> Price:
    if line.currency == HOME:
        return Price(HOME, Decimal(wan * 10_000))
    rate = RATES[line.currency]
    amount = (Decimal(wan * 10_000) / rate).quantize(Decimal("0.01"))
    return Price(line.currency, amount, rate, RateRule.MIDDLE_ON_ARRIVAL)
