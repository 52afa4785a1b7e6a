"""The frame of the start page's panels: HTML from the kernel, actions from the browser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from labelschool.errors import LabelSchoolError

STATIC = Path(__file__).parent / "static"
MAX_UPLOAD_BYTES = 100_000_000


@dataclass(frozen=True)
class Reply:
    """What the browser is told after an action: a sentence, and perhaps a file to save."""

    status: str = ""
    state: str = ""
    download: str | None = None
    content: bytes = b""


Action = Callable[[str], Reply]


class Panel(anywidget.AnyWidget):
    """HTML with buttons: ``<button data-action="stop" data-value="...">`` calls an action.

    `draw` gives the HTML, again after each action. A callback never raises: a `LabelSchoolError`
    is shown as its sentence. `upload` takes the bytes of a file dropped on ``data-drop="upload"``.
    """

    _esm = STATIC / "start.js"
    _css = STATIC / "start.css"
    html = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        name: str,
        label: str,
        draw: Callable[[], str],
        actions: dict[str, Action],
        upload: Callable[[bytes], Reply] | None = None,
    ) -> None:
        self._name = name
        self._draw = draw
        self._actions = actions
        self._upload = upload
        self._received = bytearray()
        self._lock = threading.Lock()
        super().__init__(html=draw(), label=label)
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return f"start.{self._name}: run this cell"

    def _on_message(self, _: Any, message: dict[str, Any], buffers: list[memoryview]) -> None:
        with self._lock:
            try:
                reply = self._answer(message, buffers)
            except LabelSchoolError as error:
                reply = Reply(str(error), "bad")
            except Exception as error:
                reply = Reply(f"That did not work: {type(error).__name__}: {error}", "bad")
            if reply is not None:
                self._redraw()
                self._tell(reply)

    def _answer(self, message: dict[str, Any], buffers: list[memoryview]) -> Reply | None:
        action, value = message.get("action"), message.get("value")
        if action == "upload" and self._upload and isinstance(value, dict):
            if value.get("first"):
                self._received.clear()
            for piece in buffers:
                self._received += piece
            if len(self._received) > MAX_UPLOAD_BYTES:
                self._received.clear()
                raise LabelSchoolError("This file is too large for a passport.")
            if not value.get("last"):
                return None
            content = bytes(self._received)
            self._received.clear()
            return self._upload(content)
        if action in self._actions:
            return self._actions[action](str(value or ""))
        return Reply()

    def _redraw(self) -> None:
        try:
            self.html = self._draw()
        except LabelSchoolError as error:
            self.html = f"<p>{escape(str(error))}</p>"

    def _tell(self, reply: Reply) -> None:
        message = {"status": reply.status, "state": reply.state, "download": reply.download}
        self.send(message, [reply.content] if reply.download else None)
