"""Sessions, enrolment, sync, store and the doctor."""

from __future__ import annotations

import platform
from argparse import Namespace
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

import httpx

from ebp_desktop import __version__
from ebp_desktop.bootstrap.agent import end_session, find_session, new_charge, start_agent
from ebp_desktop.bootstrap.counter import Counter
from ebp_desktop.bootstrap.enrolling import enrol_home
from ebp_desktop.bootstrap.home import clock_of, enrolled, read_identity
from ebp_desktop.bootstrap.rescuing import restore_home
from ebp_desktop.bootstrap.sessions import open_session, read_credentials
from ebp_desktop.cli.answer import Answer
from ebp_desktop.cli.context import Context
from ebp_desktop.cli.reckon import shipped_calendar
from ebp_desktop.documents.fonts import find_fonts
from ebp_desktop.domain.errors import EbpError, SurroundingsError, UsageError
from ebp_desktop.domain.roles import Act
from ebp_desktop.printing.cups import cups_queues
from ebp_desktop.store.backup import back_up, new_recovery_key, read_recovery_key
from ebp_desktop.store.engine import sqlite_version
from ebp_desktop.store.keystores.system import pinned_backend
from ebp_desktop.store.verification import verify
from sync.status import SyncReport, WaitingItem
from sync.transport import tls_context

_PATIENCE_SECONDS = 5


def session_open(args: Namespace, context: Context) -> Answer:
    """Signs in and starts the key agent."""
    identity = enrolled(context.home)
    if args.no_idle and not identity.demo:
        raise UsageError("usage", "--no-idle 只能在演示环境使用。")
    opened = open_session(context.home, read_credentials(Path(args.credentials)))
    opened.counter.close()
    who, session = opened.signed_in, uuid4().hex
    charge = new_charge(opened.data_key, who.operator, who.expires, session, idle=not args.no_idle)
    start_agent(context.home, charge)
    data = {
        "session": session,
        "operator": {
            "user": who.operator.user,
            "name": who.operator.display_name,
            "roles": sorted(role.value for role in who.operator.roles),
        },
        "expires": who.expires,
        "offline": who.offline,
    }
    return Answer(data=data, words=f"{who.operator.display_name}已登录，{who.expires:%H:%M} 前有效。")


def session_show(_args: Namespace, context: Context) -> Answer:
    """Who is signed in."""
    found = find_session(context.home)
    if found is None:
        return Answer(data={"session": None}, words="没有人登录。")
    data = {"session": found.session, "operator": {"user": found.operator.user}, "expires": found.expires}
    return Answer(data=data, words=f"{found.operator.display_name}，{found.expires:%H:%M} 前有效。")


def session_close(_args: Namespace, context: Context) -> Answer:
    """Ends the session."""
    closed = end_session(context.home)
    return Answer(data={"closed": closed}, words="已退出登录。" if closed else "没有人登录。")


def enrol(args: Namespace, context: Context) -> Answer:
    """Makes this home a counter."""
    identity = enrol_home(context.home, args.central, args.code, Path(args.ca) if args.ca else None)
    data = {
        "counter": identity.counter,
        "name": identity.name,
        "region": identity.region,
        "device": identity.device,
        "demo": identity.demo,
    }
    return Answer(data=data, words=f"本机已登记为 {identity.name}（{identity.counter}）。")


def sync_once(_args: Namespace, context: Context) -> Answer:
    """Sends and receives until nothing moves."""
    return _with_counter(context, lambda counter: counter.sync_once())


def sync_status(_args: Namespace, context: Context) -> Answer:
    """What waits, why and since when."""
    return _with_counter(context, lambda counter: counter.sync_status())


def _with_counter(context: Context, act: Callable[[Counter], SyncReport]) -> Answer:
    with context.unlocked() as counter:
        report = act(counter)
    data = {
        "waiting": report.waiting,
        "oldest_seconds": report.oldest_seconds,
        "parked": [_item(item) for item in report.parked],
        "items": [_item(item) for item in report.items],
        "last_contact": report.last_contact,
        "busy": report.busy,
        "scans": report.scans,
        "outage_since": report.outage_since,
        "clock_skew_ms": report.skew_ms,
        "notes": list(report.notes),
    }
    return Answer(data=data, words=report.words or f"待发 {report.waiting} 件。")


def _item(item: WaitingItem) -> dict[str, object]:
    return {
        "fact": str(item.fact_id) if item.fact_id else None,
        "kind": item.kind,
        "what": item.what,
        "state": item.state,
        "why": item.why,
        "todo": item.todo,
        "since": item.since,
        "legal_at": item.legal_at,
        "can_mend": item.can_mend,
    }


def store_verify(_args: Namespace, context: Context) -> Answer:
    """Integrity of database, scans, chains and audit."""
    with context.unlocked() as counter:
        report = verify(counter.store)
    data = {
        "whole": report.whole,
        "facts": report.facts,
        "audit_records": report.audit_records,
        "scans": report.scans,
        "faults": [{"part": f.part, "place": f.place, "words": f.words} for f in report.faults],
    }
    words = "本机数据完整。" if report.whole else "\n".join(f"{f.place}：{f.words}" for f in report.faults)
    return Answer(data=data, words=words, exit_code=0 if report.whole else 5)


def store_backup(args: Namespace, context: Context) -> Answer:
    """A backup that another machine can open with the recovery key; a missing key file is made."""
    with context.signed() as signed:
        signed.operator.require(Act.BACK_UP)
        path = Path(args.recovery_key)
        key = read_recovery_key(path) if path.exists() else new_recovery_key(path)
        report = back_up(signed.counter.store, Path(args.file), key, signed.counter.clock.now())
    data = {"file": args.file, "facts_waiting": report.facts_waiting, "scans": report.scans, "size": report.size}
    return Answer(data=data, words=f"已备份，含未发送 {report.facts_waiting} 件、扫描件 {report.scans} 个。")


def store_restore(args: Namespace, context: Context) -> Answer:
    """Restores a backup into a new home."""
    report = restore_home(context.home, Path(args.file), Path(args.recovery_key))
    data = {"facts_waiting": report.facts_waiting, "scans": report.scans, "size": report.size}
    return Answer(data=data, words="已恢复；联网后中心会作废旧号段，再继续收件。")


def doctor(_args: Namespace, context: Context) -> Answer:
    """Every part with its version and state."""
    parts = [
        _part("program", lambda: f"ebp {__version__}，Python {platform.python_version()}"),
        _part("database", lambda: f"SQLCipher（SQLite {sqlite_version()}）"),
        _part("key_store", _key_store),
        _part("typesetting", lambda: f"typst {_version('typst')}"),
        _part("fonts", lambda: "、".join(sorted({name for name, _, _ in find_fonts().files}))),
        _part("scanner", _scanner),
        _part("printer", _printers),
        _part("window", lambda: f"PySide6 {_version('PySide6-Essentials')}"),
        _part("calendar", lambda: "、".join(str(year) for year in shipped_calendar().announced_years())),
        _part("home", lambda: _home(context)),
        _part("central", lambda: _central(context)),
    ]
    broken = [part for part in parts if part["state"] == "failed"]
    words = "\n".join(f"{part['name']}：{part['state']}  {part['detail']}" for part in parts)
    return Answer(data={"parts": parts, "ok": not broken}, words=words, exit_code=5 if broken else 0)


def _part(name: str, look: Callable[[], str]) -> dict[str, str]:
    try:
        detail = look()
    except EbpError as error:
        return {"name": name, "state": "failed", "detail": error.message}
    return {"name": name, "state": "ok" if detail else "absent", "detail": detail}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "bundled"


def _key_store() -> str:
    backend = pinned_backend()
    return type(backend).__module__ if backend else "密钥文件（本机没有系统密钥库）"


def _scanner() -> str:
    try:
        return f"python-sane {version('python-sane')}"
    except PackageNotFoundError:
        return ""


def _printers() -> str:
    return "、".join(cups_queues())


def _home(context: Context) -> str:
    identity = read_identity(context.home)
    if identity is None:
        return "尚未登记为窗口"
    clock = clock_of(identity)
    return f"{identity.name}（{identity.counter}），中心 {identity.central}，{clock.now():%Y-%m-%d %H:%M}"


def _central(context: Context) -> str:
    """Whether central answers; nothing where this home knows none."""
    identity = read_identity(context.home)
    if identity is None:
        return ""
    trusted = tls_context(Path(identity.ca) if identity.ca else None)
    try:
        answer = httpx.get(f"{identity.central}/v1/health/live", timeout=_PATIENCE_SECONDS, verify=trusted)
    except httpx.HTTPError as error:
        raise SurroundingsError("central_unreachable", f"{identity.central} 没有应答，离线办件不受影响。") from error
    return f"{identity.central}，应答 {answer.status_code}"
