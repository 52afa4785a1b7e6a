import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../labelschool/widgets/js/core/session.js";
import { seeded } from "./random.js";

const NAMES = ["a", "b", "c"];

/** A session whose kernel saves at once whatever it is sent. */
const session = (signal) => {
  let receive;
  let revision = 0;
  const reply = (message) => queueMicrotask(() => receive(message, []));
  const model = {
    get: () => ({ items: NAMES.map((name) => ({ name })), draft_key: "k" }),
    on: (_event, handler) => {
      receive = handler;
    },
    off: () => {},
    send: ({ kind, client, seq }) => {
      if (kind === "hello") reply({ kind: "state", client, revision, answers: {}, notice: null });
      if (kind !== "save") return;
      revision += 1;
      reply({ kind: "saved", client, seq, revision });
    },
  };
  const made = new Session(model, signal);
  made.start();
  return made;
};

/** The work itself: time and input mode are no part of it. */
const work = (held) =>
  NAMES.map((name) => {
    const { annotations, done, escalate } = held.held(name);
    return { annotations, done, escalate };
  });

const settle = () => new Promise((done) => setTimeout(done, 0));

/** One thing that a learner may do. */
const act = (held, random, step) => {
  const { annotations } = held.answer;
  const at = Math.floor(random() * annotations.length);
  const acts = [
    () => held.commit({ annotations: [...annotations, { id: `n${step}`, x: 0 }] }),
    () => held.commit({ annotations: annotations.toSpliced(at, 1) }),
    () =>
      held.commit(
        { annotations: annotations.map((one, n) => (n === at ? { ...one, x: one.x + 1 } : one)) },
        { merge: random() < 0.5 ? "held key" : null },
      ),
    () => held.commit({ escalate: random() < 0.5 ? { rule: 2, note: "" } : null }),
    () => held.finish("keyboard"),
    () => held.go(Math.floor(random() * NAMES.length)),
    () => held.undo(),
    () => held.redo(),
    () => {
      const other = NAMES[Math.floor(random() * NAMES.length)];
      const answer = held.held(other);
      held.commitAll({ [other]: { ...answer, annotations: [] } });
    },
  ];
  acts[Math.floor(random() * acts.length)]();
};

test("undone to the start the work is as it was, done again as it became", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seeded(seed);
    const lifetime = new AbortController();
    const held = session(lifetime.signal);
    await settle();
    const before = work(held);
    for (let step = 0; step < 60; step++) act(held, random, step);
    while (held.history.canRedo) held.redo();
    const last = work(held);
    while (held.history.canUndo) held.undo();
    assert.deepEqual(work(held), before, `seed ${seed}`);
    while (held.history.canRedo) held.redo();
    assert.deepEqual(work(held), last, `seed ${seed}`);
    await settle();
    assert.equal(held.saver.clean, true);
    assert.equal(held.saver.status, "saved");
    lifetime.abort();
  }
});
