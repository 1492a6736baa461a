"""Create assessment_share: a project shared between districts, for assessment alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_share",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 9999", name=op.f("ck_assessment_share_share")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_assessment_share_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_assessment_share_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_share")),
        sa.UniqueConstraint(
            "project_id", "district_id", name=op.f("uq_assessment_share_project_id_district_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("assessment_share")
