// The class buttons with their number keys.

import { button, clickMode, el, keycap, swatch } from "./dom.js";

/**
 * `onChoose(name, mode)` runs on a click. `show({ pressed, caption })` marks the classes in use and
 * says what a press would change.
 */
export const labelBar = (classes, styles, { onChoose, large = false }) => {
  const caption = el("span", { className: "ls-caption" });
  const buttons = classes.map((name, index) => {
    const node = button({
      title: `${name}, key ${index + 1}`,
      className: large ? "ls-class ls-class-large" : "ls-class",
      "aria-label": `${name}, key ${index + 1}`,
      "aria-pressed": "false",
      onClick: (event) => onChoose(name, clickMode(event)),
    });
    if (index < 9) node.append(keycap(index + 1));
    node.append(styles ? swatch(styles.get(name)) : "", el("span", { textContent: name }));
    return node;
  });
  const node = el("div", { className: "ls-classes", role: "toolbar", "aria-label": "Classes" });
  node.append(caption, ...buttons);
  const show = (pressed, words) => {
    caption.textContent = words;
    caption.hidden = !words;
    for (const [index, name] of classes.entries()) {
      buttons[index].setAttribute("aria-pressed", String(pressed.includes(name)));
    }
  };
  return { node, show };
};
