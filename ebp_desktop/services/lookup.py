"""Finding a case, a notice or a licence by whatever number is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from ebp_desktop.domain.case import CaseView, LicenceView, NoticeView, project_case
from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.domain.facts import LicenceStatus
from ebp_desktop.domain.identifiers import check_document_no, check_national_code, check_project_code, normalised
from ebp_desktop.services.ports import Session


def case_of(tx: Session, case_id: UUID) -> CaseView:
    """The case behind an id; raises BadInputError ``case_unknown``."""
    case = project_case(tx.ledger.of_case(case_id))
    if case is None:
        raise BadInputError("case_unknown", "本机没有这个办件。", todo="核对编号，或联网同步后再查。")
    return case


def find_case(tx: Session, number: str) -> CaseView:
    """The case that any of its numbers leads to: project code, alias, registration, temporary or national code.

    ``REGISTRATION_NO/MATTER`` leads to the application of that matter. Raises BadInputError ``case_unknown``.
    """
    wanted = normalised(number.split("/")[0])
    readings = (check_document_no(wanted), check_project_code(wanted), check_national_code(wanted))
    for text in dict.fromkeys((wanted, *(reading.normal for reading in readings), wanted.upper())):
        case_id = tx.cases.find_number(text)
        if case_id is not None:
            return case_of(tx, case_id)
    raise BadInputError(
        "case_unknown", f"没有找到编号为“{number}”的办件。", place="code", todo="核对编号，或联网同步后再查。"
    )


def find_notice(tx: Session, document_no: str) -> tuple[CaseView, NoticeView]:
    """The notice with this 文号 and its case; raises BadInputError ``notice_unknown``."""
    wanted = check_document_no(document_no).normal or document_no
    case_id = tx.cases.find_number(wanted) or tx.cases.find_number(document_no)
    if case_id is not None:
        case = case_of(tx, case_id)
        for view in case.notices:
            if view.issued.document_no in {wanted, document_no}:
                return case, view
    raise BadInputError(
        "notice_unknown", f"没有文号为“{document_no}”的通知书。", place="notice", todo="核对文号，或联网同步后再查。"
    )


def find_licence(case: CaseView, licence: UUID | str) -> LicenceView:
    """The licence by id or number; raises BadInputError ``licence_unknown``."""
    for view in case.licences:
        if str(view.issued.licence) == str(licence) or view.issued.number == str(licence):
            return view
    raise BadInputError("licence_unknown", f"本件没有证照“{licence}”。", place="licence", todo="核对证照编号。")


def open_cases(tx: Session) -> Iterator[CaseView]:
    """Every case with something still to do: open matters, notices to tell, licences to hand over."""
    yield from _cases(tx, tx.cases.open_ids())


def cases_touched_since(tx: Session, moment: datetime) -> Iterator[CaseView]:
    """Every case to which something happened since ``moment``, those that are done included."""
    yield from _cases(tx, tx.cases.touched_since(moment))


def _cases(tx: Session, case_ids: Iterable[UUID]) -> Iterator[CaseView]:
    for case_id in case_ids:
        case = project_case(tx.ledger.of_case(case_id))
        if case is not None and not case.purged:
            yield case


def has_work(case: CaseView) -> bool:
    """Whether anything is still to be done for a case: by a department, by the window or by the applicant."""
    return (
        case.is_open
        or any(notice.is_to_tell for notice in case.notices)
        or any(not licence.is_out and _keeps_busy(licence) for licence in case.licences)
    )


def _keeps_busy(licence: LicenceView) -> bool:
    """Paper that is still inside counts until it is gone; a revoked electronic result is nobody's work any more."""
    return bool(licence.copies) or licence.status is not LicenceStatus.REVOKED
