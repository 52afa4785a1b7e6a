// A row of number fields in the list beside the canvas.

import { el } from "./dom.js";

/**
 * Fields for [[name, word]]; `read(shape)` gives their values, `write(values)` takes them when one
 * was changed. Up and down change a number by 1, with Shift by 10. Returns { node, fill, focus }.
 */
export const numberFields = (fields, { read, write, unit = "in pixels" }) => {
  let shown = null;
  const take = () => {
    const held = read(shown);
    write(
      inputs.map((input, at) =>
        Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : held[at],
      ),
    );
    // What the frame refused is shown as it now stands.
    fill(shown);
  };
  const step = (event) => {
    if (event.key === "Enter") return take();
    const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    event.target.value = event.target.valueAsNumber + sign * (event.shiftKey ? 10 : 1);
    take();
  };
  const inputs = fields.map(([name, word]) =>
    el("input", {
      type: "number",
      step: "any",
      className: "ls-number",
      name,
      "aria-label": `${word} ${unit}`,
      onchange: take,
      onkeydown: step,
    }),
  );
  const fill = (shape) => {
    shown = shape;
    const values = read(shape);
    inputs.forEach((input, at) => {
      const text = String(Math.round(values[at] * 10) / 10);
      if (input.value !== text) input.value = text;
    });
  };
  const focus = () => {
    inputs[0].select();
    inputs[0].focus();
  };
  const node = el(
    "div",
    { className: "ls-numbers" },
    ...inputs.map((input, at) =>
      el(
        "label",
        { className: "ls-field" },
        el("span", { textContent: fields[at][0], "aria-hidden": "true" }),
        input,
      ),
    ),
  );
  return { node, fill, focus };
};
