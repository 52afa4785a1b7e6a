"""Rules on where labels come from: R16 and R19."""

from __future__ import annotations

from collections.abc import Iterator

from labelschool.formats.contract import printable
from labelschool.lint.export import Export, Place
from labelschool.lint.project import MANIFEST
from labelschool.lint.rules import Problem, rule


@rule("R16", "No scene is in two splits", needs="scenes")
def scenes_in_one_split(export: Export) -> Iterator[Problem]:
    """All pictures of a scene are in one split."""
    first: dict[str, str] = {}
    for place, scene, split in _scenes(export):
        if first.setdefault(scene, split) != split:
            yield (
                place,
                f"the scene {printable(scene)} is in {printable(split)} and in "
                f"{printable(first[scene])}.",
                "Put all pictures of a scene into one split, or the test knows the answers.",
            )


def _scenes(export: Export) -> Iterator[tuple[Place, str, str]]:
    for name, (scene, split) in export.project.scenes.items():
        yield Place(MANIFEST, name, "picture"), scene, split
    if not export.project.scenes:
        for item in export.items.values():
            scene = item.attributes.get("scene")
            split = item.split or item.attributes.get("split")
            if scene is not None and split:
                yield Place(export.file, item.name, "picture"), str(scene), str(split)


@rule("R19", "The version of the guideline is there", needs="guideline")
def guideline_named(export: Export) -> Iterator[Problem]:
    """The export names the guideline, and the one that is expected."""
    named, expected = export.guideline, export.project.expected
    place = Place(MANIFEST if export.project.guideline is not None else export.file, kind="file")
    if not named:
        yield (
            place,
            "no version of the guideline is named.",
            "Name it, as in G1.v1: labels are right or wrong by one version.",
        )
    elif expected and named != expected:
        yield (
            place,
            f"the guideline is {printable(named)}, and {printable(expected)} is expected.",
            "Find out by which version the labels were made; revise them if it is the old one.",
        )
