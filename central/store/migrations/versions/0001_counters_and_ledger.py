"""What counters bring: devices, codes, facts, cases, the feed, scans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables as they were then; later shapes are later revisions."""
    _aliases()
    _audit()
    _blobs()
    _case_blobs()
    _case_keys()
    _cases()
    _counters()
    _devices()
    _enrolment_codes()
    _envelopes()
    _epochs()
    _facts()
    _feed()
    _heads()
    _keys()
    _lease_heads()
    _leases()
    _matters()
    _nonces()
    _projects()
    _settings()


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("canonical", sa.String(length=24), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_canonical"), "aliases", ["canonical"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )


def _case_blobs() -> None:
    op.create_table(
        "case_blobs",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sha256", name=op.f("pk_case_blobs")),
    )
    op.create_index(op.f("ix_case_blobs_sha256"), "case_blobs", ["sha256"], unique=False)


def _case_keys() -> None:
    op.create_table(
        "case_keys",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_keys")),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("registration_no", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("counter", sa.String(length=8), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=24), nullable=False),
        sa.Column("temporary_no", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("guide", sa.String(length=64), nullable=False),
        sa.Column("guide_version", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("purged_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("ref", name=op.f("uq_cases_ref")),
        sa.UniqueConstraint("registration_no", name=op.f("uq_cases_registration_no")),
    )
    op.create_index(op.f("ix_cases_counter"), "cases", ["counter"], unique=False)
    op.create_index(op.f("ix_cases_is_open"), "cases", ["is_open"], unique=False)
    op.create_index(op.f("ix_cases_project_code"), "cases", ["project_code"], unique=False)
    op.create_index(op.f("ix_cases_temporary_no"), "cases", ["temporary_no"], unique=False)


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("counter", name=op.f("pk_counters")),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("hostname", sa.String(length=255), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("seq_high", sa.BigInteger(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("app_version", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.String(length=32), nullable=False),
        sa.Column("last_contact", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=False),
        sa.Column("quarantined", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_counter"), "devices", ["counter"], unique=False)


def _enrolment_codes() -> None:
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("expires", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment_codes")),
    )


def _envelopes() -> None:
    op.create_table(
        "envelopes",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("server_seq", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "epoch", "seq", name=op.f("pk_envelopes")),
        sa.UniqueConstraint("server_seq", name=op.f("uq_envelopes_server_seq")),
    )
    op.create_index(op.f("ix_envelopes_fact_id"), "envelopes", ["fact_id"], unique=False)
    op.create_index(op.f("ix_envelopes_outcome"), "envelopes", ["outcome"], unique=False)


def _epochs() -> None:
    op.create_table(
        "epochs",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("seq_high", sa.BigInteger(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("device", "epoch", name=op.f("pk_epochs")),
    )


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("body_v", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("legal_at", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_facts")),
    )
    op.create_index(op.f("ix_facts_case_id"), "facts", ["case_id"], unique=False)


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("collection", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.String(length=16), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_feed")),
    )
    op.create_index(op.f("ix_feed_case_id"), "feed", ["case_id"], unique=False)
    op.create_index("ix_feed_item", "feed", ["collection", "item_id"], unique=False)


def _heads() -> None:
    op.create_table(
        "heads",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heads")),
    )


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("alg", sa.String(length=16), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("not_after", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_keys")),
    )


def _lease_heads() -> None:
    op.create_table(
        "lease_heads",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_lease_heads")),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("lease", sa.String(length=36), nullable=False),
        sa.Column("request", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.String(length=32), nullable=False),
        sa.Column("expires", sa.String(length=32), nullable=False),
        sa.Column("void_from", sa.Integer(), nullable=False),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("burned_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("lease", name=op.f("pk_leases")),
        sa.UniqueConstraint("region", "year", "first", name=op.f("uq_leases_region")),
    )
    op.create_index(op.f("ix_leases_device"), "leases", ["device"], unique=False)
    op.create_index(op.f("ix_leases_request"), "leases", ["request"], unique=False)


def _matters() -> None:
    op.create_table(
        "matters",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("delivered_at", sa.String(length=32), nullable=False),
        sa.Column("read_at", sa.String(length=32), nullable=False),
        sa.Column("read_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "matter", name=op.f("pk_matters")),
    )
    op.create_index("ix_matters_inbox", "matters", ["department", "is_open", "delivered_at"], unique=False)


def _nonces() -> None:
    op.create_table(
        "nonces",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("device", "nonce", name=op.f("pk_nonces")),
    )
    op.create_index(op.f("ix_nonces_seen_at"), "nonces", ["seen_at"], unique=False)


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("project_code", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("national_code", sa.String(length=32), nullable=False),
        sa.Column("works", sa.String(length=64), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project_code", name=op.f("pk_projects")),
        sa.UniqueConstraint("region", "year", "serial", name=op.f("uq_projects_region")),
    )
    op.create_index(op.f("ix_projects_case_id"), "projects", ["case_id"], unique=False)
    op.create_index(op.f("ix_projects_name_key"), "projects", ["name_key"], unique=False)
    op.create_index(op.f("ix_projects_national_code"), "projects", ["national_code"], unique=False)


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
