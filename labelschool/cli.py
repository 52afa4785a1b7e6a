"""The `labelschool` command.

A user's mistake prints one line that says what to do and ends with exit code 2; a traceback is
shown only with ``LABELSCHOOL_DEBUG=1``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labelschool.convert_command import convert
from labelschool.data_commands import data_app
from labelschool.errors import LabelSchoolError
from labelschool.tools_commands import tool_app

app = typer.Typer(
    name="labelschool",
    help="Label School: look after your work and your machine.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
passport_app = typer.Typer(help="Carry all you made to another machine.", rich_markup_mode=None)
app.add_typer(passport_app, name="passport")
portfolio_app = typer.Typer(help="Files that show your work to others.", rich_markup_mode=None)
app.add_typer(portfolio_app, name="portfolio")
app.add_typer(data_app, name="data")
app.add_typer(tool_app, name="tool")
app.command(epilog="Example: labelschool convert instances.json --to yolo --out labels")(convert)

_STYLES = {"ok": "green", "warn": "yellow", "bad": "red"}
_STATES = {"empty": "", "started": "[yellow]begun[/]", "done": "[green]done[/]"}
HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The work folder; by default the one you stand in, or workspace/."),
]


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit: 0 well, 1 a check found trouble, 2 a mistake to mend."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):
            stream.reconfigure(errors="replace")
    arguments = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = app(args=arguments, prog_name="labelschool", standalone_mode=False)
    except LabelSchoolError as error:
        code = _complain(str(error))
    except typer.TyperException as error:
        command = error.ctx.command_path if getattr(error, "ctx", None) else "labelschool"
        code = _complain(f"{error.format_message()} Try `{command} --help`.")
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("Stopped.", 130)
    except BrokenPipeError:
        sys.stdout = None
        code = 0
    except Exception as error:
        if os.environ.get("LABELSCHOOL_DEBUG"):
            raise
        code = _complain(
            f"This should not have happened ({type(error).__name__}: {error}). Please report it "
            "with the command you ran; LABELSCHOOL_DEBUG=1 shows where."
        )
    sys.exit(code if isinstance(code, int) else 0)


@app.command(epilog="Example: labelschool doctor")
def doctor(home: HomeOption = None) -> None:
    """Check this machine: each line is ok or says what to do. Exit code 1 when something is bad."""
    from labelschool import machine

    console = _console()
    checks = machine.doctor_checks(_home(home, must_exist=False))
    for check in checks:
        mark = f"[{_STYLES[check.state]}]{check.state:4}[/]"
        console.print(f"{mark} {check.name}: {escape(check.text)}", soft_wrap=True)
        if check.todo:
            console.print(f"     -> {escape(check.todo)}", soft_wrap=True)
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(1)


@app.command(epilog="Example: labelschool progress")
def progress(home: HomeOption = None) -> None:
    """Show what is done, what is left and the next step."""
    from labelschool.home import progress as progress_of

    found = progress_of.read(_home(home))
    console = _console()
    for module in found.modules:
        table = Table(title=escape(module.title), title_justify="left", expand=True)
        table.add_column("Step", ratio=1)
        table.add_column("Minutes", justify="right")
        table.add_column("State")
        table.add_column("Score")
        for step in module.steps:
            name = ("" if step.kind == "lesson" else "  ") + progress_of.name_of(step)
            core = " *" if step.core else ""
            minutes = f"{step.minutes:g}" if step.minutes else ""
            table.add_row(escape(name) + core, minutes, _STATES[step.state], escape(step.note))
        console.print(table)
    left = found.minutes - found.minutes_done
    console.print(f"{found.minutes_done:g} minutes done, {left:g} left (* core path).")
    if found.next_step:
        step = found.next_step
        name = escape(progress_of.name_of(step))
        console.print(f"Next: {name} in {escape(step.notebook)}", soft_wrap=True)


@app.command(epilog="Example: labelschool check 1.A --pool practice")
def check(
    task: Annotated[str, typer.Argument(help="The exercise, such as 1.A or A1.a.")],
    pool: Annotated[str, typer.Option(help="counted or practice.")] = "counted",
    home: HomeOption = None,
) -> None:
    """Check a saved answer, as the notebook does, and print the diagnosis as text.

    A check of a counted pool uses an attempt.
    """
    from labelschool import course
    from labelschool.exercises.exercise import exercise

    folder = _home(home) / course.load().module_of(task).folder
    try:
        with contextlib.chdir(folder):
            report = exercise(task, pool).check()
    except FileNotFoundError as error:
        raise LabelSchoolError(f"There is no {folder.name}/ in your work folder.") from error
    _console().print(repr(report), markup=False, highlight=False, soft_wrap=True)


@app.command(epilog='Example: labelschool submit 01-foundation --student "Jörg Müller"')
def submit(
    module: Annotated[str, typer.Argument(help="The module's folder, such as 01-foundation.")],
    student: Annotated[str, typer.Option(help="Your name, as your instructor knows it.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Hand in what is unfinished.")] = False,
    home: HomeOption = None,
) -> None:
    """Make the zip to hand in. Save your notebooks in JupyterLab first."""
    from labelschool.home import portable

    folder = _home(home)
    made = portable.submission(folder, module, student)
    console = _console()
    for line in made.missing:
        console.print(f"open: {escape(line)}", soft_wrap=True)
    if made.missing and not anyway:
        raise LabelSchoolError("Nothing was handed in; finish it, or add --anyway.")
    try:
        path = made.save(folder)
    except OSError as error:
        raise LabelSchoolError(f"{made.name} cannot be written: {error.strerror}.") from error
    console.print(f"Hand in {escape(str(path))}", soft_wrap=True)


@passport_app.command("export", epilog="Example: labelschool passport export my-work.zip")
def passport_export(
    target: Annotated[Path, typer.Argument(help="The zip to write.")] = Path("passport.zip"),
    home: HomeOption = None,
) -> None:
    """Write all you made into one zip."""
    from labelschool import answers
    from labelschool.home import portable

    content = portable.passport_bytes(_home(home))
    try:
        answers.replace(target.absolute(), content)
    except OSError as error:
        raise LabelSchoolError(f"{target} cannot be written: {error.strerror}.") from error
    _console().print(f"Wrote {escape(str(target))} ({len(content) / 1000:.0f} kB).")


@passport_app.command("import", epilog="Example: labelschool passport import my-work.zip")
def passport_import(
    source: Annotated[Path, typer.Argument(help="The zip of another machine.")],
    home: HomeOption = None,
) -> None:
    """Put the work of a passport into your work folder; what differs there is kept beside."""
    from labelschool.home import portable

    restored = portable.restore(_home(home), source)
    _console().print(str(restored), markup=False, highlight=False, soft_wrap=True)


@portfolio_app.command("build", epilog="Example: labelschool portfolio build --out my-portfolio")
def portfolio_build(
    out: Annotated[
        Path | None, typer.Option(help="The folder to write; by default portfolio/ at home.")
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Give up the attempts that keep the review closed.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Write your portfolio from what is measured and written so far, and say what is not done."""
    from labelschool import portfolio

    built = portfolio.build(_home(home), out, give_up=give_up)
    console = _console()
    console.print(str(built), markup=False, highlight=False, soft_wrap=True)
    console.print(f"It is in {escape(str(built.folder))}", soft_wrap=True)


@app.command(epilog="Example: labelschool update")
def update(
    restore: Annotated[
        bool, typer.Option(help="Also bring back notebooks that you deleted.")
    ] = True,
    rescore: Annotated[
        list[str] | None,
        typer.Option(help="Take the new score of an exercise, such as 1.A, or of all."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="Keep the old score of an exercise, or of all.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Bring new and changed notebooks into your work folder; yours are kept beside.

    Where the course corrected the truth or the guideline that scored you, it shows what a new
    score would change; nothing changes without --rescore or --keep.
    """
    from labelschool.home import rescore as scores
    from labelschool.home import workspace

    folder = home or workspace.default_home()
    if folder.resolve() == (workspace.course.root() / "modules").resolve():
        raise LabelSchoolError("modules/ is the course itself: run `git pull` to update it.")
    changes = workspace.update(folder, restore=restore)
    console = _console()
    new = sum(change.what == "new" for change in changes)
    if new:
        console.print(f"{new} notebooks delivered to {escape(folder.name)}/.")
    for change in changes:
        if change.what != "new":
            console.print(escape(str(change)), soft_wrap=True)
    if not changes:
        console.print("Your work folder is up to date.")
    for line in scores.report(folder, rescore or (), keep or ()):
        console.print(line, markup=False, soft_wrap=True)


@app.command(epilog="Example: labelschool lint batch-15.json --only R5")
def lint(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of labels, of any known format.")
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules and what they need.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="RULE", help="This rule; several may be named."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations for GitHub Actions.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write JUnit XML too, for CI systems.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Known findings, which may not grow.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write what is found into the baseline.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="The format, where it is not clear."),
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The pictures, if they lie elsewhere.")
    ] = None,
    ontology: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The class names, as YAML, JSON or lines.")
    ] = None,
    guideline: Annotated[
        str | None, typer.Option(metavar="VERSION", help="The guideline to be named, as G1.v1.")
    ] = None,
    voc_origin: Annotated[
        int, typer.Option(min=0, max=1, help="The first pixel of Pascal VOC files.")
    ] = 1,
) -> None:
    """Check labels of any format. Exit code 0: no finding, 1: findings, 2: unreadable."""
    from labelschool.formats import Options
    from labelschool.lint import Known, command
    from labelschool.lint.rules import listing

    if rules:
        print("\n".join(listing()))
        return
    if not paths:
        raise LabelSchoolError("Name a file or folder: labelschool lint PATH.")
    known = Known(source, ontology, guideline, pictures, Options(voc_origin=voc_origin))
    form = "json" if as_json else "github" if github else "text"
    code = command.run(
        paths,
        known,
        only or (),
        form=form,
        junit=junit,
        debts=baseline,
        write_debts=write_baseline,
    )
    if code:
        raise typer.Exit(code)


@app.command(epilog="Example: labelschool erase")
def erase(
    passport: Annotated[
        Path | None, typer.Option(help="Write your passport to this zip before anything goes.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; see the list first.")] = False,
    home: HomeOption = None,
) -> None:
    """Erase all you made in your work folder: answers, results, plan, copies, edited notebooks.

    It is listed first. What the course did not make stays.
    """
    from labelschool.home import erasing

    console = _console()
    found = erasing.look(_home(home))
    console.print(erasing.listing(found), markup=False, highlight=False, soft_wrap=True)
    if not found:
        console.print("There is nothing to erase.")
        return
    if passport or (not yes and typer.confirm("Keep a passport of it first?", default=True)):
        kept = erasing.keep_passport(found, passport)
        console.print(f"Wrote {escape(str(kept))}.", soft_wrap=True)
    if not (yes or typer.confirm("Erase what is listed, for good?")):
        console.print("Nothing was erased.")
        return
    console.print(erasing.erase(found))


@app.command(epilog="Example: labelschool time-factor 1.5")
def time_factor(
    factor: Annotated[
        str | None, typer.Argument(help="1, 1.25, 1.5 or untimed; without it, what holds now.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Give yourself more time: every time limit of the course is stretched by this factor."""
    from labelschool.home import results

    folder = _home(home)
    if factor is not None:
        factors = {"1": 1, "1.25": 1.25, "1.5": 1.5, "untimed": None}
        if factor not in factors:
            raise LabelSchoolError(f"There is no time factor {factor}: use {', '.join(factors)}.")
        results.set_time_factor(folder, factors[factor])
    held = results.read(folder).time_factor
    _console().print(f"Time factor: {held or 'untimed'}.")


def _home(given: Path | None, *, must_exist: bool = True) -> Path:
    """The work folder a command is about."""
    from labelschool.home import results, workspace

    home = given or results.home() or workspace.default_home()
    if must_exist and not home.is_dir():
        raise LabelSchoolError(
            f"There is no work folder at {home}: run `labelschool update` to make one, or name "
            "yours with --home."
        )
    return home


def _console() -> Console:
    """Wide enough for tables where the output is no terminal."""
    options: dict[str, Any] = {} if sys.stdout.isatty() else {"width": 100}
    return Console(highlight=False, **options)


def _complain(sentence: str, code: int = 2) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
