# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the clips of a set: ``python render_clip.py --set clip_lite --out WORK_FOLDER``.

Per clip, in ``ITEM/``: ``000.npz`` ... (what the camera sees in a frame, cast), ``ids.npz`` (ids
of all frames, pixels of each actor's whole extent), ``shot0.npz`` ... (the empty street),
``000.png`` ... (developed frames); last, beside the folder, ``ITEM.json`` (the recipe and what the
ids mean). What is there and belongs to this very recipe is not made again. ``--ids-only`` stops
after the ids, to see what a recipe shows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import develop  # noqa: E402, F401  (loads bpy before what needs bmesh)
import kit  # noqa: E402
import library  # noqa: E402
import numpy as np  # noqa: E402
import patches  # noqa: E402
from clip_ids import Caster, Frame  # noqa: E402
from clip_scene import FPS, ClipScene, set_camera  # noqa: E402
from film import Film  # noqa: E402

WIDTH, HEIGHT = 640, 360
SAMPLES, STREET_SAMPLES = 6, 24
"""Samples per pixel of the patches and of the empty street."""


class ClipRender:
    """One clip being rendered into ``folder``."""

    def __init__(self, recipe: dict, folder: Path, out: Path, scale: float, samples: int):
        self.recipe, self.folder, self.samples = recipe, folder, samples
        scene = kit.reset_scene(round(WIDTH * scale), round(HEIGHT * scale))
        scene.render.fps = round(FPS)
        patches.prepare(scene, recipe["seed"])
        shutter = recipe.get("shutter", 0)
        scene.render.use_motion_blur = bool(shutter)
        scene.render.motion_blur_shutter = shutter or 0.5
        self.clip = ClipScene(recipe, library.load(out / "library.blend"), out / "walkers")
        self._forget_another_recipe()

    def _forget_another_recipe(self):
        """Empty the folder unless it holds this recipe."""
        note = self.folder / "recipe.json"
        if not note.exists() or json.loads(note.read_text(encoding="utf-8")) != self.recipe:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            note.write_text(json.dumps(self.recipe), encoding="utf-8")

    def caster(self, shot: int, camera: dict) -> Caster:
        """The rays of one shot; the open scene's camera becomes that of the shot."""
        set_camera(camera)
        path = self.folder / f"still{shot}.npy"
        if not path.exists():
            self.clip.hide_all()
            np.save(path, Caster().still)
        return Caster(np.load(path))

    def seen(self, caster: Caster, frame: int) -> Frame:
        """What the shot's camera sees at ``frame``, cast once and then kept."""
        path = self.folder / f"{frame:03d}.npz"
        if path.exists():
            with np.load(path) as kept:
                full = dict(zip(kept["numbers"].tolist(), kept["full"].tolist(), strict=True))
                return Frame(kept["ids"], kept["distance"].astype(float), full, kept["moving"])
        frame_seen = caster.cast(self.clip.actors, frame)
        np.savez_compressed(
            path,
            ids=frame_seen.ids,
            distance=frame_seen.distance.astype(np.float16),
            moving=frame_seen.moving,
            numbers=np.array(list(frame_seen.full)),
            full=np.array(list(frame_seen.full.values())),
        )
        return frame_seen

    def write_ids(self):
        """Ids of all frames, and for each actor the pixels of its whole extent."""
        if (self.folder / "ids.npz").exists():
            return
        frames = []
        for shot, (first, stop, camera) in enumerate(self.clip.shots()):
            caster = self.caster(shot, camera)
            frames += [self.seen(caster, frame) for frame in range(first, stop)]
        numbers = [actor.number for actor in self.clip.actors if actor.number]
        np.savez_compressed(
            self.folder / "ids.npz",
            ids=np.stack([frame.ids for frame in frames]),
            full=np.array([[frame.full[number] for number in numbers] for frame in frames]),
        )

    def street(self, shot: int) -> patches.Street:
        """The empty street of the open shot."""
        path = self.folder / f"shot{shot}.npz"
        if not path.exists():
            self.clip.hide_all()
            rendered = patches.render_street(
                self.folder / "work.exr", STREET_SAMPLES * self.samples // SAMPLES, self.samples
            )
            np.savez(path, fine=rendered.fine, coarse=rendered.coarse)
        with np.load(path) as loaded:
            return patches.Street(loaded["fine"], loaded["coarse"])

    def write_frames(self, every: int):
        """Render the frames that are missing, each ``every`` th."""
        for shot, (first, stop, camera) in enumerate(self.clip.shots()):
            wanted = [
                frame
                for frame in range(first, stop)
                if frame % every == 0 and not (self.folder / f"{frame:03d}.png").exists()
            ]
            if not wanted:
                continue
            caster, street = self.caster(shot, camera), self.street(shot)
            film = Film(street.fine, caster.still)
            for frame in wanted:
                self._write_frame(frame, caster, street, film)

    def _write_frame(self, frame: int, caster: Caster, street: patches.Street, film: Film):
        started, cpu = time.time(), sum(os.times()[:2])
        self.clip.show(frame)
        seen = self.seen(caster, frame)
        areas = patches.windows(caster, self.clip.actors, frame, self.recipe["sun"])
        work = self.folder / "work.exr"
        rendered = [(area, patches.render_patch(area, work, self.samples)) for area in areas]
        whole = patches.compose(street, rendered, seen)
        film.develop(whole, seen.distance, self.folder / f"{frame:03d}.png")
        share = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in areas) / seen.ids.size
        spent = sum(os.times()[:2]) - cpu
        print(
            f"{self.recipe['item']} {frame:03d}: {share:.0%} rendered, {spent:.1f} CPU-s, "
            f"{time.time() - started:.1f} s",
            flush=True,
        )

    def finish(self):
        """Write ``ITEM.json`` once every frame is there."""
        if all((self.folder / f"{n:03d}.png").exists() for n in range(self.recipe["frames"])):
            note = {"recipe": self.recipe, "actors": self._actors()}
            text = json.dumps(note, indent=1)
            self.folder.with_suffix(".json").write_text(text, encoding="utf-8")

    def _actors(self) -> list[dict]:
        return [
            {
                "id": actor.number,
                "label": actor.label,
                "label_changes": actor.label_changes,
                "edge_cases": actor.edge_cases,
            }
            for actor in self.clip.actors
            if actor.number
        ]


def is_finished(recipe: dict, folder: Path) -> bool:
    """True if all frames were made from this very recipe."""
    note = folder / f"{recipe['item']}.json"
    return note.exists() and json.loads(note.read_text(encoding="utf-8"))["recipe"] == recipe


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", required=True, dest="name", help="recipe file, without .toml")
    parser.add_argument("--out", required=True, type=Path, help="work folder")
    parser.add_argument("--only", action="append", help="just this item; may be repeated")
    parser.add_argument("--ids-only", action="store_true", help="no pictures")
    parser.add_argument(
        "--preview", action="store_true", help="small and coarse, every fourth frame, in preview/"
    )
    options = parser.parse_args()
    text = (HERE / "recipes" / f"{options.name}.toml").read_text(encoding="utf-8")
    folder = options.out / ("preview" if options.preview else options.name)
    if not (options.out / "library.blend").exists():
        options.out.mkdir(parents=True, exist_ok=True)
        library.build(options.out / "library.blend")
    scale, samples, every = (0.5, 2, 4) if options.preview else (1.0, SAMPLES, 1)
    for recipe in tomllib.loads(text)["clip"]:
        wanted = not options.only or recipe["item"] in options.only
        if not wanted or is_finished(recipe, folder):
            continue
        clip = ClipRender(recipe, folder / recipe["item"], options.out, scale, samples)
        clip.write_ids()
        if not options.ids_only:
            clip.write_frames(every)
            clip.finish()


if __name__ == "__main__":
    main()
