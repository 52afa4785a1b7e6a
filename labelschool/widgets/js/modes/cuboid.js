// The cuboid mode: a sweep from above, the selected cuboid from the right and from behind, and all of
// them in the camera picture.

import { pointCloud } from "../core/cloud.js";
import * as cuboids from "../core/cuboids.js";
import { around } from "../core/geometry.js";
import { distance, inRing, nearest } from "../core/polygons.js";
import { counted } from "../core/words.js";
import { cameraView } from "../ui/cameraview.js";
import { paintCloud, paintCuboid, paintGiven, paintRings, paintZone } from "../ui/cloudpaint.js";
import { el } from "../ui/dom.js";
import { CLICK } from "../ui/gestures.js";
import { numberFields } from "../ui/numbers.js";
import { paintPoints } from "../ui/painter.js";
import { sideView } from "../ui/sideview.js";
import { actButtons, actKeys } from "./cuboidacts.js";
import { ShapeEditor } from "./shapes.js";

/** Pixels of the stage in a metre, and how far around the sensor it reaches in metres. */
const METRE = 10;
const REACH = 100;
/** Between which places labelled objects are: what is fitted into the panel. */
const HOME = [
  [-14, -20],
  [36, 20],
];
/** A footprint drawn narrower than this is as wide as usual, in metres. */
const LINE = 0.2;
/** A length on the screen that has room for all handles, in px. */
const ROOMY = 44;
/** Twice the least length of an arrow on the screen, in px. */
const ARROW = 40;
const DEGREE = Math.PI / 180;
const FIELDS = [
  ["x", "Ahead in metres"],
  ["y", "Left in metres"],
  ["z", "Up in metres"],
  ["yaw °", "Heading in degrees"],
  ["l", "Length in metres"],
  ["w", "Width in metres"],
  ["h", "Height in metres"],
];

/** From the ground in metres to the stage's picture, forward up, and back. */
const toMap = ([x, y]) => [(REACH - y) * METRE, (REACH - x) * METRE];
const toGround = ([u, v]) => [REACH - v / METRE, REACH - u / METRE];

export class CuboidEditor extends ShapeEditor {
  noun = "cuboid";
  plural = "cuboids";
  part = "sweep";
  copiesOn = false;
  resizes = true;
  steps = ["10 cm", "1 m"];
  canvasLabel = "Points from above, forward up. Insert adds a cuboid, arrows move it.";
  emptyHint = "No cuboids yet. Drag over an object, or add one and type its numbers.";
  /** The corners of a zone under way. */
  #corners = [];
  #views = [
    cameraView("Camera", this, this.session.signal),
    sideView("From the right", 0, this, this.session.signal),
    sideView("From behind", 1, this, this.session.signal),
  ];
  #drawn = [];

  tools = {
    cuboid: {
      key: "B",
      icon: "cuboid",
      title: "Cuboid by dragging",
      hint: "Cuboid: drag over an object, the way it heads",
      grip: ({ point }) => this.#draw(toGround(point)),
    },
    zone: {
      key: "Z",
      icon: "zone",
      title: "No-label zone",
      hint: "No-label zone: click its corners, Enter closes it",
      grip: () => ({ place: (point, mode) => this.#addCorner(point, mode) }),
    },
  };

  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
  }

  get moreKeys() {
    return { Shape: actKeys(this) };
  }

  get cloud() {
    return this.stage.bitmap;
  }

  /** The picture of the camera, as core/media.js gives it. */
  get camera() {
    return this.media.get(this.session.item.name, "camera");
  }

  // From above -----------------------------------------------------------------------------------

  toScreen(place) {
    return this.view.toScreen(toMap(place));
  }

  /** A metre on the screen, in px. */
  get metre() {
    return this.view.scale * METRE;
  }

  /** The end of the arrow that shows the heading. */
  tip(cuboid) {
    const [length] = cuboid.size;
    return cuboids.sideAt(cuboid, [1 + Math.max(0.5, ARROW / (length * this.metre))]);
  }

  told(point) {
    const [x, y] = toGround(point);
    return `x ${x.toFixed(1)}, y ${y.toFixed(1)} m`;
  }

  bounds(shape) {
    return around((shape.outline ?? cuboids.footprint(shape)).map(toMap));
  }

  hit(shape, point, margin) {
    const place = toGround(point);
    if (shape.outline) return inRing(shape.outline, place);
    return cuboids.holds(shape, cuboids.toLocal(shape, place), margin / METRE);
  }

  shifted({ center, outline }, du, dv) {
    const move = ([x, y, ...z]) => cuboids.rounded([x - dv / METRE, y - du / METRE, ...z]);
    return outline ? { outline: outline.map(move) } : { center: move(center) };
  }

  /** Up makes a cuboid longer in front, right makes it wider on the right. */
  grown(shape, dw, dh) {
    if (shape.outline) return null;
    return cuboids.dragged(shape, dh ? [1, 0, 0] : [0, -1, 0], [-dh / METRE, -dw / METRE, 0]);
  }

  handle(shape, press) {
    if (this.tool === "zone") return null;
    const reach = (this.tool === "select" ? press.reach : CLICK / this.view.scale) / METRE;
    const from = toGround(press.point);
    const { outline } = shape;
    if (outline) {
      const corner = nearest([{ outline, holes: [] }], from, reach);
      return corner && { ...corner, cursor: "move" };
    }
    const front = distance(cuboids.sideAt(shape, [1]), from);
    if (distance(this.tip(shape), from) < Math.min(reach, front)) return { cursor: "grab" };
    const pull = cuboids.pullAt(shape, cuboids.toLocal(shape, from), reach);
    return pull?.some(Boolean) ? { pull, from, cursor: "crosshair" } : null;
  }

  pulled(shape, { corner, pull, from }, point) {
    const place = toGround(point);
    if (shape.outline) return { outline: shape.outline.with(corner, cuboids.rounded(place)) };
    const [x, y] = shape.center;
    if (!pull) return cuboids.tidy({ ...shape, yaw: Math.atan2(place[1] - y, place[0] - x) });
    const start = cuboids.toLocal(shape, from);
    const step = cuboids.toLocal(shape, place).map((value, axis) => value - start[axis]);
    return cuboids.dragged(shape, pull, step);
  }

  // Making them ----------------------------------------------------------------------------------

  insert(mode) {
    const { place } = this.stage;
    if (this.tool === "zone" && mode === "keyboard") return this.#addCorner(place, mode);
    const made = { center: [...toGround(place), 0], size: this.spec.sizes[this.label], yaw: 0 };
    this.#add(made, mode);
  }

  #add(made, mode) {
    this.add({ type: "cuboid", ...this.cloud?.fitted(made) }, mode);
  }

  #draw(start) {
    const drawn = (end) => {
      const made = cuboids.spanned(start, toGround(end));
      const [, wide, high] = this.spec.sizes[this.label];
      const [length, width] = made.size;
      return { ...made, size: [length, width < LINE ? wide : width, high] };
    };
    return {
      move: (end) => this.preview(this.cloud.fitted(drawn(end))),
      end: (end, mode) => this.#add(drawn(end), mode),
      click: (at) => this.select(this.shapeAt(at)?.id ?? null),
    };
  }

  #addCorner(point, mode) {
    const place = cuboids.rounded(toGround(point));
    const corners = this.#corners;
    const closes = corners.length > 2 && distance(corners[0], place) * this.metre < 2 * CLICK;
    if (closes) return this.finish(mode);
    corners.push(place);
    this.say(`Corner ${corners.length}: Enter closes the zone`);
    this.stage.request("overlay");
  }

  finish(mode) {
    const outline = [...this.#corners];
    if (outline.length < 3) return super.finish(mode);
    this.unfinish(true);
    this.add({ type: "zone", label: undefined, outline }, mode);
  }

  unfinish(all) {
    const had = this.#corners.splice(all ? 0 : -1).length > 0;
    if (had) this.stage.request("overlay");
    return had;
  }

  // The list -------------------------------------------------------------------------------------

  called(shape) {
    return shape.label ?? "no-label zone";
  }

  size({ size, outline }) {
    return outline ? `${outline.length} corners` : size.map((side) => side.toFixed(1)).join(" × ");
  }

  measured(shape) {
    if (shape.outline) return this.size(shape);
    const heading = Math.round(shape.yaw / DEGREE);
    return `${this.size(shape)} m, heading ${heading}°, ${this.#points(shape)}`;
  }

  detail(id) {
    if (this.shape(id).outline) return super.detail(id);
    const numbers = numberFields(FIELDS, {
      read: ({ center, yaw, size }) => [...center, yaw / DEGREE, ...size],
      write: ([x, y, z, angle, ...size]) => {
        const cuboid = { ...this.shape(id), center: [x, y, z], yaw: angle * DEGREE };
        this.change(id, cuboids.resized(cuboid, size, [0, 0, 0]), "list");
      },
      unit: "",
      step: 0.1,
      places: 3,
    });
    return { ...numbers, node: el("div.cuboid", numbers.node, actButtons(this)) };
  }

  // Showing --------------------------------------------------------------------------------------

  below() {
    return el("div.views", ...this.#views.map(({ node }) => node));
  }

  picture({ name }) {
    this.media.want(name, "camera");
    const files = this.media.get(name, this.part);
    if (files?.buffers) files.bitmap ??= pointCloud(files.buffers[0]);
    return files;
  }

  frameOf(item) {
    const side = 2 * REACH * METRE;
    const [low, high] = HOME;
    const ends = this.picture(item)?.bitmap?.ends.map((place) =>
      toMap(place.map((value, axis) => Math.min(high[axis], Math.max(low[axis], value)))),
    );
    return { width: side, height: side, home: ends && around(ends) };
  }

  paintPicture = (context, { dpr }) => {
    paintCloud(context, this.cloud, this, dpr);
    paintRings(context, this, REACH);
  };

  paintResting(context, shapes, look) {
    for (const outline of this.session.item.zones ?? []) paintGiven(context, outline, this, look);
    for (const shape of shapes) this.#paint(context, shape, look);
  }

  paintChosen(context, shape, look) {
    const words = shape.size && `${shape.label}, ${this.#points(shape)}`;
    this.#paint(context, shape, { ...look, chosen: true, words });
    if (!look.handles) return;
    // From afar only the arrow has room for a handle.
    const roomy = shape.size && shape.size[0] * this.metre > ROOMY;
    const grips = roomy ? cuboids.grips(shape) : [];
    paintPoints(context, shape.outline ?? [this.tip(shape), ...grips], this, "#fff");
  }

  paintWork(context, look) {
    const corners = this.#corners;
    if (corners.length) {
      const cursor = toGround(this.stage.place);
      paintZone(context, [...corners, cursor], this, look);
    }
    // The views beside the stage follow, but not every step of the pointer.
    const { draft, selected, shapes, camera, cloud } = this;
    const now = [draft, selected, shapes, camera, cloud];
    if (now.every((held, at) => held === this.#drawn[at])) return;
    this.#drawn = now;
    for (const view of this.#views) view.draw();
  }

  /** How many points are inside, in words. */
  #points(cuboid) {
    return counted(this.cloud?.inside(cuboid) ?? 0, "point");
  }

  #paint(context, shape, look) {
    if (shape.outline) paintZone(context, shape.outline, this, look);
    else paintCuboid(context, shape, this, look);
  }
}
