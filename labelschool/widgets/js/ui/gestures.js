// Pointer gestures on a stage: pan, pinch and wheel here, everything else by the editor's tools.
//
// `editor.grip(press)` answers a press of the pointer with an action, or null. An action has
//   move(point)        called while the pointer is dragged; with `eager` from the press on
//   end(point, mode)   called when a drag ends
//   click(point, mode) called instead where the pointer did not move
// A press is { point, reach, mode }: picture pixels, and how far off a target may be.

import { clampPoint } from "../core/geometry.js";

/** Screen pixels below which a press is a click. */
export const CLICK = 4;
const REACH = { mouse: 8, pen: 10, touch: 18 };
const WHEEL = 0.0016;

const inputMode = (event) => (event.pointerType in REACH ? event.pointerType : "mouse");

export class Gestures {
  #touches = new Map();
  #pinch = null;
  #gesture = null;
  #wheelTold = false;

  /** See the head of this file for `editor`; it also has `ready`, `hover`, `leave`, `pointer`. */
  constructor(editor, stage, signal) {
    this.editor = editor;
    this.stage = stage;
    this.host = stage.host;
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
    listen("contextmenu", (event) => event.preventDefault());
  }

  get active() {
    return this.#gesture !== null;
  }

  /** Drops the gesture under way. */
  abandon() {
    this.#gesture = null;
    this.editor.preview(null);
    this.editor.idle();
  }

  #place(event) {
    const bounds = this.host.getBoundingClientRect();
    const screen = [event.clientX - bounds.left, event.clientY - bounds.top];
    return { screen, point: this.stage.view.toImage(screen) };
  }

  #press(event, point) {
    const mode = inputMode(event);
    return { point, mode, reach: REACH[mode] / this.stage.view.scale };
  }

  #down(event) {
    const { editor, stage } = this;
    stage.focus();
    if (!editor.ready) return;
    this.host.setPointerCapture(event.pointerId);
    const { screen, point } = this.#place(event);
    if (event.pointerType === "touch" && this.#startPinch(event, screen)) return;
    if (event.button === 1 || (event.button === 0 && stage.panning)) {
      this.#gesture = { pans: true, screen };
      this.host.style.cursor = "grabbing";
      return;
    }
    if (event.button !== 0) return;
    editor.busy();
    const action = editor.grip(this.#press(event, point)) ?? {};
    this.#gesture = { action, screen, moved: action.eager };
    if (action.eager) action.move(point);
  }

  #move(event) {
    const { editor, stage } = this;
    const { screen, point } = this.#place(event);
    if (this.#pinch && this.#touches.has(event.pointerId)) return this.#pinchMove(event, screen);
    const gesture = this.#gesture;
    editor.hover(clampPoint(point, stage.view.frame), event.pointerType !== "touch" || gesture);
    if (!gesture) return this.#showCursor(event, point);
    if (gesture.pans) {
      stage.pan(screen[0] - gesture.screen[0], screen[1] - gesture.screen[1]);
      gesture.screen = screen;
      return;
    }
    const far = Math.hypot(screen[0] - gesture.screen[0], screen[1] - gesture.screen[1]) >= CLICK;
    if (!gesture.moved && !far) return;
    gesture.moved = true;
    if (!gesture.action.move) return;
    // A fast pen reports several places a frame; a brush needs them all.
    const passed = gesture.action.eager ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const early of passed) gesture.action.move(this.#place(early).point);
    gesture.action.move(point);
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
    editor.preview(null);
    const { action = {}, moved } = gesture;
    (moved ? action.end : action.click)?.(point, inputMode(event));
    this.#showCursor(event, point);
    editor.idle();
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
    this.stage.pan(middle[0] - last.middle[0], middle[1] - last.middle[1]);
    this.stage.zoomAt(middle, gap / last.gap);
    this.#pinch = { gap, middle };
  }

  /** Zooms only where it is meant: the page must still scroll past an annotator. */
  #wheel(event) {
    const { editor, stage } = this;
    if (!editor.ready) return;
    if (!event.ctrlKey && document.activeElement !== this.host) return this.#explainWheel();
    event.preventDefault();
    const unit = [1, 16, 400][event.deltaMode];
    // A trackpad's pinch comes as small steps with Ctrl.
    const speed = event.ctrlKey && Math.abs(event.deltaY) < 50 ? WHEEL * 5 : WHEEL;
    stage.zoomAt(this.#place(event).screen, Math.exp(-event.deltaY * unit * speed));
  }

  #explainWheel() {
    if (this.#wheelTold) return;
    this.#wheelTold = true;
    this.editor.say("Click the picture first, then the wheel zooms (or hold Ctrl)");
  }

  #showCursor(event, point) {
    const { editor, stage } = this;
    this.host.style.cursor = stage.panning ? "grab" : editor.pointer(this.#press(event, point));
  }
}
