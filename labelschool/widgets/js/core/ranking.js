// Pure order of answers from best to worst; "" is a place that nobody has yet.

/** The order with an answer at a place, from 0: who stood there takes its old place, and a last one
 * left over takes the last place. */
export const placed = (answers, order, name, place) => {
  const next = answers.map((_, at) => order[at] ?? "");
  const from = next.indexOf(name);
  if (from >= 0) next[from] = next[place];
  next[place] = name;
  const left = answers.filter((other) => !next.includes(other));
  return left.length === 1 ? next.map((held) => held || left[0]) : next;
};
