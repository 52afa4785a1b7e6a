"""Simulated annotators of several questions about one item: two rule sheets, skills in ads, cases.

Under two sheets the thing is misread with probability `slips`, which makes both answers random,
and a question gets the answer of the other sheet with probability `confusion`. Where the two
differ, a person of habit answers both alike with probability `bias`.

In an advertisement a skill that is named is wanted to the degree of its place, 1 welcome or
2 required, which is judged with a standard error of `error` and a lean of `bias`, and rounded. It
is overlooked with probability `slips`, and put down as the next of the list with probability
`confusion`. Loose: takes what is welcome for required. Two trained annotators agree to a kappa of
0.83; two careful readings of the same advertisements within the project agreed to 0.90.

Of a case whose second answer is the reason for the first, what decides is overlooked with
probability `slips`, which makes both answers random; each is taken for the next of its list with
probability `confusion`, and the reason is a guess with probability `bias`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from labelschool.model import Choice, TextTruth

from .people import Person, Seed, active_ms, next_class, unchanged, work_pool
from .people import neighbour as as_seen

# fmt: off
SHEET_PROFILES: Mapping[str, Person] = {
    #                  error, bias, confusion, slips, seconds
    "expert":   Person(0.00, .01, .003, .003, 9.0),
    "trained":  Person(0.00, .06, .015, .020, 10.0),
    "loose":    Person(0.00, .75, .060, .040, 8.0),
    "hasty":    Person(0.00, .45, .150, .150, 3.0),
    "confuser": Person(0.00, .10, .700, .020, 10.0),
}
AD_PROFILES: Mapping[str, Person] = {
    #                  error, bias, confusion, slips, seconds
    "expert":   Person(0.20, 0.00, .01, .01, 7.0),
    "trained":  Person(0.32, 0.00, .02, .05, 8.0),
    "loose":    Person(0.40, 0.65, .06, .08, 7.0),
    "hasty":    Person(0.60, 0.15, .12, .25, 3.0),
    "confuser": Person(0.32, 0.00, .40, .05, 8.0),
}
CASE_PROFILES: Mapping[str, Person] = {
    #                  error, bias, confusion, slips, seconds
    "expert":   Person(0.00, .02, .010, .010, 35.0),
    "trained":  Person(0.00, .10, .060, .040, 40.0),
    "loose":    Person(0.00, .40, .250, .150, 30.0),
    "hasty":    Person(0.00, .40, .200, .350, 8.0),
    "confuser": Person(0.00, .10, .600, .040, 40.0),
}
# fmt: on

LEVELS = (None, "welcome", "required")


def annotate_sheets(
    truth: Sequence[TextTruth],
    profile: str,
    seed: Seed,
    *,
    questions: Sequence[str],
    classes: Sequence[str],
) -> dict[str, tuple[Choice, ...]]:
    """One answer under each of two rule sheets, named by `questions`, for each item of a pool.

    ``spammer`` chooses at random, ``lazy`` says the first of `classes` throughout. Raises KeyError
    for a profile that does not exist.
    """

    def draw(item: TextTruth, person: Person, rng: np.random.Generator) -> Iterator[Choice]:
        right = [item.choices[question][0] for question in questions]
        if rng.random() < person.slips:
            right = [str(label) for label in rng.choice(list(classes), len(right))]
        elif rng.random() < person.bias:
            right = [right[rng.integers(len(right))]] * len(right)
        for question, mine, other in zip(questions, right, right[::-1], strict=True):
            label = other if rng.random() < person.confusion else mine
            yield _choice(question, (label,), person.seconds, rng)

    def spam(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        for question in questions:
            yield _choice(question, (str(rng.choice(list(classes))),), 0.4, rng)

    def lazy(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        for question in questions:
            yield _choice(question, (classes[0],), 0.9, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=SHEET_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def annotate_cases(
    truth: Sequence[TextTruth],
    profile: str,
    seed: Seed,
    *,
    questions: Mapping[str, Sequence[str]],
) -> dict[str, tuple[Choice, ...]]:
    """One answer to each of `questions`, which have their classes, for each case of a pool; the
    last asks for the reason of the others.

    ``spammer`` chooses at random, ``lazy`` says the first class throughout. Raises KeyError for a
    profile that does not exist.
    """
    *_, reason = questions

    def any_of(question: str, rng: np.random.Generator) -> str:
        return str(rng.choice(list(questions[question])))

    def draw(item: TextTruth, person: Person, rng: np.random.Generator) -> Iterator[Choice]:
        lost = rng.random() < person.slips
        for question, classes in questions.items():
            label = item.choices[question][0]
            if lost or (question == reason and rng.random() < person.bias):
                label = any_of(question, rng)
            label = as_seen(label, person.confusion, next_class(classes), classes, rng)
            yield _choice(question, (label,), person.seconds / len(questions), rng)

    def spam(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        for question in questions:
            yield _choice(question, (any_of(question, rng),), 0.4, rng)

    def lazy(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        for question, classes in questions.items():
            yield _choice(question, (classes[0],), 0.9, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=CASE_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def annotate_ads(
    truth: Sequence[TextTruth], profile: str, seed: Seed, *, skills: Sequence[str]
) -> dict[str, tuple[Choice, ...]]:
    """The skills one simulated annotator marks as required and as welcome in each advertisement.

    ``spammer`` marks at random, ``lazy`` marks the skills named as required, whatever is said of
    them. Raises KeyError for a profile that does not exist.
    """
    neighbours = next_class(skills)

    def draw(item: TextTruth, person: Person, rng: np.random.Generator) -> Iterator[Choice]:
        marked = {}
        for skill in skills:
            place = _place(item, skill)
            if not place or rng.random() < person.slips:
                continue
            judged = np.clip(place + person.bias + person.error * rng.normal(), 0, 2)
            if level := LEVELS[round(judged)]:
                marked[as_seen(skill, person.confusion, neighbours, skills, rng)] = level
        yield from _lists(marked, skills, person.seconds, rng)

    def spam(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        marked = {skill: LEVELS[rng.integers(len(LEVELS))] for skill in skills}
        yield from _lists(marked, skills, 0.5, rng)

    def lazy(item: TextTruth, rng: np.random.Generator) -> Iterator[Choice]:
        marked = {skill: LEVELS[2] for skill in skills if _place(item, skill)}
        yield from _lists(marked, skills, 2.0, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=AD_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def _place(item: TextTruth, skill: str) -> int:
    return LEVELS.index(item.choices.get(skill, (None,))[0])


def _lists(
    marked: Mapping[str, str | None],
    skills: Sequence[str],
    seconds: float,
    rng: np.random.Generator,
) -> Iterator[Choice]:
    for level in ("required", "welcome"):
        labels = tuple(skill for skill in skills if marked.get(skill) == level)
        yield _choice(level, labels, seconds, rng)


def _choice(
    question: str, labels: tuple[str, ...], seconds: float, rng: np.random.Generator
) -> Choice:
    return Choice(id=question, question=question, labels=labels, ms=active_ms(seconds, rng))
