// What can be done with a cuboid beside dragging it: by key, and by button in the list.

import { dragged, sized, tidy } from "../core/cuboids.js";
import { el, keyButton } from "../ui/dom.js";

const DEGREE = Math.PI / 180;
/** Metres by which a key lifts a cuboid or its top. */
const LIFT = 0.05;
const TOP = [0, 0, 1];
const ALL = [0, 0, 0];

const turn = (by) => (cuboid) => tidy({ ...cuboid, yaw: cuboid.yaw + by });
const lift = (pull, by) => (cuboid) => dragged(cuboid, pull, [0, 0, by]);

/** [key, help, change]; `change(cuboid, editor)` is the cuboid afterwards. */
const STEPS = [
  ["R", "Turn left by 1°", turn(DEGREE)],
  ["Shift+R", "Turn right by 1°", turn(-DEGREE)],
  ["Shift+Q", "Quarter turn left", turn(Math.PI / 2)],
  ["W", "Up by 5 cm", lift(ALL, LIFT)],
  ["S", "Down by 5 cm", lift(ALL, -LIFT)],
  ["Shift+W", "Top up by 5 cm", lift(TOP, LIFT)],
  ["Shift+S", "Top down by 5 cm", lift(TOP, -LIFT)],
];
const ACTS = [
  ["Q", "Turn round", turn(Math.PI)],
  ["T", "Fit height", (cuboid, { cloud }) => cloud.fitted(cuboid)],
  ["P", "Usual size", (cuboid, { spec }) => sized(cuboid, spec.sizes[cuboid.label] ?? cuboid.size)],
];

/** What a key or a button does with the selected cuboid. */
const acting = (editor, change, mode) => (event) => {
  const cuboid = editor.selectedShape;
  if (!cuboid?.size) return editor.say("Select a cuboid first");
  editor.change(cuboid.id, change(cuboid, editor), mode, editor.merging(event));
};

export const actKeys = (editor) =>
  [...ACTS, ...STEPS].map(([key, help, change]) => [
    key,
    help,
    acting(editor, change, "keyboard"),
    { repeat: true },
  ]);

export const actButtons = (editor) => {
  const buttons = ACTS.map(([key, text, change]) =>
    keyButton({ text, key, onClick: acting(editor, change, "list") }),
  );
  return el("div.flags", ...buttons);
};
