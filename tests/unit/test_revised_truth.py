"""The truth under G1 version 2: the three changed rules, and nothing else, on every picture."""

from __future__ import annotations

import pytest

from labelschool import course, datasets
from labelschool.datasets import revised

POOLS = [
    ("starter10", "practice"),
    ("starter10", "counted"),
    ("street_lite", "practice"),
    ("street_lite", "counted"),
]


@pytest.mark.parametrize(("name", "pool"), POOLS)
def test_every_difference_belongs_to_a_changed_rule(name, pool):
    for was in datasets.truth(name, pool):
        now = revised.street_v2(was)
        old, new = ({obj.id: obj for obj in item.objects} for item in (was, now))
        for number in old.keys() & new.keys():
            before, after = old[number], new[number]
            if before.label == "van" and before.bbox[3] < 60:
                assert after == before.model_copy(update={"label": "truck"})
            elif before.crowd:
                assert after.model_copy(update={"bbox": before.bbox}) == before
            else:
                assert after == before
        mirrors = [decoy for decoy in was.decoys if decoy.kind == "mirror"]
        images = [new[number] for number in new.keys() - old.keys()]
        assert [(i.label, i.bbox, i.mirror) for i in images] == [
            (decoy.label, decoy.bbox, True) for decoy in mirrors
        ]
        assert set(now.decoys) == {decoy for decoy in was.decoys if decoy.kind != "mirror"}
        gone = [old[number] for number in old.keys() - new.keys()]
        regions = [obj for obj in now.objects if obj.crowd]
        assert all(_lies_in(obj.bbox, region.bbox) for obj in gone for region in regions)
        assert not gone or regions


@pytest.mark.parametrize(("name", "pool"), POOLS)
def test_a_crowd_keeps_its_seven_nearest(name, pool):
    for was in datasets.truth(name, pool):
        if not any(obj.crowd for obj in was.objects):
            continue
        now = revised.street_v2(was)
        members = [o for o in was.objects if "crowd" in o.edge_cases and not o.crowd]
        kept = [o for o in now.objects if "crowd" in o.edge_cases and not o.crowd]
        rest = [o.depth for o in members if o not in kept]
        assert len(members) == 10
        assert len(kept) == 7
        assert max(o.depth for o in kept) <= min(rest)


@pytest.mark.parametrize(("name", "pool"), POOLS)
def test_a_second_revision_changes_nothing(name, pool):
    for was in datasets.truth(name, pool):
        now = revised.street_v2(was)
        assert revised.street_v2(now) == now


def test_the_twenty_pictures_hold_seven_changes_and_a_near_miss():
    task = course.load().task("A1.b")
    before = {item.item: item for item in datasets.truth("street_lite", "counted", "a")}
    after = datasets.task_truth(task, "counted")
    changed = {item.item[-3:] for item in after if item != before[item.item]}
    assert changed == {"025", "031", "032", "035"}
    heights = [o.bbox[3] for i in before.values() for o in i.objects if o.label == "van"]
    assert sum(height < revised.LOW_VAN for height in heights) == 2
    assert 66 in heights
    assert not next(i for i in after if i.item.endswith("041")).objects


def test_the_first_version_has_the_truth_as_it_was_measured():
    task = course.load().task("A1.a")
    assert datasets.task_truth(task, "counted") == datasets.truth("street_lite", "counted", "a")


def test_the_two_texts_differ_in_three_rules():
    first, second = course.guideline("G1.v1"), course.guideline("G1.v2")
    assert second.version == 2
    assert {n for n, rule in second.rules.items() if rule != first.rules[n]} == {1, 10, 14}
    assert second.rules.keys() == first.rules.keys()
    assert second.classes == first.classes
    lines = [set(guideline.body.splitlines()) for guideline in (first, second)]
    assert {line[:5] for line in lines[1] - lines[0]} == {"# G1 ", "| **1"}
    assert len(lines[1] - lines[0]) == 4
    assert str(revised.LOW_VAN) in second.rules[1].short
    assert str(revised.BOXED_OF_A_CROWD) in second.rules[14].short


def _lies_in(inner, outer):
    return all(
        outer[side] <= inner[side]
        and inner[side] + inner[side + 2] <= outer[side] + outer[side + 2]
        for side in (0, 1)
    )
