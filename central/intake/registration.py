"""A registration at central: numbers against leases, the guide in force, and the project's one code (Art. 5, 6, 13)."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from central.intake.verdicts import APPLIED, Verdict, conflict, rejected
from central.runtime import Central, new_id
from central.store import catalogue, leases
from central.store import schema as t
from central.store.cases import CaseBook, add_case, central_fact
from central.store.devices import Device, find_counter
from central.store.feed import document_draft
from central.store.ledger import StoredFact
from central.store.projects import KnownProject, add_alias, add_project, find_by_code, find_same, name_key
from ebp_desktop.domain import facts as f
from ebp_desktop.domain.identifiers import check_project_code, check_registration_no, make_project_code
from ebp_desktop.domain.registration import line_faults


def register(book: CaseBook, central: Central, device: Device, stored: StoredFact, fact: f.Fact) -> Verdict:
    """Take in a registration, or say what is wrong with it; nothing is written unless it is applied."""
    body = fact.body
    if not isinstance(body, f.CaseRegistered):
        raise TypeError("not a registration")
    connection = book.work.connection
    refused = (
        _form_refused(body, device)
        or _number_refused(connection, fact, body)
        or _guide_refused(connection, central, body)
        or _code_refused(connection, device, fact, body)
    )
    if refused is not None:
        return refused
    add_case(book.work, fact, body, device.device)
    book.add(stored)
    _settle_code(book, device, fact, body)
    departments = tuple(sorted({matter.department for matter in body.matters}))
    delivered = f.CaseDelivered(departments=departments, at=book.work.now)
    book.add(central_fact(book, fact.case_id, new_id(), delivered, "central", "central"))
    return APPLIED


def _form_refused(body: f.CaseRegistered, device: Device) -> Verdict | None:
    if not body.declared_not_secret:
        return rejected("secret", "未确认不涉密，不得纳入系统。", article="第三条")
    if body.counter != device.counter_no:
        return rejected("foreign_counter", f"登记窗口“{body.counter}”不是本工作站的窗口。")
    if not body.matters or not body.parties:
        return rejected("empty", "登记没有审批事项或申请人。", article="第五条")
    for line in body.lines:
        faults = line_faults(line)
        if faults:
            return rejected("line", faults[0].what, article=faults[0].article, todo="请更正后重新提交。")
    return None


def _number_refused(connection: Connection, fact: f.Fact, body: f.CaseRegistered) -> Verdict | None:
    checked = check_registration_no(body.registration_no)
    if not checked.valid or body.registration_no.split("-")[1] != body.counter:
        return rejected("registration_no", f"登记号“{body.registration_no}”不符合本窗口的编号规则。")
    clash = connection.execute(
        sa.select(t.cases.c.case_id, t.cases.c.ref).where(
            (t.cases.c.registration_no == body.registration_no)
            | (t.cases.c.ref == str(body.ref))
            | (t.cases.c.case_id == str(fact.case_id))
        )
    ).first()
    if clash is not None:
        return conflict(
            "registration_used", f"登记号“{body.registration_no}”或本次申报已经登记过。", todo="请核对后另行登记。"
        )
    return None


def _guide_refused(connection: Connection, central: Central, body: f.CaseRegistered) -> Verdict | None:
    guide = catalogue.find_guide(connection, body.guide, body.guide_version)
    if guide is None:
        return rejected("guide_unknown", f"办事指南“{body.guide} {body.guide_version}”未发布。", article="第十三条")
    if guide.is_draft and not central.home.is_demo:
        return rejected("guide_draft", "办事指南仍是草案，不能用于受理。", article="第十三条")
    named = {matter.code for matter in guide.matters}
    strange = sorted({matter.code for matter in body.matters} - named)
    if strange:
        return rejected("matter_unknown", f"办事指南没有事项 {'、'.join(strange)}。", article="第十三条")
    outside = sorted({line.material for line in body.lines} - {material.id for material in guide.materials})
    if outside:
        return rejected("material_unknown", f"不得要求办事指南以外的材料：{'、'.join(outside)}。", article="第十三条")
    return None


def _code_refused(connection: Connection, device: Device, fact: f.Fact, body: f.CaseRegistered) -> Verdict | None:
    code = body.project.project_code
    if not code:
        if not body.project.temporary_no:
            return rejected("no_code", "登记没有项目编号，也没有临时登记号。", article="第六条")
        return None
    if not check_project_code(code).valid:
        return rejected("project_code", f"项目编号“{code}”校验不符。", article="第六条")
    known = find_by_code(connection, code)
    if known is not None:
        return (
            None
            if known.is_same(body)
            else conflict("code_used", f"项目编号“{code}”已属于另一个项目。", todo="两件均已冻结，请系统管理员核对。")
        )
    region, year, serial = code.split("-")[:3]
    lease = leases.covering(connection, region, int(year), int(serial))
    if lease is None or lease.device != device.device or int(serial) > lease.usable_last:
        return rejected("code_outside_lease", f"项目编号“{code}”不在本工作站的号段内。", article="第六条")
    if lease.burned_at is not None and fact.legal_at > lease.burned_at:
        return rejected("lease_burned", f"项目编号“{code}”所在号段已收回。", article="第六条")
    if fact.legal_at > lease.expires:
        return rejected("lease_expired", f"项目编号“{code}”所在号段在登记时已经过期。", article="第六条")
    return None


def _settle_code(book: CaseBook, device: Device, fact: f.Fact, body: f.CaseRegistered) -> None:
    """Give a temporary number its code, and an alias its canonical one; both numbers resolve for ever."""
    project, connection = body.project, book.work.connection
    same = find_same(connection, body)
    code = project.project_code
    if code and find_by_code(connection, code) is None:
        region, year, serial = code.split("-")[:3]
        add_project(connection, _known(body, fact, code, region, int(year), int(serial)), book.work.now)
    if code is None:
        code = same.project_code if same is not None and same.certain else _own_code(book, device, fact, body)
        _alias(book, project.temporary_no or "", code, certain=True, reason="temporary", case=fact)
    elif same is not None and same.project_code != code:
        _alias(book, code, same.project_code, certain=same.certain, reason="same_project", case=fact)


def _own_code(book: CaseBook, device: Device, fact: f.Fact, body: f.CaseRegistered) -> str:
    connection = book.work.connection
    region = find_counter(connection, device.counter).region
    year = fact.legal_at.year
    block = leases.grant(
        connection,
        lease=new_id(),
        request=fact.id,
        device=leases.CENTRAL_HOLDER,
        region=region,
        year=year,
        count=1,
        now=book.work.now,
    )
    code = make_project_code(region, year, block.first)
    add_project(connection, _known(body, fact, code, region, year, block.first), book.work.now)
    return code


def _known(body: f.CaseRegistered, fact: f.Fact, code: str, region: str, year: int, serial: int) -> KnownProject:
    return KnownProject(
        project_code=code,
        case_id=fact.case_id,
        national_code=body.project.national_code or "",
        works=body.project.works.gcdm if body.project.works else "",
        name_key=name_key(body.project.name, body.applicant.code),
        region=region,
        year=year,
        serial=serial,
    )


def _alias(book: CaseBook, code: str, canonical: str, *, certain: bool, reason: str, case: f.Fact) -> None:
    alias = add_alias(book.work.connection, code, canonical, certain=certain, reason=reason, now=book.work.now)
    if alias is None:
        return
    book.work.publish(replace(document_draft("alias", code, reason, alias), case_id=None))
    if certain:
        body = f.CodeAssigned(project_code=canonical, instead_of=code, at=book.work.now)
        book.add(central_fact(book, case.case_id, new_id(), body, "central", "central"))
