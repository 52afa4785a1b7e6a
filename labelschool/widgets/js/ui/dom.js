// Building blocks of the panel.

/**
 * An element: `el("p.hint", { id }, "words")` is a paragraph of the class `ls-hint`. Properties,
 * and attributes (`aria-*`, `role`, `data-*`), may be left out; so may children that are null.
 */
export const el = (kind, ...rest) => {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `ls-${name}`).join(" ");
  const props = rest[0]?.constructor === Object ? rest.shift() : {};
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (/^(aria-|data-|role$|for$|list$)/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...rest.filter((child) => child !== null && child !== undefined));
  return node;
};

/** A line drawing, see css/icons.css. */
export const icon = (name) => el(`span.icon.icon-${name}`, { "aria-hidden": "true" });

/** A short stroke in a class's colour and dash, the same as on the canvas. */
export const swatch = ({ colour, dash }) => {
  const line = (stroke, width, pattern) =>
    `<path d="M1 4h24" stroke="${stroke}" stroke-width="${width}" stroke-dasharray="${pattern}"/>`;
  const lines = line("#16181d", 5, "") + line(colour, 3, dash);
  return el("span.swatch", {
    "aria-hidden": "true",
    innerHTML: `<svg viewBox="0 0 26 8">${lines}</svg>`,
  });
};

export const keycap = (key) => el("kbd.key", key);

/** Gives the focus back to the work of the annotator that a node is in. */
export const refocus = (node) =>
  node.dispatchEvent(new CustomEvent("ls-refocus", { bubbles: true }));

/** Shows a button as pressed or not. */
export const press = (node, on) => node.setAttribute("aria-pressed", String(Boolean(on)));

/**
 * A button that says its key in the tooltip. After a click by pointer the focus goes back to the
 * work; by keyboard it stays, as a keyboard user expects.
 */
export const button = ({
  text,
  iconName,
  title,
  key,
  className = "",
  onClick,
  pressed,
  ...rest
}) => {
  const tip = key ? `${title ?? text} (${key})` : title;
  const node = el("button", {
    type: "button",
    className: `ls-button ${className}`.trim(),
    title: tip,
    "aria-label": iconName && !text ? title : undefined,
    "aria-pressed": pressed,
    "aria-keyshortcuts": key && /^[\w?+[\]]+$/.test(key) ? key : undefined,
    ...rest,
  });
  if (iconName) node.append(icon(iconName));
  if (text) node.append(el("span", text));
  node.addEventListener("click", (event) => {
    const home = node.closest(".ls") ?? node;
    onClick(event);
    // A button that its own click took away leaves the focus to nobody.
    if (event.detail > 0 || !node.isConnected) refocus(home);
  });
  return node;
};

/** The button of a row of keys (see core/keymap.js), which has an `icon`. */
export const rowButton = ([keys, title, onClick, { icon }], props) =>
  button({ iconName: icon, title, key: keys.split(" ")[0], onClick, ...props });

/** A small button that shows its key. */
export const keyButton = (props) => {
  const node = button({ ...props, className: "ls-flag" });
  node.prepend(keycap(props.key));
  return node;
};

/** The input mode of a pointer. */
export const pointerMode = ({ pointerType }) =>
  ["touch", "pen"].includes(pointerType) ? pointerType : "mouse";

/** The input mode of a click on a control. */
export const clickMode = (event) => (event.detail === 0 ? "keyboard" : pointerMode(event));
