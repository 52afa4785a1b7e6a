// The tool rail beside the canvas.

import { button, el } from "../ui/dom.js";

/**
 * Builds the rail of an editor. Returns { node, tools, views }: the buttons by name, so that the
 * editor can show what is on.
 */
export const boxRail = (editor) => {
  const { session, showing } = editor;
  const make = ([iconName, title, key, onClick, pressed]) =>
    button({ iconName, title, key, onClick, pressed });
  const named = (rows) =>
    Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, make(row)]));
  const tool = (name, title, key) => [name, title, key, () => editor.setTool(name), "false"];
  const view = (name, iconName, title, key) => [
    iconName,
    title,
    key,
    () => editor.toggle(name),
    String(showing[name]),
  ];
  const tools = named({
    select: tool("select", "Select", "V"),
    box: tool("box", "Box by dragging", "B"),
    extreme: tool("extreme", "Box by four extreme clicks", "X"),
  });
  const views = named({
    labels: view("labels", "labels", "Labels", "H"),
    crosshair: view("crosshair", "cross", "Guide lines", "Shift+G"),
    grid: view("grid", "grid", "Grid", "G"),
    light: ["light", "Brightness and contrast", "I", () => editor.toggleLight(), "false"],
  });
  const undo = make(["undo", "Undo", "Ctrl+Z", () => session.undo()]);
  const redo = make(["redo", "Do again", "Ctrl+Y", () => session.redo()]);
  const zooms = [
    ["plus", "Zoom in", "+", () => editor.zoom(1.25)],
    ["minus", "Zoom out", "-", () => editor.zoom(0.8)],
    ["fit", "Fit the picture", "0", () => editor.fit()],
  ].map(make);
  const draw = () => {
    undo.disabled = !session.history.canUndo;
    redo.disabled = !session.history.canRedo;
  };
  session.on("answers", draw);
  draw();
  const parts = [Object.values(tools), [undo, redo], zooms, Object.values(views)];
  const node = el(
    "div",
    { className: "ls-rail", role: "toolbar", "aria-label": "Tools" },
    ...parts.map((nodes) => el("div", { className: "ls-rail-part" }, ...nodes)),
  );
  return { node, tools, views };
};
