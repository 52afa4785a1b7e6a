"""Answers to the exercises that are not boxes: right, with the mistakes the course names, blind.

Each is a function from a folder to its saved files; the truth is read as the course reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labelschool import code_answers
from labelschool.answers import AnswerFile
from labelschool.course import load
from labelschool.datasets import task_items, task_truth
from labelschool.model import Annotation, Choice, ItemAnswer, Number, Truth

SHEETS, ADS, HUNT, BUDGETS = "1.C", "1.E", "1.D", "1.F"

REPORT = """
from statistics import NormalDist


def report(rows):
    z = NormalDist().inv_cdf
    hits = sum(row["tilted"] and row["said_tilted"] for row in rows)
    misses = sum(row["tilted"] and not row["said_tilted"] for row in rows)
    alarms = sum(not row["tilted"] and row["said_tilted"] for row in rows)
    rejections = len(rows) - hits - misses - alarms
    hit_rate = (hits + 0.5) / (hits + misses + 1)
    alarm_rate = (alarms + 0.5) / (alarms + rejections + 1)
    return {
        "hits": hits,
        "misses": misses,
        "false_alarms": alarms,
        "correct_rejections": rejections,
        "miss_rate": misses / (hits + misses),
        "d_prime": z(hit_rate) - z(alarm_rate),
    }
"""
MISSES = REPORT.replace("misses / (hits + misses)", "misses / len(rows)")
NO_REPORT = "def report(rows):\n    return {}\n"


def right(folder: Path) -> None:
    """What the truth itself would answer."""
    save(folder, SHEETS, lambda item: _asked(SHEETS, lambda q: item.choices[q][:1]))
    save(folder, ADS, lambda item: _asked(ADS, lambda level: _skills(item, level)))
    save(folder, BUDGETS, lambda item: (Number(value=item.value),))
    _hunt(folder, lambda item: item.labels, REPORT)


def slipped(folder: Path) -> None:
    """One sheet for both, a plus taken for a condition, usual slips of sums, misses of all."""
    first = load().task(SHEETS).questions[0].name
    every = {"required": ("required", "welcome"), "welcome": ()}
    save(folder, SHEETS, lambda item: _asked(SHEETS, lambda _: item.choices[first][:1]))
    save(folder, ADS, lambda item: _asked(ADS, lambda level: _skills(item, *every[level])))
    save(folder, BUDGETS, lambda item: (Number(value=item.slips[0].value),))
    _hunt(folder, lambda item: ("upright",) if item.item.endswith("1") else item.labels, MISSES)


def blind(folder: Path) -> None:
    """The same on every item, without a look."""
    classes = {task_id: load().task(task_id).questions[0].classes for task_id in (SHEETS, ADS)}
    save(folder, SHEETS, lambda item: _asked(SHEETS, lambda _: classes[SHEETS][:1]))
    save(folder, ADS, lambda item: _asked(ADS, lambda _: classes[ADS]))
    save(folder, BUDGETS, lambda item: (Number(value=1.0),))
    _hunt(folder, lambda item: ("upright",), NO_REPORT)


def _asked(task_id: str, labels: Callable[[str], tuple[str, ...]]) -> tuple[Choice, ...]:
    """An answer to each question of a task."""
    names = [question.name for question in load().task(task_id).questions]
    return tuple(Choice(id=name, question=name, labels=tuple(labels(name))) for name in names)


def _skills(ad: Truth, *levels: str) -> tuple[str, ...]:
    """The skills of an advertisement at these levels."""
    asked = load().task(ADS).questions[0].classes
    return tuple(skill for skill in asked if set(ad.choices.get(skill, ())) & set(levels))


def _hunt(folder: Path, said: Callable[[Truth], tuple[str, ...]], code: str) -> None:
    save(folder, HUNT, lambda item: (Choice(labels=said(item)),))
    code_answers.save(HUNT, code, folder)


def save(folder: Path, task_id: str, made: Callable[[Truth], tuple[Annotation, ...]]) -> None:
    task = load().task(task_id)
    truth = {item.item: item for item in task_truth(task, "counted")}
    answer = {
        item.name: ItemAnswer(
            item=item.name, annotations=made(truth[item.name]), done=True, active_ms=1500
        )
        for item in task_items(task, "counted")
    }
    AnswerFile(task_id, "counted", task.guideline, folder).save(answer, base=0)
