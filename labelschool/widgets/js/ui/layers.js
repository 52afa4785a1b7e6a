// Three canvases over each other: the picture, the resting boxes, and what moves. A drag repaints
// only the last, so its cost does not grow with the number of boxes.

import { el } from "./dom.js";

const NAMES = ["picture", "shapes", "overlay"];

export class Layers {
  #due = new Set();
  #frame = 0;

  /** `paint[name](context, dpr)` draws one layer. */
  constructor(host, view, paint, signal) {
    Object.assign(this, { host, view, paint });
    this.canvases = Object.fromEntries(
      NAMES.map((name) => [
        name,
        el("canvas", { className: `ls-layer ls-layer-${name}`, "aria-hidden": "true" }),
      ]),
    );
    host.append(...Object.values(this.canvases));
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(host);
    this.#watchDensity(signal);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  get dpr() {
    return window.devicePixelRatio || 1;
  }

  resize() {
    const width = this.host.clientWidth;
    const height = this.host.clientHeight;
    // A notebook may take a cell out of sight; it comes back with its size.
    if (!width || !height) return;
    for (const canvas of Object.values(this.canvases)) {
      canvas.width = Math.round(width * this.dpr);
      canvas.height = Math.round(height * this.dpr);
    }
    this.view.resize(width, height);
    // At once, not in the next frame: a resized canvas is blank.
    this.request(...NAMES);
    this.#draw();
  }

  /** Has layers repainted in the next frame. */
  request(...names) {
    for (const name of names) this.#due.add(name);
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const due = [...this.#due];
    this.#due.clear();
    for (const name of due) {
      const context = this.canvases[name].getContext("2d");
      context.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
      context.clearRect(0, 0, this.view.panel.width, this.view.panel.height);
      this.paint[name](context, this.dpr);
    }
  }

  /** The window moved to a screen of another density, or the browser's zoom changed. */
  #watchDensity(signal) {
    const query = matchMedia(`(resolution: ${this.dpr}dppx)`);
    const changed = () => {
      if (signal.aborted) return;
      this.resize();
      this.#watchDensity(signal);
    };
    query.addEventListener("change", changed, { once: true, signal });
  }
}
