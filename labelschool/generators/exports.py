"""Broken exports: twenty with exactly one defect each, one for every rule, and five without."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from labelschool.generators.export_defects import DEFECTS
from labelschool.generators.export_formats import FORMATS, build, save


def write(folder: Path, seed: int) -> dict[str, dict[str, Any] | None]:
    """Write 25 exports into ``folder`` and return the key.

    The key maps each export's name to None where it is valid, else to ``rule``, ``defect`` (its
    kind), ``file`` and ``id``: of the annotation, row, picture or track that is wrong, None where
    the whole file is. Another seed brings other scenes, places and kinds.
    """
    rng = random.Random(seed)
    jobs = [(rule, rng.choice(kinds)) for rule, kinds in DEFECTS.items()]
    jobs += [(None, name) for name in FORMATS]
    rng.shuffle(jobs)
    key = {}
    for number, (rule, kind) in enumerate(jobs, start=1):
        name = f"export-{number:02}"
        if rule is None:
            made, key[name] = build(kind, rng), None
        else:
            made = build(rng.choice(kind.formats), rng)
            file, wrong = kind.apply(made, rng)
            key[name] = {"rule": rule, "defect": kind.name, "file": file, "id": wrong}
        save(made, folder / name)
    return key
