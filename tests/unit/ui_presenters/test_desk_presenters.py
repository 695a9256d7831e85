"""今日, 办件, 通知, 补正, 领证, 同步, 设置 and 登录 without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from counter_samples.cases import SampleCases
from counter_samples.machine import SampleSettings, SampleSignIn, SampleSync
from counter_samples.papers import CHECK, OWED, SampleNotices, SamplePickup, SampleSupplement
from counter_samples.today import VIEW, SampleToday

from ebp_desktop.domain.errors import SurroundingsError
from ebp_desktop.domain.material import Verdict
from ui.presenting import ImmediateTasks, Lane
from ui.screens.cases.presenter import CasesPresenter
from ui.screens.notices.presenter import NoticesPresenter
from ui.screens.notices.state import Reach
from ui.screens.pickup.presenter import PickupPresenter
from ui.screens.pickup.state import Answer, FieldPair
from ui.screens.settings.presenter import SettingsPresenter
from ui.screens.sign_in.presenter import SignInPresenter
from ui.screens.supplement.presenter import SupplementPresenter
from ui.screens.sync.presenter import SyncPresenter
from ui.screens.today.presenter import TodayPresenter
from ui.screens.today.state import TodayView
from ui.shown import Mark


class Gone(list[tuple[str, str]]):
    """Where a presenter wanted to go."""

    def __call__(self, screen: str, text: str) -> None:
        self.append((screen, text))


@pytest.fixture
def gone() -> Gone:
    return Gone()


class Held:
    """Tasks whose results arrive when the test says so, in any order."""

    def __init__(self) -> None:
        self.waiting: list[object] = []

    def run(self, work: object, done: object, failed: object, lane: Lane = Lane.STORE) -> None:
        self.waiting.append(lambda: done(work()))


class TestToday:
    def test_the_first_danger_is_chosen_and_named(self, tasks: ImmediateTasks) -> None:
        today = TodayPresenter(SampleToday(), tasks)
        today.enter()
        assert today.state.chosen == VIEW.dangers[0].key
        assert today.bar().head == "先办：给甘德尔山文体中心打印并送达受理通知书"
        assert today.bar().mark is Mark.DANGER

    def test_enter_goes_where_the_danger_is_mended(self, tasks: ImmediateTasks, gone: Gone) -> None:
        today = TodayPresenter(SampleToday(), tasks)
        today.bind(lambda _: None, gone)
        today.enter()
        today.act("open")
        assert gone == [("notices", VIEW.dangers[0].key)]

    def test_a_calm_day_says_so_and_offers_the_next_applicant(self, tasks: ImmediateTasks) -> None:
        today = TodayPresenter(SampleToday(TodayView()), tasks)
        today.enter()
        assert today.bar().head == "没有今天必须办的事"
        assert today.bar().primary().name == "intake"

    def test_the_choice_stays_when_the_day_is_loaded_again(self, tasks: ImmediateTasks) -> None:
        today = TodayPresenter(SampleToday(), tasks)
        today.enter()
        today.choose(VIEW.dangers[2].key)
        today.enter()
        assert today.state.danger == VIEW.dangers[2]

    def test_the_next_number_is_called_where_there_is_a_machine(self, tasks: ImmediateTasks) -> None:
        gateway = SampleToday()
        today = TodayPresenter(gateway, tasks)
        today.enter()
        today.act("call")
        assert gateway.called == 1
        quiet = TodayPresenter(SampleToday(replace(VIEW, queue=None)), tasks)
        quiet.enter()
        assert quiet.bar().named("call") is None


class TestCases:
    def test_a_later_search_is_never_overwritten_by_an_earlier_one(self) -> None:
        held = Held()
        cases = CasesPresenter(SampleCases(), held)
        cases.find("没有的")
        cases.find("rm")
        early, late = held.waiting[:2]
        late()
        early()
        assert len(cases.state.hits) == 8

    def test_nothing_found_is_said(self, tasks: ImmediateTasks) -> None:
        cases = CasesPresenter(SampleCases(), tasks)
        cases.find("没有的")
        assert cases.bar().head == "没有找到办件"

    def test_a_long_list_goes_on_by_key(self, tasks: ImmediateTasks) -> None:
        cases = CasesPresenter(SampleCases(many=120), tasks)
        cases.enter()
        assert len(cases.state.hits) == 50
        cases.load_more()
        cases.load_more()
        cases.load_more()
        assert len(cases.state.hits) == 120
        assert cases.state.more == ""

    def test_the_first_hit_is_opened(self, tasks: ImmediateTasks) -> None:
        cases = CasesPresenter(SampleCases(), tasks)
        cases.find("rm")
        assert cases.state.detail.name == "海勃湾区人民南路雨污分流改造"
        cases.choose("341")
        assert cases.state.detail.name == "仁民医院住院楼加固"

    def test_a_paper_is_printed_again(self, tasks: ImmediateTasks) -> None:
        gateway = SampleCases()
        cases = CasesPresenter(gateway, tasks)
        cases.find("rm")
        assert cases.state.paper == "slip"
        cases.choose_paper("accept")
        cases.act("print")
        assert gateway.printed == ["accept"]
        assert cases.bar().detail == "已补打，注明第 2 次"

    def test_acts_lead_on(self, tasks: ImmediateTasks, gone: Gone) -> None:
        gateway = SampleCases()
        cases = CasesPresenter(gateway, tasks)
        cases.bind(lambda _: None, gone)
        cases.find("rm")
        for act in ("open_notices", "open_supplement", "open_pickup"):
            cases.act(act)
        assert [screen for screen, _ in gone] == ["notices", "supplement", "pickup"]
        cases.act("urge")
        assert gateway.done == ["urge"]


class TestNotices:
    @pytest.fixture
    def notices(self, tasks: ImmediateTasks) -> NoticesPresenter:
        presenter = NoticesPresenter(SampleNotices(), tasks)
        presenter.enter()
        return presenter

    def test_the_most_urgent_paper_is_open(self, notices: NoticesPresenter) -> None:
        assert notices.state.paper.key == "乌自然受〔2026〕88号"
        assert notices.bar().mark is Mark.DANGER

    def test_in_person_needs_a_signature(self, notices: NoticesPresenter) -> None:
        assert notices.why_not() == "请收件人在右边签名"
        notices.signed(True)
        assert notices.why_not() == ""

    def test_electronic_delivery_needs_the_consent_on_the_slip(self, notices: NoticesPresenter) -> None:
        notices.press_digit(2)
        assert "没有在凭单上同意" in notices.why_not()
        notices.choose("乌住建受〔2026〕240号")
        assert notices.state.reach is Reach.ELECTRONIC
        assert notices.why_not() == ""

    def test_a_call_needs_its_whole_content(self, notices: NoticesPresenter) -> None:
        notices.press_digit(3)
        assert "全部内容" in notices.why_not()
        notices.type_into("content", "已受理，凭通知书领证")
        assert notices.why_not() == ""
        notices.type_into("recipient", " ")
        assert notices.why_not() == "还没有写收件人"

    def test_told_papers_leave_the_list_and_the_next_one_opens(self, notices: NoticesPresenter) -> None:
        notices.signed(True)
        notices.tell(b"png")
        assert len(notices.state.rows) == 3
        assert notices.state.paper.key == "乌住建补〔2026〕61号"
        assert not notices.state.signed

    def test_a_paper_is_found_by_its_number(self, notices: NoticesPresenter) -> None:
        notices.find("乌发改不〔2026〕3号")
        assert notices.state.paper.key == "乌发改不〔2026〕3号"

    def test_the_case_and_the_printer_are_one_key_away(self, tasks: ImmediateTasks, gone: Gone) -> None:
        gateway = SampleNotices()
        presenter = NoticesPresenter(gateway, tasks)
        presenter.bind(lambda _: None, gone)
        presenter.enter()
        presenter.act("print")
        presenter.act("case")
        assert gateway.printed == [presenter.state.chosen]
        assert gone == [("cases", presenter.state.chosen)]

    def test_an_empty_list_is_calm(self, tasks: ImmediateTasks) -> None:
        gateway = SampleNotices()
        gateway.rows = ()
        presenter = NoticesPresenter(gateway, tasks)
        presenter.enter()
        assert presenter.bar().head == "没有待告知的文书"


class TestSupplement:
    @pytest.fixture
    def gateway(self) -> SampleSupplement:
        return SampleSupplement()

    @pytest.fixture
    def supplement(self, gateway: SampleSupplement, tasks: ImmediateTasks) -> SupplementPresenter:
        presenter = SupplementPresenter(gateway, tasks)
        presenter.enter()
        return presenter

    def test_only_the_lines_of_the_notice_are_asked(self, supplement: SupplementPresenter) -> None:
        assert [owed.line.material for owed in supplement.state.notice.lines] == ["M308", "M313", "M315"]
        assert supplement.bar().head == "交来 0 项，还欠 2 项"

    def test_paper_without_its_scan_is_not_taken(self, supplement: SupplementPresenter) -> None:
        supplement.act("ok")
        assert "未扫描" in supplement.why_not()
        supplement.choose_line("M308")
        supplement.take_files(("drawing.pdf",))
        assert supplement.why_not() == ""

    def test_a_hand_in_takes_what_is_there(self, supplement: SupplementPresenter, gateway: SampleSupplement) -> None:
        supplement.take_files(("drawing.pdf",))
        supplement.act("ok")
        supplement.act("missing")
        supplement.act("hand_in")
        key, lines = gateway.handed[0]
        assert key == OWED.key
        assert [line.material for line in lines] == ["M308"]
        assert "接收凭证 0012" in supplement.state.outcome

    def test_a_satisfied_line_is_left_alone(self, supplement: SupplementPresenter) -> None:
        supplement.choose_line("M315")
        supplement.judge(Verdict.QUALIFIED)
        assert supplement.handed() == ()
        assert not supplement.bar().named("ok").enabled

    def test_pages_carry_their_line(self, supplement: SupplementPresenter) -> None:
        supplement.take_files(("a.pdf", "b.pdf"))
        assert [page.label for page in supplement.pages()] == ["308-1", "308-2"]

    def test_another_notice_is_another_desk(self, supplement: SupplementPresenter) -> None:
        supplement.take_files(("a.pdf",))
        supplement.choose("乌自然补〔2026〕12号")
        assert supplement.pages() == ()

    def test_the_case_is_one_key_away(self, supplement: SupplementPresenter, gone: Gone) -> None:
        supplement.bind(lambda _: None, gone)
        supplement.act("case")
        assert gone == [("cases", OWED.case)]


class TestPickup:
    @pytest.fixture
    def gateway(self) -> SamplePickup:
        return SamplePickup()

    @pytest.fixture
    def pickup(self, gateway: SamplePickup, tasks: ImmediateTasks) -> PickupPresenter:
        presenter = PickupPresenter(gateway, tasks)
        presenter.enter()
        presenter.find("乌住建受〔2026〕196号")
        return presenter

    def test_a_genuine_notice_releases_what_is_here(self, pickup: PickupPresenter) -> None:
        assert [copy.key for copy in pickup.state.going] == ["c1", "c2"]
        assert pickup.bar().head == "可以发 2 本；2 本这次不发"

    def test_nothing_goes_out_without_a_signature(self, pickup: PickupPresenter, gateway: SamplePickup) -> None:
        pickup.hand_over(b"")
        assert gateway.handed == []
        assert pickup.why_not() == "请领取人签名"

    def test_signed_and_checked_it_goes_once(self, pickup: PickupPresenter, gateway: SamplePickup) -> None:
        pickup.signed(True)
        pickup.hand_over(b"png")
        assert gateway.handed[0].copies == ("c1", "c2")
        assert pickup.state.check is None
        assert "已发 2 本" in pickup.bar().head

    def test_a_forged_notice_releases_nothing(self, pickup: PickupPresenter) -> None:
        pickup.find("EBP1.FORGED")
        assert pickup.state.check.answer is Answer.FORGED
        assert pickup.bar().mark is Mark.PARK
        assert not pickup.bar().named("hand_over").enabled

    def test_a_mismatch_stops_the_handover(self, tasks: ImmediateTasks) -> None:
        wrong = replace(CHECK, pairs=(FieldPair("建设规模", "6,820.50", "6,802.50"),))
        pickup = PickupPresenter(SamplePickup(wrong), tasks)
        pickup.find("乌住建受〔2026〕196号")
        assert pickup.why_not() == "证照内容与办件不一致，不得发放"

    @pytest.mark.parametrize(
        ("name", "text", "why"), [("recipient", "", "还没有填领取人"), ("id_number", "1503", "证件号码不正确")]
    )
    def test_the_collector_must_be_known(self, pickup: PickupPresenter, name: str, text: str, why: str) -> None:
        pickup.type_into(name, text)
        assert why in pickup.why_not()

    def test_the_evidence_says_what_is_still_owed(self, pickup: PickupPresenter) -> None:
        assert [word for _, _, _, word in pickup.evidence()] == ["真实", "已核对", "可选", "待签名"]
        pickup.signed(True)
        assert pickup.evidence()[-1][3] == "已签名"

    def test_a_code_that_cannot_be_read_says_what_to_do(self, pickup: PickupPresenter) -> None:
        pickup.find("读不出")
        assert pickup.trouble.todo == "请重扫，或输入文号。"

    def test_a_notice_may_be_put_aside(self, pickup: PickupPresenter) -> None:
        pickup.act("aside")
        assert pickup.state.check is None
        assert pickup.bar().head == "扫描受理通知书二维码"

    def test_fields_are_judged_when_complete(self, pickup: PickupPresenter) -> None:
        pickup.type_into("id_number", "150302198503071234")
        pickup.type_into("phone", "138")
        marks = [field.mark for field in pickup.fields()]
        assert marks == [Mark.NONE, Mark.BAD, Mark.NONE]


class TestSync:
    @pytest.fixture
    def gateway(self) -> SampleSync:
        return SampleSync()

    @pytest.fixture
    def sync(self, gateway: SampleSync, tasks: ImmediateTasks) -> SyncPresenter:
        presenter = SyncPresenter(gateway, tasks)
        presenter.enter()
        return presenter

    def test_the_parked_fact_is_open_and_explained(self, sync: SyncPresenter) -> None:
        assert sync.state.parked.title == "已停：蒙西建材用地规划申报"
        assert "1 件已停" in sync.bar().head

    def test_a_mended_value_needs_its_basis(self, sync: SyncPresenter, gateway: SampleSync) -> None:
        assert sync.why_not() == "改正后的值与原值相同"
        sync.type_into("value", "91150304MB0QK7T836")
        assert sync.why_not() == "还没有写依据"
        sync.type_into("basis", "营业执照原件，扫描第 3 页")
        sync.act("resubmit")
        assert gateway.resubmitted == [("f1", "91150304MB0QK7T836", "营业执照原件，扫描第 3 页")]
        assert sync.bar().mark is Mark.SEND

    def test_a_waiting_fact_needs_no_hand(self, sync: SyncPresenter) -> None:
        sync.choose("f3")
        assert sync.state.parked is None
        assert sync.why_not() == "这一件没有停"
        assert sync.bar().primary().name == "send"

    def test_trying_now_says_what_came_of_it(self, sync: SyncPresenter) -> None:
        sync.act("send")
        assert "再试" in sync.state.outcome


class TestSettings:
    def test_parts_are_listed_and_tested(self, tasks: ImmediateTasks) -> None:
        gateway = SampleSettings()
        settings = SettingsPresenter(gateway, tasks)
        settings.enter()
        settings.choose("printer")
        settings.act("test")
        assert gateway.ran == [("printer", "test")]
        assert settings.bar().detail == "测试页已送出"
        settings.act("unknown")
        assert gateway.ran == [("printer", "test")]

    def test_the_look_is_remembered(self, tasks: ImmediateTasks) -> None:
        gateway = SampleSettings()
        settings = SettingsPresenter(gateway, tasks)
        settings.choose_look("dark", True)
        assert gateway.look == ("dark", True)
        assert settings.state.theme == "dark"


class TestSignIn:
    def typed(self, presenter: SignInPresenter, password: str) -> None:
        for name, text in (("user", "surina"), ("password", password), ("otp", "123456")):
            presenter.type_into(name, text)

    def test_all_three_are_needed(self, tasks: ImmediateTasks) -> None:
        gateway = SampleSignIn()
        presenter = SignInPresenter(gateway, tasks)
        presenter.type_into("user", "surina")
        presenter.sign_in()
        assert gateway.tries == 0

    def test_secrets_are_forgotten_after_every_try(self, tasks: ImmediateTasks) -> None:
        presenter = SignInPresenter(SampleSignIn(), tasks)
        self.typed(presenter, "wrong")
        presenter.sign_in()
        assert (presenter.state.password, presenter.state.otp) == ("", "")
        assert presenter.trouble is not None
        self.typed(presenter, "opens-sesame")
        presenter.sign_in()
        assert presenter.state.signed_in.operator == "苏日娜"
        assert presenter.state.password == ""

    def test_locking_signs_the_person_out(self, tasks: ImmediateTasks) -> None:
        gateway = SampleSignIn()
        presenter = SignInPresenter(gateway, tasks)
        self.typed(presenter, "opens-sesame")
        presenter.sign_in()
        presenter.lock("窗口已锁定")
        assert not gateway.inside
        assert presenter.state.locked_for == "窗口已锁定"


def test_a_failure_keeps_the_screen_and_says_what_is_safe(tasks: ImmediateTasks) -> None:
    class Broken(SampleToday):
        def today(self) -> TodayView:
            raise SurroundingsError("disk", "读不出本机数据。", safe="已登记的内容没有丢失。", todo="请重启。")

    today = TodayPresenter(Broken(), tasks)
    today.enter()
    assert today.trouble.safe == "已登记的内容没有丢失。"
    assert today.state == TodayPresenter(SampleToday(), tasks).state


def test_words_pass_through_the_translator(tasks: ImmediateTasks) -> None:
    today = TodayPresenter(SampleToday(TodayView()), tasks)
    today.speak_with(lambda context, source: f"[{context}] {source}")
    today.enter()
    assert today.bar().head == "[TodayPresenter] 没有今天必须办的事"
