"""Numbers and files that describe a finished set: ``datasheet.md`` and ``SHA256SUMS``."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

BOX_TEXT = """# {name}

{what}

Rendered, not photographs: streets, cars, people, posters and shop names are invented and made by
our own code, so the truth is exact. Guideline {guideline}. Licence CC0 1.0.

| | |
|---|---|
{rows}

| edge case (pictures, objects or decoys) | count |
|---|---|
{edges}

Made with `make data SET={name}` (Blender bpy 5.0.1 by `tools/scenes`, truth by `tools/truth`);
seeds, layouts and placed edge cases of every picture: `tools/scenes/recipes/{name}.toml`. Boxes
and areas come from the id map in `ids/`; fragments below 6 px or 1.5 % of an object are dropped
from it, decoys carry no id. `amodal_bbox` and `truncation` come from a sensor three times as wide
and high. `level`: `must` if at least 40 % is visible and the shorter side has 12 px, for placed
edge cases down to 10 % and 6 px of height; the rest is `ignore`.

Known weak points: people are simplified and best below 100 px of height; glass is opaque; car
models repeat; what ordinary shop windows, bus windows and wet roads mirror by chance is not listed
as a decoy, only what placed glass fronts, puddles and street mirrors show; Cycles may give slightly
different pixels on another processor, so the committed files, not a new render, are the reference.
"""

TAG_TEXT = """# {name}

{what}

Crops from our own renders at their truth boxes plus context, enlarged so that the shorter side has
at least 160 px. Rendered, not photographs. Guideline {guideline}. Licence CC0 1.0.

| | |
|---|---|
{rows}

`labels` is the set of accepted classes: two where the picture does not decide, none where the crop
is unusable. Which object each crop shows: `tools/truth/{name}.toml`. Made with `make data
SET={name}`.

Known weak points: crops from small objects are soft; the same car models repeat; signs are of
seven kinds.
"""


def table(rows):
    return "\n".join(f"| {key} | {value} |" for key, value in rows)


def edge_counts(pools):
    """How often each edge case occurs: by object where an object carries it, else by decoy, else
    by picture.
    """
    counts = Counter()
    for items in pools.values():
        for item in items:
            counts.update(
                name
                for found in item["objects"]
                if found["level"] == "must" or found["crowd"]
                for name in found["edge_cases"]
            )
            counts.update(decoy["kind"] for decoy in item["decoys"])
            counts.update(["empty"] if "empty" in item["edge_cases"] else [])
    return counts


def box_datasheet(name, what, guideline, pools):
    """Text of the datasheet of a box set; ``pools`` maps pool names to truth items."""
    items = [item for pool in pools.values() for item in pool]
    must = [sum(found["level"] == "must" for found in item["objects"]) for item in items]
    labels = Counter(
        found["label"] for item in items for found in item["objects"] if found["level"] == "must"
    )
    rows = [
        ("pools", ", ".join(f"{pool} {len(found)}" for pool, found in pools.items())),
        ("pictures", f"{len(items)} of 640 x 480, JPEG 85"),
        (
            "`must` objects",
            f"{sum(must)}; {sum(must) / len(items):.1f} a picture, at most {max(must)}",
        ),
        ("`must` by class", ", ".join(f"{label} {count}" for label, count in labels.most_common())),
        (
            "`ignore` objects",
            sum(found["level"] == "ignore" for item in items for found in item["objects"]),
        ),
        (
            "light",
            ", ".join(
                f"{light} {count}"
                for light, count in Counter(item["light"] for item in items).most_common()
            ),
        ),
        ("rain", sum(item["weather"] == "rain" for item in items)),
    ]
    return BOX_TEXT.format(
        name=name,
        what=what,
        guideline=guideline,
        rows=table(rows),
        edges=table(sorted(edge_counts(pools).items())),
    )


def tag_datasheet(name, what, guideline, items):
    """Text of the datasheet of a set of crops."""
    clear = Counter(item["labels"][0] for item in items if len(item["labels"]) == 1)
    rows = [
        ("pools", f"practice {len(items)}"),
        ("clear", ", ".join(f"{label} {count}" for label, count in clear.most_common())),
        ("ambiguous", sum(item["ambiguous"] for item in items)),
        ("unusable", sum(item["unusable"] for item in items)),
    ]
    return TAG_TEXT.format(name=name, what=what, guideline=guideline, rows=table(rows))


def write_checksums(folder: Path):
    """List every file of the set in SHA256SUMS, sorted by path."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
    lines = [f"{digest}  {path}\n" for path, digest in sorted(digests.items())]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")
