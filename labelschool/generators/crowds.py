"""Crowds: many simulated annotators who give one class to each of the same items.

Everyone has a confusion matrix; the roles differ in it:

* ``expert``, ``trained`` and ``hasty`` are right with 0.92, 0.85 and 0.65, errors are uniform;
* ``confuser`` exchanges the second and the third class and is otherwise right with 0.90;
* ``spammer`` always says the first class, whatever is shown;
* ``lazy`` knows the two commonest classes and mostly calls the rest the first class;
* ``drifting`` begins as ``trained`` and is right with 0.35 at the last item;
* ``collusive`` annotators copy one hasty leader and change one label in thirty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CLASSES = ("car", "van", "truck", "bus")
PRIOR = (0.4, 0.3, 0.2, 0.1)
"""How common each class is."""

FIVE = ("expert", "trained", "hasty", "confuser", "spammer")
"""The pool on which Dawid-Skene is compared with the majority vote."""
TEN = (*FIVE, "trained", "lazy", "drifting", "collusive", "collusive")
"""A pool with every role."""

ACCURACY = {"expert": 0.92, "trained": 0.85, "hasty": 0.65, "confuser": 0.90}
ROLES = (*ACCURACY, "spammer", "lazy", "drifting", "collusive")
DRIFTED = 0.35
KNOWN, SHORTCUT = 0.90, 0.80
"""A lazy annotator's accuracy on the two commonest classes; how often the rest is the first."""
COPIED = 29 / 30
SOLVABLE = 0.96
"""What Dawid-Skene reaches on a crowd that an answer is judged by, which has to reach 0.95."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What a crowd said and what is true.

    ``labels`` has one row for each label, with columns ``item``, ``annotator`` and ``label``;
    ``truth`` maps each item to its class, ``roles`` each annotator to the role played.
    """

    labels: pd.DataFrame
    truth: Mapping[str, str]
    roles: Mapping[str, str]


def pool(seed: int, n_items: int = 120, workers: Sequence[str] = FIVE) -> Pool:
    """The labels of a crowd on ``n_items`` items, one label of each worker for each item.

    ``workers`` are roles; the annotators' names do not tell which is whose. Raises ValueError for
    an unknown role.
    """
    import numpy as np
    import pandas as pd

    if unknown := set(workers) - set(ROLES):
        raise ValueError(f"unknown roles {sorted(unknown)}; there are {', '.join(ROLES)}")
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(CLASSES), n_items, p=PRIOR)
    said = [
        _answers(workers, int(true), index / max(n_items - 1, 1), rng)
        for index, true in enumerate(truth)
    ]
    items = [f"item-{number:03}" for number in range(1, n_items + 1)]
    numbers = np.random.default_rng([seed, 1]).permutation(len(workers)) + 1
    names = [f"a{number:02}" for number in numbers]
    rows = [
        (item, name, CLASSES[answer])
        for item, answers in zip(items, said, strict=True)
        for name, answer in sorted(zip(names, answers, strict=True))
    ]
    return Pool(
        pd.DataFrame(rows, columns=["item", "annotator", "label"]),
        {item: CLASSES[true] for item, true in zip(items, truth, strict=True)},
        dict(sorted(zip(names, workers, strict=True))),
    )


def solvable_pool(seed: int, n_items: int = 120, workers: Sequence[str] = FIVE) -> Pool:
    """The first pool of the seeds `seed`, `seed` + 1 and so on whose items Dawid-Skene gets right
    to a share of at least `SOLVABLE`. Of `FIVE` workers three pools in four are of this kind.
    """
    import pandas as pd

    from labelschool.quality import dawid_skene

    pools = (pool(seed + step, n_items, workers) for step in count())
    return next(
        made
        for made in pools
        if (dawid_skene(made.labels).consensus == pd.Series(made.truth)).mean() >= SOLVABLE
    )


def _answers(
    workers: Sequence[str], true: int, progress: float, rng: np.random.Generator
) -> list[int]:
    """What each worker says on one item; ``progress`` runs from 0 to 1 over the pool."""

    def draw(role: str) -> int:
        return int(rng.choice(len(CLASSES), p=confusion(role, progress)[true]))

    leader = draw("hasty") if "collusive" in workers else None
    return [
        leader if role == "collusive" and rng.random() < COPIED else draw(role) for role in workers
    ]


def confusion(role: str, progress: float = 0.0) -> np.ndarray:
    """P(said | true) of a role, shape (classes, classes); ``progress`` matters to the drifting.

    A collusive annotator's own labels are as good as a hasty one's.
    """
    import numpy as np

    size = len(CLASSES)
    first = np.eye(size)[np.zeros(size, dtype=int)]
    if role == "spammer":
        return first
    if role == "lazy":
        return np.vstack([_uniform(KNOWN)[:2], SHORTCUT * first[2:] + 0.2 * np.eye(size)[2:]])
    if role == "drifting":
        return _uniform(ACCURACY["trained"] * (1 - progress) + DRIFTED * progress)
    matrix = _uniform(ACCURACY.get(role, ACCURACY["hasty"]))
    return matrix[[0, 2, 1, 3]] if role == "confuser" else matrix


def _uniform(accuracy: float) -> np.ndarray:
    """The matrix of somebody whose errors fall on all other classes alike."""
    import numpy as np

    size = len(CLASSES)
    wrong = (1 - accuracy) / (size - 1)
    return np.full((size, size), wrong) + np.eye(size) * (accuracy - wrong)
