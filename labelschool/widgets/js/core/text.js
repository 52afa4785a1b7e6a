// Pure arithmetic of words in a text. JavaScript counts UTF-16 units, answers count Unicode code
// points: all places here are code points, and a range ends before its `end`.

/** How many code points a string has. */
export const pointsIn = (string) => Array.from(string).length;

/** A text of which parts are asked for by code points, as Python slices it. */
export class Text {
  #points;

  constructor(string) {
    this.#points = Array.from(string);
  }

  slice(start, end) {
    return this.#points.slice(start, end).join("");
  }

  /** The lines as ranges, each with its line end. */
  get lines() {
    let end = 0;
    return this.slice()
      .split(/(?<=\n)/)
      .map((line) => {
        const start = end;
        end += pointsIn(line);
        return { start, end };
      });
  }

  /** A range without white space at its ends, held within the text; null where nothing is left. */
  trimmed(from, to) {
    const start = Math.max(0, from);
    const words = this.slice(start, to);
    const first = start + words.length - words.trimStart().length;
    const end = first + pointsIn(words.trim());
    return first < end ? { start: first, end } : null;
  }

  /** The word that begins at a place or next after it; null where the text has no more. */
  wordFrom(at) {
    const found = /[\p{L}\p{M}\p{N}]+/u.exec(this.slice(at));
    if (!found) return null;
    const start = at + pointsIn(found.input.slice(0, found.index));
    return { start, end: start + pointsIn(found[0]) };
  }
}

/** Those facts that there are, in a row. */
export const listed = (...facts) => facts.filter(Boolean).join(", ");

/** In the order of the text; of two that begin together the longer first. */
export const byPlace = (a, b) => a.start - b.start || b.end - a.end;

/**
 * Spans with their layers: 2 inside another span of the same text, else 1. Of equal ones the first
 * is the outer. Spans whose layer holds are the same objects.
 */
export const layered = (spans) => {
  // An outer span comes before all that it holds, so the one that reaches furthest tells.
  const reach = new Map();
  const layers = new Map();
  for (const span of [...spans].sort(byPlace)) {
    const { field, end } = span;
    const inside = end <= reach.get(field);
    layers.set(span, inside ? 2 : 1);
    if (!inside) reach.set(field, end);
  }
  return spans.map((span) => {
    const layer = layers.get(span);
    return span.layer === layer ? span : { ...span, layer };
  });
};

/** Gives each of spans in the order of the text the highest line under it, from 0, that is free. */
export const withLanes = (spans) => {
  const ends = [];
  return spans.map((span) => {
    const free = ends.findIndex((end) => end <= span.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = span.end;
    return { ...span, lane };
  });
};

/** Cuts a range at the ends of spans: [{ start, end, spans }], `spans` those that cover it all. */
export const cut = ({ start, end }, spans) => {
  const places = new Set([start, end, ...spans.flatMap((span) => [span.start, span.end])]);
  const inside = [...places].filter((at) => at >= start && at <= end);
  const sorted = inside.sort((a, b) => a - b);
  return sorted.slice(1).map((to, index) => {
    const from = sorted[index];
    const over = spans.filter((span) => span.start <= from && to <= span.end);
    return { start: from, end: to, spans: over };
  });
};
