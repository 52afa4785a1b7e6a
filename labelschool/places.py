"""Places of the course by id, also of modules that are planned and not built yet.

An id is a lesson's number (``1.4``), an exercise (``1.A``), an assignment or a part of it (``A1``,
``A1.b``), ``quiz 1``, ``exam``, or the file name of a lesson or page (``first-evening``, ``faq``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from labelschool import course

COVERAGE = "content/coverage.yml"


@dataclass(frozen=True)
class Place:
    """A place by its id and title; without a notebook it is planned."""

    id: str
    title: str
    notebook: str | None = None

    @property
    def name(self) -> str:
        """How it is called beside others: ``1.A First ten``, ``Start here``."""
        numbered = re.fullmatch(r"\d\.(\d+|[A-Z])|A\d(\.[a-z])?", self.id)
        return f"{self.id} {self.title}" if numbered else self.title


def find(place_id: str) -> Place:
    """The place of an id. Raises `CourseError` for one that is neither built nor planned."""
    built = _built(course.root())
    if place_id in built:
        return built[place_id]
    planned = coverage()["planned"]
    if place_id in planned:
        return Place(place_id, planned[place_id])
    raise course.CourseError(f"There is no place {place_id!r} in this course, built or planned.")


def planned_lessons(module: str) -> int:
    """How many lessons of a module are planned and not built."""
    return sum(bool(re.fullmatch(rf"{module}\.\d+", name)) for name in coverage()["planned"])


def coverage() -> dict[str, Any]:
    """What `content/coverage.yml` says: the lines of the brief, and the ids that are planned."""
    return _coverage(course.root() / COVERAGE)


@cache
def _coverage(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _built(root: Path) -> dict[str, Place]:
    places = []
    for page in sorted((root / "content" / "pages").glob("*.md")):
        title = course.front_matter(page)[0]["title"]
        places.append(Place(page.stem, title, f"{page.stem}.ipynb"))
    for module in course.load().modules:
        places += _of_module(root, module)
    return {place.id: place for place in places}


def _of_module(root: Path, module: course.Module) -> list[Place]:
    """Lessons, exercises and quiz in the lesson that calls them, and the assignment."""
    places, texts = [], {}
    for slug in module.lessons:
        text = root / "content" / "lessons" / module.folder / f"{slug}.md"
        if text.is_file():
            lesson, notebook = course.lesson(module, slug), f"{module.folder}/{slug}.ipynb"
            places += [Place(name, lesson.title, notebook) for name in (lesson.lesson, slug)]
            texts[notebook] = text.read_text(encoding="utf-8")

    def calling(call: str) -> str:
        found = (notebook for notebook, text in texts.items() if call in text)
        return next(found, f"{module.folder}/exercises.ipynb")

    for task in module.exercises:
        places.append(Place(task.id, task.title, calling(f'exercise("{task.id}"')))
    if module.quiz:
        quiz = module.quiz.id
        places.append(Place(f"quiz {quiz}", f"Quiz {quiz}", calling(f'quiz("{quiz}"')))
    if module.assignment:
        notebook = f"{module.folder}/assignment.ipynb"
        number = module.folder[:2].lstrip("0")
        places.append(Place(f"A{number}", module.assignment.title, notebook))
        places += [Place(part.id, part.title, notebook) for part in module.assignment.parts]
    return places
