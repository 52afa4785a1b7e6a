// The keys of the modes that draw shapes, in the order of the key card; those with an `icon` are also
// buttons of the rail.

import { capital } from "../core/words.js";
import { FLAGS } from "../ui/flags.js";
import { keyedClasses } from "../ui/labelbar.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowDown: [0, 1] };

const withArrows = (...prefixes) =>
  prefixes.flatMap((prefix) => Object.keys(ARROWS).map((key) => prefix + key)).join(" ");

const HELD = { repeat: true };
const held = (shown) => ({ ...HELD, shown });

export const shapeKeys = (editor) => {
  const { noun, plural, stage, view, steps } = editor;
  const { Tools = [], Items = [], Shape = [], ...more } = editor.moreKeys;
  const shown = (key, word, name, icon) => [
    key,
    word,
    () => stage.toggle(name, word),
    { icon, isOn: () => stage.showing[name] },
  ];
  const arrow = (event) => editor.arrow(...ARROWS[event.key], event);
  return {
    Tools: [
      ...Object.entries(editor.tools).map(([name, { key, title, icon }]) => [
        key,
        title,
        () => editor.setTool(name),
        { icon, isOn: () => editor.tool === name },
      ]),
      ["Insert Shift+B", editor.inserts, () => editor.insert("keyboard")],
      ...Tools,
    ],
    [editor.bar.title]: keyedClasses(editor.bar.names).map(([key, name]) => [
      key,
      name,
      () => editor.chooseLabel(name, "keyboard"),
    ]),
    Items,
    [capital(noun)]: [
      ...editor.attributes.map((name) => [
        FLAGS[name].key,
        FLAGS[name].help,
        () => editor.flag(name),
      ]),
      [withArrows(""), `Move the ${noun}, or the cursor, by ${steps[0]}`, arrow, HELD],
      [withArrows("Shift+"), `Move by ${steps[1]}`, arrow, held("Shift+Arrow")],
      editor.resizes && [
        withArrows("Alt+", "Alt+Shift+"),
        `Resize (Shift: by ${steps[1]})`,
        arrow,
        held("Alt+Arrow"),
      ],
      ["N", `Next ${noun}`, () => editor.cycle(1), HELD],
      ["Shift+N", `${capital(noun)} before`, () => editor.cycle(-1), HELD],
      ["D", "Duplicate", () => editor.duplicate()],
      editor.copiesOn && [
        "C",
        `Copy the ${noun}, or all, to the next item`,
        () => editor.copyToNext(),
      ],
      ["Delete Backspace", "Delete", () => editor.remove(), { shown: "Delete" }],
      ...Shape,
    ].filter(Boolean),
    ...more,
    General: [["Escape", "Stop drawing, unselect, leave", () => editor.escape()]],
    Zoom: [
      ["+ =", "Zoom in", () => view.zoom(1.25), { ...held("+"), icon: "plus" }],
      ["-", "Zoom out", () => view.zoom(0.8), { ...HELD, icon: "minus" }],
      ["0", "Fit the picture", () => view.fit(), { icon: "fit" }],
      ["F", "Zoom to the selection", () => editor.zoomToSelected()],
      ["Wheel", "Zoom at the pointer (click the picture first, or hold Ctrl)"],
      ["Space", null, () => stage.holdPan(true)],
      ["Space+drag", "Pan (or drag with the middle button)"],
    ],
    View: [
      shown("H", "Labels", "labels", "labels"),
      ["Shift+H", `Show or hide all ${plural}`, () => stage.toggle("shapes", plural)],
      shown("Shift+G", "Guide lines", "crosshair", "cross"),
      shown("G", "Grid", "grid", "grid"),
      [
        "I",
        "Brightness and contrast",
        () => stage.toggleLight(),
        { icon: "light", isOn: () => !stage.light.node.hidden },
      ],
    ],
  };
};
