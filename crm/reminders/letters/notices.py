"""Notices at once: what was handed to somebody, what was returned to him."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.agenda.queries.many import readers
from crm.core.clock import SHANGHAI
from crm.notices.operations.outbox import LetterDraft
from crm.notices.rules import LetterKind
from crm.reminders.letters import dress
from crm.reminders.letters.composing import NO_ADDRESS
from crm.reminders.letters.paper import address, speaking
from crm.reminders.operations.letters import Composed
from crm.reminders.queries import people
from crm.reminders.queries.happenings import Item, News, What, news
from crm.reminders.queries.people import Recipient
from crm.reminders.rules.parts import IN_SECTION
from crm.reminders.rules.schedule import Policy


def notices(session: Session, now: datetime, base_url: str) -> Iterator[Composed]:
    """What has not been told yet, by slot."""
    now = now.astimezone(SHANGHAI)
    policy = people.policy(session).policy
    if not policy.on:
        return
    known = {one.id: one for one in people.recipients(session) if not one.wishes.paused(now.date())}
    found = news(session, readers(session, [one.actor for one in known.values()]), now)
    have = people.written(session, {one.slot for one in found}) if found else set()
    for one in sorted(found, key=lambda one: (one.slot, one.person_id)):
        if (one.person_id, LetterKind.NOTICE, one.slot) not in have:
            yield Composed(_draft(known[one.person_id], one, policy, base_url), {})


def _draft(to: Recipient, one: News, policy: Policy, base_url: str) -> LetterDraft:
    if not to.email:
        return LetterDraft(to.id, LetterKind.NOTICE, one.slot, "", skipped=NO_ADDRESS)
    with speaking(to.language, base_url) as app:
        shown = [] if policy.plain(to.email) else one.items[:IN_SECTION]
        subject = _subject(one)
        told = {
            "css": dress.css,
            "style_head": dress.head(),
            "language": to.language,
            "subject": subject,
            "hello": str(_("Hello %(name)s,", name=to.name)),
            "by": str(_("by %(names)s", names=_(", ").join(sorted(one.by)))),
            "items": [(_title(item), _url(one.what, item)) for item in shown],
            "rest": len(one.items) - len(shown),
            "desk": address("home.index"),
            "settings": address("letters.mine"),
        }
        text = app.jinja_env.get_template("_letters/notice.txt").render(told)
        html = app.jinja_env.get_template("_letters/notice.html").render(told)
    return LetterDraft(to.id, LetterKind.NOTICE, one.slot, to.email, subject, text, html)


def _subject(one: News) -> str:
    count = len(one.items)
    if one.what is What.GIVEN:
        return str(ngettext("%(num)d lead is yours now", "%(num)d leads are yours now", count))
    return str(ngettext("%(num)d receipt was returned", "%(num)d receipts were returned", count))


def _title(item: Item) -> str:
    return item.number if item.ground.secret else f"{item.number} · {item.title}"


def _url(what: What, item: Item) -> str:
    if what is What.GIVEN:
        return address("leads.lead", lead_id=item.id)
    return address("receipts.receipt", receipt_id=item.id)
