"""The first shape of the database, frozen: later shapes are later steps, never edits of this one."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE audit (
        seq INTEGER NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        act TEXT NOT NULL,
        object TEXT NOT NULL,
        detail TEXT,
        detail_digest TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (seq)
    ) STRICT
    """,
    "CREATE INDEX audit_by_object ON audit (object)",
    "CREATE INDEX audit_by_time ON audit (at)",
    """
    CREATE TABLE batch_keys (
        key_id TEXT NOT NULL,
        secret BLOB NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (key_id)
    ) STRICT
    """,
    """
    CREATE TABLE case_keys (
        case_id TEXT NOT NULL,
        key_id TEXT NOT NULL,
        secret BLOB,
        made_at TEXT NOT NULL,
        destroyed_at TEXT,
        PRIMARY KEY (case_id),
        UNIQUE (key_id)
    ) STRICT
    """,
    """
    CREATE TABLE case_numbers (
        number TEXT NOT NULL,
        case_id TEXT NOT NULL,
        PRIMARY KEY (number, case_id)
    ) STRICT
    """,
    "CREATE INDEX case_numbers_by_case ON case_numbers (case_id)",
    """
    CREATE TABLE cases (
        position INTEGER NOT NULL,
        case_id TEXT NOT NULL,
        registration_no TEXT NOT NULL,
        project_number TEXT NOT NULL,
        project_name TEXT NOT NULL,
        applicant TEXT NOT NULL,
        stage TEXT NOT NULL,
        stage_name TEXT NOT NULL,
        state TEXT NOT NULL,
        is_open INTEGER NOT NULL,
        received_at TEXT NOT NULL,
        next_due TEXT,
        numbers TEXT NOT NULL,
        words TEXT NOT NULL,
        search_digest TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        PRIMARY KEY (position),
        UNIQUE (case_id)
    ) STRICT
    """,
    "CREATE INDEX cases_by_time ON cases (received_at, position)",
    "CREATE INDEX cases_open_by_time ON cases (is_open, received_at, position)",
    """
    CREATE TABLE cursors (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    ) STRICT
    """,
    """
    CREATE TABLE documents (
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        case_id TEXT,
        sealed_data BLOB NOT NULL,
        token TEXT NOT NULL,
        template_version TEXT NOT NULL,
        pdf_sha256 TEXT NOT NULL,
        made_at TEXT NOT NULL,
        prints INTEGER NOT NULL,
        PRIMARY KEY (number, kind)
    ) STRICT
    """,
    "CREATE INDEX documents_by_case ON documents (case_id, made_at)",
    """
    CREATE TABLE drafts (
        id TEXT NOT NULL,
        title TEXT NOT NULL,
        body BLOB NOT NULL,
        operator TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        PRIMARY KEY (id)
    ) STRICT
    """,
    """
    CREATE TABLE facts (
        position INTEGER NOT NULL,
        id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        body_v INTEGER NOT NULL,
        legal_at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        origin TEXT NOT NULL,
        digest TEXT NOT NULL,
        sealed_body BLOB,
        PRIMARY KEY (position),
        UNIQUE (id)
    ) STRICT
    """,
    "CREATE INDEX facts_by_case ON facts (case_id, position)",
    """
    CREATE TABLE files (
        position INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        case_id TEXT NOT NULL,
        key_id TEXT NOT NULL,
        size INTEGER NOT NULL,
        mime TEXT NOT NULL,
        upload TEXT NOT NULL,
        sent_bytes INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        next_at TEXT,
        PRIMARY KEY (position)
    ) STRICT
    """,
    "CREATE INDEX files_by_case ON files (case_id)",
    "CREATE INDEX files_by_upload ON files (upload)",
    "CREATE UNIQUE INDEX files_once ON files (sha256, case_id)",
    """
    CREATE TABLE inbox (
        position INTEGER NOT NULL,
        feed_epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        collection TEXT NOT NULL,
        item_id TEXT NOT NULL,
        case_id TEXT,
        kind TEXT NOT NULL,
        body_v INTEGER NOT NULL,
        sealed_item BLOB,
        PRIMARY KEY (position)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX inbox_once ON inbox (feed_epoch, seq)",
    """
    CREATE TABLE leases (
        lease TEXT NOT NULL,
        region TEXT NOT NULL,
        year INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        next INTEGER NOT NULL,
        expires TEXT NOT NULL,
        void_reason TEXT NOT NULL,
        PRIMARY KEY (lease)
    ) STRICT
    """,
    """
    CREATE TABLE outbox (
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        fact_id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL,
        sealed_envelope BLOB,
        state TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        legal_at TEXT NOT NULL,
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        todo TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_at TEXT,
        receipt BLOB,
        PRIMARY KEY (epoch, seq),
        UNIQUE (fact_id)
    ) STRICT
    """,
    "CREATE INDEX outbox_by_case ON outbox (case_id)",
    "CREATE INDEX outbox_by_state ON outbox (state, epoch, seq)",
    """
    CREATE TABLE permits (
        user TEXT NOT NULL,
        body BLOB NOT NULL,
        not_after TEXT NOT NULL,
        PRIMARY KEY (user)
    ) STRICT
    """,
    """
    CREATE TABLE reference (
        collection TEXT NOT NULL,
        "key" TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (collection, "key")
    ) STRICT
    """,
    """
    CREATE TABLE series (
        name TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (name)
    ) STRICT
    """,
    """
    CREATE TABLE settings (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    ) STRICT
    """,
    """
    CREATE TABLE sign_ins (
        user TEXT NOT NULL,
        failures INTEGER NOT NULL,
        locked_until TEXT,
        last_otp_step INTEGER NOT NULL,
        PRIMARY KEY (user)
    ) STRICT
    """,
    """
    CREATE TABLE status_checks (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        status TEXT NOT NULL,
        reason TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT
    """,
    # Bigrams of names, four-grams of codes and of pinyin initials; rowid = cases.position. The text itself is not
    # kept twice, and a deleted entry leaves no bytes behind.
    """
    CREATE VIRTUAL TABLE case_search USING fts5(
        names, codes, initials, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'
    )
    """,
    "INSERT INTO case_search(case_search, rank) VALUES ('secure-delete', 1)",
    # The audit chain is append-only for this program as well: nothing here can edit or drop a record.
    """
    CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER audit_never_edited BEFORE UPDATE ON audit
    WHEN NEW.detail IS NOT NULL OR OLD.seq IS NOT NEW.seq OR OLD.at IS NOT NEW.at OR OLD.actor IS NOT NEW.actor
        OR OLD.act IS NOT NEW.act OR OLD.object IS NOT NEW.object OR OLD.detail_digest IS NOT NEW.detail_digest
        OR OLD.prev IS NOT NEW.prev OR OLD.hash IS NOT NEW.hash
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER facts_never_rewritten BEFORE UPDATE ON facts
    WHEN NEW.sealed_body IS NOT NULL OR OLD.id IS NOT NEW.id OR OLD.case_id IS NOT NEW.case_id
        OR OLD.kind IS NOT NEW.kind OR OLD.digest IS NOT NEW.digest OR OLD.legal_at IS NOT NEW.legal_at
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
)
