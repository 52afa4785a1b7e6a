// Drawing of findings on a scan: outlines, and crosses for points without outline.

import { longAxis } from "../core/scans.js";
import { spaced } from "../core/words.js";
import { paintPlate, pathOf, stroke } from "./painter.js";
import { UNKNOWN } from "./palette.js";

/** Lines that measure. */
export const MEASURE = { colour: "#ffffff", dash: [6, 3] };

/** One mark; that which is `chosen` shows its corners and its long axis. */
export const paintMark = (context, mark, view, { styles, labels, dpr, chosen }) => {
  const { label, center, outline, long_axis: axis, confidence } = mark;
  const style = styles.get(label) ?? UNKNOWN;
  const [x, y] = view.toScreen(center);
  if (outline.length) stroke(context, pathOf(outline, view, true), style, chosen ? 2 : 1.5);
  if (chosen || !outline.length) {
    const cross = new Path2D(`M${x - 7} ${y}h14m-7 -7v14`);
    stroke(context, cross, style, 1.5);
  }
  const corners = outline.map((corner) => view.toScreen(corner));
  if (chosen && outline.length) {
    stroke(context, pathOf(longAxis(outline), view), MEASURE, 1);
    context.fillStyle = MEASURE.colour;
    for (const [left, top] of corners) context.fillRect(left - 2, top - 2, 4, 4);
  }
  if (!labels) return;
  const words = `${spaced(label)}${axis ? ` ${axis.toFixed(1)} mm` : ""} c${confidence}`;
  const top = Math.min(y - 7, ...corners.map((corner) => corner[1]));
  paintPlate(context, words, style.colour, [x + 8, top - 2], dpr);
};
