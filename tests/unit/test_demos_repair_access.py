"""The demos of lessons 3.9 and 3.14, and what the texts of these lessons say of their data."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from ipywidgets import HTML, SelectionSlider, ToggleButtons

from labelschool import course
from labelschool.demos import demo, quality_access, quality_repair
from labelschool.demos.quality_access import PLACES, SPLITS, VERBS
from labelschool.generators import disagreement
from labelschool.operations import costs

LESSONS = course.root() / "content" / "lessons" / "03-quality"


def text(slug: str) -> str:
    return re.sub(r"\s+", " ", (LESSONS / f"{slug}.md").read_text(encoding="utf-8"))


def plain(widget: HTML) -> str:
    return re.sub("<[^>]+>", "", widget.value)


class TestVague:
    def test_one_word_is_behind_three_fifths_of_the_disagreement(self):
        first = quality_repair.differing(quality_repair.labelled(None))
        bound = quality_repair.differing(quality_repair.labelled(8.0))
        assert (first, bound, quality_repair.pairs(quality_repair.labelled(None))) == (132, 52, 480)
        assert round(1 - bound / first, 2) == 0.61
        assert "at 8 cm 61 % of all disagreement is gone" in text("3-9-guideline-repair")

    def test_any_number_helps_so_the_pairs_do_not_tell_the_right_one(self):
        left = [
            quality_repair.differing(quality_repair.labelled(bound))
            for bound in quality_repair.SAYS.values()
            if bound
        ]
        assert max(left) < 0.6 * 132
        assert min(left) < 52

    def test_the_slider_moves_the_figure_and_the_words(self):
        slider, picture, said = self.parts()
        before = picture.value
        assert plain(said).startswith("132 pairs differ.")
        slider.value = "6 cm or more"
        assert picture.value != before
        assert 'aria-label="Rule 3 says 6 cm or more. Of 27 dented parcels' in picture.value
        assert "44 pairs are left of 132" in plain(said)

    def test_marks_are_told_apart_without_colour(self):
        (_, picture, _) = self.parts()
        filled, hollow = (f'r="4.5" fill="{fill}"' for fill in ("#0072B2", "#ffffff"))
        assert picture.value.count(filled) == 22 + 21 + 19 + 11 + 3
        dots = picture.value.count(filled) + picture.value.count(hollow)
        assert dots + picture.value.count("l8 8 m0 -8") == 27 * 5

    @staticmethod
    def parts() -> tuple[SelectionSlider, HTML, HTML]:
        box = demo("vague").widget()
        (slider,) = (child for child in box.children if isinstance(child, SelectionSlider))
        said, picture = (child for child in box.children if isinstance(child, HTML))
        return slider, picture, said


class TestMatrix:
    def test_the_team_s_matrix_holds_all_pairs_once(self):
        pairs = list(combinations(range(5), 2))
        whole = quality_repair.confusion(pairs, "all")
        folded = quality_repair.halved(whole)
        assert whole.total() == folded.total() == 480
        assert folded["major", "minor"] == 96
        assert folded["minor", "major"] == 0
        assert sum(n for (a, b), n in folded.items() if a != b) == 132
        parts = [quality_repair.confusion(pairs, f"with{more} a dent") for more in ("", "out")]
        assert parts[0] + parts[1] == whole

    def test_two_annotators_are_a_matrix_and_its_transpose(self):
        one, other = (quality_repair.confusion([pair], "all") for pair in ((0, 4), (4, 0)))
        assert one["major", "minor"] == 17
        assert one["minor", "major"] == 0
        assert {(b, a): n for (a, b), n in one.items()} == other

    def test_a_learner_finds_the_cell_and_what_is_left_without_dents(self):
        box = demo("matrix").widget()
        compare, first, _, parcels = (c for c in box.children if isinstance(c, ToggleButtons))
        said, picture = (child for child in box.children if isinstance(child, HTML))
        assert plain(said).startswith("22 of 48 pairs of labels differ. The largest cell: major")
        compare.value = quality_repair.TEAM
        assert first.disabled
        assert "132 of 480" in plain(said)
        assert "major and minor, 96, 73 %" in plain(said)
        assert ">96<" in picture.value
        parcels.value = "without a dent"
        assert "major and minor" not in picture.value
        first.value = "a5"
        compare.value = quality_repair.TWO
        assert plain(said) == "0 of 15 pairs of labels differ."


class TestListing:
    @pytest.mark.parametrize("verbs", VERBS)
    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize("split", SPLITS)
    def test_only_two_narrow_statements_fit(self, verbs, place, split):
        policy = quality_access.role(verbs, place, split)
        fits = quality_access.granted(policy) == quality_access.NEEDED
        assert fits is ((verbs, place, split) == (list(VERBS)[-1], PLACES[-1], SPLITS[-1]))
        assert quality_access.granted(policy) >= quality_access.NEEDED

    def test_a_listing_tells_names_to_who_may_read_nothing_of_it(self):
        wide = quality_access.role("Get*, List*, Put*", *(each[0] for each in (PLACES, SPLITS)))
        assert "raw/2026/03/cam-4-school-gate.jpg" in quality_access.listed(wide)
        narrow = quality_access.role("Get*, List*, Put*", PLACES[1], SPLITS[1])
        assert len(quality_access.listed(narrow)) == 2

    def test_a_learner_reaches_the_role_that_fits(self):
        box = demo("listing").widget()
        toggles = [child for child in box.children if isinstance(child, ToggleButtons)]
        said, picture, names = (child for child in box.children if isinstance(child, HTML))
        assert plain(said).startswith("2 of 2 things needed, 30 more")
        assert picture.value.count("too much") == 30
        for toggle in toggles:
            toggle.value = toggle.options[-1]
        assert plain(said) == (
            "2 of 2 things needed, 0 more.Allow vendor: s3:GetObject on blurred/*"
            "Allow vendor: s3:PutObject on deliveries/vendor/*"
        )
        assert "lsd-right" in said.value
        assert picture.value.count(">needed<") == 2
        assert "can list nothing" in names.value

    def test_what_a_role_lacks_is_marked_too(self):
        made = quality_access.figure([])
        assert made.count(">lacking<") == 2
        assert "0 of 2 things needed, 0 more; lacking: read blurred/, write" in made


class TestLessons:
    def test_the_owner_decided_what_the_truth_says(self):
        items = {item.name: item for item in disagreement.parcels(48)}
        truth = disagreement.truth(list(items.values()))
        found = re.findall(
            r"\| (disagree48-\d+) \| ([\d.]+) cm \| (\w+) \|", text("3-9-guideline-repair")
        )
        assert len(found) == 7
        for name, dent, decision in found:
            assert items[name].features["dent_cm"] == float(dent)
            assert truth[name] == decision

    def test_the_bill_is_as_the_lesson_says(self):
        project = costs.Project(
            items=20_000, labels_per_item=6, seconds_per_label=12, label_rate=15, redundancy=1.2,
            gold_share=0.05, review_share=0.25, seconds_per_review=6, rework_share=0.15,
            review_rate=24, gigabytes=400, months=12, storage_price=0.02, downloads=3,
            egress_price=0.1,
        )  # fmt: skip
        bill = costs.cost(project)
        assert round(1 - (bill.storage + bill.egress) / bill.total, 2) == 0.98
        whole = [
            round(costs.cost(replace(project, **change)).total)
            for change in ({"redundancy": 2}, {"review_share": 1})
        ]
        assert f"{whole[0]:,} and {whole[1]:,}" in text("3-14-access")
