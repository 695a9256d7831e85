"""Invented scans: an application form with seal and signatures, and pages of grey lines."""

from __future__ import annotations

import math
import random
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

from ui.tokens import SANS, SERIF

WIDTH, HEIGHT = 1240, 1754
INK, RULE, RED = QColor("#26282B"), QColor("#3A3D40"), QColor(196, 40, 34, 190)
UNIT = "乌海市滨河教育投资有限公司"
ROWS = (
    ("项目名称", "滨河新区第三小学教学综合楼"),
    ("国家代码", "2606-150302-04-01-318842"),
    ("建设单位", UNIT),
    ("信用代码", "91150302MA13XK4T6Q"),
    ("建设地点", "海勃湾区滨河新区学府街北侧、科教路东侧"),
    ("建筑面积", "12,460.00 平方米"),
    ("合同价格", "4,386.20 万元"),
    ("勘察单位", "宁夏塞上岩土勘察有限公司"),
    ("设计单位", "内蒙古河套建筑设计研究有限公司"),
    ("施工单位", "乌海市黄河湾建设工程有限公司"),
    ("监理单位", "乌海市正平工程监理有限公司"),
)
STROKES = (
    ((4, 16), (18, 13), (30, 12)),
    ((8, 29), (18, 27), (28, 26)),
    ((17, 13), (17, 30), (16, 46)),
    ((1, 46), (18, 43), (36, 41)),
    ((46, 14), (58, 12), (70, 12)),
    ((57, 5), (57, 22), (56, 44)),
    ((47, 25), (58, 23), (70, 22)),
    ((45, 35), (58, 33), (71, 31)),
    ((47, 12), (43, 40), (36, 52)),
    ((50, 49), (66, 54), (88, 50)),
    ((92, 12), (90, 30), (91, 50)),
    ((92, 12), (110, 8), (122, 12), (121, 32), (118, 50)),
    ((99, 22), (108, 20), (114, 20)),
    ((100, 31), (107, 30), (113, 30)),
    ((107, 20), (107, 30), (106, 41)),
    ((98, 42), (108, 40), (116, 40)),
    ((92, 50), (112, 48), (140, 40)),
)
"""An invented hand's signature, in its own small coordinates."""


def _font(px: int, family: str = SERIF, bold: bool = False) -> QFont:
    font = QFont(family)
    font.setPixelSize(px)
    font.setBold(bold)
    return font


def _form(painter: QPainter) -> None:
    painter.setPen(INK)
    painter.setFont(_font(46, bold=True))
    centre = int(Qt.AlignmentFlag.AlignCenter)
    painter.drawText(QRectF(0, 96, WIDTH, 70), centre, "乌海市工程建设项目施工许可阶段申请表")
    top = 236.0
    for label, value in ROWS:
        painter.setPen(QPen(RULE, 2))
        painter.drawRect(QRectF(110, top, 1020, 74))
        painter.drawLine(QPointF(306, top), QPointF(306, top + 74))
        painter.setPen(INK)
        painter.setFont(_font(27))
        painter.drawText(QRectF(110, top, 196, 74), centre, label)
        painter.setFont(_font(27, SANS))
        painter.drawText(QRectF(322, top, 800, 74), int(Qt.AlignmentFlag.AlignVCenter), value)
        top += 74
    painter.setPen(QPen(RULE, 2))
    painter.drawRect(QRectF(110, top, 1020, 520))
    painter.setFont(_font(27))
    words = "　　本单位承诺所填内容及所附材料真实、准确、完整，电子件与原件一致；本项目不涉及国家秘密。"
    flags = int(Qt.TextFlag.TextWrapAnywhere)
    painter.setPen(INK)
    painter.drawText(QRectF(140, top + 30, 960, 170), flags, words)
    painter.drawText(QRectF(140, top + 250, 400, 40), 0, "法定代表人（签字）：")
    painter.drawText(QRectF(700, top + 250, 400, 40), 0, "单位（盖章）：")
    painter.drawText(QRectF(700, top + 340, 400, 40), 0, "2026年11月20日")
    _sign(painter, 400, top + 220, 1.5)
    _seal(painter, QPointF(860, top + 290))


def _sign(painter: QPainter, x: float, y: float, scale: float) -> None:
    painter.save()
    painter.translate(x, y)
    painter.scale(scale, scale)
    pen = QPen(QColor("#1F2F5C"), 2.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for points in STROKES:
        path = QPainterPath(QPointF(*points[0]))
        for point in points[1:]:
            path.lineTo(QPointF(*point))
        painter.drawPath(path)
    painter.restore()


def _seal(painter: QPainter, centre: QPointF) -> None:
    painter.save()
    painter.translate(centre)
    painter.rotate(-7)
    painter.setPen(QPen(RED, 6))
    painter.drawEllipse(QPointF(0, 0), 118, 118)
    star = QPainterPath()
    for at in range(10):
        radius, angle = (34 if at % 2 == 0 else 13.5), -math.pi / 2 + at * math.pi / 5
        point = QPointF(radius * math.cos(angle), radius * math.sin(angle))
        star.moveTo(point) if at == 0 else star.lineTo(point)
    painter.fillPath(star, RED)
    painter.setFont(_font(25, bold=True))
    for at, letter in enumerate(UNIT):
        painter.save()
        painter.rotate(-116 + at * 232 / (len(UNIT) - 1))
        painter.drawText(QRectF(-20, -112, 40, 34), int(Qt.AlignmentFlag.AlignCenter), letter)
        painter.restore()
    painter.restore()


def _lines(painter: QPainter, number: int) -> None:
    chance = random.Random(number)
    painter.setPen(INK)
    painter.setFont(_font(34, bold=True))
    painter.drawText(QRectF(120, 110, 1000, 60), 0, "五、设计与施工单位情况" if number % 2 else "六、申请人承诺")
    for at in range(16 if number % 2 else 24):
        painter.fillRect(QRectF(120, 200 + at * 56, 1000 * chance.uniform(0.55, 1), 16), QColor("#8B8E90"))


@lru_cache(maxsize=32)
def scan(number: int) -> bytes:
    """The PNG of an invented A4 scan; number 1 is the form."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("#FCFBF8"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if number == 1:
        painter.translate(WIDTH / 2, HEIGHT / 2)
        painter.rotate(0.35)
        painter.translate(-WIDTH / 2, -HEIGHT / 2)
        _form(painter)
    else:
        _lines(painter, number)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(held.data())
