// Drawing of a sweep and its cuboids. A `map` has `toScreen(place)`, from the ground to the panel, how
// long a `metre` is there, and `tip(cuboid)`, the end of a cuboid's arrow.

import { footprint } from "../core/cuboids.js";
import { around } from "../core/geometry.js";
import { dot, paintPlate, pathOf, stroke } from "./painter.js";
import { UNKNOWN } from "./palette.js";

/** Steps of colour in a metre, and the heights in steps of the road and of what is highest. */
const STEPS = 20;
const ROAD = 3;
const HIGHEST = 72;
/** A zone of the learner's, and one of the map. */
const OWN = { colour: "#ff8a80" };
const GIVEN = { colour: "#ffffff", dash: [6, 4] };

/** Pixels by height: the road grey, objects from blue over green and yellow to red. */
const RAMP = Uint32Array.from({ length: HIGHEST + 1 }, (_, height) => {
  const turn = 0.68 - (0.72 * height) / HIGHEST;
  const [r, g, b] =
    height < ROAD
      ? [86, 92, 104]
      : [0, 1, 2].map((third) => 148 + 106 * Math.cos(2 * Math.PI * (turn - third / 3)));
  return (255 << 24) | (b << 16) | (g << 8) | r;
});

/** All points from above; straight into pixels, as a hundred thousand must not wait. */
export const paintCloud = (context, { xyz, ground }, map, dpr) => {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const [left, top] = map.toScreen([0, 0]).map((value) => value * dpr);
  const metre = map.metre * dpr;
  const side = Math.max(1, Math.round(Math.min(3 * dpr, metre / 25)));
  for (let n = 0; n < xyz.length; n += 3) {
    const level = Math.min(HIGHEST, Math.max(0, ((xyz[n + 2] - ground) * STEPS) | 0));
    // What stands on the road is to be found, the road only known.
    const size = level < ROAD ? side : side + 1;
    const x = Math.round(left - xyz[n + 1] * metre);
    const y = Math.round(top - xyz[n] * metre);
    if (x < 0 || y < 0 || x + size > width || y + size > height) continue;
    for (let row = y * width + x; row < (y + size) * width; row += width) {
      for (let at = row; at < row + size; at++) pixels[at] = RAMP[level];
    }
  }
  context.putImageData(image, 0, 0);
};

/** Circles every 10 m around the sensor. */
export const paintRings = (context, map, reach) => {
  const [x, y] = map.toScreen([0, 0]);
  for (let far = 0; far <= reach; far += 10) {
    const radius = far * map.metre || 3;
    dot(context, [x, y], radius, { fill: "#0000", colour: "#ffffff4d", width: 1 });
    context.fillStyle = "#c8ccd4";
    context.fillText(`${far} m`, x + 4, y - radius - 4);
  }
};

/** A ring on the ground, with words above or below it. */
const paintRing = (context, ring, map, style, words, { chosen, labels, dpr }, below) => {
  const path = pathOf(ring, map, true);
  context.fillStyle = `${style.colour}24`;
  context.fill(path);
  stroke(context, path, style, chosen ? 2.5 : 1.5);
  if (!labels) return;
  const [x, y, , height] = around(ring.map((corner) => map.toScreen(corner)));
  paintPlate(context, words, style.colour, [x, below ? y + height + 20 : y - 3], dpr);
};

/** A part of the ground in which nothing is labelled: the learner's own, or one of the map. */
export const paintZone = (context, outline, map, look) =>
  paintRing(context, outline, map, OWN, "no-label zone", look);

// Its words stand below, as the two lie over each other.
export const paintGiven = (context, outline, map, look) =>
  paintRing(context, outline, map, GIVEN, "no-label zone (map)", look, true);

/** A cuboid from above, with an arrow out of its front; `words` stand in place of its class. */
export const paintCuboid = (context, cuboid, map, look) => {
  const style = look.styles.get(cuboid.label) ?? UNKNOWN;
  const { colour } = style;
  const ends = footprint(cuboid);
  paintRing(context, ends, map, style, look.words ?? cuboid.label, look);
  const tip = map.tip(cuboid);
  stroke(context, pathOf([cuboid.center, tip], map), style, 1.5);
  stroke(context, pathOf(ends.slice(0, 2), map), { colour }, 3.5);
  dot(context, map.toScreen(tip), 3, { fill: colour, width: 1 });
};
