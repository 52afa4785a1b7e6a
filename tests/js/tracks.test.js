import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../labelschool/widgets/js/core/history.js";
import * as tracks from "../../labelschool/widgets/js/core/tracks.js";
import { seeded } from "./random.js";

const key = (frame, x, more = {}) => ({
  frame,
  bbox: [x, 50, 20, 30],
  occluded: false,
  outside: false,
  ...more,
});
const track = (...keyframes) => ({ id: "1", label: "car", keyframes });
const xs = (made, frames) =>
  frames.map((frame) => {
    const state = tracks.stateAt(made, frame);
    if (!state || state.outside) return null;
    return state.occluded ? "hidden" : state.bbox[0];
  });

const someTrack = (next, first = 0) => {
  const keyframes = [];
  for (
    let frame = first + Math.floor(next() * 4);
    frame < 40;
    frame += 1 + Math.floor(next() * 9)
  ) {
    const at = Math.floor(next() * 6000) / 10;
    keyframes.push(key(frame, at, { occluded: next() < 0.2, outside: next() < 0.15 }));
  }
  return track(...keyframes);
};

test("a box moves in a straight line and rests after the last keyframe", () => {
  const made = track(key(2, 10), key(6, 30));
  assert.deepEqual(xs(made, [0, 1, 2, 3, 4, 6, 9]), [null, null, 10, 15, 20, 30, 30]);
});

test("hidden and gone hold until the next keyframe", () => {
  const made = track(
    key(0, 10),
    key(2, 20, { occluded: true }),
    key(4, 40),
    key(5, 50, { outside: true }),
    key(7, 90),
  );
  assert.deepEqual(xs(made, [1, 2, 3, 4, 5, 6, 7]), [15, "hidden", "hidden", 40, null, null, 90]);
});

test("a keyframe set where nothing changes leaves the path as it is", () => {
  const next = seeded(5);
  for (let round = 0; round < 200; round++) {
    const made = someTrack(next);
    const first = made.keyframes[0].frame;
    const frame = first + Math.floor(next() * (40 - first));
    const again = track(...tracks.withKey(made, frame));
    for (let at = first; at < 40; at++) {
      const [before, after] = [tracks.stateAt(made, at), tracks.stateAt(again, at)];
      assert.equal(after.occluded, before.occluded);
      assert.equal(after.outside, before.outside);
      // The sides of a stored box have one decimal.
      const off = after.bbox.map((side, n) => Math.abs(side - before.bbox[n]));
      assert.ok(Math.max(...off) <= 0.1001);
    }
  }
});

test("before the track begins a keyframe takes the box it begins with", () => {
  assert.deepEqual(tracks.withKey(track(key(5, 10)), 2), [key(2, 10), key(5, 10)]);
});

test("the two parts of a split show what the track showed, each frame once", () => {
  const next = seeded(11);
  let parted = 0;
  for (let round = 0; round < 400; round++) {
    const made = someTrack(next);
    const frame = Math.floor(next() * 40);
    const parts = tracks.split(made, frame);
    if (!parts) continue;
    parted += 1;
    const [before, after] = parts.map((keyframes) => track(...keyframes));
    for (let at = 0; at < 40; at++) {
      const seen = xs(made, [at])[0];
      const [a, b] = [xs(before, [at])[0], xs(after, [at])[0]];
      assert.equal(at < frame ? b : a, null);
      const shown = at < frame ? a : b;
      if (typeof seen === "number") assert.ok(Math.abs(shown - seen) <= 0.0501);
      else assert.equal(shown, seen);
    }
  }
  assert.ok(parted > 100);
});

test("a track that shows nothing on one side is not split", () => {
  const made = track(key(5, 10), key(9, 30, { outside: true }));
  assert.equal(tracks.split(made, 5), null);
  assert.equal(tracks.split(made, 9), null);
  assert.equal(tracks.split(made, 20), null);
  assert.ok(tracks.split(made, 8));
});

test("joining the parts of a split gives the track back", () => {
  const next = seeded(17);
  for (let round = 0; round < 200; round++) {
    const made = someTrack(next);
    const parts = tracks.split(made, Math.floor(next() * 40));
    if (!parts) continue;
    const [a, b] = parts.map((keyframes) => track(...keyframes));
    const { early, keyframes } = tracks.join(b, a);
    assert.equal(early, a);
    const again = track(...keyframes);
    for (let at = 0; at < 40; at++) {
      const [seen, shown] = [xs(made, [at])[0], xs(again, [at])[0]];
      if (typeof seen === "number") assert.ok(Math.abs(shown - seen) <= 0.0501);
      else assert.equal(shown, seen);
    }
  }
});

test("where two joined tracks overlap, the later one counts while it lasts", () => {
  const a = track(key(0, 0), key(10, 100), key(20, 200, { outside: true }), key(30, 300));
  const b = track(key(15, 7), key(25, 8));
  const { early, late, keyframes } = tracks.join(a, b);
  assert.deepEqual([early, late], [a, b]);
  assert.deepEqual(
    keyframes.map(({ frame, bbox }) => [frame, bbox[0]]),
    [
      [0, 0],
      [10, 100],
      [15, 7],
      [25, 8],
      [30, 300],
    ],
  );
});

test("every act keeps increasing frames", () => {
  const next = seeded(23);
  for (let round = 0; round < 300; round++) {
    const [a, b] = [someTrack(next), someTrack(next, 12)];
    const frame = Math.floor(next() * 40);
    const made = [
      tracks.withKey(a, frame, { outside: true }),
      tracks.join(a, b).keyframes,
      ...(tracks.split(a, frame) ?? []),
    ];
    for (const keyframes of made) {
      assert.ok(keyframes.length);
      for (const [at, later] of keyframes.slice(1).entries()) {
        assert.ok(later.frame > keyframes[at].frame);
      }
    }
  }
});

test("keyframes are found forwards and backwards", () => {
  const two = [track(key(3, 1), key(9, 2)), track(key(6, 3))];
  assert.equal(tracks.nextKeyFrame(two, 3, 1), 6);
  assert.equal(tracks.nextKeyFrame(two, 9, 1), undefined);
  assert.equal(tracks.nextKeyFrame(two, 9, -1), 6);
  assert.equal(tracks.nextKeyFrame(two.slice(0, 1), 9, -1), 3);
});

test("numbers of tracks go on from the highest", () => {
  assert.equal(tracks.nextId([]), "1");
  assert.equal(tracks.nextId([{ id: "7" }, { id: "x3" }, { id: "2" }]), "8");
});

test("what there is of a track", () => {
  const made = track(key(2, 1), key(4, 1, { occluded: true }), key(6, 1, { outside: true }));
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7].map((frame) => tracks.kindAt(made, frame)),
    ["before", "key", "between", "occluded", "occluded", "outside", "outside"],
  );
  assert.deepEqual(
    [1, 2, 5, 7].map((frame) => tracks.isThere(made, frame)),
    [false, true, true, false],
  );
});

const frozen = (value) => {
  if (value && typeof value === "object") Object.values(Object.freeze(value)).forEach(frozen);
  return value;
};

test("whatever is done and undone, no track is changed in place", () => {
  const next = seeded(29);
  const frame = { width: 640, height: 480 };
  for (let round = 0; round < 200; round++) {
    const history = new History();
    let all = frozen(
      [someTrack(next), someTrack(next, 10)].map((made, n) => ({ ...made, id: `${n}` })),
    );
    const first = JSON.stringify(all);
    const states = [first];
    for (let step = 0; step < 12; step++) {
      const at = Math.floor(next() * 40);
      const made = all[Math.floor(next() * all.length)];
      const other = all.find((one) => one !== made);
      const set = (keyframes) =>
        keyframes.length && all.map((one) => (one === made ? { ...one, keyframes } : one));
      const acts = [
        () => set(tracks.withKey(made, at, { outside: next() < 0.3, occluded: next() < 0.3 })),
        () => set(tracks.withoutKey(made, at)),
        () => set(tracks.moved(made, 8, -8, frame)),
        () => {
          const parts = tracks.split(made, at);
          return (
            parts && [...set(parts[0]), { ...made, id: tracks.nextId(all), keyframes: parts[1] }]
          );
        },
        () => {
          if (!other) return null;
          const { early, late, keyframes } = tracks.join(made, other);
          return all
            .filter((one) => one !== late)
            .map((one) => (one === early ? { ...one, keyframes } : one));
        },
      ];
      const after = acts[Math.floor(next() * acts.length)]();
      if (!after) continue;
      assert.equal(new Set(after.map(({ id }) => id)).size, after.length);
      history.push({ before: all, after: frozen(after) });
      all = after;
      states.push(JSON.stringify(all));
    }
    for (const state of states.slice(0, -1).reverse()) {
      assert.equal(JSON.stringify(history.undo().before), state);
    }
    for (const state of states.slice(1)) {
      assert.equal(JSON.stringify(history.redo().after), state);
    }
  }
});
