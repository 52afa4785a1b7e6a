// Cuboids in space: `center` and `size` (length, width, height) in metres, `yaw` in radians
// counter-clockwise from x (forward) to the direction of travel; y is to the left, z up. A place seen
// from a cuboid is [ahead, left, up] of its centre, and `pull` names some of its sides by a sign for
// each of these: [1, 0, 0] is the front. Corners and projection are those of model/geometry.py.

/** The least side, in metres. */
const LEAST = 0.1;
/** How far before the camera edges are cut off, in metres. */
const NEAR = 0.1;

/** The corners of a face, round from the front left one, and its sides. */
export const FACE = [
  [1, 1],
  [1, -1],
  [-1, -1],
  [-1, 1],
];
export const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** The lines of a cuboid in a picture, as pairs of corners; a cross marks its front. */
export const LINES = [
  ...FACE.flatMap((_, n) => [
    [n, (n + 1) % 4],
    [4 + n, 4 + ((n + 1) % 4)],
    [n, n + 4],
  ]),
  [0, 5],
  [1, 4],
];

/** To the millimetre, so that half a centimetre on each side adds up. */
export const rounded = (place) => place.map((value) => Math.round(value * 1000) / 1000);

/** Half and whole turn in ten-thousandths, to which angles are rounded. */
const HALF = 31416;
const WHOLE = 62832;

/** An angle above -pi and up to pi. */
const turned = (yaw) => {
  const angle = Math.round(yaw * 1e4);
  return (angle - WHOLE * Math.ceil((angle - HALF) / WHOLE)) / 1e4;
};

/** The change { center, size, yaw } as it is stored. */
export const tidy = ({ center, size, yaw }) => ({
  center: rounded(center),
  size: rounded(size),
  yaw: turned(yaw),
});

/** A place seen from a cuboid, in space. */
export const toSpace = ({ center: [x, y, z], yaw }, [ahead, left = 0, up = 0]) => {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  return [x + ahead * cos - left * sin, y + ahead * sin + left * cos, z + up];
};

/** A place in space, seen from a cuboid. */
export const toLocal = ({ center: [x, y, z], yaw }, [px, py, pz = z]) => {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  const [dx, dy] = [px - x, py - y];
  return [dx * cos + dy * sin, dy * cos - dx * sin, pz - z];
};

/** The middle of the side, edge or corner that `pull` names; of larger numbers, beyond it. */
export const sideAt = (cuboid, pull) =>
  toSpace(
    cuboid,
    pull.map((sign, axis) => (sign * cuboid.size[axis]) / 2),
  );

export const footprint = (cuboid) => FACE.map((face) => sideAt(cuboid, face));

/** Whether a place seen from a cuboid is in it. */
export const holds = ({ size }, place, margin = 0) =>
  place.every((value, axis) => Math.abs(value) <= size[axis] / 2 + margin);

/** Where the footprint can be taken hold of: at its corners and sides. */
export const grips = (cuboid) => [...FACE, ...SIDES].map((pull) => sideAt(cuboid, pull));

/** The sides near a place seen from a cuboid, all 0 inside of it and null outside. */
export const pullAt = ({ size }, place, reach) => {
  if (!holds({ size }, place, reach)) return null;
  return size.map((side, axis) => {
    const value = place[axis] ?? 0;
    // Inside, a small cuboid keeps room to be moved by.
    const near = side / 2 - Math.abs(value) <= Math.min(reach, side / 4);
    return near ? Math.sign(value) : 0;
  });
};

/** The change to another size: the sides in `pull` go, those opposite stay. */
export const resized = (cuboid, lengths, pull) => {
  const size = lengths.map((side) => Math.max(LEAST, side));
  const step = size.map((side, axis) => (pull[axis] * (side - cuboid.size[axis])) / 2);
  return tidy({ center: toSpace(cuboid, step), size, yaw: cuboid.yaw });
};

/** The change when sides, or the whole cuboid where `pull` is all 0, are dragged by `step`. */
export const dragged = (cuboid, pull, step) => {
  if (!pull.some(Boolean)) return tidy({ ...cuboid, center: toSpace(cuboid, step) });
  const lengths = cuboid.size.map((side, axis) => side + pull[axis] * step[axis]);
  return resized(cuboid, lengths, pull);
};

/** The change to another size; the bottom stays, and the sides turned to the sensor at 0. */
export const sized = (cuboid, size) => {
  const [ahead, left] = toLocal(cuboid, [0, 0]).map((value, axis) =>
    Math.abs(value) < cuboid.size[axis] / 2 ? 0 : -Math.sign(value),
  );
  return resized(cuboid, size, [ahead, left, 1]);
};

/** The footprint from one corner to the other, heading where the drag went along its length. */
export const spanned = (from, to) => {
  const [dx, dy] = to.map((value, axis) => value - from[axis]);
  const size = [Math.abs(dx), Math.abs(dy)];
  const along = size[0] >= size[1];
  return {
    center: [from[0] + dx / 2, from[1] + dy / 2, 0],
    size: along ? size : size.reverse(),
    yaw: along ? Math.atan2(0, dx) : Math.atan2(dy, 0),
  };
};

/** The eight corners: the lower face from the front left round to the back left, then the upper. */
export const corners = (cuboid) =>
  [-1, 1].flatMap((up) => FACE.map((face) => sideAt(cuboid, [...face, up])));

const times = (rows, place) =>
  rows.map((row) => row.reduce((sum, factor, n) => sum + factor * place[n], 0));

/** The lines of a cuboid in the camera's picture, [[from, to]] in px, cut off at the camera. */
export const wireframe = (cuboid, { intrinsics, extrinsics }) => {
  const pixel = (place) => {
    const [u, v] = times(intrinsics, place);
    return [u / place[2], v / place[2]];
  };
  // In camera coordinates: x right, y down, z forward.
  const seen = corners(cuboid).map((corner) => times(extrinsics, [...corner, 1]));
  return LINES.flatMap(([i, j]) => {
    const [near, far] = [seen[i], seen[j]].sort((a, b) => a[2] - b[2]);
    if (far[2] <= NEAR) return [];
    const cut = Math.max(0, (NEAR - near[2]) / (far[2] - near[2]));
    const start = near.map((value, axis) => value + (far[axis] - value) * cut);
    return [[pixel(start), pixel(far)]];
  });
};
