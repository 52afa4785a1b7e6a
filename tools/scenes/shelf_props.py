# SPDX-License-Identifier: GPL-3.0-or-later
"""What hangs on a shelf or stands in it: tags, wobblers, trays and posters. Metres."""

from __future__ import annotations

import math
import random

import kit
import materials
import shelf_cards
from PIL import Image

TAG_SIZE = (0.066, 0.040)


def tag(shop, sku, style, x, z, tilt, chance, scale=1.0):
    """A price tag in the rail at (x, z), leaning back by ``tilt`` degrees, a little crooked."""
    image = shelf_cards.price_tag(sku.name, sku.price, style, len(sku.id))
    material = shop.art(f"tag_{sku.id}_{style}", image, 0.35)
    width, height = TAG_SIZE[0] * scale, TAG_SIZE[1] * scale
    card = kit.quad(
        "tag",
        [
            (-width / 2, 0, -height / 2),
            (width / 2, 0, -height / 2),
            (width / 2, 0, height / 2),
            (-width / 2, 0, height / 2),
        ],
        material,
    )
    card.location = (x, -0.0155, z)
    card.rotation_euler = (math.radians(-tilt), math.radians(chance.gauss(0, 1.3)), 0)
    return card


def wobbler(shop, words, tone, x, z, reach, radius=0.042):
    """A round card on a bent plastic strip that sticks out of the rail by ``reach``."""
    name = f"wobbler_{words}_{tone[0]}"
    material = shop.art(name.replace("%", "pc"), shelf_cards.wobbler(words, tone), 0.35)
    count = 36
    ring = [
        (math.cos(2 * math.pi * i / count), math.sin(2 * math.pi * i / count)) for i in range(count)
    ]
    uvs = [((a + 1) / 2, (b + 1) / 2) for a, b in ring]
    disc = kit.mesh_object(
        "wobbler",
        [(a * radius, 0, b * radius) for a, b in ring],
        [tuple(range(count))],
        [material],
        uvs=uvs,
    )
    disc.location = (x, -reach, z)
    disc.rotation_euler = (math.radians(-6), math.radians(7), math.radians(9))
    clear = materials.plain("strip_plastic", (0.7, 0.7, 0.7), 0.15)
    kit.tube("strip", (x, -0.012, z - 0.03), (x, -reach + 0.002, z), 0.0014, 0.0014, clear, 6)
    return disc


def tray(width, depth, x, z, seed):
    """A shelf-ready cardboard tray around a block of products, with a low front."""
    board = materials.plain(
        "cardboard",
        (0.40, 0.26, 0.14),
        0.85,
        bump=0.2,
        bump_scale=90,
        variation=0.12,
        variation_scale=9,
    )
    lip, thick = 0.026 + 0.008 * random.Random(seed).random(), 0.003
    parts = [
        kit.box("tray", (x, 0.006, z + lip / 2), (width, thick, lip), board),
        kit.box("tray", (x, 0.006 + depth / 2, z + thick / 2), (width, depth, thick), board),
    ]
    for side in (-1, 1):
        edge = x + side * width / 2
        parts.append(
            kit.box("tray", (edge, 0.006 + depth / 2, z + lip), (thick, depth, 2 * lip), board)
        )
    kit.place(kit.join(parts, "tray"), "tray")


def poster(shop, sku, portrait, x, y, z, height, turn=0.0):
    """A framed poster of a product around ``portrait``, its middle at (x, y, z)."""
    tone = random.Random(sku.id).choice(
        ((190, 30, 40), (24, 90, 160), (30, 130, 80), (120, 50, 140))
    )
    with Image.open(portrait) as opened:
        image = shelf_cards.poster(opened.convert("RGBA"), sku.brand, sku.price, tone)
    width = height * 0.7
    frame = kit.box(
        "frame",
        (0, 0.006, 0),
        (width + 0.02, 0.01, height + 0.02),
        materials.plain("poster_frame", (0.6, 0.6, 0.6), 0.3, metallic=0.8),
    )
    sheet = kit.quad(
        "poster",
        [
            (-width / 2, 0, -height / 2),
            (width / 2, 0, -height / 2),
            (width / 2, 0, height / 2),
            (-width / 2, 0, height / 2),
        ],
        shop.art(f"poster_{sku.id}", image, 0.3),
    )
    for part in (frame, sheet):
        part.location = (x, y + (0.006 if part is frame else 0), z)
        part.rotation_euler.z = math.radians(turn)
    return sheet
