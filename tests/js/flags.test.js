// Flags of a box: what a key turns over, and how the list tells what is set.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FLAGS, flagMarks, flagSpoken, nextFlag } from "../../labelschool/widgets/js/ui/flags.js";

test("every flag has a key of its own", () => {
  const keys = Object.values(FLAGS).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test("a box that was saved without the mirror flag takes it on and off", () => {
  const saved = { occluded: 0, truncated: false };
  const on = { ...saved, ...nextFlag(saved, "mirror") };
  assert.equal(on.mirror, true);
  assert.equal(nextFlag(on, "mirror").mirror, false);
  assert.equal(flagSpoken(saved, "mirror"), "Mirror off");
  assert.equal(flagMarks({ ...on, occluded: 2 }), "O2 M");
});
