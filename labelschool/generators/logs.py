"""Logs of a running project: audits whose error rate jumps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CAUSES = ("annotator", "data", "guideline", "tool", "new_class")
"""Why an error rate rises:

* ``annotator``: one annotator errs far more, the others as before;
* ``data``: night pictures become five times as common; errors on each kind stay as likely;
* ``guideline``: with a new version everyone errs on vans;
* ``tool``: with a new version everyone draws loose boxes, whatever the class;
* ``new_class``: scooters appear, which nobody knows how to label.
"""
DAYS, AUDITS = 30, 60
BEFORE, AFTER = 0.04, 0.10
BASELINE_DAYS = 10
"""The error rate is `BEFORE` on these days in every stream, and some days longer."""
ALLOWED_DELAY = 2
CUSUM_REFERENCE, CUSUM_LIMIT = 0.066, 6.0
"""Reference rate between `BEFORE` and `AFTER` by the likelihood ratio; limit in errors."""

_ANNOTATORS = tuple(f"a{number}" for number in range(1, 7))
_CLASSES, _CLASS_SHARES = ("car", "van", "person", "sign"), (0.4, 0.2, 0.25, 0.15)
_NIGHT_BEFORE, _NIGHT_AFTER, _DAY_RATE, _NIGHT_RATE = 0.1, 0.5, 0.025, 0.175
_SCOOTERS, _SCOOTER_RATE = 0.08, 0.79


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened in one stream: from ``day`` (1 to 30) on the error rate is `AFTER`.

    ``detail`` names the annotator, picture source, version or class behind it.
    """

    stream: str
    day: int
    cause: str
    detail: str


def audits(seed: int) -> tuple[pd.DataFrame, tuple[Drift, ...]]:
    """Thirty days of audits in five streams, each with a drift of another cause, and the key.

    Columns: ``stream``, ``day`` (1 to 30), ``audit`` (1 to 60), ``annotator``, ``source``,
    ``class``, ``guideline``, ``tool``, ``error`` (0 or 1) and ``kind`` of the error. In every
    stream guideline and tool get a new version once; only where they are the cause does it
    matter. A stream is drawn again until p-chart and CUSUM speak at most two days after the drift
    and not before it, so that a learner who charts rightly finds the day.
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    tables, key = [], []
    for number, cause in enumerate(rng.permutation(CAUSES), start=1):
        draws = (_stream(f"S{number}", str(cause), rng) for _ in count())
        table, drift = next(draw for draw in draws if _detectable(draw[0], draw[1].day))
        tables.append(table)
        key.append(drift)
    return pd.concat(tables, ignore_index=True), tuple(key)


def _stream(name: str, cause: str, rng: np.random.Generator) -> tuple[pd.DataFrame, Drift]:
    import numpy as np
    import pandas as pd

    size = DAYS * AUDITS
    drift = int(rng.integers(BASELINE_DAYS + 2, DAYS - 8))
    elsewhere = [day for day in range(4, DAYS - 3) if abs(day - drift) > 4]
    releases = dict(
        zip(("guideline", "tool"), rng.choice(elsewhere, 2, replace=False), strict=True)
    )
    releases |= {cause: drift}
    day = np.repeat(np.arange(1, DAYS + 1), AUDITS)
    after = day >= drift
    night = rng.random(size) < np.where(after & (cause == "data"), _NIGHT_AFTER, _NIGHT_BEFORE)
    classes = rng.choice(_CLASSES, size, p=_CLASS_SHARES).astype(object)
    if cause == "new_class":
        classes[after & (rng.random(size) < _SCOOTERS)] = "scooter"
    people = rng.choice(_ANNOTATORS, size)
    culprit = str(rng.choice(_ANNOTATORS))
    affected, rate, detail = {
        "annotator": (after & (people == culprit), 0.40, culprit),
        "data": (night, _NIGHT_RATE, "night"),
        "guideline": (after & (classes == "van"), 0.34, "v2"),
        "tool": (after, AFTER, "draw-4.1"),
        "new_class": (classes == "scooter", _SCOOTER_RATE, "scooter"),
    }[cause]
    rates = np.where(affected, rate, _DAY_RATE if cause == "data" else BEFORE)
    error = rng.random(size) < rates
    loose = rng.random(size) < np.where(affected & (cause == "tool"), 0.8, 1 / 3)
    kind = np.where(loose, "loose", rng.choice(["class", "missed"], size))
    if cause in ("guideline", "new_class"):
        kind = np.where(affected, "class", kind)
    table = pd.DataFrame(
        {
            "stream": name,
            "day": day,
            "audit": np.tile(np.arange(1, AUDITS + 1), DAYS),
            "annotator": people,
            "source": np.where(night, "night", "day"),
            "class": classes,
            "guideline": np.where(day >= releases["guideline"], "v2", "v1"),
            "tool": np.where(day >= releases["tool"], "draw-4.1", "draw-4.0"),
            "error": error.astype(int),
            "kind": np.where(error, kind, ""),
        }
    )
    return table, Drift(name, drift, cause, detail)


def _detectable(table: pd.DataFrame, drift: int) -> bool:
    """Whether both charts speak in time with the known and with the measured baseline."""
    from labelschool.quality import drift as charts

    errors = table.groupby("day")["error"].sum().to_numpy()
    measured = charts.baseline_rate(errors, AUDITS, BASELINE_DAYS)
    total = charts.cusum(errors, AUDITS, CUSUM_REFERENCE)
    alarms = (
        charts.p_chart(errors, AUDITS, BEFORE).alarm_day,
        charts.p_chart(errors, AUDITS, measured).alarm_day,
        charts.first_day(total > CUSUM_LIMIT),
    )
    return all(drift <= alarm <= drift + ALLOWED_DELAY for alarm in alarms)
