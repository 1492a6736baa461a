"""The locks install the same anywhere: hashes for all, no address, no path of who made them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
PINNED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)( ; [^\\]+?)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
VIA = re.compile(r"^    #( via)?( +(-[rc] )?[A-Za-z0-9._-]+)?$")


def _lines(lock: str) -> list[str]:
    return (ROOT / lock).read_text(encoding="utf-8").splitlines()


def _pins(lock: str) -> dict[str, str]:
    found = (PINNED.match(line) for line in _lines(lock))
    return {match["name"]: match["version"] for match in found if match}


def _wanted(file: str) -> set[str]:
    """The packages that people asked for: names of the .in file, without extras and bounds."""
    text = (ROOT / file).read_text(encoding="utf-8")
    names = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE)
    return {name.lower().replace("_", "-") for name in names}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_only_pins_hashes_and_reasons(lock: str) -> None:
    strange = [
        line
        for line in _lines(lock)
        if not (PINNED.match(line) or HASH.match(line) or VIA.match(line))
    ]

    assert strange == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_local_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"(^|[\s=@])(/|\./|\.\./|~|[A-Za-z]:\\)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    lines = _lines(lock)

    assert all(
        HASH.match(after)
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if PINNED.match(line)
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_all_that_its_source_asks_for(lock: str) -> None:
    assert _wanted(lock.replace(".txt", ".in")) <= set(_pins(lock))


def test_the_two_locks_agree_on_what_they_share() -> None:
    runtime, dev = (_pins(lock) for lock in LOCKS)
    shared = runtime.keys() & dev.keys()

    assert {name: runtime[name] for name in shared} == {name: dev[name] for name in shared}
