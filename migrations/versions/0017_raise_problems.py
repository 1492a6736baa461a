"""Problems of leads and projects with their answers; a lead knows how many are open and what is due next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


FOREVER = "9999-12-31"


def upgrade() -> None:
    op.create_table(
        "problem",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=True),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.String(length=500), nullable=False),
        sa.Column("department_id", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("solved_note", sa.String(length=500), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lead_id IS NULL) <> (project_id IS NULL)", name=op.f("ck_problem_one_subject")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_problem_author_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["term.id"], name=op.f("fk_problem_department_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_problem_lead_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_problem_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    op.create_index(op.f("ix_problem_department_id"), "problem", ["department_id"])
    op.create_index(op.f("ix_problem_lead_id_due_on"), "problem", ["lead_id", "due_on"])
    op.create_index(op.f("ix_problem_project_id_due_on"), "problem", ["project_id", "due_on"])
    op.create_index(
        op.f("ix_problem_solved_on_due_on_id"), "problem", ["solved_on", "due_on", "id"]
    )
    op.create_table(
        "problem_answer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("problem_id", BIG, nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("said", sa.String(length=1000), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_problem_answer_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problem.id"], name=op.f("fk_problem_answer_problem_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_answer")),
    )
    op.create_index(op.f("ix_problem_answer_problem_id"), "problem_answer", ["problem_id"])
    with op.batch_alter_table("lead") as batch:
        batch.add_column(sa.Column("problems", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("problem_due_on", sa.Date(), nullable=False, server_default=FOREVER)
        )
        batch.create_index(op.f("ix_lead_problem_due_on"), ["problem_due_on"])
    with op.batch_alter_table("lead") as batch:
        batch.alter_column("problems", server_default=None)
        batch.alter_column("problem_due_on", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lead") as batch:
        batch.drop_index(op.f("ix_lead_problem_due_on"))
        batch.drop_column("problem_due_on")
        batch.drop_column("problems")
    op.drop_table("problem_answer")
    op.drop_table("problem")
