"""The counter's own widgets: tasks, pictures, rows, clocks, signatures, and what they say to a reader."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from counter_samples.cases import CLOCKS
from counter_samples.scan_pages import scan
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ebp_desktop.domain.errors import EbpError, RefusedError
from ui.page_images import THUMB_EDGE, PageImages, decode
from ui.presenting import ImmediateTasks, Lane
from ui.shown import Badge, ClockBoard, Count, FieldShown, Group, Mark, Nothing, PageImage, Row, Words
from ui.snapshots import grab, settle
from ui.tasks import BackgroundTasks
from ui.widgets.cell_delegate import halves
from ui.widgets.clock_board import ClockBoardView, days_shown, described
from ui.widgets.form import FactLines, FormField
from ui.widgets.page_viewer import PageViewer
from ui.widgets.rows_model import Column, RowsModel, spoken
from ui.widgets.rows_view import RowsView
from ui.widgets.signature_pad import SignaturePad


@pytest.fixture
def background(qapp: QApplication) -> Iterator[BackgroundTasks]:
    tasks = BackgroundTasks()
    yield tasks
    assert tasks.close()


class TestTasks:
    def test_work_runs_elsewhere_and_its_result_comes_home(self, background: BackgroundTasks) -> None:
        heard: list[tuple[int, int]] = []
        here = threading.get_ident()
        background.run(threading.get_ident, lambda there: heard.append((there, threading.get_ident())), heard.append)
        settle(lambda: background.waiting == 0)
        there, home = heard[0]
        assert (there != here, home == here) == (True, True)

    def test_one_lane_keeps_its_order(self, background: BackgroundTasks) -> None:
        heard: list[int] = []
        for at in range(50):
            background.run(lambda at=at: at, heard.append, lambda _: None)
        settle(lambda: background.waiting == 0)
        assert heard == list(range(50))

    def test_pictures_do_not_wait_for_the_store(self, background: BackgroundTasks) -> None:
        gate, heard = threading.Event(), list[str]()
        background.run(lambda: gate.wait(5), lambda _: heard.append("store"), lambda _: None)
        background.run(lambda: "page", heard.append, lambda _: None, Lane.IMAGES)
        settle(lambda: heard == ["page"])
        gate.set()
        settle(lambda: background.waiting == 0)
        assert heard == ["page", "store"]

    def test_refusals_arrive_as_they_are(self, background: BackgroundTasks) -> None:
        heard: list[EbpError] = []

        def refuse() -> None:
            raise RefusedError("no", "不行")

        background.run(refuse, lambda _: None, heard.append)
        settle(lambda: background.waiting == 0)
        assert heard[0].code == "no"

    def test_the_unexpected_arrives_in_words(
        self, background: BackgroundTasks, caplog: pytest.LogCaptureFixture
    ) -> None:
        heard: list[EbpError] = []
        background.run(lambda: {}["x"], lambda _: None, heard.append)
        settle(lambda: background.waiting == 0)
        assert heard[0].code == "unexpected"
        assert "没有丢失" in heard[0].safe
        assert "background work failed" in caplog.text

    def test_closing_drops_what_has_not_begun(self, qapp: QApplication) -> None:
        tasks, heard = BackgroundTasks(), list[int]()
        for at in range(100):
            tasks.run(lambda at=at: at, heard.append, lambda _: None)
        assert tasks.close()
        settle()
        assert heard == []


class TestPictures:
    def test_a_page_is_no_larger_than_asked(self, qapp: QApplication) -> None:
        image = decode(scan(2), THUMB_EDGE)
        assert max(image.width(), image.height()) == THUMB_EDGE

    @pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "group4"])
    def test_tiff_of_every_kind_is_read(self, qapp: QApplication, compression: str) -> None:
        held = io.BytesIO()
        mode = "1" if compression == "group4" else "RGB"
        Image.new(mode, (400, 600), 1).save(held, "TIFF", compression=compression)
        assert decode(held.getvalue(), 300).height() == 300

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    @pytest.mark.parametrize("broken", [b"", b"no picture", b"II*\x00 broken"])
    def test_a_broken_page_is_no_crash(self, qapp: QApplication, broken: bytes) -> None:
        assert decode(broken, 300).isNull()

    def test_a_page_is_read_once(self, qapp: QApplication) -> None:
        asked: list[str] = []

        def read(key: str) -> bytes:
            asked.append(key)
            return scan(2)

        images = PageImages(read, ImmediateTasks())
        assert images.image("p", THUMB_EDGE) is not None
        assert images.image("p", THUMB_EDGE) is not None
        assert asked == ["p"]

    def test_a_page_that_cannot_be_read_stays_blank(self, qapp: QApplication) -> None:
        def refuse(key: str) -> bytes:
            raise RefusedError("gone", "没有这一页")

        image = PageImages(refuse, ImmediateTasks()).image("p", 100)
        assert image is not None
        assert image.isNull()

    def test_the_viewer_says_where_it_is(self, qapp: QApplication) -> None:
        viewer = PageViewer(PageImages(lambda _: scan(2), ImmediateTasks()), "没有")
        viewer.resize(600, 500)
        chosen: list[str] = []
        viewer.page_changed.connect(chosen.append)
        pages = (PageImage("a", "301-1"), PageImage("b", "301-2", finding="缺章", place=(0.1, 0.1, 0.2, 0.1)))
        viewer.show_pages(pages, "a")
        viewer.step(1)
        assert chosen == ["b"]
        assert viewer.current() == pages[1]
        viewer.step(1)
        assert viewer.current() == pages[1]
        viewer.show_pages((), "")
        assert viewer.current() is None
        viewer.deleteLater()


class TestRows:
    COLUMNS = (Column("材料"), Column("份数", 60, centred=True), Column("", 80, spoken="核对"))

    def rows(self, word: str = "未核") -> tuple[Row | Group, ...]:
        return (
            Group("须交 2 项"),
            Row("a", (Words("申请表", "一张"), Count(1, 0, "收"), Badge(Mark.OPEN, word))),
            Row("b", (Words("委托书"), Count(0), Nothing())),
        )

    def test_a_reader_hears_every_cell(self) -> None:
        model = RowsModel(self.COLUMNS)
        model.show(self.rows())
        role = int(Qt.ItemDataRole.AccessibleTextRole)
        said = [model.data(model.index(1, column), role) for column in range(3)]
        assert said == ["材料 申请表 一张", "份数 收 0/1", "核对 未核"]

    def test_groups_are_passed_over(self, qapp: QApplication) -> None:
        view = RowsView("材料", self.COLUMNS)
        view.show_rows(self.rows(), "b")
        QTest.keyClick(view, Qt.Key.Key_Up)
        assert view.chosen_key() == "a"
        QTest.keyClick(view, Qt.Key.Key_Up)
        assert view.chosen_key() == "a"
        view.deleteLater()

    def test_enter_opens_and_letters_are_left_to_the_screen(self, qapp: QApplication) -> None:
        view = RowsView("材料", self.COLUMNS)
        opened: list[str] = []
        view.opened.connect(opened.append)
        view.show_rows(self.rows(), "a")
        QTest.keyClick(view, Qt.Key.Key_Return)
        QTest.keyClick(view, Qt.Key.Key_B)
        assert (opened, view.chosen_key()) == (["a"], "a")
        view.deleteLater()

    def test_other_cells_keep_the_choice_and_its_silence(self, qapp: QApplication) -> None:
        view = RowsView("材料", self.COLUMNS)
        chosen: list[str] = []
        view.chosen.connect(chosen.append)
        view.show_rows(self.rows(), "a")
        assert not view.rows_model.show(self.rows("合格"))
        view.show_rows(self.rows("合格"), "a")
        assert (chosen, view.chosen_key()) == ([], "a")
        view.deleteLater()

    def test_a_whole_list_is_as_high_as_its_rows(self, qapp: QApplication) -> None:
        view = RowsView("材料", self.COLUMNS, row_height=44, header_height=30, whole=True)
        view.show_rows(self.rows())
        assert view.height() == 30 + 30 + 44 + 44
        view.deleteLater()

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("五方负责人授权书与质量终身责任承诺书", ("五方负责人授权书与", "质量终身责任承诺书")),
            ("施工许可阶段申请表（一张表单，含告知承诺栏）", ("施工许可阶段申请表", "（一张表单，含告知承诺栏）")),
            ("建设资金已经落实承诺书", ("建设资金已经", "落实承诺书")),
        ],
    )
    def test_long_names_break_where_one_would_breathe(self, name: str, parts: tuple[str, str]) -> None:
        assert halves(name) == parts

    def test_nothing_to_say_is_silence(self) -> None:
        assert (spoken(Nothing()), spoken(Count(0)), spoken(Count(1, waived=True))) == ("", "", "免交")


class TestClocks:
    def test_all_clocks_and_today_are_on_the_calendar(self) -> None:
        first, days = days_shown(CLOCKS)
        assert first == date(2026, 10, 29)
        assert days >= (date(2026, 11, 23) - first).days

    def test_an_empty_board_still_shows_three_weeks(self) -> None:
        assert days_shown(ClockBoard(today=date(2026, 3, 2))) == (date(2026, 3, 2), 21)

    def test_a_reader_hears_every_clock(self) -> None:
        assert "施工图联合技术审查，住建局　承诺 10 日，余 1 个工作日，11月23日 周一到期" in described(CLOCKS)

    def test_the_board_is_as_high_as_its_clocks(self, qapp: QApplication, tmp_path: Path) -> None:
        board = ClockBoardView()
        board.show_board(CLOCKS)
        board.resize(900, board.height())
        assert board.height() == 34 + 44 * 5 + 6 + 30
        assert grab(board, tmp_path / "board.png").stat().st_size > 2000
        board.deleteLater()


class TestSignature:
    def test_a_dot_is_no_signature(self, qapp: QApplication) -> None:
        pad = SignaturePad("请签名")
        pad.resize(300, 124)
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        assert not pad.is_signed()
        pad.deleteLater()

    def test_strokes_become_a_picture_and_go_away_again(self, qapp: QApplication) -> None:
        pad = SignaturePad("请签名")
        pad.resize(300, 124)
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 60))
        for x in range(20, 200, 10):
            QTest.mouseMove(pad, QPoint(x, 60))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
        assert pad.is_signed()
        with Image.open(io.BytesIO(pad.png(QSize(300, 120)))) as picture:
            assert picture.size == (300, 120)
            assert picture.convert("L").getextrema()[0] < 40
        pad.clear()
        assert not pad.is_signed()
        pad.deleteLater()


class TestFields:
    def test_a_note_is_read_with_its_field(self, qapp: QApplication) -> None:
        field = FormField(FieldShown("code", "信用代码", "9115", Mark.BAD, "校验码不符", required=True))
        assert field.edit.accessibleName() == "信用代码 必填"
        assert field.edit.accessibleDescription() == "校验码不符"
        field.deleteLater()

    def test_long_notes_take_more_lines(self, qapp: QApplication) -> None:
        field = FormField(FieldShown("code", "信用代码"))
        field.resize(300, field.height())
        low = field.height()
        field.show_field(
            FieldShown("code", "信用代码", "9", Mark.BAD, "校验码不符，请对照营业执照逐位核对后重新填写并请申请人确认")
        )
        assert field.height() > low + 20
        field.deleteLater()

    def test_facts_are_heard_whole(self, qapp: QApplication) -> None:
        lines = FactLines()
        lines.show_lines((("文号", "乌住建受〔2026〕1号", Mark.OK), ("期限", "3月4日", Mark.NONE)))
        assert lines.accessibleName() == "文号 乌住建受〔2026〕1号；期限 3月4日"
        lines.deleteLater()
