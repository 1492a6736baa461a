"""What was said and agreed: contacts at firms, follow-ups with their next steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from crm.activities.operations import ActivityDraft, log
from crm.activities.rules import ActivityKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.demo.cast import rows
from crm.demo.script import Script

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程"
GIVEN = (
    "志明", "建华", "晓东", "海峰", "丽娟", "文博", "国强", "永健", "雪梅",
    "子涵", "凯", "宇航", "立新", "嘉怡", "振宇", "秀英", "博文", "思远",
)  # fmt: skip
TITLES = ("总经理", "副总经理", "投资总监", "战略部部长", "项目负责人", "董事长助理", "选址经理")


@dataclass(frozen=True)
class Contact:
    """Somebody on the other side; name and number are invented."""

    name: str
    title: str
    phone: str


def contact(dice: Random) -> Contact:
    """A person with a number that nobody has."""
    name = dice.choice(SURNAMES) + dice.choice(GIVEN)
    return Contact(name, dice.choice(TITLES), f"1390000{dice.randint(0, 9999):04d}")


@dataclass(frozen=True)
class Told:
    """One follow-up as the tables have it."""

    kind: ActivityKind
    said: str
    result: str
    next_step: str


@cache
def _texts() -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for row in rows("texts"):
        told = Told(ActivityKind(row["kind"]), row["said"], row["result"], row["next_step"])
        found.setdefault(row["stage"], []).append(told)
    return found


def follow_up(
    script: Script,
    actor: Actor,
    on: tuple[str, int],
    stage: str,
    who: Contact,
    chain: str,
    dice: Random,
    now: datetime,
    next_in: int | None,
) -> None:
    """Log a follow-up.

    Args:
        next_in: in how many days from that day the next step is planned; None: none is.
    """
    told = dice.choice(_texts()[stage])
    day = day_of(now)
    draft = ActivityDraft(
        kind=told.kind,
        held_on=day,
        said=told.said.format(contact=who.name, chain=chain or "相关产业"),
        who_went=actor.name,
        with_whom=f"{who.name} {who.title}",
        result=told.result,
        next_step=told.next_step if next_in is not None else "",
        next_step_on=day + timedelta(days=next_in) if next_in is not None else None,
    )
    log(script.session, actor, draft, on=on, now=now)


def last_contact(dice: Random, age: int) -> int:
    """How many days ago somebody last spoke: mostly lately, sometimes far too long ago."""
    ago = dice.choices((dice.randint(1, 6), dice.randint(7, 15), dice.randint(16, 45)), (5, 3, 2))[
        0
    ]
    return max(1, min(ago, age - 1))


def next_step(dice: Random) -> int | None:
    """In how many days from today the next step is: overdue, today, this week, later, or none."""
    when = dice.choices(
        (-dice.randint(1, 12), 0, dice.randint(1, 4), dice.randint(5, 25), None), (5, 4, 6, 6, 1)
    )
    return when[0]
