import assert from "node:assert/strict";
import { test } from "node:test";
import { distance } from "../../labelschool/widgets/js/core/polygons.js";
import * as scans from "../../labelschool/widgets/js/core/scans.js";

const SCALE = { slope: 8, intercept: -1024 };

/** What is shown of stored values through a window in HU. */
const shown = (values, window) => {
  const pixels = new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255]));
  scans.applyWindow(pixels, window, SCALE);
  return pixels;
};

test("the window's ends are black and white, its level is grey", () => {
  const stored = (hounsfield) => Math.round((hounsfield + 1024) / 8);
  const values = [0, stored(-160), stored(40), stored(240), 255];
  const greys = shown(values, { level: 40, width: 400 }).filter((_, at) => at % 4 === 0);
  assert.deepEqual([...greys.slice(0, 2), ...greys.slice(3)], [0, 0, 255, 255]);
  assert.ok(Math.abs(greys[2] - 127.5) < 1);
});

test("a window leaves grey pixels grey and opaque", () => {
  const pixels = shown([10, 200], { level: 0, width: 100 });
  assert.deepEqual([...pixels], [0, 0, 0, 255, 255, 255, 255, 255]);
});

test("the long axis of an ellipse is its longer diameter, its centroid the middle", () => {
  const outline = Array.from({ length: 64 }, (_, at) => {
    const angle = (at / 64) * 2 * Math.PI;
    return [100 + 9 * Math.cos(angle), 50 + 4 * Math.sin(angle)];
  });
  const [first, second] = scans.longAxis(outline);
  assert.ok(Math.abs(distance(first, second) - 18) < 1e-9);
  const [x, y] = scans.centroid(outline);
  assert.ok(Math.abs(x - 100) < 1e-9 && Math.abs(y - 50) < 1e-9);
});
