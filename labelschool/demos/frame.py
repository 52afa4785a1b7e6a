"""The frame that every demo and question stands in.

JupyterLab keeps listening for its shortcuts while a radio button, a slider or a button of
ipywidgets has the focus: an arrow key leaves the cell and `x` deletes it. `_Guard` keeps these keys
inside the frame, lets Tab and Ctrl, Cmd and Alt chords through, takes a double click on the main
button for one click, makes radio buttons one group (they
come without a name, so Tab would stop at each), says which toggle button is pressed, and marks the
parts that change as live regions for screen readers. It also carries the style, which takes its
colours from JupyterLab's theme and has fallbacks elsewhere.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

_ESM = """
function frame(el, label) {
  const panel = el.closest(".lsd-panel");
  if (!panel) return requestAnimationFrame(() => frame(el, label));
  el.style.display = "none";
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", label);
  panel.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    if (!chord && !["Tab", "Escape", "Shift"].includes(event.key)) event.stopPropagation();
  });
  panel.addEventListener("click", (event) => { // a double click does not also do what comes next
    if (event.detail > 1 && event.target.closest(".mod-primary")) event.stopPropagation();
  }, true);
  panel.addEventListener("keydown", ({ key, target }) => { // what was typed goes before Enter does
    if (key === "Enter" && target.matches(".widget-text input")) {
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }, true);
  panel.addEventListener("focusin", ({ target }) => {
    const group = target.type === "radio" && target.closest(".widget-radio-box");
    if (!group || target.name) return;
    group.setAttribute("role", "radiogroup");
    const name = `lsd-${Math.random().toString(36).slice(2)}`;
    for (const radio of group.querySelectorAll("input")) radio.name = name;
  });
  const announce = () => {
    for (const live of panel.querySelectorAll(".lsd-live")) live.setAttribute("role", "status");
  };
  const tell = () => { // which of several toggle buttons is chosen
    for (const toggle of panel.querySelectorAll(".widget-toggle-buttons button")) {
      const pressed = String(toggle.classList.contains("mod-active"));
      if (toggle.getAttribute("aria-pressed") !== pressed) {
        toggle.setAttribute("aria-pressed", pressed);
      }
    }
  };
  const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] };
  new MutationObserver(tell).observe(panel, changes);
  tell();
  announce();
  setTimeout(announce, 1000); // parts that were not on the page yet
}
export default { render: ({ model, el }) => frame(el, model.get("label")) };
"""

_CSS = """
.lsd-panel {
  --lsd-ink: var(--jp-content-font-color1, #1f2328);
  --lsd-soft: var(--jp-content-font-color2, #59636e);
  --lsd-line: var(--jp-border-color1, #b8bfc6);
  --lsd-ground: var(--jp-layout-color1, #fff);
  --lsd-plate: var(--jp-layout-color2, #eef0f2);
  --lsd-accent: #2f6fb5;
  --lsd-good: #1a7f4b;
  --lsd-bad: #b3541e;
  box-sizing: border-box;
  max-width: 760px;
  margin: 4px 0 10px;
  padding: 12px 16px 14px;
  border: 1px solid var(--lsd-line);
  border-radius: 6px;
  color: var(--lsd-ink);
  overflow: visible;
}
[data-jp-theme-light="false"] .lsd-panel {
  --lsd-accent: #79b0ea;
  --lsd-good: #62c793;
  --lsd-bad: #eda36f;
}
.lsd-panel .widget-html-content,
.lsd-panel .widget-html { height: auto; line-height: 1.5; }
.lsd-panel .widget-html-content { color: var(--lsd-ink); white-space: normal; }
.lsd-panel p { margin: 0 0 8px; }
.lsd-panel .lsd-soft { color: var(--lsd-soft); font-size: 0.92em; }
.lsd-panel .lsd-note {
  margin-top: 6px;
  padding: 8px 12px;
  border-left: 4px solid var(--lsd-line);
  background: var(--lsd-plate);
}
.lsd-panel .lsd-note + p { margin-top: 10px; }
.lsd-panel .lsd-right { border-left-color: var(--lsd-good); }
.lsd-panel .lsd-wrong { border-left-color: var(--lsd-bad); }
.lsd-panel .lsd-right b:first-child { color: var(--lsd-good); }
.lsd-panel .lsd-wrong b:first-child { color: var(--lsd-bad); }
.lsd-panel .widget-radio,
.lsd-panel .widget-radio-box { width: 100%; height: auto; overflow: visible; }
.lsd-panel .widget-radio-box label {
  position: relative;
  height: auto;
  margin: 0 0 4px;
  padding: 3px 4px 3px 26px;
  line-height: 1.4;
  white-space: normal;
}
.lsd-panel .widget-radio-box input { position: absolute; left: 4px; top: 3px; margin: 0; }
.lsd-panel .jupyter-button { min-height: 30px; border-radius: 4px; }
.lsd-panel .jupyter-button.mod-active:not(.mod-primary) {
  background: var(--lsd-accent);
  color: var(--lsd-ground);
  box-shadow: none;
}
.lsd-panel :is(.jupyter-button, input, select, .noUi-handle):focus-visible,
.lsd-panel .widget-radio-box label:has(:focus-visible) {
  outline: 2px solid var(--lsd-accent);
  outline-offset: 2px;
}
.lsd-panel .widget-toggle-buttons .jupyter-button.mod-active { font-weight: 600; }
.lsd-panel .widget-toggle-buttons .jupyter-button.mod-active::before { content: "\\2713\\00a0"; }
.lsd-panel .widget-readout { color: var(--lsd-ink); }
.lsd-panel svg:not(.ls-plot) {
  display: block;
  width: 100%;
  height: auto;
  font-family: var(--jp-ui-font-family, system-ui, sans-serif);
}
.lsd-panel svg:not(.ls-plot) text { fill: var(--lsd-ink); font-size: 13px; }
.lsd-panel svg .soft { fill: var(--lsd-soft); }
.lsd-panel th { white-space: nowrap; }
.lsd-panel table { border-collapse: collapse; margin: 0; }
.lsd-panel td,
.lsd-panel th {
  padding: 3px 12px 3px 0;
  border: 0;
  background: none;
  color: var(--lsd-ink);
  text-align: left;
  vertical-align: top;
}
"""


class _Guard(anywidget.AnyWidget):
    _esm = _ESM
    _css = _CSS
    label = traitlets.Unicode("").tag(sync=True)


class Frame:
    """What a cell with a demo or a question shows.

    The widgets are built when the cell is displayed. The text form is stable, so a notebook's
    committed output never changes: ``demo pay: run this cell``.
    """

    def __init__(self, name: str, label: str, build: Callable[[], list[widgets.Widget]]) -> None:
        self.name = name
        self.label = label
        self._build = build

    def __repr__(self) -> str:
        return f"{self.name}: run this cell"

    def widget(self) -> widgets.VBox:
        """The framed widgets, built anew."""
        box = widgets.VBox([_Guard(label=self.label), *self._build()])
        box.add_class("lsd-panel")
        return box

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.widget()._repr_mimebundle_(include=include, exclude=exclude)
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle or {})
        return data | {"text/plain": repr(self)}


def words(text: str = "", *, live: bool = False) -> widgets.HTML:
    """An HTML widget; a live one is announced by screen readers when it changes."""
    part = widgets.HTML(text)
    if live:
        part.add_class("lsd-live")
    return part


def escape(text: object) -> str:
    """Text made safe for HTML and SVG, with `code` in backquotes set as code."""
    parts = html.escape(str(text)).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def note(text: str, kind: str = "") -> str:
    """A quiet plate of HTML with a coloured edge; `kind` is ``right``, ``wrong`` or nothing."""
    return f'<div class="lsd-note {f"lsd-{kind}" if kind else ""}">{text}</div>'


def svg(width: int, height: int, description: str, body: str) -> str:
    """An SVG figure in user units of one pixel that scales with the panel."""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(description)}">'
        f"{body}</svg>"
    )


def button(text: str, act: Callable[[], None], *, primary: bool = False) -> widgets.Button:
    """A button that calls `act`."""
    made = widgets.Button(
        description=text,
        button_style="primary" if primary else "",
        layout=widgets.Layout(width="auto", margin="4px 8px 4px 2px"),
    )
    made.on_click(lambda _: act())
    return made


def row(*children: widgets.Widget) -> widgets.HBox:
    """Widgets side by side, wrapped where the panel is narrow."""
    return widgets.HBox(
        list(children), layout=widgets.Layout(flex_flow="row wrap", align_items="center")
    )
