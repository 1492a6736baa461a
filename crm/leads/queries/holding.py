"""Conditions on a lead by its first report: for lists, for the agenda, for the duplicate hint."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select

from crm.claims.models import Protection
from crm.leads.models import Lead
from crm.leads.rules.kinds import Stage, Standing


def holds(today: date) -> ColumnElement[bool]:
    """Leads whose first report holds on a day, reserved or protected."""
    return and_(in_hand(), exists().where(_of_lead(today)))


def lapsing(today: date) -> ColumnElement[bool]:
    """Leads whose first report still holds and of whose end the holder is warned."""
    return and_(in_hand(), exists().where(_of_lead(today), Protection.warn_from <= today))


def held_until(today: date) -> ScalarSelect[Any]:
    """The last day of the first report that a lead holds; NULL if it holds none."""
    return (
        select(func.max(Protection.holds_until))
        .where(_of_lead(today), in_hand())
        .correlate(Lead)
        .scalar_subquery()
    )


def same_firm() -> ColumnElement[bool]:
    """A first report that was not ended, and the firm that its lead names still."""
    return and_(Protection.ending.is_(None), Protection.company_id == Lead.company_id)


def in_hand() -> ColumnElement[bool]:
    """Neither lost nor signed; a lead on hold is still somebody's.

    A lost lead protects nothing, and of a signed one there is nothing left to negotiate.
    """
    return and_(Lead.standing != Standing.LOST, Lead.stage != Stage.SIGNED)


def _of_lead(today: date) -> ColumnElement[bool]:
    return and_(Protection.lead_id == Lead.id, same_firm(), Protection.holds_until >= today)
