// Three canvases over each other: the picture, the resting boxes, and what moves. A drag repaints
// only the last, so its cost does not grow with the number of boxes.

import { el } from "./dom.js";

const NAMES = ["picture", "shapes", "overlay"];

/**
 * Puts the canvases into `host`; `paint[name](context, dpr)` draws one. Returns { canvases, request }:
 * `request(...names)` has layers repainted in the next frame, all of them where none is named.
 */
export const layers = (host, view, paint, signal) => {
  const due = new Set();
  let frame = 0;
  const canvases = Object.fromEntries(
    NAMES.map((name) => [name, el(`canvas.layer.layer-${name}`, { "aria-hidden": "true" })]),
  );

  const draw = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    const names = [...due];
    due.clear();
    const dpr = devicePixelRatio;
    for (const name of names) {
      const context = canvases[name].getContext("2d");
      context.setTransform(dpr, 0, 0, dpr, 0, 0);
      context.clearRect(0, 0, view.panel.width, view.panel.height);
      paint[name](context, dpr);
    }
  };
  const request = (...names) => {
    for (const name of names.length ? names : NAMES) due.add(name);
    frame ||= requestAnimationFrame(draw);
  };
  const resize = () => {
    const { clientWidth: width, clientHeight: height } = host;
    // A notebook may take a cell out of sight; it comes back with its size.
    if (!width || !height) return;
    for (const canvas of Object.values(canvases)) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    view.resize(width, height);
    // At once, not in the next frame: a resized canvas is blank.
    request();
    draw();
  };
  /** The window moved to a screen of another density, or the browser's zoom changed. */
  const watchDensity = () => {
    const changed = () => {
      resize();
      watchDensity();
    };
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", changed, { once: true, signal });
  };

  host.append(...Object.values(canvases));
  const observer = new ResizeObserver(resize);
  observer.observe(host);
  watchDensity();
  signal.addEventListener("abort", () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  });
  return { canvases, request };
};
