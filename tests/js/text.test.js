import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byPlace,
  cut,
  layered,
  pointsIn,
  Text,
  withLanes,
} from "../../labelschool/widgets/js/core/text.js";
import { seeded } from "./random.js";

const below = (seed) => {
  const random = seeded(seed);
  return (most) => Math.floor(random() * most);
};

test("places are code points, whatever they take in UTF-16", () => {
  const text = new Text("a😀e\u0301🇳🇴.");
  assert.equal(pointsIn("a😀e\u0301🇳🇴."), 7);
  assert.deepEqual(
    [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6), text.slice(6)],
    ["a😀", "e\u0301", "🇳🇴", "."],
  );
});

test("lines are the text, each with its line end", () => {
  for (const string of ["", "plain", "a\r\nb\n\n😀\nc", "\n", "end\n"]) {
    const text = new Text(string);
    const { lines } = text;
    assert.equal(lines.map(({ start, end }) => text.slice(start, end)).join(""), string);
    assert.equal(lines.at(-1).end, pointsIn(string));
    for (const { end } of lines.slice(0, -1)) assert.equal(text.slice(end - 1, end), "\n");
    assert.equal(lines.length, Math.max(1, string.split(/(?<=\n)/).length));
  }
});

test("white space at both ends is trimmed, also line ends and hard spaces", () => {
  const text = new Text("😀  Cape Sund\u00a0\r\n");
  assert.deepEqual(text.trimmed(1, 15), { start: 3, end: 12 });
  assert.deepEqual(text.trimmed(-4, 99), { start: 0, end: 12 });
  assert.equal(text.trimmed(1, 3), null);
  assert.equal(text.trimmed(5, 5), null);
  assert.equal(text.trimmed(9, 4), null);
});

test("the word from a caret on is the rest of this one or the next", () => {
  const text = new Text("😀 Cape e\u0301tude, ");
  assert.deepEqual(text.wordFrom(0), { start: 2, end: 6 });
  assert.deepEqual(text.wordFrom(3), { start: 3, end: 6 });
  assert.deepEqual(text.wordFrom(6), { start: 7, end: 13 });
  assert.equal(text.wordFrom(13), null);
});

const span = (start, end, more) => ({ id: `${start}-${end}`, start, end, layer: 1, ...more });

const someSpans = (next, length) =>
  Array.from({ length: next(12) }, (_, id) => {
    const start = next(length);
    return span(start, start + 1 + next(length - start), { id: String(id) });
  });

test("a span inside another one of its text is on layer 2, and only such a one", () => {
  const spans = [span(4, 8), span(0, 10), span(5, 12), span(0, 10), span(4, 8, { field: "b" })];
  assert.deepEqual(
    layered(spans).map(({ layer }) => layer),
    [2, 1, 1, 2, 1],
  );
  const next = below(3);
  for (let round = 0; round < 300; round++) {
    const some = someSpans(next, 20);
    layered(some).forEach((one, index) => {
      const inside = some.some(
        (other, at) =>
          at !== index &&
          other.start <= one.start &&
          one.end <= other.end &&
          (other.end - other.start > one.end - one.start || at < index),
      );
      assert.equal(one.layer, inside ? 2 : 1);
      assert.equal(one === some[index], one.layer === some[index].layer);
    });
  }
});

test("spans that share a stretch have different lines under the text", () => {
  const next = below(5);
  for (let round = 0; round < 300; round++) {
    const spans = withLanes(someSpans(next, 30).sort(byPlace));
    for (const a of spans) {
      for (const b of spans) {
        const apart = a === b || a.end <= b.start || b.end <= a.start;
        assert.ok(apart || a.lane !== b.lane);
      }
      const beside = spans.filter((b) => b.start < a.end && a.start < b.end);
      assert.ok(a.lane < beside.length);
    }
  }
});

test("a text cut at its spans is the same text, each part with the spans that cover it", () => {
  const next = below(7);
  for (let round = 0; round < 300; round++) {
    const spans = someSpans(next, 30);
    const parts = cut({ start: 5, end: 25 }, spans);
    assert.equal(parts[0].start, 5);
    assert.equal(parts.at(-1).end, 25);
    parts.forEach((part, index) => {
      if (index) assert.equal(part.start, parts[index - 1].end);
      for (let at = part.start; at < part.end; at++) {
        const covering = spans.filter(({ start, end }) => start <= at && at < end);
        assert.deepEqual(part.spans, covering);
      }
    });
  }
});

test("spans are in the order of the text, outer ones first", () => {
  const order = [span(4, 5), span(0, 9), span(0, 4)].sort(byPlace);
  assert.deepEqual(
    order.map(({ id }) => id),
    ["0-9", "0-4", "4-5"],
  );
});
