"""Small truths of every modality, made from a seed, for tests that need no pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from labelschool.model import (
    Box,
    ClipTruth,
    Item,
    Judgement,
    Keypoint,
    KeypointTruth,
    Lesion,
    MaskTruth,
    PreferenceTruth,
    ReadingTruth,
    ReviewTruth,
    SweepTruth,
    TextTruth,
    TruthCuboid,
    TruthFigure,
    TruthItem,
    TruthMask,
    TruthSpan,
    TruthState,
    TruthTrack,
    TruthVerdict,
    encode_mask,
)

STREET = ("car", "van", "truck", "bus", "person", "cyclist")
PARTS = ("mug", "scissors", "bicycle", "chair")
ENTITIES = ("PER", "ORG", "LOC", "PRODUCT", "DATE")
GRADES = ("0", "1", "2", "3")
JOINTS = (
    "nose",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
)
DIRECTIONS = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def tags(seed: int, count: int = 60) -> list[TruthItem]:
    """Crops: three quarters of one class, some of two, some unusable."""
    rng = np.random.default_rng(seed)
    sets = [(str(label),) for label in rng.choice(STREET, count)]
    sets[:: count // 9] = [("van", "truck")] * len(sets[:: count // 9])
    sets[5 :: count // 5] = [()] * len(sets[5 :: count // 5])
    return [
        TruthItem(item=f"crop-{n:03d}", image="", width=96, height=96, labels=labels)
        for n, labels in enumerate(sets)
    ]


def masks(seed: int, count: int = 16) -> list[MaskTruth]:
    """One or two blobs a picture; every third has a hole, every fourth is split by a pole."""
    rng = np.random.default_rng(seed)
    return [_mask_item(rng, n) for n in range(count)]


def _mask_item(rng: np.random.Generator, number: int) -> MaskTruth:
    objects = []
    for n in range(int(rng.integers(1, 3))):
        centre = (160 + 320 * n, 240 + rng.uniform(-40, 40))
        shape = blob(centre, rng.uniform(35, 110), (480, 640), rng)
        holes, parts = int(number % 3 == 0), 1
        if holes:
            shape &= ~blob(centre, 14, (480, 640), rng)
        if number % 4 == 1:
            shape[:, int(centre[0]) : int(centre[0]) + 8] = False
            parts = 2
        rows, columns = np.flatnonzero(shape.any(1)), np.flatnonzero(shape.any(0))
        x, y = int(columns[0]), int(rows[0])
        objects.append(
            TruthMask(
                id=n + 1,
                label=str(rng.choice(PARTS)),
                bbox=(x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y),
                area=int(shape.sum()),
                rle=encode_mask(shape),
                parts=parts,
                holes=holes,
            )
        )
    return MaskTruth(item=f"part-{number:02d}", image="", width=640, height=480, objects=objects)


def blob(
    centre: Sequence[float], radius: float, shape: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """A filled star-shaped region with a wavy edge."""
    radii = np.ones(len(DIRECTIONS))
    for wave in range(2, 6):
        radii += 0.2 / wave * rng.normal() * np.cos(wave * DIRECTIONS + rng.uniform(0, 6.28))
    radii = radius * np.clip(radii, 0.5, 1.6)
    return raster(
        centre + np.column_stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)]) * radii[:, None], shape
    )


def raster(
    outline: np.ndarray | Sequence[tuple[float, float]], shape: tuple[int, int]
) -> np.ndarray:
    """The pixels of a polygon given in px."""
    picture = Image.new("1", shape[::-1])
    ImageDraw.Draw(picture).polygon([(float(x), float(y)) for x, y in outline], fill=1)
    return np.array(picture)


def figures(seed: int, count: int = 12) -> list[KeypointTruth]:
    """Two people a picture, a large and a small one, with about a fifth of the joints hidden."""
    rng = np.random.default_rng(seed)
    return [
        KeypointTruth(
            item=f"figure-{n:02d}",
            image="",
            width=640,
            height=480,
            figures=[_figure(rng, 1, 150, 400), _figure(rng, 2, 470, rng.uniform(90, 140))],
        )
        for n in range(count)
    ]


def _figure(rng: np.random.Generator, number: int, x: float, height: float) -> TruthFigure:
    down = np.array([0.08, 0.2, 0.2, 0.36, 0.36, 0.52, 0.52, 0.74, 0.74])
    side = np.array([0, -1, 1, -1.3, 1.3, -0.7, 0.7, -0.7, 0.7]) * rng.choice([-1, 1])
    places = np.column_stack([x + side * 0.12 * height, 30 + down * height])
    places += rng.normal(0, 0.02 * height, places.shape)
    seen = np.where(rng.random(len(JOINTS)) < 0.2, 1, 2)
    return TruthFigure(
        id=number,
        bbox=(x - 0.16 * height, 30, 0.32 * height, height),
        area=int(0.2 * height**2),
        points=[
            Keypoint(name=name, x=px, y=py, visibility=int(v))
            for name, (px, py), v in zip(JOINTS, places, seen, strict=True)
        ],
    )


def clips(seed: int, count: int = 3, frames: int = 40) -> list[ClipTruth]:
    """Two objects that cross, one that is hidden for eight frames, one that leaves and returns."""
    rng = np.random.default_rng(seed)
    return [_clip(rng, n, frames) for n in range(count)]


def _clip(rng: np.random.Generator, number: int, frames: int) -> ClipTruth:
    t = np.linspace(0, 1, frames)
    y = 150 + rng.uniform(-30, 30)
    crossing = (40 + 480 * t, 520 - 480 * t)
    tracks = [
        _track(1, "car", crossing[0], y + 60 * t**2, 90 + 30 * t, 50 + 15 * t),
        _track(2, "car", crossing[1], y + 10 + 40 * t, 90 - 20 * t, 48 - 10 * t),
        _track(
            3,
            "person",
            100 + 200 * t**2,
            230 + 30 * np.sin(4 * t),
            24 + 4 * t,
            64 + 9 * t,
            hidden=range(14, 22),
        ),
        _track(4, "cyclist", 420 + 260 * np.sin(np.pi * t), 250 + 0 * t, 44 + 0 * t, 60 + 0 * t),
    ]
    return ClipTruth(
        item=f"clip-{number:02d}",
        frames=[f"frames/{n:03d}.webp" for n in range(frames)],
        width=640,
        height=360,
        fps=10,
        tracks=tracks,
    )


def _track(number, label, x, y, width, height, hidden=()) -> TruthTrack:
    states = []
    for frame, box in enumerate(zip(x, y, width, height, strict=True)):
        outside = box[0] >= 640
        bbox = None if outside or frame in hidden else (*box[:2], min(box[2], 640 - box[0]), box[3])
        states.append(
            TruthState(
                frame=frame,
                bbox=bbox and tuple(float(v) for v in bbox),
                visible=float(bbox is not None),
                outside=bool(outside),
            )
        )
    return TruthTrack(id=number, label=label, states=states)


def sweeps(seed: int, count: int = 10) -> list[SweepTruth]:
    """Cars, people and cyclists around the sensor; fewer points with distance."""
    rng = np.random.default_rng(seed)
    sizes = {"car": (4.5, 1.8, 1.5), "person": (0.6, 0.6, 1.75), "cyclist": (1.8, 0.7, 1.7)}
    sweeps = []
    for n in range(count):
        cuboids = []
        for number in range(8):
            label = str(rng.choice(list(sizes), p=[0.6, 0.25, 0.15]))
            distance, angle = rng.uniform(5, 40), rng.uniform(-np.pi, np.pi)
            size = tuple(float(v) for v in np.array(sizes[label]) * rng.uniform(0.9, 1.1))
            cuboids.append(
                TruthCuboid(
                    id=number,
                    label=label,
                    center=(distance * np.cos(angle), distance * np.sin(angle), -0.9),
                    size=size,
                    yaw=rng.uniform(-np.pi, np.pi),
                    points=max(int(6000 * size[0] * size[2] / distance**2.3), 1),
                    size_with_mirrors=(size[0], size[1] + 0.3, size[2]) if label == "car" else None,
                )
            )
        sweeps.append(SweepTruth(item=f"sweep-{n:02d}", sweep="", cuboids=cuboids))
    return sweeps


def lesion(rng: np.random.Generator, number: int, spacing: float = 0.5) -> Lesion:
    """A lesion with a long axis of 2.2 to 24 mm, log-uniform."""
    long_axis = float(np.exp(rng.uniform(np.log(2.2), np.log(24))))
    centre = tuple(rng.uniform(80, 300, 2))
    shape = blob(centre, long_axis / 2 / spacing, (384, 384), rng)
    shape[int(centre[1]), int(centre[0])] = True
    label = "small_nodule" if long_axis < 3 else "nodule"
    return Lesion(
        id=number,
        label="non_nodule" if label == "nodule" and rng.random() < 0.1 else label,
        texture=str(rng.choice(["solid", "part_solid", "ground_glass"], p=[0.55, 0.2, 0.25])),
        center=centre,
        long_axis=long_axis,
        rle=encode_mask(shape),
    )


def slices(seed: int, count: int = 28) -> list[ReadingTruth]:
    """Slices with no to three lesions."""
    rng = np.random.default_rng(seed)
    return [
        ReadingTruth(
            item=f"slice-{n:02d}",
            image="",
            width=384,
            height=384,
            spacing=0.5,
            lesions=[lesion(rng, k + 1) for k in range(int(rng.integers(0, 4)))],
            readers={},
        )
        for n in range(count)
    ]


def graded(seed: int, count: int = 60) -> list[TextTruth]:
    """Cards with a grade of relevance; a third was made for a trap."""
    rng = np.random.default_rng(seed)
    return [
        TextTruth(
            item=f"card-{n:02d}",
            choices={"relevance": (str(rng.choice(GRADES)),)},
            edge_cases=("accessory",) if n % 3 == 0 else (),
        )
        for n in range(count)
    ]


def intents(seed: int, labels: Sequence[str], count: int = 60) -> list[TextTruth]:
    """Tickets with an intent, every tenth with two that are accepted."""
    rng = np.random.default_rng(seed)
    return [
        TextTruth(
            item=f"ticket-{n:02d}",
            choices={
                "intent": tuple(map(str, rng.choice(labels, 1 + (n % 10 == 0), replace=False)))
            },
        )
        for n in range(count)
    ]


def texts(seed: int, count: int = 30) -> tuple[list[TextTruth], list[Item]]:
    """Sentences with five entities each, one of them nested, and their items."""
    rng = np.random.default_rng(seed)
    pairs = [_text(rng, n) for n in range(count)]
    return [truth for truth, _ in pairs], [item for _, item in pairs]


def _text(rng: np.random.Generator, number: int) -> tuple[TextTruth, Item]:
    name = f"{rng.choice(['Mira', 'Jon', 'Élise'])} {rng.choice(['Okonjo', 'Varga'])}"
    place = str(rng.choice(["Tarn", "Ebbik", "Østby"]))
    goods = str(rng.choice(["Lumo 3", "Kettle One"]))
    parts: list[tuple[str, str | None, tuple[str, ...]]] = [
        ("Dr ", None, ()),
        (name, "PER", ("title",)),
        (" of the ", None, ()),
        (f"University of {place}", "ORG", ()),
        (" said ", None, ()),
        (str(rng.choice(["on Tuesday", "in March 2031"])), "DATE", ()),
        (" that \u201c", None, ()),
        (place, "ORG", ("metonymy",)),
        ("\u201d won't buy the \U0001f4e6 ", None, ()),
        (goods, "PRODUCT", ()),
        (" for its labs.", None, ()),
    ]
    text, spans = "", []
    for words, label, cases in parts:
        if label:
            spans.append(_span(len(text), words, label, edge_cases=cases))
            if words.startswith("University"):
                start = len(text) + len("University of ")
                spans.append(_span(start, place, "LOC", layer=2, edge_cases=("nested",)))
        text += words
    name = f"text-{number:02d}"
    return TextTruth(item=name, spans=spans), Item(name=name, text=text)


def _span(start: int, words: str, label: str, **more) -> TruthSpan:
    return TruthSpan(start=start, end=start + len(words), label=label, text=words, **more)


def pairs(seed: int, count: int = 24) -> list[PreferenceTruth]:
    """Pairs with a panel of five who differ by a step; every eighth is shown again, swapped."""
    rng = np.random.default_rng(seed)
    made: list[PreferenceTruth] = []
    for n in range(count):
        if n % 8 == 7:
            first = made[n - 5]
            panel = [
                judgement.model_copy(
                    update={
                        "step": -judgement.step,
                        "criteria": {k: -v for k, v in judgement.criteria.items()},
                    }
                )
                for judgement in first.panel
            ]
            made.append(
                PreferenceTruth(
                    item=f"pair-{n:02d}",
                    panel=panel,
                    control_of=first.item,
                    edge_cases=("swapped_control",),
                )
            )
            continue
        better = 0.0 if n % 6 == 0 else rng.choice([-1, 1]) * rng.uniform(0.7, 2.6)
        steps = np.clip(np.rint(better + rng.normal(0, 0.7, 5)), -3, 3).astype(int)
        cases = ("tie",) if n % 6 == 0 else ("length_trap",) if n % 4 == 1 else ()
        made.append(
            PreferenceTruth(
                item=f"pair-{n:02d}",
                panel=[
                    Judgement(step=int(s), criteria={"correctness": int(s)}, rationale="Rule 1.")
                    for s in steps
                ],
                edge_cases=cases,
            )
        )
    return made


def batches(seed: int, count: int = 10) -> list[ReviewTruth]:
    """Eight proposed boxes a picture, 40 % right, and often one that nobody labelled."""
    rng = np.random.default_rng(seed)
    codes = ["E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10"]
    pictures = []
    for n in range(count):
        verdicts = []
        for k in range(8):
            box = Box(id=f"p{k}", label="car", bbox=(60 * k + 10, 100, 50, 40))
            if k < 3:
                verdict = TruthVerdict(
                    target=f"p{k}",
                    decision="accept",
                    right=box,
                    edge_cases=("ugly_but_right",) if k == 0 else (),
                )
            else:
                code = str(rng.choice(codes))
                decision = "reject" if code in ("E2", "E3", "E10") else "fix"
                verdict = TruthVerdict(
                    target=f"p{k}",
                    decision=decision,
                    code=code,
                    right=box if decision == "fix" else None,
                )
            verdicts.append(verdict)
        if n % 2:
            box = Box(id="missing", label="person", bbox=(500, 200, 30, 80))
            verdicts.append(TruthVerdict(target=None, decision="fix", code="E1", right=box))
        pictures.append(ReviewTruth(item=f"batch-{n:02d}", verdicts=verdicts))
    return pictures
