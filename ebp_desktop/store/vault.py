"""The vault file: one random data key, wrapped once for every operator and once for the desktop's key store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from ebp_desktop.crypto.errors import WrongKeyError
from ebp_desktop.crypto.keys import random_key
from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.store.keystores.api import KeyKeeper, VaultSlot
from ebp_desktop.store.platform_files import private_folder, said, write_durably

_FORMAT = 1


class _File(msgspec.Struct):
    v: int
    slots: tuple[VaultSlot, ...]


@dataclass(frozen=True, slots=True)
class Vault:
    """The vault of one home; every change replaces the file in one durable step."""

    path: Path

    @property
    def exists(self) -> bool:
        """Whether this home has a vault yet."""
        return self.path.exists()

    def create(self, keeper: KeyKeeper) -> bytes:
        """Make the data key and its first slot; return the key. Raises RefusedError ``vault_exists``."""
        if self.exists:
            raise RefusedError("vault_exists", "本机已有密钥文件，不能重复建立。", safe="原密钥文件未被改动。")
        private_folder(self.path.parent)
        data_key = random_key()
        self._write((keeper.wrap(data_key),))
        return data_key

    def adopt(self, data_key: bytes, keeper: KeyKeeper) -> None:
        """Start a vault around an existing data key: a restored home on a new machine."""
        private_folder(self.path.parent)
        self._write((keeper.wrap(data_key),))

    def open(self, keeper: KeyKeeper) -> bytes:
        """Return the data key; raises RefusedError ``vault_locked`` when the keeper has no slot or the wrong means."""
        for slot in self.slots():
            if (slot.kind, slot.owner) == (keeper.kind, keeper.owner):
                try:
                    return keeper.unwrap(slot)
                except WrongKeyError as error:
                    raise _locked() from error
        raise _locked()

    def add(self, data_key: bytes, keeper: KeyKeeper) -> None:
        """Add or replace the keeper's slot, for a new operator or a changed password."""
        others = tuple(slot for slot in self.slots() if (slot.kind, slot.owner) != (keeper.kind, keeper.owner))
        self._write((*others, keeper.wrap(data_key)))

    def remove(self, keeper: KeyKeeper) -> None:
        """Remove the keeper's slot; raises RefusedError ``last_slot`` rather than lock everybody out."""
        slots = self.slots()
        mine = tuple(slot for slot in slots if (slot.kind, slot.owner) == (keeper.kind, keeper.owner))
        others = tuple(slot for slot in slots if slot not in mine)
        if mine and not others:
            raise RefusedError("last_slot", "这是打开本机数据的最后一把钥匙，不能移除。", safe="没有任何改动。")
        self._write(others)
        if mine:
            keeper.forget()

    def slots(self) -> tuple[VaultSlot, ...]:
        """Return every slot; raises SurroundingsError ``vault_missing`` or ``vault_damaged``."""
        try:
            content = msgspec.json.decode(self.path.read_bytes(), type=_File)
        except FileNotFoundError as error:
            raise SurroundingsError(
                "vault_missing",
                "本机还没有密钥文件。",
                place=self.path.name,
                todo="请先登记本窗口（ebp enrol）或恢复备份。",
            ) from error
        except OSError as error:
            raise said(error) from error
        except msgspec.MsgspecError as error:
            raise _damaged(self.path) from error
        if content.v != _FORMAT:
            raise _damaged(self.path)
        return content.slots

    def _write(self, slots: tuple[VaultSlot, ...]) -> None:
        write_durably(self.path, msgspec.json.format(msgspec.json.encode(_File(_FORMAT, slots))))


def _locked() -> RefusedError:
    return RefusedError(
        "vault_locked",
        "口令不正确，或该人员尚未在本机启用，不能打开本机数据。",
        safe="本机数据仍是加密的，没有改动。",
        todo="请核对口令；首次在本机登录须联网。",
    )


def _damaged(path: Path) -> SurroundingsError:
    return SurroundingsError(
        "vault_damaged",
        "本机密钥文件已损坏。",
        place=path.name,
        safe="已上报中心的登记不会丢失。",
        todo="请用恢复密钥从备份恢复（ebp restore）。",
    )
