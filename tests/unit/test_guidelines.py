"""Guidelines as files, their decision cards, and what keeps a rule from deciding."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.generators import disagreement
from labelschool.model import Guideline, Rule, guidelines

FEATURES = disagreement.FEATURES
CLASSES = dict.fromkeys(disagreement.CLASSES)


def parcels(card: dict) -> Guideline:
    """The guideline of a decision card."""
    rules = {
        rule["id"]: Rule(
            number=rule["id"],
            name=rule["then"],
            short="",
            when=guidelines.words(rule["if"]),
            then=rule["then"],
        )
        for rule in card["rules"]
    }
    return Guideline(
        id=card["version"], title="Parcels", classes=CLASSES, rules=rules, default=card["default"]
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
rules = st.builds(
    Rule,
    number=st.integers(1, 99),
    **dict.fromkeys(("name", "short", "when", "then", "positive", "negative", "edge"), texts),
)
anything = st.builds(
    Guideline,
    id=st.integers(1, 9).map("G7.v{}".format),
    title=texts,
    classes=st.dictionaries(texts, st.none() | texts, max_size=3),
    rules=st.lists(rules, unique_by=lambda rule: rule.number, max_size=4).map(
        lambda found: {rule.number: rule for rule in found}
    ),
    default=texts,
    note=texts,
    intro=texts,
)


@given(anything)
def test_a_guideline_is_read_as_it_was_written(guideline: Guideline) -> None:
    text = guidelines.text(guideline)
    again = guidelines.read(text)
    assert again.model_copy(update={"body": ""}) == guideline
    assert list(again.rules) == list(guideline.rules)
    assert guidelines.text(again) == text


def test_a_guideline_of_the_course_becomes_a_file_of_the_same_rules() -> None:
    first = course.guideline("G1.v1")
    assert first.version == 1
    assert first.at_version(2) == "G1.v2"
    assert first.intro.startswith("You box road users")
    assert first.intro.endswith("must be there.")
    again = guidelines.read(guidelines.text(first))
    assert again.rules == first.rules
    assert "**16 escalate.** If no rule decides" in again.body


def test_a_rule_with_examples_reads_as_a_text() -> None:
    rule = Rule(
        number=3, name="dent", short="Measure it.", when="dent_cm >= 8", then="major",
        positive="a dent of 9 cm\n\na dent of 8 cm", edge="two dents: the longer",
    )  # fmt: skip
    guideline = Guideline(
        id="G7.v2", title="Parcels", classes=CLASSES, rules={3: rule}, default="fine", note="Now."
    )
    assert guidelines.body(guideline) == [
        *("# Parcels, version 2", "", "Changed in this version: Now."),
        *("", "**3 dent.** Measure it.", "", "If `dent_cm >= 8`, then **major**."),
        *("", "- Positive: a dent of 9 cm", "- Positive: a dent of 8 cm"),
        *("- Edge: two dents: the longer", "", "Otherwise **fine**."),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no YAML header"),
        ("# G1\n", "has no YAML header"),
        ("---\nrules: [\n---\n", "header of the guideline is damaged"),
        ("---\nguideline: G1.v1\nrules: 7\n---\n", "header of the guideline is damaged"),
        ("---\n7\n---\n", "has no YAML header"),
        ("---\nguideline: first\ntitle: a\nclasses: {}\n---\n", "The guideline is wrong: id"),
        ("---\nguideline: G1.v1\ntitle: a\nclasses: {}\nrule: 1\n---\n", "is wrong: rule"),
    ],
)
def test_what_is_no_guideline_is_told(text: str, said: str) -> None:
    with pytest.raises(LabelSchoolError, match=said):
        guidelines.read(text)


# Decision cards ---------------------------------------------------------------------------------


def test_the_card_of_the_course_comes_back_from_its_guideline() -> None:
    card = json.loads(datasets.file("disagree48", "card.json").read_text(encoding="utf-8"))
    assert guidelines.card(parcels(card), FEATURES) == card
    assert guidelines.card(course.guideline(card["version"]), FEATURES) == card


def test_a_repaired_rule_decides_as_its_owner_means() -> None:
    guideline = parcels(disagreement.CARD_V1)
    rule = guideline.rules[3].model_copy(update={"when": "dent_cm >= 8"})
    repaired = guideline.model_copy(update={"rules": {**guideline.rules, 3: rule}})
    card = guidelines.card(repaired, FEATURES)
    items = disagreement.parcels(7)
    decided = {item.name: disagreement.decide(card, item.features, 0.0)[0] for item in items}
    assert decided == disagreement.truth(items)


conditions = st.fixed_dictionaries(
    {},
    optional={
        "dent_cm": st.builds(
            "{} {}".format, st.sampled_from((">=", "<=", ">", "<")), st.integers(-99, 99)
        )
        | st.just("large"),
        "torn": st.booleans(),
        "wet": st.booleans(),
    },
).filter(bool)


@given(conditions)
def test_conditions_are_read_as_they_were_written(found: dict[str, bool | str]) -> None:
    assert guidelines.conditions(guidelines.words(found), FEATURES) == found


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "Write conditions such as dent_cm >= 8 and torn."),
        ("dent_cm >=", "Write conditions such as dent_cm >= 8 and torn."),
        ("torn and", "Write conditions such as dent_cm >= 8 and torn."),
        ("dent > 8", "There is no feature dent; there are dent_cm, torn, wet, label_readable."),
        ("dent_cm", "dent_cm is a number: compare it, such as dent_cm >= 8."),
        ("not dent_cm > 8", "dent_cm is a number: compare it, such as dent_cm >= 8."),
        ("dent_cm > large", "dent_cm is a number: compare it, such as dent_cm >= 8."),
        ("torn is yes", "torn is yes or no: write torn or not torn."),
        ("dent_cm > 1 and dent_cm < 3", "dent_cm stands twice; a rule asks for each feature once."),
    ],
)
def test_a_fault_of_a_condition_is_a_sentence(when: str, said: str) -> None:
    guideline = parcels(disagreement.CARD_V1)
    rule = guideline.rules[2].model_copy(update={"when": when})
    broken = guideline.model_copy(update={"rules": {**guideline.rules, 2: rule}})
    assert guidelines.faults(broken, FEATURES) == {2: said}
    with pytest.raises(LabelSchoolError, match=r"^Rule 2: "):
        guidelines.card(broken, FEATURES)


def test_a_class_is_asked_for_where_none_is_chosen() -> None:
    guideline = parcels(disagreement.CARD_V1).model_copy(update={"default": ""})
    rule = guideline.rules[1].model_copy(update={"then": "lost"})
    guideline = guideline.model_copy(update={"rules": {1: rule}})
    assert guidelines.faults(guideline, FEATURES) == {
        1: "Choose the class this rule leads to.",
        0: "Choose a class for what no rule decides.",
    }
