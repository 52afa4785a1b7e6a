"""3.C: the learner's ``consensus(rows)``, what a crowd says and who is who in it.

The function gets rows ``[item, annotator, label]`` and returns a dict: ``majority`` and ``labels``
(item to label, by majority vote and by Dawid-Skene), ``spammer`` and ``confuser`` (names). The
crowds are those of `labelschool.generators.crowds`, from the seed of the data set's counted pool,
so that each cohort gets its own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool import code_answers, datasets
from labelschool.demos.numbers import percent
from labelschool.exercises.suites import Judgement, failed, judgement
from labelschool.generators import crowds

FUNCTION = "consensus"
BAR = 0.95
"""Share of items that Dawid-Skene has to get right."""
LOST = 0.15
"""Share of rows that one crowd lacks."""
TIES = 400
FAIR = (0.35, 0.65)
"""Share of even ties that the first class of the alphabet may win: six standard errors."""
MOST = 0.36
"""Share of even ties that any one of the four classes may win, each being in half of them."""
APART = 1_000
"""Between the seeds of two crowds: that of one is looked for among the next few numbers."""

Rows = list[list[str]]
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A crowd: its rows, and what is true of it."""

    rows: Rows
    truth: Mapping[str, str]
    roles: Mapping[str, str]

    def who(self, role: str) -> str:
        """The name of the first who plays a role."""
        return next(name for name, played in self.roles.items() if played == role)


def crowd(number: int) -> Case:
    """The crowd of that number from the seed of the counted pool, its rows in any order."""
    seed = datasets.key("crowd120", "counted")["seed"] + APART * number
    made = crowds.solvable_pool(seed)
    rows = made.labels.to_numpy().tolist()
    random.Random(seed).shuffle(rows)
    return Case(rows, made.truth, made.roles)


def crowd_with_gaps(number: int) -> Case:
    """A crowd of which some rows are lost."""
    made = crowd(number)
    return Case(made.rows[int(LOST * len(made.rows)) :], made.truth, made.roles)


def ties(number: int) -> Case:
    """Items on which two of four annotators say one class and two another."""
    rng = random.Random(number)
    rows = []
    for item in range(TIES):
        one, other = rng.sample(crowds.CLASSES, 2)
        said = rng.sample([one, one, other, other], 4)
        rows += [[f"tie-{item:03}", f"a{n:02}", label] for n, label in enumerate(said, 1)]
    rng.shuffle(rows)
    return Case(rows, {}, {})


@dataclass(frozen=True)
class Asked:
    """Crowds to call the function with, and what is looked at in what it returns."""

    name: str
    cases: tuple[Callable[[int], Case], ...]
    first: int
    looks: Callable[[Told, Case], str]
    happens: str = ""

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What is wrong first among the crowds."""
        made = [case(number) for number, case in enumerate(self.cases, self.first)]
        calls = [[case.rows] for case in made]
        outcomes = code_answers.call(answer, FUNCTION, calls, seconds=seconds)
        for case, outcome in zip(made, outcomes, strict=True):
            if wrong := failed(outcome, FUNCTION):
                return judgement(wrong)
            if not isinstance(outcome.value, dict):
                return judgement("it has to return a dict.")
            if wrong := self.looks(outcome.value, case):
                return judgement(wrong)
        return judgement("")


def _labels(told: Told, name: str, case: Case) -> tuple[dict[str, str], str]:
    """The labels under a name, and what is wrong where they are not one for each item."""
    given = told.get(name)
    if not isinstance(given, dict):
        return {}, f'"{name}" has to be a dict from each item to its label.'
    missing = sorted({item for item, _, _ in case.rows} - set(given))
    if missing:
        return {}, f'"{name}" has no label for {missing[0]}, which somebody labelled.'
    if not all(isinstance(label, str) for label in given.values()):
        return {}, f'"{name}" holds something other than the labels as they were given.'
    return given, ""


def _votes(rows: Rows) -> dict[str, Counter[str]]:
    votes: dict[str, Counter[str]] = {}
    for item, _, label in rows:
        votes.setdefault(item, Counter())[label] += 1
    return votes


def _majority(told: Told, case: Case) -> str:
    given, wrong = _labels(told, "majority", case)
    if wrong:
        return wrong
    for item, counts in _votes(case.rows).items():
        if counts[given[item]] < max(counts.values()):
            winner, most = counts.most_common(1)[0]
            return (
                f'"majority" says {given[item]!r} for an item that {most} annotators call '
                f"{winner!r}. A majority vote knows nothing but the votes."
            )
    return ""


def _fair(told: Told, case: Case) -> str:
    given, wrong = _labels(told, "majority", case)
    if wrong := wrong or _majority(told, case):
        return wrong
    votes = _votes(case.rows)
    first = sum(given[item] == min(counts) for item, counts in votes.items())
    low, high = FAIR
    if first > high * TIES:
        return (
            f"of {TIES} even ties the class that comes first in the alphabet won {first}. A tie "
            "broken by the lowest class id is a bias: that class grows with every hard item. Draw "
            "lots, with a seed."
        )
    if first < low * TIES:
        return (
            f"of {TIES} even ties the class that comes last in the alphabet won {TIES - first}. "
            "That is a bias for this class: draw lots, with a seed."
        )
    common = Counter(given.values()).most_common(1)[0]
    if common[1] > MOST * TIES:
        return f"{common[1]} of {TIES} even ties went to {common[0]!r}. Draw lots, with a seed."
    return ""


def _accurate(told: Told, case: Case) -> str:
    given, wrong = _labels(told, "labels", case)
    if wrong:
        return wrong
    right = sum(given[item] == true for item, true in case.truth.items())
    if right >= BAR * len(case.truth):
        return ""
    if given == told.get("majority"):
        return (
            f'"labels" is right on {right} of {len(case.truth)} items, and it is your majority '
            "vote. A spammer and a swapper have two of five votes there; Dawid-Skene learns what "
            "their votes are worth."
        )
    return (
        f'"labels" is right on {right} of {len(case.truth)} items; {percent(BAR)} are asked. Do '
        "both steps take turns until nothing moves, and are chances multiplied over all annotators?"
    )


def _with_gaps(told: Told, case: Case) -> str:
    given, wrong = _labels(told, "labels", case)
    if wrong:
        return wrong
    votes = _votes(case.rows)
    ours = sum(given[item] == case.truth[item] for item in votes)
    votes_right = sum(
        (counts[case.truth[item]] == max(counts.values()))
        / list(counts.values()).count(max(counts.values()))
        for item, counts in votes.items()
    )
    if ours > votes_right + 0.03 * len(votes):
        return ""
    return (
        f"where {percent(LOST)} of the rows are missing, yours is right on {ours} of {len(votes)} "
        f"items and a majority vote on {votes_right:.0f}. A label that was not given is no vote: "
        "leave it out of both steps."
    )


def _spammer(told: Told, case: Case) -> str:
    given, right = told.get("spammer"), case.who("spammer")
    if given == right:
        return ""
    played = case.roles.get(given) if isinstance(given, str) else None
    if played == "confuser":
        return (
            f'"spammer" names {given}, who swaps two classes and is right on the others. Low '
            "accuracy is not it: a spammer's row of the confusion matrix is the same for every "
            "true class."
        )
    return (
        f'"spammer" is {given!r}; it is {right}, whose labels do not depend on what is shown: '
        "all rows of the confusion matrix are alike."
    )


def _confuser(told: Told, case: Case) -> str:
    given, right = told.get("confuser"), case.who("confuser")
    if given == right:
        return ""
    played = case.roles.get(given) if isinstance(given, str) else None
    said = "who is merely careless: the errors go to all classes" if played == "hasty" else ""
    said = said or "whose matrix shows no two classes that change places"
    if played is None:
        return f'"confuser" is {given!r}, which is nobody of this crowd; it is {right}.'
    return (
        f'"confuser" names {given}, {said}. Look for two classes a and b where a is called b and '
        f"b is called a: that is {right}."
    )


SUITE = (
    Asked("Majority vote", (crowd, crowd), 1, _majority),
    Asked("Ties in a majority vote", (ties,), 1, _fair, "Four annotators, two against two."),
    Asked("Dawid-Skene on hidden crowds", (crowd, crowd), 3, _accurate),
    Asked("Dawid-Skene where rows are missing", (crowd_with_gaps,), 5, _with_gaps),
    Asked("The spammer", (crowd, crowd, crowd), 6, _spammer),
    Asked("The confuser", (crowd, crowd, crowd), 6, _confuser),
)
