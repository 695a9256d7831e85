"""The open readings have safe defaults, cannot change underway, and every one of them is explained to the office."""

from __future__ import annotations

import dataclasses
from datetime import time
from pathlib import Path

import pytest

from ebp_desktop.domain.readings import (
    SAFE_READINGS,
    ApplicantWithoutSeal,
    EarlyPickup,
    MissedSupplement,
    Readings,
    ReviewStopsAt,
    ReviewSupplement,
    RevocationStates,
    UnverifiedSupplement,
)

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "open-readings.md").read_text(encoding="utf-8")


def test_the_safe_readings_protect_the_applicant_and_claim_nothing_the_regulation_does_not_say():
    assert Readings() == SAFE_READINGS
    assert SAFE_READINGS.close_of_business == time(17, 30)
    assert SAFE_READINGS.review_workdays == 2
    assert SAFE_READINGS.delivery_workdays == 10
    assert SAFE_READINGS.review_stops_at is ReviewStopsAt.TOLD
    assert SAFE_READINGS.review_supplement is ReviewSupplement.LEAD_DECIDES
    assert SAFE_READINGS.unverified_supplement is UnverifiedSupplement.ACCEPTED_FROM_HAND_IN
    assert SAFE_READINGS.missed_supplement is MissedSupplement.REMIND_THEN_DEPARTMENT
    assert SAFE_READINGS.applicant_without_seal is ApplicantWithoutSeal.LEAD_CONFIRMS_SIGNED_STATEMENT
    assert SAFE_READINGS.early_pickup is EarlyPickup.ON_REQUEST
    assert SAFE_READINGS.revocation_states is RevocationStates.BOTH
    assert SAFE_READINGS.status_max_age is None
    assert not SAFE_READINGS.supplement_pauses_statutory_limit


def test_a_reading_is_switched_by_making_new_readings():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SAFE_READINGS.review_workdays = 5  # type: ignore[misc]
    assert dataclasses.replace(SAFE_READINGS, review_workdays=5).review_workdays == 5


@pytest.mark.parametrize("switch", [field.name for field in dataclasses.fields(Readings)])
def test_every_switch_is_listed_on_the_page_of_open_readings(switch):
    assert f"`{switch}`" in PAGE


@pytest.mark.parametrize(
    "switch",
    [
        *ReviewStopsAt,
        *ReviewSupplement,
        *UnverifiedSupplement,
        *MissedSupplement,
        *ApplicantWithoutSeal,
        *EarlyPickup,
        *RevocationStates,
    ],
)
def test_every_choice_is_listed_on_the_page_of_open_readings(switch):
    assert f"`{switch.value}`" in PAGE
