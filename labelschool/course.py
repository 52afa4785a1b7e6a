"""`course.yml`, the front matter of lessons and the guidelines, as one `Course`.

The course runs from a checkout: `root()` is ``$LABELSCHOOL_ROOT``, else the folder above this
package if it holds `course.yml`. It is never searched for from the notebook, whose place differs
in the workspace, on a hub and at autograde.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from labelschool.errors import LabelSchoolError
from labelschool.model import Guideline, first_error, guidelines

MANIFEST = "course.yml"
_Model = TypeVar("_Model", bound=BaseModel)


class CourseError(LabelSchoolError):
    """The course's own files are missing or wrong."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Pool(_Entry):
    """How much work a pool is: minutes as declared, and what they are computed from.

    ``batch`` names the part of the data set's pool that the task uses, and ``first`` how many of
    its items; by default all of it.
    """

    minutes: float
    batch: str | None = None
    first: int | None = Field(default=None, gt=0)
    must: int | None = None
    seconds: float | None = None


class Question(_Entry):
    """One of several questions about an item: what the learner reads and may answer.

    ``choosing`` is that of `labelschool.widgets.TagAnnotator`; ``weight`` is what a right answer is
    worth beside those to the other questions.
    """

    name: str
    text: str
    classes: tuple[str, ...] = Field(min_length=1)
    choosing: Literal["single", "multi", "ordinal"] = "single"
    weight: float = Field(default=1, gt=0)


Widget = Literal[
    "box",
    "tag",
    "form",
    "hunt",
    "questions",
    "review",
    "code",
    "sql",
    "guideline",
    "board",
    "panel",
    "mask",
    "keypoint",
    "track",
    "audit",
    "span",
    "preference",
]

Metric = Literal[
    "masks",
    "triage",
    "oks",
    "hota",
    "detection",
    "classification",
    "numbers",
    "exact_match",
    "set_f1",
    "revision",
    "review",
    "groups",
    "estimate",
    "spans",
    "error_spans",
    "tickets",
    "preference",
]

_RULED = {
    "mask": {"dataset", "guideline"},
    "keypoint": {"dataset", "guideline"},
    "form": {"dataset"},
    "hunt": {"dataset", "classes"},
    "questions": {"dataset", "guideline", "questions"},
    "preference": {"dataset", "guideline", "criteria"},
    "code": {"suite"},
    "sql": {"suite", "dataset"},
    "guideline": {"suite", "guideline"},
    "board": {"suite"},
    "panel": {"suite"},
    "audit": {"dataset", "guideline", "start"},
}
"""What a widget needs to be told, where it is not a data set, a guideline and classes."""


class Task(_Entry):
    """An exercise, or a part of an assignment: what is annotated, by which rules, for how much.

    A part without a widget is written work, graded by hand. A form asks for numbers and has
    neither guideline nor classes; a hunt has classes and no guideline; where several things are
    asked about an item, each question has classes of its own. ``start`` names the task whose
    finished boxes are brought to another version of the guideline, or audited. A ``paced``
    task compares the time per box of its counted pool with that of its practice pool. Masks have as
    classes what each item asks for. ``marked`` are the texts of a card in which words may be
    marked, and ``criteria`` what two answers are compared by. Code, queries, a guideline and a
    board are tried out by the hidden cases of a ``suite``, see `labelschool.exercises.suites`.
    """

    id: str = Field(pattern=r"^(\d\.[A-Z]|A\d\.[a-z])$")
    title: str
    widget: Widget | None = None
    dataset: str | None = None
    suite: str | None = None
    guideline: str | None = None
    classes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    attributes: tuple[
        Literal["occluded", "truncated", "crowd", "unsure", "mirror", "severity"], ...
    ] = ()
    marked: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    start: str | None = None
    paced: bool = False
    metric: Metric | None = None
    points: float = Field(gt=0)
    pass_mark: float = Field(alias="pass", ge=0, le=1)
    attempts: int = 3
    pools: dict[Literal["practice", "counted"], Pool] = {}
    minutes: float | None = None

    @model_validator(mode="after")
    def _complete(self) -> Task:
        needed = {"metric", "pools"} | _RULED.get(self.widget, {"dataset", "guideline", "classes"})
        if self.widget and (missing := sorted(name for name in needed if not getattr(self, name))):
            raise ValueError(f"{self.id} has a widget but no {', '.join(missing)}")
        return self

    @property
    def grade_id(self) -> str:
        """The id nbgrader and nbformat accept: they forbid dots."""
        return self.id.replace(".", "-")


class QuizSpec(_Entry):
    """A module's quiz: how many questions are drawn and the share that passes."""

    id: str
    questions: int
    pass_mark: float = Field(alias="pass")


class Assignment(_Entry):
    """The nbgrader assignment of a module."""

    title: str
    minutes: float
    parts: tuple[Task, ...]


class Module(_Entry):
    """One module: its folder under `modules/`, lessons in order, exercises, assignment, quiz.

    `test_out` are the numbers of the lessons that can be tested out of.
    """

    folder: str
    title: str
    lessons: tuple[str, ...]
    core: tuple[str, ...] = ()
    exercises: tuple[Task, ...] = ()
    assignment: Assignment | None = None
    quiz: QuizSpec | None = None
    test_out: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Exercises and assignment parts."""
        return self.exercises + (self.assignment.parts if self.assignment else ())


class Course(_Entry):
    """The whole manifest."""

    title: str
    tagline: str
    modules: tuple[Module, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Course:
        ids = [task.id for module in self.modules for task in module.tasks]
        if twice := sorted({task_id for task_id in ids if ids.count(task_id) > 1}):
            raise ValueError(f"the id {twice[0]} is used twice")
        return self

    def task(self, task_id: str) -> Task:
        """The task of that id. Raises `CourseError` naming those there are."""
        tasks = {task.id: task for module in self.modules for task in module.tasks}
        if task_id not in tasks:
            raise CourseError(
                f"There is no exercise {task_id!r} in this course; there are {', '.join(tasks)}."
            )
        return tasks[task_id]

    def module_of(self, task_id: str) -> Module:
        """The module that holds a task."""
        self.task(task_id)
        return next(m for m in self.modules if any(task.id == task_id for task in m.tasks))


class Lesson(_Entry):
    """The front matter of a lesson's text."""

    lesson: str
    title: str
    minutes: float
    needs: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def root() -> Path:
    """The checkout that holds the course."""
    if given := os.environ.get("LABELSCHOOL_ROOT"):
        folder = Path(given)
        if not (folder / MANIFEST).is_file():
            raise CourseError(
                f"LABELSCHOOL_ROOT points to {folder}, which holds no {MANIFEST}; point it to the "
                "folder you cloned."
            )
        return folder
    folder = Path(__file__).resolve().parent.parent
    if not (folder / MANIFEST).is_file():
        raise CourseError(
            f"{MANIFEST} is not beside the labelschool package; install the course from its "
            "checkout with `make setup`, or set LABELSCHOOL_ROOT to the checkout."
        )
    return folder


def load() -> Course:
    """The course as `course.yml` describes it. Raises `CourseError` with the line that is wrong."""
    return _load(root() / MANIFEST)


def lesson(module: Module, slug: str) -> Lesson:
    """The front matter of one lesson."""
    path = root() / "content" / "lessons" / module.folder / f"{slug}.md"
    header, _ = front_matter(path)
    return _validated(Lesson, header, path, path.read_text(encoding="utf-8").split("---")[1])


def guideline(guideline_id: str) -> Guideline:
    """The guideline of an id such as ``G1.v1``.

    One whose header ``extends`` another has the classes, rules and text of that one as well.
    """
    return _guideline(_guideline_path(guideline_id))


def guideline_sha256(guideline_id: str) -> str:
    """Hash of a guideline's text, stored with every result that rests on it."""
    path = _guideline_path(guideline_id)
    sha256 = hashlib.sha256(path.read_bytes())
    if base := front_matter(path)[0].get("extends"):
        sha256.update(guideline_sha256(base).encode())
    return sha256.hexdigest()


def _guideline_path(guideline_id: str) -> Path:
    return root() / "content" / "guidelines" / f"{guideline_id}.md"


def front_matter(path: Path) -> tuple[dict[str, Any], str]:
    """The YAML header of a Markdown text, and the text below it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(
            f"{_short(path)} is missing from the course; restore it with "
            f"`git checkout -- {_short(path)}`."
        ) from error
    if not text.startswith("---\n") or "\n---\n" not in text:
        raise CourseError(f"{_short(path)} has no YAML header between two lines of `---`.")
    header, body = text[4:].split("\n---\n", 1)
    return _yaml(header, path), body.lstrip("\n")


@cache
def _load(path: Path) -> Course:
    text = path.read_text(encoding="utf-8")
    return _validated(Course, _yaml(text, path), path, text)


@cache
def _guideline(path: Path) -> Guideline:
    header, body = front_matter(path)
    if base_id := header.pop("extends", None):
        base = front_matter(_guideline_path(base_id))
        header |= {key: {**base[0][key], **header[key]} for key in ("classes", "rules")}
        body = f"{body}\n##{base[1]}"
    try:
        return guidelines.from_header(header, body)
    except ValidationError as error:
        raise CourseError(f"{_short(path)} is wrong: {first_error(error)}.") from error


def _yaml(text: str, path: Path) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise CourseError(f"{_short(path)} is not valid YAML{line}: {problem}.") from error


def _validated(kind: type[_Model], data: Any, path: Path, text: str) -> _Model:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        line = _line(text, error.errors()[0]["loc"])
        where = f" at line {line}" if line else ""
        raise CourseError(f"{_short(path)} is wrong{where}: {first_error(error)}.") from error


def _line(text: str, location: tuple[int | str, ...]) -> int | None:
    """The 1-based line of a place in a YAML text, as far down as the place exists."""
    node = yaml.compose(text) if text else None
    line = None
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _short(path: Path) -> str:
    """A path as the reader of the repository would write it."""
    for parent in path.parents:
        if (parent / MANIFEST).is_file():
            return path.relative_to(parent).as_posix()
    return path.name
