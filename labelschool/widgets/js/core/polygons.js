// Pure geometry of the parts of one object: [{ outline, holes }], each ring a list of corners [x, y]
// in image pixels, as in the annotations. A pixel belongs to a part where its centre lies inside
// (even-odd rule; of two rings that share an edge, exactly one has a centre that lies on it).
// Corners and rings are numbered through all parts, each outline before its holes.

import { clampPoint, round, translate } from "./geometry.js";
import { blank, clamp, combined, stretches } from "./rle.js";

export const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

export const rounded = (point) => point.map(round);

const ringsOfPart = ({ outline, holes }) => [outline, ...holes];

export const ringsOf = (parts) => parts.flatMap(ringsOfPart);

export const cornersOf = (parts) => ringsOf(parts).flat();

/** The parts with each ring changed; rings of fewer than three corners go. */
const changed = (parts, change) => {
  let number = 0;
  const next = (ring) => change(ring, number++);
  const whole = (ring) => ring.length > 2;
  return parts
    .map(({ outline, holes }) => ({ outline: next(outline), holes: holes.map(next).filter(whole) }))
    .filter(({ outline }) => whole(outline));
};

export const withoutRing = (parts, number) =>
  changed(parts, (ring, at) => (at === number ? [] : ring));

const put = (point, frame) => rounded(clampPoint(point, frame));

/** The parts with one corner replaced by what `corners(corner, next)` gives: none, one or more. */
export const withCorners = (parts, number, corners, frame) => {
  let count = 0;
  return changed(parts, (ring) =>
    ring.flatMap((corner, at) =>
      count++ === number
        ? corners(corner, ring[(at + 1) % ring.length]).map((point) => put(point, frame))
        : [corner],
    ),
  );
};

/** A corner, and one in the middle of the edge after it. */
export const middle = (corner, next) => [corner, corner.map((at, axis) => (at + next[axis]) / 2)];

/** The parts with every corner changed. */
export const mapped = (parts, change, frame) =>
  changed(parts, (ring) => ring.map((corner) => put(change(corner), frame)));

/** The edges [a, b] of a ring, the one that ends at its first corner first. */
const edges = (ring) => ring.map((corner, at) => [ring.at(at - 1), corner]);

const turned = (ring) =>
  edges(ring).reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0) / 2;

/** The square pixels inside a ring. */
export const ringArea = (ring) => Math.abs(turned(ring));

export const area = (parts) =>
  parts.reduce(
    (sum, { outline, holes }) =>
      holes.reduce((rest, hole) => rest - ringArea(hole), sum + ringArea(outline)),
    0,
  );

/** The box [x, y, width, height] around all parts. */
export const boundsOf = (parts) => {
  const corners = cornersOf(parts);
  let [left, top] = corners[0] ?? [0, 0];
  let [right, bottom] = [left, top];
  for (const [x, y] of corners) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return [left, top, right - left, bottom - top];
};

export const inRing = (ring, [x, y]) => {
  const before = ([[ax, ay], [bx, by]]) =>
    ax > x !== bx > x && y >= ay + ((x - ax) * (by - ay)) / (bx - ax);
  return edges(ring).filter(before).length % 2 === 1;
};

export const inside = (parts, point) =>
  parts.some((part) => ringsOfPart(part).filter((ring) => inRing(ring, point)).length % 2);

const footOn = ([ax, ay], [bx, by], [x, y]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const along = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 1);
  return [ax + along * dx, ay + along * dy];
};

/**
 * The corner nearest to a point within reach, or the place on an edge: { corner, point, onEdge }, or
 * null; `corner` is its number, or that of the corner that the edge ends at.
 */
export const nearest = (parts, point, reach, onEdge = false) => {
  let [best, least] = [null, reach];
  ringsOf(parts)
    .flatMap(edges)
    .forEach(([from, to], corner) => {
      const place = onEdge ? footOn(from, to, point) : to;
      const gap = distance(place, point);
      if (gap <= least) [best, least] = [{ corner, point: place, onEdge }, gap];
    });
  return best;
};

/**
 * The parts with one more ring: a hole where it lies inside a part, which it may touch, else a part
 * of its own.
 */
export const withRing = (parts, ring) => {
  const around = parts.find((part) =>
    ring.every((point) => inside([part], point) || nearest([part], point, 0.5, true)),
  );
  if (!around) return [...parts, { outline: ring, holes: [] }];
  const holes = [...around.holes, ring];
  return parts.map((part) => (part === around ? { ...part, holes } : part));
};

/** All corners moved by (dx, dy), stopped by the frame. */
export const shift = (parts, dx, dy, frame) => {
  const bounds = boundsOf(parts);
  const [left, top] = translate(bounds, dx, dy, frame);
  return mapped(parts, ([x, y]) => [x + left - bounds[0], y + top - bounds[1]], frame);
};

/** The band of the pixels whose centre lies inside a part. */
const filled = (part, frame) => {
  const { height } = frame;
  const [left, , across] = boundsOf([part]);
  const x = clamp(Math.floor(left), frame.width);
  const width = clamp(Math.ceil(left + across), frame.width) - x;
  const band = blank(x, width, height);
  const crossings = Array.from({ length: width }, () => []);
  // Of rows and columns, the first whose centre does not lie before a place.
  const first = (place, end) => clamp(Math.ceil(place - 0.5), end);
  for (const [[ax, ay], [bx, by]] of ringsOfPart(part).flatMap(edges)) {
    const end = first(Math.max(ax, bx) - x, width);
    for (let column = first(Math.min(ax, bx) - x, width); column < end; column++) {
      crossings[column].push(ay + ((x + column + 0.5 - ax) * (by - ay)) / (bx - ax));
    }
  }
  crossings.forEach((rows, column) => {
    const ends = rows.sort((a, b) => a - b).map((row) => first(row, height) + column * height);
    for (let at = 0; at < ends.length; at += 2) band.data.fill(1, ends[at], ends[at + 1]);
  });
  return band;
};

/** The band of the pixels inside any of the parts. */
export const rasterise = (parts, frame) =>
  combined(
    blank(0, 0, frame.height),
    parts.map((part) => filled(part, frame)),
  );

/**
 * The parts of a band as rings along the sides of its pixels, the largest first. Pixels that touch
 * at a corner are of one part; a hole ends where the background touches only at a corner.
 */
export const trace = (band) => {
  const { x, height, data } = band;
  const seen = new Uint8Array(data.length);
  // Beside the first and the last column there is no data.
  const at = (column, row) => row >= 0 && row < height && data[column * height + row];

  // Once round with the mask on the right hand, from the upper side of a pixel.
  const follow = (column, row) => {
    const ring = [];
    let [px, py, dx, dy] = [column, row, 1, 0];
    let turn = true;
    do {
      if (turn) ring.push([px + x, py]);
      if (dx === 1) seen[px * height + py] = 1;
      px += dx;
      py += dy;
      // The pixel ahead on the right hand; the one on the left is a step aside.
      const ax = px + (dx - 1 - dy) / 2;
      const ay = py + (dy - 1 + dx) / 2;
      turn = true;
      if (at(ax + dy, ay - dx)) [dx, dy] = [dy, -dx];
      else if (!at(ax, ay)) [dx, dy] = [-dy, dx];
      else turn = false;
    } while (px !== column || py !== row || dx !== 1);
    return ring;
  };

  const parts = [];
  const holes = [];
  stretches(band, (start, end) => {
    for (let pixel = start; pixel < end; ) {
      const column = Math.floor(pixel / height);
      if (!seen[pixel]) {
        const ring = follow(column, pixel - column * height);
        if (turned(ring) > 0) parts.push({ outline: ring, holes: [] });
        else holes.push(ring);
      }
      pixel = (column + 1) * height;
    }
  });
  parts.sort((a, b) => ringArea(b.outline) - ringArea(a.outline));
  for (const hole of holes) {
    // A hole's first corner is that of the mask's pixel below it.
    const [hx, hy] = hole[0];
    parts.findLast(({ outline }) => inRing(outline, [hx + 0.5, hy + 0.5])).holes.push(hole);
  }
  return parts;
};
