"""The readings of the regulation that are open: each with its safe default, all switchable by configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum


class ReviewStopsAt(StrEnum):
    """Which event ends the two-day review (Art. 7(2))."""

    TOLD = "told"
    ARRIVED = "arrived"


class ReviewSupplement(StrEnum):
    """Whether a supplement notice may be issued during review, after acceptance (Art. 8, 10, 14)."""

    LEAD_DECIDES = "lead_decides"
    NOT_ALLOWED = "not_allowed"


class UnverifiedSupplement(StrEnum):
    """What becomes of a complete supplement that the department leaves unverified (Art. 8)."""

    ACCEPTED_FROM_HAND_IN = "accepted_from_hand_in"
    WAITS = "waits"


class MissedSupplement(StrEnum):
    """What follows when the applicant misses the supplement deadline; the regulation is silent."""

    REMIND_THEN_DEPARTMENT = "remind_then_department"
    RETURN_PAPERS = "return_papers"


class ApplicantWithoutSeal(StrEnum):
    """How an applicant without an official seal proves the loss of the acceptance notice (Art. 24)."""

    LEAD_CONFIRMS_SIGNED_STATEMENT = "lead_confirms_signed_statement"
    REFUSED = "refused"


class EarlyPickup(StrEnum):
    """Whether a licence may be collected before all matters of the stage are done (Art. 12)."""

    ON_REQUEST = "on_request"
    ALL_TOGETHER = "all_together"


class RevocationStates(StrEnum):
    """Which of the national states 14 撤回 and 15 撤销 the issuer may use after 11."""

    BOTH = "both"
    REVOKED_ONLY = "revoked_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The chosen reading of every open point; the defaults are the safe ones of docs/open-readings.md.

    ``status_max_age`` None means: within the same half-day, parted at ``noon``.
    """

    close_of_business: time = time(17, 30)
    noon: time = time(12, 0)
    review_workdays: int = 2
    review_stops_at: ReviewStopsAt = ReviewStopsAt.TOLD
    review_supplement: ReviewSupplement = ReviewSupplement.LEAD_DECIDES
    supplement_pauses_statutory_limit: bool = False
    unverified_supplement: UnverifiedSupplement = UnverifiedSupplement.ACCEPTED_FROM_HAND_IN
    supplement_answer_workdays: int = 2
    missed_supplement: MissedSupplement = MissedSupplement.REMIND_THEN_DEPARTMENT
    applicant_without_seal: ApplicantWithoutSeal = ApplicantWithoutSeal.LEAD_CONFIRMS_SIGNED_STATEMENT
    early_pickup: EarlyPickup = EarlyPickup.ON_REQUEST
    status_max_age: timedelta | None = None
    revocation_states: RevocationStates = RevocationStates.BOTH
    delivery_workdays: int = 10


SAFE_READINGS = Readings()
