"""Sets that are tables, logs and files: simulated histories, made by `labelschool.generators`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder

from labelschool.generators import label_store, logs, needle, pools
from labelschool.operations import flow

SIMULATED = "Everything is simulated from a seed; nobody in it exists."
TWIN = "`truth/counted.json` holds the seed of a hidden twin, which an instructor may replace."

NEEDLE_SEED = 55
CROWD_SEEDS = {"practice": 6, "counted": 17, "exam": 29}
AUDIT_SEEDS = {"practice": 10, "counted": 30}
BOARD_SEED = 13
EXPORT_SEED, HIDDEN_EXPORT_SEED = 20, 40


def build(name: str) -> None:
    """Make one set; raises KeyError for a set that is not made here."""
    BUILDERS[name](fresh_folder(name))


def _needle(folder: Path) -> None:
    pools.needles(folder, "counted", NEEDLE_SEED)
    held = needle.targets(NEEDLE_SEED)
    _needle_sheet(folder / CONTACT_SHEET, held)
    sheet = Datasheet(
        motivation="Pictures of forty icons for exercise 1.D: one icon may be tilted, often in the "
        "first block and rarely in the others, so that a learner sees the own miss rate grow.",
        composition=[
            ("pictures", f"{len(held)} of {needle.SIZE[0]} x {needle.SIZE[1]}, drawn when shown"),
            ("blocks", "; ".join(f"{n} with {round(n * p)} targets" for n, p in needle.BLOCKS)),
            ("tilt", f"{needle.TILT:g} degrees to either side"),
        ],
        making=f"Drawn by `labelschool.generators.needle`; no picture is stored. {SIMULATED}",
        gaps="Flat icons of six kinds; a tilt is easier to see on a house than on a tree.",
    )
    finish(folder, None, sheet)


def _needle_sheet(path: Path, held: tuple[bool, ...]) -> None:
    """Twelve pictures, every second one with its target."""
    from PIL import Image

    with_target = [index for index, tilted in enumerate(held) if tilted]
    without = [index for index, tilted in enumerate(held) if not tilted]
    width, height = needle.SIZE
    sheet = Image.new("RGB", (3 * width, 4 * height))
    for place in range(12):
        index = (with_target, without)[place % 2][place // 2]
        shown = needle.picture(NEEDLE_SEED, index, tilted=held[index])
        sheet.paste(shown, (place % 3 * width, place // 3 * height))
    sheet.resize((1400, 1400 * sheet.height // sheet.width)).save(path, quality=70, optimize=True)


def _crowd120(folder: Path) -> None:
    rows = []
    for pool, seed in CROWD_SEEDS.items():
        workers = pools.CROWD_WORKERS[pool]
        pools.crowd(folder, pool, seed)
        labels = pools.CROWD_ITEMS * len(workers)
        rows.append((pool, f"{labels} labels of {len(workers)} annotators"))
        rows.append((f"roles in {pool}", ", ".join(sorted(set(workers)))))
    sheet = Datasheet(
        motivation="One class for each of 120 items by several annotators, for majority vote and "
        "Dawid-Skene in exercise 3.C: who is careless, who confuses, who does not look?",
        composition=rows,
        making=f"`labelschool.generators.crowds.pool` says what each role does. {SIMULATED}",
        gaps="Errors of different annotators are independent given the class, except for copying "
        "annotators; real crowds also share hard items.",
    )
    finish(folder, None, sheet)


def _labels_db(folder: Path) -> None:
    key = pools.store(folder, "practice", label_store.SHIPPED_SEED)
    pools.store(folder, "counted", label_store.TWIN_SEED)
    sheet = Datasheet(
        motivation="The label store of a project that fails quietly, for the audits of exercise "
        "3.G and the rescue of assignment 3.",
        composition=[
            *_table_sizes(folder / "labels.db"),
            ("annotators below the bar", len(key["below_bar"])),
            ("annotators whose interval contains the bar", len(key["bar_inside"])),
        ],
        making="`labelschool.generators.label_store` explains tables and times, "
        f"`label_history` and `label_events` what happened. {SIMULATED} {TWIN}",
        gaps="One object for each item; difficulty does not vary between items of a kind; nobody "
        "gets tired.",
    )
    finish(folder, None, sheet)


def _table_sizes(path: Path) -> list[tuple[str, int]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as store:
        names = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            (f"rows of {name}", store.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
            for (name,) in names
        ]


def _broken_exports(folder: Path) -> None:
    key = pools.broken_exports(folder, "practice", EXPORT_SEED)["exports"]
    pools.broken_exports(folder, "counted", HIDDEN_EXPORT_SEED)
    broken = [found for found in key.values() if found]
    sheet = Datasheet(
        motivation="Small exports to be checked by the learner's own `labelcheck` in exercise 3.H: "
        "twenty break one rule each, five break none.",
        composition=[
            ("exports", len(key)),
            ("valid", sum(found is None for found in key.values())),
            ("files", sum(path.is_file() for path in (folder / "exports").rglob("*"))),
        ],
        edge_cases=list(Counter(found["defect"] for found in broken).items()),
        making="`labelschool.generators.export_formats` describes the formats, `export_defects` "
        f"all defects; the table lists those drawn here. {SIMULATED} {TWIN}",
        gaps="Pictures are coloured rectangles; polygons have corners at whole pixels, so that "
        "every way to measure an area agrees.",
    )
    finish(folder, None, sheet)


def _audit_log(folder: Path) -> None:
    for pool, seed in AUDIT_SEEDS.items():
        pools.audits(folder, pool, seed)
    sheet = Datasheet(
        motivation="Audits of five streams of work, in each of which errors rise on some day, for "
        "p-chart, CUSUM and the search for the cause in exercise 3.I.",
        composition=[
            ("audits a pool", len(logs.CAUSES) * logs.DAYS * logs.AUDITS),
            ("streams", len(logs.CAUSES)),
            ("days", logs.DAYS),
            ("causes", ", ".join(logs.CAUSES)),
        ],
        making=f"Error rate {logs.BEFORE:.0%} before and {logs.AFTER:.0%} after, made by "
        f"`labelschool.generators.logs.audits`. {SIMULATED}",
        gaps="Streams are redrawn until both charts find the day within two days, so drifts are "
        "easier to date than real ones; each stream has one cause only.",
    )
    finish(folder, None, sheet)


def _board_log(folder: Path) -> None:
    pools.board(folder, "practice", BOARD_SEED)
    job, table = flow.Flow(), pd.read_csv(folder / "board.csv")
    sheet = Datasheet(
        motivation="Every move of every card of a labelling project, for lead time, work in "
        "progress, throughput and rework in lesson 3.13, exercise 3.J and assignment 3.",
        composition=[
            ("cards", table["card"].nunique()),
            ("moves", len(table)),
            ("columns", ", ".join(flow.COLUMNS)),
        ],
        making=f"`labelschool.operations.flow.simulate`: {job.annotators} annotators, "
        f"{job.reviewers} reviewer, {job.rework:.0%} rework. `minute` counts working time from "
        f"the start of the project. {SIMULATED}",
        gaps="Nobody is ill or in a meeting, and all cards are of one kind.",
    )
    finish(folder, None, sheet)


BUILDERS = {
    "needle": _needle,
    "crowd120": _crowd120,
    "labels_db": _labels_db,
    "broken_exports": _broken_exports,
    "audit_log": _audit_log,
    "board_log": _board_log,
}
"""Set -> what makes it in an empty folder."""
