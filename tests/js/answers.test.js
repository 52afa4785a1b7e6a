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
const rules = {
  empty: emptyAnswer,
  same: sameWork,
  follows: (base, revision) => base + 1 === revision,
};
const judge = (found, state) => judgeDraft(found, state, rules);

test("time and default flags are no difference in the work", () => {
  assert.ok(
    sameWork(boxed(1), { ...boxed(1, { ms: 99, occluded: 0, crowd: false }), active_ms: 5 }),
  );
  assert.ok(!sameWork(boxed(1), boxed(2)));
  assert.ok(!sameWork(boxed(1), boxed(1, { occluded: 1 })));
  assert.ok(!sameWork(boxed(1), { ...boxed(1), done: true }));
  assert.ok(!sameWork(boxed(1), { ...boxed(1), escalate: { rule: 3, note: "" } }));
});

test("the order of fields is no difference, a step of 0 instead of none is", () => {
  const judged = (more) => boxed(1, { step: 0, criteria: { clarity: 0 }, ...more });
  const evidence = [{ start: 0, end: 5, field: "a" }];
  const written = [{ field: "a", end: 5, start: 0 }];
  assert.ok(sameWork(judged({ evidence }), judged({ evidence: written })));
  assert.ok(!sameWork(judged({}), judged({ step: null })));
  assert.ok(!sameWork(judged({}), judged({ criteria: {} })));
});

test("a draft on the file's revision is fresh", () => {
  assert.equal(judge(draft(5, boxed(2)), file({ a: boxed(1) })), "fresh");
});

test("a draft that the file holds already is worth nothing", () => {
  assert.equal(judge(draft(4, boxed(1)), file({ a: boxed(1) })), "none");
});

test("a draft older than newer work is stale", () => {
  assert.equal(judge(draft(4, boxed(2)), file({ a: boxed(1) })), "stale");
});

test("a draft whose last save arrived unacknowledged is fresh", () => {
  const sent = { a: boxed(1) };
  assert.equal(judge(draft(4, boxed(2), sent), file({ a: boxed(1) })), "fresh");
  assert.equal(judge(draft(3, boxed(2), sent), file({ a: boxed(1) })), "stale");
  assert.equal(judge(draft(4, boxed(2), sent), file({ a: boxed(8) })), "stale");
});

test("an item is empty, started or done", () => {
  assert.equal(stateOf(emptyAnswer("a")), "empty");
  assert.equal(stateOf(boxed(1)), "started");
  assert.equal(stateOf({ ...emptyAnswer("a"), escalate: { rule: null, note: "" } }), "started");
  assert.equal(stateOf({ ...emptyAnswer("a"), done: true }), "done");
});
