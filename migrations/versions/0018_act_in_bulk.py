"""Actions on many leads at once: what was done to which, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_action",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("undoes_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bulk_action_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["bulk_action.id"], name=op.f("fk_bulk_action_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_action")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_bulk_action_undoes_id")),
    )
    op.create_index(op.f("ix_bulk_action_person_id"), "bulk_action", ["person_id"])


def downgrade() -> None:
    op.drop_table("bulk_action")
