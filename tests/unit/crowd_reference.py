"""A right answer to 3.C, which a learner would write: votes by lot, Dawid-Skene, who is who."""

import numpy as np
import pandas as pd


def consensus(rows):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rows, columns=["item", "annotator", "label"])
    item, items = pd.factorize(table["item"])
    who, people = pd.factorize(table["annotator"])
    said, classes = pd.factorize(table["label"])
    votes = np.zeros((len(items), len(classes)))
    np.add.at(votes, (item, said), 1)
    ties = votes == votes.max(axis=1, keepdims=True)
    majority = (ties * rng.random(votes.shape)).argmax(axis=1)

    truth = votes / votes.sum(axis=1, keepdims=True)
    for _ in range(100):
        confusion = np.full((len(people), len(classes), len(classes)), 0.01)
        np.add.at(confusion, (who, slice(None), said), truth[item])
        confusion /= confusion.sum(axis=2, keepdims=True)
        logs = np.tile(np.log(truth.mean(axis=0)), (len(items), 1))
        np.add.at(logs, item, np.log(confusion)[who, :, said])
        truth = np.exp(logs - logs.max(axis=1, keepdims=True))
        truth /= truth.sum(axis=1, keepdims=True)

    spread = (confusion.max(axis=1) - confusion.min(axis=1)).max(axis=1)
    spammer = spread.argmin()
    swaps = np.minimum(confusion, confusion.swapaxes(1, 2))
    swaps[:, np.arange(len(classes)), np.arange(len(classes))] = 0
    swaps[spammer] = 0
    return {
        "majority": dict(zip(items, classes[majority], strict=True)),
        "labels": dict(zip(items, classes[truth.argmax(axis=1)], strict=True)),
        "spammer": people[spammer],
        "confuser": people[swaps.max(axis=(1, 2)).argmax()],
    }
