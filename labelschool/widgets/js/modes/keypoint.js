// The keypoint mode: the named points of a figure one after the other, the subject's own left and
// right, seen or hidden.

import * as figures from "../core/figures.js";
import { clampPoint } from "../core/geometry.js";
import { spaced } from "../core/words.js";
import { paintFigure } from "../ui/figurepaint.js";
import { pointTable } from "../ui/pointtable.js";
import { ShapeEditor } from "./shapes.js";

const SIDES = {
  left: { colour: "#d98800", dash: [6, 3] },
  right: { colour: "#24d9ff", dash: [] },
};
const MIDDLE = { colour: "#ffffff", dash: [2, 2] };

export class KeypointEditor extends ShapeEditor {
  noun = "figure";
  plural = "figures";
  canvasLabel =
    "Picture. Number keys choose a point, Insert places it at the cursor, arrows move it.";
  emptyHint =
    "No figures yet. Click the points of a person in the order shown above. Left and right are " +
    "the person's own.";

  /** The number of the point at hand, -1 where all are placed; and whether it will be hidden. */
  #point = 0;
  #hidden = false;
  #names = this.spec.points.map(spaced);

  tools = {
    figure: {
      key: "K",
      icon: "figure",
      title: "Place points",
      hint: "Points: click each point in turn; O before a click marks a hidden one",
      grip: () => ({ place: (point, mode) => this.#place(point, mode) }),
    },
  };

  bar = {
    title: "Points",
    names: this.#names,
    styles: new Map(this.#names.map((name) => [name, SIDES[name.split(" ")[0]] ?? MIDDLE])),
  };

  constructor(model, root, signal) {
    super(model, signal);
    this.build(root, signal);
  }

  get moreKeys() {
    return {
      Shape: [
        ["O", "Hidden, but its place is clear: on and off", () => this.#toggleHidden()],
        ["X", "Not labelled: leave this point out", () => this.#leaveOut()],
        ["W", "Swap left and right", () => this.#swap()],
      ],
    };
  }

  bounds({ points }) {
    return figures.around(points);
  }

  handle({ points }, { point, reach }) {
    const index = figures.pointAt(points, point, reach);
    return index < 0 ? null : { index, cursor: "move" };
  }

  grip(press) {
    const figure = this.selectedShape;
    const handle = figure && this.handle(figure, press);
    if (handle) this.#choose(handle.index);
    return super.grip(press);
  }

  pulled({ points }, { index }, to) {
    return { points: figures.put(points, index, clampPoint(to, this.view.frame)) };
  }

  shifted({ points }, dx, dy) {
    return { points: figures.shift(points, dx, dy, this.view.frame) };
  }

  /** Arrows move the point at hand, or the cursor to where it is to be placed. */
  arrow(dx, dy, event) {
    const step = event.shiftKey ? 10 : 1;
    if (this.#held?.visibility === 0) this.stage.step(dx * step, dy * step);
    else super.arrow(dx, dy, event);
  }

  nudged(figure, dx, dy) {
    const held = this.#held;
    if (!held) return this.shifted(figure, dx, dy);
    return this.pulled(figure, { index: this.#point }, [held.x + dx, held.y + dy]);
  }

  size({ points }) {
    return `${figures.placed(points).length} of ${points.length}`;
  }

  measured(figure) {
    return `${this.size(figure)} points`;
  }

  detail(id) {
    return pointTable(this.#names, {
      choose: (index) => this.#choose(index),
      write: (index, place, visibility) => {
        const to = visibility ? clampPoint(place, this.view.frame) : [0, 0];
        const points = figures.put(this.shape(id).points, index, to, visibility);
        this.change(id, { points }, "list");
      },
    });
  }

  /** Places the point at hand at the cursor; the first one starts a figure. */
  insert(mode) {
    this.#place(this.stage.place, mode);
  }

  select(id) {
    if (this.selected === id) return;
    super.select(id);
    const figure = this.selectedShape;
    this.#choose(figure ? figures.nextOpen(figure.points, -1) : 0);
  }

  chooseLabel(name) {
    this.#choose(this.#names.indexOf(name));
  }

  paintResting(context, shapes, look) {
    const { bar, view, spec } = this;
    const bones = spec.skeleton;
    for (const { points } of shapes) paintFigure(context, points, { ...look, ...bar, view, bones });
  }

  paintChosen(context, figure, look) {
    this.paintResting(context, [figure], { ...look, chosen: this.#point, active: true });
  }

  showItem() {
    this.#choose(0);
    super.showItem();
  }

  showLabel() {
    const next = this.#held?.visibility ? "Point" : `Next point${this.#hidden ? ", hidden" : ""}`;
    const open = this.#point >= 0;
    this.labels.show([this.#names[this.#point]], open ? next : "All points placed");
  }

  /** The point at hand of the selected figure, placed or not. */
  get #held() {
    return this.selectedShape?.points[this.#point];
  }

  #choose(index) {
    this.#point = index;
    this.#hidden = false;
    this.showLabel();
    this.stage.request("overlay");
    if (index >= 0 && this.ready) this.say(`${this.#names[index]}: click its place`);
  }

  #place(point, mode) {
    if (!this.ready) return;
    const figure = this.#held && this.selectedShape;
    const index = Math.max(0, this.#point);
    const points = figures.put(
      figure?.points ?? figures.blankPoints(this.spec.points),
      index,
      clampPoint(point, this.view.frame),
      this.#hidden ? 1 : 2,
    );
    if (figure) this.change(figure.id, { points }, mode);
    else this.add({ type: "figure", points }, mode);
    const next = figures.nextOpen(points, index);
    this.#choose(next);
    if (next < 0) this.say("The next click starts another figure");
  }

  #toggleHidden() {
    const { x, y, visibility } = this.#held ?? {};
    if (!visibility) {
      this.#hidden = !this.#hidden;
      return this.showLabel();
    }
    this.#set([x, y], 3 - visibility);
    this.say(`${this.#names[this.#point]} ${visibility === 2 ? "hidden" : "seen"}`);
  }

  #leaveOut() {
    const held = this.#held;
    if (!held) return this.say("Choose a point first");
    if (held.visibility) this.#set([0, 0], 0);
    this.#choose(figures.nextOpen(this.selectedShape.points, this.#point));
    this.say(`${spaced(held.name)} is not labelled`);
  }

  #set(place, visibility) {
    const { points } = this.selectedShape;
    this.change(this.selected, { points: figures.put(points, this.#point, place, visibility) });
  }

  #swap() {
    const figure = this.selectedShape;
    if (!figure) return this.say("Select a figure first");
    this.change(figure.id, { points: figures.swapSides(figure.points) });
    this.say("Left and right swapped");
  }
}
