// The keys of the box mode, in the order of the key card.

import { FLAGS } from "../ui/flags.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowDown: [0, 1] };

const withArrows = (...prefixes) =>
  prefixes.flatMap((prefix) => Object.keys(ARROWS).map((key) => prefix + key)).join(" ");

const HELD = { repeat: true };

export const boxKeys = (editor) => {
  const arrow = (event) => editor.arrow(...ARROWS[event.key], event);
  const label = (name, index) => [index + 1, name, () => editor.chooseLabel(name, "keyboard")];
  const flag = (name) => [FLAGS[name].key, FLAGS[name].help, () => editor.flag(name)];
  return {
    Tools: [
      ["V", "Select, move, resize", () => editor.setTool("select")],
      ["B", "Box by dragging", () => editor.setTool("box")],
      ["X", "Box by four extreme clicks", () => editor.setTool("extreme")],
      ["Insert Shift+B", "Box at the cursor", () => editor.insert("keyboard")],
    ],
    Classes: editor.classes.slice(0, 9).map(label),
    Items: [],
    Box: [
      ...editor.attributes.map(flag),
      [withArrows(""), "Move the box, or the cursor, by 1 px", arrow, HELD],
      [withArrows("Shift+"), "Move by 10", arrow, { ...HELD, shown: "Shift+Arrow" }],
      [
        withArrows("Alt+", "Alt+Shift+"),
        "Resize (Shift: by 10)",
        arrow,
        { ...HELD, shown: "Alt+Arrow" },
      ],
      ["N", "Next box", () => editor.cycle(1), HELD],
      ["Shift+N", "Box before", () => editor.cycle(-1), HELD],
      ["D", "Duplicate", () => editor.duplicate()],
      ["C", "Copy the box, or all, to the next item", () => editor.copyToNext()],
      ["Delete Backspace", "Delete", () => editor.remove(), { shown: "Delete" }],
    ],
    General: [["Escape", "Stop drawing, unselect, leave", () => editor.escape()]],
    View: [
      ["+ =", "Zoom in", () => editor.zoom(1.25), { ...HELD, shown: "+" }],
      ["-", "Zoom out", () => editor.zoom(0.8), HELD],
      ["0", "Fit the picture", () => editor.fit()],
      ["F", "Zoom to the selected box", () => editor.zoomToSelected()],
      ["Wheel", "Zoom at the pointer (click the picture first, or hold Ctrl)"],
      ["Space", null, () => editor.holdPan(true)],
      ["Space+drag", "Pan (or drag with the middle button)"],
      ["H", "Labels on and off", () => editor.toggle("labels")],
      ["Shift+H", "Boxes on and off", () => editor.toggle("boxes")],
      ["G", "Grid of 4 by 3 strips on and off", () => editor.toggle("grid")],
      ["Shift+G", "Guide lines on and off", () => editor.toggle("crosshair")],
      ["I", "Brightness and contrast", () => editor.toggleLight()],
    ],
  };
};
