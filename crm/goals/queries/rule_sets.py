"""Versions of rule sets as pages tell of them: in force or not, beside the version before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.counting.models import RuleSetVersion
from crm.counting.queries.rules import in_force, rule_sets
from crm.counting.rules.sets import RuleSet, changed, rule_set
from crm.goals.queries.targets import years as goal_years


@dataclass(frozen=True)
class Version:
    """A version, the rules it says, and those before it.

    Attributes:
        before: of the last version published before it, else what its year goes by without it.
        in_force: the year goes by it today.
        overtaken: a newer version of the year is published; as a draft it cannot be any more.
    """

    row: RuleSetVersion
    rules: RuleSet
    before: RuleSet
    in_force: bool
    overtaken: bool

    @property
    def draft(self) -> bool:
        """Not published: in force for nobody."""
        return self.row.published_at is None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """The parameters that differ from those before."""
        return changed(self.before, self.rules)


@dataclass(frozen=True)
class YearRules:
    """A year and its versions, newest first; `source`: the year whose rules it goes by, None: defaults."""

    year: int
    versions: list[Version]
    source: int | None


def sees_drafts(actor: Actor) -> bool:
    """Whether he knows of versions that are not published: who edits rules, who sets targets."""
    return actor.may(Permission.RULES_EDIT) or actor.may(Permission.GOALS_EDIT)


def by_year(session: Session, actor: Actor, today: int) -> list[YearRules]:
    """Every year with goals or rules of its own, and this one; the latest first."""
    rows = rule_sets(session)
    rules = in_force(session).rules
    years = {today, *goal_years(session), *(row.year for row in rows)}
    return [
        YearRules(
            year,
            [one for one in _of_year(session, rows, year) if one.draft <= sees_drafts(actor)],
            rules.source(year),
        )
        for year in sorted(years, reverse=True)
    ]


def version(session: Session, actor: Actor, rule_set_id: int) -> Version:
    """One version. Missing if there is none, or it is a draft that he does not see."""
    rows = rule_sets(session)
    row = next((row for row in rows if row.id == rule_set_id), None)
    if row is None or (row.published_at is None and not sees_drafts(actor)):
        raise Missing
    return next(one for one in _of_year(session, rows, row.year) if one.row is row)


def rules_of_year(session: Session, year: int) -> RuleSet:
    """What a year goes by today: where a new draft begins."""
    return in_force(session).rules.of(year)


def _of_year(session: Session, rows: list[RuleSetVersion], year: int) -> list[Version]:
    now = in_force(session)
    own = [row for row in rows if row.year == year]
    current = now.versions.get(year)
    earlier = [one for one in now.rules.by_year if one < year]
    found = []
    for place, row in enumerate(own):
        published = [one for one in own[place + 1 :] if one.published_at is not None]
        if published:
            before = rule_set(published[0].parameters)
        else:
            before = now.rules.by_year[max(earlier)] if earlier else RuleSet()
        standing = current.number if current else 0
        found.append(
            Version(
                row,
                rule_set(row.parameters),
                before,
                in_force=row.number == standing,
                overtaken=row.number < standing,
            )
        )
    return found
