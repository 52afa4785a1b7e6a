// How masks are drawn, and what is known of their form: parts, bounds and paths of each are found
// once and kept, as annotations are never changed in place.

import { boundsOf, cornersOf, ringsOf, trace } from "../core/polygons.js";
import { decode } from "../core/rle.js";
import { flagMarks } from "../ui/flags.js";
import { paintPlate, paintPoints, stroke } from "../ui/painter.js";
import { UNKNOWN } from "../ui/palette.js";

const forms = new WeakMap();

/** The path of parts in image pixels. */
export const outlined = (parts) =>
  new Path2D(
    ringsOf(parts)
      .map((ring) => `M${ring.join("L")}Z`)
      .join(""),
  );

/** { parts, bounds, paths } of a polygon or a painted mask; parts may overlap, each has its path. */
export const formOf = ({ parts: drawn, rle }) => {
  const key = drawn ?? rle;
  if (!forms.has(key)) {
    const parts = drawn ?? trace(decode(rle));
    forms.set(key, {
      parts,
      bounds: boundsOf(parts),
      paths: parts.map((part) => outlined([part])),
    });
  }
  return forms.get(key);
};

export const partsOf = (mask) => formOf(mask).parts;

const onScreen = (path, { scale, x, y }) => {
  const placed = new Path2D();
  placed.addPath(path, { a: scale, d: scale, e: x, f: y });
  return placed;
};

/** Masks and their names; `look` has `styles`, `labels` and `dpr`. */
export const paintMasks = (context, masks, view, { styles, labels, dpr }, fill = "48") => {
  context.lineJoin = "round";
  for (const mask of masks) {
    const { bounds, paths } = formOf(mask);
    const style = styles.get(mask.label) ?? UNKNOWN;
    for (const each of paths) {
      const path = onScreen(each, view);
      context.fillStyle = style.colour + fill;
      context.fill(path, "evenodd");
      stroke(context, path, style);
    }
    const words = `${mask.label} ${flagMarks(mask)}`.trim();
    // A plate wider than its mask would hide what lies beside.
    if (labels && bounds[2] * view.scale > 7 * words.length)
      paintPlate(context, words, style.colour, view.toScreen(bounds), dpr);
  }
};

/** The selected mask with its corners, or what it becomes; or a stroke that is under way. */
export const paintChosen = (context, mask, view, look) => {
  if (mask.stroke) return paintStroke(context, mask.stroke, view);
  paintMasks(context, [mask], view, look, "30");
  paintPoints(context, cornersOf(mask.parts ?? []), view, "#fff");
};

/** What brush or superpixels are about to set, or with value 0 to clear, of the selected mask. */
export const paintStroke = (context, { path, size, value, colour }, view) => {
  const placed = onScreen(path, view);
  context.save();
  if (!value) context.globalCompositeOperation = "destination-out";
  context.fillStyle = context.strokeStyle = colour + (value ? "80" : "");
  context.lineWidth = size * view.scale;
  context.lineJoin = context.lineCap = "round";
  if (size) context.stroke(placed);
  else context.fill(placed);
  context.restore();
};

/** The circle of the brush; a small one for the cursor. */
export const paintTip = (context, point, view, size = 0) => {
  const circle = new Path2D();
  circle.arc(...view.toScreen(point), Math.max(3, (size * view.scale) / 2), 0, 2 * Math.PI);
  stroke(context, circle, { colour: "#fff" }, 1.2);
};
