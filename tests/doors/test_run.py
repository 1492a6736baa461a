"""`crm run`, from the first start to the last, as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.doors.command import Running, children_of, crm, gone

Start = Callable[..., Running]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts it; whatever is left of it at the end is ended."""
    started: list[Running] = []

    def starter(**settings: str) -> Running:
        started.append(Running(folder, **settings))
        return started[-1]

    yield starter
    for running in started:
        if running.process.poll() is None:
            family = [running.process.pid, *running.children()]
            running.process.kill()
            running.process.wait()
            gone(family[1:])


def crowd() -> float:
    """How many share a core at the moment: the promise is made for a machine of one's own."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def sign_in_page(address: str) -> str:
    with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as answer:  # noqa: S310
        assert answer.status == 200
        return str(answer.read().decode())


def counts(folder: Path) -> dict[str, int]:
    """Rows of some tables."""
    connection = sqlite3.connect(folder / "crm.db")
    try:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("unit", "person", "lead", "lead_state", "project", "audit_entry")
        }
    finally:
        connection.close()


def test_the_first_start_loads_the_demo_and_the_second_keeps_it(start: Start, folder: Path) -> None:
    first = start()
    assert "<form" in sign_in_page(first.address())
    said = first.until("demo-accounts.txt") and first.said
    assert "100%  told until" in said
    children = first.children()
    assert first.end() == 0
    assert "Traceback" not in first.said
    assert first.said.rstrip().endswith("Stopped.")
    assert gone(children, 1)
    accounts = (folder / "demo-accounts.txt").read_text(encoding="utf-8")
    assert all(line in said for line in accounts.splitlines())
    assert len(accounts.splitlines()) >= 7
    before = counts(folder)

    began = time.monotonic()
    second = start()
    sign_in_page(second.address())
    assert time.monotonic() - began < 10 * crowd()
    assert second.end(signal.SIGTERM) == 0

    assert counts(folder) == before
    assert (folder / "demo-accounts.txt").read_text(encoding="utf-8") == accounts
    assert "First start" not in second.said
    third = start(CRM_DEMO_PASSWORD="one-for-all-of-them")
    third.address()
    third.end()
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ("secret-key", "demo-accounts.txt", "lock"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert len((folder / "secret-key").read_text().strip()) >= 32
    accounts = (folder / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    assert all("one-for-all-of-them" in line for line in accounts)


def test_a_kill_in_the_first_start_leaves_a_system_that_starts(start: Start, folder: Path) -> None:
    for words in ("Database migrated", "First start"):
        killed = start()
        killed.until(words)
        time.sleep(0.2)
        killed.process.kill()
        killed.process.wait()

    again = start()
    sign_in_page(again.address())
    assert again.end() == 0
    assert "First start" in again.said
    assert counts(folder)["person"] > 7
    assert crm(folder, "audit", "verify").returncode == 0


def test_a_killed_server_takes_its_children_along_and_the_next_one_waits_for_that(
    start: Start, folder: Path
) -> None:
    killed = start(CRM_DEMO="0")
    killed.address()
    children = killed.children()
    assert len(children) >= 2
    killed.process.kill()
    killed.process.wait()

    again = start()
    sign_in_page(again.address())
    assert gone(children, 1)
    assert again.end() == 0


def test_ctrl_c_in_the_first_start_ends_without_a_trace_and_leaves_nothing_half_done(
    start: Start, folder: Path
) -> None:
    running = start()
    running.until("First start")
    assert running.end() == 0
    assert "Traceback" not in running.said
    assert set(counts(folder).values()) in ({0}, set(counts(folder).values()) - {0})


def test_when_one_process_dies_it_is_said_and_the_other_ended(start: Start) -> None:
    running = start(CRM_DEMO="0")
    running.address()
    children = running.children()
    scheduler = next(
        child
        for child in children
        if b"crm.scheduler" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    os.kill(scheduler, signal.SIGKILL)

    assert running.process.wait(20) == 1
    assert "The scheduler ended by itself (signal SIGKILL)" in running.said
    assert "Traceback" not in running.said
    assert gone(children, 2)


def test_a_port_in_use_is_said_in_one_line_before_anything_is_made(
    start: Start, folder: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = crm(folder, "run", PORT=str(port))

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"Port {port} on 127.0.0.1 is in use" in answer.stderr
    assert not (folder / "crm.db").exists()


def test_a_second_server_on_the_same_folder_is_refused(start: Start, folder: Path) -> None:
    running = start(CRM_DEMO="0")
    running.address()

    answer = crm(folder, "run")

    assert answer.returncode == 1
    assert "A server is running" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert str(running.process.pid) in answer.stderr


def test_without_the_demo_it_starts_empty_and_tells_the_administrators_link_once(
    start: Start, folder: Path
) -> None:
    first = start(CRM_DEMO="0")
    address = first.address()
    link = first.until(r"(http://\S+/invitation/\S+)")[1]
    assert link.startswith(address)
    with urllib.request.urlopen(link, timeout=20) as answer:  # noqa: S310
        assert "<form" in answer.read().decode()
    first.end()
    assert counts(folder)["person"] == 1
    assert not (folder / "demo-accounts.txt").exists()

    second = start()
    second.address()
    second.end()
    assert "/invitation/" not in second.said
    assert counts(folder)["person"] == 1
    assert children_of(second.process.pid) == []
