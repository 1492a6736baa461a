"""Add to dated states the stay they are a part of, and index all that a figure of a day is split by."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATE = sa.table(
    "lead_state",
    sa.column("id", sa.BigInteger()),
    sa.column("lead_id", sa.BigInteger()),
    sa.column("current", sa.Boolean()),
    sa.column("stage", sa.String()),
    sa.column("standing", sa.String()),
    sa.column("day_from", sa.Date()),
    sa.column("day_until", sa.Date()),
    sa.column("staged_from", sa.Date()),
    sa.column("stage_next", sa.String()),
)
BEFORE = ["day_until", "day_from", "stage", "standing", "district_id", "unit_id"]
OLD = [*BEFORE, "model_id", "position", "lead_id", "amount"]
NEW = [
    *BEFORE, "owner_id", "chain_id", "node_id", "position", "model_id", "lead_id", "amount",
    "staged_from", "stage_next",
]  # fmt: skip


def upgrade() -> None:
    _drop_index()
    with op.batch_alter_table("lead_state") as batch_op:
        batch_op.add_column(sa.Column("staged_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("stage_next", sa.String(32), nullable=True))
    op.execute(sa.update(STATE).values(staged_from=STATE.c.day_from))
    _place(op.get_bind())
    with op.batch_alter_table("lead_state") as batch_op:
        batch_op.alter_column("staged_from", existing_type=sa.Date(), nullable=False)
    _create_index(NEW, sqlite="current = 1")
    op.create_index(
        "ix_lead_confidential",
        "lead",
        ["id"],
        sqlite_where=sa.text("confidential = 1"),
        postgresql_where=sa.text("confidential"),
    )


def downgrade() -> None:
    op.drop_index("ix_lead_confidential", table_name="lead")
    _drop_index()
    with op.batch_alter_table("lead_state") as batch_op:
        batch_op.drop_column("stage_next")
        batch_op.drop_column("staged_from")
    _create_index(OLD, sqlite="current")


def _drop_index() -> None:
    op.drop_index("ix_lead_state_as_of", table_name="lead_state")


def _create_index(columns: list[str], sqlite: str) -> None:
    op.create_index(
        "ix_lead_state_as_of",
        "lead_state",
        columns,
        sqlite_where=sa.text(sqlite),
        postgresql_where=sa.text("current"),
    )


def _place(connection: sa.Connection) -> None:
    """As `crm.leads.rules.history.placed` does; states that no longer hold keep their own first day."""
    rows = connection.execute(
        sa.select(
            STATE.c.id,
            STATE.c.lead_id,
            STATE.c.stage,
            STATE.c.standing,
            STATE.c.day_from,
            STATE.c.day_until,
        )
        .where(STATE.c.current)
        .order_by(STATE.c.lead_id, STATE.c.day_from)
    ).all()
    since, paused = None, 0
    for one, following in zip(rows, [*rows[1:], None], strict=False):
        if since is None:
            since, paused = one.day_from, 0
        same = following is not None and following.lead_id == one.lead_id
        leaves = following is not None and same and following.stage != one.stage
        connection.execute(
            sa.update(STATE)
            .where(STATE.c.id == one.id)
            .values(
                staged_from=since + timedelta(days=paused),
                stage_next=following.stage if following is not None and leaves else None,
            )
        )
        if not same or leaves:
            since = None
        elif one.standing != "open":
            paused += (one.day_until - one.day_from).days
