"""The plan's files and the catalog say the same, however often they are loaded."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from crm.audit.models import Entry
from crm.catalog import queries
from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    NodeYear,
    Park,
    Term,
    park_district,
)
from crm.catalog.operations import keeping as operations
from crm.catalog.operations.plan import load_plan
from crm.catalog.rules import Anchor, Clocks, NodeState, Region, TermKind
from crm.core import clock
from crm.core.database import Base, Database
from tests.factories.city import SYSTEM, City

TABLES = (Division, District, Park, Cluster, Chain, ChainNode, NodeYear, AttractionModel, Term)


def counts(database: Database) -> dict[str, int]:
    """How many rows the catalog's tables have."""
    tables = [*(kind.__table__ for kind in TABLES), park_district]
    with database.read() as session:
        return {
            str(table): session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def load(city: City) -> None:
    """Load the plan once more."""
    with city.write() as session:
        load_plan(session, SYSTEM, now=clock.now())


def test_the_catalog_holds_what_the_files_hold(database: Database) -> None:
    found = counts(database)
    assert found["division"] == len(queries.plan("divisions")) == 399
    assert found["district"] == len(queries.plan("districts")) == 11
    assert found["park"] == len(queries.plan("parks_2025")) == 7
    assert found["chain"] == len(queries.plan("industries_2025")) == 18
    assert found["chain_node"] == found["node_year"] == len(queries.plan("chain_nodes_2025")) == 34
    assert found["attraction_model"] == len(queries.plan("models"))
    assert found["term"] == len(queries.plan("terms"))
    with database.read() as session:
        nodes = {
            (node.chain.name, node.name, node.sort): node.id for node in queries.nodes(session)
        }
        states = queries.node_states(session, 2025)
        for row in queries.plan("chain_nodes_2025"):
            node_id = nodes[row["chain"], row["node"], int(row["order"])]
            assert states[node_id] == NodeState(row["state"])
        parks = {park.name: {row.name for row in park.districts} for park in queries.parks(session)}
        assert parks["钢铁冶金开发区"] == {"昆都仑区", "石拐区", "固阳县"}


def test_loading_again_adds_nothing_and_leaves_what_people_edited(
    city: City, database: Database
) -> None:
    with city.write() as session:
        operations.edit_term(
            session,
            SYSTEM,
            city.term_id("引荐"),
            name="熟人引荐",
            name_en="",
            version=None,
            now=clock.now(),
        )
    before = counts(database)
    with database.read() as session:
        entries = session.scalar(select(func.count()).select_from(Entry))
    load(city)
    assert counts(database) == before
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == entries
        assert session.scalar(select(Term.id).where(Term.name == "引荐")) is None


def test_every_row_that_people_read_has_an_english_name(database: Database) -> None:
    kinds: tuple[type[Base], ...] = (
        District,
        Park,
        Cluster,
        Chain,
        ChainNode,
        AttractionModel,
        Term,
    )
    with database.read() as session:
        nameless = [
            row
            for kind in (*kinds, Division)
            for row in session.scalars(select(kind))
            if not row.name_en  # type: ignore[attr-defined]
        ]
    assert nameless == []


def test_the_three_main_models_have_anchors_and_the_others_none(database: Database) -> None:
    with database.read() as session:
        anchors = {row.code: row.anchor for row in queries.models(session)}
    assert {code for code, anchor in anchors.items() if anchor is not Anchor.NONE} == {
        "head_firm",
        "scenario",
        "chain",
    }


def test_divisions_know_the_region_the_bureau_speaks_of(database: Database) -> None:
    with database.read() as session:
        region = {row.code: row.region for row in queries.divisions(session)}
    assert region["110000"] == region["130200"] == Region.JJJ
    assert region["320500"] == Region.YRD
    assert region["440300"] == region["810000"] == Region.GBA
    assert region["150100"] == Region.REGION
    assert region["150200"] == Region.CITY
    assert region["350200"] == Region.OTHER


def test_the_city_is_no_district_to_choose(database: Database) -> None:
    with database.read() as session:
        assert len(queries.districts(session)) == 10
        names = [option[1] for option in queries.district_options(session)]
        assert "包头市" not in names
        assert queries.district_options(session, "en")[0][1] == "Kundulun District"


def test_a_node_belongs_to_its_chain_in_a_choice(city: City, database: Database) -> None:
    with database.read() as session:
        options = queries.node_options(session)
    found = next(option for option in options if option[1] == "电芯")
    assert found[2] == {"data-parent": str(city.chain_id("储能"))}  # type: ignore[misc]


def test_the_state_of_a_year_holds_until_another_is_said(city: City, database: Database) -> None:
    node = city.node_id("晶硅光伏", "异质结")
    with city.write() as session:
        operations.set_node_state(
            session,
            city.actor("admin"),
            node,
            year=2026,
            state=NodeState.PRESENT,
            source="新项目投产",
            version=None,
            now=clock.now(),
        )
    with database.read() as session:
        assert queries.node_states(session, 2025)[node] is NodeState.GAP
        assert queries.node_states(session, 2026)[node] is NodeState.PRESENT
        assert queries.node_states(session, 2030)[node] is NodeState.PRESENT


def test_the_clocks_are_the_defaults_until_somebody_sets_them(
    city: City, database: Database
) -> None:
    with database.read() as session:
        assert queries.clocks(session) == Clocks()
    with city.write() as session:
        operations.set_clocks(
            session, city.actor("admin"), Clocks(silence=21), version=0, now=clock.now()
        )
    with database.read() as session:
        assert queries.clocks(session) == Clocks(silence=21)


def test_working_days_know_the_days_worked_in_exchange(database: Database) -> None:
    with database.read() as session:
        calendar = queries.work_calendar(session)
        assert calendar.is_workday(date(2026, 2, 14))
        assert not calendar.is_workday(date(2026, 2, 20))
        assert calendar.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
        assert queries.calendar_is_official(session, 2026)
        assert not queries.calendar_is_official(session, 2036)


def test_an_entry_switched_off_is_offered_only_where_it_is_used(
    city: City, database: Database
) -> None:
    gone = city.term_id("网络")
    with city.write() as session:
        operations.switch_term(session, SYSTEM, gone, active=False, now=clock.now())
    with database.read() as session:
        kind = TermKind.SOURCE
        assert "网络" not in [one[1] for one in queries.term_options(session, kind)]
        assert "网络" in [one[1] for one in queries.term_options(session, kind, also=[gone])]
