"""The demo accounts' passwords: random at the first start, told in a file that only its owner reads."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from crm.core.folder import write_private
from crm.core.passwords import hash_password
from crm.demo.cast import ACCOUNTS

FILE = "demo-accounts.txt"

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def drawn(one_for_all: str = "") -> dict[str, str]:
    """A password for each demo account; the given one for all, if there is one."""
    return {account.username: one_for_all or _random() for account in ACCOUNTS}


def hashed(passwords: Mapping[str, str]) -> dict[str, str]:
    """Their hashes, made before the write transaction; one password is hashed once."""
    known = {password: hash_password(password) for password in set(passwords.values())}
    return {username: known[password] for username, password in passwords.items()}


def keep(folder: Path, passwords: Mapping[str, str]) -> None:
    """Write the table into the data folder."""
    widths = max(len(account.username) for account in ACCOUNTS), max(map(len, passwords.values()))
    lines = [
        f"{account.username:<{widths[0]}}  {passwords[account.username]:<{widths[1]}}  {account.says}"
        for account in ACCOUNTS
    ]
    write_private(folder / FILE, "\n".join(lines) + "\n")


def table(folder: Path) -> list[str]:
    """The table again, at a later start; empty if its owner deleted it."""
    try:
        return (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def told(folder: Path) -> dict[str, str]:
    """The passwords as the table has them."""
    rows = [line.split() for line in table(folder)]
    return {row[0]: row[1] for row in rows if len(row) > 1}


def _random() -> str:
    """Three groups of four letters and digits that cannot be mistaken: 59 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
