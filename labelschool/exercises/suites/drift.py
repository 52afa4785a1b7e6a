"""3.I: the learner's p-chart, CUSUM and search for a cause, on streams nobody has seen.

* ``p_chart(errors, audits, days)`` returns ``{"centre": rate, "upper": [rates], "alarm": day}``:
  three sigma above the rate of the first ``days`` days, by the audits of each day;
* ``cusum(errors, audits, reference, limit)`` returns ``{"sums": [errors], "alarm": day}``;
* ``investigate(table)`` takes the columns of the audits of one stream as lists and returns
  ``{"p_chart": day, "cusum": day, "cause": name}``.

Days count from 1, and an alarm that never comes is None. A hidden stream is right when both alarms
lie within two days of the drift and the cause is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count, islice
from typing import Any

import numpy as np
import pandas as pd

from labelschool import datasets
from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended, is_number
from labelschool.generators import logs
from labelschool.quality import drift

SET, POOL = "audit_log", "counted"
SEED = 307
"""Hidden streams are drawn from here on, or from the seed of an instructor's own pool."""
TABLES = 2
CLEAR = 5.0
"""By how many nats the cause of a hidden stream is told from the next best."""
SLACK = 2
"""Days that an alarm may lie off the drift."""
TOLERANCE = 1e-6

MEAN = (
    "your baseline is the mean of all days, with the drift in it. The limits rise with what they "
    "should find. Take the days that are known to be good."
)
HIDDEN = "A baseline that is the mean of all days, with the drift in it, does this."
SEEN = {
    "annotator": "one annotator errs far more than before, and the others as before.",
    "data": "each kind of picture is as hard as before. The mix has changed: night pictures have "
    "become more.",
    "guideline": "a new version of the guideline came on that day, and one class alone went up.",
    "tool": "a new version of the tool came on that day, and everybody went up, in each class.",
    "new_class": "a class appears that was not there before, and its errors are the rise.",
}
NAMES = {
    "annotator": "One annotator",
    "data": "Other pictures",
    "guideline": "A new guideline",
    "tool": "A new tool",
    "new_class": "A new class",
}


# Charts -----------------------------------------------------------------------------------------


def judge_p_chart(arguments: Sequence[Any], outcome: Outcome) -> str:
    """What is wrong with one p-chart; nothing where it is right."""
    errors, audits, days = arguments
    chart = drift.p_chart(errors, audits, drift.baseline_rate(errors, audits, days))
    right = {
        "centre": float(chart.centre[0]),
        "upper": chart.upper,
        "alarm": int(chart.alarm_day) or None,
    }
    if wrong := _shape(outcome, right):
        return wrong
    own, mean = outcome.value, sum(errors) / sum(audits)
    if not _near(own["centre"], right["centre"]):
        if _near(own["centre"], mean):
            return f'"centre": {MEAN}'
        daily = np.mean(np.array(errors[:days]) / np.array(audits[:days]))
        why = " Add up errors and audits, then divide." if _near(own["centre"], daily) else ""
        return f'"centre" is not the error rate of the first {days} days together.{why}'
    if not _near(own["upper"], right["upper"]):
        total = drift.p_chart(errors, np.mean(audits), right["centre"]).upper
        if _near(own["upper"], np.broadcast_to(total, len(audits))):
            return '"upper": a day with fewer audits has a wider limit. Take the audits of the day.'
        return '"upper" is not centre + 3 * sqrt(centre * (1 - centre) / audits of the day).'
    return _alarm(own["alarm"], right["alarm"])


def judge_cusum(arguments: Sequence[Any], outcome: Outcome) -> str:
    """What is wrong with one CUSUM; nothing where it is right."""
    errors, audits, reference, limit = arguments
    sums = drift.cusum(errors, audits, reference)
    right = {"sums": sums, "alarm": int(drift.first_day(sums > limit)) or None}
    if wrong := _shape(outcome, right):
        return wrong
    own = outcome.value
    if not _near(own["sums"], sums):
        excess = np.array(errors) - reference * np.array(audits)
        slips = {
            "it fell below 0. Good days would pay for bad ones: start anew at 0.": excess.cumsum(),
            "the reference is a rate. Take it times the audits of the day.": drift.cusum(
                errors, np.ones(len(errors)) * max(errors), reference / max(max(errors), 1)
            ),
        }
        said = (why for why, wrong in slips.items() if _near(own["sums"], wrong))
        return '"sums": ' + next(
            said, "each day adds errors - reference * audits, and the sum is never below 0."
        )
    return _alarm(own["alarm"], right["alarm"])


def _alarm(own: Any, right: int | None) -> str:
    if own == right and not isinstance(own, bool):
        return ""
    if right is None:
        return f'"alarm" is {own!r}, where no day is above. Return None then.'
    return f'"alarm" is {own!r}. The first day above is {right}; days count from 1.'


# Streams ----------------------------------------------------------------------------------------


def judge_stream(
    arguments: Sequence[Any], outcome: Outcome, *, key: Mapping[str, logs.Drift]
) -> str:
    """What is wrong with what was found in one stream; nothing where it is right."""
    (table,) = arguments
    true = key[table["stream"][0]]
    if wrong := _shape(outcome, {"p_chart": 1, "cusum": 1, "cause": ""}):
        return wrong
    for name in ("p_chart", "cusum"):
        day = outcome.value[name]
        if not isinstance(day, int) or abs(day - true.day) > SLACK:
            said = "No alarm" if day is None else f"Day {day}"
            said = f'"{name}": {said}, and the errors rise on day {true.day}.'
            hidden = name == "p_chart" and outcome.value["cusum"] and day == _mean_alarm(table)
            return f"{said} {HIDDEN}" if hidden else said
    cause = outcome.value["cause"]
    if cause not in logs.CAUSES:
        return f'"cause" is {cause!r}; it is one of {", ".join(logs.CAUSES)}.'
    return "" if cause == true.cause else f'"cause": you say {cause}. But {SEEN[true.cause]}'


def _mean_alarm(table: Mapping[str, Sequence[Any]]) -> int | None:
    """The alarm of a p-chart whose baseline is the mean of all days."""
    errors = np.bincount(table["day"], weights=table["error"])[1:]
    audits = np.bincount(table["day"])[1:]
    mean = drift.baseline_rate(errors, audits, len(errors))
    return int(drift.p_chart(errors, audits, mean).alarm_day) or None


def _clear(draw: tuple[pd.DataFrame, Sequence[logs.Drift]]) -> bool:
    """Whether the comparison of strata tells each cause of a draw from the next best."""
    table, key = draw
    for one in key:
        ranked = drift.attribute_rise(table[table["stream"] == one.stream], one.day + 1)
        others = ranked.loc[ranked["cause"] != one.cause, "gain"]
        if ranked["cause"][0] != one.cause or ranked["gain"][0] < others.max() + CLEAR:
            return False
    return True


def _seed() -> int:
    return datasets.key(SET, POOL)["seed"] + 1 if datasets.is_private(SET, POOL) else SEED


def _streams() -> Iterator[tuple[dict[str, list[Any]], logs.Drift]]:
    """Hidden streams as columns, each under a name of its own, with what happened there."""
    draws = filter(_clear, map(logs.audits, count(_seed())))
    for number, (table, key) in enumerate(islice(draws, TABLES), start=1):
        for one in key:
            rows = table[table["stream"] == one.stream].assign(stream=f"{one.stream}-{number}")
            yield {name: rows[name].tolist() for name in rows}, one


# What is asked of an answer ---------------------------------------------------------------------


def _shape(outcome: Outcome, right: Mapping[str, Any]) -> str:
    """What keeps an outcome from being compared; nothing where it can be."""
    if wrong := ended(outcome):
        return wrong
    names = ", ".join(f'"{name}": ...' for name in right)
    if not isinstance(outcome.value, dict) or set(right) - set(outcome.value):
        return f"it has to return a dict, {{{names}}}."
    for name, value in right.items():
        if isinstance(value, np.ndarray) and not _numbers(outcome.value[name], len(value)):
            return f'"{name}" has to be a list of {len(value)} numbers, one for each day.'
        if isinstance(value, float) and not _numbers([outcome.value[name]], 1):
            return f'"{name}" has to be a number.'
    return ""


def _numbers(given: Any, n: int) -> bool:
    return isinstance(given, list) and len(given) == n and all(map(is_number, given))


def _near(given: Any, wanted: Any) -> bool:
    return bool(np.allclose(given, wanted, rtol=0, atol=TOLERANCE))


STEADY = [2, 3, 1, 2, 4, 2, 3, 2, 1, 3]
"""Errors of ten good days with 60 audits each."""
_P_CHART = partial(Group, function="p_chart", judge=judge_p_chart)
_CUSUM = partial(Group, function="cusum", judge=judge_cusum)


def _suite() -> tuple[Group, ...]:
    streams = tuple(_streams())
    key = {table["stream"][0]: one for table, one in streams}
    return (
        _P_CHART(
            "p-chart, the same audits each day",
            calls=(
                ([*STEADY, 6, 7, 9, 8], [60] * 14, 10),
                ([*STEADY, 3, 4, 2], [60] * 13, 10),
                ([0, 2, 1, 5, 0, 1], [40] * 6, 3),
            ),
        ),
        _P_CHART(
            "p-chart, other audits each day",
            calls=(
                ([*STEADY, 5, 5, 12], [60] * 10 + [20, 120, 60], 10),
                ([1, 4, 2, 6, 2, 9], [30, 90, 45, 60, 12, 80], 3),
            ),
        ),
        _CUSUM(
            "CUSUM",
            calls=(
                ([*STEADY, 6, 7, 9, 8], [60] * 14, 0.066, 6.0),
                ([*STEADY, 3, 4, 2], [60] * 13, 0.066, 6.0),
                ([0, 1, 0, 6, 5, 8, 1], [20, 50, 40, 60, 30, 70, 60], 0.05, 4.0),
            ),
        ),
        *(
            Group(
                NAMES[cause],
                "investigate",
                tuple((table,) for table, one in streams if one.cause == cause),
                partial(judge_stream, key=key),
                f"{TABLES} hidden streams of 30 days.",
            )
            for cause in logs.CAUSES
        ),
    )


SUITE = _suite()
