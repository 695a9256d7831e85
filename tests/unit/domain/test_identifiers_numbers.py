"""Numbers of the counter and of others: made with their check digits, read in every writing, told apart."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.iso7064 import mod_11_10

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.identifiers import (
    Checked,
    CounterPaper,
    check_construction_permit,
    check_document_no,
    check_e_licence_id,
    check_national_code,
    check_planning_permit,
    check_project_code,
    check_registration_no,
    check_temporary_no,
    counter_paper_no,
    make_document_no,
    make_project_code,
    make_registration_no,
    make_temporary_no,
    masked_name,
    masked_person_id,
    masked_phone,
)

# --- national code --------------------------------------------------------------------------------------------------

PUBLISHED = ["2509-320193-89-01-544060", "2603-141124-89-05-346948", "2411-130202-89-01-637015"]
MADE_UP = ["2611-150302-89-01-123456", "2611-150300-89-01-200017", "2611-150304-89-01-300073"]


@pytest.mark.parametrize("code", PUBLISHED + MADE_UP)
def test_a_national_code_with_its_check_digit_is_certain(code):
    assert check_national_code(code) == Checked(True, True, (), code)
    assert check_national_code(code.replace("-", "")).normal == code


@pytest.mark.parametrize("code", PUBLISHED + MADE_UP)
def test_a_wrong_check_digit_warns_and_never_blocks(code):
    for digit in set("0123456789") - {code[-1]}:
        checked = check_national_code(code[:-1] + digit)
        assert (checked.valid, checked.certain) == (True, False)
        assert "不影响登记" in checked.reasons[0]


@pytest.mark.parametrize("code", ["2020-451421-88-03-016343", "2017-150302-48-03-001234", "2016-150300-47-01-000001"])
def test_an_old_national_code_still_passes(code):
    checked = check_national_code(code)
    assert checked.valid
    assert checked.normal == code


def test_a_national_code_is_read_however_it_was_typed():
    for typed in (
        "２６１１－１５０３０２－８９－０１－１２３４５６",
        "2611—150302—89—01—123456",
        " 2611 - 150302-89-01-123456",
    ):
        assert check_national_code(typed) == Checked(True, True, (), "2611-150302-89-01-123456")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "24 位"),
        ("2611-150302-89-01-12345", "24 位"),
        ("2611-150302-89-01-12345A", "24 位"),
        ("261-1150302-89-01-123456", "连字符"),
        ("2613-150302-89-01-123456", "年月"),
        ("1999-150302-89-01-123456", "年月"),
        ("0000-150302-89-01-123456", "年月"),
        ("2611-000000-89-01-123456", "行政区划"),
    ],
)
def test_a_national_code_of_another_shape_is_refused(typed, words):
    checked = check_national_code(typed)
    assert not checked.valid
    assert words in checked.reasons[0]


# --- project code ---------------------------------------------------------------------------------------------------


def test_a_project_code_carries_its_region_year_serial_and_check_digit():
    code = make_project_code("150300", 2026, 123)
    assert code.startswith("150300-2026-000123-")
    assert mod_11_10.is_valid(code.replace("-", ""))
    assert check_project_code(code) == Checked(True, True, (), code)
    assert check_project_code(code.replace("-", "")).normal == code


def test_every_wrong_digit_and_nearly_every_swap_in_a_project_code_is_noticed():
    code = make_project_code("150302", 2026, 4711)
    for place, digit in enumerate(code):
        for other in "0123456789":
            if digit != "-" and other != digit:
                assert not check_project_code(code[:place] + other + code[place + 1 :]).valid


@pytest.mark.parametrize(
    ("region", "year", "serial"),
    [("15030", 2026, 1), ("15030A", 2026, 1), ("１５０３００", 2026, 1), ("150300", 1999, 1), ("150300", 2026, 0),
     ("150300", 2026, 1_000_000)],
)  # fmt: skip
def test_a_project_code_is_never_made_of_nonsense(region, year, serial):
    with pytest.raises(BadInputError) as raised:
        make_project_code(region, year, serial)
    assert raised.value.code == "project_code_invalid"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("150300-2026-000123", "17 位"),
        ("15030-02026-000123-4", "连字符"),
        ("000000-2026-000001-1", "全为 0"),
        ("150300-2026-000000-1", "全为 0"),
        ("150300-1926-000001-1", "年份"),
        ("临-001-20260302-0001", "17 位"),
    ],
)
def test_what_is_no_project_code_says_why(typed, words):
    checked = check_project_code(typed)
    assert not checked.valid
    assert words in checked.reasons[0]


# --- document numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "乌发改审批字〔2026〕12号",
        "乌发改审批字[2026]12号",
        "乌发改审批字(2026)12号",
        "乌发改审批字（2026）12号",
        "乌发改审批字【2026】12号",
        "乌发改审批字［２０２６］１２号",
        "乌发改审批字〖2026〗12号",
        "乌发改审批字{2026}12号",
        "乌发改审批字 〔2026〕 12 号",
    ],
)
def test_a_document_number_is_written_with_six_cornered_brackets(typed):
    assert check_document_no(typed) == Checked(True, True, (), "乌发改审批字〔2026〕12号")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("乌发改审批字〔2026〕第12号", "第"),
        ("乌发改审批字〔2026〕012号", "0 开头"),
        ("乌发改审批字〔2026〕0号", "0 开头"),
        ("乌发改审批字〔26〕12号", "四位年份"),
        ("乌发改审批字〔2026〕12", "号"),
        ("〔2026〕12号", "机关代字"),
        ("ABC〔2026〕12号", "汉字"),
        ("乌发改〔1026〕12号", "年份"),
        ("乌发改2026-12号", "文号"),
        ("", "文号"),
    ],
)
def test_a_document_number_of_another_shape_is_refused(typed, words):
    checked = check_document_no(typed)
    assert not checked.valid
    assert words in checked.reasons[0]


def test_a_document_number_is_made_as_it_is_checked():
    assert make_document_no("乌发改受", 2026, 7) == "乌发改受〔2026〕7号"
    for agency, year, serial in (("乌发改受", 2026, 0), ("", 2026, 1), ("WFG", 2026, 1), ("乌发改受", 26, 1)):
        with pytest.raises(BadInputError) as raised:
            make_document_no(agency, year, serial)
        assert raised.value.code == "document_no_invalid"


# --- the counter's own numbers --------------------------------------------------------------------------------------


def test_a_registration_number_names_region_counter_day_and_serial():
    number = make_registration_no("150300", 1, date(2026, 3, 2), 7)
    assert number == "150300-001-20260302-0007"
    assert check_registration_no(number) == Checked(True, True, (), number)
    assert check_registration_no("１５０３００－００１－２０２６０３０２－０００７").normal == number


@pytest.mark.parametrize("paper", CounterPaper)
def test_a_paper_of_the_counter_carries_the_registration_number_with_a_suffix(paper):
    number = counter_paper_no("150300-001-20260302-0007", paper, 2)
    assert number == f"150300-001-20260302-0007-{paper.value}02"
    assert check_registration_no(number).valid


@pytest.mark.parametrize(
    "typed",
    [
        "150300-001-20260230-0001",
        "150300-001-20260302-0000",
        "150300-000-20260302-0001",
        "000000-001-20260302-0001",
        "150300-001-20260302-0001-X01",
        "150300-001-20260302-0001-B00",
        "150300-1-20260302-0001",
        "150300001202603020001",
    ],
)
def test_a_registration_number_of_another_shape_is_refused(typed):
    assert not check_registration_no(typed).valid


def test_a_counter_never_makes_a_number_that_overflows():
    for make in (
        lambda: make_registration_no("150300", 1, date(2026, 3, 2), 10_000),
        lambda: make_registration_no("150300", 1000, date(2026, 3, 2), 1),
        lambda: counter_paper_no("150300-001-20260302-0007", CounterPaper.HAND_IN, 100),
        lambda: counter_paper_no("150300-001-20260302-0007-B01", CounterPaper.HAND_IN, 1),
    ):
        with pytest.raises(BadInputError) as raised:
            make()
        assert raised.value.code == "registration_no_invalid"
    with pytest.raises(BadInputError) as raised:
        make_temporary_no(1, date(2026, 3, 2), 10_000)
    assert raised.value.code == "temporary_no_invalid"


def test_a_temporary_number_is_plainly_no_project_code():
    number = make_temporary_no(3, date(2026, 3, 2), 1)
    assert number == "临-003-20260302-0001"
    assert check_temporary_no(number) == Checked(True, True, (), number)
    assert check_temporary_no("临—００３—20260302—0001").normal == number
    assert not check_project_code(number).valid
    assert not check_registration_no(number).valid


@pytest.mark.parametrize(
    "typed", ["003-20260302-0001", "临-000-20260302-0001", "临-003-20260302-0000", "临-003-20261302-0001"]
)
def test_a_temporary_number_of_another_shape_is_refused(typed):
    assert not check_temporary_no(typed).valid


# --- licences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["150302202603020101", "150302202603020118", "150302202603020119A"])
def test_a_construction_permit_number_is_accepted(number):
    assert check_construction_permit(number) == Checked(True, True, (), number)


def test_an_unknown_kind_of_construction_permit_is_doubtful():
    assert not check_construction_permit("150302202603020199").certain
    assert check_construction_permit("150302202603020199").valid


@pytest.mark.parametrize("number", ["15030220260302010", "150302202613020101", "150302202603020001", "建施150302"])
def test_a_construction_permit_number_of_another_shape_is_refused(number):
    assert not check_construction_permit(number).valid


@pytest.mark.parametrize(
    "number",
    ["建字第320623202000006号", "用字第150302202600001号", "地字第150302202600001号", "建字第1503022026GG0000001号"],
)
def test_a_planning_permit_number_is_accepted(number):
    assert check_planning_permit(number).valid
    assert check_planning_permit(number).certain


def test_a_planning_permit_with_letters_of_another_kind_is_doubtful():
    assert not check_planning_permit("建字第1503022026YG0000001号").certain


@pytest.mark.parametrize("number", ["规字第150302202600001号", "建字150302202600001号", "建字第150302002600001号"])
def test_a_planning_permit_number_of_another_shape_is_refused(number):
    assert not check_planning_permit(number).valid


E_LICENCES = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
]


@pytest.mark.parametrize("number", E_LICENCES)
def test_a_published_electronic_licence_identifier_is_certain(number):
    assert check_e_licence_id(number) == Checked(True, True, (), number)
    assert check_e_licence_id(number.lower()).normal == number


@pytest.mark.parametrize("number", E_LICENCES)
def test_a_wrong_check_character_of_an_electronic_licence_warns(number):
    checked = check_e_licence_id(number[:-1] + "A")
    assert (checked.valid, checked.certain) == (True, False)


@pytest.mark.parametrize("number", ["", "1.2.156.3005.2.", E_LICENCES[0][2:], E_LICENCES[0][:-2]])
def test_an_electronic_licence_identifier_of_another_shape_is_refused(number):
    assert not check_e_licence_id(number).valid


# --- masks ----------------------------------------------------------------------------------------------------------


def test_lists_show_personal_data_masked():
    assert masked_person_id("15030219900101001X") == "150***********001X"
    assert masked_phone("13847301234") == "138****1234"
    assert masked_phone("0473-2998123") == "0473-***8123"
    assert masked_phone("2998123") == "***8123"
    assert masked_name("王小明") == "王**"
    assert masked_name("张三") == "张*"
    assert masked_name("巴图·苏和") == "巴****"


def test_what_is_too_short_to_mask_in_part_is_masked_whole():
    assert masked_person_id("1234567") == "*******"
    assert masked_phone("1234") == "****"
    assert masked_phone("") == ""
    assert masked_name("王") == "*"
    assert masked_name("") == ""


def test_a_variation_selector_is_no_character_of_a_name():
    assert masked_name("\u845b\U000e0100\u5c0f") == "\u845b\U000e0100*"
