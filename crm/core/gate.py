"""The one gate: every route says who may pass, or the request goes no further.

`allow` marks a view with permissions; `open_to_signed_in` and `open_to_all` are the named exceptions,
listed in `tests/house/test_routes.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, request

from crm.core.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Gate:
    """What a route asks of whoever comes: a signed-in person, and any one of these permissions."""

    signed_in: bool = True
    permissions: tuple[StrEnum, ...] = ()

    def admits(self, actor: Actor | None) -> bool:
        """Whether this actor (None: nobody is signed in) may pass."""
        if not self.signed_in:
            return True
        if actor is None:
            return False
        return not self.permissions or any(actor.may(one) for one in self.permissions)


def allow(*permissions: StrEnum) -> Callable[[View], View]:
    """Let pass whoever has one of these permissions."""
    if not permissions:
        raise ValueError("name a permission, or say open_to_signed_in")
    return _mark(Gate(permissions=permissions))


def open_to_signed_in(view: View) -> View:
    """Let pass whoever is signed in: one's own account, pages that scope everything they show."""
    return _mark(Gate())(view)


def open_to_all(view: View) -> View:
    """Let pass anybody: sign-in, invitation links, health."""
    return _mark(Gate(signed_in=False))(view)


def gate_of(app: Flask, endpoint: str | None) -> Gate | None:
    """The gate of a route; None where the author forgot it."""
    if endpoint == "static":
        return Gate(signed_in=False)
    view = app.view_functions.get(endpoint or "")
    gate = getattr(view, "gate", None)
    return gate if isinstance(gate, Gate) else None


def guard(app: Flask, actor: Actor | None) -> bool:
    """Whether the request may go on; False asks for a sign-in, a refusal raises 403.

    A route without a gate is a mistake of ours and lets nobody pass.
    """
    if request.endpoint is None:
        return True  # routing answers 404 or 405 itself
    gate = gate_of(app, request.endpoint)
    if gate is None:
        raise RuntimeError(f"the route {request.endpoint} has no gate")
    if gate.admits(actor):
        return True
    if actor is not None:
        abort(403)
    return False


def _mark(gate: Gate) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.gate = gate  # type: ignore[attr-defined]
        return view

    return mark
