import assert from "node:assert/strict";
import { test } from "node:test";
import { placed } from "../../labelschool/widgets/js/core/ranking.js";
import { seeded } from "./random.js";

const ANSWERS = ["a", "b", "c", "d"];

test("a place is taken, and places before it stay open", () => {
  assert.deepEqual(placed(["a", "b", "c"], [], "b", 1), ["", "b", ""]);
});

test("the last answer takes the last place", () => {
  assert.deepEqual(placed(["a", "b", "c"], ["", "b", ""], "c", 0), ["c", "b", "a"]);
  assert.deepEqual(placed(["a", "b"], [], "a", 1), ["b", "a"]);
});

test("who stood there takes the old place, or none", () => {
  assert.deepEqual(placed(["a", "b", "c"], ["b", "a", "c"], "c", 0), ["c", "a", "b"]);
  assert.deepEqual(placed(ANSWERS, ["a", "", "", ""], "b", 0), ["b", "", "", ""]);
});

test("whatever is pressed, nobody stands twice and what was put stays put", () => {
  const random = seeded(4);
  const below = (count) => Math.floor(random() * count);
  for (let run = 0; run < 300; run++) {
    let order = [];
    for (let step = 0; step < 12; step++) {
      const name = ANSWERS[below(4)];
      const place = below(4);
      order = placed(ANSWERS, order, name, place);
      const named = order.filter(Boolean);
      assert.equal(order.length, 4);
      assert.equal(order[place], name);
      assert.equal(new Set(named).size, named.length);
      assert.notEqual(named.length, 3);
    }
  }
});
