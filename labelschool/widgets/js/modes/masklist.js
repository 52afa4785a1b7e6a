// Masks in the list beside the canvas: their parts and holes, and the corner at hand.

import { middle, ringArea } from "../core/polygons.js";
import { button, el } from "../ui/dom.js";
import { numberFields } from "../ui/numbers.js";
import { partsOf } from "./maskpaint.js";

const PLACE = [
  ["corner", "Corner, 0 for the whole mask"],
  ["x", "X in pixels"],
  ["y", "Y in pixels"],
];

export const pixels = (square) => `${Math.round(square).toLocaleString("en")} px`;

/** The part of an open row that tells parts, holes and the place of the corner at hand. */
export const maskDetail = (editor) => {
  const rings = el("div.rings");
  const place = (mask) => editor.cornerPoint ?? editor.bounds(mask).slice(0, 2);
  const fields = numberFields(PLACE, {
    unit: "",
    read: (mask) => [editor.corner + 1, ...place(mask)],
    write: ([number, x, y]) => {
      const { corner, selectedShape: mask } = editor;
      const [left, top] = place(mask);
      const step = Math.max(0, Math.round(number)) - 1 - corner;
      if (step) editor.stepCorner(step);
      else if (editor.cornerPoint) editor.putCorners(() => [[x, y]], "list");
      else editor.change(mask.id, editor.shifted(mask, x - left, y - top), "list");
    },
  });
  const act = (iconName, title, onClick) => button({ iconName, title, onClick });
  const change = el(
    "div.ring",
    act("plus", "New corner after this one", () => editor.putCorners(middle, "list")),
    act("trash", "Remove this corner", () => editor.putCorners(() => [], "list")),
  );

  const fill = (mask) => {
    const rows = partsOf(mask).flatMap(({ outline, holes }, part) => [
      [`Part ${part + 1}`, "Delete", outline],
      ...holes.map((hole, at) => [`Hole ${at + 1}`, "Fill", hole]),
    ]);
    rings.replaceChildren(
      ...rows.map(([what, verb, ring], at) =>
        el(
          "div.ring",
          el("span", `${what}, ${pixels(ringArea(ring))}`),
          act("trash", `${verb} ${what}`, () => editor.removeRing(at)),
        ),
      ),
    );
    change.hidden = !editor.cornerPoint;
    fields.fill(mask);
  };

  fields.node.append(change);
  return { ...fields, node: el("div.mask", rings, fields.node), fill };
};
