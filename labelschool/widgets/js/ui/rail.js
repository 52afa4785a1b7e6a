// The tool rail beside a stage.

import { el, press, rowButton } from "./dom.js";
import { historyButtons } from "./history.js";

/** The keys that have an icon as buttons; those with `isOn()` show whether they are. */
const buttons = (session, rows) =>
  rows
    .filter(([, , , { icon } = {}]) => icon)
    .map((row) => {
      const [, , , { isOn }] = row;
      const node = rowButton(row);
      if (isOn) session.on("showing", () => press(node, isOn()));
      return node;
    });

/** The rail for `keys` by group: tools, history, zoom, and what is shown. */
export const rail = (session, { Tools = [], Zoom = [], View }) => {
  const [tools, zooms, views] = [Tools, Zoom, View].map((rows) => buttons(session, rows));
  const parts = [tools, historyButtons(session), zooms, views];
  return el(
    "div.rail",
    { role: "toolbar", "aria-label": "Tools" },
    ...parts.filter(({ length }) => length).map((nodes) => el("div.rail-part", ...nodes)),
  );
};
