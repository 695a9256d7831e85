"""Which opinion a department may give: the rules of Art. 7–9 and 13 on a case that its facts make."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from central.acts.opinion_rules import JURISDICTION, LAW, Moment, OpinionRequest, check_opinion
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA, WorkCalendar
from ebp_desktop.domain.calendar_format import parse_calendar
from ebp_desktop.domain.case import CaseView, project_case
from ebp_desktop.domain.clocks import Limit
from ebp_desktop.domain.errors import EbpError
from ebp_desktop.domain.material import Counts, MaterialLine, Share, ShareState
from ebp_desktop.domain.project import Handler, Party, PartyKind, Project
from ebp_desktop.domain.readings import Readings, ReviewSupplement
from ebp_desktop.domain.states import Nature, Opinion
from resources import locate

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
CALENDAR = WorkCalendar((parse_calendar(locate("calendars", "2026.json").read_text("utf-8"), "2026"),))
MATTER = "2-01"


def line(material: str, share: ShareState = ShareState.NOT_SHAREABLE, matter: str = MATTER) -> MaterialLine:
    return MaterialLine(
        material=material,
        name=f"材料{material}",
        due=Counts(original=1),
        received=Counts(),
        matters=(matter,),
        share=Share(state=share),
    )


def fact(body: f.Body, at: datetime, case_id: object) -> f.Fact:
    return f.Fact(
        id=uuid4(),
        case_id=case_id,
        kind=f.kind_of(body),
        legal_at=at,
        recorded_at=at,
        actor="x",
        origin="x",
        body=body,
    )


def made(*bodies: tuple[f.Body, datetime], received: datetime = MONDAY, deemed: bool = True) -> CaseView:
    registered = f.CaseRegistered(
        ref=uuid4(),
        registration_no="150300-001-20260302-0001",
        counter="001",
        project=Project(name="甲", project_type="G", region="150300", site="乌海"),
        parties=(Party(name="甲", kind=PartyKind.UNIT, code="x"),),
        handler=Handler(name="乙", person_id="x", phone="x"),
        stage="works_planning",
        stage_name="工程建设许可阶段",
        guide="g",
        guide_version="1",
        guide_is_draft=True,
        lead_department="ZRZY",
        stage_days=20,
        answers=(),
        matters=(
            f.MatterTerms(
                code=MATTER,
                name="建设工程规划许可",
                department="ZRZY",
                department_name="市自然资源局",
                nature=Nature.LICENCE,
                promised=Limit(10),
                deemed_acceptance=deemed,
            ),
        ),
        lines=(line("a"), line("b"), line("shared", ShareState.PENDING), line("other", matter="2-02")),
        received_at=received,
    )
    case_id = uuid4()
    view = project_case([fact(registered, received, case_id), *(fact(body, at, case_id) for body, at in bodies)])
    assert view is not None
    return view


def opinion(what: Opinion, at: datetime, **fields: object) -> tuple[f.Body, datetime]:
    return f.OpinionGiven(matter=MATTER, opinion=what, department="ZRZY", reviewer="x", at=at, **fields), at


def judge(case: CaseView, request: OpinionRequest, now: datetime, readings: Readings | None = None) -> str:
    """The code of the refusal, empty when the opinion may be given."""
    moment = Moment(now=now, calendar=CALENDAR, readings=readings or Readings())
    try:
        check_opinion(case, case.matter(MATTER), request, moment)
    except EbpError as error:
        return error.code if error.message else "a refusal without words"
    return ""


def items(*materials: str) -> tuple[f.SupplementItem, ...]:
    return tuple(f.SupplementItem(material=each, name=each, problem="未盖章") for each in materials)


def supplement(*materials: str, **changes: object) -> OpinionRequest:
    request = OpinionRequest(opinion=Opinion.SUPPLEMENT, items=items(*materials), until=date(2026, 3, 20))
    return replace(request, **changes)


WEDNESDAY_EVENING = datetime(2026, 3, 4, 17, 30, tzinfo=CHINA)
TOO_LATE = WEDNESDAY_EVENING + timedelta(minutes=1)
ACCEPT = OpinionRequest(opinion=Opinion.ACCEPT)


class TestTheTwoDays:
    @pytest.mark.parametrize(
        "request_",
        [
            ACCEPT,
            OpinionRequest(opinion=Opinion.NOT_NEEDED, reason="依法不需许可"),
            OpinionRequest(opinion=Opinion.REFUSE, reason="不符合", ground=LAW),
            supplement("a"),
        ],
    )
    def test_every_first_opinion_is_open_until_close_of_the_second_day_and_not_after(
        self, request_: OpinionRequest
    ) -> None:
        assert judge(made(), request_, WEDNESDAY_EVENING) == ""
        assert judge(made(), request_, TOO_LATE) == "review_over"

    def test_a_service_without_deemed_acceptance_may_answer_late(self) -> None:
        assert judge(made(deemed=False), ACCEPT, TOO_LATE) == ""

    def test_a_year_without_a_calendar_never_blocks_an_opinion(self) -> None:
        new_year = datetime(2026, 12, 31, 9, 0, tzinfo=CHINA)
        assert judge(made(received=new_year), ACCEPT, new_year + timedelta(days=30)) == ""

    def test_after_deemed_acceptance_refusing_is_closed_and_deciding_open(self) -> None:
        deemed = f.DeemedAccepted(matter=MATTER, accepted_on=MONDAY.date(), due_was=date(2026, 3, 4), at=TOO_LATE)
        case = made((deemed, TOO_LATE))
        refusal = OpinionRequest(opinion=Opinion.REFUSE, reason="无权", ground=JURISDICTION, authority="自治区")
        assert judge(case, refusal, TOO_LATE) == "deemed_accepted"
        assert judge(case, OpinionRequest(opinion=Opinion.DENY, reason="不符合规划"), TOO_LATE) == ""


class TestRefusing:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"reason": " ", "ground": LAW}, "reason_missing"),
            ({"reason": "x", "ground": ""}, "ground_missing"),
            ({"reason": "x", "ground": JURISDICTION}, "authority_missing"),
            ({"reason": "x", "ground": JURISDICTION, "authority": "自治区自然资源厅"}, ""),
        ],
    )
    def test_a_refusal_names_ground_reason_and_the_right_authority(self, fields: dict[str, str], code: str) -> None:
        assert judge(made(), OpinionRequest(opinion=Opinion.REFUSE, **fields), MONDAY) == code

    @pytest.mark.parametrize("what", [Opinion.NOT_NEEDED, Opinion.DENY, Opinion.SPECIAL])
    def test_what_goes_against_the_applicant_has_a_reason(self, what: Opinion) -> None:
        case = made() if what is Opinion.NOT_NEEDED else made(opinion(Opinion.ACCEPT, MONDAY))
        assert judge(case, OpinionRequest(opinion=what), MONDAY) == "reason_missing"


class TestSupplements:
    @pytest.mark.parametrize(
        ("request_", "code"),
        [
            (supplement("a", "b"), ""),
            (supplement(), "items_missing"),
            (supplement("a", until=None), "until_missing"),
            (supplement("a", until=date(2026, 3, 2)), "until_past"),
            (supplement("shared"), "items_refused"),
            (supplement("other"), "items_refused"),
            (supplement("not in the guide"), "items_refused"),
            (supplement("a", items=(f.SupplementItem(material="a", name="a", problem=" "),)), "items_refused"),
        ],
    )
    def test_the_list_asks_only_for_what_may_be_asked(self, request_: OpinionRequest, code: str) -> None:
        assert judge(made(), request_, MONDAY) == code

    def second_round(self, *handed_in: str) -> CaseView:
        notice = f.SupplementRegistered(
            receipt_no="r",
            notices=(uuid4(),),
            lines=tuple(line(each) for each in handed_in),
            complete=(MATTER,),
            at=MONDAY + timedelta(hours=5),
        )
        return made(
            opinion(Opinion.SUPPLEMENT, MONDAY + timedelta(hours=1), items=items("a"), due=date(2026, 3, 20)),
            (notice, notice.at),
        )

    def test_a_later_notice_cannot_name_what_the_first_left_out(self) -> None:
        assert judge(self.second_round("a"), supplement("b"), MONDAY + timedelta(hours=6)) == "items_refused"

    def test_a_later_notice_may_name_defects_of_papers_handed_in_since(self) -> None:
        assert judge(self.second_round("a"), supplement("a"), MONDAY + timedelta(hours=6)) == ""
        assert judge(self.second_round("a", "b"), supplement("b"), MONDAY + timedelta(hours=6)) == ""

    def test_in_review_the_lead_decides(self) -> None:
        case = made(opinion(Opinion.ACCEPT, MONDAY))
        assert judge(case, supplement("a"), MONDAY) == "lead_missing"
        assert judge(case, supplement("a", lead="zrzy.lead"), MONDAY) == ""
        off = Readings(review_supplement=ReviewSupplement.NOT_ALLOWED)
        assert judge(case, supplement("a", lead="zrzy.lead"), MONDAY, off) == "review_supplement_off"

    def test_verifying_waits_for_the_window_to_register_the_whole_list(self) -> None:
        asked = made(opinion(Opinion.SUPPLEMENT, MONDAY, items=items("a"), due=date(2026, 3, 20)))
        verify = OpinionRequest(opinion=Opinion.VERIFY)
        assert judge(asked, verify, MONDAY) == "supplement_open"
        assert judge(self.second_round("a"), verify, MONDAY + timedelta(hours=6)) == ""


class TestOrder:
    @pytest.mark.parametrize("what", [Opinion.VERIFY, Opinion.SPECIAL_END, Opinion.APPROVE])
    def test_nothing_is_verified_ended_or_approved_before_its_time(self, what: Opinion) -> None:
        assert judge(made(), OpinionRequest(opinion=what), MONDAY) == "state"

    def test_a_decision_is_made_once(self) -> None:
        case = made(opinion(Opinion.ACCEPT, MONDAY), opinion(Opinion.APPROVE, MONDAY + timedelta(days=1)))
        assert judge(case, OpinionRequest(opinion=Opinion.DENY, reason="x"), MONDAY + timedelta(days=2)) == "decided"
