"""Outlines ``[x0, y0, x1, y1, ...]``: whether one is simple, and which part lies in which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from labelschool.formats import rasters
from labelschool.formats.dataset import Box, Polygon
from labelschool.formats.shapes import around

Ring = Sequence[float]
Point = tuple[float, float]


def fault(polygon: Polygon) -> str:
    """What is wrong with the first ring that is not simple; nothing where all are."""
    return next(filter(None, map(_fault, (*polygon.parts, *polygon.holes))), "")


def _fault(ring: Ring) -> str:
    if len(ring) < 6 or len(ring) % 2:
        return f"a polygon of {len(ring) // 2} points has no area."
    if crossing := _crossing(ring):
        return f"edges of the polygon cross near ({crossing[0]:.4g}, {crossing[1]:.4g})."
    return "" if rasters.area(ring) else "all points of the polygon lie on a line."


def _crossing(ring: Ring) -> Point | None:
    """The start of an edge of a ring that crosses another, or None.

    Edges are compared in the order of their left ends, as long as they overlap from left to right.
    """
    points = list(zip(ring[0::2], ring[1::2], strict=True))
    if len(points) == 3:
        return None
    edges = [(a, b) if a <= b else (b, a) for a, b in pairwise((*points, points[0]))]
    edges.sort()
    for number, (a, b) in enumerate(edges):
        low, high = (a[1], b[1]) if a[1] <= b[1] else (b[1], a[1])
        for other in range(number + 1, len(edges)):
            c, d = edges[other]
            if c[0] > b[0]:
                break
            apart = (c[1] > high and d[1] > high) or (c[1] < low and d[1] < low)
            if not apart and _cross(a, b, c, d):
                return c
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(p: Point, q: Point, r: Point) -> float:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def nested(polygon: Polygon) -> Iterator[Ring]:
    """The parts of a polygon whose points all lie inside another part."""
    if len(polygon.parts) < 2:
        return
    extents = [around(part) for part in polygon.parts]
    for part, box in zip(polygon.parts, extents, strict=True):
        for outer, beyond in zip(polygon.parts, extents, strict=True):
            if _within(box, beyond) and _encloses(outer, part):
                yield part
                break


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and inner.y + inner.h <= outer.y + outer.h
        and inner.w * inner.h < outer.w * outer.h
    )


def _encloses(outer: Ring, part: Ring) -> bool:
    points = zip(part[0::2], part[1::2], strict=True)
    return all(rasters.inside(x, y, outer) for x, y in points)
