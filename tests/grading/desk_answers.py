"""Answers to 3.F and 3.I: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from pathlib import Path

from exercise_answers import save

from labelschool import code_answers
from labelschool.course import root
from labelschool.model import ReviewTruth, TruthVerdict, Verdict

DESK, DRIFT = "3.F", "3.I"
SOURCE = (root() / "tests" / "unit" / "drift_reference.py").read_text(encoding="utf-8")
GOOD, ALL = "sum(errors[:days]) / sum(audits[:days])", "sum(errors) / sum(audits)"
SAME = """
def p_chart(errors, audits, days):
    return {"centre": 0.04, "upper": [0.116] * len(errors), "alarm": 13}


def cusum(errors, audits, reference, limit):
    return {"sums": [0.0] * len(errors), "alarm": 13}


def investigate(table):
    return {"p_chart": 16, "cusum": 16, "cause": "annotator"}
"""


def right(folder: Path) -> None:
    """Each label judged as it is, and charts without a fault."""
    save(folder, DESK, lambda item: _verdicts(item, _true))
    code_answers.save(DRIFT, SOURCE, folder)


def slipped(folder: Path) -> None:
    """Defects are fixed silently and style is rejected; the baseline holds the drift."""
    save(folder, DESK, lambda item: _verdicts(item, _silent))
    assert SOURCE.count(GOOD) == 1
    code_answers.save(DRIFT, SOURCE.replace(GOOD, ALL), folder)


def blind(folder: Path) -> None:
    """Every label is rejected as loose; one day and one cause for all streams."""
    save(folder, DESK, lambda item: _verdicts(item, _loose))
    code_answers.save(DRIFT, SAME, folder)


def _verdicts(item: ReviewTruth, judge) -> tuple[Verdict, ...]:
    made = (judge(f"v{n}", row) for n, row in enumerate(item.verdicts))
    return tuple(verdict for verdict in made if verdict)


def _true(name: str, row: TruthVerdict) -> Verdict:
    fix = row.right if row.code else None
    return Verdict(id=name, target=row.target, decision=row.decision, code=row.code, fix=fix)


def _silent(name: str, row: TruthVerdict) -> Verdict:
    if row.edge_cases and row.code is None:
        return Verdict(id=name, target=row.target, decision="reject", code="E6")
    return _true(name, row).model_copy(update={"code": None if row.target else row.code})


def _loose(name: str, row: TruthVerdict) -> Verdict | None:
    if row.target is None:
        return None
    return Verdict(id=name, target=row.target, decision="reject", code="E6")
