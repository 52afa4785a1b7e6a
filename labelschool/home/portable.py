"""What a learner carries away: the work passport and the submission, each one zip.

The passport is everything a learner made, to go on with elsewhere::

    manifest.json                       versions, time, size and sha256 per file
    results.json
    01-foundation/answers/1.A.json      and whatever else stands in answers/
    01-foundation/assignment.ipynb      notebooks whose text was changed

The submission is what an instructor grades: the module's two nbgrader notebooks, the counted
answers, and `submission.json` with the time.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from labelschool import answers, course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.home import passport_file, results, workspace

PASSPORT = "passport.zip"
TAKEN = ".passport-taken"
NOTEBOOKS = ("assignment.ipynb", "exercises.ipynb")
SUBMITTED = "submission.json"
"""The file of a submission that tells when it was made."""
FEW_WORDS = 100
"""A note with fewer is named as unfinished."""
MAX_OUTPUT_BYTES = 2_000_000
MAX_PORTFOLIO_FILE_BYTES = 5_000_000


@dataclass
class Restored:
    """What `restore` did: names of written files, of those that were the same, the copies kept of
    work that stood there before, and a sentence where this course corrected what scored it."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    made_at: str = ""
    corrected: str = ""

    def __str__(self) -> str:
        lines = [f"Restored {count(len(self.written), 'file')} of the passport of {self.made_at}."]
        if self.same:
            lines.append(f"{count(len(self.same), 'file')} already had the same content.")
        lines += [
            f"{name} was different here: yours is kept as {copy}."
            for name, copy in self.kept.items()
        ]
        return "\n".join(filter(None, [*lines, self.corrected]))


# Passport: out ----------------------------------------------------------------------------------


def work_files(home: Path) -> list[Path]:
    """Everything the learner made, in name order: answers with broken and kept copies, results,
    plan, portfolio, and notebooks of a work folder whose text was changed."""
    found = [path for name in passport_file.AT_HOME for path in home.glob(f"{name}*")]
    found += _portfolio(home / passport_file.PORTFOLIO)
    notebooks = list(home.glob("*.ipynb"))
    for folder in module_folders(home):
        found += answers.found(folder)
        notebooks += folder.glob("*.ipynb")
    if workspace.is_workspace(home):
        found += [
            path
            for path in notebooks
            if workspace.is_edited(home, path.relative_to(home).as_posix())
        ]
    own = (path for path in found if path.is_file() and not path.is_symlink())
    return sorted(path for path in own if passport_file.is_work(path.relative_to(home).as_posix()))


def _portfolio(folder: Path) -> Iterator[Path]:
    """The files of a portfolio, without what is hidden, such as a repository, or very large."""
    for path in folder.glob("*"):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _portfolio(path)
        elif path.is_file() and path.stat().st_size <= MAX_PORTFOLIO_FILE_BYTES:
            yield path


def module_folders(home: Path) -> list[Path]:
    """The module folders of a home, in order."""
    return sorted(
        path
        for path in home.iterdir()
        if path.is_dir() and re.fullmatch(passport_file.MODULE_FOLDER, path.name)
    )


def passport_bytes(home: Path) -> bytes:
    """The work passport of a home as the bytes of a zip."""
    files = {}
    for path in work_files(home):
        with contextlib.suppress(FileNotFoundError):
            files[path.relative_to(home).as_posix()] = path.read_bytes()
    return passport_file.write(files)


def refresh(home: Path | None) -> Path | None:
    """Write `passport.zip` in a home after a check; where that fails the check goes on.

    Returns the file, or None when there is no home or it cannot be written.
    """
    if home is None:
        return None
    path = home / PASSPORT
    try:
        answers.replace(path, passport_bytes(home))
    except OSError:
        return None
    return path


def mark_taken(home: Path) -> None:
    """Remember that a copy was just handed to the learner's browser."""
    answers.replace(home / TAKEN, answers.now() + "\n")


def taken(home: Path) -> tuple[datetime | None, int]:
    """When the learner last took a copy, and how many files are newer than that."""
    try:
        moment = datetime.fromisoformat((home / TAKEN).read_text(encoding="utf-8").strip())
        since = (home / TAKEN).stat().st_mtime
    except (OSError, ValueError):
        return None, len(work_files(home))
    return moment, sum(path.stat().st_mtime > since for path in work_files(home))


# Passport: in -----------------------------------------------------------------------------------


def restore(home: Path, zipped: bytes | Path) -> Restored:
    """Put the work of a passport into a home.

    A file that stands there with other content is first kept beside as ``.before-restore-N``.
    Raises `LabelSchoolError` before anything is written when the zip is broken or foreign, and
    when the disk refuses.
    """
    files, made_at = passport_file.read(zipped)
    done = Restored(made_at=_readable(made_at))
    for name, content in files.items():
        target = home / name
        if not target.resolve().is_relative_to(home.resolve()):
            raise passport_file.PassportError(
                f"{name} would lead out of your work folder through a link."
            )
        try:
            _put(home, name, content, done)
        except OSError as error:
            raise LabelSchoolError(
                f"{name} cannot be written ({error.strerror or error}); "
                f"{count(len(done.written), 'file')} before it are restored. Free some space or "
                "close programs that hold the file, then restore again."
            ) from error
    from labelschool.home import rescore

    done.corrected = rescore.notice(home)
    return done


def _readable(moment: str) -> str:
    """A time of a manifest in local words; what is none stays as it is."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%d %B %Y, %H:%M}"
    except ValueError:
        return moment


def _put(home: Path, name: str, content: bytes, done: Restored) -> None:
    target = home / name
    if target.is_file():
        mine = target.read_bytes()
        if mine == content:
            done.same.append(name)
            return
        is_notebook = name.endswith(".ipynb") and workspace.is_workspace(home)
        if not (is_notebook and not workspace.is_edited(home, name)):
            copy = workspace.keep_copy(mine, _before_names(target))
            done.kept[name] = copy.relative_to(home).as_posix()
    answers.replace(target, content)
    done.written.append(name)


def _before_names(target: Path) -> Iterator[Path]:
    """``1.A.json.before-restore-1``, and for notebooks ``NAME.before-restore-1.ipynb``."""
    for number in itertools.count(1):
        mark = f".before-restore-{number}"
        if target.suffix == ".ipynb":
            yield target.with_name(f"{target.stem}{mark}.ipynb")
        else:
            yield target.with_name(f"{target.name}{mark}")


# Submission -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Submission:
    """A module's submission: the zip, its name, and sentences about what is not in it yet."""

    name: str
    content: bytes
    missing: tuple[str, ...]

    def save(self, home: Path) -> Path:
        """Write the zip into a home; its being there opens the review of the counted pools."""
        answers.replace(home / self.name, self.content)
        return home / self.name


def submission(home: Path, folder: str, student: str) -> Submission:
    """The submission of a module: its nbgrader notebooks and counted answers, no practice, and the
    time.

    Raises `LabelSchoolError` for an unknown module, a name without letters, or a notebook that is
    missing or damaged. Work that is merely unfinished is named in `missing`.
    """
    module = module_to_submit(folder)
    who = clean_student(student)
    if not who:
        raise LabelSchoolError("Give your name as your instructor knows it: letters or digits.")
    files = {name: _slim_notebook(home / folder / name) for name in NOTEBOOKS}
    missing = []
    for task in module.tasks:
        if "counted" in task.pools:
            lacks = _counted_answer(task, home / folder, files)
            missing += lacks or _standing(task, home / folder)
        elif not task.widget:
            missing += _written_answer(task, home, folder)
        files |= answers.written(task, home / folder)
    for old in sorted((home / folder).glob("assignment.mine-*.ipynb")):
        missing.append(f"{old.name} holds your text from before an update: copy over what counts.")
    files[SUBMITTED] = (json.dumps({"submitted_at": answers.now()}) + "\n").encode()
    return Submission(
        f"labelschool-{folder}-{who}.zip", passport_file.zip_bytes(files), tuple(missing)
    )


def submitted(home: Path | None, task_id: str) -> bool:
    """Whether a submission of a task's module was made in this home."""
    folder = course.load().module_of(task_id).folder
    return bool(home and any(home.glob(f"labelschool-{folder}-*.zip")))


def opened(module: course.Module) -> list[str]:
    """The ids of the tasks whose reviews stay closed until a submission or the last attempt."""
    return [task.id for task in module.tasks if "counted" in task.pools and _has_attempts(task)]


def _has_attempts(task: course.Task) -> bool:
    """Whether checks of a counted pool are numbered; what is tried out may always be checked."""
    return task.widget != "hunt" and not task.suite


def clean_student(student: str) -> str:
    """A student's name as part of a file name: composed letters, umlauts kept, nothing that a
    path, a shell or nbgrader would read."""
    composed = " ".join(unicodedata.normalize("NFC", student).split())
    return re.sub(r"[^\w .@'-]", "-", composed)[:80].strip(" .-")


def is_written(home: Path, folder: str, task: course.Task) -> bool | None:
    """Whether the text cell of a written part differs from the one delivered; None if unknown."""
    own = written_text(home / folder, task)
    delivered = written_text(course.root() / "assignments" / folder, task)
    return None if own is None or delivered is None else own not in ("", delivered)


def written_text(folder: Path, task: course.Task) -> str | None:
    """The text cell of a written part; None where it cannot be read."""
    try:
        cells = json.loads((folder / "assignment.ipynb").read_bytes())["cells"]
        by_id = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in cells}
        return "".join(by_id[task.grade_id]["source"]).strip()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def module_to_submit(folder: str) -> course.Module:
    """The module of that folder, if it has something to hand in. Raises `LabelSchoolError`."""
    modules = {m.folder: m for m in course.load().modules if m.assignment}
    if folder not in modules:
        raise LabelSchoolError(
            f"There is no module {folder!r} to hand in; there is {', '.join(modules)}."
        )
    return modules[folder]


def _written_answer(task: course.Task, home: Path, folder: str) -> list[str]:
    """What a written part lacks, as sentences."""
    written = is_written(home, folder, task)
    if written is False:
        return [f"{task.id} {task.title}: the text is not written yet."]
    words = len((written_text(home / folder, task) or "").split())
    if written and words < FEW_WORDS:
        return [f"{task.id} {task.title}: the text has only {count(words, 'word')}."]
    return []


def _standing(task: course.Task, folder: Path) -> list[str]:
    """How a finished task stands that may still be made better, as a sentence."""
    home = folder.parent
    if submitted(home, task.id) or not _can_be_scored(task):
        return []
    entry = results.read(home).entries.get(f"exercise/{task.id}/counted")
    if entry and entry.last.passed:
        return []
    name, said = f"{task.id} {task.title}", "not checked yet"
    if entry:
        points = f"{entry.last.score * task.points:.1f}".removesuffix(".0")
        name, said = f"{name} {points} of {task.points:g}", "not passed"
    if not _has_attempts(task):
        return [f"{name}, {said}."] if entry else []
    file = answers.AnswerFile(task.id, "counted", task.guideline, folder)
    left = task.attempts - len(file.read().attempts)
    return [f"{name}, {said}, {count(left, 'attempt')} left."] if left > 0 else []


def _can_be_scored(task: course.Task) -> bool:
    """Whether a check is possible here: some truths are an instructor's alone."""
    return task.dataset is None or datasets.has_truth(task.dataset, "counted")


def _counted_answer(task: course.Task, folder: Path, files: dict[str, bytes]) -> list[str]:
    """Put a task's counted answer among the files; what it lacks, as sentences.

    Code and texts are put there with those of all tasks.
    """
    if task.suite:
        written = answers.written(task, folder)
        return [] if written else [f"{task.id} {task.title}: nothing is written yet."]
    file = answers.AnswerFile(task.id, "counted", task.guideline, folder)
    name = f"{task.id} {task.title}"
    try:
        answer = file.read()
        content = file.path.read_bytes() if answer.items else None
    except answers.BrokenAnswer as error:
        return [f"{name}: {error}"]
    if content is None:
        return [f"{name}: nothing is annotated yet."]
    files[f"{answers.FOLDER}/{file.path.name}"] = content
    try:
        names = [item.name for item in datasets.task_items(task, "counted")]
    except datasets.DataError:
        names = [item.item for item in answer.items]
    undone = sum(not answer.item(name).done for name in names)
    return [f"{name}: {count(undone, 'item')} not marked done."] if undone else []


def _slim_notebook(path: Path) -> bytes:
    """A notebook without the state of widgets, and without outputs where they are huge."""
    place = f"{path.parent.name}/{path.name}"
    try:
        notebook = json.loads(path.read_bytes())
        notebook["metadata"].pop("widgets", None)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        outputs = sum(len(json.dumps(cell["outputs"])) for cell in cells)
    except FileNotFoundError as error:
        raise LabelSchoolError(
            f"{place} is not in your work folder: run `labelschool update` to get it back."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelSchoolError(
            f"{place} cannot be read as a notebook: save it in JupyterLab, then try again."
        ) from error
    if outputs > MAX_OUTPUT_BYTES:
        for cell in cells:
            cell["outputs"] = []
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
