"""The part all annotators share: the widget, its messages, and saving.

The browser holds the work in progress; the answer file holds what is saved. They talk in custom
messages, because a synced trait would send all answers to every open tab at each edit::

    browser                                kernel
    hello {client}                    ->   state {revision, answers, notice}
    media {item, part}                ->   media {item, part} + bytes, or nomedia {sentence}
    save {client, seq, base, edits}   ->   saved {revision}, failed {sentence} or
                                           conflict {current}

`Saving` is the part of hello and save; `Annotator` adds items and their files.

ipykernel 7 handles messages in a thread of its own while a cell is busy: the handler holds a lock
for each answer file and touches no display.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import inspect
import json
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython import get_ipython
from pydantic import ValidationError

from labelschool.answers import Answer, AnswerFile, BrokenAnswer, Conflict, NotSaved, now
from labelschool.errors import LabelSchoolError
from labelschool.model import Item, ItemAnswer, first_error

STATIC = Path(__file__).parent / "static"
EVENTS = ".events"
PARTS = {
    "image": "picture",
    "camera": "camera picture",
    "frames": "clip",
    "neighbours": "slice beside",
    "sweep": "point cloud",
}
"""What can be asked of an item, and what a learner calls it."""
_NOT_SET = {"self", "mode", "hint", "settings", "shared", "unknown"}
"""Parameters of annotators that are no settings."""

_locks: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


class Labelled(anywidget.AnyWidget):
    """A widget of ours: one bundle for all, and a text form that is the same on every run."""

    _esm = STATIC / "annotator.js"
    _css = STATIC / "annotator.css"

    mode = traitlets.Unicode().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)

    exercise = ""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        _route_by_browser(self.comm)

    def __repr__(self) -> str:
        name = f"{type(self).__name__} {self.exercise}".strip()
        return f"{name}: run this cell"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = repr(self)
        return bundle


def refuse_unknown(widget: type, unknown: Iterable[str], known: Sequence[str]) -> None:
    """Raise one sentence about a misspelt setting, which traitlets would swallow."""
    for name in unknown:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(known)}."
        raise LabelSchoolError(f"{widget.__name__} has no setting {name!r}; {hint}")


class Saving(Labelled):
    """A widget whose work is kept in files; a subclass reads and writes them.

    Making one reads the files and never writes them. `path` names the work: widgets on the same
    path wait for each other, and the browser keeps drafts under it.
    """

    def __init__(self, *, mode: str, spec: dict[str, Any], path: Path) -> None:
        self._path = path.resolve()
        self._answered: dict[str, tuple[int, dict[str, Any]]] = {}
        # Two folders may hold the same exercise; the path itself is nobody's business.
        key = hashlib.sha256(str(self._path).encode()).hexdigest()[:16]
        super().__init__(mode=mode, spec={**spec, "draft_key": key})
        self.on_msg(self._receive)

    def _held(self) -> tuple[int | str, dict[str, Any], str | None]:
        """Revision and work as saved, and what to tell the learner about it."""
        raise NotImplementedError

    def _write(self, edits: list[dict[str, Any]], base: Any, replace: bool) -> int | str:
        """Save what changed since revision `base` and return the new revision.

        Raises `Conflict` when the files hold another, and OSError or `LabelSchoolError` when they
        cannot be written; ``replace`` is true when the learner chose to replace newer work.
        """
        raise NotImplementedError

    def _written(self, message: dict[str, Any]) -> None:
        """Called after a save."""

    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        """Which messages are understood, by kind."""
        return {"hello": self._hello, "save": self._save}

    def _receive(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        self._handlers()[message["kind"]](message)

    def _hello(self, message: dict[str, Any]) -> None:
        with _locks[self._path]:
            revision, answers, notice = self._held()
        state = {"kind": "state", "client": message["client"], "revision": revision}
        self.send({**state, "answers": answers, "notice": notice})

    def _save(self, message: dict[str, Any]) -> None:
        """Save once, and answer a repeated message with the same words."""
        client, sequence = message["client"], message["seq"]
        with _locks[self._path]:
            last, reply = self._answered.get(client, (-1, {}))
            fresh = last != sequence
            if fresh:
                reply = self._try_save(message)
            if reply["kind"] == "saved":
                self._answered[client] = (sequence, reply)
        self.send({**reply, "client": client, "seq": sequence})
        if fresh and reply["kind"] == "saved":
            self._written(message)

    def _try_save(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            replace = bool(message.get("replace"))
            revision = self._write(message["edits"], message["base"], replace)
        except Conflict as conflict:
            return {"kind": "conflict", "current": conflict.revision}
        except LabelSchoolError as error:
            return {"kind": "failed", "sentence": str(error)}
        except OSError as error:
            sentence = f"The answer file cannot be written ({error.strerror})."
            return {"kind": "failed", "sentence": sentence}
        return {"kind": "saved", "revision": revision}


def keep_replaced(path: Path) -> None:
    """Keep a copy of newer work that the learner chose to replace."""
    if path.exists():
        folder = path.parent / EVENTS
        folder.mkdir(exist_ok=True)
        moment = now().replace(":", "")
        shutil.copy2(path, folder / f"{path.stem}.replaced-{moment}{path.suffix}")


class Annotator(Saving):
    """Items, classes and an answer file; a subclass adds its mode, settings and what items need.

    Args:
        title: what the header says.
        answer_file: read on showing, written at each edit.
        rules: (number, short sentence) of the guideline, for escalation.
        guideline: id shown beside the title, such as ``G1.v1``.
    """

    def __init__(
        self,
        *,
        mode: str,
        items: Sequence[Item],
        classes: Sequence[str],
        hint: str,
        settings: dict[str, Any],
        title: str,
        answer_file: AnswerFile,
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        own, shared = (inspect.signature(kind.__init__) for kind in (type(self), Annotator))
        known = [name for name in (*shared.parameters, *own.parameters) if name not in _NOT_SET]
        refuse_unknown(type(self), unknown, known)
        if not items:
            raise LabelSchoolError(f"{type(self).__name__} needs at least one item to annotate.")
        if not classes:
            raise LabelSchoolError(f"{type(self).__name__} needs at least one class.")
        self.exercise = answer_file.exercise
        self._file = answer_file
        self._items = {item.name: item for item in items}
        spec = {
            "title": title,
            "items": [_described(item) for item in items],
            "classes": list(classes),
            "rules": [list(rule) for rule in rules],
            "guideline": guideline,
            "hint": hint,
            **settings,
        }
        super().__init__(mode=mode, spec=spec, path=answer_file.path)

    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {**super()._handlers(), "media": self._media}

    def _held(self) -> tuple[int, dict[str, Any], str | None]:
        try:
            answer, notice = self._file.read(), None
        except BrokenAnswer:
            answer = Answer(
                exercise=self._file.exercise, pool=self._file.pool, guideline=self._file.guideline
            )
            notice = unreadable(self._path)
        held = {
            item.item: item.model_dump(mode="json")
            for item in answer.items
            if item.item in self._items
        }
        return answer.revision, held, notice

    def _write(self, edits: list[dict[str, Any]], base: Any, replace: bool) -> int:
        try:
            answers = [ItemAnswer.model_validate(edit) for edit in edits]
        except ValidationError as error:
            raise NotSaved(
                f"This change cannot be saved ({first_error(error)}); undo it and go on."
            ) from error
        if replace:
            keep_replaced(self._path)
        return self._file.save({answer.item: answer for answer in answers}, int(base))

    def _media(self, message: dict[str, Any]) -> None:
        """Send the files of one part of an item: its picture, its frames and so on."""
        name, part = message["item"], message["part"]
        reply = {"item": name, "part": part}
        try:
            content = self._files(self._items[name], part)
        except (KeyError, OSError, ValueError):
            sentence = f"The {PARTS.get(part, 'file')} of {name} is missing or damaged; run "
            sentence += "`labelschool doctor` to see why."
            self.send({"kind": "nomedia", "sentence": sentence, **reply})
        else:
            self.send({"kind": "media", **reply}, content)

    def _files(self, item: Item, part: str) -> list[bytes]:
        """The bytes of a part.

        Raises KeyError for a part the item does not have, OSError for a file that is gone, and
        ValueError for one that cannot be used.
        """
        paths = {
            "image": item.image,
            "camera": item.camera,
            "frames": item.frames,
            "neighbours": item.neighbours,
        }[part]
        if not paths:
            raise KeyError(part)
        return [path.read_bytes() for path in ([paths] if isinstance(paths, Path) else paths)]

    def _written(self, message: dict[str, Any]) -> None:
        """Append what was done when; the log stays with the learner and never stops a save."""
        modes = message.get("modes", {})
        lines = [
            json.dumps(
                {
                    "at": now(),
                    "item": edit["item"],
                    "mode": modes.get(edit["item"], "mouse"),
                    "active_ms": edit.get("active_ms", 0),
                    "n": len(edit.get("annotations", [])),
                },
                ensure_ascii=False,
            )
            for edit in message["edits"]
        ]
        folder = self._path.parent / EVENTS
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            log = folder / f"{self._file.exercise}.{self._file.pool}.jsonl"
            with log.open("a", encoding="utf-8", newline="\n") as file:
                file.write("".join(f"{line}\n" for line in lines))


def unreadable(path: Path) -> str:
    """What to tell a learner whose answer file cannot be read."""
    return (
        f"{path.parent.name}/{path.name} cannot be read, so you start with an empty sheet. The "
        f"first save keeps the unreadable file beside the new one as {path.name}.broken-N."
    )


def _described(item: Item) -> dict[str, Any]:
    """What the browser is told of an item in advance; paths stay here, files are asked for."""
    apart = {"image", "neighbours", "frames", "sweep", "camera", "batch", "proposals"}
    told = item.model_dump(mode="json", exclude=apart, exclude_defaults=True)
    more = {
        "frames": len(item.frames),
        "neighbours": len(item.neighbours),
        "proposals": [proposal.model_dump(mode="json") for proposal in item.proposals],
    }
    return told | {name: value for name, value in more.items() if value}


def _route_by_browser(comm: Any) -> None:
    """Handle each message in the subshell the browser names, if the kernel knows it.

    ipykernel 7.4 sends a widget's messages to the subshell that last wrote to it: the first one
    waits for a busy cell, and after a kernel came back from a crash, when JupyterLab 4.6 still
    names a subshell of the old kernel, all of them are dropped.
    """
    if not hasattr(comm, "_reply_subshell_for"):
        return
    kernel = get_ipython().kernel

    def route(_data: Any, named: str | None) -> str | None:
        known = kernel.shell_channel_thread.manager.list_subshell()
        return named if named in known else None

    comm._reply_subshell_for = route
