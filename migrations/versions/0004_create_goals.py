"""Create goals, their parts, and the figures reported of them; and their guards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core import guards
from crm.core.columns import BIG, sort_text
from crm.goals.triggers import GUARDS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key", sort_text(40), nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("comparator", sa.String(length=32), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=30), nullable=False),
        sa.Column("strength", sa.String(length=10), nullable=False),
        sa.Column("measured", sa.String(length=32), nullable=False),
        sa.Column("quote", sa.String(length=200), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("demo_note", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("target >= 0", name=op.f("ck_goal_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("year", "key", name=op.f("uq_goal_year_key")),
    )
    op.create_table(
        "goal_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("goal_id", BIG, nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_goal_part_amount")),
        sa.CheckConstraint("month BETWEEN 0 AND 12", name=op.f("ck_goal_part_month")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_goal_part_district_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_part_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_part")),
        sa.UniqueConstraint(
            "goal_id", "district_id", "month", name=op.f("uq_goal_part_goal_id_district_id_month")
        ),
    )
    op.create_table(
        "reported_figure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("goal_id", BIG, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reported_by", BIG, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demo_note", sa.String(length=60), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_reported_figure_month")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_reported_figure_goal_id")),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.id"], name=op.f("fk_reported_figure_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
    )
    op.create_index(
        op.f("ix_reported_figure_goal_id_month_id"),
        "reported_figure",
        ["goal_id", "month", "id"],
        unique=False,
    )
    guards.create(op.get_bind(), GUARDS)


def downgrade() -> None:
    guards.drop(op.get_bind(), GUARDS)
    op.drop_index(op.f("ix_reported_figure_goal_id_month_id"), table_name="reported_figure")
    op.drop_table("reported_figure")
    op.drop_table("goal_part")
    op.drop_table("goal")
