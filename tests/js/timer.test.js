import assert from "node:assert/strict";
import { test } from "node:test";
import { activeTimer } from "../../labelschool/widgets/js/core/timer.js";

const timed = () => {
  const clock = { now: 1000 };
  const timer = activeTimer(() => clock.now);
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

test("looking for up to 30 s is work", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(30_000);
  timer.touch();
  assert.equal(timer.total, 30_000);
});

test("a longer pause counts as 5 s", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(30_001);
  timer.touch();
  assert.equal(timer.total, 5000);
  wait(1000);
  assert.equal(timer.total, 6000);
});

test("an open gap counts up to 5 s until a touch tells what it was", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(4000);
  assert.equal(timer.total, 4000);
  assert.equal(timer.running, true);
  wait(16_000);
  assert.equal(timer.total, 5000);
  assert.equal(timer.running, false);
  timer.touch();
  assert.equal(timer.total, 20_000);
  assert.equal(timer.running, true);
});

test("hiding the page after a long look counts 5 s of it", () => {
  const { timer, wait } = timed();
  timer.touch();
  wait(20_000);
  timer.pause();
  wait(1000);
  timer.touch();
  assert.equal(timer.total, 5000);
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
