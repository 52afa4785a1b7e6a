// Pointer gestures on the canvas: draw, move, resize, extreme clicks, pan, pinch and wheel.

import {
  clampPoint,
  contains,
  dragHandle,
  handleAt,
  shapeAt,
  spanning,
  translate,
} from "../core/geometry.js";

/** Screen pixels below which a press is a click, and the least size of a drawn box. */
const CLICK = 4;
const REACH = { mouse: 8, pen: 10, touch: 18 };
/** The reach of a handle in a drawing tool: a drag beside a box means a new one. */
const DRAWING_REACH = 4;
const WHEEL = 0.0016;
const CURSORS = {
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
};

const inputMode = (event) => (event.pointerType in REACH ? event.pointerType : "mouse");

export class Gestures {
  #touches = new Map();
  #pinch = null;
  #gesture = null;
  #wheelTold = false;

  /** `editor` is the box mode; see box.js for the members used here. */
  constructor(editor, signal) {
    this.editor = editor;
    this.host = editor.host;
    const listen = (event, handler, options = {}) =>
      this.host.addEventListener(event, handler, { signal, ...options });
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#cancel(event));
    listen("pointerleave", () => editor.leave());
    listen("wheel", (event) => this.#wheel(event), { passive: false });
    // The middle button would start the browser's own scrolling.
    listen("mousedown", (event) => event.button === 1 && event.preventDefault());
    listen("dblclick", (event) => event.preventDefault());
  }

  get active() {
    return this.#gesture !== null;
  }

  /** Drops the gesture under way. Returns true when there was one. */
  abandon() {
    const had = this.#gesture !== null;
    this.#gesture = null;
    this.editor.preview(null);
    this.editor.idle();
    return had;
  }

  #place(event) {
    const bounds = this.host.getBoundingClientRect();
    const screen = [event.clientX - bounds.left, event.clientY - bounds.top];
    return { screen, point: this.editor.view.toImage(screen) };
  }

  #reach(event) {
    return REACH[inputMode(event)] / this.editor.view.scale;
  }

  /** The handle of the selected box that a press at the point would grip, or null. */
  #handle(event, point) {
    const { selectedShape: chosen, tool, view } = this.editor;
    if (!chosen || tool === "extreme") return null;
    if (tool === "select") return handleAt(chosen.bbox, point, this.#reach(event));
    return handleAt(chosen.bbox, point, DRAWING_REACH / view.scale, false);
  }

  #down(event) {
    const { editor } = this;
    this.host.focus({ preventScroll: true });
    if (!editor.ready) return;
    this.host.setPointerCapture(event.pointerId);
    const { screen, point } = this.#place(event);
    if (event.pointerType === "touch" && this.#startPinch(event, screen)) return;
    if (event.button === 1 || (event.button === 0 && editor.panKey)) {
      this.#gesture = { kind: "pan", screen };
      this.host.style.cursor = "grabbing";
      return;
    }
    if (event.button !== 0) return;
    editor.busy();
    const start = clampPoint(point, editor.view.frame);
    const handle = this.#handle(event, point);
    if (handle) this.#gesture = { kind: "handle", handle, shape: editor.selectedShape, screen };
    else if (editor.tool === "select") this.#grab(point, screen, event);
    else if (editor.tool === "extreme") this.#gesture = { kind: "extreme", screen };
    else this.#gesture = { kind: "draw", start, screen };
  }

  /** In the select tool: takes hold of the shape under the pointer. */
  #grab(point, screen, event) {
    const { editor } = this;
    const chosen = editor.selectedShape;
    const inside = chosen && contains(chosen.bbox, point);
    const under = shapeAt(editor.shapes, point, this.#reach(event) / 2);
    const shape = under ?? (inside ? chosen : null);
    editor.select(shape?.id ?? null);
    this.#gesture = shape ? { kind: "move", shape, point, screen } : { kind: "none", screen };
  }

  #move(event) {
    const { editor } = this;
    const { screen, point } = this.#place(event);
    if (this.#pinch && this.#touches.has(event.pointerId)) return this.#pinchMove(event, screen);
    const gesture = this.#gesture;
    editor.hover(clampPoint(point, editor.view.frame), event.pointerType !== "touch" || gesture);
    if (!gesture) return this.#showCursor(event, point);
    if (gesture.kind === "pan") {
      editor.pan(screen[0] - gesture.screen[0], screen[1] - gesture.screen[1]);
      gesture.screen = screen;
      return;
    }
    if (gesture.kind === "none") return;
    const far = Math.hypot(screen[0] - gesture.screen[0], screen[1] - gesture.screen[1]) >= CLICK;
    if (!gesture.moved && !far) return;
    gesture.moved = true;
    const bbox = this.#result(gesture, point);
    if (bbox) editor.preview(bbox, gesture.shape);
  }

  #result(gesture, point) {
    const { frame } = this.editor.view;
    if (gesture.kind === "draw") return spanning(gesture.start, clampPoint(point, frame));
    if (gesture.kind === "handle") {
      return dragHandle(gesture.shape.bbox, gesture.handle, point, frame);
    }
    if (gesture.kind === "move") {
      const [dx, dy] = [point[0] - gesture.point[0], point[1] - gesture.point[1]];
      return translate(gesture.shape.bbox, dx, dy, frame);
    }
    return null;
  }

  #up(event) {
    const { editor } = this;
    this.#touches.delete(event.pointerId);
    if (this.#pinch) {
      if (this.#touches.size < 2) this.#pinch = null;
      return;
    }
    const gesture = this.#gesture;
    this.#gesture = null;
    if (!gesture) return;
    const { point } = this.#place(event);
    const mode = inputMode(event);
    editor.preview(null);
    if (gesture.kind === "extreme") editor.addExtreme(clampPoint(point, editor.view.frame), mode);
    else if (gesture.moved) this.#finish(gesture, point, mode);
    else if (gesture.kind === "draw") editor.select(shapeAt(editor.shapes, point)?.id ?? null);
    this.#showCursor(event, point);
    editor.idle();
  }

  #finish(gesture, point, mode) {
    const bbox = this.#result(gesture, point);
    if (gesture.kind !== "draw") return this.editor.reshape(gesture.shape.id, bbox, mode);
    const { scale } = this.editor.view;
    const tooSmall = bbox[2] * scale < CLICK || bbox[3] * scale < CLICK;
    if (tooSmall) this.editor.say("Too small for a box: zoom in, or drag further");
    else this.editor.add(bbox, mode);
  }

  #cancel(event) {
    this.#touches.delete(event.pointerId);
    this.#pinch = null;
    this.abandon();
  }

  #startPinch(event, screen) {
    this.#touches.set(event.pointerId, screen);
    if (this.#touches.size < 2) return false;
    this.abandon();
    const [a, b] = [...this.#touches.values()];
    this.#pinch = {
      gap: Math.hypot(a[0] - b[0], a[1] - b[1]),
      middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    };
    return true;
  }

  #pinchMove(event, screen) {
    this.#touches.set(event.pointerId, screen);
    const [a, b] = [...this.#touches.values()];
    const gap = Math.hypot(a[0] - b[0], a[1] - b[1]);
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const last = this.#pinch;
    this.editor.pan(middle[0] - last.middle[0], middle[1] - last.middle[1]);
    this.editor.zoomAt(middle, gap / last.gap);
    this.#pinch = { gap, middle };
  }

  /** Zooms only where it is meant: the page must still scroll past an annotator. */
  #wheel(event) {
    const { editor } = this;
    if (!editor.ready) return;
    if (!event.ctrlKey && document.activeElement !== this.host) return this.#explainWheel();
    event.preventDefault();
    const unit = [1, 16, 400][event.deltaMode];
    // A trackpad's pinch comes as small steps with Ctrl.
    const speed = event.ctrlKey && Math.abs(event.deltaY) < 50 ? WHEEL * 5 : WHEEL;
    editor.zoomAt(this.#place(event).screen, Math.exp(-event.deltaY * unit * speed));
  }

  #explainWheel() {
    if (this.#wheelTold) return;
    this.#wheelTold = true;
    this.editor.say("Click the picture first, then the wheel zooms (or hold Ctrl)");
  }

  #showCursor(event, point) {
    const { editor } = this;
    const select = editor.tool === "select";
    const handle = this.#handle(event, point);
    let cursor = select ? "default" : "crosshair";
    if (editor.panKey) cursor = "grab";
    else if (handle) cursor = CURSORS[handle];
    else if (select && shapeAt(editor.shapes, point, this.#reach(event) / 2)) cursor = "move";
    this.host.style.cursor = cursor;
  }
}
