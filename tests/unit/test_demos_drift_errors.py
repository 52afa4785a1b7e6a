"""Figures of lessons 3.1, 3.8 and 3.10, and what their texts say about the shipped data."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labelschool import course, datasets
from labelschool.demos import quality_drift, quality_errors, quality_meaning
from labelschool.quality import drift, errors

LESSONS = course.root() / "content" / "lessons" / "03-quality"


class TestBatches:
    def test_accuracy_is_equal_and_everything_else_is_not(self):
        found = {name: quality_meaning.measured(name) for name in quality_meaning.MEASURES}
        assert found["accuracy"] == {"A": 0.96, "B": 0.96}
        assert found["consistency"] == {"A": 0.915, "B": 0.99}
        for name in ("coverage", "freshness", "fitness"):
            assert found[name]["A"] > found[name]["B"] + 0.2
        assert found["fitness"] == {"A": 0.95, "B": 0}

    def test_the_criterion_of_the_fold_decides_all_trials_and_the_usual_one_a_single_one(self):
        text = (LESSONS / "3-1-quality.md").read_text(encoding="utf-8")
        usual, whole = re.findall(
            r"^(def accepts.*?)\n(?:\n\n|```)", text, re.DOTALL | re.MULTILINE
        )
        right = {}
        for name, source in (("usual", usual), ("whole", whole)):
            space: dict = {}
            exec(source, space)
            trials = quality_meaning.trials().values()
            right[name] = sum(bool(space["accepts"](b)) == should for b, should in trials)
        assert right == {"usual": 1, "whole": 6}


class TestSuspects:
    data = quality_errors.flipped(5)

    def test_each_way_finds_what_the_text_says(self):
        hits = {
            way: errors.found_at(self.data.ranked(way), self.data.wrong, 90).hits
            for way in (*quality_errors.RANKINGS, quality_errors.OUTLIER, quality_errors.CHANCE)
        }
        assert self.data.wrong.sum() == 90
        assert all(hits[way] >= 76 for way in quality_errors.RANKINGS)
        assert hits[quality_errors.SELF] > 80
        assert hits[quality_errors.OUTLIER] <= 12
        assert hits[quality_errors.CHANCE] == 3

    def test_near_pairs_hold_a_flip_each_and_untouched_labels_give_none(self):
        features, labels = self.data.features, self.data.labels
        pairs = errors.conflicting_duplicates(features, labels, radius=16)
        wrong = self.data.wrong
        assert len(pairs) == 132
        assert (wrong[pairs["first"]] | wrong[pairs["second"]]).all()
        assert errors.conflicting_duplicates(features, self.data.truth, radius=16).empty

    def test_a_model_defends_what_it_learnt_and_misses_what_all_labels_say(self):
        from sklearn.model_selection import cross_val_predict
        from sklearn.neighbors import KNeighborsClassifier

        features, truth, labels = self.data.features, self.data.truth, self.data.labels
        seen = KNeighborsClassifier(1).fit(features, labels).predict_proba(features)
        assert errors.found_at(errors.rank(seen, labels), self.data.wrong, 90).hits <= 15
        swept = truth.copy()
        fours = np.flatnonzero(truth == 4)
        swept[np.random.default_rng(0).choice(fours, 90, replace=False)] = 9
        table = cross_val_predict(
            KNeighborsClassifier(10), features, swept, cv=5, method="predict_proba"
        )
        hits = [
            errors.found_at(errors.rank(table, swept, by=by), swept != truth, 90).hits
            for by in ("self_confidence", "confident_joint")
        ]
        assert hits[0] <= 25 < 40 <= hits[1] <= 55

    def test_figures_say_how_many_are_found(self):
        order = self.data.ranked(quality_errors.SELF)
        found = errors.found_at(order, self.data.wrong, 90).hits
        assert f"{found} of 90" in quality_errors.curve_figure(self.data, order, 90, "x")
        wrong = self.data.wrong[order[:24]].sum()
        assert quality_errors.picture_figure(self.data, order[:24]).count(">was ") == wrong


class TestAlarms:
    def test_the_table_shows_the_numbers_of_the_lesson(self):
        chart, total = quality_drift.compared(60, 0.10, 3, 6)
        assert (round(chart.false, 2), chart.delay) == (0.12, 2)
        assert (round(total.false, 3), total.delay) == (0.009, 3)

    def test_a_lower_limit_is_sooner_and_more_often_wrong(self):
        for low, high in ((2, 3), (3, 4)):
            soon, late = (quality_drift.compared(60, 0.10, s, 2 * s) for s in (low, high))
            for one, other in zip(soon, late, strict=True):
                assert one.delay <= other.delay
                assert one.false > other.false

    def test_a_month_that_is_quiet_says_never(self):
        figure = quality_drift.charts(np.full(30, 2), 60, 0.10, 3, 6)
        assert figure.count("never") == 2
        assert "alarm, day" not in figure


class TestPracticeStreams:
    audits = pd.read_csv(datasets.file("audit_log", "practice.csv"), keep_default_na=False)

    def daily(self, name: str) -> np.ndarray:
        rows = self.audits[self.audits["stream"] == name]
        return rows.groupby("day")["error"].sum().to_numpy()

    @pytest.mark.parametrize(
        ("name", "good", "mean", "total"),
        [("S1", 20, 27, 21), ("S2", 21, 30, 22), ("S3", 19, 19, 19), ("S4", 18, 18, 18),
         ("S5", 20, 22, 22)],
    )  # fmt: skip
    def test_alarms_come_on_the_days_of_the_text(self, name, good, mean, total):
        errors_ = self.daily(name)
        for days, alarm in ((10, good), (30, mean)):
            base = drift.baseline_rate(errors_, 60, days)
            assert drift.p_chart(errors_, 60, base).alarm_day == alarm
        assert drift.first_day(drift.cusum(errors_, 60, 0.066) > 6) == total

    def test_the_rise_of_s4_is_a_matter_of_the_mix(self):
        rows = self.audits[self.audits["stream"] == "S4"]
        before, after = rows[rows["day"] < 16], rows[rows["day"] >= 18]
        table = drift.compare_strata(before, after, "source")
        night = table.loc["night"].round(2)
        assert night[["rate_before", "rate_after"]].tolist() == [0.20, 0.18]
        assert night[["share_before", "share_after"]].tolist() == [0.10, 0.48]
        assert table["by_mix"].sum() > 0.95 * table[["by_mix", "by_rate"]].to_numpy().sum()
