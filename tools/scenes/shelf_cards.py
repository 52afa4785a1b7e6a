# SPDX-License-Identifier: GPL-3.0-or-later
"""Price tags, promotion cards and posters of a shelf, drawn with Pillow."""

from __future__ import annotations

import math
import random

from panel import INK, WHITE, Color, Panel
from PIL import Image, ImageDraw, ImageFilter


def price_tag(name: str, price: str, style: str, seed: int) -> Image.Image:
    """Price tag, 260 x 156 px. Styles: ``plain``, ``offer`` (yellow), ``screen`` (electronic)."""
    base = {"plain": (250, 250, 246), "offer": (255, 221, 30), "screen": (206, 210, 204)}[style]
    chance = random.Random(seed)
    panel = Panel(260, 156, base)
    panel.rectangle(0, 0, 0.999, 0.995, None, outline=(150, 150, 148), line=0.012)
    words = name.split(" ", 1)
    panel.text(words[0], 0.28, 0.13, 0.46, 0.13, "sans", INK)
    panel.text(words[-1], 0.36, 0.29, 0.64, 0.10, "sans", INK)
    panel.text(price, 0.60, 0.64, 0.66, 0.42, "inter", (190, 10, 20) if style == "offer" else INK)
    panel.barcode(0.05, 0.56, 0.24, 0.90, chance)
    if style == "offer":
        panel.rectangle(0.76, 0.04, 0.97, 0.30, (206, 16, 24), radius=0.04)
        panel.text("-20%", 0.865, 0.17, 0.18, 0.16, "inter", WHITE)
    return panel.image


def wobbler(words: str, tone: Color) -> Image.Image:
    """A round promotion card, square picture whose corners are cut off by the mesh."""
    panel = Panel(256, 256, tone)
    panel.disc(0.5, 0.5, 0.46, WHITE)
    panel.disc(0.5, 0.5, 0.43, tone)
    panel.text(words, 0.5, 0.5, 0.7, 0.3, "inter", WHITE, turn=12)
    return panel.image


def poster(portrait: Image.Image, brand: str, price: str, tone: Color) -> Image.Image:
    """Advertising poster, 420 x 600 px, around a rendered product on white."""
    panel = Panel(420, 600, tone, tuple(round(value * 0.55) for value in tone))
    for ray in range(24):
        angle = ray * math.pi / 12
        panel.polygon(
            [
                (0.5, 0.56),
                (0.5 + 1.4 * math.cos(angle), 0.56 + math.sin(angle)),
                (0.5 + 1.4 * math.cos(angle + 0.12), 0.56 + math.sin(angle + 0.12)),
            ],
            tuple(min(255, value + 26) for value in tone),
        )
    panel.text(brand.upper(), 0.5, 0.10, 0.88, 0.12, "inter", WHITE, outline=INK)
    scale = min(300 / portrait.width, 380 / portrait.height)
    shown = portrait.resize((round(portrait.width * scale), round(portrait.height * scale)))
    left, top = 210 - shown.width // 2, 345 - shown.height // 2
    shadow = Image.new("L", panel.image.size, 0)
    ImageDraw.Draw(shadow).ellipse((90, 500, 330, 560), fill=150)
    panel.image.paste(INK, mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    panel.image.paste(shown, (left, top), shown)
    panel.disc(0.80, 0.86, 0.115, (255, 221, 30))
    panel.text(price, 0.80, 0.86, 0.26, 0.10, "inter", (190, 10, 20))
    panel.text("NEW", 0.20, 0.22, 0.26, 0.06, "inter", (255, 221, 30), turn=10)
    return panel.image
