// The scan mode: findings on one slice, outlined or as a point, measured in mm; window and level,
// and the slices before and after to look at.

import { around, clampPoint, round, translate } from "../core/geometry.js";
import { distance, nearest, ringArea, rounded } from "../core/polygons.js";
import { applyWindow, centroid, longAxis } from "../core/scans.js";
import { numberFields } from "../ui/numbers.js";
import { paintPlate, pathOf, stroke } from "../ui/painter.js";
import { MEASURE, paintMark } from "../ui/scanpaint.js";
import { windowPanel } from "../ui/sliders.js";
import { ShapeEditor } from "./shapes.js";

/** Screen pixels between the points of an outline drawn in one go, and around a mark. */
const GAP = 5;
const AROUND = 8;
const FIELDS = [
  ["x", "X, in pixels"],
  ["y", "Y, in pixels"],
  ["mm", "Long axis, in mm"],
  ["c", "Confidence, from 1 to 5"],
];

export class ScanEditor extends ShapeEditor {
  noun = "mark";
  plural = "marks";
  canvasLabel =
    "Slice. Insert marks the cursor's place, comma and full stop show the slices beside.";
  emptyHint =
    "No marks yet. Draw around a finding, or mark a point. A slice without any is done too.";

  /** The corners of an outline under way, and the last measured line. */
  #line = [];
  #ruler = null;
  /** -1 while the slice before is shown, 1 for the one after. */
  #beside = 0;
  #window = this.spec.windows[0];

  tools = {
    outline: {
      key: "P",
      icon: "outline",
      title: "Outline a finding",
      hint: "Outline: drag around the finding, or click its corners and press Enter",
      grip: ({ point }) => this.#trace(point),
    },
    point: {
      key: "K",
      icon: "cross",
      title: "Mark a point",
      hint: "Point: click the middle of the finding",
      grip: () => ({ place: (point, mode) => this.#mark({ center: this.#held(point) }, mode) }),
    },
    ruler: {
      key: "M",
      icon: "ruler",
      title: "Measure in mm",
      hint: "Ruler: drag along the long axis; it goes to the selected mark",
      grip: ({ point }) => this.#measure(this.#held(point)),
    },
  };

  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
  }

  makeLight() {
    return windowPanel(this.spec.windows, (window) => {
      this.#window = window;
      this.showPicture();
    });
  }

  get moreKeys() {
    return {
      Shape: [
        [
          "Shift+1 Shift+2 Shift+3 Shift+4 Shift+5",
          "Confidence from 1 to 5",
          ({ code }) => {
            if (this.selected) this.change(this.selected, { confidence: Number(code.at(-1)) });
            else this.say("Select a mark first");
          },
          { shown: "Shift+1…5" },
        ],
      ],
      Slices: [
        [",", "Slice before, and back", () => this.#show(-1)],
        [".", "Slice after, and back", () => this.#show(1)],
      ],
    };
  }

  bounds({ center, outline }) {
    const [x, y, w, h] = around([center, ...outline]);
    const room = AROUND / this.view.scale;
    return [x - room, y - room, w + 2 * room, h + 2 * room];
  }

  handle({ outline }, { point, reach }) {
    if (this.tool === "ruler") return null;
    const corner = nearest([{ outline, holes: [] }], point, reach / 2);
    return corner && { ...corner, cursor: "move" };
  }

  pulled({ outline }, { corner }, to) {
    const pulled = outline.with(corner, this.#held(to));
    return ringArea(pulled) < 1 ? {} : this.#outlined(pulled);
  }

  shifted({ center, outline }, dx, dy) {
    const box = around([center, ...outline]);
    const [left, top] = translate(box, dx, dy, this.view.frame);
    const move = ([x, y]) => rounded([x + left - box[0], y + top - box[1]]);
    return { center: move(center), outline: outline.map(move) };
  }

  size({ long_axis: axis, confidence }) {
    return `${axis ? `${axis.toFixed(1)} mm, ` : ""}confidence ${confidence}`;
  }

  measured(mark) {
    return `${this.size(mark)}, at ${this.told(mark.center)}`;
  }

  detail(id) {
    return numberFields(FIELDS, {
      unit: "",
      read: ({ center, long_axis: axis, confidence }) => [...center, axis ?? 0, confidence],
      write: ([x, y, axis, sure]) => {
        const mark = this.shape(id);
        const change = {
          ...this.shifted(mark, x - mark.center[0], y - mark.center[1]),
          long_axis: Math.max(0, round(axis)) || null,
          confidence: Math.min(5, Math.max(1, Math.round(sure))),
        };
        this.change(id, change, "list");
      },
    });
  }

  insert(mode) {
    const { place } = this.stage;
    if (this.tool === "outline") this.#trace(place).place(place, mode);
    else this.#mark({ center: rounded(place) }, mode);
  }

  /** Enter closes an outline under way, else the item is done. */
  finish(mode) {
    const outline = [...this.#line];
    if (!outline.length) return super.finish(mode);
    this.unfinish(true);
    if (ringArea(outline) < 1) return this.say("This outline is flat: draw around the finding");
    this.#mark(this.#outlined(outline), mode);
  }

  unfinish(all) {
    const had = this.#line.splice(all ? 0 : -1).length > 0 || (all && this.#ruler !== null);
    if (all) this.#ruler = null;
    if (had) this.stage.request("overlay");
    return had;
  }

  get ready() {
    return super.ready && !this.#beside;
  }

  showItem() {
    this.#beside = 0;
    super.showItem();
  }

  /** The slice in sight, through the window. */
  picture({ name }) {
    const part = this.#beside ? "neighbours" : "image";
    this.media.want(name, part);
    const found = this.media.get(name, part);
    if (!found?.bitmaps) return found;
    const source = found.bitmaps[Math.max(0, this.#beside)];
    const { width, height } = source;
    const bitmap = new OffscreenCanvas(width, height);
    const context = bitmap.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    applyWindow(pixels.data, this.#window, this.spec.scale);
    context.putImageData(pixels, 0, 0);
    return { bitmap };
  }

  paintResting(context, marks, look) {
    if (this.#beside) return;
    for (const mark of marks) paintMark(context, mark, this.view, look);
  }

  paintChosen(context, mark, look) {
    this.paintResting(context, [mark], { ...look, chosen: true });
  }

  paintWork(context, { dpr }) {
    const { view, stage } = this;
    const line = this.#line;
    if (line.length) {
      const { colour } = this.styles.get(this.label);
      stroke(context, pathOf([...line, stage.place], view), { colour }, 1.5);
    }
    const ruler = this.#ruler;
    if (!ruler) return;
    stroke(context, pathOf(ruler, view), MEASURE, 1.5);
    const [x, y] = view.toScreen(ruler[1]);
    const words = `${this.#long(ruler).toFixed(1)} mm`;
    paintPlate(context, words, MEASURE.colour, [x + 10, y], dpr);
  }

  /** A place inside the slice. */
  #held(point) {
    return rounded(clampPoint(point, this.view.frame));
  }

  /** The length of a line in mm. */
  #long(line) {
    return round(distance(...line) * this.session.item.spacing);
  }

  #outlined(outline) {
    const length = this.#long(longAxis(outline));
    return { outline, center: rounded(centroid(outline)), long_axis: length || null };
  }

  #mark(fields, mode) {
    this.add({ type: "mark", long_axis: null, outline: [], confidence: 3, ...fields }, mode);
  }

  /** Clicks set the corners of an outline, one near the first closes it; so does a single drag. */
  #trace(start) {
    const line = this.#line;
    const clicked = line.length;
    const near = (from, to, reach) => distance(from, to) * this.view.scale < reach;
    const extend = (point) => {
      const place = this.#held(point);
      if (!line.length || !near(line.at(-1), place, GAP)) line.push(place);
      this.stage.request("overlay");
    };
    return {
      move: (to) => {
        if (line.length === clicked) extend(start);
        extend(to);
      },
      place: (to, mode) => {
        extend(to);
        const closes = clicked > 2 && near(line[0], line.at(-1), AROUND);
        if (closes) line.pop();
        if (closes || (!clicked && line.length > 2)) this.finish(mode);
        else this.say(`Corner ${line.length}; Enter closes the outline`);
      },
    };
  }

  #measure(from) {
    const ruler = [from, from];
    return {
      move: (to) => {
        ruler[1] = this.#held(to);
        this.#ruler = ruler;
        this.stage.request("overlay");
      },
      end: (_, mode) => {
        const length = this.#long(ruler);
        const mark = this.selectedShape;
        if (mark && length) this.change(mark.id, { long_axis: length }, mode);
        else this.say(`${length.toFixed(1)} mm`);
      },
    };
  }

  /** Shows a slice beside, to look at; asked for again, the slice at hand. */
  #show(beside) {
    if (!this.session.item.neighbours) return this.say("This slice has none beside it");
    const back = beside === this.#beside;
    this.#beside = back ? 0 : beside;
    const side = beside < 0 ? "before" : "after";
    this.say(back ? "This slice" : `Slice ${side}: to look at only`);
    this.showPicture();
  }
}
