"""3.K: a card is followed on parcels it was not made for; agreement alone earns nothing."""

from __future__ import annotations

import pytest

from labelschool import course
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import cards, repair
from labelschool.exercises.written import WIDGETS
from labelschool.generators import disagreement
from labelschool.home import results
from labelschool.model import Rule, guidelines
from labelschool.scoring.score import BLIND_LIMIT

TASK = course.load().task("3.K")
FIRST = course.guideline(TASK.guideline)


def card(*, when: str = "dent_cm >= 8", default: str = "fine", rules=None):
    """Version 2 with another third rule, or with other rules altogether."""
    mended = FIRST.rules | {3: FIRST.rules[3].model_copy(update={"when": when})}
    change = {"id": "parcels.v2", "default": default, "rules": mended if rules is None else rules}
    return FIRST.model_copy(update=change)


def numbered(pairs) -> dict[int, Rule]:
    return {
        n: Rule(number=n, name="a", short="b", when=when, then=then)
        for n, (when, then) in enumerate(pairs, 1)
    }


def judged(tmp_path, guideline) -> dict[str, repair.Judgement]:
    (tmp_path / cards.FILE).write_text(guidelines.text(guideline), encoding="utf-8")
    return {case.name: case.judged(tmp_path, 5) for case in repair.SUITE}


def share(tmp_path, guideline) -> float:
    found = judged(tmp_path, guideline).values()
    return sum(one.share for one in found) / len(found)


def fitted():
    """A card that knows each dent of the shipped parcels, and nothing in between."""
    items = disagreement.parcels(48)
    truth = disagreement.truth(items)
    dry = [i for i in items if not i.features["wet"] and not i.features["torn"]]
    dents = {i.features["dent_cm"]: truth[i.name] for i in dry if i.features["dent_cm"]}
    steps = [("wet", "refuse"), ("torn", "major")]
    for dent in sorted(dents, reverse=True):
        steps += [(f"dent_cm > {dent + 0.1:.1f}", "minor"), (f"dent_cm >= {dent}", dents[dent])]
    return card(rules=numbered([*steps, ("not label_readable", "minor")]))


def ten_more():
    """The repair, and a rule for every half centimetre around it."""
    steps = [(f"dent_cm >= {13 - n / 2:g}", "major") for n in range(10)]
    rules = {
        10 + n: Rule(number=10 + n, name="a", short="b", when=when, then=then)
        for n, (when, then) in enumerate(steps)
    }
    first = {n: rule for n, rule in card().rules.items() if n < 3}
    return card(rules=first | rules | {n: card().rules[n] for n in (3, 4, 5)})


@pytest.mark.parametrize("when", ["dent_cm >= 8", "dent_cm > 7.5", "dent_cm >= 7.5"])
def test_a_rule_that_can_be_measured_and_is_meant_earns_everything(tmp_path, when):
    assert judged(tmp_path, card(when=when)) == dict.fromkeys(
        ("Agreement", "Truth", "Length"), repair.Judgement(1.0)
    )


def test_the_hidden_parcels_are_not_the_shipped_ones():
    assert repair.SEED != 48
    assert repair.best().alpha - repair.before().alpha > 1.5 * repair.GAIN
    assert repair.best().accuracy > repair.before().accuracy + 0.1


WRONG = {
    "any dent is large": (card(when="dent_cm > 0"), "a rule contradicts the truth"),
    "only holes are large": (card(when="dent_cm >= 14"), "a rule contradicts the truth"),
    "the rule is gone": (
        card(rules={n: rule for n, rule in FIRST.rules.items() if n != 3}),
        "a rule contradicts the truth",
    ),
    "ten more rules": (ten_more(), "you added 10 rules"),
    "a bound that nobody decided": (card(when="dent_cm >= 5"), "The bound is not where"),
    "fitted to the 48": (fitted(), ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_stays_below_the_pass_and_is_told(tmp_path, name):
    guideline, says = WRONG[name]
    found = judged(tmp_path, guideline)
    assert sum(one.share for one in found.values()) / 3 < TASK.pass_mark
    assert says in " ".join(one.said for one in found.values())


def test_a_card_fitted_to_the_shipped_parcels_was_right_on_them(tmp_path):
    items = disagreement.parcels(48)
    made = guidelines.card(fitted(), disagreement.FEATURES)
    truth = disagreement.truth(items)
    hits = [disagreement.decide(made, i.features, 0)[0] == truth[i.name] for i in items]
    assert all(hits)
    assert share(tmp_path, fitted()) < BLIND_LIMIT


BLIND = {
    "unchanged": (card(when="dent_cm is large"), "The rules decide as in version 1"),
    "always minor": (card(rules={}, default="minor"), "alpha is not defined"),
    "always refuse": (card(rules=numbered([("wet", "refuse")]), default="refuse"), "not defined"),
    "one class by a rule": (card(rules=numbered([("dent_cm >= 0", "major")])), "not defined"),
    "wet or fine": (card(rules=numbered([("wet", "refuse")])), "contradicts the truth"),
}


@pytest.mark.parametrize("name", BLIND)
def test_no_blind_card_earns_anything(tmp_path, name):
    guideline, says = BLIND[name]
    assert share(tmp_path, guideline) < BLIND_LIMIT
    assert says in judged(tmp_path, guideline)["Agreement"].said


@pytest.mark.parametrize(
    ("guideline", "says"),
    [
        (card(when="dent_cm is big"), "'big' is no condition"),
        (card(when="dent >= 8"), "Rule 3: There is no feature dent"),
        (card(default=""), "Choose a class for what no rule decides"),
        (card(rules=numbered([("wet", "refuse")] * 41)), "41 rules; 40 is the most"),
    ],
)
def test_a_card_that_cannot_be_followed_says_why(tmp_path, guideline, says):
    assert all(says in one.said for one in judged(tmp_path, guideline).values())


def test_a_file_that_holds_no_guideline_is_told(tmp_path):
    (case, *_) = repair.SUITE
    assert "run annotate()" in case.judged(tmp_path, 5).said
    for content, says in ((b"# v2\n", "no YAML header"), (b"\xff\xfe", "not text in UTF-8")):
        (tmp_path / cards.FILE).write_bytes(content)
        assert says in case.judged(tmp_path, 5).said


def test_from_the_editor_to_the_points(tmp_path, monkeypatch):
    (tmp_path / results.START_PAGE).touch()
    folder = tmp_path / "03-quality"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    assert "Nothing is written yet in answers/3.K/" in repr(exercise("3.K").check())
    editor = WIDGETS["guideline"](TASK, folder)
    assert repr(editor) == "GuidelineEditor 3.K: run this cell"
    (folder / "answers/3.K").mkdir(parents=True)
    (folder / "answers/3.K/guideline.md").write_text(guidelines.text(card()), encoding="utf-8")
    assert exercise("3.K").score().value == 1.0
    assert "3 of 3 hidden cases are right" in repr(exercise("3.K").check())
