"""The board after each step of a project and its money: at city, district, chain, model and position."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.goals.queries.board import board
from crm.goals.queries.splits import parts
from crm.goals.rules.tracks import WAY, Track, Way, number
from crm.ledger.queries.rows import Figure, behind
from crm.projects.rules.dimensions import Dimensions
from crm.values.money import Money
from tests.counting.given import at
from tests.factories.city import City
from tests.goals.test_pages import text_of
from tests.ledger.scene import Scene, yuan
from tests.projects import facts as told
from tests.projects.facts import Story

END = date(2025, 12, 31)
M = Measure


class Year:
    """A project of 昆都仑区 lived through, one committed step after the other."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.projects: list[int] = []
        self.day = told.SIGNED
        self.dimensions = Dimensions(
            chain_id=city.chain_id("稀土"),
            node_id=city.node_id("稀土", "磁材"),
            position=Position.SUPPORTING,
            model_id=city.model_id("chain"),
        )

    def act(self, act: Callable[[Story], object], days: int = 10) -> None:
        """A step, some days after the one before."""
        self.day = date.fromordinal(self.day.toordinal() + days)
        with self.city.write() as session:
            story = told.open_story(session, self.city)
            story.day, story.projects = self.day, self.projects
            act(story)

    @property
    def money(self) -> Scene:
        """Receipts of the project."""
        return Scene(self.city, self.projects[0])

    def figures(self, reader: str = "leader") -> dict[str, dict[Measure, int]]:
        """Every step of both goals, at every level."""
        actor = self.city.actor(reader)
        with self.city.database.read() as session:
            found = board(session, actor, year=2025, on=END, now=at("2025-12-31"))
            here = self.city.district_id("昆都仑区")
            levels = {"city": {}, "district": {}}
            for one in found.tracks:
                (district,) = (d for d in one.districts if d.district.id == here)
                levels["city"] |= plain(one.track, one.way)
                levels["district"] |= plain(one.track, district.way)
            for tab, key in (
                (Dimension.CHAIN, str(self.dimensions.chain_id)),
                (Dimension.NODE, str(self.dimensions.node_id)),
                (Dimension.MODEL, str(self.dimensions.model_id)),
                (Dimension.POSITION, Position.SUPPORTING.value),
            ):
                levels[tab.value] = {}
                for track in Track:
                    split = parts(session, actor, track, tab, year=2025, on=END)
                    way = next((part.way for part in split if part.key == key), None)
                    levels[tab.value] |= plain(track, way) if way else dict.fromkeys(WAY[track], 0)
        return levels

    def rows(self, actor: Actor, measure: Measure) -> list[int]:
        """The projects of the rows behind a figure of the city."""
        with self.city.database.read() as session:
            found = behind(session, actor, Figure(measure, 2025, END))
            return [line.project.id for line in found.lines.rows]


def plain(track: Track, way: Way) -> dict[Measure, int]:
    return {measure: number(track, figure) for measure, figure in way.items()}


@pytest.fixture
def year(city: City) -> Year:
    return Year(city)


YI = Money.yi(1).fen


def expect(year: Year, **steps: int) -> None:
    """Every level tells the same of the only project; what is not named is nothing."""
    wanted = {measure: steps.get(measure.value, 0) for measure in Measure}
    for level, found in year.figures().items():
        assert (level, found) == (level, wanted)


def test_every_level_of_the_board_follows_every_step(year: Year) -> None:
    expect(year)
    year.act(lambda story: told.enter(story, plan=told.PLAN, dimensions=year.dimensions))
    agreed = {"funds_agreed": 3 * YI, "funds_planned": YI}
    expect(year, starts_in_hand=1, **agreed)

    year.act(told.start)
    expect(year, starts_reported=1, **agreed)
    year.act(told.recognise)
    expect(year, starts_reported=1, **agreed)  # recognised, something owed
    year.act(told.give)
    expect(year, starts_counted=1, **agreed)

    money = year.money
    number = money.report(price=yuan("50000000"))
    expect(year, starts_counted=1, funds_reported=YI // 2, **agreed)
    money.send_back(number, "kunqu_reviewer")
    expect(year, starts_counted=1, **agreed)
    money.correct(number, price=yuan("40000000"))
    expect(year, starts_counted=1, funds_reported=YI * 2 // 5, **agreed)
    money.prove(number)
    money.review(number, on="3-14")
    expect(year, starts_counted=1, funds_reported=YI * 2 // 5, **agreed)
    money.confirm(number)
    expect(year, starts_counted=1, funds_counted=YI * 2 // 5, **agreed)

    back = money.reverse(number)
    money.review(back, on="3-21")
    money.confirm(back, on="3-24")
    expect(year, starts_counted=1, **agreed)

    year.act(told.terminate, days=60)
    expect(year)


def test_a_start_is_counted_once_as_of_its_day_and_not_before(year: Year) -> None:
    year.act(lambda story: told.enter(story, dimensions=year.dimensions), days=0)
    year.act(told.start, days=20)
    year.act(told.recognise, days=20)
    accepted = year.day  # the start date that the department accepts
    year.act(told.give, days=30)
    with year.city.database.read() as session:
        actor = year.city.actor("leader")
        for on, known, done in (
            (accepted, None, 1),
            (date.fromordinal(accepted.toordinal() - 1), None, 0),
            (accepted, told.noon(accepted), 0),
            (accepted, told.noon(year.day), 1),
        ):
            found = board(session, actor, year=2025, on=on, now=at("12-31"), known=known)
            assert (on, known, found.starts.done) == (on, known, done)


def test_each_reader_finds_his_rows_and_the_rest_in_one_line(
    year: Year, client: FlaskClient
) -> None:
    year.act(lambda story: told.enter(story, dimensions=year.dimensions))
    number = year.money.settled(price=yuan("50000000"))
    receipt = year.money.row(number).number
    for reader, reads in (
        ("city_manager", True),
        ("kunqu_reviewer", True),
        ("kunqu_officer", True),
        ("leader", True),
        ("qingshan_officer", False),
        ("kunqu_second", False),
        ("admin", False),
    ):
        year.city.sign_in(client, reader)
        page = text_of(client.get("/goals/rows?measure=funds_counted&on=2025-12-31").text)
        assert (reader, receipt in page) == (reader, reads)
        assert (reader, "其余 1" in page) == (reader, not reads)
        assert "= 1 · 5,000万元" in page
