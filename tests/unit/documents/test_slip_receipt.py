"""The slip on 80 mm paper says what the A4 slip says, in fewer words."""

from __future__ import annotations

import pytest

from ebp_desktop.documents.receipt import SLIP_SENTENCE, slip_receipt
from ebp_desktop.services.receipts import Code, Pair, Words

TOKEN = "EBP1.ABCDEFGH"


def words(receipt) -> str:
    return "\n".join(line.text for line in receipt.lines if isinstance(line, Words))


def pairs(receipt) -> dict[str, str]:
    return {line.label: line.value for line in receipt.lines if isinstance(line, Pair)}


def test_it_carries_number_minute_window_and_project(paper) -> None:
    receipt = slip_receipt(paper("slip", at="2026-03-02T01:26:00+00:00"), TOKEN)

    assert pairs(receipt) == {
        "编号": "150300-W03-20260302-0001",
        "收件时间": "2026-03-02 09:26",
        "窗口": "3号窗口 其木格（工号0312）",
        "项目编号": "150300-2026-000017-4",
    }


def test_the_sentence_is_the_same_as_on_a4(paper, sheet) -> None:
    assert SLIP_SENTENCE in words(slip_receipt(paper("slip"), TOKEN))
    assert SLIP_SENTENCE in sheet("slip").text


def test_it_lists_every_matter_and_what_is_missing_but_no_shared_material(paper) -> None:
    text = words(slip_receipt(paper("slip"), TOKEN))

    assert text.count("（乌海市住房和城乡建设局）") == 2
    assert "材料 9 项，缺件或不合格 2 项" in text
    assert "· 全套施工图设计文件：结构专业图纸缺注册章" in text
    assert "· 申请人主体资格证明" not in text


def test_its_code_is_the_slips_own(paper) -> None:
    codes = [line for line in slip_receipt(paper("slip"), TOKEN).lines if isinstance(line, Code)]

    assert codes == [Code(token=TOKEN, number="150300-W03-20260302-0001")]


@pytest.mark.parametrize(("token", "draft"), [("", False), (TOKEN, True)])
def test_without_a_token_or_under_a_draft_guide_it_is_a_specimen(paper, token, draft) -> None:
    assert "样张" in words(slip_receipt(paper("slip", draft=draft), token))


def test_a_temporary_number_is_called_one(paper) -> None:
    receipt = slip_receipt(paper("slip", project__temporary=True, project__number="临-W03-000012"), TOKEN)

    assert pairs(receipt)["临时登记号"] == "临-W03-000012"


def test_a_date_that_cannot_be_reckoned_is_promised(paper) -> None:
    text = words(slip_receipt(paper("slip", answer_by={"days": 2, "due": None}), TOKEN))

    assert "2个工作日（具体日期待节假日安排公布后告知）" in text
