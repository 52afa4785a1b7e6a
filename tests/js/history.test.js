import assert from "node:assert/strict";
import { test } from "node:test";
import { DEPTH, History } from "../../labelschool/widgets/js/core/history.js";

const step = (n) => ({ before: n - 1, after: n });

test("undo and redo walk back and forth", () => {
  const history = new History();
  history.push(step(1));
  history.push(step(2));
  assert.equal(history.undo().before, 1);
  assert.equal(history.undo().before, 0);
  assert.equal(history.undo(), null);
  assert.equal(history.redo().after, 1);
  assert.equal(history.redo().after, 2);
  assert.equal(history.redo(), null);
});

test("200 steps can be undone, the oldest are forgotten", () => {
  assert.equal(DEPTH, 200);
  const history = new History();
  for (let n = 1; n <= 250; n++) history.push(step(n));
  let last = null;
  let count = 0;
  for (let entry = history.undo(); entry; entry = history.undo()) {
    last = entry;
    count += 1;
  }
  assert.equal(count, 200);
  assert.equal(last.after, 51);
});

test("a new step forgets what was undone", () => {
  const history = new History();
  history.push(step(1));
  history.undo();
  history.push(step(7));
  assert.equal(history.canRedo, false);
  assert.equal(history.undo().after, 7);
});

test("steps of a held key are one, and only while it is held", () => {
  const history = new History();
  history.push(step(1), "arrow 1");
  history.push(step(2), "arrow 1");
  history.push(step(3), "arrow 2");
  assert.deepEqual([history.undo().before, history.undo().before], [2, 0]);
  assert.equal(history.canUndo, false);
});

test("a merged step after an undo stands alone", () => {
  const history = new History();
  history.push(step(1), "arrow 1");
  history.push(step(2), "arrow 2");
  history.undo();
  history.push(step(5), "arrow 1");
  assert.equal(history.undo().before, 4);
  assert.equal(history.undo().before, 0);
});
