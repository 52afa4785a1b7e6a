"""What went wrong in a pool of masks: each wrong thing once, by its most specific code.

Masks that lie in one object are its pieces (E5), one over several objects merges them (E4), a
second one of a found object is a duplicate (E3), the rest is invented (E2) or missed (E1). The
wrong pixels of a pair are then told apart: holes that were filled and things in front that were
outlined along (E4), pieces that were left out (E7), and the rest beyond the object (E6) or of it
(E7). Each costs by its share of the wrong pixels, so the costs of a pool add up to what it lost,
save for edges that are good enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import ndimage

from labelschool.model import BBox

from .pixels import around, holes, mask_iou
from .score import Finding, cost_scale

if TYPE_CHECKING:
    from .masks import MaskMatch
    from .pixels import Pixels

ASKED, VISIBLE, HOLES, PARTS, THIN, EDGE = 1, 2, 3, 4, 5, 6
"""Rules of guideline G14."""

WORTH_NAMING = 0.90
"""Worth of a shape from which its edge is not complained about."""
LEAST_PX = 40
"""Holes, pieces and bridges below this many pixels are not named."""
FAR_PX = 12
"""A cut that lies farther than this from what was drawn is a part left out, no careless edge."""
FILLED, LEFT_OUT = 0.5, 0.3
"""Share of a hole covered from which it counts as filled, and of a piece below which it is out."""
INSIDE, COVERED = 0.7, 0.6
"""Share of a mask that lies in the object it is a piece of; share of an object under a mask that
was drawn around it.
"""
CLEARLY = 0.05
"""By how much the IoU of a special explanation must beat the plain one."""
TWIN = 0.3
"""IoU from which an extra mask shows an object that is found already."""
EIGHT = np.ones((3, 3))


def diagnose(matches: Sequence[MaskMatch], blind: float) -> list[Finding]:
    """All findings of a pool; `blind` is the pool's blind score, which scales the costs."""
    weight = sum(match.weight for match in matches)
    scale = cost_scale(blind) / weight
    return [
        replace(finding, cost=finding.cost * scale)
        for match in matches
        for finding in _Picture(match).run()
    ]


class _Picture:
    """The diagnosis of one picture; costs are in units of the weight."""

    def __init__(self, match: MaskMatch) -> None:
        self.match = match
        self.open = set(match.extra)
        self.whole: set[int] = set()
        self.missed = set(match.missed)

    def run(self) -> Iterator[Finding]:
        yield from self._split()
        yield from self._merged()
        for n, m in self.match.pairs.items():
            if n not in self.whole:
                yield from self._shape(n, m)
            if not self.match.credits[n].label_right:
                yield self._wrong_class(n, m)
        yield from self._left_over()

    def _split(self) -> Iterator[Finding]:
        """E5: several masks that lie in one object and show more of it together."""
        drawn, visible = self.match.drawn, self.match.visible
        for n, m in self.match.pairs.items():
            pieces = [k for k in sorted(self.open) if self._share(drawn[k], visible[m]) >= INSIDE]
            pieces = [k for k in pieces if self._share(drawn[k], drawn[n]) < 0.5]
            if not pieces or self._share(drawn[n], visible[m]) < INSIDE:
                continue
            together = np.logical_or.reduce([drawn[k] for k in (n, *pieces)])
            if mask_iou(together, visible[m]) < self.match.credits[n].iou + CLEARLY:
                continue
            self.open -= set(pieces)
            self.whole.add(n)
            cost = 1 - self.match.credits[n].worth + len(pieces) / 2
            yield self._told("E5", "split", cost, m, (n, *pieces), PARTS, pieces=1 + len(pieces))

    def _merged(self) -> Iterator[Finding]:
        """E4: one mask over several of the objects."""
        drawn, visible = self.match.drawn, self.match.visible
        for n in sorted({*self.open, *self.match.pairs}):
            own = self.match.pairs.get(n)
            group = [m for m, v in enumerate(visible) if self._share(v, drawn[n]) >= COVERED]
            plain = max((mask_iou(drawn[n], visible[m]) for m in group), default=1.0)
            if own is not None and own not in group:
                continue
            if not any(
                mask_iou(drawn[n], np.logical_or.reduce([visible[m] for m in some])) > plain
                for size in range(2, len(group) + 1)
                for some in combinations(group, size)
            ):
                continue
            lost = [m for m in group if m in self.missed]
            cost = len(lost) / 2 + (0.5 if own is None else 1 - self.match.credits[n].worth)
            self.missed -= set(lost)
            self.open.discard(n)
            self.whole.add(n)
            labels = tuple(self.match.must[m].label for m in group)
            yield self._told("E4", "objects", cost, group[0], (n,), PARTS, labels=labels)

    def _shape(self, n: int, m: int) -> Iterator[Finding]:
        """What is wrong with the pixels of a pair, dearest first."""
        drawn, true = self.match.drawn[n], self.match.visible[m]
        window = around(drawn | true, 2)
        drawn, true = drawn[window], true[window]
        beyond, out = drawn & ~true, true & ~drawn
        filled = _those(holes(true), drawn, lambda share: share >= FILLED) & drawn
        bridge = _bridges(beyond & ~filled, true)
        left = _those(true, drawn, lambda share: share < LEFT_OUT, EIGHT) & out
        told = [
            ("E4", "hole", filled, HOLES),
            ("E4", "bridge", bridge, VISIBLE),
            ("E7", "part", left, PARTS),
        ]
        loose, cut = beyond & ~filled & ~bridge, out & ~left
        lost, wrong = 1 - self.match.credits[n].worth, max(np.count_nonzero(beyond | out), 1)
        for code, kind, region, rule in told:
            px = np.count_nonzero(region)
            if px >= LEAST_PX:
                count = int(ndimage.label(region, EIGHT)[1])
                cost = lost * px / wrong
                spot = _placed(region, window)
                yield self._told(code, kind, cost, m, (n,), rule, spot, px=px, count=count)
        if self.match.credits[n].worth >= WORTH_NAMING:
            return
        area = max(np.count_nonzero(true), 1)
        for code, kind, region, other in (("E6", "loose", loose, true), ("E7", "cut", cut, drawn)):
            px = np.count_nonzero(region)
            if px and (px >= 0.25 * np.count_nonzero(loose | cut)):
                worst, reach = _worst(region, other)
                rule = THIN if kind == "cut" and reach > FAR_PX else EDGE
                yield self._told(
                    code, kind, lost * px / wrong, m, (n,), rule, _placed(worst, window),
                    px=reach, share=px / area, iou=self.match.credits[n].iou,
                )  # fmt: skip

    def _wrong_class(self, n: int, m: int) -> Finding:
        pair, given = self.match.credits[n], self.match.made[n].label
        return self._told("E8", "label", pair.worth - pair.quality, m, (n,), ASKED, given=given)

    def _left_over(self) -> Iterator[Finding]:
        """E3, E2 and E1."""
        for n in sorted(self.open):
            drawn = self.match.drawn[n]
            fits = [(mask_iou(drawn, self.match.visible[m]), m) for m in self.match.pairs.values()]
            fit, m = max(fits, default=(0.0, None))
            if fit >= TWIN:
                yield self._told("E3", "again", 0.5, m, (n,), PARTS)
            else:
                given = self.match.made[n].label
                yield self._told("E2", "invented", 0.5, None, (n,), ASKED, given=given)
        for m in sorted(self.missed):
            yield self._told("E1", "missed", 0.5, m, (), ASKED)

    def _share(self, mask: Pixels, of: Pixels) -> float:
        """The share of a mask that lies in another."""
        return np.count_nonzero(mask & of) / max(np.count_nonzero(mask), 1)

    def _told(
        self,
        code: str,
        kind: str,
        cost: float,
        m: int | None,
        made: Sequence[int],
        rule: int,
        spot: BBox | None = None,
        **details: Any,
    ) -> Finding:
        """A finding; the part of the picture to show is `spot`, else all that it speaks of."""
        shown = [self.match.drawn[n] for n in made]
        if m is not None:
            shown.append(self.match.visible[m])
            details["label"] = self.match.must[m].label
        return Finding(
            code=code,
            item=self.match.truth.item,
            cost=float(cost),
            truth_id=None if m is None else self.match.must[m].id,
            annotation_ids=tuple(self.match.made[n].id for n in made),
            region=spot or _placed(np.logical_or.reduce(shown)),
            rule=rule,
            details={"kind": f"mask_{kind}", **details},
        )


def _those(mask: Pixels, drawn: Pixels, chosen: Any, structure: Any = None) -> Pixels:
    """The pieces of a mask of which `drawn` covers a share that is `chosen`."""
    labels, count = ndimage.label(mask, structure)
    if not count:
        return mask
    numbers = np.arange(1, count + 1)
    sizes = ndimage.sum_labels(mask, labels, numbers)
    shares = ndimage.sum_labels(drawn, labels, numbers) / sizes
    kept = numbers[(sizes >= LEAST_PX) & np.array([chosen(share) for share in shares])]
    return np.isin(labels, kept)


def _bridges(beyond: Pixels, true: Pixels) -> Pixels:
    """What was drawn of something in front: regions that join two pieces of the object."""
    pieces, count = ndimage.label(true, EIGHT)
    if count < 2:
        return np.zeros_like(true)
    regions, there = ndimage.label(beyond)
    near = (
        ndimage.maximum_filter(pieces, 3),
        ndimage.minimum_filter(np.where(pieces, pieces, count + 1), 3),
    )
    kept = [
        number
        for number in range(1, there + 1)
        if (spot := regions == number).sum() >= LEAST_PX
        and near[1][spot].min() < near[0][spot].max()
    ]
    return np.isin(regions, kept)


def _worst(region: Pixels, other: Pixels) -> tuple[Pixels, float]:
    """The piece of a region that lies farthest from a mask, and how far in px."""
    away = np.where(region, ndimage.distance_transform_edt(~other), 0)
    labels, _ = ndimage.label(region, EIGHT)
    place = np.unravel_index(away.argmax(), away.shape)
    return labels == labels[place], float(away[place])


def _placed(region: Pixels, window: tuple[slice, slice] | None = None) -> BBox | None:
    """The box in px round a region of the picture, or of a window of it; None where it is empty."""
    if not region.any():
        return None
    rows, columns = around(region)
    top, left = (window[0].start, window[1].start) if window else (0, 0)
    return (
        float(left + columns.start),
        float(top + rows.start),
        float(columns.stop - columns.start),
        float(rows.stop - rows.start),
    )
