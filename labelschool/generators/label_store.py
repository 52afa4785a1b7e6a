"""A label store: the SQLite database of a labelling project, with its faults and their key.

Times in the database are UTC, as ``2026-03-02 07:15:00``; `annotators.utc_offset_min` leads to an
annotator's local day. A deleted row has a ``deleted_at``. A version of the ontology is valid from
``valid_from`` to just before ``valid_to``; the one in force has no ``valid_to``. Gold items have
their class in ``items.gold_class``; what the other items show is known to `truth` alone.
"""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from labelschool.generators import label_events, label_history
from labelschool.generators.label_history import History

SHIPPED_SEED = 1_104
TWIN_SEED = 2_208
"""The second database on which queries are checked, unless an instructor names another seed."""
BAR = 0.90
"""Share of right labels on gold that is asked of every annotator."""
GUIDELINES = (("G1 v1", -14), ("G1 v2", 17))
"""Version and the day it came out, counted from the first Monday."""
DELIVERIES = 3

SCHEMA = """
CREATE TABLE calendar (day TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE annotators (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, site TEXT NOT NULL,
  utc_offset_min INTEGER NOT NULL, joined_on TEXT NOT NULL
);
CREATE TABLE guideline_versions (
  id INTEGER PRIMARY KEY, version TEXT NOT NULL, released_at TEXT NOT NULL
);
CREATE TABLE ontology_versions (
  id INTEGER PRIMARY KEY, valid_from TEXT NOT NULL, valid_to TEXT
);
CREATE TABLE ontology_classes (
  ontology_id INTEGER NOT NULL, class TEXT NOT NULL, PRIMARY KEY (ontology_id, class)
) WITHOUT ROWID;
CREATE TABLE batches (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, delivery INTEGER NOT NULL, released_on TEXT NOT NULL
);
CREATE TABLE items (
  id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, split TEXT NOT NULL,
  withdrawn INTEGER NOT NULL, is_gold INTEGER NOT NULL, gold_class TEXT
);
CREATE TABLE labels (
  id INTEGER PRIMARY KEY, item_id INTEGER, annotator_id INTEGER NOT NULL,
  version INTEGER NOT NULL, guideline_id INTEGER NOT NULL, class TEXT NOT NULL,
  x INTEGER NOT NULL, y INTEGER NOT NULL, w INTEGER NOT NULL, h INTEGER NOT NULL,
  geometry_hash TEXT NOT NULL, split TEXT NOT NULL, ms INTEGER NOT NULL,
  created_at TEXT NOT NULL, deleted_at TEXT
);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY, label_id INTEGER NOT NULL, reviewer_id INTEGER NOT NULL,
  decision TEXT NOT NULL, ms INTEGER NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX labels_item ON labels (item_id);
CREATE INDEX reviews_label ON reviews (label_id);
"""


def write(path: Path, seed: int) -> None:
    """Write the database of a seed to ``path``, replacing what is there."""
    path.unlink(missing_ok=True)
    history = _history(seed)
    with closing(sqlite3.connect(path)) as store, store:
        store.executescript(SCHEMA)
        for table, rows in _tables(history):
            marks = ", ".join("?" * len(rows[0]))
            store.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def truth(seed: int) -> dict[int, str]:
    """Item id -> the class it shows, for every item of the database of a seed."""
    return {item.id: item.true for item in _history(seed).items}


def key(seed: int) -> dict[str, Any]:
    """What is to be found in the database of a seed; annotators by id, days in local time.

    ``gold`` maps each annotator to the number of right labels and of all labels on gold, deleted
    ones left out; ``below_bar`` are those whose 95 % Wilson interval lies below ``bar``,
    ``bar_inside`` those of whom nothing can be said because it contains the bar.
    """
    history = _history(seed)
    who = {person.part: person.id for person in history.people}
    gold = _gold(history)
    intervals = {person: _wilson(right, n) for person, (right, n) in gold.items() if n}
    return {
        "seed": seed,
        "bar": BAR,
        "drift": {"annotator": who["drifting"], "day": _day(history, history.drift_day)},
        "leaked_gold": {"annotator": who["leaked"], "day": _day(history, history.leak_day)},
        "rubber_stamp": who["rubber_stamp"],
        "self_reviewer": who["self_reviewer"],
        "speeders": sorted((who["speeder"], who["speeder-2"])),
        "quick_and_right": who["quick"],
        "spammer": who["spammer"],
        "confuser": {"annotator": who["confuser"], "classes": sorted(label_history.SWAPPED)},
        "newcomer": who["newcomer"],
        "gold": {str(person): list(counts) for person, counts in gold.items()},
        "below_bar": [person for person, (_, high) in intervals.items() if high < BAR],
        "bar_inside": [person for person, (low, high) in intervals.items() if low <= BAR <= high],
    }


@lru_cache(maxsize=2)
def _history(seed: int) -> History:
    """The history of a seed, drawn again until somebody is below the bar within doubt."""
    rng = random.Random(seed)
    draws = (_simulate(rng) for _ in count())
    return next(history for history in draws if _has_doubtful(history))


def _simulate(rng: random.Random) -> History:
    history = label_history.labelled(rng)
    label_events.review(history, rng)
    label_events.damage(history, rng)
    history.labels.sort(key=lambda label: label.created)
    history.reviews.sort(key=lambda entry: entry.created)
    return history


def _has_doubtful(history: History) -> bool:
    counts = [(right, n) for right, n in _gold(history).values() if n]
    return any(right / n < BAR <= _wilson(right, n)[1] for right, n in counts)


def _tables(history: History) -> Iterator[tuple[str, list[tuple]]]:
    """Table names and their rows."""
    days = range(label_history.WEEKS * label_history.DAYS_A_WEEK)
    yield "calendar", [(_day(history, day),) for day in days]
    yield (
        "annotators",
        [
            (person.id, person.name, person.site, person.offset, _day(history, person.joined))
            for person in history.people
        ],
    )
    released = [history.midnight(day) for _, day in GUIDELINES]
    yield (
        "guideline_versions",
        [
            (number, version, _time(at))
            for number, ((version, _), at) in enumerate(zip(GUIDELINES, released, strict=True), 1)
        ],
    )
    starts = [_time(history.midnight(day)) for day in label_history.VERSION_DAYS.values()]
    yield (
        "ontology_versions",
        list(zip(label_history.VERSIONS, starts, [*starts[1:], None], strict=True)),
    )
    yield (
        "ontology_classes",
        [(version, cls) for version, classes in label_history.VERSIONS.items() for cls in classes],
    )
    batches = {day: n for n, day in enumerate(sorted({item.day for item in history.items}), 1)}
    yield (
        "batches",
        [
            (n, f"batch-{n:02}", 1 + (n - 1) * DELIVERIES // len(batches), _day(history, day))
            for day, n in batches.items()
        ],
    )
    yield (
        "items",
        [
            (
                item.id, batches[item.day], f"{item.id:06}.jpg", item.kind, item.width, item.height,
                item.split, int(item.withdrawn), int(item.gold), item.true if item.gold else None,
            )
            for item in history.items
        ],
    )  # fmt: skip
    yield (
        "labels",
        [
            (
                number, label.item, label.person.id, label.version,
                sum(at <= label.created for at in released), label.cls, *label.box, label.hash,
                label.split, label.ms, _time(label.created),
                None if label.deleted is None else _time(label.deleted),
            )
            for number, label in enumerate(history.labels, 1)
        ],
    )  # fmt: skip
    numbers = {id(label): number for number, label in enumerate(history.labels, 1)}
    yield (
        "reviews",
        [
            (
                number, numbers[id(entry.label)], entry.reviewer.id, entry.decision, entry.ms,
                _time(entry.created),
            )
            for number, entry in enumerate(history.reviews, 1)
        ],
    )  # fmt: skip


def _gold(history: History) -> Mapping[int, tuple[int, int]]:
    """Annotator -> right labels and all labels on gold, without deleted ones."""
    gold = {item.id: item.true for item in history.items if item.gold}
    counts = defaultdict(lambda: [0, 0])
    for label in history.labels:
        if label.item in gold and label.deleted is None:
            counts[label.person.id][0] += label.cls.strip().lower() == gold[label.item]
            counts[label.person.id][1] += 1
    return {person.id: tuple(counts[person.id]) for person in history.people}


def _wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927)."""
    z = 1.959964
    share, shrink = right / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5 / shrink
    return middle - half, middle + half


def _day(history: History, day: int) -> str:
    return (history.start + timedelta(days=day)).isoformat()


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
