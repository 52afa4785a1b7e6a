"""Texts, pairs and rankings: sets written by hand in ``tools/texts/NAME.yml``.

A source has a head (``guideline``, ``modality``, the fields of the datasheet, optional ``rules``)
and ``pools``, each a list of items with a ``scene`` and a ``text`` or ``fields``, whose spans are
marked as `markup` says. Words of the source are taken as text: ``yes``, ``off`` and dates need no
quotes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from common import Datasheet, finish, fresh_folder, write_pool
from markup import SourceMistake, parse
from paths import REPOSITORY
from pydantic import ValidationError

from labelschool.model import MODALITIES, Truth, first_error

SOURCES = REPOSITORY / "tools" / "texts"
POOLS = ("practice", "counted", "exam")
HEAD = {"guideline", "modality", "motivation", "making", "gaps", "pools"}
COMMON = {"scene", "text", "fields", "cases", "note", "batch"}
EXTRA = {
    "text": {"choices", "rules"},
    "preference": {"panel", "control_of"},
    "ranking": {"order", "failing"},
}
"""Modality -> the keys its items may have besides the common ones."""

# Sources ----------------------------------------------------------------------------------------


class _Words(yaml.SafeLoader):
    """YAML in which yes, no, off and dates are words, and no key may stand twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(("bool", "timestamp"))]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value)
        if twice := [key for key, count in keys.items() if count > 1]:
            raise SourceMistake(f"line {node.start_mark.line + 1}: the key {twice[0]!r} is twice")
        return super().construct_mapping(node, deep)


@dataclass
class _Pool:
    """One pool ready to be written."""

    items: list[dict[str, Any]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)


def read_source(path: Path) -> dict[str, Any]:
    """The source as written.

    Raises `SourceMistake` where it is missing, is not YAML or has a wrong head.
    """
    if not path.is_file():
        raise SourceMistake(f"there is no text source {path.name}")
    try:
        source = yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)
    except (yaml.YAMLError, SourceMistake) as error:
        raise SourceMistake(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(source, dict) or not HEAD <= set(source) <= HEAD | {"rules"}:
        keys = set(source) if isinstance(source, dict) else set()
        wrong = sorted((HEAD ^ keys) - {"rules"})
        raise SourceMistake(f"{path.name} has keys missing or unknown: {', '.join(wrong)}")
    if source["modality"] not in EXTRA:
        raise SourceMistake(f"{path.name}: the modality is not one of {', '.join(EXTRA)}")
    if wrong := set(source["pools"]) - set(POOLS):
        raise SourceMistake(f"{path.name} has an unknown pool: {', '.join(sorted(wrong))}")
    return source


def compile_pools(name: str, source: Mapping[str, Any]) -> dict[str, _Pool]:
    """Items and truth of every pool, numbered through the whole set.

    Raises `SourceMistake` naming set, pool and item.
    """
    pools: dict[str, _Pool] = {}
    home: dict[str, str] = {}
    number = 0
    for pool in (pool for pool in POOLS if pool in source["pools"]):
        pools[pool] = _Pool()
        rows = source["pools"][pool]
        first = number + 1
        for number, row in enumerate(rows, first):
            item = f"{name}-{number:03}"
            try:
                scene = _scene(row, pool, home)
                entry, truth = _compile(item, row, source["modality"])
                if "control_of" in row:
                    truth["control_of"] = _control(name, row, rows, first)
                record = MODALITIES[source["modality"]].model_validate(truth)
            except ValidationError as error:
                raise SourceMistake(f"{name}, {pool}, {item}: {first_error(error)}") from None
            except SourceMistake as mistake:
                raise SourceMistake(f"{name}, {pool}, {item}: {mistake}") from None
            home[scene] = pool
            pools[pool].items.append(entry)
            pools[pool].truth.append(record)
    return pools


def _scene(row: Any, pool: str, home: Mapping[str, str]) -> str:
    """The scene of an item, checked to be of this pool only."""
    if not isinstance(row, dict) or not isinstance(row.get("scene"), str):
        raise SourceMistake("the item has no scene")
    scene = row["scene"]
    if home.get(scene, pool) != pool and "duplicate_scene" not in row.get("cases", ()):
        raise SourceMistake(f"the scene {scene!r} is also in the pool {home[scene]}")
    return scene


def _compile(item: str, row: Mapping[str, Any], modality: str) -> tuple[dict, dict]:
    """The entry of items.json and the truth of one row."""
    if wrong := set(row) - COMMON - EXTRA[modality]:
        raise SourceMistake(f"a {modality} item has no key {sorted(wrong)[0]!r}")
    if ("text" in row) == ("fields" in row):
        raise SourceMistake("the item needs either a text or fields")
    marked = row.get("fields", {None: row.get("text")})
    plain, spans = {}, []
    for name, words in marked.items():
        if not isinstance(words, str) or not words.strip():
            raise SourceMistake(f"{name or 'the text'} is not text")
        plain[name], found = parse(words.strip(), name)
        spans += found
    entry = {"item": item} | ({"fields": plain} if "fields" in row else {"text": plain[None]})
    if "batch" in row:
        entry["batch"] = row["batch"]
    cases = {case for span in spans for case in span.edge_cases} | set(row.get("cases", ()))
    truth = {"item": item, "scene": row["scene"], "edge_cases": tuple(sorted(cases))}
    truth |= {key: row[key] for key in ("note", *EXTRA[modality]) if key in row}
    if "choices" in truth:
        truth["choices"] = _choices(truth["choices"])
    if spans:
        truth["spans"] = spans
    return entry, truth


def _choices(choices: Any) -> dict[str, tuple[str, ...]]:
    """Question -> accepted values as text."""
    if not isinstance(choices, dict) or not all(isinstance(v, list) for v in choices.values()):
        raise SourceMistake("choices need a list of accepted values for each question")
    return {question: tuple(str(value) for value in v) for question, v in choices.items()}


def _control(name: str, row: Mapping[str, Any], rows: Sequence[Mapping], first: int) -> str:
    """The item a control belongs to: same pool, same words, answers a and b swapped."""
    found = [
        (number, other)
        for number, other in enumerate(rows, first)
        if other.get("scene") == row["control_of"] and "control_of" not in other
    ]
    if len(found) != 1:
        raise SourceMistake(f"{len(found)} items of the pool have the scene {row['control_of']!r}")
    number, other = found[0]
    mine, theirs = dict(row["fields"]), dict(other["fields"])
    mine["a"], mine["b"] = mine.get("b"), mine.get("a")
    if mine != theirs:
        raise SourceMistake(
            f"the fields are not those of {row['control_of']!r} with a and b swapped"
        )
    return f"{name}-{number:03}"


# The set ----------------------------------------------------------------------------------------


def build(name: str) -> None:
    """Write ``datasets/NAME`` from its source; ends with one sentence where that has a mistake."""
    try:
        source = read_source(SOURCES / f"{name}.yml")
        pools = compile_pools(name, source)
    except SourceMistake as mistake:
        sys.exit(str(mistake))
    folder = fresh_folder(name)
    for pool, made in pools.items():
        write_pool(folder, pool, source["modality"], source["guideline"], made.items, made.truth)
    finish(folder, source["guideline"], _datasheet(source, pools))


def _datasheet(source: Mapping[str, Any], pools: Mapping[str, _Pool]) -> Datasheet:
    """The datasheet, counted from the pools, without questions whose answers mostly differ."""
    items = [item for made in pools.values() for item in made.items]
    truth = [entry for made in pools.values() for entry in made.truth]
    lengths = [len(words.split()) for item in items for words in _texts(item)]
    rows = [
        ("pools", ", ".join(f"{pool} {len(made.items)}" for pool, made in pools.items())),
        ("words", f"{sum(lengths)}; {min(lengths)} to {max(lengths)} a text"),
    ]
    spans = [span for entry in truth for span in getattr(entry, "spans", ())]
    if spans:
        rows += [("spans", len(spans)), ("spans by label", _counted(s.label for s in spans))]
    if any(span.severity for span in spans):
        rows.append(("severity", _counted(s.severity for s in spans if s.severity)))
    choices = [(q, v[0]) for e in truth for q, v in getattr(e, "choices", {}).items() if v]
    for question in dict.fromkeys(question for question, _ in choices):
        values = [value for q, value in choices if q == question]
        if len(set(values)) <= len(values) / 2:
            rows.append((question, _counted(values)))
    return Datasheet(
        motivation="\n\n".join(
            source[key].strip() for key in ("motivation", "rules") if key in source
        ),
        composition=rows,
        making=source["making"],
        gaps=source["gaps"],
        edge_cases=sorted(_edge_counts(truth).items()),
    )


def _texts(item: Mapping[str, Any]) -> Iterator[str]:
    yield from item["fields"].values() if "fields" in item else (item["text"],)


def _counted(values: Iterable[str]) -> str:
    return ", ".join(f"{value} {count}" for value, count in Counter(values).most_common())


def _edge_counts(truth: Sequence[Truth]) -> Counter[str]:
    """How often each edge case occurs: by span where spans carry it, else by item."""
    counts: Counter[str] = Counter()
    for entry in truth:
        by_span = Counter(case for span in getattr(entry, "spans", ()) for case in span.edge_cases)
        counts += by_span
        counts.update(set(entry.edge_cases) - set(by_span))
    return counts
