"""Decisions, their reasons and the sums, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.audit.models import Entry
from crm.core.database import Database
from crm.core.errors import Forbidden, Refused
from crm.counting.models import CountingHead, DaySum, RuleSetVersion, Subject
from crm.counting.operations import books, rule_sets
from crm.counting.operations.deciding import decide
from crm.counting.operations.recounting import recount
from crm.counting.queries import figures, stored, trials
from crm.counting.queries import rules as reading
from crm.counting.queries.known import figures_as_known
from crm.counting.queries.recounting import differences
from crm.counting.queries.rules import closed_months, in_force, month_states
from crm.counting.rules.decisions import Measure, Reason, Verdict
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import (
    Kind,
    MoneyFrom,
    Place,
    ProjectFacts,
    ReceiptFacts,
    ReceiptState,
    Works,
)
from crm.counting.rules.sets import RuleSet
from crm.values.money import Money
from tests.counting.given import WAN, YI, at, day, owed, project, receipt
from tests.factories.city import EDITOR, SYSTEM, City, keeper

ALL = tuple(Measure)
NOON = at("6-30")
YEAR_END = day("12-31")


@pytest.fixture
def kunqu(city: City) -> Place:
    return Place(
        city.district_id("昆都仑区"),
        cluster=1,
        chain=city.chain_id("稀土"),
        position="supporting",
        model=city.model_id("chain"),
        anchor="head_firm:3",
    )


@pytest.fixture
def qingshan(city: City) -> Place:
    return Place(city.district_id("青山区"))


def hand(
    database: Database, *facts: ProjectFacts | ReceiptFacts, now: datetime = NOON
) -> list[tuple[Verdict, Reason]]:
    with database.write("test") as session:
        told = [decide(session, SYSTEM, one, now=now) for one in facts]
        return [(one.verdict, one.reason) for one in told]


def count(session: Session, measure: Measure, on: str = "2025-12-31", year: int = 2025) -> int:
    found = figures.figures(session, [measure], year=year, on=day(on))
    return figures.city(found.items(), measure).count


def fen(session: Session, measure: Measure, on: str = "2025-12-31", year: int = 2025) -> int:
    found = figures.figures(session, [measure], year=year, on=day(on))
    return figures.city(found.items(), measure).amount.fen


def test_signing_raises_in_hand_and_nothing_counted(database: Database, kunqu: Place) -> None:
    signed = project(place=kunqu, reported_on=None, accepted_on=None, recognised_on=None, debts=())
    assert hand(database, signed) == [(Verdict.PENDING, Reason.NOT_STARTED)]
    with database.read() as session:
        steps = [count(session, measure) for measure in ALL[:3]]
        assert steps == [1, 0, 0]
        assert fen(session, Measure.FUNDS_AGREED) == YI(3).fen


def test_a_start_moves_from_step_to_step_and_leaves_the_former(
    database: Database, kunqu: Place
) -> None:
    good = project(place=kunqu)
    signed = replace(good, reported_on=None, accepted_on=None, recognised_on=None, debts=())
    reported = replace(signed, reported_on=good.reported_on)
    pending = replace(good, debts=(owed("start", "5-20", None),))
    seen = []
    for facts in (signed, reported, pending, good):
        hand(database, facts)
        with database.read() as session:
            seen.append([count(session, measure) for measure in ALL[:3]])
            assert differences(session) == []
    assert seen == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_every_split_makes_the_whole_with_unassigned_as_a_row(
    database: Database, kunqu: Place, qingshan: Place
) -> None:
    hand(
        database,
        project(place=kunqu),
        project(project=8, place=qingshan, total=YI(5)),
        receipt(),
        receipt(receipt=71, project=8, amount=WAN(900)),
    )
    with database.read() as session:
        for dimension in Dimension:
            found = figures.figures(
                session, [Measure.FUNDS_COUNTED], year=2025, on=YEAR_END, dimension=dimension
            )
            assert figures.city(found.items(), Measure.FUNDS_COUNTED).amount == WAN(1_400)
        found = figures.figures(
            session, [Measure.STARTS_COUNTED], year=2025, on=YEAR_END, dimension=Dimension.CHAIN
        )
        by_chain = figures.by_key(found, Measure.STARTS_COUNTED)
        assert {key: one.count for key, one in by_chain.items()} == {str(kunqu.chain): 1, "": 1}
        by_district = figures.by_district(found, Measure.STARTS_COUNTED)
        assert by_district[kunqu.district].amount == YI(3)
        assert by_district[qingshan.district].amount == YI(5)


def test_only_one_district_or_part_can_be_asked_for(
    database: Database, kunqu: Place, qingshan: Place
) -> None:
    hand(database, project(place=kunqu), project(project=8, place=qingshan))
    with database.read() as session:
        found = figures.figures(
            session,
            [Measure.STARTS_COUNTED],
            year=2025,
            on=YEAR_END,
            dimension=Dimension.POSITION,
            district_id=kunqu.district,
            key="supporting",
        )
        assert [one.count for one in found.values()] == [1]


def test_a_figure_equals_the_rows_that_it_opens(
    database: Database, kunqu: Place, qingshan: Place
) -> None:
    hand(
        database,
        project(place=kunqu, terminated_on=day("10-08")),
        project(project=8, place=qingshan),
        receipt(),
        receipt(receipt=71, arrived_on=day("6-28"), amount=WAN(-20)),
        receipt(receipt=72, project=8, state=ReceiptState.REVIEWED, confirmed_at=None),
    )
    with database.read() as session:
        for measure in ALL:
            for on in ("2025-02-28", "2025-05-20", "2025-06-30", "2025-10-08", "2026-03-01"):
                rows = session.scalars(figures.rows_of(measure, year=2025, on=day(on))).all()
                assert count(session, measure, on) == len(rows)
                assert fen(session, measure, on) == sum(row.amount.fen for row in rows)


def test_as_of_a_day_by_month_and_day_sums(database: Database, kunqu: Place) -> None:
    lines = [
        receipt(receipt=n, arrived_on=day(f"{month}-{number}"), confirmed_at=at(f"{month}-28"),
                amount=Money(10**n))
        for n, (month, number) in enumerate([(1, "01"), (1, "31"), (2, "01"), (3, "10")])
    ]  # fmt: skip
    hand(database, project(place=kunqu), *lines)
    with database.read() as session:
        told = {on: fen(session, Measure.FUNDS_COUNTED, on) for on in (
            "2024-12-31", "2025-01-01", "2025-01-30", "2025-01-31", "2025-02-01", "2025-03-09",
            "2025-03-10", "2026-08-01",
        )}  # fmt: skip
        assert list(told.values()) == [0, 1, 1, 11, 111, 111, 1111, 1111]
        assert fen(session, Measure.FUNDS_COUNTED, "2026-08-01", 2026) == 0


def test_by_booking_months_the_26th_belongs_to_the_next(database: Database, kunqu: Place) -> None:
    hand(
        database,
        project(place=kunqu),
        receipt(),
        receipt(receipt=71, arrived_on=day("3-26"), confirmed_at=at("3-27")),
        receipt(receipt=72, arrived_on=day("3-01"), confirmed_at=at("5-12"), amount=WAN(7)),
    )
    with database.read() as session:
        months = figures.by_booking_month(session, 2025)
        assert [one.amount for one in months[2:5]] == [WAN(500), WAN(500), WAN(7)]
        assert sum(one.count for one in months) == 3


def test_receipts_are_decided_again_when_their_project_changes(
    database: Database, kunqu: Place, qingshan: Place
) -> None:
    hand(database, project(place=kunqu), receipt())
    hand(database, project(place=qingshan))
    with database.read() as session:
        found = figures.figures(session, [Measure.FUNDS_COUNTED], year=2025, on=YEAR_END)
        assert set(figures.by_district(found, Measure.FUNDS_COUNTED)) == {qingshan.district}
    hand(database, project(place=qingshan, kind=Kind.REAL_ESTATE))
    with database.read() as session:
        row = stored.decision(session, Subject.RECEIPT, 70)
        assert row is not None
        assert row.reason is Reason.REAL_ESTATE
        assert fen(session, Measure.FUNDS_COUNTED) == 0
        assert differences(session) == []


def test_a_receipt_without_its_project_is_a_mistake_of_the_program(database: Database) -> None:
    with pytest.raises(LookupError):
        hand(database, receipt())


def test_a_decision_is_kept_with_what_it_looked_at_and_a_new_row_follows_a_change(
    database: Database, kunqu: Place
) -> None:
    hand(database, project(place=kunqu, debts=(owed("start", "5-20", None),)))
    hand(database, project(place=kunqu), now=at("7-01"))
    hand(database, project(place=kunqu), now=at("7-02"))
    with database.read() as session:
        new, old = stored.decided_before(session, Subject.PROJECT, 7)
        assert (old.verdict, old.reason) == (Verdict.PENDING, Reason.EVIDENCE_OWED)
        assert old.owed == ["start"]
        assert old.looked_at["debts"][0]["settled"] is None
        assert old.replaced_at == new.decided_at == at("7-01")
        assert (new.verdict, new.year, new.stands_on) == (Verdict.COUNTS, 2025, day("5-20"))
        assert stored.decision(session, Subject.PROJECT, 7) is new


def test_a_changed_answer_stands_on_the_projects_timeline_an_unchanged_one_does_not(
    database: Database, kunqu: Place
) -> None:
    for _ in range(3):
        hand(database, project(place=kunqu))
    with database.read() as session:
        entries = session.scalars(select(Entry).where(Entry.action == "project.decided")).all()
        assert [(one.subject_kind, one.subject_id) for one in entries] == [("project", 7)]


def test_as_known_then_goes_by_what_was_decided_by_that_instant(
    database: Database, kunqu: Place
) -> None:
    hand(database, project(place=kunqu), now=at("7-01"))
    hand(database, receipt(), now=at("7-02"))
    hand(database, receipt(amount=WAN(600)), now=at("7-05"))

    def known(instant: datetime, dimension: Dimension = Dimension.ALL) -> tuple[int, int]:
        with database.read() as session:
            found = figures_as_known(
                session,
                ALL,
                year=2025,
                on=YEAR_END,
                known=instant,
                dimension=dimension,
            )
        return (
            figures.city(found.items(), Measure.STARTS_COUNTED).count,
            figures.city(found.items(), Measure.FUNDS_COUNTED).amount.fen,
        )

    assert known(at("6-30")) == (0, 0)
    assert known(at("7-01")) == (1, 0)
    assert known(at("7-03"), Dimension.CHAIN) == (1, WAN(500).fen)
    assert known(at("7-05")) == (1, WAN(600).fen)


def test_in_place_of_some_projects(database: Database, kunqu: Place) -> None:
    hand(database, project(place=kunqu), receipt(), receipt(receipt=71, amount=WAN(-100)))
    with database.read() as session:
        found = figures.of_projects(session, Measure.FUNDS_COUNTED, [7, 8])
        assert found[7].amount == WAN(400)
        assert figures.of_projects(session, Measure.FUNDS_COUNTED, [7], year=2024) == {}


# Rule sets


def drafted(database: Database, rules: RuleSet, year: int = 2025) -> int:
    with database.write("test") as session:
        return rule_sets.draft(session, EDITOR, year=year, rules=rules, now=NOON).id


def publish(database: Database, rule_set_id: int, now: datetime = NOON) -> int:
    with database.write("test") as session:
        return rule_sets.publish(session, EDITOR, rule_set_id, now=now)


def test_a_rule_set_is_tried_before_it_is_published_and_then_switches_all_readers(
    database: Database, kunqu: Place
) -> None:
    hand(
        database,
        project(place=kunqu),
        project(project=8, place=kunqu, works=Works.UPGRADE, total=YI(4)),
        project(project=9, place=kunqu, total=YI(1)),
        receipt(),
        receipt(receipt=71, origin=MoneyFrom.REGION),
    )
    rules = RuleSet(
        upgrades=True,
        minimum=YI(2),
        origins=(MoneyFrom.ABROAD, MoneyFrom.OUTSIDE_REGION, MoneyFrom.REGION),
    )
    number = drafted(database, rules)
    with database.read() as session:
        tried = trials.trial(session, rules, year=2025, days={2025: YEAR_END})
        found = tried.years[2025]
        assert [(one.subject, one.number) for one in found.enters] == [
            (Subject.PROJECT, 8),
            (Subject.RECEIPT, 71),
        ]
        assert [(one.number, one.after) for one in found.leaves] == [
            (9, (Verdict.DOES_NOT_COUNT, Reason.BELOW_MINIMUM))
        ]
        assert found.before[Measure.STARTS_COUNTED].amount == YI(4)
        assert found.after[Measure.STARTS_COUNTED].amount == YI(7)
        assert fen(session, Measure.STARTS_COUNTED) == YI(4).fen
    assert publish(database, number) == tried.changed == 3
    with database.read() as session:
        for measure in ALL:
            assert fen(session, measure) == found.after[measure].amount.fen
        assert differences(session) == []
        row = stored.decision(session, Subject.PROJECT, 9)
        assert row is not None
        assert row.rule_set is not None
        assert row.rule_set.number == 1


def test_another_year_keeps_its_own_rules(database: Database, kunqu: Place) -> None:
    publish(database, drafted(database, RuleSet(), 2025))
    publish(database, drafted(database, RuleSet(upgrades=True), 2026))
    hand(database, project(place=kunqu, works=Works.UPGRADE))
    with database.read() as session:
        row = stored.decision(session, Subject.PROJECT, 7)
        assert row is not None
        assert row.reason is Reason.UPGRADE
        assert in_force(session).rules.source(2030) == 2026


def test_a_published_version_is_never_edited(database: Database) -> None:
    number = drafted(database, RuleSet())
    with database.write("test") as session:
        rule_sets.edit_draft(
            session, EDITOR, number, RuleSet(ppp=True), note="PPP", version=1, now=NOON
        )
    publish(database, number)
    with pytest.raises(Refused), database.write("test") as session:
        rule_sets.edit_draft(session, EDITOR, number, RuleSet(), note="", version=None, now=NOON)
    with pytest.raises(Refused):
        publish(database, number)
    for statement in ("UPDATE rule_set SET note = 'x'", "DELETE FROM rule_set"):
        with pytest.raises(DBAPIError, match="published"), database.write("test") as session:
            session.execute(text(statement))
    with database.read() as session:
        assert session.get_one(RuleSetVersion, number).parameters["ppp"] is True


def test_an_older_draft_is_not_published_over_a_newer_version(database: Database) -> None:
    old, new = drafted(database, RuleSet()), drafted(database, RuleSet(ppp=True))
    publish(database, new)
    with pytest.raises(Refused):
        publish(database, old)


def test_who_may_not_edit_rules_drafts_edits_discards_and_publishes_none(
    database: Database,
) -> None:
    number = drafted(database, RuleSet())
    for act in (
        lambda session: rule_sets.draft(session, SYSTEM, year=2025, rules=RuleSet(), now=NOON),
        lambda session: rule_sets.edit_draft(
            session, SYSTEM, number, RuleSet(), note="", version=1, now=NOON
        ),
        lambda session: rule_sets.discard(session, SYSTEM, number, now=NOON),
        lambda session: rule_sets.publish(session, SYSTEM, number, now=NOON),
    ):
        with pytest.raises(Forbidden), database.write("test") as session:
            act(session)
    with database.read() as session:
        assert [row.number for row in reading.rule_sets(session)] == [1]


def test_a_draft_can_be_thrown_away_and_a_published_version_cannot(database: Database) -> None:
    first, second = drafted(database, RuleSet()), drafted(database, RuleSet(ppp=True))
    publish(database, first)
    with database.write("test") as session:
        assert rule_sets.discard(session, EDITOR, second, now=NOON) == 2025
    with pytest.raises(Refused), database.write("test") as session:
        rule_sets.discard(session, EDITOR, first, now=NOON)
    with database.read() as session:
        assert [row.id for row in reading.rule_sets(session)] == [first]


@pytest.mark.parametrize("table", ["decision", "standing"])
def test_what_was_decided_and_stood_is_never_rewritten(
    database: Database, kunqu: Place, table: str
) -> None:
    hand(database, project(place=kunqu))
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET amount = 1"):
        with pytest.raises(DBAPIError, match="only"), database.write("test") as session:
            session.execute(text(statement))


# Books


def test_a_month_closed_early_takes_nothing_more_and_can_be_reopened(
    database: Database, kunqu: Place
) -> None:
    with database.write("test") as session:
        books.close_month(session, keeper(session), 2025, 3, reason="汇总", now=at("3-14"))
    hand(database, project(place=kunqu), receipt(), now=at("3-18"))
    with database.write("test") as session:
        books.reopen_month(session, keeper(session), 2025, 3, reason="漏报", now=at("3-19"))
    hand(database, receipt(receipt=71, confirmed_at=at("3-20")), now=at("3-20"))
    with database.read() as session:
        months = figures.by_booking_month(session, 2025)
        assert [one.count for one in months[2:4]] == [1, 1]
        row = stored.decision(session, Subject.RECEIPT, 70)
        assert row is not None
        assert (row.reason, row.month, row.late) == (Reason.BOOKED_LATE, 4, True)


def test_listed_money_counts_once_the_year_is_reopened(database: Database, kunqu: Place) -> None:
    late = receipt(confirmed_at=at("2026-02-01"))
    assert hand(database, project(place=kunqu), late, now=at("2026-02-01"))[1] == (
        Verdict.DOES_NOT_COUNT,
        Reason.YEAR_CLOSED,
    )
    with database.write("test") as session:
        books.reopen_year(session, keeper(session), 2025, reason="审计调整", now=at("2026-02-10"))
    with database.read() as session:
        row = stored.decision(session, Subject.RECEIPT, 70)
        assert row is not None
        assert (row.verdict, row.month, row.late) == (Verdict.COUNTS, 12, True)
        assert row.stands_on == day("11-26")
        assert fen(session, Measure.FUNDS_COUNTED) == WAN(500).fen
        assert fen(session, Measure.FUNDS_COUNTED, "2026-12-31", 2026) == 0
        assert differences(session) == []
    with database.write("test") as session:
        books.close_year_again(
            session, keeper(session), 2025, reason="调整完毕", now=at("2026-02-12")
        )
    after = replace(late, receipt=71, confirmed_at=at("2026-02-13"))
    assert hand(database, after, now=at("2026-02-13")) == [
        (Verdict.DOES_NOT_COUNT, Reason.YEAR_CLOSED)
    ]


@pytest.mark.parametrize(
    ("operation", "args", "now"),
    [
        (books.close_month, (2025, 12), "12-20"),
        (books.close_month, (2025, 3), "4-02"),
        (books.close_month, (2025, 9), "3-14"),
        (books.reopen_month, (2025, 3), "3-14"),
        (books.reopen_month, (2025, 3), "2026-02-01"),
        (books.reopen_year, (2025,), "12-20"),
        (books.close_year_again, (2025,), "12-20"),
        (books.close_year_again, (2025,), "2026-02-01"),
    ],
)
def test_books_are_opened_and_closed_in_their_order(
    database: Database, operation: object, args: tuple[int, ...], now: str
) -> None:
    with pytest.raises(Refused), database.write("test") as session:
        operation(session, keeper(session), *args, reason="x", now=at(now))  # type: ignore[operator]


def test_a_reason_is_asked_for(database: Database) -> None:
    with pytest.raises(Refused) as refused, database.write("test") as session:
        books.close_month(session, keeper(session), 2025, 3, reason=" ", now=at("3-14"))
    assert refused.value.field == "reason"


def test_what_was_closed_and_opened_is_history(database: Database) -> None:
    with database.write("test") as session:
        books.close_month(session, keeper(session), 2025, 3, reason="汇总", now=at("3-14"))
    for statement in ("DELETE FROM book_event", "UPDATE book_event SET month = 4"):
        with pytest.raises(DBAPIError, match="history"), database.write("test") as session:
            session.execute(text(statement))


def test_the_state_of_the_months_is_computed_from_the_day(database: Database) -> None:
    with database.read() as session:
        states = month_states(session, 2025, at("4-02"))
        assert [state.open for state in states[:5]] == [False, False, False, True, True]
        assert states[2].closes_on == day("4-01")
        assert closed_months(session, 2025, at("4-02")) == 3
        assert closed_months(session, 2025, at("2026-01-15")) == 11
        assert closed_months(session, 2025, at("2026-01-16")) == 12


# Sums


def test_a_recount_finds_what_is_wrong_and_mends_it(database: Database, kunqu: Place) -> None:
    hand(database, project(place=kunqu), receipt())
    with database.write("test") as session:
        session.execute(text("UPDATE day_sum SET fen = fen + 1 WHERE measure = 'funds_counted'"))
        session.execute(text("DELETE FROM month_sum WHERE dimension = 'chain'"))
    with database.read() as session:
        found = differences(session)
        assert {one.fen for one in found if one.table == "day_sum"} == {1}
        assert "month_sum" in {one.table for one in found}
    with database.write("test") as session:
        assert recount(session, SYSTEM, now=NOON) == len(found)
    with database.read() as session:
        assert differences(session) == []
        assert session.get_one(CountingHead, 1).recounted_at == NOON


def test_a_recount_of_what_is_right_changes_nothing(database: Database, kunqu: Place) -> None:
    hand(database, project(place=kunqu, terminated_on=day("10-08")), receipt())

    def sums() -> list[tuple[object, ...]]:
        with database.read() as session:
            query = select(DaySum).where((DaySum.count != 0) | (DaySum.fen != 0))
            return sorted(
                (one.measure, one.dimension, one.day, one.key, one.district_id, one.count, one.fen)
                for one in session.scalars(query)
            )

    before = sums()
    with database.write("test") as session:
        assert recount(session, SYSTEM, now=NOON + timedelta(days=1)) == 0
    assert sums() == before
