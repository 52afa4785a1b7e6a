// The form mode: typed fields whose values live in the trait `values`; `notes` holds a sentence for
// each field that the kernel has something to say about.

import { guardKeys } from "../core/keymap.js";
import { el } from "../ui/dom.js";

const option = (kind, name, text, checked, onChange) =>
  el(
    "label",
    { className: "ls-option" },
    el("input", { type: kind, name, checked, onchange: onChange }),
    el("span", { textContent: text }),
  );

/** Builders by kind: (field, value, set) -> [control, show(value)]. */
const CONTROLS = {
  text: (field, set) =>
    simple(el("input", { type: "text", placeholder: field.placeholder ?? "" }), set),
  textarea: (field, set) =>
    simple(el("textarea", { rows: field.rows ?? 4, placeholder: field.placeholder ?? "" }), set),
  number: (field, set) => {
    const input = el("input", {
      type: "number",
      min: field.min ?? "",
      max: field.max ?? "",
      step: field.step ?? "any",
    });
    const [node, show] = simple(input, () => set(input.value === "" ? null : input.valueAsNumber));
    if (!field.unit) return [node, show];
    return [el("span", { className: "ls-unit" }, node, field.unit), show];
  },
  choice: (field, set) => options("radio", field, (name) => set(name)),
  multichoice: (field, set) =>
    options("checkbox", field, (_, chosen) =>
      set(field.options.filter((name) => chosen.includes(name))),
    ),
};

const simple = (input, set) => {
  input.classList.add("ls-text");
  input.addEventListener("change", () => set(input.value));
  const show = (value) => {
    input.value = value ?? "";
  };
  return [input, show];
};

const options = (kind, field, set) => {
  const group = `${field.name}-${Math.random()}`;
  const chosen = () => field.options.filter((_, at) => labels[at].firstChild.checked);
  const labels = field.options.map((name) =>
    option(kind, group, name, false, () => set(name, chosen())),
  );
  const node = el(
    "div",
    {
      className: "ls-options",
      role: kind === "radio" ? "radiogroup" : "group",
      "aria-label": field.label,
    },
    ...labels,
  );
  const show = (value) => {
    const held = [value ?? []].flat();
    field.options.forEach((name, at) => {
      labels[at].firstChild.checked = held.includes(name);
    });
  };
  return [node, show];
};

export class FormEditor {
  constructor(model, root, signal) {
    const { title, fields } = model.get("spec");
    const rows = fields.map((field) => {
      const set = (value) => {
        model.set("values", { ...model.get("values"), [field.name]: value });
        model.save_changes();
      };
      const [control, show] = CONTROLS[field.kind](field, set);
      const note = el("span", { className: "ls-form-note", "aria-live": "polite" });
      const single = !field.options;
      const row = el(
        single ? "label" : "div",
        { className: "ls-form-row" },
        el("span", { className: "ls-form-label", textContent: field.label }),
        field.help ? el("span", { className: "ls-hint", textContent: field.help }) : null,
        control,
        note,
      );
      return { field, row, show, note };
    });
    root.classList.add("ls", "ls-form");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", title);
    root.append(
      el("div", { className: "ls-title" }, el("strong", { textContent: title })),
      ...rows.map(({ row }) => row),
    );
    const draw = () => {
      for (const { field, show, note } of rows) {
        show(model.get("values")[field.name]);
        note.textContent = model.get("notes")[field.name] ?? "";
      }
    };
    model.on("change:values change:notes", draw);
    signal.addEventListener("abort", () => model.off("change:values change:notes", draw));
    guardKeys(root, null, signal);
    draw();
  }
}
