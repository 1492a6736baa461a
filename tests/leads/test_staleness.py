"""Fair staleness: working days since a person was in contact, the same by rule and by query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm.catalog.queries import published_calendar
from crm.catalog.rules import Clocks
from crm.core.clock import SHANGHAI
from crm.core.database import Database
from crm.leads.models import FOREVER, Lead
from crm.leads.operations import care, entry, moving
from crm.leads.queries import staleness
from crm.leads.rules.clocks import Deadlines, Silence, overstays, silence
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from tests.factories.city import City

NOW = datetime(2025, 10, 20, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()
CLOCKS = Clocks()
CALENDAR = published_calendar()
LIMITS = Deadlines.of(TODAY, CALENDAR, CLOCKS)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clocked:
    """What the clocks read of a lead."""

    stage: Stage = Stage.CONTACTED
    standing: Standing = Standing.OPEN
    standing_until: date | None = None
    silent_from: date = TODAY
    staged_from: date = TODAY
    next_step_on: date = FOREVER
    amount_low: Money = Money(0)
    responsible_leader: str = ""


def ago(working_days: int) -> date:
    """The earliest day since which so many working days have passed."""
    return CALENDAR.since(TODAY, working_days)


@pytest.mark.parametrize(
    ("lead", "limit"),
    [
        (Clocked(), 14),
        (Clocked(amount_low=Money.yi(10) - Money(1)), 14),
        (Clocked(amount_low=Money.yi(10)), 7),
        (Clocked(responsible_leader="王市长"), 7),
    ],
)
def test_a_key_lead_is_silent_after_seven_working_days_and_another_after_fourteen(
    lead: Clocked, limit: int
) -> None:
    on_the_limit = replace(lead, silent_from=ago(limit))
    past_it = replace(lead, silent_from=ago(limit) - DAY)
    assert CALENDAR.between(on_the_limit.silent_from, TODAY) == limit
    assert silence(on_the_limit, LIMITS) is None
    assert silence(past_it, LIMITS) is Silence.SILENT


def test_the_week_of_national_day_is_no_silence() -> None:
    """From 26 September to 20 October 2025 there are 16 weekdays, and 12 days on which offices work."""
    lead = Clocked(silent_from=date(2025, 9, 26))
    assert CALENDAR.between(lead.silent_from, TODAY) == 12
    assert silence(lead, LIMITS) is None


def test_after_thirty_working_days_silence_has_to_be_explained() -> None:
    assert silence(Clocked(silent_from=ago(30)), LIMITS) is Silence.SILENT
    assert silence(Clocked(silent_from=ago(30) - DAY), LIMITS) is Silence.EXPLAIN


@pytest.mark.parametrize(
    ("days", "suspended"), [(-1, False), (0, True), (1, True), (400, True), (None, False)]
)
def test_only_a_next_step_that_lies_ahead_suspends_silence(
    days: int | None, suspended: bool
) -> None:
    planned = FOREVER if days is None else TODAY + days * DAY
    lead = Clocked(silent_from=ago(40), next_step_on=planned)
    assert (silence(lead, LIMITS) is None) is suspended


def test_a_hold_suspends_until_its_day_and_silence_counts_from_there() -> None:
    held = Clocked(standing=Standing.ON_HOLD, silent_from=ago(60), staged_from=ago(200))
    for until, quiet in ((TODAY, None), (TODAY - DAY, None), (ago(14) - DAY, Silence.SILENT)):
        assert silence(replace(held, standing_until=until), LIMITS) is quiet
    assert not overstays(replace(held, standing_until=TODAY), LIMITS)
    assert overstays(replace(held, standing_until=TODAY - DAY), LIMITS)


@pytest.mark.parametrize(
    ("stage", "limit"),
    [
        (Stage.IDENTIFIED, 15),
        (Stage.CONTACTED, 45),
        (Stage.NEGOTIATING, 120),
        (Stage.DRAFTED, 60),
    ],
)
def test_a_stay_in_a_stage_has_its_own_limit_which_no_plan_suspends(
    stage: Stage, limit: int
) -> None:
    lead = Clocked(stage, next_step_on=TODAY + DAY)
    assert not overstays(replace(lead, staged_from=ago(limit)), LIMITS)
    assert overstays(replace(lead, staged_from=ago(limit) - DAY), LIMITS)


@pytest.mark.parametrize(
    "left", [{"stage": Stage.SIGNED}, {"standing": Standing.LOST}], ids=["signed", "lost"]
)
def test_no_clock_runs_for_a_lead_that_has_left(left: dict[str, Stage | Standing]) -> None:
    lead = replace(Clocked(silent_from=ago(90), staged_from=ago(300)), **left)  # type: ignore[arg-type]
    assert silence(lead, LIMITS) is None
    assert not overstays(lead, LIMITS)


around = st.integers(-130, 3).map(lambda days: TODAY + days * DAY)
clocks = st.builds(
    Clocks,
    silence_key=st.integers(0, 20),
    silence=st.integers(0, 20),
    silence_explain=st.integers(0, 40),
    stage_identified=st.integers(0, 40),
)
leads = st.builds(
    Clocked,
    stage=st.sampled_from(Stage),
    standing=st.sampled_from(Standing),
    silent_from=around,
    staged_from=around,
    next_step_on=st.one_of(around, st.just(FOREVER)),
    amount_low=st.sampled_from([Money(0), Money.yi(10) - Money(1), Money.yi(10)]),
    responsible_leader=st.sampled_from(["", "王市长"]),
).flatmap(
    lambda lead: st.builds(
        lambda until: replace(
            lead, standing_until=until if lead.standing is Standing.ON_HOLD else None
        ),
        around,
    )
)


@given(st.integers(0, 200))
def test_a_day_stands_for_so_many_working_days(n: int) -> None:
    first = CALENDAR.since(TODAY, n)
    assert CALENDAR.between(first, TODAY) <= n < CALENDAR.between(first - DAY, TODAY)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(leads, min_size=1, max_size=40), clocks)
def test_the_query_finds_exactly_the_leads_that_the_rule_names(
    city: City, told: list[Clocked], given: Clocks
) -> None:
    limits = Deadlines.of(TODAY, CALENDAR, given)
    ids = _stored(city, told)
    named = {
        "silent": [n for n, lead in zip(ids, told, strict=True) if silence(lead, limits)],
        "explain": [
            n for n, lead in zip(ids, told, strict=True) if silence(lead, limits) is Silence.EXPLAIN
        ],
        "overstays": [n for n, lead in zip(ids, told, strict=True) if overstays(lead, limits)],
    }
    conditions = {
        "silent": staleness.silent(limits),
        "explain": staleness.silent(limits, Silence.EXPLAIN),
        "overstays": staleness.overstayed(limits),
    }
    with city.database.read() as session:
        found = {
            name: list(
                session.scalars(select(Lead.id).where(Lead.id.in_(ids), where).order_by(Lead.id))
            )
            for name, where in conditions.items()
        }
    assert found == named


def _stored(city: City, told: list[Clocked]) -> list[int]:
    """The leads as rows, with what else a row has to have."""
    person, unit = city.person_id("kunqu_officer"), city.unit_id("昆区一科")
    with city.write() as session:
        first = (session.scalar(select(Lead.id).order_by(Lead.id.desc()).limit(1)) or 0) + 1
        session.execute(
            insert(Lead),
            [
                {
                    "id": first + n,
                    "number": f"T-{first + n}",
                    "title": "甲",
                    "content": "乙",
                    "unit_id": unit,
                    "owner_id": person,
                    "moved_on": lead.staged_from,
                    "entered_on": TODAY,
                    "created_at": NOW,
                    "created_by": person,
                    **vars(lead),
                }
                for n, lead in enumerate(told)
            ],
        )
    return list(range(first, first + len(told)))


def a_lead(city: City, day: date) -> int:
    """A lead entered on a day."""
    draft = entry.LeadDraft(content="乙", title="甲", entered_on=day)
    with city.write() as session:
        return entry.enter(session, city.actor("kunqu_officer"), draft, now=NOW).id


def row(city: City, lead_id: int) -> Lead:
    """The lead as it is stored."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def test_changing_a_field_or_planning_a_step_is_no_contact(city: City) -> None:
    lead_id, actor = a_lead(city, ago(20)), city.actor("kunqu_officer")
    assert silence(row(city, lead_id), LIMITS) is Silence.SILENT
    with city.write() as session:
        draft = entry.LeadDraft(content="改了内容", title="甲")
        entry.revise(session, actor, lead_id, draft, now=NOW)
        care.plan_next_step(session, actor, lead_id, step="拜访", on=TODAY, now=NOW)
        care.plan_next_step(session, actor, lead_id, step="", on=None, now=NOW)
    assert silence(row(city, lead_id), LIMITS) is Silence.SILENT
    with city.write() as session:
        care.touch(session, actor, lead_id, day=ago(3), now=NOW)
    assert silence(row(city, lead_id), LIMITS) is None


def test_days_on_hold_do_not_count_as_days_in_the_stage(city: City) -> None:
    entered = TODAY - 60 * DAY
    lead_id, actor = a_lead(city, entered), city.actor("kunqu_officer")
    reason = city.term_id("市场行情待观察")
    with city.write() as session:
        moving.hold(
            session, actor, lead_id, day=entered + 5 * DAY, until=entered + 45 * DAY,
            reason_id=reason, now=NOW,
        )  # fmt: skip
    assert row(city, lead_id).staged_from == entered + 40 * DAY
    with city.write() as session:
        moving.resume(session, actor, lead_id, day=entered + 15 * DAY, now=NOW)
    assert row(city, lead_id).staged_from == entered + 10 * DAY
    with city.write() as session:
        moving.move(session, actor, lead_id, Stage.CONTACTED, day=TODAY - 9 * DAY, now=NOW)
    assert row(city, lead_id).staged_from == TODAY - 9 * DAY


def test_the_deadlines_follow_the_settings(database: Database) -> None:
    with database.read() as session:
        assert staleness.deadlines(session, TODAY) == LIMITS
