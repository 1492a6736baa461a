"""Create the house: every table of the first release, and the triggers that keep the audit append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.audit.triggers import create_triggers, drop_triggers
from crm.core.columns import BIG, sort_text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attraction_model",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("anchor", sa.String(length=32), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraction_model")),
        sa.UniqueConstraint("code", name=op.f("uq_attraction_model_code")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=60), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("row_kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_actor_id_id"), "audit_entry", ["actor_id", "id"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_row_kind_row_id_id"),
        "audit_entry",
        ["row_kind", "row_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_entry_subject_kind_subject_id_id"),
        "audit_entry",
        ["subject_kind", "subject_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_entry_transaction_id"), "audit_entry", ["transaction_id"], unique=False
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seals", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("transaction_id", sa.String(length=32), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_audit_seal_transaction_id")),
    )
    op.create_table(
        "cluster",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("tier", sa.String(length=30), nullable=False),
        sa.Column("tier_en", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("name", "first_year", name=op.f("uq_cluster_name_first_year")),
    )
    op.create_table(
        "division",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("full_name_en", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division")),
    )
    op.create_table(
        "form_key",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_key")),
    )
    op.create_index(op.f("ix_form_key_used_at"), "form_key", ["used_at"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "park",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park")),
        sa.UniqueConstraint("name", name=op.f("uq_park_name")),
    )
    op.create_table(
        "setting",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sort_text(60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", BIG, nullable=False),
        sa.Column("username", sort_text(60), nullable=False),
        sa.Column("place", sort_text(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("username", "place", name=op.f("uq_sign_in_attempt_username_place")),
    )
    op.create_index(op.f("ix_sign_in_attempt_last"), "sign_in_attempt", ["last"], unique=False)
    op.create_table(
        "term",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_term_kind_code")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_term_kind_name")),
    )
    op.create_index(
        op.f("ix_term_kind_active_sort"), "term", ["kind", "active", "sort"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("path", sort_text(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "chain",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cluster_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_chain_cluster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
        sa.UniqueConstraint("name", "first_year", name=op.f("uq_chain_name_first_year")),
    )
    op.create_index(op.f("ix_chain_cluster_id"), "chain", ["cluster_id"], unique=False)
    op.create_table(
        "company",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sort_text(120), nullable=False),
        sa.Column("search_text", sort_text(300), nullable=False),
        sa.Column("pinyin", sort_text(600), nullable=False),
        sa.Column("initials", sort_text(300), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=True),
        sa.Column("group_name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("demo_note", sa.String(length=60), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["division.code"], name=op.f("fk_company_division_code")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_company_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_company_credit_code")),
    )
    op.create_index(op.f("ix_company_name_key"), "company", ["name_key"], unique=False)
    op.create_index(op.f("ix_company_pinyin_id"), "company", ["pinyin", "id"], unique=False)
    op.create_index(op.f("ix_company_public"), "company", ["public"], unique=False)
    op.create_index(op.f("ix_company_unit_id"), "company", ["unit_id"], unique=False)
    op.create_table(
        "district",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("short_names", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_district_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
        sa.UniqueConstraint("name", name=op.f("uq_district_name")),
    )
    op.create_index(op.f("ix_district_unit_id"), "district", ["unit_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("username", sort_text(60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_pinyin", sort_text(400), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    op.create_index(op.f("ix_person_unit_id_active"), "person", ["unit_id", "active"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("uploaded_by", BIG, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_attachment_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"], unique=False)
    op.create_index(
        op.f("ix_attachment_subject_kind_subject_id"),
        "attachment",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "chain_node",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_chain_node_chain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_node")),
        sa.UniqueConstraint(
            "chain_id", "name", "first_year", name=op.f("uq_chain_node_chain_id_name_first_year")
        ),
    )
    op.create_index(op.f("ix_chain_node_chain_id"), "chain_node", ["chain_id"], unique=False)
    op.create_table(
        "company_person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_person_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_person")),
    )
    op.create_index(
        op.f("ix_company_person_company_id"), "company_person", ["company_id"], unique=False
    )
    op.create_table(
        "company_share",
        sa.Column("id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("via_kind", sa.String(length=16), nullable=False),
        sa.Column("via_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_share_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_company_share_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_company_share_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_share")),
    )
    op.create_index(
        op.f("ix_company_share_company_id_person_id"),
        "company_share",
        ["company_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_company_share_company_id_unit_id"),
        "company_share",
        ["company_id", "unit_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_company_share_via_kind_via_id"),
        "company_share",
        ["via_kind", "via_id"],
        unique=False,
    )
    op.create_table(
        "company_size",
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("term_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_size_company_id")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_company_size_term_id")),
        sa.PrimaryKeyConstraint("company_id", "term_id", name=op.f("pk_company_size")),
    )
    op.create_index(op.f("ix_company_size_term_id"), "company_size", ["term_id"], unique=False)
    op.create_table(
        "head_firm",
        sa.Column("id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("cluster_id", BIG, nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("rank_source", sa.String(length=100), nullable=False),
        sa.Column("responsible_leader", sa.String(length=60), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("high_level_contact_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_head_firm_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_head_firm_company_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_head_firm_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_firm")),
        sa.UniqueConstraint("company_id", name=op.f("uq_head_firm_company_id")),
    )
    op.create_index(op.f("ix_head_firm_cluster_id"), "head_firm", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_head_firm_owner_id"), "head_firm", ["owner_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_known_device_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint(
            "person_id", "device_hash", name=op.f("uq_known_device_person_id_device_hash")
        ),
    )
    op.create_table(
        "park_district",
        sa.Column("park_id", BIG, nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_park_district_district_id")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_park_district_park_id")),
        sa.PrimaryKeyConstraint("park_id", "district_id", name=op.f("pk_park_district")),
    )
    op.create_index(
        op.f("ix_park_district_district_id"), "park_district", ["district_id"], unique=False
    )
    op.create_table(
        "scenario",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("cluster_id", BIG, nullable=True),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("volume", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("district_id", BIG, nullable=True),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_scenario_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_scenario_district_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_scenario_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("title", name=op.f("uq_scenario_title")),
    )
    op.create_index(op.f("ix_scenario_cluster_id"), "scenario", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_scenario_owner_id"), "scenario", ["owner_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "support_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("supporter_id", BIG, nullable=False),
        sa.Column("leader_id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("supplies", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_support_link_chain_id")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["company.id"], name=op.f("fk_support_link_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["company.id"], name=op.f("fk_support_link_supporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_link")),
        sa.UniqueConstraint(
            "supporter_id",
            "leader_id",
            "chain_id",
            name=op.f("uq_support_link_supporter_id_leader_id_chain_id"),
        ),
    )
    op.create_index(op.f("ix_support_link_leader_id"), "support_link", ["leader_id"], unique=False)
    op.create_table(
        "chain_position",
        sa.Column("id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("chain_id", BIG, nullable=False),
        sa.Column("node_id", BIG, nullable=True),
        sa.Column("position", sa.String(length=32), nullable=False),
        sa.Column("recognised_by", sa.String(length=100), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["chain.id"], name=op.f("fk_chain_position_chain_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_chain_position_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["chain_node.id"], name=op.f("fk_chain_position_node_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_position")),
    )
    op.create_index(
        op.f("ix_chain_position_chain_id_position"),
        "chain_position",
        ["chain_id", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_chain_position_company_id"), "chain_position", ["company_id"], unique=False
    )
    op.create_index(op.f("ix_chain_position_node_id"), "chain_position", ["node_id"], unique=False)
    op.create_table(
        "lead",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sort_text(20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("pinyin", sort_text(600), nullable=False),
        sa.Column("initials", sort_text(300), nullable=False),
        sa.Column("search_text", sort_text(300), nullable=False),
        sa.Column("company_id", BIG, nullable=True),
        sa.Column("content", sa.String(length=300), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_title", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("chain_id", BIG, nullable=True),
        sa.Column("node_id", BIG, nullable=True),
        sa.Column("position", sa.String(length=32), nullable=True),
        sa.Column("effect", sa.String(length=32), nullable=True),
        sa.Column("brought_by_id", BIG, nullable=True),
        sa.Column("model_id", BIG, nullable=True),
        sa.Column("head_firm_id", BIG, nullable=True),
        sa.Column("scenario_id", BIG, nullable=True),
        sa.Column("source_id", BIG, nullable=True),
        sa.Column("introducer", sa.String(length=100), nullable=False),
        sa.Column("responsible_leader", sa.String(length=60), nullable=False),
        sa.Column("district_id", BIG, nullable=True),
        sa.Column("park_id", BIG, nullable=True),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("amount_low", sa.BigInteger(), nullable=False),
        sa.Column("amount_high", sa.BigInteger(), nullable=True),
        sa.Column("amount_known", sa.Boolean(), nullable=False),
        sa.Column("amount_estimated", sa.Boolean(), nullable=False),
        sa.Column("land_mu", sa.Integer(), nullable=True),
        sa.Column("floor_m2", sa.Integer(), nullable=True),
        sa.Column("water_t_day", sa.Integer(), nullable=True),
        sa.Column("power_kva", sa.Integer(), nullable=True),
        sa.Column("energy_tce", sa.Integer(), nullable=True),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("needs_note", sa.String(length=300), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("standing_until", sa.Date(), nullable=True),
        sa.Column("standing_reason_id", BIG, nullable=True),
        sa.Column("competing_place", sa.String(length=60), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=False),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("silent_from", sa.Date(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("contacted_first", sa.Date(), nullable=True),
        sa.Column("negotiating_first", sa.Date(), nullable=True),
        sa.Column("drafted_first", sa.Date(), nullable=True),
        sa.Column("signed_first", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["company.id"], name=op.f("fk_lead_brought_by_id")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_lead_chain_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_lead_company_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_lead_created_by")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_lead_district_id")),
        sa.ForeignKeyConstraint(
            ["head_firm_id"], ["head_firm.id"], name=op.f("fk_lead_head_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["attraction_model.id"], name=op.f("fk_lead_model_id")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["chain_node.id"], name=op.f("fk_lead_node_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_lead_owner_id")),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_lead_park_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_lead_scenario_id")),
        sa.ForeignKeyConstraint(["source_id"], ["term.id"], name=op.f("fk_lead_source_id")),
        sa.ForeignKeyConstraint(
            ["standing_reason_id"], ["term.id"], name=op.f("fk_lead_standing_reason_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_lead_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("number", name=op.f("uq_lead_number")),
    )
    op.create_index(op.f("ix_lead_amount_low_id"), "lead", ["amount_low", "id"], unique=False)
    op.create_index(op.f("ix_lead_brought_by_id"), "lead", ["brought_by_id"], unique=False)
    op.create_index(op.f("ix_lead_chain_id"), "lead", ["chain_id"], unique=False)
    op.create_index(op.f("ix_lead_company_id"), "lead", ["company_id"], unique=False)
    op.create_index(op.f("ix_lead_district_id"), "lead", ["district_id"], unique=False)
    op.create_index(op.f("ix_lead_entered_on"), "lead", ["entered_on"], unique=False)
    op.create_index(op.f("ix_lead_head_firm_id"), "lead", ["head_firm_id"], unique=False)
    op.create_index(op.f("ix_lead_model_id"), "lead", ["model_id"], unique=False)
    op.create_index(op.f("ix_lead_moved_on_id"), "lead", ["moved_on", "id"], unique=False)
    op.create_index(op.f("ix_lead_next_step_on_id"), "lead", ["next_step_on", "id"], unique=False)
    op.create_index(op.f("ix_lead_node_id"), "lead", ["node_id"], unique=False)
    op.create_index(
        op.f("ix_lead_owner_id_standing_next_step_on"),
        "lead",
        ["owner_id", "standing", "next_step_on"],
        unique=False,
    )
    op.create_index(op.f("ix_lead_pinyin_id"), "lead", ["pinyin", "id"], unique=False)
    op.create_index(op.f("ix_lead_scenario_id"), "lead", ["scenario_id"], unique=False)
    op.create_index(op.f("ix_lead_silent_from_id"), "lead", ["silent_from", "id"], unique=False)
    op.create_index(
        op.f("ix_lead_unit_id_standing_stage"),
        "lead",
        ["unit_id", "standing", "stage"],
        unique=False,
    )
    op.create_table(
        "node_year",
        sa.Column("id", BIG, nullable=False),
        sa.Column("node_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["chain_node.id"], name=op.f("fk_node_year_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_year")),
        sa.UniqueConstraint("node_id", "year", name=op.f("uq_node_year_node_id_year")),
    )
    op.create_table(
        "scenario_match",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scenario_id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("matched_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_scenario_match_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_match_scenario_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_match")),
    )
    op.create_index(
        op.f("ix_scenario_match_scenario_id"), "scenario_match", ["scenario_id"], unique=False
    )
    op.create_table(
        "agreement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("party", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_agreement_lead_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_agreement_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_lead_id"), "agreement", ["lead_id"], unique=False)
    op.create_table(
        "appraisal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", BIG, nullable=False),
        sa.Column("industry", sa.String(length=300), nullable=False),
        sa.Column("land", sa.String(length=300), nullable=False),
        sa.Column("energy", sa.String(length=300), nullable=False),
        sa.Column("environment", sa.String(length=300), nullable=False),
        sa.Column("due_diligence", sa.String(length=300), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_appraisal_decided_by")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_appraisal_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
    )
    op.create_index(op.f("ix_appraisal_lead_id"), "appraisal", ["lead_id"], unique=False)
    op.create_table(
        "lead_collaborator",
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name=op.f("fk_lead_collaborator_lead_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lead_collaborator_person_id")
        ),
        sa.PrimaryKeyConstraint("lead_id", "person_id", name=op.f("pk_lead_collaborator")),
    )
    op.create_index(
        op.f("ix_lead_collaborator_person_id"), "lead_collaborator", ["person_id"], unique=False
    )
    op.create_table(
        "lead_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("stage_from", sa.String(length=32), nullable=True),
        sa.Column("stage_to", sa.String(length=32), nullable=True),
        sa.Column("reason_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_event_lead_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lead_event_person_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["term.id"], name=op.f("fk_lead_event_reason_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_event")),
    )
    op.create_index(op.f("ix_lead_event_kind_day"), "lead_event", ["kind", "day"], unique=False)
    op.create_index(
        op.f("ix_lead_event_lead_id_day"), "lead_event", ["lead_id", "day"], unique=False
    )
    op.create_table(
        "lead_model",
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("model_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_model_lead_id")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["attraction_model.id"], name=op.f("fk_lead_model_model_id")
        ),
        sa.PrimaryKeyConstraint("lead_id", "model_id", name=op.f("pk_lead_model")),
    )
    op.create_index(op.f("ix_lead_model_model_id"), "lead_model", ["model_id"], unique=False)
    op.create_table(
        "lead_state",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=False),
        sa.Column("day_from", sa.Date(), nullable=False),
        sa.Column("day_until", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("district_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=True),
        sa.Column("node_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(length=32), nullable=True),
        sa.Column("model_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_state_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_state")),
    )
    op.create_index(
        "ix_lead_state_as_of",
        "lead_state",
        [
            "day_until",
            "day_from",
            "stage",
            "standing",
            "district_id",
            "unit_id",
            "model_id",
            "position",
            "lead_id",
            "amount",
        ],
        unique=False,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_index(
        op.f("ix_lead_state_lead_id_day_from"), "lead_state", ["lead_id", "day_from"], unique=False
    )
    op.create_index(
        "uq_lead_state_current_from",
        "lead_state",
        ["lead_id", "day_from"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_index(
        "uq_lead_state_current_open",
        "lead_state",
        ["lead_id"],
        unique=True,
        sqlite_where=sa.text("current AND day_until = '9999-12-31'"),
        postgresql_where=sa.text("current AND day_until = '9999-12-31'"),
    )
    op.create_table(
        "project",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sort_text(20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("pinyin", sort_text(800), nullable=False),
        sa.Column("initials", sort_text(400), nullable=False),
        sa.Column("search_text", sort_text(300), nullable=False),
        sa.Column("content", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("origin_note", sa.String(length=200), nullable=False),
        sa.Column("lead_id", BIG, nullable=True),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("construction", sa.String(length=32), nullable=False),
        sa.Column("funding", sa.String(length=32), nullable=False),
        sa.Column("agreed", sa.BigInteger(), nullable=False),
        sa.Column("phase_one", sa.BigInteger(), nullable=True),
        sa.Column("fixed_asset", sa.BigInteger(), nullable=True),
        sa.Column("fiscal", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signing_party", sa.String(length=120), nullable=False),
        sa.Column("signing_country", sa.String(length=2), nullable=False),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("planned_commissioning", sa.Date(), nullable=True),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("park_id", BIG, nullable=True),
        sa.Column("chain_id", BIG, nullable=True),
        sa.Column("node_id", BIG, nullable=True),
        sa.Column("position", sa.String(length=32), nullable=True),
        sa.Column("effect", sa.String(length=32), nullable=True),
        sa.Column("model_id", BIG, nullable=True),
        sa.Column("head_firm_id", BIG, nullable=True),
        sa.Column("scenario_id", BIG, nullable=True),
        sa.Column("brought_by_id", BIG, nullable=True),
        sa.Column("responsible_leader", sa.String(length=60), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("filing_code", sa.String(length=60), nullable=False),
        sa.Column("statistics_code", sa.String(length=60), nullable=False),
        sa.Column("statistics_on", sa.Date(), nullable=True),
        sa.Column("above_scale_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=False),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=False),
        sa.Column("termination_reason_id", BIG, nullable=True),
        sa.Column("demo_note", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["company.id"], name=op.f("fk_project_brought_by_id")
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_project_chain_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_project_company_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_project_created_by")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_project_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["head_firm_id"], ["head_firm.id"], name=op.f("fk_project_head_firm_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_project_lead_id")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["attraction_model.id"], name=op.f("fk_project_model_id")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["chain_node.id"], name=op.f("fk_project_node_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_project_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["project.id"], name=op.f("fk_project_parent_id")),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_project_park_id")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_project_scenario_id")
        ),
        sa.ForeignKeyConstraint(
            ["termination_reason_id"], ["term.id"], name=op.f("fk_project_termination_reason_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("number", name=op.f("uq_project_number")),
    )
    op.create_index(op.f("ix_project_agreed_id"), "project", ["agreed", "id"], unique=False)
    op.create_index(op.f("ix_project_brought_by_id"), "project", ["brought_by_id"], unique=False)
    op.create_index(op.f("ix_project_chain_id"), "project", ["chain_id"], unique=False)
    op.create_index(op.f("ix_project_company_id"), "project", ["company_id"], unique=False)
    op.create_index(
        op.f("ix_project_district_id_id"), "project", ["district_id", "id"], unique=False
    )
    op.create_index(op.f("ix_project_head_firm_id"), "project", ["head_firm_id"], unique=False)
    op.create_index(op.f("ix_project_lead_id"), "project", ["lead_id"], unique=False)
    op.create_index(op.f("ix_project_node_id"), "project", ["node_id"], unique=False)
    op.create_index(op.f("ix_project_owner_id"), "project", ["owner_id"], unique=False)
    op.create_index(op.f("ix_project_parent_id"), "project", ["parent_id"], unique=False)
    op.create_index(op.f("ix_project_pinyin_id"), "project", ["pinyin", "id"], unique=False)
    op.create_index(op.f("ix_project_scenario_id"), "project", ["scenario_id"], unique=False)
    op.create_index(op.f("ix_project_signed_on_id"), "project", ["signed_on", "id"], unique=False)
    op.create_index(op.f("ix_project_unit_id_id"), "project", ["unit_id", "id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", BIG, nullable=False),
        sa.Column("lead_id", BIG, nullable=True),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("who_went", sa.String(length=200), nullable=False),
        sa.Column("with_whom", sa.String(length=200), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(lead_id IS NULL) <> (project_id IS NULL)", name=op.f("ck_activity_one_subject")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_activity_author_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_activity_lead_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_activity_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_author_id_held_on"), "activity", ["author_id", "held_on"], unique=False
    )
    op.create_index(
        op.f("ix_activity_lead_id_held_on"), "activity", ["lead_id", "held_on"], unique=False
    )
    op.create_index(
        op.f("ix_activity_project_id_held_on"), "activity", ["project_id", "held_on"], unique=False
    )
    op.create_table(
        "owed_evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("milestone", sa.String(length=32), nullable=False),
        sa.Column("demand", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_owed_evidence_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_evidence")),
        sa.UniqueConstraint(
            "project_id", "demand", name=op.f("uq_owed_evidence_project_id_demand")
        ),
    )
    op.create_index(
        op.f("ix_owed_evidence_settled_on_due_on"),
        "owed_evidence",
        ["settled_on", "due_on"],
        unique=False,
    )
    op.create_table(
        "permit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("department_id", BIG, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["term.id"], name=op.f("fk_permit_department_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_permit_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sa.UniqueConstraint("project_id", "kind", name=op.f("uq_permit_project_id_kind")),
    )
    op.create_table(
        "project_milestone",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("milestone", sa.String(length=32), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_by", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.String(length=500), nullable=False),
        sa.Column("registered_name", sa.String(length=120), nullable=False),
        sa.Column("registered_code", sa.String(length=18), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        sa.Column("recognised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recognised_by", BIG, nullable=True),
        sa.Column("department_id", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["term.id"], name=op.f("fk_project_milestone_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_milestone_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["recognised_by"], ["person.id"], name=op.f("fk_project_milestone_recognised_by")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.id"], name=op.f("fk_project_milestone_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_milestone")),
        sa.UniqueConstraint(
            "project_id", "milestone", name=op.f("uq_project_milestone_project_id_milestone")
        ),
    )
    op.create_index(
        op.f("ix_project_milestone_milestone_reported_on"),
        "project_milestone",
        ["milestone", "reported_on"],
        unique=False,
    )
    op.create_table(
        "project_tag",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("term_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_tag_project_id")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_project_tag_term_id")),
        sa.PrimaryKeyConstraint("project_id", "term_id", name=op.f("pk_project_tag")),
    )
    op.create_index(op.f("ix_project_tag_term_id"), "project_tag", ["term_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("fair_review", sa.String(length=32), nullable=False),
        sa.Column("fair_review_number", sa.String(length=60), nullable=False),
        sa.Column("fair_review_why", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_promise_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(op.f("ix_promise_project_id"), "promise", ["project_id"], unique=False)
    op.create_table(
        "activity_file",
        sa.Column("activity_id", BIG, nullable=False),
        sa.Column("attachment_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_file_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_activity_file_attachment_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", "attachment_id", name=op.f("pk_activity_file")),
    )
    op.create_index(
        op.f("ix_activity_file_attachment_id"), "activity_file", ["attachment_id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("owed_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("attachment_id", BIG, nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kept_at", sa.String(length=120), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_evidence_attachment_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_evidence_given_by")),
        sa.ForeignKeyConstraint(
            ["owed_id"], ["owed_evidence.id"], name=op.f("fk_evidence_owed_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_owed_id"), "evidence", ["owed_id"], unique=False)
    create_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    op.drop_index(op.f("ix_evidence_owed_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_activity_file_attachment_id"), table_name="activity_file")
    op.drop_table("activity_file")
    op.drop_index(op.f("ix_promise_project_id"), table_name="promise")
    op.drop_table("promise")
    op.drop_index(op.f("ix_project_tag_term_id"), table_name="project_tag")
    op.drop_table("project_tag")
    op.drop_index(
        op.f("ix_project_milestone_milestone_reported_on"), table_name="project_milestone"
    )
    op.drop_table("project_milestone")
    op.drop_table("permit")
    op.drop_index(op.f("ix_owed_evidence_settled_on_due_on"), table_name="owed_evidence")
    op.drop_table("owed_evidence")
    op.drop_index(op.f("ix_activity_project_id_held_on"), table_name="activity")
    op.drop_index(op.f("ix_activity_lead_id_held_on"), table_name="activity")
    op.drop_index(op.f("ix_activity_author_id_held_on"), table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_project_unit_id_id"), table_name="project")
    op.drop_index(op.f("ix_project_signed_on_id"), table_name="project")
    op.drop_index(op.f("ix_project_scenario_id"), table_name="project")
    op.drop_index(op.f("ix_project_pinyin_id"), table_name="project")
    op.drop_index(op.f("ix_project_parent_id"), table_name="project")
    op.drop_index(op.f("ix_project_owner_id"), table_name="project")
    op.drop_index(op.f("ix_project_node_id"), table_name="project")
    op.drop_index(op.f("ix_project_lead_id"), table_name="project")
    op.drop_index(op.f("ix_project_head_firm_id"), table_name="project")
    op.drop_index(op.f("ix_project_district_id_id"), table_name="project")
    op.drop_index(op.f("ix_project_company_id"), table_name="project")
    op.drop_index(op.f("ix_project_chain_id"), table_name="project")
    op.drop_index(op.f("ix_project_brought_by_id"), table_name="project")
    op.drop_index(op.f("ix_project_agreed_id"), table_name="project")
    op.drop_table("project")
    op.drop_index(
        "uq_lead_state_current_open",
        table_name="lead_state",
        sqlite_where=sa.text("current AND day_until = '9999-12-31'"),
        postgresql_where=sa.text("current AND day_until = '9999-12-31'"),
    )
    op.drop_index(
        "uq_lead_state_current_from",
        table_name="lead_state",
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.drop_index(op.f("ix_lead_state_lead_id_day_from"), table_name="lead_state")
    op.drop_index(
        "ix_lead_state_as_of",
        table_name="lead_state",
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.drop_table("lead_state")
    op.drop_index(op.f("ix_lead_model_model_id"), table_name="lead_model")
    op.drop_table("lead_model")
    op.drop_index(op.f("ix_lead_event_lead_id_day"), table_name="lead_event")
    op.drop_index(op.f("ix_lead_event_kind_day"), table_name="lead_event")
    op.drop_table("lead_event")
    op.drop_index(op.f("ix_lead_collaborator_person_id"), table_name="lead_collaborator")
    op.drop_table("lead_collaborator")
    op.drop_index(op.f("ix_appraisal_lead_id"), table_name="appraisal")
    op.drop_table("appraisal")
    op.drop_index(op.f("ix_agreement_lead_id"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_index(op.f("ix_scenario_match_scenario_id"), table_name="scenario_match")
    op.drop_table("scenario_match")
    op.drop_table("node_year")
    op.drop_index(op.f("ix_lead_unit_id_standing_stage"), table_name="lead")
    op.drop_index(op.f("ix_lead_silent_from_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_scenario_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_pinyin_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_owner_id_standing_next_step_on"), table_name="lead")
    op.drop_index(op.f("ix_lead_node_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_next_step_on_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_moved_on_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_model_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_head_firm_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_entered_on"), table_name="lead")
    op.drop_index(op.f("ix_lead_district_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_company_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_chain_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_brought_by_id"), table_name="lead")
    op.drop_index(op.f("ix_lead_amount_low_id"), table_name="lead")
    op.drop_table("lead")
    op.drop_index(op.f("ix_chain_position_node_id"), table_name="chain_position")
    op.drop_index(op.f("ix_chain_position_company_id"), table_name="chain_position")
    op.drop_index(op.f("ix_chain_position_chain_id_position"), table_name="chain_position")
    op.drop_table("chain_position")
    op.drop_index(op.f("ix_support_link_leader_id"), table_name="support_link")
    op.drop_table("support_link")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_scenario_owner_id"), table_name="scenario")
    op.drop_index(op.f("ix_scenario_cluster_id"), table_name="scenario")
    op.drop_table("scenario")
    op.drop_index(op.f("ix_park_district_district_id"), table_name="park_district")
    op.drop_table("park_district")
    op.drop_table("known_device")
    op.drop_index(op.f("ix_invitation_person_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_head_firm_owner_id"), table_name="head_firm")
    op.drop_index(op.f("ix_head_firm_cluster_id"), table_name="head_firm")
    op.drop_table("head_firm")
    op.drop_index(op.f("ix_company_size_term_id"), table_name="company_size")
    op.drop_table("company_size")
    op.drop_index(op.f("ix_company_share_via_kind_via_id"), table_name="company_share")
    op.drop_index(op.f("ix_company_share_company_id_unit_id"), table_name="company_share")
    op.drop_index(op.f("ix_company_share_company_id_person_id"), table_name="company_share")
    op.drop_table("company_share")
    op.drop_index(op.f("ix_company_person_company_id"), table_name="company_person")
    op.drop_table("company_person")
    op.drop_index(op.f("ix_chain_node_chain_id"), table_name="chain_node")
    op.drop_table("chain_node")
    op.drop_index(op.f("ix_attachment_subject_kind_subject_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_sha256"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_person_unit_id_active"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_district_unit_id"), table_name="district")
    op.drop_table("district")
    op.drop_index(op.f("ix_company_unit_id"), table_name="company")
    op.drop_index(op.f("ix_company_public"), table_name="company")
    op.drop_index(op.f("ix_company_pinyin_id"), table_name="company")
    op.drop_index(op.f("ix_company_name_key"), table_name="company")
    op.drop_table("company")
    op.drop_index(op.f("ix_chain_cluster_id"), table_name="chain")
    op.drop_table("chain")
    op.drop_index(op.f("ix_unit_parent_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_term_kind_active_sort"), table_name="term")
    op.drop_table("term")
    op.drop_index(op.f("ix_sign_in_attempt_last"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("setting")
    op.drop_table("park")
    op.drop_table("number_series")
    op.drop_index(op.f("ix_form_key_used_at"), table_name="form_key")
    op.drop_table("form_key")
    op.drop_table("division")
    op.drop_table("cluster")
    op.drop_table("audit_seal")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_transaction_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_subject_kind_subject_id_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_row_kind_row_id_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_action"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("attraction_model")
