"""A sealed copy of a counter that another machine can open with the recovery key, unsent facts and scans included.

The data key of this machine is not in it: the database travels under a key made for the copy, and the restored home
gets a data key of its own.
"""

from __future__ import annotations

import base64
import binascii
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import msgspec

from ebp_desktop.crypto.canonical import digest
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.frames import SealedWriter, only, open_frames
from ebp_desktop.crypto.keys import KEY_BYTES, SealingKey, derive, random_key
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.store.blobs import LocalBlobStore
from ebp_desktop.store.database_store import CounterStore, Now, StorePaths, open_store
from ebp_desktop.store.engine import copy_database
from ebp_desktop.store.files import StoredFile, Upload
from ebp_desktop.store.platform_files import durable_file, private_folder, said, write_durably
from ebp_desktop.store.space import SpaceGuard

RESTORED: Final = "restored_at"
_PREFIX: Final = "EBP-RECOVERY-1 "
_FORMAT: Final = 1
_MANIFEST, _DATABASE, _SCANS = "manifest.json", "counter.db", "scans/"


class _Manifest(msgspec.Struct):
    v: int
    made_at: str
    database_key: bytes


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup or a restore carried."""

    facts_waiting: int
    scans: int
    size: int


def new_recovery_key(path: Path) -> SealingKey:
    """Write a fresh recovery key to a private file; raises RefusedError when the file is there already."""
    if path.exists():
        raise RefusedError("recovery_key_exists", "恢复密钥文件已存在，不会覆盖。", place=path.name)
    secret = random_key()
    write_durably(path, (_PREFIX + base64.b32encode(secret).decode().rstrip("=") + "\n").encode())
    return _named(secret)


def read_recovery_key(path: Path) -> SealingKey:
    """Read a recovery key; raises BadInputError ``bad_recovery_key``."""
    try:
        text = path.read_text("ascii").strip()
        letters = text.removeprefix(_PREFIX).replace(" ", "")
        secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise _bad_key(path) from error
    if not text.startswith(_PREFIX) or len(secret) != KEY_BYTES:
        raise _bad_key(path)
    return _named(secret)


def _named(secret: bytes) -> SealingKey:
    return SealingKey("recovery-" + digest(secret)[:8], derive(secret, "backup"))


def back_up(store: CounterStore, target: Path, key: SealingKey, at: datetime) -> BackupReport:
    """Write the backup while the counter works on; ``target`` is replaced in one step.

    Raises SurroundingsError ``disk_full`` or ``file_failed``; an earlier file at ``target`` then stays as it was.
    """
    copy_key = random_key()
    with tempfile.TemporaryDirectory(dir=store.paths.home, prefix="backup-") as folder:
        copy = Path(folder) / _DATABASE
        store.copy_database(copy, copy_key)
        with store.read() as session:
            waiting, files = len(session.outbox.waiting(10**9)), session.files.all()
        manifest = msgspec.json.encode(_Manifest(_FORMAT, at.isoformat(), copy_key))
        with (
            durable_file(target) as out,
            SealedWriter(out, key) as sealed,
            tarfile.open(fileobj=cast("BinaryIO", sealed), mode="w|") as tar,
        ):
            _add_bytes(tar, _MANIFEST, manifest)
            tar.add(copy, _DATABASE)
            scans = sum(_add_scan(tar, store.scans, file) for file in files)
    return BackupReport(waiting, scans, target.stat().st_size)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def _add_scan(tar: tarfile.TarFile, scans: LocalBlobStore, file: StoredFile) -> int:
    # What central holds whole comes back from there; what it does not would be lost with this disk.
    if file.upload is Upload.DONE or not scans.has(file.sha256, file.key_id):
        return 0
    tar.add(scans.sealed_path(file.sha256, file.key_id), f"{_SCANS}{file.key_id}/{file.sha256}")
    return 1


def restore(source: Path, key: SealingKey, home: Path, data_key: bytes, now: Now) -> BackupReport:
    """Make ``home`` a copy of the backed-up counter under a data key of its own.

    Its leases are burned and it is marked as restored: what the old disk did after the backup is known to central
    alone, so no number may be given before central was asked. Raises RefusedError ``home_in_use`` for a home that
    holds a database, BadInputError ``bad_backup`` for a wrong key, a cut or altered file; the home is then untouched.
    """
    paths = StorePaths(private_folder(home))
    if paths.database.exists():
        raise RefusedError("home_in_use", "该目录已有本机数据，不能恢复到此处。", safe="原数据未被改动。")
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix="restore-") as folder:
            manifest = _unpack(source, key, Path(folder))
            scans = _place_scans(Path(folder) / "scans", paths, SpaceGuard(home))
            # Last of all: only a home with its database counts as one.
            copy_database(Path(folder) / _DATABASE, manifest.database_key, paths.database, derive(data_key, "database"))
    except OSError as error:
        raise said(error) from error
    store = open_store(home, data_key, now)
    try:
        with store.begin() as tx:
            tx.numbers.burn_leases("恢复备份")
            tx.settings.set(RESTORED, now().isoformat())
            waiting = len(tx.outbox.waiting(10**9))
    finally:
        store.close()
    return BackupReport(waiting, scans, source.stat().st_size)


def _unpack(source: Path, key: SealingKey, folder: Path) -> _Manifest:
    """Unpack into ``folder``; the manifest carries a key and never touches the disk."""
    manifest = b""
    try:
        with source.open("rb") as sealed, _opened(sealed, key) as tar:
            for member in tar:
                if member.name == _MANIFEST:
                    manifest = _content(tar, member).read()
                else:
                    _extract(tar, member, folder)
        read = msgspec.json.decode(manifest, type=_Manifest)
    except (CryptoError, tarfile.TarError, msgspec.MsgspecError, FileNotFoundError) as error:
        raise _bad_backup(source) from error
    if read.v != _FORMAT or not (folder / _DATABASE).exists():
        raise _bad_backup(source)
    return read


@contextmanager
def _opened(sealed: BinaryIO, key: SealingKey) -> Iterator[tarfile.TarFile]:
    reader = _ChunkReader(open_frames(sealed, only(key)))
    with tarfile.open(fileobj=cast("BinaryIO", reader), mode="r|") as tar:
        yield tar
    # The last frame must be seen, or a cut file would pass.
    while reader.read(1 << 20):
        pass


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Unpack the database or a scan; anything else is no part of a backup."""
    parts = member.name.split("/")
    known = parts == [_DATABASE] or (len(parts) == 3 and parts[0] == "scans" and all(map(_plain, parts)))
    if not member.isreg() or not known:
        raise tarfile.ReadError(f"a backup has no member {member.name!r}")
    target = folder.joinpath(*parts)
    private_folder(target.parent)
    with target.open("wb") as out:
        shutil.copyfileobj(_content(tar, member), out, 1 << 20)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.ReadError(f"{member.name!r} is no file")
    return content


def _plain(part: str) -> bool:
    return part.isascii() and part.replace("-", "").isalnum()


def _place_scans(folder: Path, paths: StorePaths, guard: SpaceGuard) -> int:
    blobs, count = LocalBlobStore(paths.scans, guard), 0
    for path in sorted(folder.glob("*/*")):
        with path.open("rb") as sealed:
            blobs.place(sealed, path.name, path.parent.name)
        count += 1
    return count


class _ChunkReader:
    """Makes a file of frames that come one by one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, fewer only at the end."""
        while len(self._rest) < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._rest += chunk
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _bad_key(path: Path) -> BadInputError:
    return BadInputError("bad_recovery_key", "恢复密钥文件不能读取或格式不正确。", place=path.name)


def _bad_backup(path: Path) -> BadInputError:
    return BadInputError(
        "bad_backup",
        "备份文件不能打开：恢复密钥不符，或文件不完整、已损坏。",
        place=path.name,
        safe="没有改动任何数据。",
        todo="请核对恢复密钥，或换用另一份备份。",
    )
