// The picture in its panel: canvas layers, zoom and pan, guide lines, light, and the cursor that
// pointer and keyboard share.

import { translate } from "../core/geometry.js";
import { Viewport } from "../core/viewport.js";
import { el } from "./dom.js";
import { Layers } from "./layers.js";
import { lightPanel } from "./light.js";
import { paintCrosshair, paintGrid } from "./painter.js";

export class Stage {
  #panKey = false;

  /**
   * `label` describes the canvas to a screen reader, `ratio` is its width by its height.
   * `paint.shapes(context, look)` and `paint.overlay(context, look)` draw what lies on the picture;
   * `look` has the device's pixel ratio and whether labels are shown. `drawing()` tells whether
   * guide lines are of use now, `resting()` gives the pointer its shape.
   */
  constructor(session, signal, { label, ratio, paint, drawing, resting }) {
    Object.assign(this, { session, drawing, resting });
    this.showing = { labels: true, shapes: true, crosshair: true, grid: false, cursor: false };
    this.cursor = null;
    this.bitmap = null;
    this.view = new Viewport();
    this.host = el("div", {
      className: "ls-canvas",
      tabIndex: 0,
      role: "application",
      "aria-label": label,
    });
    this.host.style.setProperty("--ls-ratio", ratio);
    this.veil = el("div", { className: "ls-veil", textContent: "Loading the picture…" });
    this.where = el("span", { className: "ls-where", "aria-hidden": "true" });
    this.light = lightPanel((filter) => {
      this.layers.canvases.picture.style.filter = filter;
    });
    this.node = el("div", { className: "ls-stage" }, this.host, this.light.node, this.where);
    this.layers = new Layers(this.host, this.view, this.#painters(paint), signal);
    this.host.append(this.veil);
    this.host.addEventListener("blur", () => this.holdPan(false), { signal });
  }

  /** True once there is a picture to work on. */
  get ready() {
    return this.bitmap !== null;
  }

  /** Shows a picture, or the words that stand in for it; `anew` fits it into the panel. */
  show(picture, frame, anew) {
    this.bitmap = picture?.bitmap ?? null;
    this.veil.hidden = this.ready;
    this.veil.textContent = picture?.error ?? "Loading the picture…";
    if (anew) {
      this.cursor = null;
      this.view.show(frame);
    }
    this.redraw();
  }

  redraw() {
    this.layers.request("picture", "shapes", "overlay");
  }

  /** Repaints what lies on the picture. */
  request(...names) {
    this.layers.request(...names);
  }

  /** Switches something shown on or off. */
  toggle(name, word = name) {
    this.showing[name] = !this.showing[name];
    this.session.say(
      `${word[0].toUpperCase()}${word.slice(1)} ${this.showing[name] ? "shown" : "hidden"}`,
    );
    this.session.emit("showing");
    this.request("shapes", "overlay");
  }

  /** Opens or closes brightness and contrast. */
  toggleLight() {
    if (!this.light.toggle()) this.focus();
    this.session.emit("showing");
  }

  focus() {
    this.host.focus({ preventScroll: true });
  }

  fit() {
    this.view.fit();
    this.redraw();
  }

  zoom(factor) {
    this.view.zoom(factor);
    this.redraw();
  }

  zoomAt(screen, factor) {
    this.view.zoomAt(screen, factor);
    this.redraw();
  }

  zoomTo(bbox) {
    this.view.zoomTo(bbox);
    this.redraw();
  }

  pan(dx, dy) {
    this.view.pan(dx, dy);
    this.redraw();
  }

  reveal(point) {
    this.view.reveal(point);
    this.redraw();
  }

  /** The cursor, or the middle of what is in sight. */
  get place() {
    if (this.cursor) return this.cursor;
    const { width, height } = this.view.panel;
    return this.#inside(this.view.toImage([width / 2, height / 2]));
  }

  /** Arrow keys move the cursor where nothing is selected. */
  step(dx, dy) {
    const [x, y] = this.place;
    this.hover(this.#inside([x + dx, y + dy]), true);
    this.reveal(this.cursor);
    this.session.say(`Cursor at ${this.cursor.map(Math.round).join(", ")}`);
  }

  hover(point, shown) {
    this.cursor = point;
    this.showing.cursor = Boolean(shown);
    this.request("overlay");
  }

  leave() {
    this.showing.cursor = false;
    this.request("overlay");
  }

  get panning() {
    return this.#panKey;
  }

  /** While the space bar is held, a drag moves the picture. */
  holdPan(on) {
    if (this.#panKey === on) return;
    this.#panKey = on;
    this.host.style.cursor = on ? "grab" : this.resting();
  }

  #inside(point) {
    return translate([...point, 0, 0], 0, 0, this.view.frame).slice(0, 2);
  }

  #painters({ shapes, overlay }) {
    const ready = (paint) => (context, dpr) =>
      this.ready && paint(context, { labels: this.showing.labels, dpr });
    return {
      picture: ready((context) => this.#paintPicture(context)),
      shapes: ready((context, look) => this.showing.shapes && shapes(context, look)),
      overlay: ready((context, look) => {
        const { cursor, showing, view } = this;
        const seen = showing.cursor ? cursor : null;
        // Numbers change once a frame, however fast the pointer reports.
        this.where.textContent = seen ? seen.map(Math.round).join(", ") : "";
        if (showing.grid) paintGrid(context, view);
        overlay(context, look);
        if (seen && showing.crosshair && this.drawing()) paintCrosshair(context, seen, view);
      }),
    };
  }

  #paintPicture(context) {
    const { frame, scale, x, y } = this.view;
    context.imageSmoothingEnabled = scale < 3;
    context.imageSmoothingQuality = "medium";
    context.drawImage(this.bitmap, x, y, frame.width * scale, frame.height * scale);
  }
}
