"""Sets about rules: access statements to repair, and a guideline with one vague rule."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import yaml
from common import Datasheet, finish, fresh_folder, write_key, write_pool
from paths import REPOSITORY

from labelschool.datasets.writer import write_rows
from labelschool.generators import disagreement

SEED = 48


def build(name: str) -> None:
    """Make one set; raises KeyError for a set that is not made here."""
    {"policies8": _policies, "disagree48": _disagreements}[name](fresh_folder(name))


def _policies(folder: Path) -> None:
    source = REPOSITORY / "tools" / "texts" / "policies8.yml"
    table = yaml.safe_load(source.read_text(encoding="utf-8"))
    shown, calls, allowed, repaired = [], [], {}, {}
    for entry in table["statements"]:
        shown.append({key: entry[key] for key in ("id", "intent")} | {"statement": entry["faulty"]})
        repaired[entry["id"]] = entry["repaired"]
        for call in entry["calls"]:
            number = f"c{len(calls) + 1:02d}"
            calls.append({"id": number} | {k: v for k, v in call.items() if k != "allowed"})
            allowed[number] = call["allowed"]
    write_rows(folder / "statements.json", {"statements": shown})
    write_rows(folder / "calls.json", {"calls": calls})
    write_key(folder, "counted", {"allowed": allowed, "repaired": repaired})
    passing = sum(allowed.values())
    sheet = Datasheet(
        motivation=table["motivation"],
        composition=[
            ("statements", len(shown)),
            ("calls that must pass", passing),
            ("calls that must fail", len(calls) - passing),
        ],
        making=table["making"],
        gaps=table["gaps"],
    )
    finish(folder, None, sheet)


def _disagreements(folder: Path) -> None:
    items = disagreement.parcels(SEED)
    intended = disagreement.truth(items)
    rows = disagreement.annotate(items, disagreement.CARD_V1, SEED)
    entries = [{"item": item.name, "text": item.text} for item in items]
    truth = [
        {
            "item": item.name,
            "scene": item.name,
            "choices": {"class": [intended[item.name]]},
            "edge_cases": _cases(item),
        }
        for item in items
    ]
    write_pool(folder, "counted", "text", disagreement.CARD_V1["version"], entries, truth)
    write_rows(folder / "card.json", disagreement.CARD_V1)
    features = [{"item": item.name} | dict(item.features) for item in items]
    write_rows(folder / "features.json", {"items": features})
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("item", "annotator", "label"))
        table.writerows(rows)
    sheet = Datasheet(
        motivation="Forty-eight parcels, five annotators, one decision card. They disagree, "
        "and one vague rule is behind most of it: find it and repair it (exercise 3.K).",
        composition=[
            ("parcels", len(items)),
            ("labels", len(rows)),
            ("classes", ", ".join(f"{k} {n}" for k, n in Counter(intended.values()).items())),
        ],
        making="Drawn from a seed by `labelschool.generators.disagreement`. The annotators are "
        "simulated: they follow the card, measure with an error, and understand its vague word "
        "each in their own way. The truth is what the owner of the guideline meant.",
        gaps="Descriptions in words stand for pictures; five annotators who never tire and never "
        "learn from each other.",
        edge_cases=list(Counter(case for entry in truth for case in entry["edge_cases"]).items()),
    )
    finish(folder, disagreement.CARD_V1["version"], sheet)


def _cases(item: disagreement.Parcel) -> list[str]:
    """``between_readings``: the annotators' readings of the vague word give different classes."""
    classes = {
        disagreement.decide(disagreement.CARD_V1, item.features, large)[0]
        for large in disagreement.LARGE
    }
    return ["between_readings"] if len(classes) > 1 else []
