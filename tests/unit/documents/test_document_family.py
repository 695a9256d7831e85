"""Every paper of the family: it can be set, read, scanned, repeated, and told from a specimen."""

from __future__ import annotations

import json
from dataclasses import fields as dataclass_fields
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

import resources
from ebp_desktop.documents.data import fields
from ebp_desktop.documents.kinds import document_kinds, kind_of
from ebp_desktop.domain.errors import UsageError

TOKEN = "EBP1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 5 + "ABCDEFGH"
KINDS = [kind.code for kind in document_kinds()]
WITH_CODE = [kind.code for kind in document_kinds() if kind.carries_token]
FAMILY = (
    "登记凭单 补正材料接收凭证 一次性告知单 咨询告知单 当场更正记录 "
    "受理通知书 补齐补正材料通知书 不予受理决定书 不受理告知书 特别程序告知书 延长办理期限通知书 "
    "不予行政许可决定书 准予行政许可决定书 送达回证 领证回执 遗失证明受理记录 撤件回执 "
    "退件通知书 材料交接单 投诉回执 当日业务日报 交接班单 扫描分隔页 档案袋标签"
)


def test_the_family_is_complete() -> None:
    assert [kind.title for kind in document_kinds()] == FAMILY.split()


def test_each_kind_has_its_own_template_and_its_own_data() -> None:
    assert all(resources.locate("templates", kind.template).is_file() for kind in document_kinds())
    assert len({kind.data for kind in document_kinds()}) == len(KINDS)


def test_an_unknown_kind_is_wrong_usage_and_says_which_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        kind_of("receipt")

    assert refused.value.code == "document_kind_unknown"
    assert "slip" in refused.value.todo


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_every_field_in_the_clerks_words(kind) -> None:
    definition = fields(kind)["$defs"][kind_of(kind).data.__name__]

    properties = definition["properties"]
    assert set(properties) == {field.name for field in dataclass_fields(kind_of(kind).data)}
    assert {"number", "draft"} <= set(properties)
    assert properties["number"]["title"] == "编号"
    assert "number" in definition["required"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_paper_carries_its_title_and_number(kind, sheet, samples) -> None:
    text = sheet(kind).text

    if kind != "folder_label":
        assert kind_of(kind).title in text
    assert samples[kind]["number"] in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_data_give_the_same_bytes(kind, renderer, paper) -> None:
    first = renderer.render(kind, paper(kind), TOKEN)

    assert renderer.render(kind, paper(kind), TOKEN) == first


@pytest.mark.parametrize("kind", WITH_CODE)
def test_a_scanner_reads_the_code_back_from_page_one(kind, sheet) -> None:
    codes = sheet(kind).codes()

    assert [code.text for code in codes] == [TOKEN]


@pytest.mark.parametrize("kind", WITH_CODE)
def test_the_code_is_at_least_25_mm_wide(kind, sheet) -> None:
    (code,) = sheet(kind).codes(dpi=300)

    corners = code.position
    width = corners.top_right.x - corners.top_left.x
    assert width / 300 * 25.4 >= 25


@pytest.mark.parametrize("kind", WITH_CODE)
def test_without_a_token_every_page_says_that_it_is_a_specimen(kind, sheet) -> None:
    printed = sheet(kind, token=None)

    assert all("样张" in page for page in printed.pages)
    assert printed.codes() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_under_a_draft_guide_is_a_specimen_even_with_a_token(kind, sheet) -> None:
    assert all("样张" in page for page in sheet(kind, draft=True).pages)


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_paper_is_no_specimen(kind, sheet) -> None:
    assert "样张" not in sheet(kind).text


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_shows_every_page_of_the_print(kind, renderer, paper) -> None:
    pictures = renderer.preview(kind, paper(kind), TOKEN)
    pages = len(PdfReader(BytesIO(renderer.render(kind, paper(kind), TOKEN))).pages)

    assert len(pictures) == pages
    shades = Image.open(BytesIO(pictures[0])).convert("L").getextrema()
    assert shades[0] < 60
    assert shades[1] == 255


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_dated_by_the_paper_and_made_for_archives(kind, renderer, paper) -> None:
    reader = PdfReader(BytesIO(renderer.render(kind, paper(kind), TOKEN)))

    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.year == 2026
    assert b"<pdfaid:part>2</pdfaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_all_fonts_are_embedded(sheet) -> None:
    reader = PdfReader(BytesIO(sheet("slip").pdf))

    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in descriptors)


def test_the_samples_are_valid_json_for_every_kind() -> None:
    samples = json.loads(resources.locate("templates", "samples.json").read_bytes())

    assert sorted(samples) == sorted(KINDS)
