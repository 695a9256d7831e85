"""Identifiers of applicants: unified social credit code, person ID, telephone number."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from ebp_desktop.domain.identifiers.checked import (
    Checked,
    doubtful,
    good,
    is_ascii_digits,
    normalised,
    without_hyphens,
    wrong,
)

_USCC_LENGTH = 18
_USCC_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_USCC_AUTHORITIES = frozenset("123456789ANY")
_SUBJECT_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SUBJECT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_LENGTH = 18
_OLD_PERSON_LENGTH = 15
_FOREIGNER = "9"
_OLDEST_BIRTH_YEAR = 1890
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?)?([2-9]\d{6,7})(?:(?:-|转|EXT\.?)(\d{1,6}))?")
_SERVICE = re.compile(r"(?:400|800)-?(\d{3})-?(\d{4})")


def check_uscc(text: str) -> Checked:
    """A unified social credit code (GB 32100-2015), 18 characters.

    The first two characters may be letters (A, N, Y authorities), which python-stdnum's own validation refuses. The
    inner organisation code's check character (GB 11714) only warns: codes that break it have been issued.
    """
    code = without_hyphens(text)
    if len(code) != _USCC_LENGTH:
        return wrong(code, f"统一社会信用代码应为 18 位，现为 {len(code)} 位")
    strange = sorted({each for each in code if each not in _USCC_ALPHABET})
    if strange:
        return wrong(code, f"含有代码中不使用的字符：{'、'.join(strange)}（代码不含字母 I、O、S、V、Z）")
    if not is_ascii_digits(code[2:8]):
        return wrong(code, "第 3 至 8 位应为行政区划数字")
    if code[0] not in _USCC_AUTHORITIES:
        return wrong(code, f"第 1 位“{code[0]}”不是登记管理部门代码")
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return wrong(code, "第 18 位校验码不符，请核对各位")
    if _subject_check(code[8:16]) != code[16]:
        return doubtful(code, "第 9 至 17 位主体标识码（组织机构代码）的校验码不符，请与证照核对")
    return good(code)


def _subject_check(body: str) -> str:
    total = sum(weight * _SUBJECT_ALPHABET.index(each) for weight, each in zip(_SUBJECT_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_person_id(text: str, *, today: date | None = None) -> Checked:
    """A citizen identity number (GB 11643-1999), 18 characters; ``today`` refuses a birth in the future.

    Also residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and foreigners' permanent residence
    cards (9…), which share length and check character. The region is not compared with the year of birth, as
    python-stdnum does: a card keeps its number when districts change, and late registrants have newer codes.
    """
    number = without_hyphens(text)
    if len(number) == _OLD_PERSON_LENGTH and is_ascii_digits(number):
        return wrong(number, "15 位旧号码已停止使用，应填 18 位公民身份号码")
    if len(number) != _PERSON_LENGTH:
        return wrong(number, f"公民身份号码应为 18 位，现为 {len(number)} 位")
    if not is_ascii_digits(number[:17]) or number[17] not in "0123456789X":
        return wrong(number, "前 17 位应为数字，第 18 位应为数字或 X")
    if number[0] != _FOREIGNER and number[:2] not in _PROVINCES:
        return wrong(number, f"前两位“{number[:2]}”不是地区代码")
    born = _birthday(number[6:14])
    if born is None:
        return wrong(number, f"第 7 至 14 位“{number[6:14]}”不是出生日期")
    if mod_11_2.calc_check_digit(number[:17]) != number[17]:
        return wrong(number, "第 18 位校验码不符，请核对各位")
    if today is not None and born > today:
        return wrong(number, f"出生日期 {born} 晚于今天")
    if born.year < _OLDEST_BIRTH_YEAR:
        return doubtful(number, f"出生年份 {born.year} 过早，请与证件核对")
    return good(number)


def _birthday(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def check_phone(text: str) -> Checked:
    """A mobile number, a landline with area code (0473-2998123, extension allowed) or a 400/800 number.

    A landline without its area code is doubtful: a message to it cannot be dialled from everywhere.
    """
    number = normalised(text)
    bare = re.sub(r"^(?:\+|00)86-?", "", number)
    joined = bare.replace("-", "")
    if _MOBILE.fullmatch(joined):
        return good(joined)
    service = _SERVICE.fullmatch(bare)
    if service:
        return good(f"{bare[:3]}-{service[1]}-{service[2]}")
    landline = _LANDLINE.fullmatch(bare)
    if landline is None and bare != number:
        landline = _LANDLINE.fullmatch(f"0{bare}")
    if landline is None:
        return wrong(number, "应为 11 位手机号码，或带区号的固定电话，如 0473-2998123")
    area, local, extension = landline.groups()
    normal = "-".join(part for part in (area, local, extension) if part)
    if area is None:
        return doubtful(normal, "固定电话没有区号，乌海市区号为 0473")
    return good(normal)
