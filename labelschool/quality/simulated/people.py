"""What the simulated annotators of all modalities share: who they are and how they work a pool.

One idea of a person serves every modality: skill, care, bias and speed as numbers. Each modality
has one table of five such people and says there what the numbers mean for it:

=========  ====================================================================
expert     careful and exact
trained    a good annotator, the yardstick of the pass marks
loose      means well and takes in too much: too large, too wide, too generous
hasty      fast; overlooks much and slips
confuser   exact, and takes one thing for its neighbour
=========  ====================================================================

Four more kinds are made from them:

==========  ===================================================================
spammer     answers without looking
lazy        does the obvious and leaves every default
drifting    trained at the first item of a pool, hasty at the last
collusive   copies one trained leader, whatever the seed, with tiny changes
==========  ===================================================================

Learners are always told that these annotators are simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from labelschool.model import Annotation, Truth

PROFILES = (
    "expert",
    "trained",
    "loose",
    "hasty",
    "confuser",
    "spammer",
    "lazy",
    "drifting",
    "collusive",
)

LEADER_SEED = 1_979
"""Whom all collusive annotators copy."""

COPY_SECONDS = 2.0
"""Median time a collusive annotator spends on a copy."""

Seed = int | np.random.Generator


@dataclass(frozen=True, slots=True)
class Person:
    """Skill, care, bias and speed of one kind of annotator.

    `error` is the spread of what is drawn or judged around what is right and `bias` its systematic
    lean, both in a unit that the modality names. `confusion` (one thing taken for its neighbour)
    and `slips` (a gross error) are probabilities. `seconds` is the median active time for one
    annotation.
    """

    error: float
    bias: float
    confusion: float
    slips: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Finder(Person):
    """A person who has to find the things first.

    `miss` shifts the logit of overlooking one, `invented` is the probability of an annotation where
    nothing is.
    """

    miss: float
    invented: float


T = TypeVar("T", bound=Truth)
P = TypeVar("P", bound=Person)
A = TypeVar("A", bound=Annotation)


def work_pool(
    truth: Sequence[T],
    profile: str,
    seed: Seed,
    *,
    people: Mapping[str, P],
    draw: Callable[[T, P, np.random.Generator], Iterable[A]],
    spam: Callable[[T, np.random.Generator], Iterable[A]],
    lazy: Callable[[T, np.random.Generator], Iterable[A]],
    nudge: Callable[[A, np.random.Generator], A],
) -> dict[str, tuple[A, ...]]:
    """What one annotator makes of a pool, by item.

    `draw` does an item as one of `people` would, `spam` and `lazy` as those two would; `nudge`
    changes a copied annotation a little. Raises KeyError for a profile that does not exist.
    """
    rng = np.random.default_rng(seed)
    if profile in ("spammer", "lazy"):
        answer = spam if profile == "spammer" else lazy
        return {item.item: tuple(answer(item, rng)) for item in truth}
    if profile == "collusive":
        leader = work_pool(
            truth,
            "trained",
            LEADER_SEED,
            people=people,
            draw=draw,
            spam=spam,
            lazy=lazy,
            nudge=nudge,
        )
        return {item: tuple(_copies(made, nudge, rng)) for item, made in leader.items()}
    if profile == "drifting":
        ends = people["trained"], people["hasty"]
        crew = [between(*ends, share) for share in np.linspace(0, 1, len(truth))]
    else:
        crew = [people[profile]] * len(truth)
    return {
        item.item: tuple(draw(item, person, rng)) for item, person in zip(truth, crew, strict=True)
    }


def _copies(
    made: Iterable[A], nudge: Callable[[A, np.random.Generator], A], rng: np.random.Generator
) -> Iterable[A]:
    for annotation in made:
        copy = nudge(annotation, rng)
        yield copy.model_copy(update={"ms": active_ms(COPY_SECONDS, rng)})


def unchanged(annotation: A, rng: np.random.Generator) -> A:
    """The `nudge` of a copy that has nothing to change unseen."""
    return annotation


def between(first: P, last: P, progress: float) -> P:
    """The person part of the way (0 to 1) from one to another, linear in every number."""
    return type(first)(
        **{
            f.name: getattr(first, f.name) * (1 - progress) + getattr(last, f.name) * progress
            for f in fields(first)
        }
    )


def active_ms(seconds: float, rng: np.random.Generator) -> float:
    """Active time around a median, log-normal as reaction and handling times are."""
    return float(round(1000 * seconds * rng.lognormal(0, 0.35)))


def heavy_tailed(rng: np.random.Generator, size: int | tuple[int, ...]) -> np.ndarray:
    """Errors of the hand in units of their spread: Student-t with 4 degrees of freedom."""
    return rng.standard_t(4, size)


def happens(logit: float, rng: np.random.Generator) -> bool:
    """Whether something of this logit happens."""
    return bool(rng.random() < 1 / (1 + np.exp(-logit)))


def neighbour(
    label: str,
    confusion: float,
    neighbours: Mapping[str, Mapping[str, float]],
    classes: Sequence[str],
    rng: np.random.Generator,
) -> str:
    """A label as this person sees it: with probability `confusion` one of its neighbours.

    `neighbours` gives them with weights; only `classes` are chosen from.
    """
    others = {name: w for name, w in neighbours.get(label, {}).items() if name in classes}
    if not others or rng.random() >= confusion:
        return label
    weights = np.array(list(others.values()))
    return str(rng.choice(list(others), p=weights / weights.sum()))


def next_class(classes: Sequence[str]) -> dict[str, dict[str, float]]:
    """Neighbours where nothing better is known: each class is taken for the next of the list."""
    return {label: {classes[n - len(classes) + 1]: 1.0} for n, label in enumerate(classes)}
