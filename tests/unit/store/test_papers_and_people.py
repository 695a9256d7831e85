"""Papers repeat byte for byte, drafts survive, published data is replaced whole, sign-in failures are remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from ebp_desktop.domain.errors import RefusedError, SurroundingsError
from ebp_desktop.services.ports import FileInfo, StoredDocument, StoredDraft
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.files import Upload
from ebp_desktop.store.inbox import InboxItem
from ebp_desktop.store.people import SignInState, StoredPermit
from ebp_desktop.store.reference import StatusCheck
from tests.fixtures.counter_home import MORNING, opened

CASE = uuid4()
SLIP = StoredDocument(
    number="150302-001-20260302-0001",
    kind="slip",
    case_id=CASE,
    data=b'{"project":"\xe6\xb1\xa1"}',
    token="EBP1.AAAA",
    template_version="slip-1",
    pdf_sha256="ab" * 32,
    made_at=MORNING,
)


def test_a_paper_comes_back_as_it_was_made(home: Path) -> None:
    with opened(home) as store, store.begin() as tx:
        tx.documents.save(SLIP)
    with opened(home) as store, store.read() as session:
        assert session.documents.get(SLIP.number, "slip") == SLIP
        assert session.documents.get(SLIP.number) == SLIP
        assert session.documents.get(SLIP.number, "notice") is None
        assert session.documents.of_case(CASE) == (SLIP,)


def test_each_print_is_counted(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.documents.save(SLIP)
        assert [tx.documents.count_print(SLIP.number, "slip") for _ in range(3)] == [1, 2, 3]
        assert tx.documents.of_case(CASE)[0].prints == 3
        with pytest.raises(RefusedError) as caught:
            tx.documents.count_print("nothing", "slip")
    assert caught.value.code == "document_unknown"


def test_a_number_never_names_two_papers(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.documents.save(SLIP)
        tx.documents.save(SLIP)
        with pytest.raises(RefusedError) as caught:
            tx.documents.save(replace(SLIP, data=b"{}"))
        assert caught.value.code == "document_exists"
        assert tx.documents.get(SLIP.number) == SLIP


def test_one_number_may_have_several_kinds_of_paper(store: CounterStore) -> None:
    advice = replace(SLIP, kind="advice", case_id=None, data=b"other", made_at=MORNING + timedelta(minutes=1))
    with store.begin() as tx:
        tx.documents.save(advice)
        tx.documents.save(SLIP)
        assert tx.documents.get(SLIP.number, "advice") == advice
        assert tx.documents.get(SLIP.number) == SLIP


def test_an_unreadable_paper_is_said_to_be_unreadable(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.documents.save(SLIP)
        tx.keys.destroy(CASE)
        with pytest.raises(SurroundingsError) as caught:
            tx.documents.get(SLIP.number)
    assert caught.value.code == "document_unreadable"


def test_a_draft_can_be_taken_over_at_the_next_shift(home: Path) -> None:
    draft = StoredDraft(id=uuid4(), title="污水厂", body=b"{}", operator="zhang", updated_at=MORNING)
    later = replace(draft, operator="li", body=b'{"a":1}', updated_at=MORNING + timedelta(hours=1))
    other = StoredDraft(id=uuid4(), title="学校", body=b"{}", operator="li", updated_at=MORNING + timedelta(minutes=1))
    with opened(home) as store, store.begin() as tx:
        for one in (draft, other, later):
            tx.drafts.save(one)
    with opened(home) as store, store.begin() as tx:
        assert tx.drafts.list() == (later, other)
        assert tx.drafts.get(draft.id) == later
        tx.drafts.delete(draft.id)
        assert tx.drafts.get(draft.id) is None
        assert tx.drafts.list() == (other,)


def test_published_data_is_replaced_and_listed_in_order(store: CounterStore) -> None:
    with store.begin() as tx:
        tx.reference.put("calendar", "2027", b"later")
        tx.reference.put("calendar", "2026", b"old")
        tx.reference.put("calendar", "2026", b"new")
        tx.reference.put("guide", "G1", b"guide")
        assert tx.reference.all("calendar") == (("2026", b"new"), ("2027", b"later"))
        tx.reference.remove("calendar", "2027")
        assert tx.reference.get("calendar", "2027") is None
        tx.reference.clear("calendar")
        assert tx.reference.all("calendar") == ()
        assert tx.reference.get("guide", "G1") == b"guide"


def test_it_is_known_when_a_licence_was_last_confirmed(store: CounterStore) -> None:
    check = StatusCheck(kind="licence", id="L-1", status="valid", reason="", checked_at=MORNING)
    with store.begin() as tx:
        tx.reference.save_status(check)
        revoked = replace(check, status="revoked", reason="撤销", checked_at=MORNING + timedelta(hours=1))
        tx.reference.save_status(revoked)
        assert tx.reference.status("licence", "L-1") == revoked
        assert tx.reference.status("notice", "L-1") is None


def test_a_permit_is_kept_until_a_newer_or_a_revocation_comes(store: CounterStore) -> None:
    permit = StoredPermit(user="zhang", body=b"signed", not_after=MORNING)
    with store.begin() as tx:
        tx.people.save_permit(permit)
        newer = replace(permit, body=b"signed later", not_after=MORNING + timedelta(days=1))
        tx.people.save_permit(newer)
        tx.people.save_permit(replace(permit, user="li"))
        assert tx.people.permit("zhang") == newer
        assert [one.user for one in tx.people.permits()] == ["li", "zhang"]
        tx.people.revoke("zhang")
        assert tx.people.permit("zhang") is None


def test_failed_sign_ins_survive_a_restart(home: Path) -> None:
    locked = SignInState(user="zhang", failures=5, locked_until=MORNING + timedelta(minutes=15), last_otp_step=77)
    with opened(home) as store, store.begin() as tx:
        assert tx.people.sign_in("zhang") == SignInState(user="zhang")
        tx.people.save_sign_in(locked)
    with opened(home) as store, store.read() as session:
        assert session.people.sign_in("zhang") == locked


def test_feed_items_are_kept_once_with_the_cursor(store: CounterStore) -> None:
    item = InboxItem(
        feed_epoch="e1", seq=7, collection="future", item_id="x", case_id=CASE, kind="k", body_v=9, raw=b'{"x":1}'
    )
    with store.begin() as tx:
        tx.inbox.keep(item)
        tx.inbox.keep(item)
        tx.inbox.keep(replace(item, feed_epoch="shadow", case_id=None))
        tx.inbox.set_cursor("feed", "c7")
        assert list(tx.inbox.kept("e1")) == [item]
        assert len(list(tx.inbox.kept())) == 2
        tx.inbox.drop("shadow")
        assert list(tx.inbox.kept()) == [item]
        assert (tx.inbox.cursor("feed"), tx.inbox.cursor("nothing")) == ("c7", "")


def test_an_items_failed_transaction_moves_no_cursor(store: CounterStore) -> None:
    with pytest.raises(RuntimeError), store.begin() as tx:  # noqa: PT012
        tx.inbox.set_cursor("feed", "c7")
        raise RuntimeError("cut")
    with store.read() as session:
        assert session.inbox.cursor("feed") == ""


def test_a_scan_goes_from_draft_to_queue_to_central(store: CounterStore) -> None:
    page = FileInfo(sha256="ab" * 32, size=100, mime="image/png")
    with store.begin() as tx:
        tx.files.keep(CASE, page)
        assert tx.files.waiting() == ()
        tx.files.note(CASE, page)
        assert [file.sha256 for file in tx.files.waiting()] == [page.sha256]
        tx.files.progress(page.sha256, 60)
        assert tx.files.waiting()[0].sent_bytes == 60
        tx.files.sent(page.sha256)
        tx.files.note(CASE, page)
        tx.files.keep(CASE, page)
        assert tx.files.waiting() == ()
        (file,) = tx.files.of_case(CASE)
        assert (file.upload, file.sent_bytes) == (Upload.DONE, 100)


def test_a_broken_scan_waits_for_a_person_and_goes_on_after(store: CounterStore) -> None:
    page = FileInfo(sha256="cd" * 32, size=100, mime="image/png")
    with store.begin() as tx:
        tx.files.note(CASE, page)
        tx.files.broken(page.sha256, "扫描件已损坏")
        assert tx.files.waiting() == ()
        assert tx.files.all()[0].reason == "扫描件已损坏"
        tx.files.retry(page.sha256)
        assert [file.attempts for file in tx.files.waiting()] == [1]
        tx.files.received(CASE, page)
        assert tx.files.waiting() == ()


def test_a_deleted_page_of_a_draft_is_forgotten(store: CounterStore) -> None:
    page = FileInfo(sha256="ef" * 32, size=100, mime="image/png")
    with store.begin() as tx:
        tx.files.keep(CASE, page)
        tx.files.forget(page.sha256, CASE)
        assert tx.files.find(page.sha256) is None
