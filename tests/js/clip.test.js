import assert from "node:assert/strict";
import { test } from "node:test";
import { decoder } from "../../labelschool/widgets/js/core/frames.js";
import { player } from "../../labelschool/widgets/js/core/player.js";

/** Frames whose decoding ends when the test says so. */
const clip = ({ count = 300, width = 1000, height = 1000, broken = [] } = {}) => {
  const waiting = [];
  const open = new Set();
  const ready = [];
  const decode = ({ n }) =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        if (broken.includes(n)) return reject(new Error("damaged"));
        open.add(n);
        resolve({ n, close: () => open.delete(n) });
      });
    });
  const buffers = Array.from({ length: count }, (_, n) => ({ n }));
  const frames = decoder(buffers, { width, height }, (frame) => ready.push(frame), decode);
  const settle = async (steps = 100) => {
    for (let n = 0; n < steps && waiting.length; n++) {
      waiting.shift()();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { frames, open, ready, waiting, settle };
};

test("the frame in sight is decoded first, then those ahead", async () => {
  const { frames, ready, settle } = clip();
  assert.equal(frames.show(50), undefined);
  await settle();
  assert.equal(frames.show(50).n, 50);
  assert.deepEqual(ready.slice(0, 4), [50, 51, 52, 53]);
  assert.ok(frames.has(46));
  assert.ok(!frames.has(40));
});

test("memory is bounded, and what is shown is never let go", async () => {
  const { frames, open, waiting, settle } = clip();
  for (let frame = 0; frame < 300; frame += 7) {
    frames.show(frame);
    await settle();
    const shown = frames.show(frame);
    assert.equal(waiting.length, 0, "decoding comes to rest");
    assert.ok(open.size <= frames.kept, `${open.size} bitmaps`);
    assert.ok(open.has(shown.n));
  }
  const last = frames.show(294);
  // A leap: until its frame is there, the last one stays.
  assert.equal(frames.show(3), last);
  await settle(8);
  assert.ok(open.has(294));
  frames.close();
  assert.equal(open.size, 0);
});

test("a clip closed while a frame is decoded lets go of that one, too", async () => {
  const { frames, open, settle } = clip();
  frames.show(0);
  await settle(1);
  frames.close();
  await settle();
  assert.equal(open.size, 0);
});

test("only a few frames are decoded at a time", () => {
  const { frames, waiting } = clip();
  frames.show(0);
  frames.show(100);
  assert.equal(waiting.length, 2);
});

test("a damaged frame is known and does not stop the others", async () => {
  const { frames, settle } = clip({ broken: [51] });
  frames.show(50);
  await settle();
  assert.ok(frames.has(51));
  assert.equal(frames.show(51), null);
  assert.equal(frames.show(52).n, 52);
  // On the way to a frame far off, the last good one stays in sight.
  frames.show(51);
  assert.equal(frames.show(200).n, 52);
});

/** A player whose clock the test turns: `run(ms)` lets time pass in steps of a 60 Hz screen. */
const play = ({ count = 10, fps = 10, ready = () => true } = {}) => {
  const shown = [0];
  let due = null;
  let now = 0;
  globalThis.requestAnimationFrame = (run) => {
    due = run;
    return 1;
  };
  globalThis.cancelAnimationFrame = () => {
    due = null;
  };
  const playing = player({
    next: () => shown.push(shown.at(-1) + 1),
    ready: () => ready(shown.at(-1) + 1),
    atEnd: () => shown.at(-1) === count - 1,
    period: () => 1000 / fps,
    onChange: () => {},
  });
  playing.play();
  const run = (ms) => {
    for (const end = now + ms; now < end; now += 1000 / 60) {
      const step = due;
      due = null;
      step?.(now);
    }
  };
  return { playing, shown, run };
};

test("a clip plays at its speed and stops at the end", () => {
  const { playing, shown, run } = play({ count: 6 });
  run(260);
  assert.deepEqual(shown, [0, 1, 2]);
  assert.ok(playing.playing);
  run(1000);
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5]);
  assert.ok(!playing.playing);
});

test("fast playing leaves out no frame", () => {
  const { shown, run } = play({ count: 100, fps: 20 });
  run(1030);
  assert.deepEqual(
    shown,
    Array.from({ length: 21 }, (_, n) => n),
  );
});

test("a late picture is waited for", () => {
  let here = false;
  const { shown, run } = play({ ready: (frame) => frame < 3 || here });
  run(2000);
  assert.deepEqual(shown, [0, 1, 2]);
  here = true;
  run(50);
  assert.equal(shown[3], 3);
  const at = shown.length;
  run(100);
  assert.equal(shown.length, at + 1);
});

test("stopped means stopped", () => {
  const { playing, shown, run } = play();
  run(150);
  playing.stop();
  run(1000);
  assert.deepEqual(shown, [0, 1]);
});
