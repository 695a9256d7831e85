"""Makes a paper inside the act that needs it, and again later byte for byte (rule 12)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.context import Desk
from ebp_desktop.services.papers import MadePaper, PaperText
from ebp_desktop.services.ports import Session, StoredDocument


def issue(
    desk: Desk, tx: Session, paper: PaperText, case_id: UUID | None, at: datetime, token: str | None = None
) -> MadePaper:
    """Typesets a paper inside the transaction that needs it and stores its snapshot, so that no act stands without it.

    ``token`` is central's for its notices; the counter signs its own papers. The same number again gives the stored
    paper.
    """
    known = tx.documents.get(paper.number, paper.kind)
    if known is not None:
        return reprint_bytes(desk, known)
    signed = desk.tokens.sign(paper.kind, paper.number, paper.issued_on) if token is None else token
    pdf = desk.papers.render(paper.kind, paper.data, signed)
    tx.documents.save(
        StoredDocument(
            number=paper.number,
            kind=paper.kind,
            case_id=case_id,
            data=paper.data,
            token=signed,
            template_version=desk.papers.template_version(paper.kind),
            pdf_sha256=sha256(pdf).hexdigest(),
            made_at=at,
        )
    )
    return MadePaper(kind=paper.kind, title=desk.papers.title(paper.kind), number=paper.number, token=signed, pdf=pdf)


def reprint_bytes(desk: Desk, stored: StoredDocument) -> MadePaper:
    """The stored paper again, byte for byte; raises BadInputError ``paper_differs`` when the bytes are not the same."""
    pdf = desk.papers.render(stored.kind, stored.data, stored.token)
    if sha256(pdf).hexdigest() != stored.pdf_sha256:
        raise BadInputError(
            "paper_differs",
            f"文书 {stored.number} 重新排版与原件不一致，不能补打。",
            safe="原记录未改动。",
            todo="请系统管理员核对模板版本和字体。",
        )
    return MadePaper(
        kind=stored.kind,
        title=desk.papers.title(stored.kind),
        number=stored.number,
        token=stored.token,
        pdf=pdf,
    )
