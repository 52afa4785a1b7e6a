import assert from "node:assert/strict";
import { test } from "node:test";
import * as figures from "../../labelschool/widgets/js/core/figures.js";

const NAMES = ["nose", "left_hip", "right_hip"];
const FRAME = { width: 100, height: 80 };
const three = () => {
  let points = figures.blankPoints(NAMES);
  points = figures.put(points, 0, [50, 10]);
  points = figures.put(points, 1, [60, 40], 1);
  return figures.put(points, 2, [40, 42]);
};

test("a point is seen unless it is told otherwise, and keeps its visibility when moved", () => {
  const points = three();
  assert.deepEqual(
    points.map(({ visibility }) => visibility),
    [2, 1, 2],
  );
  assert.equal(figures.put(points, 1, [61.26, 40])[1].visibility, 1);
  assert.equal(figures.put(points, 1, [61.26, 40])[1].x, 61.3);
});

test("a point left out stands at 0, 0 and counts no more", () => {
  const points = figures.put(three(), 1, [0, 0], 0);
  assert.deepEqual(points[1], { name: "left_hip", x: 0, y: 0, visibility: 0 });
  assert.equal(figures.placed(points).length, 2);
  assert.equal(figures.pointAt(points, [0, 0], 5), -1);
});

test("a figure moves as a whole and stops at the frame", () => {
  const moved = figures.shift(figures.put(three(), 0, [0, 0], 0), 1000, -1000, FRAME);
  assert.deepEqual([moved[1].x, moved[1].y], [100, 0]);
  assert.deepEqual([moved[2].x, moved[2].y], [80, 2]);
  assert.deepEqual([moved[0].x, moved[0].y], [0, 0]);
});

test("swapping sides twice gives the figure back", () => {
  const points = three();
  const swapped = figures.swapSides(points);
  assert.deepEqual([swapped[1].name, swapped[1].x, swapped[1].visibility], ["left_hip", 40, 2]);
  assert.deepEqual(swapped[0], points[0]);
  assert.deepEqual(figures.swapSides(swapped), points);
});

test("the next open point is looked for in a circle", () => {
  const points = figures.put(three(), 1, [0, 0], 0);
  assert.equal(figures.nextOpen(points, 2), 1);
  assert.equal(figures.nextOpen(points, 1), 1);
  assert.equal(figures.nextOpen(three(), 0), -1);
});
