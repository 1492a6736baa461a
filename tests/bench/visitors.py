"""People at work over HTTP, each with a session of his own: what they read, write and were told.

An officer reports money, logs follow-ups and moves leads; what he reported a reviewer reviews and a manager
confirms, now and then two of them at once. A write opens its form first, as people do. Everything that was
answered is kept, to be held against the database afterwards.
"""

from __future__ import annotations

import http.client
import random
import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from threading import Event
from urllib.parse import urlencode

from tests.files.contents import PDF

THINKING = (2.0, 6.0)
"""Seconds between a person's acts."""

WRITES = 0.43
"""Of the acts that are writes: each reads its form first, so that 3 of 10 requests write."""

TWICE = 0.3
"""How often two people set out to handle the same receipt."""

REFUSED = "/?refused"
"""Where a button's refusal leads, so that it can be told from success."""

READS = (
    "/", "/goals", "/goals?track=funds", "/goals?tab=chain", "/goals?tab=node", "/funds", "/leads",
    "/goals/rows?measure=funds_counted", "/goals/rows?measure=starts_counted", "/projects",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One request: how long it took, in ms; 0 is the status of one that was cut off."""

    method: str
    address: str
    status: int
    took: float
    at: float


@dataclass(frozen=True)
class Told:
    """A write: what it is known by in the database; answered: None where the answer was cut off."""

    kind: str
    mark: str
    fen: int
    answered: bool | None


@dataclass
class Floor:
    """What all visitors share: receipts handed on, and when to stop."""

    today: date
    to_review: dict[str, deque[int]]
    to_confirm: deque[int] = field(default_factory=deque)
    over: Event = field(default_factory=Event)


@dataclass
class Desk:
    """Who sits there: his cookie as a browser sends it, the projects and leads that he works on.

    Attributes:
        office: whose reviewer looks at what he reports.
    """

    who: str
    office: str
    cookie: str
    projects: list[int]
    leads: deque[int]


class Cut(Exception):
    """The connection ended before the answer."""


class Visitor:
    """One session; `run` in a thread of its own until the floor says that it is over."""

    def __init__(self, desk: Desk, port: int, floor: Floor, seed: int) -> None:
        self.desk, self.port, self.floor = desk, port, floor
        self.dice = random.Random(seed)
        self.answers: list[Answer] = []
        self.told: list[Told] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._acts = self._offered()

    def run(self) -> None:
        """Act, think, act."""
        self.floor.over.wait(self.dice.uniform(0, THINKING[1]))
        while not self.floor.over.is_set():
            act = self._look
            if self._acts and self.dice.random() < WRITES:
                act = self.dice.choice(self._acts)
            with suppress(Cut):
                act()
            self._connection.close()  # the server does not keep it open for as long as people think
            self.floor.over.wait(self.dice.uniform(*THINKING))

    def _offered(self) -> list[Callable[[], None]]:
        if self.desk.who.endswith("_reviewer"):
            return [self._review]
        if self.desk.who == "city_manager":
            return [self._confirm]
        return (
            [self._report, self._report, self._follow_up, self._move] if self.desk.projects else []
        )

    # --- acts ------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._get(self.dice.choice(READS))

    def _report(self) -> None:
        project = self.dice.choice(self.desk.projects)
        mark, fen = f"load-{uuid.uuid4().hex}", self.dice.randint(1, 10**6) * 100
        address = f"/projects/{project}/funds/report"
        line = {
            "arrived_on": self.floor.today.isoformat(), "kind": "working_capital",
            "amount": f"{fen // 100}元", "currency": "CNY", "origin": "outside_region",
            "payer": "量测投资", "note": mark, "why_above": "追加投资", "why_late": "补报", "sure": "y",
        }  # fmt: skip
        told = {f"lines-0-{name}": value for name, value in line.items()}
        where = self._write("report", mark, fen, address, told, slip="lines-0-bank_slip")
        if where:
            self._hand_on(self._get(where))

    def _hand_on(self, page: str) -> None:
        """The newest receipt of the project goes to the reviewers, sometimes to two of them."""
        numbers = [int(number) for number in re.findall(r'href="/receipts/(\d+)"', page)]
        if numbers and self.desk.office in self.floor.to_review:
            times = 2 if self.dice.random() < TWICE else 1
            self.floor.to_review[self.desk.office].extend([max(numbers)] * times)

    def _follow_up(self) -> None:
        project, mark = self.dice.choice(self.desk.projects), f"load-{uuid.uuid4().hex}"
        told = {"kind": "call", "held_on": self.floor.today.isoformat(), "said": mark}
        self._write("log", mark, 0, f"/projects/{project}/log", told | {"no_next_step": "y"})

    def _move(self) -> None:
        if not self.desk.leads:
            return
        lead = self.desk.leads.pop()
        told = {"target": "contacted", "day": self.floor.today.isoformat()}
        self._write("move", str(lead), 0, f"/leads/{lead}/move", told)

    def _review(self) -> None:
        number = _next(self.floor.to_review[self.desk.office])
        if number is None:
            return self._look()
        if self._button("review", number):
            times = 2 if self.dice.random() < TWICE else 1
            self.floor.to_confirm.extend([number] * times)
        return None

    def _confirm(self) -> None:
        number = _next(self.floor.to_confirm)
        if number is None:
            return self._look()
        self._button("confirm", number)
        return None

    def _button(self, act: str, number: int) -> bool:
        back = {"back": REFUSED}
        address = f"/receipts/{number}"
        return bool(self._write(act, str(number), 0, address, back, post=f"{address}/{act}"))

    # --- requests --------------------------------------------------------------------------------

    def _write(
        self,
        kind: str,
        mark: str,
        fen: int,
        address: str,
        told: dict[str, str],
        *,
        post: str = "",
        slip: str = "",
    ) -> str:
        """Open a form and send it; where it led, or "" if it was refused."""
        page = self._get(address)
        hidden = {
            "form_key": uuid.uuid4().hex,
            "version": _found(page, r'name="version"[^>]*value="(\d+)"'),
        }
        hidden["csrf_token"] = _found(page, r'name="csrf-token" content="([^"]+)"')
        body, kind_of = _multipart(told | hidden, slip)
        try:
            status, _text, location = self._ask("POST", post or address, body, kind_of)
        except Cut:
            self.told.append(Told(kind, mark, fen, None))
            raise
        done = status == 303 and not location.startswith(REFUSED)
        self.told.append(Told(kind, mark, fen, done))
        return location if done else ""

    def _get(self, address: str) -> str:
        return self._ask("GET", address)[1]

    def _ask(
        self, method: str, address: str, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, str, str]:
        headers = {"Cookie": self.desk.cookie} | ({"Content-Type": kind} if kind else {})
        begun = time.perf_counter()
        try:
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as cut:
            self._connection.close()
            self._note(method, address, 0, begun)
            raise Cut from cut
        self._note(method, address, answer.status, begun)
        if renewed := answer.headers.get("Set-Cookie"):
            self.desk.cookie = renewed.partition(";")[0]
        return answer.status, text, answer.headers.get("Location", "")

    def _note(self, method: str, address: str, status: int, begun: float) -> None:
        now = time.perf_counter()
        self.answers.append(Answer(method, address, status, (now - begun) * 1000, now))


def _next(waiting: deque[int]) -> int | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _found(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    return found[1] if found else ""


def _multipart(fields: dict[str, str], slip: str) -> tuple[bytes, str]:
    """A form as a browser sends it; slip: the field that a bank slip goes in."""
    if not slip:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    edge = uuid.uuid4().hex
    parts: Iterable[bytes] = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{slip}"; filename="slip.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = b"".join(parts) + head.encode() + PDF + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"
