"""Create official_day, letter_wishes, letter_line: working days entered, letters as people want them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, sort_text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_day",
        sa.Column("id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_day")),
        sa.UniqueConstraint("day", name=op.f("uq_official_day_day")),
    )
    op.create_table(
        "letter_wishes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("when_empty", sa.Boolean(), nullable=False),
        sa.Column("friday", sa.Boolean(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_wishes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wishes")),
        sa.UniqueConstraint("person_id", name=op.f("uq_letter_wishes_person_id")),
    )
    op.create_table(
        "letter_line",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("part", BIG, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("week", sort_text(8), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_line_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "source", "subject_id", "part", "kind", name=op.f("pk_letter_line")
        ),
    )
    op.create_index(op.f("ix_letter_line_week"), "letter_line", ["week"])


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_line_week"), table_name="letter_line")
    op.drop_table("letter_line")
    op.drop_table("letter_wishes")
    op.drop_table("official_day")
