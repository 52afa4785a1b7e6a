import assert from "node:assert/strict";
import { test } from "node:test";
import * as polygons from "../../labelschool/widgets/js/core/polygons.js";
import * as rle from "../../labelschool/widgets/js/core/rle.js";
import { seeded } from "./random.js";

const FRAME = { width: 60, height: 40 };
const square = (x, y, side) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const RING = [{ outline: square(10, 10, 20), holes: [square(15, 15, 5)] }];
const pixels = ({ data }) => data.reduce((sum, value) => sum + value, 0);
const counted = (parts) => pixels(polygons.rasterise(parts, FRAME));

test("area and bounds leave holes out and take all parts in", () => {
  const two = [...RING, { outline: square(40, 2, 6), holes: [] }];
  assert.equal(polygons.area(two), 400 - 25 + 36);
  assert.deepEqual(polygons.boundsOf(two), [10, 2, 36, 28]);
  assert.equal(counted(two), 400 - 25 + 36);
});

test("a point in a hole is outside", () => {
  assert.ok(polygons.inside(RING, [12, 12]));
  assert.ok(!polygons.inside(RING, [17, 17]));
  assert.ok(!polygons.inside(RING, [5, 17]));
});

test("every pixel is of one of two polygons that share an edge", () => {
  const random = seeded(3);
  const half = () => Math.round(random() * 80) / 2;
  for (let turn = 0; turn < 500; turn++) {
    const [top, bottom] = [
      [half(), 0],
      [half(), 40],
    ];
    const bend = [half(), half()];
    const left = { outline: [[0, 0], top, bend, bottom, [0, 40]], holes: [] };
    const right = { outline: [[60, 0], [60, 40], bottom, bend, top], holes: [] };
    assert.equal(counted([left]) + counted([right]), 60 * 40);
    assert.equal(counted([left, right]), 60 * 40);
  }
});

test("a pixel is inside where its centre is", () => {
  const random = seeded(4);
  for (let turn = 0; turn < 200; turn++) {
    const ring = Array.from({ length: 7 }, () => [random() * 70 - 5, random() * 50 - 5]);
    const band = polygons.rasterise([{ outline: ring, holes: [] }], FRAME);
    band.data.forEach((value, at) => {
      const x = band.x + Math.floor(at / band.height);
      const y = at % band.height;
      assert.equal(Boolean(value), polygons.inRing(ring, [x + 0.5, y + 0.5]));
    });
  }
});

test("the traced rings of a mask hold exactly its pixels", () => {
  const random = seeded(5);
  for (let turn = 0; turn < 1000; turn++) {
    const [width, height] = [1 + Math.floor(random() * 9), 1 + Math.floor(random() * 9)];
    const band = { ...rle.blank(3, width, height), x: 3 };
    const share = random();
    for (const at of band.data.keys()) band.data[at] = random() < share ? 1 : 0;
    const parts = polygons.trace(band);
    const back = polygons.rasterise(parts, { width: 20, height });
    assert.equal(rle.encode(back, 20).counts, rle.encode(band, 20).counts);
    assert.equal(polygons.area(parts), pixels(band));
  }
});

test("pixels that touch at a corner are one part, and a hole is closed there", () => {
  // Column by column: a ring of eight around one, and one more at its corner.
  const band = rle.blank(0, 4, 4);
  band.data.set([1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1]);
  const [part, ...more] = polygons.trace(band);
  assert.equal(more.length, 0);
  assert.deepEqual(part.holes.length, 1);
  assert.equal(polygons.ringArea(part.holes[0]), 1);
});

test("corners are numbered through outlines and holes", () => {
  const corner = { corner: 5, point: [20, 15], onEdge: false };
  assert.deepEqual(polygons.nearest(RING, [21, 16], 3), corner);
  assert.deepEqual(polygons.cornersOf(RING)[5], [20, 15]);
  assert.equal(polygons.nearest(RING, [25, 25], 3), null);
  const edge = { corner: 1, point: [20, 10], onEdge: true };
  assert.deepEqual(polygons.nearest(RING, [20, 11], 3, true), edge);
});

test("a corner is moved, made or removed without touching the rest", () => {
  const [{ outline, holes }] = RING;
  const put = (parts, number, corners) => polygons.withCorners(parts, number, corners, FRAME);
  const [moved] = put(RING, 5, () => [[20.04, 14.96]]);
  assert.deepEqual(moved, { outline, holes: [holes[0].with(1, [20, 15])] });
  const [held] = put(RING, 1, () => [[99, -9]]);
  assert.deepEqual(held, { outline: outline.with(1, [60, 0]), holes });
  const [more] = put(RING, 3, polygons.middle);
  assert.deepEqual(more, { outline: [...outline, [10, 20]], holes });
  const once = put(RING, 4, () => []);
  assert.deepEqual(once, [{ outline, holes: [holes[0].slice(1)] }]);
  // A hole of two corners is none, and neither is a part.
  assert.deepEqual(
    put(once, 4, () => []),
    [{ outline, holes: [] }],
  );
  const three = [{ outline: outline.slice(1), holes }];
  assert.deepEqual(
    put(three, 0, () => []),
    [],
  );
  assert.equal(RING[0].holes[0].length, 4);
});

test("a ring is taken away, and its holes with it", () => {
  const two = [...RING, { outline: square(40, 2, 6), holes: [] }];
  assert.deepEqual(polygons.withoutRing(two, 1), [{ ...RING[0], holes: [] }, two[1]]);
  assert.deepEqual(polygons.withoutRing(two, 0), [two[1]]);
  assert.deepEqual(polygons.withoutRing(two, 2), RING);
});

test("a ring inside a part is its hole, any other is a part", () => {
  const [{ outline, holes }] = RING;
  const hole = square(22, 22, 4);
  const touching = square(10, 10, 4);
  const part = (ring) => ({ outline: ring, holes: [] });
  for (const ring of [hole, touching]) {
    assert.deepEqual(polygons.withRing(RING, ring), [{ outline, holes: [...holes, ring] }]);
  }
  for (const ring of [square(25, 25, 9), square(40, 2, 6), square(16, 16, 3)]) {
    assert.deepEqual(polygons.withRing(RING, ring), [...RING, part(ring)]);
  }
  assert.deepEqual(polygons.withRing([], hole), [part(hole)]);
});

test("a shape is moved up to the frame and keeps its form", () => {
  const moved = polygons.shift(RING, 500, -500, FRAME);
  assert.deepEqual(polygons.boundsOf(moved), [40, 0, 20, 20]);
  assert.deepEqual(moved[0].holes[0], square(45, 5, 5));
});
