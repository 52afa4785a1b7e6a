"""The records of the annotation API, as they go over the line. Lengths are pixels, times UTC.

The same classes check what a client sends and describe it in the OpenAPI document.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_TASKS = 100
"""The most tasks that one request may import."""

EVENTS = ("task.completed", "label.deleted")
Event = Literal["task.completed", "label.deleted"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Side = Annotated[int, Field(ge=1, le=100_000)]


class Given(BaseModel):
    """What a client sends: nothing is turned into another type, and nothing is left unread."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Problem(BaseModel):
    """Why a request was refused."""

    error: str


class NewProject(Given):
    """A project to create."""

    name: Name
    labels: list[Name] = Field(min_length=1, max_length=100, description="names of the classes")


class Project(BaseModel):
    """A project and how much is in it."""

    id: int
    name: str
    labels: list[str]
    tasks: int
    annotations: int


class NewTask(Given):
    """A picture to label. `external_id` is yours; the platform keeps it and does not compare it."""

    external_id: Name
    image: Name
    width: Side
    height: Side


class NewTasks(Given):
    """Tasks to import with one request."""

    tasks: list[NewTask] = Field(min_length=1, max_length=MOST_TASKS)


class Imported(BaseModel):
    """The ids of the tasks that one request created, in the order of the request."""

    ids: list[int]


class Task(BaseModel):
    """A task of a project."""

    id: int
    external_id: str
    image: str
    width: int
    height: int
    created_at: str


class Label(BaseModel):
    """A box on the picture of a task: left, top, width and height."""

    id: int
    task: int
    category: str
    bbox: list[float]
    annotator: str
    created_at: str


class Tasks(BaseModel):
    """A page of tasks; `count` is how many there are now, `next` the address of the next page."""

    count: int
    next: str | None
    results: list[Task]


class Labels(BaseModel):
    """A page of labels; `count` is how many there are now, `next` the address of the next page."""

    count: int
    next: str | None
    results: list[Label]


class NewExport(Given):
    """An export to make."""

    format: Literal["coco"]


class Export(BaseModel):
    """An export; `file` is the address of its content once it is done."""

    id: int
    status: Literal["pending", "done"]
    file: str | None


class NewWebhook(Given):
    """An address to call on events of a project."""

    url: Name
    events: list[Event] = Field(min_length=1)


class Webhook(BaseModel):
    """A webhook."""

    id: int
    url: str
    events: list[Event]


class WebhookSecret(Webhook):
    """A webhook as its creation answers: only here stands the secret it signs with."""

    secret: str


class Delivery(BaseModel):
    """A call of a webhook as it goes out: headers and the body, to the byte."""

    headers: dict[str, str]
    body: str


class Deliveries(BaseModel):
    """The calls of a webhook, oldest first."""

    results: list[Delivery]


class BatchPicture(BaseModel):
    """The picture of a label of a batch."""

    id: int
    file_name: str
    width: int
    height: int


class BatchLabel(BaseModel):
    """A label of a batch, with its picture."""

    id: int
    image: BatchPicture
    category: str
    bbox: list[float]
    annotator: int
    created_at: str


class BatchLabels(BaseModel):
    """A page of the labels of a batch."""

    count: int
    next: str | None
    results: list[BatchLabel]


class Coco(BaseModel):
    """A COCO table."""

    info: dict[str, Any]
    images: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
