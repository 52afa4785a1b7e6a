"""What each slice of lung_lite shows: field of view, findings with their size in mm, artefact."""

from __future__ import annotations

from collections.abc import Iterator

from studies import Study

FIRST_SEED = 4100
CASES = {
    ("practice", None): """
        chest | solid 11
        chest | solid 8 touching
        right | solid 3.18; solid 2.3
        chest |
        left  | solid 2.83; ground_glass 9
        chest | calcified 7; scar 20
        chest | solid 10 | metal
        chest | part_solid 14; plaque 24
    """,
    ("counted", "exercise"): """
        chest | solid 9; solid 6.5
        right | solid 3.16; calcified 4.5
        chest | ground_glass 10
        left  | solid 2.84; solid 5 touching
        chest |
        chest | solid 13 touching; scar 18
        right | solid 2.82; solid 3.18
        chest | solid 8 | motion
        chest | part_solid 12; solid 6
        left  | ground_glass 7; solid 2.4
        chest | calcified 6; solid 8 touching
        right | solid 3.17 touching; scar 14
        chest | solid 9; ground_glass 8 | metal
        chest |
        chest | ground_glass 12; plaque 22
        chest | solid 18; part_solid 9
    """,
    ("counted", "assignment"): """
        chest | solid 10 touching
        left  | solid 3.17; solid 6
        chest | ground_glass 9; solid 7
        right | solid 2.83; ground_glass 6
        chest | calcified 7.5
        chest |
        right | solid 2.85; solid 4.5 touching
        chest | part_solid 11 | metal
        chest | solid 8; scar 20
        left  | solid 3.16; solid 5 touching
        chest | part_solid 15; plaque 26
        chest | solid 7; solid 12
    """,
    ("exam", None): """
        chest | solid 9 touching; ground_glass 9
        right | solid 3.18; solid 5.5
        chest | solid 14
        left  | solid 2.84; calcified 5
        chest |
        chest | ground_glass 11; solid 7
        left  | solid 3.15; solid 4.5 touching
        chest | solid 9 | motion
        right | ground_glass 7; scar 15
        chest | calcified 6.5; plaque 21
        chest | solid 16 touching; solid 6.5
        chest | part_solid 10; scar 19
    """,
}
"""(Pool, part of the pool) -> one line for each slice: field | findings | artefact."""


def studies() -> Iterator[tuple[str, str | None, Study]]:
    """Pool, part and study of every slice, in the order of their items."""
    seed = FIRST_SEED
    for (pool, part), table in CASES.items():
        for line in table.strip().splitlines():
            field, plan, artefact = (*(cell.strip() for cell in line.split("|")), "", "")[:3]
            yield pool, part, Study(seed, field, plan, artefact or None)
            seed += 1
