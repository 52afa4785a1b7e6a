"""Rules on outlines and masks: R7 to R11, and R25."""

from __future__ import annotations

from collections.abc import Iterator

from labelschool.formats import rasters
from labelschool.formats.dataset import Box, Label, Mask, Polygon
from labelschool.formats.shapes import around, around_mask
from labelschool.lint.boxes import TOLERANCE
from labelschool.lint.export import Export
from labelschool.lint.outlines import nested
from labelschool.lint.rules import Problem, rule


@rule(
    "R7",
    "The area is that of the mask, within 2 % or 1 px",
    pitfalls=("COCO: the area is missing, or is that of the box",),
)
def area_of_the_mask(export: Export) -> Iterator[Problem]:
    """A label of COCO tells the area of its mask, or of its box where it has none."""
    if export.format != "coco":
        return
    for label in export.labels:
        if label.area is None:
            if label.region is not None or label.box is not None:
                yield (
                    export.at(label),
                    "it tells no area.",
                    "Write the area of the mask: evaluation sorts objects by it.",
                )
            continue
        if label.box is not None and (label.box.w <= 0 or label.box.h <= 0):
            continue
        known = None
        for area in _areas(export, label):
            known = area if known is None else known
            if abs(label.area - area) <= max(1, 0.02 * area):
                break
        else:
            if known is None:
                continue
            what = "box" if label.region is None else "mask"
            yield (
                export.at(label),
                f"the area is {label.area:g} px², that of the {what} is {known:g} px².",
                "Compute it again from the outline; the area of the box is another number.",
            )


def _areas(export: Export, label: Label) -> Iterator[float]:
    """What counts as the area of a label, in px²: inside its outline, then by its pixels.

    Nothing for a region that is broken in a way of its own.
    """
    region = label.region
    if isinstance(region, Mask):
        if _fills(region):
            yield sum(region.counts[1::2])
    elif isinstance(region, Polygon):
        if id(label) in export.faults:
            return
        yield sum(map(rasters.area, region.parts)) - sum(map(rasters.area, region.holes))
        for inner in nested(region):
            yield sum(map(rasters.area, region.parts)) - 2 * rasters.area(inner)
        item = export.picture(label)
        if item and item.width * item.height <= rasters.MOST_PIXELS:
            filled = rasters.filled(region, int(item.width), int(item.height))
            yield sum(filled.counts[1::2])
    elif region is None and label.box is not None:
        yield label.box.w * label.box.h


@rule(
    "R8",
    "A box encloses its outline, but for 0.5 px",
    pitfalls=("COCO: masks and boxes differ by a pixel, as one counts the last pixel",),
)
def box_around_region(export: Export) -> Iterator[Problem]:
    """The box of a label lies around its polygon or mask."""
    for label in export.labels:
        box, inner = label.box, _extent(export, label)
        if box is None or inner is None or box.angle or box.w <= 0 or box.h <= 0:
            continue
        out = max(
            box.x - inner.x,
            box.y - inner.y,
            inner.x + inner.w - box.x - box.w,
            inner.y + inner.h - box.y - box.h,
        )
        if round(out, 6) > TOLERANCE:
            yield (
                export.at(label),
                f"the outline passes its box by {out:.4g} px.",
                "Compute the box again from all parts of the outline.",
            )


def _extent(export: Export, label: Label) -> Box | None:
    region = label.region
    if isinstance(region, Mask):
        return around_mask(region) if _fills(region) else None
    if isinstance(region, Polygon) and id(label) not in export.faults:
        return around([value for part in region.parts for value in part])
    return None


@rule(
    "R9",
    "A polygon has three points, an area, and no edges that cross",
    pitfalls=("CVAT: run lengths in the place of a polygon are refused on import",),
)
def simple_polygons(export: Export) -> Iterator[Problem]:
    """Each ring of a polygon is simple."""
    for label in export.labels:
        if fault := export.faults.get(id(label)):
            yield export.at(label), fault, "Draw this outline again."


@rule(
    "R10",
    "Run lengths fill their picture",
    pitfalls=(
        "Label Studio: the run lengths of a brush are not those of COCO",
        "CVAT: the run lengths of a mask go row by row, and over its own box alone",
    ),
)
def runs_fill_the_picture(export: Export) -> Iterator[Problem]:
    """The run lengths of a mask have no negative one and sum up to its pixels."""
    for label in export.labels:
        mask = label.region
        if not isinstance(mask, Mask):
            continue
        item = export.picture(label)
        size = (item.width, item.height) if item else (mask.width, mask.height)
        if not _fills(mask):
            said = f"the run lengths sum up to {sum(mask.counts):,}"
            yield (
                export.at(label),
                f"{said}, and {mask.width} x {mask.height} is {mask.width * mask.height:,}.",
                "Encode the mask again: column by column, over the whole picture.",
            )
        elif (mask.width, mask.height) != size:
            yield (
                export.at(label),
                f"the mask is {mask.width} x {mask.height}, its picture {size[0]:g} x {size[1]:g}.",
                "Encode the mask again; COCO's size is height, then width.",
            )


def _fills(mask: Mask) -> bool:
    counts = mask.counts
    return min(counts, default=0) >= 0 and sum(counts) == mask.width * mask.height


@rule("R11", "iscrowd is 0 or 1, and a crowd is a mask of run lengths")
def crowds_are_masks(export: Export) -> Iterator[Problem]:
    """A crowd with an outline has it as run lengths."""
    if export.format != "coco":
        return
    for label in export.labels:
        if label.crowd and isinstance(label.region, Polygon):
            yield (
                export.at(label),
                "iscrowd is 1, and the outline is a polygon.",
                "For a crowd, encode the outline as run lengths; for one object, set iscrowd to 0.",
            )


@rule(
    "R25",
    "A hole is no part of its polygon",
    "warning",
    pitfalls=("COCO: a polygon has no holes, so that a hole becomes a part that is filled",),
)
def no_hole_as_part(export: Export) -> Iterator[Problem]:
    """No part of a polygon lies inside another part."""
    for label in export.labels:
        polygon = label.region
        if isinstance(polygon, Polygon) and id(label) not in export.faults:
            for inner in nested(polygon):
                yield (
                    export.at(label),
                    f"a part of the polygon, at ({inner[0]:.4g}, {inner[1]:.4g}), lies inside "
                    "another part: a hole that will be filled.",
                    "Write the object as run lengths, which can have holes.",
                )
