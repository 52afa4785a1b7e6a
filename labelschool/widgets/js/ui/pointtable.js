// The points of a figure in the list beside the canvas: place and visibility of each.

import { el } from "./dom.js";
import { numberFields } from "./numbers.js";

/** Words for the visibility 0, 1 and 2. */
const VISIBILITY = ["0 none", "1 hidden", "2 seen"];

/**
 * A table for points of these names; `choose(index)` runs when a row gets the focus,
 * `write(index, [x, y], visibility)` when it was changed. Returns { node, fill, focus }.
 */
export const pointTable = (names, { choose, write }) => {
  const rows = names.map((name, index) => {
    let point = null;
    const place = numberFields(
      ["x", "y"].map((axis) => [axis, `${name}, ${axis}`]),
      {
        read: ({ x, y }) => [x, y],
        write: (to) => write(index, to, point.visibility || 2),
      },
    );
    const seen = el(
      "select.select",
      {
        "aria-label": `${name}, visibility`,
        onchange: () => write(index, [point.x, point.y], Number(seen.value)),
      },
      ...VISIBILITY.map((word, value) => el("option", { value }, word)),
    );
    const title = el("span.point-name", name);
    const node = el("div.point", { role: "group", "aria-label": name }, title, place.node, seen);
    node.addEventListener("focusin", () => choose(index));
    const fill = (filled) => {
      point = filled;
      place.fill(point);
      seen.value = point.visibility;
    };
    return { node, fill, focus: place.focus };
  });
  return {
    node: el("div.points", ...rows.map(({ node }) => node)),
    fill({ points }) {
      for (const [index, row] of rows.entries()) row.fill(points[index]);
    },
    focus: rows[0].focus,
  };
};
