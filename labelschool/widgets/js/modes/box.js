// The box mode: boxes by dragging, by four extreme clicks, by keys or in the list.

import {
  clampPoint,
  clip,
  dragHandle,
  fromExtremes,
  grow,
  handleAt,
  roundBox,
  spanning,
  translate,
} from "../core/geometry.js";
import { CLICK } from "../ui/gestures.js";
import { numberFields } from "../ui/numbers.js";
import { paintActive, paintPoints, paintShapes, paintSize } from "../ui/painter.js";
import { ShapeEditor } from "./shapes.js";

/** The reach of a handle in a drawing tool, in screen pixels: a drag beside a box means a new one. */
const DRAWING_REACH = 4;
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
const SIDES = [
  ["x", "X"],
  ["y", "Y"],
  ["w", "Width"],
  ["h", "Height"],
];

/** What a handle of a box is called under a press, in the select tool or while drawing. */
export const boxHandle = (bbox, { point, reach }, { selecting, scale }) => {
  const name = selecting
    ? handleAt(bbox, point, reach)
    : handleAt(bbox, point, DRAWING_REACH / scale, false);
  return name ? { name, cursor: CURSORS[name] } : null;
};

export class BoxEditor extends ShapeEditor {
  noun = "box";
  plural = "boxes";
  resizes = true;
  canvasLabel =
    "Picture. Insert adds a box at the cursor, arrows move it, Alt and arrows resize it, " +
    "1 to 9 choose its class, question mark shows all keys. The list of boxes does the same.";
  emptyHint = "No boxes yet. Drag over an object, or add a box here and type its numbers.";
  extremes = [];

  tools = {
    select: {
      key: "V",
      icon: "select",
      title: "Select, move, resize",
      hint: "Select: click a box, drag it or its handles",
      grip: (press) => this.grab(press),
    },
    box: {
      key: "B",
      icon: "box",
      title: "Box by dragging",
      hint: "Box: drag over an object",
      grip: (press) => this.#draw(press),
    },
    extreme: {
      key: "X",
      icon: "extreme",
      title: "Box by four extreme clicks",
      hint: "Extreme clicks: click the object's topmost, leftmost, bottommost and rightmost point",
      grip: () => {
        const click = (point, mode) => this.#addExtreme(clampPoint(point, this.view.frame), mode);
        return { click, end: click };
      },
    },
  };

  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
  }

  handle(shape, press) {
    if (this.tool === "extreme") return null;
    return boxHandle(shape.bbox, press, {
      selecting: this.tool === "select",
      scale: this.view.scale,
    });
  }

  pulled(shape, { name }, point) {
    return this.#fit(dragHandle(shape.bbox, name, point, this.view.frame));
  }

  shifted(shape, dx, dy) {
    return this.#fit(translate(shape.bbox, dx, dy, this.view.frame));
  }

  grown(shape, dw, dh) {
    return this.#fit(grow(shape.bbox, dw, dh, this.view.frame));
  }

  fitted(shape, frame) {
    return this.#fit(shape.bbox, frame);
  }

  size({ bbox: [, , w, h] }) {
    return `${Math.round(w)} × ${Math.round(h)}`;
  }

  measured({ bbox }) {
    const [x, y, w, h] = bbox.map(Math.round);
    return `${w} by ${h} at ${x}, ${y}`;
  }

  detail(id) {
    return numberFields(SIDES, {
      read: (shape) => shape.bbox,
      write: (bbox) => this.change(id, this.#fit(bbox), "list"),
    });
  }

  /** A box of an eighth of the frame around the cursor. */
  insert(mode) {
    const { width, height } = this.view.frame;
    const [x, y] = this.stage.place;
    const [w, h] = [width / 8, height / 8];
    this.#addBox(translate([x - w / 2, y - h / 2, w, h], 0, 0, this.view.frame), mode);
  }

  unfinish(all) {
    const had = this.extremes.length > 0;
    this.extremes = all ? [] : this.extremes.slice(0, -1);
    if (had) this.stage.request("overlay");
    return had;
  }

  paintResting(context, shapes, look) {
    paintShapes(context, shapes, this.view, look);
  }

  paintChosen(context, shape, look) {
    paintActive(context, shape, this.view, look);
    if (look.moving) paintSize(context, shape.bbox, this.view);
  }

  paintWork(context, look) {
    const { extremes, label } = this;
    const { cursor } = this.stage;
    if (cursor && extremes.length === 3) {
      const bbox = fromExtremes([...extremes, cursor]);
      paintActive(context, { label, bbox }, this.view, { ...look, moving: true });
    }
    paintPoints(context, extremes, this.view, this.styles.get(label).colour);
  }

  #fit(bbox, frame = this.view.frame) {
    return { bbox: roundBox(clip(bbox, frame)) };
  }

  #addBox(bbox, mode) {
    const flags = { occluded: 0, truncated: false, crowd: false, unsure: false };
    this.add({ type: "box", ...this.#fit(bbox), ...flags }, mode);
  }

  #draw({ point }) {
    const { frame, scale } = this.view;
    const start = clampPoint(point, frame);
    const drawn = (end) => spanning(start, clampPoint(end, frame));
    return {
      move: (end) => this.preview({ bbox: drawn(end) }),
      end: (end, mode) => {
        const bbox = drawn(end);
        const tooSmall = bbox[2] * scale < CLICK || bbox[3] * scale < CLICK;
        if (tooSmall) this.say("Too small for a box: zoom in, or drag further");
        else this.#addBox(bbox, mode);
      },
      click: (at) => this.select(this.shapeAt(at)?.id ?? null),
    };
  }

  #addExtreme(point, mode) {
    this.select(null);
    this.extremes = [...this.extremes, point];
    if (this.extremes.length === 4) {
      const bbox = fromExtremes(this.extremes);
      this.extremes = [];
      if (bbox[2] < 1 || bbox[3] < 1) this.say("These four points span no box");
      else this.#addBox(bbox, mode);
    } else this.say(`Point ${this.extremes.length} of 4`);
    this.stage.request("overlay");
  }
}
