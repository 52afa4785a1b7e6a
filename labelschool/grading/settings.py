"""Settings of nbgrader that follow from the manifest."""

from __future__ import annotations

from pathlib import Path

from labelschool import course
from labelschool.answers import FOLDER

_ENDINGS = (".json", ".practice.json", ".py")


def protected_answers(root: Path) -> dict[str, list[str]]:
    """Module folder -> answer files that a file of the solutions must never replace.

    At autograde nbgrader copies every file of the source folder over the submission; it takes
    names, not patterns. So all names the manifest makes possible are listed, and whatever stands in
    `solutions/MODULE/answers/` by accident or on purpose.
    """
    protected = {}
    for module in course.load().modules:
        folder = root / "solutions" / module.folder
        names = {f"{FOLDER}/{task.id}{end}" for task in module.tasks for end in _ENDINGS}
        present = (path for path in (folder / FOLDER).rglob("*") if path.is_file())
        names |= {path.relative_to(folder).as_posix() for path in present}
        protected[module.folder] = sorted(names)
    return protected
