"""Add drafts of forms, first reports and contests of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, sort_text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_draft()
    _create_protection()
    _create_contest()


def downgrade() -> None:
    op.drop_table("contest")
    op.drop_table("protection")
    op.drop_table("form_draft")


def _create_draft() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_form_draft_person_id_key")),
    )
    op.create_index(
        op.f("ix_form_draft_person_id_name_saved_at"),
        "form_draft",
        ["person_id", "name", "saved_at"],
    )
    op.create_index(op.f("ix_form_draft_saved_at"), "form_draft", ["saved_at"])


def _create_protection() -> None:
    op.create_table(
        "protection",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("firm_key", sort_text(120), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_by", BIG, nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserve_until", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("contact_on", sa.Date(), nullable=True),
        sa.Column("holds_until", sa.Date(), nullable=False),
        sa.Column("warn_from", sa.Date(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(length=32), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ending IS NULL) = (ended_on IS NULL)", name=op.f("ck_protection_ended")
        ),
        sa.CheckConstraint(
            "(since IS NULL) = (until IS NULL) AND (until IS NULL) = (contact_on IS NULL)",
            name=op.f("ck_protection_begun"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_protection_company_id")
        ),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_protection_filed_by")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_protection_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection")),
    )
    living = sa.text("ending IS NULL")
    op.create_index(
        "uq_protection_living",
        "protection",
        ["firm_key"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    op.create_index(op.f("ix_protection_company_id"), "protection", ["company_id"])
    op.create_index(op.f("ix_protection_holds_until"), "protection", ["holds_until"])
    op.create_index(op.f("ix_protection_lead_id_id"), "protection", ["lead_id", "id"])


def _create_contest() -> None:
    op.create_table(
        "contest",
        sa.Column("id", BIG, nullable=False),
        sa.Column("protection_id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruling", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("ruled_by", BIG, nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ruling IS NULL) = (ruled_at IS NULL) AND (ruled_at IS NULL) = (ruled_by IS NULL)",
            name=op.f("ck_contest_ruled"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_contest_asked_by")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_contest_lead_id")),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_contest_protection_id")
        ),
        sa.ForeignKeyConstraint(["ruled_by"], ["person.id"], name=op.f("fk_contest_ruled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    still_open = sa.text("ruling IS NULL")
    op.create_index(
        "uq_contest_open",
        "contest",
        ["protection_id", "lead_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(op.f("ix_contest_lead_id"), "contest", ["lead_id"])
