"""The leader's page: the pipeline by stage, model and position, what was signed, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm.catalog.models import AttractionModel
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.leads.models import FOREVER, Lead
from crm.leads.queries.scope import readable as leads_readable
from crm.leads.rules.kinds import Stage, Standing
from crm.projects.models import Owed, Project
from crm.projects.queries.owed import open_owed
from crm.projects.queries.scope import readable as projects_readable
from crm.values.money import Money


@dataclass(frozen=True)
class Part:
    """A row of a split: what it is of (None: 待定), how many, how much; leads at their lower bound."""

    of: Any
    count: int
    amount: Money


@dataclass(frozen=True)
class Overview:
    """What a leader sees at a glance, in his scope.

    Attributes:
        stages: the open pipeline, every stage before signing, also an empty one.
        models, positions: the same leads split again; the sums are equal.
        held: leads on hold, beside the pipeline.
        signed: projects signed this year up to today, agreed totals.
        owed, late: demands that wait, and those past their day.
    """

    stages: list[Part]
    models: list[Part]
    positions: list[Part]
    held: Part
    signed: Part
    owed: int
    late: int

    @property
    def pipeline(self) -> Part:
        """All open leads."""
        return Part(
            None,
            sum(one.count for one in self.stages),
            Money(sum(one.amount.fen for one in self.stages)),
        )


def overview(session: Session, actor: Actor, today: date) -> Overview:
    """The figures, in six queries."""
    stages = _split(session, actor, Lead.stage)
    models = _split(session, actor, Lead.model_id)
    positions = _split(session, actor, Lead.position)
    names = {
        row.id: row
        for row in session.scalars(select(AttractionModel).order_by(AttractionModel.sort))
    }
    return Overview(
        stages=[
            stages.get(one, Part(one, 0, Money(0))) for one in Stage if one is not Stage.SIGNED
        ],
        models=[
            Part(row, models[number].count, models[number].amount)
            for number, row in [*names.items(), (None, None)]
            if number in models
        ],
        positions=[positions.get(one, Part(one, 0, Money(0))) for one in [*Position, None]],
        held=_held(session, actor),
        signed=_signed(session, actor, today),
        **_owing(session, actor, today),
    )


def _split(session: Session, actor: Actor, column: Any) -> dict[Any, Part]:
    rows = session.execute(
        select(column, func.count(), func.sum(Lead.amount_low))
        .where(*_pipeline(actor))
        .group_by(column)
    )
    return {of: Part(of, count, amount or Money(0)) for of, count, amount in rows}


def _pipeline(actor: Actor) -> list[ColumnElement[bool]]:
    return [
        leads_readable(actor),
        Lead.standing == Standing.OPEN,
        Lead.stage != Stage.SIGNED,
    ]


def _held(session: Session, actor: Actor) -> Part:
    count, amount = session.execute(
        select(func.count(), func.sum(Lead.amount_low)).where(
            leads_readable(actor), Lead.standing == Standing.ON_HOLD
        )
    ).one()
    return Part(None, count, amount or Money(0))


def _signed(session: Session, actor: Actor, today: date) -> Part:
    count, agreed = session.execute(
        select(func.count(), func.sum(Project.agreed)).where(
            projects_readable(actor),
            Project.signed_on.between(date(today.year, 1, 1), today),
            Project.terminated_on == FOREVER,
        )
    ).one()
    return Part(None, count, agreed or Money(0))


def _owing(session: Session, actor: Actor, today: date) -> dict[str, int]:
    owed, late = session.execute(
        select(func.count(), func.count().filter(Owed.due_on < today))
        .select_from(Owed)
        .join(Owed.project)
        .join(Project.company)
        .where(open_owed(), projects_readable(actor), Project.terminated_on == FOREVER)
    ).one()
    return {"owed": owed, "late": late}
