// The tools of the mask mode: pen, brush and superpixels. Each has `grip(press)` (ui/gestures.js) and
// `paint(context, cursor, style)`; those of different sizes have `slider` and `resize(step)`,
// and one that needs something first has `want()`.

import { clampPoint } from "../core/geometry.js";
import { distance, inside, mapped, rasterise, ringArea, rounded, trace } from "../core/polygons.js";
import { stroke, waypoints } from "../core/rle.js";
import { el } from "../ui/dom.js";
import { stroke as line, paintPoints, pathOf } from "../ui/painter.js";
import { outlined, paintStroke, paintTip, partsOf } from "./maskpaint.js";

/** Diameters in image pixels. */
const DIAMETERS = [1, 2, 3, 5, 8, 12, 18, 26, 38, 56, 80, 120, 180, 260];
const GRAINS = ["fine", "medium", "coarse"];

/** Draws one ring corner by corner. */
export const makePen = (editor) => {
  let points = [];
  let drawnBy;

  const keep = (corners) => {
    points = corners;
    editor.say(`Corners: ${points.length}`);
    editor.stage.request("overlay");
  };

  const close = () => {
    const ring = points;
    if (ringArea(ring) < 1) return editor.say("An outline needs three corners");
    points = [];
    editor.take(ring, drawnBy);
  };

  /** A click on the first corner closes the ring, and so does a double click. */
  const put = (point, mode, reach) => {
    const near = (other, gap) => other && distance(other, point) <= gap;
    const onLast = near(points.at(-1), reach / 2);
    drawnBy = mode;
    if (points.length > 2 && (onLast || near(points[0], reach))) close();
    else if (!onLast) keep([...points, rounded(editor.snap(point))]);
  };

  return {
    close,

    get drawing() {
      return points.length > 0;
    },

    /** Takes the last corner back, or all. Returns true when there were any. */
    unfinish(all) {
      const had = points.length > 0;
      if (had) keep(all ? [] : points.slice(0, -1));
      return had;
    },

    grip({ point, reach }) {
      if (editor.tool === "part" && !editor.target(point)) return null;
      return { place: (at, mode) => put(at, mode, reach) };
    },

    paint(context, cursor, style) {
      const { view } = editor;
      if (points.length) {
        line(context, pathOf([...points, cursor || points[0]], view, true), style);
        paintPoints(context, points, view, "#fff");
      }
      if (cursor) paintTip(context, cursor, view);
    },
  };
};

/** A slider for one of the `sizes` of a tool: { slider, resize(step), size() }. */
const sized = (editor, word, sizes, first, onChange) => {
  const input = el("input", {
    type: "range",
    "aria-label": word,
    max: sizes.length - 1,
    value: first,
    oninput: () => resize(0),
  });
  const size = () => sizes[input.value];
  const told = () => `${word} ${size()}`;
  const said = el("output", told());
  const resize = (step) => {
    input.value = input.valueAsNumber + step;
    said.value = told();
    editor.say(told());
    onChange?.();
    editor.stage.request("overlay");
  };
  return { slider: el("label", said, input), resize, size };
};

/** Brush and eraser; with Alt the brush erases. */
export const makeBrush = (editor) => {
  const { size, ...rest } = sized(editor, "Brush width", DIAMETERS, 6);
  return {
    ...rest,

    grip({ point, alt }) {
      const value = editor.tool === "eraser" || alt ? 0 : 1;
      if (!value && !editor.target(point)) return null;
      const way = [];
      const path = new Path2D();
      const step = (at) => {
        way.push(at);
        path.lineTo(...at);
        // A line to its own start makes a dot.
        if (way.length === 1) path.lineTo(...at);
      };
      const band = () => stroke(way, size(), editor.view.frame);
      return editor.painting({ value, path, size: size() }, step, band);
    },

    paint(context, cursor) {
      if (cursor) paintTip(context, cursor, editor.view, size());
    },
  };
};

/**
 * Superpixels: cells of alike pixels, made by the kernel, that go into a mask whole, and out of it
 * where the press is on the mask.
 */
export const makeCells = (editor) => {
  /** The cells at hand: { labels, width, height }, a label for each of their pixels; or null. */
  let held = null;
  let found;

  /** Takes the cells of the item in sight, or asks the kernel for them. */
  const want = () => {
    const asked = [editor.session.item.name, `superpixels-${size()}`];
    const { buffers, error } = editor.media.get(...asked) ?? {};
    held = null;
    found = {};
    if (!buffers) {
      editor.media.want(...asked);
      return editor.say(error ?? "Computing superpixels…");
    }
    const { buffer, byteOffset, byteLength } = buffers[0];
    const words = new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength));
    held = { labels: words.subarray(2), width: words[0], height: words[1] };
    editor.say("Superpixels are ready");
  };
  const { size, ...rest } = sized(editor, "Superpixels", GRAINS, 1, want);

  /** The cell at a point: { label, parts, path }. */
  const cellAt = (point) => {
    const { labels, width, height } = held;
    const { frame } = editor.view;
    const [across, down] = [frame.width / width, frame.height / height];
    const [x, y] = clampPoint(point, { width: frame.width - 1, height: frame.height - 1 });
    const label = labels[Math.floor(x / across) * height + Math.floor(y / down)];
    if (found.label !== label) {
      const data = labels.map((other) => other === label);
      const small = trace({ x: 0, width, height, data });
      const parts = mapped(small, ([px, py]) => [px * across, py * down], frame);
      found = { label, parts, path: outlined(parts) };
    }
    return found;
  };

  return {
    ...rest,
    want,

    grip({ point }) {
      if (!held) return want();
      const mask = editor.selectedShape;
      const value = mask && inside(partsOf(mask), point) ? 0 : 1;
      const cells = new Map();
      const path = new Path2D();
      let last = point;
      const step = (to) => {
        for (const at of waypoints(last, to, 1)) {
          const cell = cellAt(at);
          if (!cells.has(cell.label)) path.addPath(cell.path);
          cells.set(cell.label, cell.parts);
        }
        last = to;
      };
      const band = () => rasterise([...cells.values()].flat(), editor.view.frame);
      return editor.painting({ value, path }, step, band);
    },

    paint(context, cursor) {
      const look = { value: 1, colour: "#ffffff" };
      if (cursor && held) paintStroke(context, { ...cellAt(cursor), ...look }, editor.view);
    },
  };
};
