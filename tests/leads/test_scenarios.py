"""A scenario is read by all; a firm matched with it only by those who know the firm."""

from __future__ import annotations

from flask.testing import FlaskClient

from crm.core import clock
from crm.leads.operations.scenarios import ScenarioDraft, match_firm, open_scenario
from tests.factories import work
from tests.factories.city import City


def test_a_match_with_a_hidden_firm_shows_in_no_part_of_the_page(
    client: FlaskClient, city: City
) -> None:
    firm = work.firm(city, "kunqu_officer", "隐名科技有限公司")
    actor, now = city.actor("kunqu_officer"), clock.now()
    with city.write() as session:
        draft = ScenarioDraft(title="矿山无人驾驶", owner_id=actor.id)
        number = open_scenario(session, actor, draft, now=now).id
        match_firm(
            session, actor, number, firm, day=clock.day_of(now), note="隐名科技来看过", now=now
        )
    shown = {}
    for person in ("kunqu_officer", "qingshan_officer"):
        city.sign_in(client, person)
        shown[person] = client.get(f"/scenarios/{number}").text
    assert "隐名科技来看过" in shown["kunqu_officer"]
    assert "矿山无人驾驶" in shown["qingshan_officer"]
    assert "隐名" not in shown["qingshan_officer"]
    assert f"#{firm}<" not in shown["qingshan_officer"]
