# SPDX-License-Identifier: GPL-3.0-or-later
"""Vehicle bodies without their side mirrors, for cuboids that include mirrors or leave them out."""

from __future__ import annotations

import bmesh
import bpy

REACH = 0.08
"""A piece that stands out this many metres beyond the body's side belongs to a mirror."""


def split_mirrors(mesh: bpy.types.Mesh) -> tuple[bpy.types.Mesh, bpy.types.Mesh | None]:
    """Copies of a vehicle mesh as (body, mirrors); no mirrors where nothing stands out.

    Mirrors are the connected pieces that reach at least `REACH` beyond the widest point of the
    largest piece and lie on one side only.
    """
    working = bmesh.new()
    working.from_mesh(mesh)
    working.verts.ensure_lookup_table()
    pieces = _pieces(working)
    shell = max(pieces, key=lambda piece: _volume(working, piece))
    half = max(abs(working.verts[index].co.y) for index in shell)
    mirrors = set()
    for piece in pieces:
        sides = [working.verts[index].co.y for index in piece]
        if (min(sides) > 0 or max(sides) < 0) and max(map(abs, sides)) > half + REACH:
            mirrors |= piece
    working.free()
    if not mirrors:
        return mesh.copy(), None
    return _without(mesh, mirrors), _without(mesh, set(range(len(mesh.vertices))) - mirrors)


def _pieces(working) -> list[set[int]]:
    """Indices of the vertices of each connected piece."""
    seen, pieces = set(), []
    for start in working.verts:
        if start.index in seen:
            continue
        piece, waiting = {start.index}, [start]
        while waiting:
            for edge in waiting.pop().link_edges:
                for vertex in edge.verts:
                    if vertex.index not in piece:
                        piece.add(vertex.index)
                        waiting.append(vertex)
        seen |= piece
        pieces.append(piece)
    return pieces


def _volume(working, piece) -> float:
    """Volume in cubic metres of the box around a piece."""
    positions = [working.verts[index].co for index in piece]
    volume = 1.0
    for axis in range(3):
        values = [position[axis] for position in positions]
        volume *= max(values) - min(values)
    return volume


def _without(mesh, unwanted) -> bpy.types.Mesh:
    """A copy of ``mesh`` without the vertices whose indices are given."""
    kept = mesh.copy()
    working = bmesh.new()
    working.from_mesh(kept)
    bmesh.ops.delete(
        working,
        geom=[vertex for vertex in working.verts if vertex.index in unwanted],
        context="VERTS",
    )
    working.to_mesh(kept)
    working.free()
    return kept
