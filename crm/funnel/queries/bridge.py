"""The changes between two days, alike ones together; and those of one term, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.rules.goals import Sum
from crm.funnel.queries.rows import Fold, with_leads
from crm.funnel.queries.scope import opened, seen, unhidden
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, in_pipeline, narrowing, of_day
from crm.funnel.rules.bridge import CITY, Bridge, Change, Place, Side, Term, bridge
from crm.funnel.rules.dimensions import Dimension, Key
from crm.leads.models import Lead, LeadState
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money

After = aliased(LeadState, name="after")
Before = aliased(LeadState, name="before")


@dataclass(frozen=True)
class Bridges:
    """The bridges of a span: of the whole, of each stage, of each district with anything in it."""

    whole: Bridge
    stages: dict[Stage, Bridge]
    districts: dict[Key, Bridge]


def bridges(session: Session, actor: Actor, asked: Asked, since: date) -> Bridges:
    """From the evening of `since` to the evening of the day asked about; three reads.

    A stage that the page is narrowed to narrows nothing here: each stage has its own bridge.
    """
    asked = without_stage(asked)
    changes = _changes(session, actor, asked, since)
    first = _pipeline(session, actor, replace(asked, on=since))
    last = _pipeline(session, actor, asked)
    stages = [stage for stage in Stage if stage is not Stage.SIGNED]
    places = {change.after.district for change in changes}
    places |= {one.before.district for one in changes if one.before}
    places |= {district for _stage, district in (*first, *last)}

    def of(place: Place) -> Bridge:
        return bridge(changes, _within(first, place), _within(last, place), place)

    return Bridges(
        of(CITY),
        {stage: of(Place(stage)) for stage in stages},
        {district: of(Place(district=(district,))) for district in places},
    )


def without_stage(asked: Asked) -> Asked:
    """The same, not narrowed to a stage."""
    only: dict[Dimension, Key] = {
        name: key for name, key in asked.only.items() if name is not Dimension.STAGE
    }
    return replace(asked, only=only, then=False)


Pipeline = dict[tuple[Stage, Key], Sum]


def _pipeline(session: Session, actor: Actor, asked: Asked) -> Pipeline:
    query = (
        select(LeadState.stage, LeadState.district_id, func.count(), fen(LeadState.amount))
        .where(*of_day(actor, asked), in_pipeline())
        .group_by(LeadState.stage, LeadState.district_id)
    )
    return {
        (stage, district): Sum(count, Money(amount))
        for stage, district, count, amount in session.execute(query)
    }


def _within(pipeline: Pipeline, place: Place) -> Sum:
    return sum(
        (
            told
            for (stage, district), told in pipeline.items()
            if place.stage in {None, stage}
            and (place.district is None or place.district[0] == district)
        ),
        Sum(),
    )


def _changes(session: Session, actor: Actor, asked: Asked, since: date) -> list[Change]:
    sides = [
        Before.stage, Before.standing, _flag(_counts(actor, asked, Before)), Before.district_id,
        After.stage, After.standing, _flag(_counts(actor, asked, After)), After.district_id,
    ]  # fmt: skip
    named: list[Any] = [one.label(f"side_{number}") for number, one in enumerate(sides)]
    inner = _joined(
        actor,
        asked,
        since,
        *named,
        cast(After.amount, BigInteger).label("amount"),
        cast(Before.amount, BigInteger).label("earlier"),
    ).subquery()
    columns = [inner.c[f"side_{number}"] for number in range(len(sides))]
    revised = inner.c.amount - func.coalesce(inner.c.earlier, inner.c.amount)
    how_many = func.count(case((revised != 0, 1)))
    told = [func.count(), fen(inner.c.amount), how_many, fen(revised)]
    query = select(*columns, *told).group_by(*columns)
    return [
        Change(
            None if b_stage is None else Side(b_stage, b_standing, bool(b_in), b_district),
            Side(a_stage, a_standing, bool(a_in), a_district),
            count,
            Money(amount),
            Sum(times, Money(more)),
        )
        for (
            b_stage, b_standing, b_in, b_district, a_stage, a_standing, a_in, a_district,
            count, amount, times, more,
        ) in session.execute(query)
    ]  # fmt: skip


def _joined(actor: Actor, asked: Asked, since: date, *columns: Any) -> Any:
    """States that began in the span beside the ones they followed, of leads counted at either."""
    counts = or_(_counts(actor, asked, After), _counts(actor, asked, Before))
    return (
        select(*columns)
        .select_from(After)
        .outerjoin(
            Before,
            and_(
                Before.lead_id == After.lead_id,
                Before.day_until == After.day_from,
                Before.current.expression,
            ),
        )
        .where(
            After.current.expression,
            After.day_from > since,
            After.day_from <= asked.on,
            unhidden(actor, After),
            counts,
        )
    )


def _counts(actor: Actor, asked: Asked, state: Any) -> ColumnElement[bool]:
    return and_(state.id.is_not(None), seen(actor, state), *narrowing(asked, state))


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 or 0, never NULL."""
    return case((condition, 1), else_=0)


# --- rows ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """A lead's change on a day: what it was, what it became."""

    before: LeadState | None
    after: LeadState
    lead: Lead


@dataclass(frozen=True)
class Turns:
    """A page of a term's changes; `whole` is the term, all pages and the folds make it."""

    whole: Sum
    rows: Page[Turn]
    folds: list[Fold]


def turns(
    session: Session,
    actor: Actor,
    asked: Asked,
    since: date,
    term: Term,
    place: Place,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Turns:
    """The changes of one term, the latest first; of revisions, the amount is the difference."""
    asked = without_stage(asked)
    fits = _of_term(actor, asked, term, place)
    worth = After.amount
    difference = cast(After.amount, BigInteger) - cast(Before.amount, BigInteger)
    amount = difference if term is Term.REVISED else cast(worth, BigInteger)
    query = _joined(actor, asked, since, After).where(fits, opened(actor, After))
    order = Sort(After.day_from.expression, After.id.expression, descending=True)
    found = turn(session, query, order, after=after, before=before, size=size)
    sums = _joined(actor, asked, since, func.count(), fen(amount)).where(fits)
    count, whole = session.execute(sums).one()
    hidden, rest = session.execute(sums.where(not_(opened(actor, After)))).one()
    folds = [Fold(None, Sum(hidden, Money(rest)))] if hidden else []
    earlier = _before(session, found.rows)
    rows = [
        Turn(earlier.get(state.id), state, lead) for state, lead in with_leads(session, found.rows)
    ]
    return Turns(Sum(count, Money(whole)), Page(rows, found.after, found.before), folds)


def _before(session: Session, states: list[LeadState]) -> dict[int, LeadState]:
    query = (
        select(After.id, Before)
        .join(
            Before,
            and_(
                Before.lead_id == After.lead_id,
                Before.day_until == After.day_from,
                Before.current.expression,
            ),
        )
        .where(After.id.in_([state.id for state in states]))
    )
    return dict(session.execute(query).all())


def _of_term(actor: Actor, asked: Asked, term: Term, place: Place) -> ColumnElement[bool]:
    """`rules.bridge.term_of` as a condition."""
    was = _flag(_inside(actor, asked, Before, place)) == 1
    becomes = _flag(_inside(actor, asked, After, place)) == 1
    if term is Term.REVISED:
        return and_(was, Before.amount != After.amount)
    back = or_(Before.standing == Standing.LOST, Before.stage == Stage.SIGNED)
    was_here = _flag(_here(actor, asked, Before, place)) == 1
    is_here = _flag(_here(actor, asked, After, place)) == 1
    entry = case(
        (Before.id.is_(None), Term.NEW.value),
        (back, Term.REOPENED.value),
        (Before.standing == Standing.ON_HOLD, Term.RESUMED.value),
        (was_here, Term.MOVED_IN.value),
        else_=Term.ARRIVED.value,
    )
    leaving = case(
        (After.standing == Standing.LOST, Term.LOST.value),
        (After.standing == Standing.ON_HOLD, Term.HELD.value),
        (After.stage == Stage.SIGNED, Term.SIGNED.value),
        (is_here, Term.MOVED_OUT.value),
        else_=Term.LEFT.value,
    )
    return or_(
        and_(not_(was), becomes, entry == term.value),
        and_(was, not_(becomes), leaving == term.value),
        false(),
    )


def _here(actor: Actor, asked: Asked, state: Any, place: Place) -> ColumnElement[bool]:
    found = _counts(actor, asked, state)
    if place.district is None:
        return found
    (district,) = place.district
    same = state.district_id.is_(None) if district is None else state.district_id == district
    return and_(found, same)


def _inside(actor: Actor, asked: Asked, state: Any, place: Place) -> ColumnElement[bool]:
    found = and_(in_pipeline(state), _here(actor, asked, state, place))
    return found if place.stage is None else and_(found, state.stage == place.stage)
