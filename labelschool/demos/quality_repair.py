"""Demos of lesson 3.9: `vague`, five readings of a word, and `matrix`, who confuses what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, groupby

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.generators import disagreement
from labelschool.generators.disagreement import CARD_V1

SEED = 48
SAYS = {"large": None} | {f"{n / 2:g} cm or more": n / 2 for n in range(4, 33)}
"""What rule 3 may say, with its bound in cm."""
_FULL, _EMPTY, _LINE = "#0072B2", "#ffffff", "#59636e"
_LEFT, _TOP, _ROW, _CM, _STEP, _BAR = 52, 66, 40, 37, 9, 480
Labels = dict[str, list[str]]


@cache
def labelled(bound: float | None) -> Labels:
    """The labels of the five for each parcel, by the card of version 1 or with a bound in cm."""
    card = CARD_V1 if bound is None else disagreement.repaired(CARD_V1, f">= {bound:g}")
    found: Labels = {}
    for item, _, label in disagreement.annotate(disagreement.parcels(SEED), card, SEED):
        found.setdefault(item, []).append(label)
    return found


def differing(labels: Labels) -> int:
    """How many pairs of labels of a parcel differ."""
    return sum(a != b for each in labels.values() for a, b in combinations(each, 2))


def pairs(labels: Labels) -> int:
    """How many pairs of labels of a parcel there are."""
    return sum(len(each) * (len(each) - 1) // 2 for each in labels.values())


def _dented() -> Sequence[disagreement.Parcel]:
    """The parcels that only their dent decides, the smallest first."""
    plain = [
        item
        for item in disagreement.parcels(SEED)
        if item.features["dent_cm"] and not item.features["wet"] and not item.features["torn"]
    ]
    return sorted(plain, key=lambda item: item.features["dent_cm"])


def figure(bound: float | None) -> str:
    """A row for each annotator with the dented parcels by size, filled where they said major."""
    labels = labelled(bound)
    now, first = differing(labels), differing(labelled(None))
    total = pairs(labels)
    width, height = _LEFT + 17 * _CM + 30, _TOP + 5 * _ROW + 46
    scale = _BAR / first
    parts = [
        f'<text x="{_LEFT}" y="16">{now} of {total} pairs of labels differ</text>',
        f'<rect x="{_LEFT}" y="26" width="{first * scale}" height="14" fill="none" '
        f'stroke="{_LINE}" stroke-dasharray="3 3"/>',
        f'<rect x="{_LEFT}" y="26" width="{now * scale:.1f}" height="14" fill="{_LINE}"/>',
    ]
    if now < first:
        parts.append(
            f'<text x="{_LEFT + first * scale + 8}" y="38">{percent(1 - now / first)} gone</text>'
        )
    for row in range(5):
        y = _TOP + row * _ROW + _ROW / 2
        parts.append(f'<text x="4" y="{y + 4}">a{row + 1}</text>')
        parts.append(
            f'<line x1="{_LEFT}" y1="{y}" x2="{_LEFT + 17 * _CM}" y2="{y}" stroke="#d0d7de"/>'
        )
        parts += [
            _dot(_LEFT + item.features["dent_cm"] * _CM, y + up, labels[item.name][row])
            for item, up in _stacked()
        ]
    bottom = _TOP + 5 * _ROW
    for cm in range(0, 18, 4):
        parts.append(
            f'<text x="{_LEFT + cm * _CM}" y="{bottom + 16}" text-anchor="middle" class="soft">'
            f"{cm}</text>"
        )
    parts.append(
        f'<text x="{_LEFT}" y="{bottom + 38}" class="soft">longest line of the dent, in cm; '
        "filled: major, hollow: minor, cross: something overlooked</text>"
    )
    if bound is not None:
        x = _LEFT + bound * _CM
        parts.append(
            f'<line x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{bottom}" stroke="#D55E00" '
            'stroke-width="2" stroke-dasharray="6 4"/>'
            f'<text x="{x + 4}" y="{_TOP - 10}">{bound:g} cm</text>'
        )
    return svg(width, height, description(bound), "".join(parts))


def _stacked() -> Iterator[tuple[disagreement.Parcel, float]]:
    """The dented parcels, those of one size above each other, with the shift of each in px."""
    for _, group in groupby(_dented(), key=lambda item: item.features["dent_cm"]):
        same = list(group)
        yield from ((item, _STEP * (n - (len(same) - 1) / 2)) for n, item in enumerate(same))


def _dot(x: float, y: float, label: str) -> str:
    if label not in ("major", "minor"):
        return f'<path d="M{x - 4} {y - 4} l8 8 m0 -8 l-8 8" stroke="{_LINE}" stroke-width="2"/>'
    fill = _FULL if label == "major" else _EMPTY
    return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{fill}" stroke="{_FULL}" stroke-width="1.5"/>'


def description(bound: float | None) -> str:
    """The figure in words."""
    labels = labelled(bound)
    said = "large" if bound is None else f"{bound:g} cm or more"
    majors = [sum(labels[item.name][row] == "major" for item in _dented()) for row in range(5)]
    each = ", ".join(f"a{n} {count}" for n, count in enumerate(majors, 1))
    return (
        f"Rule 3 says {said}. Of {len(_dented())} dented parcels major are: {each}. "
        f"{differing(labels)} of {pairs(labels)} pairs of labels differ."
    )


def vague() -> Frame:
    """Five annotators, 48 parcels, and a rule that says large or a number."""
    return Frame("demo vague", "Five readings of one word", _vague)


def _vague() -> list[widgets.Widget]:
    choice = widgets.SelectionSlider(
        options=tuple(SAYS),
        description="Rule 3 says",
        style={"description_width": "initial"},
        layout={"width": "95%"},
    )
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        bound = SAYS[choice.value]
        picture.value = figure(bound)
        now, first = differing(labelled(bound)), differing(labelled(None))
        if bound is None:
            text = (
                f"{first} pairs differ. Read the rows from left to right: where does each "
                "annotator begin to say major? Then give rule 3 a number."
            )
        else:
            text = (
                f"{now} pairs are left of {first}: {percent(1 - now / first)} of the disagreement "
                "hung on one word. What is left is measuring and overlooking. Which number is "
                "right? Try others: the pairs cannot tell you."
            )
        said.value = note(escape(text))

    choice.observe(show, "value")
    show()
    return [choice, said, picture]


# matrix -----------------------------------------------------------------------------------------

PARCELS = {"all": lambda dent: True, "with a dent": bool, "without a dent": lambda dent: not dent}
PEOPLE = tuple(f"a{n}" for n in range(1, 6))
TWO, TEAM = "two of them", "all ten pairs"
_CELL, _DEEP, _SIDE, _HEAD = 138, 44, 84, 64


def confusion(people: Sequence[tuple[int, int]], parcels: str) -> Counter[tuple[str, str]]:
    """How often each pair of labels was given, for pairs of annotators counted from 0."""
    dents = {item.name: item.features["dent_cm"] for item in disagreement.parcels(SEED)}
    return Counter(
        (row[one], row[other])
        for item, row in labelled(None).items()
        if PARCELS[parcels](dents[item])
        for one, other in people
    )


def halved(counts: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Both corners of a matrix in the lower one: of a team nobody stands first."""
    order = disagreement.CLASSES.index
    folded: Counter[tuple[str, str]] = Counter()
    for pair, n in counts.items():
        folded[tuple(sorted(pair, key=order, reverse=True))] += n
    return folded


def matrix_figure(counts: Counter[tuple[str, str]], rows: str, columns: str) -> str:
    """Classes by classes with a number in each cell, the darker the more labels differ."""
    classes = disagreement.CLASSES
    most = max((n for (a, b), n in counts.items() if a != b), default=1)
    parts = [f'<text x="{_SIDE}" y="16">{escape(columns)}</text>']
    parts += [f'<text x="2" y="{_HEAD - 10}">{escape(rows)}</text>']
    for n, name in enumerate(classes):
        middle = n * _CELL + _CELL / 2
        parts.append(
            f'<text x="{_SIDE + middle}" y="{_HEAD - 10}" text-anchor="middle">{name}</text>'
            f'<text x="2" y="{_HEAD + n * _DEEP + 27}">{name}</text>'
        )
        for m, other in enumerate(classes):
            x, y = _SIDE + m * _CELL, _HEAD + n * _DEEP
            count = counts[name, other]
            strength = 0 if name == other else round(count / most, 2)
            fill = "#e4e7ea" if name == other else "#ffffff"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{_CELL - 3}" height="41" fill="{fill}"/>'
                f'<rect x="{x}" y="{y}" width="{_CELL - 3}" height="41" fill="#E69F00" '
                f'fill-opacity="{strength}" stroke="#b8bfc6"/>'
            )
            if count:
                parts.append(
                    f'<text x="{x + _CELL / 2 - 2}" y="{y + 26}" text-anchor="middle" '
                    f'style="fill:#1f2328">{count}</text>'
                )
    width, height = _SIDE + 4 * _CELL + 2, _HEAD + 4 * _DEEP + 6
    told = ", ".join(f"{a} and {b} {n}" for (a, b), n in counts.most_common() if a != b)
    return svg(width, height, f"Labels that differ: {told or 'none'}", "".join(parts))


def matrix() -> Frame:
    """The confusion matrix of two annotators, or of the team."""
    return Frame("demo matrix", "Who is confused with whom", _matrix)


def _matrix() -> list[widgets.Widget]:
    def toggles(label: str, options: Sequence[str], value: str) -> widgets.ToggleButtons:
        return widgets.ToggleButtons(
            options=tuple(options), value=value, description=label, style={"button_width": "auto"}
        )

    compare = toggles("Compare", (TWO, TEAM), TWO)
    first, second = toggles("Rows", PEOPLE, "a1"), toggles("Columns", PEOPLE, "a5")
    parcels = toggles("Parcels", tuple(PARCELS), "all")
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        first.disabled = second.disabled = compare.value == TEAM
        if compare.value == TEAM:
            counts = halved(confusion(list(combinations(range(5), 2)), parcels.value))
            rows, columns = "", "pairs of labels by the five"
        else:
            pair = PEOPLE.index(first.value), PEOPLE.index(second.value)
            counts = confusion([pair], parcels.value)
            rows, columns = first.value, f"{second.value} said"
        picture.value = matrix_figure(counts, rows, columns)
        differ = Counter({pair: n for pair, n in counts.items() if pair[0] != pair[1]})
        text = f"{differ.total()} of {counts.total()} pairs of labels differ."
        if differ:
            (one, other), n = differ.most_common(1)[0]
            text += f" The largest cell: {one} and {other}, {n}, {percent(n / differ.total())}."
        said.value = note(escape(text))

    for choice in (compare, first, second, parcels):
        choice.observe(show, "value")
    show()
    return [compare, first, second, parcels, said, picture]
