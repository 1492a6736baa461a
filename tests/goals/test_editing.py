"""Targets set at the bureau: entered exactly, split so that parts make the whole, taken over as a start."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.audit.models import Entry
from crm.core import clock
from crm.core.database import Database
from crm.core.errors import Forbidden
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.models import Goal, GoalPart
from crm.goals.operations import figures, plan
from crm.goals.operations import targets as operations
from crm.goals.queries import targets
from crm.goals.rules.drafting import GoalDraft, Misfit, compares, misfit
from crm.goals.rules.kinds import FUNDS, STARTS
from crm.goals.rules.units import read_value
from tests.factories import work
from tests.factories.city import SYSTEM, City
from tests.goals.given import KUNQU, QINGSHAN, Plan, goal_of, yi

TYPED: dict[str, Any] = {
    "section": "产业集群",
    "name": "氢能产值",
    "kind": "cumulative",
    "comparator": ">=",
    "target": "12.5",
    "unit": "亿元",
}


def goal(database: Database, key: str, year: int = 2025) -> Goal:
    """One of a year's goals, with its parts."""
    with database.read() as session:
        return targets.goal(session, goal_of(session, key, year).id)


def edited(of: Goal, **changes: Any) -> dict[str, Any]:
    """A goal as its form sends it, with changes."""
    told = {
        "section": of.section, "name": of.name, "name_en": of.name_en, "kind": of.kind.value,
        "comparator": of.comparator.value or "none", "target": "200", "unit": of.unit,
        "scope": of.scope, "strength": of.strength, "quote": of.quote, "version": str(of.version),
    }  # fmt: skip
    return told | changes


# --- what a draft may say ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, None),
        ({"target": -1}, Misfit.NEGATIVE),
        ({"comparator": Comparator.NONE}, Misfit.NO_COMPARATOR),
        ({"kind": GoalKind.STOCK}, Misfit.STOCK_COMPARED),
        ({"kind": GoalKind.STOCK, "comparator": Comparator.NONE}, None),
        ({"kind": GoalKind.GROWTH}, Misfit.GROWTH_UNIT),
        ({"kind": GoalKind.GROWTH, "unit": "%"}, None),
    ],
)
def test_number_comparator_and_kind_fit_together(changes: dict[str, Any], wrong: object) -> None:
    told: dict[str, Any] = {
        "section": "x", "name": "x", "kind": GoalKind.CUMULATIVE,
        "comparator": Comparator.AT_LEAST, "target": 1, "unit": "个",
    }  # fmt: skip
    found = misfit(GoalDraft(**(told | changes)))
    assert (found[0] if found else None) is wrong


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("200个以上", True), ("突破1200", True), (">1200", True), ("≥200", True), ("超过 5", True),
        ("＞1200", True), ("200", False), ("1,200.5", False), ("两百", False), ("", False),
    ],
)  # fmt: skip
def test_a_text_that_compares_is_known(text: str, does: bool) -> None:
    assert compares(text) is does


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "reads", "sets"),
    [
        ("city_manager", True, True),
        ("admin", True, True),
        ("kunqu_manager", True, False),
        ("kunqu_officer", True, False),
        ("leader", True, False),
        ("auditor", False, False),
    ],
)
def test_the_bureau_sets_targets_and_who_sees_the_board_reads_them(
    client: FlaskClient, city: City, database: Database, person: str, reads: bool, sets: bool
) -> None:
    city.sign_in(client, person)
    number = goal(database, STARTS).id
    page = client.get("/goals/targets?year=2025")
    assert page.status_code == (200 if reads else 403)
    assert (f"/goals/targets/{number}/edit" in page.text) == sets
    for address in (f"{number}/edit", f"{number}/parts", "new"):
        assert (client.get(f"/goals/targets/{address}").status_code == 200) == sets
    posts = {
        "new?year=2025": TYPED,
        f"{number}/edit": edited(goal(database, STARTS), target="1"),
        f"{number}/parts": {"month_1": "200", "version": "1"},
        f"{number}/remove": {},
        "copy/2026": {},
    }
    for address, typed in posts.items():
        answer = client.post(f"/goals/targets/{address}", data=typed)
        assert answer.status_code in ({303, 409, 422} if sets else {403}), address
    if not sets:
        with database.read() as session:
            assert targets.goal(session, number).target == 200
            assert session.scalars(select(GoalPart)).all() == []
            assert targets.years(session) == [2025]


def test_the_operations_ask_too(city: City, database: Database) -> None:
    manager = city.actor("kunqu_manager")
    number, now = goal(database, STARTS).id, clock.now()
    told: dict[str, Any] = {
        "section": "x", "name": "x", "kind": GoalKind.CUMULATIVE,
        "comparator": Comparator.AT_LEAST, "target": 1, "unit": "个",
    }  # fmt: skip
    draft = GoalDraft(**told)
    acts: list[Any] = [
        lambda session: operations.add(session, manager, draft, year=2025, now=now),
        lambda session: operations.edit(session, manager, number, draft, version=1, now=now),
        lambda session: operations.remove(session, manager, number, now=now),
        lambda session: operations.copy_last(session, manager, year=2026, now=now),
        lambda session: operations.split(
            session, manager, number, districts={}, months=(), version=1, now=now
        ),
        lambda session: figures.report(
            session, manager, number, month=1, value=1, method="x", source="x", now=now
        ),
    ]
    for act in acts:
        with pytest.raises(Forbidden), city.write() as session:
            act(session)


# --- a goal --------------------------------------------------------------------------------------


def test_a_target_is_entered_exactly_with_its_comparator_beside_it(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    funds = goal(database, FUNDS)
    answer = client.post(
        f"/goals/targets/{funds.id}/edit",
        data=edited(funds, target="1,200.00000001", comparator=">="),
    )
    assert answer.location == "/goals/targets?year=2025"
    found = goal(database, FUNDS)
    assert found.target == yi(1200) + 100
    assert (found.comparator, found.unit, found.version) == (Comparator.AT_LEAST, "亿元", 2)
    with database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "goal.edited")).one()
    assert entry.before == {"target": "1,200 亿元", "comparator": ">"}
    assert entry.after == {"target": "1,200.00000001 亿元", "comparator": ">="}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"target": "200个以上"}, "请只填数字"),
        ({"target": ">200"}, "请只填数字"),
        ({"target": "二百"}, "请只填数字，如"),
        ({"target": ""}, ""),
        ({"target": "-1"}, "目标不能为负"),
        ({"target": "0.5"}, "最小单位"),
        ({"target": "9" * 30}, "过大"),
        ({"comparator": "none"}, "比较方式"),
        ({"comparator": "~"}, ""),
        ({"name": ""}, ""),
    ],
)
def test_what_is_no_target_is_refused_beside_its_field_and_nothing_is_lost(
    client: FlaskClient, city: City, database: Database, typed: dict[str, str], says: str
) -> None:
    city.sign_in(client, "city_manager")
    starts = goal(database, STARTS)
    sent = edited(starts, quote="不要丢") | typed
    answer = client.post(f"/goals/targets/{starts.id}/edit", data=sent)
    assert answer.status_code == 422
    (field,) = typed
    assert "field-error" in answer.text.split(f'data-field="{field}"')[1].split('data-field="')[0]
    assert says in answer.text
    assert "不要丢" in answer.text
    if typed.get("target"):
        assert f'value="{typed["target"].replace(">", "&gt;")}"' in answer.text
    assert goal(database, STARTS).target == 200


def test_what_the_house_measures_keeps_its_kind_and_unit(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    starts = goal(database, STARTS)
    assert 'name="unit"' not in client.get(f"/goals/targets/{starts.id}/edit").text
    client.post(f"/goals/targets/{starts.id}/edit", data=edited(starts, unit="亿元", kind="stock"))
    found = goal(database, STARTS)
    assert (found.kind, found.unit, found.version) == (GoalKind.CUMULATIVE, "个", 2)


def test_the_second_of_two_editors_is_told(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    starts = goal(database, STARTS)
    client.post(f"/goals/targets/{starts.id}/edit", data=edited(starts, target="210"))
    late = client.post(f"/goals/targets/{starts.id}/edit", data=edited(starts, target="220"))
    assert late.status_code == 409
    assert "210 个" in late.text
    assert 'value="220"' in late.text


def test_a_goal_is_added_and_taken_off_unless_figures_were_reported(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    assert client.post("/goals/targets/new?year=2025", data=TYPED).status_code == 303
    with database.read() as session:
        new = next(one for one in targets.goals(session, 2025) if one.name == "氢能产值")
        assert (new.target, new.measured.value, new.sort) == (yi("12.5"), "reported", 26)
    reported = goal(database, "steel_output")
    with city.write() as session:
        figures.report(
            session, city.actor("city_manager"), reported.id,
            month=1, value=yi(80), method="快报", source="市工信局", now=clock.now(),
        )  # fmt: skip
    for number in (new.id, reported.id, goal(database, STARTS).id):
        client.post(f"/goals/targets/{number}/remove")
    with database.read() as session:
        left = {one.name for one in targets.goals(session, 2025)}
    assert new.name not in left
    assert {reported.name, goal(database, STARTS).name} <= left


# --- a year --------------------------------------------------------------------------------------


def test_a_year_begins_with_the_goals_of_the_year_before(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    empty = client.get("/goals/targets?year=2026").text
    assert "未下达目标" in empty
    assert "沿用 2025 年目标" in empty
    client.post("/goals/targets/copy/2026")
    assert goal(database, STARTS, 2026).target == 200
    client.post("/goals/targets/copy/2026")
    assert "没有本年缺少的目标" in client.get("/goals/targets?year=2026").text
    client.post("/goals/targets/copy/2040")
    with database.read() as session:
        assert targets.years(session) == [2026, 2025]


def test_a_target_that_people_set_is_no_demonstrations_any_more(
    city: City, database: Database
) -> None:
    with city.write() as session:
        plan.carry_over(session, SYSTEM, year=2025, to=2026, now=clock.now(), demo_note="演示目标")
    of = goal(database, STARTS, 2026)
    for target, note in ((200, "演示目标"), (201, "")):
        draft = GoalDraft(of.section, of.name, of.kind, of.comparator, target, of.unit)
        with city.write() as session:
            operations.edit(
                session, city.actor("city_manager"), of.id, draft, version=None, now=clock.now()
            )
        assert goal(database, STARTS, 2026).demo_note == note


# --- parts ---------------------------------------------------------------------------------------


def test_a_split_that_makes_the_whole_is_saved_and_the_board_goes_by_it(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    starts, kunqu = goal(database, STARTS), city.district_id(KUNQU)
    sent = {"version": "1", f"district_{kunqu}": "120", "month_1": "50", "month_12": "150"}
    sent |= {f"month_{number}": "" for number in range(2, 12)}
    sent[f"district_{city.district_id(QINGSHAN)}"] = "80"
    answer = client.post(f"/goals/targets/{starts.id}/parts", data=sent)
    assert answer.location == "/goals/targets?year=2025"
    found = goal(database, STARTS)
    with database.read() as session:
        split = targets.split_of(found, targets.city_id(session))
    assert split.shares[kunqu] == 120
    assert sum(split.shares.values()) == 200
    assert split.months(split.city) == [50, *[0] * 10, 150]
    assert split.misses() == []
    assert "合计等于总目标" in client.get("/goals/targets?year=2025").text
    shown = client.get(f"/goals/targets/{starts.id}/parts").text
    blank = dict.fromkeys(re.findall(r'name="((?:district|month)_\d+)"', shown), "")
    client.post(f"/goals/targets/{starts.id}/parts", data=blank | {"version": "2"})
    assert goal(database, STARTS).parts == []
    with database.read() as session:
        entries = session.scalars(
            select(Entry).where(Entry.action == "goal.split").order_by(Entry.id)
        ).all()
    assert "昆都仑区 120" in entries[0].after["districts"]
    assert entries[1].after == {"districts": [], "months": []}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kunqu": "120"}, "共差 80 个"),
        ({"kunqu": "120", "qingshan": "81"}, "超出总目标 1 个"),
        ({"month_1": "199"}, "共差 1 个"),
        ({"month_1": "200", "kunqu": "1"}, "共差 199 个"),
        ({"month_1": "200个以上"}, "请只填数字"),
        ({"month_1": "-1", "month_2": "201"}, "不能为负"),
        ({"month_1": "0.5", "month_2": "199.5"}, "最小单位"),
    ],
)
def test_parts_that_miss_the_whole_are_refused_with_how_much_and_stay_typed(
    client: FlaskClient, city: City, database: Database, typed: dict[str, str], says: str
) -> None:
    city.sign_in(client, "city_manager")
    number = goal(database, STARTS).id
    names = {"kunqu": city.district_id(KUNQU), "qingshan": city.district_id(QINGSHAN)}
    sent = {
        f"district_{names[name]}" if name in names else name: text for name, text in typed.items()
    }
    answer = client.post(f"/goals/targets/{number}/parts", data=sent | {"version": "1"})
    assert answer.status_code == 422
    assert says in answer.text
    for text in typed.values():
        assert f'value="{text}"' in answer.text
    assert goal(database, STARTS).parts == []


def test_money_is_split_to_the_fen(client: FlaskClient, city: City, database: Database) -> None:
    city.sign_in(client, "city_manager")
    number = goal(database, FUNDS).id
    short = {"month_1": "1199.9999999999", "version": "1"}
    answer = client.post(f"/goals/targets/{number}/parts", data=short)
    assert "0.0000000001 亿元" in answer.text
    whole = short | {"month_2": "0.0000000001"}
    assert client.post(f"/goals/targets/{number}/parts", data=whole).status_code == 303


def test_a_changed_target_says_by_how_much_its_parts_miss_it(
    client: FlaskClient, city: City, database: Database
) -> None:
    Plan(city).split(STARTS, kunqu=120, qingshan=80)
    Plan(city).target(STARTS, 210)
    city.sign_in(client, "city_manager")
    assert "共差 10 个" in client.get("/goals/targets?year=2025").text


def test_what_is_no_cumulative_goal_is_not_split(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    level = goal(database, "steel_output")
    assert client.get(f"/goals/targets/{level.id}/parts").status_code == 404
    measured_elsewhere = goal(database, "pv_output")
    page = client.get(f"/goals/targets/{measured_elsewhere.id}/parts").text
    assert "district_" not in page
    assert "month_12" in page


def test_proposals_make_the_whole_and_save_nothing(
    client: FlaskClient, city: City, database: Database
) -> None:
    lived = Plan(city)
    lived.started("2024-05-20", KUNQU, signed_on=work.today().replace(2024, 1, 10))
    lived.started("2024-05-21", KUNQU, signed_on=work.today().replace(2024, 1, 10))
    lived.started("2024-08-21", QINGSHAN, signed_on=work.today().replace(2024, 1, 10))
    city.sign_in(client, "city_manager")
    number = goal(database, STARTS).id
    evenly = values(client.get(f"/goals/targets/{number}/parts?propose=evenly").text)
    assert sum(evenly["district"].values()) == sum(evenly["month"].values()) == 200
    assert set(evenly["district"].values()) == {20}
    last = values(client.get(f"/goals/targets/{number}/parts?propose=last_year").text)
    assert last["district"][city.district_id(KUNQU)] == 133
    assert last["district"][city.district_id(QINGSHAN)] == 67
    assert {month: part for month, part in last["month"].items() if part} == {5: 133, 8: 67}
    nothing = client.get(f"/goals/targets/{goal(database, FUNDS).id}/parts?propose=last_year").text
    assert "没有可参照的数据" in nothing
    assert client.get(f"/goals/targets/{number}/parts?propose=x").status_code == 200
    assert goal(database, STARTS).parts == []


def values(page: str) -> dict[str, dict[int, int]]:
    """What the fields of a page of parts show."""
    found: dict[str, dict[int, int]] = {"district": {}, "month": {}}
    for tag in re.findall(r"<input[^>]+>", page):
        name = re.search(r'name="(district|month)_(\d+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and value and value[1]:
            found[name[1]][int(name[2])] = read_value(value[1], "个")
    return found
