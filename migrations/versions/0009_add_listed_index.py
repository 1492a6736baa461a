"""Index the money that was confirmed after its year had closed: little, and asked for by year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = sa.text("reason = 'year_closed'")
    op.create_index(
        "ix_decision_listed",
        "decision",
        ["rules_of"],
        sqlite_where=listed,
        postgresql_where=listed,
    )


def downgrade() -> None:
    op.drop_index("ix_decision_listed", table_name="decision")
