"""What can go wrong with keys, seals and signatures; callers turn these into words for the clerk."""

from __future__ import annotations


class CryptoError(Exception):
    """A cryptographic operation could not be done; never carries key material or plaintext."""


class NotCanonicalError(CryptoError):
    """A value has no canonical form: a float, a lone surrogate, an integer beyond 2^53, a foreign type."""


class WrongKeyError(CryptoError):
    """The key or password does not open this wrap."""


class DamagedSealError(CryptoError):
    """A sealed stream was cut, reordered, extended or altered."""


class UnknownAlgorithmError(CryptoError):
    """The ``alg`` field names an algorithm that this build does not know."""


class BrokenChainError(CryptoError):
    """A hash chain has a gap or an edit; ``position`` is the first entry that does not follow."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
