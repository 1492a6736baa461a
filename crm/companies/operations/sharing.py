"""Who reads a firm because of a lead or project: called by those packages, which know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert
from sqlalchemy.orm import Session

from crm.companies.models import CompanyShare


def share(
    session: Session,
    *,
    company_id: int | None,
    via: tuple[str, int],
    units: Iterable[tuple[int, bool]] = (),
    people: Iterable[int] = (),
    lead_id: int | None = None,
) -> None:
    """Say who reads a firm because of one lead or project; replaces what that one said before.

    Args:
        company_id: None where the lead names no firm (any longer).
        via: ("lead", 42) or ("project", 7).
        units: (unit, confidential): its people and those above, or their managers only.
        people: owner and collaborators.
        lead_id: of a project, its lead: marked confidential later, it takes the units' right away.
    """
    kind, number = via
    connection = session.connection()
    connection.execute(_FORGET, {"kind": kind, "number": number})
    if company_id is None:
        return
    told = {"company_id": company_id, "via_kind": kind, "via_id": number, "lead_id": lead_id}
    rows = [
        told | {"unit_id": unit_id, "confidential": secret, "person_id": None}
        for unit_id, secret in sorted(set(units))
    ]
    rows += [
        told | {"unit_id": None, "confidential": False, "person_id": person_id}
        for person_id in sorted(set(people))
    ]
    if rows:
        connection.execute(insert(_SHARES), rows)


_SHARES = cast(Table, CompanyShare.__table__)
_FORGET = delete(_SHARES).where(
    _SHARES.c.via_kind == bindparam("kind"), _SHARES.c.via_id == bindparam("number")
)
