import assert from "node:assert/strict";
import { test } from "node:test";
import * as geometry from "../../labelschool/widgets/js/core/geometry.js";

const FRAME = { width: 640, height: 480 };

test("two corners span a box in any order", () => {
  assert.deepEqual(geometry.spanning([50, 80], [10, 20]), [10, 20, 40, 60]);
  assert.deepEqual(geometry.spanning([10, 80], [50, 20]), [10, 20, 40, 60]);
});

test("extreme points span a box in any order", () => {
  const points = [
    [30, 5],
    [10, 40],
    [90, 30],
    [50, 70],
  ];
  for (let turn = 0; turn < 4; turn++) {
    points.push(points.shift());
    assert.deepEqual(geometry.around(points), [10, 5, 80, 65]);
  }
});

test("a box is cut to the frame and keeps a side of one pixel", () => {
  assert.deepEqual(geometry.clip([-10, -20, 30, 40], FRAME), [0, 0, 20, 20]);
  assert.deepEqual(geometry.clip([630, 470, 50, 50], FRAME), [630, 470, 10, 10]);
  assert.deepEqual(geometry.clip([700, 500, 5, 5], FRAME), [639, 479, 1, 1]);
});

test("a moved box stops at the frame with its size", () => {
  assert.deepEqual(geometry.translate([10, 10, 20, 30], -50, 5, FRAME), [0, 15, 20, 30]);
  assert.deepEqual(geometry.translate([600, 400, 20, 30], 500, 500, FRAME), [620, 450, 20, 30]);
});

test("growing moves the far sides only", () => {
  assert.deepEqual(geometry.grow([10, 10, 20, 30], 5, -7, FRAME), [10, 10, 25, 23]);
  assert.deepEqual(geometry.grow([10, 10, 20, 30], -100, 900, FRAME), [10, 10, 1, 470]);
});

test("every handle moves its own sides", () => {
  const box = [100, 100, 50, 40];
  const moved = (handle) => geometry.dragHandle(box, handle, [90, 95], FRAME);
  assert.deepEqual(moved("nw"), [90, 95, 60, 45]);
  assert.deepEqual(moved("n"), [100, 95, 50, 45]);
  assert.deepEqual(moved("w"), [90, 100, 60, 40]);
  assert.deepEqual(geometry.dragHandle(box, "se", [170, 150], FRAME), [100, 100, 70, 50]);
  assert.deepEqual(geometry.dragHandle(box, "e", [170, 0], FRAME), [100, 100, 70, 40]);
});

test("a handle dragged past the far side flips the box", () => {
  assert.deepEqual(geometry.dragHandle([100, 100, 50, 40], "e", [80, 0], FRAME), [80, 100, 20, 40]);
});

test("handles are found within reach, corners before sides", () => {
  const box = [100, 100, 50, 40];
  assert.equal(geometry.handleAt(box, [148, 139], 5), "se");
  assert.equal(geometry.handleAt(box, [125, 102], 5), "n");
  assert.equal(geometry.handleAt(box, [110, 101], 5), "n");
  assert.equal(geometry.handleAt(box, [110, 101], 5, false), null);
  assert.equal(geometry.handleAt(box, [125, 120], 5), null);
});

test("the smallest shape is found, the last of equal ones", () => {
  const bounds = ({ bbox }) => bbox;
  const large = { bbox: [0, 0, 200, 200] };
  const small = { bbox: [50, 50, 20, 20] };
  const twin = { bbox: [60, 50, 20, 20] };
  assert.equal(geometry.smallest([small, large], bounds), small);
  assert.equal(geometry.smallest([small, twin, large], bounds), twin);
  assert.equal(geometry.smallest([], bounds), null);
});

test("rounding keeps one decimal and no float dust", () => {
  assert.deepEqual(geometry.roundBox([0.1 + 0.2, 1.04, 10.06, 5]), [0.3, 1, 10.1, 5]);
});
