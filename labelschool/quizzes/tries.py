"""Trying and trying again: which questions come next, and what is kept of them.

A question of a lesson keeps its first answer and its last. A try goes on where the last one ended,
also in another session: seed, number and missed items of the last try stand in `results.json`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labelschool import answers, course
from labelschool.demos.numbers import percent
from labelschool.home import results
from labelschool.quizzes.questions import Pool, Question, Verdict, draw_quiz

COUNTED_TRIES = 3
"""Tries at a quiz of which a cohort counts the best."""


@dataclass(frozen=True)
class Try:
    """Which try comes next: its seed and number, and ids of the items missed in the last one."""

    seed: int
    number: int = 0
    missed: tuple[str, ...] = ()

    def then(self, found: results.Evidence) -> Try:
        """The try after this one, which ended in `found`."""
        return Try(self.seed, self.number + 1, missed(found))


def next_try(key: str) -> Try:
    """The try after the last that was kept under a key; a first one draws its seed."""
    entry = results.read().entries.get(key)
    if entry is None or "seed" not in entry.last.hashes:
        return Try(random.randrange(10**6))
    return Try(int(entry.last.hashes["seed"]), entry.tries, missed(entry.last))


def missed(found: results.Evidence) -> tuple[str, ...]:
    """Ids of the items that were answered wrong."""
    return tuple(item_id for item_id, errors in (found.items or {}).items() if errors)


def evidence(
    questions: Sequence[Question], verdicts: Sequence[Verdict], pass_mark: float, seed: int
) -> results.Evidence:
    """What is kept of finished questions: the share of right answers and whether it passes."""
    share = sum(verdict.right for verdict in verdicts) / len(verdicts)
    return results.Evidence(
        score=share,
        passed=share >= pass_mark,
        metric="share of right answers",
        n=len(verdicts),
        hashes={"seed": str(seed)},
        items={
            question.item_id: {} if verdict.right else {"missed": 1}
            for question, verdict in zip(questions, verdicts, strict=True)
        },
    )


def answered(question: str) -> results.Asked | None:
    """What is kept of a question of a lesson."""
    return results.read().asked.get(question)


def keep(question: str, given: results.Given) -> str:
    """Keep an answer to a question of a lesson; where that fails, a sentence that says so."""
    try:
        results.keep_answer(question, given)
    except OSError as error:
        return answers.not_saved_sentence(results.home() / results.FILE, error)
    return ""


@dataclass(frozen=True)
class Judged:
    """What a finished try comes to: a headline and more words, and what is kept, by key; the whole
    try is first.
    """

    head: str
    text: str
    kept: Mapping[str, results.Evidence]

    @property
    def found(self) -> results.Evidence:
        """The try as a whole."""
        return next(iter(self.kept.values()))


class Questions(Protocol):
    """What is asked in tries: a quiz, or a test-out."""

    pool: Pool

    @property
    def name(self) -> str:
        """How it is called."""

    def draw(self, coming: Try) -> tuple[Question, ...]:
        """The questions of a try."""

    def judge(
        self, taken: Try, questions: Sequence[Question], verdicts: Sequence[Verdict]
    ) -> Judged:
        """Score a finished try."""


@dataclass(frozen=True)
class Quiz:
    """The quiz of a module. The best of the first `COUNTED_TRIES` tries has a key of its own."""

    pool: Pool
    spec: course.QuizSpec

    @property
    def name(self) -> str:
        """How it is called."""
        return f"Quiz {self.pool.quiz}"

    @property
    def key(self) -> str:
        """Where its result stands in `results.json`."""
        return f"quiz/{self.pool.quiz}"

    def draw(self, coming: Try) -> tuple[Question, ...]:
        """The questions of a try."""
        return draw_quiz(self.pool, self.spec.questions, coming.seed, coming.number)

    def judge(
        self, taken: Try, questions: Sequence[Question], verdicts: Sequence[Verdict]
    ) -> Judged:
        """Score a try, as one of those that count or as one more."""
        found = evidence(questions, verdicts, self.spec.pass_mark, taken.seed)
        kept = {self.key: found}
        counted = f"{self.key}/counted"
        before = results.read().entries.get(counted)
        best = before.best.score if before else 0
        if before is None or before.tries < COUNTED_TRIES:
            kept[counted] = found
            best = max(best, found.score)
        right = sum(verdict.right for verdict in verdicts)
        return Judged(
            "Passed." if found.passed else "Not passed yet.",
            f"{right} of {found.n} right; {percent(self.spec.pass_mark)} passes. In a course with "
            f"an instructor the best of the first {COUNTED_TRIES} tries counts, so far "
            f"{percent(best)}.",
            kept,
        )
