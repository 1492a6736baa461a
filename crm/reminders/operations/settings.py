"""How a person wants his letters, and what the house has set for all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.catalog.models import Setting
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind, take
from crm.reminders.models import LetterWishes
from crm.reminders.queries.people import POLICY
from crm.reminders.rules.schedule import Policy, Wishes


def set_wishes(
    session: Session, actor: Actor, wishes: Wishes, *, version: int | None, now: datetime
) -> LetterWishes:
    """Store one's own wishes.

    Args:
        version: of the row when the form was opened; 0 where there was none.
    """
    if actor.id is None:
        raise Missing
    row = session.scalar(
        select(LetterWishes).where(LetterWishes.person_id == actor.id).with_for_update()
    )
    if row is None:
        row = LetterWishes(person_id=actor.id, **asdict(wishes))
        record(session, actor, "letter_wishes.set", row, now=now, on=("person", actor.id))
        return row
    if version == 0:
        raise VersionBehind
    take(row, version)
    for name, value in asdict(wishes).items():
        setattr(row, name, value)
    record(session, actor, "letter_wishes.set", row, now=now, on=("person", actor.id))
    return row


def set_policy(
    session: Session, actor: Actor, policy: Policy, *, version: int | None, now: datetime
) -> Setting:
    """Store what holds for all; as `set_wishes`.

    Raises:
        Refused: a domain is none.
    """
    if not actor.may(Permission.MAIL_MANAGE):
        raise Forbidden
    for domain in policy.domains:
        if "@" in domain or "." not in domain or domain != domain.casefold():
            raise Refused(_("“%(name)s” is no mail domain.", name=domain), "domains")
    value = {**asdict(policy), "domains": list(policy.domains)}
    row = session.scalar(select(Setting).where(Setting.key == POLICY).with_for_update())
    if row is None:
        row = Setting(key=POLICY, value=value, version=1)
    else:
        if version == 0:
            raise VersionBehind
        take(row, version)
        row.value = value
    record(session, actor, "setting.changed", row, now=now)
    return row
