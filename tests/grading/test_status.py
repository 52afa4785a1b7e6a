"""The status list goes on, whatever one answer does to it."""

from __future__ import annotations

import shutil

import pytest
from nbformat.v4 import new_output

from labelschool import code_answers, course
from labelschool.grading import status
from labelschool.grading.status import Part

pytestmark = pytest.mark.grading

HOSTILE = {
    "huge": "def offer(*a): return {'year': 10**400, 'hour': 1}",
    "untyped": "import os\ndef offer(*a): os.write(1, b'{\"error\": 1}\\n' * 9); os._exit(0)",
    "nested": "import os\ndef offer(*a): os.write(1, b'[' * 200_000 + b'\\n'); os._exit(0)",
}


@pytest.fixture
def grading(tmp_path, tools):
    """What autograde leaves behind of three students, each with 10 points for a hostile answer."""
    for student, source in HOSTILE.items():
        code_answers.save("A1.d", source, tmp_path / "submitted" / student / tools.MODULE)
        graded = tmp_path / "autograded" / student / tools.MODULE
        graded.mkdir(parents=True)
        shutil.copy(course.root() / "assignments" / tools.MODULE / "assignment.ipynb", graded)
        with tools.edited(graded / "assignment.ipynb") as notebook:
            shown = new_output("execute_result", data={"text/plain": "10.0"}, execution_count=1)
            tools.cell_of(notebook, "A1-d").outputs = [shown]
    return tmp_path


def test_a_hostile_answer_is_named_and_the_list_goes_on(grading, tools):
    found = [part for part in status.parts(grading, tools.MODULE) if part.part == "A1-d"]
    said = "the answer file gives 0.00: look into this notebook"
    assert [(part.student, part.failed, part.remark) for part in found] == [
        (student, True, said) for student in sorted(HOSTILE)
    ]


def test_an_error_in_counting_again_fails_its_part_alone(grading, tools, monkeypatch):
    def counted(task, folder):
        if task.id == "A1.d":
            raise RuntimeError("no room left")
        return "", task.points

    monkeypatch.setattr(status, "counted", counted)
    failed = [part for part in status.parts(grading, tools.MODULE) if part.failed]
    assert {part.part for part in failed} == {"A1-d"}
    assert {part.student for part in failed} == set(HOSTILE)
    assert {part.remark for part in failed} == {
        "scored again it ended with RuntimeError: no room left"
    }


def test_control_characters_of_a_learner_are_written_out():
    remark = "E: \x1b[2J\rkim exercises 10.00 / 10\n\u202e\ud800 é"
    line = str(Part("Jörg", "exercises", "1-A", 0.0, 10, remark))
    assert line.endswith(r"E: \x1b[2J\rkim exercises 10.00 / 10\n\u202e\ud800 é")
    assert line.startswith("Jörg ")
