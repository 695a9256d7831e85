"""Pages for the scanner's tests: A4 at 300 dpi with known skew, marks and faults, made once per run."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from scanner.samples.sheet import font

WIDTH, HEIGHT, DPI = 2480, 3508, 300
PAPER = (248, 247, 243)
SENTENCE = "兹有申请人依照行政许可法规定向本窗口提交下列申请材料经核对原件与复印件一致予以受理并出具通知书"


def blank_sheet(paper: tuple[int, int, int] = PAPER) -> Image.Image:
    """White paper with a scanner's grain and its dark left edge."""
    generator = np.random.default_rng(7)
    pixels = np.full((HEIGHT, WIDTH, 3), paper, np.int16) + generator.normal(0, 4, (HEIGHT, WIDTH, 1)).astype(np.int16)
    pixels[:, :25] = pixels[:, :25] * 6 // 10
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


@lru_cache(maxsize=16)
def _written(paper: tuple[int, int, int]) -> Image.Image:
    image = blank_sheet(paper)
    draw, face = ImageDraw.Draw(image), font(10.5)
    for number in range(32):
        shift = number % 7
        draw.text((230, 420 + number * 78), SENTENCE[shift:] + SENTENCE[:shift], font=face, fill=(20, 20, 24))
    draw.text((760, 220), "工程建设项目申请表", font=font(18, bold=True), fill=(10, 10, 10))
    draw.ellipse((1650, 2800, 2050, 3200), outline=(205, 30, 35), width=14)
    return image


def written_sheet(turned: float = 0.0, paper: tuple[int, int, int] = PAPER) -> Image.Image:
    """A page full of type that lies turned counter-clockwise by so many degrees."""
    image = _written(paper)
    return image.rotate(turned, Image.Resampling.BICUBIC, fillcolor=paper) if turned else image.copy()


def with_code(image: Image.Image, text: str, kind: str = "QRCode", millimetres: float = 28) -> Image.Image:
    """The page with a code pasted into its lower left."""
    formats = {"QRCode": zxingcpp.BarcodeFormat.QRCode, "Code128": zxingcpp.BarcodeFormat.Code128}
    made = zxingcpp.create_barcode(text, formats[kind])
    picture = Image.fromarray(np.array(made.to_image(scale=8)))
    side = round(millimetres * DPI / 25.4)
    size = (side, side) if kind == "QRCode" else (side * 3, side // 2)
    marked = image.copy()
    marked.paste(picture.convert("RGB").resize(size, Image.Resampling.NEAREST), (260, 2980))
    return marked


def smeared(image: Image.Image, radius: float) -> Image.Image:
    """The page out of focus."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def jpeg(image: Image.Image, dpi: int | None = DPI, quality: int = 85, **more: object) -> bytes:
    """The page as a JPEG file."""
    out = io.BytesIO()
    stated = {} if dpi is None else {"dpi": (dpi, dpi)}
    image.save(out, "JPEG", quality=quality, **stated, **more)
    return out.getvalue()


@lru_cache(maxsize=1)
def small_jpeg() -> bytes:
    """A small page for tests that need many."""
    return jpeg(written_sheet().resize((620, 877)), 75)
