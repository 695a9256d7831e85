"""A slot under an operator's password: AES-256-GCM under Argon2id with a salt of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ebp_desktop.crypto.errors import CryptoError, WrongKeyError
from ebp_desktop.crypto.keys import Argon2Cost, PasswordSlot, make_slot, open_slot
from ebp_desktop.crypto.signatures import from_base64, to_base64
from ebp_desktop.store.keystores.api import VaultSlot

PASSWORD: Final = "password"  # noqa: S105  # the name of a mechanism
# A vault file from a stranger must not make this machine spend its whole memory on one guess.
_DEAREST = Argon2Cost(memory_kib=1 << 20, passes=16, lanes=16)


@dataclass(frozen=True, slots=True)
class PasswordKeeper:
    """Opens the vault with what an operator typed."""

    owner: str
    password: str = field(repr=False)
    cost: Argon2Cost = field(default_factory=Argon2Cost)

    @property
    def kind(self) -> str:
        """``password``."""
        return PASSWORD

    def wrap(self, data_key: bytes) -> VaultSlot:
        """Make the owner's slot."""
        slot = make_slot(self.password, data_key, self.cost)
        return VaultSlot(
            kind=PASSWORD,
            owner=self.owner,
            fields={
                "alg": "argon2id+aes-256-gcm",
                "memory_kib": str(slot.cost.memory_kib),
                "passes": str(slot.cost.passes),
                "lanes": str(slot.cost.lanes),
                "salt": to_base64(slot.salt),
                "wrapped": to_base64(slot.wrapped),
            },
        )

    def unwrap(self, slot: VaultSlot) -> bytes:
        """Open the owner's slot; raises WrongKeyError for another password or a record that was altered."""
        return open_slot(self.password, _read(slot.fields))

    def forget(self) -> None:
        """Nothing lies outside the vault file."""


def _read(fields: dict[str, str]) -> PasswordSlot:
    try:
        cost = Argon2Cost(int(fields["memory_kib"]), int(fields["passes"]), int(fields["lanes"]))
        slot = PasswordSlot(cost, from_base64(fields["salt"]), from_base64(fields["wrapped"]))
    except (KeyError, ValueError, CryptoError) as error:
        raise WrongKeyError("the password slot is damaged") from error
    cheap = 0 < cost.memory_kib <= _DEAREST.memory_kib and 0 < cost.passes <= _DEAREST.passes
    if not cheap or not 0 < cost.lanes <= _DEAREST.lanes or cost.memory_kib < 8 * cost.lanes or len(slot.salt) < 8:
        raise WrongKeyError("the password slot is damaged")
    return slot
