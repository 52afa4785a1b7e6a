// One item's answer: { item, annotations, done, escalate, active_ms }. Answers and annotations are
// never changed in place.

export const emptyAnswer = (item) => ({
  item,
  annotations: [],
  done: false,
  escalate: null,
  active_ms: 0,
});

/** "empty", "started" or "done", as the item strip shows it. */
export const stateOf = (answer) => {
  if (answer.done) return "done";
  return answer.annotations.length || answer.escalate ? "started" : "empty";
};

const work = (answer) =>
  JSON.stringify([
    answer.annotations.map(({ ms, mode, ...shape }) =>
      Object.entries(shape)
        .filter(([, value]) => value !== false && value !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    answer.done,
    answer.escalate?.rule ?? null,
    answer.escalate?.note ?? "",
  ]);

/** True when two answers hold the same work, whatever time it took. */
export const sameWork = (a, b) => work(a) === work(b);

/**
 * What a draft found in the browser is worth beside the file:
 *   "none"   the file holds the same work already
 *   "fresh"  it follows on from what the file holds
 *   "stale"  the file has newer work, which the draft would replace
 */
export const judgeDraft = (draft, { revision, answers }) => {
  const held = (name) => answers[name] ?? emptyAnswer(name);
  const differs = Object.entries(draft.edits).filter(([name, edit]) => !sameWork(edit, held(name)));
  if (!differs.length) return "none";
  if (draft.base === revision) return "fresh";
  // The last save arrived, its acknowledgement did not: what the file holds is this draft's own.
  const sent = Object.entries(draft.sent ?? {});
  const arrived = sent.length && sent.every(([name, edit]) => sameWork(edit, held(name)));
  return arrived && draft.base + 1 === revision ? "fresh" : "stale";
};

export const newId = () => Math.random().toString(36).slice(2, 10).padEnd(8, "0");
