// The tool rail beside a stage.

import { button, el } from "./dom.js";

/**
 * Builds the rail of an editor that has `tools`, a `stage` and a `session`. Returns { node, tools }:
 * the buttons by name, so that the editor can show which is at hand.
 */
export const rail = (editor) => {
  const { session, stage } = editor;
  const tools = Object.fromEntries(
    Object.entries(editor.tools).map(([name, { icon, title, key }]) => [
      name,
      button({ iconName: icon, title, key, onClick: () => editor.setTool(name), pressed: "false" }),
    ]),
  );
  const { views, history, zooms } = stageButtons(session, stage);
  const parts = [Object.values(tools), history, zooms, views];
  const node = el(
    "div",
    { className: "ls-rail", role: "toolbar", "aria-label": "Tools" },
    ...parts.map((nodes) => el("div", { className: "ls-rail-part" }, ...nodes)),
  );
  return { node, tools };
};

/** The buttons every stage has: { views, history, zooms }. */
export const stageButtons = (session, stage) => {
  const make = ([iconName, title, key, onClick, pressed]) =>
    button({ iconName, title, key, onClick, pressed });
  const view = (name, iconName, title, key) =>
    make([
      iconName,
      title,
      key,
      () => stage.toggle(name, title.toLowerCase()),
      String(stage.showing[name]),
    ]);
  const named = {
    labels: view("labels", "labels", "Labels", "H"),
    crosshair: view("crosshair", "cross", "Guide lines", "Shift+G"),
    grid: view("grid", "grid", "Grid", "G"),
  };
  const light = make(["light", "Brightness and contrast", "I", () => stage.toggleLight(), "false"]);
  session.on("showing", () => {
    for (const [name, node] of Object.entries(named)) {
      node.setAttribute("aria-pressed", String(stage.showing[name]));
    }
    light.setAttribute("aria-pressed", String(!stage.light.node.hidden));
  });
  const undo = make(["undo", "Undo", "Ctrl+Z", () => session.undo()]);
  const redo = make(["redo", "Do again", "Ctrl+Y", () => session.redo()]);
  const draw = () => {
    undo.disabled = !session.history.canUndo;
    redo.disabled = !session.history.canRedo;
  };
  session.on("answers", draw);
  draw();
  const zooms = [
    ["plus", "Zoom in", "+", () => stage.zoom(1.25)],
    ["minus", "Zoom out", "-", () => stage.zoom(0.8)],
    ["fit", "Fit the picture", "0", () => stage.fit()],
  ].map(make);
  return { views: [...Object.values(named), light], history: [undo, redo], zooms };
};
