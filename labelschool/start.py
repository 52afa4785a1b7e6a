"""What the pages call: ``start.check()``, ``map()``, ``checklist()``, ``kernels()``, ``passport()``
and ``erase()``; and ``submission("01-foundation")`` at the end of an assignment.

Each returns an object that a notebook shows. Its text is the same everywhere (``start.map: run
this cell``), so that committed notebooks hold no paths, times or addresses.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from labelschool import course, front_end, machine
from labelschool.errors import LabelSchoolError
from labelschool.home import erasing, portable, progress, results, workspace
from labelschool.pages import checklist as action_plan
from labelschool.pages import kernels as servers
from labelschool.pages.course_map import Map
from labelschool.pages.panel import Panel, Reply

if TYPE_CHECKING:
    from labelschool.demos.frame import Frame

IDLE_MINUTES = 30
_WORDS = {"ok": "ok", "warn": "look", "bad": "wrong"}


def check() -> Panel:
    """Versions, place to work, disk and widgets; on a hub also the offer of a work folder.

    After an update it also tells what was kept aside and which results may be scored again.
    """
    from labelschool.pages.updates import Updates

    home = _home()
    hello: list[str] = []
    checks = machine.start_checks(home)
    updates = Updates(home)

    def say_hello(_: str) -> Reply:
        hello[:] = ["ok"]
        return Reply()

    def make_folder(_: str) -> Reply:
        changes = workspace.update(_folder_beside(home) or home)
        notes = [str(c) for c in changes if c.what in ("kept aside", "retired")]
        made = f"Your work folder is ready: {len(changes)} notebooks delivered."
        return Reply("\n".join([made, *notes]), "good")

    def draw() -> str:
        widgets = (
            machine.Check("Widgets", "ok", "the page and the kernel talk to each other")
            if hello
            else machine.Check("Widgets", "warn", "waiting for the page ...")
        )
        rows = "".join(_check_row(check) for check in [*checks, widgets])
        greet = "" if hello else "<span data-hello></span>"
        offers = _folder_offer(home) + updates.html()
        return f"<h3>This machine</h3><table>{rows}</table>{greet}{offers}"

    actions = {"hello": say_hello, "seed": make_folder, **updates.actions}
    return Panel("check", "Check of this machine", draw, actions)


def map() -> Map:
    """The course in its order with minutes, your progress and the next step."""
    return Map(progress.read(_home()), _home())


def checklist() -> Panel:
    """The action plan of the career guide, to tick; some of it the course sees by itself."""
    return action_plan.panel(_home())


def erase() -> Panel:
    """What you made, to erase: listed first, and asked again before anything goes."""
    return erasing.panel(_home())


def kernels() -> Panel:
    """Running kernels of this server with idle minutes and memory, and buttons to stop them."""

    def listed() -> list[servers.Kernel]:
        return servers.running(servers.own_server())

    def stop_one(kernel_id: str) -> Reply:
        servers.stop(servers.own_server(), kernel_id)
        return Reply("Stopped. What was saved stays; open the notebook to begin again.", "good")

    def stop_idle(_: str) -> Reply:
        idle = [kernel for kernel in listed() if _is_idle(kernel)]
        for kernel in idle:
            servers.stop(servers.own_server(), kernel.id)
        return Reply(f"{portable.count(len(idle), 'kernel')} stopped.", "good")

    def draw() -> str:
        try:
            return _kernel_table(listed())
        except servers.NoServer as error:
            return f"<h3>Running kernels</h3><p>{escape(str(error))}</p>"

    actions = {"stop": stop_one, "stop-idle": stop_idle, "again": lambda _: Reply()}
    return Panel("kernels", "Running kernels", draw, actions)


def passport() -> Panel:
    """One click downloads all you made; dropped on another machine it goes on there."""
    home = _home()

    def take(_: str) -> Reply:
        content = portable.passport_bytes(home)
        portable.mark_taken(home)
        return Reply("Handed to your browser's downloads.", "good", portable.PASSPORT, content)

    def put_back(content: bytes) -> Reply:
        return Reply(str(portable.restore(home, content)), "good")

    return Panel(
        "passport", "Work passport", lambda: _passport_page(home), {"take": take}, put_back
    )


def submission(folder: str) -> Panel:
    """The button that makes the zip of a module to hand in."""
    home = _home()
    module = portable.module_to_submit(folder)
    unfinished: list[str] = []

    def make(student: str) -> Reply:
        made = portable.submission(home, folder, student)
        unfinished[:] = made.missing
        if unfinished:
            return Reply("Nothing was handed in yet: see what is open.", "warn")
        return hand_in(student)

    def hand_in(student: str) -> Reply:
        made = portable.submission(home, folder, student)
        made.save(home)
        unfinished.clear()
        said = f"{made.name} is in your work folder and in your browser's downloads. Hand that in."
        return Reply(said, "good", made.name, made.content)

    return Panel(
        "submission",
        f"Submission of {module.title}",
        lambda: _submission_page(module, unfinished),
        {"make": make, "hand-in": hand_in},
    )


def roadmap() -> Frame:
    """Twelve questions, and the dated plan that their answers make."""
    from labelschool.pages import planner_form

    return planner_form.page(_home())


def portfolio() -> Panel:
    """The button that writes the portfolio from what is measured and written so far."""
    from labelschool.portfolio import panel

    return panel(_home())


# HTML of each page ------------------------------------------------------------------------------


def _check_row(check: machine.Check) -> str:
    todo = f"<br><span class='ls-soft'>{escape(check.todo)}</span>" if check.todo else ""
    return (
        f"<tr><th scope='row' class='ls-narrow'>{escape(check.name)}</th>"
        f"<td>{escape(check.text)}{todo}</td>"
        f"<td class='ls-narrow' data-state='{check.state}'>{_WORDS[check.state]}</td></tr>"
    )


def _folder_offer(home: Path) -> str:
    """In the course's own `modules/` (nbgitpuller, Binder): a folder for one's own work."""
    work = _folder_beside(home)
    if work is None:
        return ""
    made = workspace.is_workspace(work)
    word = "Bring my work folder up to date" if made else "Make my work folder"
    button = f"<button data-action='seed' data-key='seed' class='ls-main'>{word}</button>"
    link = _lab_link(work / workspace.START_PAGE, "Open my work folder") if made else ""
    return (
        "<h4>Your work folder</h4><p>Lessons work right here. Exercises and assignments to hand "
        "in, and your own changes to notebooks, belong into a folder that updates of the course "
        f"leave alone.</p><p>{link}{button}</p>"
    )


def _folder_beside(home: Path) -> Path | None:
    """Where the work folder of a checkout belongs, if this home is the checkout's `modules/`."""
    checkout = home.resolve().parent
    if home.resolve().name != "modules" or not (checkout / course.MANIFEST).is_file():
        return None
    return checkout / workspace.FOLDER


def _lab_link(path: Path, text: str) -> str:
    """A link that JupyterLab opens; the bare place where this server's root is not known."""
    try:
        place = path.resolve().relative_to(servers.own_server().root.resolve()).as_posix()
    except (LabelSchoolError, ValueError):
        return f"<p>It is {escape(path.parent.name)}/{escape(path.name)} in the course.</p>"
    return f"<a class='ls-button' data-open='{escape(place)}'>{escape(text)}</a> "


def _kernel_table(running: list[servers.Kernel]) -> str:
    rows = "".join(_kernel_row(kernel) for kernel in running)
    idle = sum(_is_idle(kernel) for kernel in running)
    stop_idle = (
        "<button data-action='stop-idle' data-key='stop-idle'>"
        f"Stop {idle} idle for {IDLE_MINUTES} minutes or more</button>"
        if idle
        else ""
    )
    return (
        "<h3>Running kernels</h3><p class='ls-soft'>Each holds memory until it is stopped; "
        "what you annotated is saved already.</p><table><thead><tr><th>Notebook</th>"
        "<th class='ls-narrow ls-number'>Idle minutes</th><th class='ls-narrow ls-number'>MB</th>"
        f"<th></th></tr></thead><tbody>{rows}</tbody></table>"
        f"<p>{stop_idle}<button data-action='again' data-key='again'>Look again</button></p>"
    )


def _kernel_row(kernel: servers.Kernel) -> str:
    if kernel.own:
        last = "this page"
    elif kernel.state == "busy":
        last = "at work"
    else:
        last = (
            f"<button data-action='stop' data-value='{escape(kernel.id)}' "
            f"data-key='{escape(kernel.id)}' aria-label='Stop {escape(kernel.notebook)}'>"
            "Stop</button>"
        )
    memory = "" if kernel.megabytes is None else f"{kernel.megabytes:.0f}"
    idle = "" if kernel.own or kernel.state == "busy" else f"{kernel.idle_minutes:.0f}"
    return (
        f"<tr><td>{escape(kernel.notebook)}</td><td class='ls-narrow ls-number'>{idle}</td>"
        f"<td class='ls-narrow ls-number'>{memory}</td><td class='ls-narrow'>{last}</td></tr>"
    )


def _is_idle(kernel: servers.Kernel) -> bool:
    return not kernel.own and kernel.state == "idle" and kernel.idle_minutes >= IDLE_MINUTES


def _passport_page(home: Path) -> str:
    files = portable.work_files(home)
    moment, newer = portable.taken(home)
    if moment is None:
        last = "You have not taken a copy yet."
    else:
        last = f"Your last copy is from {moment.astimezone():%d %B %Y, %H:%M}; "
        last += f"{portable.count(newer, 'file')} changed since." if newer else "nothing changed."
    forgets = (
        "<p data-state='warn'>Binder forgets everything when it stops, after some ten quiet "
        "minutes: take a copy before you leave.</p>"
        if front_end.on_binder()
        else ""
    )
    return (
        "<h3>Your work passport</h3><p>One file with all you made: answers, results and the "
        f"notebooks you changed. Now {portable.count(len(files), 'file')}.</p>{forgets}"
        f"<p>{last}</p><p><button class='ls-main' data-action='take' data-key='take'>"
        "Download my passport</button></p><label class='ls-drop' data-drop='upload'>"
        "Go on from another machine: drop a passport here, or choose it"
        "<input type='file' accept='.zip,application/zip' data-key='file'></label>"
        "<p class='ls-soft'>Nothing is lost by that: work that stands here and differs is kept "
        "beside.</p>"
    )


def _submission_page(module: course.Module, unfinished: list[str]) -> str:
    *others, last = portable.opened(module)
    opened = f"{', '.join(others)} and {last}" if others else last
    points = "".join(f"<li>{escape(line)}</li>" for line in unfinished)
    asked = (
        f"<p>Still open:</p><ul>{points}</ul><p><button data-action='hand-in' data-key='anyway' "
        "data-save>Hand it in as it is</button></p>"
        if unfinished
        else ""
    )
    return (
        f"<h3>Hand in: {escape(module.title)}</h3><p>One zip with this module's two notebooks and "
        f"your counted answers. Making it opens the reviews of {escape(opened)}: checks of these "
        "are practice from then on, and not recorded.</p>"
        "<p><label>Your name, as your instructor knows it"
        "<input type='text' data-key='value' autocomplete='name' maxlength='80'></label>"
        "<button class='ls-main' data-action='make' data-key='make' data-save>"
        f"Make my submission</button></p>{asked}"
    )


def _home() -> Path:
    home = results.home()
    if home is None:
        raise LabelSchoolError(
            "This notebook stands outside a Label School folder: open start-here.ipynb there."
        )
    return home
