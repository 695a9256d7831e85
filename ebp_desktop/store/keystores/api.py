"""The promise of every mechanism that can keep the data key: wrap it into a record, and unwrap that record again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSlot:
    """One way to the data key, as it stands in the vault file: no secret is readable in it.

    ``kind`` names the mechanism, ``owner`` whose slot it is; ``fields`` are the mechanism's own texts.
    """

    kind: str
    owner: str
    fields: dict[str, str] = field(repr=False)


class KeyKeeper(Protocol):
    """One mechanism with one owner's means: a password typed in, or the desktop session's key store."""

    @property
    def kind(self) -> str:
        """The mechanism's name."""
        ...

    @property
    def owner(self) -> str:
        """Whose slot it makes and opens."""
        ...

    def wrap(self, data_key: bytes) -> VaultSlot:
        """Keep the data key; raises SurroundingsError ``key_store_failed``."""
        ...

    def unwrap(self, slot: VaultSlot) -> bytes:
        """Give the data key back.

        Raises WrongKeyError when password or kept key do not fit, SurroundingsError ``key_store_failed`` when the
        mechanism itself does not answer.
        """
        ...

    def forget(self) -> None:
        """Remove what the mechanism keeps outside the vault file; harmless when it is gone."""
        ...
