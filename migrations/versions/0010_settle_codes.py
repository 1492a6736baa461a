"""A credit code owed by a project and known of its company is settled in the row that says it is owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.clock import day_of
from crm.core.columns import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OWED = sa.table(
    "owed_evidence",
    sa.column("id", sa.BigInteger()),
    sa.column("project_id", sa.BigInteger()),
    sa.column("demand", sa.String()),
    sa.column("settled_on", sa.Date()),
    sa.column("recorded_at", Moment()),
)
PROJECT = sa.table(
    "project",
    sa.column("id", sa.BigInteger()),
    sa.column("company_id", sa.BigInteger()),
    sa.column("signing_party", sa.String()),
)
COMPANY = sa.table(
    "company",
    sa.column("id", sa.BigInteger()),
    sa.column("name", sa.String()),
    sa.column("credit_code", sa.String()),
)


def upgrade() -> None:
    """Until now it was asked of the company each time; when it became known was not kept.

    So it is settled on the day that it was recorded as owed.
    """
    known = (
        sa.select(OWED.c.id, OWED.c.recorded_at)
        .join(PROJECT, PROJECT.c.id == OWED.c.project_id)
        .join(COMPANY, COMPANY.c.id == PROJECT.c.company_id)
        .where(
            OWED.c.demand == "credit_code",
            OWED.c.settled_on.is_(None),
            COMPANY.c.credit_code.is_not(None),
            COMPANY.c.name == PROJECT.c.signing_party,
        )
    )
    connection = op.get_bind()
    for number, recorded_at in connection.execute(known).all():
        connection.execute(
            sa.update(OWED).where(OWED.c.id == number).values(settled_on=day_of(recorded_at))
        )


def downgrade() -> None:
    """What is settled stays so."""
