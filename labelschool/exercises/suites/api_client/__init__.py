"""2.K: the learner's client of the annotation API, in hidden scenarios, over a pipe.

`import_tasks(send, sleep, token, project, tasks)` brings every task into the project once,
`pull_labels(send, sleep, token, project)` returns every label once, and
`receive(headers, body, secret, now, seen)` judges the call of a webhook: ``(status, event)``.

What a client sends is answered by `labelschool.labs.api.respond`; nothing waits, because the
clock of a scenario moves by what the client sleeps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Judgement, cannot_run, judgement
from labelschool.exercises.suites.api_client.stage import KILLED, Stage
from labelschool.exercises.suites.api_client.webhooks import WEBHOOKS
from labelschool.labs import Fault

TASKS = 500
LABELS = 430
AGAIN = (
    "Send the same request again with the same Idempotency-Key: what was done is not done twice."
)
KEYS = "Make the key from what you send, such as a hash of the body."


@dataclass(frozen=True)
class Scenario:
    """A run against a platform on which something happens: what, and what a client should do."""

    name: str
    function: str
    happens: str
    advice: str
    play: Callable[[Stage], str]

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What came of it, between what happened and what to do; nothing where all is right."""
        stage = Stage(answer, self.function, seconds)
        wrong = self.play(stage)
        if not wrong or wrong.startswith(_ALONE):
            return judgement(wrong.removeprefix(_ALONE))
        return judgement(f"{self.happens} {wrong} {self.advice}")


_ALONE = "\0"
"""Marks a sentence that has nothing to do with what happens in the scenario."""


def _ended(outcome: Outcome, function: str) -> str:
    """A sentence about a run that gave no value."""
    if outcome.error is None:
        return ""
    if alone := cannot_run(outcome, function):
        return _ALONE + alone
    return f"Your function ended with: {outcome.error.rstrip('.')}."


def _silent(stage: Stage, outcome: Outcome) -> str:
    """A sentence about a run that sent nothing, by itself: then nothing happened to it."""
    if stage.platform.journal or outcome.error is not None:
        return ""
    return f"{_ALONE}{stage.function} sent nothing to the platform."


# Import -----------------------------------------------------------------------------------------


def tasks(n: int, batch: str = "a") -> list[dict[str, Any]]:
    """Tasks to import, in the order in which a client gets them."""
    return [
        {
            "external_id": f"{batch}-{k:03}",
            "image": f"{batch}/{k:03}.jpg",
            "width": 800,
            "height": 600,
        }
        for k in range(n)
    ]


def _imported(stage: Stage, *lists: list[dict[str, Any]]) -> str:
    """What is wrong with the tasks of the project, which should be these, each once."""
    held = stage.platform.projects[stage.project].tasks.values()
    found = Counter(task.external_id for task in held)
    wanted = [task["external_id"] for one in lists for task in one]
    wrong = []
    if missing := sum(not found[id_] for id_ in wanted):
        wrong.append(f"{missing} of {len(wanted)} tasks are missing.")
    if doubled := sum(n > 1 for n in found.values()):
        wrong.append(f"{doubled} tasks are there more than once.")
    if reused := sum(seen.status == 422 for seen in stage.platform.journal):
        wrong.append(f"{reused} requests had a key that came with another body before.")
    return " ".join(wrong)


def _import(*script: Fault) -> Callable[[Stage], str]:
    """500 tasks while a script of faults runs."""

    def play(stage: Stage) -> str:
        given = tasks(TASKS)
        outcome = stage.run(given, script=script)
        if silent := _silent(stage, outcome):
            return silent
        wrong = [_ended(outcome, stage.function), _imported(stage, given)]
        if stage.early:
            wrong.append(f"{stage.early} of your requests came before that time was over.")
        if script and not outcome.error and stage.clock.slept < 1:
            wrong.append("You sent again at once, without waiting a second.")
        if wrong[0].startswith(_ALONE):
            return wrong[0]
        return " ".join(filter(None, wrong))

    return play


def _import_killed(stage: Stage) -> str:
    given = tasks(TASKS)
    stage.seconds /= 2
    first = stage.run(given, killed_at=3)
    if silent := _silent(stage, first):
        return silent
    if first.error != KILLED:
        ended = _ended(first, stage.function) or "Your function returned before its third request."
        return ended if ended.startswith(_ALONE) else f"In the first run: {ended}"
    stage.clock.time += 3600
    return _ended(stage.run(given), stage.function) or _imported(stage, given)


def _import_two(stage: Stage) -> str:
    first, second = tasks(150, "a"), tasks(150, "b")
    stage.seconds /= 2
    for given in (first, second):
        outcome = stage.run(given)
        if wrong := _silent(stage, outcome) or _ended(outcome, stage.function):
            return wrong
    return _imported(stage, first, second)


def _refused(stage: Stage) -> str:
    stage.platform.token = "another token"
    outcome = stage.run(tasks(TASKS))
    sent, ended = len(stage.platform.journal), _ended(outcome, stage.function)
    if ended.startswith(_ALONE):
        return ended
    if not sent:
        return f"{_ALONE}{stage.function} sent nothing to the platform."
    if not ended:
        return "Your function ended as if all were well."
    return f"You sent {sent} requests." if sent > 2 else ""


# Pull -------------------------------------------------------------------------------------------


def _pull(*script: Callable[[Stage], Fault], n: int = LABELS) -> Callable[[Stage], str]:
    """Labels while a script of faults runs, which may add and remove some."""

    def play(stage: Stage) -> str:
        stage.add_labels(n)
        held = stage.platform.projects[stage.project].annotations
        before = dict(held)
        outcome = stage.run(script=[fault(stage) for fault in script])
        if silent := _silent(stage, outcome):
            return silent
        if ended := _ended(outcome, stage.function):
            return ended
        ever = {id_: label.model_dump() for id_, label in (before | held).items()}
        stayed = {id_ for id_ in before if id_ in held}
        wrong = [_pulled(outcome.value, ever, stayed)]
        if stage.early:
            wrong.append(f"{stage.early} of your requests came before that time was over.")
        return " ".join(filter(None, wrong))

    return play


def _pulled(value: Any, ever: dict[int, dict[str, Any]], stayed: set[int]) -> str:
    """What is wrong with a list of labels: all that stayed have to be in it, none twice."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return "Your function has to return a list of labels, each as the API gave it."
    ids = [row.get("id") if isinstance(row.get("id"), int) else None for row in value]
    if any(id_ not in ever or row != ever[id_] for id_, row in zip(ids, value, strict=True)):
        return "A label of your list is not as the API gave it."
    wrong = []
    if missing := len(stayed - set(ids)):
        wrong.append(f"{missing} of {len(stayed)} labels are missing.")
    if doubled := len(ids) - len(set(ids)):
        wrong.append(f"{doubled} labels are there twice.")
    return " ".join(wrong)


def _fault(*about: Any, **more: Any) -> Callable[[Stage], Fault]:
    return lambda stage: Fault(*about, **more)


def _taken_back(nth: int, *places: int) -> Callable[[Stage], Fault]:
    return lambda stage: Fault("GET", nth, "change", act=lambda: stage.remove(*places))


def _added(nth: int, n: int) -> Callable[[Stage], Fault]:
    return lambda stage: Fault("GET", nth, "change", act=lambda: stage.add_labels(n))


SUITE = (
    Scenario(
        "Import, a quiet day",
        "import_tasks",
        "500 tasks, and nothing goes wrong.",
        "At most 100 tasks go into one request, and the last request may hold fewer.",
        _import(),
    ),
    Scenario(
        "Import, 500 three times",
        "import_tasks",
        "Two requests in a row were answered with 500, and a later one was answered with 500 "
        "after its tasks had been created.",
        "A 500 does not say whether anything was done. Sleep a second, longer each time. " + AGAIN,
        _import(
            Fault("POST", 2, "error"),
            Fault("POST", 3, "error"),
            Fault("POST", 6, "error after commit"),
        ),
    ),
    Scenario(
        "Import, 429 with Retry-After",
        "import_tasks",
        "The second request was answered with 429 and Retry-After: 17.",
        "Sleep as many seconds as Retry-After says, then send the same request again.",
        _import(Fault("POST", 2, "busy", seconds=17)),
    ),
    Scenario(
        "Import, connection dropped after commit",
        "import_tasks",
        "Twice the tasks were created, and the connection closed before the answer.",
        "send raises ConnectionError: sleep a second. " + AGAIN,
        _import(Fault("POST", 3, "drop after commit"), Fault("POST", 6, "drop after commit")),
    ),
    Scenario(
        "Import, killed and run again",
        "import_tasks",
        "The process was killed when three requests had been carried out, and was run again with "
        "the same tasks.",
        "The second run has to use the keys of the first. " + KEYS,
        _import_killed,
    ),
    Scenario(
        "Import, two lists",
        "import_tasks",
        "Two lists of 150 other tasks each were imported, one after the other.",
        "Another body needs another key, also in another run. " + KEYS,
        _import_two,
    ),
    Scenario(
        "A token that is refused",
        "import_tasks",
        "Each request was answered with 401.",
        "No repetition mends a 401: raise an error after the first one, so that somebody looks.",
        _refused,
    ),
    Scenario(
        "Pull, several pages",
        "pull_labels",
        "430 labels, and nothing goes wrong.",
        "Ask for the next page until `next` is null.",
        _pull(),
    ),
    Scenario(
        "Pull, labels come and go",
        "pull_labels",
        "Between the requests, labels of pages that had been read were deleted, and others were "
        "added.",
        "Pages by number shift then. Begin with after=0, so that each page begins behind an id.",
        _pull(_taken_back(2, 3, 4, 50), _added(3, 7), _taken_back(4, 0, 1)),
    ),
    Scenario(
        "Pull, 429, 500 and deletions",
        "pull_labels",
        "One page was answered with 429 and Retry-After: 9, the next with 500 twice, and a label "
        "was deleted meanwhile.",
        "Sleep as long as Retry-After says, try a 500 again, and page by after.",
        _pull(
            _fault("GET", 2, "busy", seconds=9),
            _taken_back(3, 20),
            _fault("GET", 4, "error"),
            _fault("GET", 5, "error"),
        ),
    ),
    *WEBHOOKS,
)
