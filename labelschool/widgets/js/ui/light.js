// Brightness and contrast of the picture, for dark corners; the picture itself is not changed.

import { button, el } from "./dom.js";

const RANGES = [
  ["Brightness", "brightness"],
  ["Contrast", "contrast"],
];

/** A small panel with two sliders; `onChange(filter)` gets a CSS filter. */
export const lightPanel = (onChange) => {
  const values = { brightness: 100, contrast: 100 };
  const tell = () => {
    const plain = values.brightness === 100 && values.contrast === 100;
    onChange(plain ? "none" : `brightness(${values.brightness}%) contrast(${values.contrast}%)`);
  };
  const inputs = RANGES.map(([word, name]) =>
    el("input", {
      type: "range",
      min: 40,
      max: 300,
      step: 10,
      value: 100,
      "aria-label": word,
      oninput: (event) => {
        values[name] = event.target.valueAsNumber;
        tell();
      },
    }),
  );
  const reset = () => {
    for (const [at, [, name]] of RANGES.entries()) {
      values[name] = 100;
      inputs[at].value = 100;
    }
    tell();
  };
  const node = el(
    "div",
    { className: "ls-light", role: "group", "aria-label": "Picture", hidden: true },
    ...RANGES.map(([word], at) => el("label", {}, el("span", { textContent: word }), inputs[at])),
    button({ text: "Reset", title: "Reset brightness and contrast", onClick: reset }),
  );
  return {
    node,
    toggle: () => {
      node.hidden = !node.hidden;
      if (!node.hidden) inputs[0].focus();
      return !node.hidden;
    },
  };
};
