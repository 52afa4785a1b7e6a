"""How far a learner is: the course in its order, with minutes and the state of each step.

A step is a lesson, an exercise inside it, a part of the assignment or the quiz. What was never
built is not listed. Progress is read from `results.json` and the answer files alone, so that it is
the same in the start page and in `labelschool progress`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from labelschool import answers, course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.home import portable, results, workspace

State = Literal["empty", "started", "done"]
TESTED_OUT = "tested out"
PASSED_OVER = "passed over"
"""The note of what was not begun before work behind it was."""
_CALL = re.compile(r"\b(exercise|quiz)\(\s*\"([^\"]+)\"(?:,\s*pool=\"(\w+)\")?")


@dataclass(frozen=True)
class Step:
    """One thing to do. `minutes_done` counts finished pools; `note` is the score so far."""

    id: str
    kind: Literal["lesson", "exercise", "assignment", "quiz"]
    title: str
    notebook: str
    minutes: float = 0
    minutes_done: float = 0
    core: bool = False
    state: State = "empty"
    note: str = ""


def name_of(step: Step) -> str:
    """How the course calls a step: ``1.4 Label types ...``, ``Assignment A1.a Twenty streets``."""
    if step.kind == "lesson":
        number = re.match(r"(\d)-(\d+)-", step.id)
        return f"{number[1]}.{number[2]} {step.title}" if number else step.title
    word = "Assignment " if step.kind == "assignment" else ""
    return f"{word}{step.id} {step.title}"


@dataclass(frozen=True)
class ModuleProgress:
    """A module and its steps in the order they are met."""

    folder: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Progress:
    """The whole course as one learner sees it."""

    title: str
    modules: tuple[ModuleProgress, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for module in self.modules for step in module.steps)

    @property
    def minutes(self) -> float:
        """Minutes of all steps."""
        return sum(step.minutes for step in self.steps)

    @property
    def minutes_done(self) -> float:
        """Minutes of what is finished."""
        return sum(step.minutes_done for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done, one passed over last; None at the end of the course."""
        left = [step for step in self.steps if step.state != "done"]
        return min(left, key=lambda step: step.note == PASSED_OVER, default=None)


def read(home: Path) -> Progress:
    """The progress of a home. Raises `CourseError` where the course itself is damaged."""
    loaded = course.load()
    kept = results.read(home)
    asked = {key.split("/")[0] for key in kept.asked}
    modules = [_module(module, home, kept.entries, asked) for module in loaded.modules]
    modules = [module for module in modules if module.steps]
    return Progress(loaded.title, tuple(_with_lessons_read(modules)))


def _module(
    module: course.Module, home: Path, measured: dict[str, results.Entry], asked: Set[str]
) -> ModuleProgress:
    """Lessons, each followed by the exercises its text calls; then assignment and quiz.

    A lesson is begun once its notebook was run, or a question of it, of those `asked`, answered: a
    passport carries the answer, and no notebook that nobody edited.

    Where one lesson calls the practice of an exercise and another its counted pool, each has a step
    of its own.
    """
    steps: list[Step] = []
    exercises = {task.id: task for task in module.exercises}
    uncalled = {(task.id, pool) for task in module.exercises for pool in task.pools}
    called_quiz = None
    for slug in module.lessons:
        text = course.root() / "content" / "lessons" / module.folder / f"{slug}.md"
        if not text.is_file():
            continue
        lesson = course.lesson(module, slug)
        notebook = f"{module.folder}/{slug}.ipynb"
        core = slug in module.core
        step = Step(slug, "lesson", lesson.title, notebook, lesson.minutes, core=core)
        tested = measured.get(f"{results.TEST_OUT}{lesson.lesson}")
        if tested and tested.best.passed:
            step = replace(step, state="done", minutes_done=lesson.minutes, note=TESTED_OUT)
        elif lesson.lesson in asked or workspace.was_run(home, notebook):
            step = replace(step, state="started")
        steps.append(step)
        here: dict[str, list[str]] = {}
        for call, called, pool in _CALL.findall(text.read_text(encoding="utf-8")):
            if call == "quiz":
                called_quiz = notebook
            elif (one := (called, pool or "counted")) in uncalled:
                uncalled.remove(one)
                here.setdefault(called, []).append(one[1])
        for called, pools in here.items():
            task = exercises[called]
            steps.append(_task(task, "exercise", notebook, module, home, measured, pools))
    if module.assignment and (course.root() / "assignments" / module.folder).is_dir():
        notebook = f"{module.folder}/assignment.ipynb"
        steps += [
            _task(part, "assignment", notebook, module, home, measured)
            for part in module.assignment.parts
        ]
    if module.quiz and called_quiz:
        steps.append(_quiz(module.quiz, called_quiz, measured))
    return ModuleProgress(module.folder, module.title, tuple(steps))


def _task(
    task: course.Task,
    kind: Literal["exercise", "assignment"],
    notebook: str,
    module: course.Module,
    home: Path,
    measured: dict[str, results.Entry],
    only: Sequence[str] | None = None,
) -> Step:
    """The step of a task, or of `only` some of its pools."""
    pools = {name: pool for name, pool in task.pools.items() if only is None or name in only}
    minutes = sum(pool.minutes for pool in pools.values()) or task.minutes or 0
    title = task.title if len(pools) == len(task.pools) else f"{task.title}, {', '.join(pools)}"
    step = Step(task.id, kind, title, notebook, minutes, core=task.id in module.core)
    if not task.widget:
        if portable.is_written(home, module.folder, task):
            return replace(step, state="done", minutes_done=minutes, note="written")
        return step
    states, done, note = [], 0.0, ""
    for pool, spec in pools.items():
        state, said = _pool(task, pool, home / module.folder, measured)
        states.append(state)
        done += spec.minutes if state == "done" else 0
        note = said or note
    # Practice is there to be used, not to be finished: a counted pool beside it decides.
    state: State = "done" if states[-1] == "done" else "empty"
    if state == "empty" and any(s != "empty" for s in states):
        state = "started"
    return replace(step, state=state, note=note, minutes_done=minutes if state == "done" else done)


def _pool(
    task: course.Task, pool: str, folder: Path, measured: dict[str, results.Entry]
) -> tuple[State, str]:
    """State of one pool and what there is to say about it."""
    try:
        answer = answers.AnswerFile(task.id, pool, task.guideline, folder).read()
    except answers.BrokenAnswer:
        return "started", "the answer file is damaged: run `labelschool check " + task.id + "`"
    entry = measured.get(f"exercise/{task.id}/{pool}")
    if entry is None:
        return _unscored(task, pool, answer), ""
    note = ", ".join(filter(None, [f"{entry.best.score:.0%}", entry.remark]))
    if pool == "practice":
        return "done" if _all_touched(task, pool, answer) else "started", f"practice {note}"
    if entry.best.passed:
        return "done", f"{note}, passed"
    if len(answer.attempts) >= task.attempts:
        return "done", f"{note}, attempts used"
    if task.metric == "detection" and entry.best.score >= task.pass_mark:
        return "started", f"{note}, more of the objects have to be found"
    mark = entry.best.pass_mark
    return "started", note if mark is None else f"{note}, {mark:.0%} passes"


def _unscored(task: course.Task, pool: str, answer: answers.Answer) -> State:
    """State of work without a score: where the truth is an instructor's, all done is done."""
    if not answer.items:
        return "empty"
    try:
        if datasets.has_truth(task.dataset, pool):
            return "started"
        names = [item.name for item in datasets.task_items(task, pool)]
    except LabelSchoolError:
        return "started"
    return "done" if all(answer.item(name).done for name in names) else "started"


def _all_touched(task: course.Task, pool: str, answer: answers.Answer) -> bool:
    """Whether every item is answered or done; what cannot be told counts as finished."""
    from labelschool.exercises.base import untouched

    try:
        names = [item.name for item in datasets.task_items(task, pool)]
    except LabelSchoolError:
        return True
    return not untouched(answer, names)


def _quiz(quiz: course.QuizSpec, notebook: str, measured: dict[str, results.Entry]) -> Step:
    entry = measured.get(f"quiz/{quiz.id}")
    step = Step(f"Quiz {quiz.id}", "quiz", f"({quiz.questions} questions)", notebook)
    if entry is None:
        return step
    state: State = "done" if entry.best.passed else "started"
    return replace(step, state=state, note=f"{entry.best.score:.0%}, {quiz.pass_mark:.0%} passes")


def _with_lessons_read(modules: list[ModuleProgress]) -> list[ModuleProgress]:
    """Give each lesson its state, and what was passed over its note.

    Passed over is, while anything behind it is begun, a lesson that was not opened, and with it or
    with a lesson that is done each exercise not begun. A lesson that was tested out of is done and
    tells nothing of the others.
    """
    begun_behind = False
    finished = []
    for module in reversed(modules):
        steps: list[Step] = []
        inside: list[Step] = []
        for step in reversed(module.steps):
            if step.kind == "exercise":
                inside.append(step)
                continue
            if step.kind == "lesson" and step.note != TESTED_OUT:
                step = _read_lesson(step, inside)
                if step.state != "started" and begun_behind:
                    step, *inside = map(_passed_over, (step, *inside))
            begun_behind = begun_behind or any(
                one.state != "empty" and one.note != TESTED_OUT for one in (step, *inside)
            )
            steps += [*inside, step]
            inside = []
        finished.append(replace(module, steps=tuple(reversed(steps))))
    return finished[::-1]


def _passed_over(step: Step) -> Step:
    return replace(step, note=PASSED_OVER) if step.state == "empty" else step


def _read_lesson(lesson: Step, exercises: list[Step]) -> Step:
    """The lesson with its state; done once it was run and its exercises are done, of which those
    of the core path decide where it has any."""
    if lesson.state == "empty" and all(step.state == "empty" for step in exercises):
        return lesson
    deciding = [step for step in exercises if step.core] or exercises
    if all(step.state == "done" for step in deciding):
        return replace(lesson, state="done", minutes_done=lesson.minutes)
    return replace(lesson, state="started")


def link_exists(home: Path, notebook: str) -> bool:
    """Whether a step's notebook can be opened from a home.

    The nbgrader notebooks stand beside the lessons in a work folder only; a lesson's link is kept
    everywhere, so that a committed start page works on GitHub too.
    """
    if notebook.endswith(portable.NOTEBOOKS):
        return (home / notebook).is_file()
    return (home / notebook).is_file() or not workspace.is_workspace(home)
