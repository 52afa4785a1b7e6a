// The buttons that move through a clip.

import { button, el, icon } from "./dom.js";

/**
 * `rows` are the keys of the clip (see core/keymap.js): those with an `image` have a button.
 * `seek(frame)` goes to the frame typed. Returns { node, show }: `show({ frame, last, fps, playing,
 * speed })` brings it up to date.
 */
export const transport = (rows, seek) => {
  const buttons = {};
  for (const [key, title, onClick, { image }] of rows) {
    if (image !== undefined) buttons[key] = button({ iconName: image, title, key, onClick });
  }
  const field = el("input.number", {
    type: "number",
    min: 0,
    "aria-label": "Frame",
    onchange: () => seek(field.valueAsNumber || 0),
  });
  const time = el("span.transport-time");
  const node = el(
    "div.transport",
    { role: "toolbar", "aria-label": "Clip" },
    ...Object.values(buttons),
    el("label", "Frame", field),
    time,
  );
  const show = ({ frame, last, fps, playing, speed }) => {
    buttons.P.replaceChildren(icon(playing ? "pause" : "play"));
    buttons["Shift+P"].replaceChildren(`${speed} ×`);
    field.max = last;
    field.value = frame;
    time.textContent = `of ${last} · ${(frame / fps).toFixed(1)} s`;
  };
  return { node, show };
};
