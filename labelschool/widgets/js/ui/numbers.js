// A row of number fields in the list beside the canvas.

import { el } from "./dom.js";

/**
 * Fields for [[name, word]]; `read(shape)` gives their values, `write(values)` takes them when one
 * was changed. Up and down change a number by `step`, with Shift by ten times as much; `places` are
 * shown after the point. Returns { node, fill, focus }.
 */
export const numberFields = (
  fields,
  { read, write, unit = "in pixels", step: by = 1, places = 1 },
) => {
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
    event.target.value = event.target.valueAsNumber + sign * (event.shiftKey ? 10 * by : by);
    take();
  };
  const inputs = fields.map(([name, word]) =>
    el("input.number", {
      type: "number",
      step: "any",
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
      const text = String(Number(values[at].toFixed(places)));
      if (input.value !== text) input.value = text;
    });
  };
  const focus = () => {
    inputs[0].select();
    inputs[0].focus();
  };
  const node = el(
    "div.numbers",
    ...inputs.map((input, at) =>
      el("label.field", el("span", { "aria-hidden": "true" }, fields[at][0]), input),
    ),
  );
  return { node, fill, focus };
};
