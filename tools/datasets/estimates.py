"""The forms of numbers: projects to be budgeted from published times (exercise 1.F).

The published times stand in `content/facts.json`; volumes and shares are invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import Datasheet, finish, fresh_folder, write_pool

from labelschool.demos.foundation import (
    BOX_EXTREME,
    BOX_VERIFIED,
    LOOK,
    MASK_ASSISTED,
    MASK_BY_HAND,
)
from labelschool.model import NumberTruth, Slip

GLANCE = 7.8  # "any others?", a picture, Su et al. 2012 (F07)
VERIFY = 9.0  # verifying a drawn box, Su et al. 2012 (F07)
SCENE_HOURS = 1.5  # a whole street scene with its quality control, Cordts et al. 2016 (F11)

UNIT_SLIPS: Mapping[str, Mapping[str, float]] = {
    "hours": {
        "These are minutes. Divide by 60 once more.": 60,
        "These are seconds. Divide by 3,600.": 3600,
    },
    "seconds": {
        "These are minutes. The line asks for seconds.": 1 / 60,
        "These are hours. The line asks for seconds.": 1 / 3600,
    },
    "dollars": {
        "These are cents. The line asks for dollars.": 100,
        "You paid the hourly rate for every minute. Divide by 60 once more.": 60,
        "You paid the hourly rate for every second. Divide by 3,600.": 3600,
    },
    "cents": {
        "These are dollars. The line asks for cents.": 0.01,
        "You divided by 60 once. A minute has 60 seconds and an hour 60 minutes.": 60,
    },
    "days": {"You divided minutes by hours. Take the hours of the work.": 60},
}
"""Unit -> sentence -> by what the usual slip in this unit multiplies the number."""


@dataclass(frozen=True)
class Line:
    """One line of a project: what is asked, the right number, the way to it, and usual slips."""

    asked: str
    unit: str
    value: float
    way: str
    slips: Mapping[str, float]


@dataclass(frozen=True)
class Project:
    """A project to be budgeted."""

    name: str
    task: str
    lines: tuple[Line, ...]


def build(name: str) -> None:
    """Make one set; raises KeyError for a set that is not made here."""
    {"cost_ladder": _cost_ladder}[name](fresh_folder(name))


def _hours(n: float, seconds: float) -> float:
    return n * seconds / 3600


def _practice() -> Project:
    boxes, hourly = 1800, 15
    hours = _hours(boxes, BOX_VERIFIED)
    return Project(
        "Old boxes",
        "1,800 boxes, each drawn in 25.5 s and verified in 9.0 s (Su et al. 2012). An hour costs "
        "15 dollars.",
        (
            Line(
                "drawing and verifying",
                "hours",
                hours,
                "1,800 x 34.5 s / 3,600 s = 17.25 hours.",
                {"You left the verification out.": _hours(boxes, 25.5)},
            ),
            Line(
                "cost of the whole job",
                "dollars",
                hourly * hours,
                "17.25 hours x 15 dollars = 258.75 dollars.",
                {"The verification is paid too.": hourly * _hours(boxes, 25.5)},
            ),
            Line(
                "price of one box",
                "cents",
                100 * hourly * BOX_VERIFIED / 3600,
                "15 dollars x 34.5 s / 3,600 s = 0.14375 dollars, so 14.4 cents.",
                {"The verification is paid too.": 100 * hourly * 25.5 / 3600},
            ),
        ),
    )


def _streets() -> Project:
    pictures, boxes, share, hourly = 3000, 24_000, 0.5, 18
    drawing, glances = _hours(boxes, BOX_EXTREME), _hours(pictures, GLANCE)
    review = _hours(share * boxes, VERIFY)
    total = drawing + glances + review
    return Project(
        "Street boxes",
        "3,000 pictures hold 24,000 boxes. A box by extreme clicks takes 7 s (Papadopoulos et al. "
        "2017). In every picture somebody then looks for missed objects, 7.8 s a picture, and "
        "half of the boxes are verified, 9.0 s a box (both Su et al. 2012). An hour costs 18 "
        "dollars.",
        (
            Line(
                "drawing",
                "hours",
                drawing,
                "24,000 x 7 s / 3,600 s = 46.7 hours.",
                {
                    "You multiplied by pictures. The 7 s are for a box.": _hours(
                        pictures, BOX_EXTREME
                    ),
                },
            ),
            Line(
                "looking again and verifying",
                "hours",
                glances + review,
                "3,000 x 7.8 s + 12,000 x 9.0 s = 131,400 s, so 36.5 hours.",
                {
                    "You verified all boxes. It is half of them.": glances + 2 * review,
                    "You left out the look at every picture.": review,
                    "You left out the verified boxes.": glances,
                },
            ),
            Line(
                "cost of the whole project",
                "dollars",
                hourly * total,
                "46.7 + 36.5 = 83.2 hours, x 18 dollars = 1,497 dollars.",
                {
                    "You left the review out: drawing is only a part.": hourly * drawing,
                    "You paid the review alone. Drawing is the larger part.": hourly
                    * (glances + review),
                    "You verified all boxes. It is half of them.": hourly * (total + review),
                    "You left out the verified boxes.": hourly * (drawing + glances),
                },
            ),
        ),
    )


def _masks() -> Project:
    hand, assisted, redrawn = 800, 4000, 400
    by_hand, by_model = _hours(hand, MASK_BY_HAND), _hours(assisted, MASK_ASSISTED)
    total = by_hand + by_model
    mean = 3600 * total / (hand + assisted)
    return Project(
        "Masks in two batches",
        "800 masks are drawn by hand, 79 s each (Lin et al. 2014). 4,000 more are drawn with a "
        "model's help, 14 s each (Kirillov et al. 2023).",
        (
            Line(
                "drawing both batches",
                "hours",
                total,
                "800 x 79 s + 4,000 x 14 s = 119,200 s, so 33.1 hours.",
                {
                    "You gave both batches the mean of 79 and 14 s.": _hours(hand + assisted, 46.5),
                },
            ),
            Line(
                "mean time of a mask",
                "seconds",
                mean,
                "119,200 s / 4,800 masks = 24.8 s.",
                {
                    "This is the mean of the two means. The batches are not of one size.": (
                        MASK_BY_HAND + MASK_ASSISTED
                    )
                    / 2
                },
            ),
            Line(
                "both batches, when review sends 400 assisted masks back to be drawn anew by hand",
                "hours",
                total + _hours(redrawn, MASK_BY_HAND),
                "33.1 hours + 400 x 79 s / 3,600 s = 41.9 hours. The first drawing stays paid.",
                {
                    "You left out what is drawn anew.": total,
                    "Drawn anew by hand is 79 s, not 14.": total + _hours(redrawn, MASK_ASSISTED),
                },
            ),
        ),
    )


def _proposals() -> Project:
    proposals, good, scenes, hourly, day = 15_000, 0.7, 60, 20, 5
    looking, drawing = _hours(proposals, LOOK), _hours((1 - good) * proposals, BOX_EXTREME)
    hours = looking + drawing
    return Project(
        "Proposals and whole scenes",
        "A model proposes 15,000 boxes. A yes or no takes 1.6 s (Papadopoulos et al. 2016); 70 % "
        "are good, the others are drawn anew by extreme clicks, 7 s. Besides, 60 street scenes "
        "are labelled in every pixel, with quality control at 1.5 hours each (Cordts et al. "
        "2016). An hour costs 20 dollars, and a person labels 5 hours a day.",
        (
            Line(
                "the proposals",
                "hours",
                hours,
                "15,000 x 1.6 s + 4,500 x 7 s = 55,500 s, so 15.4 hours.",
                {
                    "You left out the looking. All 15,000 are looked at.": drawing,
                    "You swapped the shares: 30 % are drawn anew.": looking
                    + _hours(good * proposals, BOX_EXTREME),
                },
            ),
            Line(
                "drawing all 15,000 boxes without a model",
                "hours",
                _hours(proposals, BOX_EXTREME),
                "15,000 x 7 s / 3,600 s = 29.2 hours.",
                {"Without a model there is nothing to look at first.": hours},
            ),
            Line(
                "cost of the whole scenes",
                "dollars",
                scenes * SCENE_HOURS * hourly,
                "60 x 1.5 hours x 20 dollars = 1,800 dollars.",
                {
                    "You counted one hour a scene.": scenes * hourly,
                    "These are hours. The line asks for dollars.": scenes * SCENE_HOURS,
                },
            ),
            Line(
                "days of one person for proposals and scenes",
                "days",
                (hours + scenes * SCENE_HOURS) / day,
                "15.4 + 90 = 105.4 hours, / 5 hours a day = 21.1 days.",
                {
                    "A person labels 5 hours a day here, not 8.": (hours + scenes * SCENE_HOURS)
                    / 8,
                    "You left the proposals out.": scenes * SCENE_HOURS / day,
                    "You left the scenes out.": hours / day,
                    "These are hours. A day has 5 of them.": hours + scenes * SCENE_HOURS,
                },
            ),
        ),
    )


def _cost_ladder(folder: Path) -> None:
    pools = {"practice": (_practice(),), "counted": (_streets(), _masks(), _proposals())}
    for pool, projects in pools.items():
        write_pool(folder, pool, "numbers", None, *_entries(projects))
    sheet = Datasheet(
        motivation="Projects to be budgeted from published times for exercise 1.F: hours, money "
        "and days, with the review share that estimates forget.",
        composition=[
            (pool, f"{len(projects)} projects, {sum(len(p.lines) for p in projects)} lines")
            for pool, projects in pools.items()
        ],
        making="`tools/datasets/estimates.py` computes every number from the published times in "
        "`content/facts.json`. Volumes, shares and rates are invented; the rates lie in the band "
        "that was quoted for general labelling.",
        gaps="Breaks, questions, training and management are left out, so a real budget is higher. "
        "The times come from large projects with practised annotators.",
    )
    finish(folder, None, sheet)


def _entries(projects: Sequence[Project]) -> tuple[list[dict[str, Any]], list[NumberTruth]]:
    """The lines of projects as items and as truth, named by their place."""
    items, truth = [], []
    for place, project in enumerate(projects, 1):
        for number, line in enumerate(project.lines, 1):
            name = f"project-{place}-{number}"
            card = {"project": project.name, "task": project.task}
            items.append({"item": name, "fields": card | {"line": line.asked, "unit": line.unit}})
            usual = {note: line.value * by for note, by in UNIT_SLIPS[line.unit].items()}
            slips = tuple(
                Slip(value=value, note=note) for note, value in {**line.slips, **usual}.items()
            )
            truth.append(
                NumberTruth(
                    item=name,
                    scene=project.name,
                    value=line.value,
                    unit=line.unit,
                    way=line.way,
                    slips=slips,
                )
            )
    return items, truth
