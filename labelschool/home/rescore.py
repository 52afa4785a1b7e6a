"""A new score after the course corrected a truth or a guideline: offered, shown, never silent.

`outdated` lists the results that rest on another truth or guideline than the course has now. A
result whose answer is still the one that was scored can be scored again: `preview` says what that
changes, and `apply` puts it in the place of the old result, which is kept as superseded. `keep`
remembers that the learner stays with the old one. Nothing changes without one of the two.

Not concerned are quizzes and test-outs, whose questions are drawn anew each time, functions, which
every check calls anew, and pools whose truth is an instructor's or not here. A hunt is done once
and keeps its score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelschool import answers, course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import Exercise
from labelschool.exercises.exercise import of_task
from labelschool.exercises.modalities import MODALITIES
from labelschool.home import corrections, portable, results
from labelschool.home.results import Evidence
from labelschool.scoring.taxonomy import TAXONOMY

SHOWN = 8
"""Items named in a preview; the rest is counted."""
ALL = "all"
DAMAGED = (
    f"{results.FILE} is damaged, so your scores are not known: put back a copy of it from your "
    f"passport. The next check keeps the damaged file beside as {results.FILE}.broken-1 or the "
    "next number."
)


@dataclass(frozen=True)
class Outdated:
    """A result that rests on another truth or guideline than the course has now.

    `old` is the best measurement, `now` holds the hashes that would score it today. `why_not` says
    why it cannot be scored again, and is empty where a new score is on offer. `kept` is whether
    the learner chose already to stay with the old one.
    """

    exercise: Exercise
    old: Evidence
    now: Mapping[str, str]
    why_not: str
    kept: bool

    @property
    def id(self) -> str:
        """The exercise's id."""
        return self.exercise.task.id

    @property
    def key(self) -> str:
        """The key in `results.json`."""
        return f"exercise/{self.id}/{self.exercise.pool}"

    @property
    def name(self) -> str:
        """The exercise and the pool in words."""
        return f"{self.id} {self.exercise.task.title}, {self.exercise.pool} pool"

    @property
    def changed(self) -> list[str]:
        """Which of truth and guideline are not what they were."""
        return [part for part, held in self.old.scored_by.items() if self.now[part] != held]


@dataclass(frozen=True)
class Preview:
    """What a new score would change: the new measurement, and `lines` to say about it."""

    found: Outdated
    new: Evidence
    lines: tuple[str, ...]

    def headline(self, becomes: str = "would become") -> str:
        """Old and new score in one sentence."""
        old, new = self.found.old, self.new
        if (old.score, old.passed) == (new.score, new.passed):
            return f"{self.found.name}: the score stays {_share(old.score)}, {_verdict(old)}."
        digits = 0 if _share(old.score) != _share(new.score) else 2
        return (
            f"{self.found.name}: {_share(old.score, digits)}, {_verdict(old)}, {becomes} "
            f"{_share(new.score, digits)}, {_verdict(new)}."
        )


def outdated(home: Path) -> list[Outdated]:
    """The results of a home that another truth or guideline scored, in the course's order."""
    entries = results.read(home).entries
    found = []
    for module in course.load().modules:
        for task in module.tasks:
            for pool in task.pools:
                entry = entries.get(f"exercise/{task.id}/{pool}")
                if entry:
                    found += _outdated(of_task(task, pool, home / module.folder), entry)
    return found


def waiting(home: Path) -> list[Outdated]:
    """The outdated results on which the learner has not decided yet."""
    return [one for one in outdated(home) if not one.kept]


def preview(found: Outdated) -> Preview:
    """What scoring the saved answer by today's truth would change.

    Raises `LabelSchoolError` with `why_not` where no new score is on offer.
    """
    if found.why_not:
        raise LabelSchoolError(f"{found.name}: {found.why_not}")
    answer = found.exercise.file.read()
    new = found.exercise.evidence(answer, found.exercise.score())
    return Preview(found, new, (*_reasons(found, answer), *_differences(found.old, new)))


def apply(home: Path, shown: Preview) -> None:
    """Put the new score that was shown in the place of the old one, which is kept as superseded.

    Raises `LabelSchoolError` when the answer, the result or the course changed since it was shown,
    and when the disk refuses; the old score then stands.
    """
    found = _still(home, shown.found)
    fresh = preview(found).new
    _write(home, lambda: results.replace_best(home, found.key, fresh))


def keep(home: Path, shown: Outdated) -> None:
    """Stay with the old score; it is marked as scored by an earlier truth.

    The same is offered again only when truth or guideline change once more. Raises
    `LabelSchoolError` as `apply` does.
    """
    found = _still(home, shown)
    _write(home, lambda: results.keep_best(home, found.key, dict(found.now)))


def notice(home: Path) -> str:
    """One sentence about the results that wait for a decision; empty when there are none."""
    number = len(waiting(home))
    if not number:
        return ""
    rest = "rests" if number == 1 else "rest"
    return (
        f"{portable.count(number, 'result')} {rest} on a truth or guideline that is not the "
        "course's now: `labelschool update` and the first cell of the start page show what that "
        "changes, and nothing changes until you choose."
    )


def report(home: Path, take: Sequence[str] = (), keeping: Sequence[str] = ()) -> Iterator[str]:
    """What `labelschool update` says about outdated results, in lines.

    `take` and `keeping` are the exercises whose new score is taken or whose old one is kept; `all`
    means each that waits. Raises `LabelSchoolError` for an exercise that is not in the course or
    is named in both.
    """
    if both := sorted({*take} & {*keeping}):
        raise LabelSchoolError(f"Take the new score of {both[0]} or keep the old one, not both.")
    for named in {*take, *keeping} - {ALL}:
        course.load().task(named)
    if results.is_damaged(home):
        yield DAMAGED
        return
    found = outdated(home)
    for one in found:
        if not one.why_not and _is_named(one, take):
            shown = preview(one)
            apply(home, shown)
            yield f"{shown.headline('is now')} The old result stays in {results.FILE}."
        elif _is_named(one, keeping):
            keep(home, one)
            yield f"{one.name}: the score stays {_share(one.old.score)}, by an earlier truth."
        elif not one.kept:
            yield from _told(one)
    for named in sorted({*take, *keeping} - {ALL} - {one.id for one in found}):
        yield f"{named} has no score that a correction outdated."


def _is_named(found: Outdated, ids: Sequence[str]) -> bool:
    return found.id in ids or (ALL in ids and not found.kept)


def _told(found: Outdated) -> Iterator[str]:
    update = "labelschool update"
    if found.why_not:
        yield f"{found.name}: {found.why_not} `{update} --keep {found.id}` ends this line."
        return
    shown = preview(found)
    yield shown.headline()
    yield from (f"  {line}" for line in shown.lines)
    yield (
        f"  `{update} --rescore {found.id}` takes the new score, `{update} --keep {found.id}` "
        "keeps the old one."
    )


# What can be scored again -----------------------------------------------------------------------


def _outdated(exercise: Exercise, entry: results.Entry) -> list[Outdated]:
    """The entry if its best score is outdated; nothing where that is no correction.

    No correction is a truth of the instructor's, absent or damaged, and an edition of the course
    that lists fewer corrections than the one that scored.
    """
    old, place = entry.best, (exercise.task.dataset, exercise.pool)
    if not old.scored_by or old.corrections > len(corrections.load()):
        return []
    try:
        if datasets.is_private(*place) or not datasets.has_truth(*place):
            return []
        hashes = exercise.scored_by()
    except (LabelSchoolError, OSError):
        return []
    now = {part: hashes.get(part, held) for part, held in old.scored_by.items()}
    if now == old.scored_by:
        return []
    return [Outdated(exercise, old, now, _why_not(exercise, entry), entry.kept == now)]


def _why_not(exercise: Exercise, entry: results.Entry) -> str:
    task = exercise.task
    if task.widget not in MODALITIES:
        return "it is done once, so its score stays."
    try:
        answer = exercise.file.read()
    except answers.BrokenAnswer as error:
        return f"its score stays: {error}"
    if not answer.items:
        return "its answer is not in this folder, so its score stays."
    names = {item.name for item in datasets.task_items(task, exercise.pool)}
    if not names.issuperset(item.item for item in answer.items):
        return "it has other items now, so its score stays."
    sha256 = answer.sha256()
    if sha256 == entry.best.hashes.get("answer"):
        return ""
    checked = [attempt.sha256 for attempt in answer.attempts]
    if exercise.pool == "counted" and sha256 not in checked and len(checked) >= task.attempts:
        return (
            "your answer changed since it was scored and all attempts are used, so its score stays."
        )
    return (
        "your answer changed since it was scored: the next check scores it by the truth of today."
    )


def _still(home: Path, shown: Outdated) -> Outdated:
    """What was shown, as it stands now. Raises `LabelSchoolError` when it is not the same."""
    found = next((one for one in outdated(home) if one.key == shown.key), None)
    if found is None or (found.old, found.now) != (shown.old, shown.now):
        raise LabelSchoolError(
            f"{shown.name} changed since this was shown, so nothing was done: look again."
        )
    return found


def _write(home: Path, change: Callable[[], None]) -> None:
    try:
        change()
    except OSError as error:
        raise LabelSchoolError(answers.not_saved_sentence(home / results.FILE, error)) from error
    portable.refresh(home)


# What is said about it --------------------------------------------------------------------------


def _reasons(found: Outdated, answer: answers.Answer) -> list[str]:
    """What changed in the course, as far as it is listed."""
    task, said = found.exercise.task, []
    for part in found.changed:
        listed = corrections.between(found.old.scored_by[part], found.now[part])
        if not listed:
            what = f"truth of {task.dataset}" if part == "truth" else f"guideline {task.guideline}"
            said.append(
                f"The {what} is not the one that scored you, and this edition does not say why. If "
                "you went back to an older edition, keep your score."
            )
        elif part == "truth" and found.exercise.is_closed(answer):
            said.append(
                f"{listed[-1].date:%d %B %Y}: its truth was corrected. The review, once it is "
                "open, shows the places."
            )
        else:
            said += map(str, listed)
    if answer.guideline != task.guideline:
        said.append(f"You worked by {answer.guideline}; the exercise now follows {task.guideline}.")
    return said


def _differences(old: Evidence, new: Evidence) -> list[str]:
    """Errors more or less: by item where the places may be shown, else by code."""
    if old.items is not None and new.items is not None:
        items = sorted({*old.items, *new.items})
        lines = [
            (item, _change(old.items.get(item, {}), new.items.get(item, {}))) for item in items
        ]
        said = [f"{item}: {change}." for item, change in lines if change]
        left = len(said) - SHOWN
        more = [f"And {portable.count(left, 'item')} more."] if left > 0 else []
        said = said[:SHOWN] + more
    elif old.codes is not None and new.codes is not None:
        change = _change(old.codes, new.codes)
        said = [f"Over the whole pool {change}."] if change else []
    else:
        return []
    if not said and old.score != new.score:
        said = ["No error more or less: what you made fits the new truth more or less closely."]
    return said


def _change(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """``1 no longer counts as E1 missed, 2 now count as E8 wrong class``; empty when alike."""
    parts = []
    for code in sorted({*before, *after}, key=lambda code: (len(code), code)):
        more = after.get(code, 0) - before.get(code, 0)
        if more:
            counts = "count" if abs(more) > 1 else "counts"
            how = f"now {counts} as" if more > 0 else f"no longer {counts} as"
            name = f"{code} {TAXONOMY[code].name}" if code in TAXONOMY else code
            parts.append(f"{abs(more)} {how} {name}")
    return ", ".join(parts)


def _share(score: float, digits: int = 0) -> str:
    return f"{score:.{digits}%}"


def _verdict(evidence: Evidence) -> str:
    return "passed" if evidence.passed else "not passed"
