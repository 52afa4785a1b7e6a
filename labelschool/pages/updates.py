"""The part of the start page about what an update did and what it offers.

It lists the notebooks that were kept aside, and the results that a correction of the course
outdated, each with what a new score would change and the buttons to take it or to keep the old.
It is empty when there is nothing to say.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from labelschool.errors import LabelSchoolError
from labelschool.home import portable, rescore, results
from labelschool.home.rescore import Outdated, Preview
from labelschool.pages.panel import Action, Reply


class Updates:
    """What the start page says about updates of one home, and what its buttons do."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._shown: dict[str, tuple[Outdated, Preview | None]] = {}
        self._complaint = ""
        self._look()

    @property
    def actions(self) -> dict[str, Action]:
        """The actions of a panel: ``rescore`` and ``keep``, each with the key of a result."""
        return {"rescore": self._rescore, "keep": self._keep}

    def html(self) -> str:
        """The section, empty when there is nothing to say."""
        asides = "".join(_aside(self._home, path) for path in kept_aside(self._home))
        offers = "".join(_offer(*shown) for shown in self._shown.values())
        if self._complaint:
            offers += f"<p data-state='bad'>{escape(self._complaint)}</p>"
        html = ""
        if offers:
            html += (
                "<h4>Scored by an earlier truth or guideline</h4><p>The course changed what these "
                f"results rest on. They stay as they are until you choose.</p>{offers}"
            )
        if asides:
            html += (
                "<h4>Your own text from before an update</h4><p>These notebooks have a new "
                f"edition. Yours are kept:</p><ul>{asides}</ul><p class='ls-soft'>Delete a copy "
                "that you no longer need, and it is not listed any more.</p>"
            )
        return html

    def _look(self) -> None:
        """Read results and answers again; scoring takes a moment, drawing does not."""
        self._shown, self._complaint = {}, ""
        try:
            for found in rescore.waiting(self._home):
                shown = None if found.why_not else rescore.preview(found)
                self._shown[found.key] = (found, shown)
        except LabelSchoolError as error:
            self._complaint = str(error)
        if results.is_damaged(self._home):
            self._complaint = rescore.DAMAGED

    def _rescore(self, key: str) -> Reply:
        found, shown = self._shown[key]
        try:
            rescore.apply(self._home, shown)
        finally:
            self._look()
        return Reply(f"{found.id} is scored again; the old score stays in results.json.", "good")

    def _keep(self, key: str) -> Reply:
        found, _ = self._shown[key]
        try:
            rescore.keep(self._home, found)
        finally:
            self._look()
        return Reply(f"{found.id} keeps its score, marked as scored by an earlier truth.", "good")


def kept_aside(home: Path) -> list[Path]:
    """The copies of edited notebooks that updates left in a home, in name order."""
    folders = [home, *portable.module_folders(home)]
    return sorted(path for folder in folders for path in folder.glob("*.mine-*.ipynb"))


def _aside(home: Path, path: Path) -> str:
    href = Path(os.path.relpath(path, Path.cwd())).as_posix()
    name = path.relative_to(home).as_posix()
    return f"<li><a href='{escape(href)}'>{escape(name)}</a></li>"


def _offer(found: Outdated, shown: Preview | None) -> str:
    if shown is None:
        said = f"{found.name}: {found.why_not}"
        return f"<p>{escape(said)}</p><p>{_button('keep', 'Understood', found)}</p>"
    points = "".join(f"<li>{escape(line)}</li>" for line in shown.lines)
    return (
        f"<p><strong>{escape(shown.headline())}</strong></p><ul>{points}</ul>"
        f"<p>{_button('rescore', 'Take the new score', found)}"
        f"{_button('keep', 'Keep the old score', found)}</p>"
    )


def _button(action: str, word: str, found: Outdated) -> str:
    """A button whose name for a screen reader says which result it is about."""
    key = escape(found.key)
    main = " class='ls-main'" if action == "rescore" else ""
    return (
        f"<button{main} data-action='{action}' data-value='{key}' data-key='{action} {key}' "
        f"aria-label='{escape(f'{word}: {found.name}')}'>{word}</button>"
    )
