"""Marking words in texts, by every input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Annotator, Lab, Notebook, open_book
from playwright.sync_api import BrowserContext

Opened = Callable[..., Notebook]

# Between the names: a pair of surrogates, an accent of its own and a Windows line end.
NEWS = "Norrbeck Wind AS paid. \U0001f600 Rene\u0301e left Cape Sund.\r\nIt rained in Sorvik."

CELL = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, Question, SpanAnnotator

NEWS = {news!r}
SpanAnnotator(
    title="Entities",
    items=[Item(name="news-1", text=NEWS), Item(name="news-2", text="Nothing here.")],
    answer_file=AnswerFile("2.F", "practice", "G6.v1"),
    classes=["PER", "ORG", "LOC"],
    relations=["works_for", "located_in"],
    rules=[(1, "PER without title.")],
)
""".strip()

CARD = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, Question, SpanAnnotator

SOURCE = "It keeps 83 % after a year. The brakes gave no trouble."
SpanAnnotator(
    title="Claims",
    items=[
        Item(name=f"claim-{n}", fields={"claim": "It held 88 %.", "source": SOURCE})
        for n in (1, 2)
    ],
    answer_file=AnswerFile("2.F", "practice", "G8.v1"),
    classes=["evidence"],
    severity=True,
    marked=["source"],
    questions=[Question(name="verdict", classes=("supported", "contradicted"))],
)
""".strip()

TWO = """
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, SpanAnnotator

SpanAnnotator(
    title="Drafts",
    items=[Item(name="news-1", fields={"brief": "Say no.", "draft": "Not now."})],
    answer_file=AnswerFile("2.F", "practice", "G9.v1"),
    classes=["accuracy", "style"],
)
""".strip()

CORNERS = """((words) => {
    const bodies = [...root.querySelectorAll(".ls-body")];
    const body = bodies.find((one) => one.textContent.includes(words));
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const start = body.textContent.indexOf(words);
    const end = start + words.length;
    for (let at = 0; walker.nextNode(); ) {
        const node = walker.currentNode;
        if (start >= at && start < at + node.length) range.setStart(node, start - at);
        at += node.length;
        if (end <= at) { range.setEnd(node, end - at + node.length); break; }
    }
    const rects = [...range.getClientRects()].filter((one) => one.width);
    const [first, last] = [rects[0], rects.at(-1)];
    return [
        [first.left + 1, first.top + first.height / 2],
        [last.right - 1, last.top + last.height / 2],
    ];
})(arg)"""


def drag_over(annotator: Annotator, words: str) -> None:
    annotator.root.locator(".ls-reader").scroll_into_view_if_needed()
    start, end = annotator.js(CORNERS, words)
    mouse = annotator.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=4)
    mouse.up()
    annotator.page.wait_for_timeout(30)


def click_on(annotator: Annotator, words: str) -> None:
    start, _ = annotator.js(CORNERS, words)
    annotator.page.mouse.click(start[0] + 2, start[1])


def spans(annotator: Annotator, item: str = "news-1", text: str = NEWS) -> list[tuple]:
    """Class, words and layer as they are on disk, the words cut out by Python."""
    return [
        (span["label"], text[span["start"] : span["end"]], span["layer"])
        for span in saved(annotator, item)
        if span["type"] == "span"
    ]


def relations(annotator: Annotator) -> list[tuple]:
    """Source, relation and target as they are on disk."""
    made = saved(annotator)
    words = {one["id"]: NEWS[one["start"] : one["end"]] for one in made if one["type"] == "span"}
    return [
        (words[one["source"]], one["label"], words[one["target"]])
        for one in made
        if one["type"] == "relation"
    ]


def saved(annotator: Annotator, item: str = "news-1") -> list[dict[str, Any]]:
    annotator.wait_saved()
    return annotator.on_disk("answers/2.F.practice.json")[item]["annotations"]


def chosen(annotator: Annotator) -> str:
    """What the open row of the list is called."""
    return annotator.root.locator(".ls-open .ls-row-name").inner_text()


def status(annotator: Annotator) -> str:
    return annotator.root.locator(".ls-status").inner_text()


def long_text() -> str:
    words = ["harbour", "of", "Sorvik", "was", "closed", "because", "nobody", "came"]
    lines = [" ".join(words[(i + j) % len(words)] for j in range(60)) for i in range(320)]
    return "\n\n".join(lines)


EVIL = "<img src=x onerror=alert(1)> & Sorvik"
CELLS = [*(CELL.format(news=text) for text in (NEWS, EVIL, long_text())), CARD, TWO]


@pytest.fixture(scope="module")
def book(lab: Lab, profile: BrowserContext) -> Iterator[Notebook]:
    with open_book(lab, profile, "spans", CELLS) as opened:
        yield opened


@pytest.fixture
def reader(book: Notebook) -> Annotator:
    return book.fresh()


def test_words_are_marked_by_dragging_and_a_number(reader: Annotator) -> None:
    drag_over(reader, "Norrbeck Wind AS")
    reader.press("2")
    drag_over(reader, " Rene\u0301e ")
    reader.press("1")
    # A class chosen first is given to what is selected next.
    reader.press("Escape", "3")
    drag_over(reader, "Cape Sund")
    drag_over(reader, "Sorvik")
    assert spans(reader) == [
        ("ORG", "Norrbeck Wind AS", 1),
        ("PER", "Rene\u0301e", 1),
        ("LOC", "Cape Sund", 1),
        ("LOC", "Sorvik", 1),
    ]
    made = saved(reader)
    assert {span["mode"] for span in made} == {"mouse"}
    assert all(span["severity"] is None and span["field"] is None for span in made)


def test_nested_and_crossing_spans_are_shown_and_reached(reader: Annotator) -> None:
    drag_over(reader, "Norrbeck Wind")
    reader.press("1")
    drag_over(reader, "Norrbeck Wind AS")
    reader.press("2")
    drag_over(reader, "AS paid")
    reader.press("3")
    assert [layer for _, _, layer in spans(reader)] == [2, 1, 1]
    tags = reader.root.locator("[data-tag]").evaluate_all("all => all.map((n) => n.dataset.tag)")
    assert tags == ["ORG", "PER", "LOC"]
    reader.press("Escape")
    for words in ("Norrbeck Wind", "Norrbeck Wind AS", "Norrbeck Wind"):
        click_on(reader, "Wind")
        assert chosen(reader) == words
    reader.press("v")
    assert chosen(reader) == "Norrbeck Wind AS"
    reader.press("Delete")
    assert [layer for _, _, layer in spans(reader)] == [1, 1]
    reader.press("Control+z")
    assert [layer for _, _, layer in spans(reader)] == [2, 1, 1]


def test_everything_by_keyboard(reader: Annotator) -> None:
    reader.focus()
    reader.press("Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "2")
    assert spans(reader) == [("ORG", "Norrbeck Wind", 1)]
    # The end moves over the space to the next word, then back by a character.
    reader.press("Control+Shift+ArrowRight", "Shift+ArrowLeft", "Shift")
    assert spans(reader) == [("ORG", "Norrbeck Wind A", 1)]
    reader.press("x", "Shift+ArrowRight", "Control+z", "Shift+ArrowRight", "3")
    assert spans(reader) == [("LOC", "Norrbeck Wind AS", 1)]
    # Over the emoji and the accent by characters: the caret comes to stand behind "AS".
    reader.press("Escape", *["ArrowRight"] * 9, *["Shift+ArrowRight"] * 5, "1")
    assert spans(reader)[1] == ("PER", "Rene\u0301e", 1)
    reader.press("r", "Shift+N", "1")
    assert relations(reader) == [("Rene\u0301e", "works_for", "Norrbeck Wind AS")]
    assert chosen(reader).count("works_for") == 1
    reader.press("2")
    assert relations(reader) == [("Rene\u0301e", "located_in", "Norrbeck Wind AS")]
    # With a span goes what relates to it.
    reader.press("n", "Delete", "Control+End", "ArrowLeft", "Control+Shift+ArrowLeft", "3")
    assert relations(reader) == []
    assert spans(reader) == [("PER", "Rene\u0301e", 1), ("LOC", "Sorvik", 1)]
    reader.press("Enter")
    reader.wait_saved()
    assert reader.on_disk("answers/2.F.practice.json")["news-1"]["done"]
    assert reader.js("s.index") == 1
    # The keys go on to work in the next text.
    reader.press("Control+Shift+ArrowRight", "1")
    assert spans(reader, "news-2", "Nothing here.") == [("PER", "Nothing", 1)]


def test_everything_by_the_list(reader: Annotator) -> None:
    reader.root.get_by_role("button", name="Add span").press("Enter")
    for name, value in [("end", "9999"), ("start", "31")]:
        field = reader.root.locator(f"input[name={name}]")
        field.fill(value)
        field.press("Tab")
    # The space at 31 is no part of a span.
    assert spans(reader) == [("PER", NEWS[32:], 1)]
    field = reader.root.locator("input[name=end]")
    assert field.input_value() == str(len(NEWS))
    field.fill("47")
    field.press("Tab")
    reader.root.get_by_label("Class", exact=True).select_option("LOC")
    assert spans(reader) == [("LOC", NEWS[32:47], 1)]
    assert reader.shapes[0]["mode"] == "list"
    reader.root.get_by_role("button", name="Delete").press("Enter")
    assert spans(reader) == []


def test_an_end_is_pulled_by_the_mouse(reader: Annotator) -> None:
    drag_over(reader, "Norrbeck")
    reader.press("2")
    grip = reader.root.locator(".ls-grip[data-edge=end]").bounding_box()
    assert grip
    _, end = reader.js(CORNERS, "Wind AS")
    mouse = reader.page.mouse
    mouse.move(grip["x"] + 3, grip["y"] + grip["height"] / 2)
    mouse.down()
    mouse.move(*end, steps=4)
    mouse.up()
    assert spans(reader) == [("ORG", "Norrbeck Wind AS", 1)]
    reader.press("Control+z")
    assert spans(reader) == [("ORG", "Norrbeck", 1)]


def test_spans_are_related_by_the_mouse(reader: Annotator, screenshots: Path) -> None:
    for words, key in [("Norrbeck Wind AS", "2"), ("Norrbeck", "3"), ("Rene\u0301e", "1")]:
        drag_over(reader, words)
        reader.press(key)
    button = reader.root.get_by_role("button", name="Relate")
    button.click()
    click_on(reader, "Wind")
    reader.root.get_by_role("button", name="works_for, key 1").click()
    assert relations(reader) == [("Rene\u0301e", "works_for", "Norrbeck Wind AS")]
    assert reader.root.locator(".ls-arcs path").count() == 1
    reader.root.screenshot(path=screenshots / "span.png")
    reader.root.get_by_role("button", name="Delete").click()
    assert relations(reader) == []
    assert len(spans(reader)) == 3
    click_on(reader, "Ren")
    button.click()
    click_on(reader, "Ren")
    reader.press("1")
    assert status(reader) == "Choose the other span"
    reader.press("Escape", "2")
    assert ("ORG", "Rene\u0301e", 1) in spans(reader)


def test_tab_goes_from_text_to_text(book: Notebook) -> None:
    reader = book.fresh(4)
    reader.focus()
    reader.press("Control+Shift+ArrowRight", "1", "Tab", "Control+Shift+ArrowRight", "2")
    reader.press("Shift+N", "Delete")
    [made] = saved(reader)
    assert (made["field"], made["start"], made["end"], made["label"]) == ("draft", 0, 3, "style")


TEXT = "root.querySelector('.ls-body').textContent"


def test_nothing_changes_the_text(reader: Annotator) -> None:
    drag_over(reader, "Norrbeck")
    reader.press("1", "j", "Space", "Control+x", "Control+v", "Control+b", "Control+a")
    assert reader.js(TEXT) == NEWS
    # What an input method or another script wrote is taken back.
    reader.js(
        """(() => {
            const body = root.querySelector(".ls-body");
            body.querySelector(".ls-mark").firstChild.data = "X";
            body.lastChild.remove();
            body.dispatchEvent(new InputEvent("input", { bubbles: true }));
        })()"""
    )
    assert reader.js(TEXT) == NEWS
    assert reader.root.locator(".ls-mark").inner_text() == "Norrbeck"
    assert spans(reader) == [("PER", "Norrbeck", 1)]


AT_RANDOM = """(() => {
    const marking = a.marking;
    let state = 7;
    const below = (most) => (state = (state * 48271) % 2147483647) % most;
    const held = () => JSON.stringify(s.answer.annotations);
    const steps = [held()];
    let recording = true;
    s.on("answers", () => recording && steps.push(held()));
    const points = [...s.item.text].length;
    for (let round = 0; round < 120; round++) {
        const ids = marking.spans.map(({ id }) => id);
        const some = ids[below(ids.length || 1)] ?? null;
        const start = below(points);
        const range = marking.reader.within({ field: null, start, end: start + 1 + below(30) });
        const label = s.spec.classes[below(3)];
        [
            () => range && marking.add(label, "mouse", range),
            () => range && marking.add(label, "mouse", range),
            () => marking.select(some),
            () => some && range && marking.change(some, range),
            () => some && marking.change(some, { label }),
            () => (marking.select(some), marking.relate(), marking.select(ids[0] ?? null),
                   marking.choose(marking.names[0], "mouse")),
            () => below(3) || marking.remove(some),
            () => marking.escape(),
        ][below(8)]();
    }
    recording = false;
    const bad = [];
    const check = (run) => (step, at) => {
        if (held() !== step) bad.push(at);
        run();
    };
    const kinds = new Set(s.answer.annotations.map(({ type }) => type));
    steps.toReversed().forEach(check(() => s.undo()));
    steps.forEach(check(() => s.redo()));
    return [steps.length, [...kinds].sort(), bad];
})()"""


def test_any_edits_are_undone_and_done_again(reader: Annotator) -> None:
    reader.focus()
    steps, kinds, bad = reader.js(AT_RANDOM)
    assert steps > 40
    assert kinds == ["relation", "span"]
    assert bad == []


def test_words_are_never_markup_and_selection_survives_a_button(book: Notebook) -> None:
    reader = book.fresh(1)
    assert reader.root.locator(".ls-body img").count() == 0
    drag_over(reader, "Sorvik")
    reader.root.get_by_role("button", name="LOC, key 3").click()
    assert spans(reader, text=EVIL) == [("LOC", "Sorvik", 1)]


def test_a_card_has_severity_evidence_and_a_verdict(book: Notebook) -> None:
    reader = book.fresh(3)
    # Nothing is marked in the claim.
    drag_over(reader, "It held")
    assert reader.shapes == []
    drag_over(reader, "keeps 83 %")
    reader.press("Enter")
    assert status(reader).endswith("press S")
    reader.press("s", "s", "Enter")
    assert status(reader).startswith("Verdict")
    reader.press("2", "Enter")
    reader.wait_saved()
    saved = reader.on_disk("answers/2.F.practice.json")["claim-1"]
    [choice] = [one for one in saved["annotations"] if one["type"] == "choice"]
    [span] = [one for one in saved["annotations"] if one["type"] == "span"]
    assert (choice["question"], choice["labels"]) == ("verdict", ["contradicted"])
    assert (span["field"], span["start"], span["end"]) == ("source", 3, 13)
    assert span["severity"] == "major"
    assert saved["done"]
    held = reader.js("s.held('claim-1').annotations")
    book.lab.restart_kernel(book.name)
    book.wait_ready()
    reader.root.evaluate("root => { root.dataset.old = '1' }")
    book.run(3)
    again = Annotator(book)
    again.wait_ready()
    assert again.js("s.held('claim-1').annotations") == held


MARK_MANY = """(() => {
    const points = [...s.item.text].length;
    const annotations = Array.from({ length: 1000 }, (_, at) => {
        const start = Math.floor((at * points) / 1000);
        const range = a.marking.reader.within({ field: null, start, end: start + 12 });
        const made = { layer: 1, severity: null, ms: 0, mode: "mouse", ...range };
        return { type: "span", id: `many-${at}`, label: s.spec.classes[at % 3], ...made };
    });
    s.commit({ annotations });
})()"""

CHANGED = """(() => {
    const seen = new MutationObserver(() => {});
    seen.observe(root.querySelector(".ls-texts"), { childList: true, subtree: true });
    const { reader } = a.marking;
    const range = reader.within({ field: null, start: 50001, end: 50040 });
    reader.select(range);
    a.marking.choose("ORG", "keyboard");
    a.marking.change(a.marking.chosen.id, { ...range, end: range.end - 6 });
    const lines = seen.takeRecords().map(({ target }) => target.closest(".ls-text-line"));
    return [
        new Set(lines.filter(Boolean)).size,
        root.querySelectorAll(".ls-text-line").length,
        getSelection().toString(),
        a.marking.reader.words(a.marking.chosen),
    ];
})()"""


IN_SIGHT = """(() => {
    a.marking.select("many-999");
    const [mark, host] = [root.querySelector("[data-id=many-999]"), a.marking.reader.host];
    const [inner, outer] = [mark, host].map((node) => node.getBoundingClientRect());
    return outer.top <= inner.top && inner.bottom <= outer.bottom;
})()"""


def test_a_long_text_is_drawn_anew_only_where_it_changed(book: Notebook) -> None:
    text = long_text()
    assert len(text) > 100_000
    reader = book.fresh(2)
    reader.js(MARK_MANY)
    reader.focus()
    changed, lines, selected, marked = reader.js(CHANGED)
    assert lines > 500
    assert 1 <= changed <= 2
    assert selected == marked
    made = spans(reader, text=text)
    assert len(made) == 1001
    assert ("ORG", marked) in [(label, words) for label, words, _ in made]
    # A chosen span is scrolled into sight.
    assert reader.js(IN_SIGHT)


def test_touch_selects_and_a_tap_on_a_class_marks(notebook: Opened) -> None:
    opened = notebook(CELL.format(news=NEWS), has_touch=True)
    reader = opened.show()
    reader.root.locator(".ls-body").tap(position={"x": 200, "y": 12})
    assert reader.root.locator(".ls-body").get_attribute("inputmode") == "none"
    # Playwright has no long press; this is the selection that one makes.
    reader.js(
        """(() => {
            const node = root.querySelector(".ls-text-line").firstChild;
            document.getSelection().setBaseAndExtent(node, 0, node, 9);
        })()"""
    )
    reader.page.wait_for_timeout(50)
    reader.root.get_by_role("button", name="ORG, key 2").tap()
    assert spans(reader) == [("ORG", "Norrbeck", 1)]
    assert reader.shapes[0]["mode"] == "touch"
    # Its end moved by the handle of the browser.
    reader.js(
        """(() => {
            const walker = document.createTreeWalker(root.querySelector(".ls-body"), 4);
            const [first, second] = [walker.nextNode(), walker.nextNode()];
            document.getSelection().setBaseAndExtent(first, 0, second, 5);
        })()"""
    )
    reader.page.wait_for_timeout(50)
    assert spans(reader) == [("ORG", "Norrbeck Wind", 1)]
