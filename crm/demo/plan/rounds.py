"""The rounds that reports go: officers' sheets about the month's end, two reviews, one confirmation a month.

Everything is planned with its day, so that the rounds' sizes are known before anything is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from crm.demo.plan.days import Days, dice
from crm.demo.plan.stories import Line, ProjectPlan, Way
from crm.demo.plan.words import weighed
from crm.values.period import BookingMonth

WAYS = (
    (Way.PLAIN, 860),
    (Way.LATE, 40),
    (Way.RETURNED, 45),
    (Way.RETURNED_BY_CITY, 12),
    (Way.WITHDRAWN, 6),
    (Way.REVERSED, 10),
    (Way.OWED, 27),
)
"""How often a report goes how."""

CLOSES_AFTER, YEAR_CLOSES = 5, 15
"""Working days after which a month closes; the January day on which the year before does."""

DECEMBER = 12


class Rounds:
    """The days of one booking month.

    Attributes:
        sheets: on which the officers report what has arrived, each his projects together.
        middle, review: on which the districts review. confirm: on which the city confirms.
    """

    def __init__(self, days: Days, month: BookingMonth) -> None:
        self.last = month.last_day
        self.middle = days.on(month.last_day - timedelta(days=9))
        self.sheets = (days.add(self.middle, -1), days.upto(self.last), days.add(self.last, 1))
        self.year_closes = date(month.year + 1, 1, YEAR_CLOSES)
        if month.month == DECEMBER:
            self.closes = self.year_closes
            self.review, self.confirm = days.add(self.last, 4), days.add(self.last, 6)
        else:
            self.closes = days.add(self.last, CLOSES_AFTER)
            self.review, self.confirm = days.add(self.last, 3), days.add(self.last, 4)


def put_through(days: Days, project: ProjectPlan, lines: list[Line]) -> None:
    """Give every line its days; a reversed one gets a line that replaces it."""
    by_month: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        by_month[line.month].append(line)
    for first, found in sorted(by_month.items()):
        rounds = Rounds(days, BookingMonth.of(first))
        chance = dice("round", project.key, first)
        way = weighed(chance, WAYS)
        lines += _put(days, rounds, chance, way, found)


def _put(days: Days, rounds: Rounds, chance: Random, way: Way, lines: Sequence[Line]) -> list[Line]:
    arrived = max(line.arrived for line in lines)
    reported = chance.choice([day for day in rounds.sheets if day > arrived])
    if way is Way.LATE:
        reported = days.add(rounds.closes, chance.choice((3, 8, 14, 21)))
        if rounds.last.month in (11, DECEMBER) and chance.random() < 0.5:
            reported = days.add(rounds.year_closes, chance.choice((2, 6, 11)))
    lately = reported > days.last and days.past(days.add(arrived, 1))
    if lately:  # of the month under way all is reported by now that has arrived
        reported = max(days.add(arrived, 1), days.add(days.last, -chance.randint(0, 6)))
    reviewed, confirmed = _usual(days, rounds, reported)
    for line in lines:
        line.reported, line.late = reported, reported > rounds.closes
        line.reviewed, line.confirmed = reviewed, confirmed
    special, more = lines[0], []
    special.way = way
    if way is Way.RETURNED:
        back = days.add(reported, 1) if lately else reviewed
        _returned(days, rounds, chance, special, back)
    elif way is Way.RETURNED_BY_CITY:
        _returned(days, rounds, chance, special, confirmed)
    elif way is Way.WITHDRAWN:
        special.withdrawn, special.counts = min(days.add(reported, 1), reviewed), False
        special.reviewed = special.confirmed = None
    elif way is Way.REVERSED:
        more = _reversed(days, rounds, chance, special, confirmed)
    elif way is Way.OWED:
        _owed(days, chance, special, reviewed, confirmed)
    for line in lines:
        line.counts = line.counts and _in_time(rounds, line)
    return more


def _usual(days: Days, rounds: Rounds, reported: date) -> tuple[date, date]:
    """On which days a report is reviewed and confirmed where nothing is wrong with it."""
    if reported < rounds.middle:
        return rounds.middle, rounds.confirm
    if reported < rounds.review:
        return rounds.review, rounds.confirm
    return days.add(reported, 2), days.add(reported, 4)


def _returned(days: Days, rounds: Rounds, chance: Random, line: Line, back: date) -> None:
    """Sent back, by the district or the city; corrected within days, and on its way again."""
    line.returned = back
    if chance.random() < 0.5:
        line.typed = max(1, line.amount * chance.randint(104, 118) // 100)
    line.corrected = days.add(back, chance.randint(1, 5))
    line.late = line.late or line.corrected > rounds.closes
    again = days.add(line.corrected, 1)
    line.confirmed = days.add(again, 1)
    if line.way is Way.RETURNED:
        line.reviewed = again


def _reversed(
    days: Days, rounds: Rounds, chance: Random, line: Line, confirmed: date
) -> list[Line]:
    """Taken back in the same year, and reported again with the right amount."""
    day = days.add(confirmed, chance.randint(10, 40))
    if day > date(line.arrived.year, 12, 10) or not days.past(days.add(day, 6)):
        line.way = Way.PLAIN
        return []
    right = Line(
        project=line.project,
        arrived=line.arrived,
        month=line.month,
        amount=max(1, line.amount * chance.randint(82, 97) // 100),
        kind=line.kind,
        origin=line.origin,
        counts=line.counts,
        currency=line.currency,
        fiscal=line.fiscal,
        reported=day,
        reviewed=days.add(day, 2),
        confirmed=days.add(day, 4),
        late=day > rounds.closes,
        replaces=True,
    )
    line.reversed, line.counts = day, False
    return [right]


def _owed(days: Days, chance: Random, line: Line, reviewed: date, confirmed: date) -> None:
    """Papers that come after the report: before its review, later, or (of late ones) not yet."""
    if chance.random() < 0.7:
        line.papers = reviewed
        return
    line.papers = days.add(confirmed, chance.randint(3, 18))
    line.confirmed = days.add(line.papers, 1)


def _in_time(rounds: Rounds, line: Line) -> bool:
    """Whether it is confirmed before its year closes."""
    return line.confirmed is not None and line.confirmed <= rounds.year_closes
