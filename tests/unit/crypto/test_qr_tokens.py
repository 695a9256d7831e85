"""A token read from paper is genuine, forged, of an unknown key, or says what is wrong with the read."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ebp_desktop.crypto import tokens
from ebp_desktop.crypto.errors import CryptoError
from ebp_desktop.crypto.signatures import Ed25519Signer, Keyring
from ebp_desktop.crypto.tokens import TokenBody, TokenProblem, TokenRefusedError, TokenVerdict

SIGNER = Ed25519Signer(b"\x07" * 32)
RING = Keyring([SIGNER.verifier])
SLIP = TokenBody("slip", "150302-001-20260302-0001", date(2026, 3, 2))
NOTICE = TokenBody("acceptance", "乌自然资受〔2026〕12号", date(2026, 3, 3))
TEXT = tokens.encode(SLIP, SIGNER)
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def problem_of(text: str) -> TokenProblem:
    with pytest.raises(TokenRefusedError) as caught:
        tokens.decode(text)
    return caught.value.problem


@pytest.mark.parametrize("body", [SLIP, NOTICE], ids=["slip", "notice with a Chinese number"])
def test_a_paper_says_what_it_is_and_is_genuine(body: TokenBody) -> None:
    token = tokens.decode(tokens.encode(body, SIGNER))
    assert token.body == body
    assert (token.alg, token.key_id) == ("ed25519", SIGNER.key_id)
    assert tokens.verify(token, RING) is TokenVerdict.GENUINE


def test_the_text_fits_the_alphanumeric_mode_of_a_qr() -> None:
    assert set(TEXT) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(TEXT) < 200


@pytest.mark.parametrize(
    "read",
    [
        TEXT.lower(),
        TEXT.translate(FULL_WIDTH),
        TEXT.replace(".", "。"),
        TEXT.replace(".", "．"),
        TEXT.replace(".", "·"),
        TEXT.replace(".", ""),
        "  " + TEXT + "\r\n",
        "\n".join(TEXT[at : at + 40] for at in range(0, len(TEXT), 40)),
        "\ufeff" + TEXT[:30] + "\u200b" + TEXT[30:],
        "https://hall.example.gov.cn/p/" + TEXT,
        "HTTPS://HALL.EXAMPLE.GOV.CN/P/" + TEXT + "?from=qr",
        "https：//hall。example/p/" + TEXT.lower(),
        "扫码结果：" + TEXT + "（登记凭单）",
    ],
    ids=[
        "lower case",
        "full width",
        "ideographic stop",
        "full-width stop",
        "middle dot",
        "stop swallowed",
        "spaces around",
        "broken lines",
        "invisible characters",
        "tail of a url",
        "url with a query",
        "url through an input method",
        "words around",
    ],
)
def test_it_is_read_through_what_scanners_and_input_methods_do(read: str) -> None:
    token = tokens.decode(read)
    assert token.body == SLIP
    assert token.text == TEXT


def test_the_same_scan_twice_is_one_token() -> None:
    assert tokens.decode(TEXT + TEXT).body == SLIP
    assert tokens.decode(TEXT + "\r\n" + TEXT.lower()).body == SLIP


def test_a_broken_first_read_and_a_whole_second_one_are_one_token() -> None:
    assert tokens.decode(TEXT[:50] + TEXT).body == SLIP


def test_two_papers_in_one_field_are_not_guessed_between() -> None:
    assert problem_of(TEXT + tokens.encode(NOTICE, SIGNER)) is TokenProblem.SEVERAL


@given(st.integers(len("EBP1"), len(TEXT) - 1))
def test_a_half_token_is_said_to_be_half(length: int) -> None:
    # Cutting the last letter can leave a run that is no base32 at all; both readings ask for a new scan.
    assert problem_of(TEXT[:length]) in {TokenProblem.HALF, TokenProblem.DAMAGED}


def test_half_means_half_for_most_cuts() -> None:
    answers = [problem_of(TEXT[:length]) for length in range(len("EBP1."), len(TEXT))]
    assert answers.count(TokenProblem.HALF) > 0.9 * len(answers)


@given(st.data())
def test_one_misread_letter_is_never_called_a_forgery(data: st.DataObject) -> None:
    at = data.draw(st.integers(len("EBP1."), len(TEXT) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda other: other != TEXT[at]))
    assert problem_of(TEXT[:at] + letter + TEXT[at + 1 :]) is not TokenProblem.NOT_A_TOKEN


@pytest.mark.parametrize("digit", "0189")
def test_a_digit_that_base32_does_not_have_is_a_misread(digit: str) -> None:
    assert problem_of(TEXT[:20] + digit + TEXT[21:]) is TokenProblem.DAMAGED


@pytest.mark.parametrize("text", ["", "   ", "150302-2026-000001-4", "https://example.com/", "EBP", "A" * 5000])
def test_other_texts_are_no_tokens(text: str) -> None:
    assert problem_of(text) is TokenProblem.NOT_A_TOKEN


def test_a_token_of_a_newer_release_is_named_so() -> None:
    assert problem_of("EBP2" + TEXT[4:]) is TokenProblem.VERSION


def test_letters_after_the_end_are_a_misread() -> None:
    assert problem_of(TEXT + "AAAAAAAA") is TokenProblem.DAMAGED


def forged(change: bytes) -> str:
    """Return a token whose number was changed by somebody who knows the format but not the key."""
    raw = base64.b32decode(TEXT[5:] + "=" * (-len(TEXT[5:]) % 8))
    payload = raw[:-2].replace(b"0001", change)
    return tokens._to_text(payload + tokens._checksum(payload))


def test_a_changed_number_is_a_forgery() -> None:
    token = tokens.decode(forged(b"0002"))
    assert token.body.number.endswith("0002")
    assert tokens.verify(token, RING) is TokenVerdict.FORGED


def test_without_the_key_nothing_is_claimed() -> None:
    assert tokens.verify(tokens.decode(TEXT), Keyring()) is TokenVerdict.UNKNOWN_KEY


def test_a_stranger_with_the_same_words_is_an_unknown_key() -> None:
    stranger = Ed25519Signer.generate()
    assert tokens.verify(tokens.decode(tokens.encode(SLIP, stranger)), RING) is TokenVerdict.UNKNOWN_KEY


@pytest.mark.parametrize(
    "body",
    [
        TokenBody("", "1", date(2026, 1, 1)),
        TokenBody("slip", "", date(2026, 1, 1)),
        TokenBody("slip", "长" * 86, date(2026, 1, 1)),
        TokenBody("slip", "1", date(2019, 12, 31)),
    ],
    ids=["no kind", "no number", "number too long", "before the epoch"],
)
def test_what_does_not_fit_is_refused_when_made(body: TokenBody) -> None:
    with pytest.raises(CryptoError):
        tokens.encode(body, SIGNER)


@settings(max_examples=40)
@given(
    st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable()),
    st.dates(date(2020, 1, 1), date(2190, 1, 1)),
)
def test_every_number_comes_back(number: str, issued: date) -> None:
    body = TokenBody("notice", number, issued)
    token = tokens.decode(tokens.encode(body, SIGNER))
    assert token.body == body
    assert tokens.verify(token, RING) is TokenVerdict.GENUINE
