"""A right answer to exercise 3.A."""

import numpy as np
import pandas as pd


def corrected(seen, expected):
    return float(1 - seen / expected) if expected > 0 else float("nan")


def cohen_kappa(a, b):
    table = pd.crosstab(pd.Series(a), pd.Series(b), normalize=True)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = sum(rows[k] * columns[k] for k in rows.index.intersection(columns.index))
    return corrected(np.mean([x != y for x, y in zip(a, b, strict=True)]), 1 - expected)


def quadratic_kappa(a, b):
    a, b = np.array(a, float), np.array(b, float)
    return corrected(((a - b) ** 2).mean(), ((a[:, None] - b) ** 2).mean())


def observed(table):
    n = table.sum(axis=1)
    return ((table * (table - 1)).sum(axis=1) / (n * (n - 1))).mean()


def fleiss_kappa(counts):
    table = np.array(counts, float)
    shares = table.sum(axis=0) / table.sum()
    return corrected(1 - observed(table), 1 - (shares**2).sum())


def gwet_ac1(counts):
    table = np.array(counts, float)
    shares = table.sum(axis=0) / table.sum()
    expected = (shares * (1 - shares)).sum() / (len(shares) - 1)
    return corrected(1 - observed(table), 1 - expected)


def krippendorff_alpha(ratings, level):
    units = [[one for one in item if one is not None] for item in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    labels = [label for unit in units for label in unit]
    n = len(labels)
    middle = {}
    for label in set(labels):
        if level == "ordinal":
            middle[label] = sum(other < label for other in labels) + labels.count(label) / 2
        else:
            middle[label] = label

    def distance(x, y):
        return float(x != y) if level == "nominal" else (middle[x] - middle[y]) ** 2

    seen = sum(sum(distance(x, y) for x in u for y in u) / (len(u) - 1) for u in units)
    expected = sum(distance(x, y) for x in labels for y in labels)
    return corrected(seen / n, expected / (n * (n - 1))) if n else float("nan")
