"""A clerk finds a case by two characters, by initials, or by any piece of any number."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from ebp_desktop.domain.errors import BadInputError
from ebp_desktop.store.database_store import CounterStore
from ebp_desktop.store.search_terms import expression, number_key, tokens
from tests.fixtures.counter_home import a_row

PLANT = a_row(
    "海勃湾区滨河二期污水处理厂",
    number="150302-001-20260302-0001",
    project="150302-2026-000001-4",
    more=("乌自然资受〔2026〕12号",),
)
SCHOOL = a_row(
    "乌达区第一中学教学楼",
    applicant="乌达区教育局",
    number="150304-002-20260302-0007",
    project="150304-2026-000456-9",
    minutes=1,
)
ROAD = a_row(
    "海南区 G18 连接线 道路工程",
    applicant="张建国",
    number="150303-001-20260302-0019",
    project="150303-2026-000077-2",
    minutes=2,
)


@pytest.fixture
def hall(store: CounterStore) -> CounterStore:
    with store.begin() as tx:
        for row in (PLANT, SCHOOL, ROAD):
            tx.cases.save(row)
    return store


def found(store: CounterStore, text: str) -> set[UUID]:
    with store.read() as session:
        return {row.case_id for row in session.cases.search(text).rows}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("污水", PLANT),
        ("污水处理厂", PLANT),
        ("厂", PLANT),
        ("滨河 污水", PLANT),
        ("二期", PLANT),
        ("教学", SCHOOL),
        ("教育局", SCHOOL),
        ("局", SCHOOL),
        ("张建", ROAD),
        ("建国", ROAD),
        ("wscl", PLANT),
        ("WSCLC", PLANT),
        ("bhe", PLANT),
        ("jyj", SCHOOL),
        ("zjg", ROAD),
        ("g18", ROAD),
        ("Ｇ１８", ROAD),
        ("000456", SCHOOL),
        ("456", SCHOOL),
        ("150304-2026", SCHOOL),
        ("20260302-0019", ROAD),
        ("0019", ROAD),
        ("19", ROAD),
        ("150302-2026-000001-4", PLANT),
        ("１５０３０２－２０２６", PLANT),
        ("乌自然资受〔2026〕12号", PLANT),
        ("乌自然资受[2026]12号", PLANT),
        ("乌达 中学", SCHOOL),
        ("中学 000456", SCHOOL),
        ("道路 张建国", ROAD),
    ],
)
def test_any_piece_leads_to_the_case(hall: CounterStore, text: str, row: object) -> None:
    assert found(hall, text) == {row.case_id}


@pytest.mark.parametrize("text", ["污厂", "理厂乌", "国海", "9999", "污水 教育", "xyz", "厂 局", "1504"])
def test_what_is_nowhere_finds_nothing(hall: CounterStore, text: str) -> None:
    assert found(hall, text) == set()


@pytest.mark.parametrize("text", ['"', '污水"', "AND OR NOT", "names:污水*", "(", "^", "-", "'; DROP TABLE cases; --"])
def test_signs_of_the_search_engine_are_only_text(hall: CounterStore, text: str) -> None:
    found(hall, text)
    with hall.read() as session:
        assert len(session.cases.recent().rows) == 3


@pytest.mark.parametrize("text", ["", "   ", "。，"])
def test_an_empty_question_lists_the_newest(hall: CounterStore, text: str) -> None:
    with hall.read() as session:
        assert [row.case_id for row in session.cases.search(text).rows] == [
            ROAD.case_id,
            SCHOOL.case_id,
            PLANT.case_id,
        ]


def test_a_renamed_project_is_found_by_its_new_name_only(hall: CounterStore) -> None:
    with hall.begin() as tx:
        tx.cases.save(a_row("海勃湾区中水回用站", case_id=PLANT.case_id))
    assert found(hall, "污水") == set()
    assert found(hall, "中水回用") == {PLANT.case_id}


def test_a_saved_row_comes_back_whole(hall: CounterStore) -> None:
    with hall.read() as session:
        assert session.cases.get(PLANT.case_id) == PLANT
        assert session.cases.get(uuid4()) is None


@pytest.mark.parametrize(
    "number",
    [
        "150302-2026-000001-4",
        " 150302 2026 000001 4",
        "１５０３０２-2026-000001-4",
        "150302-001-20260302-0001",
        "乌自然资受〔2026〕12号",
        "乌自然资受(2026)12号",
    ],
)
def test_every_number_leads_to_its_case_however_it_is_typed(hall: CounterStore, number: str) -> None:
    with hall.read() as session:
        assert session.cases.find_number(number) == PLANT.case_id


def test_an_unknown_number_leads_nowhere(hall: CounterStore) -> None:
    with hall.read() as session:
        assert session.cases.find_number("150302-2026-999999-1") is None
        assert session.cases.find_number("") is None


def test_all_filings_of_a_project_are_listed_newest_first(store: CounterStore) -> None:
    rows = [a_row("一期", number=f"150302-001-20260302-000{n}", minutes=n) for n in range(1, 4)]
    with store.begin() as tx:
        for row in rows:
            tx.cases.save(row)
        assert tx.cases.by_project("150302-2026-000001-4") == tuple(row.case_id for row in reversed(rows))
        assert tx.cases.find_number("150302-2026-000001-4") == rows[-1].case_id


def test_a_long_list_is_paged_without_gaps_or_doubles(store: CounterStore) -> None:
    rows = [a_row(f"项目{n}", number=f"N-{n}", minutes=n // 3, is_open=n % 2 == 0) for n in range(25)]
    with store.begin() as tx:
        for row in rows:
            tx.cases.save(row)

    def pages(only_open: bool) -> list[UUID]:
        seen: list[UUID] = []
        after: str | None = None
        with store.read() as session:
            while True:
                page = session.cases.recent(only_open=only_open, after=after, limit=4)
                assert len(page.rows) <= 4
                seen += [row.case_id for row in page.rows]
                after = page.next_key
                if after is None:
                    return seen

    assert pages(only_open=False) == [row.case_id for row in reversed(rows)]
    assert pages(only_open=True) == [row.case_id for row in reversed(rows) if row.is_open]


def test_search_results_are_paged_without_gaps_or_doubles(store: CounterStore) -> None:
    rows = [a_row(f"滨河路{n}号楼", number=f"N-{n}") for n in range(11)]
    with store.begin() as tx:
        for row in rows:
            tx.cases.save(row)
    seen: list[UUID] = []
    after: str | None = None
    with store.read() as session:
        for _ in range(3):
            page = session.cases.search("滨河", after=after, limit=4)
            seen += [row.case_id for row in page.rows]
            after = page.next_key
    assert after is None
    assert seen == [row.case_id for row in reversed(rows)]


@pytest.mark.parametrize("key", ["x", "1;DROP", "2026|x"])
def test_a_forged_page_mark_is_refused(hall: CounterStore, key: str) -> None:
    with hall.read() as session, pytest.raises(BadInputError) as caught:
        session.cases.recent(after=key)
    assert caught.value.code == "bad_page_key"


def test_open_cases_are_known_and_a_removed_one_is_nowhere(hall: CounterStore) -> None:
    with hall.begin() as tx:
        tx.cases.save(a_row("已办结", case_id=SCHOOL.case_id, is_open=False, number="N-1", project="P-1"))
        assert tx.cases.open_ids() == (PLANT.case_id, ROAD.case_id)
        tx.cases.remove(PLANT.case_id)
        tx.cases.remove(uuid4())
    assert found(hall, "污水") == set()
    with hall.read() as session:
        assert session.cases.find_number("150302-2026-000001-4") is None
        assert session.cases.open_ids() == (ROAD.case_id,)


def test_a_name_is_cut_into_bigrams_a_code_into_fours() -> None:
    cut = tokens(["污水厂A1"], ["150302-2026"])
    assert cut.names == "污水 水厂 厂"
    assert cut.codes == "a1 1 1503 5030 0302 3022 0220 2202 2026 026 26 6"
    assert cut.initials == "wsc sc c"


def test_a_question_becomes_phrases_and_prefixes() -> None:
    assert expression("污水处 wsc 0019 9") == (
        'names : "污水 水处" AND {codes initials} : "wsc" * AND codes : "0019" AND codes : "9" *'
    )
    assert expression(" ") is None


def test_polyphones_are_read_as_words() -> None:
    assert "cq" in tokens(["重庆路"], []).initials


def test_a_number_key_keeps_letters_and_digits_only() -> None:
    assert number_key(" ｗ〔2026〕 3-号 ") == "w20263号"
