// A small canvas with a title, beside the stage.

import { el, refocus } from "./dom.js";

/**
 * `paint(context, { width, height })` draws it in CSS pixels, or returns words that stand in its
 * place. Returns { node, canvas, draw }.
 */
export const panel = (title, paint, signal) => {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const node = el("figure.view", canvas, el("figcaption", title));
  const draw = () => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const dpr = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dpr);
    canvas.height = Math.round(height * dpr);
    const context = canvas.getContext("2d");
    context.scale(dpr, dpr);
    context.fillStyle = "#c8ccd4";
    const words = paint(context, { width, height });
    if (words) context.fillText(words, 12, 22, width - 24);
  };
  // The keys stay with the stage: a canvas would leave them to the notebook.
  canvas.addEventListener("mousedown", (event) => {
    event.preventDefault();
    refocus(canvas);
  });
  const observer = new ResizeObserver(draw);
  observer.observe(canvas);
  signal.addEventListener("abort", () => observer.disconnect());
  return { node, canvas, draw };
};
