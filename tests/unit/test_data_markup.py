"""The markup of text sources: marked words come back as spans, and a mistake says where it is."""

import importlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "datasets"
HEAD = """
guideline: null
modality: {modality}
motivation: m
making: m
gaps: g
pools:
"""


@pytest.fixture(scope="module")
def texts():
    """The builder of text sets, imported as the build command does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))
        yield importlib.import_module("texts")


WORDS = st.text(
    st.one_of(
        st.sampled_from("[]\\|#/+ab é̈🚲👩🏽\u200d\u0301אش"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=12,
)
SPAN_WORDS = WORDS.filter(lambda words: words == words.strip())
LABELS = st.lists(
    st.sampled_from(["PER", "ORG", "id_number", "not-in-source"]),
    min_size=1,
    max_size=3,
    unique=True,
)
HEADS = st.tuples(
    LABELS,
    st.sampled_from([None, "minor", "major", "neutral"]),
    st.lists(st.sampled_from(["first", "nested", "offset_trap"]), max_size=2, unique=True),
)
INNER = st.one_of(WORDS, st.tuples(HEADS, SPAN_WORDS))
OUTER = st.tuples(HEADS, st.lists(INNER, min_size=1, max_size=3))


def escaped(words):
    return "".join(f"\\{letter}" if letter in "[]\\" else letter for letter in words)


def opening(head):
    labels, severity, cases = head
    end = f"#{','.join(cases)}" if cases else ""
    return f"[[{'+'.join(labels)}{f'/{severity}' if severity else ''}{end}|"


def render(pieces, layer=1):
    """(marked text, plain text, expected spans relative to the start) of a tree of pieces."""
    marked, plain, spans = "", "", []
    for piece in pieces:
        if isinstance(piece, str):
            marked, plain = marked + escaped(piece), plain + piece
            continue
        head, inside = piece
        parts = [inside] if isinstance(inside, str) else inside
        inner_marked, inner_plain, inner_spans = render(parts, layer + 1)
        spans.append((len(plain), inner_plain, layer, head))
        spans += [(len(plain) + start, *rest) for start, *rest in inner_spans]
        marked, plain = marked + f"{opening(head)}{inner_marked}]]", plain + inner_plain
    return marked, plain, spans


def is_clean(piece):
    if isinstance(piece, str):
        return True
    words = render(piece[1])[1]
    return words == words.strip()


@given(pieces=st.lists(st.one_of(WORDS, OUTER.filter(is_clean)), max_size=5))
def test_marked_spans_come_back(texts, pieces):
    marked, plain, expected = render(pieces)
    found_plain, found = texts.parse(marked, "field")
    assert found_plain == plain
    got = [
        (
            span.start,
            span.text,
            span.layer,
            ([span.label, *span.accepted], span.severity, list(span.edge_cases)),
        )
        for span in found
    ]
    assert sorted(got, key=repr) == sorted(expected, key=repr)
    for span in found:
        assert plain[span.start : span.end] == span.text
        assert span.field == "field"


@given(words=WORDS)
def test_escaped_text_has_no_spans(texts, words):
    assert texts.parse(escaped(words)) == (words, ())


def test_offsets_count_code_points(texts):
    plain, (bicycle, town) = texts.parse("🚲 [[ORG|Café\u0301 👩🏽‍🔧]] in [[LOC|Tarn]]")
    assert plain[bicycle.start : bicycle.end] == "Café\u0301 👩🏽‍🔧"
    assert (bicycle.start, bicycle.end) == (2, 12)
    assert town.start == 16


def test_a_backslash_keeps_brackets_plain(texts):
    assert texts.parse(r"see \[[1\]] in C:\files") == (r"see [[1]] in C:\files", ())


@pytest.mark.parametrize(
    ("marked", "says"),
    [
        ("[[PER|Mira", "never closed"),
        ("Mira]] said", "closes nothing"),
        ("[[Mira]]", "no label"),
        ("[[PER|]]", "empty or ragged"),
        ("[[PER|Mira ]]said", "empty or ragged"),
        ("[[A|a [[B|b [[C|c]]]]]]", "deeper than 2"),
    ],
)
def test_wrong_markup_is_told(texts, marked, says):
    with pytest.raises(texts.SourceMistake, match=says):
        texts.parse(marked)


def compiled(texts, tmp_path, modality, pools):
    path = tmp_path / "demo.yml"
    path.write_text(HEAD.format(modality=modality) + pools, encoding="utf-8")
    return texts.compile_pools("demo", texts.read_source(path))


def test_a_text_source_becomes_items_and_truth(texts, tmp_path):
    pools = compiled(
        texts,
        tmp_path,
        "text",
        """
  exam:
    - {scene: b, text: "On 2031-05-04", choices: {pii: [no], priority: [2, 3]}}
  practice:
    - scene: a
      text: "[[LOC#metonymy|Tarn]] agreed."
      cases: [title]
""",
    )
    assert pools["practice"].items == [{"item": "demo-001", "text": "Tarn agreed."}]
    (first,) = pools["practice"].truth
    assert first.edge_cases == ("metonymy", "title")
    assert first.spans[0].edge_cases == ("metonymy",)
    (second,) = pools["exam"].truth
    assert second.item == "demo-002"
    assert second.choices == {"pii": ("no",), "priority": ("2", "3")}


PAIR = """
  counted:
    - scene: tea
      fields: {prompt: p, a: one, b: two}
      panel: [{step: -2, rationale: r}]
    - scene: tea
      control_of: tea
"""


def test_a_control_names_the_item_it_swaps(texts, tmp_path):
    swapped = (
        PAIR + "      fields: {prompt: p, a: two, b: one}\n      panel: [{step: 2, rationale: r}]"
    )
    pools = compiled(texts, tmp_path, "preference", swapped)
    assert [entry.control_of for entry in pools["counted"].truth] == [None, "demo-001"]


@pytest.mark.parametrize(
    ("modality", "pools", "says"),
    [
        (
            "preference",
            PAIR + "      fields: {prompt: p, a: one, b: two}\n      panel: []",
            "demo, counted, demo-002: .*swapped",
        ),
        (
            "text",
            "  counted: [{scene: a, text: x}]\n  exam: [{scene: a, text: y}]",
            "demo, exam, demo-002: the scene 'a' is also in the pool counted",
        ),
        ("text", "  counted: [{text: x}]", "demo, counted, demo-001: the item has no scene"),
        ("text", "  counted: [{scene: a, text: x, fields: {b: y}}]", "either a text or fields"),
        ("text", "  counted: [{scene: a, fields: {b: 3}}]", "b is not text"),
        ("text", "  counted: [{scene: a, text: x, order: [[b]]}]", "no key 'order'"),
        ("text", "  counted: [{scene: a, text: x, choices: {pii: yes}}]", "a list of accepted"),
        ("text", "  counted: [{scene: a, scene: b, text: x}]", "the key 'scene' is twice"),
        ("preference", "  counted: [{scene: a, text: '[[A|x]]', panel: []}]", "demo-001: spans"),
        ("ranking", "  counted: [{scene: a, text: x, order: b}]", "demo-001: order"),
        ("text", "  other: [{scene: a, text: x}]", "unknown pool: other"),
    ],
)
def test_a_mistake_in_a_source_is_one_sentence(texts, tmp_path, modality, pools, says):
    with pytest.raises(texts.SourceMistake, match=says) as caught:
        compiled(texts, tmp_path, modality, pools)
    assert "\n" not in str(caught.value)


def test_a_missing_source_is_one_sentence(texts):
    with pytest.raises(SystemExit, match=r"^there is no text source nothing\.yml$"):
        texts.build("nothing")


def test_the_datasheet_leaves_out_answers_that_mostly_differ(texts, tmp_path, monkeypatch):
    rows = "\n".join(
        f"    - {{scene: s{pay}, text: x, choices: {{pay: [{pay}], unit: [day]}}}}"
        for pay in range(4)
    )
    source = HEAD.format(modality="text") + f"  counted:\n{rows}"
    (tmp_path / "demo.yml").write_text(source, encoding="utf-8")
    monkeypatch.setattr(texts, "SOURCES", tmp_path)
    monkeypatch.setattr(importlib.import_module("common"), "DATASETS", tmp_path)
    texts.build("demo")
    sheet = (tmp_path / "demo" / "datasheet.md").read_text(encoding="utf-8")
    assert "| unit | day 4 |" in sheet
    assert "pay" not in sheet
