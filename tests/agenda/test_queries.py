"""Counters equal their rows, and what is read for all people at once equals what each reads himself."""

from __future__ import annotations

from collections import Counter

from crm.agenda.queries.many import counted, readers, waiting
from crm.agenda.queries.matters import MATTERS, at
from crm.agenda.queries.one import Whose, lines, loads
from crm.agenda.rules import DOORS, Kind, Line, Source
from tests.agenda.scene import obstacles, open_week, planned
from tests.factories import work
from tests.factories.city import PEOPLE, City
from tests.house.test_queries import counted as asking

ALL = tuple(Kind)


def _told(found: list[Line]) -> list[tuple[Source, int, int, str, tuple[Kind, ...]]]:
    return [(one.source, one.id, one.part, one.title, tuple(one.since)) for one in found]


def test_every_counter_equals_its_rows_for_everybody(city: City) -> None:
    open_week(city)
    obstacles(city)
    seen: Counter[Kind] = Counter()
    for who in PEOPLE:
        for whole in (False, True):
            with city.database.read() as session:
                whose, day = Whose(city.actor(who), whole), at(session, work.today())
                total = sum((one.counts for one in loads(session, whose, day)), Counter[Kind]())
                for kind in Kind:
                    assert total[kind] == len(lines(session, whose, day, (kind,))), (who, kind)
            seen += total
    assert {kind for kind in Kind if not seen[kind]} == set()


def test_what_is_read_for_all_at_once_is_what_each_reads_himself(city: City) -> None:
    open_week(city)
    obstacles(city)
    actors = {who: city.actor(who) for who in PEOPLE}
    with city.database.read() as session:
        day = at(session, work.today())
        everything, known = waiting(session, day), readers(session, actors.values())
        for who, actor in actors.items():
            reader = known[actor.id or 0]
            mine = lines(session, Whose(actor), day, ALL)
            scope = lines(session, Whose(actor, whole=True), day, ALL)
            assert _told(everything.of(reader)) == _told(mine), who
            assert _told(everything.below(reader)) == _told(scope), who
            owners = loads(session, Whose(actor, whole=True), day)
            total = sum((one.counts for one in owners), Counter[Kind]())
            assert counted(everything.below(reader)) == +total, who


def test_who_may_not_know_of_a_line_has_none_of_it(city: City) -> None:
    open_week(city)
    titles = {}
    with city.database.read() as session:
        for who in ("kunqu_reviewer", "kunqu_manager", "qingshan_officer", "qingshan_manager"):
            whose = Whose(city.actor(who), whole=True)
            found = lines(session, whose, at(session, work.today()), ALL)
            titles[who] = {one.title for one in found} & {"密", "暗影项目", "甲"}
    assert titles == {
        "kunqu_reviewer": {"甲"},
        "kunqu_manager": {"甲", "密"},
        "qingshan_officer": {"密", "暗影项目"},
        "qingshan_manager": {"暗影项目"},
    }


def test_a_line_says_since_when_for_each_of_its_reasons(city: City) -> None:
    open_week(city)
    with city.database.read() as session:
        whose, day = Whose(city.actor("kunqu_officer")), at(session, work.today())
        found = {one.title: one for one in lines(session, whose, day, (Kind.SILENT,))}
        unstarted = lines(session, whose, day, (Kind.UNSTARTED,))
        returned = lines(session, whose, day, (Kind.RETURNED,))
    assert found["己"].days(Kind.SILENT, work.today()) == 60
    assert found["己"].days(Kind.OVERDUE, work.today()) == 3
    assert [one.days(Kind.UNSTARTED, work.today()) for one in unstarted] == [9]
    assert [one.since[Kind.RETURNED] for one in returned] == [work.today()]


def test_a_problem_waits_by_its_day_with_who_owns_what_it_stands_in_the_way_of(city: City) -> None:
    obstacles(city)
    told = {}
    with city.database.read() as session:
        day = at(session, work.today())
        for who in ("kunqu_officer", "kunqu_colleague", "kunqu_manager", "qingshan_manager"):
            found = lines(session, Whose(city.actor(who), whole=True), day, ALL)
            told[who] = {one.what for one in found if one.source is Source.PROBLEM}
        mine = lines(session, Whose(city.actor("kunqu_officer")), day, (Kind.OVERDUE,))
        lapsing = lines(session, Whose(city.actor("kunqu_officer")), day, (Kind.LAPSING,))
    assert told == {
        "kunqu_officer": {"用地八十亩", "专线接入"},
        "kunqu_colleague": {"专线接入"},
        "kunqu_manager": {"用地八十亩", "专线接入"},
        "qingshan_manager": set(),
    }
    assert [(one.what, one.days(Kind.OVERDUE, work.today())) for one in mine] == [("用地八十亩", 5)]
    assert [(one.title, one.days(Kind.LAPSING, work.today())) for one in lapsing] == [("首报", -15)]


def test_all_at_once_asks_a_question_a_matter_however_many_people_wait(city: City) -> None:
    open_week(city)
    numbers = []
    for more in range(2):
        for count in range(more * 12):
            planned(city, "qingshan_officer", f"线索{count}", -count)
        with city.database.read() as session, asking(city.database) as said:
            waiting(session, at(session, work.today()))
        numbers.append(len(said))
    assert numbers == [len(MATTERS) + 2] * 2  # and the clocks, and the calendar they go by


def test_every_source_has_its_two_doors() -> None:
    assert set(DOORS) == set(Source) == {matter.source for matter in MATTERS}
