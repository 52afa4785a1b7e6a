"""The platform behind the annotation API: projects, tasks, labels, exports and webhooks in memory.

Its state is changed by `labelschool.labs.api.respond`, and by `add_labels` and `remove`: the people
who label while a client pulls. All of it happens under one lock, so that threads may share it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from labelschool.labs.faults import Faults, Now
from labelschool.labs.messages import Refused, Request, Response
from labelschool.labs.records import Event, Label, NewTask, Project, Task
from labelschool.labs.store import LabelStore, coco_table

TOKEN = "lab-token"
"""The token of a platform that was given no other."""
EXPORT_SECONDS = 2.0
"""How long an export is pending."""


@dataclass(frozen=True)
class Seen:
    """A request as the platform saw it, with the status that it answered or tried to answer.

    `dropped` says that the answer never left.
    """

    at: float
    request: Request
    status: int
    dropped: bool = False


@dataclass
class Held:
    """A project with what is in it, by id."""

    id: int
    name: str
    labels: list[str]
    tasks: dict[int, Task] = field(default_factory=dict)
    annotations: dict[int, Label] = field(default_factory=dict)

    def record(self) -> Project:
        """The project as the API shows it."""
        counts = {"tasks": len(self.tasks), "annotations": len(self.annotations)}
        return Project(id=self.id, name=self.name, labels=self.labels, **counts)


@dataclass
class Hook:
    """A webhook of a project and the calls it made, oldest first."""

    id: int
    project: int
    url: str
    events: list[Event]
    secret: str
    calls: list[tuple[dict[str, str], str]] = field(default_factory=list)


def signature(secret: str, timestamp: str, body: str) -> str:
    """``sha256=`` and the HMAC-SHA256, in hex, of the timestamp, a dot and the body."""
    signed = f"{timestamp}.{body}".encode()
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Platform:
    """A labelling platform on this machine. Times are seconds since 1970, UTC.

    `store` is behind ``GET /annotations``; `faults` says what goes wrong, `now` what time it is.
    """

    def __init__(
        self,
        store: LabelStore | None = None,
        *,
        faults: Faults | None = None,
        now: Now = time.time,
        token: str = TOKEN,
    ) -> None:
        self.store = store
        self.faults = faults or Faults()
        self.now = now
        self.token = token
        self.lock = threading.RLock()
        self.projects: dict[int, Held] = {}
        self.exports: dict[int, tuple[int, float]] = {}
        self.hooks: dict[int, Hook] = {}
        self.answered: dict[tuple[str, str, str], tuple[str, Response]] = {}
        self.journal: list[Seen] = []
        self._last_id = 0

    def new_id(self) -> int:
        """The next id; no two things of a platform share one."""
        self._last_id += 1
        return self._last_id

    def project(self, id_: int) -> Held:
        """A project. Raises `Refused` where there is none."""
        if id_ not in self.projects:
            raise Refused(404, f"There is no project {id_}.")
        return self.projects[id_]

    def create_project(self, name: str, labels: list[str]) -> Held:
        """A new project without tasks."""
        with self.lock:
            made = Held(self.new_id(), name, labels)
            self.projects[made.id] = made
            return made

    def import_tasks(self, project: int, tasks: Iterable[NewTask]) -> list[int]:
        """Create tasks, each as often as it is given; their ids."""
        with self.lock:
            held, at = self.project(project), self._stamp()
            made = [Task(id=self.new_id(), created_at=at, **task.model_dump()) for task in tasks]
            held.tasks |= {task.id: task for task in made}
            return [task.id for task in made]

    def add_labels(
        self, project: int, boxes: Iterable[Mapping[str, Any]], annotator: str
    ) -> list[int]:
        """An annotator's labels, each with ``task``, ``category`` and ``bbox``; their ids.

        Webhooks on ``task.completed`` are called once for each task.
        """
        with self.lock:
            held, at = self.project(project), self._stamp()
            made = [
                Label(id=self.new_id(), annotator=annotator, created_at=at, **box) for box in boxes
            ]
            held.annotations |= {label.id: label for label in made}
            counted: dict[int, int] = {}
            for label in made:
                counted[label.task] = counted.get(label.task, 0) + 1
            for task, n in counted.items():
                external_id = held.tasks[task].external_id if task in held.tasks else None
                data = {"task": task, "external_id": external_id, "labels": n}
                self.call_hooks(project, "task.completed", data)
            return [label.id for label in made]

    def remove(self, project: int, labels: Iterable[int]) -> None:
        """Take labels back, as a reviewer does."""
        with self.lock:
            held = self.project(project)
            for id_ in labels:
                gone = held.annotations.pop(id_)
                self.call_hooks(project, "label.deleted", {"task": gone.task, "label": gone.id})

    def call_hooks(self, project: int, event: Event, data: Mapping[str, Any]) -> None:
        """Keep the call of every webhook of a project that waits for an event."""
        for hook in self.hooks.values():
            if hook.project == project and event in hook.events:
                id_ = f"evt-{self.new_id()}"
                content = {"id": id_, "event": event, "project": project, "data": dict(data)}
                hook.calls.append(signed(hook.secret, content, self.now()))

    def coco(self, project: int) -> dict[str, Any]:
        """A project as a COCO table; pictures without labels are in it."""
        held = self.project(project)
        images = [
            {"id": task.id, "file_name": task.image, "width": task.width, "height": task.height}
            for task in held.tasks.values()
        ]
        boxes = [(one.id, one.task, one.category, one.bbox) for one in held.annotations.values()]
        return coco_table(f"Label School, {held.name}", images, boxes)

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(secret: str, content: Mapping[str, Any], now: float) -> tuple[dict[str, str], str]:
    """Headers and body of the call of a webhook, signed at `now`."""
    body, timestamp = json.dumps(content), str(int(now))
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": signature(secret, timestamp, body),
    }
    return headers, body
