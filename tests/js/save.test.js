import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS, RETRY_MS, Saver } from "../../labelschool/widgets/js/core/save.js";

const answer = (item, n) => ({ item, annotations: Array(n).fill("box"), done: false });

/** A saver with a kernel, drafts and a clock under the test's hand. */
const workbench = () => {
  const bench = { sent: [], draft: null, timers: new Map(), states: [] };
  let id = 0;
  const clock = {
    set: (run, ms) => {
      id += 1;
      bench.timers.set(id, { run, ms });
      return id;
    },
    clear: (timer) => bench.timers.delete(timer),
    now: () => 0,
  };
  const drafts = {
    write: (draft) => {
      bench.draft = structuredClone(draft);
    },
    clear: () => {
      bench.draft = null;
    },
  };
  bench.saver = new Saver({
    send: (message) => bench.sent.push(structuredClone(message)),
    drafts,
    client: "me",
    onChange: ({ status }) => bench.states.push(status),
    clock,
  });
  bench.saver.start(4);
  bench.reply = (message) => {
    const { seq } = bench.sent.at(-1);
    bench.saver.receive({ client: "me", seq, ...message });
  };
  /** Lets the one timer that runs go off. */
  bench.expire = () => {
    const [[timer, { run, ms }]] = bench.timers;
    bench.timers.delete(timer);
    run();
    return ms;
  };
  return bench;
};

test("an edit is sent with its base, acknowledged, and its draft forgotten", () => {
  const { saver, sent, reply, timers, ...bench } = workbench();
  saver.edit({ a: answer("a", 1) }, "pen");
  assert.equal(saver.status, "saving");
  const [{ kind, base, edits, modes }] = sent;
  assert.deepEqual(
    { kind, base, edits, modes },
    { kind: "save", base: 4, edits: [answer("a", 1)], modes: { a: "pen" } },
  );
  reply({ kind: "saved", revision: 5 });
  assert.equal(saver.status, "saved");
  assert.equal(saver.base, 5);
  assert.equal(saver.clean, true);
  assert.equal(bench.draft, null);
  assert.equal(timers.size, 0);
});

test("one save is in flight; later edits go together with the new base", () => {
  const { saver, sent, reply } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  saver.edit({ a: answer("a", 2) }, "mouse");
  saver.edit({ b: answer("b", 1) }, "mouse");
  assert.equal(sent.length, 1);
  reply({ kind: "saved", revision: 5 });
  assert.equal(sent.length, 2);
  assert.equal(saver.status, "saving");
  assert.equal(sent[1].base, 5);
  assert.deepEqual(sent[1].edits, [answer("a", 2), answer("b", 1)]);
  reply({ kind: "saved", revision: 6 });
  assert.equal(saver.status, "saved");
});

test("the draft holds everything that is not acknowledged", () => {
  const bench = workbench();
  bench.saver.edit({ a: answer("a", 1) }, "mouse");
  bench.saver.edit({ b: answer("b", 1) }, "mouse");
  assert.deepEqual(Object.keys(bench.draft.edits), ["a", "b"]);
  assert.deepEqual(Object.keys(bench.draft.sent), ["a"]);
  assert.equal(bench.draft.base, 4);
  bench.reply({ kind: "saved", revision: 5 });
  assert.deepEqual(Object.keys(bench.draft.edits), ["b"]);
  assert.equal(bench.draft.base, 5);
});

test("silence is told after 3 s, the same message is sent again, a late answer counts", () => {
  const { saver, sent, reply, expire } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  assert.equal(expire(), ANSWER_MS);
  assert.equal(saver.status, "unsaved");
  assert.equal(saver.reason, null);
  assert.equal(expire(), RETRY_MS);
  assert.equal(saver.status, "unsaved");
  assert.deepEqual(sent[2], sent[0]);
  reply({ kind: "saved", revision: 5 });
  assert.equal(saver.status, "saved");
  assert.equal(saver.base, 5);
});

test("a refusal shows its sentence and is tried again with later edits", () => {
  const { saver, sent, reply, expire } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  reply({ kind: "failed", sentence: "The disk is full." });
  assert.equal(saver.status, "unsaved");
  assert.equal(saver.reason, "The disk is full.");
  assert.equal(saver.clean, false);
  expire();
  assert.equal(sent.length, 2);
  assert.equal(saver.status, "unsaved");
  reply({ kind: "failed", sentence: "The disk is full." });
  saver.edit({ b: answer("b", 1) }, "mouse");
  assert.deepEqual(sent[2].edits, [answer("a", 1), answer("b", 1)]);
  reply({ kind: "saved", revision: 5 });
  assert.equal(saver.status, "saved");
});

test("an edit made while a refused save was in flight wins over it", () => {
  const { saver, sent, reply, expire } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  saver.edit({ a: answer("a", 2) }, "mouse");
  reply({ kind: "failed", sentence: "No." });
  expire();
  assert.deepEqual(sent[1].edits, [answer("a", 2)]);
});

test("a conflict sends nothing until the learner decides", () => {
  const bench = workbench();
  const { saver, sent, reply, timers } = bench;
  saver.edit({ a: answer("a", 1) }, "mouse");
  reply({ kind: "conflict", current: 9 });
  assert.equal(saver.status, "conflict");
  saver.edit({ a: answer("a", 2) }, "mouse");
  saver.retry();
  assert.equal(sent.length, 1);
  assert.equal(timers.size, 0);
  assert.deepEqual(bench.draft.edits.a, answer("a", 2));
});

test("keeping this tab's work replaces the file on its own revision", () => {
  const { saver, sent, reply } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  reply({ kind: "conflict", current: 9 });
  saver.keep({ a: answer("a", 1), b: answer("b", 0) }, "mouse");
  assert.equal(sent[1].base, 9);
  assert.equal(sent[1].replace, true);
  assert.deepEqual(sent[1].edits, [answer("a", 1), answer("b", 0)]);
  reply({ kind: "saved", revision: 10 });
  assert.equal(saver.status, "saved");
  saver.edit({ a: answer("a", 3) }, "mouse");
  assert.equal(sent[2].replace, undefined);
});

test("loading the newer work drops what waited", () => {
  const bench = workbench();
  bench.saver.edit({ a: answer("a", 1) }, "mouse");
  bench.reply({ kind: "conflict", current: 9 });
  bench.saver.start(9);
  assert.equal(bench.saver.status, "saved");
  assert.equal(bench.saver.base, 9);
  assert.equal(bench.draft, null);
});

test("answers to other tabs and to earlier saves are not ours", () => {
  const { saver, reply } = workbench();
  saver.edit({ a: answer("a", 1) }, "mouse");
  reply({ kind: "saved", revision: 8, client: "other" });
  assert.equal(saver.status, "saving");
  reply({ kind: "saved", revision: 8, seq: 0 });
  assert.equal(saver.base, 4);
});

test("a disposed saver keeps its draft and stays silent", () => {
  const bench = workbench();
  bench.saver.edit({ a: answer("a", 1) }, "mouse");
  bench.saver.dispose();
  assert.equal(bench.timers.size, 0);
  assert.ok(bench.draft);
});

test("typing is kept as a draft at once and sent after a rest", () => {
  const bench = workbench();
  bench.saver.edit({ a: answer("a", 1) }, "keyboard", 600);
  bench.saver.edit({ a: answer("a", 2) }, "keyboard", 600);
  assert.equal(bench.saver.status, "saving");
  assert.deepEqual(bench.draft.edits, { a: answer("a", 2) });
  assert.equal(bench.sent.length, 0);
  assert.equal(bench.expire(), 600);
  assert.deepEqual(bench.sent[0].edits, [answer("a", 2)]);
  bench.reply({ kind: "saved", revision: 5 });
  assert.equal(bench.saver.status, "saved");
  assert.equal(bench.timers.size, 0);
});

test("a change without a rest takes along what was typed", () => {
  const bench = workbench();
  bench.saver.edit({ a: answer("a", 1) }, "keyboard", 600);
  bench.saver.edit({ b: answer("b", 1) }, "mouse");
  assert.deepEqual(bench.sent[0].edits, [answer("a", 1), answer("b", 1)]);
  assert.equal(bench.timers.size, 1);
});
