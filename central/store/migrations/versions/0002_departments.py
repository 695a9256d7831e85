"""What departments need: people, numbers of papers, licences, guides, calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables as they were then."""
    _calendars()
    _complaints()
    _document_numbers()
    _guides()
    _licence_copies()
    _people()
    _permits()
    _person_roles()
    _series()
    _units()


def _calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("year", "version", name=op.f("pk_calendars")),
    )


def _complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("complaint_no", sa.String(length=48), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("registered_at", sa.String(length=32), nullable=False),
        sa.Column("answered_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("complaint_no", name=op.f("pk_complaints")),
    )


def _document_numbers() -> None:
    op.create_table(
        "document_numbers",
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("document_no", name=op.f("pk_document_numbers")),
        sa.UniqueConstraint("department", "kind", "year", "serial", name=op.f("uq_document_numbers_department")),
    )


def _guides() -> None:
    op.create_table(
        "guides",
        sa.Column("guide", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("guide", "version", name=op.f("pk_guides")),
    )


def _licence_copies() -> None:
    op.create_table(
        "licence_copies",
        sa.Column("licence", sa.String(length=36), nullable=False),
        sa.Column("copy_no", sa.Integer(), nullable=False),
        sa.Column("handed_by", sa.String(length=36), nullable=False),
        sa.Column("handed_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("licence", "copy_no", name=op.f("pk_licence_copies")),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("staff_no", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_unit"), "people", ["unit"], unique=False)


def _permits() -> None:
    op.create_table(
        "permits",
        sa.Column("permit_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("not_after", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("permit_id", name=op.f("pk_permits")),
    )
    op.create_index(op.f("ix_permits_user"), "permits", ["user"], unique=False)


def _person_roles() -> None:
    op.create_table(
        "person_roles",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("user", "role", name=op.f("pk_person_roles")),
    )


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("department", "kind", "year", name=op.f("pk_series")),
    )


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=32), nullable=False),
        sa.Column("remedies", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_units")),
    )
