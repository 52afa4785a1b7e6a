// The buttons to undo and redo.

import { button } from "./dom.js";

const STEPS = [
  ["undo", "Undo", "Ctrl+Z", "canUndo"],
  ["redo", "Do again", "Ctrl+Y", "canRedo"],
];

/** Two buttons, each out of use while there is nothing to do. */
export const historyButtons = (work) =>
  STEPS.map(([name, title, key, can]) => {
    const node = button({ iconName: name, title, key, onClick: () => work[name]() });
    const draw = () => {
      node.disabled = !work.history[can];
    };
    work.on("answers", draw);
    draw();
    return node;
  });
