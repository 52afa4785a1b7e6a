"""One pool of one exercise: the answer file, the annotator on it, the score and the reports.

An exercise ties together the manifest, the data set, the annotator, the answer file and the score.
Everything a learner makes goes through the answer file: the annotator writes it, `check` and
`score` read it, and nothing is scored from the state of a notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelschool import answers, code_answers, course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.exercises.modalities import MODALITIES, shares
from labelschool.home import corrections, portable, results

if TYPE_CHECKING:
    from labelschool.feedback import Report
    from labelschool.model import Guideline
    from labelschool.scoring import Score

NO_TRUTH = "Your instructor grades this part: its truth is not in this copy of the course."

OPEN = "review() now shows every place and rule."
CLOSED = (
    "review() shows every place and rule when the attempts are used, or at once with "
    "give_up=True; checks after that are practice."
)
KEPT = "Your best score stays in your results; a submission is scored as the work stands."
GIVEN_UP = "whatever you check from now on is practice, and the honest score is the one before."


def untouched(answer: answers.Answer, names: Sequence[str]) -> tuple[str, ...]:
    """The items of a pool that a learner has neither answered nor marked done."""
    return tuple(name for name in names if not answer.item(name).touched)


def clamp(value: float, points: float) -> float:
    """A plain Python float within [0, points]; what is not a number counts as 0."""
    value = float(value)
    return min(max(value, 0.0), float(points)) if value == value else 0.0


class Exercise:
    """One pool of one task in the learner's folder, by default the working directory."""

    def __init__(self, task: course.Task, pool: str, folder: Path | None = None) -> None:
        self.task = task
        self.pool = pool
        self.file = answers.AnswerFile(task.id, pool, task.guideline, folder)
        self._home = folder.parent if folder else None

    def __repr__(self) -> str:
        return f"Exercise {self.task.id} {self.task.title}, {self.pool} pool"

    def guideline(self, *, short: bool = False) -> Text:
        """The guideline in force, as Markdown; `short` is one line a rule, as reports quote it.

        Its title is a heading below those of a lesson.
        """
        if guideline := self._guideline():
            return Text(guideline.summary if short else f"###{guideline.body}")
        return Text(f"{self.task.id} has no guideline.")

    def annotate(self) -> Any:
        """The annotator on this exercise's items, with the saved work restored."""
        from labelschool import widgets

        modality = MODALITIES[self.task.widget]
        settings = modality.settings(self.task)
        if guideline := self._guideline():
            settings |= {
                "rules": [(rule.number, rule.short) for rule in guideline.rules.values()],
                "guideline": guideline.id,
            }
            if self.task.classes:
                settings["classes"] = self.task.classes
        return getattr(widgets, modality.annotator)(
            title=self.task.title,
            items=datasets.task_items(self.task, self.pool),
            answer_file=self.file,
            **settings,
        )

    def _guideline(self) -> Guideline | None:
        """The guideline in force; a form has none."""
        return course.guideline(self.task.guideline) if self.task.guideline else None

    def score(self) -> Score:
        """The score of the saved answer over the whole pool, whatever is not answered yet.

        Raises `LabelSchoolError` with what is missing.
        """
        answer = self.file.read()
        if not answer.items:
            raise LabelSchoolError(
                f"Nothing is annotated yet in {answers.FOLDER}/{self.file.path.name}: "
                f"run annotate(), {MODALITIES[self.task.widget].todo}, and come back."
            )
        return self._score(answer)

    def told(self) -> tuple[Score, str]:
        """The score, and what a score cell says is wrong."""
        from labelschool.feedback import headline

        scored = self.score()
        return scored, headline.wrong(scored)

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """Score and diagnose the saved answer.

        On the practice pool every finding is shown, of the items touched so far alone; it counts
        as done once all of them are. On the counted pool an attempt is used and only the score and
        the counts per error code are shown; an answer with items not yet marked done is sent back
        unscored unless `unfinished` is true. Unchanged work and work after the last attempt use no
        attempt. Whatever it says, the passport then holds the work as it is.
        """
        said = self._checked(unfinished)
        portable.refresh(results.home())
        return said

    def _checked(self, unfinished: bool) -> Report | Text:
        answer = self.file.read()
        names = self._names()
        undone = [name for name in names if not answer.item(name).done]
        open_items = untouched(answer, names)
        if len(open_items) == len(names):
            return Text(f"Nothing to check yet in {self.task.id}: do some first, then run this.")
        if not datasets.has_truth(self.task.dataset, self.pool):
            return Text(NO_TRUTH)
        if self.pool == "counted" and undone and not unfinished:
            finish = (
                "Fill them in"
                if self.task.widget == "form"
                else "Press Enter on each when it is finished (an empty one too)"
            )
            return Text(
                f"{len(undone)} of {len(names)} items are not marked done, so no attempt was "
                f"used. {finish}, or run `check(unfinished=True)`."
            )
        if self.pool == "counted":
            return self._counted_check(answer)
        scored = self._score(answer, without=open_items)
        if scored is None:
            return Text(f"{self._not_yet(open_items)} The others hold nothing to score: go on.")
        note = self._not_yet(open_items) if open_items else self._record(answer, scored)
        return self._report(answer, scored, note=note)

    def _counted_check(self, answer: answers.Answer) -> Report:
        """Score, use an attempt if this is new work and one is left, and say so."""
        scored = self._score(answer)
        hashes = [attempt.sha256 for attempt in answer.attempts]
        there_are = self.task.attempts
        if answer.sha256() in hashes:
            number = hashes.index(answer.sha256()) + 1
            same = "Nothing changed since" if number == len(hashes) else "This is the work of"
            note = f"{same} attempt {number}, so no attempt was used."
        elif not self.is_closed(answer):
            used = len(hashes) >= there_are
            why = f"All {there_are} attempts are used" if used else "The work was handed in"
            note = f"{why}: this check is practice and not recorded. {OPEN}"
            return self._report(answer, scored, note=note)
        else:
            answer = self.file.add_attempt()
            note = f"Attempt {len(answer.attempts)} of {there_are}. {KEPT}"
        note = " ".join(filter(None, [note, self._record(answer, scored)]))
        closed = self.is_closed(answer)
        return self._report(answer, scored, note=f"{note} {CLOSED if closed else OPEN}")

    def review(self, *, give_up: bool = False) -> Report | Text:
        """Your answer drawn over the reference, finding by finding.

        The counted pool opens when its attempts are used or the work was submitted, or at once
        with `give_up`: nothing of that is stored, and what is checked after it is practice. Of a
        practice pool only items touched so far are shown. Where it is not open, and where there
        is no truth, your answer is shown by itself.
        """
        answer = self.file.read()
        names = self._names()
        open_items = untouched(answer, names)
        if len(open_items) == len(names):
            return Text(f"Nothing to review yet in {self.task.id}: do some first.")
        if not datasets.has_truth(self.task.dataset, self.pool):
            return self._saved(answer, NO_TRUTH)
        left = self.task.attempts - len(answer.attempts)
        closed = self.is_closed(answer)
        if closed and not give_up:
            return self._saved(
                answer,
                f"The review of {self.task.id} opens when its attempts are used or the work is "
                f"submitted; {left} of {self.task.attempts} attempts are left. To give them up, "
                "run `review(give_up=True)`: it shows every place, so whatever you check "
                "afterwards is practice, and the honest score is the one you have now. This is "
                "what you saved:",
            )
        note = f"You gave up {left} of {self.task.attempts} attempts: {GIVEN_UP}" if closed else ""
        without = ()
        if self.pool != "counted":
            note, without = self._not_yet(open_items), open_items
        scored = self._score(answer, without=without)
        if scored is None:
            note = f"{self._not_yet(open_items)} The others hold nothing to score: go on."
            return self._saved(answer, note)
        from labelschool import feedback

        return feedback.review(
            scored,
            truth=datasets.task_truth(self.task, self.pool),
            answers={item.item: item for item in answer.items},
            items=datasets.task_items(self.task, self.pool),
            guideline=self._guideline(),
            classes=self.task.classes,
            note=note,
        )

    def is_closed(self, answer: answers.Answer) -> bool:
        """Whether the review of this pool is still closed: no place of it may be shown."""
        home = self._home or results.home()
        left = self.task.attempts - len(answer.attempts)
        return self.pool == "counted" and left > 0 and not portable.submitted(home, self.task.id)

    def _saved(self, answer: answers.Answer, note: str) -> Report:
        """The saved answer without its reference."""
        from labelschool import feedback

        return feedback.saved(
            datasets.task_items(self.task, self.pool),
            {item.item: item for item in answer.items},
            classes=self.task.classes,
            note=note,
        )

    def pass_mark(self, scored: Score) -> float:
        """The pass mark on the scale of `scored.value`: rescaled where the score was."""
        from labelschool.scoring.score import rescale

        return rescale(self.task.pass_mark, scored.blind)

    def _names(self) -> list[str]:
        """The items of the pool as the annotator counts them."""
        return [item.name for item in datasets.task_items(self.task, self.pool)]

    def _not_yet(self, open_items: Sequence[str]) -> str:
        """What is left of a practice pool; nothing is told about those items."""
        if not open_items:
            return ""
        n, there_are = len(open_items), len(self._names())
        return (
            f"{n} of {there_are} {'has' if n == 1 else 'have'} no answer yet; the score is over "
            f"the other {there_are - n}, and is recorded when all are answered or done."
        )

    def _score(self, answer: answers.Answer, without: Sequence[str] = ()) -> Score | None:
        """The score of the pool `without` some items; None where those left hold nothing to find.

        A whole pool always holds something, or is damaged and raises ValueError.
        """
        if not datasets.has_truth(self.task.dataset, self.pool):
            raise LabelSchoolError(NO_TRUTH)
        truth = datasets.task_truth(self.task, self.pool)
        by_item = {item.item: item for item in answer.items}
        part = [item for item in truth if item.item not in without]
        try:
            return MODALITIES[self.task.widget].score(self.task, part, by_item)
        except ValueError:
            if not without:
                raise
            return None

    def scored_by(self) -> dict[str, str]:
        """The hashes of the truth and the guideline that this pool is scored by now."""
        hashes = {"truth": datasets.truth_sha256(self.task.dataset, self.pool)}
        if self.task.guideline:
            hashes["guideline"] = course.guideline_sha256(self.task.guideline)
        return hashes

    def evidence(self, answer: answers.Answer, scored: Score) -> results.Evidence:
        """What `results.json` keeps of a score."""
        return results.Evidence(
            score=clamp(scored.value, 1),
            passed=scored.passes(self.pass_mark(scored)),
            pass_mark=round(self.pass_mark(scored), 4),
            metric=scored.metric,
            n=scored.n,
            interval=scored.interval,
            minutes=round(sum(item.active_ms for item in answer.items) / 60_000, 2),
            hashes={"answer": answer.sha256(), **self.scored_by()},
            corrections=len(corrections.load()),
            codes=scored.counts(),
            items=None if self.is_closed(answer) else scored.item_counts(),
        )

    def _record(self, answer: answers.Answer, scored: Score) -> str:
        """Record a score; what to say where the same work was scored by another truth before."""
        key, evidence = f"exercise/{self.task.id}/{self.pool}", self.evidence(answer, scored)
        old = results.read().entries.get(key)
        results.record(key, evidence)
        if old is None or not evidence.corrects(old.best):
            return ""
        return (
            f"The course changed what this is scored by: the same work had {old.best.score:.2f} "
            "before, and that stays in your results."
        )

    def _record_share(self, scored: Score, sha256: str) -> None:
        """Record the share of what is right or wrong, of work that no truth file scores."""
        evidence = results.Evidence(
            score=scored.value,
            passed=scored.value >= self.task.pass_mark,
            pass_mark=self.task.pass_mark,
            metric=scored.metric,
            n=scored.n,
            hashes={"answer": sha256},
            items={line.item: {"wrong": 1} for line in scored.items if not line.right},
        )
        results.record(f"exercise/{self.task.id}/{self.pool}", evidence)

    def _report(self, answer: answers.Answer, scored: Score, *, note: str) -> Report:
        """The report; a part of a practice pool gets no verdict."""
        from labelschool import feedback

        counted = self.pool == "counted"
        whole = counted or not untouched(answer, self._names())
        return feedback.report(
            scored,
            guideline=self._guideline(),
            truth=datasets.task_truth(self.task, self.pool),
            answers={item.item: item for item in answer.items},
            items=datasets.task_items(self.task, self.pool),
            pass_mark=self.pass_mark(scored) if whole else None,
            counted=counted,
            note=note,
            shares=shares(self.task, {i.item: i for i in answer.items if i.touched}),
        )


class Text:
    """A few lines of Markdown as the output of a cell."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown

    def __repr__(self) -> str:
        return self._markdown

    def _repr_markdown_(self) -> str:
        return self._markdown


code_answers.register()
