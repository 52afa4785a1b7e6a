"""`labelschool tool`: a real tool on this machine, and exports of real tools graded here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

tool_app = typer.Typer(help="Real tools, and what they export.", rich_markup_mode=None)

TaskOption = Annotated[
    str, typer.Option("--exercise", help="An exercise with a practice pool of boxes.")
]


@tool_app.command("grade", epilog="Example: labelschool tool grade export.zip --exercise 2.A")
def grade(
    export: Annotated[Path, typer.Argument(help="A file, a folder or a zip that a tool exported.")],
    task: TaskOption = "2.A",
    tool: Annotated[
        str | None, typer.Option("--from", help="The format, such as cvat; else recognised.")
    ] = None,
) -> None:
    """Grade the export of a tool on the practice pool of an exercise. Nothing is recorded."""
    from labelschool.labs.real_tools import graded_export

    print(repr(graded_export(export, task, tool)))


@tool_app.command("label-studio", epilog="Example: labelschool tool label-studio --demo")
def label_studio(
    task: TaskOption = "2.A",
    out: Annotated[Path, typer.Option(help="The folder for the export.")] = Path("exports"),
    demo: Annotated[
        bool, typer.Option("--demo", help="A simulated annotator labels, through the API.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Install without asking.")] = False,
) -> None:
    """Start a real Label Studio with the pictures of an exercise, export and grade the work.

    It is installed into an environment of its own, listens to this machine alone, and keeps its
    projects for the next time.
    """
    from labelschool import datasets
    from labelschool.answers import replace
    from labelschool.labs import label_studio as lab
    from labelschool.labs.real_tools import POOL, graded_export, ontology_of

    wanted, items = ontology_of(task), datasets.task_items(_task(task), POOL)
    tool = lab.LabelStudio()
    if not tool.is_installed:
        print(f"Label Studio {lab.VERSION} needs about 1 GB in {tool.folder}, and some minutes.")
        if not yes and not typer.confirm("Install it?"):
            raise typer.Abort
        tool.install()
    print(f"Starting; the first time this takes up to {lab.FIRST_START} s.")
    with tool:
        project = tool.project(wanted, items)
        if demo:
            count = tool.annotate(project, items, _simulated(task))
            print(f"A simulated annotator labelled {count} pictures.")
        else:
            print(f"Open {tool.url}/projects/{project}/data")
            print(f"User {lab.USER}, password {tool.account['password']}")
            print("Label every picture, press Submit on each, then come back.")
            typer.prompt("Press Enter to export", default="", show_default=False)
        target = out / f"label-studio-{task}.json"
        replace(target, tool.export(project).decode("utf-8"))
    print(f"Exported to {target}.\n")
    print(repr(graded_export(target, task)))


def _task(task_id: str):
    from labelschool import course

    return course.load().task(task_id)


def _simulated(task_id: str):
    """The boxes of a trained annotator, who does not exist."""
    from labelschool import datasets
    from labelschool.labs.real_tools import POOL
    from labelschool.model import ItemAnswer
    from labelschool.quality.simulated import annotate_boxes

    task = _task(task_id)
    truth = datasets.task_truth(task, POOL)
    made = annotate_boxes(truth, "trained", 1, classes=task.classes)
    return {name: ItemAnswer(item=name, annotations=boxes) for name, boxes in made.items()}
