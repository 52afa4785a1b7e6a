// The class buttons with their number keys.

import { button, clickMode, el, keycap, press, swatch } from "./dom.js";

/** The number of a name that is a digit, or an error code with its words ("E8 wrong class"). */
const numberOf = (name) =>
  /^(?:\d$|E\d+ )/.test(name) && Number.parseInt(name.replace("E", ""), 10);

/** The number key of a class: its place, or where all are numbered, its number (of E10 the 1). */
export const classKey = (classes, index) => {
  const numbers = classes.map(numberOf);
  if (!numbers.includes(false)) return numbers[index] && ((numbers[index] - 1) % 9) + 1;
  return index < 9 ? index + 1 : null;
};

/** The classes with number keys: [[key, name]]. */
export const keyedClasses = (classes) =>
  classes.map((name, index) => [classKey(classes, index), name]).filter(([key]) => key !== null);

/**
 * `onChoose(name, mode)` runs on a click. `show({ pressed, caption })` marks the classes in use and
 * says what a press would change.
 */
export const labelBar = (classes, styles, { onChoose, large = false }) => {
  const caption = el("span.caption");
  const buttons = classes.map((name, index) => {
    const key = classKey(classes, index);
    const title = key === null ? name : `${name}, key ${key}`;
    const node = button({
      title,
      className: large ? "ls-class ls-class-large" : "ls-class",
      "aria-label": title,
      "aria-pressed": "false",
      onClick: (event) => onChoose(name, clickMode(event)),
    });
    if (key !== null && String(key) !== name) node.append(keycap(key));
    node.append(styles ? swatch(styles.get(name)) : "", el("span", name));
    return node;
  });
  const node = el("div.classes", { role: "toolbar", "aria-label": "Classes" });
  node.append(caption, ...buttons);
  const show = (pressed, words) => {
    caption.textContent = words;
    caption.hidden = !words;
    for (const [index, name] of classes.entries()) {
      press(buttons[index], pressed.includes(name));
    }
  };
  return { node, show };
};
