// Pure geometry of figures: named points with visibility 2 (seen), 1 (hidden), 0 (not labelled).

import * as geometry from "./geometry.js";

const MARGIN = 6;

/** A figure without any point placed. */
export const blankPoints = (names) => names.map((name) => ({ name, x: 0, y: 0, visibility: 0 }));

export const placed = (points) => points.filter(({ visibility }) => visibility > 0);

/** The points with one of them at a place, seen unless it is told otherwise. */
export const put = (points, index, [x, y], visibility = points[index].visibility || 2) =>
  points.with(index, { ...points[index], x: geometry.round(x), y: geometry.round(y), visibility });

/** All placed points moved, stopped as a whole by the frame. */
export const shift = (points, dx, dy, frame) => {
  const box = around(points, 0);
  const [left, top] = geometry.translate(box, dx, dy, frame);
  return points.map((point, index) => {
    const place = [point.x + left - box[0], point.y + top - box[1]];
    return point.visibility ? put(points, index, place)[index] : point;
  });
};

/** The box around the placed points, with a margin. */
export const around = (points, margin = MARGIN) => {
  const seen = placed(points).map(({ x, y }) => [x, y]);
  const [left, top, width, height] = geometry.around(seen.length ? seen : [[0, 0]]);
  return [left - margin, top - margin, width + 2 * margin, height + 2 * margin];
};

/** The index of the placed point nearest to a place within reach, or -1. */
export const pointAt = (points, [px, py], reach) => {
  const far = points.map(({ x, y, visibility }) =>
    visibility ? Math.hypot(x - px, y - py) : Number.POSITIVE_INFINITY,
  );
  const least = Math.min(...far);
  return least > reach ? -1 : far.indexOf(least);
};

/** The first point after `index` that is not placed, going round; or -1. */
export const nextOpen = (points, index) => {
  const open = points.flatMap(({ visibility }, at) => (visibility ? [] : [at]));
  return open.find((at) => at > index) ?? open[0] ?? -1;
};

const MIRROR = { left_: "right_", right_: "left_" };
const mirrored = (name) => name.replace(/^(left|right)_/, (side) => MIRROR[side]);

/** The points with left and right exchanged. */
export const swapSides = (points) =>
  points.map((point) => {
    const other = points.find(({ name }) => name === mirrored(point.name));
    return other ? { ...other, name: point.name } : point;
  });
