// Pure geometry of boxes. A box is [x, y, width, height] in image pixels, origin at the top left
// corner of the picture; a point is [x, y]; `frame` is the picture as { width, height }.

/** The smallest side a box may have, in image pixels. */
export const MIN_SIDE = 1;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** One decimal: finer than a hand can point, and short in the file. */
export const round = (value) => Math.round(value * 10) / 10;

export const roundBox = (box) => {
  const [x, y, w, h] = box;
  const left = round(x);
  const top = round(y);
  return [left, top, round(round(x + w) - left), round(round(y + h) - top)];
};

/** The box spanned by two opposite corners, in any order. */
export const spanning = ([x0, y0], [x1, y1]) => [
  Math.min(x0, x1),
  Math.min(y0, y1),
  Math.abs(x1 - x0),
  Math.abs(y1 - y0),
];

/** The smallest box around points; of four extreme clicks, the object's (Papadopoulos et al. 2017). */
export const around = (points) => {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return spanning([Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]);
};

export const clampPoint = ([x, y], frame) => [clamp(x, 0, frame.width), clamp(y, 0, frame.height)];

/** The box cut to the frame and kept at least MIN_SIDE wide and high. */
export const clip = ([x, y, w, h], frame) => {
  const left = clamp(x, 0, frame.width - MIN_SIDE);
  const top = clamp(y, 0, frame.height - MIN_SIDE);
  return [
    left,
    top,
    clamp(x + w - left, MIN_SIDE, frame.width - left),
    clamp(y + h - top, MIN_SIDE, frame.height - top),
  ];
};

/** The box moved by (dx, dy), stopped by the frame. */
export const translate = ([x, y, w, h], dx, dy, frame) => [
  clamp(x + dx, 0, Math.max(0, frame.width - w)),
  clamp(y + dy, 0, Math.max(0, frame.height - h)),
  w,
  h,
];

/** The box with its right and bottom side moved, at least MIN_SIDE and inside the frame. */
export const grow = ([x, y, w, h], dw, dh, frame) => [
  x,
  y,
  clamp(w + dw, MIN_SIDE, frame.width - x),
  clamp(h + dh, MIN_SIDE, frame.height - y),
];

/** The box after one handle has been dragged to a point; dragging past the far side flips it. */
export const dragHandle = ([x, y, w, h], handle, point, frame) => {
  const [px, py] = clampPoint(point, frame);
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (handle.includes("w")) left = px;
  if (handle.includes("e")) right = px;
  if (handle.includes("n")) top = py;
  if (handle.includes("s")) bottom = py;
  return clip(spanning([left, top], [right, bottom]), frame);
};

/** The eight handles as { name: point }. */
export const handlePoints = ([x, y, w, h]) => ({
  nw: [x, y],
  n: [x + w / 2, y],
  ne: [x + w, y],
  e: [x + w, y + h / 2],
  se: [x + w, y + h],
  s: [x + w / 2, y + h],
  sw: [x, y + h],
  w: [x, y + h / 2],
});

/**
 * The handle under a point, or null. Corners come before sides, and the whole side can be gripped
 * where `sides` is true. `reach` is the tolerance in image pixels.
 */
export const handleAt = (box, [px, py], reach, sides = true) => {
  const points = handlePoints(box);
  for (const name of ["se", "nw", "ne", "sw", "e", "s", "w", "n"]) {
    const [hx, hy] = points[name];
    if (Math.abs(px - hx) <= reach && Math.abs(py - hy) <= reach) return name;
  }
  if (!sides) return null;
  const [x, y, w, h] = box;
  const near = (a, b) => Math.abs(a - b) <= reach / 2;
  if (py > y && py < y + h) {
    if (near(px, x)) return "w";
    if (near(px, x + w)) return "e";
  }
  if (px > x && px < x + w) {
    if (near(py, y)) return "n";
    if (near(py, y + h)) return "s";
  }
  return null;
};

export const contains = ([x, y, w, h], [px, py], margin = 0) =>
  px >= x - margin && px <= x + w + margin && py >= y - margin && py <= y + h + margin;

/** The shape with the smallest box, the last of equal ones, or null; `bounds(shape)` is its box. */
export const smallest = (shapes, bounds) => {
  let best = null;
  let least = Number.POSITIVE_INFINITY;
  for (const shape of shapes) {
    const [, , w, h] = bounds(shape);
    if (w * h > least) continue;
    best = shape;
    least = w * h;
  }
  return best;
};
