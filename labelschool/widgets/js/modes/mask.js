// The mask mode: the visible pixels of objects, as polygons with holes and several parts, or painted
// and picked as run lengths.

import { clampPoint, contains } from "../core/geometry.js";
import * as polygons from "../core/polygons.js";
import { combined, encode } from "../core/rle.js";
import { el } from "../ui/dom.js";
import { labelBar } from "../ui/labelbar.js";
import { UNKNOWN } from "../ui/palette.js";
import { maskDetail, pixels } from "./masklist.js";
import { formOf, paintChosen, paintMasks, paintTip, partsOf } from "./maskpaint.js";
import { makeBrush, makeCells, makePen } from "./masktools.js";
import { ShapeEditor } from "./shapes.js";

/** Screen pixels within which a corner snaps to a corner of another mask. */
const SNAP = 5;
/** Screen pixels across the ring around the corner at hand. */
const RING = 16;
const HELD = { repeat: true };

const tool = (tip, key, icon, title, hint) => ({ tip, key, icon, title, hint, grip: tip.grip });

export class MaskEditor extends ShapeEditor {
  noun = "mask";
  plural = "masks";
  inserts = "Corner, dab or superpixel at the cursor (also B)";
  canvasLabel = "Picture. Arrows move the cursor, B draws there, Enter closes an outline.";
  emptyHint = "No masks yet. Click around an object, paint it, or add a mask here.";

  /** The number of the corner at hand among those of the selected polygon, -1 for none. */
  corner = -1;
  #asked = el("strong.asked");
  #size = el("div.ring");
  #pen = makePen(this);
  #brush = makeBrush(this);
  #cells = makeCells(this);

  tools = {
    polygon: tool(this.#pen, "P", "outline", "Polygon", "Click around the object, Enter closes"),
    part: tool(
      this.#pen,
      "O",
      "part",
      "Part or hole of the selected mask",
      "Outline a part beside the mask, or a hole in it",
    ),
    brush: tool(
      this.#brush,
      "M",
      "brush",
      "Brush",
      "Paint; Alt erases, M starts a new mask, comma and full stop set the size",
    ),
    eraser: tool(this.#brush, "Shift+M", "eraser", "Eraser", "Erase from the selected mask"),
    cells: tool(
      this.#cells,
      "S",
      "cells",
      "Superpixels",
      "Click or drag adds, on the mask takes away, S starts a new mask",
    ),
  };

  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
    this.list.node.firstChild.after(this.#size);
    // Guide lines would cover the edges that are to be followed.
    this.stage.showing.crosshair = false;
    this.session.emit("showing");
  }

  get moreKeys() {
    const digits = Array.from({ length: 9 }, (_, at) => [
      at + 1,
      at ? null : "The first name asked for",
      () => {
        const name = this.session.item.asked[at];
        if (name) this.chooseLabel(name, "keyboard");
      },
    ]);
    const resize = ({ key }) => this.tip?.resize?.(key === "," ? -1 : 1);
    const stepCorner = ({ shiftKey }) => this.stepCorner(shiftKey ? -1 : 1);
    return {
      Tools: [
        ["B", null, () => this.insert("keyboard"), HELD],
        [", .", "Smaller, larger brush or superpixels", resize, HELD],
      ],
      Shape: [
        ["K Shift+K", "Next corner, or the one before", stepCorner, HELD],
        ["Alt+click", "Remove a corner; a click on an edge makes one"],
      ],
      ...(this.spec.by_item && { Classes: digits }),
    };
  }

  /** The pen, the brush or the superpixels, whichever is at hand; none in the select tool. */
  get tip() {
    return this.tools[this.tool].tip;
  }

  bounds(mask) {
    return formOf(mask).bounds;
  }

  hit(mask, point, margin) {
    const { parts, bounds } = formOf(mask);
    const { inside, nearest } = polygons;
    if (!contains(bounds, point, margin)) return false;
    return inside(parts, point) || nearest(parts, point, margin, true) !== null;
  }

  size(mask) {
    return pixels(polygons.area(partsOf(mask)));
  }

  measured(mask) {
    const parts = partsOf(mask);
    const holes = polygons.ringsOf(parts).length - parts.length;
    return `${this.size(mask)}, parts ${parts.length}, holes ${holes}`;
  }

  shifted(mask, dx, dy, frame = this.view.frame) {
    const [x, y] = mask.rle ? [Math.round(dx), Math.round(dy)] : [dx, dy];
    return this.#formed(mask, polygons.shift(partsOf(mask), x, y, frame), frame);
  }

  fitted(mask, frame) {
    return this.shifted(mask, 0, 0, frame);
  }

  detail() {
    return maskDetail(this);
  }

  /** The change that gives a mask other parts: corners stay corners, pixels stay pixels. */
  #formed(mask, parts, frame = this.view.frame) {
    return mask.parts ? { parts } : { rle: encode(polygons.rasterise(parts, frame), frame.width) };
  }

  /** Changes the form of the selected mask; one that nothing is left of is deleted. */
  #reform(change, mode) {
    const { id } = this.selectedShape;
    if (partsOf(change).length) this.change(id, change, mode);
    else this.remove(id, mode);
  }

  // Drawing --------------------------------------------------------------------------------------

  /** The mask that a tool changes: the selected one, or the one under the pointer. */
  target(point) {
    const mask = this.selectedShape ?? this.shapeAt(point);
    if (mask) this.select(mask.id);
    else this.say("Select a mask first: N");
    return mask;
  }

  /**
   * The action of a tool that sets or clears pixels of the selected mask, or sets those of a new one:
   * `step(point)` at each place, `band()` are the pixels, `stroke` is what is shown meanwhile.
   */
  painting(stroke, step, band) {
    const { colour } = this.#style;
    return {
      eager: true,
      move: (point) => {
        step(point);
        this.preview({ stroke: { ...stroke, colour } });
      },
      place: (_, mode) => {
        const { frame } = this.view;
        const mask = this.selectedShape;
        const before = polygons.rasterise(mask ? partsOf(mask) : [], frame);
        const after = combined(before, [band()], stroke.value);
        const painted = { type: "mask", rle: encode(after, frame.width) };
        if (mask) this.#reform({ ...painted, parts: undefined }, mode);
        else this.add(painted, mode);
      },
    };
  }

  /** Takes a closed ring as an object of its own, or as part or hole of the selected mask. */
  take(ring, mode) {
    const mask = this.tool === "part" && this.selectedShape;
    const parts = polygons.withRing(mask ? partsOf(mask) : [], ring);
    if (mask) this.change(mask.id, this.#formed(mask, parts), mode);
    else this.add({ type: "polygon", parts }, mode);
  }

  /** Deletes a part, or fills a hole. */
  removeRing(number) {
    const mask = this.selectedShape;
    this.corner = -1;
    this.#reform(this.#formed(mask, polygons.withoutRing(partsOf(mask), number)), "list");
  }

  add(fields, mode) {
    this.corner = -1;
    super.add({ ...fields, unsure: false }, mode);
    if (this.spec.by_item) this.label = this.#nextAsked();
  }

  insert(mode) {
    if (!this.ready) return;
    const { tip, stage, view } = this;
    const { place } = stage;
    if (tip && mode !== "list") {
      const action = tip.grip({ point: place, reach: 0.5, mode });
      action?.move?.(place);
      this.preview(null);
      action?.place(place, mode);
    } else if (this.cornerPoint && mode !== "list") this.putCorners(polygons.middle, mode);
    else {
      const { frame } = view;
      const [x, y] = place;
      const side = Math.min(frame.width, frame.height) / 8;
      const square = [place, [x + side, y], [x + side, y + side], [x, y + side]];
      const parts = polygons.shift(polygons.withRing([], square), 0, 0, frame);
      this.add({ type: "polygon", parts }, mode);
      this.stepCorner(1);
    }
  }

  unfinish(all) {
    return this.#pen.unfinish(all);
  }

  /** True while an outline is open. */
  get drawing() {
    return this.#pen.drawing;
  }

  finish(mode) {
    if (this.drawing) this.#pen.close();
    else super.finish(mode);
  }

  // Corners --------------------------------------------------------------------------------------

  handle({ parts = [] }, { point, reach }) {
    if (this.tip) return null;
    const { nearest } = polygons;
    const found = nearest(parts, point, reach) ?? nearest(parts, point, reach / 2, true);
    return found && { ...found, cursor: found.onEdge ? "copy" : "move" };
  }

  pulled(mask, { corner, onEdge }, point) {
    const place = this.snap(point, mask.id);
    return this.#cornered(mask, corner, (at) => (onEdge ? [place, at] : [place]));
  }

  #cornered({ parts }, number, corners) {
    return { parts: polygons.withCorners(parts, number, corners, this.view.frame) };
  }

  grip(press) {
    const mask = this.selectedShape;
    const handle = mask && this.handle(mask, press);
    const action = super.grip(press);
    this.#hold(handle?.corner ?? -1);
    if (handle && press.alt) return { click: (_, mode) => this.putCorners(() => [], mode) };
    // A click on an edge makes a corner there.
    return handle?.onEdge
      ? { ...action, click: (_, mode) => action.end(handle.point, mode) }
      : action;
  }

  /** Arrows move the corner at hand, with none the mask; in a drawing tool, the cursor. */
  nudged(mask, dx, dy) {
    if (this.tip) return this.stage.step(dx, dy);
    if (!this.cornerPoint) return this.shifted(mask, dx, dy);
    return this.#cornered(mask, this.corner, ([x, y]) => [[x + dx, y + dy]]);
  }

  /** The place of the corner at hand, if there is one. */
  get cornerPoint() {
    const parts = this.draft?.parts ?? this.selectedShape?.parts ?? [];
    return polygons.cornersOf(parts)[this.corner];
  }

  /** Replaces the corner at hand by what `corners(corner, next)` gives; the last of them is next. */
  putCorners(corners, mode) {
    const mask = this.selectedShape;
    const change = this.#cornered(mask, this.corner, corners);
    const more = polygons.cornersOf(change.parts).length - polygons.cornersOf(mask.parts).length;
    this.corner = Math.max(0, this.corner + more);
    this.#reform(change, mode);
  }

  /** Takes another corner of the selected polygon in hand; after the last one, the whole mask. */
  stepCorner(step) {
    const mask = this.target(this.stage.place);
    if (!mask) return;
    if (this.tip) this.setTool("select");
    const { length } = polygons.cornersOf(mask.parts ?? []);
    this.#hold(((this.corner + step + length + 2) % (length + 1)) - 1);
    const { corner, cornerPoint: point } = this;
    if (point) this.view.reveal(point);
    this.say(`Corner ${corner + 1} of ${length}: ${point?.join(", ") ?? "the whole mask"}`);
  }

  /** Delete: the corner at hand goes before the mask. */
  remove(id, mode = "keyboard") {
    if (id === undefined && this.cornerPoint) this.putCorners(() => [], mode);
    else super.remove(id, mode);
  }

  select(id) {
    if (this.selected !== id) this.corner = -1;
    super.select(id);
  }

  /** A point put on a corner of another mask where it is near, and into the frame. */
  snap(point, own) {
    const reach = SNAP / this.view.scale;
    const others = this.shapes.flatMap(({ id, parts = [] }) => (id === own ? [] : parts));
    const corner = polygons.nearest(others, point, reach);
    return corner?.point ?? clampPoint(point, this.view.frame);
  }

  #hold(number) {
    this.corner = number;
    if (this.selectedShape) this.list.live(this.selectedShape);
    this.stage.request("overlay");
  }

  // Tools ----------------------------------------------------------------------------------------

  setTool(name) {
    this.corner = -1;
    super.setTool(name);
    this.#size.replaceChildren(this.tip?.slider ?? "");
    this.tip?.want?.();
  }

  // Showing --------------------------------------------------------------------------------------

  /** The first name that the item asks for and that has no mask yet, or the last. */
  #nextAsked() {
    const open = (name) => !this.shapes.some(({ label }) => label === name);
    const { asked } = this.session.item;
    return asked.find(open) ?? asked.at(-1);
  }

  showItem() {
    const { asked = [] } = this.session.item;
    this.#asked.textContent = asked.length ? `Outline: ${asked.join(", ")}` : "";
    if (this.spec.by_item) {
      const bar = labelBar(asked, this.styles, {
        onChoose: (name, mode) => this.chooseLabel(name, mode),
      });
      this.labels.node.replaceWith(bar.node);
      this.labels = bar;
      this.label = this.#nextAsked();
    }
    this.labels.node.prepend(this.#asked);
    super.showItem();
  }

  showPicture() {
    super.showPicture();
    this.tip?.want?.();
  }

  paintResting(context, masks, look) {
    paintMasks(context, masks, this.view, look);
  }

  paintChosen(context, mask, look) {
    paintChosen(context, mask, this.view, look);
  }

  paintWork(context) {
    const { cornerPoint, stage, view } = this;
    if (cornerPoint) paintTip(context, cornerPoint, view, RING / view.scale);
    this.tip?.paint(context, stage.showing.cursor && stage.cursor, this.#style);
  }

  /** The style of the mask that the tools are at work on. */
  get #style() {
    return this.styles.get((this.selectedShape ?? this).label) ?? UNKNOWN;
  }
}
