"""Files that applicants bring, taken in by the real child process."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

from ebp_desktop.domain.errors import BadInputError
from scanner.api import FlagCode, Kind, Limits, Manifest, folder_pages, import_files, pages_to_pdf
from scanner.samples import write_samples
from tests.unit.scanner.brought import (
    OFD,
    annotate,
    dwg,
    image_pdf,
    ofd,
    png_of,
    rewritten,
    script_action,
    tiff_of,
    type_pdf,
    zip_of,
)
from tests.unit.scanner.papers import blank_sheet, jpeg, small_jpeg, with_code, written_sheet
from tests.unit.scanner.test_pdf_of_pages import MORNING


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def take(tmp_path: Path):
    def taken(*paths: Path, limits: Limits | None = None, on_page=None) -> Manifest:
        return import_files(paths, tmp_path / "in", limits or Limits(), on_page=on_page)

    return taken


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def reasons(manifest: Manifest) -> str:
    return " ".join(refused.reason for refused in manifest.refused)


def test_the_manifest_has_the_shape_that_others_rely_on(take, desk, tmp_path):
    data = jpeg(with_code(written_sheet(1.5), "EBP1.ABC"))
    take(put(desk / "申请表.jpg", data), desk / "none.pdf")
    manifest = json.loads((tmp_path / "in" / "manifest.json").read_text("utf-8"))
    (page,) = manifest["pages"]
    assert list(manifest) == ["pages", "kept", "refused"]
    assert page["file"] == "0001.jpg"
    assert page["sha256"] == digest(data) == digest((tmp_path / "in" / "0001.jpg").read_bytes())
    assert (page["width"], page["height"], page["dpi"]) == (2480, 3508, [300.0, 300.0])
    assert page["blank"] is False
    assert page["skew"] == pytest.approx(-1.5, abs=0.12)
    assert page["codes"] == [{"format": "QRCode", "text": "EBP1.ABC"}]
    assert page["flags"] == []
    assert page["source"] == {"file": "../desk/申请表.jpg", "sha256": digest(data), "page": 1}
    assert manifest["refused"] == [{"file": "../desk/none.pdf", "reason": "文件不存在"}]


def test_one_refusal_leaves_the_rest(take, desk, tmp_path):
    manifest = take(put(desk / "1.jpg", small_jpeg()), put(desk / "2.doc", b"\xd0\xcf\x11\xe0old"), dwg(desk / "3.dwg"))
    assert [page.file for page in manifest.pages] == ["0001.jpg"]
    assert [(kept.file, kept.kind) for kept in manifest.kept] == [("kept-001.dwg", Kind.DWG)]
    assert "Office" in reasons(manifest)
    assert names(tmp_path / "in") == ["0001.jpg", "kept-001.dwg", "manifest.json"]


def test_pages_are_told_as_they_come(take, desk):
    seen = []
    take(image_pdf(desk / "a.pdf", small_jpeg(), small_jpeg()), on_page=lambda page: seen.append(page.file))
    assert seen == ["0001.jpg", "0002.jpg"]


def test_whoever_watches_may_stop_the_import_and_no_half_file_stays(take, desk, tmp_path):
    def enough(_page):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(put(desk / "1.jpg", small_jpeg()), on_page=enough)
    assert not list((tmp_path / "in").glob("*.part")) + list((tmp_path / "in").glob(".copy-*"))
    assert not (tmp_path / "in" / "manifest.json").exists()


def test_the_folder_must_be_new_or_empty(take, desk, tmp_path):
    (tmp_path / "in").mkdir()
    put(tmp_path / "in" / "other.txt", b"x")
    with pytest.raises(BadInputError) as refused:
        take(put(desk / "1.jpg", small_jpeg()))
    assert refused.value.code == "into_not_empty"
    assert names(tmp_path / "in") == ["other.txt"]


def test_a_file_in_place_of_the_folder_is_said(desk, tmp_path):
    put(tmp_path / "in", b"x")
    with pytest.raises(BadInputError) as refused:
        import_files([put(desk / "1.jpg", small_jpeg())], tmp_path / "in")
    assert refused.value.code == "into_not_folder"


def test_no_files_make_an_empty_manifest(take):
    assert take() == Manifest()


def test_the_image_that_is_a_page_leaves_the_pdf_unchanged(take, desk, tmp_path):
    colour, grey = jpeg(written_sheet().reduce(2), 150), jpeg(written_sheet().reduce(2).convert("L"), 150)
    manifest = take(image_pdf(desk / "a.pdf", colour, grey))
    assert [page.sha256 for page in manifest.pages] == [digest(colour), digest(grey)]
    assert [page.source.page for page in manifest.pages] == [1, 2]
    assert all(page.dpi == pytest.approx((150, 150), abs=0.1) for page in manifest.pages)
    assert manifest.kept == ()
    assert names(tmp_path / "in") == ["0001.jpg", "0002.jpg", "manifest.json"]


def test_the_resolution_comes_from_the_page_and_not_from_the_image(take, desk):
    (page,) = take(image_pdf(desk / "a.pdf", jpeg(written_sheet().reduce(2), 72))).pages
    assert page.dpi == pytest.approx((150, 150), abs=0.1)


def test_a_jpeg_2000_page_keeps_its_bytes(take, desk):
    out = io.BytesIO()
    written_sheet().reduce(4).save(out, "JPEG2000")
    (page,) = take(image_pdf(desk / "a.pdf", out.getvalue(), filters="/JPXDecode")).pages
    assert (page.sha256, page.file) == (digest(out.getvalue()), "0001.jp2")


def test_a_page_of_type_is_drawn_at_300_dpi_and_the_pdf_kept(take, desk, tmp_path):
    source = type_pdf(desk / "report.pdf")
    manifest = take(source)
    assert [(page.file, page.width, page.height) for page in manifest.pages] == [
        ("0001.jpg", 2481, 3508),
        ("0002.jpg", 2481, 3508),
    ]
    assert all(page.dpi == (300, 300) and page.flags == () for page in manifest.pages)
    assert abs(manifest.pages[1].skew) < 0.15
    (kept,) = manifest.kept
    assert (kept.kind, kept.sha256) == (Kind.PDF, digest(source.read_bytes()))
    assert (tmp_path / "in" / kept.file).read_bytes() == source.read_bytes()


def test_an_image_with_type_beside_it_is_drawn(take, desk):
    text = b"BT /F1 20 Tf 100 700 Td (APPROVED) Tj ET"
    manifest = take(image_pdf(desk / "a.pdf", small_jpeg(), extra=text))
    assert manifest.pages[0].sha256 != digest(small_jpeg())
    assert len(manifest.kept) == 1


def test_the_invisible_text_of_a_scanner_does_not_count(take, desk):
    text = b"BT 3 Tr /F1 20 Tf 100 700 Td (recognised) Tj ET"
    manifest = take(image_pdf(desk / "a.pdf", small_jpeg(), extra=text))
    assert manifest.pages[0].sha256 == digest(small_jpeg())


def test_an_inverted_image_is_drawn_because_its_bytes_alone_would_lie(take, desk):
    decode = ArrayObject([NumberObject(v) for v in (1, 0, 1, 0, 1, 0)])
    manifest = take(image_pdf(desk / "a.pdf", small_jpeg(), Decode=decode))
    assert manifest.pages[0].sha256 != digest(small_jpeg())
    assert len(manifest.kept) == 1


def test_a_small_picture_on_a_large_page_is_drawn(take, desk):
    manifest = take(image_pdf(desk / "a.pdf", small_jpeg(), extra=b"", box=(595.2, 841.92)))
    assert len(manifest.pages) == 1
    small = image_pdf(desk / "b.pdf", small_jpeg(), box=(595.2, 841.92))

    def enlarge(writer):
        box = ArrayObject([FloatObject(v) for v in (0, 0, 1600, 2400)])
        writer.pages[0][NameObject("/MediaBox")] = box

    rewritten(small, enlarge)
    (page,) = import_files([small], desk / "again").pages
    assert (page.width, page.height) == (6667, 10000)


def test_a_comment_on_the_page_makes_it_a_drawn_page(take, desk):
    manifest = take(rewritten(image_pdf(desk / "a.pdf", small_jpeg()), lambda writer: annotate(writer, "/Square")))
    assert len(manifest.kept) == 1


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_keeps_its_bytes_and_says_how_to_turn_it(take, desk, turn):
    source = rewritten(image_pdf(desk / "a.pdf", small_jpeg()), lambda writer: writer.pages[0].rotate(turn))
    (page,) = take(source).pages
    assert (page.sha256, page.rotation) == (digest(small_jpeg()), turn)


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_plain_samples_become_a_png_with_the_same_pixels(take, desk, tmp_path, mode):
    image = written_sheet().reduce(4).convert(mode)
    image.save(desk / "a.png")
    subprocess.run(["qpdf", "--version"], check=True, capture_output=True)
    pages = import_files([desk / "a.png"], desk / "first").pages
    pages_to_pdf(pages, desk / "a.pdf", open_page=folder_pages(desk / "first"), created=MORNING)
    (page,) = take(desk / "a.pdf").pages
    with Image.open(tmp_path / "in" / page.file) as again:
        assert np.array_equal(np.asarray(again), np.asarray(image))


def test_a_fax_page_keeps_its_data_and_shows_black_on_white(take, desk, tmp_path):
    image = written_sheet().convert("L").point(lambda level: 255 * (level > 128), "1")
    put(desk / "a.tif", tiff_of(image, compression="group4", dpi=(300, 300), tiffinfo={278: image.height}))
    pages = import_files([desk / "a.tif"], desk / "first").pages
    pages_to_pdf(pages, desk / "a.pdf", open_page=folder_pages(desk / "first"), created=MORNING)
    (page,) = take(desk / "a.pdf").pages
    assert page.file == "0001.tif"
    with Image.open(tmp_path / "in" / page.file) as again:
        assert np.array_equal(np.asarray(again), np.asarray(image))


def test_our_own_pdf_of_skewed_pages_comes_back_byte_for_byte(take, desk):
    first = import_files([put(desk / "1.jpg", jpeg(written_sheet(2.0)))], desk / "first")
    pages_to_pdf(first.pages, desk / "a.pdf", open_page=folder_pages(desk / "first"), created=MORNING)
    (page,) = take(desk / "a.pdf").pages
    assert page.sha256 == first.pages[0].sha256
    assert page.dpi == pytest.approx((300, 300), abs=0.1)


def test_a_pdf_that_only_restricts_printing_is_taken(take, desk):
    source = rewritten(
        image_pdf(desk / "a.pdf", small_jpeg()), lambda writer: writer.encrypt("", "owner", algorithm="AES-256")
    )
    assert take(source).pages[0].sha256 == digest(small_jpeg())


def test_a_pdf_with_a_password_is_refused_in_words(take, desk):
    source = rewritten(type_pdf(desk / "a.pdf"), lambda writer: writer.encrypt("secret", algorithm="AES-256"))
    assert "口令" in reasons(take(source))


def test_a_pdf_with_a_script_is_refused(take, desk):
    def add(writer):
        writer.root_object[NameObject("/OpenAction")] = script_action()

    manifest = take(rewritten(type_pdf(desk / "a.pdf"), add))
    assert "JavaScript" in reasons(manifest)
    assert manifest.pages == ()


def test_a_script_deep_in_an_annotation_is_found(take, desk):
    def add(writer):
        annotate(writer, "/Link")
        writer.pages[0]["/Annots"][0].get_object()[NameObject("/A")] = script_action()

    assert "JavaScript" in reasons(take(rewritten(type_pdf(desk / "a.pdf"), add)))


def test_a_script_that_no_page_reaches_is_found(take, desk):
    assert "脚本" in reasons(
        take(rewritten(type_pdf(desk / "a.pdf"), lambda writer: writer._add_object(script_action())))
    )


def test_a_pdf_with_an_attachment_is_refused(take, desk):
    manifest = take(rewritten(type_pdf(desk / "a.pdf"), lambda writer: writer.add_attachment("a.exe", b"MZ")))
    assert "附件" in reasons(manifest)


def test_a_pdf_that_starts_a_program_is_refused(take, desk):
    def add(writer):
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): NameObject("/Launch")})

    assert "外部程序" in reasons(take(rewritten(type_pdf(desk / "a.pdf"), add)))


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
def test_a_torn_pdf_is_refused_whole_or_read_whole(take, desk, tmp_path, keep):
    whole = image_pdf(desk / "a.pdf", *[small_jpeg()] * 3).read_bytes()
    manifest = take(put(desk / "b.pdf", whole[: int(len(whole) * keep)]))
    assert manifest.pages == () or len(manifest.pages) == 3
    files = {page.file for page in manifest.pages} | {kept.file for kept in manifest.kept} | {"manifest.json"}
    assert set(names(tmp_path / "in")) == files
    assert bool(manifest.refused) != bool(manifest.pages)


def test_rubbish_after_the_pdf_header_is_refused(take, desk):
    assert "PDF" in reasons(take(put(desk / "a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)))


def test_a_thousand_pages_come_in(take, desk):
    tiny = jpeg(blank_sheet().resize((155, 219)), 19)
    manifest = take(image_pdf(desk / "a.pdf", *[tiny] * 1000))
    assert len(manifest.pages) == 1000
    assert manifest.pages[-1].file == "1000.jpg"
    assert {page.sha256 for page in manifest.pages} == {digest(tiny)}


def test_more_pages_than_the_cap_are_refused_with_both_numbers(take, desk):
    source = image_pdf(desk / "a.pdf", *[small_jpeg()] * 4)
    said = reasons(take(source, limits=Limits(pages_per_file=3)))
    assert "4" in said
    assert "3" in said


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_picture_is_taken_byte_for_byte(take, desk, suffix):
    out = io.BytesIO()
    written_sheet().reduce(2).save(out, {".jpg": "JPEG", ".png": "PNG"}[suffix], dpi=(150, 150))
    (page,) = take(put(desk / f"a{suffix}", out.getvalue())).pages
    assert (page.file, page.sha256) == (f"0001{suffix}", digest(out.getvalue()))
    assert page.dpi == pytest.approx((150, 150), abs=0.1)


def test_the_ending_of_a_name_is_not_believed(take, desk):
    manifest = take(put(desk / "photo.pdf", small_jpeg()))
    assert manifest.pages[0].file == "0001.jpg"


@pytest.mark.parametrize(
    "how",
    [{"compression": "tiff_lzw"}, {"compression": "jpeg"}, {"compression": "tiff_adobe_deflate"}, {}],
    ids=["lzw", "jpeg", "deflate", "raw"],
)
def test_a_tiff_of_many_pages_is_cut_and_every_pixel_stays(take, desk, tmp_path, how):
    sheets = [written_sheet(turn).reduce(4) for turn in (0.0, 1.0, 2.0)]
    source = put(desk / "a.tif", tiff_of(*sheets, dpi=(75, 75), **how))
    manifest = take(source)
    assert [page.file for page in manifest.pages] == ["0001.tif", "0002.tif", "0003.tif"]
    assert [page.source.page for page in manifest.pages] == [1, 2, 3]
    assert manifest.pages[0].dpi == pytest.approx((75, 75))
    with Image.open(source) as original:
        for number, page in enumerate(manifest.pages):
            original.seek(number)
            with Image.open(tmp_path / "in" / page.file) as alone:
                assert alone.n_frames == 1
                assert np.array_equal(np.asarray(alone), np.asarray(original))


def test_a_tiff_of_one_page_stays_as_it_is(take, desk):
    data = tiff_of(written_sheet().reduce(4), compression="tiff_lzw", dpi=(75, 75))
    assert take(put(desk / "a.tif", data)).pages[0].sha256 == digest(data)


def test_a_torn_tiff_leaves_no_pages(take, desk, tmp_path):
    data = tiff_of(*[written_sheet().reduce(4)] * 3)
    manifest = take(put(desk / "a.tif", data[: len(data) // 2]))
    assert manifest.pages == ()
    assert manifest.refused
    assert names(tmp_path / "in") == ["manifest.json"]


def test_a_jpeg_that_ends_early_is_refused(take, desk):
    assert "不完整" in reasons(take(put(desk / "a.jpg", small_jpeg()[:-4000])))


def test_an_empty_file_a_folder_and_a_pipe_are_no_papers(take, desk):
    os.mkfifo(desk / "pipe")
    manifest = take(put(desk / "empty.pdf", b""), desk, desk / "pipe")
    assert [refused.reason for refused in manifest.refused] == [
        "文件是空的",
        "这是文件夹，请选择其中的文件",
        "不是普通文件，不予接收",
    ]


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"GIF89a", "GIF"),
        (b"MZ\x90", "可执行"),
        (b"<html>", "网页"),
        (b"Rar!\x1a", "压缩包"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"RIFF\0\0\0\0WEBP", "WebP"),
        (b"plain words", "不认识"),
    ],
)
def test_other_formats_are_refused_by_name(take, desk, head, word):
    assert word in reasons(take(put(desk / "a.bin", head + bytes(200))))


def test_ofd_is_kept_whole(take, desk, tmp_path):
    source = ofd(desk / "licence.ofd", **{"Doc_0/Document.xml": b"<x/>"})
    manifest = take(source)
    (kept,) = manifest.kept
    assert (kept.kind, kept.file, kept.sha256) == (Kind.OFD, "kept-001.ofd", digest(source.read_bytes()))
    assert (tmp_path / "in" / kept.file).read_bytes() == source.read_bytes()
    assert manifest.pages == ()


def test_a_zip_without_ofd_inside_is_refused(take, desk):
    manifest = take(
        zip_of(desk / "a.ofd", **{"a.txt": b"x"}), zip_of(desk / "b.docx", **{"[Content_Types].xml": b"<x/>"})
    )
    assert [refused.reason for refused in manifest.refused] == [
        "压缩包，请解压后逐个导入",
        "Office 文件，请另存为 PDF 后再交",
    ]


@pytest.mark.parametrize(
    ("root", "word"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><OFD>&b;</OFD>", "异常"),
        (b"<OFD", "损坏"),
        (b"<html/>", "不是 OFD"),
        (b"<OFD>" + b" " * (1 << 20) + b"</OFD>", "异常"),
    ],
    ids=["entities", "torn", "another root", "too long"],
)
def test_an_odd_ofd_root_is_refused(take, desk, root, word):
    noise = os.urandom(1 << 16)
    assert word in reasons(take(ofd(desk / "a.ofd", root, **{"noise.bin": noise})))


def test_an_ofd_that_would_burst_is_refused(take, desk):
    assert "炸弹" in reasons(take(ofd(desk / "a.ofd", **{"big.bin": bytes(80 << 20)})))


def test_an_ofd_that_reaches_outside_is_refused(take, desk):
    assert "包外" in reasons(take(ofd(desk / "a.ofd", **{"../../evil": b"x"})))


def test_a_torn_ofd_is_refused(take, desk):
    data = ofd(desk / "a.ofd", OFD).read_bytes()
    assert "损坏" in reasons(take(put(desk / "b.ofd", data[:-30])))


def test_dwg_is_kept_by_its_header_and_a_stump_is_refused(take, desk):
    manifest = take(dwg(desk / "plan.bin", b"AC1018"), put(desk / "b.dwg", b"AC1032"))
    assert [kept.kind for kept in manifest.kept] == [Kind.DWG]
    assert "不完整" in reasons(manifest)


def test_a_file_of_two_gigabytes_is_refused_before_it_is_copied(take, desk, tmp_path):
    with (desk / "huge.jpg").open("wb") as file:
        file.write(small_jpeg())
        file.truncate(2 << 30)
    assert "过大" in reasons(take(desk / "huge.jpg"))
    assert names(tmp_path / "in") == ["manifest.json"]


def test_a_picture_that_claims_a_billion_pixels_is_refused(take, desk):
    assert "像素" in reasons(take(put(desk / "bomb.png", png_of(60_000, 60_000))))


def test_a_pdf_page_as_large_as_a_field_is_drawn_coarser_or_refused(take, desk):
    def enlarge(writer):
        writer.pages[0][NameObject("/MediaBox")] = ArrayObject([FloatObject(v) for v in (0, 0, 3370, 2384)])

    (first, _) = take(rewritten(type_pdf(desk / "a.pdf"), enlarge), limits=Limits(pixels_per_page=20_000_000)).pages
    assert first.width * first.height <= 20_100_000
    assert FlagCode.LOW_DPI in first.flags


def test_blank_pages_are_flagged_and_kept(take, desk):
    manifest = take(put(desk / "1.jpg", jpeg(blank_sheet())), put(desk / "2.jpg", jpeg(written_sheet())))
    assert [page.blank for page in manifest.pages] == [True, False]


def test_the_same_name_in_two_folders_is_two_papers(take, desk):
    (desk / "a").mkdir()
    (desk / "b").mkdir()
    manifest = take(put(desk / "a" / "1.jpg", small_jpeg()), put(desk / "b" / "1.jpg", jpeg(blank_sheet())))
    assert [page.source.file for page in manifest.pages] == ["../desk/a/1.jpg", "../desk/b/1.jpg"]


def test_the_sample_papers_come_in_without_a_complaint(take, tmp_path):
    made = write_samples(
        [
            ("M301", "施工许可阶段申请表"),
            ("M303", "授权委托书及受托人身份证"),
            ("M307", "岩土工程勘察报告"),
            ("M308", "全套施工图设计文件"),
            ("M312", "建设资金已经落实承诺书"),
        ],
        tmp_path / "samples",
    )
    manifest = take(*(file for paper in made for file in paper.files))
    assert manifest.refused == ()
    assert len(manifest.pages) == 8
    assert not any(page.blank or page.flags for page in manifest.pages)
    assert {Path(page.source.file).stem for page in manifest.pages} == {"M301", "M303", "M307", "M308", "M312"}
    assert len(PdfReader(tmp_path / "samples" / "M301.pdf").pages) == 2
