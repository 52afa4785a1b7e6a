"""Medical phantom sets: chest slices with four readers, nuclei, and DICOM-like headers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import common
import numpy as np
from paths import REPOSITORY
from PIL import Image

sys.path.insert(0, str(REPOSITORY / "tools" / "phantoms"))

import headers
import nuclei
import overlays
import sheets
from cases import studies
from dicom import write_capture, write_ct
from findings import Finding
from marking import burn_notice, save_png
from shapes import Grid
from studies import CONTACT, SIZE, Study, contact, rim
from tomography import INTERCEPT, SLOPE, decode, window

from labelschool.model import (
    Lesion,
    Mark,
    MaskTruth,
    ReadingTruth,
    TextTruth,
    TruthBox,
    TruthItem,
    TruthMask,
    encode_mask,
)
from labelschool.quality.simulated import read_by_four

WORKERS = 2
LUNG_WINDOW = (-500, 1500)
NEAR_3_MM = (2.8, 3.2)
LOW_CONTRAST = 300
"""A ground-glass nodule less than so many HU above the lung around it is hard to see."""
FIRST_CT_SEED = 4401
PANEL = 29
"""Seed of the readings; with it the readers disagree as in the published blinded reads."""


def build(name: str) -> None:
    """Make ``lung_lite``, ``nuclei12`` or ``dicomish``."""
    {"lung_lite": _lung_lite, "nuclei12": _nuclei12, "dicomish": _dicomish}[name]()


# Chest slices -----------------------------------------------------------------------------------


def _lung_lite() -> None:
    folder = common.fresh_folder("lung_lite", "images", "neighbours", "tissues")
    plan = list(studies())
    jobs = [(folder, f"lung_lite-{n:03}", part, s) for n, (_, part, s) in enumerate(plan, 1)]
    with ProcessPoolExecutor(WORKERS) as workers:
        made = list(workers.map(_slice, jobs))
    for pool in dict.fromkeys(pool for pool, _, _ in plan):
        rows = [entry for entry, (of, _, _) in zip(made, plan, strict=True) if of == pool]
        items, truth = [item for item, _ in rows], [entry for _, entry in rows]
        common.write_pool(folder, pool, "readings", "G3.v1", items, truth)
    truths = [truth for _, truth in made]
    shown = [window(_grey(folder / truth.image), *LUNG_WINDOW) for truth in truths]
    _contact_sheet(folder, shown, columns=8, side=160)
    common.finish(folder, "G3.v1", sheets.lung_lite(truths))


def _slice(job: tuple[Path, str, str | None, Study]) -> tuple[dict[str, Any], ReadingTruth]:
    """Write the pictures of one slice; its entry in items.json and its truth."""
    folder, name, part, study = job
    grid, found = study.grid, study.chest.findings
    values = burn_notice(study.slice())
    picture = {"image": f"images/{name}.png", "width": SIZE, "height": SIZE}
    scale = f"HU = {SLOPE} * value - {-INTERCEPT}"
    spacing = f"{grid.spacing} mm per pixel"
    save_png(values, folder / picture["image"], Spacing=spacing, Scale=scale)
    save_png(study.tissues, folder / "tissues" / f"{name}.png")
    sides = [f"neighbours/{name}-{side}.png" for side in ("before", "after")]
    for path, pixels in zip(sides, study.neighbours(), strict=True):
        save_png(burn_notice(pixels, 8), folder / path, Scale=scale)
    lesions = [
        _lesion(number, finding, grid, _lesion_cases(finding, study, values))
        for number, finding in enumerate(found, 1)
    ]
    vessels = [
        _lesion(n, vessel, grid) for n, vessel in enumerate(study.crossings(), len(found) + 1)
    ]
    seed = study.seed * 100 + PANEL
    marks = read_by_four(lesions, seed, spacing=grid.spacing, vessels=vessels)
    item = {"item": name, "spacing": grid.spacing, "neighbours": sides} | picture
    truth = ReadingTruth(
        item=name,
        scene=f"patient-{study.seed}",
        edge_cases=_slice_cases(study, lesions, marks),
        spacing=grid.spacing,
        tissues=f"tissues/{name}.png",
        lesions=lesions,
        readers=marks,
        **picture,
    )
    return item | ({"batch": part} if part else {}), truth


def _lesion(number: int, finding: Finding, grid: Grid, cases: tuple[str, ...] = ()) -> Lesion:
    center = grid.to_pixels(np.array([finding.center[:2]]))[0]
    return Lesion(
        id=number,
        label=finding.label,
        texture=finding.texture,
        center=tuple(center.round(2).tolist()),
        long_axis=round(finding.long_axis, 2),
        rle=encode_mask(finding.mask(grid)),
        edge_cases=cases,
    )


def _lesion_cases(finding: Finding, study: Study, values: np.ndarray) -> tuple[str, ...]:
    mask = finding.mask(study.grid)
    nodule = finding.label != "non_nodule"
    return _holding(
        {
            "touching_vessel": nodule and contact(mask, study.tissues) >= CONTACT,
            "low_contrast": finding.texture == "ground_glass"
            and _contrast(mask, study, values) < LOW_CONTRAST,
            "near_3_mm": NEAR_3_MM[0] <= finding.long_axis <= NEAR_3_MM[1],
            "calcified": finding.texture == "calcified",
            "non_nodule": not nodule,
        }
    )


def _contrast(mask: np.ndarray, study: Study, values: np.ndarray) -> float:
    """How many HU a finding lies above the lung on the second ring around it."""
    around = rim(rim(mask) | mask) & (study.tissues == 1)
    return float(decode(values[mask]).mean() - decode(values[around]).mean())


def _slice_cases(
    study: Study, lesions: Sequence[Lesion], marks: dict[str, tuple[Mark, ...]]
) -> tuple[str, ...]:
    seen = [
        sum(any(_hits(mark, lesion, study.grid.spacing) for mark in own) for own in marks.values())
        for lesion in lesions
        if lesion.label != "non_nodule"
    ]
    cases = {
        "none": not lesions,
        "artefact": study.artefact is not None,
        "metal_streak": study.artefact == "metal",
        "motion": study.artefact == "motion",
        "majority_misses": any(count <= 1 for count in seen),
    }
    return _holding(cases)


def _hits(mark: Mark, lesion: Lesion, spacing: float) -> bool:
    """Whether the centre of a mark lies within the radius of a lesion, 3 px at least."""
    reach = max(lesion.long_axis / 2 / spacing, 3)
    return float(np.hypot(*np.subtract(mark.center, lesion.center))) <= reach


# Nuclei -----------------------------------------------------------------------------------------


def _nuclei12() -> None:
    folder = common.fresh_folder("nuclei12", "images")
    pictures, truths = [], []
    for pool, seeds in nuclei.POOLS.items():
        items, truth = [], []
        for seed in seeds:
            name = f"nuclei12-{len(pictures) + 1:03}"
            pixels, found = nuclei.picture(seed)
            pictures.append(burn_notice(pixels))
            picture = {"image": f"images/{name}.png", "width": nuclei.SIZE, "height": nuclei.SIZE}
            save_png(pictures[-1], folder / picture["image"])
            items.append({"item": name} | picture)
            objects = [_nucleus(number, nucleus) for number, nucleus in enumerate(found, 1)]
            truth.append(MaskTruth(item=name, scene=f"field-{seed}", objects=objects, **picture))
        common.write_pool(folder, pool, "masks", "G14.v1", items, truth)
        truths += truth
    _contact_sheet(folder, pictures, columns=4, side=256)
    common.finish(folder, "G14.v1", sheets.nuclei12(truths, nuclei.SMALLEST))


def _nucleus(number: int, nucleus: nuclei.Nucleus) -> TruthMask:
    area = int(nucleus.mask.sum())
    return TruthMask(
        id=number,
        label="nucleus",
        bbox=_bounds(nucleus.mask),
        area=area,
        rle=encode_mask(nucleus.mask),
        level="must" if area >= nuclei.SMALLEST else "ignore",
        edge_cases=nucleus.cases,
    )


# Headers and burned-in text ---------------------------------------------------------------------


def _dicomish() -> None:
    folder = common.fresh_folder("dicomish", "images", "files")
    cards, pictures, shown = [], [], []
    for pool, visits in headers.VISITS.items():
        rows = [_header(folder, len(cards) + n, visit) for n, visit in enumerate(visits, 1)]
        items, truth = [item for item, _ in rows], [entry for _, entry in rows]
        common.write_pool(folder, pool, "text", "G11.v1", items, truth)
        cards += truth
    for pool, captures in overlays.CAPTURES.items():
        items, truth = [], []
        for capture in captures:
            name = f"dicomish-{len(cards) + len(pictures) + len(truth) + 1:03}"
            pixels, entry = _capture(folder, name, capture)
            size = {"image": entry.image, "width": entry.width, "height": entry.height}
            items.append({"item": name} | size)
            truth.append(entry)
            shown.append(pixels)
        common.write_pool(folder, f"{pool}_pictures", "boxes", "G11.v1", items, truth)
        pictures += truth
    _contact_sheet(folder, shown, columns=4, side=320)
    files = len(list((folder / "files").iterdir()))
    common.finish(folder, "G11.v1", sheets.dicomish(cards, pictures, files))


def _header(folder: Path, number: int, visit: headers.Visit) -> tuple[dict[str, Any], TextTruth]:
    """Write the DICOM file of one study; its entry in items.json and its truth."""
    name = f"dicomish-{number:03}"
    marked = headers.header(visit, number)
    fields = {field: headers.plain(value) for field, value in marked.items()}
    values = Study(FIRST_CT_SEED + number, "chest").preview()
    words = "synthetic phantom,\nnot a patient"
    write_ct(burn_notice(values, 7, words), fields, folder / "files" / fields["FileName"])
    spans = [span for field, value in marked.items() for span in headers.spans(field, value)]
    truth = TextTruth(
        item=name,
        scene=visit.patient,
        edge_cases=headers.edge_cases(visit, marked),
        spans=spans,
        choices={field: headers.accepted(field, value) for field, value in marked.items()},
        note=headers.NOTE,
    )
    return {"item": name, "fields": fields}, truth


def _capture(folder: Path, name: str, capture: overlays.Capture) -> tuple[np.ndarray, TruthItem]:
    """Write one picture with burned-in text as PNG and DICOM; its pixels and its truth."""
    pixels, burned = overlays.picture(capture)
    image = f"images/{name}.png"
    save_png(pixels, folder / image)
    write_capture(pixels, overlays.cleaned(capture), folder / "files" / f"{name}.dcm")
    personal = [line for line in burned if line.line.personal]
    objects = [
        TruthBox(
            id=number,
            label="burned_in",
            bbox=line.bbox,
            amodal_bbox=line.bbox,
            area=line.area,
            edge_cases=("burned_in", *(["faint"] if line.line.ink == overlays.FAINT else [])),
        )
        for number, line in enumerate(personal, 1)
    ]
    height, width = pixels.shape
    return pixels, TruthItem(
        item=name,
        scene=capture.patient,
        edge_cases=("burned_in_picture", capture.kind),
        image=image,
        width=width,
        height=height,
        objects=objects,
    )


# Shared -----------------------------------------------------------------------------------------


def _holding(cases: dict[str, bool]) -> tuple[str, ...]:
    return tuple(case for case, holds in cases.items() if holds)


def _bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(mask)
    x, y = int(columns.min()), int(rows.min())
    return x, y, int(columns.max()) + 1 - x, int(rows.max()) + 1 - y


def _grey(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def _contact_sheet(folder: Path, pictures: Sequence[np.ndarray], columns: int, side: int) -> None:
    """All pictures in one, with the notice in its corner."""
    rows = -(-len(pictures) // columns)
    sheet = np.zeros((rows * side, columns * side), np.uint8)
    for place, pixels in enumerate(pictures):
        small = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
        top, left = place // columns * side, place % columns * side
        sheet[top : top + side, left : left + side] = np.asarray(small)
    Image.fromarray(burn_notice(sheet)).save(
        folder / common.CONTACT_SHEET, quality=82, optimize=True
    )
