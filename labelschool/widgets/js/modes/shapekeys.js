// The keys of the modes that draw shapes, in the order of the key card.

import { FLAGS } from "../ui/flags.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowDown: [0, 1] };

const withArrows = (...prefixes) =>
  prefixes.flatMap((prefix) => Object.keys(ARROWS).map((key) => prefix + key)).join(" ");

const HELD = { repeat: true };

/** The keys that every stage has: zoom, pan, light and guide lines. */
export const viewKeys = (stage, { fitSelected = null, plural = null } = {}) => [
  ["+ =", "Zoom in", () => stage.zoom(1.25), { ...HELD, shown: "+" }],
  ["-", "Zoom out", () => stage.zoom(0.8), HELD],
  ["0", "Fit the picture", () => stage.fit()],
  ...(fitSelected ? [["F", "Zoom to the selection", fitSelected]] : []),
  ["Wheel", "Zoom at the pointer (click the picture first, or hold Ctrl)"],
  ["Space", null, () => stage.holdPan(true)],
  ["Space+drag", "Pan (or drag with the middle button)"],
  ["H", "Labels on and off", () => stage.toggle("labels")],
  ...(plural
    ? [["Shift+H", `Show or hide all ${plural}`, () => stage.toggle("shapes", plural)]]
    : []),
  ["G", "Grid of 4 by 3 strips on and off", () => stage.toggle("grid")],
  ["Shift+G", "Guide lines on and off", () => stage.toggle("crosshair", "guide lines")],
  ["I", "Brightness and contrast", () => stage.toggleLight()],
];

export const shapeKeys = (editor) => {
  const { noun, plural } = editor;
  const arrow = (event) => editor.arrow(...ARROWS[event.key], event);
  const label = (name, index) => [index + 1, name, () => editor.chooseLabel(name, "keyboard")];
  const flag = (name) => [FLAGS[name].key, FLAGS[name].help, () => editor.flag(name)];
  const { Tools = [], Items = [], Shape = [], ...more } = editor.moreKeys;
  return {
    Tools: [
      ...Object.entries(editor.tools).map(([name, { key, title }]) => [
        key,
        title,
        () => editor.setTool(name),
      ]),
      ["Insert Shift+B", `Add a ${noun} at the cursor`, () => editor.insert("keyboard")],
      ...Tools,
    ],
    Classes: editor.classes.slice(0, 9).map(label),
    Items,
    [noun[0].toUpperCase() + noun.slice(1)]: [
      ...editor.attributes.map(flag),
      [withArrows(""), `Move the ${noun}, or the cursor, by 1 px`, arrow, HELD],
      [withArrows("Shift+"), "Move by 10", arrow, { ...HELD, shown: "Shift+Arrow" }],
      ...(editor.resizes
        ? [
            [
              withArrows("Alt+", "Alt+Shift+"),
              "Resize (Shift: by 10)",
              arrow,
              { ...HELD, shown: "Alt+Arrow" },
            ],
          ]
        : []),
      ["N", `Next ${noun}`, () => editor.cycle(1), HELD],
      ["Shift+N", `${noun[0].toUpperCase() + noun.slice(1)} before`, () => editor.cycle(-1), HELD],
      ["D", "Duplicate", () => editor.duplicate()],
      ["C", `Copy the ${noun}, or all, to the next item`, () => editor.copyToNext()],
      ["Delete Backspace", "Delete", () => editor.remove(), { shown: "Delete" }],
      ...Shape,
    ],
    ...more,
    General: [["Escape", "Stop drawing, unselect, leave", () => editor.escape()]],
    View: viewKeys(editor.stage, { fitSelected: () => editor.zoomToSelected(), plural }),
  };
};
