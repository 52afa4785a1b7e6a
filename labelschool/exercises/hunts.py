"""Exercise 1.D, the hunt for a rare target: three blocks, a second look, and one's own numbers.

Found or missed, no target changes the points. A block counts when it is finished, and what is
graded is whether the learner's own function computes its table, miss rate and d'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelschool import answers, code_answers, datasets
from labelschool.answers import AnswerFile
from labelschool.datasets import drawn
from labelschool.errors import LabelSchoolError
from labelschool.exercises import attention
from labelschool.exercises.attention import Look
from labelschool.exercises.base import Exercise, Text
from labelschool.feedback import Report
from labelschool.home import portable, results
from labelschool.scoring import Score
from labelschool.scoring.detection_theory import Table, d_prime, z
from labelschool.scoring.score import ItemScore

BLOCKS = (1, 2, 3)
MINUTES, REST = 10, 3
"""Of a block on the timer and of the break after it: the hunt is short."""
FUNCTION = "report"
SECOND = "second"
"""The pool of the answer file that keeps the second look, so that the first stays as it was."""
TOLERANCE = 0.01
QUESTION = "Is one of the forty icons tilted?"

NUMBERS: Mapping[str, Callable[[Table], float]] = {
    "misses": lambda table: table.misses,
    "false_alarms": lambda table: table.false_alarms,
    "correct_rejections": lambda table: table.correct_rejections,
    "miss_rate": lambda table: table.miss_rate,
    "d_prime": d_prime,
}
"""What is graded of each block. The hits are not: the lesson gives their line."""


@dataclass(frozen=True)
class Slip:
    """A number that is wrong in a usual way: its name, how it comes about, and what to say."""

    name: str
    value: Callable[[Table], float]
    sentence: str


SLIPS = (
    Slip(
        "miss_rate",
        lambda table: table.accuracy,
        "this is the accuracy. Where one picture in twenty holds a target, always saying no also "
        "gives 95 %.",
    ),
    Slip(
        "miss_rate",
        lambda table: table.misses / table.n,
        "you divided by all pictures. Only a picture with a target can be missed.",
    ),
    Slip("miss_rate", lambda table: table.hit_rate, "this is the hit rate, its complement."),
    Slip(
        "d_prime",
        lambda table: table.hit_rate - table.false_alarm_rate,
        "this is a difference of rates. Take the quantile z of each rate first.",
    ),
    Slip("d_prime", lambda table: -d_prime(table), "the sign is turned: z of hits comes first."),
    Slip(
        "d_prime",
        lambda table: z(table.hit_rate) - z(table.false_alarm_rate),
        "the rates are not corrected. Add 0.5 to the count and 1 to the number, always.",
    ),
)


class Hunt(Exercise):
    """The hunt in the learner's folder. Its blocks are done in order and once."""

    def timer(self) -> Any:
        """The timer for the blocks, with its log beside the answers."""
        from labelschool import widgets

        return widgets.FocusTimer(
            exercise=self.task.id, title=self.task.title, minutes=MINUTES, rest=REST
        )

    def annotate(self, block: int | None = None) -> Any:
        """The annotator on one block, by default the first that is not finished."""
        found = self._blocks(self.file.read())
        left = [n for n in BLOCKS if not self._finished(found, n)]
        if not left:
            return Text("All three blocks are finished: run the second look, then `check()`.")
        if block is not None and block not in BLOCKS:
            return Text(f"The hunt has the blocks 1 to {BLOCKS[-1]}.")
        block = block or left[0]
        if block not in left:
            return Text(f"Block {block} is finished. Its answers stay as they are.")
        if block > left[0]:
            open_items = len(self._items(left[0])) - len(found[left[0]])
            return Text(
                f"Block {left[0]} comes first: {open_items} of its pictures have no answer yet. "
                "Run this cell again afterwards."
            )
        return self._annotator(f"{self.task.title}, block {block}", self._items(block), self.file)

    def second_look(self) -> Any:
        """The annotator on the quickest noes of block 3, in its own file."""
        found = self._blocks(self.file.read())
        if not self._finished(found, 3):
            return Text("The second look comes after block 3.")
        wanted = attention.to_look_at_again(found[3])
        if not wanted:
            return Text("You called every picture of block 3 tilted: nothing is left to look at.")
        items = [item for item in self._items(3) if item.name in wanted]
        return self._annotator(f"{self.task.title}, second look", items, self._second_file())

    def rows(self, block: int) -> list[dict[str, Any]]:
        """One dict for each picture of a finished block, none before that.

        ``tilted`` is the truth, ``said_tilted`` your answer, ``seconds`` the time it took.
        """
        found = self._blocks(self.file.read())
        return _rows(found[block]) if self._finished(found, block) else []

    def score(self) -> Score:
        """The share of right numbers over the three blocks; an unfinished block has none."""
        return self._graded(self._blocks(self._started()))[0]

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """Compare your numbers; with all blocks finished, show your curves and your plan.

        There are no attempts: the hunt itself is done once, and a function may be mended. It makes
        no difference whether `unfinished` work is checked.
        """
        from labelschool.feedback.hunt_report import hunt_report

        try:
            answer = self._started()
            found = self._blocks(answer)
            scored, said = self._graded(found)
        except LabelSchoolError as error:
            return Text(str(error))
        done = [n for n in BLOCKS if self._finished(found, n)]
        if len(done) == len(BLOCKS):
            self._record(answer, scored)
            portable.refresh(results.home())
        return hunt_report(
            scored,
            pass_mark=self.task.pass_mark,
            said=said,
            blocks={n: found[n] for n in done},
            plan=self._plan(found) if len(done) == len(BLOCKS) else None,
        )

    def review(self, *, give_up: bool = False) -> Report | Text:
        """What you missed in the finished blocks, each target ringed, and a few false alarms.

        Block 3 is shown after its second look, or at once if you `give_up` that look.
        """
        from labelschool.feedback.hunt_report import hunt_review

        try:
            found = self._blocks(self._started())
        except LabelSchoolError as error:
            return Text(str(error))
        shown = {n: found[n] for n in BLOCKS if self._finished(found, n)}
        note = ""
        if 3 in shown and not give_up and self._second_left(found):
            del shown[3]
            note = (
                "Block 3 is shown after its second look, which would be worth nothing otherwise. "
                "`review(give_up=True)` shows it now."
            )
        if not shown:
            return Text("Nothing to review yet: a block is shown when all of it is answered.")
        key = datasets.key(self.task.dataset, self.pool)
        return hunt_review(
            shown,
            picture=lambda name: drawn.ringed(key, name),
            cell=lambda name: drawn.cell(key, name),
            note=note,
        )

    def _started(self) -> answers.Answer:
        answer = self.file.read()
        if not answer.items:
            raise LabelSchoolError("Nothing is hunted yet: run annotate(1) and answer 40 pictures.")
        return answer

    def _items(self, block: int) -> list[Any]:
        return [i for i in datasets.task_items(self.task, self.pool) if i.batch == str(block)]

    def _blocks(self, answer: answers.Answer) -> dict[int, list[Look]]:
        """The answered pictures by block."""
        items = datasets.task_items(self.task, self.pool)
        found = attention.looks(answer, items, datasets.task_truth(self.task, self.pool))
        return {n: [look for look in found if look.block == n] for n in BLOCKS}

    def _finished(self, found: Mapping[int, Sequence[Look]], block: int) -> bool:
        return len(found[block]) == len(self._items(block))

    def _second_file(self) -> AnswerFile:
        return AnswerFile(self.task.id, SECOND, self.task.guideline)

    def _second(self, found: Mapping[int, Sequence[Look]]) -> attention.SecondLook | None:
        again = {item.item: item for item in self._second_file().read().items}
        return attention.second_look(found[3], again)

    def _second_left(self, found: Mapping[int, Sequence[Look]]) -> bool:
        """Whether a picture of the second look has no answer yet."""
        again = {item.item for item in self._second_file().read().items if attention.chosen(item)}
        return not again.issuperset(attention.to_look_at_again(found[3]))

    def _plan(self, found: Mapping[int, Sequence[Look]]) -> attention.Plan:
        return attention.plan([look for n in BLOCKS for look in found[n]], self._second(found))

    def _annotator(self, title: str, items: Sequence[Any], file: AnswerFile) -> Any:
        from labelschool import widgets

        key = datasets.key(self.task.dataset, self.pool)
        return widgets.TagAnnotator(
            title=title,
            items=items,
            answer_file=file,
            classes=self.task.classes,
            unsure=False,
            question=QUESTION,
            draw=lambda name: drawn.picture(key, name),
        )

    def _graded(self, found: Mapping[int, Sequence[Look]]) -> tuple[Score, tuple[str, ...]]:
        """The score of the learner's function, and what to say about its numbers."""
        done = [n for n in BLOCKS if self._finished(found, n)]
        calls = [[_rows(found[n])] for n in done]
        code = code_answers.path(self.task.id, self.file.path.parent.parent)
        outcomes = code_answers.call(code, FUNCTION, calls)
        graded: dict[int, dict[str, bool | None]] = {}
        said: dict[str, list[int]] = {}
        for block, outcome in zip(done, outcomes, strict=True):
            own = outcome.value if isinstance(outcome.value, dict) else {}
            graded[block], wrong = compare(own, attention.table(found[block]))
            if outcome.error:
                wrong = [f"your function ended with {outcome.error}."]
            elif not own:
                wrong = ["your function returned no dict of numbers."]
            for sentence in wrong:
                said.setdefault(sentence, []).append(block)
        if left := [n for n in BLOCKS if n not in done]:
            said["not finished yet."] = left
        lines = tuple(_line(n, graded.get(n, {})) for n in BLOCKS)
        n = len(BLOCKS) * len(NUMBERS)
        share = sum(line.right for line in lines) / n
        told = tuple(f"{_named(blocks)}, {sentence}" for sentence, blocks in said.items())
        return Score("numbers", share, share, 0.0, n, None, lines, ()), told


def compare(own: Mapping[str, Any], table: Table) -> tuple[dict[str, bool | None], list[str]]:
    """Which numbers are right within the tolerance (None: not given), and a sentence if not."""
    right: dict[str, bool | None] = {}
    said = []
    if left := [name for name in NUMBERS if own.get(name) is None]:
        said.append(f"still missing: {', '.join(left)}.")
    for name, formula in NUMBERS.items():
        given = own.get(name)
        number = isinstance(given, int | float) and not isinstance(given, bool)
        right[name] = _near(given, formula(table)) if number else None
        if right[name] is None and given is not None:
            said.append(f"{name}: not a number.")
        elif right[name] is False:
            slip = next((s for s in SLIPS if s.name == name and _made(s, given, table)), None)
            why = slip.sentence if slip else "not what your answers give."
            said.append(f"{name} = {given:g}: {why}")
    return right, said


def _named(blocks: Sequence[int]) -> str:
    """``Block 2``, or ``Blocks 1 and 3``."""
    *others, last = map(str, blocks)
    return f"Blocks {', '.join(others)} and {last}" if others else f"Block {last}"


def _near(given: float, wanted: float) -> bool:
    return abs(given - wanted) <= TOLERANCE + 1e-9


def _made(slip: Slip, given: float, table: Table) -> bool:
    """Whether a number came about by a slip; a rate of 0 or 1 has no quantile."""
    try:
        return _near(given, slip.value(table))
    except ValueError:
        return False


def _line(block: int, graded: Mapping[str, bool | None]) -> ItemScore:
    given = [right for right in graded.values() if right is not None]
    right = sum(given)
    return ItemScore(
        item=f"block {block}",
        value=right / len(NUMBERS),
        n=len(NUMBERS),
        right=right,
        extra=len(given) - right,
        missed=len(NUMBERS) - len(given),
    )


def _rows(found: Sequence[Look]) -> list[dict[str, Any]]:
    return [
        {
            "picture": look.item,
            "tilted": look.tilted,
            "said_tilted": look.said_tilted,
            "seconds": look.seconds,
        }
        for look in found
    ]
