"""The kernel's half of the span annotator, and that the browser counts characters alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from labelschool.answers import AnswerFile
from labelschool.model import ItemAnswer, Relation, Span
from labelschool.widgets import Item, SpanAnnotator

CORE = Path(__file__).parents[2] / "labelschool" / "widgets" / "js" / "core" / "text.js"

IN_JAVASCRIPT = """
import { createInterface } from "node:readline";
import { pointsIn, Text } from %s;
for await (const line of createInterface({ input: process.stdin })) {
  const { string, start, end } = JSON.parse(line);
  const text = new Text(string);
  const range = text.trimmed(start, end);
  const word = text.wordFrom(start);
  const said = {
    length: pointsIn(string),
    slice: text.slice(start, end),
    lines: text.lines.map((one) => [one.start, one.end]),
    trimmed: range && [range.start, range.end, text.slice(start, end).trim()],
    word: word && [word.start, word.end, /[\\p{L}\\p{M}\\p{N}]+/u.exec(text.slice(start))[0]],
  };
  process.stdout.write(`${JSON.stringify(said)}\\n`);
}
"""

# Letters of every alphabet, emoji of several code points, accents of their own, line ends.
PIECES = st.sampled_from(
    (
        *("\U0001f600", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1f3\U0001f1f4"),
        *("e\u0301", "\r\n", "\n", " ", "\u00a0", "\U0001d4b3", "Sorvik", "\u0639\u0645\u0627"),
    )
)
STRINGS = st.lists(st.text(max_size=6) | PIECES, max_size=12).map("".join)

Ask = Callable[[str, int, int], dict[str, Any]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """What the browser's code says of a text and a range."""
    if shutil.which("node") is None:
        pytest.skip("no node to run the browser's code in")
    script = IN_JAVASCRIPT % json.dumps(CORE.as_uri())
    with subprocess.Popen(
        ["node", "--input-type=module", "-e", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        source, sink = process.stdout, process.stdin

        def run(string: str, start: int, end: int) -> dict[str, Any]:
            sink.write(json.dumps({"string": string, "start": start, "end": end}) + "\n")
            sink.flush()
            return json.loads(source.readline())

        yield run
        sink.close()


@given(string=STRINGS, data=st.data())
@settings(max_examples=300)
def test_offsets_of_the_browser_slice_alike_in_python(
    ask: Ask, string: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(string)))
    end = data.draw(st.integers(start, len(string)))
    said = ask(string, start, end)
    assert said["length"] == len(string)
    assert said["slice"] == string[start:end]
    lines = [string[first:last] for first, last in said["lines"]]
    assert [line.removesuffix("\n") for line in lines] == string.removesuffix("\n").split("\n")
    assert "".join(lines) == string
    for found in filter(None, (said["trimmed"], said["word"])):
        first, last, words = found
        assert string[first:last] == words
        assert start <= first


ITEM = Item(name="news", text="\U0001f600 Rene\u0301e left Cape Sund for Sorvik AS.")
MADE = (
    Span(id="a", label="PER", start=2, end=8, ms=3.5),
    Span(id="b", label="LOC", start=14, end=23, layer=2),
    Span(id="c", label="ORG", start=14, end=33, severity="major"),
    Relation(id="r", label="works_for", source="a", target="c", ms=2),
)


def test_spans_and_relations_load_again_as_they_were_saved(tmp_path: Path) -> None:
    file = AnswerFile("2.F", "practice", "G6.v1", tmp_path)
    widget = SpanAnnotator(
        title="News",
        items=[ITEM],
        answer_file=file,
        classes=["PER", "LOC"],
        relations=["works_for"],
    )
    assert widget.spec["relations"] == ["works_for"]
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    edit = {"item": "news", "annotations": [one.model_dump(mode="json") for one in MADE]}
    save = {"kind": "save", "client": "tab", "seq": 1, "base": 0, "edits": [edit], "modes": {}}
    widget._handle_custom_msg(save, [])
    assert sent[-1]["kind"] == "saved"
    assert file.read().item("news").annotations == MADE
    widget._handle_custom_msg({"kind": "hello", "client": "tab"}, [])
    assert sent[-1]["answers"]["news"]["annotations"] == edit["annotations"]


def test_a_relation_has_two_ends() -> None:
    loop = {"type": "relation", "id": "r", "label": "owns", "source": "a", "target": "a"}
    with pytest.raises(ValidationError, match="two different spans"):
        ItemAnswer.model_validate({"item": "news", "annotations": [loop]})
