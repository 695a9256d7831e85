"""Numbers on licences: construction permit, planning permits, electronic licence identifiers."""

from __future__ import annotations

import re
from datetime import date

from stdnum.iso7064 import mod_37_36

from ebp_desktop.domain.identifiers.checked import Checked, doubtful, good, normalised, without_hyphens, wrong

_PERMIT = re.compile(r"(\d{6})(\d{8})(\d{2})(\d{2})([A-Z]{0,2})")
_PERMIT_KINDS = frozenset(f"{kind:02d}" for kind in range(1, 20))
_PLANNING = re.compile(r"([用地建])字第(\d{6})(\d{4})(\d{5}|[A-Z]{2}\d{7})号")
_PLANNING_LETTERS = {"用": "XS", "地": "YG", "建": "GG"}
_YEARS = range(1990, 2200)
_E_LICENCE_ROOT = "1.2.156.3005.2"
_E_LICENCE = re.compile(
    r"(?P<kind>[0-9A-Z]{18}[0-9A-Z]{3})\.(?P<issuer>[0-9A-Z]{18})\.(?P<serial>[0-9A-Z]{1,36})\.(?P<version>[0-9A-Z]{3})"
    r"\.(?P<check>[0-9A-Z])"
)


def check_construction_permit(text: str) -> Checked:
    """A construction permit number of 18 digits: region 6, date 8, serial of the day 2, kind 2.

    A sub-permit may carry one or two letters behind them.
    """
    number = without_hyphens(text)
    parts = _PERMIT.fullmatch(number)
    if parts is None:
        return wrong(number, "施工许可证编号应为 18 位数字：区划 6 位、日期 8 位、当日序号 2 位、专业分类 2 位")
    _, day, serial, kind, _ = parts.groups()
    if not _is_day(day):
        return wrong(number, f"第 7 至 14 位“{day}”不是日期")
    if serial == "00":
        return wrong(number, "当日序号从 01 开始")
    if kind not in _PERMIT_KINDS:
        return doubtful(number, f"专业分类“{kind}”不在 01 至 19 之内，请核对")
    return good(number)


def check_planning_permit(text: str) -> Checked:
    """A planning permit number: 用字第/地字第/建字第, region 6, year 4, serial 5, 号.

    The electronic form has two letters and a serial of 7 digits instead.
    """
    number = normalised(text).replace("-", "")
    parts = _PLANNING.fullmatch(number)
    if parts is None:
        return wrong(number, "规划许可证号应形如 建字第150302202600001号")
    word, _, year, serial = parts.groups()
    if int(year) not in _YEARS:
        return wrong(number, f"年份“{year}”不可信")
    if not serial.isdigit() and serial[:2] != _PLANNING_LETTERS[word]:
        return doubtful(number, f"“{word}字第”一般对应字母 {_PLANNING_LETTERS[word]}，请与证照核对")
    return good(number)


def check_e_licence_id(text: str) -> Checked:
    """An electronic licence identifier (GB/T 36904-2018) under ``1.2.156.3005.2``.

    The check character is ISO 7064 MOD 37,36 over kind, issuer, serial and version; a mismatch warns, never blocks.
    """
    number = normalised(text).replace("-", "")
    body = number.removeprefix(f"{_E_LICENCE_ROOT}.")
    if body == number:
        return wrong(number, f"电子证照标识应以 {_E_LICENCE_ROOT}. 开头")
    parts = _E_LICENCE.fullmatch(body)
    if parts is None:
        return wrong(number, "电子证照标识应依次为类型代码 21 位、颁发机构代码 18 位、流水号、版本 3 位、校验位")
    checked = "".join(parts.group("kind", "issuer", "serial", "version"))
    if mod_37_36.calc_check_digit(checked) != parts["check"]:
        return doubtful(number, "末位校验码不符，请向颁发机构核验")
    return good(number)


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in _YEARS
    except ValueError:
        return False
