"""Papers that must not be issued: blanks where the law wants words, and words that it forbids."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ebp_desktop.documents.data import parse_data
from ebp_desktop.domain.errors import BadInputError

TOKEN = "EBP1.ABCDEFGH"


def refused(build) -> BadInputError:
    with pytest.raises(BadInputError) as found:
        build()
    return found.value


@pytest.mark.parametrize(
    ("kind", "path", "label"),
    [
        ("refusal", "remedy__court", "管辖法院"),
        ("refusal", "remedy__reconsideration_body", "复议机关"),
        ("denial", "remedy__suit_term", "起诉期限"),
        ("denial", "facts", "审查认定的事实"),
        ("acceptance", "contact__complaint_phone", "投诉电话"),
        ("acceptance", "pickup", "领取方式"),
        ("supplement_notice", "rows__0__demand", "补正要求"),
        ("supplement_notice", "hand_in_place", "提交地点"),
        ("slip", "number", "编号"),
        ("slip", "applicant__name", "申请人"),
        ("slip", "hall__operator", "经办人"),
        ("extension", "decided_by", "批准人"),
    ],
)
@pytest.mark.parametrize("nothing", ["", "　 "])
def test_a_blank_that_the_paper_needs_is_named_in_the_clerks_words(paper, kind, path, label, nothing) -> None:
    fault = refused(lambda: paper(kind, **{path: nothing}))

    assert fault.code == "document_incomplete"
    assert fault.exit_code == 4
    assert label in fault.message
    assert fault.place.startswith("$.")


@pytest.mark.parametrize(("kind", "path"), [("slip", "matters"), ("supplement_notice", "rows"), ("return", "returned")])
def test_an_empty_list_is_no_list(paper, kind, path) -> None:
    assert refused(lambda: paper(kind, **{path: []})).code == "document_incomplete"


@pytest.mark.parametrize("kind", ["refusal", "denial"])
def test_a_licence_is_never_refused_without_remedies(paper, kind) -> None:
    fault = refused(lambda: paper(kind, remedy=None))

    assert [missing.line for missing in fault.missing] == ["救济途径"]


@pytest.mark.parametrize("kind", ["refusal", "denial"])
def test_remedies_are_not_printed_where_there_is_no_licence(paper, kind) -> None:
    assert "不印行政复议" in refused(lambda: paper(kind, matter__nature="备案")).message


def test_out_of_power_needs_the_right_authority(paper) -> None:
    fault = refused(lambda: paper("refusal", right_authority=""))

    assert fault.article == "第七条（三）"


@pytest.mark.parametrize("title", ["准予备案决定书", "不予备案通知书", "行政许可备案书"])
def test_a_filing_may_not_be_titled_like_a_licence(paper, title) -> None:
    assert "不得使用" in refused(lambda: paper("acceptance", matter__nature="备案", title=title)).message


def test_a_service_has_no_document_number_and_is_never_deemed_accepted(paper) -> None:
    fault = refused(
        lambda: paper("acceptance", matter__nature="服务", deemed=True, issuer="某局", accepted_on="2026-03-02")
    )

    assert {missing.line for missing in fault.missing} == {"文号", "视为受理"}


def test_deemed_acceptance_counts_from_the_received_day(paper) -> None:
    fault = refused(lambda: paper("acceptance", deemed=True, issuer="某局", accepted_on="2026-03-04"))

    assert [missing.line for missing in fault.missing] == ["受理日期"]
    assert fault.article == "第七条（二）"


def test_deemed_acceptance_needs_somebody_who_issues_it(paper) -> None:
    assert "出具单位" in refused(lambda: paper("acceptance", deemed=True, accepted_on="2026-03-02")).message


def test_a_line_without_a_verdict_stops_the_slip(paper) -> None:
    assert refused(lambda: paper("slip", materials__0__verdict="none")).article == "第五条"


def test_a_shared_material_may_not_be_printed_as_missing(paper) -> None:
    fault = refused(lambda: paper("slip", materials__1__verdict="missing"))

    assert fault.article == "第十三条"
    assert [missing.line for missing in fault.missing] == ["申请人主体资格证明"]


@pytest.mark.parametrize("kind", ["supplement_notice", "missing_list"])
def test_a_shared_material_may_not_be_demanded(paper, kind) -> None:
    assert refused(lambda: paper(kind, rows__0__share="pending")).article == "第十三条"


def test_a_consequence_needs_its_cited_basis(paper) -> None:
    assert "依据" in refused(lambda: paper("supplement_notice", consequence="视为撤回")).message


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"statement_scanned": False}, "遗失证明"),
        ({"id_copy_scanned": False}, "身份证复印件"),
        ({"seal_legible": False}, "公章"),
        ({"statement_unit": "另一家公司"}, "盖章单位"),
    ],
)
def test_the_loss_path_needs_both_proofs_and_the_applicants_own_seal(paper, change, line) -> None:
    fault = refused(lambda: paper("loss_record", **change))

    assert [missing.line for missing in fault.missing] == [line]
    assert fault.article == "第二十四条"


def test_nothing_is_handed_over_when_every_licence_is_revoked(paper) -> None:
    assert refused(lambda: paper("handover_receipt", results__0__revoked="已撤销")).article == "第十九条"


@pytest.mark.parametrize("kind", ["handover_receipt", "loss_record", "return"])
def test_a_full_identity_number_never_reaches_paper(paper, kind) -> None:
    assert "证件号码" in refused(lambda: paper(kind, collector__id_number="150302198001010017")).message


def test_a_moment_without_its_zone_is_refused(paper) -> None:
    assert refused(lambda: paper("slip", at="2026-03-02T09:26:00")).place == "$.at"


def test_values_built_in_code_pass_the_same_gate(renderer, paper) -> None:
    blank = replace(paper("denial"), facts="")

    fault = refused(lambda: renderer.render("denial", blank, TOKEN))

    assert "审查认定的事实" in fault.message


def test_data_of_another_paper_are_refused(renderer, paper) -> None:
    assert refused(lambda: renderer.render("slip", paper("advice"), TOKEN)).code == "document_data_foreign"


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'"slip"'])
def test_what_is_no_json_object_is_bad_input(raw) -> None:
    assert refused(lambda: parse_data("slip", raw)).exit_code == 4


def test_an_unknown_word_in_a_closed_set_is_named(samples) -> None:
    data = json.loads(json.dumps(samples["refusal"])) | {"ground": "mood"}

    fault = refused(lambda: parse_data("refusal", json.dumps(data).encode()))

    assert "不予受理情形" in fault.message
