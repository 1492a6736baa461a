"""A line of a letter in words: what it is of, why it stands there, for how many weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from crm.agenda.labels import WORDS as AGENDA
from crm.agenda.rules import Kind, Line, Source
from crm.leads.labels import WORDS as LEADS
from crm.leads.rules.kinds import Stage
from crm.meeting.models import Decision
from crm.projects.labels import DEMAND_WORDS
from crm.reminders.rules.parts import RED, SECTIONS, Told, weeks_since

LOUD = 2
"""From this week on a line says for how many it has stood there."""


def act(line: Line) -> str:
    """What the second link of a line does: 记跟进, 补佐证, 更正."""
    if line.source is Source.PAPER:
        return str(_("Give evidence"))
    if line.source is Source.PROBLEM:
        return str(_("Write down an answer"))
    return str(_("Correct") if line.source is Source.RECEIPT else _("Log now"))


def title(line: Line) -> str:
    """What a line is of; a confidential one by its number alone."""
    if line.confidential:
        return line.number
    if line.source is Source.RECEIPT:
        return f"{line.number} · {line.title}"
    return line.title


def details(told: Told, manager: bool) -> list[str]:
    """What stands beneath the title, in order: what is asked, the stage, with whom."""
    line, found = told.line, []
    if not line.confidential:
        if line.source is Source.PAPER:
            found.append(str(DEMAND_WORDS[line.what]))
        elif line.source is not Source.RECEIPT and line.what and told.kind is not Kind.NO_STEP:
            found.append(line.what)
        if isinstance(line.stage, Stage):
            found.append(str(LEADS[Stage][line.stage]))
    if manager:
        found.append(line.owner)
    return found


def why(told: Told) -> str:
    """Why it stands there, with the days: 逾期 3 天, 12 天未联系."""
    say = _WHY.get(told.kind)
    return str(AGENDA[Kind][told.kind]) if say is None else say(told)


def whys(told: Told) -> list[str]:
    """All reasons that are bad news, the section's first."""
    others = [
        replace(told, kind=kind, days=told.days_of(kind))
        for kind in SECTIONS
        if kind in RED & told.line.since.keys() and kind is not told.kind
    ]
    return [why(one) for one in (told, *others)]


def day_of_year(day: date) -> str:
    """11月25日周三."""
    locale = get_locale()
    return str(format_skeleton("MMMEd", day, locale=locale))


def weeks(told: Told) -> str:
    """第 3 周; nothing in its first."""
    return _weeks(told.weeks)


def _weeks(count: int) -> str:
    return str(_("week %(num)s here", num=count)) if count >= LOUD else ""


def due_of(decision: Decision, today: date) -> str:
    """By when a decision is to be carried out; how late it is."""
    late = (today - decision.due_on).days
    if late > 0:
        return str(ngettext("%(num)d day overdue", "%(num)d days overdue", late))
    return str(_("to do by %(day)s", day=day_of_year(decision.due_on)))


def since_of(decision: Decision, today: date) -> list[str]:
    """When it was decided, and for how many weeks it has stood in letters."""
    told = str(_("decided on %(day)s", day=day_of_year(decision.decided_on)))
    return [told, *filter(None, [_weeks(weeks_since(decision.decided_on, today))])]


def urgent(told: Told) -> bool:
    """Whether it is told in red."""
    late = told.kind is Kind.EVIDENCE and told.days > 0
    return late or told.kind in (
        Kind.OVERDUE,
        Kind.SILENT,
        Kind.LIMIT,
        Kind.UNSTARTED,
        Kind.LAPSING,
        Kind.RETURNED,
    )


def _days_late(told: Told) -> str:
    return str(ngettext("%(num)d day overdue", "%(num)d days overdue", told.days))


def _due(told: Told) -> str:
    if told.days > 0:
        return _days_late(told)
    return str(_("by %(day)s", day=day_of_year(told.line.since[told.kind])))


def _on(told: Told) -> str:
    return day_of_year(told.line.since[told.kind])


_WHY: dict[Kind, Callable[[Told], str]] = {
    Kind.OVERDUE: _days_late,
    Kind.TODAY: _on,
    Kind.WEEK: _on,
    Kind.EVIDENCE: _due,
    Kind.SILENT: lambda told: str(
        ngettext("%(num)d day without contact", "%(num)d days without contact", told.days)
    ),
    Kind.LIMIT: lambda told: str(
        ngettext("%(num)d day in this stage", "%(num)d days in this stage", told.days)
    ),
    Kind.UNSTARTED: lambda told: str(
        ngettext("%(num)d day past its start", "%(num)d days past its start", told.days)
    ),
    Kind.LAPSING: lambda told: str(
        ngettext("first report: %(num)d day left", "first report: %(num)d days left", -told.days)
        if told.days
        else _("first report: last day")
    ),
    Kind.RETURNED: lambda told: str(
        ngettext("returned %(num)d day ago", "returned %(num)d days ago", told.days)
        if told.days
        else _("returned today")
    ),
}
