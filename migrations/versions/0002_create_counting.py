"""Create what counts: rule sets, books, facts, decisions, what stands and its sums; and their guards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core import guards
from crm.core.columns import BIG, sort_text
from crm.counting.triggers import GUARDS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counted_project",
        sa.Column("project_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_counted_project")),
    )
    op.create_table(
        "counting_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recounted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting_head")),
    )
    op.create_table(
        "counted_receipt",
        sa.Column("receipt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["counted_project.project_id"],
            name=op.f("fk_counted_receipt_project_id"),
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_counted_receipt")),
    )
    op.create_index(
        op.f("ix_counted_receipt_project_id"), "counted_receipt", ["project_id"], unique=False
    )
    op.create_table(
        "book_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("month BETWEEN 0 AND 12", name=op.f("ck_book_event_month")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_book_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_event")),
    )
    op.create_index(op.f("ix_book_event_year"), "book_event", ["year"], unique=False)
    op.create_table(
        "day_sum",
        sa.Column("measure", sort_text(32), nullable=False),
        sa.Column("dimension", sort_text(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sort_text(40), nullable=False),
        sa.Column("district_id", BIG, autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_day_sum_district_id")
        ),
        sa.PrimaryKeyConstraint(
            "measure", "dimension", "day", "key", "district_id", name=op.f("pk_day_sum")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "month_sum",
        sa.Column("measure", sort_text(32), nullable=False),
        sa.Column("dimension", sort_text(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sort_text(40), nullable=False),
        sa.Column("district_id", BIG, autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_month_sum_district_id")
        ),
        sa.PrimaryKeyConstraint(
            "measure", "dimension", "day", "key", "district_id", name=op.f("pk_month_sum")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rule_set",
        sa.Column("id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_rule_set_created_by")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_rule_set_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_rule_set_year_number")),
    )
    op.create_table(
        "standing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("day_from", sa.Date(), nullable=False),
        sa.Column("day_until", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("cluster", sort_text(20), nullable=False),
        sa.Column("chain", sort_text(20), nullable=False),
        sa.Column("node", sort_text(20), nullable=False),
        sa.Column("position", sort_text(32), nullable=False),
        sa.Column("model", sort_text(20), nullable=False),
        sa.Column("anchor", sort_text(40), nullable=False),
        sa.Column("origin", sort_text(32), nullable=False),
        sa.Column("cohort", sort_text(32), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_standing_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    op.create_index(
        op.f("ix_standing_measure_day_from_district_id"),
        "standing",
        ["measure", "day_from", "district_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_standing_project_id_measure"), "standing", ["project_id", "measure"], unique=False
    )
    op.create_index(
        op.f("ix_standing_subject_subject_id_known_until"),
        "standing",
        ["subject", "subject_id", "known_until"],
        unique=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("rules_of", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", BIG, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("stands_on", sa.Date(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("terminated_later", sa.Boolean(), nullable=False),
        sa.Column("owed", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["rule_set.id"], name=op.f("fk_decision_rule_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_project_id"), "decision", ["project_id"], unique=False)
    op.create_index(
        op.f("ix_decision_subject_subject_id_id"),
        "decision",
        ["subject", "subject_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_decision_current",
        "decision",
        ["subject", "subject_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at = '9999-12-31 00:00:00.000000'"),
        postgresql_where=sa.text("replaced_at = '9999-12-31 00:00:00+00'"),
    )
    guards.create(op.get_bind(), GUARDS)


def downgrade() -> None:
    guards.drop(op.get_bind(), GUARDS)
    op.drop_index(
        "uq_decision_current",
        table_name="decision",
        sqlite_where=sa.text("replaced_at = '9999-12-31 00:00:00.000000'"),
        postgresql_where=sa.text("replaced_at = '9999-12-31 00:00:00+00'"),
    )
    op.drop_index(op.f("ix_decision_subject_subject_id_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_project_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_standing_subject_subject_id_known_until"), table_name="standing")
    op.drop_index(op.f("ix_standing_project_id_measure"), table_name="standing")
    op.drop_index(op.f("ix_standing_measure_day_from_district_id"), table_name="standing")
    op.drop_table("standing")
    op.drop_table("rule_set")
    op.drop_table("month_sum")
    op.drop_table("day_sum")
    op.drop_index(op.f("ix_book_event_year"), table_name="book_event")
    op.drop_table("book_event")
    op.drop_index(op.f("ix_counted_receipt_project_id"), table_name="counted_receipt")
    op.drop_table("counted_receipt")
    op.drop_table("counting_head")
    op.drop_table("counted_project")
