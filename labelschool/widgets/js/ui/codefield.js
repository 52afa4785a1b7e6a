// Text fields that save as one types, and the one for code, with line numbers.

import { isCommand } from "../core/keymap.js";
import { behindChange, goes, indentAt } from "../core/typing.js";
import { el } from "./dom.js";

/**
 * Calls `onInput(value, go)` at every change of a field; changes of the same `go` were typed in one
 * go and are one step to undo, which is the caller's. Returns show(value) for what was not typed here.
 */
export const bind = (field, onInput) => {
  const goOf = goes();
  field.addEventListener("input", (event) =>
    onInput(field.value, goOf(event, field.selectionStart)),
  );
  return (value) => {
    if (field.value === value) return;
    const at = behindChange(field.value, value);
    field.value = value;
    if (field.matches(":focus")) field.setSelectionRange?.(at, at);
  };
};

/**
 * Tab writes spaces once the learner has clicked or typed here; after Escape, and before the first
 * key, it leaves as everywhere else. Returns { node, area, show, mark, write }.
 */
export const codeField = (props, onInput) => {
  let writing = false;
  const numbers = el("pre.lines", { "aria-hidden": "true" });
  const area = el("textarea.code", {
    spellcheck: false,
    wrap: "off",
    onfocus: () => {
      writing = false;
    },
    onclick: () => {
      writing = true;
    },
    onkeydown: (event) => {
      const { key } = event;
      if (event.isComposing || event.shiftKey || event.altKey || isCommand(event)) return;
      if (key === "Escape") writing = false;
      if (key === "Enter") {
        event.preventDefault();
        write(`\n${indentAt(area.value, area.selectionStart)}`);
      }
      if (key === "Tab" && writing) {
        event.preventDefault();
        event.stopPropagation();
        write("  ");
      }
    },
    ...props,
  });
  const node = el("div.codefield", numbers, area);
  const draw = () => {
    const lines = area.value.split("\n");
    area.rows = Math.max(11, lines.length + 1);
    numbers.textContent = lines.map((_, at) => at + 1).join("\n");
  };
  const showValue = bind(area, (value, go) => {
    writing = true;
    draw();
    onInput(value, go);
  });
  /** Writes at the caret as if it was typed. */
  const write = (text) => {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  };
  return {
    node,
    area,
    write,
    show: (value) => {
      showValue(value);
      draw();
    },
    /** Marks a line by its number, or none. */
    mark: (line) => node.style.setProperty("--ls-marked", line || -1),
  };
};
