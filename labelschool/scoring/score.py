"""What a scorer returns: the score of a pool and of each item, and what was wrong where.

The classes are the same for every modality. A `Finding` holds facts only; the words a learner
reads are made in `labelschool.feedback`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labelschool.model import BBox

from .taxonomy import TAXONOMY

BLIND_LIMIT = 0.15
"""A blind strategy must stay below this share; above it the score is rescaled (syllabus 2.4)."""

RECALL_TO_PASS = 0.80
"""Share of the objects to find without which boxes do not pass, whatever their score (2.4)."""

INTERVAL_ITEMS = 5
"""An interval from fewer items is not told: resampling them says next to nothing."""

RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Finding:
    """One wrong thing, named once.

    `cost` is the share of the pool's score that it took away, so the worst sort first. `region` is
    the part of the picture to show, in px. `rule` is a number of the pool's guideline. `details`
    holds what the sentence needs: sides and px, what was given and what was expected. A `note` is a
    slip that the tolerance forgives: it is told for learning, costs nothing or next to nothing, and
    is no error of the taxonomy's counts.
    """

    code: str
    item: str
    cost: float
    truth_id: int | None = None
    annotation_ids: tuple[str, ...] = ()
    region: BBox | None = None
    rule: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    note: bool = False


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The score of one item, 0 to 1, and how its annotations were counted.

    `right` pairs or labels, `extra` annotations that count as wrong, `missed` objects. An item with
    nothing to find scores 1.0 when left empty.
    """

    item: str
    value: float
    n: int
    right: int
    extra: int
    missed: int


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of a score of several: its value, and the least of it without which nobody
    passes, both as shares.
    """

    name: str
    value: float
    needed: float


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a pool.

    `value` is what is graded: `raw` (the metric itself) rescaled where a blind strategy earns at
    least `BLIND_LIMIT`, clipped to 0..1. `interval` is a 95 % percentile bootstrap over items on
    the scale of `value`; None with fewer than two items. `n` counts graded objects (detection) or
    items (classification). `recall` and `precision` are shares of objects and of boxes; `mean_iou`
    is over the matched pairs; all three are None where they do not apply. `parts` are the measures
    of which a pass needs each.
    """

    metric: str
    value: float
    raw: float
    blind: float
    n: int
    interval: tuple[float, float] | None
    items: tuple[ItemScore, ...]
    findings: tuple[Finding, ...]
    recall: float | None = None
    precision: float | None = None
    mean_iou: float | None = None
    parts: tuple[Part, ...] = ()

    def passes(self, mark: float) -> bool:
        """Whether `value` reaches the mark, every part what it needs and, of boxes, enough objects
        are found.
        """
        enough = self.metric != "detection" or self.recall >= RECALL_TO_PASS
        parts = all(part.value >= part.needed for part in self.parts)
        return self.value >= mark and enough and parts

    @property
    def told_interval(self) -> tuple[float, float] | None:
        """The interval; None as well where `INTERVAL_ITEMS` are not reached."""
        return self.interval if len(self.items) >= INTERVAL_ITEMS else None

    def counts(self) -> dict[str, int]:
        """Number of findings per code, in the order of the taxonomy; absent codes are left out.

        Notes are not counted: what a tolerance forgives is no error.
        """
        found = Counter(finding.code for finding in self.findings if not finding.note)
        return {code: found[code] for code in TAXONOMY if found[code]}

    def item_counts(self) -> dict[str, dict[str, int]]:
        """`counts` of each item that has any; lines of a form have no codes and are ``wrong``."""
        if self.metric == "numbers":
            return {line.item: {"wrong": 1} for line in self.items if not line.right}
        found: dict[str, Counter[str]] = {}
        for finding in self.findings:
            if not finding.note:
                found.setdefault(finding.item, Counter())[finding.code] += 1
        return {item: dict(found[item]) for item in sorted(found)}

    def item(self, name: str) -> ItemScore:
        """The score of one item. Raises KeyError for an item that is not in the pool."""
        for score in self.items:
            if score.item == name:
                return score
        raise KeyError(name)


def rescale(raw: float, blind: float) -> float:
    """``clip((raw - blind) / (1 - blind))`` where `blind` reaches the limit, else ``clip(raw)``."""
    value = (raw - blind) / (1 - blind) if BLIND_LIMIT <= blind < 1 else raw
    return float(min(max(value, 0.0), 1.0))


def cost_scale(blind: float) -> float:
    """By how much a loss in the raw metric grows when the score is rescaled."""
    return 1 / (1 - blind) if BLIND_LIMIT <= blind < 1 else 1.0


def worst_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings by falling cost, notes last; ties in a fixed order, however they were found."""
    order = {code: place for place, code in enumerate(TAXONOMY)}
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                f.note,
                -round(f.cost, 9),
                order[f.code],
                f.item,
                f.truth_id or 0,
                f.annotation_ids,
            ),
        )
    )


def bootstrap_weights(n: int, *, seed: int = 0) -> Any:
    """How often each of `n` items is drawn in each resample: int array (RESAMPLES, n)."""
    import numpy as np

    return np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=RESAMPLES)


def percentile_interval(values: Any, blind: float = 0.0) -> tuple[float, float]:
    """The central 95 % of bootstrapped raw scores, on the scale of `Score.value`."""
    import numpy as np

    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return rescale(float(low), blind), rescale(float(high), blind)


def ratio_interval(
    qualities: Sequence[float], weights: Sequence[float], blind: float = 0.0
) -> tuple[float, float] | None:
    """The interval of a pool's sum of `qualities` over its sum of `weights`, one of each an item.

    Items are resampled, since what was made in one picture depends. None with fewer than two.
    """
    if len(weights) < 2:
        return None
    import numpy as np

    drawn = bootstrap_weights(len(weights))
    size = drawn @ np.asarray(weights)
    values = (drawn @ np.asarray(qualities))[size > 0] / size[size > 0]
    return percentile_interval(values, blind)
