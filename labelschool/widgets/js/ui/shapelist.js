// The list beside the canvas: one row per box with its class, flags and numbers. It does everything
// the mouse does, for hands and eyes that a canvas does not serve. Rows are kept and changed in
// place, so a list of a thousand stays quick.

import { button, el, icon, keycap, swatch } from "./dom.js";
import { FLAGS, flagMarks, flagText } from "./flags.js";
import { UNKNOWN } from "./palette.js";

const SIDES = [
  ["x", "X"],
  ["y", "Y"],
  ["w", "Width"],
  ["h", "Height"],
];

export class ShapeList {
  #rows = new Map();
  #editor = null;

  /** `on`: { select(id), add(), change(id, change), flag(id, name), remove(id), copy(id) }. */
  constructor({ classes, attributes, styles, on }) {
    Object.assign(this, { classes, attributes, styles, on });
    this.count = el("span", { className: "ls-panel-title", textContent: "Boxes" });
    this.list = el("ul", { className: "ls-rows", role: "list" });
    this.empty = el("p", {
      className: "ls-hint",
      textContent: "No boxes yet. Drag over an object, or add a box here and type its numbers.",
    });
    this.node = el(
      "div",
      { className: "ls-panel", role: "group", "aria-label": "Boxes of this picture" },
      el(
        "div",
        { className: "ls-panel-head" },
        this.count,
        el(
          "button",
          {
            type: "button",
            className: "ls-button",
            title: "Add a box and type its numbers",
            onclick: () => on.add(),
          },
          icon("plus"),
          el("span", { textContent: "Add box" }),
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
    this.count.textContent = `Boxes (${shapes.length})`;
    this.empty.hidden = shapes.length > 0;
    const open = selected ? this.#rows.get(selected) : null;
    if (open) this.#reveal(open.node);
  }

  /** Shows a box's numbers while it is dragged. */
  live(bbox) {
    if (this.#editor) this.#fill(this.#editor, bbox);
  }

  focusNumbers() {
    this.#editor?.inputs[0].select();
    this.#editor?.inputs[0].focus();
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
    const [, , w, h] = shape.bbox;
    name.textContent = `${index + 1}  ${shape.label}`;
    marks.textContent = flagMarks(shape);
    size.textContent = `${Math.round(w)} × ${Math.round(h)}`;
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
    this.#fill(this.#editor, shape.bbox);
    this.#editor.label.value = shape.label;
    for (const [flag, node] of this.#editor.flags) {
      node.querySelector("span").textContent = flagText(shape, flag);
      node.setAttribute("aria-pressed", String(Boolean(shape[flag])));
    }
  }

  #newEditor(id) {
    const inputs = SIDES.map(([side, word]) =>
      el("input", {
        type: "number",
        step: "any",
        className: "ls-number",
        name: side,
        "aria-label": `${word} in pixels`,
        onchange: () => this.#readNumbers(id),
        onkeydown: (event) => this.#stepNumber(event, id),
      }),
    );
    const label = el(
      "select",
      {
        className: "ls-select",
        "aria-label": "Class",
        onchange: () => this.on.change(id, { label: label.value }),
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
      el(
        "div",
        { className: "ls-numbers" },
        ...inputs.map((input, at) =>
          el(
            "label",
            { className: "ls-field" },
            el("span", { textContent: SIDES[at][0], "aria-hidden": "true" }),
            input,
          ),
        ),
      ),
      el("div", { className: "ls-flags" }, ...flags.values()),
    );
    return { id, node, inputs, label, flags };
  }

  #fill({ inputs }, bbox) {
    inputs.forEach((input, at) => {
      const text = String(Math.round(bbox[at] * 10) / 10);
      if (input.value !== text) input.value = text;
    });
  }

  #readNumbers(id) {
    const { shape } = this.#rows.get(id);
    const bbox = this.#editor.inputs.map((input, at) =>
      Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : shape.bbox[at],
    );
    this.on.change(id, { bbox });
    // What the frame refused is shown as it now stands.
    if (this.#editor?.id === id) this.#fill(this.#editor, this.#rows.get(id).shape.bbox);
  }

  /** Up and down change a number by 1, with Shift by 10. */
  #stepNumber(event, id) {
    if (event.key === "Enter") return this.#readNumbers(id);
    const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    event.target.value = event.target.valueAsNumber + sign * (event.shiftKey ? 10 : 1);
    this.#readNumbers(id);
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
