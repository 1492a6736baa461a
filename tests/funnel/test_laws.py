"""Laws of the funnel on generated histories; one database and one planting an example serve them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.rules.goals import Sum
from crm.funnel.queries.bridge import bridges, turns
from crm.funnel.queries.cohorts import STEPS, days_of_steps, entered
from crm.funnel.queries.lost import reasons
from crm.funnel.queries.matrix import Crossing, cells
from crm.funnel.queries.pace import ages, loads, stays
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.standing import PIPELINE, Level, levels
from crm.funnel.queries.states import Asked
from crm.funnel.rules.bridge import CITY, Bridge, Place, Term
from crm.funnel.rules.cohorts import Fate, before
from crm.funnel.rules.dimensions import Dimension
from crm.funnel.rules.heat import whole_of
from crm.leads.models import Lead
from crm.leads.queries.scope import readable
from crm.leads.queries.staleness import deadlines, overstayed
from crm.leads.rules.history import first_reached, placed
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from crm.values.period import Year
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
    since: date
    row: Dimension
    column: Dimension

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


def every_split_makes_the_whole_and_its_cells_are_their_rows(scene: Scene) -> None:
    asked, span = Asked(scene.day), (scene.since, scene.day)
    found = cells(scene.session, scene.actor, Crossing(asked, scene.row, scene.column, scene.since))
    whole = whole_of(found)
    counted = [one for one in scene.known if scene.counted(one, scene.day)]
    now = [one for one in counted if going_on(one.on(scene.day))]
    assert whole.in_hand.count == len(now)
    new = [one for one in counted if scene.since <= one.segments[0].day_from <= scene.day]
    firsts = {one.lead_id: first_reached(one.segments).get(Stage.SIGNED) for one in counted}
    done = [day for one in new if (day := firsts[one.lead_id]) and day <= scene.day]
    assert (whole.entered, whole.signed) == (len(new), len(done))
    assert sum(whole.days.values()) == sum(
        bool(day) and scene.since <= day <= scene.day for day in firsts.values()
    )
    mine = set(scene.session.scalars(select(Lead.id).where(readable(scene.actor))))
    for (row, column), cell in list(found.items())[:4]:
        here = Asked(scene.day, only={scene.row: row, scene.column: column})
        assert opens(scene, Wanted(here), mine) == cell.in_hand
        assert opens(scene, Wanted(here, Of.ALL, entered=span), mine).count == cell.entered
        came = Wanted(here, Of.ALL, entered=span, reached=Stage.SIGNED)
        assert opens(scene, came, mine).count == cell.signed
        signed = Wanted(here, Of.ALL, signed=span)
        assert opens(scene, signed, mine).count == sum(cell.days.values())


def all_dimensions_cross_and_make_the_same_whole(scene: Scene) -> None:
    asked = Asked(scene.day)
    wholes = [
        whole_of(cells(scene.session, scene.actor, Crossing(asked, row, column, scene.since)))
        for row, column in zip(Dimension, [*list(Dimension)[1:], Dimension.REGION], strict=True)
        if row is not column
    ]
    far = Crossing(asked, Dimension.REGION, Dimension.CLUSTER, scene.since)
    wholes.append(whole_of(cells(scene.session, scene.actor, far)))
    assert all(whole == wholes[0] for whole in wholes)


def going_on(state: object) -> bool:
    """In the open pipeline."""
    return bool(state) and state.standing is Standing.OPEN and state.stage is not Stage.SIGNED  # type: ignore[attr-defined]


def no_step_of_a_cohort_exceeds_the_one_before_and_each_opens_its_leads(scene: Scene) -> None:
    year = Year.of(scene.day)
    asked, span = Asked(scene.day), (year.first_day, scene.day)
    days = entered(scene.session, scene.actor, asked, year.first_day)
    steps = days_of_steps(scene.session, scene.actor, asked, year)
    whole = sum((one for _day, one in days[1:]), days[0][1]) if days else None
    mine = set(scene.session.scalars(select(Lead.id).where(readable(scene.actor))))
    counted = [one for one in scene.known if scene.counted(one, scene.day)]
    assert (whole.entered if whole else 0) == len(counted)
    for stage in STEPS if whole else ():
        assert whole.at(stage) <= whole.at(before(stage))
        assert sum(steps[stage].values()) == whole.at(stage)
        rows = Wanted(asked, Of.ALL, entered=span, reached=stage)
        assert opens(scene, rows, mine).count == whole.at(stage)
    if whole:
        of = {Fate.OPEN: Of.IN_HAND, Fate.ON_HOLD: Of.ON_HOLD, Fate.LOST: Of.LOST}
        for fate, number in whole.fates.items():
            rows = Wanted(asked, of.get(fate, Of.SIGNED), entered=span)
            assert opens(scene, rows, mine).count == number
        assert sum(whole.fates.values()) == whole.entered


def the_bridge_closes_and_its_terms_open_their_leads(scene: Scene) -> None:
    first, last = sorted((scene.since, scene.day))
    asked = Asked(last)
    found = bridges(scene.session, scene.actor, asked, first)
    places: list[tuple[Place, Bridge]] = [(CITY, found.whole)]
    places += [(Place(stage), one) for stage, one in found.stages.items()]
    places += [(Place(district=(key,)), one) for key, one in found.districts.items()]
    assert [place for place, one in places if not one.closes] == []
    for side in ("opening", "closing"):
        whole = getattr(found.whole, side)
        assert whole == sum((getattr(one, side) for one in found.stages.values()), Sum())
        assert whole == sum((getattr(one, side) for one in found.districts.values()), Sum())
    for place, one in places[:3] + places[-1:]:
        for term, told in one.terms.items():
            assert turned(scene, asked, first, term, place) == told


def turned(scene: Scene, asked: Asked, since: date, term: Term, place: Place) -> Sum:
    """What the rows of a term and its folds make."""
    rows, mark = [], None
    while True:
        page = turns(scene.session, scene.actor, asked, since, term, place, after=mark, size=2)
        rows += page.rows.rows
        if (mark := page.rows.after) is None:
            break
    worth = [
        row.after.amount - row.before.amount
        if term is Term.REVISED and row.before
        else row.after.amount
        for row in rows
    ]
    whole = Sum(len(rows), sum(worth, Money(0)))
    whole += sum((fold.sum for fold in page.folds), Sum())
    assert page.whole == whole
    return whole


def ages_loads_and_reasons_make_the_whole_and_stays_are_those_of_the_histories(
    scene: Scene,
) -> None:
    asked = Asked(scene.day)
    limits = deadlines(scene.session, scene.day)
    now = levels(scene.session, scene.actor, asked, limits)
    whole = sum((now[stage].in_hand for stage in PIPELINE), Sum())
    mine = set(scene.session.scalars(select(Lead.id).where(readable(scene.actor))))
    told = ages(scene.session, scene.actor, asked)
    assert sum(told.values(), Sum()) == whole
    for (stage, age), one in told.items():
        here = Asked(scene.day, only={Dimension.STAGE: stage})
        assert opens(scene, Wanted(here, age=age), mine) == one
    carried = loads(scene.session, scene.actor, asked, TODAY)
    assert sum((load.in_hand for load in carried.values()), Sum()) == whole
    why = reasons(scene.session, scene.actor, asked)
    assert sum(why.values(), Sum()) == sum((level.lost for level in now.values()), Sum())
    assert opens(scene, Wanted(asked, Of.LOST, reason=(None,)), mine) == sum(why.values(), Sum())
    first, last = sorted((scene.since, scene.day))
    found = stays(scene.session, scene.actor, Asked(last), first)
    wanted: Counter[tuple[Stage, int]] = Counter()
    for one in scene.known:
        for stay in placed(one.segments):
            segment = stay.segment
            counts = scene.places.counts(scene.person, one, segment.state)
            if not (stay.stage_next and counts and first <= segment.day_until <= last):
                continue
            going = segment.state.standing is Standing.OPEN
            end = segment.day_until if going else segment.day_from
            wanted[segment.state.stage, (end - stay.staged_from).days] += 1
    assert {(s, d): n for s, days in found.items() for d, n in days.items()} == dict(wanted)


LAWS = (
    all_dimensions_cross_and_make_the_same_whole,
    ages_loads_and_reasons_make_the_whole_and_stays_are_those_of_the_histories,
    every_split_makes_the_whole_and_its_cells_are_their_rows,
    no_step_of_a_cohort_exceeds_the_one_before_and_each_opens_its_leads,
    the_bridge_closes_and_its_terms_open_their_leads,
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
    day, since, person = data.draw(days), data.draw(days), data.draw(st.sampled_from(PEOPLE))
    row, column = data.draw(st.permutations(list(Dimension)))[:2]
    with planted(places, told) as (session, known):
        for law in LAWS:
            law(Scene(session, places, known, person, day, since, row, column))
