"""Fresh pictures out of masters: crop, mirror image and exposure drawn from a seed.

A master is a picture of twice the frame size with its id map and the full extent of every object.
A window of it, scaled to the frame, becomes a new picture; its truth is measured anew on the same
pixels, by the rules that measured the master.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelschool.datasets import registry
from labelschool.datasets.places import DataError
from labelschool.model import Decoy, FullExtent, Item, TruthBox, TruthItem, decode_mask, encode_mask

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

WIDEST = 0.9
"""A window spans from half of the master's width, which needs no scaling, to this share."""
EXPOSURE = 0.35
"""Most stops by which a picture becomes darker or lighter."""
JPEG_QUALITY = 85
TRIES = 30
LEAST_MUST, MOST_MUST = 2, 34
"""How many objects should count in a window: enough to be worth it, few enough to be done."""
DECOY_LEFT = 0.5
"""A decoy of which less than this share lies in the window is not listed."""


@dataclass(frozen=True)
class Cut:
    """A new picture with its id map and truth; the truth names no file yet."""

    picture: Image.Image
    ids: np.ndarray
    objects: tuple[TruthBox, ...]
    decoys: tuple[Decoy, ...]


@dataclass(frozen=True)
class Window:
    """Pixel centres of a frame in its master: ``left``, ``top`` and ``step`` in master px.

    ``size`` is the (width, height) of the frame in px of its own.
    """

    left: float
    top: float
    step: float
    size: tuple[int, int]
    mirrored: bool

    def columns(self) -> np.ndarray:
        """The master's column of every column of the frame."""
        import numpy as np

        across = (self.left + (np.arange(self.size[0]) + 0.5) * self.step).astype(int)
        return across[::-1] if self.mirrored else across

    def rows(self) -> np.ndarray:
        """The master's row of every row of the frame."""
        import numpy as np

        return (self.top + (np.arange(self.size[1]) + 0.5) * self.step).astype(int)

    def box(self, bbox: Sequence[float]) -> tuple[float, float, float, float]:
        """A box of the master in px of the frame, clipped to it."""
        left, right = ((x - self.left) / self.step for x in (bbox[0], bbox[0] + bbox[2]))
        top, bottom = ((y - self.top) / self.step for y in (bbox[1], bbox[1] + bbox[3]))
        if self.mirrored:
            left, right = self.size[0] - right, self.size[0] - left
        left, right = max(left, 0.0), min(right, float(self.size[0]))
        top, bottom = max(top, 0.0), min(bottom, float(self.size[1]))
        return left, top, max(right - left, 0.0), max(bottom - top, 0.0)


def cut(master: TruthItem, item: Item, ids: np.ndarray, rng: np.random.Generator) -> Cut:
    """A picture of half the master's width and height from a place that ``rng`` chooses.

    Of several windows the first with a fair number of ``must`` objects is taken, else the one that
    comes nearest to it; an empty master gives an empty picture.
    """
    wanted = min(LEAST_MUST, sum(obj.level == "must" for obj in master.objects))
    windows = []
    for _ in range(TRIES):
        window = _draw_window(master, rng)
        objects = objects_in(window, master, ids)
        must = sum(obj.level == "must" for obj in objects)
        windows.append((max(wanted - must, must - MOST_MUST, 0), window, objects))
        if windows[-1][0] == 0:
            break
    _, window, objects = min(windows, key=lambda tried: tried[0])
    return Cut(
        picture=_picture(item.image, window, rng),
        ids=ids[window.rows()][:, window.columns()],
        objects=objects,
        decoys=decoys_in(window, master),
    )


def fresh_pool(name: str, pool: str, seed: int) -> list[tuple[dict[str, Any], dict[str, Any], Cut]]:
    """New pictures in place of those of a shipped pool: (item entry, truth, cut) of each.

    Every item is replaced by a cut from a master, of the same light and weather as long as there
    are any left; batches stay as they are. The names come from the pictures, so that they tell
    nothing of the seed. Raises `DataError` where the set has no masters.
    """
    import numpy as np
    from PIL import Image

    masters = {entry.item: entry for entry in registry.truth(name, "exam", own=False)}
    items = {item.name: item for item in registry.items(name, "exam", own=False)}
    shipped = registry.truth(name, pool, own=False)
    if not all(obj.full for entry in masters.values() for obj in entry.objects):
        raise DataError(f"The exam pool of {name} has no masters to draw from.")
    rng = np.random.default_rng([seed, len(masters)])
    batches = {item.name: item.batch for item in registry.items(name, pool, own=False)}
    made = []
    for old, source in _pairs(shipped, list(masters.values()), rng):
        with Image.open(registry.file(name, source.ids)) as picture:
            ids = np.asarray(picture)
        piece = cut(source, items[source.item], ids, rng)
        height, width = piece.ids.shape
        new = f"{name}-{hashlib.sha256(piece.picture.tobytes()).hexdigest()[:8]}"
        entry = {"item": new, "image": f"images/{new}.jpg", "width": width, "height": height}
        truth = entry | {
            "ids": f"ids/{new}.png",
            "objects": piece.objects,
            "decoys": piece.decoys,
            "light": source.light,
            "weather": source.weather,
            "scene": source.scene,
            "edge_cases": _edge_cases(piece),
        }
        if batches[old.item]:
            entry["batch"] = batches[old.item]
        made.append((entry, truth, piece))
    return made


def save(folder: Path, made: Sequence[tuple[dict[str, Any], dict[str, Any], Cut]]) -> None:
    """Write pictures and id maps into ``images/`` and ``ids/`` of a set's folder, emptied first."""
    from PIL import Image

    for place in ("images", "ids"):
        shutil.rmtree(folder / place, ignore_errors=True)
        (folder / place).mkdir(parents=True)
    for entry, truth, piece in made:
        piece.picture.save(folder / entry["image"], quality=JPEG_QUALITY)
        Image.fromarray(piece.ids).save(folder / truth["ids"], optimize=True)


def _pairs(
    shipped: Sequence[TruthItem], masters: list[TruthItem], rng: np.random.Generator
) -> list[tuple[TruthItem, TruthItem]]:
    """Each shipped item with a master, none used twice before all have been used; items that find
    one of their own light and weather are served first.
    """
    chosen: dict[str, TruthItem] = {}
    while waiting := [old for old in shipped if old.item not in chosen]:
        left = [masters[index] for index in rng.permutation(len(masters))]
        for alike in (True, False):
            for old in (old for old in waiting if old.item not in chosen):
                fitting = [m for m in left if not alike or _sky(m) == _sky(old)]
                if fitting:
                    chosen[old.item] = fitting[0]
                    left.remove(fitting[0])
    return [(old, chosen[old.item]) for old in shipped]


def _sky(item: TruthItem) -> tuple[str | None, str | None]:
    return item.light, item.weather


def _draw_window(master: TruthItem, rng: np.random.Generator) -> Window:
    share = rng.uniform(0.5, WIDEST)
    size = (master.width // 2, master.height // 2)
    step = share * master.width / size[0]
    left = rng.uniform(0, master.width * (1 - share))
    top = rng.uniform(0, master.height * (1 - share))
    mirrored = bool(master.mirrorable and rng.random() < 0.5)
    return Window(float(left), float(top), float(step), size, mirrored)


def objects_in(window: Window, master: TruthItem, ids: np.ndarray) -> tuple[TruthBox, ...]:
    """The objects seen in a window, measured on its pixels.

    What is ``ignore`` stays so, and only what counts in the master for its edge case alone may
    count for it here.
    """
    import numpy as np

    from labelschool.datasets.measure import LEAST_PIXELS, MEASURED, is_must, measure

    seen = ids[window.rows()][:, window.columns()]
    found = []
    for obj in master.objects:
        visible = seen == obj.id
        if visible.sum() < LEAST_PIXELS or obj.full is None:
            continue
        full, offset = _seen_full(obj, window)
        placed = set(obj.edge_cases) - set(MEASURED)
        measured = measure(visible, full, offset, placed, obj.crowd)
        by_size = is_must(obj.occlusion, obj.bbox, False, obj.crowd)
        still = is_must(measured["occlusion"], measured["bbox"], False, obj.crowd)
        if obj.level == "ignore" or (by_size and not still):
            measured["level"] = "ignore"
        extent = FullExtent(offset=offset, rle=encode_mask(np.ascontiguousarray(full)))
        found.append(TruthBox.model_validate(dict(obj) | measured | {"full": extent}))
    return tuple(found)


def _seen_full(obj: TruthBox, window: Window) -> tuple[np.ndarray, tuple[int, int]]:
    """The full extent of an object on the window's pixel grid, continued beyond its frame."""
    import numpy as np

    whole = decode_mask(obj.full.rle)
    (x, y), (height, width) = obj.full.offset, whole.shape
    first = int(np.floor((x - window.left) / window.step)) - 1
    last = int(np.ceil((x + width - window.left) / window.step)) + 1
    upper = int(np.floor((y - window.top) / window.step)) - 1
    lower = int(np.ceil((y + height - window.top) / window.step)) + 1
    columns = np.floor(window.left + (np.arange(first, last) + 0.5) * window.step).astype(int) - x
    rows = np.floor(window.top + (np.arange(upper, lower) + 0.5) * window.step).astype(int) - y
    mask = np.zeros((len(rows), len(columns)), bool)
    good_rows, good_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    mask[np.ix_(good_rows, good_columns)] = whole[np.ix_(rows[good_rows], columns[good_columns])]
    if window.mirrored:
        return mask[:, ::-1], (window.size[0] - last, upper)
    return mask, (first, upper)


def decoys_in(window: Window, master: TruthItem) -> tuple[Decoy, ...]:
    """The decoys of which at least half lies in a window."""
    kept = []
    for decoy in master.decoys:
        bbox = window.box(decoy.bbox)
        whole = decoy.bbox[2] * decoy.bbox[3] / window.step**2
        if bbox[2] * bbox[3] >= DECOY_LEFT * whole:
            kept.append(decoy.model_copy(update={"bbox": tuple(round(v, 1) for v in bbox)}))
    return tuple(kept)


def _picture(path: Path, window: Window, rng: np.random.Generator) -> Image.Image:
    """The window scaled to the frame and exposed anew, in linear light."""
    import numpy as np
    from PIL import Image, ImageOps

    width, height = (side * window.step for side in window.size)
    box = (window.left, window.top, window.left + width, window.top + height)
    with Image.open(path) as opened:
        picture = opened.convert("RGB").resize(window.size, Image.Resampling.BOX, box=box)
    if window.mirrored:
        picture = ImageOps.mirror(picture)
    gain = 2 ** rng.uniform(-EXPOSURE, EXPOSURE)
    tones = 255 * np.clip(gain * (np.arange(256) / 255) ** 2.2, 0, 1) ** (1 / 2.2)
    return picture.point([round(tone) for tone in tones] * 3)


def _edge_cases(piece: Cut) -> tuple[str, ...]:
    named: set[str] = {name for obj in piece.objects for name in obj.edge_cases}
    named |= {decoy.kind for decoy in piece.decoys}
    return tuple(sorted(named)) if piece.objects else tuple(sorted({*named, "empty"}))
