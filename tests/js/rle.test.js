import assert from "node:assert/strict";
import { test } from "node:test";
import * as rle from "../../labelschool/widgets/js/core/rle.js";
import { seeded } from "./random.js";

const noise = (random, { width, height }) => {
  const band = rle.blank(0, width, height);
  const share = random();
  for (const at of band.data.keys()) band.data[at] = random() < share ? 1 : 0;
  return band;
};

/** The band as the whole picture, as text. */
const whole = (band, { width, height }) =>
  Array.from(rle.combined(rle.blank(0, width, height), [band]).data).join("");

const valueAt = ({ x, width, height, data }, column, row) =>
  column >= x && column < x + width ? data[(column - x) * height + row] : 0;

const anyFrame = (random) => ({
  width: 1 + Math.floor(random() * 9),
  height: 1 + Math.floor(random() * 9),
});

test("a mask comes back from its run lengths, cut to its columns", () => {
  const random = seeded(1);
  for (let turn = 0; turn < 2000; turn++) {
    const frame = anyFrame(random);
    const band = noise(random, frame);
    const packed = rle.encode(band, frame.width);
    const back = rle.decode(packed);
    assert.equal(whole(back, frame), whole(band, frame));
    assert.equal(rle.encode(back, frame.width).counts, packed.counts);
  }
});

test("run lengths are those of COCO", () => {
  // pycocotools.mask.encode of two masks; the Python tests compare many more.
  const band = { x: 1, width: 2, height: 3, data: Uint8Array.of(0, 1, 1, 1, 1, 0) };
  const packed = { size: [3, 4], counts: "444" };
  assert.deepEqual(rle.encode(band, 4), packed);
  assert.deepEqual(rle.decode(packed), band);
  assert.equal(rle.encode(rle.blank(0, 0, 3), 4).counts, "<");
  assert.equal(rle.decode({ size: [3, 4], counts: "<" }).width, 0);
});

test("a brush sets the pixels whose centre is within its radius of the way", () => {
  const random = seeded(2);
  const frame = { width: 40, height: 30 };
  for (let turn = 0; turn < 300; turn++) {
    const at = () => [random() * 60 - 10, random() * 50 - 10];
    const way = Array.from({ length: 1 + Math.floor(random() * 4) }, at);
    const size = 2 + random() * 20;
    const band = rle.stroke(way, size, frame);
    for (let x = 0; x < frame.width; x++) {
      for (let y = 0; y < frame.height; y++) {
        const centre = [x + 0.5, y + 0.5];
        const gaps = way.map((end, index) => apart(centre, way[index - 1] ?? end, end));
        const gap = Math.min(...gaps) - size / 2;
        if (Math.abs(gap) > 0.05) assert.equal(valueAt(band, x, y), gap < 0 ? 1 : 0, `${turn}`);
      }
    }
  }
});

test("the finest brush leaves a line without gaps, one pixel at least", () => {
  const random = seeded(7);
  const frame = { width: 40, height: 30 };
  for (let turn = 0; turn < 300; turn++) {
    const [a, b] = [0, 1].map(() => [random() * 40, random() * 30]);
    const band = rle.stroke([a, b], 1, frame);
    for (const [x, y] of [a, b, ...rle.waypoints(a, b, 0.2)]) {
      const near = [-1, 0, 1].some((dx) =>
        [-1, 0, 1].some((dy) => valueAt(band, Math.floor(x) + dx, Math.floor(y) + dy)),
      );
      assert.ok(near);
    }
    assert.equal(valueAt(band, ...a.map(Math.floor)), 1);
    assert.equal(valueAt(band, ...b.map(Math.floor)), 1);
  }
});

const apart = ([x, y], [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const held = Math.min(1, Math.max(0, along));
  return Math.hypot(ax + held * dx - x, ay + held * dy - y);
};

test("bands are put together, or one is cut out of another", () => {
  const random = seeded(8);
  for (let turn = 0; turn < 500; turn++) {
    const frame = anyFrame(random);
    const [a, b, c] = [0, 1, 2].map(() => noise(random, frame));
    const cut = rle.decode(rle.encode(b, frame.width));
    const both = whole(rle.combined(a, [cut, c]), frame);
    const less = whole(rle.combined(a, [cut], 0), frame);
    a.data.forEach((value, at) => {
      assert.equal(Number(both[at]), value || b.data[at] || c.data[at]);
      assert.equal(Number(less[at]), value && !b.data[at] ? 1 : 0);
    });
  }
});
