"""Index a state and the one before it, so that the bridge between two days reads no table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHANGES = ["stage", "standing", "amount", "district_id", "unit_id", "owner_id", "current"]
AS_OF = [
    "day_until", "day_from", "stage", "standing", "district_id", "unit_id", "owner_id", "chain_id",
    "node_id", "position", "model_id", "lead_id", "amount", "staged_from", "stage_next",
]  # fmt: skip
INDEXES = {
    "ix_lead_state_before": ["lead_id", "day_until", *CHANGES],
    "ix_lead_state_after": ["day_from", "lead_id", *CHANGES],
}


def upgrade() -> None:
    op.drop_index("ix_lead_state_as_of", table_name="lead_state")
    _create("ix_lead_state_as_of", [*AS_OF, "current"])
    for name, columns in INDEXES.items():
        _create(name, columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="lead_state")
    op.drop_index("ix_lead_state_as_of", table_name="lead_state")
    _create("ix_lead_state_as_of", AS_OF)


def _create(name: str, columns: list[str]) -> None:
    op.create_index(
        name,
        "lead_state",
        columns,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )
