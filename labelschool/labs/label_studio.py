"""A real Label Studio on this machine, in a virtual environment of its own.

It listens to 127.0.0.1 alone, keeps its data in a folder of its own, and is told to send neither
usage statistics nor error reports. What is said here of its interface was seen in 1.23.2.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from labelschool.datasets import places
from labelschool.errors import LabelSchoolError
from labelschool.formats import ontology
from labelschool.model import Item, ItemAnswer

VERSION = "1.23"
USER = "learner@localhost.local"
FIRST_START = 180
"""Seconds that its first start may take: it makes its database."""

_QUIET = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
}
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
"""Straight to this machine, past any proxy."""


def home() -> Path:
    """The folder of the environment and of its data."""
    return places.fetched("tools") / "label-studio"


class LabelStudio:
    """The server as a context manager: installed before, started on entry, ended on exit."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self.url = ""
        self._server: subprocess.Popen[bytes] | None = None

    # Installing and starting --------------------------------------------------------------------

    @property
    def is_installed(self) -> bool:
        """Whether an installation was finished here."""
        return (self.folder / "installed").is_file()

    def install(self) -> None:
        """Make the environment: about 800 MB and some minutes. Raises `LabelSchoolError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        venv.create(self.folder / "venv", with_pip=True, clear=True)
        log = self.folder / "install.log"
        with log.open("wb") as out:
            done = subprocess.run(
                [self._program("python"), "-m", "pip", "install", f"label-studio=={VERSION}.*"],
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise LabelSchoolError(
                f"Label Studio could not be installed; {log} says why. Mend it and run the same "
                "command again."
            )
        (self.folder / "installed").write_text(f"{VERSION}\n", encoding="utf-8")

    def __enter__(self) -> LabelStudio:
        if not self.is_installed:
            raise LabelSchoolError("Label Studio is not installed yet.")
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        account = self.account
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        with (self.folder / "server.log").open("wb") as out:
            self._server = subprocess.Popen(
                [
                    *(self._program("label-studio"), "start", "--no-browser"),
                    *("--internal-host", "127.0.0.1", "--port", str(port)),
                    *("--enable-legacy-api-token", "--user-token", account["token"]),
                    *("--username", USER, "--password", account["password"]),
                ],
                env=os.environ | _QUIET | {"LABEL_STUDIO_BASE_DATA_DIR": str(data)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    @property
    def account(self) -> dict[str, str]:
        """The password and the token of this installation, made once."""
        path = self.folder / "account.json"
        if not path.is_file():
            made = {"password": secrets.token_urlsafe(12), "token": secrets.token_hex(20)}
            path.touch(mode=0o600)
            path.write_text(json.dumps(made), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))

    def _program(self, name: str) -> str:
        windows = sys.platform == "win32"
        folder = self.folder / "venv" / ("Scripts" if windows else "bin")
        return str(folder / (f"{name}.exe" if windows else name))

    def _wait(self) -> None:
        """Until it answers. Raises `LabelSchoolError` when it ends, or not in time."""
        log = self.folder / "server.log"
        end = time.monotonic() + FIRST_START
        while time.monotonic() < end:
            if self._server.poll() is not None:
                raise LabelSchoolError(f"Label Studio ended at its start; {log} says why.")
            with suppress(OSError, LabelSchoolError):
                self.call("GET", "/api/projects/")
                return
            time.sleep(1)
        raise LabelSchoolError(f"Label Studio does not answer after {FIRST_START} s: see {log}.")

    # Its interface ------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What a request to its API answers. Raises `LabelSchoolError` with what it refuses."""
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self._request(method, path, content, "application/json"))

    def project(self, wanted: ontology.Ontology, items: Sequence[Item]) -> int:
        """The id of the project of that name; a new one gets our ontology, and these pictures as
        tasks.
        """
        there = self.call("GET", "/api/projects/?page_size=1000")["results"]
        found = next((each["id"] for each in there if each["title"] == wanted.project), None)
        return found or self._created(wanted, items)

    def _created(self, wanted: ontology.Ontology, items: Sequence[Item]) -> int:
        config = ontology.configs(wanted)["label-studio"].text
        project = self.call(
            "POST", "/api/projects/", {"title": wanted.project, "label_config": config}
        )["id"]
        for item in items:
            mark = secrets.token_hex(16)
            head = (
                f'--{mark}\r\nContent-Disposition: form-data; name="file"; '
                f'filename="{item.image.name}"\r\nContent-Type: image/jpeg\r\n\r\n'
            )
            content = head.encode() + item.image.read_bytes() + f"\r\n--{mark}--\r\n".encode()
            path = f"/api/projects/{project}/import"
            self._request("POST", path, content, f"multipart/form-data; boundary={mark}")
        return project

    def annotate(self, project: int, items: Sequence[Item], answers: dict[str, ItemAnswer]) -> int:
        """Send boxes as annotations, an empty one too; how many tasks got one."""
        tasks = self.call("GET", f"/api/tasks?project={project}&page_size=1000&fields=all")["tasks"]
        by_name = {item.image.name: item for item in items}
        for task in tasks:
            item = by_name[task["data"]["image"].rsplit("/", 1)[1].split("-", 1)[1]]
            result = [part for box in answers[item.name].annotations for part in _region(box, item)]
            self.call("POST", f"/api/tasks/{task['id']}/annotations/", {"result": result})
        return len(tasks)

    def export(self, project: int, form: str = "JSON") -> bytes:
        """The export of all tasks, those without an annotation too."""
        path = f"/api/projects/{project}/export?exportType={form}&download_all_tasks=true"
        return self._request("GET", path)

    def _request(
        self, method: str, path: str, content: bytes | None = None, kind: str = ""
    ) -> bytes:
        headers = {"Authorization": f"Token {self.account['token']}"}
        if content is not None:
            headers["Content-Type"] = kind
        request = urllib.request.Request(self.url + path, content, headers, method=method)
        try:
            with _open(request, timeout=120) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            said = error.read(300).decode("utf-8", "replace")
            raise LabelSchoolError(
                f"Label Studio refuses {method} {path} ({error.code}): {said}"
            ) from error


def _region(box: Any, item: Item) -> list[dict[str, Any]]:
    """A box as Label Studio has it: in percent, and its flags as choices with the same id."""
    x, y, w, h = box.bbox
    place = {
        "x": 100 * x / item.width,
        "y": 100 * y / item.height,
        "width": 100 * w / item.width,
        "height": 100 * h / item.height,
        "rotation": 0,
    }
    of_picture = {
        "id": secrets.token_hex(5),
        "to_name": "image",
        "original_width": item.width,
        "original_height": item.height,
        "image_rotation": 0,
    }
    label = {"from_name": "box", "type": "rectanglelabels"}
    regions = [of_picture | label | {"value": {**place, "rectanglelabels": [box.label]}}]
    flags = {"occluded": str(box.occluded) if box.occluded else ""}
    flags |= {name: "yes" * getattr(box, name) for name in ("truncated", "crowd", "unsure")}
    for name, value in flags.items():
        if value:
            choice = {"from_name": name, "type": "choices"}
            regions.append(of_picture | choice | {"value": {**place, "choices": [value]}})
    return regions


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
