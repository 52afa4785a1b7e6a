"""`labelschool data`: what the sets hold, whether they are whole, and where more comes from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

data_app = typer.Typer(help="The data sets of the course.", rich_markup_mode=None)

SetArgument = Annotated[str, typer.Argument(help="A set, as `labelschool data list` names it.")]
PoolOption = Annotated[str, typer.Option("--pool", help="practice, counted or exam.")]


@data_app.command("list", epilog="Example: labelschool data list")
def data_list() -> None:
    """List the data sets with their pools, items and size."""
    from labelschool import datasets
    from labelschool.datasets import places

    table = Table("Set", "Items", "MB")
    for name in datasets.names():
        folder = places.folders(name)[-1]
        try:
            pools = ", ".join(f"{pool} {count}" for pool, count in datasets.pools(name).items())
        except datasets.DataError:
            pools = "damaged: see `labelschool data verify`"
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        table.add_row(name, pools or "files", f"{size / 1e6:.1f}")
    Console(width=None if sys.stdout.isatty() else 100).print(table)


@data_app.command("show", epilog="Example: labelschool data show starter10 --overlay pictures")
def data_show(
    name: SetArgument,
    pool: Annotated[
        str, typer.Option("--pool", help="Overlays of one pool; of all by default.")
    ] = "",
    overlay: Annotated[
        Path | None,
        typer.Option(help="Draw every item with its truth into this folder; texts are printed."),
    ] = None,
) -> None:
    """Print the datasheet of a set; with --overlay, show the truth of its items."""
    from labelschool import datasets
    from labelschool.feedback.overlays import overlay as draw

    if overlay is None:
        print(datasets.file(name, "datasheet.md").read_text(encoding="utf-8"))
        return
    drawn = 0
    pools = [pool] if pool else list(datasets.pools(name))
    for each in pools:
        pairs = zip(datasets.truth(name, each), datasets.items(name, each), strict=True)
        for truth, item in pairs:
            with _files():
                shown = draw(truth, item)
                if isinstance(shown, str):
                    print(f"{item.name}\n{shown}\n")
                else:
                    overlay.mkdir(parents=True, exist_ok=True)
                    shown.save(overlay / f"{item.name}.png")
                    drawn += 1
    if drawn:
        print(f"Drew {drawn} items into {overlay}.")
    elif not pools:
        print(f"{name} holds files and no items; its datasheet says what they are.")


@data_app.command("verify", epilog="Example: labelschool data verify starter10")
def data_verify(
    name: Annotated[str | None, typer.Argument(help="One set; all by default.")] = None,
) -> None:
    """Compare every file with its checksum. Exit code 1 when one differs."""
    from labelschool import datasets

    complaints = [
        c for each in ([name] if name else datasets.names()) for c in datasets.verify(each)
    ]
    for complaint in complaints:
        print(complaint)
    if complaints:
        raise typer.Exit(1)
    print("All files are as shipped.")


@data_app.command("coco", epilog="Example: labelschool data coco starter10 starter10.json")
def data_coco(
    name: SetArgument,
    target: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    pool: PoolOption = "counted",
) -> None:
    """Write the truth of a picture set as one COCO file."""
    import json

    from labelschool import answers
    from labelschool.datasets.coco import to_coco
    from labelschool.errors import LabelSchoolError

    table = to_coco(name, pool)
    try:
        answers.replace(target.absolute(), json.dumps(table).encode())
    except OSError as error:
        raise LabelSchoolError(f"{target} cannot be written: {error.strerror}.") from error
    print(f"Wrote {len(table['annotations'])} objects in {len(table['images'])} pictures.")


@data_app.command("fetch", epilog="Example: labelschool data fetch coco-val2017 --n 40 --seed 7")
def data_fetch(
    name: Annotated[str, typer.Argument(help="coco-val2017: real photographs with annotations.")],
    n: Annotated[int, typer.Option("--n", min=1, help="How many photographs.")] = 40,
    seed: Annotated[int, typer.Option(help="Which ones: the same seed draws the same.")] = 0,
    mirror: Annotated[
        str | None, typer.Option(help="Another server with COCO's paths, as http://host.")
    ] = None,
) -> None:
    """Fetch real photographs onto this machine; run it again to continue where it stopped."""
    from labelschool.datasets import fetch, places

    if name not in places.FETCHABLE:
        raise places.DataError(
            f"There is nothing to fetch for {name!r}; there is {', '.join(places.FETCHABLE)}."
        )
    tasks: dict[str, TaskID] = {}
    with Progress(disable=not sys.stdout.isatty()) as bar:

        def progress(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        with _files():
            folder = fetch.fetch_coco(n, seed, mirror, progress)
    print(f"{n} photographs are in {folder}; datasheet.md there names their licences.")


@data_app.command("draw", epilog="Example: labelschool data draw street_lite --seed 7 --out cohort")
def data_draw(
    name: SetArgument,
    seed: Annotated[
        str, typer.Option(help="A number or words; keep them to yourself, they decide the pool.")
    ],
    out: Annotated[
        Path, typer.Option(help="A folder outside the course, for LABELSCHOOL_PRIVATE.")
    ],
    pool: PoolOption = "counted",
    new_scenes: Annotated[
        bool, typer.Option("--new-scenes", help="Render scenes nobody has seen.")
    ] = False,
) -> None:
    """Draw a fresh pool for a cohort, with its truth."""
    from labelschool.draw import draw, for_learners

    with _files():
        folder = draw(name, pool, seed, out, new_scenes=new_scenes)
    print(f"Drew the {pool} pool of {name} into {folder}.")
    learners = for_learners(folder)
    print(f"For learners: {', '.join(learners) or 'nothing'}.")
    print(f"For you alone: {', '.join(sorted({e.name for e in folder.iterdir()} - {*learners}))}.")
    print(f"Grade with LABELSCHOOL_PRIVATE={out.resolve()}.")


@contextmanager
def _files() -> Iterator[None]:
    """Tell what cannot be read or written in one sentence."""
    from labelschool.errors import LabelSchoolError

    try:
        yield
    except OSError as error:
        what = error.filename or "A file"
        raise LabelSchoolError(f"{what} cannot be used: {error.strerror or error}.") from error
