"""What counting looks at of projects: moves, fiscal parts, increments, earlier signings, the funds plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_funds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_planned_funds_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_funds")),
        sa.UniqueConstraint("project_id", "year", name=op.f("uq_planned_funds_project_id_year")),
    )
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("fiscal_in_phase_one", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("increment", sa.BigInteger(), nullable=True))
        batch.add_column(
            sa.Column("inside_old_plant", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("moved_from", sa.String(length=32), nullable=True))
        batch.add_column(
            sa.Column("plan_why", sa.String(length=200), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("earlier_signing_id", BIG, nullable=True))
        batch.create_foreign_key(
            op.f("fk_project_earlier_signing_id"), "project", ["earlier_signing_id"], ["id"]
        )
        batch.create_index(op.f("ix_project_earlier_signing_id"), ["earlier_signing_id"])
    with op.batch_alter_table("project") as batch:
        batch.alter_column("inside_old_plant", server_default=None)
        batch.alter_column("plan_why", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("project") as batch:
        batch.drop_index(op.f("ix_project_earlier_signing_id"))
        batch.drop_constraint(op.f("fk_project_earlier_signing_id"), type_="foreignkey")
        for name in (
            "earlier_signing_id",
            "plan_why",
            "moved_from",
            "inside_old_plant",
            "increment",
            "fiscal_in_phase_one",
        ):
            batch.drop_column(name)
    op.drop_table("planned_funds")
