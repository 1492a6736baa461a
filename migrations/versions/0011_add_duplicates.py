"""Add what duplicates are found by, and fill it: keys of firms, bigrams of names and plans."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, sort_text
from crm.leads.rules.duplicates import content_key
from crm.values.names import core_key, grams

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHUNK = 1000


def upgrade() -> None:
    op.create_table(
        "company_gram",
        sa.Column("gram", sort_text(16), nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_gram_company_id")
        ),
        sa.PrimaryKeyConstraint("gram", "company_id", name=op.f("pk_company_gram")),
    )
    op.create_index(op.f("ix_company_gram_company_id"), "company_gram", ["company_id"])
    op.create_table(
        "lead_gram",
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("gram", sort_text(16), nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_lead_gram_chain_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_gram_lead_id")),
        sa.PrimaryKeyConstraint("chain_id", "gram", "lead_id", name=op.f("pk_lead_gram")),
    )
    op.create_index(op.f("ix_lead_gram_lead_id"), "lead_gram", ["lead_id"])
    for column in ("core_key", "group_key"):
        op.add_column(
            "company", sa.Column(column, sort_text(120), nullable=False, server_default="")
        )
        op.create_index(op.f(f"ix_company_{column}"), "company", [column])
    _create_twin_case()
    _fill_companies(op.get_bind())
    _fill_leads(op.get_bind())


def downgrade() -> None:
    op.drop_table("twin_case")
    for column in ("group_key", "core_key"):
        op.drop_index(op.f(f"ix_company_{column}"), table_name="company")
        op.drop_column("company", column)
    op.drop_index(op.f("ix_lead_gram_lead_id"), table_name="lead_gram")
    op.drop_table("lead_gram")
    op.drop_index(op.f("ix_company_gram_company_id"), table_name="company_gram")
    op.drop_table("company_gram")


def _create_twin_case() -> None:
    op.create_table(
        "twin_case",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", BIG, nullable=False),
        sa.Column("judgement", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("judged_by", BIG, nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(judgement IS NULL) = (judged_at IS NULL) AND (judged_at IS NULL) = (judged_by IS NULL)",
            name=op.f("ck_twin_case_judged"),
        ),
        sa.CheckConstraint("lead_id <> other_id", name=op.f("ck_twin_case_two_leads")),
        sa.ForeignKeyConstraint(["judged_by"], ["person.id"], name=op.f("fk_twin_case_judged_by")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_twin_case_lead_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_twin_case_opened_by")),
        sa.ForeignKeyConstraint(["other_id"], ["lead.id"], name=op.f("fk_twin_case_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twin_case")),
        sa.UniqueConstraint("lead_id", "other_id", name=op.f("uq_twin_case_lead_id_other_id")),
    )
    still_open = sa.text("judgement IS NULL")
    op.create_index(
        "ix_twin_case_open",
        "twin_case",
        ["opened_at", "id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(op.f("ix_twin_case_other_id"), "twin_case", ["other_id"])


def _fill_companies(connection: sa.Connection) -> None:
    company = _table("company", "id", "name", "group_name", "core_key", "group_key")
    gram = _table("company_gram", "gram", "company_id")
    rows = connection.execute(
        sa.select(company.c.id, company.c.name, company.c.group_name).order_by(company.c.id)
    ).all()
    for some in _chunks(rows):
        keys = [
            {
                "row": number,
                "core": core_key(name)[:120],
                "group": core_key(group)[:120] if group else "",
            }
            for number, name, group in some
        ]
        connection.execute(
            sa.update(company)
            .where(company.c.id == sa.bindparam("row"))
            .values(core_key=sa.bindparam("core"), group_key=sa.bindparam("group")),
            keys,
        )
        found = [
            {"gram": one, "company_id": key["row"]} for key in keys for one in grams(key["core"])
        ]
        if found:
            connection.execute(sa.insert(gram), found)


def _fill_leads(connection: sa.Connection) -> None:
    lead = _table("lead", "id", "chain_id", "content")
    gram = _table("lead_gram", "chain_id", "gram", "lead_id")
    rows = connection.execute(
        sa.select(lead.c.id, lead.c.chain_id, lead.c.content)
        .where(lead.c.chain_id.is_not(None))
        .order_by(lead.c.id)
    ).all()
    for some in _chunks(rows):
        found = [
            {"chain_id": chain, "gram": one, "lead_id": number}
            for number, chain, text in some
            for one in grams(content_key(text))
        ]
        if found:
            connection.execute(sa.insert(gram), found)


def _table(name: str, *columns: str) -> Any:
    return sa.table(name, *(sa.column(column) for column in columns))


def _chunks(rows: Any) -> list[Any]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
