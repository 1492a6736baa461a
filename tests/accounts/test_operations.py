"""What is done to units and people."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from crm.accounts import login, operations, queries
from crm.accounts.models import Invitation, Person, SignIn, Unit
from crm.accounts.operations import SYSTEM, PersonDraft
from crm.accounts.rules import Role, UnitKind
from crm.audit.models import Entry
from crm.audit.queries import verify
from crm.core import clock
from crm.core.database import Database
from crm.core.errors import Missing, Refused, Stale
from tests.factories.city import City


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def draft(city: City) -> PersonDraft:
    return PersonDraft("Wang.Wu", "王五", Role.OFFICER, city.unit_id("昆区一科"))


def add(city: City, draft: PersonDraft, now: datetime) -> int:
    with city.write() as session:
        return operations.add_person(session, city.actor("admin"), draft, now=now).id


# --- units -------------------------------------------------------------------------------------


def test_a_unit_knows_its_place_in_the_tree(city: City, now: datetime) -> None:
    parent = city.unit_id("昆都仑区招商局")
    with city.write() as session:
        unit = operations.add_unit(session, SYSTEM, "昆区三科", UnitKind.TEAM, parent, now=now)
    assert unit.path == f"/1/{parent}/{unit.id}/"
    with city.database.read() as session:
        assert unit.id in set(session.scalars(queries.units_of(city.actor("kunqu_manager"))))
        assert unit.id not in set(session.scalars(queries.units_of(city.actor("qingshan_manager"))))


@pytest.mark.parametrize(
    ("name", "kind", "parent", "field"),
    [
        ("昆区一科", UnitKind.TEAM, "昆都仑区招商局", "name"),
        ("", UnitKind.TEAM, "昆都仑区招商局", "name"),
        ("新区局", UnitKind.DISTRICT, "昆都仑区招商局", "kind"),
        ("科下科", UnitKind.TEAM, "昆区一科", "kind"),
        ("第二个市局", UnitKind.BUREAU, None, "parent_id"),
    ],
)
def test_a_unit_without_a_place_is_refused(
    city: City, now: datetime, name: str, kind: UnitKind, parent: str | None, field: str
) -> None:
    parent_id = city.unit_id(parent) if parent else None
    with pytest.raises(Refused) as refusal, city.write() as session:
        operations.add_unit(session, SYSTEM, name, kind, parent_id, now=now)
    assert refusal.value.field == field


def test_a_unit_with_people_or_units_in_it_is_not_closed(city: City, now: datetime) -> None:
    for name in ("昆区一科", "昆都仑区招商局", "包头市招商局"):
        with pytest.raises(Refused), city.write() as session:
            operations.deactivate_unit(session, SYSTEM, city.unit_id(name), now=now)


def test_an_empty_unit_is_closed_takes_nobody_and_is_opened_again(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    unit = city.unit_id("东河区招商局")
    with city.write() as session:
        operations.deactivate_unit(session, SYSTEM, unit, now=now)
    with pytest.raises(Refused) as refusal:
        add(city, replace(draft, unit_id=unit), now)
    assert refusal.value.field == "unit_id"
    with city.write() as session:
        operations.reopen_unit(session, SYSTEM, unit, now=now)
    assert add(city, replace(draft, unit_id=unit), now)


def test_the_second_to_rename_a_unit_is_told(city: City, now: datetime) -> None:
    unit = city.unit_id("昆区一科")
    with city.write() as session:
        operations.rename_unit(session, SYSTEM, unit, "昆区招商一科", now=now, version=1)
    with pytest.raises(Stale), city.write() as session:
        operations.rename_unit(session, SYSTEM, unit, "一科", now=now, version=1)


# --- people ------------------------------------------------------------------------------------


def test_a_person_is_entered_with_folded_account_and_pinyin(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    person_id = add(city, draft, now)
    with city.database.read() as session:
        person = queries.person(session, person_id)
    assert person.username == "wang.wu"
    assert person.name_pinyin.startswith("wangwu ww")
    assert person.password_hash is None


@pytest.mark.parametrize("username", ["ADMIN", "ａｄｍｉｎ", " admin "])
def test_an_account_is_unique_in_any_case(
    city: City, draft: PersonDraft, now: datetime, username: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(city, replace(draft, username=username), now)
    assert refusal.value.field == "username"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    city: City, draft: PersonDraft, now: datetime, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(city, replace(draft, **change), now)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_moving_a_person_moves_what_he_sees(city: City, now: datetime) -> None:
    person = city.person_id("kunqu_officer")
    with city.write() as session:
        operations.move_person(session, SYSTEM, person, city.unit_id("青山一科"), now=now)
    assert city.actor("kunqu_officer").unit_path == city.actor("qingshan_officer").unit_path


def test_disabling_ends_sign_ins_and_links_and_enabling_gives_back_the_password(
    city: City, now: datetime
) -> None:
    person = city.person_id("kunqu_officer")
    _sign_in(city, person)
    with city.write() as session:
        operations.disable(session, SYSTEM, person, now=now)
    with city.database.read() as session:
        assert session.scalar(open_sign_ins(person)) == 0
        assert queries.account(session, "kunqu_officer") is None
    with city.write() as session:
        operations.enable(session, SYSTEM, person, now=now)
    with city.database.read() as session:
        assert queries.account(session, "kunqu_officer") is not None


def _sign_in(city: City, person: int) -> int:
    now = clock.now()
    with city.write() as session:
        row = SignIn(
            person_id=person,
            token_hash=f"{person}-{now.timestamp()}",
            started_at=now,
            seen_at=now,
            address="10.0.0.1",
        )
        session.add(row)
        session.flush()
        return row.id


def open_sign_ins(person: int):  # type: ignore[no-untyped-def]
    return select(func.count(SignIn.id)).where(
        SignIn.person_id == person, SignIn.ended_at.is_(None)
    )


def test_the_last_administrator_is_neither_disabled_nor_demoted_nor_moved(
    city: City, now: datetime
) -> None:
    admin = city.person_id("admin")
    demoted = PersonDraft("admin", "管理员", Role.OFFICER, 0)
    for act in (
        lambda session: operations.disable(session, SYSTEM, admin, now=now),
        lambda session: operations.edit_person(session, SYSTEM, admin, demoted, now=now),
        lambda session: operations.move_person(
            session, SYSTEM, admin, city.unit_id("青山一科"), now=now
        ),
    ):
        with pytest.raises(Refused, match="last administrator"), city.write() as session:
            act(session)
    assert city.actor("admin").role == "administrator"


def test_an_administrator_who_cannot_sign_in_yet_is_no_replacement(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    add(city, replace(draft, role=Role.ADMINISTRATOR), now)
    with pytest.raises(Refused), city.write() as session:
        operations.disable(session, SYSTEM, city.person_id("admin"), now=now)


def test_of_two_administrators_who_disable_each_other_at_once_one_stays(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    second = add(city, replace(draft, role=Role.ADMINISTRATOR), now)
    with city.write() as session:
        operations.set_password(session, SYSTEM, second, "hash", now=now)
    gate, outcomes = threading.Barrier(2), []

    def put_out(person_id: int) -> None:
        gate.wait()
        try:
            with city.database.write("test") as session:
                operations.disable(session, SYSTEM, person_id, now=now)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")

    threads = [
        threading.Thread(target=put_out, args=[one]) for one in (city.person_id("admin"), second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with city.database.read() as session:
        active = select(func.count(Person.id)).where(
            Person.role == Role.ADMINISTRATOR, Person.active
        )
        assert session.scalar(active) == 1
        assert verify(session).broken == ""


# --- links and passwords -----------------------------------------------------------------------


def test_a_link_sets_the_password_once(city: City, draft: PersonDraft, now: datetime) -> None:
    person = add(city, draft, now)
    with city.write() as session:
        token = operations.invite(session, city.actor("admin"), person, now=now)
    assert len(token) == 64
    with city.write() as session:
        assert login.accept_invitation(session, token, "the hash", now) == person
    with pytest.raises(Missing), city.write() as session:
        login.accept_invitation(session, token, "another", now)
    with city.database.read() as session:
        assert queries.person(session, person).password_hash == "the hash"


def test_a_link_is_void_after_a_week_and_after_a_newer_one(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    person = add(city, draft, now)
    with city.write() as session:
        first = operations.invite(session, SYSTEM, person, now=now)
        second = operations.invite(session, SYSTEM, person, now=now + timedelta(seconds=1))
    with city.database.read() as session:
        later = now + timedelta(seconds=2)
        with pytest.raises(Missing):
            queries.open_link(session, first, later)
        assert queries.open_link(session, second, later).person_id == person
        with pytest.raises(Missing):
            queries.open_link(session, second, now + timedelta(days=7, seconds=2))


def test_the_database_never_holds_the_token_nor_the_audit_the_hash(
    city: City, draft: PersonDraft, now: datetime
) -> None:
    person = add(city, draft, now)
    with city.write() as session:
        token = operations.invite(session, SYSTEM, person, now=now)
        operations.set_password(session, SYSTEM, person, "secret hash", now=now)
    with city.database.read() as session:
        links = session.scalars(select(Invitation).where(Invitation.person_id == person)).all()
        entries = session.scalars(select(Entry).where(Entry.subject_id == person)).all()
        told = str([(entry.before, entry.after, entry.note) for entry in entries])
        assert [link.token_hash == token for link in links] == [False]
        assert token not in told
        assert links[0].token_hash not in told
        assert "secret hash" not in told


def test_a_reset_takes_the_password_and_the_sign_ins(city: City, now: datetime) -> None:
    person = city.person_id("kunqu_officer")
    _sign_in(city, person)
    with city.write() as session:
        operations.invite(session, city.actor("admin"), person, now=now)
    with city.database.read() as session:
        assert queries.person(session, person).password_hash is None
        assert session.scalar(open_sign_ins(person)) == 0


def test_nobody_resets_himself_and_nobody_disabled_is_invited(city: City, now: datetime) -> None:
    admin, officer = city.person_id("admin"), city.person_id("kunqu_officer")
    with pytest.raises(Refused), city.write() as session:
        operations.invite(session, city.actor("admin"), admin, now=now)
    with city.write() as session:
        operations.disable(session, SYSTEM, officer, now=now)
    with pytest.raises(Refused), city.write() as session:
        operations.invite(session, city.actor("admin"), officer, now=now)


def test_a_new_password_ends_every_other_sign_in(city: City, now: datetime) -> None:
    person = city.person_id("kunqu_officer")
    mine, other = _sign_in(city, person), _sign_in(city, person)
    with city.write() as session:
        operations.set_password(
            session, city.actor("kunqu_officer"), person, "new", now=now, keep=mine
        )
    with city.database.read() as session:
        assert session.get_one(SignIn, mine).ended_at is None
        assert session.get_one(SignIn, other).ended_at is not None


def test_a_password_changed_meanwhile_is_not_changed_again(city: City, now: datetime) -> None:
    person = city.person_id("kunqu_officer")
    with pytest.raises(Refused), city.write() as session:
        operations.set_password(session, SYSTEM, person, "new", now=now, proven="an older hash")


def test_a_sign_in_is_ended_by_its_owner_alone(city: City, now: datetime) -> None:
    row = _sign_in(city, city.person_id("kunqu_officer"))
    stranger = city.actor("qingshan_officer")
    with pytest.raises(Missing), city.write() as session:
        operations.end_sign_in(session, stranger, stranger.id or 0, row, now=now)


def test_a_person_without_a_row_is_missing(database: Database, now: datetime) -> None:
    for act in (operations.disable, operations.enable, operations.invite, operations.end_sessions):
        with pytest.raises(Missing), database.write("test") as session:
            act(session, SYSTEM, 10**15, now=now)


def test_the_tree_lists_parents_first_with_their_people(city: City) -> None:
    with city.database.read() as session:
        tree = {branch.unit.name: branch for branch in queries.tree(session)}
        assert next(iter(tree)) == "包头市招商局"
        assert (tree["昆区一科"].depth, tree["昆区一科"].people) == (2, 2)
        names = list(tree)
        assert names.index("昆区一科") == names.index("昆都仑区招商局") + 1
        assert session.scalar(select(func.count(Unit.id))) == len(tree)
