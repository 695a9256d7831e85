"""Import, page PDFs and documents: commands that need no home."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ebp_desktop.bootstrap.adapters import read_token
from ebp_desktop.bootstrap.children import child_command
from ebp_desktop.bootstrap.home import enrolled, read_identity
from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context
from ebp_desktop.clock import SystemClock
from ebp_desktop.crypto.signatures import Keyring
from ebp_desktop.documents.data import fields, parse_data
from ebp_desktop.documents.kinds import document_kinds
from ebp_desktop.documents.renderer import Renderer
from ebp_desktop.domain.errors import BadInputError, EbpError, UsageError
from ebp_desktop.services.handover import HandoverCheck
from ebp_desktop.services.ports import Judgement, TokenReading
from scanner import api as scanning

MANY = 20


def import_files(args: Namespace, _context: Context) -> Answer:
    """Files into pages, with the manifest of the contract."""
    into = Path(args.into)
    manifest = scanning.import_files([Path(name) for name in args.files], into, scanning.STANDARD_LIMITS, child_command)
    data = manifest.as_data()
    words = f"{len(manifest.pages)} 页，保留原件 {len(manifest.kept)} 个"
    words += "".join(f"\n拒收 {refused.file}：{refused.reason}" for refused in manifest.refused[:MANY])
    return Answer(data=data, words=words, exit_code=4 if manifest.refused else 0)


def pages_pdf(args: Namespace, _context: Context) -> Answer:
    """The pages of a folder as one PDF, image bytes unchanged."""
    folder, out = Path(args.folder), Path(args.out)
    manifest = scanning.read_manifest(folder)
    written = scanning.pages_to_pdf(
        manifest.pages, out, open_page=scanning.folder_pages(folder), created=SystemClock().now(), title=out.stem
    )
    data = {
        "pdf": out.name,
        "pages": written.pages,
        "size": written.size,
        "sha256": written.sha256,
        "archival": written.archival,
    }
    return Answer(data=data, words=f"{len(manifest.pages)} 页 → {out.name}")


def document_list(_args: Namespace, _context: Context) -> Answer:
    """The family of papers."""
    rows = [
        {"kind": k.code, "title": k.title, "formal": k.formal, "token": k.carries_token, "version": k.version}
        for k in document_kinds()
    ]
    return Answer(data={"kinds": rows}, words="\n".join(f"{r['kind']}  {r['title']}" for r in rows))


def document_render(args: Namespace, _context: Context) -> Answer:
    """A paper from its data; the token is an input, without it the pages carry 样张."""
    if args.fields:
        return Answer(data=dict(fields(args.kind)))
    if not args.data or not args.out:
        raise UsageError("usage", "须给出数据文件和输出文件：document render KIND DATA.json OUT.pdf")
    source, out = Path(args.data), Path(args.out)
    try:
        raw = source.read_bytes()
    except OSError as error:
        raise BadInputError("file_unreadable", f"读不了文件 {source.name}。", place=str(source)) from error
    pdf = Renderer().render(args.kind, parse_data(args.kind, raw), args.token or None)
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise BadInputError("out_unwritable", f"写不了文件 {out.name}。", place=str(out)) from error
    return Answer(data={"kind": args.kind, "pdf": out.name, "bytes": len(pdf)}, words=f"{out}")


def document_verify(args: Namespace, context: Context) -> Answer:
    """The verdict on a scanned text; unknown without keys."""
    reading, found = _judged(args.text, context)
    judgement = found.judgement if found is not None else reading.judgement
    reason = found.reason if found is not None else reading.reason
    data = {
        "verdict": judgement,
        "reason": reason,
        "kind": reading.kind,
        "number": reading.number,
        "issued_on": reading.issued_on,
        "key_id": reading.key_id,
    }
    return Answer(data=data, words=f"{judgement.value}：{reason}", exit_code=0 if judgement is Judgement.GENUINE else 4)


def _judged(text: str, context: Context) -> tuple[TokenReading, HandoverCheck | None]:
    """The signature by this home's keys where there is a home, and the case's own word where a person is signed in."""
    if read_identity(context.home) is None:
        return read_token(text, Keyring()), None
    enrolled(context.home)
    try:
        with context.unlocked() as counter:
            reading = read_token(text, counter.keys.central())
    except EbpError:
        return read_token(text, Keyring()), None
    if reading.judgement is not Judgement.GENUINE or reading.kind != "acceptance":
        return reading, None
    try:
        with context.signed() as signed:
            return reading, signed.services.handover.check(signed.operator, text)
    except EbpError:
        return reading, None
