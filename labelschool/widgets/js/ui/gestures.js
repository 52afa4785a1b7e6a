// Pointer gestures on a stage: pan, pinch and wheel here, everything else by the editor's tools.
//
// `editor.grip(press)` answers a press of the pointer with an action, or null. An action has
//   move(point)        called while the pointer is dragged; with `eager` from the press on
//   end(point, mode)   called when a drag ends
//   click(point, mode) called instead where the pointer did not move
//   place(point, mode) called in either case
// A press is { point, reach, mode, alt, shift }: picture pixels, and how far off a target may be.

import { clampPoint } from "../core/geometry.js";
import { pointerMode } from "./dom.js";

/** Screen pixels below which a press is a click. */
export const CLICK = 4;
const REACH = { mouse: 8, pen: 10, touch: 18 };
const WHEEL = 0.0016;

const between = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);

/**
 * See the head of this file for `editor`; it also has `ready`, `hover`, `leave`, `pointer`. Returns
 * { active, abandon }: whether a gesture is under way, and what drops it.
 */
export const gestures = (editor, stage, signal) => {
  const { host, view } = stage;
  const touches = new Map();
  let pinch = null;
  let gesture = null;
  let wheelTold = false;

  const place = (event) => {
    const { left, top } = host.getBoundingClientRect();
    const screen = [event.clientX - left, event.clientY - top];
    return { screen, point: view.toImage(screen) };
  };
  const pressOf = (event, point) => {
    const mode = pointerMode(event);
    const { altKey: alt, shiftKey: shift } = event;
    return { point, mode, reach: REACH[mode] / view.scale, alt, shift };
  };
  const showCursor = (event, point) => {
    host.style.cursor = stage.panning ? "grab" : editor.pointer(pressOf(event, point));
  };
  const abandon = () => {
    gesture = null;
    editor.preview(null);
    editor.idle();
  };

  /** Two fingers: how far apart, and the middle between them. */
  const spread = () => {
    const [a, b] = touches.values();
    return { gap: between(a, b), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  };
  const movePinch = () => {
    const { gap, middle } = spread();
    view.pan(middle[0] - pinch.middle[0], middle[1] - pinch.middle[1]);
    view.zoomAt(middle, gap / pinch.gap);
    pinch = { gap, middle };
  };

  const down = (event) => {
    stage.focus();
    if (!editor.ready) return;
    host.setPointerCapture(event.pointerId);
    const { screen, point } = place(event);
    if (event.pointerType === "touch") {
      touches.set(event.pointerId, screen);
      if (touches.size > 1) {
        abandon();
        pinch = spread();
        return;
      }
    }
    if (event.button === 1 || (event.button === 0 && stage.panning)) {
      gesture = { pans: true, screen };
      host.style.cursor = "grabbing";
      return;
    }
    if (event.button !== 0) return;
    editor.busy();
    const action = editor.grip(pressOf(event, point)) ?? {};
    gesture = { action, screen, moved: action.eager };
    if (action.eager) action.move(point);
  };
  const move = (event) => {
    const { screen, point } = place(event);
    if (pinch && touches.has(event.pointerId)) {
      touches.set(event.pointerId, screen);
      return movePinch();
    }
    editor.hover(clampPoint(point, view.frame), event.pointerType !== "touch" || gesture);
    if (!gesture) return showCursor(event, point);
    if (gesture.pans) {
      view.pan(screen[0] - gesture.screen[0], screen[1] - gesture.screen[1]);
      gesture.screen = screen;
      return;
    }
    gesture.moved ||= between(screen, gesture.screen) >= CLICK;
    const { action, moved } = gesture;
    if (!moved || !action.move) return;
    // A fast pen reports several places a frame; a brush needs them all.
    const passed = action.eager ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const early of passed) action.move(place(early).point);
    action.move(point);
  };
  const up = (event) => {
    touches.delete(event.pointerId);
    if (pinch) {
      if (touches.size < 2) pinch = null;
      return;
    }
    if (!gesture) return;
    const { action = {}, moved } = gesture;
    gesture = null;
    const { point } = place(event);
    editor.preview(null);
    (action.place ?? (moved ? action.end : action.click))?.(point, pointerMode(event));
    showCursor(event, point);
    editor.idle();
  };
  const cancel = (event) => {
    touches.delete(event.pointerId);
    pinch = null;
    abandon();
  };
  /** Zooms only where it is meant: the page must still scroll past an annotator. */
  const wheel = (event) => {
    if (!editor.ready) return;
    if (!event.ctrlKey && document.activeElement !== host) {
      if (!wheelTold) editor.say("Click the picture first, then the wheel zooms (or hold Ctrl)");
      wheelTold = true;
      return;
    }
    event.preventDefault();
    const unit = [1, 16, 400][event.deltaMode];
    // A trackpad's pinch comes as small steps with Ctrl.
    const speed = event.ctrlKey && Math.abs(event.deltaY) < 50 ? WHEEL * 5 : WHEEL;
    view.zoomAt(place(event).screen, Math.exp(-event.deltaY * unit * speed));
  };
  const handlers = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: cancel,
    pointerleave: () => editor.leave(),
    wheel,
    // The middle button would start the browser's own scrolling.
    mousedown: (event) => event.button === 1 && event.preventDefault(),
    dblclick: (event) => event.preventDefault(),
    contextmenu: (event) => event.preventDefault(),
  };
  for (const [name, handler] of Object.entries(handlers)) {
    host.addEventListener(name, handler, { signal, passive: false });
  }
  return {
    get active() {
      return gesture !== null;
    },
    abandon,
  };
};
