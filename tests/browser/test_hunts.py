"""The hunt of exercise 1.D: a block of drawn pictures by keys, then its rows and the next block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab import Notebook, wait_until

HUNT = """
from labelschool import exercise

hunt = exercise("1.D")
hunt.annotate(1)
""".strip()
ROWS = 'rows = hunt.rows(1); print(len(rows), sum(row["seconds"] for row in rows) > 0.1)'


def test_a_block_is_hunted_by_keys_and_opens_the_next(
    notebook: Callable[..., Notebook], screenshots: Path
) -> None:
    book = notebook(HUNT, ROWS, "hunt.annotate(2)")
    annotator = book.show(0)
    annotator.screenshot(screenshots / "hunt.png")
    annotator.focus()
    for place in range(40):
        annotator.wait_ready()
        annotator.press("12"[place % 2])
    annotator.wait_saved()
    found = annotator.on_disk("answers/1.D.json")
    said = [answer["annotations"][0]["labels"] for answer in found.values()]
    assert said == [["upright"], ["tilted"]] * 20
    book.run(1)
    wait_until(lambda: "40 True" in book.output(1), 20, "no rows of the finished block")
    following = book.show(2)
    following.focus()
    following.press("1")
    following.wait_saved()
    assert len(following.on_disk("answers/1.D.json")) == 41
    assert not following.banner.is_visible()
