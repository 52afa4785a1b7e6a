"""Erase what a learner made in a home, and nothing else.

`look` lists before anything is touched, and `erase` removes what was listed. A file goes when the
course makes files of that name in that place; every other file stays and is named. Links are not
followed, and folders that the course does not make are not entered. Whatever moment it is
interrupted at, a second run does the rest.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from labelschool import answers, course
from labelschool.errors import LabelSchoolError
from labelschool.home import passport_file, portable, workspace
from labelschool.pages.panel import Panel, Reply

_MODULE = passport_file.MODULE_FOLDER
_TASK = r"(\d\.([A-Z]|\d+)|A\d\.[a-z])"
_KEPT = r"(\.(broken|before-restore)-\d+)*"
_TEXTS = (
    r"((focus|flow|trello|jira)\.csv|(board|design|habits|reality|qa-plan|batch-\d\d)\.json"
    r"|[\w-]+\.sql|(guideline(\.v\d+)?|habits|reality|qa-plan|profile|headline|community|post|labelbox"
    r"|supervisely|cvat|mended)\.md)"
)
_MADE = re.compile(
    "|".join(
        [
            rf"(results|planner)\.json{_KEPT}",
            rf"roadmap(\.mine-\d+)?\.(md|html|ics|svg){_KEPT}",
            r"passport\.zip|\.passport-taken",
            rf"labelschool-{_MODULE}-[^/]+\.zip",
            rf"{_MODULE}/answers/{_TASK}(\.practice)?\.(json|py){_KEPT}",
            rf"{_MODULE}/answers/{_TASK}/{_TEXTS}{_KEPT}",
            rf"{_MODULE}/scratch/.+",
            rf"{_MODULE}/exports/[\w.-]+\.(json|jsonl|ndjson|xml|zip)",
            rf"{_MODULE}/2-L/(decisions\.csv|attribution\.md|boxes(\.old-\d+)?/.+)",
            rf"{_MODULE}/answers/\.events/{_TASK}\.(counted|practice)\.jsonl{_KEPT}",
            r"(.+/)?\.saving-[a-z0-9_]{8}",
        ]
    )
)
"""What the course makes, beside notebooks, by its place in a home."""

_PORTFOLIO = passport_file.PORTFOLIO
_PORTFOLIO_LIST = f"{_PORTFOLIO}/manifest.json"
_AGAIN = re.compile(rf"\.mine-\d+(?=\.[a-z]+{_KEPT}$)|{_KEPT}$")
_ENTERED = re.compile(
    rf"{_PORTFOLIO}(/\d\d-[a-z0-9-]+(/([a-z]+|{_TASK}))*)?|{_MODULE}/(exports|(scratch|2-L)(/.+)?)"
    rf"|({_MODULE}(/answers(/\.events|/{_TASK})?)?/)?\.ipynb_checkpoints"
    rf"|{_MODULE}(/answers(/\.events|/{_TASK})?)?"
)
_COPY = re.compile(
    r"(?P<stem>.+?)(\.mine-\d{4}-\d\d-\d\d(-\d+)?|\.before-restore-\d+)+(?P<end>\.ipynb)"
)
_CHECKPOINT = re.compile(
    r"(?P<folder>.+/|)\.ipynb_checkpoints/(?P<stem>[^/]+)-checkpoint(?P<end>\.[^./]+)"
)
_SHOWN = 25


@dataclass(frozen=True)
class Found:
    """What is in a home, by place: files that go, notebooks that are put back as they were
    delivered, and what stays because the course did not make it."""

    home: Path
    goes: tuple[str, ...]
    renewed: tuple[str, ...]
    stays: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.goes or self.renewed)

    @property
    def not_carried(self) -> tuple[str, ...]:
        """What goes and is not in a passport, apart from copies and traces."""
        carried = {
            path.relative_to(self.home).as_posix() for path in portable.work_files(self.home)
        }
        traces = re.compile(r".*(\.zip|\.passport-taken|/?\.saving-\w+|\.ipynb_checkpoints/.+)")
        return tuple(n for n in self.goes if n not in carried and not traces.fullmatch(n))


def look(home: Path) -> Found:
    """List what erasing would do to a home. Raises `LabelSchoolError` for any other folder."""
    home = home.resolve()
    if not ((home / workspace.START_PAGE).is_file() or workspace.is_workspace(home)):
        raise LabelSchoolError(
            f"{home} is no work folder of this course, so nothing in it is erased: name yours with "
            "--home."
        )
    delivered, portfolio = workspace.sources(), _portfolio(home)
    seeded = workspace.is_workspace(home)
    goes, renewed, stays = [], [], []
    for name in _files(home, ""):
        if name == workspace.RECORD:
            continue
        if not _is_here(home, name.rstrip("/")):
            stays.append(name)
        elif name in delivered:
            if seeded and not _is_as_delivered(home / name, delivered[name]):
                renewed.append(name)
        elif _is_made(name, delivered) or _AGAIN.sub("", name) in portfolio:
            goes.append(name)
        else:
            stays.append(name)
    # The list of the portfolio's files goes last: a second run after a broken one needs it.
    goes.sort(key=lambda name: name == _PORTFOLIO_LIST)
    return Found(home, tuple(goes), tuple(renewed), tuple(stays))


def erase(found: Found) -> str:
    """Remove what was listed and say so.

    Raises `LabelSchoolError` naming the files that would not go; the others are gone by then.
    """
    home, delivered, held = found.home, workspace.sources(), []
    for name in (*found.goes, *found.renewed):
        try:
            if not _is_here(home, name):
                continue
            if name in delivered:
                answers.replace(home / name, delivered[name].read_bytes())
            else:
                (home / name).unlink(missing_ok=True)
        except OSError:
            held.append(name)
    _remove_empty_folders(found)
    if held:
        raise LabelSchoolError(
            f"{portable.count(len(held), 'file')} could not be removed ({', '.join(held[:3])}): "
            "close the programs that hold them, then erase again."
        )
    if workspace.is_workspace(home):
        workspace.update(home, restore=False)
    said = f"{portable.count(len(found.goes), 'file')} erased"
    if found.renewed:
        said += f", {portable.count(len(found.renewed), 'notebook')} put back as delivered"
    return f"{said}."


def keep_passport(found: Found, target: Path | None = None) -> Path:
    """Write a passport before erasing: to a place, else beside the home under a free name.

    Raises `LabelSchoolError` when it would be erased itself or cannot be written.
    """
    if target is None:
        target = _free(found.home.parent / f"labelschool-passport-{date.today()}.zip")
    target = target.resolve()
    if target in {found.home / name for name in (*found.goes, *found.renewed)}:
        raise LabelSchoolError(f"{target.name} is among what goes: name another place for it.")
    try:
        answers.replace(target, portable.passport_bytes(found.home))
    except OSError as error:
        raise LabelSchoolError(f"{target} cannot be written: {error.strerror}.") from error
    return target


def listing(found: Found) -> str:
    """What erasing would do, in lines."""
    lines = [f"In {found.home}:"]
    lines += _part("would be erased", found.goes)
    lines += _part("would be put back as it was delivered", found.renewed)
    lines += _part("stays: the course did not make it", found.stays)
    if found.not_carried:
        lines.append(f"A passport does not carry {_listed(found.not_carried)}.")
    if _is_course(found.home):
        lines.append(
            "The notebooks here are the course's own: `git checkout -- modules` puts them back."
        )
    return "\n".join(lines)


def panel(home: Path) -> Panel:
    """The list, a passport to download, and a button that asks before it erases."""
    asked: list[Found] = []

    def take(_: str) -> Reply:
        content = portable.passport_bytes(home)
        return Reply("Handed to your browser's downloads.", "good", portable.PASSPORT, content)

    def ask(_: str) -> Reply:
        asked[:] = [look(home)]
        return Reply()

    def keep(_: str) -> Reply:
        asked.clear()
        return Reply("Nothing was erased.")

    def erase_it(_: str) -> Reply:
        listed, now = asked.pop() if asked else None, look(home)
        if listed != now:
            return Reply("Your folder has changed: look at the list again.", "warn")
        said = erase(now)
        return Reply(f"{said} Close your notebooks without saving, then begin anew.", "good")

    actions = {
        "take": take,
        "ask": ask,
        "keep": keep,
        "erase": erase_it,
        "again": lambda _: Reply(),
    }
    return Panel("erase", "Erase my work", lambda: _page(look(home), bool(asked)), actions)


# What is the course's ---------------------------------------------------------------------------


def _files(home: Path, folder: str) -> Iterator[str]:
    """Files of a home in name order; a folder that is not entered counts as one, with a slash."""
    try:
        with os.scandir(home / folder) as entries:
            names = sorted((folder + entry.name, entry.is_dir()) for entry in entries)
    except PermissionError:
        names = []
        yield folder
    for name, is_folder in names:
        if is_folder and _ENTERED.fullmatch(name) and _is_here(home, name):
            yield from _files(home, f"{name}/")
        else:
            yield f"{name}/" if is_folder else name


def _portfolio(home: Path) -> set[str]:
    """The files of a portfolio as its own list names them, and the list."""
    try:
        listed = json.loads((home / _PORTFOLIO_LIST).read_bytes())["files"]
        return {_PORTFOLIO_LIST, *(f"{_PORTFOLIO}/{name}" for name in listed)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _is_made(name: str, delivered: dict[str, Path]) -> bool:
    """Whether the course, or JupyterLab's checkpoint of its file, made what stands there."""
    if found := _CHECKPOINT.fullmatch(name):
        name = f"{found['folder']}{found['stem']}{found['end']}"
        if name in delivered:
            return True
    if found := _COPY.fullmatch(name):
        return f"{found['stem']}{found['end']}" in delivered
    return bool(_MADE.fullmatch(name))


def _is_as_delivered(path: Path, source: Path) -> bool:
    try:
        return path.read_bytes() == source.read_bytes()
    except PermissionError:
        return False


def _is_here(home: Path, name: str) -> bool:
    """Whether a place in a home is reached without a link, so that it is the home's own."""
    return (home / name).resolve() == home / name


def _remove_empty_folders(found: Found) -> None:
    folders = {parent for name in found.goes for parent in Path(name).parents}
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        if len(folder.parts) > 1 or folder.name in (".ipynb_checkpoints", _PORTFOLIO):
            try:
                if _is_here(found.home, folder.as_posix()):
                    (found.home / folder).rmdir()
            except OSError:
                continue


def _is_course(home: Path) -> bool:
    return home == (course.root() / "modules").resolve()


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


# What is shown ----------------------------------------------------------------------------------


def _part(what: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"{what} ({len(names)}):"
        yield from (f"  {name}" for name in names[:_SHOWN])
        if len(names) > _SHOWN:
            yield f"  and {len(names) - _SHOWN} more"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _page(found: Found, asked: bool) -> str:
    """The panel; the safe button takes the focus of the one that asks."""
    if not found:
        return (
            "<h3>Erase my work</h3><p>There is nothing here to erase.</p>"
            f"{_rows('Stays: the course did not make it', found.stays)}{_LOOK_AGAIN}"
        )
    body = _rows("Would be erased", found.goes)
    body += _rows("Would be put back as it was delivered", found.renewed)
    body += _rows("Stays: the course did not make it", found.stays)
    if found.not_carried:
        body += f"<p>A passport does not carry {escape(_listed(found.not_carried))}.</p>"
    if not asked:
        buttons = (
            "<button data-action='take' data-key='take'>Download my passport first</button>"
            "<button data-action='ask' data-key='ask'>Erase my work ...</button>"
        )
    else:
        body += (
            "<p data-state='bad'>Nobody can bring it back without a passport. Stop the notebooks "
            "in which you annotate before you go on.</p>"
        )
        buttons = (
            "<button class='ls-main' data-action='keep' data-key='ask'>Keep everything</button>"
            "<button data-action='erase' data-key='erase'>Erase it now</button>"
        )
    return f"<h3>Erase my work</h3>{body}<p>{buttons}</p>{'' if asked else _LOOK_AGAIN}"


_LOOK_AGAIN = "<p><button data-action='again' data-key='again'>Look again</button></p>"


def _rows(title: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    rows = "".join(f"<li><code>{escape(name)}</code></li>" for name in names[:_SHOWN])
    more = f"<li>and {len(names) - _SHOWN} more</li>" if len(names) > _SHOWN else ""
    return f"<h4>{title}</h4><ul>{rows}{more}</ul>"
