// The box mode: boxes by dragging, by four extreme clicks, by keys or in the list.

import {
  around,
  clampPoint,
  clip,
  dragHandle,
  grow,
  handleAt,
  roundBox,
  spanning,
  translate,
} from "../core/geometry.js";
import { CLICK } from "../ui/gestures.js";
import { numberFields } from "../ui/numbers.js";
import { paintActive, paintBay, paintPoints, paintShapes, paintSize } from "../ui/painter.js";
import { ShapeEditor } from "./shapes.js";

/** The reach of a handle in a drawing tool, in screen pixels: a drag beside a box means a new one. */
const DRAWING_REACH = 4;
const SIDES = [
  ["x", "X"],
  ["y", "Y"],
  ["w", "Width"],
  ["h", "Height"],
];

/** What the modes share whose shapes are boxes, or have one in sight. */
export class BoxShapes extends ShapeEditor {
  noun = "box";
  plural = "boxes";
  resizes = true;
  canvasLabel =
    "Picture. Insert adds a box at the cursor, arrows move it, Alt and arrows resize it, " +
    "1 to 9 choose its class.";
  emptyHint = "No boxes yet. Drag over an object, or add a box here and type its numbers.";
  extremes = [];

  tools = {
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
      grip: () => ({
        place: (point, mode) => this.#addExtreme(clampPoint(point, this.view.frame), mode),
      }),
    },
  };

  /** The fields of a new shape, and those that change with its box. */
  boxed(bbox) {
    return { type: "box", bbox, occluded: 0, truncated: false, crowd: false, unsure: false };
  }

  reboxed(_shape, bbox) {
    return { bbox };
  }

  handle(shape, { point, reach }) {
    if (this.tool === "extreme") return null;
    const selecting = this.tool === "select";
    const near = selecting ? reach : DRAWING_REACH / this.view.scale;
    const name = handleAt(this.bounds(shape), point, near, selecting);
    return name && { name, cursor: `${name}-resize` };
  }

  pulled(shape, { name }, point) {
    return this.#fit(shape, dragHandle(this.bounds(shape), name, point, this.view.frame));
  }

  shifted(shape, dx, dy) {
    return this.#fit(shape, translate(this.bounds(shape), dx, dy, this.view.frame));
  }

  grown(shape, dw, dh) {
    return this.#fit(shape, grow(this.bounds(shape), dw, dh, this.view.frame));
  }

  fitted(shape, frame) {
    return this.#fit(shape, this.bounds(shape), frame);
  }

  size(shape) {
    const [, , w, h] = this.bounds(shape);
    return `${Math.round(w)} × ${Math.round(h)}`;
  }

  measured(shape) {
    const [x, y, w, h] = this.bounds(shape).map(Math.round);
    return `${w} by ${h} at ${x}, ${y}`;
  }

  detail(id) {
    return numberFields(SIDES, {
      read: (shape) => this.bounds(shape),
      write: (bbox) => this.change(id, this.#fit(this.shape(id), bbox), "list"),
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
    const { bay } = this.session.item;
    if (bay) paintBay(context, bay, this.view);
    paintShapes(context, shapes, this.view, look);
  }

  paintChosen(context, shape, look) {
    paintActive(context, shape, this.view, look);
    if (look.moving) paintSize(context, shape.bbox, this.view, look);
  }

  paintWork(context, look) {
    const { extremes, label } = this;
    const { cursor } = this.stage;
    if (cursor && extremes.length === 3) {
      const bbox = around([...extremes, cursor]);
      paintActive(context, { label, bbox }, this.view, { ...look, moving: true });
    }
    paintPoints(context, extremes, this.view, this.styles.get(label).colour);
  }

  #fit(shape, bbox, frame = this.view.frame) {
    return this.reboxed(shape, roundBox(clip(bbox, frame)));
  }

  #addBox(bbox, mode) {
    this.add(this.boxed(roundBox(clip(bbox, this.view.frame))), mode);
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
      const bbox = around(this.extremes);
      this.extremes = [];
      if (bbox[2] < 1 || bbox[3] < 1) this.say("These four points span no box");
      else this.#addBox(bbox, mode);
    } else this.say(`Point ${this.extremes.length} of 4`);
    this.stage.request("overlay");
  }
}

export class BoxEditor extends BoxShapes {
  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
  }
}
