# SPDX-License-Identifier: GPL-3.0-or-later
"""Passenger cars and panel vans: a body lofted through cross sections along its length.

Metres; the front points to +x.
"""

from __future__ import annotations

import math

import bmesh
import bpy
import kit
import materials
from car_shapes import CAR_SHAPES, CarShape

RING_POINTS = 16
"""Points per cross section: 9 from the sill over the right side to the roof, 7 mirrored."""


def _stations(shape: CarShape):
    """Cross-section positions about every 22 cm.

    Returns them and the index of each profile point.
    """
    stations, key_index = [], []
    for index, (share, height) in enumerate(shape.profile):
        key_index.append(len(stations))
        stations.append((share, height))
        if index + 1 < len(shape.profile):
            next_share, next_height = shape.profile[index + 1]
            steps = max(1, round((next_share - share) * shape.length / 0.22))
            stations += [
                (
                    share + (next_share - share) * k / steps,
                    height + (next_height - height) * k / steps,
                )
                for k in range(1, steps)
            ]
    return stations, key_index


def _cross_section(shape: CarShape, share: float, height: float):
    """The ring of ``RING_POINTS`` points at one station, from the keel over the right side, roof
    and back.
    """
    taper = 1 - 0.16 * max(0, 1 - share / 0.10) ** 2 - 0.10 * max(0, (share - 0.93) / 0.07) ** 2
    half = shape.width / 2 * taper
    belt = min(shape.belt_height, height - 0.02)
    lean = min(1, max(0, (height - shape.belt_height) / (shape.height - shape.belt_height)))
    sill = shape.ground_clearance + (0.06 if share < 0.03 or share > 0.97 else 0)
    lean_in = 0.10 if shape.panel_van else 0.20
    roof_edge = half * (0.96 - lean_in * lean)
    right = [
        (0, sill),
        (half * 0.86, sill),
        (half * 0.975, sill + 0.10),
        (half, (sill + belt) / 2 + 0.03),
        (half * 0.985, belt - 0.06),
        (half * 0.97, belt),
        (roof_edge, max(belt + 0.005, height - 0.07 * lean - 0.01)),
        (roof_edge - 0.10 * lean - 0.08, height),
        (0, height + 0.025 * lean + 0.01),
    ]
    x = shape.length / 2 - share * shape.length
    return [(x, -y, z) for y, z in right] + [(x, y, z) for y, z in right[1:-1][::-1]]


def _face_material(shape: CarShape, station: int, point: int, keys) -> int:
    """0 paint, 1 glass, 2 dark plastic for the face after ``station`` and ``point``."""
    if point in (0, 1, RING_POINTS - 1, RING_POINTS - 2):
        return 2
    on_side = point in (5, RING_POINTS - 6)
    on_roof = point in (6, 7, RING_POINTS - 7, RING_POINTS - 8)
    cabin = (keys[shape.cabin[0]], keys[shape.cabin[1]])
    windscreen = (keys[shape.windscreen[0]], keys[shape.windscreen[1]])
    rear_window = (keys[shape.rear_window[0]], keys[shape.rear_window[1]])
    pillar = (windscreen[1] + (cabin[1] if shape.panel_van else rear_window[0])) // 2
    if on_side and cabin[0] + 1 <= station < cabin[1] - 1 and station != pillar:
        return 1
    if on_roof and (
        windscreen[0] <= station < windscreen[1] or rear_window[0] <= station < rear_window[1]
    ):
        return 1
    return 0


def _axles(shape: CarShape):
    return shape.length / 2 - 0.17 * shape.length - 0.05, -shape.length / 2 + 0.19 * shape.length


def _body(shape: CarShape):
    """Lofted, subdivided body with cut-out wheel arches."""
    stations, keys = _stations(shape)
    vertices, faces, face_materials = [], [], []
    for share, height in stations:
        vertices += _cross_section(shape, share, height)
    for station in range(len(stations) - 1):
        for point in range(RING_POINTS):
            here, after = station * RING_POINTS, (station + 1) * RING_POINTS
            following = (point + 1) % RING_POINTS
            faces.append((here + point, here + following, after + following, after + point))
            face_materials.append(_face_material(shape, station, point, keys))
    last = (len(stations) - 1) * RING_POINTS
    faces += [tuple(range(RING_POINTS))[::-1], tuple(last + point for point in range(RING_POINTS))]
    face_materials += [0, 0]
    body = kit.mesh_object(
        "body",
        vertices,
        faces,
        [materials.car_paint(), materials.car_glass(), materials.dark_plastic()],
        face_materials,
        True,
    )
    working = bmesh.new()
    working.from_mesh(body.data)
    bmesh.ops.recalc_face_normals(working, faces=working.faces)
    crease = working.edges.layers.float.new("crease_edge")
    for edge in working.edges:
        if len({face.material_index for face in edge.link_faces}) > 1:
            edge[crease] = 0.75
    working.to_mesh(body.data)
    working.free()
    subdivision = body.modifiers.new("subdivision", "SUBSURF")
    subdivision.levels = subdivision.render_levels = 2
    cutters = []
    for x in _axles(shape):
        radius = shape.wheel_radius * 1.16
        cutter = kit.lathe(
            "cutter",
            [
                (1e-3, -shape.width),
                (radius, -shape.width),
                (radius, shape.width),
                (1e-3, shape.width),
            ],
            [materials.dark_plastic()],
            segments=40,
        )
        cutter.rotation_euler, cutter.location = (math.pi / 2, 0, 0), (x, 0, shape.wheel_radius)
        cut = body.modifiers.new("arch", "BOOLEAN")
        cut.object, cut.operation, cut.solver = cutter, "DIFFERENCE", "EXACT"
        cutters.append(cutter)
    mesh = kit.apply_modifiers(body)
    for used in (body, *cutters):
        bpy.data.objects.remove(used)
    return kit.link(bpy.data.objects.new("body", mesh))


def wheel(x, y, radius, width=0.2, spokes=5):
    """Parts of one wheel at (x, y); the rim faces away from the vehicle's middle."""
    side = 1 if y > 0 else -1
    half = width / 2
    tyre = kit.lathe(
        "tyre",
        [
            (radius * 0.62, -half),
            (radius * 0.93, -half),
            (radius, -half + 0.03),
            (radius, half - 0.03),
            (radius * 0.93, half),
            (radius * 0.66, half),
        ],
        [materials.rubber()],
    )
    tyre.rotation_euler, tyre.location = (math.pi / 2, 0, 0), (x, y, radius)
    disc = kit.lathe(
        "disc", [(1e-3, 0), (radius * 0.66, 0)], [materials.dark_plastic()], segments=24
    )
    disc.rotation_euler, disc.location = (
        (side * math.pi / 2, 0, 0),
        (x, y + side * half * 0.6, radius),
    )
    rim = kit.lathe(
        "rim",
        [(radius * 0.60, 0), (radius * 0.68, 0), (radius * 0.68, 0.03), (radius * 0.60, 0.03)],
        [materials.alloy()],
        segments=28,
    )
    rim.rotation_euler, rim.location = (
        (-side * math.pi / 2, 0, 0),
        (x, y + side * half * 0.8, radius),
    )
    parts = [tyre, disc, rim]
    for index in range(spokes):
        angle = 2 * math.pi * index / spokes
        spoke = kit.box(
            "spoke",
            (
                x + radius * 0.34 * math.cos(angle),
                y + side * half * 0.85,
                radius + radius * 0.34 * math.sin(angle),
            ),
            (radius * 0.66, 0.03, 0.06),
            materials.alloy(),
        )
        spoke.rotation_euler = (0, -angle, 0)
        parts.append(spoke)
    return parts


def _fittings(shape: CarShape):
    """Lamps, mirrors, door gaps, handles, grille, plates and bumpers."""
    length, width, belt = shape.length, shape.width, shape.belt_height
    dark, lamp_height = materials.dark_plastic(), shape.profile[1][1] - 0.10
    parts = [kit.box("underbody", (0, 0, 0.5), (length * 0.86, width * 0.72, 0.42), dark)]
    for side in (-1, 1):
        parts.append(
            kit.box(
                "lamp_frame",
                (length / 2 - 0.11, side * width * 0.335, lamp_height),
                (0.14, 0.42, 0.17),
                dark,
                0.03,
            )
        )
        parts.append(
            kit.box(
                "head_lamp",
                (length / 2 - 0.085, side * width * 0.335, lamp_height),
                (0.16, 0.36, 0.12),
                materials.head_lamp(),
                0.03,
            )
        )
        tail_size = (0.13, 0.14, 0.42) if shape.panel_van else (0.13, 0.24, 0.16)
        tail_z = belt if shape.panel_van else belt - 0.13
        parts.append(
            kit.box(
                "tail_lamp",
                (-length / 2 + 0.06, side * width * (0.43 if shape.panel_van else 0.385), tail_z),
                tail_size,
                materials.tail_lamp(),
                0.02,
            )
        )
        mirror_height = 0.26 if shape.panel_van else 0.14
        parts.append(
            kit.box(
                "mirror",
                (
                    length / 2 - (shape.profile[3][0] + 0.06) * length,
                    side * (width / 2 + 0.09),
                    belt + 0.09,
                ),
                (0.1, 0.2, mirror_height),
                materials.body_plastic(),
                0.03,
            )
        )
        for share in (0.12, -0.12) if shape.panel_van else (0.02, -0.24):
            parts.append(
                kit.box(
                    "door_gap",
                    (
                        share * length,
                        side * width / 2 * 0.992,
                        (shape.ground_clearance + belt) / 2 + 0.05,
                    ),
                    (0.012, 0.02, belt - shape.ground_clearance - 0.2),
                    dark,
                )
            )
        parts.append(
            kit.box(
                "handle",
                (-0.03 * length, side * width / 2 * 0.99, belt - 0.12),
                (0.16, 0.03, 0.025),
                materials.body_plastic(),
            )
        )
        parts.append(
            kit.box(
                "sill",
                (0, side * width / 2 * 0.96, shape.ground_clearance + 0.06),
                (length * 0.44, 0.05, 0.09),
                dark,
                0.02,
            )
        )
    clearance, plate_z = (
        shape.ground_clearance,
        (0.78 if shape.panel_van else shape.ground_clearance + 0.38),
    )
    parts += [
        kit.box(
            "grille",
            (length / 2 - 0.03, 0, lamp_height - 0.13),
            (0.1, width * 0.5, 0.13),
            dark,
            0.02,
        ),
        kit.box(
            "badge",
            (length / 2 + 0.022, 0, lamp_height - 0.06),
            (0.02, 0.12, 0.07),
            materials.alloy(),
            0.01,
        ),
        kit.box(
            "front_plate",
            (length / 2 + 0.02, 0, lamp_height - 0.26),
            (0.02, 0.5, 0.11),
            materials.number_plate(),
        ),
        kit.box(
            "rear_plate",
            (-length / 2 - 0.01, 0, plate_z),
            (0.03, 0.5, 0.11),
            materials.number_plate(),
        ),
        kit.box(
            "rear_bumper",
            (-length / 2 + 0.02, 0, clearance + 0.14),
            (0.1, width * 0.8, 0.18),
            dark,
            0.03,
        ),
        kit.box(
            "front_bumper",
            (length / 2 - 0.02, 0, clearance + 0.10),
            (0.1, width * 0.72, 0.15),
            dark,
            0.03,
        ),
    ]
    if shape.panel_van:
        parts.append(
            kit.box(
                "door_split",
                (-length / 2 + 0.015, 0, 1.35),
                (0.05, 0.02, shape.height * 0.62),
                dark,
            )
        )
    return parts


def car_mesh(kind: str):
    """Mesh of one of ``CAR_SHAPES``, standing on z = 0 with its middle at the origin."""
    shape = CAR_SHAPES[kind]
    parts = [_body(shape), *_fittings(shape)]
    for x in _axles(shape):
        for side in (-1, 1):
            parts += wheel(x, side * (shape.width / 2 - 0.11), shape.wheel_radius)
    return kit.join(parts, kind)


def open_door_meshes(kind: str):
    """(door, opening) for the driver's side of ``kind``: the door swung open, and the dark gap it
    leaves in the body.
    """
    shape = CAR_SHAPES[kind]
    hinge_x, width, belt = 0.17 * shape.length, 1.0, shape.belt_height
    dark = materials.dark_plastic()
    panel = kit.box(
        "panel",
        (-width / 2, 0, (belt + 0.32) / 2),
        (width, 0.07, belt - 0.32),
        materials.body_plastic(),
        0.02,
    )
    frame = kit.box(
        "frame",
        (-width * 0.54, 0, belt + 0.2),
        (width * 0.82, 0.04, 0.4),
        materials.car_glass(),
        0.01,
    )
    lining = kit.box(
        "lining",
        (-width / 2, -0.04, (belt + 0.32) / 2),
        (width * 0.9, 0.02, belt - 0.45),
        materials.plain("door_lining", (0.16, 0.155, 0.15), 0.7),
    )
    door = kit.join([panel, frame, lining], f"{kind}_door")
    for vertex in door.vertices:
        x, y = vertex.co.x, vertex.co.y
        angle = math.radians(-62)
        vertex.co.x, vertex.co.y = (
            x * math.cos(angle) - y * math.sin(angle) + hinge_x,
            x * math.sin(angle) + y * math.cos(angle) + shape.width / 2,
        )
    opening = kit.join(
        [
            kit.box(
                "opening",
                (hinge_x - width / 2, shape.width / 2 * 0.985, (belt + 0.34) / 2 + 0.02),
                (width * 0.96, 0.06, belt - 0.34),
                dark,
            )
        ],
        f"{kind}_opening",
    )
    return door, opening
