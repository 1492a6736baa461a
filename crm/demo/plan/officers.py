"""Who has what: officers with their districts, drawn by their share of the work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from crm.demo.tables import rows


@dataclass(frozen=True)
class Officer:
    """Somebody who works on leads; district: "" for the bureau's own teams."""

    username: str
    district: str
    share: int


class Officers:
    """The officers of the table `people`, and the districts in which what they win lands.

    Attributes:
        shares: how much lands in each district, by its name.
    """

    def __init__(self) -> None:
        units = {row["name"]: row for row in rows("units")}
        self.all = tuple(
            Officer(row["username"], _district(units, row["unit"]), int(row["share"]))
            for row in rows("people")
            if row["share"]
        )
        self.by_name = {one.username: one for one in self.all}
        landing: Counter[str] = Counter()
        for one in self.all:
            landing[one.district] += one.share
        del landing[""]
        self.shares = dict(landing)

    def draw(self, chance: Random) -> Officer:
        """Somebody, the busier the oftener."""
        return chance.choices(self.all, [one.share for one in self.all])[0]

    def landing(self, chance: Random, officer: Officer) -> str:
        """Where a project of his lands: at home; of the bureau's teams anywhere."""
        return officer.district or chance.choices(*zip(*self.shares.items(), strict=True))[0]

    def colleague(self, chance: Random, officer: Officer) -> Officer:
        """Another officer: of the same district where there is one, else of anywhere."""
        near = [one for one in self.all if one.district == officer.district and one != officer]
        return chance.choice(near or [one for one in self.all if one != officer])

    def elsewhere(self, chance: Random, officer: Officer) -> Officer:
        """An officer of another district."""
        return chance.choice(
            [one for one in self.all if one.district not in ("", officer.district)]
        )


def _district(units: dict[str, dict[str, str]], unit: str) -> str:
    while unit:
        if units[unit]["district"]:
            return units[unit]["district"]
        unit = units[unit]["parent"]
    return ""
