"""Letters in words: subjects, greetings, why a line stands there. Spoken in the language that is set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from crm.agenda.labels import WORDS as AGENDA
from crm.agenda.queries.awaits import Awaits
from crm.agenda.rules import Kind, Line, Source
from crm.counting.rules.goals import Comparator, Progress, Sum
from crm.goals.labels import UNITS
from crm.goals.queries.board import TrackState
from crm.goals.rules import shown
from crm.goals.rules.tracks import Track
from crm.leads.labels import WORDS as LEADS
from crm.leads.rules.kinds import Stage
from crm.notices.rules import LetterKind
from crm.projects.labels import DEMAND_WORDS
from crm.reminders.letters.content import Behind, Content, Load, Shape
from crm.reminders.queries.city import Move
from crm.reminders.rules.parts import RED, SECTIONS, Told

LOUD = 2
"""From this week on a line says for how many it has stood there."""


def subject(content: Content) -> str:
    """第47周 · 3 项逾期 · 5 条沉默线索."""
    week = _("Week %(week)s", week=content.week.week)
    if content.kind is LetterKind.FRIDAY:
        told = [_("before the weekend"), _planned(content.counts[Kind.WEEK])]
    elif content.kind is LetterKind.DAILY:
        days = (Kind.OVERDUE, _late), (Kind.TODAY, _today)
        told = [say(content.counts[kind]) for kind, say in days if content.counts[kind]]
        return " · ".join([day_of_year(content.today), *told])
    elif content.shape is Shape.LEADER and content.board is not None:
        told = [_goal(track) for track in content.board.tracks]
    else:
        kinds = ((Kind.OVERDUE, _late), (Kind.SILENT, _silent))
        told = [say(content.counts[kind]) for kind, say in kinds if content.counts[kind]]
    return " · ".join([week, *(told or [_("nothing is late")])])


def _late(count: int) -> str:
    return str(ngettext("%(num)d overdue", "%(num)d overdue", count))


def _silent(count: int) -> str:
    return str(ngettext("%(num)d silent lead", "%(num)d silent leads", count))


def _today(count: int) -> str:
    return str(ngettext("%(num)d for today", "%(num)d for today", count))


def _planned(count: int) -> str:
    return str(ngettext("%(num)d still planned", "%(num)d still planned", count))


def _goal(track: TrackState) -> str:
    name = _("started") if track.track is Track.STARTS else _("in place")
    told = figure(track)
    return f"{name} {_with(told.done, told.unit)}"


def greeting(content: Content) -> str:
    """张三，您好."""
    return str(_("Hello %(name)s,", name=content.name))


def box_title(content: Content) -> str:
    """先办这几件; of a short letter what it is about."""
    if content.kind is LetterKind.FRIDAY:
        return str(_("Red on Monday unless logged"))
    return str(
        _("Late, and for today") if content.kind is LetterKind.DAILY else _("Do these first")
    )


def counts(content: Content) -> list[tuple[str, bool]]:
    """The counters that say something, and whether each is bad news."""
    said: tuple[tuple[Kind, Callable[[int], str], bool], ...] = (
        (Kind.OVERDUE, _late, True),
        (Kind.TODAY, _today, False),
        (Kind.SILENT, _silent, True),
        (Kind.EVIDENCE, _owed, False),
        (Kind.WEEK, _this_week, False),
    )
    return [(say(content.counts[kind]), bad) for kind, say, bad in said if content.counts[kind]]


def nothing(content: Content) -> str:
    """What is said where no counter says anything."""
    return str(_("Nothing is late and nothing is planned."))


def _owed(count: int) -> str:
    return str(ngettext("%(num)d paper owed", "%(num)d papers owed", count))


def _this_week(count: int) -> str:
    return str(ngettext("%(num)d this week", "%(num)d this week", count))


def act(line: Line) -> str:
    """What the second link of a line does: 记跟进, 补佐证, 更正."""
    if line.source is Source.PAPER:
        return str(_("Give evidence"))
    if line.source is Source.PROBLEM:
        return str(_("Write down an answer"))
    return str(_("Correct") if line.source is Source.RECEIPT else _("Log now"))


@dataclass(frozen=True)
class Figure:
    """A goal in a letter; target and course "" without one. filled: hundredths of the bar."""

    done: str
    unit: str
    target: str = ""
    course: str = ""
    filled: int = 0


def figure(track: TrackState) -> Figure:
    """The counted figure, the target, how it stands to the schedule and what is needed a month."""
    stands = track.progress
    if stands is None:
        told = shown.amount(track.track, track.done)
        return Figure(told.text, _unit(told.unit))
    told = shown.amount(track.track, track.done, [stands.target])
    target = shown.amount(track.track, stands.target)
    course = [
        str(_("done %(rate)s", rate=shown.completion(stands))),
        str(_("schedule %(rate)s", rate=shown.schedule(stands))),
        gap(stands),
    ]
    if track.reached:
        course.append(str(_("goal reached")))
    elif track.binding is not None and track.binding.per_month is not None:
        needed = shown.amount(track.track, track.binding.per_month)
        course.append(
            str(_("%(amount)s needed a month", amount=_with(needed.text, _unit(needed.unit))))
        )
    sign = ">" if track.goal is not None and track.goal.comparator is Comparator.MORE else "≥"
    return Figure(
        told.text,
        _unit(told.unit),
        f"{sign} {target.text} {_unit(target.unit)}",
        " · ".join(course),
        min(100, int(100 * track.done // stands.target)) if stands.target else 100,
    )


def gap(progress: Progress) -> str:
    """-8.33 个百分点."""
    return str(_("%(gap)s points", gap=shown.gap(progress)))


def done_of(one: Behind) -> str:
    """新开工 · 完成 41.67%."""
    names = {Track.STARTS: _("New starts"), Track.FUNDS: _("Funds in place")}
    rate = shown.completion(one.state.progress)
    return f"{names[one.track.track]} · {_('done %(rate)s', rate=rate)}"


def _with(number: str, unit: str) -> str:
    """600.00亿元; in English with a blank between."""
    return str(_("%(number)s %(unit)s", number=number, unit=unit))


def _unit(unit: str) -> str:
    return str(UNITS.get(unit, unit))


def awaiting(found: Awaits) -> list[tuple[str, int, str, str]]:
    """What waits for a judgement: name, how many, how much, the list; empty piles are left out."""
    piles = (
        (_("Money to review"), found.review, "receipts.index", {"queue": "review"}),
        (_("Money to confirm"), found.confirm, "receipts.index", {"queue": "confirm"}),
        (
            _("Starts to recognise"),
            found.recognise,
            "projects.index",
            {"progress": "start_reported"},
        ),
    )
    return [
        (str(name), pile.count, _money(pile), url_for(endpoint, _external=True, **told))
        for name, pile, endpoint, told in piles
        if pile is not None and pile.count
    ]


def _money(pile: Sum) -> str:
    told = shown.money(pile.amount)
    return _with(told.text, _unit(told.unit))


def load(one: Load) -> str:
    """2 项逾期 · 1 条沉默线索."""
    said = ((Kind.OVERDUE, _late), (Kind.SILENT, _silent), (Kind.LIMIT, _too_long))
    told = [say(one.counts[kind]) for kind, say in said if one.counts[kind]]
    return " · ".join(told) or str(_("others"))


def _too_long(count: int) -> str:
    return str(ngettext("%(num)d past a limit", "%(num)d past a limit", count))


def moved(moves: Counter[Move]) -> str:
    """What moved in the week before."""
    said = {
        Move.ENTERED: ngettext("%(num)d new lead", "%(num)d new leads", moves[Move.ENTERED]),
        Move.FORWARD: ngettext("%(num)d moved on", "%(num)d moved on", moves[Move.FORWARD]),
        Move.SIGNED: ngettext("%(num)d signed", "%(num)d signed", moves[Move.SIGNED]),
        Move.LOST: ngettext("%(num)d lost", "%(num)d lost", moves[Move.LOST]),
    }
    return " · ".join(str(text) for move, text in said.items() if moves[move]) or str(
        _("Nothing moved among the leads of the unit.")
    )


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
    return str(_("week %(num)s here", num=told.weeks)) if told.weeks >= LOUD else ""


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
