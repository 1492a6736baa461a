"""Who reads which firm, one code one firm, places in chains."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import Entry
from crm.catalog.models import Cluster
from crm.companies import queries
from crm.companies.models import Company, CompanyPerson
from crm.companies.operations import chains, firms, head_firms, people, sharing
from crm.companies.operations.chains import PositionDraft
from crm.companies.operations.firms import CompanyDraft, HiddenCode
from crm.companies.operations.head_firms import HeadFirmDraft
from crm.companies.rules import CompanyFilter, Position
from crm.core import clock
from crm.core.database import Database
from crm.core.errors import Forbidden, Missing, Refused
from tests.factories.city import City

GOOD = "91110000600037341L"
STRANGERS = ("qingshan_officer", "kunqu_second", "qingshan_manager")
NOW = clock.now()
TODAY = clock.day_of(NOW)


def enter(city: City, who: str, name: str, **more: str) -> int:
    """A firm entered by somebody."""
    with city.write() as session:
        return firms.enter(session, city.actor(who), CompanyDraft(name, **more), now=NOW).id


def names(database: Database, city: City, who: str) -> set[str]:
    """What somebody's list of firms shows."""
    with database.read() as session:
        return {row.name for row in queries.companies(session, city.actor(who)).rows}


def recognise(
    city: City, who: str, company_id: int, chain: str, position: Position = Position.LEADER
) -> int:
    """A recognition of yesterday."""
    draft = PositionDraft(
        city.chain_id(chain), None, position, "市产业链专班", TODAY - timedelta(days=1)
    )
    with city.write() as session:
        return chains.recognise(session, city.actor(who), company_id, draft, now=NOW).id


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_finds_nothing_of_a_firm(city: City, database: Database, stranger: str) -> None:
    company_id = enter(city, "kunqu_officer", "稀奇磁材有限公司", credit_code=GOOD)
    actor = city.actor(stranger)
    with database.read() as session:
        with pytest.raises(Missing):
            queries.company(session, actor, company_id)
        assert queries.companies(session, actor).rows == []
        assert queries.company_count(session, actor) == 0
        assert queries.company_options(session, actor, ids=[company_id]) == []
        assert queries.suggestions(session, actor, "xqcc") == []
        assert queries.similar(session, actor, "稀奇磁材") == []


@pytest.mark.parametrize("reader", ["kunqu_officer", "kunqu_colleague", "kunqu_manager", "leader"])
def test_the_unit_that_entered_a_firm_and_those_above_it_read_it(
    city: City, database: Database, reader: str
) -> None:
    enter(city, "kunqu_officer", "稀奇磁材有限公司")
    assert names(database, city, reader) == {"稀奇磁材有限公司"}


def test_who_reads_a_lead_reads_its_firm_until_the_lead_names_another(
    city: City, database: Database
) -> None:
    first, second = (enter(city, "kunqu_officer", name) for name in ("甲公司", "乙公司"))
    via, units = ("lead", 42), [(city.unit_id("青山一科"), False)]
    with city.write() as session:
        sharing.share(session, company_id=first, via=via, units=units)
    assert names(database, city, "qingshan_officer") == {"甲公司"}
    with city.write() as session:
        sharing.share(session, company_id=second, via=via, units=units)
    assert names(database, city, "qingshan_officer") == {"乙公司"}
    with city.write() as session:
        sharing.share(session, company_id=None, via=via)
    assert names(database, city, "qingshan_officer") == set()


def test_a_confidential_lead_shows_its_firm_to_managers_and_the_people_named(
    city: City, database: Database
) -> None:
    company_id = enter(city, "city_officer", "甲公司")
    with city.write() as session:
        sharing.share(
            session,
            company_id=company_id,
            via=("lead", 42),
            units=[(city.unit_id("昆区一科"), True)],
            people=[city.person_id("kunqu_second")],
        )
    assert names(database, city, "kunqu_manager") == {"甲公司"}
    assert names(database, city, "kunqu_second") == {"甲公司"}
    assert names(database, city, "kunqu_colleague") == set()
    assert names(database, city, "kunqu_reviewer") == set()


def test_recognition_opens_a_firm_to_all_but_not_its_people(city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "稀奇磁材有限公司")
    with city.write() as session:
        draft = people.ContactDraft("李国华", phone="138 0013 8000")
        people.add_person(session, city.actor("kunqu_officer"), company_id, draft, now=NOW)
    recognise(city, "kunqu_manager", company_id, "稀土")
    stranger = city.actor("qingshan_officer")
    with database.read() as session:
        assert queries.company(session, stranger, company_id).public
        assert queries.people(session, stranger, company_id) == []
        with pytest.raises(Forbidden):
            queries.known_company(session, stranger, company_id)
        assert len(queries.people(session, city.actor("kunqu_colleague"), company_id)) == 1
        person = session.scalars(select(CompanyPerson.id)).one()
        with pytest.raises(Missing):
            queries.company_person(session, stranger, company_id, person)
    with pytest.raises(Forbidden), city.write() as session:
        firms.edit(session, stranger, company_id, CompanyDraft("x"), version=None, now=NOW)


def test_a_head_firm_is_read_by_all(city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "稀奇磁材有限公司")
    with database.read() as session:
        cluster_id = session.scalar(select(Cluster.id).limit(1)) or 0
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        draft = HeadFirmDraft(cluster_id=cluster_id, why="行业第一", owner_id=actor.id)
        head_firm = head_firms.make_head_firm(session, actor, company_id, draft, now=NOW)
    assert names(database, city, "qingshan_officer") == {"稀奇磁材有限公司"}
    with pytest.raises(Forbidden), city.write() as session:
        head_firms.edit_head_firm(
            session, city.actor("qingshan_officer"), head_firm.id, draft, version=None, now=NOW
        )
    with pytest.raises(Refused), city.write() as session:
        head_firms.make_head_firm(session, actor, company_id, draft, now=NOW)


def test_a_code_that_one_may_see_names_its_firm(city: City) -> None:
    enter(city, "kunqu_officer", "甲公司", credit_code=GOOD)
    with pytest.raises(Refused, match="甲公司"), city.write() as session:
        firms.enter(
            session, city.actor("kunqu_colleague"), CompanyDraft("乙", credit_code=GOOD), now=NOW
        )


@pytest.mark.parametrize("stranger", ["qingshan_officer", "kunqu_second"])
def test_a_hidden_code_gives_away_only_that_it_is_known(city: City, stranger: str) -> None:
    enter(city, "kunqu_officer", "甲公司", credit_code=GOOD)
    with pytest.raises(HiddenCode) as told, city.write() as session:
        firms.enter(session, city.actor(stranger), CompanyDraft("乙", credit_code=GOOD), now=NOW)
    assert "甲" not in str(told.value.message)


def test_hidden_codes_cannot_be_tried_without_end(city: City) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司", credit_code=GOOD)
    stranger = city.actor("qingshan_officer")
    with city.write() as session:
        for _try in range(firms.MOST_CODES):
            firms.note_hidden_code(session, stranger, company_id, now=NOW)
    with pytest.raises(Refused) as told, city.write() as session:
        firms.enter(session, stranger, CompanyDraft("乙", credit_code=GOOD), now=NOW)
    assert not isinstance(told.value, HiddenCode)


def test_the_check_digit_is_checked(city: City) -> None:
    with pytest.raises(Refused), city.write() as session:
        firms.enter(
            session,
            city.actor("kunqu_officer"),
            CompanyDraft("甲", credit_code="911100006000373410"),
            now=NOW,
        )


def test_a_firm_is_found_by_name_initials_pinyin_and_code(city: City, database: Database) -> None:
    enter(city, "kunqu_officer", "厦门钨业股份有限公司", credit_code=GOOD, group_name="福建冶金")
    actor = city.actor("kunqu_officer")
    with database.read() as session:
        for text in ("钨业", "xmwy", "XMWY", "xiamen", "９１１１", "福建", "股份有限"):
            assert queries.company_count(session, actor, CompanyFilter(text=text)) == 1, text
        for text in ("%", "_", "\\", "钨矿", "\u200b"):
            assert queries.company_count(session, actor, CompanyFilter(text=text)) == 0, text


def test_a_name_of_any_letters_survives_the_round_trip(city: City, database: Database) -> None:
    name = "𠮷田👨‍👩‍👧‏عربي（包头）有限公司"
    enter(city, "kunqu_officer", name)
    assert names(database, city, "kunqu_officer") == {name}


def test_one_firm_under_three_spellings_is_noticed(city: City, database: Database) -> None:
    enter(city, "kunqu_officer", "包头市龙马新材料有限责任公司")
    with database.read() as session:
        found = queries.similar(session, city.actor("kunqu_officer"), "龙马新材料")
    assert len(found) == 1


def test_a_place_in_a_chain_is_ended_never_erased(city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司")
    place = recognise(city, "kunqu_manager", company_id, "稀土")
    with pytest.raises(Refused):
        recognise(city, "kunqu_manager", company_id, "稀土", Position.CORE)
    manager = city.actor("kunqu_manager")
    with city.write() as session:
        chains.end_recognition(session, manager, company_id, place, day=TODAY, now=NOW)
    recognise(city, "kunqu_manager", company_id, "稀土", Position.CORE)
    with database.read() as session:
        found = queries.company(session, manager, company_id)
        assert [(one.position, one.ended_on) for one in found.positions] == [
            (Position.LEADER, TODAY),
            (Position.CORE, None),
        ]
        assert queries.leaders(session, manager) == []


def test_a_node_of_another_chain_is_refused(city: City) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司")
    draft = PositionDraft(
        city.chain_id("稀土"), city.node_id("储能", "电芯"), Position.LEADER, "专班", TODAY
    )
    with pytest.raises(Refused) as told, city.write() as session:
        chains.recognise(session, city.actor("kunqu_manager"), company_id, draft, now=NOW)
    assert told.value.field == "node_id"


def test_a_supporter_is_linked_to_a_leader_and_shown_from_both_sides(
    city: City, database: Database
) -> None:
    leader = enter(city, "city_officer", "链主公司")
    supporter = enter(city, "kunqu_officer", "配套公司")
    recognise(city, "city_manager", leader, "风电装备")
    officer = city.actor("kunqu_officer")
    chain_id = city.chain_id("风电装备")

    def link(to: int, chain: int = chain_id) -> int:
        with city.write() as session:
            return chains.link_supporter(
                session, officer, supporter_id=supporter, leader_id=to, chain_id=chain, now=NOW
            ).id

    for wrong, chain in ((supporter, chain_id), (leader, city.chain_id("稀土"))):
        with pytest.raises(Refused):
            link(wrong, chain)
    first = link(leader)
    with pytest.raises(Refused):
        link(leader)
    with database.read() as session:
        assert len(queries.leaders_of(session, officer, supporter)) == 1
        assert len(queries.supporters_of(session, officer, leader)) == 1
        stranger = city.actor("qingshan_officer")
        assert queries.supporters_of(session, stranger, leader) == []
        assert queries.chain_links(session, stranger, chain_id) == []
    with city.write() as session:
        chains.end_support(session, officer, supporter, first, day=TODAY, now=NOW)
    assert link(leader) == first


def test_a_recognition_of_tomorrow_is_refused(city: City) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司")
    draft = PositionDraft(city.chain_id("稀土"), None, Position.LEADER, "专班", date(2100, 1, 1))
    with pytest.raises(Refused), city.write() as session:
        chains.recognise(session, city.actor("kunqu_manager"), company_id, draft, now=NOW)


def test_what_is_done_to_a_firm_stands_on_its_timeline(city: City, database: Database) -> None:
    company_id = enter(city, "kunqu_officer", "甲公司")
    recognise(city, "kunqu_manager", company_id, "稀土")
    with database.read() as session:
        query = select(Entry.action).where(
            Entry.subject_kind == "company", Entry.subject_id == company_id
        )
        actions = set(session.scalars(query))
        assert session.get_one(Company, company_id).version == 2
    assert actions == {"company.entered", "company.recognised", "company.published"}
