"""The tables of the counter's database, as SQLAlchemy Core sees them; the migrations make them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

from ebp_desktop.store.schema.columns import Day, Moment, Uid

METADATA: Final = MetaData()


def _table(name: str, *parts: Column[object] | Index) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True)


def _must(name: str, kind: type) -> Column[object]:
    return Column(name, kind, nullable=False)


# Bodies, envelopes and papers of a case are sealed under its row here; a NULL secret is a destroyed key (rule 10).
CASE_KEYS = _table(
    "case_keys",
    Column("case_id", Uid, primary_key=True),
    Column("key_id", Text, nullable=False, unique=True),
    Column("secret", LargeBinary),
    _must("made_at", Moment),
    Column("destroyed_at", Moment),
)

# The key of a scanning batch, kept before its first sheet so that a crash loses no page.
BATCH_KEYS = _table(
    "batch_keys",
    Column("key_id", Text, primary_key=True),
    _must("secret", LargeBinary),
    _must("made_at", Moment),
)

FACTS = _table(
    "facts",
    Column("position", Integer, primary_key=True),
    Column("id", Uid, nullable=False, unique=True),
    _must("case_id", Uid),
    _must("kind", Text),
    _must("body_v", Integer),
    _must("legal_at", Moment),
    _must("recorded_at", Moment),
    _must("actor", Text),
    _must("origin", Text),
    _must("digest", Text),
    Column("sealed_body", LargeBinary),
    Index("facts_by_case", "case_id", "position"),
)

OUTBOX = _table(
    "outbox",
    Column("epoch", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("fact_id", Uid, nullable=False, unique=True),
    _must("case_id", Uid),
    _must("kind", Text),
    _must("prev", Text),
    _must("hash", Text),
    Column("sealed_envelope", LargeBinary),
    _must("state", Text),
    _must("recorded_at", Moment),
    _must("legal_at", Moment),
    _must("code", Text),
    _must("reason", Text),
    _must("todo", Text),
    _must("attempts", Integer),
    Column("next_at", Moment),
    Column("receipt", LargeBinary),
    Index("outbox_by_state", "state", "epoch", "seq"),
    Index("outbox_by_case", "case_id"),
)

# What central sent and this version cannot place; kept until a newer version can.
INBOX = _table(
    "inbox",
    Column("position", Integer, primary_key=True),
    _must("feed_epoch", Text),
    _must("seq", Integer),
    _must("collection", Text),
    _must("item_id", Text),
    Column("case_id", Uid),
    _must("kind", Text),
    _must("body_v", Integer),
    Column("sealed_item", LargeBinary),
    Index("inbox_once", "feed_epoch", "seq", unique=True),
)

CURSORS = _table(
    "cursors",
    Column("name", Text, primary_key=True),
    _must("value", Text),
)

CASES = _table(
    "cases",
    Column("position", Integer, primary_key=True),
    Column("case_id", Uid, nullable=False, unique=True),
    _must("registration_no", Text),
    _must("project_number", Text),
    _must("project_name", Text),
    _must("applicant", Text),
    _must("stage", Text),
    _must("stage_name", Text),
    _must("state", Text),
    _must("is_open", Integer),
    _must("received_at", Moment),
    Column("next_due", Day),
    _must("numbers", Text),
    _must("words", Text),
    _must("search_digest", Text),
    _must("updated_at", Moment),
    Index("cases_by_time", "received_at", "position"),
    Index("cases_open_by_time", "is_open", "received_at", "position"),
)

CASE_NUMBERS = _table(
    "case_numbers",
    Column("number", Text, primary_key=True),
    Column("case_id", Uid, primary_key=True),
    Index("case_numbers_by_case", "case_id"),
)

DOCUMENTS = _table(
    "documents",
    Column("number", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("case_id", Uid),
    _must("sealed_data", LargeBinary),
    _must("token", Text),
    _must("template_version", Text),
    _must("pdf_sha256", Text),
    _must("made_at", Moment),
    _must("prints", Integer),
    Index("documents_by_case", "case_id", "made_at"),
)

# One row for each scan and case; ``upload`` is local, waiting, done or parked.
FILES = _table(
    "files",
    Column("position", Integer, primary_key=True),
    _must("sha256", Text),
    _must("case_id", Uid),
    _must("key_id", Text),
    _must("size", Integer),
    _must("mime", Text),
    _must("upload", Text),
    _must("sent_bytes", Integer),
    _must("attempts", Integer),
    _must("reason", Text),
    Column("next_at", Moment),
    Index("files_once", "sha256", "case_id", unique=True),
    Index("files_by_upload", "upload"),
    Index("files_by_case", "case_id"),
)

DRAFTS = _table(
    "drafts",
    Column("id", Uid, primary_key=True),
    _must("title", Text),
    _must("body", LargeBinary),
    _must("operator", Text),
    _must("updated_at", Moment),
)

LEASES = _table(
    "leases",
    Column("lease", Uid, primary_key=True),
    _must("region", Text),
    _must("year", Integer),
    _must("first", Integer),
    _must("last", Integer),
    _must("next", Integer),
    _must("expires", Day),
    _must("void_reason", Text),
)

SERIES = _table(
    "series",
    Column("name", Text, primary_key=True),
    _must("last", Integer),
)

AUDIT = _table(
    "audit",
    Column("seq", Integer, primary_key=True),
    _must("at", Moment),
    _must("actor", Text),
    _must("act", Text),
    _must("object", Text),
    Column("detail", Text),
    _must("detail_digest", Text),
    _must("prev", Text),
    _must("hash", Text),
    Index("audit_by_time", "at"),
    Index("audit_by_object", "object"),
)

PERMITS = _table(
    "permits",
    Column("user", Text, primary_key=True),
    _must("body", LargeBinary),
    _must("not_after", Moment),
)

# Failures survive a restart, and a one-time code is taken once.
SIGN_INS = _table(
    "sign_ins",
    Column("user", Text, primary_key=True),
    _must("failures", Integer),
    Column("locked_until", Moment),
    _must("last_otp_step", Integer),
)

REFERENCE = _table(
    "reference",
    Column("collection", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _must("body", LargeBinary),
)

SETTINGS = _table(
    "settings",
    Column("name", Text, primary_key=True),
    _must("value", Text),
)

# When central last confirmed the status of a licence or notice (rule 8).
STATUS_CHECKS = _table(
    "status_checks",
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    _must("status", Text),
    _must("reason", Text),
    _must("checked_at", Moment),
)
