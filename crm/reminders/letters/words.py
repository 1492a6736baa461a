"""Letters in words: subjects, greetings, counts, goals. Spoken in the language that is set.

What is said of a single line stands in `reasons`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.agenda.queries.awaits import Awaits
from crm.agenda.rules import Kind
from crm.counting.rules.goals import Comparator, Progress, Sum
from crm.goals.labels import UNITS
from crm.goals.queries.board import TrackState
from crm.goals.rules import shown
from crm.goals.rules.tracks import Track
from crm.notices.rules import LetterKind
from crm.reminders.letters.content import Behind, Content, Load, Shape
from crm.reminders.letters.reasons import day_of_year
from crm.reminders.queries.city import Move


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
