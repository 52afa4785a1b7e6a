import assert from "node:assert/strict";
import { test } from "node:test";
import { behindChange, goes, indentAt } from "../../labelschool/widgets/js/core/typing.js";

const typed = (data, timeStamp, inputType = "insertText") => ({ data, timeStamp, inputType });

test("letters typed without a rest are one go", () => {
  const goOf = goes();
  const first = goOf(typed("a", 0));
  assert.equal(goOf(typed("b", 900)), first);
  assert.equal(goOf(typed("c", 1800)), first);
});

test("a word, a rest and another kind of change begin a new go", () => {
  const goOf = goes();
  const seen = [
    typed("a", 0),
    typed(" ", 10),
    typed("b", 1500),
    typed(null, 1510, "deleteContentBackward"),
    typed("b", 1520),
  ].map(goOf);
  assert.equal(new Set(seen).size, seen.length);
});

test("another place begins a new go", () => {
  const goOf = goes();
  const first = goOf(typed("a", 0), 5);
  assert.equal(goOf(typed("b", 10), 6), first);
  assert.notEqual(goOf(typed("c", 20), 2), first);
});

test("the caret goes behind what differs", () => {
  assert.equal(behindChange("a c", "a b c"), 3);
  assert.equal(behindChange("a b c", "a c"), 1);
  assert.equal(behindChange("", "abc"), 3);
  assert.equal(behindChange("abc", ""), 0);
  assert.equal(behindChange("aa", "aaa"), 1);
});

test("a new line begins where the last one did", () => {
  assert.equal(indentAt("a\n  b", 5), "  ");
  assert.equal(indentAt("a\n\tb\nc", 4), "\t");
  assert.equal(indentAt("  ab", 1), " ");
  assert.equal(indentAt("ab", 2), "");
});
