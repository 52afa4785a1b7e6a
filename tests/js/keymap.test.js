import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chords,
  guardKeys,
  isTyping,
  keyFinder,
  mayLeave,
} from "../../labelschool/widgets/js/core/keymap.js";

const press = (key, { mods = "", code = "", tag = "DIV", type = "", repeat = false } = {}) => ({
  key,
  code,
  repeat,
  ctrlKey: mods.includes("c"),
  shiftKey: mods.includes("s"),
  altKey: mods.includes("a"),
  metaKey: mods.includes("m"),
  target: { tagName: tag, type },
  getModifierState: (name) => name === "AltGraph" && mods.includes("g"),
  defaultPrevented: false,
  stopped: false,
  preventDefault() {
    this.defaultPrevented = true;
  },
  stopPropagation() {
    this.stopped = true;
  },
});

test("chords name what was pressed", () => {
  assert.equal(chords(press("b"))[0], "B");
  assert.equal(chords(press("N", { mods: "s" }))[0], "Shift+N");
  assert.equal(chords(press("?", { mods: "s" }))[0], "?");
  assert.equal(chords(press("ArrowUp", { mods: "as" }))[0], "Alt+Shift+ArrowUp");
  assert.equal(chords(press("z", { mods: "c" }))[0], "Ctrl+Z");
  assert.equal(chords(press("z", { mods: "m" }))[0], "Ctrl+Z");
});

test("other keyboards reach the same bindings", () => {
  // Cyrillic: the key where B is.
  assert.deepEqual(chords(press("и", { code: "KeyB" })), ["И", "B"]);
  // French: digits need Shift; without it the key types &.
  assert.ok(chords(press("&", { code: "Digit1" })).includes("1"));
  assert.equal(chords(press("1", { mods: "s", code: "Digit1" }))[0], "1");
  // German: [ is AltGr+8, which Windows reports as Ctrl+Alt.
  assert.equal(chords(press("[", { mods: "cag", code: "Digit8" }))[0], "[");
  // Dvorak: the letter counts, not its place.
  assert.deepEqual(chords(press("x", { code: "KeyB" })), ["X"]);
});

test("a binding runs, and a held key only where it may repeat", () => {
  const ran = [];
  const find = keyFinder({
    Some: [[1, "One", () => ran.push("1")]],
    Other: [
      ["ArrowUp Space", "Up", () => ran.push("up"), { repeat: true }],
      ["Wheel", "Only to read"],
    ],
  });
  find(press("1"))();
  find(press("1", { repeat: true }))();
  find(press("ArrowUp", { repeat: true }))();
  find(press(" "))();
  assert.deepEqual(ran, ["1", "up", "up"]);
  assert.ok(!find(press("q")));
  assert.ok(!find(press("Wheel")));
});

test("typing belongs to the field, Enter and Space to the button", () => {
  assert.equal(isTyping(press("b", { tag: "INPUT", type: "number" })), true);
  assert.equal(isTyping(press("b", { tag: "INPUT", type: "range" })), false);
  assert.equal(isTyping(press("ArrowUp", { tag: "INPUT", type: "range" })), true);
  const find = keyFinder({ Some: [["B Enter", "Never", () => assert.fail()]] });
  assert.ok(!find(press("b", { tag: "TEXTAREA" })));
  assert.ok(!find(press("Enter", { tag: "BUTTON" })));
  assert.ok(find(press("b", { tag: "BUTTON" })));
});

test("only Tab and foreign commands leave", () => {
  assert.equal(mayLeave(press("Tab"), false), true);
  assert.equal(mayLeave(press("s", { mods: "c" }), false), true);
  assert.equal(mayLeave(press("z", { mods: "c" }), true), false);
  assert.equal(mayLeave(press("z", { mods: "c", tag: "TEXTAREA" }), false), false);
  assert.equal(mayLeave(press("a", { mods: "c", tag: "TEXTAREA" }), false), true);
  assert.equal(mayLeave(press("d"), false), false);
  assert.equal(mayLeave(press("Enter", { mods: "s" }), false), false);
  assert.equal(mayLeave(press("8", { mods: "cag" }), false), false);
});

test("the guard stops what may not leave and lets Ctrl+S through", (t) => {
  const added = [];
  const root = { contains: () => true, addEventListener: (_, listener) => added.push(listener) };
  globalThis.window = root;
  t.after(() => delete globalThis.window);
  guardKeys(root, keyFinder({ Some: [["Ctrl+Z", "Undo", () => {}]] }), undefined);
  const outcome = (event) => {
    event.target.toggleAttribute = (_, on) => {
      event.shielded = on;
    };
    for (const listener of added) listener(event);
    assert.equal(event.shielded, event.stopped);
    return [event.stopped, event.defaultPrevented];
  };
  assert.deepEqual(outcome(press("s", { mods: "c" })), [false, false]);
  assert.deepEqual(outcome(press("z", { mods: "c" })), [true, true]);
  assert.deepEqual(outcome(press("d")), [true, false]);
  assert.deepEqual(outcome(press("Tab")), [false, false]);
});
