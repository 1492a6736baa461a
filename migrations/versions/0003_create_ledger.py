"""Create the ledger: monthly reports, receipts with steps and papers, published figures; and their guards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core import guards
from crm.core.columns import BIG, sort_text
from crm.ledger.triggers import GUARDS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_funds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("cumulative", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cumulative >= 0", name=op.f("ck_published_funds_cumulative")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_published_funds_month")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_published_funds_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_published_funds_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_funds")),
        sa.UniqueConstraint(
            "year", "month", "district_id", name=op.f("uq_published_funds_year_month_district_id")
        ),
    )
    op.create_table(
        "monthly_report",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_monthly_report_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_monthly_report_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_report")),
        sa.UniqueConstraint(
            "project_id", "year", "month", name=op.f("uq_monthly_report_project_id_year_month")
        ),
    )
    op.create_table(
        "receipt",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sort_text(20), nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("rate_rule", sa.String(length=32), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("payer", sa.String(length=120), nullable=False),
        sa.Column("fiscal", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("why_late", sa.String(length=300), nullable=False),
        sa.Column("why_above", sa.String(length=300), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reported_by", BIG, nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", BIG, nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", BIG, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owed_until", sa.Date(), nullable=False),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("demo_note", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(currency = 'CNY') = (rate IS NULL) AND (rate IS NULL) = (rate_rule IS NULL)",
            name=op.f("ck_receipt_rate"),
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL) "
            "AND (confirmed_at IS NULL) = (confirmed_by IS NULL) "
            "AND (confirmed_by IS NULL OR reviewed_by IS NOT NULL)",
            name=op.f("ck_receipt_confirmed"),
        ),
        sa.CheckConstraint("(reverses_id IS NULL) = (amount > 0)", name=op.f("ck_receipt_sign")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_receipt_amount")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> reported_by AND confirmed_by <> reviewed_by)",
            name=op.f("ck_receipt_confirmer"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_receipt_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_receipt_project_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["monthly_report.id"], name=op.f("fk_receipt_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.id"], name=op.f("fk_receipt_reported_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["receipt.id"], name=op.f("fk_receipt_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["person.id"], name=op.f("fk_receipt_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_receipt_number")),
    )
    op.create_index(
        op.f("ix_receipt_project_id_arrived_on_id"),
        "receipt",
        ["project_id", "arrived_on", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_receipt_report_id"), "receipt", ["report_id"], unique=False)
    op.create_index(
        op.f("ix_receipt_state_reported_at_id"),
        "receipt",
        ["state", "reported_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_receipt_reverses",
        "receipt",
        ["reverses_id"],
        unique=True,
        sqlite_where=sa.text("state != 'withdrawn'"),
        postgresql_where=sa.text("state != 'withdrawn'"),
    )
    op.create_table(
        "receipt_paper",
        sa.Column("id", BIG, nullable=False),
        sa.Column("receipt_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("attachment_id", BIG, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("given_by", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_receipt_paper_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["person.id"], name=op.f("fk_receipt_paper_given_by")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_paper_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_paper")),
    )
    op.create_index(
        op.f("ix_receipt_paper_receipt_id_id"), "receipt_paper", ["receipt_id", "id"], unique=False
    )
    op.create_table(
        "receipt_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("receipt_id", BIG, nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_receipt_step_by_id")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_step_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_step")),
    )
    op.create_index(
        op.f("ix_receipt_step_receipt_id_id"), "receipt_step", ["receipt_id", "id"], unique=False
    )
    guards.create(op.get_bind(), GUARDS)


def downgrade() -> None:
    guards.drop(op.get_bind(), GUARDS)
    op.drop_index(op.f("ix_receipt_step_receipt_id_id"), table_name="receipt_step")
    op.drop_table("receipt_step")
    op.drop_index(op.f("ix_receipt_paper_receipt_id_id"), table_name="receipt_paper")
    op.drop_table("receipt_paper")
    op.drop_index(
        "uq_receipt_reverses",
        table_name="receipt",
        sqlite_where=sa.text("state != 'withdrawn'"),
        postgresql_where=sa.text("state != 'withdrawn'"),
    )
    op.drop_index(op.f("ix_receipt_state_reported_at_id"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_report_id"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_project_id_arrived_on_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_table("monthly_report")
    op.drop_table("published_funds")
