// The list beside the canvas: one row per shape with its class, flags and numbers. It does everything
// the mouse does, for hands and eyes that a canvas does not serve. Rows are kept and changed in
// place, so a list of a thousand stays quick.

import { button, el, icon, keycap, swatch } from "./dom.js";
import { FLAGS, flagMarks, flagText } from "./flags.js";
import { UNKNOWN } from "./palette.js";

export class ShapeList {
  #rows = new Map();
  #editor = null;

  /**
   * `noun` and `plural` name the shapes, `hint` stands in an empty list. `size(shape)` is shown in
   * a row, `detail(id)` makes the mode's own part of an open row: { node, fill(shape), focus() }.
   * `on`: { select(id), add(), label(id, label), flag(id, name), remove(id), copy(id) }.
   */
  constructor({ noun, plural, hint, classes, attributes, styles, size, detail, on }) {
    Object.assign(this, { classes, attributes, styles, size, detail, on });
    this.title = plural[0].toUpperCase() + plural.slice(1);
    this.count = el("span", { className: "ls-panel-title", textContent: this.title });
    this.list = el("ul", { className: "ls-rows", role: "list" });
    this.empty = el("p", { className: "ls-hint", textContent: hint });
    this.node = el(
      "div",
      { className: "ls-panel", role: "group", "aria-label": `${this.title} of this picture` },
      el(
        "div",
        { className: "ls-panel-head" },
        this.count,
        el(
          "button",
          {
            type: "button",
            className: "ls-button",
            title: `Add a ${noun} here`,
            onclick: () => on.add(),
          },
          icon("plus"),
          el("span", { textContent: `Add ${noun}` }),
        ),
      ),
      this.empty,
      this.list,
    );
  }

  /** Shows these shapes; `selected` is the id of the open row or null. */
  show(shapes, selected) {
    const known = new Set(shapes.map((shape) => shape.id));
    for (const [id, row] of this.#rows) {
      if (known.has(id)) continue;
      row.node.remove();
      this.#rows.delete(id);
      if (this.#editor?.id === id) this.#editor = null;
    }
    shapes.forEach((shape, index) => {
      const row = this.#rows.get(shape.id) ?? this.#newRow(shape.id);
      if (this.list.children[index] !== row.node) {
        this.list.insertBefore(row.node, this.list.children[index] ?? null);
      }
      const open = shape.id === selected;
      if (row.shape === shape && row.index === index && row.open === open) return;
      Object.assign(row, { shape, index, open });
      this.#drawRow(row);
    });
    this.count.textContent = `${this.title} (${shapes.length})`;
    this.empty.hidden = shapes.length > 0;
    const open = selected ? this.#rows.get(selected) : null;
    if (open) this.#reveal(open.node);
  }

  /** Shows a shape's numbers while it is dragged. */
  live(shape) {
    this.#editor?.detail.fill(shape);
  }

  focusDetail() {
    this.#editor?.detail.focus();
  }

  #newRow(id) {
    const name = el("span", { className: "ls-row-name" });
    const marks = el("span", { className: "ls-row-marks" });
    const size = el("span", { className: "ls-row-size" });
    const head = el("button", {
      type: "button",
      className: "ls-row-head",
      onclick: () => this.on.select(id),
    });
    const node = el("li", { className: "ls-row" }, head);
    const row = { id, node, head, name, marks, size };
    this.#rows.set(id, row);
    return row;
  }

  #drawRow(row) {
    const { shape, index, head, name, marks, size, open, node } = row;
    name.textContent = `${index + 1}  ${shape.label}`;
    marks.textContent = flagMarks(shape);
    size.textContent = this.size(shape);
    head.replaceChildren(swatch(this.styles.get(shape.label) ?? UNKNOWN), name, marks, size);
    head.setAttribute("aria-expanded", String(open));
    node.classList.toggle("ls-open", open);
    if (!open) {
      if (this.#editor?.id === row.id) {
        this.#editor.node.remove();
        this.#editor = null;
      }
      return;
    }
    if (this.#editor?.id !== row.id) {
      this.#editor?.node.remove();
      this.#editor = this.#newEditor(row.id);
      node.append(this.#editor.node);
    }
    this.#editor.detail.fill(shape);
    this.#editor.label.value = shape.label;
    for (const [flag, node] of this.#editor.flags) {
      node.querySelector("span").textContent = flagText(shape, flag);
      node.setAttribute("aria-pressed", String(Boolean(shape[flag])));
    }
  }

  #newEditor(id) {
    const detail = this.detail(id);
    const label = el(
      "select",
      {
        className: "ls-select",
        "aria-label": "Class",
        onchange: () => this.on.label(id, label.value),
      },
      ...this.classes.map((name) => el("option", { value: name, textContent: name })),
    );
    const flags = new Map(
      this.attributes.map((name) => {
        const flag = button({
          text: FLAGS[name].word,
          title: FLAGS[name].help,
          key: FLAGS[name].key,
          className: "ls-flag",
          onClick: () => this.on.flag(id, name),
        });
        flag.prepend(keycap(FLAGS[name].key));
        return [name, flag];
      }),
    );
    const node = el(
      "div",
      { className: "ls-editor" },
      el(
        "div",
        { className: "ls-line" },
        label,
        button({ iconName: "copy", title: "Duplicate", key: "D", onClick: () => this.on.copy(id) }),
        button({
          iconName: "trash",
          title: "Delete",
          key: "Delete",
          onClick: () => this.on.remove(id),
        }),
      ),
      detail.node,
      el("div", { className: "ls-flags" }, ...flags.values()),
    );
    return { id, node, detail, label, flags };
  }

  #reveal(row) {
    const { list } = this;
    const top = row.offsetTop - list.offsetTop;
    const bottom = top + row.offsetHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight)
      list.scrollTop = bottom - list.clientHeight;
  }
}
