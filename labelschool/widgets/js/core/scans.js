// Measuring on scans: window and level, the long axis and the middle of an outline.

import { distance } from "./polygons.js";

/** Shows grey RGBA pixels through a window in HU (DICOM PS3.3 C.11.2), in place. */
export const applyWindow = (pixels, { level, width }, { slope, intercept }) => {
  const low = level - width / 2 - intercept;
  for (let at = 0; at < pixels.length; at++) {
    const isAlpha = at % 4 === 3;
    if (!isAlpha) pixels[at] = (255 * (slope * pixels[at] - low)) / width;
  }
};

/** The two points of an outline that lie farthest from each other. */
export const longAxis = (outline) => {
  let best = [outline[0], outline[0]];
  for (const first of outline) {
    for (const second of outline) {
      if (distance(first, second) > distance(...best)) best = [first, second];
    }
  }
  return best;
};

/** The centroid of an outline that has an area. */
export const centroid = (outline) => {
  let [weight, x, y] = [0, 0, 0];
  outline.forEach(([bx, by], at) => {
    const [ax, ay] = outline.at(at - 1);
    const cross = ax * by - bx * ay;
    weight += 3 * cross;
    x += cross * (ax + bx);
    y += cross * (ay + by);
  });
  return [x / weight, y / weight];
};
