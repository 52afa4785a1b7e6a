"""A temporary course with a cohort: graded once by the real nbgrader, looked at by many tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

# The modules of answers are no test modules.
sys.path.insert(0, str(Path(__file__).parent))

import delivery_answers
import desk_answers
import exercise_answers
import motion_answers
import quality_answers
import repair_answers
import shape_answers
import text_answers
import tools_answers

from labelschool import code_answers
from labelschool.answers import AnswerFile
from labelschool.course import load
from labelschool.datasets import task_items, task_truth
from labelschool.home import portable
from labelschool.model import Box, ItemAnswer, TruthItem, TruthVerdict, Verdict

ROOT = Path(__file__).resolve().parents[2]
MODULE = "01-foundation"
HIDDEN_LINE = 'assert habits == ["zoom", "box", "check"], "the hidden habits are three"'
BOXES, STREETS, OFFER = "1.A", "A1.a", "A1.d"
REVISION, HUNT = "A1.b", "A1.c"
ANSWERS = {
    "02-tools": (delivery_answers, motion_answers, shape_answers, text_answers, tools_answers),
    "03-quality": (desk_answers, quality_answers, repair_answers),
}
"""Each has `right`, `slipped` and `blind`, functions from a folder to its saved answers."""
SEEDED = {"audit_log", "broken_exports", "crowd120"}
"""Sets from whose seed a suite makes hidden cases, besides those that a task names."""


@dataclass
class Course:
    """A checkout in a temporary folder, driven by the nbgrader command."""

    root: Path
    module: str = MODULE
    logs: dict[str, str] = field(default_factory=dict)

    @classmethod
    def copy(cls, root: Path, module: str = MODULE) -> Course:
        """What grading needs of this checkout: manifest, configuration, sources, data."""
        for name in ("course.yml", "nbgrader_config.py"):
            shutil.copy(ROOT / name, root / name)
        for name in ("content/guidelines", "content/queries", "solutions", "assignments"):
            shutil.copytree(ROOT / name, root / name)
        tasks = [task for module in load().modules for task in module.tasks]
        for name in sorted({task.dataset for task in tasks if task.dataset} | SEEDED):
            shutil.copytree(ROOT / "datasets" / name, root / "datasets" / name)
        return cls(root, module)

    def nbgrader(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run an nbgrader command here as an instructor would, without the venv on PATH."""
        bare = {k: v for k, v in os.environ.items() if not k.startswith("LABELSCHOOL")}
        bare["PATH"] = os.pathsep.join(["/usr/local/bin", "/usr/bin", "/bin"])
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            env=bare | {"JUPYTER_CONFIG_DIR": str(self.root / "no-config")} | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )
        self.logs[arguments[0]] = done.stdout + done.stderr
        return done

    def truth(self, task_id: str) -> list[dict]:
        """The items of a task's counted truth, every field written out."""
        task = load().task(task_id)
        path = self.root / "datasets" / task.dataset / "truth" / "counted.json"
        names = {item.name for item in task_items(task, "counted")}
        found = json.loads(path.read_text(encoding="utf-8"))["items"]
        items = [TruthItem.model_validate(item) for item in found if item["item"] in names]
        return [item.model_dump(mode="json") for item in items]

    def submission(self, student: str) -> Path:
        """The folder of a submission, released notebooks inside, as `submit` would zip it."""
        folder = self.root / "desks" / student / self.module
        folder.mkdir(parents=True)
        for notebook in (self.root / "assignments" / self.module).glob("*.ipynb"):
            shutil.copy(notebook, folder)
        return folder

    def downloads(self) -> Path:
        """Where an instructor puts the archives of an LMS."""
        folder = self.root / "grading" / "downloaded" / self.module / "archive"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def hand_in(self, folder: Path) -> None:
        """Zip a submission's folder as it is, broken files too, and download it."""
        path = self.downloads() / f"labelschool-{self.module}-{folder.parent.name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                zipped.write(file, file.relative_to(folder).as_posix())

    def scores(self, student: str) -> dict[str, float | None]:
        """Grade id -> points in the gradebook; None where a person has to grade."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'grading' / 'gradebook.db'}", "labelschool") as gb:
            submission = gb.find_submission(self.module, student)
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            return {g.name: None if g.needs_manual_grade else g.score for g in grades}

    def folder(self, step: str, student: str) -> Path:
        """`grading/STEP/STUDENT/MODULE`."""
        return self.root / "grading" / step / student / self.module

    def feedback(self, student: str) -> str:
        """All feedback pages of a student as one text."""
        pages = sorted(self.folder("feedback", student).glob("*.html"))
        return "\n".join(page.read_text(encoding="utf-8") for page in pages)

    def output(self, student: str, grade_id: str) -> str:
        """What an autograded cell shows, streams and values."""
        for path in self.folder("autograded", student).glob("*.ipynb"):
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
                    return "\n".join(
                        output.get("text") or output["data"]["text/plain"]
                        for output in cell.outputs
                    )
        raise LookupError(f"{grade_id} is not in the autograded notebooks of {student}")


def perfect(
    truth: list[dict], task_id: str, keep: Callable[[int], bool] = lambda number: True
) -> dict[str, ItemAnswer]:
    """The answer that the truth itself would give; `keep` drops objects by their number."""
    classes = load().task(task_id).classes
    answer, number = {}, 0
    for item in truth:
        boxes = []
        for thing in item["objects"]:
            if thing["level"] != "must" or thing["label"] not in classes:
                continue
            number += 1
            if keep(number):
                same = ("label", "bbox", "occluded", "truncated", "crowd")
                boxes.append(Box(id=f"b{thing['id']}", **{key: thing[key] for key in same}))
        answer[item["item"]] = ItemAnswer(item=item["item"], annotations=tuple(boxes), done=True)
    return answer


def save(folder: Path, task_id: str, answer: Mapping[str, ItemAnswer]) -> Path:
    """Save an answer the way the annotator does, in a lesson or anywhere else in that folder."""
    file = AnswerFile(task_id, "counted", load().task(task_id).guideline, folder)
    file.save(answer, base=0)
    return file.path


def revise(folder: Path, keep: Callable[[str], bool] = lambda item: True) -> Path:
    """Take the streets of a submission over, and bring the pictures that `keep` names to version 2
    as the truth has it.
    """
    task = load().task(REVISION)
    file = AnswerFile(task.id, "counted", task.guideline, folder)
    file.begin(AnswerFile(STREETS, "counted", "G1.v1", folder).read())
    same = ("label", "bbox", "occluded", "truncated", "crowd", "mirror")
    answer = {}
    for item in filter(lambda item: keep(item.item), task_truth(task, "counted")):
        asked = [o for o in item.objects if o.crowd or o.label in task.classes]
        boxes = (Box(id=f"b{o.id}", **{key: getattr(o, key) for key in same}) for o in asked)
        answer[item.item] = ItemAnswer(item=item.item, annotations=tuple(boxes), done=True)
    file.save(answer, file.read().revision)
    return file.path


def verdicts(judge: Callable[[str, TruthVerdict], Verdict | None]) -> dict[str, ItemAnswer]:
    """A review of the hunt: what `judge` makes of each item and true verdict."""
    answer = {}
    for item in task_truth(load().task(HUNT), "counted"):
        given = (judge(item.item, row) for row in item.verdicts)
        named = [v.model_copy(update={"id": f"v{n}"}) for n, v in enumerate(given) if v]
        answer[item.item] = ItemAnswer(item=item.item, annotations=tuple(named), done=True)
    return answer


def as_true(_: str, row: TruthVerdict) -> Verdict:
    """The verdict that the truth holds."""
    fix = row.right if row.decision == "fix" else None
    return Verdict(id="v", target=row.target, decision=row.decision, code=row.code, fix=fix)


def accepted(row: TruthVerdict) -> Verdict | None:
    """An acceptance; what nobody labelled goes unseen."""
    return Verdict(id="v", target=row.target, decision="accept") if row.target else None


def rejected(_: str, row: TruthVerdict) -> Verdict | None:
    """A rejection of every label by one code."""
    if row.target is None:
        return None
    return Verdict(id="v", target=row.target, decision="reject", code="E6")


def solution(course: Course) -> str:
    """The function of A1.d as the instructor's notebook holds it."""
    path = course.root / "solutions" / MODULE / "assignment.ipynb"
    cell = cell_of(nbformat.read(path, as_version=4), "A1-d-code")
    return cell.source.partition("\n")[2]


@contextlib.contextmanager
def edited(path: Path):
    """A notebook to change and write back."""
    notebook = nbformat.read(path, as_version=4)
    yield notebook
    nbformat.write(notebook, path)


def cell_of(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    """The cell of a grade id."""
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def add_hidden_test(course: Course) -> None:
    """Give the temporary assignment a code answer with a hidden test, as later modules have."""
    flags = {"schema_version": 3, "task": False}
    answer = {"grade": False, "solution": True, "locked": False, "grade_id": "habits", **flags}
    test = {"grade": True, "solution": False, "locked": True, "grade_id": "habits-test", **flags}
    with edited(course.root / "solutions" / MODULE / "assignment.ipynb") as notebook:
        notebook.cells += [
            new_code_cell(
                '### BEGIN SOLUTION\nhabits = ["zoom", "box", "check"]\n### END SOLUTION',
                id="habits",
                metadata={"nbgrader": answer},
            ),
            new_code_cell(
                f"assert habits\n### BEGIN HIDDEN TESTS\n{HIDDEN_LINE}\n### END HIDDEN TESTS",
                id="habits-test",
                metadata={"nbgrader": test | {"points": 2}},
            ),
        ]


def jörg(course: Course) -> None:
    """Everything right, handed in by `labelschool submit`, kept by a Mac, renamed by Moodle.

    The boxes are in the answer file alone, as when they were drawn in a lesson of the module.
    """
    folder = course.submission("Jörg Müller")
    for task_id in (BOXES, STREETS):
        save(folder, task_id, perfect(course.truth(task_id), task_id))
    code_answers.save(OFFER, solution(course), folder)
    exercise_answers.right(folder)
    revise(folder)
    save(folder, HUNT, verdicts(as_true))
    with edited(folder / "assignment.ipynb") as notebook:
        cell_of(notebook, "habits").source = 'habits = ["zoom", "box", "check"]'
        cell_of(notebook, "A1-e").source = "Dear Kim, I decide what a model may learn."
    made = portable.submission(folder.parent, MODULE, "Jörg Müller")
    assert made.name == f"labelschool-{MODULE}-Jörg Müller.zip"
    name = unicodedata.normalize("NFD", made.name.replace(".zip", " (1).zip"))
    archive = course.downloads() / f"Jorg Muller_4711_assignsubmission_file_{name}"
    archive.write_bytes(made.content)


def untouched(course: Course) -> None:
    """The release handed back."""
    course.hand_in(course.submission("untouched"))


def partial(course: Course) -> None:
    """Half of the objects, and the notebooks mistreated: cells deleted, copied, flags flipped."""
    folder = course.submission("partial")
    for task_id in (BOXES, STREETS):
        save(folder, task_id, perfect(course.truth(task_id), task_id, keep=lambda n: n % 2 == 0))
    code_answers.save(OFFER, solution(course).replace("* rate", "/ rate"), folder)
    exercise_answers.slipped(folder)
    revise(folder, keep=lambda item: item[-3:] in ("025", "032", "035"))
    save(
        folder,
        HUNT,
        verdicts(lambda i, row: as_true(i, row) if i < "street_batches-018" else accepted(row)),
    )
    with edited(folder / "exercises.ipynb") as notebook:
        notebook.cells = [c for c in notebook.cells if "nbgrader" not in c.metadata]
    with edited(folder / "assignment.ipynb") as notebook:
        score_cell = cell_of(notebook, "A1-a")
        score_cell.source = "35.0"
        score_cell.metadata.nbgrader.update(points=100, grade=False, locked=False, solution=True)
        copied = new_code_cell("100.0", metadata={"nbgrader": {**score_cell.metadata.nbgrader}})
        copied.metadata.nbgrader.update(grade_id="A1-a-copy", grade=True)
        notebook.cells.append(copied)
        cell_of(notebook, "habits").source = 'habits = ["haste"]'
    course.hand_in(folder)


LOOPS_AND_LEAVES = """
    import os

    print('{"value": {"year": 1, "hour": 1}}')
    if unpaid == 12.5:
        os._exit(0)
    while rate == 0:
        pass
"""


def broken(course: Course) -> None:
    """A file cut off by a full disk, one with an unresolved git conflict, and code that prints,
    loops and leaves its process.
    """
    folder = course.submission("broken")
    head, body = solution(course).split("\n", 1)
    code_answers.save(OFFER, f"{head}{LOOPS_AND_LEAVES}{body}", folder)
    path = save(folder, BOXES, perfect(course.truth(BOXES), BOXES))
    path.write_bytes(path.read_bytes()[:400])
    path = save(folder, STREETS, perfect(course.truth(STREETS), STREETS))
    lines = path.read_text(encoding="utf-8").splitlines()
    conflict = ["<<<<<<< HEAD", lines[3], "=======", lines[3], ">>>>>>> work"]
    path.write_text("\n".join([*lines[:3], *conflict, *lines[4:]]), encoding="utf-8")
    course.hand_in(folder)


def foreign(course: Course) -> None:
    """The file of another exercise under this one's name, and one with a hand-made width of -5;
    all boxes of a revision deleted, and every label of the hunt rejected.
    """
    folder = course.submission("foreign")
    exercise_answers.blind(folder)
    wrong = save(folder, STREETS, perfect(course.truth(STREETS), STREETS))
    revised = revise(folder, keep=lambda item: False)
    emptied = json.loads(revised.read_text(encoding="utf-8"))
    emptied["items"] = [item | {"annotations": []} for item in emptied["items"]]
    revised.write_text(json.dumps(emptied), encoding="utf-8")
    save(folder, HUNT, verdicts(rejected))
    shutil.copy(wrong, wrong.with_name(f"{BOXES}.json"))
    data = json.loads(wrong.read_text(encoding="utf-8"))
    item = next(item for item in data["items"] if item["annotations"])
    item["annotations"][0]["bbox"][2] = -5
    wrong.write_text(json.dumps(data), encoding="utf-8")
    course.hand_in(folder)


TAKE_THE_TRUTH = """
from labelschool import datasets, exercise
from labelschool.datasets import task_items
from labelschool.model import Box, ItemAnswer, TruthItem, Verdict

for task in ("1.A", "A1.a"):
    chosen = exercise(task)
    truth = datasets.task_truth(chosen.task, "counted")
    print(truth)
    file = chosen.file
    taken = {
        item.item: ItemAnswer(
            item=item.item,
            annotations=tuple(
                Box(id=str(thing.id), label=thing.label, bbox=thing.bbox)
                for thing in item.objects
            ),
        )
        for item in truth
    }
    file.save(taken, base=file.read().revision)
exercise("A1.b").annotate(again=True)
hunt = exercise("A1.c")
taken = {
    item.item: ItemAnswer(
        item=item.item,
        annotations=tuple(
            Verdict(id=str(n), target=row.target, decision=row.decision, code=row.code)
            for n, row in enumerate(item.verdicts)
        ),
    )
    for item in datasets.task_truth(hunt.task, "counted")
}
hunt.file.save(taken, base=hunt.file.read().revision)
print("took the truth")
score = lambda task: 10.0
"""


TAKE_THE_SOLUTION = """
from labelschool.career import pay

def offer(amount, per, hours, unpaid, rate):
    found = pay.offer(amount, per, hours=hours, unpaid=unpaid, rate=rate)
    return {"year": found.yearly, "hour": found.hourly}
"""


def nosy(course: Course) -> None:
    """A third of 1.A, cells that print and take the truth, bend `score` and print all cells, and
    code that lets the course compute.
    """
    folder = course.submission("nosy")
    code_answers.save(OFFER, TAKE_THE_SOLUTION, folder)
    save(folder, BOXES, perfect(course.truth(BOXES), BOXES, keep=lambda n: n % 3 == 0))
    for name in ("exercises", "assignment"):
        with edited(folder / f"{name}.ipynb") as notebook:
            notebook.cells.insert(0, new_code_cell(TAKE_THE_TRUTH))
            notebook.cells.append(new_code_cell("print(In)"))
    course.hand_in(folder)


SPREAD_THE_TRUTH = """
import json
from pathlib import Path

import labelschool
from labelschool import datasets, exercise

truth = str(datasets.task_truth(exercise("A1.a").task, "counted"))
Path("counted.json").write_text(truth)
Path("pictures").mkdir()
Path("pictures/assignment.html").write_text(truth)
graded = json.loads(Path("assignment.ipynb").read_text(encoding="utf-8"))
graded["cells"].insert(0, {"id": "t", "cell_type": "markdown", "metadata": {}, "source": truth})
Path("assignment.ipynb").write_text(json.dumps(graded), encoding="utf-8")
labelschool.score = lambda task: print(truth) or 0.0
"""


def spy(course: Course) -> None:
    """Nothing annotated; a cell that carries the truth to wherever feedback may take it from."""
    folder = course.submission("spy")
    with edited(folder / "exercises.ipynb") as notebook:
        notebook.cells.insert(0, new_code_cell(SPREAD_THE_TRUTH))
    course.hand_in(folder)


@pytest.fixture(scope="session")
def cohort(tmp_path_factory) -> Course:
    """Released, handed in, collected, autograded, and given feedback."""
    course = Course.copy(tmp_path_factory.mktemp("cohort"))
    add_hidden_test(course)
    assert course.nbgrader("generate_assignment", MODULE, "--force").returncode == 0
    # What a careless author may leave in the sources; autograde must not copy it to learners.
    save(course.root / "solutions" / MODULE, BOXES, {})
    for hand_in in (jörg, untouched, partial, broken, foreign, nosy, spy):
        hand_in(course)
    for step in ("zip_collect", "autograde", "generate_feedback"):
        done = course.nbgrader(step, MODULE)
        assert done.returncode == 0, done.stderr[-3000:]
    return course


@pytest.fixture
def course_copy(tmp_path) -> Course:
    """A fresh temporary course."""
    return Course.copy(tmp_path)


@pytest.fixture(scope="session")
def tools():
    """The helpers of this file, for tests (pytest's importlib mode has no `from conftest`)."""
    return sys.modules[__name__]
