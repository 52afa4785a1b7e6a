"""The portfolio piece of assignment 3: the audit of a failing project, and the decision asked for.

Queries, functions and figures enter as they were checked; the memo and the one-page plan are the
learner's own texts and have no number of the course's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from labelschool import course
from labelschool.home import portable
from labelschool.portfolio import assignment
from labelschool.portfolio.pieces import EVIDENCE, README, Piece, Row
from labelschool.text_answers import Page

NAME = "03-qa-rescue"
TITLE = "A failing labelling project, rescued"
PARTS = ("A3.a", "3.G", "A3.b", "A3.c")
WRITTEN = "A3.f"
MEMO, PLAN, NOTEBOOK = "memo.md", "qa-plan.md", "rescue.ipynb"
AUDIT = "A3.a.py"
MADE_UP = (
    "The label store is simulated from a seed, and nobody in it exists. Every score was computed "
    "on a second store that the functions and queries had not seen."
)
SECTIONS = (
    ("deliver", "What is delivered, to whom, by when"),
    ("accept", "Acceptance: metric, bar, and the n it is measured on"),
    ("agree", "Agreement: coefficient, floor, and what happens below it"),
    ("gold", "Gold: share, difficulty, how often it is changed"),
    ("sample", "Spot checks: n and c for a lot, and both risks"),
    ("drift", "Drift: chart, limit, and who looks at it"),
    ("check", "Label check before a merge: rules, and who may overrule it"),
    ("flow", "Flow: columns, limits, definition of done"),
    ("access", "Access: roles, expiry, retention"),
    ("cost", "Cost of an accepted label, and what it rests on"),
    ("escalate", "Who decides what the guideline does not"),
    ("unknown", "What stays unknown, and when it is looked at again"),
)
"""The lines of the plan: their names and what is asked."""


def plan_page(folder: Path | None = None) -> Page:
    """The one-page plan in a module's folder, by default the working directory."""
    return Page(WRITTEN, "qa-plan", plan_text, folder)


def plan_text(values: Mapping[str, str]) -> str:
    """The plan as Markdown; lines that are empty stand open."""
    lines = ["# QA plan", ""]
    for name, asked in SECTIONS:
        lines += [f"**{asked}.** {' '.join((values.get(name) or 'open').split())}", ""]
    return "\n".join(lines)


def piece(home: Path) -> Piece:
    """The piece of a home; without files while the audit is not measured."""
    folder = home / course.load().module_of(WRITTEN).folder
    parts, missing = assignment.read(home, PARTS)
    if AUDIT not in [part.file for part in parts]:
        return Piece(NAME, missing=tuple(missing))
    texts, lacking = _texts(home, folder)
    made = {name: content for part in parts for name, content in part.files.items()} | texts
    made[NOTEBOOK] = _notebook()
    files = {
        README: _readme(parts, texts).encode(),
        EVIDENCE: assignment.evidence(NAME, parts, made),
        **made,
    }
    row = Row(TITLE, parts[0].line, parts[0].kind, NOTEBOOK)
    return Piece(NAME, (row,), files, (*missing, *lacking))


def _texts(home: Path, folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The memo and the plan, and what of them is not written yet."""
    task = course.load().task(WRITTEN)
    made, missing = {}, []
    if portable.is_written(home, folder.name, task):
        made[MEMO] = f"{portable.written_text(folder, task)}\n".encode()
    else:
        missing.append(f"{task.id} {task.title}: not written yet.")
    values = plan_page(folder).read()
    if values:
        made[PLAN] = plan_text(values).encode()
    open_lines = sum(not values.get(name) for name, _ in SECTIONS)
    if open_lines:
        missing.append(f"{open_lines} of {len(SECTIONS)} lines of your QA plan are open.")
    return made, missing


def _readme(parts: Sequence[assignment.Part], texts: Mapping[str, bytes]) -> str:
    told = {
        MEMO: "the memo to the lead: finding, evidence, cost, decision asked",
        PLAN: "the plan on one page that should keep it from happening again",
    }
    blocks = [
        f"# {TITLE}",
        assignment.table(parts),
        "\n".join(f"- [{name}]({name}): {what}" for name, what in told.items() if name in texts),
        MADE_UP,
        f"[{NOTEBOOK}]({NOTEBOOK}) runs the audit on a store of the same tables, such as the "
        "`labels.db` of the course. `labelschool check` and the name of a part computes its score "
        "again.",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _notebook() -> bytes:
    """A notebook that runs the audit on a label store; equal each time it is made."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = [
        new_markdown_cell(f"# {TITLE}\n\nPut `labels.db` beside this notebook, then run it."),
        new_code_cell(
            f'import json\nimport runpy\n\naudit = runpy.run_path("{AUDIT}")["audit"]\n'
            'report = audit("labels.db")\nprint(json.dumps(report, indent=1))'
        ),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return (nbformat.writes(new_notebook(cells=cells)) + "\n").encode()
