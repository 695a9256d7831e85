"""A slot under a key that the desktop session keeps: Secret Service, KWallet, or Windows' credential store.

The backend is pinned: ``keyring`` by itself would also choose files that ask for a password on a terminal nobody
sees, or that keep secrets readable. Anything but the three counts as no key store.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from ebp_desktop.crypto.errors import CryptoError, WrongKeyError
from ebp_desktop.crypto.keys import random_key, unwrap_key, wrap_key
from ebp_desktop.crypto.signatures import from_base64, to_base64
from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.store.keystores.api import VaultSlot

SYSTEM: Final = "system"
SERVICE: Final = "ebp-counter"


def pinned_backend() -> KeyringBackend | None:
    """Return this desktop's own key store, None when there is none that answers."""
    for kind in _candidates():
        if kind.viable:
            return kind()
    return None


def _candidates() -> tuple[type[KeyringBackend], ...]:
    # Imported at the call: the modules of other desktops would only be in the way.
    if sys.platform == "win32":
        from keyring.backends import Windows

        return (Windows.WinVaultKeyring,)
    from keyring.backends import SecretService, kwallet

    return (SecretService.Keyring, kwallet.DBusKeyring)


@dataclass(frozen=True, slots=True)
class SystemKeeper:
    """Opens the vault without a password as long as the desktop session is unlocked.

    ``owner`` names the home, so that two homes of one person do not share a key.
    """

    owner: str
    backend: KeyringBackend

    @property
    def kind(self) -> str:
        """``system``."""
        return SYSTEM

    def wrap(self, data_key: bytes) -> VaultSlot:
        """Return a slot under the key that the key store holds for this home, given to it now if it has none."""
        try:
            kept = self.backend.get_password(SERVICE, self.owner)
            wrapping = random_key() if kept is None else from_base64(kept)
            if kept is None:
                self.backend.set_password(SERVICE, self.owner, to_base64(wrapping))
        except (KeyringError, CryptoError, RuntimeError, OSError) as error:
            raise _failed(error) from error
        wrapped = to_base64(wrap_key(wrapping, data_key, self.owner))
        return VaultSlot(kind=SYSTEM, owner=self.owner, fields={"alg": "aes-256-gcm", "wrapped": wrapped})

    def unwrap(self, slot: VaultSlot) -> bytes:
        """Ask the key store for the wrapping key and open the slot; raises WrongKeyError when it has none."""
        try:
            kept = self.backend.get_password(SERVICE, self.owner)
        except (KeyringError, RuntimeError, OSError) as error:
            raise _failed(error) from error
        if kept is None:
            raise WrongKeyError("the key store does not hold this home's key")
        try:
            return unwrap_key(from_base64(kept), from_base64(slot.fields["wrapped"]), self.owner)
        except (CryptoError, KeyError) as error:
            raise WrongKeyError("the key store's key does not open this slot") from error

    def forget(self) -> None:
        """Remove the wrapping key from the key store."""
        try:
            self.backend.delete_password(SERVICE, self.owner)
        except PasswordDeleteError:
            return
        except (KeyringError, RuntimeError, OSError) as error:
            raise _failed(error) from error


def _failed(error: Exception) -> SurroundingsError:
    return SurroundingsError(
        "key_store_failed",
        "系统密钥库没有响应或已锁定。",
        place=type(error).__name__,
        safe="本机数据仍是加密的，没有丢失。",
        todo="请解锁系统密钥库，或改用口令登录。",
    )
