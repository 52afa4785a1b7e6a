// How a picture looks, by sliders over it: brightness and contrast, or window and level of a scan. The
// picture itself is not changed.

import { button, el } from "./dom.js";

/**
 * A panel with a slider for each of `ranges` ([field, word, least, most], in `unit`) and a button
 * for each of `presets` ({ name, [field]: value }); it starts as the first one. `onChange(values)`
 * runs at each change. Returns { node, toggle }: `toggle()` opens or closes it and tells which.
 */
const sliders = (title, unit, ranges, presets, onChange) => {
  const values = {};
  const rows = ranges.map(([field, word, min, max]) => {
    const shown = el("output");
    const input = el("input", {
      type: "range",
      min,
      max,
      step: 10,
      "aria-label": `${word} in ${unit}`,
      oninput: () => set({ [field]: input.valueAsNumber }),
    });
    const fill = () => {
      input.value = values[field];
      shown.value = `${values[field]} ${unit}`;
    };
    return { input, fill, node: el("label", el("span", word), input, shown) };
  });
  const show = (change) => {
    Object.assign(values, change);
    for (const { fill } of rows) fill();
  };
  const set = (change) => {
    show(change);
    onChange(values);
  };
  const buttons = presets.map((preset) => {
    const parts = ranges.map(([field, word]) => `${word} ${preset[field]} ${unit}`);
    return button({ text: preset.name, title: parts.join(", "), onClick: () => set(preset) });
  });
  const node = el(
    "div.light",
    { role: "group", "aria-label": title, hidden: true },
    ...rows.map((row) => row.node),
    el("div.actions", ...buttons),
  );
  show(presets[0]);
  const toggle = () => {
    node.hidden = !node.hidden;
    if (!node.hidden) rows[0].input.focus();
    return !node.hidden;
  };
  return { node, toggle };
};

/** Brightness and contrast, for dark corners; `onChange(filter)` gets a CSS filter. */
export const lightPanel = (onChange) =>
  sliders(
    "Picture",
    "%",
    [
      ["brightness", "Brightness", 40, 300],
      ["contrast", "Contrast", 40, 300],
    ],
    [{ name: "Reset", brightness: 100, contrast: 100 }],
    ({ brightness, contrast }) => onChange(`brightness(${brightness}%) contrast(${contrast}%)`),
  );

/** Window and level, with presets { name, level, width } in HU. */
export const windowPanel = (presets, onChange) =>
  sliders(
    "Window and level",
    "HU",
    [
      ["level", "Level", -1000, 1000],
      ["width", "Width", 50, 2000],
    ],
    presets,
    onChange,
  );
