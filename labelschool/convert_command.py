"""`labelschool convert`: the labels of one tool in the format of another, and what was lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer


def convert(
    source: Annotated[Path, typer.Argument(help="A file, a folder or a zip of labels.")],
    to: Annotated[str, typer.Option("--to", help="The format to write, such as yolo or voc.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write, which is new.")],
    from_: Annotated[
        str | None, typer.Option("--from", help="The format of the source; else recognised.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="The folder of the pictures, where the labels do not tell their sizes."),
    ] = None,
    voc_origin: Annotated[
        Literal["0", "1"],
        typer.Option(help="Pascal VOC: the first pixel is 1, as VOC has it, or 0, as some tools."),
    ] = "1",
    crowd: Annotated[
        Literal["drop", "keep"],
        typer.Option(help="Crowds where the format has none: drop, or keep as single objects."),
    ] = "drop",
    class_map: Annotated[
        Path | None,
        typer.Option(help="YAML with a line `old name: new name` for each class; null leaves out."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing when the format cannot hold all.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the losses as JSON.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write anew; the old folder is kept beside.")
    ] = False,
) -> None:
    """Write labels in another format, and say by kind and count what it cannot hold.

    The folder appears whole or not at all.
    """
    from labelschool import formats
    from labelschool.formats import class_map as maps
    from labelschool.formats.contract import as_json as listed

    target = formats.by_name(to)
    options = formats.Options(
        voc_origin=1 if voc_origin == "1" else 0, crowd=crowd, pictures=pictures
    )
    losses = []
    with formats.opened(source) as place:
        found = formats.by_name(from_) if from_ else formats.recognise(place)
        dataset = formats.read(place, found.name, options=options)
        mapped = None
        if class_map is not None:
            mapped = maps.Mapped(dataset, maps.read(class_map), class_map.name)
            dataset = mapped.dataset
        losses = formats.write(
            dataset, out, target.name, options, strict=strict, overwrite=overwrite
        )
        if mapped:
            losses += mapped.left_out()
    if as_json:
        told = {"from": found.name, "to": to, "items": len(dataset.items), "losses": listed(losses)}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for loss in losses:
        print(loss)
    print(f"Wrote {len(dataset.items):,} items from {found.title} to {target.title} in {out}.")
