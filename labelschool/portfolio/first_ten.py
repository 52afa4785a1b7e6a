"""The portfolio piece of module 1: the counted pictures of exercise 1.A.

While the review of 1.A is closed, nothing of the truth is written: only the learner's own boxes and
the score that `check()` gave.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelschool import answers, course, datasets
from labelschool.exercises.base import Exercise
from labelschool.feedback.answer_pictures import answer_picture
from labelschool.feedback.drawing import Unreadable, jpeg
from labelschool.feedback.palette import class_styles
from labelschool.feedback.views import picture as plain_picture
from labelschool.feedback.words import name as name_of
from labelschool.feedback.words import sentence
from labelschool.home import made_files, results
from labelschool.home.portable import count
from labelschool.model import Box, Item, ItemAnswer
from labelschool.portfolio import claims
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text
from labelschool.scoring.taxonomy import TAXONOMY

if TYPE_CHECKING:
    from labelschool.scoring import Score
    from labelschool.scoring.score import Finding

NAME = "01-first-ten"
TITLE = "First ten: boxes in street pictures"
TASK = "1.A"
POOL = "counted"
KEY = f"exercise/{TASK}/{POOL}"
KIND = "rendered pictures"
NO_PHOTOGRAPHS = "There is no work on real photographs here yet: these pictures are rendered."
SHOWN = 6
"""Findings of one code that are listed; the others are counted."""


@dataclass(frozen=True)
class Claim:
    """What may be said in public: a counted score with all that a claim needs.

    `attempt` is its number, None where the answer file no longer knows it. `changed_since` says
    that the boxes were changed after it, so that the pictures show later work; `remark` tells of a
    correction of the course.
    """

    evidence: results.Evidence
    attempt: int | None
    changed_since: bool
    remark: str

    @property
    def line(self) -> str:
        """Metric, n and interval in a few words."""
        found = self.evidence
        said = f"DetScore {found.score:.2f}, n = {found.n} objects"
        if found.interval:
            said += f", 95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f}"
        return said


@dataclass(frozen=True)
class Work:
    """The state of exercise 1.A: what was answered, what was counted, what may be shown."""

    exercise: Exercise
    items: tuple[Item, ...]
    answer: answers.Answer
    content: bytes
    claim: Claim | None
    score: Score | None
    is_closed: bool
    has_truth: bool
    mended: str
    trouble: str = ""

    def made(self) -> Iterator[tuple[int, Item, ItemAnswer]]:
        """Number, item and answer of each picture that was worked on."""
        for number, item in enumerate(self.items, start=1):
            given = self.answer.item(item.name)
            if given.annotations or given.done or given.escalate:
                yield number, item, given


def read(home: Path, *, give_up: bool = False) -> Work:
    """The work of a home. `give_up` opens what the attempts that are left keep closed."""
    task = course.load().task(TASK)
    exercise = Exercise(task, POOL, home / course.load().module_of(TASK).folder)
    answer, content, trouble = _answer(exercise)
    has_truth = datasets.has_truth(task.dataset, POOL)
    is_closed = not has_truth or (exercise.is_closed(answer) and not give_up)
    counted = any(attempt.sha256 == answer.sha256() for attempt in answer.attempts)
    score = exercise.score() if answer.items and has_truth and (counted or not is_closed) else None
    return Work(
        exercise=exercise,
        items=datasets.task_items(task, POOL),
        answer=answer,
        content=content,
        claim=_claim(home, exercise, answer, score if counted else None),
        score=None if is_closed else score,
        is_closed=is_closed,
        has_truth=has_truth,
        mended=claims.read(home).get("mended", ""),
        trouble=trouble,
    )


def _claim(
    home: Path, exercise: Exercise, answer: answers.Answer, score: Score | None
) -> Claim | None:
    """The counted score of the boxes as they are, else the best one before they were changed.

    `score` is that of the boxes where they were counted, for a home whose results are lost.
    """
    hashes = [attempt.sha256 for attempt in answer.attempts]
    entry = results.read(home).entries.get(KEY)
    kept = [(entry.best, entry.remark), (entry.last, "")] if entry else []
    same = [one for one in kept if one[0].hashes.get("answer") == answer.sha256()]
    if same:
        evidence, remark = same[0]
    elif score:
        evidence, remark = exercise.evidence(answer, score), ""
        number = hashes.index(answer.sha256())
        evidence = evidence.model_copy(update={"at": answer.attempts[number].at})
    elif kept:
        evidence, remark = kept[0]
    else:
        return None
    sha256 = evidence.hashes.get("answer", "")
    attempt = hashes.index(sha256) + 1 if sha256 in hashes else None
    return Claim(evidence, attempt, sha256 != answer.sha256(), remark)


def _answer(exercise: Exercise) -> tuple[answers.Answer, bytes, str]:
    """The answer, its file's bytes, and what is wrong with the file."""
    try:
        answer = exercise.file.read()
        return answer, exercise.file.path.read_bytes() if answer.items else b"", ""
    except answers.BrokenAnswer as error:
        empty = answers.Answer(exercise=TASK, pool=POOL, guideline=exercise.task.guideline)
        return empty, b"", str(error)


def piece(work: Work) -> Piece:
    """The piece, also while there is nothing to claim."""
    measured = work.claim.line if work.claim else "not measured yet"
    row = Row(TITLE, measured, KIND, EVIDENCE)
    return Piece(NAME, (row,), files(work), tuple(missing(work)))


def files(work: Work) -> dict[str, bytes]:
    """The files of the piece by name."""
    pictures = dict(_pictures(work))
    made = {**pictures, **({f"{TASK}.json": work.content} if work.content else {})}
    readme = "\n\n".join(part for part in _readme(work, pictures) if part)
    return {README: f"{readme}\n".encode(), EVIDENCE: text(_evidence(work, made)), **made}


def missing(work: Work) -> list[str]:
    """What is not done yet, one sentence each."""
    if work.trouble:
        return [f"1.A: {work.trouble}"]
    if not work.answer.items:
        return ["Exercise 1.A: nothing is annotated yet; begin in lesson 1.5."]
    undone = sum(not work.answer.item(item.name).done for item in work.items)
    sentences = [f"1.A: {count(undone, 'picture')} not marked done."] if undone else []
    if not work.has_truth:
        return [*sentences, "1.A: your instructor scores it, so there is no score here."]
    if work.claim is None:
        sentences.append("1.A: no counted score; run check() in lesson 1.5.")
    elif work.claim.changed_since:
        sentences.append("1.A: the boxes were changed after the score that is claimed.")
    if work.is_closed:
        sentences.append(
            "1.A: what went wrong is shown once its review is open, after the last attempt or a "
            "submission."
        )
    if not work.mended:
        sentences.append("Your own words on what you got wrong: lesson 1.9.")
    return sentences


# Pictures and numbers ----------------------------------------------------------------------------


def _pictures(work: Work) -> Iterator[tuple[str, bytes]]:
    """The pictures with the learner's boxes; one that cannot be read is left out."""
    used = (box.label for _, _, given in work.made() for box in _boxes(given))
    styles = class_styles([*work.exercise.task.classes, *used])
    for _, item, given in work.made():
        try:
            drawn = answer_picture(item, given, styles)
            if drawn is None:
                drawn = plain_picture(item.image, (item.width, item.height)).drawn()
        except Unreadable:
            continue
        yield f"{item.name}.jpg", jpeg(drawn)


def _boxes(given: ItemAnswer) -> list[Box]:
    return [made for made in given.annotations if isinstance(made, Box)]


def _rows(work: Work) -> Iterator[dict[str, Any]]:
    """A picture with its boxes, seconds, and where the review is open its objects and score."""
    for number, item, given in work.made():
        scored = work.score.item(item.name) if work.score else None
        yield {
            "picture": number,
            "item": item.name,
            "boxes": len(_boxes(given)),
            "seconds": round(given.active_ms / 1000, 1),
            "objects": scored.n if scored else None,
            "score": round(scored.value, 4) if scored else None,
        }


def _total(rows: list[dict[str, Any]]) -> tuple[int, float]:
    """Boxes and seconds of all pictures."""
    return sum(row["boxes"] for row in rows), round(sum(row["seconds"] for row in rows), 1)


def _evidence(work: Work, made: dict[str, bytes]) -> dict[str, Any]:
    """What the README says, for a program; hashes as in `results.json`."""
    claim = work.claim
    rows = list(_rows(work))
    boxes, seconds = _total(rows)
    return {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "task": TASK,
        "kind": KIND,
        "claim": claim
        and {
            "metric": "DetScore",
            "score": round(claim.evidence.score, 4),
            "n": claim.evidence.n,
            "unit": "objects",
            "interval": claim.evidence.interval,
            "level": 0.95,
            "passed": claim.evidence.passed,
            "attempt": claim.attempt,
            "at": claim.evidence.at,
            "hashes": claim.evidence.hashes,
            "boxes_changed_since": claim.changed_since,
        },
        "reproduce": f"labelschool check {TASK}",
        "review": "closed" if work.is_closed else "open",
        "boxes": boxes,
        "seconds": seconds,
        "seconds_per_box": round(seconds / boxes, 1) if boxes else None,
        "pictures": rows,
        "files": made_files.hashes(made),
    }


# Text --------------------------------------------------------------------------------------------


def _readme(work: Work, pictures: Iterable[str]) -> Iterator[str]:
    yield f"# {TITLE}"
    yield _claimed(work)
    yield NO_PHOTOGRAPHS
    yield from _decisions(work)
    if rows := list(_rows(work)):
        yield "## Picture by picture"
        yield _timed(rows)
        yield _table(rows, work)
    yield "## What I got wrong and which rule fixed it"
    yield work.mended
    yield from _mistakes(work)
    yield from _shown(work, set(pictures))
    if open_ends := missing(work):
        yield "## Not done yet"
        yield "\n".join(f"- {line}" for line in open_ends)


def _claimed(work: Work) -> str:
    claim, task = work.claim, work.exercise.task
    if claim is None:
        return "There is no counted score yet, so nothing is claimed."
    mark = claim.evidence.pass_mark
    below = mark is not None and claim.evidence.score < mark
    not_yet = f"not yet the {mark:.2f} that pass" if below else "not passed yet"
    done = "passed" if claim.evidence.passed else not_yet
    attempt = f"attempt {claim.attempt} of {task.attempts}" if claim.attempt else "an attempt"
    remark = f" ({claim.remark})" if claim.remark else ""
    said = (
        f"**{claim.line}**, bootstrap over {len(work.items)} {KIND}; guideline {task.guideline}; "
        f"counted, {attempt}; {done}{remark}. Files: [evidence.json](evidence.json) "
        f"with the hashes of truth and guideline"
    )
    if claim.changed_since:
        return (
            f"{said}. I changed boxes after that attempt, so the pictures and the table below show "
            "later work and prove nothing."
        )
    return f"{said}, and [my boxes]({TASK}.json)."


def _timed(rows: list[dict[str, Any]]) -> str:
    boxes, seconds = _total(rows)
    if not boxes:
        return f"{seconds:.0f} s of work, no box yet."
    return (
        f"{seconds:.0f} s of work on {boxes} {'box' if boxes == 1 else 'boxes'}: "
        f"{seconds / boxes:.1f} s a box, looking included. The clock ran only while I worked."
    )


def _table(rows: list[dict[str, Any]], work: Work) -> str:
    """The pictures, and where the review is open their scores and that of all with n."""
    is_open = work.score is not None
    head = ["picture", "boxes", "time", "time a box", *(["objects", "DetScore"] if is_open else [])]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        boxes, seconds = row["boxes"], row["seconds"]
        line = [str(row["picture"]), str(boxes), f"{seconds:.0f} s"]
        line.append(f"{seconds / boxes:.1f} s" if boxes else "")
        lines.append([*line, str(row["objects"]), f"{row['score']:.2f}"] if is_open else line)
    if work.score:
        low_high = work.score.interval
        interval = f" (95 % interval {low_high[0]:.2f} to {low_high[1]:.2f})" if low_high else ""
        boxes, seconds = _total(rows)
        each = f"{seconds / boxes:.1f} s" if boxes else ""
        score = f"{work.score.value:.2f}{interval}"
        lines.append(["all", str(boxes), f"{seconds:.0f} s", each, str(work.score.n), score])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if is_open:
        return f"{table}\n\nA picture without objects scores 1 when it is left empty."
    return (
        f"{table}\n\nObjects and DetScore of each picture are left out: the review of {TASK} is "
        "not open."
    )


def _decisions(work: Work) -> Iterator[str]:
    """What was escalated, with the rule that came closest."""
    rules = course.guideline(work.exercise.task.guideline).rules
    lines = []
    for number, _, given in work.made():
        if asked := given.escalate:
            rule = rules.get(asked.rule) if asked.rule else None
            near = f"rule {rule.number}, {rule.name}" if rule else "no rule"
            note = " ".join(asked.note.split())
            lines.append(f"- Picture {number}, {near}" + (f": {note}" if note else ""))
    if lines:
        yield "## What I escalated"
        yield "\n".join(lines)


def _mistakes(work: Work) -> Iterator[str]:
    """The findings by code with the rules that decide; none while the review is closed."""
    if work.score is None:
        closed = f"Not shown yet: the review of {TASK} is not open."
        yield closed if work.answer.items else "Nothing is annotated yet."
        return
    found = [finding for finding in work.score.findings if not finding.note]
    if not found:
        yield f"Nothing: all {work.score.n} objects are right."
        return
    numbers = {item.name: number for number, item in enumerate(work.items, start=1)}
    rules = course.guideline(work.exercise.task.guideline).rules
    by_code: dict[str, list[Finding]] = {}
    for code in TAXONOMY:
        if of_code := [finding for finding in found if finding.code == code]:
            by_code[code] = of_code
    for code, findings in by_code.items():
        yield f"### {code} {name_of(code)}: {len(findings)}"
        yield TAXONOMY[code].sentence
        decided = sorted({finding.rule for finding in findings if finding.rule in rules})
        lines = [f"- **Rule {number}.** {rules[number].short}" for number in decided]
        for finding in itertools.islice(findings, SHOWN):
            lines.append(f"- Picture {numbers[finding.item]}: {sentence(finding).what}")
        if len(findings) > SHOWN:
            lines.append(f"- And {len(findings) - SHOWN} more.")
        yield "\n".join(lines)


def _shown(work: Work, pictures: set[str]) -> Iterator[str]:
    """The pictures with what is on them in words."""
    if pictures:
        yield "## The pictures with my boxes"
    for number, item, given in work.made():
        if (file := f"{item.name}.jpg") in pictures:
            classes = Counter(made.label for made in _boxes(given))
            boxes = ", ".join(f"{label} {n}" for label, n in sorted(classes.items()))
            yield f"![Picture {number} with my boxes: {boxes or 'none'}]({file})"
