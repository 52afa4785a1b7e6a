"""The test-out of a module: what of its reading a learner may skip. ``test_out("1")``.

Each lesson that can be tested out of has `PER_LESSON` items of its own; who has all of them right
may skip its reading. Exercises, assignment and quiz are never skipped: a test of knowledge shows no
judgement. A try asks of the lessons that are not passed yet.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelschool import course
from labelschool.home import results
from labelschool.home.results import TEST_OUT
from labelschool.quizzes.questions import Item, Pool, Question, Verdict, deal, load
from labelschool.quizzes.tries import Judged, Try, evidence, next_try

if TYPE_CHECKING:
    from labelschool.demos.frame import Frame

PER_LESSON = 2


@dataclass(frozen=True)
class TestOut:
    """The test-out of a module from the pool of its quiz, for the `lessons` it can be taken of."""

    __test__ = False  # for pytest

    pool: Pool
    lessons: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is called."""
        return f"Test-out {self.pool.quiz}"

    @property
    def key(self) -> str:
        """Where the result for the module stands in `results.json`."""
        return f"{TEST_OUT}{self.pool.quiz}"

    def passed(self) -> set[str]:
        """The lessons that are tested out."""
        entries = results.read().entries
        found = {number: entries.get(f"{TEST_OUT}{number}") for number in self.lessons}
        return {number for number, entry in found.items() if entry and entry.best.passed}

    def draw(self, coming: Try) -> tuple[Question, ...]:
        """Questions of the lessons that are not passed, in their order; of all if none is left."""
        passed, seed = self.passed(), coming.seed
        left = [number for number in self.lessons if number not in passed]
        return tuple(
            question
            for number in left or self.lessons
            for question in deal(self._items(number, seed), PER_LESSON, seed, coming.number)
        )

    def judge(
        self, taken: Try, questions: Sequence[Question], verdicts: Sequence[Verdict]
    ) -> Judged:
        """Which lessons are passed, now and before."""
        passed = self.passed()
        kept = {}
        for number in self.lessons:
            mine = [
                (question, verdict)
                for question, verdict in zip(questions, verdicts, strict=True)
                if _lesson(question) == number
            ]
            if mine:
                found = evidence(*zip(*mine, strict=True), pass_mark=1, seed=taken.seed)
                kept[f"{TEST_OUT}{number}"] = found
                passed |= {number} if found.passed else set()
        whole = evidence(questions, verdicts, 1, taken.seed).model_copy(
            update={
                "score": len(passed) / len(self.lessons),
                "passed": len(passed) == len(self.lessons),
                "metric": "share of lessons tested out",
                "n": len(self.lessons),
            }
        )
        head = f"{len(passed)} of {len(self.lessons)} lessons tested out."
        text = "Nothing is lost: read what is new to you."
        if passed:
            names = ", ".join(sorted(passed))
            text = f"You may skip the reading of {names}; the map and the planner know. "
            text += "Exercises stay."
        return Judged(head, text, {self.key: whole} | kept)

    def _items(self, number: str, seed: int) -> list[Item]:
        """The items of a lesson in the order of a seed."""
        mine = (item for item in self.pool.items if item.id.startswith(f"{number}/"))
        found = [item for item in mine if item.pool]
        random.Random(f"{seed}/{number}").shuffle(found)
        return found


def _lesson(question: Question) -> str:
    return question.item_id.split("/")[0]


def test_out(module: str) -> Frame:
    """The test-out of a module, such as ``"1"``: its results go to `results.json`."""
    from labelschool.quizzes import view

    lessons = next(
        (m.test_out for m in course.load().modules if m.test_out and m.quiz.id == module), None
    )
    if lessons is None:
        raise course.CourseError(f"There is no test-out {module!r} in course.yml.")
    taken = TestOut(load(module), lessons)
    return view.rounds(taken, next_try(taken.key))


test_out.__test__ = False  # for pytest
