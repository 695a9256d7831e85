"""The tables of central, dialect-neutral: text times, no arrays, no JSON operators, upserts nowhere."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(36)
_TIME = String(32)
_HASH = String(64)

# What this installation is: feed epoch, region, demo mark, readings.
settings = Table(
    "settings", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False)
)

# Counters that grow by one under a row lock: feed, receipts, audit. The lock is held to the commit, so that numbers
# become visible in their order.
heads = Table(
    "heads", metadata, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
)

keys = Table(
    "keys",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("alg", String(16), nullable=False),
    Column("public", Text, nullable=False),
    Column("private", LargeBinary, nullable=True),
    Column("owner", String(64), nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("not_after", _TIME, nullable=False, default=""),
)

counters = Table(
    "counters",
    metadata,
    Column("counter", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("region", String(6), nullable=False),
    Column("created_at", _TIME, nullable=False),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", _HASH, primary_key=True),
    Column("counter", Integer, nullable=False),
    Column("expires", _TIME, nullable=False),
    Column("used_at", _TIME, nullable=False, default=""),
)

devices = Table(
    "devices",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("counter", Integer, nullable=False, index=True),
    Column("hostname", String(255), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("epoch", String(64), nullable=False),
    Column("seq_high", BigInteger, nullable=False),
    Column("chain_head", _HASH, nullable=False),
    Column("app_version", String(64), nullable=False, default=""),
    Column("enrolled_at", _TIME, nullable=False),
    Column("last_contact", _TIME, nullable=False),
    Column("revoked_at", _TIME, nullable=False, default=""),
    Column("quarantined", String(200), nullable=False, default=""),
)

epochs = Table(
    "epochs",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("epoch", String(64), primary_key=True),
    Column("seq_high", BigInteger, nullable=False),
    Column("chain_head", _HASH, nullable=False),
    Column("closed_at", _TIME, nullable=False),
    Column("reason", String(64), nullable=False),
)

nonces = Table(
    "nonces",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("seen_at", _TIME, nullable=False, index=True),
)

units = Table(
    "units",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("agency", String(32), nullable=False, default=""),
    Column("remedies", Text, nullable=False, default="{}"),
)

people = Table(
    "people",
    metadata,
    Column("user", String(64), primary_key=True),
    Column("display_name", String(100), nullable=False),
    Column("staff_no", String(32), nullable=False, default=""),
    Column("unit", String(32), nullable=False, index=True),
    Column("verifier", Text, nullable=False),
    Column("totp", LargeBinary, nullable=False),
    Column("totp_step", BigInteger, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", _TIME, nullable=False, default=""),
    Column("created_at", _TIME, nullable=False),
    Column("revoked_at", _TIME, nullable=False, default=""),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("user", String(64), primary_key=True),
    Column("role", String(32), primary_key=True),
)

permits = Table(
    "permits",
    metadata,
    Column("permit_id", _ID, primary_key=True),
    Column("user", String(64), nullable=False, index=True),
    Column("device", String(64), nullable=False),
    Column("issued_at", _TIME, nullable=False),
    Column("not_after", _TIME, nullable=False),
)

# Rule 10: destroying this row destroys every body of the case.
case_keys = Table(
    "case_keys", metadata, Column("case_id", _ID, primary_key=True), Column("key", LargeBinary, nullable=False)
)

facts = Table(
    "facts",
    metadata,
    Column("fact_id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("body_v", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("origin", String(64), nullable=False),
    Column("legal_at", _TIME, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("applied", Boolean, nullable=False),
)

# What a counter sent and what it was answered. A fact may stand in two epochs of one device: put into a new chain after
# its disk was restored, it still takes effect once.
envelopes = Table(
    "envelopes",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("epoch", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("fact_id", _ID, nullable=False, index=True),
    Column("prev", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("frame", Text, nullable=False),
    Column("outcome", String(16), nullable=False, index=True),
    Column("server_seq", BigInteger, nullable=False, unique=True),
    Column("answer", Text, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", _ID, primary_key=True),
    Column("registration_no", String(40), nullable=False, unique=True),
    Column("ref", _ID, nullable=False, unique=True),
    Column("counter", String(8), nullable=False, index=True),
    Column("device", String(64), nullable=False),
    Column("day", String(8), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("project_code", String(24), nullable=False, default="", index=True),
    Column("temporary_no", String(40), nullable=False, default="", index=True),
    Column("stage", String(32), nullable=False),
    Column("guide", String(64), nullable=False),
    Column("guide_version", String(32), nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("is_open", Boolean, nullable=False, index=True),
    Column("purged_at", _TIME, nullable=False, default=""),
)

# Read model of matter cases, and the inbox of each department with its read receipt.
matters = Table(
    "matters",
    metadata,
    Column("case_id", _ID, primary_key=True),
    Column("matter", String(32), primary_key=True),
    Column("department", String(32), nullable=False),
    Column("state", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("delivered_at", _TIME, nullable=False),
    Column("read_at", _TIME, nullable=False, default=""),
    Column("read_by", String(64), nullable=False, default=""),
    Index("ix_matters_inbox", "department", "is_open", "delivered_at"),
)

projects = Table(
    "projects",
    metadata,
    Column("project_code", String(24), primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("national_code", String(32), nullable=False, default="", index=True),
    Column("works", String(64), nullable=False, default=""),
    Column("name_key", _HASH, nullable=False, index=True),
    Column("region", String(6), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("created_at", _TIME, nullable=False),
    UniqueConstraint("region", "year", "serial"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("canonical", String(24), nullable=False, index=True),
    Column("certain", Boolean, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("created_at", _TIME, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("collection", String(16), nullable=False),
    Column("item_id", String(100), nullable=False),
    Column("case_id", _ID, nullable=False, default="", index=True),
    Column("scope", String(64), nullable=False, default=""),
    Column("kind", String(64), nullable=False),
    Column("doc", Text, nullable=False, default=""),
    Column("row_hash", String(16), nullable=False),
    Column("removed", Boolean, nullable=False, default=False),
    Column("at", _TIME, nullable=False),
    Index("ix_feed_item", "collection", "item_id"),
)

lease_heads = Table(
    "lease_heads",
    metadata,
    Column("region", String(6), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("next", Integer, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("lease", _ID, primary_key=True),
    Column("request", _ID, nullable=False, index=True),
    Column("device", String(64), nullable=False, index=True),
    Column("region", String(6), nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("granted_at", _TIME, nullable=False),
    Column("expires", _TIME, nullable=False),
    Column("void_from", Integer, nullable=False, default=0),
    Column("void_reason", String(200), nullable=False, default=""),
    Column("burned_at", _TIME, nullable=False, default=""),
    UniqueConstraint("region", "year", "first"),
)

series = Table(
    "series",
    metadata,
    Column("department", String(32), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

document_numbers = Table(
    "document_numbers",
    metadata,
    Column("document_no", String(80), primary_key=True),
    Column("department", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("notice", _ID, nullable=False),
    Column("case_id", _ID, nullable=False),
    Column("void_reason", String(200), nullable=False, default=""),
    UniqueConstraint("department", "kind", "year", "serial"),
)

licence_copies = Table(
    "licence_copies",
    metadata,
    Column("licence", _ID, primary_key=True),
    Column("copy_no", Integer, primary_key=True),
    Column("handed_by", _ID, nullable=False),
    Column("handed_at", _TIME, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", _HASH, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mime", String(100), nullable=False, default=""),
    Column("offset", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("done_at", _TIME, nullable=False, default=""),
)

case_blobs = Table(
    "case_blobs",
    metadata,
    Column("case_id", _ID, primary_key=True),
    Column("sha256", _HASH, primary_key=True, index=True),
)

guides = Table(
    "guides",
    metadata,
    Column("guide", String(64), primary_key=True),
    Column("version", String(32), primary_key=True),
    Column("draft", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", _HASH, nullable=False),
    Column("published_at", _TIME, nullable=False),
)

calendars = Table(
    "calendars",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("loaded_at", _TIME, nullable=False),
)

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_no", String(48), primary_key=True),
    Column("case_id", _ID, nullable=False),
    Column("registered_at", _TIME, nullable=False),
    Column("answered_at", _TIME, nullable=False, default=""),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", _TIME, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("act", String(64), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
)
