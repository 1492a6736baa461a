"""The list of leads: filters, orders, pages, totals, columns, on both databases."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crm.catalog.models import AttractionModel, ChainNode, District, Term
from crm.catalog.rules import TermKind
from crm.companies.rules import Position
from crm.core import clock
from crm.leads.models import FOREVER, Lead
from crm.leads.operations import care, entry
from crm.leads.queries import pages, totals
from crm.leads.queries.filters import Days, LeadFilter, Plan, conditions
from crm.leads.queries.orders import COLUMNS, DIMENSIONS, SORTS
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.clocks import Silence
from crm.leads.rules.columns import USUAL, ListColumn, shown
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Amount, Money
from tests.factories.city import City

TODAY = clock.day_of(clock.now())
DAY = timedelta(days=1)

OWNERS = ("kunqu_officer", "kunqu_colleague", "kunqu_second", "qingshan_officer", "city_officer")


def a_lead(city: City, who: str = "kunqu_officer", **values: object) -> int:
    """A lead of somebody's."""
    values = {"content": "建设光伏辅材产线", "title": "甲"} | values
    with city.write() as session:
        draft = entry.LeadDraft(**values)  # type: ignore[arg-type]
        return entry.enter(session, city.actor(who), draft, now=clock.now()).id


def changed(city: City, lead_id: int, **values: object) -> None:
    """Columns of a lead, set past the operations."""
    with city.write() as session:
        session.execute(update(Lead).where(Lead.id == lead_id).values(**values))


@pytest.fixture
def many(city: City) -> list[int]:
    """Sixty leads with few values in every dimension, so that ties and empty places abound."""
    dice = random.Random(3)
    with city.database.read() as session:
        rows: dict[str, list[Any]] = {
            "model_id": list(session.scalars(select(AttractionModel.id).limit(3))),
            "district_id": list(session.scalars(select(District.id).limit(3))),
            "source_id": list(
                session.scalars(select(Term.id).where(Term.kind == "source").limit(3))
            ),
        }
        nodes = session.execute(select(ChainNode.chain_id, ChainNode.id).limit(4)).all()
    found = []
    for number in range(60):
        lead_id = a_lead(city, dice.choice(OWNERS), title=f"标题{number % 7}")
        node = dice.choice([*nodes, None])
        changed(
            city, lead_id,
            **{name: dice.choice([*values, None]) for name, values in rows.items()},
            chain_id=node[0] if node else None,
            node_id=node[1] if node else None,
            position=dice.choice([*Position, None]),
            stage=dice.choice(list(Stage)),
            standing=dice.choice([Standing.OPEN] * 4 + [Standing.ON_HOLD, Standing.LOST]),
            amount_low=Money.yi(dice.choice([0, 0, 1, 12])),
            amount_known=dice.random() < 0.8,
            confidential=dice.random() < 0.2,
            entered_on=TODAY - dice.randint(0, 5) * DAY,
            moved_on=TODAY - dice.randint(0, 5) * DAY,
            silent_from=TODAY - dice.randint(0, 60) * DAY,
            staged_from=TODAY - dice.randint(0, 60) * DAY,
            next_step_on=dice.choice([FOREVER, TODAY, TODAY - DAY, TODAY + 3 * DAY]),
        )  # fmt: skip
        found.append(lead_id)
    return found


def walk(city: City, who: str, wanted: LeadFilter, sort: str, size: int = 7) -> list[int]:
    """The ids of all pages, one after the other; the way back shows the same pages."""
    actor, seen, marks = city.actor(who), [], []
    with city.database.read() as session:
        limits = deadlines(session, TODAY)
        page = pages.leads(session, actor, wanted, limits=limits, sort=sort, size=size)
        assert page.before is None
        while True:
            ids = [lead.id for lead in page.rows]
            seen.append(ids)
            if page.after is None:
                break
            page = pages.leads(
                session, actor, wanted, limits=limits, sort=sort, after=page.after, size=size
            )
            marks.append(page.before)
        for mark, before in zip(reversed(marks), reversed(seen[:-1]), strict=True):
            page = pages.leads(
                session, actor, wanted, limits=limits, sort=sort, before=mark, size=size
            )
            assert [lead.id for lead in page.rows] == before
    return [number for ids in seen for number in ids]


def expected(city: City, who: str, wanted: LeadFilter, sort: str) -> list[int]:
    """The same by reading all rows and sorting them here."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    with city.database.read() as session:
        limits = deadlines(session, TODAY)
        rows = session.scalars(
            select(Lead).where(*conditions(city.actor(who), wanted, limits))
        ).all()
        if name in COLUMNS:
            keys = {row.id: getattr(row, COLUMNS[name].key) for row in rows}
        else:
            column, ranked = DIMENSIONS[name]
            groups = ranked if isinstance(ranked, list) else list(session.scalars(ranked()))
            keys = {
                row.id: groups.index(value)
                if (value := getattr(row, column.key)) is not None
                else len(groups)
                for row in rows
            }
    return sorted(keys, key=lambda number: (keys[number], number), reverse=down)


WANTED = {
    "usual": LeadFilter(),
    "everything": LeadFilter(every_standing=True),
    "one stage": LeadFilter(stage=Stage.NEGOTIATING),
    "lost": LeadFilter(standing=Standing.LOST),
    "a position": LeadFilter(position=Position.LEADER, every_standing=True),
    "silent": LeadFilter(silence=Silence.SILENT),
}
DIRECTIONS = [sign + name for name in SORTS for sign in ("", "-")]


@pytest.mark.parametrize("walked", [5, 3_000])
@pytest.mark.parametrize("who", ["city_manager", "leader", "kunqu_reviewer"])
def test_all_pages_show_each_lead_once_in_one_order_by_either_way(
    city: City, many: list[int], monkeypatch: pytest.MonkeyPatch, who: str, walked: int
) -> None:
    """Whether the page is walked to or gathered: with a short walk nearly all are gathered."""
    monkeypatch.setattr(pages, "WALKED", walked)
    turns = cycle(WANTED) if who != "leader" else cycle(reversed(WANTED))
    asked = [(sort, next(turns)) for sort in DIRECTIONS]
    wrong = {
        (sort, name)
        for sort, name in asked
        if walk(city, who, WANTED[name], sort) != expected(city, who, WANTED[name], sort)
    }
    assert wrong == set()


def test_the_total_is_what_the_pages_show_and_the_stages_add_up_to_it(
    city: City, many: list[int]
) -> None:
    for who in ("city_manager", "leader", "kunqu_reviewer", "kunqu_officer"):
        actor = city.actor(who)
        for wanted in WANTED.values():
            ids = walk(city, who, wanted, "next")
            with city.database.read() as session:
                limits = deadlines(session, TODAY)
                found = totals.total(session, actor, wanted, limits=limits)
                stages = totals.by_stage(session, actor, wanted, limits=limits)
                fen = session.scalar(select(func.sum(Lead.amount_low)).where(Lead.id.in_(ids)))
            assert (found.count, found.amount) == (len(ids), fen or Money(0))
            assert sum(one.count for one in stages.values()) == found.count
            assert sum((one.amount for one in stages.values()), Money(0)) == found.amount


def test_the_sum_takes_the_lower_bound(city: City) -> None:
    a_lead(city, title="甲", amount=Amount(Money.yi(2), Money.yi(3)))
    a_lead(city, title="乙")
    with city.database.read() as session:
        limits = deadlines(session, TODAY)
        found = totals.total(session, city.actor("kunqu_manager"), LeadFilter(), limits=limits)
        none = totals.total(session, city.actor("qingshan_manager"), LeadFilter(), limits=limits)
    assert (found.count, found.amount) == (2, Money.yi(2))
    assert (none.count, none.amount) == (0, Money(0))


MARKS = ("", "x", "W10", "WyJ0ZXh0IiwieCIsMV0", "字" * 3000, "\x00")
ORDERS = ("next", "owner", "-stage", "no-such-order", "--next", "title" * 50)


def test_a_mark_that_cannot_be_read_is_the_first_page(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    for mark, sort in zip(MARKS, ORDERS, strict=True):
        answer = client.get("/leads", query_string={"after": mark, "sort": sort, "before": mark})
        assert answer.status_code == 200
        assert f"/leads/{lead_id}" in answer.text


FILTERS = {
    "q=BTGF": 1, "q=btgf": 1, "q=包头光伏": 1, "q=XS-": 2, "stage=identified": 2,
    "stage=contacted": 0, "position=supporting": 1, "position=none": 1, "from=1亿": 1, "to=1亿": 0,
    "plan=missing": 1, "plan=overdue": 0, "plan=week": 1, "standing=lost": 0, "standing=all": 2,
    "mine=1": 2, "q=%25": 0, "stage=bogus&from=abc&model=x": 2, "chain=none": 1,
    "report=none": 2, "report=holds": 0,
    "silence=silent": 0, "overstayed=1": 0, "tag=1": 0, "entered_from=bogus": 2,
    f"entered_from={TODAY}": 2, f"entered_to={TODAY - DAY}": 0, f"moved_from={TODAY + DAY}": 0,
    f"moved_from={TODAY}&moved_to={TODAY}": 2, f"contact_from={TODAY}": 0, "source=none": 2,
}  # fmt: skip


def test_the_filter_in_the_address_counts_what_it_shows(city: City, client: FlaskClient) -> None:
    a_lead(city, title="包头光伏", position=Position.SUPPORTING, next_step="x", next_step_on=TODAY)
    a_lead(
        city,
        title="某企业",
        node_id=city.node_id("稀土", "磁材"),
        amount=Amount(Money.yi(2), Money.yi(3)),
    )
    city.sign_in(client, "kunqu_officer")
    found = {}
    for address in FILTERS:
        page = client.get(f"/leads?{address}").text
        found[address] = len(re.findall(r'<td class="td-main', page))
        assert f"{found[address]} 条" in client.get(f"/leads/totals?{address}").text
    assert found == FILTERS


def test_each_filter_finds_the_leads_it_names(city: City) -> None:
    old = a_lead(city, title="旧", entered_on=TODAY - 60 * DAY)
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        care.touch(session, actor, old, day=TODAY - 50 * DAY, now=clock.now())
        tag = session.scalars(select(Term.id).where(Term.kind == TermKind.TAG)).first()
        if tag is None:
            session.add(Term(kind=TermKind.TAG, name="重大"))
            session.flush()
            tag = session.scalars(select(Term.id).where(Term.kind == TermKind.TAG)).one()
        care.set_tags(session, actor, old, [tag], now=clock.now())
    held = a_lead(city, title="过期搁置", entered_on=TODAY - 60 * DAY)
    changed(
        city, held, standing=Standing.ON_HOLD, standing_until=TODAY - 40 * DAY,
        silent_from=TODAY - 60 * DAY,
    )  # fmt: skip
    fresh = a_lead(city, title="新")
    asked = {
        "tag": (LeadFilter(tag=tag), {old}),
        "contact": (LeadFilter(contacted=Days(TODAY - 51 * DAY, TODAY - 50 * DAY)), {old}),
        "silent": (LeadFilter(silence=Silence.SILENT), {old, held}),
        "silent, in hand": (LeadFilter(silence=Silence.SILENT, standing=Standing.OPEN), {old}),
        "overstayed": (LeadFilter(overstayed=True), {old, held}),
        "entered": (LeadFilter(entered=Days(TODAY, None)), {fresh}),
        "no step": (LeadFilter(plan=Plan.MISSING), {old, fresh}),
    }
    found = {
        name: set(walk(city, "kunqu_manager", one, "next")) for name, (one, _) in asked.items()
    }
    assert found == {name: ids for name, (_, ids) in asked.items()}


def test_tags_are_put_on_and_taken_off_and_stand_in_the_history(
    city: City, client: FlaskClient
) -> None:
    with city.write() as session:
        session.add(Term(kind=TermKind.TAG, name="一号工程"))
    tag, lead_id = city.term_id("一号工程"), a_lead(city)
    city.sign_in(client, "kunqu_officer")
    assert client.post(f"/leads/{lead_id}/tags", data={"tag_ids": [tag]}).status_code == 303
    assert "一号工程" in client.get(f"/leads/{lead_id}").text
    assert "一号工程" in client.get(f"/leads?tag={tag}").text
    assert "一号工程" in client.get(f"/leads/{lead_id}?tab=history").text
    other = city.term_id("以商招商")  # an entry, and no tag
    assert client.post(f"/leads/{lead_id}/tags", data={"tag_ids": [other]}).status_code == 422
    assert client.post(f"/leads/{lead_id}/tags", data={"version": 2}).status_code == 303
    assert f"/leads/{lead_id}" not in client.get(f"/leads?tag={tag}").text


def test_every_column_sorts_and_can_be_shown_alone(city: City, client: FlaskClient) -> None:
    a_lead(city)
    city.sign_in(client, "leader")  # who reads has no column to choose rows in
    for column in ListColumn:
        assert column.value in SORTS
        chosen = {"column": [column.value], "back": "/leads?mine=1"}
        answer = client.post("/lists/leads/columns", data=chosen)
        assert (answer.status_code, answer.location) == (303, "/leads?mine=1")
        page = client.get(f"/leads?sort=-{column.value}").text
        assert set(re.findall(r"sort=-?([a-z]+)", page)) >= {column.value, "title"}
        assert len(re.findall(r'<th scope="col"', page)) == 2


def test_columns_stand_in_their_own_order_and_nonsense_means_the_usual_ones() -> None:
    assert shown(["next", "stage", "bogus"]) == (ListColumn.STAGE, ListColumn.NEXT)
    assert shown([]) == shown(["bogus"]) == USUAL


def test_columns_are_kept_for_the_person_alone(city: City, client: FlaskClient) -> None:
    a_lead(city)
    city.sign_in(client, "kunqu_officer")
    client.post("/lists/leads/columns", data={"column": ["number", "<b>", "x" * 500]})
    city.sign_in(client, "leader")
    assert len(re.findall(r'<th scope="col"', client.get("/leads").text)) == 1 + len(USUAL)


def test_the_way_back_carries_the_place(city: City, client: FlaskClient) -> None:
    lead_id = a_lead(city)
    city.sign_in(client, "kunqu_officer")
    client.get("/leads?stage=identified&sort=-amount&after=x")
    back = "/leads?stage=identified&amp;sort=-amount&amp;after=x"
    assert f'href="{back}"' in client.get(f"/leads/{lead_id}").text
    edited = client.post(
        f"/leads/{lead_id}/edit", data={"title": "乙", "content": "乙", "version": 1}
    )
    assert edited.status_code == 303
    assert f'href="{back}"' in client.get(edited.location).text
    to = {"owner_id": city.person_id("kunqu_colleague"), "version": 2}
    given = client.post(f"/leads/{lead_id}/assign", data=to)
    assert given.location == back.replace("&amp;", "&")


def test_no_argument_of_an_address_reaches_further_than_the_filter(
    city: City, client: FlaskClient
) -> None:
    a_lead(city)
    city.sign_in(client, "kunqu_officer")
    for name in ("endpoint", "_external", "_scheme", "_anchor", "lead_id", "self"):
        assert client.get(f"/leads?{name}=x&stage=identified").status_code == 200
        assert client.get(f"/lists/leads/views/new?{name}=x&stage=identified").status_code == 200
