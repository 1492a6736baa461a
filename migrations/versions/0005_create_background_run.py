"""Create background_run: long work as rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, sort_text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("key <> '' AND state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "background_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sort_text(60), nullable=False),
        sa.Column("key", sort_text(120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_run")),
    )
    op.create_index("ix_background_run_kind_key_id", "background_run", ["kind", "key", "id"])
    op.create_index("ix_background_run_state_id", "background_run", ["state", "id"])
    op.create_index(
        "uq_background_run_open",
        "background_run",
        ["kind", "key"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("background_run")
