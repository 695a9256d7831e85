"""A full disk is said early, files change in one step, and one process syncs."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.locks import ProcessLock
from ebp_desktop.store.platform_files import durable_file, erase, move_durably, said, write_durably
from ebp_desktop.store.space import MEBIBYTE, SpaceGuard


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "vault.json"
    write_durably(target, b"old")
    with pytest.raises(RuntimeError), durable_file(target) as out:  # noqa: PT012
        out.write(b"new, but")
        raise RuntimeError("cut")
    assert target.read_bytes() == b"old"
    write_durably(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["vault.json"]
    assert target.stat().st_mode & 0o077 == 0


def test_an_erased_file_is_gone_and_erasing_twice_is_harmless(tmp_path: Path) -> None:
    path, other = tmp_path / "page", tmp_path / "hard link"
    path.write_bytes(b"secret" * 300_000)
    other.hardlink_to(path)
    erase(path)
    erase(path)
    assert not path.exists()
    assert set(other.read_bytes()) == {0}


def test_a_move_between_folders_keeps_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "page").write_bytes(b"bytes")
    move_durably(tmp_path / "page", tmp_path / "to" / "page")
    assert (tmp_path / "to" / "page").read_bytes() == b"bytes"
    assert not (tmp_path / "page").exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EFBIG, "disk_full"), (errno.EIO, "file_failed")],
)
def test_the_systems_failures_are_said_in_the_clerks_words(number: int, code: str) -> None:
    words = said(OSError(number, "os words", "/home/x"))
    assert words.code == code
    assert words.message
    assert words.safe
    assert words.todo


def test_the_guard_speaks_before_the_reserve_is_touched(tmp_path: Path) -> None:
    free = SpaceGuard(tmp_path).free()
    SpaceGuard(tmp_path, reserve=0).require(1000)
    with pytest.raises(SurroundingsError) as caught:
        SpaceGuard(tmp_path, reserve=free).require(free)
    assert caught.value.code == "disk_full"
    assert SpaceGuard(tmp_path, reserve=free).is_low()
    assert not SpaceGuard(tmp_path, reserve=0).is_low()


def test_ballast_is_laid_once_and_can_be_let_go(tmp_path: Path) -> None:
    guard = SpaceGuard(tmp_path, reserve=0, ballast=3 * MEBIBYTE + 7)
    assert guard.lay_ballast()
    assert (tmp_path / "ballast").stat().st_size == 3 * MEBIBYTE + 7
    stamp = (tmp_path / "ballast").stat().st_mtime_ns
    assert guard.lay_ballast()
    assert (tmp_path / "ballast").stat().st_mtime_ns == stamp
    assert guard.drop_ballast()
    assert not guard.drop_ballast()


def test_ballast_never_takes_the_last_room(tmp_path: Path) -> None:
    guard = SpaceGuard(tmp_path, reserve=1 << 60)
    assert not guard.lay_ballast()
    assert list(tmp_path.iterdir()) == []


def test_a_torn_ballast_is_laid_anew(tmp_path: Path) -> None:
    (tmp_path / "ballast").write_bytes(b"short")
    assert SpaceGuard(tmp_path, reserve=0, ballast=MEBIBYTE).lay_ballast()
    assert (tmp_path / "ballast").stat().st_size == MEBIBYTE


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = ProcessLock(tmp_path / "sync.lock"), ProcessLock(tmp_path / "sync.lock")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    first.release()
    assert second.acquire()
    assert second.held
    second.release()


def test_a_lock_is_given_back_with_the_block(tmp_path: Path) -> None:
    with ProcessLock(tmp_path / "sync.lock") as mine:
        assert mine
        with ProcessLock(tmp_path / "sync.lock") as other:
            assert not other
    assert ProcessLock(tmp_path / "sync.lock").acquire()


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from ebp_desktop.store.locks import ProcessLock;"
        "lock = ProcessLock(pathlib.Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "sync.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        mine = ProcessLock(tmp_path / "sync.lock")
        assert not mine.acquire()
        holder.kill()
        holder.wait()
        assert mine.acquire(wait=True)
        mine.release()
