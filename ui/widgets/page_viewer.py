"""The page viewer: thumbnails left, the page in the middle, tools above, what was found under the page."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.page_images import PAGE_EDGE, THUMB_EDGE, PageImages
from ui.shown import Mark, PageImage
from ui.theme import active
from ui.tokens import LIGHT, ThemeName, Type
from ui.widgets.brush import CENTER, RIGHT, Brush
from ui.widgets.icons import GLYPHS
from ui.widgets.painted import Painted

PAGE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_THUMB_W, _THUMB_H, _STRIP = 60, 85, 92
_ZOOM_STEP, _ZOOM_LEAST, _ZOOM_MOST = 1.25, 0.1, 8.0
_DIM: Final = QColor(0, 0, 0, 34)
Index = QModelIndex | QPersistentModelIndex


class ToolButton(QAbstractButton):
    """A viewer's tool: icon and its key."""

    def __init__(self, icon: str, key: str, name: str) -> None:
        super().__init__()
        self._icon, self._key = icon, key
        self.setAccessibleName(f"{name} {key}")
        self.setToolTip(f"{name}（{key}）")
        self.setFixedSize(active().px(44), active().px(40))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and key side by side."""
        painter = QPainter(self)
        brush = Brush(painter)
        theme = brush.theme
        if self.underMouse() or self.isDown():
            brush.fill(QRectF(self.rect()).adjusted(1, 2, -1, -3), "primary_soft")
        size = theme.px(18)
        brush.icon(self._icon, theme.px(4), (self.height() - size) / 2, size, "text2")
        brush.text(QRectF(theme.px(26), 0, theme.px(16), self.height()), self._key, Type.NOTE, "text3")
        painter.end()


class ThumbsModel(QAbstractListModel):
    """Pages of the case in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[PageImage, ...] = ()

    def show(self, pages: tuple[PageImage, ...]) -> bool:
        """Take other pages; returns whether they are others."""
        if tuple(page.key for page in pages) == tuple(page.key for page in self._pages):
            self._pages = pages
            return False
        self.beginResetModel()
        self._pages = pages
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        """How many pages."""
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The page, or its label."""
        if not index.isValid():
            return None
        page = self._pages[index.row()]
        if role == PAGE_ROLE:
            return page
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return page.label
        return None


class ThumbDelegate(QStyledItemDelegate):
    """A small page over its label; the one in view is framed."""

    def __init__(self, images: PageImages, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Page and label."""
        return QSize(active().px(_STRIP - 8), active().px(_THUMB_H + 28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One page."""
        page = index.data(PAGE_ROLE)
        if not isinstance(page, PageImage):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        brush, where = Brush(painter), QRectF(option.rect)
        theme = brush.theme
        width, height = theme.px(_THUMB_W), theme.px(_THUMB_H)
        sheet = QRectF(where.x() + (where.width() - width) / 2, where.y() + theme.px(8), width, height)
        image = self._images.image(page.key, THUMB_EDGE)
        if image is None or image.isNull():
            brush.frame(sheet, "line_strong", "surface")
        else:
            painter.drawImage(sheet, image)
            if theme.name is ThemeName.DARK:
                painter.fillRect(sheet, _DIM)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(QPen(theme.colour("primary"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(sheet.adjusted(-3.5, -3.5, 3.5, 3.5))
        label = QRectF(where.x(), sheet.bottom() + theme.px(3), where.width(), theme.px(17))
        brush.text(label, page.label, Type.NOTE, "text" if chosen else "text2", CENTER, strong=chosen)
        painter.restore()


class PageCanvas(QGraphicsView):
    """One page with its finding; zooms about the pointer, fits whole or by width."""

    tool = Signal(str)

    def __init__(self, empty_words: str) -> None:
        super().__init__()
        self._empty = empty_words
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._page = QGraphicsPixmapItem()
        self._page.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._page)
        self._finding = QGraphicsRectItem()
        warn = QColor(LIGHT.warn)
        pen = QPen(warn, 2)
        pen.setCosmetic(True)
        self._finding.setPen(pen)
        self._finding.setBrush(QColor(240, 180, 60, 46))
        self._scene.addItem(self._finding)
        self._turn, self._fit, self.true_tone = 0, "page", False

    def show_page(self, pixmap: QPixmap, place: tuple[float, float, float, float] | None) -> None:
        """Show a page; ``place`` is the finding as shares of the page."""
        self._page.setPixmap(pixmap)
        where = self._page.boundingRect()
        if place is not None:
            x, y, width, height = place
            at = QRectF(x * where.width(), y * where.height(), width * where.width(), height * where.height())
            self._finding.setRect(at)
        self._finding.setVisible(place is not None)
        margin = max(where.width(), where.height()) * 0.01
        self._scene.setSceneRect(where.adjusted(-margin, -margin, margin, margin))
        self.refit()

    def turn(self) -> None:
        """A quarter to the right."""
        self._turn = (self._turn + 90) % 360
        self.refit()

    def fit(self, how: str) -> None:
        """Fit the whole ``page`` or its ``width``."""
        self._fit = how
        self.refit()

    @property
    def fitted(self) -> str:
        """How the page is fitted; empty after zooming by hand."""
        return self._fit

    def refit(self) -> None:
        """Fit again after a change of size or turn."""
        if self._page.pixmap().isNull() or not self._fit:
            return
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.resetTransform()
        self.rotate(self._turn)
        where = self._scene.sceneRect()
        if self._fit == "page":
            self.fitInView(where, Qt.AspectRatioMode.KeepAspectRatio)
            return
        across = where.height() if self._turn % 180 else where.width()
        factor = self.viewport().width() / across
        self.scale(factor, factor)
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())

    def zoom(self, factor: float) -> None:
        """Larger or smaller, within reason."""
        now = abs(self.transform().m11()) + abs(self.transform().m12())
        if _ZOOM_LEAST <= now * factor <= _ZOOM_MOST:
            self._fit = ""
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self.scale(factor, factor)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The dark look dims paper a little; a key shows its true tone."""
        if active().name is ThemeName.DARK and not self.true_tone and not self._page.pixmap().isNull():
            painter.fillRect(self._page.boundingRect().intersected(QRectF(rect)), _DIM)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Without a page, how to get one."""
        if self._page.pixmap().isNull():
            painter.save()
            painter.resetTransform()
            Brush(painter).text(QRectF(self.viewport().rect()), self._empty, Type.BODY, "text2", CENTER)
            painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit."""
        super().resizeEvent(event)
        self.refit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and wheel zoom; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM_STEP if event.angleDelta().y() > 0 else 1 / _ZOOM_STEP)
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tools' keys work on the page itself; the rest scrolls or goes on."""
        if event.text() and event.text().upper() in TOOL_KEYS:
            self.tool.emit(event.text().upper())
            return
        super().keyPressEvent(event)


TOOL_KEYS: Final = frozenset("RWD+-=")


class FindingStrip(Painted):
    """What was found on the page, in words under it."""

    def __init__(self) -> None:
        super().__init__(height=36)
        self._words, self._count = "", ""

    def say(self, words: str, count: str) -> None:
        """Show a finding; hidden without one."""
        self._words, self._count = words, count
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Ground, glyph, words."""
        theme = brush.theme
        brush.fill(QRectF(0, 0, width, height), "warn_soft")
        glyph, tone = GLYPHS[Mark.WARN]
        size = theme.px(18)
        brush.icon(glyph, theme.px(12), (height - size) / 2, size, tone, 2.0)
        brush.text(QRectF(theme.px(38), 0, width - theme.px(150), height), self._words, Type.SMALL, strong=True)
        count = QRectF(width - theme.px(112), 0, theme.px(100), height)
        brush.text(count, self._count, Type.NOTE, "text2", RIGHT)


class ViewerHead(Painted):
    """Which page, of what quality; the tools stand at the right."""

    def __init__(self) -> None:
        super().__init__(height=40)
        self._page, self._facts = "", ""
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, active().px(8), 0)
        self.box.setSpacing(0)
        self.box.addStretch(1)

    def say(self, page: str, facts: str) -> None:
        """Words for the page in view."""
        self._page, self._facts = page, facts
        self.setAccessibleName(f"{page} {facts}".strip())
        self.update()

    def draw(self, brush: Brush, width: int, height: int) -> None:
        """Page and facts."""
        theme = brush.theme
        brush.fill(QRectF(0, 0, width, height), "surface")
        brush.hairline(0, width, height - 1)
        x = theme.px(12)
        x += brush.text(QRectF(x, 0, theme.px(140), height), self._page, Type.SMALL, strong=True) + theme.px(14)
        tools = (self.box.count() - 1) * theme.px(44) + theme.px(12)
        room = width - x - tools
        if theme.width(self._facts, Type.SMALL) <= room:
            brush.text(QRectF(x, 0, room, height), self._facts, Type.SMALL, "text3")


class PageViewer(QWidget):
    """Thumbnails, page, tools and findings; reports the page in view and files dropped on it."""

    page_changed = Signal(str)
    files_dropped = Signal(list)

    def __init__(self, images: PageImages, empty_words: str) -> None:
        super().__init__()
        self._images = images
        self._pages: tuple[PageImage, ...] = ()
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("扫描页"))
        self._head = ViewerHead()
        self._thumbs = self._make_thumbs()
        self.canvas = PageCanvas(empty_words)
        for widget in (self.canvas, self.canvas.viewport()):
            widget.setAccessibleName(self.tr("页面"))
        self.canvas.tool.connect(self.use_tool)
        self._strip = FindingStrip()
        self._lay_out()
        images.ready.connect(self._image_ready)

    def _make_thumbs(self) -> QListView:
        thumbs = QListView()
        thumbs.setAccessibleName(self.tr("页面缩略图"))
        thumbs.setFixedWidth(active().px(_STRIP))
        thumbs.setStyleSheet(f"background: {active().colour('sunken').name()}")
        thumbs.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        thumbs.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        thumbs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbs.setUniformItemSizes(True)
        thumbs.setItemDelegate(ThumbDelegate(self._images, thumbs))
        self._model = ThumbsModel(self)
        thumbs.setModel(self._model)
        thumbs.selectionModel().currentChanged.connect(lambda now, _: self._page_chosen(now))
        return thumbs

    def _lay_out(self) -> None:
        for icon, key, name in (
            ("rotate", "R", self.tr("旋转")),
            ("fit", "W", self.tr("适合宽度")),
            ("today", "D", self.tr("原色")),
            ("minus", "-", self.tr("缩小")),
            ("plus", "+", self.tr("放大")),
        ):
            button = ToolButton(icon, key, name)
            button.clicked.connect(lambda _=False, key=key: self.use_tool(key))
            self._head.box.addWidget(button)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._thumbs)
        middle.addWidget(self.canvas, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head)
        box.addLayout(middle, 1)
        box.addWidget(self._strip)

    def show_pages(self, pages: tuple[PageImage, ...], current: str) -> None:
        """Take pages and the one in view."""
        self._pages = pages
        blocked = self._thumbs.selectionModel().blockSignals(True)
        self._model.show(pages)
        at = next((at for at, page in enumerate(pages) if page.key == current), 0 if pages else -1)
        if at >= 0:
            self._thumbs.setCurrentIndex(self._model.index(at, 0))
        self._thumbs.selectionModel().blockSignals(blocked)
        self._thumbs.setVisible(bool(pages))
        self._show_current()

    def current(self) -> PageImage | None:
        """The page in view."""
        at = self._thumbs.currentIndex().row()
        return self._pages[at] if 0 <= at < len(self._pages) else None

    def _page_chosen(self, index: QModelIndex) -> None:
        self._show_current()
        page = self.current()
        if page is not None:
            self.page_changed.emit(page.key)

    def _show_current(self) -> None:
        page = self.current()
        if page is None:
            self._head.say(self.tr("没有页面"), "")
            self._strip.say("", "")
            self.canvas.show_page(QPixmap(), None)
            return
        at = self._pages.index(page) + 1
        self._head.say(self.tr("第 {at} / {all} 页").format(at=at, all=len(self._pages)), page.facts)
        findings = [other for other in self._pages if other.finding]
        count = ""
        if page.finding:
            count = self.tr("第 {at} 处，共 {all} 处").format(at=findings.index(page) + 1, all=len(findings))
        self._strip.say(page.finding, count)
        image = self._images.image(page.key, PAGE_EDGE)
        pixmap = QPixmap.fromImage(image) if image is not None and not image.isNull() else QPixmap()
        self.canvas.show_page(pixmap, page.place if not pixmap.isNull() else None)

    def _image_ready(self, key: str, edge: int) -> None:
        if edge == THUMB_EDGE:
            self._thumbs.viewport().update()
        elif (page := self.current()) is not None and page.key == key:
            self._show_current()

    def use_tool(self, key: str) -> None:
        """Do what a tool's key says."""
        match key:
            case "R":
                self.canvas.turn()
            case "W":
                self.canvas.fit("width" if self.canvas.fitted == "page" else "page")
            case "D":
                self.canvas.true_tone = not self.canvas.true_tone
                self.canvas.viewport().update()
            case "+" | "=":
                self.canvas.zoom(_ZOOM_STEP)
            case "-":
                self.canvas.zoom(1 / _ZOOM_STEP)

    def step(self, by: int) -> None:
        """The next or the last page."""
        at = self._thumbs.currentIndex().row() + by
        if 0 <= at < len(self._pages):
            self._thumbs.setCurrentIndex(self._model.index(at, 0))

    def changeEvent(self, event: QEvent) -> None:
        """Thumbnails stand on the sunken ground of the look in force."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_thumbs"):
            self._thumbs.setStyleSheet(f"background: {active().colour('sunken').name()}")

    def dragEnterEvent(self, event: Any) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Report local files."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)
