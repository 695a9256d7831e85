"""A signature belongs to one key and one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.crypto.errors import CryptoError, UnknownAlgorithmError
from ebp_desktop.crypto.signatures import (
    ED25519,
    Ed25519Signer,
    Ed25519Verifier,
    Keyring,
    PublicKey,
    from_base64,
    load_verifier,
    publish,
    to_base64,
)

# RFC 8032, section 7.1, test 2.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_signatures_are_those_of_the_rfc() -> None:
    signer = Ed25519Signer(SECRET)
    assert signer.verifier.public_bytes() == PUBLIC
    assert signer.sign(b"\x72") == SIGNATURE
    assert Ed25519Verifier(PUBLIC).verify(b"\x72", SIGNATURE)


@given(st.binary(max_size=100), st.binary(min_size=1, max_size=9))
def test_a_changed_text_is_not_signed(data: bytes, more: bytes) -> None:
    signer = Ed25519Signer(SECRET)
    assert not signer.verifier.verify(data + more, signer.sign(data))


def test_another_key_has_not_signed_it() -> None:
    assert not Ed25519Signer.generate().verifier.verify(b"\x72", SIGNATURE)


@pytest.mark.parametrize("signature", [b"", b"short", SIGNATURE + b"\x00"])
def test_a_signature_of_the_wrong_length_is_simply_false(signature: bytes) -> None:
    assert not Ed25519Verifier(PUBLIC).verify(b"\x72", signature)


def test_a_key_id_is_eight_hex_digits_of_its_public_key() -> None:
    signer = Ed25519Signer.generate()
    assert len(signer.key_id) == 8
    assert int(signer.key_id, 16) >= 0
    assert Ed25519Signer(signer.private_bytes()).key_id == signer.key_id


def test_a_published_key_comes_back() -> None:
    signer = Ed25519Signer.generate()
    published = publish(signer.verifier)
    assert published.alg == ED25519
    assert load_verifier(published).verify(b"text", signer.sign(b"text"))


def test_a_published_key_under_a_false_name_is_refused() -> None:
    published = publish(Ed25519Verifier(PUBLIC))
    with pytest.raises(CryptoError, match="key id"):
        load_verifier(PublicKey(published.alg, "00000000", published.public))


def test_an_algorithm_of_tomorrow_is_named() -> None:
    with pytest.raises(UnknownAlgorithmError, match="sm2"):
        load_verifier(PublicKey("sm2", "00000000", ""))


@pytest.mark.parametrize("raw", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_the_wrong_length_is_refused(raw: bytes) -> None:
    with pytest.raises(CryptoError):
        Ed25519Verifier(raw)
    with pytest.raises(CryptoError):
        Ed25519Signer(raw)


def test_a_keyring_finds_by_id_and_says_when_it_cannot() -> None:
    one, other = Ed25519Signer.generate().verifier, Ed25519Signer.generate().verifier
    ring = Keyring([one])
    assert ring.find(one.key_id) is one
    assert ring.find(other.key_id) is None
    assert len(ring) == 1


@given(st.binary(max_size=60))
def test_base64_goes_there_and_back(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["a", "ab*=", "口"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(CryptoError):
        from_base64(text)
