"""What hands leave on paper: round red stamps, signatures in blue ink, ticks in boxes, and a scanner's own traces."""

from __future__ import annotations

import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from scanner.samples.sheet import DPI, Sheet, font, pixels

RED = (200, 28, 34)
BLUE = (28, 44, 120)
TINT = (250, 249, 245)
GRAIN_MIDDLE = 32


def stamp(sheet: Sheet, x: float, y: float, owner: str, chance: random.Random, diameter: float = 42) -> None:
    """A company's round stamp with its middle at the place, a little turned and unevenly inked."""
    side = pixels(diameter)
    ink = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(ink)
    draw.ellipse((6, 6, side - 6, side - 6), outline=255, width=pixels(0.9))
    draw.polygon(_star(side / 2, side / 2, side * 0.14), fill=255)
    _ring_of_type(ink, owner)
    ink = ink.rotate(chance.uniform(-14, 14), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0.86, 0.10, (side // 6 + 1, side // 6 + 1))
    cover = Image.fromarray((grain.clip(0, 1) * 255).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    corner = (pixels(x) - side // 2, pixels(y) - side // 2)
    area = sheet.image.crop((*corner, corner[0] + side, corner[1] + side))
    # Ink darkens what is under it: type stays readable through the stamp.
    printed = ImageChops.multiply(area, Image.new("RGB", area.size, RED))
    sheet.image.paste(Image.composite(printed, area, ImageChops.multiply(ink, cover)), corner)


def signature(sheet: Sheet, x: float, y: float, name: str, chance: random.Random) -> None:
    """A name by hand, its left lower corner at the place: slanted, swinging, in blue ink."""
    face = font(25)
    width, height = round(face.getlength(name)) + 120, round(face.size * 1.6)
    ink = Image.new("L", (width, height), 0)
    draw, place = ImageDraw.Draw(ink), 40.0
    for sign in name:
        draw.text((place, height * 0.15 + chance.uniform(-9, 9)), sign, font=face, fill=255)
        place += face.getlength(sign) * chance.uniform(0.74, 0.86)
    slant = chance.uniform(0.16, 0.30)
    ink = ink.transform(ink.size, Image.Transform.AFFINE, (1, slant, -slant * height * 0.6, 0.04, 1, -6))
    swing = np.asarray(ink)
    shifts = (7 * np.sin(np.arange(width) / chance.uniform(38, 55))).astype(int)
    swung = np.stack([np.roll(swing[:, column], shifts[column]) for column in range(width)], axis=1)
    stroke = Image.fromarray(swung).filter(ImageFilter.GaussianBlur(0.8))
    sheet.image.paste(Image.new("RGB", stroke.size, BLUE), (pixels(x), pixels(y) - round(height * 0.8)), stroke)


def tick(sheet: Sheet, x: float, y: float, chance: random.Random) -> None:
    """A tick by hand in a box whose left upper corner is at the place."""
    sway = [chance.uniform(-0.3, 0.3) for _ in range(6)]
    points = [
        (x + 0.4 + sway[0], y + 1.8 + sway[1]),
        (x + 1.5 + sway[2], y + 3.2 + sway[3]),
        (x + 4.6, y - 0.9 + sway[4]),
    ]
    sheet.draw.line([(pixels(a), pixels(b)) for a, b in points], fill=BLUE, width=pixels(0.55), joint="curve")


def scanned(image: Image.Image, chance: random.Random) -> Image.Image:
    """The sheet as a feeder scanner sees it: laid in a little askew, on warm paper, with grain and a shadowed edge."""
    turned = image.rotate(chance.uniform(-1.1, 1.1), Image.Resampling.BILINEAR, fillcolor=(255, 255, 255))
    warm = ImageChops.multiply(turned, Image.new("RGB", turned.size, TINT))
    grainy = ImageChops.add(warm, _grain(warm.size, chance.getrandbits(32)), offset=-GRAIN_MIDDLE)
    edge = grainy.crop((0, 0, pixels(2), grainy.height))
    shadow = np.asarray(edge) * np.linspace(0.72, 1.0, edge.width)[None, :, None]
    grainy.paste(Image.fromarray(shadow.astype(np.uint8)), (0, 0))
    return grainy


def _grain(size: tuple[int, int], seed: int) -> Image.Image:
    """Grey noise around a middle value, one patch laid again and again: the eye does not see it repeat."""
    patch = np.random.default_rng(seed).normal(GRAIN_MIDDLE, 2.6, (512, 512)).astype(np.uint8)
    sheet = np.tile(patch, (size[1] // 512 + 1, size[0] // 512 + 1))[: size[1], : size[0]]
    layer = Image.fromarray(np.ascontiguousarray(sheet))
    return Image.merge("RGB", (layer, layer, layer))


def punch(image: Image.Image) -> None:
    """Two filing holes in the left margin, as the black of the scanner's lid shows through them."""
    draw = ImageDraw.Draw(image)
    radius, across = 3 * DPI / 25.4, 11 * DPI / 25.4
    for offset in (-40, 40):
        middle = image.height / 2 + offset * DPI / 25.4
        draw.ellipse((across - radius, middle - radius, across + radius, middle + radius), fill=(186, 186, 182))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.382
        angle = math.radians(number * 36 - 90)
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners


def _ring_of_type(ink: Image.Image, words: str) -> None:
    """The owner's name along the upper arc, each character upright to the middle."""
    side = ink.width
    face = font(min(13.0, 150 / max(8, len(words))), bold=True)
    cell = round(face.size * 1.4)
    spread = min(250.0, 20.0 * len(words))
    for number, sign in enumerate(words):
        angle = -spread / 2 + spread * number / max(1, len(words) - 1)
        letter = Image.new("L", (cell, cell), 0)
        ImageDraw.Draw(letter).text((cell / 2, cell / 2), sign, font=face, fill=255, anchor="mm")
        letter = letter.rotate(-angle, Image.Resampling.BICUBIC)
        reach = side * 0.385
        x = side / 2 + reach * math.sin(math.radians(angle)) - cell / 2
        y = side / 2 - reach * math.cos(math.radians(angle)) - cell / 2
        ink.paste(255, (round(x), round(y)), letter)
