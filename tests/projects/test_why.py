"""计入目标吗: every answer says its rule and what is missing, to whoever reads the project alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from crm.core.database import Database
from crm.counting.labels import RULES, in_words
from crm.counting.operations import rule_sets
from crm.counting.rules.decisions import Reason, Verdict
from crm.counting.rules.facts import ProjectFacts
from crm.counting.rules.sets import RuleSet
from crm.counting.rules.starts import NATURE, PROGRESS
from crm.projects.labels import LOOKED_AT, MEND_WORDS
from crm.projects.rules.kinds import Construction, Funding, ProjectKind, Relation
from crm.projects.rules.mending import MENDS, Mend
from crm.projects.views.why import LINKS
from crm.values.money import Money
from tests.factories.city import City
from tests.projects import facts as told
from tests.projects.facts import Story

OF_STARTS = {rule.reason for rule in (*NATURE, *PROGRESS)} | {
    Reason.STARTED,
    Reason.STARTED_EARLIER,
}


@pytest.fixture
def tell(city: City) -> Callable[..., Story]:
    """Lets something happen, for good."""

    def happened(*acts: Callable[[Story], Any]) -> Story:
        with city.write() as session:
            story = told.open_story(session, city)
            for act in acts:
                act(story)
        return story

    return happened


@pytest.fixture
def look(client: FlaskClient, city: City) -> Callable[..., str]:
    """A page as somebody sees it, its tags taken off."""

    def seen(address: str, who: str = "kunqu_officer", language: str = "zh_CN") -> str:
        city.sign_in(client, who, language)
        answer = client.get(address)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))

    return seen


def test_every_answer_on_a_start_has_its_rule_in_words() -> None:
    assert set(RULES) == OF_STARTS
    for reason in OF_STARTS:
        assert "%" not in in_words(reason, RuleSet(), 2025)


def test_every_fact_that_a_rule_looks_at_has_a_name() -> None:
    looked_at = {name for rule in (*NATURE, *PROGRESS) for name in rule.looks_at}
    assert looked_at == set(LOOKED_AT)
    assert looked_at <= set(ProjectFacts.__dataclass_fields__)


def test_whatever_can_be_mended_has_a_verb_and_a_place() -> None:
    assert set(MENDS) <= OF_STARTS
    pending = {rule.reason for rule in (*NATURE, *PROGRESS) if rule.verdict is Verdict.PENDING}
    assert pending - set(MENDS) == {Reason.EVIDENCE_OWED}, "papers stand one by one"
    assert {mend for mend, _right in MENDS.values()} == set(Mend) == set(LINKS) == set(MEND_WORDS)


def test_the_rule_says_its_own_minimum() -> None:
    assert "5,000万元" in in_words(Reason.BELOW_MINIMUM, RuleSet(minimum=Money.wan(5000)), 2025)


CASES: list[tuple[str, tuple[Callable[[Story], Any], ...], tuple[str, ...], tuple[str, ...]]] = [
    (
        "signed",
        (told.enter,),
        ("待定", "已签约，尚未开工", "报送开工", "系统默认规则"),
        ("认定开工",),
    ),
    (
        "started",
        (told.enter, told.start),
        ("待定", "由区县审核或市局录入", "佐证"),
        ("报送开工",),
    ),
    ("owed", (told.enter, told.start, told.recognise), ("待定", "补交", "还差："), ("报送开工",)),
    (
        "counted",
        (told.enter, told.start, told.recognise, told.give),
        ("计入", "计入2025年", "1亿元以上", "2026-01-15"),
        ("还差：",),
    ),
    (
        "mixed money",
        (lambda one: told.enter(one, funding=Funding.MIXED),),
        ("待定", "填写财政资金数额"),
        (),
    ),
    (
        "a relocation from somewhere",
        (lambda one: told.enter(one, construction=Construction.RELOCATION),),
        ("待定", "说明从何处搬来"),
        (),
    ),
    (
        "a grid",
        (lambda one: told.enter(one, kind=ProjectKind.GRID),),
        ("不计入", "基础设施及管网类项目不属于产业类"),
        ("还差：",),
    ),
    (
        "below",
        (lambda one: told.enter(one, agreed=Money(Money.yi(1).fen - 1)),),
        ("不计入", "分期项目只看一期"),
        (),
    ),
    (
        "a phase without a code",
        (told.enter, lambda one: told.attach(one, Relation.PHASE)),
        ("不计入", "填写备案代码"),
        (),
    ),
    ("ended", (told.enter, told.terminate), ("不计入",), ("还差：",)),
]


@pytest.mark.parametrize(
    ("acts", "says", "not_said"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_project_says_whether_it_counts_and_what_is_missing(
    tell: Callable[..., Story],
    look: Callable[..., str],
    acts: tuple[Callable[[Story], Any], ...],
    says: tuple[str, ...],
    not_said: tuple[str, ...],
) -> None:
    story = tell(*acts)
    for address in (f"/projects/{story.last}", f"/projects/{story.last}/why"):
        text = look(address)
        card = text[text.index("计入目标吗") if "why" not in address else text.index("结论") :]
        assert [one for one in says if one not in card] == []
        assert [one for one in not_said if one in card] == []


def test_the_project_folds_its_papers_and_the_page_of_the_why_lists_them(
    tell: Callable[..., Story], look: Callable[..., str]
) -> None:
    story = tell(told.enter, told.start, told.recognise)
    assert "补交 3 项佐证" in look(f"/projects/{story.last}")
    assert "补交：协议签字页" in look(f"/projects/{story.last}/why")


def test_who_may_recognise_gets_the_link(
    tell: Callable[..., Story], client: FlaskClient, city: City
) -> None:
    story = tell(told.enter, told.start)
    address = f"/projects/{story.last}/milestones/started/recognise"
    for who, linked in (("kunqu_officer", False), ("kunqu_reviewer", True)):
        city.sign_in(client, who)
        assert (f'href="{address}"' in client.get(f"/projects/{story.last}/why").text) is linked


def test_the_page_shows_the_facts_in_words_and_the_answers_it_had(
    tell: Callable[..., Story], look: Callable[..., str]
) -> None:
    story = tell(
        lambda one: told.enter(one, funding=Funding.MIXED, fiscal=Money.yi(1)),
        told.start,
        Story.pass_days,
        told.recognise,
        Story.pass_days,
        told.give,
    )
    text = look(f"/projects/{story.last}/why")
    for said in (
        "产业类",
        "首期项目" if "首期项目" in text else "首",
        "协议投资",
        "2025-02-10",
        "2025-02-11",
    ):
        assert said in text
    for key in ("earlier_signing", "first_filing_code", "accepted_on", "enterprise", "mixed"):
        assert key not in text
    assert text.count("待定") >= 3
    english = look(f"/projects/{story.last}/why", language="en")
    for said in ("What the rules looked at", "Start accepted for", "Answers until now", "Counts"):
        assert said in english


def test_the_version_that_decided_is_named(
    tell: Callable[..., Story], look: Callable[..., str], city: City
) -> None:
    story = tell(told.enter)
    with city.write() as session:
        actor = city.actor("admin")
        rules = RuleSet(minimum=Money.yi(5))
        row = rule_sets.draft(
            session, actor, year=2025, rules=rules, now=told.noon(date(2025, 3, 1))
        )
        rule_sets.publish(session, actor, row.id, now=told.noon(date(2025, 3, 1)))
    text = look(f"/projects/{story.last}/why")
    assert "2025年规则第1版" in text
    assert "5亿元以上" in text
    assert "系统默认规则" in text, "the answer before"


def test_strangers_find_nothing(
    tell: Callable[..., Story], client: FlaskClient, city: City
) -> None:
    story = tell(told.enter)
    for who, status in (("qingshan_officer", 404), ("auditor", 403), ("leader", 200)):
        city.sign_in(client, who)
        assert client.get(f"/projects/{story.last}/why").status_code == status
    city.sign_in(client, "kunqu_officer")
    assert client.get("/projects/999999/why").status_code == 404


def test_the_page_asks_as_many_questions_however_long_its_history(
    tell: Callable[..., Story], client: FlaskClient, city: City, database: Database
) -> None:
    few = tell(told.enter)
    many = tell(told.enter, told.start, told.recognise, told.give)
    city.sign_in(client, "kunqu_officer")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))

    def asked(number: int) -> int:
        said.clear()
        client.get(f"/projects/{number}/why")
        return len(said)

    asked(few.last)
    assert asked(few.last) == asked(many.last)
