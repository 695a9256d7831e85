"""Makes a paper inside the act that needs it, and again later byte for byte (rule 12)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.services.context import Desk
from ebp_desktop.services.papers import MadePaper, PaperText
from ebp_desktop.services.ports import Session, StoredDocument

PDF = "application/pdf"
# Papers that belong to no case, such as a report of the day, are sealed under the house's own key.
HOUSE_PAPERS = UUID(int=0)


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
    # The bytes themselves are kept: a later template or font must not change what was handed out.
    desk.blobs.put_bytes(case_id or HOUSE_PAPERS, pdf, PDF)
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
    """The stored paper again, byte for byte: its kept bytes, or its snapshot typeset anew where they are gone.

    Raises BadInputError ``paper_differs`` when what comes out is not what was handed out.
    """
    kept = desk.blobs.has(stored.pdf_sha256)
    pdf = desk.blobs.read(stored.pdf_sha256) if kept else desk.papers.render(stored.kind, stored.data, stored.token)
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
