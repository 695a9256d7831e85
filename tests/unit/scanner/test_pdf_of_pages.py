"""The PDF that leaves the scanner, checked by programs that are not ours."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from ebp_desktop.domain.errors import BadInputError, SurroundingsError
from scanner.api import Manifest, Page, Source, folder_pages, pages_to_pdf, read_manifest, write_manifest
from scanner.imaging.skew import measure_skew
from tests.unit.scanner.papers import jpeg, small_jpeg, written_sheet

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_page(folder: Path, name: str, data: bytes, **more) -> Page:
    (folder / name).write_bytes(data)
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    values = {"dpi": (300.0, 300.0), "blank": False, "skew": 0.0} | more
    digest = hashlib.sha256(data).hexdigest()
    return Page(
        file=name,
        sha256=digest,
        width=width,
        height=height,
        source=Source(file=name, sha256=digest, page=1),
        **values,
    )


def encoded(image: Image.Image, form: str, **how) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def write(folder: Path, *pages: Page) -> Path:
    return pages_to_pdf(pages, folder / "out.pdf", open_page=folder_pages(folder), created=MORNING, title="申请").path


def sound(pdf: Path) -> bool:
    return subprocess.run(["qpdf", "--check", pdf], capture_output=True, check=False).returncode == 0


def drawn(pdf: Path, number: int = 0, dpi: int = 72) -> Image.Image:
    document = pdfium.PdfDocument(pdf)
    try:
        return document[number].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def taken_out(pdf: Path, folder: Path) -> list[bytes]:
    subprocess.run(["pdfimages", "-all", pdf, folder / "image"], check=True)
    return [path.read_bytes() for path in sorted(folder.glob("image-*"))]


def test_the_bytes_of_a_jpeg_come_out_as_they_went_in(tmp_path):
    first, second = jpeg(written_sheet().reduce(2), 150), jpeg(written_sheet().convert("L").reduce(2), 150)
    pdf = write(tmp_path, a_page(tmp_path, "1.jpg", first), a_page(tmp_path, "2.jpg", second, skew=1.5))
    assert sound(pdf)
    assert taken_out(pdf, tmp_path) == [first, second]


def test_jpeg_2000_goes_in_as_it_is(tmp_path):
    data = encoded(written_sheet().reduce(4), "JPEG2000")
    pdf = write(tmp_path, a_page(tmp_path, "1.jp2", data))
    assert sound(pdf)
    assert data in pdf.read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_the_compressed_rows_of_a_png_are_copied_and_show_the_same(tmp_path, mode):
    image = written_sheet().reduce(4).convert(mode)
    data = encoded(image, "PNG")
    pdf = write(tmp_path, a_page(tmp_path, "1.png", data, dpi=(72.0, 72.0)))
    assert sound(pdf)
    assert data[data.index(b"IDAT") + 4 :][:500] in pdf.read_bytes()
    shown = drawn(pdf)
    assert shown.size == image.size
    assert np.abs(np.asarray(shown, np.int16) - np.asarray(image.convert("RGB"), np.int16)).mean() < 1


@pytest.mark.parametrize(
    ("form", "mode", "how"),
    [
        ("TIFF", "1", {"compression": "group4"}),
        ("TIFF", "1", {"compression": "group3"}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        ("TIFF", "L", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("JPEG", "CMYK", {"quality": 90}),
    ],
)
def test_every_kind_of_page_shows_as_it_was(tmp_path, form, mode, how):
    image = written_sheet().reduce(4).convert(mode)
    page = a_page(tmp_path, "1.img", encoded(image, form, **how), dpi=(72.0, 72.0))
    pdf = write(tmp_path, page)
    assert sound(pdf)
    difference = ImageChops.difference(drawn(pdf).convert("L"), image.convert("RGB").convert("L"))
    assert np.asarray(difference).mean() < 6


def test_a_fax_page_is_copied_without_being_decoded(tmp_path):
    page = written_sheet().convert("L").point(lambda level: 255 * (level > 128), "1")
    data = encoded(page, "TIFF", compression="group4", tiffinfo={278: page.height})
    with Image.open(io.BytesIO(data)) as image:
        place, size = image.tag_v2[273][0], image.tag_v2[279][0]
    pdf = write(tmp_path, a_page(tmp_path, "1.tif", data))
    assert data[place : place + size] in pdf.read_bytes()


@pytest.mark.parametrize("turned", [-2.0, 1.5])
def test_a_skewed_page_is_level_in_the_pdf_and_untouched_in_its_pixels(tmp_path, turned):
    data = jpeg(written_sheet(turned))
    pdf = write(tmp_path, a_page(tmp_path, "1.jpg", data, skew=-turned))
    assert abs(measure_skew(np.asarray(drawn(pdf).convert("L")))) < 0.12
    assert taken_out(pdf, tmp_path) == [data]


def test_a_crop_makes_the_page_as_large_as_what_is_left(tmp_path):
    image = Image.new("RGB", (600, 800), "white")
    image.paste((200, 30, 30), (100, 200, 400, 500))
    page = a_page(tmp_path, "1.jpg", jpeg(image, 75), dpi=(72.0, 72.0), crop=(100, 200, 400, 500))
    shown = np.asarray(drawn(write(tmp_path, page)))
    assert shown.shape == (300, 300, 3)
    assert (np.abs(shown[20:-20, 20:-20].astype(int) - (200, 30, 30)) < 12).all()


def test_a_quarter_turn_shows_the_page_upright(tmp_path):
    image = Image.new("RGB", (400, 600), "white")
    image.paste((0, 0, 0), (0, 0, 400, 100))
    sideways = image.rotate(90, expand=True)
    pdf = write(tmp_path, a_page(tmp_path, "1.jpg", jpeg(sideways, 75), dpi=(72.0, 72.0), rotation=90))
    shown = drawn(pdf).convert("L")
    assert shown.size == (400, 600)
    assert np.asarray(shown)[:90].mean() < 10 < 240 < np.asarray(shown)[110:].mean()


def test_the_size_on_paper_follows_from_both_resolutions(tmp_path):
    pdf = write(tmp_path, a_page(tmp_path, "fax.tif", encoded(Image.new("1", (1728, 1145), 1), "TIFF"), dpi=(204, 98)))
    box = PdfReader(pdf).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((1728 * 72 / 204, 1145 * 72 / 98), abs=0.01)


def test_it_claims_pdf_a_2b_with_what_that_needs(tmp_path):
    result = pages_to_pdf(
        [a_page(tmp_path, "1.jpg", small_jpeg())],
        tmp_path / "out.pdf",
        open_page=folder_pages(tmp_path),
        created=MORNING,
        title="施工许可 <申请> & 附件",
    )
    catalogue = PdfReader(result.path).root_object
    metadata = catalogue["/Metadata"].get_data().decode("utf-8")
    assert result.archival
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "施工许可 &lt;申请&gt; &amp; 附件" in metadata
    assert "2026-03-02T09:00:00+08:00" in metadata
    assert catalogue["/OutputIntents"][0]["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    assert b"/ID [<" in result.path.read_bytes()
    assert result.sha256 == hashlib.sha256(result.path.read_bytes()).hexdigest()


def test_cmyk_does_not_claim_what_it_cannot_keep(tmp_path):
    image = written_sheet().reduce(4).convert("CMYK")
    page = a_page(tmp_path, "1.jpg", encoded(image, "JPEG"))
    result = pages_to_pdf([page], tmp_path / "o.pdf", open_page=folder_pages(tmp_path), created=MORNING)
    assert not result.archival
    assert b"pdfaid:part" not in result.path.read_bytes()


def test_every_page_carries_the_record_of_its_scan(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg(), skew=-1.25)
    record = PdfReader(write(tmp_path, page)).pages[0]["/PieceInfo"]["/EBPScan"]["/Private"]
    assert record["/SHA256"] == page.sha256
    assert float(record["/Skew"]) == -1.25
    assert record["/Source"] == "1.jpg"


def test_the_same_pages_at_the_same_moment_are_the_same_bytes(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg())
    first = write(tmp_path, page).read_bytes()
    assert write(tmp_path, page).read_bytes() == first


def test_memory_stays_flat_over_two_hundred_pages(tmp_path):
    big = jpeg(written_sheet().reduce(2), 150)
    page = a_page(tmp_path, "1.jpg", big)
    tracemalloc.start()
    try:
        result = pages_to_pdf([page] * 200, tmp_path / "o.pdf", open_page=folder_pages(tmp_path), created=MORNING)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.pages == 200
    assert result.size > 200 * len(big)
    assert peak < 12 << 20
    assert len(PdfReader(result.path).pages) == 200


def test_numbers_are_written_without_exponents(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg(), skew=0.00001)
    text = write(tmp_path, page).read_bytes().decode("latin-1")
    drawing = re.search(r"q ([^Q]+) cm /Im Do Q", text).group(1)
    assert "e" not in drawing


def test_a_page_that_was_changed_since_is_refused_and_nothing_is_left(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg())
    (tmp_path / "1.jpg").write_bytes(small_jpeg()[:-2] + b"!!")
    with pytest.raises(BadInputError) as refused:
        write(tmp_path, page)
    assert refused.value.code == "page_changed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.jpg"]


def test_a_missing_page_is_named(tmp_path):
    page = a_page(tmp_path, "0007.jpg", small_jpeg())
    (tmp_path / "0007.jpg").unlink()
    with pytest.raises(BadInputError, match="0007") as refused:
        write(tmp_path, page)
    assert refused.value.code == "page_missing"


def test_a_file_that_is_no_image_is_refused(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg())
    with pytest.raises(BadInputError) as refused:
        pages_to_pdf([page], tmp_path / "o.pdf", open_page=lambda _: io.BytesIO(b"no image"), created=MORNING)
    assert refused.value.code == "page_image_broken"


def test_no_pages_make_no_pdf(tmp_path):
    with pytest.raises(BadInputError) as refused:
        write(tmp_path)
    assert refused.value.code == "no_pages"


def test_a_folder_that_cannot_be_written_is_the_surroundings_fault(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg())
    with pytest.raises(SurroundingsError) as failed:
        pages_to_pdf([page], tmp_path / "none" / "o.pdf", open_page=folder_pages(tmp_path), created=MORNING)
    assert failed.value.code == "pdf_not_written"


def test_a_moment_in_another_zone_keeps_its_offset(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg())
    result = pages_to_pdf(
        [page], tmp_path / "o.pdf", open_page=folder_pages(tmp_path), created=datetime(2026, 3, 2, 1, tzinfo=UTC)
    )
    assert b"(D:20260302010000+00'00')" in result.path.read_bytes()


def test_the_manifest_comes_back_as_it_was_written(tmp_path):
    page = a_page(tmp_path, "1.jpg", small_jpeg(), skew=-0.5, crop=(1, 2, 3, 4), rotation=90)
    manifest = Manifest(pages=(page,))
    write_manifest(manifest, tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert b'"ended"' not in (tmp_path / "manifest.json").read_bytes()


def test_a_folder_without_a_manifest_says_so(tmp_path):
    with pytest.raises(BadInputError) as refused:
        read_manifest(tmp_path)
    assert refused.value.code == "manifest_missing"


def test_a_broken_manifest_says_so(tmp_path):
    (tmp_path / "manifest.json").write_text('{"pages": [{}]}')
    with pytest.raises(BadInputError) as refused:
        read_manifest(tmp_path)
    assert refused.value.code == "manifest_broken"


@pytest.fixture(autouse=True, scope="module")
def _programs_are_there():
    assert shutil.which("qpdf"), "the set-up installs qpdf"
    assert shutil.which("pdfimages"), "the set-up installs poppler-utils"
