// The form mode: typed fields whose values live in the trait `values`. `notes` holds a sentence for
// each field that the kernel has something to say about, `lines` what the plot shows.

import { guardKeys } from "../core/keymap.js";
import { el } from "../ui/dom.js";
import { plot } from "../ui/plot.js";

/** An input that tells what was typed once it is left, and is not changed under the typing hand. */
const typed = (kind, props, set) => {
  const input = el(`${kind}.text`, { ...props, onchange: () => set(input.value) });
  const show = (value) => {
    if (input !== document.activeElement) input.value = value ?? "";
  };
  return [input, show];
};

const number = ({ label, kind, unit, min, max, step = "any" }, set) => {
  const take = (text) => set(text === "" ? null : Number(text));
  const [input, show] = typed("input", { type: "number", min, max, step }, take);
  if (kind === "number") return [el("span.unit", input, unit), show];
  const oninput = () => take(slide.value);
  const slide = el("input", { type: "range", min, max, step, oninput, "aria-label": label });
  const showBoth = (value) => {
    show(value);
    slide.value = value ?? min;
  };
  return [el("span.unit", input, unit, slide), showBoth];
};

const options = ({ name, label, kind, options }, set) => {
  const single = kind === "choice";
  const group = `${name}-${Math.random()}`;
  const chosen = () => options.filter((_, at) => inputs[at].checked);
  const onchange = () => set(single ? chosen()[0] : chosen());
  const inputs = options.map(() =>
    el("input", { type: single ? "radio" : "checkbox", name: group, onchange }),
  );
  const node = el(
    "div.options",
    { role: single ? "radiogroup" : "group", "aria-label": label },
    ...options.map((text, at) => el("label.option", inputs[at], el("span", text))),
  );
  const show = (value) => {
    const held = [value ?? []].flat();
    for (const [at, input] of inputs.entries()) input.checked = held.includes(options[at]);
  };
  return [node, show];
};

/** Builders by kind: (field, set) -> [control, show(value)]. */
const CONTROLS = {
  text: ({ placeholder }, set) => typed("input", { type: "text", placeholder }, set),
  textarea: ({ rows, placeholder }, set) => typed("textarea", { rows, placeholder }, set),
  number,
  slider: number,
  choice: options,
  multichoice: options,
};

export class FormEditor {
  constructor(model, root, signal) {
    const { title, fields, plot: drawn } = model.get("spec");
    const set = (changed) => {
      model.set("values", { ...model.get("values"), ...changed });
      model.save_changes();
    };
    const rows = fields.map((field) => {
      const { name, label, help } = field;
      const [control, show] = CONTROLS[field.kind](field, (value) => set({ [name]: value }));
      const note = el("span.form-note", { "aria-live": "polite" });
      const node = el(
        `${field.options ? "div" : "label"}.form-row`,
        el("span.form-label", label),
        help ? el("span.hint", help) : null,
        control,
        note,
      );
      return { name, node, show, note };
    });
    const figure = drawn && plot(drawn, fields, set);
    root.classList.add("ls", "ls-form");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", title);
    root.append(
      el("div.title", el("strong", title)),
      figure?.node ?? "",
      ...rows.map(({ node }) => node),
    );
    const draw = () => {
      const [values, notes, lines] = ["values", "notes", "lines"].map((name) => model.get(name));
      for (const { name, show, note } of rows) {
        show(values[name]);
        note.textContent = notes[name] ?? "";
      }
      figure?.show(values, lines);
    };
    const changes = "change:values change:notes change:lines";
    model.on(changes, draw);
    signal.addEventListener("abort", () => model.off(changes, draw));
    guardKeys(root, () => null, signal);
    draw();
  }
}
