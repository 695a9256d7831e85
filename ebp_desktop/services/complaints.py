"""投诉 taken at the window: entered with a number, answered with a receipt, followed by central (Art. 33)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ebp_desktop.domain import facts as f
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import BadInputError, Missing, RefusedError
from ebp_desktop.domain.identifiers import CounterPaper
from ebp_desktop.domain.roles import Act
from ebp_desktop.services.context import Desk
from ebp_desktop.services.issuing import issue
from ebp_desktop.services.papers import MadePaper
from ebp_desktop.services.ports import Session
from ebp_desktop.services.recording import record
from ebp_desktop.services.window import Operator

ARTICLE = "第三十三条"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is complained about, and by whom; an anonymous one keeps neither name nor phone."""

    about: str
    text: str
    complainant: str = ""
    phone: str = ""
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A complaint in the books with its receipt; ``repeated`` when it was there already."""

    fact: f.ComplaintRegistered
    receipt: MadePaper
    repeated: bool = False


class ComplaintDesk:
    """Takes complaints; each is an aggregate of its own, outside every case."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, operator: Operator, ref: UUID, said: Complaint) -> Taken:
        """Enters a complaint once: the same ``ref`` and words give the same number and receipt.

        Raises RefusedError ``complaint_incomplete`` naming every blank, BadInputError ``ref_differs``.
        """
        operator.require(Act.REGISTER)
        _refuse_incomplete(said)
        now = self._desk.clock.now().astimezone(CHINA)
        with self._desk.store.begin() as tx:
            known = _known(tx, ref)
            if known is not None and _said(known) != _kept(said):
                raise BadInputError(
                    "ref_differs",
                    "同一 ref 已登记过内容不同的投诉。",
                    place="ref",
                    safe="原登记未改动。",
                    todo="新的投诉请用新的 ref。",
                )
            fact = known or self._entered(tx, operator, ref, _kept(said))
            text = self._desk.papers.complaint_receipt(fact, self._desk.window, operator)
            return Taken(fact=fact, receipt=issue(self._desk, tx, text, None, now), repeated=known is not None)

    def _entered(self, tx: Session, operator: Operator, ref: UUID, said: Complaint) -> f.ComplaintRegistered:
        now, window = self._desk.clock.now().astimezone(CHINA), self._desk.window
        series = f"{window.region}-{int(window.number):03d}-{now:%Y%m%d}"
        body = f.ComplaintRegistered(
            complaint_no=f"{series}-{CounterPaper.COMPLAINT.value}{tx.numbers.next_paper(series):02d}",
            about=said.about,
            text=said.text,
            complainant=said.complainant,
            phone=said.phone,
            anonymous=said.anonymous,
            at=now,
        )
        record(self._desk, tx, operator, ref, body, legal_at=now, detail=body.complaint_no)
        return body


def _known(tx: Session, ref: UUID) -> f.ComplaintRegistered | None:
    """The complaint behind a reference; raises BadInputError ``ref_differs`` when a case has it."""
    facts = tx.ledger.of_case(ref)
    found = next((fact.body for fact in facts if isinstance(fact.body, f.ComplaintRegistered)), None)
    if facts and found is None:
        raise BadInputError("ref_differs", "这个 ref 已用于别的登记。", place="ref", todo="新的投诉请用新的 ref。")
    return found


def _kept(said: Complaint) -> Complaint:
    return Complaint(about=said.about, text=said.text, anonymous=True) if said.anonymous else said


def _said(fact: f.ComplaintRegistered) -> Complaint:
    return Complaint(
        about=fact.about,
        text=fact.text,
        complainant=fact.complainant,
        phone=fact.phone,
        anonymous=fact.anonymous,
    )


def _refuse_incomplete(said: Complaint) -> None:
    blanks = (
        (said.about, "投诉事由"),
        (said.text, "投诉内容"),
        (said.complainant or ("匿名" if said.anonymous else ""), "投诉人"),
        (said.phone or ("匿名" if said.anonymous else ""), "联系电话"),
    )
    missing = tuple(Missing(line=name, what="未填写", article=ARTICLE) for value, name in blanks if not value.strip())
    if missing:
        raise RefusedError(
            "complaint_incomplete",
            f"还差 {len(missing)} 项才能登记投诉。",
            article=ARTICLE,
            safe="未登记任何内容。",
            todo="补填后再登记；不愿留名的按匿名登记。",
            missing=missing,
        )
