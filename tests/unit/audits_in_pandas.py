"""The twelve audits once more, with pandas instead of SQL: the same rows by another way."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd

Z = 1.959964


class Store:
    """The tables of a label store as frames, times as timestamps."""

    def __init__(self, connection) -> None:
        names = "calendar annotators ontology_versions ontology_classes items labels reviews"
        for name in names.split():
            setattr(self, name, pd.read_sql(f"SELECT * FROM {name}", connection))
        for frame in (self.labels, self.reviews):
            frame["created_at"] = pd.to_datetime(frame["created_at"])
        self.kept = self.labels[self.labels["deleted_at"].isna()].copy()
        offset = self.kept["annotator_id"].map(self.annotators.set_index("id")["utc_offset_min"])
        local = self.kept["created_at"] + pd.to_timedelta(offset, unit="min")
        self.kept["day"] = local.dt.strftime("%Y-%m-%d")
        self.kept["plain"] = self.kept["class"].str.strip().str.lower()
        gold = self.items.loc[self.items["is_gold"] == 1].set_index("id")["gold_class"]
        self.gold = self.kept[self.kept["item_id"].isin(gold.index)].copy()
        self.gold["right"] = self.gold["plain"] == self.gold["item_id"].map(gold)
        current = self.items.loc[self.items["withdrawn"] == 0, "id"]
        self.live = self.kept[self.kept["item_id"].isin(current)]

    def q1(self):
        counts = self.kept.groupby(["annotator_id", "day"]).size()
        return [
            (person, day, int(counts.get((person, day), 0)))
            for person in self.annotators["id"]
            for day in self.calendar["day"]
        ]

    def q2(self):
        named = self.kept.dropna(subset="item_id")
        sizes = named.groupby(["item_id", "class", "geometry_hash"]).size()
        return [(int(i), c, g, int(n)) for (i, c, g), n in sizes[sizes > 1].items()]

    def q3(self):
        withdrawn = set(self.items.loc[self.items["withdrawn"] == 1, "id"])
        known = set(self.items["id"])
        rows = []
        for number, item in zip(self.kept["id"], self.kept["item_id"], strict=True):
            if math.isnan(item) or item not in known:
                rows.append((number, "orphan"))
            elif item in withdrawn:
                rows.append((number, "withdrawn"))
        return rows

    def q4(self):
        table = self.kept.merge(self.items, left_on="item_id", right_on="id", how="left")
        x, y, w, h = (table[name] for name in "xywh")
        outside = (x < 0) | (y < 0) | (x + w > table["width"]) | (y + h > table["height"])
        return [(number,) for number in table.loc[(w <= 0) | (h <= 0) | outside, "id_x"]]

    def q5(self):
        starts = pd.to_datetime(self.ontology_versions["valid_from"]).to_numpy()
        place = starts.searchsorted(self.kept["created_at"].to_numpy(), side="right") - 1
        version = self.ontology_versions["id"].to_numpy()[place]
        known = set(self.ontology_classes.itertuples(index=False, name=None))
        return [
            (number, cls, int(v))
            for number, cls, v in zip(self.kept["id"], self.kept["class"], version, strict=True)
            if (v, cls) not in known
        ]

    def q6(self):
        last = self.live.sort_values(["version", "id"]).groupby(["item_id", "annotator_id"]).last()
        counts: dict[tuple[str, str], int] = {}
        for _, said in last.groupby("item_id")["plain"]:
            for pair in combinations(said, 2):
                key = tuple(sorted(pair))
                counts[key] = counts.get(key, 0) + 1
        return [
            (a, b, n, n / (n + counts.get((a, a), 0) + counts.get((b, b), 0)))
            for (a, b), n in sorted(counts.items())
            if a != b
        ]

    def q7(self):
        rows = []
        for person in self.annotators["id"]:
            right = self.gold.loc[self.gold["annotator_id"] == person, "right"]
            n, k = len(right), int(right.sum())
            rows.append((person, n, k, *((k / n, *wilson(k, n)) if n else (None,) * 3)))
        return rows

    def q8(self):
        table = self.kept.merge(self.items, left_on="item_id", right_on="id")
        ratio = table["ms"] / table.groupby("kind")["ms"].transform("median")
        pace = ratio.groupby(table["annotator_id"]).median()
        accuracy = self.gold.groupby("annotator_id")["right"].mean()
        slow = pace.index[pace >= 0.1]
        poor = accuracy.index[accuracy < self.gold["right"].mean()]
        return [(int(person),) for person in poor if person not in slow]

    def q9(self):
        wrong = (~self.gold["right"]).groupby([self.gold["annotator_id"], self.gold["day"]])
        rows = []
        for person in self.annotators["id"]:
            index = [(person, day) for day in self.calendar["day"]]
            errors = wrong.sum().reindex(index, fill_value=0).rolling(7, min_periods=1).sum()
            n = wrong.size().reindex(index, fill_value=0).rolling(7, min_periods=1).sum()
            for (_, day), bad, all_ in zip(index, errors, n, strict=True):
                rows.append((person, day, int(all_), bad / all_ if all_ else None))
        return rows

    def q10(self):
        table = self.reviews.merge(self.labels, left_on="label_id", right_on="id")
        table = table[table["annotator_id"] != table["reviewer_id"]]
        rows = []
        for person, seen in table.groupby("reviewer_id"):
            accepted, median = (seen["decision"] == "accept").mean(), seen["ms_x"].median()
            if len(seen) >= 100 and accepted >= 0.98 and median < 2000:
                rows.append((int(person), len(seen), accepted, median))
        return rows

    def q11(self):
        table = self.kept[self.kept["item_id"].isin(self.items["id"])]
        splits = table.groupby("item_id")["split"].nunique()
        return [(int(item),) for item in splits.index[splits > 1]]

    def q12(self):
        table = self.reviews.merge(self.live, left_on="label_id", right_on="id")
        first = self.live.groupby("item_id")["created_at"].min()
        hours = []
        for item, seen in table.groupby("item_id"):
            final = seen.sort_values(["created_at_x", "id_x"]).iloc[-1]
            if len(seen) > 1 and final["decision"] == "accept":
                hours.append((final["created_at_x"] - first[item]) / pd.Timedelta(hours=1))
        low, high = np.percentile(hours, (50, 90), method="inverted_cdf")
        return [(len(hours), float(low), float(high))]


def wilson(right, n):
    """The 95 % interval of a proportion: both p with |p - k/n| = z sqrt(p (1 - p) / n)."""
    share = right / n
    low, high = sorted(np.roots([1 + Z * Z / n, -(2 * share + Z * Z / n), share * share]).real)
    return float(low), float(high)
