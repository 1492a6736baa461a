"""What was said and agreed: contacts at firms, follow-ups with their next steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random

from crm.activities.operations import ActivityDraft, log
from crm.activities.rules import ActivityKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.demo.script import Script
from crm.demo.tables import rows

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
    next_on: date | None,
) -> None:
    """Log a follow-up.

    Args:
        next_on: the day for which the next step is planned; None: none is.
    """
    told = dice.choice(_texts()[stage])
    day = day_of(now)
    topic = dice.choice(rows("topics"))["topic"]
    draft = ActivityDraft(
        kind=told.kind,
        held_on=day,
        said=told.said.format(contact=who.name, chain=chain or "相关产业", topic=topic),
        who_went=actor.name,
        with_whom=f"{who.name} {who.title}",
        result=told.result.format(topic=topic),
        next_step=told.next_step.format(topic=topic) if next_on is not None else "",
        next_step_on=next_on,
    )
    log(script.session, actor, draft, on=on, now=now)
