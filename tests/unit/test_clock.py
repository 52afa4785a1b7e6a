"""The clock is honest: declared minutes are what the work takes, from the truth itself.

7.8 s a picture to look whether anything was missed (Su, Deng and Fei-Fei 2012), 15 s an object
(25 s in module 1, for beginners), 2 s a flag that has to be set, and on a counted pool the
guideline at 180 words a minute. Other annotators declare seconds per item, code and texts per case
of their suite.
"""

from __future__ import annotations

import pytest

from labelschool import course, datasets
from labelschool.exercises import audits, suites

POOLS = [
    pytest.param(module, task, pool, id=f"{task.id} {pool}")
    for module in course.load().modules
    for task in module.tasks
    for pool in task.pools
]
BEGINNERS = "01-foundation"


def must(task, truth):
    return [
        o for item in truth for o in item.objects if o.level == "must" and o.label in task.classes
    ]


def flags(task, objects):
    return sum(
        bool(getattr(o, name)) for o in objects for name in task.attributes if name != "unsure"
    )


def minutes(module, task, pool):
    declared = task.pools[pool]
    if task.suite:
        return declared.seconds * len(suites.load(task.suite)) / 60
    if task.widget == "audit":
        return declared.seconds * (2 if pool == "counted" else audits.PICTURES) / 60
    truth = datasets.task_truth(task, pool)
    if declared.seconds:
        return declared.seconds * len(truth) / 60
    objects = must(task, truth)
    per_object = 25 if module.folder == BEGINNERS else 15
    seconds = 7.8 * len(truth) + per_object * len(objects) + 2 * flags(task, objects)
    words = len(course.guideline(task.guideline).body.split()) if pool == "counted" else 0
    return seconds / 60 + words / 180


@pytest.mark.parametrize(("module", "task", "pool"), POOLS)
def test_declared_minutes_are_within_a_quarter(module, task, pool):
    assert task.pools[pool].minutes == pytest.approx(minutes(module, task, pool), rel=0.25)


@pytest.mark.parametrize(("module", "task", "pool"), POOLS)
def test_declared_objects_are_those_of_the_truth(module, task, pool):
    declared = task.pools[pool].must
    if declared is None:
        assert task.pools[pool].seconds, "say either `must` or `seconds`"
    else:
        assert declared == len(must(task, datasets.task_truth(task, pool)))
