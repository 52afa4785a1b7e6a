"""Finished boxes brought to the next version of their guideline, as in part B of assignment 1.

The work begins as a copy of the learner's own boxes of another part. The copy is kept in the answer
file as its start: what was changed is the difference between the two.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any

from labelschool import answers, course, datasets
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import NO_TRUTH, Exercise, Text
from labelschool.model import Box, Guideline, ItemAnswer
from labelschool.scoring import Score, score_revision

_WORD = r"\w+|[^\w\s]"
"""A word, or a sign apart from the words."""


class Revision(Exercise):
    """The boxes of one part under a later version of its guideline, in the learner's folder."""

    @property
    def before(self) -> course.Task:
        """The part whose boxes are taken over."""
        return course.load().task(self.task.start)

    def changes(self) -> Text:
        """The rules that differ between the two versions, side by side, and why they changed."""
        return Text(changes(course.guideline(self.before.guideline), self._guideline()))

    def annotate(self, *, again: bool = False) -> Any:
        """The annotator on the boxes as they were taken over, with what was changed since.

        The first call takes the boxes over. `again` does so once more and begins anew; what was
        there stays beside the answer file.
        """
        try:
            said = self._begin(again)
        except LabelSchoolError as error:
            return Text(str(error))
        if said:
            print(said)
        return super().annotate()

    def _begin(self, again: bool) -> str:
        """Take the boxes over where that is due, and say what was done."""
        if self._begun() and not again:
            return ""
        part = self.before
        source = AnswerFile(part.id, self.pool, part.guideline, self.file.path.parent.parent).read()
        n = sum(len(boxes) for boxes in _boxes(source.items).values())
        if not n:
            raise LabelSchoolError(
                f"{self.task.id} starts from your boxes of {part.id}, and there are none yet: do "
                f"{part.id} first, then run this cell again."
            )
        kept = self.file.begin(source)
        said = f"{n} boxes of {part.id} are taken over."
        return said + (f" What was here is kept as {kept.name}." if kept else "")

    def _begun(self) -> bool:
        try:
            return self.file.read().start is not None
        except answers.BrokenAnswer:
            return False

    def _score(self, answer: answers.Answer, without: Sequence[str] = ()) -> Score | None:
        """The score of what was changed; without a start, all boxes were added."""
        for task in (self.before, self.task):
            if not datasets.has_truth(task.dataset, self.pool):
                raise LabelSchoolError(NO_TRUTH)
        before, after = (
            [i for i in datasets.task_truth(task, self.pool) if i.item not in without]
            for task in (self.before, self.task)
        )
        start = answer.start.items if answer.start else ()
        return score_revision(
            before, after, _boxes(start), _boxes(answer.items), classes=self.task.classes
        )


def changes(before: Guideline, after: Guideline) -> str:
    """Markdown: a table of the rules that differ, as the guidelines show them; what is gone is
    struck out, what is new is bold. Then why each changed.
    """
    old = _shown(before)
    rows = [
        f"| **{name}** | {' | '.join(_compared(old.get(name, ''), text))} |"
        for name, text in _shown(after).items()
        if text != old.get(name)
    ]
    head = [f"| rule | version {before.version} | version {after.version} |", "|---|---|---|"]
    why = [f"- {line}" for line in after.note.splitlines()]
    return "\n".join([*head, *rows, "", "Why, in the words of the model team:", "", *why])


def _shown(guideline: Guideline) -> dict[str, str]:
    """The texts of the rules in the guideline's table, by number and name."""
    return dict(re.findall(r"^\| \*\*(\d.*?)\*\* \| (.*) \|$", guideline.body, re.MULTILINE))


def _compared(old: str, new: str) -> tuple[str, str]:
    """Two texts, with the words marked that the other does not have.

    The marks are tags: Markdown's own do not hold round what begins with a comma.
    """
    words = [list(re.finditer(_WORD, text)) for text in (old, new)]
    found = difflib.SequenceMatcher(None, *([w[0] for w in each] for each in words), autojunk=False)
    ranges = [(a, b, c, d) for what, a, b, c, d in found.get_opcodes() if what != "equal"]
    return (
        _marked(old, words[0], [(a, b) for a, b, _, _ in ranges], "del"),
        _marked(new, words[1], [(c, d) for _, _, c, d in ranges], "b"),
    )


def _marked(
    text: str, words: Sequence[re.Match[str]], ranges: Sequence[tuple[int, int]], tag: str
) -> str:
    """A text with ranges of its words in a tag."""
    told, end = "", 0
    for first, behind in ranges:
        if first < behind:
            start, stop = words[first].start(), words[behind - 1].end()
            told += f"{text[end:start]}<{tag}>{text[start:stop]}</{tag}>"
            end = stop
    return told + text[end:]


def _boxes(items: Sequence[ItemAnswer]) -> dict[str, list[Box]]:
    return {item.item: [a for a in item.annotations if isinstance(a, Box)] for item in items}
