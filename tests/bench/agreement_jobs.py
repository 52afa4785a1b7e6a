"""The agreement of a long table by one library, measured inside a process of its own.

    python agreement_jobs.py NAME LABELS.csv

Prints a JSON object: CPU seconds without imports and reading, by how much the process' memory rose
above that in MB (1e6 bytes), and the coefficient found. Every item of the table has five labels, so
that libraries for complete tables can do it too.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from itertools import combinations

import numpy as np
import pandas as pd

RATERS = 5


def ours(table: pd.DataFrame) -> float:
    from labelschool.quality import alpha_of_labels

    return alpha_of_labels(table)


def krippendorff(table: pd.DataFrame) -> float:
    """From counts of values, its leanest input: raters x items would have 60 million cells."""
    import krippendorff as package

    item, items = pd.factorize(table["item"])
    said, classes = pd.factorize(table["label"])
    cells = np.bincount(item * len(classes) + said, minlength=len(items) * len(classes))
    counts = cells.reshape(len(items), len(classes))
    return float(package.alpha(value_counts=counts, level_of_measurement="nominal"))


def crowd_kit(table: pd.DataFrame) -> float:
    from crowdkit.metrics.data import alpha_krippendorff

    told = table.rename(columns={"item": "task", "annotator": "worker"})
    return float(alpha_krippendorff(told))


def _complete(table: pd.DataFrame) -> np.ndarray:
    """Items x labels, in the order in which they stand."""
    return table.sort_values("item", kind="stable")["label"].to_numpy().reshape(-1, RATERS)


def statsmodels(table: pd.DataFrame) -> float:
    """Fleiss' kappa of complete items."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    return float(fleiss_kappa(aggregate_raters(_complete(table))[0]))


def scikit_learn(table: pd.DataFrame) -> float:
    """The mean of Cohen's kappa over the pairs of columns."""
    from sklearn.metrics import cohen_kappa_score

    columns = _complete(table).T
    return float(np.mean([cohen_kappa_score(*pair) for pair in combinations(columns, 2)]))


JOBS = {
    "ours": (ours, "labelschool.quality"),
    "krippendorff": (krippendorff, "krippendorff"),
    "crowd-kit": (crowd_kit, "crowdkit.metrics.data"),
    "statsmodels": (statsmodels, "statsmodels.stats.inter_rater"),
    "scikit-learn": (scikit_learn, "sklearn.metrics"),
}


def main() -> None:
    """Measure one job."""
    name, path = sys.argv[1:]
    job, module = JOBS[name]
    importlib.import_module(module)
    table = pd.read_csv(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    found = job(table)
    cpu = time.process_time() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": cpu, "memory": (after - before) * 1024 / 1e6, "found": found}))


if __name__ == "__main__":
    main()
