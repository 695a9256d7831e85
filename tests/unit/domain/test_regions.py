"""The city and its districts are known by code and name, and a code that is no authority grants nothing."""

from __future__ import annotations

import pytest

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.identifiers import check_project_code, make_project_code
from ebp_desktop.domain.regions import Regions, parse_regions
from resources import locate

TEXT = locate("regions", "wuhai.json").read_text(encoding="utf-8")


@pytest.fixture
def regions() -> Regions:
    return parse_regions(TEXT, "wuhai.json")


def test_the_city_and_its_three_districts_are_authorities(regions):
    assert [(region.code, region.name) for region in regions.authorities()] == [
        ("150300", "乌海市"),
        ("150302", "海勃湾区"),
        ("150303", "海南区"),
        ("150304", "乌达区"),
    ]


def test_a_region_is_found_by_code_or_name_however_it_was_typed(regions):
    for typed in ("150302", "１５０３０２", " 150302 ", "海勃湾区", "海勃湾 区"):
        found = regions.find(typed)
        assert found is not None
        assert found.name == "海勃湾区"
    assert regions.find("150100") is None
    assert regions.find("") is None


def test_the_code_of_no_authority_is_known_for_what_it_is(regions):
    found = regions.find("150301")
    assert found is not None
    assert not found.authority


def test_every_authority_can_have_project_codes(regions):
    for region in regions.authorities():
        assert check_project_code(make_project_code(region.code, 2026, 1)).certain


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ('"code": "150302"', '"code": "15030"', "$.regions[2].code"),
        ('"code": "150302"', '"code": "150300"', "$.regions[2]"),
        ('"within": "150300"', '"within": "150000"', "$.regions[1].within"),
        ("ebp-regions/1", "ebp-regions/0", "$.format"),
        ('"name": "乌达区"', '"name": ""', "$.regions[4].name"),
    ],
)
def test_a_faulty_region_file_is_refused_with_its_place(was, becomes, place):
    with pytest.raises(BadInputError) as raised:
        parse_regions(TEXT.replace(was, becomes, 1), "x.json")
    assert raised.value.code == "regions_invalid"
    assert place in [each.line for each in raised.value.missing]


def test_a_file_without_regions_is_refused():
    with pytest.raises(BadInputError):
        parse_regions('{"format": "ebp-regions/1", "source": "x", "regions": []}', "x.json")
