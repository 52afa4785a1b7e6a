// Building blocks of the panel.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties, attributes (`aria-*`, `role`, `data-*`) and children. */
export const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (/^(aria-|data-|role$|for$|list$)/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

/** Line drawings on a 20 x 20 grid. */
const ICONS = {
  select: "M5 3l10 6.5-4.4 1L8.5 15z",
  box: "M3.5 5.5h13v9h-13z",
  extreme: "M10 2.5v3M10 14.5v3M2.5 10h3M14.5 10h3M7 7h6v6H7z",
  undo: "M7 4L3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 010 9H8",
  redo: "M13 4l3.5 3.5L13 11M16 7.5H8.5a4.5 4.5 0 000 9H12",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  fit: "M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4",
  labels: "M3.5 5.5h8l5 4.5-5 4.5h-8z",
  grid: "M3.5 3.5h13v13h-13zM3.5 8h13M3.5 12h13M8 3.5v13M12 3.5v13",
  light:
    "M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4",
  cross: "M10 2.5v5.5M10 12v5.5M2.5 10H8M12 10h5.5",
  trash: "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5",
  copy: "M7 7h9.5v9.5H7zM4.5 13h-1V3.5H13v1",
  left: "M12 4.5L6.5 10l5.5 5.5",
  right: "M8 4.5l5.5 5.5L8 15.5",
  check: "M4 10.5l4 4 8-9",
  flag: "M5 17.5v-14h9.5l-2.5 3.5 2.5 3.5H5",
  help: "M7.5 7.5a2.5 2.5 0 113.6 2.3c-.7.3-1.1.9-1.1 1.7v.5M10 15v.6",
  clock: "M10 3.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM10 6.5V10l2.5 1.5",
};

export const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "ls-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};

/** A short stroke in a class's colour and dash, the same as on the canvas. */
export const swatch = ({ colour, dash }) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 26 8");
  svg.setAttribute("class", "ls-swatch");
  svg.setAttribute("aria-hidden", "true");
  for (const [stroke, width, pattern] of [
    ["#16181d", 5, ""],
    [colour, 3, dash.join(" ")],
  ]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", "M1 4h24");
    line.setAttribute("stroke", stroke);
    line.setAttribute("stroke-width", width);
    line.setAttribute("stroke-dasharray", pattern);
    svg.append(line);
  }
  return svg;
};

export const keycap = (key) => el("kbd", { className: "ls-key", textContent: key });

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
  if (text) node.append(el("span", { textContent: text }));
  node.addEventListener("click", (event) => {
    onClick(event);
    if (event.detail > 0) {
      node.dispatchEvent(new CustomEvent("ls-refocus", { bubbles: true }));
    }
  });
  return node;
};

/** The input mode of a click on a control. */
export const clickMode = (event) => {
  if (event.detail === 0) return "keyboard";
  return ["touch", "pen"].includes(event.pointerType) ? event.pointerType : "mouse";
};
