# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes of the ten packaging kinds. A product stands on z = 0, its front looks along -y and its
middle is at x = y = 0; metres.
"""

from __future__ import annotations

import math

import kit
import materials
import pack_art
from product_parts import aluminium, clear_plastic, crate, turned


def _can(shop, sku):
    r, h = sku.size[0] / 2, sku.size[2]
    profile = [
        (1e-3, 0.002),
        (r * 0.72, 0),
        (r * 0.8, 0.003),
        (r, 0.011),
        (r, h - 0.010),
        (r * 0.84, h - 0.0015),
        (r * 0.84, h),
        (r * 0.80, h),
        (r * 0.79, h - 0.004),
        (1e-3, h - 0.004),
    ]
    mats = [shop.front(sku, roughness=0.3, metallic=0.45), aluminium()]
    return [turned("can", profile, mats, [1, 1, 1, 0, 1, 1, 1, 1, 1], (3, 4))]


def _tin(shop, sku):
    r, h = sku.size[0] / 2, sku.size[2]
    profile = [
        (1e-3, 0.002),
        (r * 0.96, 0.0015),
        (r, 0),
        (r, 0.003),
        (r * 0.98, 0.005),
        (r * 0.98, h - 0.005),
        (r, h - 0.003),
        (r, h),
        (r * 0.96, h),
        (r * 0.95, h - 0.003),
        (1e-3, h - 0.003),
    ]
    mats = [shop.front(sku, roughness=0.35, coat=0.3), aluminium()]
    return [turned("tin", profile, mats, [1, 1, 1, 1, 0, 1, 1, 1, 1, 1], (4, 5))]


def _bottle(shop, sku):
    r, h = sku.size[0] / 2, sku.size[2]
    juice = materials.plain(
        "juice", (0.86, 0.36, 0.02), 0.12, coat=1.0, variation=0.12, variation_scale=14
    )
    clear = materials.plain("bottle_neck", (0.72, 0.62, 0.50), 0.08, coat=1.0)
    cap = materials.plain("bottle_cap", (0.88, 0.30, 0.02), 0.35)
    profile = [
        (1e-3, 0.004),
        (r * 0.7, 0),
        (r * 0.95, 0.006),
        (r, 0.02),
        (r, h * 0.20),
        (r * 0.975, h * 0.205),
        (r * 0.975, h * 0.60),
        (r, h * 0.605),
        (r * 0.99, h * 0.66),
        (r * 0.80, h * 0.76),
        (r * 0.48, h * 0.85),
        (r * 0.40, h * 0.885),
        (r * 0.40, h * 0.91),
        (r * 0.50, h * 0.915),
        (r * 0.50, h * 0.99),
        (r * 0.45, h),
        (1e-3, h),
    ]
    slots = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 2, 3, 3, 3, 3]
    mats = [juice, shop.front(sku, roughness=0.35), clear, cap]
    return [turned("bottle", profile, mats, slots, (5, 6))]


def _jar(shop, sku):
    r, h = sku.size[0] / 2, sku.size[2]
    jam = materials.plain(
        "jam", (0.16, 0.006, 0.022), 0.06, coat=1.0, variation=0.4, variation_scale=60
    )
    cloth = shop.art("lid_cloth", pack_art.gingham((150, 20, 50)), roughness=0.4)
    rim = materials.plain("lid_rim", (0.62, 0.60, 0.56), 0.3, metallic=0.5)
    profile = [
        (1e-3, 0.004),
        (r * 0.85, 0),
        (r * 0.98, 0.005),
        (r, 0.014),
        (r, 0.019),
        (r, h * 0.68),
        (r, h * 0.72),
        (r * 0.9, h * 0.80),
        (r * 0.86, h * 0.83),
        (r * 0.90, h * 0.835),
        (r * 0.91, h * 0.97),
        (r * 0.88, h),
        (1e-3, h),
    ]
    slots = [0, 0, 0, 0, 1, 0, 0, 0, 3, 2, 2, 2]
    body = turned("jar", profile[:9], [jam, shop.front(sku, roughness=0.6)], slots[:8], (4, 5))
    lid = turned("lid", profile[8:], [cloth, rim], [1, 0, 0, 0], (1, 2))
    for corner in lid.data.uv_layers[0].data:
        corner.uv = (corner.uv[0] * 3, corner.uv[1] * 0.35)
    return [body, lid]


def _tub(shop, sku):
    r, h = sku.size[0] / 2, sku.size[2]
    white = materials.plain("tub_plastic", (0.85, 0.85, 0.84), 0.35)
    lid = materials.plain("tub_lid", (0.22, 0.14, 0.52), 0.4)
    profile = [
        (1e-3, 0.003),
        (r * 0.80, 0),
        (r * 0.84, 0.004),
        (r * 0.93, h * 0.86),
        (r, h * 0.87),
        (r, h * 0.965),
        (r * 0.97, h * 0.99),
        (r * 0.90, h),
        (r * 0.88, h * 0.975),
        (1e-3, h * 0.975),
    ]
    slots = [1, 1, 0, 2, 2, 2, 2, 2, 2]
    mats = [shop.front(sku, roughness=0.35), white, lid]
    return [turned("tub", profile, mats, slots, (2, 3))]


def _box(shop, sku):
    side = shop.art("tea_side", pack_art.pack_side((16, 66, 50), (190, 160, 90), 41), 0.4)
    lid = materials.plain("tea_lid", (0.006, 0.07, 0.045), 0.4)
    return [crate("box", sku.size, shop.front(sku, roughness=0.36, coat=0.2), side, lid)]


def _multipack(shop, sku):
    width, depth, height = sku.size
    single = shop.skus[sku.twin]
    parts = []
    for place in (-1, 1):
        (half,) = _box(shop, single)
        half.location.x = place * (width - single.size[0]) / 2
        parts.append(half)
    art = shop.art("duo_band", pack_art.duo_band(), roughness=0.25, coat=0.6)
    plain = materials.plain("duo_band_plain", (0.45, 0.008, 0.012), 0.25, coat=0.6)
    band = crate(
        "band",
        (width + 0.002, depth + 0.002, height * 0.26),
        art,
        plain,
        plain,
        height * 0.36,
        0.0004,
    )
    return [*parts, band]


def _carton(shop, sku):
    """Gable-top carton with a screw cap on its front slope."""
    w, d, h = sku.size[0] / 2, sku.size[1] / 2, sku.size[2]
    wall, peak = h * 0.80, h * 0.945
    front = shop.front(sku, roughness=0.42, coat=0.1)
    side = shop.art("milk_side", pack_art.pack_side((240, 246, 250), (30, 70, 140), 43), 0.42)
    paper = materials.plain("carton_paper", (0.80, 0.84, 0.88), 0.45)
    vertices = [
        (-w, -d, 0),
        (w, -d, 0),
        (w, d, 0),
        (-w, d, 0),
        (-w, -d, wall),
        (w, -d, wall),
        (w, d, wall),
        (-w, d, wall),
        (-w, 0, peak),
        (w, 0, peak),
        (-w, -0.0015, h),
        (w, -0.0015, h),
        (w, 0.0015, h),
        (-w, 0.0015, h),
        (-w * 0.55, 0, peak),
        (w * 0.55, 0, peak),
    ]
    faces = [
        (0, 1, 5, 4),
        (1, 2, 6, 5),
        (2, 3, 7, 6),
        (3, 0, 4, 7),
        (3, 2, 1, 0),
        (4, 5, 9, 8),
        (6, 7, 8, 9),
        (8, 9, 11, 10),
        (9, 8, 13, 12),
        (10, 11, 12, 13),
        (5, 6, 15),
        (7, 4, 14),
        (5, 15, 9),
        (15, 6, 9),
        (4, 8, 14),
        (14, 8, 7),
    ]
    whole = [(0, 0), (1, 0), (1, 1), (0, 1)]
    uvs = whole * 4 + [(0, 0)] * (sum(len(face) for face in faces) - 16)
    slots = [0, 1, 0, 1] + [2] * (len(faces) - 4)
    body = kit.mesh_object("carton", vertices, faces, [front, side, paper], slots, False, uvs)
    kit.add_bevel(body, 0.0012)
    slope = math.atan2(peak - wall, d)
    cap = turned(
        "cap",
        [(1e-3, 0), (0.016, 0), (0.016, 0.014), (0.014, 0.016), (1e-3, 0.016)],
        [materials.plain("carton_cap", (0.05, 0.16, 0.45), 0.35)],
        [0] * 4,
        (1, 2),
        segments=20,
        location=(0, -d * 0.52, wall + (peak - wall) * 0.48),
    )
    cap.rotation_euler.x = slope
    return [body, cap]


def _pouch(shop, sku):
    """A filled bag: two inflated sheets with flat seals and creases towards the seals."""
    width, depth, height = sku.size
    columns, rows = 26, 34
    front = shop.front(sku, roughness=0.28, coat=0.5)
    vertices, faces, uvs = [], [], []
    for side in (-1, 1):
        for row in range(rows + 1):
            v = row / rows
            for column in range(columns + 1):
                u = column / columns
                fill = min(1.0, max(0.0, (min(v, 1 - v) - 0.045) / 0.30))
                fill = math.sin(fill * math.pi / 2) ** 0.8
                bulge = (1 - abs(2 * u - 1) ** 2.6) * fill
                crease = 0.0035 * math.sin(u * 46 + side + 3 * v) * (1 - fill) * min(1, fill * 6)
                crease += 0.0022 * math.sin(u * 9 + v * 13 + side) * fill
                squeeze = 1 - 0.07 * fill
                vertices.append(
                    (
                        (u - 0.5) * width * squeeze,
                        side * (depth / 2 * bulge + crease + 5e-4),
                        v * height,
                    )
                )
    size = (rows + 1) * (columns + 1)
    for side in (0, 1):
        for row in range(rows):
            for column in range(columns):
                grid = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
                faces.append(tuple(side * size + r * (columns + 1) + c for r, c in grid))
                uvs += [((1 - c / columns) if side else c / columns, r / rows) for r, c in grid]
    made = kit.mesh_object("pouch", vertices, faces, [front], None, True, uvs)
    return [made]


def _blister(shop, sku):
    """Card with four batteries under a clear bubble; hangs from its hole."""
    width, depth, height = sku.size
    card = crate(
        "card",
        (width, 0.0012, height),
        shop.front(sku, roughness=0.35, coat=0.4),
        *[materials.plain("card_edge", (0.5, 0.5, 0.5), 0.6)] * 2,
        bevel=0.0001,
    )
    card.location.y = depth / 2 - 0.001
    cell = shop.art("battery", pack_art.battery(), roughness=0.3, metallic=0.3)
    r, low, high = 0.0072, 0.022, 0.072
    profile = [
        (1e-3, 0),
        (r, 0),
        (r, high - low),
        (r * 0.4, high - low),
        (r * 0.4, high - low + 2e-3),
        (1e-3, high - low + 2e-3),
    ]
    parts = [card]
    for index in range(4):
        parts.append(
            turned(
                "cell",
                profile,
                [cell, aluminium()],
                [1, 0, 1, 1, 1],
                (1, 2),
                20,
                ((index - 1.5) * 0.0165, depth / 2 - 0.0105, low),
            )
        )
    bubble = crate(
        "bubble", (0.076, 0.020, 0.060), *[clear_plastic()] * 3, base=low - 0.004, bevel=0.004
    )
    bubble.location.y = depth / 2 - 0.0115
    return [*parts, bubble]


MAKERS = {
    "can": _can,
    "tin": _tin,
    "bottle": _bottle,
    "jar": _jar,
    "tub": _tub,
    "box": _box,
    "multipack": _multipack,
    "carton": _carton,
    "pouch": _pouch,
    "blister": _blister,
}
"""Packaging kind -> function (shop, sku) that returns the parts of one product."""
