"""The portfolio piece of exercise 2.K: the learner's client, and the scenarios it was tested under.

It enters once the file as it stands was checked; what failed is listed with what passed.
"""

from __future__ import annotations

from pathlib import Path

from labelschool.home import made_files
from labelschool.portfolio import tried
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text
from labelschool.portfolio.tried import Work

NAME = "02-label-api-client"
TITLE = "A client of an annotation API"
TASK = "2.K"
FILE = "client.py"
METRIC = "share of groups of scenarios"
KIND = "simulated platform"
NOT_LIVE = "The platform is simulated, on one machine; no live service was called."


def read(home: Path) -> tuple[Work | None, list[str]]:
    """The work of a home, or a sentence that says why there is none yet."""
    undone = f"A client of the annotation API: exercise {TASK} in lesson 2.9."
    return tried.read(home, TASK, METRIC, what="the client", undone=undone)


def piece(home: Path) -> Piece:
    """The piece of a home."""
    work, missing = read(home)
    if work is None:
        return Piece(NAME, missing=tuple(missing))
    row = Row(TITLE, work.line, KIND, FILE)
    return Piece(NAME, (row,), files(work), tuple(missing))


def files(work: Work) -> dict[str, bytes]:
    """The files of the piece by name."""
    made = {FILE: work.content}
    evidence = {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "kind": KIND,
        "claim": work.claim("groups"),
        "groups": {name: right for name, (_, right) in work.groups.items()},
        "files": made_files.hashes(made),
    }
    return {README: _readme(work).encode(), EVIDENCE: text(evidence), **made}


def _readme(work: Work) -> str:
    parts = [
        f"# {TITLE}",
        f"Three functions in [{FILE}]({FILE}): `import_tasks` brings tasks into a project, "
        "`pull_labels` reads its labels, `receive` judges the call of a webhook. What they do when "
        "something goes wrong stands in the table.",
        f"Measured: {work.line}. Kind of data: {KIND}. {NOT_LIVE}",
        work.table(),
        f"To run them again, with the course installed: put `{FILE}` into a learner's folder as "
        f"`02-tools/answers/{TASK}.py` and call `{work.reproduce}` there.",
    ]
    return "\n\n".join(parts) + "\n"
