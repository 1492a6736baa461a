"""Password hashes: argon2 takes 64 MiB a hash, so at most two at once in a process."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt inside. Never call it in a write transaction."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; an account without one takes as long to say no."""
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


_NOBODY = _HASHER.hash("nobody has this password")
