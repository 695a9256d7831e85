"""通知: what waits for the applicant, its paper, and the act of telling with its evidence (Art. 7, 8; rule 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.case.clocks import ClockKind
from ebp_desktop.domain.clocks import Light
from ebp_desktop.domain.errors import BadInputError, RefusedError
from ebp_desktop.domain.facts import Channel, Consent
from ebp_desktop.domain.states import Opinion
from ebp_desktop.services.ports import Judgement
from ebp_desktop.services.telling import Telling
from tests.fixtures.desk import (
    AUDITOR,
    CLERK,
    DRAWINGS,
    PERMIT,
    REMEDIES,
    WASTE,
    Counter,
    codes_of,
    counter_at,
    signed,
    text_of,
)


def call(content: str = "受理通知书已出具，请于三日内到窗口领取。", recipient: str = "陈志远") -> Telling:
    return Telling(channel=Channel.CALL, recipient=recipient, content=content)


class TestTheNoticesDue:
    def test_the_one_whose_clock_ends_first_is_on_top(self, counter: Counter) -> None:
        early = counter.registered((WASTE,)).case
        counter.at(3)
        late = counter.registered((WASTE,)).case
        second, first = counter.accepted(late, WASTE), counter.accepted(early, WASTE)
        due = counter.notices.due()
        assert [each.notice.issued.document_no for each in due] == [first.document_no, second.document_no]
        assert [each.clock.due if each.clock else None for each in due] == [date(2026, 3, 4), date(2026, 3, 5)]
        assert {each.clock.kind for each in due if each.clock} == {ClockKind.REVIEW}

    def test_a_notice_that_was_told_is_not_due_any_more(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        counter.notices.tell(CLERK, notice.document_no, call())
        assert counter.notices.due() == ()

    def test_a_refusal_is_still_to_be_told_when_nothing_of_the_case_is_open(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        refused = counter.opinion(case, WASTE, Opinion.REFUSE, reason="不属于本部门职权")
        assert not refused.is_open
        notice = counter.notice(
            refused, WASTE, f.NoticeKind.REFUSAL, reason="不属于本部门职权", authority="自治区住房和城乡建设厅"
        )
        assert [each.notice.issued.document_no for each in counter.notices.due()] == [notice.document_no]
        counter.notices.tell(CLERK, notice.document_no, call())
        with counter.store.read() as tx:
            assert tx.cases.open_ids() == ()

    def test_it_says_how_often_the_paper_was_printed(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        assert counter.notices.due()[0].printed == 0
        counter.notices.paper(CLERK, notice.document_no)
        counter.reprints.reprint(CLERK, notice.document_no)
        assert counter.notices.due()[0].printed == 1


class TestThePaperOfANotice:
    def test_an_acceptance_notice_carries_centrals_code_and_the_words_of_the_case(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        notice = counter.accepted(case, PERMIT)
        made = counter.notices.paper(CLERK, notice.document_no)
        words = text_of(made.pdf)
        for wanted in (notice.document_no, "受理", "建筑工程施工许可证核发", case.project.number, "2026年3月2日"):
            assert wanted in words, wanted
        assert codes_of(made.pdf) == [notice.token]
        assert counter.desk.tokens.read(made.token).judgement is Judgement.GENUINE

    def test_it_is_made_once_and_repeated_byte_for_byte(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        first = counter.notices.paper(CLERK, notice.document_no)
        counter.later(days=20)
        assert counter.notices.paper(CLERK, notice.document_no) == first

    def test_a_supplement_notice_lists_each_item_with_problem_and_demand(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        notice = counter.asked(case, PERMIT, ("M312", "M314"))
        words = text_of(counter.notices.paper(CLERK, notice.document_no).pdf)
        assert words.count("缺少签章") == 2
        assert "2026年3月20日" in words
        assert "审批时限暂停" not in words, "nothing is accepted yet"

    def test_after_acceptance_it_says_that_the_limit_is_paused(self, counter: Counter) -> None:
        case = counter.registered((PERMIT,)).case
        counter.accepted(case, PERMIT)
        notice = counter.asked(counter.case(case.id), PERMIT, ("M312",))
        assert "审批时限暂停" in text_of(counter.notices.paper(CLERK, notice.document_no).pdf)

    def test_a_refusal_names_the_right_authority_and_the_remedies(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        after = counter.opinion(case, WASTE, Opinion.REFUSE)
        notice = counter.notice(
            after, WASTE, f.NoticeKind.REFUSAL, reason="不属于本部门职权", authority="自治区住房和城乡建设厅"
        )
        words = text_of(counter.notices.paper(CLERK, notice.document_no).pdf)
        for wanted in ("自治区住房和城乡建设厅", "乌海市人民政府", "海勃湾区人民法院", "六十日"):
            assert wanted in words, wanted

    def test_a_refusal_without_its_remedies_cannot_be_put_out(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        after = counter.opinion(case, WASTE, Opinion.REFUSE)
        bare = replace(REMEDIES, review_body="", court="")
        notice = counter.notice(after, WASTE, f.NoticeKind.REFUSAL, reason="不符合规定", remedies=bare)
        with pytest.raises(BadInputError):
            counter.notices.paper(CLERK, notice.document_no)
        with counter.store.read() as tx:
            assert tx.documents.get(notice.document_no) is None

    def test_deemed_acceptance_is_the_rules_paper_as_of_the_received_day(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        counter.at(5)
        body = f.DeemedAccepted(
            matter=WASTE, accepted_on=date(2026, 3, 2), due_was=date(2026, 3, 4), at=counter.clock.now()
        )
        counter.central(case.id, body)
        after = counter.case(case.id)
        notice = counter.notice(after, WASTE, f.NoticeKind.ACCEPTANCE, deemed=True, accepted_on=date(2026, 3, 2))
        words = text_of(counter.notices.paper(CLERK, notice.document_no).pdf)
        assert "视为受理" in words
        assert "2026年3月2日" in words
        assert "乌海市行政审批和政务服务局" in words

    @pytest.mark.parametrize(
        ("kind", "more", "word"),
        [
            (f.NoticeKind.SPECIAL, {"procedure": "专家评审", "reason": "技术复杂", "approved_by": "局长"}, "专家评审"),
            (f.NoticeKind.EXTENSION, {"reason": "案情复杂", "approved_by": "局长"}, "案情复杂"),
            (f.NoticeKind.DENIAL, {"reason": "消防通道不足", "finding": "宽度三米"}, "消防通道不足"),
            (f.NoticeKind.APPROVAL, {}, "予以通过"),
        ],
    )
    def test_every_later_notice_can_be_printed(
        self, counter: Counter, kind: f.NoticeKind, more: dict[str, str], word: str
    ) -> None:
        case = counter.registered((PERMIT,)).case
        counter.accepted(case, PERMIT)
        notice = counter.notice(counter.case(case.id), PERMIT, kind, **more)
        made = counter.notices.paper(CLERK, notice.document_no)
        assert word in text_of(made.pdf)
        assert codes_of(made.pdf) == [notice.token]

    def test_a_decision_needs_an_acceptance_first(self, counter: Counter) -> None:
        notice = counter.notice(counter.registered((WASTE,)).case, WASTE, f.NoticeKind.APPROVAL)
        with pytest.raises(BadInputError) as caught:
            counter.notices.paper(CLERK, notice.document_no)
        assert caught.value.code == "not_accepted"

    def test_not_needed_says_so_and_what_goes_back(self, counter: Counter) -> None:
        case = counter.opinion(counter.registered((WASTE,)).case, WASTE, Opinion.NOT_NEEDED, reason="限额以下")
        notice = counter.notice(case, WASTE, f.NoticeKind.NOT_NEEDED, reason="限额以下，依法不需要取得许可")
        words = text_of(counter.notices.paper(CLERK, notice.document_no).pdf)
        assert "依法不需要取得" in words
        assert "施工许可阶段申请表" in words

    def test_an_unknown_number_is_said(self, counter: Counter) -> None:
        with pytest.raises(BadInputError) as caught:
            counter.notices.paper(CLERK, "乌住建施受〔2026〕999号")
        assert caught.value.code == "notice_unknown"

    def test_a_number_typed_with_square_brackets_is_found(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        typed = notice.document_no.replace("〔", "[").replace("〕", "]")
        assert counter.notices.paper(CLERK, typed).number == notice.document_no


class TestTelling:
    def test_a_signature_ends_the_review_and_makes_the_receipt(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        notice = counter.accepted(case, WASTE)
        counter.later(minutes=30)
        told = counter.notices.tell(CLERK, notice.document_no, signed())
        assert told.case.matter(WASTE).told_at == counter.clock.now()
        assert told.receipt is not None
        words = text_of(told.receipt.pdf)
        assert "送达回证" in words
        assert notice.document_no in words
        assert "陈志远" in words
        assert told.receipt.number == f"{case.registered.registration_no}-H01"
        assert counter.acts(case.id) == ["case.registered", "notice.told"]

    def test_twice_is_once_with_the_same_receipt(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        first = counter.notices.tell(CLERK, notice.document_no, signed())
        counter.later(hours=3)
        again = counter.notices.tell(CLERK, notice.document_no, signed())
        assert again.receipt == first.receipt
        assert again.notice == first.notice
        assert counter.waiting_kinds().count("notice.told") == 1

    @pytest.mark.parametrize("channel", [Channel.CALL, Channel.MESSAGE])
    def test_a_call_or_message_records_its_whole_content_and_makes_no_receipt(
        self, counter: Counter, channel: Channel
    ) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        with pytest.raises(BadInputError) as caught:
            counter.notices.tell(CLERK, notice.document_no, Telling(channel=channel, recipient="陈志远"))
        assert caught.value.code == "content_missing"
        told = counter.notices.tell(CLERK, notice.document_no, replace(call(), channel=channel))
        assert told.receipt is None
        assert told.notice.told is not None
        assert told.notice.told.content.startswith("受理通知书已出具")

    def test_electronic_delivery_needs_the_consent_on_the_slip(self, counter: Counter) -> None:
        sent = Telling(channel=Channel.ELECTRONIC, recipient="chen@example.cn")
        refused = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        with pytest.raises(RefusedError) as caught:
            counter.notices.tell(CLERK, refused.document_no, sent)
        assert (caught.value.code, caught.value.article) == ("no_consent", "第七条")
        agreed = counter.registered((WASTE,), consent=Consent(given=True, address="chen@example.cn")).case
        notice = counter.accepted(agreed, WASTE)
        assert counter.notices.tell(CLERK, notice.document_no, sent).notice.told is not None

    def test_a_void_notice_is_told_no_more(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        notice = counter.accepted(case, WASTE)
        lost = f.NoticeLost(
            notice=notice.notice,
            stated_unit=case.registered.applicant.name,
            seal_legible=True,
            statement=(counter.page(),),
            id_copy=(counter.page(),),
            at=counter.clock.now(),
        )
        counter.central(case.id, lost)
        with pytest.raises(RefusedError) as caught:
            counter.notices.tell(CLERK, notice.document_no, signed())
        assert caught.value.code == "notice_void"
        assert counter.notices.due() == ()

    def test_a_stated_time_lies_between_issue_and_now(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        now = counter.later(hours=2)
        for wrong in (notice.issued_at - timedelta(minutes=1), now + timedelta(minutes=1)):
            with pytest.raises(BadInputError) as caught:
                counter.notices.tell(CLERK, notice.document_no, replace(call(), at=wrong))
            assert caught.value.code == "told_time_wrong"
        earlier = now - timedelta(hours=1)
        told = counter.notices.tell(CLERK, notice.document_no, replace(call(), at=earlier))
        assert told.case.matter(WASTE).told_at == earlier

    def test_a_counter_whose_clock_lags_centrals_can_tell_at_once(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        ahead = counter.clock.now() + timedelta(minutes=4)
        counter.opinion(case, WASTE, Opinion.ACCEPT, at=ahead)
        notice = counter.notice(
            counter.case(case.id), WASTE, f.NoticeKind.ACCEPTANCE, issued_at=ahead, accepted_on=date(2026, 3, 2)
        )
        told = counter.notices.tell(CLERK, notice.document_no, signed())
        assert told.notice.told is not None
        assert told.case.conflicts == ()

    def test_nobody_is_told_without_a_name(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        with pytest.raises(BadInputError) as caught:
            counter.notices.tell(CLERK, notice.document_no, call(recipient=" "))
        assert caught.value.code == "recipient_missing"

    def test_only_those_who_may(self, counter: Counter) -> None:
        notice = counter.accepted(counter.registered((WASTE,)).case, WASTE)
        for act in (
            lambda: counter.notices.tell(AUDITOR, notice.document_no, signed()),
            lambda: counter.notices.paper(AUDITOR, notice.document_no),
        ):
            with pytest.raises(RefusedError) as caught:
                act()
            assert caught.value.code == "not_allowed"

    def test_told_too_late_does_not_heal_the_silence(self, counter: Counter) -> None:
        case = counter.registered((WASTE,)).case
        notice = counter.accepted(case, WASTE)
        counter.at(5, 10)
        told = counter.notices.tell(CLERK, notice.document_no, signed())
        file = counter.queries.open_case(CLERK, case.registered.registration_no)
        review = next(row for row in file.clocks if row.kind is ClockKind.REVIEW)
        assert "视为受理" in review.words
        assert told.case.matter(WASTE).accepted_on == date(2026, 3, 2)


class TestReprints:
    def test_the_first_print_carries_no_mark_and_each_later_one_its_number(self, counter: Counter) -> None:
        done = counter.registered((WASTE,))
        printed = [counter.reprints.reprint(CLERK, done.slip.number) for _ in range(3)]
        assert [times for _, times in printed] == [1, 2, 3]
        assert printed[0][0].pdf == done.slip.pdf
        assert "补打第1次" in text_of(printed[1][0].pdf)
        assert "补打第2次" in text_of(printed[2][0].pdf)
        assert codes_of(printed[2][0].pdf) == [done.slip.token]

    def test_each_print_is_in_the_audit(self, counter: Counter) -> None:
        number = counter.registered((WASTE,)).slip.number
        for _ in range(2):
            counter.reprints.reprint(CLERK, number)
        assert [(r.act, r.detail) for r in reversed(counter.audit(number))] == [
            ("document.printed", "1"),
            ("document.printed", "2"),
        ]

    def test_an_unknown_number_and_a_person_who_may_not_read(self, counter: Counter) -> None:
        number = counter.registered((WASTE,)).slip.number
        with pytest.raises(BadInputError) as unknown:
            counter.reprints.reprint(CLERK, "150302-003-20260302-9999")
        assert unknown.value.code == "paper_unknown"
        with pytest.raises(RefusedError) as caught:
            counter.reprints.reprint(AUDITOR, number)
        assert caught.value.code == "not_allowed"

    def test_a_paper_that_would_come_out_differently_is_not_handed_out(self, counter: Counter) -> None:
        done = counter.registered((WASTE,))
        with counter.store.begin() as tx:
            stored = tx.documents.get(done.slip.number, "slip")
            assert stored is not None
            tx.documents.purge(done.case.id)
            tx.documents.save(replace(stored, pdf_sha256="0" * 64))
        with pytest.raises(BadInputError) as caught:
            counter.reprints.reprint(CLERK, done.slip.number)
        assert caught.value.code == "paper_differs"


def test_a_notice_whose_year_has_no_calendar_is_due_without_a_day(tmp_path: Path) -> None:
    with counter_at(tmp_path / "home") as counter:
        counter.clock.set(counter.clock.now().replace(month=12, day=31))
        notice = counter.accepted(counter.registered((DRAWINGS,)).case, DRAWINGS)
        (due,) = counter.notices.due()
        assert due.clock is not None
        assert (due.clock.due, due.clock.missing_year, due.clock.light) == (None, 2027, Light.NORMAL)
        assert text_of(counter.notices.paper(CLERK, notice.document_no).pdf)
