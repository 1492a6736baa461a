"""Index what stands by day, amount, part and project; the few confidential projects; reports by year.

An index that holds what a sum asks of a row makes the sum without the row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KNOWN = ["day_until", "known_until", "known_from", "district_id", "amount"]
PARTS = ["chain", "node", "anchor"]

NEW = {
    "ix_standing_by_day": ["measure", "day_from", "id", *KNOWN, "project_id"],
    "ix_standing_by_amount": ["measure", "amount", "id", "day_from", "known_until"],
    "ix_standing_of_project": ["project_id", "measure", "day_from", *KNOWN, *PARTS],
    **{f"ix_standing_of_{part}": ["measure", part, "day_from", "id"] for part in PARTS},
}
OLD = {
    "ix_standing_measure_day_from_district_id": ["measure", "day_from", "district_id"],
    "ix_standing_project_id_measure": ["project_id", "measure"],
}


def upgrade() -> None:
    _exchange(OLD, NEW)
    op.create_index(
        "ix_project_confidential",
        "project",
        ["id"],
        sqlite_where=sa.text("confidential = 1"),
        postgresql_where=sa.text("confidential"),
    )
    op.create_index(op.f("ix_project_unit_id_district_id"), "project", ["unit_id", "district_id"])
    op.create_index(op.f("ix_project_above_scale_on"), "project", ["above_scale_on"])
    op.create_index(op.f("ix_monthly_report_year"), "monthly_report", ["year"])


def downgrade() -> None:
    op.drop_index(op.f("ix_monthly_report_year"), table_name="monthly_report")
    op.drop_index(op.f("ix_project_above_scale_on"), table_name="project")
    op.drop_index(op.f("ix_project_unit_id_district_id"), table_name="project")
    op.drop_index("ix_project_confidential", table_name="project")
    _exchange(NEW, OLD)


def _exchange(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in old:
        op.drop_index(name, table_name="standing")
    for name, columns in new.items():
        op.create_index(name, "standing", columns)
