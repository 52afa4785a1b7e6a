"""The kernel's half of the track annotator, and that both halves move a box alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import ItemAnswer, Keyframe, Track, state_at
from labelschool.widgets import Item, TrackAnnotator

from .plain_metrics import shown

CORE = Path(__file__).parents[2] / "labelschool" / "widgets" / "js" / "core" / "tracks.js"
FRAMES = 60

IN_JAVASCRIPT = """
import { createInterface } from "node:readline";
import { stateAt } from %s;
for await (const line of createInterface({ input: process.stdin })) {
  const { track, frames } = JSON.parse(line);
  console.log(JSON.stringify(Array.from({ length: frames }, (_, n) => stateAt(track, n))));
}
"""


def sides(least: float, most: float) -> st.SearchStrategy[float]:
    """Pixels as the annotator stores them, with one decimal, and any others."""
    tenths = st.integers(int(least * 10), int(most * 10)).map(lambda value: value / 10)
    return tenths | st.floats(least, most, allow_nan=False)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """A track with keyframes at any frames."""
    frames = sorted(draw(st.sets(st.integers(0, FRAMES - 1), min_size=1, max_size=12)))
    boxes = st.tuples(sides(-50, 6000), sides(-50, 6000), sides(0.1, 900), sides(0.1, 900))
    keys = [
        Keyframe(
            frame=frame,
            bbox=draw(boxes),
            occluded=draw(st.booleans()),
            outside=draw(st.booleans()),
        )
        for frame in frames
    ]
    return Track(id="1", label="car", keyframes=tuple(keys))


@pytest.fixture(scope="module")
def browser_half() -> Iterator[Callable[[Track], list]]:
    """The states of a track at all frames, by the annotator's own JavaScript."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js to ask the browser's half")
    script = IN_JAVASCRIPT % json.dumps(CORE.as_uri())
    command = [node, "--input-type=module", "-e", script]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin
        assert process.stdout

        def ask(track: Track) -> list:
            task = {"track": track.model_dump(mode="json"), "frames": FRAMES}
            print(json.dumps(task), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@settings(max_examples=200)
@given(track=tracks())
def test_browser_and_kernel_move_a_box_alike_to_the_last_bit(
    track: Track, browser_half: Callable[[Track], list]
) -> None:
    for frame, state in enumerate(browser_half(track)):
        here = state_at(track, frame)
        assert (here and here.model_dump(mode="json")) == state


@given(track=tracks())
def test_a_track_shows_what_the_plain_metrics_see(track: Track) -> None:
    states = {frame: state_at(track, frame) for frame in range(FRAMES)}
    seen = {
        frame: state.bbox
        for frame, state in states.items()
        if state and not state.occluded and not state.outside
    }
    expected = shown(track, FRAMES)
    assert seen.keys() == expected.keys()
    for frame, box in seen.items():
        assert box == pytest.approx(expected[frame])


@given(track=tracks())
def test_a_track_loads_again_bit_for_bit(track: Track) -> None:
    answer = ItemAnswer(item="clip", annotations=(track,))
    again = ItemAnswer.model_validate_json(answer.model_dump_json())
    assert again == answer
    assert again.model_dump_json() == answer.model_dump_json()


def test_a_clip_is_sent_as_one_message(tmp_path: Path) -> None:
    paths = tuple(tmp_path / f"{number}.webp" for number in range(5))
    for number, path in enumerate(paths):
        path.write_bytes(b"frame %d" % number)
    item = Item(name="clip", frames=paths, fps=10, width=640, height=480)
    file = AnswerFile("2.E", "practice", "G4.v1", tmp_path)
    widget = TrackAnnotator(title="Tracks", items=[item], answer_file=file, classes=["car"])
    told = {"name": "clip", "frames": 5, "fps": 10, "width": 640, "height": 480}
    assert widget.spec["items"] == [told]
    sent: list = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._handle_custom_msg({"kind": "media", "item": "clip", "part": "frames"}, [])
    assert sent == [
        (
            {"kind": "media", "item": "clip", "part": "frames"},
            [b"frame %d" % number for number in range(5)],
        )
    ]


def test_an_item_without_a_clip_is_refused(tmp_path: Path) -> None:
    item = Item(name="still", image=tmp_path / "still.png", width=640, height=480)
    file = AnswerFile("2.E", "practice", "G4.v1", tmp_path)
    with pytest.raises(LabelSchoolError, match="'still' has no clip"):
        TrackAnnotator(title="Tracks", items=[item], answer_file=file, classes=["car"])


def test_a_misspelt_setting_is_told(tmp_path: Path) -> None:
    item = Item(name="clip", frames=(tmp_path / "0.webp",), width=640, height=480)
    file = AnswerFile("2.E", "practice", "G4.v1", tmp_path)
    with pytest.raises(LabelSchoolError, match="did you mean 'classes'"):
        TrackAnnotator(title="Tracks", items=[item], answer_file=file, classes=["car"], clases=[])
