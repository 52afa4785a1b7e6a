"""A right answer to 3.E, which a learner would write."""

import math
import random


def normal_quantile(p):
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def sample_size(margin, rate, lot=None):
    n = normal_quantile(0.975) ** 2 * rate * (1 - rate) / margin**2
    if lot is not None:
        n = n / (1 + (n - 1) / lot)
    return math.ceil(n)


def accepted(n, c, rate):
    return sum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(c + 1))


def risks(n, c, good, bad):
    return [1 - accepted(n, c, good), accepted(n, c, bad)]


def plan(good, bad):
    n, c = 1, 0
    while True:
        if accepted(n, c, bad) > 0.10:
            n += 1
        elif accepted(n, c, good) < 0.95:
            c += 1
        else:
            return [n, c]


def draw(rows, n, by, seed):
    chance = random.Random(seed)
    strata = {}
    for row in rows:
        strata.setdefault(row[by], []).append(row["id"])
    due = {name: n * len(ids) / len(rows) for name, ids in strata.items()}
    drawn = {name: math.floor(share) for name, share in due.items()}
    rest = sorted(due, key=lambda name: drawn[name] - due[name])
    for name in rest[: n - sum(drawn.values())]:
        drawn[name] += 1
    return [one for name, ids in strata.items() for one in chance.sample(ids, drawn[name])]


def estimate(strata):
    size = sum(one["size"] for one in strata)
    return sum(one["size"] / size * one["defects"] / one["n"] for one in strata)


def decide(rows, good, bad, seed):
    n, c = plan(good, bad)
    ids = draw(rows, n, "class", seed)
    wrong = {row["id"] for row in rows if row["defect"]}
    defects = len(wrong & set(ids))
    decision = "accept" if defects <= c else "reject"
    return {"n": n, "c": c, "ids": ids, "defects": defects, "decision": decision}
