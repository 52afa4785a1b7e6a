"""p-chart, CUSUM and the search for a cause."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labelschool.generators import logs
from labelschool.quality import drift

DAYS, DRIFT, AUDITS = 30, 13, 60


def simulated(seeds: int) -> np.ndarray:
    """Errors a day with 4 % before and 10 % from day 13 on, (seeds, 30)."""
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        rows.append(np.r_[rng.binomial(60, 0.04, 12), rng.binomial(60, 0.10, 18)])
    return np.array(rows)


def said(alarms: np.ndarray) -> tuple[float, float]:
    """Share of charts with an alarm before the drift, and the median delay from the drift on."""
    false = alarms[:, : DRIFT - 1].any(axis=1).mean()
    day = drift.first_day(alarms[:, DRIFT - 1 :])
    return float(false), float(np.median(np.where(day > 0, day, 99)))


class TestNumbersOfTheLesson:
    errors = simulated(2000)

    def test_the_p_chart_is_soon_and_often_wrong(self):
        chart = drift.p_chart(self.errors, AUDITS, np.full(2000, 0.04))
        assert chart.upper[0, 0] == pytest.approx(0.116, abs=5e-4)
        false, delay = said(chart.alarms)
        assert (round(false, 2), delay) == (0.12, 2)

    def test_the_cusum_is_a_day_later_and_nearly_never_wrong(self):
        total = drift.cusum(self.errors, AUDITS, np.full(2000, 0.066))
        after = drift.cusum(self.errors[:, DRIFT - 1 :], AUDITS, np.full(2000, 0.066))
        alarms = total > 6
        assert round(float(alarms[:, :12].any(axis=1).mean()), 3) == 0.009
        quiet = ~alarms[:, :12].any(axis=1)
        assert np.median(drift.first_day(alarms[quiet, 12:])) == 3
        assert np.median(drift.first_day(after > 6)) == 3

    def test_the_plain_midpoint_waits_a_day_longer(self):
        total = drift.cusum(self.errors, AUDITS, np.full(2000, 0.07)) > 6
        assert round(float(total[:, :12].any(axis=1).mean()), 3) == 0.004
        assert np.median(drift.first_day(total[~total[:, :12].any(axis=1), 12:])) == 4

    def test_the_reference_lies_between_the_rates_by_the_likelihood_ratio(self):
        assert drift.reference_rate(0.04, 0.10) == pytest.approx(0.066, abs=5e-4)

    def test_exact_limits_are_wrong_less_often(self):
        exact = drift.p_chart(self.errors, AUDITS, np.full(2000, 0.04), "exact")
        assert np.unique(np.round(exact.upper[0] * 60)) == 8
        assert said(exact.alarms)[0] < 0.05


counts = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 80)).map(lambda pair: (min(pair), max(pair))),
    min_size=1,
    max_size=40,
)


@given(counts, st.floats(0.01, 0.5))
def test_a_cusum_is_what_it_is_day_by_day(days, reference):
    errors, audits = map(np.array, zip(*days, strict=True))
    total, expected = 0.0, []
    for found, n in days:
        total = max(0.0, total + found - reference * n)
        expected.append(total)
    assert drift.cusum(errors, audits, reference) == pytest.approx(np.array(expected), abs=1e-9)


@given(counts, st.floats(0, 1))
def test_limits_hold_the_centre_and_exact_tails_are_small(days, centre):
    errors, audits = map(np.array, zip(*days, strict=True))
    for method in ("three_sigma", "exact"):
        chart = drift.p_chart(errors, audits, centre, method)
        audited = audits > 0
        assert np.isnan(chart.upper[~audited]).all()
        assert not chart.alarms[~audited].any()
        assert (chart.lower[audited] <= centre + 1 / audits[audited] + 1e-9).all()
        assert (chart.upper[audited] >= centre - 1 / audits[audited] - 1e-9).all()
    n, upper = audits[audited], chart.upper[audited]
    assert (stats.binom.sf(np.round(upper * n), n, centre) <= drift.TAIL + 1e-12).all()


@given(counts)
def test_charts_side_by_side_are_the_charts_alone(days):
    errors, audits = map(np.array, zip(*days, strict=True))
    both = np.stack([errors, audits - errors])
    chart = drift.p_chart(both, audits, np.array([0.1, 0.3]))
    total = drift.cusum(both, audits, np.array([0.1, 0.3]))
    for row, centre in enumerate((0.1, 0.3)):
        alone = drift.p_chart(both[row], audits, centre)
        assert chart.alarm_day[row] == alone.alarm_day
        assert total[row] == pytest.approx(drift.cusum(both[row], audits, centre))


def test_a_baseline_takes_only_the_first_days():
    errors, audits = [1, 3, 30, 30], [50, 50, 50, 50]
    assert drift.baseline_rate(errors, audits, 2) == pytest.approx(0.04)
    assert np.isnan(drift.baseline_rate([0, 3], [0, 50], 1))


def test_the_overall_mean_hides_what_the_good_days_show():
    errors = simulated(500)
    good = drift.p_chart(errors, AUDITS, drift.baseline_rate(errors, AUDITS, 10))
    mean = drift.p_chart(errors, AUDITS, drift.baseline_rate(errors, AUDITS, DAYS))
    assert np.median(good.alarm_day[good.alarm_day >= DRIFT]) <= DRIFT + 2
    late = (mean.alarm_day == 0) | (mean.alarm_day > DRIFT + 2)
    assert late.mean() > 0.5


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="as many errors as audits"):
        drift.p_chart([3], [2], 0.1)
    with pytest.raises(ValueError, match="a rate from 0 to 1"):
        drift.p_chart([1], [2], 4)
    with pytest.raises(ValueError, match="no method"):
        drift.p_chart([1], [2], 0.1, "wilson")
    for rates in ((0.1, 0.04), (0, 0.1), (0.1, 1), (0.1, 0.1)):
        with pytest.raises(ValueError, match="good < bad"):
            drift.reference_rate(*rates)


def test_no_day_no_alarm():
    assert drift.first_day([]) == 0
    assert drift.first_day([False, True, True]) == 2
    assert drift.p_chart([0, 0], [60, 60], 0.0).alarm_day == 0


# Causes -----------------------------------------------------------------------------------------

periods = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 1)), min_size=1, max_size=60
).map(lambda rows: pd.DataFrame(rows, columns=["level", "error"]))


@given(periods, periods)
def test_mix_and_rate_add_up_to_the_rise(before, after):
    table = drift.compare_strata(before, after, "level")
    rise = after["error"].mean() - before["error"].mean()
    assert table[["by_rate", "by_mix"]].to_numpy().sum() == pytest.approx(rise, abs=1e-9)
    assert set(table.index) == set(before["level"]) | set(after["level"])


@given(periods)
def test_nothing_changed_is_nothing_explained(rows):
    table = drift.compare_strata(rows, rows, "level")
    assert table[["by_rate", "by_mix"]].abs().to_numpy().max() < 1e-12


def test_mix_and_rate_by_hand():
    """Night goes from a tenth to a half at 20 %; dusk is new, with 50 %."""
    before = pd.DataFrame({"source": ["day"] * 90 + ["night"] * 10, "error": [0] * 98 + [1] * 2})
    after = pd.DataFrame(
        {
            "source": ["day"] * 40 + ["night"] * 50 + ["dusk"] * 10,
            "error": [0] * 80 + [1] * 10 + [0, 1] * 5,
        }
    )
    table = drift.compare_strata(before, after, "source")
    assert table.loc["night", "by_mix"] == pytest.approx((0.2 - 0.02) * 0.4)
    assert table.loc["day", "by_mix"] == pytest.approx((0 - 0.02) * -0.5)
    assert table.loc["dusk", "by_mix"] == pytest.approx((0.5 - 0.02) * 0.1)
    assert table["by_rate"].tolist() == [0, 0, 0]
    assert np.isnan(table.loc["dusk", "rate_before"])


PEOPLE, SOURCES, CLASSES = ("ada", "ben", "cleo", "dan"), ("day", "night"), ("car", "van")


def worked(rate, *, night=(0.1, 0.1), guideline=30, tool=30) -> pd.DataFrame:
    """Thirty days with an alarm on day 20. ``rate(late, person, source, name)`` is met exactly,
    ``night`` is the share of night before and after; versions come out on the days given.
    """
    rows = []
    for late in (False, True):
        for person in PEOPLE:
            for source, share in zip(SOURCES, (1 - night[late], night[late]), strict=True):
                for name in CLASSES:
                    n = round(200 * share)
                    wrong = round(n * rate(late, person, source, name))
                    first, days = (20, 11) if late else (1, 17)
                    rows += [
                        (first + k % days, person, source, name, int(k < wrong)) for k in range(n)
                    ]
    table = pd.DataFrame(rows, columns=["day", "annotator", "source", "class", "error"])
    versions = {"guideline": guideline, "tool": tool}
    return table.assign(
        **{name: np.where(table["day"] >= day, "v2", "v1") for name, day in versions.items()}
    )


class TestCauses:
    def found(self, table: pd.DataFrame) -> tuple[str, str]:
        best = drift.attribute_rise(table, 20).iloc[0]
        return best["cause"], best["detail"]

    def test_who_was_always_bad_is_not_the_cause(self):
        def rate(late, person, source, name):
            return 0.3 if person == "ada" or (late and person == "ben") else 0.04

        assert self.found(worked(rate)) == ("annotator", "ben")

    def test_sources_that_always_differed_are_not_the_cause(self):
        def rate(late, person, source, name):
            return (0.25 if source == "night" else 0.02) + (0.15 if late and person == "dan" else 0)

        assert self.found(worked(rate, night=(0.3, 0.3))) == ("annotator", "dan")

    def test_more_of_what_was_always_hard_is(self):
        def rate(late, person, source, name):
            return 0.25 if source == "night" else 0.02

        assert self.found(worked(rate, night=(0.1, 0.6), tool=20)) == ("data", "night")

    def test_one_class_and_all_classes_after_a_release(self):
        def vans(late, person, source, name):
            return 0.3 if late and name == "van" else 0.04

        def everything(late, person, source, name):
            return 0.15 if late else 0.04

        assert self.found(worked(vans, guideline=19, tool=20)) == ("guideline", "v2")
        assert self.found(worked(everything, guideline=19, tool=20)) == ("tool", "v2")

    def test_a_release_of_long_ago_or_to_come_is_no_suspect(self):
        def vans(late, person, source, name):
            return 0.3 if late and name == "van" else 0.04

        causes = drift.attribute_rise(worked(vans, guideline=5, tool=25), 20)["cause"]
        assert set(causes) == {"annotator", "data"}

    def test_who_got_better_gains_nothing(self):
        def rate(late, person, source, name):
            return {"ada": (0.3, 0.02), "ben": (0.04, 0.12)}.get(person, (0.04, 0.04))[late]

        table = drift.attribute_rise(worked(rate), 20).set_index("detail")
        assert table.loc["ada", "gain"] == 0 < table.loc["ben", "gain"]


def test_causes_are_found_on_the_day_of_the_alarm():
    right = streams = 0
    for seed in range(500, 508):
        table, key = logs.audits(seed)
        for each in key:
            stream = table[table["stream"] == each.stream]
            errors = stream.groupby("day")["error"].sum().to_numpy()
            total = drift.cusum(errors, logs.AUDITS, logs.CUSUM_REFERENCE)
            day = int(drift.first_day(total > logs.CUSUM_LIMIT))
            best = drift.attribute_rise(stream, day).iloc[0]
            streams += 1
            right += (best["cause"], best["detail"]) == (each.cause, each.detail)
    assert right >= streams - 1


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_order_and_names_of_people_do_not_matter(seed):
    table, (first, *_) = logs.audits(3)
    stream = table[table["stream"] == first.stream]
    shuffled = stream.sample(frac=1, random_state=seed)
    shuffled = shuffled.assign(annotator="x" + shuffled["annotator"])
    one = drift.attribute_rise(stream, first.day).iloc[0]
    other = drift.attribute_rise(shuffled, first.day).iloc[0]
    assert other["cause"] == one["cause"]
    assert other["gain"] == pytest.approx(one["gain"])


def test_without_a_time_before_there_is_nothing_to_compare():
    table, _ = logs.audits(3)
    with pytest.raises(ValueError, match="before day 1"):
        drift.attribute_rise(table[table["stream"] == "S1"], 3)
    with pytest.raises(ValueError, match="both periods"):
        drift.compare_strata(table.head(0), table, "class")
