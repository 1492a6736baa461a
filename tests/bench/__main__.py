"""`make bench`: every suite on both databases; exit code 1 where a bar is missed."""

from __future__ import annotations

import argparse
import sys

from tests.bench import duplicates, harness, letters, lists, money

SUITES = {
    suite.name: suite for suite in (money.SUITE, duplicates.SUITE, lists.SUITE, letters.SUITE)
}
RUNS = {letters.SUITE.name: letters.run}
"""Suites that are no table of visits: how they are measured."""


def main() -> int:
    """Measure what is asked for, tell it, keep it."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("suites", nargs="*", metavar="suite", help=", ".join(SUITES))
    parser.add_argument("--backend", choices=harness.BACKENDS, action="append")
    parser.add_argument("--size", type=int, help="instead of the suite's own")
    asked = parser.parse_args()
    rows: list[harness.Row] = []
    for name in asked.suites or SUITES:
        for backend in asked.backend or harness.BACKENDS:
            size = asked.size or SUITES[name].size
            own = RUNS.get(name)
            found = own(backend, size) if own else harness.run(SUITES[name], backend, size)
            harness.say(harness.table(found))
            rows += found
            harness.keep(rows, harness.KEPT / "results.json")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
