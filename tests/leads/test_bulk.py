"""Bulk actions: previewed, carried out row by row, told, taken back; on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core import clock
from crm.core.errors import Missing, Refused
from crm.leads.models import BulkAction, Lead, LeadEvent, lead_tag
from crm.leads.operations import bulk, care
from crm.leads.rules.bulk import MOST, BulkKind, Left, rows
from tests.factories import work
from tests.factories.city import City

TODAY = work.today()
LATER = TODAY + timedelta(days=9)


@pytest.fixture
def three(city: City) -> list[int]:
    """Three leads of one officer."""
    return [work.lead(city, "kunqu_officer", title) for title in ("甲", "乙", "丙")]


def row(city: City, lead_id: int) -> Lead:
    """The lead as it is stored."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


def versions(city: City, ids: list[int]) -> dict[int, int]:
    """What the list would send of some leads."""
    return {number: row(city, number).version for number in ids}


def post(client: FlaskClient, kind: str, told: dict[int, int], **data: object) -> TestResponse:
    """A post of the list or of the preview."""
    pairs = [f"{number}.{version}" for number, version in told.items()]
    return client.post(f"/leads/bulk/{kind}", data={"row": pairs, **data})


def action_of(answer: TestResponse) -> int:
    """The action that a redirect tells of."""
    assert answer.status_code == 303, answer.text
    found = re.search(r"/leads/bulk/(\d+)$", answer.location)
    assert found
    return int(found[1])


def touched(city: City, lead_id: int) -> None:
    """Somebody changes a lead meanwhile."""
    with city.write() as session:
        care.plan_next_step(
            session, city.actor("kunqu_officer"), lead_id, step="别的", on=TODAY, now=clock.now()
        )


def test_nothing_changes_before_the_preview_is_carried_out(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_manager")
    told, to = versions(city, three), city.person_id("kunqu_second")
    chosen = post(client, "assign", told)
    assert chosen.status_code == 200
    shown = post(client, "assign", told, owner_id=to, look=1)
    assert shown.status_code == 200
    assert "昆区郑专员" in shown.text
    assert versions(city, three) == told
    action_of(post(client, "assign", told, owner_id=to, carry=1))
    assert {row(city, one).owner_id for one in three} == {to}
    assert {row(city, one).unit_id for one in three} == {city.unit_id("昆区二科")}


def test_what_changed_meanwhile_is_named_and_the_rest_is_done(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    told = versions(city, three)
    touched(city, three[1])
    step = {"step": "回访", "on": LATER.isoformat()}
    assert "其间已被他人修改" in post(client, "step", told, look=1, **step).text
    number = action_of(post(client, "step", told, carry=1, **step))
    assert [row(city, one).next_step for one in three] == ["回访", "别的", "回访"]
    page = client.get(f"/leads/bulk/{number}").text
    left = page[page.index("未改动") :]
    assert f'href="/leads/{three[1]}"' in left[: left.index("</section>")]


def test_leads_of_others_are_left_and_those_he_may_not_know_of_are_not_named(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    seen = work.lead(city, "kunqu_colleague", "同事的")
    hidden = work.lead(city, "qingshan_officer", "外区秘密")
    city.sign_in(client, "kunqu_officer")
    told = versions(city, [three[0], seen, hidden]) | {10**15: 1}
    step = {"step": "回访", "on": LATER.isoformat()}
    preview = post(client, "step", told, look=1, **step).text
    assert "同事的" in preview
    assert "外区秘密" not in preview
    number = action_of(post(client, "step", told, carry=1, **step))
    page = client.get(f"/leads/bulk/{number}").text
    assert "外区秘密" not in page
    assert [row(city, one).next_step for one in (three[0], seen, hidden)] == [
        "回访", "拜访企业", "拜访企业",
    ]  # fmt: skip
    with city.database.read() as session:
        done = session.get_one(BulkAction, number)
    assert [one[1] for one in done.left] == [Left.NOT_YOURS, Left.CHANGED, Left.CHANGED]


def test_a_rule_says_no_to_one_and_the_others_go_on(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_manager")
    with city.write() as session:
        care.assign(
            session, city.actor("kunqu_manager"), three[0], city.person_id("kunqu_second"),
            now=clock.now(),
        )  # fmt: skip
    told, to = versions(city, three), city.person_id("kunqu_second")
    number = action_of(post(client, "assign", told, owner_id=to, carry=1))
    with city.database.read() as session:
        done = session.get_one(BulkAction, number)
        events = session.scalar(select(func.count()).where(LeadEvent.lead_id == three[0]))
    assert [one[0] for one in done.done] == three[1:]
    assert done.left[0][:2] == [three[0], Left.REFUSED]
    assert events == 2  # entered, assigned; the refused one left no trace


def test_taking_back_is_an_action_of_its_own_and_leaves_what_was_changed_since(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    to = city.person_id("kunqu_colleague")
    number = action_of(post(client, "assign", versions(city, three), owner_id=to, carry=1))
    assert client.get(f"/leads/{three[0]}/edit").status_code == 403  # no longer his
    with city.write() as session:
        care.plan_next_step(
            session, city.actor("kunqu_colleague"), three[2], step="我来", on=TODAY, now=clock.now()
        )
    back = action_of(client.post(f"/leads/bulk/{number}/undo"))
    mine, owners = city.person_id("kunqu_officer"), [row(city, one).owner_id for one in three]
    assert owners == [mine, mine, to]
    with city.database.read() as session:
        done = session.get_one(BulkAction, back)
    assert (done.undoes_id, [one[0] for one in done.left]) == (number, [three[2]])
    again = client.post(f"/leads/bulk/{number}/undo")
    assert again.status_code == 303
    with city.database.read() as session:
        assert session.scalar(select(func.count()).select_from(BulkAction)) == 2
    forth = action_of(client.post(f"/leads/bulk/{back}/undo"))  # the undo is undone
    with city.database.read() as session:
        assert session.get_one(BulkAction, forth).undoes_id == back
    assert [row(city, one).owner_id for one in three] == [to, to, to]


def test_the_step_before_comes_back_with_its_day(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    before = [(row(city, one).next_step, row(city, one).next_step_on) for one in three]
    step = {"step": "回访", "on": LATER.isoformat(), "carry": 1}
    number = action_of(post(client, "step", versions(city, three), **step))
    action_of(client.post(f"/leads/bulk/{number}/undo"))
    assert [(row(city, one).next_step, row(city, one).next_step_on) for one in three] == before


def test_tags_are_put_on_many_and_taken_back(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    with city.database.read() as session:
        tags = list(session.scalars(select(Term.id).where(Term.kind == TermKind.TAG).limit(2)))
    actor = city.actor("kunqu_officer")
    with city.write() as session:
        care.set_tags(session, actor, three[0], [tags[0]], now=clock.now())
    city.sign_in(client, "kunqu_officer")

    def held() -> dict[int, set[int]]:
        with city.database.read() as session:
            found = session.execute(select(lead_tag.c.lead_id, lead_tag.c.term_id)).all()
        return {one: {tag for number, tag in found if number == one} for one in three}

    number = action_of(post(client, "tag", versions(city, three), term_ids=tags, carry=1))
    assert held() == {one: set(tags) for one in three}
    action_of(client.post(f"/leads/bulk/{number}/undo"))
    assert held() == {three[0]: {tags[0]}, three[1]: set(), three[2]: set()}
    off = post(client, "untag", versions(city, three), term_ids=[tags[0]], carry=1)
    with city.database.read() as session:
        done = session.get_one(BulkAction, action_of(off))
    assert [one[0] for one in done.done] == [three[0]]
    assert held() == {one: set() for one in three}


def test_all_that_fit_the_filter_are_taken_in_the_lists_order(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    address = "/leads/bulk/step?q=甲&sort=-amount"
    page = client.post(address, data={"row": f"{three[1]}.1", "everything": 1}).text
    assert re.findall(r'name="row" value="(\d+)\.\d+"', page) == [str(three[0])]


NO_ROWS: list[list[str]] = [["x"], ["1"], ["1.x"], ["-1.1"], ["1.1", "\x00"], ["９.1"], []]


def test_what_is_no_lead_with_its_version_is_refused_whole(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    for bad in NO_ROWS:
        data = {"row": bad, "step": "回访", "on": LATER.isoformat(), "carry": 1}
        assert client.post("/leads/bulk/step", data=data).status_code == 422
    assert {row(city, one).next_step for one in three} == {"拜访企业"}


def test_five_hundred_and_one_are_refused(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    told = versions(city, three) | dict.fromkeys(range(1000, 1000 + MOST - 2), 1)
    step = {"step": "回访", "on": LATER.isoformat()}
    assert len(told) == MOST + 1
    assert post(client, "step", told, carry=1, **step).status_code == 422
    assert {row(city, one).next_step for one in three} == {"拜访企业"}
    with city.write() as session, pytest.raises(Refused):
        bulk.carry_out(
            session, city.actor("kunqu_officer"), BulkKind.STEP, told, step, now=clock.now()
        )
    told.popitem()
    assert post(client, "step", told, carry=1, **step).status_code == 303


def test_a_step_has_words_and_a_day(city: City, client: FlaskClient, three: list[int]) -> None:
    city.sign_in(client, "kunqu_officer")
    for step, on in (("", "2099-01-01"), ("回访", ""), ("回访", "0001-01-01")):
        answer = post(client, "step", versions(city, three), carry=1, step=step, on=on)
        assert answer.status_code == 422


def test_another_persons_action_is_neither_shown_nor_taken_back(
    city: City, client: FlaskClient, three: list[int]
) -> None:
    city.sign_in(client, "kunqu_officer")
    step = {"step": "回访", "on": LATER.isoformat(), "carry": 1}
    number = action_of(post(client, "step", versions(city, three), **step))
    for who in ("kunqu_manager", "kunqu_colleague", "qingshan_officer"):
        city.sign_in(client, who)
        assert client.get(f"/leads/bulk/{number}").status_code == 404
        assert client.post(f"/leads/bulk/{number}/undo").status_code == 404
    city.sign_in(client, "leader")
    assert client.post(f"/leads/bulk/{number}/undo").status_code == 403
    assert post(client, "step", versions(city, three), **step).status_code == 403


def test_after_a_day_nothing_is_taken_back(city: City, three: list[int]) -> None:
    actor, now = city.actor("kunqu_officer"), clock.now()
    what = {"step": "回访", "on": LATER.isoformat()}
    with city.write() as session:
        done = bulk.carry_out(session, actor, BulkKind.STEP, versions(city, three), what, now=now)
    with city.write() as session, pytest.raises(Refused):
        bulk.undo(session, actor, done.id, now=now + timedelta(hours=25))
    with city.write() as session, pytest.raises(Missing):
        bulk.undo(session, actor, done.id + 1, now=now)


pairs = st.dictionaries(st.integers(1, 2**63 - 1), st.integers(1, 10**9 - 1), max_size=20)


@given(pairs)
def test_pairs_are_read_as_they_are_written(told: dict[int, int]) -> None:
    assert rows(f"{number}.{version}" for number, version in told.items()) == told


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    try:
        found = rows([text])
    except ValueError:
        return
    assert [f"{number}.{version}" for number, version in found.items()] == [text]
