"""Answers to 3.A to 3.J and assignment 3: right, with the mistakes the course names, and blind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import nbformat
from exercise_answers import save

from labelschool import code_answers
from labelschool.answers import FOLDER
from labelschool.course import load, root
from labelschool.exercises.board_labs import LAB, RESCUE, STEP, Lab
from labelschool.exercises.queries import load as queries
from labelschool.exercises.suites import audits, gold_designs
from labelschool.exercises.suites.audits.slips import SLIPS
from labelschool.model import Annotation, Choice, TruthItem
from labelschool.operations import trackers
from labelschool.operations.boards import Board, Column, Move, moves_csv
from labelschool.operations.crew import crew
from labelschool.operations.flow import COLUMNS
from labelschool.operations.tracked import read_saved
from labelschool.quality.gold_design import KNOBS

CASES, DESIGN, QUERIES, BOARD, WORKFLOW = "3.B", "3.D", "3.G", "3.J", "A3.e"
TESTS = root() / "tests"
SOURCES = {
    "3.A": TESTS / "grading" / "kappa_answer.py",
    "3.C": TESTS / "unit" / "crowd_reference.py",
    "3.E": TESTS / "unit" / "lots_reference.py",
    "3.H": TESTS / "unit" / "labelcheck_reference.py",
}
PARTS = ("A3.a", "A3.b", "A3.c", "A3.d")
MISTAKES = {
    "3.A": ("table = pd.crosstab(pd.Series(a), pd.Series(b)", "table = pd.crosstab(a[0], b[0]"),
    "3.C": ("(ties * rng.random(votes.shape)).argmax(axis=1)", "votes.argmax(axis=1)"),
    "3.E": ('"reject"\n', '"accept"\n'),
    "3.H": (
        '        self.findings.append(finding | {"message": message, "fix": FIX[rule]})',
        "        raise AssertionError(rule)",
    ),
    "A3.a": ('"below" if high < BAR', '"below" if share < BAR'),
    "A3.b": ("for _ in range(50):", "for _ in range(0):"),
    "A3.c": ("wilson(wrong[name], n)[0] > limit", "wrong[name] / n > limit"),
    "A3.d": ("report.json\n", "report.json || true\n"),
}
BLIND = {
    "3.A": "def cohen_kappa(a, b):\n    return 1.0\n",
    "3.C": "def consensus(rows):\n    return {}\n",
    "3.E": "def decide(rows, good, bad, seed):\n    return {}\n",
    "3.H": "def main(arguments):\n    return 1\n",
    "A3.a": "def audit(path):\n    return {}\n",
    "A3.b": "def aggregate(rows):\n    return {}\n",
    "A3.c": "def inspect(*given):\n    return {}\n",
    "A3.d": "def workflow():\n    return 'on: pull_request'\n",
}
RULES = {
    "To do": "a free annotator pulls the topmost card",
    "Labelling": "all objects are labelled and checked once by the annotator",
    "Escalated": "the lead answers within 4 hours, with a rule number",
    "Waiting for review": "a reviewer has free hands and pulls it",
    "In review": "another person than the labeller accepts it, or it goes back to To do",
    "Done": "",
}
LIMITS = {"Labelling": 9, "Escalated": 3, "Waiting for review": 3, "In review": 4}


def right(folder: Path) -> None:
    """References and solutions, the best design, a balanced board, a workflow with every rule."""
    for task in (*SOURCES, *PARTS):
        code_answers.save(task, source(task), folder)
    save(folder, CASES, _chosen)
    _design(folder, {knob.name: getattr(gold_designs.BEST, knob.name) for knob in KNOBS})
    _queries(folder, {name: audits.right(name) for name in queries(QUERIES).queries})
    _board(folder, BOARD, LAB, limited(7, 2, 3))
    _board(folder, WORKFLOW, RESCUE, ruled(RULES), steps=24)


def slipped(folder: Path) -> None:
    """One named mistake in each: easy golds, integer division, a reviewer too few, no rework."""
    for task, (old, new) in MISTAKES.items():
        assert old in source(task), task
        code_answers.save(task, source(task).replace(old, new), folder)
    save(folder, CASES, lambda item: _chosen(item)[:1])
    best = {knob.name: getattr(gold_designs.BEST, knob.name) for knob in KNOBS}
    _design(folder, best | {"difficulty": 1.5, "bar": 92})
    texts = {name: audits.right(name) for name in queries(QUERIES).queries}
    for slip in SLIPS:
        if slip.trap == "integer_division" and slip.query in texts:
            texts[slip.query] = slip.of(texts[slip.query])
    _queries(folder, texts)
    _board(folder, BOARD, LAB, limited(7, 40, 3))
    silent = RULES | {"In review": "another person than the labeller agrees with it"}
    _board(folder, WORKFLOW, RESCUE, ruled(silent), steps=24)


def blind(folder: Path) -> None:
    """Functions that return a constant, the first choice, no gold, and boards as they are given."""
    for task, text in BLIND.items():
        code_answers.save(task, text, folder)
    first = {question.name: question.classes[0] for question in load().task(CASES).questions}
    save(
        folder,
        CASES,
        lambda _: tuple(Choice(id=q, question=q, labels=(name,)) for q, name in first.items()),
    )
    _design(folder, {knob.name: knob.low for knob in KNOBS})
    _queries(folder, dict.fromkeys(queries(QUERIES).queries, "SELECT 1"))
    _board(folder, BOARD, LAB, Board(columns=LAB.columns))
    _board(folder, WORKFLOW, RESCUE, Board(columns=RESCUE.columns))


def source(task: str) -> str:
    """A reference, or the function of a part as the instructor's notebook holds it."""
    if task in SOURCES:
        return SOURCES[task].read_text(encoding="utf-8")
    notebook = nbformat.read(root() / "solutions/03-quality/assignment.ipynb", as_version=4)
    (cell,) = (c for c in notebook.cells if c.source.startswith(f"%%answer {task}\n"))
    return cell.source.partition("\n")[2]


def limited(labelling: int, waiting: int, review: int) -> Board:
    """The usual columns with these limits."""
    limits = (None, labelling, waiting, review, None)
    named = zip(COLUMNS, limits, strict=True)
    return Board(columns=tuple(Column(name=name, limit=limit) for name, limit in named))


def ruled(rules: Mapping[str, str]) -> Board:
    """The columns of the rescue with their limits and definitions of done."""
    named = rules.items()
    return Board(columns=tuple(Column(name=n, limit=LIMITS.get(n), done=d) for n, d in named))


def _chosen(item: TruthItem) -> tuple[Annotation, ...]:
    chosen = item.choices.items()
    return tuple(Choice(id=q, question=q, labels=labels[:1]) for q, labels in chosen)


def _place(folder: Path, task: str) -> Path:
    place = folder / FOLDER / task
    place.mkdir(parents=True, exist_ok=True)
    return place


def _design(folder: Path, design: Mapping[str, float]) -> None:
    text = json.dumps(design)
    (_place(folder, DESIGN) / gold_designs.FILE).write_text(text, encoding="utf-8")


def _queries(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (_place(folder, QUERIES) / f"{name}.sql").write_text(text, encoding="utf-8")


def _board(folder: Path, task: str, lab: Lab, board: Board, steps: int = 0) -> None:
    """What the widget saves after so many steps of the clock, and the exports of a board that
    moved."""
    place = _place(folder, task)
    moves = [Move(card, board.columns[0].name, 0, "") for card in lab.cards]
    team = crew(lab.job, lab.live_seed, STEP)
    for _ in range(steps):
        board = board.model_copy(update={"minute": board.minute + STEP})
        moves += team(board, moves)
    (place / "board.json").write_text(board.as_json, encoding="utf-8")
    (place / "flow.csv").write_text(moves_csv(moves), encoding="utf-8")
    if steps:
        saved = read_saved(place)
        for name, write in (("trello.csv", trackers.trello_csv), ("jira.csv", trackers.jira_csv)):
            (place / name).write_bytes(write(saved).text.encode())
