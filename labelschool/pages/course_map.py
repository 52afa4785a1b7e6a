"""The course map of the start page: steps with minutes and state, the next one, what is coming."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from labelschool import places
from labelschool.career.planner import OUTLINE
from labelschool.home import progress
from labelschool.pages.panel import STATIC

_STATES = {"empty": "open", "started": "begun", "done": "done"}


class Map:
    """The course map as accessible HTML."""

    def __init__(self, found: progress.Progress, home: Path) -> None:
        self._progress = found
        self._home = home

    def __repr__(self) -> str:
        return "start.map: run this cell"

    def _repr_html_(self) -> str:
        style = (STATIC / "start.css").read_text(encoding="utf-8")
        body = _next_link(self._progress.next_step, self._home)
        body += _summary(self._progress)
        for module in self._progress.modules:
            rows = "".join(_step_row(step, self._home) for step in module.steps)
            body += (
                f"<h4>{escape(module.folder[:2])} {escape(module.title)}</h4>"
                "<table><thead><tr><th>Step</th><th class='ls-narrow ls-number'>Minutes</th>"
                f"<th class='ls-narrow'>State</th></tr></thead><tbody>{rows}</tbody></table>"
            )
        body += _coming({module.folder[:2] for module in self._progress.modules})
        return f"<style>{style}</style><div class='ls-start'>{body}</div>"


def _summary(found: progress.Progress) -> str:
    share = found.minutes_done / found.minutes if found.minutes else 0
    left = found.minutes - found.minutes_done
    core = sum(step.minutes - step.minutes_done for step in found.steps if step.core)
    return (
        f"<p>{_hours(found.minutes_done)} done, {_hours(left)} left, {_hours(core)} of it on the "
        "core path. <span class='ls-soft'>★ marks the core path, the shortest way through.</span>"
        f"</p><div class='ls-bar' role='img' aria-label='{share:.0%} of the minutes done'>"
        f"<span style='width: {share:.1%}'></span></div>"
    )


def _next_link(step: progress.Step | None, home: Path) -> str:
    if step is None:
        return "<h3>All done. Your passport holds everything you made.</h3>"
    name = progress.name_of(step)
    if not progress.link_exists(home, step.notebook):
        return f"<h3>Next: {escape(name)}</h3>"
    href = escape(_relative(home, step.notebook))
    return f"<p><a class='ls-button' href='{href}'>Next: {escape(name)} →</a></p>"


def _step_row(step: progress.Step, home: Path) -> str:
    text = escape(progress.name_of(step))
    if progress.link_exists(home, step.notebook):
        text = f"<a href='{escape(_relative(home, step.notebook))}'>{text}</a>"
    star = " <span title='core path' aria-label='core path'>★</span>" if step.core else ""
    inside = " class='ls-inside'" if step.kind == "exercise" else ""
    note = f"<span class='ls-soft'> {escape(step.note)}</span>" if step.note else ""
    minutes = f"{step.minutes:g}" if step.minutes else ""
    return (
        f"<tr><td{inside}>{text}{star}{note}</td>"
        f"<td class='ls-narrow ls-number'>{minutes}</td>"
        f"<td class='ls-narrow' data-state='{step.state}'>{_STATES[step.state]}</td></tr>"
    )


def _coming(built: set[str]) -> str:
    """The modules that are planned and not built yet, with the number of their lessons."""
    rows = "".join(
        f"<tr><td>{number} {escape(title)}</td><td class='ls-narrow ls-number'>"
        f"{places.planned_lessons(number.lstrip('0'))}</td>"
        "<td class='ls-narrow' data-state='empty'>coming</td></tr>"
        for number, title in OUTLINE.items()
        if number not in built
    )
    return (
        "<h4>Coming</h4><table><thead><tr><th>Module</th><th class='ls-narrow ls-number'>Lessons"
        f"</th><th class='ls-narrow'>State</th></tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )


def _relative(home: Path, notebook: str) -> str:
    """A notebook's place as seen from the running one."""
    return Path(os.path.relpath(home / notebook, Path.cwd())).as_posix()


def _hours(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"
