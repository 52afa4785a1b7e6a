"""Whole pools by seed, as files: what the shipped sets hold, and what a cohort gets afresh.

Each maker writes the files of one pool into a folder and its key as ``truth/POOL.json``; it
returns the key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labelschool.datasets.writer import write_key
from labelschool.generators import crowds, exports, label_store, logs, needle
from labelschool.operations import flow

Key = Mapping[str, Any]

CROWD_ITEMS = 120
CROWD_WORKERS = {"practice": crowds.FIVE, "counted": crowds.FIVE, "exam": crowds.TEN}


def needles(folder: Path, pool: str, seed: int) -> Key:
    """Which pictures hold a tilted icon; the pictures are drawn when they are shown."""
    targets = {
        f"needle-{index:03}": needle.target(seed, index - 1).bbox if tilted else None
        for index, tilted in enumerate(needle.targets(seed), 1)
    }
    blocks = [{"pictures": pictures, "share": share} for pictures, share in needle.BLOCKS]
    return _keep(
        folder, pool, {"seed": seed, "tilt": needle.TILT, "blocks": blocks, "targets": targets}
    )


def crowd(folder: Path, pool: str, seed: int) -> Key:
    """``POOL.csv`` with the labels of a crowd; the key holds truth and roles. Crowds of five are
    solvable, whatever the seed.
    """
    make = crowds.pool if pool == "exam" else crowds.solvable_pool
    made = make(seed, CROWD_ITEMS, CROWD_WORKERS[pool])
    made.labels.to_csv(folder / f"{pool}.csv", index=False, lineterminator="\n")
    return _keep(folder, pool, {"seed": seed, "truth": made.truth, "roles": made.roles})


def store(folder: Path, pool: str, seed: int) -> Key:
    """``labels.db`` and what happened in it; of the counted pool, the hidden twin, its seed."""
    if pool == "counted":
        return _keep(folder, pool, {"seed": seed})
    label_store.write(folder / "labels.db", seed)
    return _keep(folder, pool, label_store.key(seed))


def broken_exports(folder: Path, pool: str, seed: int) -> Key:
    """``exports/`` with one defect each, and five without; of the counted pool, which is hidden,
    its seed.
    """
    if pool == "counted":
        return _keep(folder, pool, {"seed": seed})
    made = exports.write(folder / "exports", seed)
    return _keep(folder, pool, {"seed": seed, "exports": made})


def audits(folder: Path, pool: str, seed: int) -> Key:
    """``POOL.csv`` with thirty days of audits; the key says what changed when."""
    table, drifts = logs.audits(seed)
    table.to_csv(folder / f"{pool}.csv", index=False, lineterminator="\n")
    return _keep(folder, pool, {"seed": seed, "drifts": [asdict(drift) for drift in drifts]})


def board(folder: Path, pool: str, seed: int) -> Key:
    """``board.csv`` with every move of every card; the key sums up the flow."""
    job = flow.Flow()
    table = flow.simulate(seed, job)
    table.to_csv(folder / "board.csv", index=False, lineterminator="\n")
    found = flow.measure(table)
    told = {
        "makespan_hours": round(found.hours, 2),
        "mean_cycle_hours": round(found.cycle, 2),
        "throughput_per_hour": round(found.throughput, 2),
        "reworked_cards": round(found.reworked * found.done),
    }
    return _keep(folder, pool, {"seed": seed, "flow": asdict(job), **told})


def _keep(folder: Path, pool: str, key: Key) -> Key:
    write_key(folder, pool, key)
    return key


@dataclass(frozen=True)
class Maker:
    """What makes a pool of a set from a seed, and the ``pools`` the set has."""

    make: Callable[[Path, str, int], Key]
    pools: tuple[str, ...]


MAKERS: Mapping[str, Maker] = {
    "needle": Maker(needles, ("counted",)),
    "crowd120": Maker(crowd, tuple(CROWD_WORKERS)),
    "labels_db": Maker(store, ("practice", "counted")),
    "broken_exports": Maker(broken_exports, ("practice", "counted")),
    "audit_log": Maker(audits, ("practice", "counted")),
    "board_log": Maker(board, ("practice",)),
}
"""Set -> its maker."""
