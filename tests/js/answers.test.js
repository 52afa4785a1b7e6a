import assert from "node:assert/strict";
import { test } from "node:test";
import {
  emptyAnswer,
  judgeDraft,
  sameWork,
  stateOf,
} from "../../labelschool/widgets/js/core/answers.js";

const boxed = (x, more = {}) => ({
  ...emptyAnswer("a"),
  annotations: [
    { type: "box", id: "i", label: "car", bbox: [x, 2, 3, 4], ms: 7, mode: "mouse", ...more },
  ],
});

const file = (answers) => ({ revision: 5, answers });
const draft = (base, edit, sent = {}) => ({ base, edits: { a: edit }, sent });

test("time and default flags are no difference in the work", () => {
  assert.ok(
    sameWork(boxed(1), { ...boxed(1, { ms: 99, occluded: 0, crowd: false }), active_ms: 5 }),
  );
  assert.ok(!sameWork(boxed(1), boxed(2)));
  assert.ok(!sameWork(boxed(1), boxed(1, { occluded: 1 })));
  assert.ok(!sameWork(boxed(1), { ...boxed(1), done: true }));
  assert.ok(!sameWork(boxed(1), { ...boxed(1), escalate: { rule: 3, note: "" } }));
});

test("a draft on the file's revision is fresh", () => {
  assert.equal(judgeDraft(draft(5, boxed(2)), file({ a: boxed(1) })), "fresh");
});

test("a draft that the file holds already is worth nothing", () => {
  assert.equal(judgeDraft(draft(4, boxed(1)), file({ a: boxed(1) })), "none");
});

test("a draft older than newer work is stale", () => {
  assert.equal(judgeDraft(draft(4, boxed(2)), file({ a: boxed(1) })), "stale");
});

test("a draft whose last save arrived unacknowledged is fresh", () => {
  const sent = { a: boxed(1) };
  assert.equal(judgeDraft(draft(4, boxed(2), sent), file({ a: boxed(1) })), "fresh");
  assert.equal(judgeDraft(draft(3, boxed(2), sent), file({ a: boxed(1) })), "stale");
  assert.equal(judgeDraft(draft(4, boxed(2), sent), file({ a: boxed(8) })), "stale");
});

test("an item is empty, started or done", () => {
  assert.equal(stateOf(emptyAnswer("a")), "empty");
  assert.equal(stateOf(boxed(1)), "started");
  assert.equal(stateOf({ ...emptyAnswer("a"), escalate: { rule: null, note: "" } }), "started");
  assert.equal(stateOf({ ...emptyAnswer("a"), done: true }), "done");
});
