"""Create scheduler_beat: whether the scheduler lives, what it does next, what went wrong last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduler_beat",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("next_runs", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(100), nullable=False),
        sa.Column("error_job", sa.String(100), nullable=False),
        sa.Column("error_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_beat")),
    )


def downgrade() -> None:
    op.drop_table("scheduler_beat")
