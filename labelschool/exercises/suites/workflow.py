"""A3.d: the learner's ``workflow()``, a text of YAML that runs a label check on a pull request.

It is gone through by `labelschool.operations.workflows` in five repositories that hold
``labelcheck.py``, ``delivery/`` and ``known.json``, the report with two known debts. The check is
the course's own, `labelschool.operations.label_check`: a weak 3.H does not cost a second time.
Each case looks at its opposite too, so a workflow that is always green, or always red, earns
nothing.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from labelschool import code_answers
from labelschool.exercises.suites import Judgement, failed, judgement
from labelschool.exercises.suites.labelci import hidden_exports
from labelschool.exercises.suites.labelci.hidden_exports import COCO, Files
from labelschool.operations import label_check, workflows
from labelschool.operations.workflows import Check, Run, WorkflowError

FUNCTION = "workflow"
DELIVERY, BASELINE = "delivery", "known.json"


@dataclass(frozen=True)
class Repository:
    """What a pull request brings, the export and its debts, and whether it may be merged."""

    what: str
    delivery: Files
    green: bool


@cache
def repositories() -> dict[str, Repository]:
    """The five pull requests by name."""
    border = hidden_exports.past_the_border
    clean, debts = hidden_exports.coco(), hidden_exports.coco(border(0, 1))
    return {
        "clean": Repository("a delivery without a defect", clean, True),
        "broken": Repository(
            "a delivery with a flat box", hidden_exports.coco(hidden_exports.flat_last), False
        ),
        "known": Repository("a delivery with the two known debts", debts, True),
        "grown": Repository(
            "a delivery with a third debt", hidden_exports.coco(border(0, 1, 2)), False
        ),
        "unreadable": Repository(
            f"a delivery whose {COCO} is cut off", hidden_exports.cut_off(clean, COCO), False
        ),
    }


@cache
def baseline() -> bytes:
    """The report that lists the two known debts."""
    with tempfile.TemporaryDirectory() as place:
        hidden_exports.put(repositories()["known"].delivery, Path(place) / DELIVERY)
        return json.dumps(label_check.check(Path(place) / DELIVERY), indent=1).encode()


def put(name: str, folder: Path) -> None:
    """Write one of the repositories into a folder, without ``labelcheck.py``."""
    hidden_exports.put(repositories()[name].delivery, folder / DELIVERY)
    (folder / BASELINE).write_bytes(baseline())


def tried(text: Any, name: str, check: Check | None = None) -> Run:
    """What a workflow does on one of the pull requests; by default with the course's check.

    Raises `WorkflowError`.
    """
    with tempfile.TemporaryDirectory() as place:
        put(name, Path(place))
        return workflows.run(text, check or _course_check(Path(place)))


def _course_check(folder: Path) -> Check:
    def check(arguments: Sequence[str]) -> int:
        return label_check.main(arguments, folder)

    return check


def told(text: Any, check: Check | None = None) -> str:
    """A line for each pull request: what came of it, and what has to; or why it cannot be said."""
    lines = []
    for name, repository in repositories().items():
        try:
            run = tried(text, name, check)
        except WorkflowError as error:
            return str(error)
        codes = " and ".join(map(str, run.codes)) or "no check"
        said = f"{_colour(run.green):<6} exit code {codes:<9} wanted {_colour(repository.green)}"
        lines.append(f"{repository.what:<48} {said}")
    return "\n".join(lines)


@dataclass(frozen=True)
class PullRequest:
    """A case: one pull request, and the opposite that shows that it was not luck."""

    name: str
    request: str
    opposite: str

    @property
    def happens(self) -> str:
        """What is asked to be merged, and what should come of it."""
        repository = repositories()[self.request]
        return f"The pull request brings {repository.what}: {_colour(repository.green)}."

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """All or nothing, with what is wrong first."""
        (outcome,) = code_answers.call(answer, FUNCTION, [[]], seconds=seconds)
        if wrong := failed(outcome, FUNCTION):
            return judgement(wrong)
        try:
            wrong = (_wrong(outcome.value, name) for name in (self.request, self.opposite))
            return judgement(next(filter(None, wrong), ""))
        except WorkflowError as error:
            return judgement(str(error))


def _wrong(text: Any, name: str) -> str:
    """What is wrong with how a workflow takes a pull request."""
    repository, run = repositories()[name], tried(text, name)
    if run.green == repository.green:
        return ""
    said = f"{repository.what} is {_colour(run.green)} and has to be {_colour(repository.green)}."
    if not any(line.startswith("job") for line in run.log):
        return f"{said} Nothing runs on `pull_request`: put it under `on`."
    if not run.codes:
        return f"{said} No step runs `python labelcheck.py`."
    codes = " and ".join(map(str, run.codes))
    if re.search(rf"--report[ =]{BASELINE}", text):
        return f"{said} Your workflow writes {BASELINE} and then reads it: so every debt is known."
    if run.green and run.swallowed:
        how = ", ".join(run.swallowed)
        return f"{said} The check exits with {codes}, and `{how}` swallows it."
    if not run.green and label_check.CANNOT_READ in run.codes:
        return (
            f"{said} The check exits with 2: it cannot read what your line names. The export lies "
            f"in `{DELIVERY}`, the known debts in `{BASELINE}`."
        )
    if name == "known":
        return f"{said} Give the check what is known: `--baseline {BASELINE}`."
    return f"{said} The check exits with {codes}."


def _colour(green: bool) -> str:
    return "green" if green else "red"


SUITE = (
    PullRequest("Clean", "clean", "broken"),
    PullRequest("Broken", "broken", "clean"),
    PullRequest("Known debts", "known", "grown"),
    PullRequest("Debts grow", "grown", "known"),
    PullRequest("Cannot be read", "unreadable", "clean"),
)
