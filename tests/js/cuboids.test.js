import assert from "node:assert/strict";
import { test } from "node:test";
import { pointCloud } from "../../labelschool/widgets/js/core/cloud.js";
import * as cuboids from "../../labelschool/widgets/js/core/cuboids.js";
import { seeded } from "./random.js";

const CAR = { center: [12, -3, -1], size: [4.5, 1.8, 1.5], yaw: 0.3 };

/** As it is stored. */
const HALF_TURN = 31416 / 1e4;

const near = (a, b, tolerance = 1e-9) => {
  assert.equal(a.length, b.length);
  for (const [at, value] of a.entries()) {
    assert.ok(Math.abs(value - b[at]) <= tolerance, `${a} is not ${b}`);
  }
};

const someCuboid = (next) => ({
  center: [next() * 60 - 20, next() * 40 - 20, next() * 2 - 2],
  size: [0.3 + next() * 8, 0.3 + next() * 2, 0.3 + next() * 2],
  yaw: next() * 20 - 10,
});

const cloudOf = (points) => {
  // A buffer with an offset that no 32-bit view could start at, as it comes from the kernel.
  const bytes = new Uint8Array(3 + 12 * points.length);
  const rising = points.toSorted((a, b) => a[2] - b[2]);
  bytes.set(new Uint8Array(Float32Array.from(rising.flat()).buffer), 3);
  return pointCloud(new DataView(bytes.buffer, 3));
};

test("a place seen from a cuboid and back is the same place", () => {
  const next = seeded(3);
  for (let round = 0; round < 200; round++) {
    const cuboid = someCuboid(next);
    const place = [next() * 50, next() * 50, next() * 5];
    near(cuboids.toSpace(cuboid, cuboids.toLocal(cuboid, place)), place);
  }
});

const yawOf = (yaw) => cuboids.tidy({ ...CAR, yaw }).yaw;

test("headings stay above -pi and up to pi, and what is stored stays as it is", () => {
  assert.equal(yawOf(Math.PI), HALF_TURN);
  assert.equal(yawOf(-Math.PI), HALF_TURN);
  assert.equal(yawOf(3 * Math.PI + 0.5), -2.6416);
  assert.equal(yawOf(-0.25), -0.25);
  const next = seeded(5);
  for (let round = 0; round < 500; round++) {
    const once = cuboids.tidy(someCuboid(next));
    assert.deepEqual(cuboids.tidy(once), once);
  }
});

test("turned round twice, or by four quarters, a cuboid heads as before", () => {
  const next = seeded(6);
  for (const yaw of [0, Math.PI, ...Array.from({ length: 300 }, () => next() * 20 - 10)]) {
    const start = yawOf(yaw);
    assert.equal(yawOf(yawOf(start + Math.PI) + Math.PI), start);
    const quarters = [1, 2, 3, 4].reduce((angle) => yawOf(angle + Math.PI / 2), start);
    assert.equal(quarters, start);
  }
});

test("dragged sides go as far as they are dragged, and those opposite stay", () => {
  const next = seeded(9);
  const sign = () => Math.floor(next() * 3) - 1;
  for (let round = 0; round < 500; round++) {
    const cuboid = someCuboid(next);
    const pull = [sign(), sign(), sign()];
    if (!pull.some(Boolean)) continue;
    const step = [next() * 8 - 4, next() * 4 - 2, next() * 4 - 2];
    const made = cuboids.dragged(cuboid, pull, step);
    const size = cuboid.size.map((side, axis) => Math.max(0.1, side + pull[axis] * step[axis]));
    near(made.size, size, 0.0006);
    const opposite = pull.map((side) => -side);
    near(cuboids.sideAt(made, opposite), cuboids.sideAt(cuboid, opposite), 0.002);
    assert.equal(made.yaw, yawOf(cuboid.yaw));
  }
});

test("a top raised and lowered by half centimetres ends where it was", () => {
  const next = seeded(10);
  for (let round = 0; round < 100; round++) {
    const start = cuboids.tidy(someCuboid(next));
    let cuboid = start;
    for (let n = 0; n < 9; n++) cuboid = cuboids.dragged(cuboid, [0, 0, 1], [0, 0, 0.05]);
    for (let n = 0; n < 9; n++) cuboid = cuboids.dragged(cuboid, [0, 0, 1], [0, 0, -0.05]);
    near(cuboid.size, start.size);
    near(cuboid.center, start.center, 0.0011);
  }
});

test("a cuboid dragged as a whole moves along its own heading", () => {
  const made = cuboids.dragged({ ...CAR, yaw: Math.PI / 2 }, [0, 0, 0], [1, 2, 0.5]);
  near(made.center, [10, -2, -0.5]);
  assert.deepEqual(made.size, CAR.size);
});

test("a new size keeps the bottom, and the sides that the sensor sees", () => {
  const next = seeded(21);
  const size = [4.4, 1.9, 1.4];
  for (let round = 0; round < 300; round++) {
    const cuboid = someCuboid(next);
    const made = cuboids.sized(cuboid, size);
    assert.deepEqual(made.size, size);
    // Seen from the cuboid as it was; a side is in sight where the sensor is beyond it.
    const [was, now] = [cuboid.size, made.size].map((sides) => sides.map((side) => side / 2));
    const sensor = cuboids.toLocal(cuboid, [0, 0]);
    const middle = cuboids.toLocal(cuboid, made.center);
    for (const axis of [0, 1]) {
      const seen = Math.abs(sensor[axis]) > was[axis] ? Math.sign(sensor[axis]) : 0;
      const gap = middle[axis] + seen * now[axis] - seen * was[axis];
      assert.ok(Math.abs(gap) < 0.002);
    }
    assert.ok(Math.abs(middle[2] - now[2] + was[2]) < 0.002);
  }
});

test("a footprint heads where it was drawn", () => {
  const drawn = (to) => cuboids.spanned([10, 5], to);
  assert.deepEqual(drawn([14, 3]), { center: [12, 4, 0], size: [4, 2], yaw: 0 });
  assert.deepEqual(drawn([6, 3]), { center: [8, 4, 0], size: [4, 2], yaw: Math.PI });
  assert.deepEqual(drawn([9, 8]), { center: [9.5, 6.5, 0], size: [3, 1], yaw: Math.PI / 2 });
  assert.deepEqual(drawn([9, 2]), { center: [9.5, 3.5, 0], size: [3, 1], yaw: -Math.PI / 2 });
});

test("corners and sides are taken hold of, the middle is not", () => {
  const at = (place) => cuboids.pullAt(CAR, place, 0.3);
  assert.deepEqual(at([2.2, 0.85, 0]), [1, 1, 0]);
  assert.deepEqual(at([-2.4, -1, 0]), [-1, -1, 0]);
  assert.deepEqual(at([0.5, -0.95]), [0, -1, 0]);
  assert.deepEqual(at([0.5, 0, 0.8]), [0, 0, 1]);
  assert.deepEqual(at([0.5, 0.1, 0]), [0, 0, 0]);
  assert.equal(at([0.5, 3, 0]), null);
  assert.equal(at([0.5, 0, -1.1]), null);
  // From afar a person is all handle, and can still be moved.
  const person = { size: [0.6, 0.5, 1.7] };
  assert.deepEqual(cuboids.pullAt(person, [0, 0, 0], 2), [0, 0, 0]);
});

test("what is behind the camera is not drawn, and edges across it are cut", () => {
  // A camera at the sensor that looks forward.
  const calibration = {
    intrinsics: [
      [500, 0, 320],
      [0, 500, 240],
      [0, 0, 1],
    ],
    extrinsics: [
      [0, -1, 0, 0],
      [0, 0, -1, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ],
  };
  const at = (x) => cuboids.wireframe({ ...CAR, yaw: 0, center: [x, 0, 0] }, calibration);
  assert.equal(at(12).length, cuboids.LINES.length);
  assert.equal(at(-12).length, 0);
  // Half of it is behind: the back face is gone, the four edges along it are cut at 0.1 m.
  const cut = at(0);
  assert.equal(cut.length, cuboids.LINES.length - 4);
  const widest = Math.max(...cut.flat().map(([x]) => Math.abs(x - 320)));
  assert.ok(Math.abs(widest - (500 * 0.9) / 0.1) < 1e-6);
});

test("a cuboid is fitted from its ground to its highest point", () => {
  const next = seeded(33);
  const road = Array.from({ length: 4000 }, () => [next() * 30, next() * 20 - 10, -1.85]);
  const car = Array.from({ length: 60 }, (_, n) => [12 + (n % 9) / 9, -3, -1.4 + (n % 11) / 10]);
  const tree = [[12, -3, 4]];
  const cloud = cloudOf([...road, ...car, ...tree]);
  assert.ok(Math.abs(cloud.ground + 1.85) < 1e-6);
  const { center, size } = cloud.fitted({ ...CAR, size: [4.5, 1.8, 9] });
  near([center[2] - size[2] / 2, center[2] + size[2] / 2], [-1.85, -0.4], 0.011);
  // Where there are no points, the height that was given stands on the ground.
  const alone = cloud.fitted({ ...CAR, center: [-20, 0, 0] });
  near([alone.center[2], alone.size[2]], [-1.1, 1.5], 0.011);
});

test("the points inside are those that a slow count finds", () => {
  const next = seeded(41);
  const points = Array.from({ length: 3000 }, () => [
    next() * 30,
    next() * 20 - 10,
    next() * 4 - 2,
  ]);
  const cloud = cloudOf(points);
  for (let round = 0; round < 30; round++) {
    const cuboid = someCuboid(next);
    const [l, w, h] = cuboid.size;
    const slow = points.filter(([x, y, z]) => {
      const angle = Math.atan2(y - cuboid.center[1], x - cuboid.center[0]) - cuboid.yaw;
      const far = Math.hypot(x - cuboid.center[0], y - cuboid.center[1]);
      return (
        Math.abs(far * Math.cos(angle)) <= l / 2 &&
        Math.abs(far * Math.sin(angle)) <= w / 2 &&
        Math.abs(z - cuboid.center[2]) <= h / 2
      );
    });
    assert.ok(Math.abs(cloud.inside(cuboid) - slow.length) <= 1);
  }
});

test("all points are between the ends", () => {
  const cloud = cloudOf([
    [9, -2, 0],
    [1, 5, 1],
    [4, 3, -1],
  ]);
  assert.deepEqual(cloud.ends, [
    [1, -2],
    [9, 5],
  ]);
});
