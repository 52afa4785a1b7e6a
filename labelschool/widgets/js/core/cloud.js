// The points of a sweep, in metres: x forward, y left, z up, the sensor at 0.

import { holds, tidy, toLocal } from "./cuboids.js";

/** How far around an object its ground is looked for, in metres. */
const AROUND = [1, 1];
/** Heights above the ground between which points belong to an object, in metres. */
const [LOWEST, HIGHEST] = [0.3, 4.5];

/** Fewer points tell neither where the ground is nor how high an object is. */
const FEW = 20;

/** `bytes` hold x, y, z of each point as 32-bit floats, from low points to high ones. */
export const pointCloud = ({ buffer, byteOffset, byteLength }) => {
  const xyz = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const [xs, ys, zs] = [0, 1, 2].map((axis) => xyz.filter((_, n) => n % 3 === axis).sort());
  const ground = zs.at(zs.length / 20) ?? 0;

  /** The points above and below a cuboid, and `margin` around it ahead and to the left, seen from it. */
  const over = (cuboid, margin = [0, 0]) => {
    const [x, y] = cuboid.center;
    const [ahead, left] = margin.map((more, axis) => cuboid.size[axis] / 2 + more);
    const far = Math.hypot(ahead, left);
    const found = [];
    for (let n = 0; n < xyz.length; n += 3) {
      if (Math.abs(xyz[n] - x) > far || Math.abs(xyz[n + 1] - y) > far) continue;
      const place = toLocal(cuboid, [xyz[n], xyz[n + 1], xyz[n + 2]]);
      if (Math.abs(place[0]) <= ahead && Math.abs(place[1]) <= left) found.push(place);
    }
    return found;
  };

  return {
    xyz,
    ground,
    over,

    /** Two places on the ground between which all points are. */
    ends: [0, -1].map((end) => [xs.at(end), ys.at(end)]),

    /** How many points are in a cuboid. */
    inside: (cuboid) => over(cuboid).filter((place) => holds(cuboid, place)).length,

    /** The change that makes a cuboid reach from the ground beneath it up to the highest of its points. */
    fitted(cuboid) {
      const [x, y, z] = cuboid.center;
      const [l, w, h] = cuboid.size;
      const around = over(cuboid, AROUND);
      const foot = around.length < FEW ? ground : z + around.at(around.length / 50)[2];
      const heights = over(cuboid)
        .map((place) => z + place[2] - foot)
        .filter((height) => height > LOWEST && height < HIGHEST);
      const height = heights.length < FEW ? h : heights.at(-1);
      return tidy({ center: [x, y, foot + height / 2], size: [l, w, height], yaw: cuboid.yaw });
    },
  };
};
