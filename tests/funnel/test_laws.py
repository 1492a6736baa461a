"""Laws of the funnel on generated histories; one database and one planting an example serve them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.rules.goals import Sum
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.standing import Level, levels
from crm.funnel.queries.states import Asked
from crm.funnel.rules.dimensions import Dimension
from crm.leads.models import Lead
from crm.leads.queries.scope import readable
from crm.leads.queries.staleness import deadlines, overstayed
from crm.leads.rules.history import placed
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from tests.factories.city import City
from tests.funnel.histories import PEOPLE, TODAY, Known, Places, Story, days, planted, stories


@dataclass(frozen=True)
class Scene:
    """A planted city as one of its people asks about it on a day."""

    session: Session
    places: Places
    known: list[Known]
    person: str
    day: date

    @property
    def actor(self) -> Actor:
        return self.places.actors[self.person]

    def counted(self, one: Known, day: date) -> bool:
        return self.places.counts(self.person, one, one.on(day))


def the_picture_of_any_day_is_what_the_histories_say(scene: Scene) -> None:
    limits = deadlines(scene.session, scene.day)
    wanted = dict.fromkeys(Stage, Level())
    for one in scene.known:
        state = one.on(scene.day)
        if state is None or not scene.counted(one, scene.day):
            continue
        told = Sum(1, state.amount)
        if state.standing is Standing.OPEN:
            limit = limits.stages.get(state.stage)
            here = next(p for p in placed(one.segments) if p.segment.day_until > scene.day)
            late = limit is not None and here.staged_from < limit
            wanted[state.stage] += Level(in_hand=told, stuck=told if late else Sum())
        else:
            held = state.standing is Standing.ON_HOLD
            wanted[state.stage] += Level(on_hold=told) if held else Level(lost=told)
    assert levels(scene.session, scene.actor, Asked(scene.day), limits) == wanted


def as_of_today_is_what_the_leads_themselves_say(scene: Scene) -> None:
    limits = deadlines(scene.session, TODAY)
    found = levels(scene.session, scene.actor, Asked(TODAY), limits)
    assert levels(scene.session, scene.actor, Asked(TODAY, then=True), limits) == found
    for stage in Stage:
        mine = select(Lead).where(
            readable(scene.actor), Lead.stage == stage, Lead.standing == Standing.OPEN
        )
        in_hand = scene.session.scalars(mine).all()
        late = scene.session.scalars(mine.where(overstayed(limits))).all()
        for told, leads in ((found[stage].in_hand, in_hand), (found[stage].stuck, late)):
            assert told == Sum(len(leads), sum((one.amount_low for one in leads), Money(0)))


def a_figure_is_the_rows_it_opens_and_what_is_folded(scene: Scene) -> None:
    found = levels(
        scene.session, scene.actor, Asked(scene.day), deadlines(scene.session, scene.day)
    )
    mine = set(scene.session.scalars(select(Lead.id).where(readable(scene.actor))))
    for stage in Stage:
        asked = Asked(scene.day, only={Dimension.STAGE: stage})
        going_on = Of.SIGNED if stage is Stage.SIGNED else Of.IN_HAND
        for of, level in (
            (going_on, found[stage].in_hand),
            (Of.STUCK, found[stage].stuck),
            (Of.ON_HOLD, found[stage].on_hold),
            (Of.LOST, found[stage].lost),
        ):
            assert opens(scene, Wanted(asked, of), mine) == level


def opens(scene: Scene, wanted: Wanted, mine: set[int]) -> Sum:
    """What the pages of rows and the folds make together; none of the rows is another's."""
    rows, mark = [], None
    while True:
        page = behind(scene.session, scene.actor, wanted, after=mark, size=2)
        rows += page.rows.rows
        if (mark := page.rows.after) is None:
            break
    assert {row.lead.id for row in rows} <= mine
    read = Sum(len(rows), sum((row.state.amount for row in rows), Money(0)))
    whole = read + sum((fold.sum for fold in page.folds), Sum())
    assert page.whole == whole
    return whole


LAWS = (
    the_picture_of_any_day_is_what_the_histories_say,
    as_of_today_is_what_the_leads_themselves_say,
    a_figure_is_the_rows_it_opens_and_what_is_folded,
)


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_the_laws_hold_on_any_histories(city: City, data: st.DataObject) -> None:
    places = Places(city)
    told: list[Story] = data.draw(stories)
    day, person = data.draw(days), data.draw(st.sampled_from(PEOPLE))
    with planted(places, told) as (session, known):
        for law in LAWS:
            law(Scene(session, places, known, person, day))
