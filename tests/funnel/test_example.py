"""Twelve leads written out by hand, and every figure of them reckoned by hand.

The month asked about is April 2025, from the evening of 31 March to the evening of 30 April; amounts in 亿.

    A  signed by every stage          G  signed with stages skipped (into two projects it is still one lead)
    B  handed to 青山区 on 7 April     H  lost on 22 April
    C  revised twice, 2 → 3 → 4       I  gone back a stage
    D  a move told late               J  lost and reopened on one day
    E  on hold, revised meanwhile     K  confidential, of 青山区
    F  lost, then reopened            L  without district and amount
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from crm.companies.rules import Position
from crm.counting.rules.goals import Sum
from crm.funnel.queries.bridge import bridges, turns
from crm.funnel.queries.cohorts import days_of_steps, entered
from crm.funnel.queries.matrix import Crossing, cells
from crm.funnel.queries.pace import loads, stays
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.standing import levels
from crm.funnel.queries.states import Asked
from crm.funnel.rules.bridge import CITY, Term
from crm.funnel.rules.cohorts import Cohort, Fate, together
from crm.funnel.rules.days import quartiles
from crm.funnel.rules.dimensions import Dimension
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from crm.values.period import Month, Quarter
from tests.factories.city import City
from tests.funnel.histories import Places, Story, Told, planted

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
LOST, HELD, OPEN = Standing.LOST, Standing.ON_HOLD, Standing.OPEN


def story(month: int, day: int, yi: int, *later: tuple[int, int, Told], **first: Any) -> Story:
    """A lead of 昆区一科 in 昆都仑区 unless told otherwise."""
    told: Told = {
        "stage": Stage.IDENTIFIED,
        "standing": OPEN,
        "amount": Money.yi(yi),
        "district": "昆都仑区",
        "place": "kunqu_officer",
        "position": None,
        "model": None,
    }
    secret = first.pop("confidential", False)
    events = tuple((date(2025, m, d), change) for m, d, change in later)
    return Story(date(2025, month, day), told | first, events, secret)


def at(stage: Stage) -> Told:
    return {"stage": stage}


def is_(standing: Standing) -> Told:
    return {"standing": standing}


def worth(yi: int) -> Told:
    return {"amount": Money.yi(yi)}


CONTACTED, NEGOTIATING = at(Stage.CONTACTED), at(Stage.NEGOTIATING)
DRAFTED, SIGNED = at(Stage.DRAFTED), at(Stage.SIGNED)

STORIES = {
    "A": story(
        3, 3, 10, (3, 10, CONTACTED), (3, 24, NEGOTIATING), (4, 14, DRAFTED), (4, 28, SIGNED),
        position=Position.LEADER, model="head_firm",
    ),
    "B": story(
        3, 5, 5, (3, 12, CONTACTED), (4, 7, {"place": "qingshan_officer", "district": "青山区"})
    ),
    "C": story(
        3, 6, 2, (3, 17, CONTACTED), (3, 20, worth(3)), (4, 10, worth(4)),
        position=Position.SUPPORTING, model="chain",
    ),
    "D": story(3, 10, 1, (4, 20, NEGOTIATING), (3, 20, CONTACTED)),
    "E": story(
        3, 11, 6, (3, 13, CONTACTED), (3, 25, is_(HELD)), (4, 1, worth(8)), (4, 15, is_(OPEN))
    ),
    "F": story(3, 12, 3, (3, 28, is_(LOST)), (4, 11, is_(OPEN))),
    "G": story(3, 14, 20, (4, 21, SIGNED)),
    "H": story(3, 17, 4, (3, 19, CONTACTED), (4, 22, is_(LOST))),
    "I": story(3, 18, 2, (3, 21, CONTACTED), (4, 2, NEGOTIATING), (4, 16, CONTACTED)),
    "J": story(4, 1, 1, (4, 8, is_(LOST)), (4, 8, is_(OPEN))),
    "K": story(
        4, 3, 30, place="qingshan_officer", district="青山区", position=Position.LEADER,
        model="head_firm", confidential=True,
    ),
    "L": story(4, 24, 0, place="kunqu_second", district=None),
}  # fmt: skip


def yi(count: int, amount: int) -> Sum:
    return Sum(count, Money.yi(amount))


def test_every_figure_of_twelve_leads_is_what_the_hand_reckons(city: City) -> None:
    places = Places(city)
    with planted(places, list(STORIES.values())) as (session, known):
        names = dict(zip((one.lead_id for one in known), STORIES, strict=True))
        manager, asked = places.actors["city_manager"], Asked(APRIL)

        # the day: nine in hand; F, J and K are over 15 working days in their first stage
        day = levels(session, manager, asked, deadlines(session, APRIL))
        assert day[Stage.IDENTIFIED].in_hand == yi(4, 34)  # F J K L
        assert day[Stage.IDENTIFIED].stuck == yi(3, 34)
        assert day[Stage.CONTACTED].in_hand == yi(4, 19)  # B C E I
        assert day[Stage.CONTACTED].lost == yi(1, 4)  # H
        assert day[Stage.NEGOTIATING].in_hand == yi(1, 1)  # D
        assert day[Stage.SIGNED].in_hand == yi(2, 30)  # A G
        before = levels(session, manager, Asked(MARCH), deadlines(session, MARCH))
        assert before[Stage.CONTACTED].in_hand == yi(5, 15)  # B C D H I: D's move was told late
        assert before[Stage.CONTACTED].on_hold == yi(1, 6)  # E

        # the bridge over April, for the city
        found = bridges(session, manager, asked, MARCH)
        city_terms = {
            Term.NEW: yi(3, 31),  # J K L
            Term.REOPENED: yi(1, 3),  # F
            Term.RESUMED: yi(1, 8),  # E, at what it is worth now
            Term.LOST: yi(1, 4),  # H
            Term.HELD: Sum(),
            Term.SIGNED: yi(2, 30),  # A G
            Term.REVISED: yi(1, 1),  # C
            Term.ARRIVED: Sum(),
            Term.LEFT: Sum(),
        }
        assert (found.whole.opening, found.whole.closing) == (yi(7, 45), yi(9, 54))
        assert found.whole.terms == city_terms
        assert found.whole.closes
        contacted = found.stages[Stage.CONTACTED]
        assert contacted.terms[Term.MOVED_IN] == yi(1, 2)  # I came back
        assert contacted.terms[Term.MOVED_OUT] == yi(2, 3)  # D, and I before
        assert (contacted.opening, contacted.closing) == (yi(5, 15), yi(4, 19))
        west, east = (found.districts[places.districts[name]] for name in ("昆都仑区", "青山区"))
        assert west.terms[Term.LEFT] == east.terms[Term.ARRIVED] == yi(1, 5)  # B
        assert found.districts[None].closing == yi(1, 0)  # L

        # and for 昆都仑区's manager, who may not open B any more and never hears of K
        kunqu = places.actors["kunqu_manager"]
        own = bridges(session, kunqu, asked, MARCH).whole
        assert own.terms == city_terms | {Term.NEW: yi(2, 1), Term.LEFT: yi(1, 5)}
        assert (own.opening, own.closing) == (yi(7, 45), yi(7, 19))
        left = turns(session, kunqu, asked, MARCH, Term.LEFT, CITY)
        assert (left.rows.rows, [fold.sum for fold in left.folds]) == ([], [yi(1, 5)])

        # the cohort of March: I reached negotiating though it went back, G every stage though skipped
        days = entered(session, manager, asked, date(2025, 3, 1))
        march = together(days, Month(2025, 3))
        reached = {
            Stage.CONTACTED: 8,
            Stage.NEGOTIATING: 4,
            Stage.DRAFTED: 2,
            Stage.SIGNED: 2,
        }
        assert march.entered == 9
        assert {stage: march.at(stage) for stage in reached} == reached
        assert {fate: n for fate, n in march.fates.items() if n} == {
            Fate.OPEN: 6,
            Fate.LOST: 1,
            Fate.SIGNED: 2,
        }
        april = together(days, Month(2025, 4))
        assert (april.entered, april.at(Stage.CONTACTED)) == (3, 0)
        assert together(days, Quarter(2025, 3)) == Cohort()
        steps = days_of_steps(session, manager, asked, Month(2025, 3))
        assert steps[None] == {56: 1, 38: 1}  # A, G
        whole = quartiles(steps[None])
        assert whole is not None
        assert (whole.lower, whole.median, whole.upper) == (Fraction(85, 2), 47, Fraction(103, 2))

        # stays that ended in April; the month on hold of E is in none
        assert stays(session, manager, asked, date(2025, 4, 1)) == {
            Stage.IDENTIFIED: {38: 1},  # G
            Stage.CONTACTED: {31: 1, 12: 1},  # D, I
            Stage.NEGOTIATING: {21: 1, 14: 1},  # A, I
            Stage.DRAFTED: {14: 1},  # A
        }
        held = next(
            row
            for row in behind(session, manager, Wanted(asked)).rows.rows
            if names[row.lead.id] == "E"
        )
        assert held.state.staged_from == date(2025, 4, 3)  # 13 March and 21 days on hold

        # the matrix
        crossing = Crossing(asked, Dimension.MODEL, Dimension.POSITION, date(2025, 3, 1))
        told = cells(session, manager, crossing)
        head, chain = places.models["head_firm"], places.models["chain"]
        assert {place: (c.in_hand, c.signed, c.entered) for place, c in told.items()} == {
            (head, Position.LEADER): (yi(1, 30), 1, 2),
            (chain, Position.SUPPORTING): (yi(1, 4), 0, 1),
            (None, None): (yi(7, 20), 1, 9),
        }
        carried = loads(session, manager, asked, APRIL)
        owners = {name: carried[number].in_hand for name, (number, _unit) in places.people.items()}
        assert owners == {
            "kunqu_officer": yi(6, 19),
            "kunqu_second": yi(1, 0),
            "qingshan_officer": yi(2, 35),
        }
        lost = behind(session, manager, Wanted(asked, Of.LOST))
        assert [names[row.lead.id] for row in lost.rows.rows] == ["H"]


def test_revisions_are_the_leads_revised_though_they_cancel_out_or_others_change_beside_them(
    city: City,
) -> None:
    places = Places(city)
    told = [
        story(3, 3, 2, (4, 10, worth(3))),
        story(3, 3, 5, (4, 11, worth(4))),
        story(3, 3, 7, (4, 12, {"position": Position.LEADER})),
    ]
    with planted(places, told) as (session, _known):
        manager, asked = places.actors["city_manager"], Asked(APRIL)
        found = bridges(session, manager, asked, MARCH).whole
        rows = turns(session, manager, asked, MARCH, Term.REVISED, CITY)
        assert found.terms[Term.REVISED] == rows.whole == Sum(2, Money(0))
        assert found.closes
