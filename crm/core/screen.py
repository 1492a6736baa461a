"""What templates can say: amounts, days, labels, addresses with a filter changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.core.clock import day_of
from crm.core.labels import Labels
from crm.core.languages import column
from crm.core.once import new_key
from crm.core.request import address_with, here
from crm.values import money, rate

FOREVER = date(9999, 12, 31)


def install(app: Flask, words: Labels) -> None:
    """Give the templates their filters and functions."""
    app.jinja_env.filters.update(
        money=money.show,
        exact=money.exact_yuan,
        rate=rate.shown,
        day=day,
        moment=moment,
        ago=ago,
        until=until,
        named=named,
        said=said,
    )
    app.jinja_env.globals.update(label=words, form_key=new_key, address_with=address_with)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def day(value: date | datetime | None) -> str:
    """2025-06-30; a moment gives its Shanghai day; nothing, or never, gives ''."""
    if isinstance(value, datetime):
        value = day_of(value)
    return "" if value is None or value == FOREVER else value.isoformat()


def moment(value: datetime | None) -> str:
    """2025-06-30 14:05 in Shanghai."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M")


def ago(value: date | None) -> str:
    """How many days since: 今天, 昨天, 12 天前."""
    if value is None or value == FOREVER:
        return ""
    days = (here.today - value).days
    if days < 0:
        return until(value)
    if days < 2:
        return str(_("yesterday") if days else _("today"))
    return str(ngettext("%(num)d day ago", "%(num)d days ago", days))


def until(value: date | None) -> str:
    """How long until a day, or how long overdue."""
    if value is None or value == FOREVER:
        return ""
    days = (value - here.today).days
    if days < 0:
        return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -days))
    if days < 2:
        return str(_("tomorrow") if days else _("today"))
    return str(ngettext("in %(num)d day", "in %(num)d days", days))


def said(sentence: str) -> str:
    """A sentence of the catalogue that was stored as its English, in the reader's language."""
    return str(_(sentence)) if sentence else ""


def named(row: Any) -> str:
    """A catalog row's name in the reader's language; the Chinese one where there is no other."""
    if row is None:
        return ""
    return str(getattr(row, column(), "") or row.name)
