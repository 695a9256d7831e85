"""Personal data as lists and papers may show it: enough to recognise, too little to use."""

from __future__ import annotations

import unicodedata

_SHORTEST_MASKED_ID = 8
_MOBILE_LENGTH = 11
_SHOWN_TAIL = 4


def masked_person_id(number: str) -> str:
    """``15030219900101001X`` as ``150***********001X``; a number too short for that shows nothing."""
    if len(number) < _SHORTEST_MASKED_ID:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-_SHOWN_TAIL:]


def masked_phone(number: str) -> str:
    """``13847301234`` as ``138****1234``, ``0473-2998123`` as ``0473-***8123``."""
    if len(number) == _MOBILE_LENGTH and number.isascii() and number.isdigit():
        return number[:3] + "****" + number[-_SHOWN_TAIL:]
    area, hyphen, local = number.partition("-")
    if not hyphen:
        area, local = "", number
    if len(local) <= _SHOWN_TAIL:
        return area + hyphen + "*" * len(local)
    return area + hyphen + "*" * (len(local) - _SHOWN_TAIL) + local[-_SHOWN_TAIL:]


def masked_name(name: str) -> str:
    """A person's name with only its first character: 王小明 as 王**, 巴图·苏和 as 巴****.

    A combining mark or variation selector belongs to the character before it and is not counted as one.
    """
    characters: list[str] = []
    for each in name.strip():
        if characters and (unicodedata.combining(each) or _is_variation_selector(each)):
            characters[-1] += each
        else:
            characters.append(each)
    if not characters:
        return ""
    if len(characters) == 1:
        return "*"
    return characters[0] + "*" * (len(characters) - 1)


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
