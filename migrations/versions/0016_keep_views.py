"""Keep views and columns of lists, tag leads; the indexes of the list of leads in any order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = (
    ("amount_low", "id"),
    ("chain_id",),
    ("district_id",),
    ("entered_on",),
    ("model_id",),
    ("moved_on", "id"),
    ("next_step_on", "id"),
    ("node_id",),
    ("pinyin", "id"),
    ("silent_from", "id"),
)
AFTER = (
    *(
        (column, "standing", "id")
        for column in (
            "chain_id", "district_id", "model_id", "node_id", "owner_id", "position", "source_id",
            "stage", "unit_id",
        )
    ),
    *(
        ("standing", "stage", column, "id")
        for column in (
            "amount_low", "entered_on", "moved_on", "next_step_on", "number", "pinyin",
            "silent_from",
        )
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("list_name", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_saved_view_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_person_id"), "saved_view", ["person_id"])
    op.create_index(op.f("ix_saved_view_unit_id"), "saved_view", ["unit_id"])
    op.create_table(
        "list_choice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("list_name", sa.String(length=32), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("view_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_list_choice_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_list_choice_view_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_choice")),
        sa.UniqueConstraint(
            "person_id", "list_name", name=op.f("uq_list_choice_person_id_list_name")
        ),
    )
    op.create_index(op.f("ix_list_choice_view_id"), "list_choice", ["view_id"])
    op.create_table(
        "lead_tag",
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("term_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_tag_lead_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_lead_tag_term_id")),
        sa.PrimaryKeyConstraint("lead_id", "term_id", name=op.f("pk_lead_tag")),
    )
    op.create_index(op.f("ix_lead_tag_term_id"), "lead_tag", ["term_id"])
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)
    op.drop_table("lead_tag")
    op.drop_table("list_choice")
    op.drop_table("saved_view")


def _replace(old: tuple[tuple[str, ...], ...], new: tuple[tuple[str, ...], ...]) -> None:
    for columns in old:
        op.drop_index(_name(columns), "lead")
    for columns in new:
        op.create_index(_name(columns), "lead", list(columns))


def _name(columns: tuple[str, ...]) -> str:
    return op.f(f"ix_lead_{'_'.join(columns)}")
