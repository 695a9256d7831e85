"""Every number that is made is read back, every misread digit is noticed, and no text makes a check fail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.domain.identifiers import (
    Checked,
    check_construction_permit,
    check_document_no,
    check_e_licence_id,
    check_national_code,
    check_person_id,
    check_phone,
    check_planning_permit,
    check_project_code,
    check_registration_no,
    check_temporary_no,
    check_uscc,
    make_document_no,
    make_project_code,
    make_registration_no,
    make_temporary_no,
    masked_name,
    masked_person_id,
    masked_phone,
)

CHECKS = [
    check_construction_permit,
    check_document_no,
    check_e_licence_id,
    check_national_code,
    check_person_id,
    check_phone,
    check_planning_permit,
    check_project_code,
    check_registration_no,
    check_temporary_no,
    check_uscc,
]
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
regions = st.sampled_from(["150300", "150302", "150303", "150304", "110000"])
project_codes = st.builds(make_project_code, regions, st.integers(2019, 2099), st.integers(1, 999_999))


@pytest.mark.parametrize("check", CHECKS)
@given(text=st.one_of(st.text(max_size=40), st.text("0123456789X-〔〕号临.", max_size=40)))
def test_any_text_gets_a_verdict_with_a_reason_unless_it_is_certain(check, text):
    checked = check(text)
    assert isinstance(checked, Checked)
    assert (checked.valid and checked.certain) == (checked.reasons == ())


@pytest.mark.parametrize("check", CHECKS)
@given(text=st.one_of(st.text(max_size=40), project_codes))
def test_a_normal_form_is_its_own_normal_form(check, text):
    checked = check(text)
    if checked.valid:
        assert check(checked.normal) == checked


@given(project_codes)
def test_a_made_project_code_is_valid_in_full_width_and_without_hyphens(code):
    for typed in (code, code.replace("-", ""), code.translate(FULL_WIDTH), f" {code} "):
        assert check_project_code(typed) == Checked(True, True, (), code)


@given(project_codes, st.integers(0, 19), st.sampled_from("0123456789"))
def test_one_misread_digit_of_a_project_code_is_always_noticed(code, place, other):
    if code[place] not in ("-", other):
        assert not check_project_code(code[:place] + other + code[place + 1 :]).valid


@given(regions, st.integers(1, 999), st.dates(date(2019, 1, 1), date(2099, 12, 31)), st.integers(1, 9999))
def test_the_counters_numbers_are_read_back_and_never_confused(region, counter, day, serial):
    registration, temporary = (
        make_registration_no(region, counter, day, serial),
        make_temporary_no(counter, day, serial),
    )
    assert check_registration_no(registration).normal == registration
    assert check_temporary_no(temporary).normal == temporary
    for number in (registration, temporary):
        assert not check_project_code(number).valid
        assert not check_national_code(number).valid


@given(st.sampled_from(["乌发改受", "乌自然资补", "乌住建不受"]), st.integers(2019, 2099), st.integers(1, 99_999_999))
def test_a_made_document_number_is_read_back_from_any_brackets(agency, year, serial):
    number = make_document_no(agency, year, serial)
    for opening, closing in ("[]", "()", "【】", "（）", "［］", "〔〕"):
        typed = number.replace("〔", opening).replace("〕", closing)
        assert check_document_no(typed).normal == number


@given(st.text("0123456789X", min_size=8, max_size=18), st.text("王小明巴图苏和·", min_size=2, max_size=50))
def test_a_mask_keeps_the_length_and_hides_all_but_what_it_may_show(number, name):
    hidden = masked_person_id(number)
    assert len(hidden) == len(number)
    assert sum(each != "*" for each in hidden) == 7
    assert masked_name(name) == name[0] + "*" * (len(name) - 1)


@given(st.from_regex(r"1[3-9][0-9]{9}|0473-[2-9][0-9]{6}", fullmatch=True))
def test_a_masked_phone_shows_no_more_than_its_prefix_and_last_four_digits(number):
    hidden = masked_phone(number)
    assert len(hidden) == len(number)
    assert hidden.endswith(number[-4:])
    assert hidden.count("*") >= 3
