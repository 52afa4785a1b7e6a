# SPDX-License-Identifier: GPL-3.0-or-later
"""Label art of the shelf products.

Every function returns an RGB picture; art for round packaging is a wrap with the front in its
middle.
"""

from __future__ import annotations

import math
import random

from panel import BLACK, CREAM, INK, WHITE, Color, Panel
from PIL import Image

FRONT_SHARE = 0.42
"""Share of the circumference of a round pack that its front takes."""


def _back(width, height, base, ink, seed) -> Image.Image:
    """The reverse of a pack: a table, small print and a bar code, the same for all variants."""
    chance = random.Random(seed)
    panel = Panel(width, height, base)
    panel.rectangle(0.12, 0.10, 0.55, 0.62, WHITE, outline=ink, line=0.006)
    for row in range(8):
        panel.rectangle(0.15, 0.15 + row * 0.055, 0.36, 0.165 + row * 0.055, INK)
        panel.rectangle(0.44, 0.15 + row * 0.055, 0.52, 0.165 + row * 0.055, INK)
    panel.small_print(0.60, 0.12, 0.90, 0.62, ink, chance)
    panel.small_print(0.12, 0.70, 0.50, 0.92, ink, chance)
    panel.barcode(0.55, 0.70, 0.90, 0.92, chance)
    return panel.image


def _wrap(front: Image.Image, back: Image.Image) -> Image.Image:
    """Around a round pack: the front on ``FRONT_SHARE`` in the middle, half of the back at either
    side of it.
    """
    half = round(front.width * (1 / FRONT_SHARE - 1) / 2)
    back = back.resize((2 * half, front.height))
    sheet = Image.new("RGB", (front.width + 2 * half, front.height))
    sheet.paste(back.crop((half, 0, 2 * half, back.height)), (0, 0))
    sheet.paste(front, (half, 0))
    sheet.paste(back.crop((0, 0, half, back.height)), (half + front.width, 0))
    return sheet


def _can(zero: bool) -> Image.Image:
    base, deep = (38, 62, 150), (14, 22, 74)
    panel = Panel(480, 500, base, deep)
    chance = random.Random(5)
    for _ in range(46):
        x, y, r = chance.uniform(0, 1), chance.uniform(0.1, 0.9), chance.uniform(0.006, 0.028)
        panel.disc(x, y, r, (70, 104, 200))
        panel.disc(x, y, r * 0.6, base)
    panel.polygon(
        [(0, 0.86), (0.42, 0.5), (1, 0.12), (1, 0.2), (0.52, 0.62), (0.1, 1), (0, 1)],
        (228, 236, 252),
    )
    panel.text("POKRELL", 0.5, 0.5, 0.74, 0.34, "inter", WHITE, turn=90, outline=deep)
    tone, word = (BLACK, "ZERO") if zero else ((240, 118, 20), "COLA")
    panel.rectangle(0, 0, 1, 0.11, tone)
    panel.rectangle(0, 0.86, 1, 1, tone)
    panel.rectangle(0, 0.845, 1, 0.86, WHITE)
    panel.rectangle(0, 0.11, 1, 0.122, WHITE)
    panel.text(word, 0.5, 0.93, 0.5, 0.085, "inter", WHITE)
    back = Image.new("RGB", (480, 500), deep)
    back.paste(_back(480, 390, deep, (150, 170, 220), 6), (0, 55))
    return _wrap(panel.image, back)


def _tin(oil: bool) -> Image.Image:
    panel = Panel(660, 240, (236, 244, 246), (206, 226, 234))
    wave = [(i / 40, 0.60 + 0.05 * math.sin(i * 0.9)) for i in range(41)]
    panel.polygon([*wave, (1, 1), (0, 1)], (20, 112, 140))
    wave = [(i / 40, 0.72 + 0.05 * math.sin(i * 0.8 + 1)) for i in range(41)]
    panel.polygon([*wave, (1, 1), (0, 1)], (10, 74, 104))
    panel.rectangle(0.17, 0.10, 0.68, 0.52, (176, 24, 34), radius=0.08)
    panel.text("Marsund", 0.425, 0.31, 0.44, 0.30, "script", WHITE)
    body = [(0.24 + 0.26 * i / 20, 0.78 - 0.11 * math.sin(math.pi * i / 20)) for i in range(21)]
    body += [(0.5 - 0.26 * i / 20, 0.78 + 0.10 * math.sin(math.pi * i / 20)) for i in range(21)]
    panel.polygon(body, (196, 208, 216))
    panel.polygon([(0.48, 0.78), (0.56, 0.66), (0.545, 0.78), (0.56, 0.9)], (196, 208, 216))
    panel.disc(0.275, 0.76, 0.018, BLACK)
    color, word = ((246, 196, 24), "IN OIL") if oil else ((38, 120, 226), "IN WATER")
    panel.disc(0.765, 0.42, 0.22, WHITE)
    panel.polygon([(0.765, 0.06), (0.712, 0.34), (0.818, 0.34)], WHITE)
    panel.disc(0.765, 0.43, 0.17, color)
    panel.polygon([(0.765, 0.13), (0.721, 0.37), (0.809, 0.37)], color)
    panel.rectangle(0.63, 0.70, 0.90, 0.90, color, radius=0.06)
    panel.text(word, 0.765, 0.80, 0.23, 0.11, "inter", WHITE if not oil else BLACK)
    return _wrap(panel.image, _back(660, 240, (214, 230, 236), (60, 90, 110), 7))


def _carton(light: bool) -> Image.Image:
    panel = Panel(360, 880, (250, 252, 253), (222, 238, 248))
    hills = ((0.66, (150, 200, 96), 0.0), (0.74, (104, 168, 66), 1.7), (0.84, (60, 128, 48), 3.1))
    for level, tone, phase in hills:
        crest = [(i / 30, level + 0.035 * math.sin(i * 0.22 + phase)) for i in range(31)]
        panel.polygon([*crest, (1, 1), (0, 1)], tone)
    panel.disc(0.76, 0.56, 0.055, (252, 208, 70))
    for x, y in ((0.26, 0.73), (0.62, 0.80)):
        panel.rectangle(x, y, x + 0.17, y + 0.035, WHITE, radius=0.012)
        panel.rectangle(x + 0.04, y + 0.004, x + 0.10, y + 0.024, (60, 44, 36), radius=0.008)
        panel.disc(x + 0.19, y + 0.004, 0.015, WHITE)
        for leg in (0.01, 0.13):
            panel.rectangle(x + leg, y + 0.03, x + leg + 0.03, y + 0.06, WHITE)
    panel.text("Ovelmoor", 0.5, 0.15, 0.88, 0.10, "serif", (20, 60, 130))
    panel.text("MILK", 0.5, 0.245, 0.4, 0.045, "inter", (20, 60, 130))
    tone, share, ink = (
        ((150, 208, 240), "1.5 %", (12, 44, 96)) if light else ((14, 44, 120), "3.5 %", WHITE)
    )
    panel.rectangle(0, 0.31, 1, 0.45, tone)
    panel.text(share, 0.5, 0.38, 0.7, 0.085, "inter", ink)
    panel.text("1 l", 0.84, 0.95, 0.16, 0.035, "inter", WHITE)
    return panel.image


def _bottle(smooth: bool) -> Image.Image:
    panel = Panel(520, 430, (254, 250, 240), (255, 232, 180))
    for x, y, r in ((0.22, 0.80, 0.22), (0.78, 0.84, 0.25), (0.5, 0.9, 0.2)):
        panel.ball(x, y, r, (250, 140, 10))
        panel.disc(x, y, r * 0.78, (255, 240, 205))
        panel.disc(x, y, r * 0.72, (252, 160, 30))
        for wedge in range(8):
            angle = wedge * math.pi / 4
            reach = r * 0.72 * panel.height
            cx, cy = panel.spot(x, y)
            panel.draw.line(
                (cx, cy, cx + reach * math.cos(angle), cy + reach * math.sin(angle)),
                fill=(255, 240, 205),
                width=5,
            )
    panel.text("Sunnabo", 0.5, 0.20, 0.80, 0.25, "oblique", (226, 92, 6), outline=WHITE)
    tone, word = ((30, 140, 60), "SMOOTH") if smooth else ((206, 30, 30), "WITH PULP")
    panel.rectangle(0, 0.40, 1, 0.60, tone)
    panel.text(word, 0.5, 0.50, 0.62, 0.13, "inter", WHITE)
    return _wrap(panel.image, _back(520, 430, (254, 240, 210), (120, 80, 30), 8))


def _tea_box() -> Image.Image:
    panel = Panel(410, 640, (20, 84, 62), (8, 48, 38))
    panel.rectangle(0.05, 0.03, 0.95, 0.97, None, radius=0.02, outline=(206, 170, 84), line=0.009)
    chance = random.Random(9)
    for _ in range(26):
        x, y, turn = chance.uniform(0.1, 0.9), chance.uniform(0.42, 0.93), chance.uniform(0, 6.3)
        leaf = [
            (
                x + 0.06 * (math.cos(turn) * a - math.sin(turn) * b),
                y + 0.04 * (math.sin(turn) * a + math.cos(turn) * b),
            )
            for a, b in ((-1, 0), (-0.3, 0.4), (0.5, 0.3), (1, 0), (0.5, -0.3), (-0.3, -0.4))
        ]
        panel.polygon(leaf, chance.choice(((44, 120, 72), (60, 140, 80), (30, 100, 66))))
    panel.rectangle(0.0, 0.14, 1.0, 0.37, CREAM)
    panel.rectangle(0.0, 0.355, 1.0, 0.37, (206, 170, 84))
    panel.rectangle(0.0, 0.14, 1.0, 0.155, (206, 170, 84))
    panel.text("Tavenny", 0.5, 0.235, 0.84, 0.11, "roman", (16, 70, 52))
    panel.text("GARDEN TEA", 0.5, 0.322, 0.6, 0.034, "sans", (150, 110, 40))
    panel.disc(0.5, 0.62, 0.155, CREAM)
    panel.polygon([(0.32, 0.60), (0.68, 0.60), (0.63, 0.70), (0.37, 0.70)], (170, 60, 30))
    panel.disc(0.5, 0.60, 0.115, (196, 96, 40), squash=0.22)
    panel.draw.arc((*panel.spot(0.62, 0.60), *panel.spot(0.76, 0.68)), -90, 120, (170, 60, 30), 9)
    for x in (0.44, 0.5, 0.56):
        panel.draw.arc(
            (*panel.spot(x - 0.03, 0.5), *panel.spot(x + 0.03, 0.57)), 90, 270, (180, 160, 130), 4
        )
    panel.text("25 BAGS", 0.5, 0.88, 0.34, 0.034, "sans", CREAM)
    return panel.image


def duo_band() -> Image.Image:
    """Front of the band that holds a double pack."""
    panel = Panel(820, 170, (214, 24, 34), (168, 12, 22))
    for x in (0.16, 0.5, 0.84):
        panel.text("DUO 2x", x, 0.5, 0.27, 0.62, "inter", WHITE)
    return panel.image


def _jam() -> Image.Image:
    panel = Panel(560, 330, CREAM, (240, 226, 196))
    chance = random.Random(12)
    panel.rectangle(0, 0, 1, 0.05, (150, 20, 50))
    panel.rectangle(0, 0.95, 1, 1, (150, 20, 50))
    for _ in range(9):
        x, y = chance.uniform(0.16, 0.84), chance.uniform(0.66, 0.86)
        for _ in range(14):
            panel.ball(x + chance.gauss(0, 0.022), y + chance.gauss(0, 0.035), 0.038, (206, 30, 70))
        panel.polygon([(x, y - 0.12), (x - 0.03, y - 0.06), (x + 0.03, y - 0.06)], (60, 130, 50))
    panel.text("Brambelo", 0.5, 0.27, 0.80, 0.28, "script", (130, 14, 46))
    panel.text("RASPBERRY", 0.5, 0.50, 0.5, 0.085, "serif", (80, 60, 40))
    return _wrap(panel.image, _back(560, 330, CREAM, (120, 90, 70), 13))


def _crisps() -> Image.Image:
    panel = Panel(520, 760, (250, 206, 30), (236, 140, 16))
    for ray in range(28):
        angle = ray * 2 * math.pi / 28
        panel.polygon(
            [
                (0.5, 0.36),
                (0.5 + 1.5 * math.cos(angle), 0.36 + 1.1 * math.sin(angle)),
                (0.5 + 1.5 * math.cos(angle + 0.11), 0.36 + 1.1 * math.sin(angle + 0.11)),
            ],
            (255, 222, 84),
        )
    chance = random.Random(21)
    for _ in range(26):
        x, y = chance.uniform(0.08, 0.92), chance.uniform(0.62, 0.88)
        r, squash = chance.uniform(0.055, 0.085), chance.uniform(0.5, 0.95)
        panel.disc(x + 0.008, y + 0.012, r, (176, 98, 14), squash)
        panel.disc(x, y, r, (226, 160, 50), squash)
        panel.disc(x - 0.004, y - 0.003, r * 0.9, (250, 214, 112), squash)
        panel.disc(x - 0.012, y - 0.008, r * 0.55, (255, 230, 150), squash)
    panel.polygon([(0.06, 0.22), (0.94, 0.15), (0.94, 0.42), (0.06, 0.49)], (200, 20, 28))
    panel.text("KROSPA", 0.5, 0.32, 0.80, 0.19, "inter", WHITE, turn=5, outline=(110, 6, 12))
    panel.rectangle(0.26, 0.50, 0.74, 0.575, (20, 60, 140), radius=0.03)
    panel.text("SEA SALT", 0.5, 0.537, 0.40, 0.045, "inter", WHITE)
    panel.rectangle(0, 0, 1, 0.05, (206, 206, 210))
    panel.rectangle(0, 0.95, 1, 1, (206, 206, 210))
    return panel.image


def _blister_card() -> Image.Image:
    panel = Panel(480, 690, (18, 20, 24), (44, 48, 56))
    panel.polygon([(0, 0.26), (1, 0.08), (1, 0.31), (0, 0.49)], (150, 220, 20))
    panel.text("LUMVIK", 0.5, 0.285, 0.84, 0.14, "inter", BLACK, turn=14)
    panel.text("AA", 0.82, 0.885, 0.24, 0.09, "inter", (150, 220, 20))
    panel.text("4x", 0.18, 0.885, 0.2, 0.08, "inter", WHITE)
    panel.rectangle(0.34, 0.045, 0.66, 0.075, (120, 120, 124), radius=0.015)
    return panel.image


def battery() -> Image.Image:
    """Wrap of one battery, its front in the middle."""
    panel = Panel(200, 240, (24, 26, 30))
    panel.rectangle(0, 0, 1, 0.3, (150, 220, 20))
    panel.text("LUMVIK", 0.5, 0.62, 0.5, 0.4, "inter", WHITE, turn=90)
    return panel.image


def _yogurt() -> Image.Image:
    panel = Panel(680, 330, (252, 252, 254), (232, 234, 248))
    swirl = [(0.08 + 0.84 * i / 40, 0.62 + 0.06 * math.sin(i * 0.35)) for i in range(41)]
    panel.polygon([*swirl, (0.92, 1), (0.08, 1)], (206, 200, 240))
    chance = random.Random(31)
    for _ in range(16):
        panel.ball(chance.uniform(0.14, 0.86), chance.uniform(0.70, 0.93), 0.085, (50, 60, 150))
    panel.text("Velmarre", 0.5, 0.28, 0.78, 0.28, "script", (70, 40, 140))
    panel.text("BLUEBERRY YOGURT", 0.5, 0.52, 0.56, 0.075, "sans", (90, 80, 150))
    return _wrap(panel.image, _back(680, 330, (240, 240, 250), (90, 90, 140), 33))


def gingham(tone: Color) -> Image.Image:
    """Chequered cloth for the lid of a jar."""
    panel = Panel(128, 128, WHITE)
    for step in range(8):
        if step % 2:
            soft = tuple((value + 255) // 2 for value in tone)
            panel.rectangle(step / 8, 0, (step + 1) / 8, 1, soft)
            panel.rectangle(0, step / 8, 1, (step + 1) / 8, soft)
    for row in range(1, 8, 2):
        for column in range(1, 8, 2):
            panel.rectangle(column / 8, row / 8, (column + 1) / 8, (row + 1) / 8, tone)
    return panel.image


def pack_side(base: Color, ink: Color, seed: int) -> Image.Image:
    """The narrow side of a box or carton."""
    return _back(300, 640, base, ink, seed)


FRONTS = {
    "pokrell-cola": lambda: _can(zero=False),
    "pokrell-zero": lambda: _can(zero=True),
    "marsund-tuna-water": lambda: _tin(oil=False),
    "marsund-tuna-oil": lambda: _tin(oil=True),
    "ovelmoor-milk-whole": lambda: _carton(light=False),
    "ovelmoor-milk-light": lambda: _carton(light=True),
    "sunnabo-pulp": lambda: _bottle(smooth=False),
    "sunnabo-smooth": lambda: _bottle(smooth=True),
    "tavenny-tea": _tea_box,
    "tavenny-tea-duo": _tea_box,
    "brambelo-jam": _jam,
    "krospa-crisps": _crisps,
    "lumvik-aa": _blister_card,
    "velmarre-yogurt": _yogurt,
}
"""SKU -> its art."""
