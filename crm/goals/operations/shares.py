"""Sharing a project between districts for assessment; the city's totals are not touched by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record_values
from crm.catalog.models import District
from crm.catalog.rules import DistrictKind
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Refused
from crm.core.versions import take
from crm.goals.models import AssessmentShare
from crm.goals.queries.shares import shares_of, shares_projects
from crm.goals.rules.shares import MOST, percent, short_of_all
from crm.projects.models import Project
from crm.projects.queries.scope import locked_to_supervise

FIELD = "share_1"
"""Where the form says what is wrong with the shares together."""


def divide(
    session: Session,
    actor: Actor,
    project_id: int,
    shares: Mapping[int, int],
    *,
    version: int | None,
    now: datetime,
) -> Project:
    """Share a project between districts, in hundredths of a per cent; {}: whole, where it lands.

    Raises:
        Missing, Forbidden: not for this actor.
        Refused: shares that do not make 100 %, of one district alone, or of too many.
    """
    project = locked_to_supervise(session, actor, project_id, Permission.PROJECT_CORRECT)
    if not shares_projects(session, actor):
        raise Forbidden
    take(project, version)
    rows = session.execute(
        select(District.id, District.name).where(District.kind != DistrictKind.CITY)
    )
    names = {row.id: row.name for row in rows}
    _check(shares, names)
    before = shares_of(session, project_id)
    session.execute(delete(AssessmentShare).where(AssessmentShare.project_id == project_id))
    session.add_all(
        AssessmentShare(project_id=project_id, district_id=district, share=part)
        for district, part in shares.items()
    )
    session.flush()
    told = [
        {"shares": [f"{names[district]} {percent(part)}%" for district, part in one.items()]}
        for one in (before, shares)
    ]
    record_values(session, actor, "project.shared", project, now=now, before=told[0], after=told[1])
    return project


def _check(shares: Mapping[int, int], names: Mapping[int, str]) -> None:
    if not shares:
        return
    if set(shares) - set(names) or len(shares) > MOST:
        raise Refused(_("Choose up to %(num)s districts.", num=str(MOST)))
    if len(shares) < 2 or any(part <= 0 for part in shares.values()):
        raise Refused(
            _("A project is shared by two districts or more, each with a share of its own."), FIELD
        )
    if short := short_of_all(shares.values()):
        if short > 0:
            raise Refused(
                _("The shares are %(amount)s%% short of 100%%.", amount=percent(short)), FIELD
            )
        raise Refused(
            _("The shares are %(amount)s%% more than 100%%.", amount=percent(-short)), FIELD
        )
