"""What the papers say: the regulation's words where it gives them, and nothing that the nature does not allow."""

from __future__ import annotations

import pytest

SERVICE = {
    "code": "2-09",
    "name": "供水供电供气供热报装",
    "department": "乌海市政公用服务企业",
    "nature": "服务",
}
FILING = {"code": "1-03", "name": "企业投资项目备案", "department": "乌海市发展和改革委员会", "nature": "备案"}


def test_the_slip_says_that_it_is_no_acceptance_and_what_silence_means(sheet) -> None:
    words = "本凭单为收件登记凭证，不是受理决定；审批部门逾期未一次性告知补正内容的，自收到申请之日起即视为受理。"

    assert words in sheet("slip").text


def test_the_slip_names_window_operator_and_minute(sheet) -> None:
    text = sheet("slip").text

    assert "2026年3月2日09:26" in text
    assert "3号窗口" in text
    assert "其木格（工号0312）" in text


def test_a_moment_is_printed_in_china_time_whatever_zone_it_came_in(sheet) -> None:
    assert "2026年3月3日00:10" in sheet("slip", at="2026-03-02T16:10:00+00:00").text


def test_both_forms_of_one_material_print_with_their_counts(sheet) -> None:
    text = sheet("slip").text

    assert "授权委托书及受托人身份证1/11/11/1" in text
    assert "全套施工图设计文件2/1–1/1212收不合格" in text


@pytest.mark.parametrize("state", ["shared", "pending", "failed", "due_from_stage"])
def test_a_shareable_material_is_never_called_missing(sheet, samples, state) -> None:
    row = {"name": "申请人主体资格证明", "due": {"electronic": 1}, "share": state}

    text = sheet("slip", materials=[row]).text

    assert "缺件" not in text
    assert "收件时核对：应交材料齐全。" in text


def test_a_temporary_number_is_plainly_called_one(sheet) -> None:
    text = sheet("slip", project__number="临-W03-000012", project__temporary=True).text

    assert "（临时登记）" in text
    assert "临时登记号" in text
    assert "项目编号150300" not in text


def test_an_alias_is_printed_beside_the_canonical_code(sheet) -> None:
    assert (
        "150300-2026-000017-4（原150300-2026-000044-2）" in sheet("slip", project__former="150300-2026-000044-2").text
    )


def test_a_year_without_announced_holidays_prints_days_and_promises_the_date(sheet) -> None:
    slip = sheet("slip", answer_by={"days": 2, "due": None}).text
    acceptance = sheet("acceptance", promised={"days": 20, "due": None}).text
    notice = sheet("supplement_notice", hand_in_by={"days": 10, "due": None}).text
    extension = sheet("extension", extra={"days": 10, "due": None}).text
    special = sheet("special", expected={"days": 8, "due": None}).text

    assert "2个工作日（具体日期待节假日安排公布后告知）" in slip
    assert "承诺办理时限为20个工作日，自受理之日起计算；具体办结日期待节假日安排公布后告知" in acceptance
    assert "请自收到本通知书之日起10个工作日内" in notice
    assert "具体截止日期待节假日安排公布后告知" in notice
    assert "延长后的办结日期待节假日安排公布后告知" in extension
    assert "具体结束日期待节假日安排公布后告知" in special


def test_a_limit_in_calendar_days_says_so(sheet) -> None:
    promised = {"days": 60, "unit": "自然日", "due": "2026-05-02"}

    assert "承诺办理时限为60个自然日，预计于2026年5月2日前办结" in sheet("acceptance", promised=promised).text


def test_acceptance_tells_day_limit_and_that_it_is_the_ticket(sheet) -> None:
    text = sheet("acceptance").text

    assert "自2026年3月3日起予以受理" in text
    assert "承诺办理时限为3个工作日，预计于2026年3月6日前办结" in text
    assert "凭本通知书领取办理结果" in text
    assert "《中华人民共和国行政许可法》第三十二条" in text
    assert "盖章处（行政审批专用章）" in text


def test_acceptance_after_a_supplement_gives_the_remaining_days(sheet) -> None:
    assert "办理时限自2026年3月3日起继续计算，剩余2个工作日" in sheet("acceptance", resumed_days=2).text


def test_deemed_acceptance_is_the_rules_and_bears_no_department_seal(sheet) -> None:
    text = sheet(
        "acceptance",
        deemed=True,
        accepted_on="2026-03-02",
        answer_by="2026-03-04",
        issuer="乌海市行政审批和政务服务局",
        issued_on="2026-03-05",
    ).text

    assert "受理通知书（视为受理）" in text
    assert "未在2026年3月4日前一次性告知" in text
    assert "自2026年3月2日起视为受理" in text
    assert "不是审批部门的决定，不加盖审批部门印章" in text
    assert "是领取审批结果的凭证" in text
    assert "盖章处" not in text


def test_a_supplement_notice_before_acceptance_does_not_speak_of_a_pause(sheet) -> None:
    text = sheet("supplement_notice").text

    assert "审批时限暂停" not in text
    assert "当场予以受理" in text
    assert "请于2026年3月18日前（10个工作日内）" in text


def test_a_supplement_notice_in_review_pauses_the_clock(sheet) -> None:
    assert "自本通知书出具之日起，审批时限暂停计时" in sheet("supplement_notice", after_acceptance=True).text


def test_no_consequence_of_a_missed_deadline_unless_it_is_given_with_its_basis(sheet) -> None:
    assert "逾期" not in sheet("supplement_notice").text
    told = sheet("supplement_notice", consequence="逾期未提交的，视为撤回申请", consequence_basis="某某规定第一条")
    assert "逾期未提交的，视为撤回申请（依据：某某规定第一条）" in told.text


def test_a_refusal_ticks_its_ground_and_names_the_right_authority_and_remedies(sheet) -> None:
    text = sheet("refusal").text

    assert "存在下列第二种情形" in text
    assert "请向内蒙古自治区住房和城乡建设厅申请" in text
    assert "六十日内向乌海市人民政府申请行政复议" in text
    assert "六个月内依法向乌海市海勃湾区人民法院提起行政诉讼" in text


@pytest.mark.parametrize("kind", ["refusal", "denial", "approval", "acceptance", "not_needed"])
def test_a_matter_that_is_no_licence_never_speaks_of_licences_or_remedies(sheet, samples, kind) -> None:
    changes = {"remedy": None} if "remedy" in samples[kind] else {}
    if "basis" in samples[kind]:
        changes["basis"] = "办事指南"
    if "decision" in samples[kind]:
        changes |= {"decision": "予以备案。", "results": []}

    text = sheet(kind, matter=FILING, project__name="某项目", **changes).text

    assert [word for word in ("行政许可", "准予", "不予行政", "行政复议", "行政诉讼") if word in text] == []


def test_a_utility_service_has_no_document_number(sheet) -> None:
    text = sheet("acceptance", matter=SERVICE, has_document_no=False, number="150300-W03-20260302-0001/2-09").text

    assert "服务申请接收通知单" in text
    assert "编号：150300-W03-20260302-0001/2-09" in text
    assert "行政许可法" not in text


def test_a_higher_authority_is_named_and_the_citys_paper_passes_on(sheet) -> None:
    higher = "内蒙古自治区住房和城乡建设厅"

    assert f"本事项由{higher}审批，本机关负责转报" in sheet("acceptance", matter__higher=higher).text
    assert f"转报{higher}" in sheet("slip", matters__1__higher=higher).text


def test_a_partial_hand_in_says_what_is_still_owed_and_until_when(sheet) -> None:
    text = sheet("supplement_receipt").text

    assert "本通知书尚有1项未提交齐全，请于2026年3月18日前提交" in text
    assert "本通知书所列补正材料已全部提交" in text
    assert "时限不恢复计算" in text


def test_a_withdrawal_takes_effect_when_central_has_recorded_it(sheet) -> None:
    assert "自审批管理系统中心记录之时起生效" in sheet("withdrawal").text
    done = sheet("withdrawal", effective_at="2026-03-02T11:00:00+08:00").text
    assert "撤件已于2026年3月2日11:00经审批管理系统中心记录" in done


def test_a_revoked_copy_is_struck_with_its_reason_and_the_rest_goes(sheet) -> None:
    text = sheet("handover_receipt").text

    assert "未发放：发证机关2026年3月9日更正后重新核发" in text
    assert "已发放" in text
    assert "证照状态于2026年3月10日10:02核验" in text


def test_an_offline_handover_says_when_the_status_was_checked(sheet) -> None:
    assert "离线，以核验时状态为准" in sheet("handover_receipt", offline=True).text


def test_a_lost_notice_is_void_from_the_record_on(sheet) -> None:
    assert "遗失的《受理通知书》（乌住建受〔2026〕12号）作废" in sheet("loss_record").text


def test_returned_and_kept_papers_are_itemised_apart(sheet) -> None:
    text = sheet("return").text

    assert "施工合同、监理合同11120页" in text
    assert "继续留存的材料" in text
    assert "岩土工程勘察报告1–雷电防护装置设计审核仍在使用" in text


def test_custody_adds_up_on_the_paper(sheet) -> None:
    assert "合计31" in sheet("custody_slip").text


def test_a_shift_that_does_not_add_up_shows_the_difference(sheet) -> None:
    text = sheet("shift").text

    assert "待领纸质证照（副本）114698少1" in text
    assert "收取的原件411294444相符" in text


def test_an_anonymous_complaint_names_nobody(sheet) -> None:
    assert "投诉人匿名" in sheet("complaint_receipt", complainant="").text


def test_advice_has_no_state_and_says_so(sheet) -> None:
    assert "不是收件、受理或者补正的凭证" in sheet("advice").text


def test_the_correction_shows_old_and_new(sheet) -> None:
    text = sheet("correction").text

    assert "12850平方米12580平方米" in text
    assert "（空白）138****5678" in text
