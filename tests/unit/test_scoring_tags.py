"""Macro-F1 by definition, with credit for honest doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool.model import Choice, Escalation, TruthItem
from labelschool.scoring import score_tags

CLASSES = ("car", "van", "truck", "bus", "person", "cyclist", "light", "sign")


def pool(*labels):
    return [
        TruthItem(item=f"t-{n:03d}", image="", width=64, height=64, labels=tuple(given))
        for n, given in enumerate(labels)
    ]


def score(truth, choices):
    answers = {item.item: choice for item, choice in zip(truth, choices, strict=True)}
    return score_tags(truth, answers, classes=CLASSES)


def say(*labels, **fields):
    return Choice(labels=labels, **fields)


def test_macro_f1_is_the_mean_over_classes_of_the_truth():
    truth = pool(["car"], ["car"], ["van"], ["bus"])
    found = score(truth, [say("car"), say("van"), say("van"), say("person")])
    assert found.raw == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_unsure_counts_a_quarter_on_clear_and_half_on_ambiguous_items():
    clear, ambiguous = pool(["car"], ["van"]), pool(["van", "truck"], ["van", "truck"])
    assert score(clear, [say(unsure=True)] * 2).raw == pytest.approx(0.25)
    assert score(ambiguous, [say(unsure=True)] * 2).raw == pytest.approx(0.5)
    assert score(clear, [say("car", unsure=True), Escalation()]).raw == pytest.approx(0.25)


def test_any_acceptable_class_is_right():
    truth = pool(["van", "truck"], ["van"], ["truck"])
    for label in ("van", "truck"):
        assert score(truth, [say(label), say("van"), say("truck")]).value == 1
    assert score(truth, [say("car"), say("van"), say("truck")]).value < 1


def test_an_unusable_item_wants_doubt():
    truth = pool([], ["car"], ["van"])
    for right in (say(unsure=True), Escalation(rule=16)):
        assert score(truth, [right, say("car"), say("van")]).value == 1
    wrong = score(truth, [say("car"), say("car"), say("van")])
    assert wrong.value < 1
    assert [(f.code, f.rule) for f in wrong.findings] == [("E10", 16)]


def test_findings_name_what_was_given_and_expected():
    truth = pool(["car"], ["van"], ["truck"], ["van", "truck"])
    found = score(truth, [None, say("truck"), say(unsure=True), say(unsure=True)])
    by_item = {f.item: f for f in found.findings}
    assert by_item["t-000"].code == "E1"
    assert by_item["t-001"].details == {"given": ("truck",), "expected": ("van",)}
    assert by_item["t-002"].details["kind"] == "unsure_clear"
    assert by_item["t-003"].details["kind"] == "unsure_ambiguous"
    costs = [f.cost for f in found.findings]
    assert costs == sorted(costs, reverse=True)


def test_rule_1_is_quoted_only_where_it_speaks_of_the_classes():
    truth = pool(["light"], ["light"], ["person"], ["van"], ["sign"])
    found = score(truth, [None, say("sign"), say("cyclist"), say("truck"), say("bus")])
    rules = {f.item: f.rule for f in found.findings}
    assert rules == {"t-000": None, "t-001": None, "t-002": 1, "t-003": 1, "t-004": None}


def test_too_fast_is_named_beside_a_wrong_class():
    truth = pool(*[["car"]] * 5, ["van"])
    choices = [say("car", ms=4000)] * 5 + [say("bus", ms=200)]
    assert [f.code for f in score(truth, choices).findings] == ["E8", "E16"]


def test_a_pool_without_classes_is_refused():
    with pytest.raises(ValueError, match="no item"):
        score_tags(pool([], []), {}, classes=CLASSES)


LABELS = st.sampled_from(CLASSES)
TRUTHS = st.lists(
    st.one_of(
        st.tuples(LABELS), st.tuples(LABELS, LABELS).filter(lambda p: p[0] != p[1]), st.just(())
    ),
    min_size=2,
    max_size=30,
).filter(any)
CHOICES = st.one_of(st.none(), st.builds(say, LABELS), st.just(say(unsure=True)))


@given(TRUTHS, st.data())
def test_score_lies_within_0_and_1_and_order_and_time_do_not_matter(labels, data):
    truth = pool(*labels)
    choices = [data.draw(CHOICES) for _ in truth]
    found = score(truth, choices)
    assert 0 <= found.value <= 1
    assert type(found.value) is float
    timed = [c and c.model_copy(update={"ms": 70, "mode": "list"}) for c in choices]
    order = data.draw(st.permutations(range(len(truth))))
    again = score([truth[n] for n in order], [timed[n] for n in order])
    assert (again.value, again.interval) == (found.value, found.interval)


@given(TRUTHS, st.data())
def test_one_more_wrong_thing_never_raises_the_score(labels, data):
    truth = pool(*labels)
    choices = [data.draw(CHOICES) for _ in truth]
    n = data.draw(st.integers(0, len(truth) - 1))
    was_unsure = choices[n] is not None and choices[n].unsure
    wrong = data.draw(LABELS.filter(lambda label: label not in truth[n].labels))
    spoiled = [*choices[:n], say(wrong), *choices[n + 1 :]]
    right = choices[n] is None or was_unsure or set(choices[n].labels) <= set(truth[n].labels)
    if right:
        assert score(truth, spoiled).raw <= score(truth, choices).raw + 1e-12


@given(TRUTHS)
def test_the_truth_itself_scores_1(labels):
    truth = pool(*labels)
    choices = [say(*item.labels[:1], unsure=not item.labels) for item in truth]
    found = score(truth, choices)
    assert found.raw == pytest.approx(1)
    assert found.findings == ()


@given(TRUTHS)
def test_no_blind_strategy_reaches_its_limit(labels):
    truth = pool(*labels)
    blind = [None, say(unsure=True), *(say(label) for label in CLASSES)]
    if score(truth, [None] * len(truth)).blind < 1:
        for choice in blind:
            assert score(truth, [choice] * len(truth)).value < 0.15
