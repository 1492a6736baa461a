"""Who may do what, when a try has to wait, what an account may be called."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.accounts.rules import (
    FREE_TRIES,
    GRANTS,
    LONGEST_WAIT,
    Failures,
    Permission,
    Role,
    browser_name,
    path_end,
    path_of,
    place_of,
    token_hash,
    username_key,
    valid_email,
    valid_username,
    wait_until,
    weak_password,
)
from crm.core.clock import SHANGHAI

NOON = datetime(2025, 6, 30, 12, 0, tzinfo=SHANGHAI)


def test_the_first_tries_are_free() -> None:
    for count in range(FREE_TRIES):
        assert wait_until(Failures(count, NOON), NOON) is None


def test_the_wait_doubles_from_half_a_minute_up_to_a_quarter_of_an_hour() -> None:
    waits = [
        (wait_until(Failures(FREE_TRIES + more, NOON), NOON) or NOON) - NOON for more in range(12)
    ]
    assert waits[:4] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert waits[-1] == LONGEST_WAIT


def test_a_wait_that_is_over_is_no_wait() -> None:
    assert wait_until(Failures(FREE_TRIES, NOON), NOON + timedelta(seconds=30)) is None


def test_an_administrator_reads_no_negotiation_and_an_auditor_writes_nothing() -> None:
    reads = {Permission.LEAD_READ, Permission.PROJECT_READ, Permission.AUDIT_READ}
    assert GRANTS[Role.ADMINISTRATOR].isdisjoint(reads)
    assert {one.value.split(".")[1] for one in GRANTS[Role.AUDITOR]} == {"read"}


@pytest.mark.parametrize(
    "text", ["zhang.san", "ＺＨＡＮＧ", "张三", "a1", "li-si@baotou", "x" * 60]
)
def test_an_account_may_be_called_so(text: str) -> None:
    assert valid_username(username_key(text))


@pytest.mark.parametrize(
    "text", ["", "a", "a b", ".ab", "x" * 61, "a\n", "a/b", "\u202eab", "😀😀"]
)
def test_an_account_may_not_be_called_so(text: str) -> None:
    assert not valid_username(username_key(text.replace("\n", "/")))


def test_an_account_is_the_same_in_any_case_and_width() -> None:
    assert username_key(" ZhangSan ") == username_key("ｚｈａｎｇｓａｎ") == "zhangsan"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@b.cn", True),
        ("zhang.san+x@mail.baotou.gov.cn", True),
        ("", False),
        ("a@b", False),
        ("a b@c.cn", False),
        ("a@b..cn", False),
        ("a@b.cn,c@d.cn", False),
        ("a@" + "b" * 200 + ".cn", False),
    ],
)
def test_an_address_is_one_that_mail_can_be_sent_to(text: str, good: bool) -> None:
    assert valid_email(text) is good


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("correct horse battery", False),
        ("包头稀土钢铁煤炭风光", False),
        ("short", True),
        ("aaaaaaaaaaaaaaaa", True),
        ("zhangsan2025", True),
        ("ZhangSan2025", True),
    ],
)
def test_a_password_is_long_varied_and_not_ones_name(password: str, weak: bool) -> None:
    assert weak_password(password, ("zhangsan", "张三")) is weak


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_place_is_an_address_and_for_ipv6_its_network(address: str | None, place: str) -> None:
    assert place_of(address) == place


def test_a_browser_is_told_as_its_owner_would_name_it() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120"
    wechat = "Mozilla/5.0 (iPhone; CPU iPhone OS 17) Safari MicroMessenger/8.0"
    assert [browser_name(one) for one in (edge, wechat, "curl/8", "")] == [
        "Edge · Windows", "微信 · iPhone", "curl/8", "—",
    ]  # fmt: skip


def test_below_a_unit_is_a_range_of_paths() -> None:
    bureau, district, team = path_of("", 1), path_of("/1/", 4), path_of("/1/4/", 12)
    assert (bureau, district, team) == ("/1/", "/1/4/", "/1/4/12/")
    assert district <= team < path_end(district)
    assert not district <= path_of("/1/", 40) < path_end(district)


def test_a_token_is_kept_as_a_hash_that_says_nothing_of_it() -> None:
    assert len(token_hash("abc")) == 64
    assert token_hash("abc") != token_hash("abd")
