"""The blueprint of the board, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here
from crm.goals.queries import targets
from crm.goals.queries.board import Board, board
from crm.goals.rules.look import Look

bp = Blueprint("goals", __name__, url_prefix="/goals")

readers = allow(Permission.PROJECT_READ, Permission.GOALS_EDIT)
"""Who sees the board: who works on projects, and who sets the targets. Counts and sums are public."""


def asked() -> Look:
    """What the address asks for."""
    return Look.read(request.args, here.today)


def read_board(look: Look) -> Board:
    """The board as it was asked for."""
    return board(
        here.session, here.actor, year=look.year, on=look.on, now=here.now, known=look.instant
    )


def years(look: Look) -> list[int]:
    """The years to choose from: those with targets, the base before the first of them, this one."""
    told = {*targets.years(here.session), here.today.year, look.year}
    return sorted({*told, min(told) - 1}, reverse=True)
