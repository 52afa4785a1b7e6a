"""What a learner reads: exact words, safe HTML, nothing given away on the counted pool."""

import io
import re

import pytest
from PIL import Image

from labelschool import course, feedback
from labelschool.feedback import pictures
from labelschool.model import Box, Choice, Decoy, Item, ItemAnswer, TruthBox, TruthItem
from labelschool.scoring import Finding, score_boxes, score_tags

GUIDELINE = course.guideline("G1.v1")
CLASSES = ("car", "van", "truck", "person", "cyclist")
CAR = TruthBox(
    id=1, label="car", bbox=(100, 200, 80, 60), amodal_bbox=(100, 200, 80, 60), area=4000
)
VAN = TruthBox(
    id=2,
    label="van",
    bbox=(300, 200, 60, 80),
    amodal_bbox=(300, 200, 110, 80),
    area=4500,
    occlusion=0.45,
    occluded=2,
)
POSTER = Decoy(kind="poster", rule=9, bbox=(500, 100, 40, 80), label="person")
TRUTH = [
    TruthItem(item="p-1", image="", width=640, height=480, objects=(CAR, VAN), decoys=(POSTER,)),
    TruthItem(item="p-2", image="", width=640, height=480),
]
BAD = (
    Box(id="a", label="<script>alert(1)</script>", bbox=(84, 200, 101, 60)),
    Box(id="b", label="van", bbox=(300, 200, 108, 80)),
    Box(id="c", label="person", bbox=(500, 100, 40, 80)),
)


@pytest.fixture
def image(tmp_path):
    for item in TRUTH:
        Image.new("RGB", (640, 480), (90, 120, 90)).save(tmp_path / f"{item.item}.jpg")
    return lambda item: tmp_path / f"{item}.jpg"


@pytest.fixture
def items(image):
    """The items of `TRUTH` in the annotator's order."""
    return [Item(name=item.item, image=image(item.item), width=640, height=480) for item in TRUTH]


@pytest.fixture
def make(items):
    """A report or review of an answer to the first picture."""

    def made(boxes=BAD, *, function=feedback.report, **options):
        answers = {"p-1": ItemAnswer(item="p-1", annotations=tuple(boxes))}
        score = score_boxes(
            TRUTH, {"p-1": boxes}, classes=CLASSES, attributes=("occluded", "truncated")
        )
        if function is feedback.report:
            options = {"pass_mark": 0.7, "counted": False, **options}
        else:
            options = {"classes": CLASSES, **options}
        options = {"items": items, **options}
        return function(score, guideline=GUIDELINE, truth=TRUTH, answers=answers, **options)

    return made


def words(code, **details):
    return feedback.sentence(Finding(code=code, item="p-1", cost=0.1, details=details))


def test_sides_are_told_in_px():
    loose = words("E6", label="car", loose={"left": 9.2, "top": 4.0}, cut={})
    assert loose.what == "Your box goes beyond the car: 9 px on the left and 4 px at the top."
    cut = words("E7", label="bus", loose={"top": 2.0}, cut={"right": 5.4})
    assert cut.what.startswith("Your box cuts off part of this bus: 5 px on the right.")
    assert "It also goes beyond it: 2 px at the top." in cut.what
    around = words(
        "E6", label="car", loose=dict.fromkeys(("left", "right", "top", "bottom"), 3.1), cut={}
    )
    assert "3 px on all sides" in around.what
    assert "the left side" in words("E6", label="car", loose={"left": 9.0}, cut={}).do


def test_classes_are_told_apart():
    told = words("E8", given="truck", expected=("van",), credit=0.0)
    assert told.what == "You called it a truck; it is a van."
    assert "cargo body" in told.do
    assert "earns half" in words("E8", given="vehicle", expected=("van",), credit=0.5).what
    either = words("E8", given=("car",), expected=("van", "truck"))
    assert either.what == "You called it a car; it is a van or a truck."


def test_unsure_on_a_clear_item_names_its_price():
    assert "costs 0.75" in words("E10", kind="unsure_clear", expected=("van",)).what


def test_a_report_says_what_where_and_by_which_rule(make):
    report = make()
    for part in (
        "pass 0.70: not yet",
        "E6 loose (picture 1 of 2, costs",
        "16 px on the left",
        "[Rule 3: Touch the object",
        "This person is on a poster.",
        "[Rule 9:",
        "[Rule 4: Do not guess",
        "which is level 2",
    ):
        assert part in str(report), part
    html = report._repr_html_()
    assert html.count("data:image/jpeg;base64,") == min(len(re.findall('lsr-what"', html)), 8)
    assert repr(report) == str(report) == report.text


def test_the_text_of_a_learner_is_escaped(make):
    for function in (feedback.report, feedback.review):
        html = make(function=function)._repr_html_()
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


def test_the_counted_pool_gives_away_no_place_rule_or_picture(make):
    report = make(counted=True, note="Attempt 1 of 3.")
    html = report._repr_html_()
    for text in (html, str(report)):
        assert "E6" in text
        assert "Attempt 1 of 3" in text
        for secret in (
            "Rule",
            "p-1",
            "picture 1",
            "px on",
            "poster",
            "data:image",
            "found (recall",
        ):
            assert secret not in text, secret


def test_a_right_answer_is_told_so(make):
    right = (
        Box(id="a", label="car", bbox=CAR.bbox),
        Box(id="b", label="van", bbox=VAN.bbox, occluded=2),
    )
    report = make(right)
    assert "1.00" in str(report)
    assert "passed" in str(report)
    assert "Nothing to mend" in str(report)


def test_pictures_are_counted_as_the_annotator_counts_them(make, items):
    report = make(items=[Item(name="x", text="-"), *items])
    assert "E6 loose (picture 2 of 3, costs" in str(report)
    assert '<span title="p-1">picture 2 of 3</span>' in report.html


def test_what_the_tolerance_forgives_is_told_without_a_cost(make):
    into_tree = (
        Box(id="a", label="car", bbox=CAR.bbox),
        Box(id="b", label="van", bbox=(300, 200, 68, 80), occluded=2),
    )
    assert "1.00. Nothing" not in make(into_tree, function=feedback.review).html.split("p-2")[0]
    for text in (str(make(into_tree)), str(make(into_tree, function=feedback.review))):
        assert "No points lost, but" in text
        assert "takes in what is hidden of this van: 8 px on the right" in text
        assert "[Rule 4:" in text
        assert "Nothing to mend" not in text
    counted = str(make(into_tree, counted=True))
    assert "E10" not in counted
    assert "No points lost" not in counted


def test_notes_follow_the_errors(make):
    mixed = (Box(id="b", label="van", bbox=(300, 200, 68, 80), occluded=2),)
    text = str(make(mixed))
    assert text.index("- E1 missed") < text.index("No points lost, but") < text.index("- E10")


def test_advice_is_given_once_in_a_row(make):
    many = [Box(id=f"x{n}", label="car", bbox=(5 + 40 * n, 400, 30, 30)) for n in range(5)]
    right = (
        Box(id="a", label="car", bbox=CAR.bbox),
        Box(id="b", label="van", bbox=VAN.bbox, occluded=2),
    )
    report = make((*right, *many))
    assert str(report).count("- E2 invented") == 5
    assert str(report).count("Delete it: there is nothing, or it is a reflection") == 1
    assert report.html.count("data:image/jpeg;base64,") == 5


def test_at_most_eight_findings_are_shown(make):
    many = [Box(id=f"x{n}", label="car", bbox=(5 + 40 * n, 400, 30, 30)) for n in range(12)]
    report = make(many)
    assert str(report).count("\n- E") == 8
    assert "\nAnd 6 more. Mend these and check again." in str(report)


def test_a_rule_that_was_just_said_is_named_again_in_short(items):
    pairs = [(("van",), "truck"), (("truck",), "van"), (("cyclist",), "person")]
    said = ((right, Choice(labels=(given,))) for right, given in pairs)
    others = (((label,), Choice(labels=(label,))) for label in CLASSES)
    report = tagged(items, *others, *said)
    told = ["Rule 1: Vans have no separate cargo box, trucks do.", "Rule 1: as above."]
    told.append("Rule 1: A rider on a bicycle is one cyclist.")
    assert sorted(re.findall(r'lsr-rule">(.*?)</p>', report.html)) == sorted(told)
    assert str(report).index(told[0]) < str(report).index(told[1])


def test_a_score_of_0_names_no_costs(items):
    right, wrong = (("van",), Choice(labels=("van",))), (("van",), Choice(labels=("truck",)))
    assert "costs 0." in str(tagged(items, right, wrong))
    for text in (str(tagged(items, wrong, wrong)), tagged(items, wrong, wrong).html):
        assert "E8" in text
        assert "costs" not in text


def test_a_missing_picture_does_not_stop_the_words(make, tmp_path):
    for path in tmp_path.glob("*.jpg"):
        path.unlink()
    feedback.drawing.load.cache_clear()
    assert "data:image" not in make()._repr_html_()
    assert "E6 loose" in make(function=feedback.review).html


def test_a_review_shows_every_item_with_the_answer_over_the_reference(make):
    review = make(function=feedback.review)
    assert "picture 1 of 2: 0" in str(review)
    assert "picture 2 of 2: 1.00" in str(review)
    assert '<b title="p-1">Picture 1 of 2</b>' in review.html
    assert review.html.index("p-1") < review.html.index("p-2")


def test_a_review_outlines_the_classes_that_are_asked_for(image, items):
    def greens(*classes):
        shown = pictures.review_picture(TRUTH[0], (), items[0], classes)
        found = Image.open(io.BytesIO(shown)).convert("RGB").getcolors(1 << 20)
        return sum(n for n, (r, g, b) in found if g > 160 and r < 110)

    assert greens("person") == 0
    assert 0 < greens("car") < greens("car", "van")


def test_a_crop_shows_the_reference_green_and_the_answer_orange(image):
    jpeg = feedback.crop(
        image("p-1"), (100, 200, 80, 60), reference=[CAR.bbox], answer=[(90, 190, 100, 80)]
    )
    picture = Image.open(io.BytesIO(jpeg))
    assert picture.format == "JPEG"
    assert picture.width <= 400
    colours = [colour for _, colour in picture.getcolors(1 << 20)]
    assert any(g > 180 and r < 110 for r, g, b in colours)
    assert any(r > 200 and 90 < g < 180 and b < 90 for r, g, b in colours)


@pytest.mark.parametrize("region", [(0, 0, 3, 3), (630, 470, 10, 10), (-40, -40, 700, 600)])
def test_crops_at_the_edge_stay_inside_the_picture(image, region):
    picture = Image.open(io.BytesIO(feedback.crop(image("p-1"), region, answer=[region])))
    assert min(picture.size) >= 40


def test_tags_are_reported_with_their_picture(items):
    truth = [
        TruthItem(item="p-1", image="", width=640, height=480, labels=("van",)),
        TruthItem(item="p-2", image="", width=640, height=480, labels=("car",)),
    ]
    choices = {"p-1": Choice(labels=("truck",)), "p-2": Choice(unsure=True)}
    answers = {n: ItemAnswer(item=n, annotations=(c,)) for n, c in choices.items()}
    report = feedback.report(
        score_tags(truth, choices, classes=CLASSES),
        guideline=GUIDELINE,
        truth=truth,
        answers=answers,
        items=items,
        pass_mark=0.85,
        counted=False,
    )
    assert str(report).startswith("0 of 2 right, score 0.00")
    assert "You called it a truck; it is a van." in str(report)
    assert report.html.count("data:image/jpeg") == 2


def tagged(items, *pairs):
    """The practice report of tags: what is accepted, and what was said."""
    names = [f"t-{number}" for number in range(len(pairs))]
    truth = [
        TruthItem(item=name, image="", width=9, height=9, labels=labels)
        for name, (labels, _) in zip(names, pairs, strict=True)
    ]
    choices = {name: choice for name, (_, choice) in zip(names, pairs, strict=True)}
    return feedback.report(
        score_tags(truth, choices, classes=(*CLASSES, "bus", "sign")),
        guideline=GUIDELINE,
        truth=truth,
        answers={n: ItemAnswer(item=n, annotations=(c,)) for n, c in choices.items()},
        items=[Item(name=name, image=items[0].image, width=9, height=9) for name in names],
        pass_mark=0.79,
        counted=False,
    )


def test_tags_are_told_as_right_ones_and_by_one_score_with_its_mark(items):
    said = (("car",), Choice(labels=("car",))), (("van",), Choice(labels=("van",)))
    report = tagged(items, *said, (("sign",), Choice(unsure=True)))
    assert ">2 of 3 right</b>" in report.html
    head = report.html.split("</style>")[1].split("lsr-finding")[0]
    unfolded = re.sub(r"<details.*?</details>", "", head)
    assert re.findall(r"\b[01]\.\d\d\b", unfolded) == ["0.67", "0.79"]
    assert "blind guessing alone earns 0.25" in head
    assert "E10 boundary of a rule: A rule of the guideline decides" in report.html


@pytest.mark.parametrize(
    ("given", "right", "cited"),
    [
        ("truck", "sign", None),
        ("truck", "van", "Vans have no separate cargo box, trucks do."),
        ("person", "cyclist", "A rider on a bicycle is one cyclist."),
        ("car", "bus", None),
    ],
)
def test_of_rule_1_the_part_is_quoted_that_fits(items, given, right, cited):
    others = [((label,), Choice(labels=(label,))) for label in CLASSES]
    report = tagged(items, *others, ((right,), Choice(labels=(given,))))
    rules = re.findall(r'lsr-rule">Rule 1: (.*?)</p>', report.html)
    assert rules == ([cited] if cited else [])


def test_a_score_without_enough_objects_found_does_not_pass(make):
    """One of two objects, perfectly boxed, has a DetScore of 0.67."""
    report = make((Box(id="a", label="car", bbox=CAR.bbox),), pass_mark=0.6)
    assert "DetScore 0.67; pass 0.60: not yet" in str(report)
    assert "also needs 80% of the objects, and 1 of 2 are found" in str(report)
    assert ">passed<" not in report.html
    counted = make((Box(id="a", label="car", bbox=CAR.bbox),), pass_mark=0.6, counted=True)
    assert "also needs 80% of the objects." in str(counted)
    assert "1 of 2" not in str(counted)


def test_too_few_pictures_have_no_interval(make):
    report = make()
    assert "2 pictures are too few for an interval" in str(report)
    assert "interval 0" not in str(report)
    assert 'class="lsr-range"' not in report.html


def test_a_full_picture_marked_done_and_empty_is_named(make, items):
    def report(**state):
        return feedback.report(
            score_boxes(TRUTH, {}, classes=CLASSES),
            guideline=GUIDELINE,
            truth=TRUTH,
            answers={item.item: ItemAnswer(item=item.item, **state) for item in TRUTH},
            items=items,
            pass_mark=0.7,
            counted=False,
        )

    said = "Picture 1 of 2: you marked it done without a box; it holds 2."
    assert said in str(report(done=True))
    assert "Picture 2" not in str(report(done=True))
    assert said not in str(report(done=False))


def test_the_style_stays_inside_the_report(make):
    style = re.search(r"<style>(.*?)</style>", make().html, re.DOTALL).group(1)
    selectors = re.findall(r"([^{}]+)\{", style.replace("@media (max-width:480px){", ""))
    assert all(part.strip().startswith(".lsr-report") for part in selectors)
