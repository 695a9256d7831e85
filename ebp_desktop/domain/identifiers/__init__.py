"""Identifiers: checks and makes every number of the counter's day; one public door for all of them."""

from __future__ import annotations

from ebp_desktop.domain.identifiers.checked import Checked, normalised
from ebp_desktop.domain.identifiers.counter_numbers import (
    CounterPaper,
    check_project_code,
    check_registration_no,
    check_temporary_no,
    counter_paper_no,
    make_project_code,
    make_registration_no,
    make_temporary_no,
)
from ebp_desktop.domain.identifiers.licences import (
    check_construction_permit,
    check_e_licence_id,
    check_planning_permit,
)
from ebp_desktop.domain.identifiers.masks import masked_name, masked_person_id, masked_phone
from ebp_desktop.domain.identifiers.official import check_document_no, check_national_code, make_document_no
from ebp_desktop.domain.identifiers.parties import check_person_id, check_phone, check_uscc

__all__ = [
    "Checked",
    "CounterPaper",
    "check_construction_permit",
    "check_document_no",
    "check_e_licence_id",
    "check_national_code",
    "check_person_id",
    "check_phone",
    "check_planning_permit",
    "check_project_code",
    "check_registration_no",
    "check_temporary_no",
    "check_uscc",
    "counter_paper_no",
    "make_document_no",
    "make_project_code",
    "make_registration_no",
    "make_temporary_no",
    "masked_name",
    "masked_person_id",
    "masked_phone",
    "normalised",
]
