"""Numbers without gaps, whoever comes at once."""

from __future__ import annotations

import threading

import pytest

from crm.core.database import Database
from crm.core.numbers import next_number


def test_each_series_counts_by_itself_in_each_year(empty_database: Database) -> None:
    with empty_database.write("test") as session:
        given = [
            next_number(session, "XS", 2025),
            next_number(session, "XS", 2025),
            next_number(session, "XM", 2025),
            next_number(session, "XS", 2026),
        ]
    assert given == ["XS-2025-0001", "XS-2025-0002", "XM-2025-0001", "XS-2026-0001"]


def test_many_at_once_leave_no_gap_and_none_twice(empty_database: Database) -> None:
    given: list[str] = []

    def take() -> None:
        for _ in range(10):
            with empty_database.write("test") as session:
                number = next_number(session, "XS", 2025)
            given.append(number)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [f"XS-2025-{n:04d}" for n in range(1, 41)]


def test_a_transaction_that_fails_gives_its_number_back(empty_database: Database) -> None:
    def fail() -> None:
        with empty_database.write("test") as session:
            next_number(session, "XS", 2025)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with empty_database.write("test") as session:
        assert next_number(session, "XS", 2025) == "XS-2025-0001"
