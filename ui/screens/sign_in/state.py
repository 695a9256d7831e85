"""What the sign-in shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedInShown:
    """Who serves now, and in words until when and by which leave."""

    operator: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class SignInState:
    """What was typed, who was here last, what went wrong."""

    user: str = ""
    password: str = ""
    otp: str = ""
    locked_for: str = ""
    signed_in: SignedInShown | None = None
    checking: bool = False

    @property
    def complete(self) -> bool:
        """Whether all three are there."""
        return bool(self.user.strip() and self.password and len(self.otp.strip()) == 6)
