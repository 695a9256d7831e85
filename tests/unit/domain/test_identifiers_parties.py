"""What a clerk types about an applicant is judged as the standards say, and never refused for a wrong reason."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from ebp_desktop.domain.identifiers import Checked, check_person_id, check_phone, check_uscc, normalised

GOOD_USCC = [
    "91150302MA0QDEM0X7",
    "91150304MA0QDEM184",
    "91150303MA0Q00035D",
    "11150300MB0DEM0178",
    "12150300MB0DEM0250",
]


def with_uscc_check(body: str) -> str:
    return body + stdnum_uscc.calc_check_digit(body)


@pytest.mark.parametrize("code", GOOD_USCC)
def test_a_correct_credit_code_is_certain(code):
    assert check_uscc(code) == Checked(True, True, (), code)


@pytest.mark.parametrize("code", GOOD_USCC)
def test_no_single_wrong_character_passes_as_a_credit_code(code):
    for place in range(18):
        for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if other != code[place]:
                assert not check_uscc(code[:place] + other + code[place + 1 :]).valid


@pytest.mark.parametrize(
    "typed",
    [
        "91150302ma0qdem0x7",
        " 9115 0302 MA0Q DEM0 X7 ",
        "９１１５０３０２ＭＡ０ＱＤＥＭ０Ｘ７",
        "91150302-MA0QDEM0X-7",
        "91150302\u2014MA0QDEM0X\u20117",
        "\ufeff91150302\u200bMA0QDEM0X7\u3000",
    ],
)
def test_a_credit_code_is_read_however_it_was_typed_or_pasted(typed):
    assert check_uscc(typed) == Checked(True, True, (), "91150302MA0QDEM0X7")


def test_letters_in_front_are_accepted_though_the_library_refuses_them():
    for front in ("A1", "N1", "Y1", "1A"):
        code = with_uscc_check(front + "150300MB0DEM017")
        assert not stdnum_uscc.is_valid(code)
        assert check_uscc(code).valid


def test_a_broken_inner_organisation_code_warns_and_does_not_refuse():
    checked = check_uscc(with_uscc_check("91150302MA0QDEM01"))
    assert (checked.valid, checked.certain) == (True, False)
    assert "主体标识码" in checked.reasons[0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "18 位"),
        ("91150302MA0QDEM0X", "现为 17 位"),
        ("91150302MA0QDEM0X77", "现为 19 位"),
        ("9115O302MA0QDEM0X7", "O"),
        ("91150302MA0QDEM0X8", "校验码"),
        ("91150302MA0QDEM0中7", "中"),
        ("0115030200QDEM0X77", "登记管理部门"),
        ("9115A302MA0QDEM0X7", "行政区划"),
        ("91150302MA0QDEM0²7", "校验码"),
        ("9115０３０２MA0QDEM0XIII", "现为 20 位"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(typed, words):
    checked = check_uscc(typed)
    assert (checked.valid, checked.certain) == (False, True)
    assert words in checked.reasons[0]


def person(region: str, born: str, order: str = "001") -> str:
    body = f"{region}{born}{order}"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize("number", ["15030219900101001X", "150304198506150024"])
def test_a_correct_person_id_is_certain(number):
    assert check_person_id(number) == Checked(True, True, (), number)


@pytest.mark.parametrize(
    "typed", ["15030219900101001x", "１５０３０２１９９００１０１００１Ｘ", "150302 19900101 001x"]
)
def test_a_person_id_is_read_however_it_was_typed(typed):
    assert check_person_id(typed).normal == "15030219900101001X"
    assert check_person_id(typed).valid


def test_a_card_older_than_its_district_code_is_real_though_the_library_refuses_it():
    number = person("150303", "19780312")
    assert not ric.is_valid(number)
    assert check_person_id(number) == Checked(True, True, (), number)


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "931156", "911840", "710000"])
def test_residence_permits_and_foreigners_cards_are_accepted(region):
    assert check_person_id(person(region, "19920229")).valid


def test_no_single_wrong_digit_passes_as_a_person_id():
    number = "150304198506150024"
    for place in range(18):
        for other in "0123456789":
            if other != number[place]:
                assert not check_person_id(number[:place] + other + number[place + 1 :]).valid


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("150302900101001", "15 位"),
        ("15030219900101001", "现为 17 位"),
        ("15030219900101001Y", "X"),
        ("1503021990010100A1", "数字"),
        (person("150302", "19900230"), "出生日期"),
        (person("150302", "19901301"), "出生日期"),
        (person("000000", "19900101"), "地区代码"),
        (person("200302", "19900101"), "地区代码"),
        ("150302199001010011", "校验码"),
        ("15030219900101001²", "校验码"),
        ("", "现为 0 位"),
    ],
)
def test_a_wrong_person_id_is_refused_with_its_reason(number, words):
    checked = check_person_id(number)
    assert not checked.valid
    assert words in checked.reasons[0]


def test_nobody_is_born_tomorrow():
    number = person("150302", "20260303")
    assert check_person_id(number).valid
    assert check_person_id(number, today=date(2026, 3, 3)).valid
    assert not check_person_id(number, today=date(2026, 3, 2)).valid


def test_a_birth_in_a_distant_century_is_looked_at_twice():
    checked = check_person_id(person("150302", "18700101"))
    assert (checked.valid, checked.certain) == (True, False)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13847301234", "13847301234"),
        ("138 4730 1234", "13847301234"),
        ("+86 138-4730-1234", "13847301234"),
        ("0086 13847301234", "13847301234"),
        ("１３８４７３０１２３４", "13847301234"),
        ("0473-2998123", "0473-2998123"),
        ("0473－2998123", "0473-2998123"),
        ("04732998123", "0473-2998123"),
        ("(0473)2998123", "0473-2998123"),
        ("（0473）2998123转801", "0473-2998123-801"),
        ("010-88886666", "010-88886666"),
        ("021 6888 6666", "021-68886666"),
        ("+86 473 2998123", "0473-2998123"),
        ("400-810-1234", "400-810-1234"),
        ("8008101234", "800-810-1234"),
    ],
)
def test_a_telephone_number_is_read_however_it_was_typed(typed, normal):
    assert check_phone(typed) == Checked(True, True, (), normal)


def test_a_landline_without_area_code_is_doubtful():
    checked = check_phone("2998123")
    assert (checked.valid, checked.certain, checked.normal) == (True, False, "2998123")
    assert "0473" in checked.reasons[0]


@pytest.mark.parametrize("typed", ["", "12847301234", "1384730123", "138473012345", "0473-1998123", "电话", "0000000"])
def test_what_nobody_could_dial_is_refused(typed):
    assert not check_phone(typed).valid


def test_clean_up_keeps_chinese_and_unifies_the_rest():
    assert normalised(" 乌发改 ａ—１ ") == "乌发改A-1"
    assert len(normalised("1" * 100_000)) <= 200
