"""The weaknesses of simulated annotators of masks, keypoints, tracks, cuboids and scans."""

from itertools import chain, combinations

import numpy as np
import pytest

from labelschool.model import decode_mask
from labelschool.quality import simulated as sim
from labelschool.quality.simulated.readings import LIMIT_MM, NODULE, NON_NODULE

from . import truths
from .plain_metrics import SIGMAS, birdseye, overlap, rle_iou, shown, yaw_error
from .truths import PARTS, STREET, raster

PROFILES = ("expert", "trained", "loose", "hasty", "confuser")


def by_object(answer):
    """(item, object id) -> what was made of it first."""
    made = {}
    for item, annotations in answer.items():
        for a in annotations:
            made.setdefault((item, a.id[1:].split("-")[0]), a)
    return made


def things(pool, field):
    """(item, object id) -> what is there."""
    return {(item.item, str(t.id)): t for item in pool for t in getattr(item, field)}


# Masks ------------------------------------------------------------------------------------------


def outlined(profile, seeds, pool):
    for seed in seeds:
        yield by_object(sim.annotate_masks(pool, profile, seed, classes=PARTS))


def test_trained_masks_overlap_more_than_readings_of_scans():
    pool = truths.masks(5, 16)
    big = [key for key, obj in things(pool, "objects").items() if obj.area >= 64**2]
    ious = [
        rle_iou(first[key].rle, second[key].rle)
        for first, second in zip(
            outlined("trained", range(4), pool),
            outlined("trained", range(50, 54), pool),
            strict=True,
        )
        for key in big
        if key in first and key in second
    ]
    assert 0.92 <= np.mean(ious) <= 0.98


def test_loose_masks_are_too_large_and_holes_are_filled_by_the_careless():
    pool = truths.masks(6, 12)
    objects = things(pool, "objects")
    growth, filled = {}, {}
    for profile in ("expert", "trained", "loose", "hasty"):
        shares, holes = [], []
        for made in outlined(profile, range(2), pool):
            for key in objects.keys() & made.keys():
                drawn = decode_mask(made[key].rle)
                shares.append(drawn.sum() / objects[key].area)
                if objects[key].holes:
                    gap = ~decode_mask(objects[key].rle)
                    x, y, width, height = (int(v) for v in objects[key].bbox)
                    centre = gap & drawn
                    inner = centre[
                        y + height // 3 : y + 2 * height // 3, x + width // 3 : x + 2 * width // 3
                    ]
                    holes.append(inner.sum() > 200)
        growth[profile], filled[profile] = np.median(shares), np.mean(holes)
    assert growth["loose"] > 1.15 > 1.05 > growth["trained"] > 0.97
    assert filled["expert"] < 0.2 < 0.4 < min(filled["loose"], filled["hasty"])


def test_a_split_object_is_drawn_as_two_by_the_hasty_alone():
    pool = truths.masks(7, 12)
    pieces = {
        profile: np.mean(
            [
                sum("-" in m.id for made in answer.values() for m in made)
                for answer in (
                    sim.annotate_masks(pool, profile, seed, classes=PARTS) for seed in range(6)
                )
            ]
        )
        for profile in ("trained", "hasty")
    }
    assert pieces["hasty"] > 3 * pieces["trained"]


# Keypoints --------------------------------------------------------------------------------------


def distances(pool, profile, seeds):
    """Share of the joint's sigma by which each point seen is off, and the figure's size in px."""
    figures = things(pool, "figures")
    rows = []
    for seed in seeds:
        made = by_object(sim.annotate_keypoints(pool, profile, seed))
        for key in figures.keys() & made.keys():
            for drawn, true in zip(made[key].points, figures[key].points, strict=True):
                if true.visibility == 2:
                    off = np.hypot(drawn.x - true.x, drawn.y - true.y)
                    sigma = SIGMAS[true.name.split("_")[-1]]
                    rows.append((off, sigma, np.sqrt(figures[key].area)))
    return np.array(rows).T


def test_two_trained_people_differ_by_the_sigma_of_each_joint():
    """The median of a plane normal distance is 0.83 of its root mean square."""
    pool = truths.figures(5, 20)
    ratios = {name: [] for name in truths.JOINTS}
    for seed in range(8):
        first, second = (
            by_object(sim.annotate_keypoints(pool, "trained", s)) for s in (seed, seed + 50)
        )
        for key, figure in things(pool, "figures").items():
            if key in first and key in second:
                size = np.sqrt(figure.area)
                points = zip(first[key].points, second[key].points, figure.points, strict=True)
                for a, b, true in points:
                    if true.visibility == 2:
                        sigma = size * SIGMAS[true.name.split("_")[-1]]
                        ratios[true.name].append(np.hypot(a.x - b.x, a.y - b.y) / sigma)
    medians = [np.median(values) for values in ratios.values()]
    assert min(medians) >= 0.6
    assert max(medians) <= 0.95


def test_errors_of_keypoints_scale_with_the_figure():
    off, _, size = distances(truths.figures(5, 20), "trained", range(10))
    small, large = size < 70, size > 150
    ratio = np.median(off[large]) / np.median(off[small])
    assert ratio == pytest.approx(np.median(size[large]) / np.median(size[small]), rel=0.2)


def test_a_confuser_swaps_left_and_right_and_nothing_else():
    pool = truths.figures(5, 20)
    figures, name = things(pool, "figures"), "left_shoulder"
    swapped = {}
    for profile in ("trained", "confuser"):
        swaps = []
        for seed in range(10):
            made = by_object(sim.annotate_keypoints(pool, profile, seed))
            for key in figures.keys() & made.keys():
                places = {p.name: (p.x, p.y) for p in figures[key].points}
                drawn = {p.name: (p.x, p.y) for p in made[key].points}
                there, left, right = drawn[name], places[name], places["right_shoulder"]
                swaps.append(
                    np.hypot(*np.subtract(there, right)) < np.hypot(*np.subtract(there, left))
                )
        swapped[profile] = np.mean(swaps)
    assert swapped["trained"] < 0.1
    assert 0.6 < swapped["confuser"] < 0.9


def test_hidden_joints_are_called_seen_or_left_out_by_the_careless():
    pool = truths.figures(5, 20)
    figures = things(pool, "figures")
    wrong = {}
    for profile in ("expert", "trained", "loose", "hasty"):
        made = by_object(sim.annotate_keypoints(pool, profile, 3))
        said = [
            drawn.visibility
            for key in figures.keys() & made.keys()
            for drawn, true in zip(made[key].points, figures[key].points, strict=True)
            if true.visibility == 1
        ]
        wrong[profile] = np.mean(np.array(said) != 1)
    assert wrong["expert"] < wrong["trained"] < min(wrong["loose"], wrong["hasty"])


def test_points_not_labelled_stay_so_and_all_lie_in_the_picture():
    (pool,) = truths.figures(1, 1)
    first = pool.figures[0]
    points = [p.model_copy(update={"x": 0, "y": 0, "visibility": 0}) for p in first.points[:3]]
    figure = first.model_copy(update={"points": (*points, *first.points[3:])})
    pool = pool.model_copy(update={"figures": (figure,)})
    for profile in PROFILES:
        for made in sim.annotate_keypoints([pool], profile, 4)[pool.item]:
            for point in made.points:
                assert 0 <= point.x <= pool.width
                assert 0 <= point.y <= pool.height
                assert point.visibility or (point.x, point.y) == (0, 0)


# Tracks -----------------------------------------------------------------------------------------


def tracked(profile, seed, clip):
    return sim.annotate_tracks([clip], profile, seed, classes=STREET)[clip.item]


def followed(track, clip, frame):
    """Id of the true object on which a drawn track lies at a frame, None where on none."""
    box = shown(track, len(clip.frames)).get(frame)
    if box is None:
        return None
    middle = np.array(box[:2]) + np.array(box[2:]) / 2
    for true in clip.tracks:
        state = next((s for s in true.states if s.frame == frame and s.bbox), None)
        if state and np.all(np.abs(middle - state.bbox[:2] - np.divide(state.bbox[2:], 2)) < 15):
            return true.id
    return None


def test_identities_change_at_crossings_and_only_there():
    clip = truths.clips(2, 1)[0]
    switched = {}
    for profile in PROFILES:
        changes = []
        for seed in range(30):
            crossing = [t for t in tracked(profile, seed, clip) if t.id in ("t1", "t2")]
            changes += [followed(t, clip, 4) != followed(t, clip, 36) for t in crossing]
        switched[profile] = np.mean(changes)
    assert switched["expert"] < 0.1
    assert switched["trained"] < 0.2
    assert min(switched["hasty"], switched["confuser"]) > 0.4


def test_a_hidden_object_keeps_its_track_only_with_the_careful():
    clip = truths.clips(2, 1)[0]
    kept, flagged = {}, {}
    for profile in ("expert", "trained", "hasty"):
        parts, flags = [], []
        for seed in range(30):
            person = [t for t in tracked(profile, seed, clip) if t.id.split("-")[0] == "t3"]
            if person:
                parts.append(len(person) == 1)
                flags.append(any(key.occluded for key in person[0].keyframes))
        kept[profile], flagged[profile] = np.mean(parts), np.mean(flags)
    assert min(kept["expert"], kept["trained"]) > 0.8 > kept["hasty"]
    assert min(flagged["expert"], flagged["trained"]) > 0.8 > flagged["hasty"]


def test_loose_tracks_drift_between_rare_keyframes():
    clips = truths.clips(2, 3)
    seen = sum(s.bbox is not None for clip in clips for t in clip.tracks for s in t.states)
    off, keys = {}, {}
    for profile in ("expert", "trained", "loose"):
        errors, counts = [], []
        for seed in range(10):
            drawn = [(clip, tracked(profile, seed, clip)) for clip in clips]
            counts.append(sum(len(t.keyframes) for _, made in drawn for t in made) / seen)
            for clip, made in drawn:
                for person in (t for t in made if t.id == "t3"):
                    boxes = shown(person, len(clip.frames))
                    true = {s.frame: s.bbox for s in clip.tracks[2].states if s.bbox}
                    errors += [abs(boxes[f][0] - true[f][0]) for f in boxes.keys() & true.keys()]
        off[profile], keys[profile] = np.mean(errors), np.mean(counts)
    assert off["expert"] < off["trained"] < 0.4 * off["loose"]
    assert keys["loose"] < keys["trained"] < keys["expert"] <= 0.25


def test_an_object_that_left_is_marked_outside_and_comes_back_under_its_id():
    clip = truths.clips(2, 1)[0]
    cyclist = next(t for t in tracked("expert", 0, clip) if t.id == "t4")
    assert any(key.outside for key in cyclist.keyframes)
    assert cyclist.keyframes[-1].frame >= 38
    gone = [s.frame for s in clip.tracks[3].states if s.outside]
    assert not set(gone) & shown(cyclist, 40).keys()


# Cuboids ----------------------------------------------------------------------------------------


def boxed(profile, seeds, pool):
    """Pairs (drawn, true) of all cars with points enough to see their shape."""
    cars = {k: c for k, c in things(pool, "cuboids").items() if c.label == "car" and c.points > 50}
    pairs = []
    for seed in seeds:
        made = by_object(sim.annotate_cuboids(pool, profile, seed, classes=STREET))
        pairs += [(made[key], cars[key]) for key in cars.keys() & made.keys()]
    return pairs


@pytest.fixture(scope="module")
def sweeps():
    return truths.sweeps(4, 16)


def test_the_hasty_centre_the_visible_l(sweeps):
    def nearer(profile):
        return np.mean(
            [
                np.hypot(*true.center[:2]) - np.hypot(*made.center[:2]) > 0.25
                and made.size[0] < 0.8 * true.size[0]
                for made, true in boxed(profile, range(6), sweeps)
            ]
        )

    assert nearer("hasty") > 0.4 > 0.1 > nearer("trained")


def test_the_confuser_turns_cars_round(sweeps):
    def backwards(profile):
        pairs = boxed(profile, range(6), sweeps)
        return np.mean([yaw_error(made, true) > np.radians(150) for made, true in pairs])

    assert 0.5 < backwards("confuser") < 0.7
    assert backwards("trained") < 0.1


def test_the_loose_include_mirrors(sweeps):
    def width(profile):
        pairs = boxed(profile, range(6), sweeps)
        return np.median([made.size[1] - true.size[1] for made, true in pairs])

    assert width("loose") > 0.3
    assert abs(width("trained")) < 0.05


def test_few_points_are_missed_more_often(sweeps):
    cuboids = things(sweeps, "cuboids")
    bins = [(1, 4), (4, 16), (16, 64), (64, 10**6)]
    found = [
        by_object(sim.annotate_cuboids(sweeps, "trained", seed, classes=STREET))
        for seed in range(20)
    ]
    rates = [
        np.mean(
            [key not in made for made in found for key, c in cuboids.items() if a <= c.points < b]
        )
        for a, b in bins
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 0.05


def test_trained_cars_reach_the_overlap_that_is_asked(sweeps):
    """KITTI asks for a bird's-eye IoU of 0.7 for cars."""
    right = [birdseye(made, true) >= 0.7 for made, true in boxed("trained", range(4), sweeps)]
    assert np.mean(right) > 0.85


# Scans ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def panel():
    """Lesions one to a slice, and what the four readers said of them."""
    rng = np.random.default_rng(0)
    lesions = [truths.lesion(rng, 1) for _ in range(500)]
    return [(lesion, four([lesion], n)) for n, lesion in enumerate(lesions)]


def four(lesions, seed, **more):
    return sim.read_by_four(lesions, seed, spacing=0.5, **more)


def test_a_third_of_the_nodules_is_unanimous(panel):
    """Of those of at least 3 mm that any reader marks, all four mark .28 to .40."""
    votes = np.array(
        [
            sum(bool(marks) and marks[0].label == NODULE for marks in read.values())
            for lesion, read in panel
            if lesion.label == NODULE
        ]
    )
    assert 0.28 <= (votes == 4).sum() / (votes > 0).sum() <= 0.40
    assert len(set(votes)) == 5


def test_outlines_of_two_readers_overlap_as_reported(panel):
    """Tuning target .7 to .8, the model behind it .77."""
    ious = []
    for lesion, read in panel:
        drawn = [
            raster(mark.outline, lesion.rle.size)
            for marks in read.values()
            for mark in marks
            if mark.outline
        ]
        ious += [overlap(a, b) for a, b in combinations(drawn, 2)]
    assert 0.73 <= np.mean(ious) <= 0.80
    assert 0.06 <= np.std(ious) <= 0.14


def test_readers_miss_the_same_lesions(panel):
    marked = np.array([[bool(marks) for marks in read.values()] for _, read in panel])
    assert np.corrcoef(marked.T)[np.triu_indices(4, 1)].min() > 0.25


def test_a_reader_of_a_slice_is_the_same_person_every_time(panel):
    lesion, read = panel[7]
    assert four([lesion], 7) == read
    assert four([], 7) == dict.fromkeys(sim.READERS, ())


def test_an_outline_is_as_long_as_the_long_axis_that_was_measured(panel):
    outlined = [m for _, read in panel for marks in read.values() for m in marks if m.outline]
    assert len(outlined) > 500
    for mark in outlined:
        corners = np.array(mark.outline)
        longest = np.hypot(*(corners[:, None] - corners).transpose(2, 0, 1)).max()
        assert longest * 0.5 == pytest.approx(mark.long_axis, abs=0.1)


def test_readers_see_the_lesions_just_as_well_where_a_vessel_may_mislead_them():
    rng = np.random.default_rng(1)
    slices = [[truths.lesion(rng, number) for number in (1, 2, 3)] for _ in range(200)]
    misled = seen = 0
    for seed, (first, second, vessel) in enumerate(slices):
        alone = four([first, second], seed)
        tempted = four([first, second], seed, vessels=[vessel])
        for name, marks in tempted.items():
            assert marks[: len(alone[name])] == alone[name]
            assert [mark.id for mark in marks] == [f"m{n}" for n in range(1, len(marks) + 1)]
            seen += len(alone[name])
            misled += len(marks) - len(alone[name])
    assert 0 < misled / 800 < 0.1 < seen / 1600


def test_readings_are_in_tenths(panel):
    numbers = [
        number
        for _, read in panel
        for marks in read.values()
        for mark in marks
        for number in (*mark.center, mark.long_axis or 0, *chain(*mark.outline))
    ]
    assert numbers == [round(number, 1) for number in numbers]


def test_nodules_are_outlined_and_the_rest_are_points(panel):
    for _, read in panel:
        for marks in read.values():
            for mark in marks:
                assert bool(mark.outline) == (mark.label == NODULE)
                assert (mark.long_axis is None) == (mark.label != NODULE)
                assert mark.label != NODULE or mark.long_axis >= LIMIT_MM


def test_three_millimetres_are_told_by_those_who_measure():
    pool = truths.slices(8, 250)
    near = {k: x for k, x in things(pool, "lesions").items() if abs(x.long_axis - 3) < 0.4}
    right = {}
    for profile in ("expert", "trained", "loose", "hasty"):
        made = by_object(sim.annotate_readings(pool, profile, 2))
        said = [made[key].label == lesion.label for key, lesion in near.items() if key in made]
        right[profile] = np.mean(said)
    assert right["expert"] > right["trained"] > max(right["loose"], right["hasty"])


def test_a_confuser_takes_findings_for_one_another():
    pool = truths.slices(8, 200)
    lesions = things(pool, "lesions")
    made = by_object(sim.annotate_readings(pool, "confuser", 2))
    swapped = [
        (made[key].label == NON_NODULE) != (lesions[key].label == NON_NODULE)
        for key in lesions.keys() & made.keys()
    ]
    assert 0.35 < np.mean(swapped) < 0.55
