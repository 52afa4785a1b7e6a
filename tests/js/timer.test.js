import assert from "node:assert/strict";
import { test } from "node:test";
import { ActiveTimer } from "../../labelschool/widgets/js/core/timer.js";

const timed = () => {
  const clock = { now: 1000 };
  const timer = new ActiveTimer(() => clock.now);
  const wait = (ms) => {
    clock.now += ms;
  };
  return { timer, wait };
};

test("nothing counts before the first sign of activity", () => {
  const { timer, wait } = timed();
  wait(5000);
  assert.equal(timer.total, 0);
  assert.equal(timer.running, false);
});

test("the clock stops 30 s after the last sign", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(10_000);
  timer.touch();
  wait(100_000);
  assert.equal(timer.total, 40_000);
  assert.equal(timer.running, false);
  timer.touch();
  wait(1000);
  assert.equal(timer.total, 41_000);
});

test("a hidden page stops it at once", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(2000);
  timer.pause();
  wait(8000);
  assert.equal(timer.total, 2000);
});

test("laps share out the active time", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(3000);
  assert.equal(timer.lap(), 3000);
  wait(4000);
  timer.touch();
  assert.equal(timer.lap(), 4000);
  assert.equal(timer.lap(), 0);
});
