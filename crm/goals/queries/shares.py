"""Shares of projects, and what districts have for assessment by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crm.accounts.queries import at_bureau
from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.counting.models import StandingRow
from crm.counting.queries import figures
from crm.counting.rules.goals import Number
from crm.goals.models import AssessmentShare
from crm.goals.rules import shares as rules
from crm.goals.rules.shares import Credited
from crm.goals.rules.tracks import Track, counted


def shares_of(session: Session, project_id: int) -> dict[int, int]:
    """District → share of one project, the largest first; {} where it is whole."""
    rows = session.execute(
        select(AssessmentShare.district_id, AssessmentShare.share)
        .where(AssessmentShare.project_id == project_id)
        .order_by(AssessmentShare.share.desc(), AssessmentShare.id)
    )
    return {row.district_id: row.share for row in rows}


def shares_projects(session: Session, actor: Actor) -> bool:
    """Whether he shares projects between districts: at the bureau, who corrects projects."""
    return actor.may(Permission.PROJECT_CORRECT) and at_bureau(session, actor)


def assessed(
    session: Session, track: Track, done: Mapping[int, int], *, year: int, on: date
) -> dict[int, Number] | None:
    """What each district has counted for assessment on a day; None while nothing is shared."""
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    query = select(
        AssessmentShare.project_id, AssessmentShare.district_id, AssessmentShare.share
    ).order_by(AssessmentShare.project_id, AssessmentShare.district_id)
    for project, district, share in session.execute(query):
        shares[project][district] = share
    if not shares:
        return None
    rows = figures.rows_of(counted(track), year=year, on=on).where(
        StandingRow.project_id.in_(select(AssessmentShare.project_id))
    )
    table = rows.subquery()
    amount = func.count() if track is Track.STARTS else func.sum(table.c.amount)
    found = session.execute(
        select(table.c.project_id, table.c.district_id, cast(amount, BigInteger))
        .group_by(table.c.project_id, table.c.district_id)
        .order_by(table.c.project_id)
    )
    credited = [Credited(*row) for row in found]
    return rules.assessed(done, credited, shares, whole=track is Track.FUNDS)
