"""Numbers of this system: project code, registration number with its papers, temporary number."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_10

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.identifiers.checked import Checked, good, is_ascii_digits, normalised, wrong

_PROJECT_DIGITS = 17
_MOST_PROJECTS = 999_999
_MOST_PAPERS = 99
_YEARS = range(2019, 2200)
_REGISTRATION = re.compile(r"(\d{6})-(\d{3})-(\d{8})-(\d{4})(?:-([A-Z])(\d{2}))?")
_TEMPORARY = re.compile(r"临-(\d{3})-(\d{8})-(\d{4})")


class CounterPaper(StrEnum):
    """Papers that the counter makes itself; the letter goes into their number (no 文号 on any of them)."""

    ADVICE = "Z"
    HAND_IN = "B"
    CORRECTION = "G"
    RETURN = "T"
    HANDOVER = "S"
    SERVICE = "H"
    WITHDRAWAL = "C"
    LOSS = "Y"
    CUSTODY = "J"
    COMPLAINT = "L"


def make_project_code(region: str, year: int, serial: int) -> str:
    """The project code ``RRRRRR-YYYY-NNNNNN-C`` of a leased ``serial`` (1 … 999999), with its check digit.

    ``region`` is the six-digit code of the granting hall. Raises BadInputError ``project_code_invalid``.
    """
    if not (is_ascii_digits(region) and len(region) == 6 and year in _YEARS and 1 <= serial <= _MOST_PROJECTS):
        raise BadInputError("project_code_invalid", f"无法编制项目编号：{region}、{year}、{serial}")
    body = f"{region}{year:04d}{serial:06d}"
    return f"{region}-{year:04d}-{serial:06d}-{mod_11_10.calc_check_digit(body)}"


def check_project_code(text: str) -> Checked:
    """A project code ``RRRRRR-YYYY-NNNNNN-C``; C is ISO 7064 MOD 11,10 over the 16 digits. Hyphens may be left out."""
    typed = normalised(text)
    digits = typed.replace("-", "")
    if not is_ascii_digits(digits) or len(digits) != _PROJECT_DIGITS:
        return wrong(typed, "项目编号应为 17 位数字，形如 150300-2026-000123-4")
    normal = f"{digits[:6]}-{digits[6:10]}-{digits[10:16]}-{digits[16]}"
    if "-" in typed and typed != normal:
        return wrong(typed, "连字符位置不符，应形如 150300-2026-000123-4")
    if int(digits[6:10]) not in _YEARS:
        return wrong(normal, f"年份“{digits[6:10]}”不可信")
    if digits[:6] == "000000" or digits[10:16] == "000000":
        return wrong(normal, "区划或序号不能全为 0")
    if mod_11_10.calc_check_digit(digits[:16]) != digits[16]:
        return wrong(normal, "末位校验码不符，请核对各位")
    return good(normal)


def make_registration_no(region: str, counter: int, day: date, serial: int) -> str:
    """The registration number ``RRRRRR-CCC-YYYYMMDD-NNNN`` of this counter's own gapless series.

    Raises BadInputError ``registration_no_invalid`` (also when a counter's day overflows 9999).
    """
    number = f"{region}-{counter:03d}-{day:%Y%m%d}-{serial:04d}"
    if not check_registration_no(number).valid:
        raise BadInputError("registration_no_invalid", f"无法编制登记号：{number}")
    return number


def counter_paper_no(registration_no: str, paper: CounterPaper, serial: int) -> str:
    """The number of a counter's own paper: the registration number and ``-`` + letter + two digits (1 … 99).

    Raises BadInputError ``registration_no_invalid``.
    """
    number = f"{registration_no}-{paper.value}{serial:02d}"
    if not check_registration_no(number).valid or not 1 <= serial <= _MOST_PAPERS:
        raise BadInputError("registration_no_invalid", f"无法编制文书编号：{number}")
    return number


def check_registration_no(text: str) -> Checked:
    """A registration number ``RRRRRR-CCC-YYYYMMDD-NNNN``, with or without the suffix of a counter's paper."""
    typed = normalised(text)
    parts = _REGISTRATION.fullmatch(typed)
    if parts is None:
        return wrong(typed, "登记号应形如 150300-001-20260302-0001")
    region, counter, day, serial, letter, paper = parts.groups()
    if region == "000000" or counter == "000":
        return wrong(typed, "区划或窗口号不能全为 0")
    if not _is_day(day):
        return wrong(typed, f"“{day}”不是日期")
    if serial == "0000" or paper == "00":
        return wrong(typed, "序号从 1 开始")
    if letter is not None and letter not in set(CounterPaper):
        return wrong(typed, f"不认识的文书类别“{letter}”")
    return good(typed)


def make_temporary_no(counter: int, day: date, serial: int) -> str:
    """The temporary number ``临-CCC-YYYYMMDD-NNNN`` while no project code is left in the lease.

    Raises BadInputError ``temporary_no_invalid``.
    """
    number = f"临-{counter:03d}-{day:%Y%m%d}-{serial:04d}"
    if not check_temporary_no(number).valid:
        raise BadInputError("temporary_no_invalid", f"无法编制临时登记号：{number}")
    return number


def check_temporary_no(text: str) -> Checked:
    """A temporary number ``临-CCC-YYYYMMDD-NNNN``; it is no project code and never looks like one."""
    typed = normalised(text)
    parts = _TEMPORARY.fullmatch(typed)
    if parts is None:
        return wrong(typed, "临时登记号应形如 临-001-20260302-0001")
    counter, day, serial = parts.groups()
    if counter == "000" or serial == "0000":
        return wrong(typed, "窗口号和序号从 1 开始")
    if not _is_day(day):
        return wrong(typed, f"“{day}”不是日期")
    return good(typed)


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in _YEARS
    except ValueError:
        return False
