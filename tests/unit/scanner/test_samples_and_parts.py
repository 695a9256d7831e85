"""Sample papers, thumbnails, TIFF surgery, addresses: the small parts of the scanner."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ebp_desktop.domain.errors import SurroundingsError
from scanner.api import thumbnail
from scanner.imaging.blank import is_blank
from scanner.importing.refusal import FileRefused
from scanner.importing.sniff import FileType, sniff
from scanner.importing.tiff import NotSplittable, split_pages, wrap_fax
from scanner.manifest import Ended
from scanner.protocol import ScanFault
from scanner.registry import driver_for, probe, standard_drivers
from scanner.samples import WUHAI_SCHOOL, SampleFacts, sheet, write_samples
from tests.unit.scanner.brought import tiff_of
from tests.unit.scanner.papers import blank_sheet, jpeg, small_jpeg, written_sheet

FIVE = [("M301", "申请表"), ("M303", "授权委托书"), ("M307", "勘察报告"), ("M308", "施工图"), ("M312", "承诺书")]


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(FIVE, tmp_path_factory.mktemp("samples"))


def test_every_material_has_its_papers_under_its_own_id(samples):
    assert [paper.material for paper in samples] == ["M301", "M303", "M307", "M308", "M312"]
    assert [paper.files[0].name for paper in samples] == ["M301.pdf", "M303.tif", "M307.pdf", "M308.png", "M312.jpg"]


def test_all_formats_of_the_counter_are_among_them(samples):
    kinds = {sniff(paper.files[0].read_bytes()[:1024]) for paper in samples}
    assert kinds == {FileType.PDF, FileType.TIFF, FileType.PNG, FileType.JPEG}


def test_the_same_papers_are_the_same_bytes(samples, tmp_path):
    again = write_samples(FIVE[2:], tmp_path)
    for first, second in zip(samples[2:], again, strict=True):
        assert first.files[0].read_bytes() == second.files[0].read_bytes()


def test_the_form_speaks_of_the_project_that_was_asked_for(tmp_path):
    own = SampleFacts(project="甘德尔大街改造工程")
    (paper,) = write_samples([("M307", "可行性研究报告")], tmp_path, own)
    document = pdfium.PdfDocument(paper.files[0])
    words = document[0].get_textpage().get_text_range()
    document.close()
    assert "甘德尔大街改造工程" in words
    assert WUHAI_SCHOOL.project not in words


def test_the_form_carries_a_red_stamp_and_blue_ink(samples):
    document = pdfium.PdfDocument(samples[0].files[0])
    pixels = np.asarray(document[0].render(scale=1.5, rev_byteorder=True).to_pil().convert("RGB")).astype(int)
    document.close()
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    assert ((red > 150) & (green < 110) & (blue < 110)).sum() > 300
    assert ((blue > red + 40) & (red < 120)).sum() > 100


def test_without_a_chinese_typeface_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(sheet.resources, "locate", lambda *_parts: tmp_path)
    monkeypatch.setattr(sheet, "SYSTEM_FOLDER", tmp_path)
    with pytest.raises(SurroundingsError) as failed:
        sheet.font.__wrapped__(12)
    assert failed.value.code == "font_missing"
    assert "fonts-noto-cjk" in failed.value.todo


def test_a_thumbnail_fits_and_leaves_the_page_alone():
    data = jpeg(written_sheet())
    small = Image.open(io.BytesIO(thumbnail(io.BytesIO(data), 160)))
    assert max(small.size) == 160
    assert small.format == "JPEG"


@pytest.mark.parametrize(("rotation", "size"), [(0, (113, 160)), (90, (160, 113)), (180, (113, 160))])
def test_a_thumbnail_stands_upright(rotation, size):
    small = Image.open(io.BytesIO(thumbnail(io.BytesIO(small_jpeg()), 160, rotation=rotation, skew=1.5)))
    assert small.size == size


def test_no_image_has_no_thumbnail():
    with pytest.raises(OSError, match="cannot identify"):
        thumbnail(io.BytesIO(b"words"), 160)


def test_a_black_picture_is_not_a_blank_page():
    assert not is_blank(np.zeros((877, 620), np.uint8), (75.0, 75.0))


def test_a_tiny_picture_can_be_judged():
    assert is_blank(np.full((12, 9), 250, np.uint8), (75.0, 75.0))


def frames(data: bytes) -> list[bytes]:
    return list(split_pages(io.BytesIO(data), 100))


def test_cutting_a_tiff_keeps_the_compressed_strips():
    data = tiff_of(blank_sheet().reduce(8), written_sheet().reduce(8), compression="tiff_lzw")
    for page in frames(data):
        with Image.open(io.BytesIO(page)) as image:
            for place, size in zip(image.tag_v2[273], image.tag_v2[279], strict=True):
                assert page[place : place + size] in data


def test_a_tiff_that_points_at_itself_is_refused():
    data = bytearray(tiff_of(*[Image.new("L", (40, 40), 200)] * 2))
    first = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[first : first + 2], "little")
    data[first + 2 + entries * 12 :][:4] = b""
    data[first + 2 + entries * 12 : first + 6 + entries * 12] = first.to_bytes(4, "little")
    with pytest.raises(FileRefused, match="循环"):
        frames(bytes(data))


def test_a_big_tiff_has_to_be_decoded():
    with pytest.raises(NotSplittable):
        frames(tiff_of(Image.new("L", (40, 40), 200), big_tiff=True))


@given(st.integers(8, 400), st.data())
def test_a_torn_tiff_is_refused_or_read_and_never_breaks(keep, data):
    whole = tiff_of(Image.new("L", (20, 20), 200), Image.new("L", (20, 20), 90))
    torn = bytearray(whole[: min(keep, len(whole))])
    place = data.draw(st.integers(0, len(torn) - 1))
    torn[place] = data.draw(st.integers(0, 255))
    try:
        pages = frames(bytes(torn))
    except (FileRefused, NotSplittable):
        return
    assert all(page[:2] in {b"II", b"MM"} for page in pages)


def test_fax_data_gets_the_header_it_needs():
    picture = written_sheet().convert("L").reduce(4).point(lambda level: 255 * (level > 128), "1")
    made = tiff_of(picture, compression="group4", tiffinfo={278: picture.height})
    with Image.open(io.BytesIO(made)) as image:
        place, size, black_is_zero = image.tag_v2[273][0], image.tag_v2[279][0], bool(image.tag_v2[262])
    wrapped = wrap_fax(made[place : place + size], *picture.size, group4=True, black_is_one=black_is_zero)
    with Image.open(io.BytesIO(wrapped)) as again:
        assert np.array_equal(np.asarray(again), np.asarray(picture))
    inverted = wrap_fax(made[place : place + size], *picture.size, group4=True, black_is_one=not black_is_zero)
    with Image.open(io.BytesIO(inverted)) as again:
        assert np.array_equal(np.asarray(again), ~np.asarray(picture))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_known_type_or_a_reason(head):
    said = ""
    try:
        said = sniff(head).value
    except FileRefused as refused:
        said = refused.reason
    assert said


@pytest.mark.parametrize(
    ("device", "scheme", "address"),
    [
        ("test:0", "sane", "test:0"),
        ("sane:test:0", "sane", "test:0"),
        ("escl:http://192.0.2.7/eSCL", "escl", "http://192.0.2.7/eSCL"),
        ("http://192.0.2.7/eSCL", "escl", "http://192.0.2.7/eSCL"),
        ("airscan:e0:Counter MFP", "sane", "airscan:e0:Counter MFP"),
    ],
)
def test_an_address_finds_its_driver(device, scheme, address):
    driver, rest = driver_for(device, standard_drivers())
    assert (driver.scheme, rest) == (scheme, address)


def test_no_address_is_no_scanner():
    with pytest.raises(ScanFault) as fault:
        driver_for("", standard_drivers())
    assert fault.value.ended is Ended.OFFLINE


def test_one_driver_that_fails_hides_no_other():
    class Broken:
        scheme = "broken"

        def devices(self):
            raise ScanFault(Ended.OFFLINE, "no library")

    class Works(Broken):
        def devices(self):
            return ("a device",)

    assert probe((Broken(), Works())) == ("a device",)


def test_the_digest_of_a_sample_is_its_own(samples):
    digests = {hashlib.sha256(file.read_bytes()).hexdigest() for paper in samples for file in paper.files}
    assert len(digests) == len(samples)
