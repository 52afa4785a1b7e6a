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

/** The kernel writes fields in an order of its own. */
const ordered = (_key, value) =>
  value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value;

const work = (answer) =>
  JSON.stringify(
    [
      answer.annotations.map(({ ms, mode, ...shape }) =>
        Object.fromEntries(
          Object.entries(shape).filter(([, value]) => value !== false && value !== 0),
        ),
      ),
      answer.done,
      answer.escalate?.rule ?? null,
      answer.escalate?.note ?? "",
    ],
    ordered,
  );

/** True when two answers hold the same work, whatever time it took. */
export const sameWork = (a, b) => work(a) === work(b);

/**
 * What a draft found in the browser is worth beside the file:
 *   "none"   the file holds the same work already
 *   "fresh"  it follows on from what the file holds
 *   "stale"  the file has newer work, which the draft would replace
 * The rules of the work say what is empty, the same, and a revision that follows.
 */
export const judgeDraft = (draft, { revision, answers }, rules) => {
  const differs = (edits) =>
    Object.entries(edits).some(
      ([name, edit]) => !rules.same(edit, answers[name] ?? rules.empty(name)),
    );
  if (!differs(draft.edits)) return "none";
  if (draft.base === revision) return "fresh";
  // The last save arrived, its acknowledgement did not: what the file holds is this draft's own.
  const sent = draft.sent ?? {};
  const arrived = Object.keys(sent).length && !differs(sent);
  return arrived && rules.follows(draft.base, revision) ? "fresh" : "stale";
};

export const newId = () => Math.random().toString(36).slice(2, 10).padEnd(8, "0");
