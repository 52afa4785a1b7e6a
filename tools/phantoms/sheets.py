"""What the datasheets of the medical sets say, counted from their truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from common import Datasheet
from marking import NOTICE
from studies import GAP, SIZE
from tomography import INTERCEPT, SLOPE

from labelschool.model import MaskTruth, ReadingTruth, TextTruth, Truth, TruthItem


def _cases(truths: Iterable[Truth], parts: Iterable) -> list[tuple[str, int]]:
    """Edge cases of the items and of what is in them, with their counts."""
    return sorted(Counter(chain.from_iterable(x.edge_cases for x in (*truths, *parts))).items())


def lung_lite(truths: Sequence[ReadingTruth]) -> Datasheet:
    """The datasheet of the chest slices."""
    lesions = [lesion for entry in truths for lesion in entry.lesions]
    labels = Counter(lesion.label for lesion in lesions)
    textures = Counter(lesion.texture for lesion in lesions if lesion.label != "non_nodule")
    spacings = sorted(entry.spacing for entry in truths)
    return Datasheet(
        motivation=(
            "Slices of simulated chest CTs for marking nodules with a measured size, and for "
            "learning what to do when four readers disagree. **Simulated, not a patient:** no "
            "medical judgement may rest on these pictures or on a skill shown with them."
        ),
        composition=[
            ("slices, each of another invented patient", len(truths)),
            ("pixels", f"{SIZE} x {SIZE}, 8 bits, HU = {SLOPE} x value - {-INTERCEPT}"),
            ("mm per pixel", f"{spacings[0]} to {spacings[-1]}, stated for each item"),
            ("neighbouring slices", f"{2 * len(truths)}, {GAP:g} mm above and below, 192 x 192"),
            *((f"label {label}", count) for label, count in sorted(labels.items())),
            *((f"nodules of texture {name}", count) for name, count in sorted(textures.items())),
            ("marks of four simulated readers", sum(map(_marks, truths))),
        ],
        making=(
            "A body of simple shapes, with vessels and bronchi that branch in space, is cut, "
            "projected (Radon transform), given photon noise and reconstructed by filtered "
            "back-projection, so noise, streaks and motion are those of a scan "
            "(`tools/phantoms`). A nodule's long axis is the greatest diameter of its outline in "
            "the slice; its mask holds the pixels whose centre lies in the outline. "
            "`tissues/` maps what each pixel shows without the findings: 0 outside the lungs, "
            "1 lung, 2 vessel, 3 airway, 4 fissure. A nodule touches a vessel if at least four "
            "vessel pixels lie on its rim; `low_contrast` is a ground-glass nodule less than "
            "300 HU above the lung around it; in `majority_misses` at most one reader saw a "
            f"nodule that is there. Every slice carries the words “{NOTICE}” in its pixels, and "
            "every file has them in its metadata. The readers mark blind "
            "(`labelschool/quality/simulated/readings.py`): what they see depends on size, texture "
            "and chance, in part shared by all four. The long axis each has measured decides "
            "whether it is a nodule or a small nodule, and the outline is that long. Now and then "
            "a reader takes a vessel that is cut across for a nodule, or a nodule for a non-nodule "
            "and the reverse."
        ),
        gaps=(
            "Slices are infinitely thin. Vessels, bones and mediastinum are simplified; there is "
            "no disease but the findings and one position of the patient. In motion slices the "
            "outline is that of the longer phase. The readers never tire and do not learn. What is "
            "denser than 1,016 HU is clipped. The words in the corner hide what lies below them."
        ),
        edge_cases=_cases(truths, lesions),
    )


def _marks(entry: ReadingTruth) -> int:
    return sum(len(marks) for marks in entry.readers.values())


def nuclei12(truths: Sequence[MaskTruth], smallest: int) -> Datasheet:
    """The datasheet of the nuclei; ``smallest`` is the least area in px that is asked for."""
    counts = [len(entry.objects) for entry in truths]
    masks = [mask for entry in truths for mask in entry.objects]
    return Datasheet(
        motivation=(
            "Pictures of touching nuclei as a fluorescence microscope shows them, for outlining "
            "many instances of one class. **Simulated: no specimen, not a patient.**"
        ),
        composition=[
            ("pictures", len(truths)),
            ("pixels", f"{truths[0].width} x {truths[0].height}, 8 bits grey"),
            ("nuclei", sum(counts)),
            ("nuclei a picture", f"{min(counts)} to {max(counts)}"),
        ],
        making=(
            "Irregular ellipses with chromatin texture are blurred by the point spread of the "
            "lens, a share of the light spreads as haze, and the camera adds photon and read noise "
            "(`tools/phantoms/nuclei.py`). Where two nuclei overlap, the one in front has the "
            f"pixels, so no two masks share one. Slivers below {smallest} pixels have level ignore."
        ),
        gaps=(
            "No dividing or dying cells, no debris, one staining, one magnification. The true edge "
            "lies where the nucleus ends, about one pixel inside of where its glow ends."
        ),
        edge_cases=_cases(truths, masks),
    )


def dicomish(headers: Sequence[TextTruth], pictures: Sequence[TruthItem], files: int) -> Datasheet:
    """The datasheet of the headers and of the pictures with burned-in text."""
    spans = [span for entry in headers for span in entry.spans]
    boxes = [box for entry in pictures for box in entry.objects]
    labels = Counter(span.label for span in spans)
    return Datasheet(
        motivation=(
            "Headers and pictures to take the personal data out of. **Every person, clinic, number "
            "and date is invented; the pictures are synthetic phantoms, not a patient.**"
        ),
        composition=[
            ("headers", len(headers)),
            ("patients", len({entry.scene for entry in (*headers, *pictures)})),
            ("personal stretches of text", len(spans)),
            *((f"label {label}", count) for label, count in sorted(labels.items())),
            ("pictures with burned-in text", len(pictures)),
            ("burned-in lines to be boxed", len(boxes)),
            ("DICOM files", files),
        ],
        making=(
            "Written by hand (`tools/phantoms/headers.py`, `overlays.py`). Headers are the pools "
            "`practice` and `counted`, pictures the pools `practice_pictures` and "
            "`counted_pictures`; a patient is in one part only. For each field the truth says what "
            "may be done, best first: **keep** what holds nothing personal, **drop** what nothing "
            "later needs, **replace** what later work needs: a pseudonym for name and number, new "
            "unique identifiers, dates shifted by one number of days for each patient, a neutral "
            "file name, free text without the personal words. Private tags go, for nobody knows "
            "what they hold. An age above 89 is replaced. Boxes hold the ink of one personal line; "
            "side letters, window, gain and the notice stay. `files/` holds each header and each "
            "picture as a DICOM file of pydicom (CT image, 12 bits; secondary capture, 8 bits), "
            f"with “{NOTICE}” in DerivationDescription; the file has the name its header gives. "
            "Attributes of the file that are not on the card hold nothing personal."
        ),
        gaps=(
            "About twenty attributes a header, where a real one has hundreds. No overlays, no "
            "structured reports, no sequences, no faces that could be rebuilt from a head scan. "
            "Burned-in text is horizontal and of one typeface."
        ),
        edge_cases=_cases((*headers, *pictures), boxes),
    )
