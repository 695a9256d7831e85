"""Cover sheets send pages to lines; whatever is odd goes to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from scanner.manifest import Code, Page, Source
from scanner.routing import CaseMark, Cover, interleave, route
from scanner.watching import FolderWatch

FORM, CONTRACT = Cover("150302-001", "M301"), Cover("150302-001", "M311")
MEANINGS = {"EBP1.FORM": FORM, "EBP1.CONTRACT": CONTRACT, "EBP1.SLIP": CaseMark("150302-777")}


def page(*codes: str) -> Page:
    return Page(
        file="0001.jpg",
        sha256="",
        width=1,
        height=1,
        dpi=(300.0, 300.0),
        blank=False,
        skew=0.0,
        codes=tuple(Code(format="QRCode", text=text) for text in codes),
        source=Source(file="", sha256="", page=1),
    )


def sorted_out(*sheets: tuple[str, ...]):
    return route([page(*codes) for codes in sheets], MEANINGS.get)


def test_pages_go_to_the_line_of_the_cover_before_them():
    routing = sorted_out(("EBP1.FORM",), (), (), ("EBP1.CONTRACT",), ())
    assert [(placed.page, placed.cover) for placed in routing.placed] == [(1, FORM), (2, FORM), (4, CONTRACT)]
    assert routing.covers == (0, 3)
    assert routing.review == routing.here == ()


def test_pages_before_any_cover_stay_on_the_open_line():
    routing = sorted_out((), (), ("EBP1.FORM",), ())
    assert routing.here == (0, 1)


def test_a_code_that_is_not_genuine_sends_what_follows_to_a_person():
    routing = sorted_out(("EBP1.FORM",), (), ("EBP1.FORGED",), (), ("EBP1.CONTRACT",), ())
    assert [review.page for review in routing.review] == [2, 3]
    assert "无法核验" in routing.review[0].reason
    assert [(placed.page, placed.cover) for placed in routing.placed] == [(1, FORM), (5, CONTRACT)]


def test_the_same_cover_twice_is_no_guess():
    routing = sorted_out(("EBP1.FORM",), (), ("EBP1.FORM",), ())
    assert [placed.page for placed in routing.placed] == [1]
    assert [(review.page, review.reason) for review in routing.review] == [(3, "同一张分隔页出现了两次")]


def test_two_covers_on_one_sheet_are_no_guess():
    routing = sorted_out(("EBP1.FORM", "EBP1.CONTRACT"), ())
    assert [review.page for review in routing.review] == [0, 1]
    assert routing.covers == ()


def test_a_slip_among_the_papers_names_its_case_and_stays_where_it_is():
    routing = sorted_out(("EBP1.FORM",), ("EBP1.SLIP",), ())
    assert routing.cases == ("150302-777",)
    assert [placed.page for placed in routing.placed] == [1, 2]


def test_a_code_of_somebody_else_is_just_print_on_a_page():
    routing = sorted_out(("EBP1.FORM",), ("https://example.invalid/x",), ())
    assert [placed.page for placed in routing.placed] == [1, 2]


@given(st.lists(st.lists(st.sampled_from([*MEANINGS, "EBP1.FORGED", "6901234567892"]), max_size=3), max_size=20))
def test_every_page_is_in_exactly_one_place(sheets):
    routing = sorted_out(*(tuple(codes) for codes in sheets))
    places = [
        *(placed.page for placed in routing.placed),
        *routing.here,
        *routing.covers,
        *(review.page for review in routing.review),
    ]
    assert sorted(places) == list(range(len(sheets)))


def test_the_flipped_stack_is_read_from_its_end():
    assert interleave(["1", "3", "5"], ["6", "4", "2"]) == ("1", "2", "3", "4", "5", "6")


def test_backs_in_order_are_taken_in_order():
    assert interleave(["1", "3"], ["2", "4"], stack_flipped=False) == ("1", "2", "3", "4")


def test_a_missing_back_stops_the_merge_and_says_what_is_safe():
    with pytest.raises(BadInputError) as refused:
        interleave(["1", "3"], ["2"])
    assert refused.value.code == "sides_differ"
    assert "都在" in refused.value.safe


@given(st.lists(st.integers(), max_size=30))
def test_merging_loses_no_sheet(sheets):
    assert sorted(interleave(sheets, sheets)) == sorted(sheets * 2)


def test_a_file_is_handed_out_once_it_rests(tmp_path):
    watch = FolderWatch(tmp_path)
    (tmp_path / "scan1.pdf").write_bytes(b"half")
    assert watch.poll(0.0) == ()
    (tmp_path / "scan1.pdf").write_bytes(b"half and the rest")
    assert watch.poll(2.5) == ()
    assert watch.poll(4.6) == (tmp_path / "scan1.pdf",)
    assert watch.poll(100.0) == ()
    assert (tmp_path / "scan1.pdf").exists()


def test_the_same_name_with_new_content_is_a_new_scan(tmp_path):
    watch = FolderWatch(tmp_path, settle_seconds=1)
    (tmp_path / "scan.pdf").write_bytes(b"first")
    watch.poll(0.0)
    assert watch.poll(1.0) == (tmp_path / "scan.pdf",)
    (tmp_path / "scan.pdf").write_bytes(b"the second")
    watch.poll(2.0)
    assert watch.poll(3.0) == (tmp_path / "scan.pdf",)


def test_unfinished_hidden_and_empty_files_are_left_alone(tmp_path):
    for name in ("a.pdf.part", ".hidden.pdf", "~lock.pdf", "b.TMP"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "b.TMP")
    watch = FolderWatch(tmp_path, settle_seconds=0)
    assert watch.poll(0.0) == ()


def test_a_share_that_is_gone_is_said_and_found_again(tmp_path):
    share = tmp_path / "share"
    watch = FolderWatch(share, settle_seconds=0)
    with pytest.raises(SurroundingsError) as failed:
        watch.poll(0.0)
    assert failed.value.code == "folder_unreachable"
    share.mkdir()
    (share / "1.pdf").write_bytes(b"x")
    assert watch.poll(1.0) == (share / "1.pdf",)
