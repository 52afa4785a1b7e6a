"""The medical phantom sets: sizes in mm, edge cases, readers, nuclei, headers and DICOM files."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from scipy import ndimage
from scipy.spatial.distance import pdist
from skimage.draw import polygon2mask

from labelschool import datasets
from labelschool.model import decode_mask

ROOT = Path(__file__).resolve().parents[2] / "datasets"
NOTICE = "synthetic phantom, not a patient"
LUNG_POOLS = {"practice": 8, "counted": 28, "exam": 12}
NUCLEI_POOLS = {"practice": 4, "counted": 4, "exam": 4}
HEADER_POOLS = {"practice": 4, "counted": 12}
PICTURE_POOLS = {"practice_pictures": 2, "counted_pictures": 6}
OUTSIDE, LUNG, VESSEL = 0, 1, 2
NEEDED = {
    "Modality", "SliceThickness", "PixelSpacing", "Rows", "Columns",
    "RescaleSlope", "RescaleIntercept",
}  # fmt: skip


def pairs(name, pools):
    """Item and truth of every pool, as test parameters."""
    return [
        pytest.param(item, truth, id=item.name)
        for pool in pools
        for item, truth in zip(datasets.items(name, pool), datasets.truth(name, pool), strict=True)
    ]


SLICES = pairs("lung_lite", LUNG_POOLS)
FIELDS = pairs("nuclei12", NUCLEI_POOLS)
CARDS = pairs("dicomish", HEADER_POOLS)
CAPTURES = pairs("dicomish", PICTURE_POOLS)
READINGS = [parameter.values[1] for parameter in SLICES]


def grey(path):
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "L"
        return np.asarray(picture)


def hounsfield(item):
    return grey(item.image).astype(float) * 8 - 1024


def tissues(truth):
    return grey(ROOT / "lung_lite" / truth.tissues)


def rim(mask):
    return ndimage.binary_dilation(mask, np.ones((3, 3))) & ~mask


def axis_bounds(mask, spacing):
    """Least and greatest long axis in mm of an outline with these pixels."""
    rows, columns = np.nonzero(mask)
    centers = np.stack([columns, rows], axis=1).astype(float)
    corners = np.concatenate([centers + np.array((x, y)) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    return pdist(centers).max() * spacing, pdist(corners).max() * spacing


def measured_axis(lesion, spacing):
    return float(np.mean(axis_bounds(decode_mask(lesion.rle), spacing)))


def contrast(item, truth, lesion):
    """HU of a lesion above the lung on the second ring around it."""
    mask = decode_mask(lesion.rle)
    around = rim(mask | rim(mask)) & (tissues(truth) == LUNG)
    values = hounsfield(item)
    return values[mask].mean() - values[around].mean()


def found_by(lesion, marks, spacing):
    reach = max(lesion.long_axis / 2 / spacing, 3)
    return [mark for mark in marks if np.hypot(*np.subtract(mark.center, lesion.center)) <= reach]


def every_lesion():
    return [(truth, lesion) for truth in READINGS for lesion in truth.lesions]


# Every set --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pools"),
    [
        ("lung_lite", LUNG_POOLS),
        ("nuclei12", NUCLEI_POOLS),
        ("dicomish", HEADER_POOLS | PICTURE_POOLS),
    ],
)
def test_pools_have_their_size_and_files_are_as_shipped(name, pools):
    assert {pool: len(datasets.items(name, pool)) for pool in pools} == pools
    assert datasets.verify(name) == []


@pytest.mark.parametrize("name", ["lung_lite", "nuclei12", "dicomish"])
def test_no_picture_goes_without_the_notice(name):
    pictures = sorted((ROOT / name).rglob("*.png"))
    assert pictures
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.text["Description"] == NOTICE, path
            if path.parent.name != "tissues":
                corner = np.asarray(picture)[-22:, :175]
                assert np.count_nonzero(corner >= 90) > 120, path


@pytest.mark.parametrize(
    ("name", "pools"),
    [
        ("lung_lite", {pool: (pool,) for pool in LUNG_POOLS}),
        ("nuclei12", {pool: (pool,) for pool in NUCLEI_POOLS}),
        (
            "dicomish",
            {pool: (pool, f"{pool}_pictures") for pool in HEADER_POOLS},
        ),
    ],
)
def test_nobody_is_in_two_pools(name, pools):
    scenes = {
        pool: {truth.scene for part in parts for truth in datasets.truth(name, part)}
        for pool, parts in pools.items()
    }
    for one, other in combinations(scenes, 2):
        assert not scenes[one] & scenes[other]


# Chest slices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "truth"), SLICES)
def test_a_slice_has_its_files_and_its_spacing(item, truth):
    assert grey(item.image).shape == (384, 384) == (item.height, item.width)
    assert tissues(truth).shape == (384, 384)
    assert set(np.unique(tissues(truth))) <= set(range(5))
    assert [grey(path).shape for path in item.neighbours] == [(192, 192)] * 2
    assert item.spacing == truth.spacing
    with Image.open(item.image) as picture:
        assert picture.text["Spacing"] == f"{item.spacing} mm per pixel"


@pytest.mark.parametrize(("item", "truth"), SLICES)
def test_lesions_lie_apart_in_the_lung_and_can_be_seen(item, truth):
    taken = np.zeros((384, 384), bool)
    for lesion in truth.lesions:
        mask = decode_mask(lesion.rle)
        assert mask.shape == taken.shape
        assert not (taken & ndimage.binary_dilation(mask, iterations=3)).any()
        taken |= mask
        assert mask[int(lesion.center[1]), int(lesion.center[0])]
        if lesion.label != "non_nodule":
            assert (tissues(truth)[mask] != OUTSIDE).all()
            assert contrast(item, truth, lesion) > 80


@pytest.mark.parametrize(("item", "truth"), SLICES)
def test_the_long_axis_in_mm_fits_the_pixels_and_decides_the_label(item, truth):
    for lesion in truth.lesions:
        low, high = axis_bounds(decode_mask(lesion.rle), item.spacing)
        tip = item.spacing if lesion.label == "non_nodule" else 0.01
        assert low - 0.01 <= lesion.long_axis <= high + tip
        if lesion.label != "non_nodule":
            assert lesion.label == ("nodule" if lesion.long_axis >= 3 else "small_nodule")
            assert lesion.label == ("nodule" if (low + high) / 2 >= 3 else "small_nodule")
        else:
            assert lesion.long_axis >= 3


@pytest.mark.parametrize(("item", "truth"), SLICES)
def test_tags_of_lesions_follow_from_the_pixels(item, truth):
    for lesion in truth.lesions:
        mask, nodule = decode_mask(lesion.rle), lesion.label != "non_nodule"
        contact = np.count_nonzero(tissues(truth)[rim(mask)] == VESSEL)
        expected = {
            "touching_vessel": nodule and contact >= 4,
            "low_contrast": lesion.texture == "ground_glass"
            and contrast(item, truth, lesion) < 300,
            "near_3_mm": 2.8 <= lesion.long_axis <= 3.2,
            "calcified": lesion.texture == "calcified",
            "non_nodule": not nodule,
        }
        assert set(lesion.edge_cases) == {tag for tag, holds in expected.items() if holds}
        if lesion.texture == "calcified":
            assert hounsfield(item)[mask].max() > 350


@pytest.mark.parametrize(("item", "truth"), SLICES)
def test_2_8_and_3_2_mm_can_be_told_apart(item, truth):
    if any("near_3_mm" in lesion.edge_cases for lesion in truth.lesions):
        assert item.spacing <= 0.35


def test_edge_cases_of_the_slices_occur_often_enough():
    counts = Counter(case for truth in READINGS for case in truth.edge_cases)
    counts.update(case for _, lesion in every_lesion() for case in lesion.edge_cases)
    least = {
        "touching_vessel": 6, "low_contrast": 6, "near_3_mm": 8, "calcified": 3,
        "artefact": 4, "none": 4, "non_nodule": 6,
    }  # fmt: skip
    assert {case: counts[case] for case, number in least.items() if counts[case] < number} == {}
    assert counts["none"] == sum(not truth.lesions for truth in READINGS)
    sides = Counter(
        measured_axis(lesion, truth.spacing) >= 3
        for truth, lesion in every_lesion()
        if "near_3_mm" in lesion.edge_cases
    )
    assert min(sides[True], sides[False]) >= 4


def test_each_part_of_the_set_has_what_a_learner_must_meet():
    parts = defaultdict(set)
    for pool in LUNG_POOLS:
        truths = datasets.truth("lung_lite", pool)
        for item, truth in zip(datasets.items("lung_lite", pool), truths, strict=True):
            parts[item.batch or pool] |= set(truth.edge_cases)
            parts[item.batch or pool].update(*(lesion.edge_cases for lesion in truth.lesions))
    assert set(parts) == {"practice", "exercise", "assignment", "exam"}
    for part, cases in parts.items():
        missing = {"touching_vessel", "near_3_mm", "calcified", "artefact", "none"} - cases
        assert missing == set(), part
    batches = Counter(item.batch for item in datasets.items("lung_lite", "counted"))
    assert batches == {"exercise": 16, "assignment": 12}


def test_small_nodules_are_gone_in_the_neighbouring_slices():
    gone = []
    for parameter in SLICES:
        item, truth = parameter.values
        for lesion in truth.lesions:
            if lesion.label == "non_nodule" or lesion.long_axis > 5 or lesion.edge_cases == ():
                continue
            column, row = (int(place / 2) for place in lesion.center)
            for path in item.neighbours:
                around = grey(path)[row - 1 : row + 2, column - 1 : column + 2]
                gone.append(around.mean() * 8 - 1024 < -600)
    assert len(gone) >= 20
    assert np.mean(gone) >= 0.75


def test_metal_leaves_streaks_and_motion_leaves_shadows():
    spread = defaultdict(list)
    for parameter in SLICES:
        item, truth = parameter.values
        values = hounsfield(item)
        if item.spacing > 0.5:
            kind = next(
                (case for case in truth.edge_cases if case in ("metal_streak", "motion")), ""
            )
            body = ndimage.binary_erosion(tissues(truth) == LUNG, iterations=5)
            spread[kind].append(np.percentile(values[body], 1))
    assert min(map(len, spread.values())) >= 2
    assert np.mean(spread["motion"]) < np.mean(spread[""])
    assert np.mean(spread["metal_streak"]) < np.mean(spread[""])


# Readers ----------------------------------------------------------------------------------------


def test_marks_follow_the_guideline():
    for truth in READINGS:
        assert set(truth.readers) == {"A", "B", "C", "D"}
        for marks in truth.readers.values():
            assert len({mark.id for mark in marks}) == len(marks)
            for mark in marks:
                assert (mark.label == "nodule") == bool(mark.outline)
                assert (mark.label == "nodule") == (mark.long_axis is not None)
                assert mark.long_axis is None or mark.long_axis >= 3
                if mark.outline:
                    drawn = pdist(np.array(mark.outline)).max() * truth.spacing
                    assert drawn == pytest.approx(mark.long_axis, abs=0.2)
                assert mark.ms > 0
                assert all(0 <= place <= 384 for place in mark.center)


def test_about_a_third_of_the_nodules_seen_is_seen_by_all_four():
    seen = [
        sum(bool(found_by(lesion, marks, truth.spacing)) for marks in truth.readers.values())
        for truth, lesion in every_lesion()
        if lesion.label != "non_nodule"
    ]
    anyone = [count for count in seen if count]
    assert 0.28 <= np.mean([count == 4 for count in anyone]) <= 0.40
    assert 0 in seen
    assert all(number in anyone for number in (1, 2, 3))


def test_outlines_of_two_readers_overlap_as_published():
    overlaps = []
    for truth, lesion in every_lesion():
        if lesion.label == "non_nodule":
            continue
        masks = [
            polygon2mask((384, 384), np.array(mark.outline)[:, ::-1] - 0.5)
            for marks in truth.readers.values()
            for mark in found_by(lesion, marks, truth.spacing)
            if mark.outline
        ]
        overlaps += [(a & b).sum() / (a | b).sum() for a, b in combinations(masks, 2)]
    assert len(overlaps) > 50
    assert 0.73 <= np.mean(overlaps) <= 0.81


def test_readers_also_mark_vessels_and_disagree_near_3_mm():
    invented, labels = 0, Counter()
    for truth in READINGS:
        for marks in truth.readers.values():
            real = [m for lesion in truth.lesions for m in found_by(lesion, marks, truth.spacing)]
            for mark in set(marks) - set(real):
                invented += 1
                near = ndimage.binary_dilation(tissues(truth) == VESSEL, iterations=3)
                assert near[int(mark.center[1]), int(mark.center[0])]
        for lesion in truth.lesions:
            if "near_3_mm" in lesion.edge_cases:
                for marks in truth.readers.values():
                    for mark in found_by(lesion, marks, truth.spacing):
                        labels[mark.label == lesion.label] += 1
    assert 8 <= invented <= 48
    assert labels[True] > labels[False] > 0


def test_the_tag_for_a_missed_nodule_is_true():
    for truth in READINGS:
        seen = [
            sum(bool(found_by(lesion, marks, truth.spacing)) for marks in truth.readers.values())
            for lesion in truth.lesions
            if lesion.label != "non_nodule"
        ]
        assert ("majority_misses" in truth.edge_cases) == any(count <= 1 for count in seen)
    assert sum("majority_misses" in truth.edge_cases for truth in READINGS) >= 6


# Nuclei -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "truth"), FIELDS)
def test_nuclei_are_whole_apart_and_touch(item, truth):
    assert grey(item.image).shape == (512, 512)
    labels = np.zeros((512, 512), int)
    for nucleus in truth.objects:
        mask = decode_mask(nucleus.rle)
        assert not labels[mask].any()
        labels[mask] = nucleus.id
        assert int(mask.sum()) == nucleus.area
        rows, columns = np.nonzero(mask)
        x, y, width, height = nucleus.bbox
        assert (columns.min(), rows.min()) == (x, y)
        assert (columns.max() + 1, rows.max() + 1) == (x + width, y + height)
        assert ndimage.label(mask)[1] == nucleus.parts == 1
        assert (nucleus.level == "must") == (nucleus.area >= 60)
    touching = {nucleus.id for nucleus in truth.objects if labels[rim(labels == nucleus.id)].any()}
    assert touching == {n.id for n in truth.objects if "touching" in n.edge_cases}
    assert 55 <= len(touching) <= 80


@pytest.mark.parametrize(("item", "truth"), FIELDS)
def test_nuclei_glow_on_a_dark_ground(item, truth):
    values = grey(item.image).astype(float)
    masks = sum(decode_mask(nucleus.rle).astype(int) for nucleus in truth.objects)
    assert values[masks > 0].mean() > 2 * values[masks == 0].mean()


# Headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "truth"), CARDS)
def test_spans_are_in_their_field_and_every_field_has_a_choice(item, truth):
    for span in truth.spans:
        assert item.fields[span.field][span.start : span.end] == span.text
    assert set(truth.choices) == set(item.fields)
    personal = {span.field for span in truth.spans}
    for field, accepted in truth.choices.items():
        assert set(accepted) <= {"keep", "drop", "replace"}
        assert ("keep" in accepted) == (field not in personal and not field.startswith("("))
    assert {field for field, accepted in truth.choices.items() if accepted == ("keep",)} >= NEEDED


def test_nothing_personal_is_left_outside_the_spans():
    words = {
        span.text.lower()
        for parameter in CARDS
        for span in parameter.values[1].spans
        if span.label in {"name", "id_number", "birth_date", "institution", "contact", "device_id"}
    }
    words |= {part for word in words if "^" in word for part in word.split("^")}
    for parameter in CARDS:
        item, truth = parameter.values
        for field, value in item.fields.items():
            rest = list(value.lower())
            for span in truth.spans:
                if span.field == field:
                    rest[span.start : span.end] = "\0" * (span.end - span.start)
            assert [word for word in words if word in "".join(rest)] == [], (item.name, field)


def test_edge_cases_of_the_headers_occur_often_enough():
    truths = datasets.truth("dicomish", "counted")
    counts = Counter(case for truth in truths for case in truth.edge_cases)
    least = {"free_text": 4, "private_tag": 3, "dates": 12, "file_name": 2, "needed_tag": 6}
    assert {case: counts[case] for case, number in least.items() if counts[case] < number} == {}
    for truth in truths:
        fields = {span.field for span in truth.spans}
        assert ("file_name" in truth.edge_cases) == ("FileName" in fields)
        assert ("over_89" in truth.edge_cases) == ("PatientAge" in fields)
        assert ("private_tag" in truth.edge_cases) == any(f.startswith("(") for f in truth.choices)


def test_every_patient_has_several_dates_to_shift_alike():
    days = defaultdict(set)
    for parameter in CARDS:
        _, truth = parameter.values
        days[truth.scene] |= {span.text for span in truth.spans if span.label == "date"}
    assert len(days) == 7
    assert all(len(found) >= 2 for found in days.values())
    assert max(len(found) for found in days.values()) >= 4


@pytest.mark.parametrize(("item", "truth"), CARDS)
def test_the_dicom_file_holds_the_header_and_what_must_stay(item, truth):
    dataset = pydicom.dcmread(ROOT / "dicomish" / "files" / item.fields["FileName"])
    for field, value in item.fields.items():
        if field == "FileName":
            continue
        if field.startswith("("):
            group, element = (int(part, 16) for part in field.strip("()").split(","))
            block = dataset.private_block(group, "TARNWORKS")
            assert block[element & 0xFF].value == value
        else:
            stored = dataset[field].value
            parts = stored if field == "PixelSpacing" else [stored]
            assert "\\".join(map(str, parts)) == value, field
    assert dataset.SOPClassUID.name == "CT Image Storage"
    assert dataset.BitsStored == 12
    assert dataset.DerivationDescription == NOTICE
    values = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
    assert values.shape == (128, 128)
    assert values.min() < -900
    assert values.max() > 400
    personal = {span.text for span in truth.spans if len(span.text) > 4}
    for element in dataset:
        name = element.keyword or f"({element.tag.group:04X},{element.tag.element:04X})"
        if name not in item.fields and name != "PixelData":
            assert not any(word in str(element.value) for word in personal), name


@pytest.mark.parametrize(("item", "truth"), CAPTURES)
def test_boxes_hold_burned_in_ink_that_the_file_shows_too(item, truth):
    values = grey(item.image)
    assert truth.objects
    for box in truth.objects:
        x, y, width, height = map(int, box.bbox)
        inside = values[y : y + height, x : x + width]
        assert inside.shape == (height, width)
        ink = 118 if "faint" in box.edge_cases else 235
        written = inside >= ink
        assert box.area <= np.count_nonzero(written)
        assert written.any(axis=0)[[0, -1]].all()
        assert written.any(axis=1)[[0, -1]].all()
    dataset = pydicom.dcmread(ROOT / "dicomish" / "files" / f"{item.name}.dcm")
    assert dataset.SOPClassUID.name == "Secondary Capture Image Storage"
    assert np.array_equal(dataset.pixel_array, values)
    assert dataset.BurnedInAnnotation == "NO"


def test_every_dicom_file_belongs_to_an_item():
    named = {parameter.values[0].fields["FileName"] for parameter in CARDS}
    named |= {f"{parameter.values[0].name}.dcm" for parameter in CAPTURES}
    assert {path.name for path in (ROOT / "dicomish" / "files").iterdir()} == named
