"""WebKit over the W3C WebDriver protocol, as Debian's WebKitWebDriver speaks it."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab import wait_until

DRIVER = "/usr/bin/WebKitWebDriver"
CONTROL, ENTER = "\ue009", "\ue007"


class Page:
    """The one window of a session."""

    def __init__(self, base: str) -> None:
        self._base = base
        browser = {"args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser}}
        started = self._call("POST", "/session", {"capabilities": wanted})
        self._base += f"/session/{started['sessionId']}"

    def _call(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(
            self._base + path,
            data=body,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=90) as reply:
            return json.load(reply)["value"]

    def resize(self, width: int, height: int) -> None:
        """Make the window so many pixels wide and high."""
        self._call("POST", "/window/rect", {"width": width, "height": height})

    def open(self, url: str) -> None:
        """Load a page."""
        self._call("POST", "/url", {"url": url})

    def js(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, selector: str) -> None:
        """Click the first element."""
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        self._call("POST", f"/element/{next(iter(found.values()))}/click", {})

    def chord(self, *keys: str) -> None:
        """Press keys together."""
        down = [{"type": "keyDown", "value": key} for key in keys]
        up = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._act({"type": "key", "id": "keys", "actions": down + up})

    def drag(self, *places: tuple[float, float]) -> None:
        """Press at the first place, move over the others, and let go."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 100}
            for x, y in places
        ]
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        self._act({"type": "pointer", "id": "mouse", "actions": [moves[0], down, *moves[1:], up]})

    def _act(self, source: dict[str, Any]) -> None:
        self._call("POST", "/actions", {"actions": [source]})

    def screenshot(self, path: Path) -> None:
        """A picture of the window."""
        path.write_bytes(base64.b64decode(self._call("GET", "/screenshot")))

    def close(self) -> None:
        """End the session."""
        self._call("DELETE", "")


@contextmanager
def webkit() -> Iterator[Page]:
    """A window of WebKit on a screen that nobody sees."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1100x1400x24"]
    driver = subprocess.Popen(
        [*screen, DRIVER, f"--port={port}", "--host=127.0.0.1"],
        env={**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"},
        start_new_session=True,
    )
    try:
        wait_until(lambda: _answers(port), 30, "WebKit to start")
        page = Page(f"http://127.0.0.1:{port}")
        yield page
        page.close()
    finally:
        os.killpg(driver.pid, signal.SIGTERM)
        driver.wait(20)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
