// How spans look: words tinted and underlined in the colour and dash of their class, one line below
// the other where they share words, a tag with the class where they begin, and an arc for each
// relation. Tags are generated content and arcs lie beside the text: the page holds the text alone.

import { cut, listed } from "../core/text.js";
import { el } from "./dom.js";
import { inkOn, UNKNOWN } from "./palette.js";

/** One turn of a dash as a picture and its width, in CSS. */
const dashed = (dash) => {
  let at = 0;
  const stops = (dash.length ? dash : [8]).map((length, index) => {
    const from = at;
    at += length;
    return `${index % 2 ? "#0000" : "var(--ls-stroke)"} ${from}px ${at}px`;
  });
  return `--ls-dash: linear-gradient(90deg, ${stops}); --ls-turn: ${at}px`;
};

/** The nodes of a line of a text with its spans, each of which has a `lane`. */
export const painted = (text, line, spans, styles) =>
  cut(line, spans).map((part) => {
    let node = document.createTextNode(text.slice(part.start, part.end));
    for (const { id, start, label, severity, lane } of part.spans.toReversed()) {
      const { colour, dash } = styles.get(label) ?? UNKNOWN;
      const tag = start === part.start ? listed(label, severity) : null;
      node = el("span.mark", { "data-id": id, "data-tag": tag }, node);
      node.style = `--ls-class: ${colour}; --ls-on: ${inkOn(colour)}; --ls-lane: ${lane}; ${dashed(dash)}`;
    }
    return node;
  });

/** Draws relations, [{ from, to, label, chosen }] between the boxes of two spans, into a layer. */
export const drawArcs = (layer, relations) => {
  const names = [];
  const drawn = relations.filter(({ from, to }) => from && to);
  const paths = drawn.map(({ from, to, label, chosen }) => {
    const [x1, y1, x2, y2] = [from.x + 8, from.y, to.x + 8, to.y];
    const top = Math.min(y1, y2) - 9;
    const name = el("span.arc-name", label);
    name.style = `left: max(3em, ${(x1 + x2) / 2}px); top: ${top}px`;
    names.push(name);
    const look = chosen ? ' class="ls-chosen"' : "";
    return `<path${look} d="M${x1} ${y1}V${top}H${x2}V${y2}m-4-5l4 5l4-5"/>`;
  });
  layer.innerHTML = `<svg>${paths.join("")}</svg>`;
  layer.append(...names);
};
