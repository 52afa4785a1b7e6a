"""A label pipeline as a drawing: who reads and writes which store, and what follows from it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from labelschool.operations.access import Statement

RAW, AUDIT, OUTSIDE = "raw", "audit", "vendor"
"""The store that never changes, the one that remembers, and the role outside the house."""
SOUND = "A review finds nothing."

_TOP, _LEFT, _ROW, _LANE, _FOOT, _APART = 28, 110, 34, 128, 36, 10
_INK, _BLUE = "#1f2328", "#0072B2"


@dataclass(frozen=True, slots=True)
class Stage:
    """A role, and the stores it reads and writes; a store is a folder such as ``labels``."""

    role: str
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()


@dataclass(frozen=True)
class Pipeline:
    """Stages in the order of the work. A notebook shows it as a drawing with its faults below."""

    stages: Sequence[Stage]

    def statements(self) -> list[Statement]:
        """The least that the stages need, as a policy: nobody may list, and nobody may delete."""
        needs = (
            (stage.role, action, stores)
            for stage in self.stages
            for action, stores in (("s3:GetObject", stage.reads), ("s3:PutObject", stage.writes))
        )
        return [
            {
                "Effect": "Allow",
                "Principal": role,
                "Action": [action],
                "Resource": [f"{store}/*" for store in stores],
            }
            for role, action, stores in needs
            if stores
        ]

    def faults(self) -> tuple[str, ...]:
        """What a review finds in the drawing, a sentence each."""
        stores, stages = self.stores, self.stages
        readers = {store: [s.role for s in stages if store in s.reads] for store in stores}
        writers = {store: [s.role for s in stages if store in s.writes] for store in stores}
        found = []
        if len(writers.get(RAW, ())) > 1:
            _, *others = writers[RAW]
            found.append(
                f"{RAW} is written by {' and '.join(others)} too, so what was recorded is lost."
            )
        if OUTSIDE in readers.get(RAW, ()):
            found.append(f"The {OUTSIDE} reads {RAW}, with every face and number plate.")
        silent = [s.role for s in stages if s.writes and AUDIT not in s.writes]
        if silent:
            found.append(f"Nothing tells afterwards what was done by {', '.join(silent)}.")
        orphans = [store for store in stores if readers[store] and not writers[store]]
        found += [f"{store} is read, and nobody writes it." for store in orphans]
        unread = [store for store in stores if writers[store] and not readers[store]]
        found += [f"{store} is written, and nobody reads it." for store in unread]
        return tuple(found)

    @property
    def stores(self) -> tuple[str, ...]:
        """The stores by name, in the order in which they first appear, the audit log last."""
        named = (store for stage in self.stages for store in (*stage.reads, *stage.writes))
        return tuple(sorted(dict.fromkeys(named), key=lambda store: store == AUDIT))

    def svg(self) -> str:
        """The drawing: a lane for each store and a line for each stage across those it touches."""
        width = _LEFT + _LANE * len(self.stores)
        height = _TOP + _ROW * len(self.stages) + _FOOT
        lanes = {store: _LEFT + _LANE * (n + 0.5) for n, store in enumerate(self.stores)}
        parts = [_head(x, store, height - _FOOT) for store, x in lanes.items()]
        parts += [
            _row(_TOP + _ROW * (n + 0.5), stage, lanes) for n, stage in enumerate(self.stages)
        ]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="system-ui, sans-serif" '
            f'font-size="14" role="img" aria-label="{escape(self._told())}">'
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(parts)}'
            f"{_circle(_LEFT + 8, height - 14)}{_square(_LEFT + 88, height - 14)}"
            f'<text x="{_LEFT + 22}" y="{height - 9}" fill="{_INK}">reads</text>'
            f'<text x="{_LEFT + 102}" y="{height - 9}" fill="{_INK}">writes</text></svg>'
        )

    def _told(self) -> str:
        return "; ".join(map(_said, self.stages))

    def _repr_html_(self) -> str:
        """A picture and not the SVG itself, whose marks a notebook that is not trusted strips."""
        data = base64.b64encode(self.svg().encode()).decode()
        faults = self.faults() or (SOUND,)
        picture = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self._told())}">'
        return picture + "".join(f"<p>{escape(each)}</p>" for each in faults)

    def __repr__(self) -> str:
        lines = [_said(stage) for stage in self.stages]
        return "\n".join([*lines, *(self.faults() or (SOUND,))])


def _head(x: float, store: str, bottom: float) -> str:
    return (
        f'<text x="{x}" y="18" text-anchor="middle" fill="{_INK}">{escape(store)}</text>'
        f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}" stroke="#d0d7de" stroke-width="2"/>'
    )


def _row(y: float, stage: Stage, lanes: Mapping[str, float]) -> str:
    """A stage that reads and writes one store has both marks side by side in its lane."""
    both = set(stage.reads) & set(stage.writes)
    reads = [lanes[store] - _APART * (store in both) for store in stage.reads]
    writes = [lanes[store] + _APART * (store in both) for store in stage.writes]
    ends = [*reads, *writes] or [_LEFT]
    parts = [f'<text x="4" y="{y + 5}" fill="{_INK}">{escape(stage.role)}</text>']
    parts.append(
        f'<line x1="{min(ends)}" y1="{y}" x2="{max(ends)}" y2="{y}" stroke="{_BLUE}" '
        'stroke-width="2"/>'
    )
    return "".join([*parts, *(_circle(x, y) for x in reads), *(_square(x, y) for x in writes)])


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="7" fill="#ffffff" stroke="{_BLUE}" stroke-width="2"/>'


def _square(x: float, y: float) -> str:
    return f'<rect x="{x - 7}" y="{y - 7}" width="14" height="14" fill="{_BLUE}"/>'


def _said(stage: Stage) -> str:
    reads = f" reads {', '.join(stage.reads)}" if stage.reads else ""
    writes = f" writes {', '.join(stage.writes)}" if stage.writes else ""
    return stage.role + reads + writes
