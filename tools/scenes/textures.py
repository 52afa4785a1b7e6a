# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn pictures for sign faces, shop signs and poster frames (Pillow with its built-in font)."""

from __future__ import annotations

import colorsys
import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIGN_KINDS = ("stop", "speed30", "speed50", "yield", "no_entry", "crossing", "parking")
SHOP_SIGN_COUNT = 16
RED, WHITE, BLUE, BLACK = (190, 20, 25), (250, 250, 250), (20, 70, 170), (10, 10, 10)
TRADES = (
    "BAKERY",
    "CAFE",
    "PHARMACY",
    "BOOKS",
    "FLOWERS",
    "OPTICIAN",
    "BARBER",
    "MARKET",
    "SHOES",
    "CINEMA",
    "PIZZA",
    "HOTEL",
)
SYLLABLES = (
    ("Mira", "Oro", "Lum", "Kiv", "Tas", "Fen", "Pim", "Nal", "Wex", "Ula"),
    ("ta", "vo", "lia", "do", "ri", "ka", "ny", "mo"),
)


def centred(draw, text, size, centre, fill):
    """Write ``text`` of ``size`` px with its middle at ``centre``."""
    draw.text(
        centre,
        text,
        font=ImageFont.load_default(size),
        fill=fill,
        anchor="mm",
        stroke_width=max(1, size // 24),
        stroke_fill=fill,
    )


def _ring(radius, corners, start=0.0):
    """Corners of a regular polygon around the middle of a sign face, in pixels."""
    angles = [start + step * 2 * math.pi / corners for step in range(corners)]
    return [(128 + radius * math.cos(angle), 128 + radius * math.sin(angle)) for angle in angles]


def sign_outline(kind: str) -> list[tuple[float, float]]:
    """Edge of the face in pixels, y down: the sign is cut along it, so that its mask holds the
    face and nothing else.
    """
    if kind == "stop":
        return _ring(124, 8, math.pi / 8)
    if kind == "yield":
        return [(4, 20), (252, 20), (128, 240)]
    if kind in ("crossing", "parking"):
        return [(4, 4), (252, 4), (252, 252), (4, 252)]
    return _ring(124, 40)


def sign_face(kind: str) -> Image.Image:
    """Traffic sign face, 256 x 256 px."""
    image = Image.new("RGB", (256, 256), WHITE)
    draw = ImageDraw.Draw(image)
    if kind == "stop":
        draw.polygon(_ring(116, 8, math.pi / 8), fill=RED)
        centred(draw, "STOP", 72, (128, 128), WHITE)
    elif kind.startswith("speed"):
        draw.ellipse([4, 4, 252, 252], fill=RED)
        draw.ellipse([32, 32, 224, 224], fill=WHITE)
        centred(draw, kind[5:], 116, (128, 130), BLACK)
    elif kind == "yield":
        draw.polygon([(4, 20), (252, 20), (128, 240)], fill=RED)
        draw.polygon([(48, 48), (208, 48), (128, 190)], fill=WHITE)
    elif kind == "no_entry":
        draw.ellipse([4, 4, 252, 252], fill=RED)
        draw.rectangle([40, 105, 216, 151], fill=WHITE)
    elif kind == "crossing":
        draw.rectangle([0, 0, 256, 256], fill=BLUE)
        draw.polygon([(128, 30), (225, 220), (31, 220)], fill=WHITE)
        draw.ellipse([118, 80, 138, 100], fill=BLACK)
        for line in ([(128, 100), (126, 150), (105, 205)], [(126, 150), (150, 205)]):
            draw.line(line, fill=BLACK, width=12)
    else:
        draw.rectangle([0, 0, 256, 256], fill=BLUE)
        centred(draw, "P", 190, (128, 132), WHITE)
    return image


def shop_sign(seed: int) -> Image.Image:
    """Shop name board, 512 x 96 px, with an invented name."""
    chance = random.Random(seed)
    red, green, blue = colorsys.hsv_to_rgb(chance.random(), 0.65, chance.uniform(0.2, 0.6))
    image = Image.new("RGB", (512, 96), tuple(int(255 * value) for value in (red, green, blue)))
    text = TRADES[seed % len(TRADES)]
    if chance.random() < 0.5:
        text = chance.choice(SYLLABLES[0]) + chance.choice(SYLLABLES[1]) + " " + text
    centred(ImageDraw.Draw(image), text, min(64, int(760 / len(text))), (256, 48), (250, 245, 230))
    return image


def poster(portrait: Image.Image, title: str, seed: int) -> Image.Image:
    """Advertising poster, 400 x 600 px: a rendered figure under a title line."""
    red, green, blue = colorsys.hsv_to_rgb(random.Random(seed).random(), 0.75, 0.75)
    image = Image.new("RGB", (400, 600), tuple(int(255 * value) for value in (red, green, blue)))
    image.paste(portrait.convert("RGB").resize((380, 490)), (10, 100))
    draw = ImageDraw.Draw(image)
    centred(draw, title, 54, (200, 52), (255, 250, 235))
    draw.rectangle([0, 540, 400, 600], fill=(250, 248, 240))
    centred(draw, "from Monday", 34, (200, 570), (40, 40, 40))
    return image


def write_all(folder: Path):
    """Write all sign faces and shop signs as PNG files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in SIGN_KINDS:
        sign_face(kind).save(folder / f"sign_{kind}.png")
    for seed in range(SHOP_SIGN_COUNT):
        shop_sign(seed).save(folder / f"shop_sign_{seed}.png")
