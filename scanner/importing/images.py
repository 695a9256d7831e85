"""Image files become pages: JPEG and PNG as they are, TIFF cut into pages whose data is not touched."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageSequence, UnidentifiedImageError

from scanner.importing.bench import Bench
from scanner.importing.refusal import FileRefused
from scanner.importing.tiff import NotSplittable, split_pages
from scanner.limits import Limits


def take_image(bench: Bench, suffix: str) -> None:
    """A JPEG or PNG file is one page, bytes unchanged."""
    _check_size(bench.copy, bench.limits)
    bench.put_file_as_page(suffix)


def take_tiff(bench: Bench) -> None:
    """A single-page TIFF stays as it is; a multi-page one is cut, and decoded only where cutting is not possible."""
    if _check_size(bench.copy, bench.limits) == 1:
        bench.put_file_as_page(".tif")
        return
    try:
        with bench.copy.open("rb") as file:
            for page in split_pages(file, bench.limits.pages_per_file):
                _check_pixels(page, bench.limits)
                bench.put_page(page, ".tif")
    except NotSplittable:
        _decode_frames(bench)


def _decode_frames(bench: Bench) -> None:
    """Every frame as PNG with the same pixels."""
    with Image.open(bench.copy) as image:
        for frame in ImageSequence.Iterator(image):
            out = io.BytesIO()
            frame.save(out, "PNG", compress_level=3, dpi=frame.info.get("dpi"))
            bench.put_page(out.getvalue(), ".png")


def _check_size(path: Path, limits: Limits) -> int:
    """Number of frames of an image whose declared size is bearable."""
    try:
        with Image.open(path) as image:
            _refuse_pixels(image, limits)
            frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, OSError) as error:
        raise FileRefused("图像损坏，无法打开") from error
    if frames > limits.pages_per_file:
        raise FileRefused(f"TIFF 有 {frames} 页，超过上限 {limits.pages_per_file} 页，请拆分后再交")
    return frames


def _check_pixels(page: bytes, limits: Limits) -> None:
    try:
        with Image.open(io.BytesIO(page)) as image:
            _refuse_pixels(image, limits)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FileRefused("TIFF 页面损坏，无法打开") from error


def _refuse_pixels(image: Image.Image, limits: Limits) -> None:
    """Turn down what would take too much memory once decoded."""
    if image.width * image.height > limits.pixels_per_page:
        most = limits.pixels_per_page // 10**6
        raise FileRefused(f"图像过大（{image.width}×{image.height}，上限 {most} 百万像素），请降低分辨率后再交")
