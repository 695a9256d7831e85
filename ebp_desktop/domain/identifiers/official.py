"""Numbers that others assign: the national investment project code and official document numbers."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_11_10

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.identifiers.checked import Checked, doubtful, good, is_ascii_digits, normalised, wrong

_NATIONAL_DIGITS = 20
_NATIONAL_GROUPS = (4, 6, 2, 2, 6)
_FIRST_NEW_MONTH = 2011
_OLD_YEARS = range(2013, 2022)
_MONTHS = range(1, 13)

_OPENING = "[({<〔【〖「『《〈［（｛"
_CLOSING = "])}>〕】〗」』》〉］）｝"
_BRACKETS = str.maketrans({**dict.fromkeys(_OPENING, "〔"), **dict.fromkeys(_CLOSING, "〕")})
_DOCUMENT_NO = re.compile(r"(?P<agency>[^〔〕\d]{1,30})〔(?P<year>\d{4})〕(?P<ordinal>第)?(?P<serial>\d{1,8})号")
_AGENCY = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_YEARS = range(1949, 2200)


def check_national_code(text: str) -> Checked:
    """A national investment project code (GB/T 40058-2021), 24 characters ``YYMM-RRRRRR-DD-TT-NNNNNC``.

    C is ISO 7064 MOD 11,10 over the 19 digits before it: found from published codes, so it warns and never blocks.
    Codes from before November 2020 (``YYYY-RRRRRR-II-TT-NNNNNN``) have no check digit and stay good. The hyphens may be
    left out.
    """
    typed = normalised(text)
    digits = typed.replace("-", "")
    if not is_ascii_digits(digits) or len(digits) != _NATIONAL_DIGITS:
        return wrong(typed, "项目代码应为 24 位（20 位数字和 4 个连字符），形如 2611-150302-89-01-123456")
    normal = _grouped(digits)
    if "-" in typed and typed != normal:
        return wrong(typed, "连字符位置不符，应形如 2611-150302-89-01-123456")
    if digits[4:10] == "000000":
        return wrong(normal, "第 5 至 10 位不是行政区划代码")
    lead = int(digits[:4])
    if lead % 100 in _MONTHS and lead >= _FIRST_NEW_MONTH:
        if mod_11_10.calc_check_digit(digits[:-1]) != digits[-1]:
            return doubtful(normal, "末位校验码不符，请与项目代码回执核对（不影响登记）")
        return good(normal)
    if lead in _OLD_YEARS:
        return doubtful(normal, "2020 年 11 月以前的旧版代码，没有校验位，无法核验")
    return wrong(normal, f"前 4 位“{digits[:4]}”既不是年月，也不是旧版代码的年份")


def _grouped(digits: str) -> str:
    parts: list[str] = []
    start = 0
    for length in _NATIONAL_GROUPS:
        parts.append(digits[start : start + length])
        start += length
    return "-".join(parts)


def check_document_no(text: str) -> Checked:
    """An official document number ``机关代字〔YYYY〕n号`` (GB/T 9704-2012), any kind of bracket accepted.

    Refused: 第 before the serial, a leading zero, a two-digit year, a missing 号.
    """
    typed = normalised(text).translate(_BRACKETS)
    parts = _DOCUMENT_NO.fullmatch(typed)
    if parts is None:
        return wrong(typed, "文号应形如 乌发改审批字〔2026〕12号：机关代字、六角括号内四位年份、序号、“号”")
    if parts["ordinal"]:
        return wrong(typed, "序号前不加“第”字（GB/T 9704）")
    if parts["serial"].startswith("0"):
        return wrong(typed, "序号不编虚位，不以 0 开头（GB/T 9704）")
    if not _AGENCY.fullmatch(parts["agency"]):
        return wrong(typed, "机关代字应为汉字")
    if int(parts["year"]) not in _YEARS:
        return wrong(typed, f"年份“{parts['year']}”不可信")
    return good(typed)


def make_document_no(agency: str, year: int, serial: int) -> str:
    """The document number of central's series; ``agency`` is 机关代字 with the kind, for example 乌发改受.

    Raises BadInputError ``document_no_invalid``.
    """
    checked = check_document_no(f"{agency}〔{year}〕{serial}号")
    if not checked.valid:
        raise BadInputError("document_no_invalid", checked.reasons[0], place=checked.normal)
    return checked.normal
