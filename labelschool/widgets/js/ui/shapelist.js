// The list beside the canvas: one row per shape with its class, flags and numbers. It does everything
// the mouse does, for hands and eyes that a canvas does not serve. Rows are kept and changed in
// place, so a list of a thousand stays quick.

import { capital } from "../core/words.js";
import { button, el, icon, keyButton, press, swatch } from "./dom.js";
import { FLAGS, flagMarks, flagText } from "./flags.js";
import { UNKNOWN } from "./palette.js";

/** Rows that are listed; of more shapes only the selected one is listed too. */
const MOST = 2000;

/**
 * The list of an `editor`: `noun` and `plural` name its shapes, `emptyHint` stands in an empty list.
 * `named(shape, index)` and `size(shape)` are shown in a row, `detail(id)` makes the mode's own part
 * of an open row: { node, fill(shape), focus() }. The rows call `select(id)`, `insert(mode)`,
 * `change(id, change, mode)`, `flag(name, mode, id)`, `remove(id, mode)` and, where there is one,
 * `duplicate(id, mode)`.
 */
export const shapeList = (editor) => {
  const { noun, plural, classes, attributes, styles } = editor;
  const title = capital(plural);
  const rows = new Map();
  let chosen = null;

  const newBody = (id) => {
    const detail = editor.detail(id);
    const label = el(
      "select.select",
      {
        "aria-label": "Class",
        onchange: () => editor.change(id, { label: label.value }, "list"),
      },
      ...classes.map((name) => el("option", { value: name }, name)),
    );
    const flags = attributes.map((name) => {
      const { key, word, help } = FLAGS[name];
      const onClick = () => editor.flag(name, "list", id);
      return keyButton({ key, text: word, title: help, onClick });
    });
    const act = (iconName, title, key, onClick) => button({ iconName, title, key, onClick });
    const node = el(
      "div.editor",
      el(
        "div.line",
        label,
        editor.duplicate && act("copy", "Duplicate", "D", () => editor.duplicate(id, "list")),
        act("trash", "Delete", "Delete", () => editor.remove(id, "list")),
      ),
      detail.node,
      el("div.flags", ...flags),
    );
    const fill = (shape) => {
      detail.fill(shape);
      label.value = shape.label;
      label.hidden = shape.label === undefined || classes.length === 1;
      attributes.forEach((name, at) => {
        flags[at].lastChild.textContent = flagText(shape, name);
        press(flags[at], shape[name]);
      });
    };
    return { node, fill, detail };
  };

  const newRow = (id) => {
    const onclick = () => editor.select(row.open ? null : id);
    const head = el("button.row-head", { type: "button", onclick });
    const row = { head, node: el("li.row", head), body: null };
    rows.set(id, row);
    return row;
  };

  const draw = (row) => {
    const { shape, called, open, head, node } = row;
    head.replaceChildren(
      swatch(styles.get(shape.label) ?? UNKNOWN),
      el("span.row-name", called),
      el("span.row-marks", flagMarks(shape)),
      el("span.row-size", editor.size(shape)),
    );
    head.setAttribute("aria-expanded", String(open));
    node.classList.toggle("ls-open", open);
    if (open) {
      row.body ??= newBody(shape.id);
      row.body.fill(shape);
      node.append(row.body.node);
    } else {
      row.body?.node.remove();
      row.body = null;
    }
  };

  const reveal = ({ node }) => {
    const top = node.offsetTop - list.offsetTop;
    const least = top + node.offsetHeight - list.clientHeight;
    list.scrollTop = Math.min(top, Math.max(least, list.scrollTop));
  };

  /** Shows these shapes; `selected` is the id of the open row or null. */
  const show = (shapes, selected) => {
    const listed = shapes
      .map((shape, index) => ({ shape, index }))
      .filter(({ shape, index }) => index < MOST || shape.id === selected);
    const known = new Set(listed.map(({ shape }) => shape.id));
    for (const [id, { node }] of rows) {
      if (known.has(id)) continue;
      node.remove();
      rows.delete(id);
    }
    listed.forEach(({ shape, index }, at) => {
      const row = rows.get(shape.id) ?? newRow(shape.id);
      const here = list.children[at] ?? null;
      if (here !== row.node) list.insertBefore(row.node, here);
      const open = shape.id === selected;
      const called = editor.named(shape, index);
      if (row.shape === shape && row.called === called && row.open === open) return;
      Object.assign(row, { shape, called, open });
      draw(row);
    });
    const more = listed.length < shapes.length ? `, ${listed.length} listed` : "";
    count.textContent = `${title} (${shapes.length}${more})`;
    empty.hidden = shapes.length > 0;
    chosen = rows.get(selected);
    if (chosen) reveal(chosen);
  };

  const count = el("span.panel-title", title);
  const empty = el("p.hint", editor.emptyHint);
  const list = el("ul.rows", { role: "list" });
  const add = el(
    "button.button",
    {
      type: "button",
      title: `Add a ${noun} here`,
      onclick: () => {
        editor.insert("list");
        chosen?.body.detail.focus?.();
      },
    },
    icon("plus"),
    el("span", `Add ${noun}`),
  );
  const node = el(
    "div.panel",
    { role: "group", "aria-label": `${title} of this item` },
    el("div.panel-head", count, add),
    empty,
    list,
  );
  /** Shows a shape's numbers while it is dragged. */
  const live = (shape) => rows.get(shape.id)?.body?.detail.fill(shape);
  return { node, show, live };
};
