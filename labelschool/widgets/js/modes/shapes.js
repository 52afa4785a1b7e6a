// What all modes that draw on a picture share: selecting, naming, changing and listing shapes. A
// mode extends `ShapeEditor` and says what its shapes are; see the section "What a mode says".

import { newId } from "../core/answers.js";
import { contains, smallest } from "../core/geometry.js";
import { mediaOf } from "../core/media.js";
import { Session } from "../core/session.js";
import { capital } from "../core/words.js";
import { el } from "../ui/dom.js";
import { FLAGS, flagSpoken, nextFlag } from "../ui/flags.js";
import { gestures } from "../ui/gestures.js";
import { labelBar } from "../ui/labelbar.js";
import { styles } from "../ui/palette.js";
import { rail } from "../ui/rail.js";
import { shapeList } from "../ui/shapelist.js";
import { shell } from "../ui/shell.js";
import { lightPanel } from "../ui/sliders.js";
import { pictureStage } from "../ui/stage.js";
import { shapeKeys } from "./shapekeys.js";

/** Screen pixels around a selected shape within which a number key still means this shape. */
const NEAR = 14;
/** Image pixels by which a copy lies beside its original. */
const BESIDE = 8;
const NOT_YET = "The picture is not here yet";

export class ShapeEditor {
  #presses = 0;
  #away = false;
  #shownItem = null;

  /** A mode sets up its own state and then calls `build`. */
  constructor(model, signal) {
    this.session = new Session(model, signal);
    const { spec } = this.session;
    this.spec = spec;
    this.attributes = spec.attributes ?? [];
    this.classes = spec.classes;
    this.label = spec.classes[0];
    this.styles = styles(spec.classes);
    this.selected = null;
    this.draft = null;
  }

  // What a mode says -----------------------------------------------------------------------------

  /** "box", as in "Add box"; `plural` as in "3 boxes". */
  noun = "shape";
  plural = "shapes";
  /**
   * Tools by name: { key, icon, title, hint, grip(press) }, as in the rail; "select" comes before
   * them, and the first one is at hand at the start.
   */
  tools = {};
  /** What the canvas is and its most important keys, for a screen reader. */
  canvasLabel = "Picture.";
  /** What the list says while it is empty. */
  emptyHint = "";
  /** The part of an item that is the picture (see core/media.js). */
  part = "image";
  /** Whether copying to the next item makes sense. */
  copiesOn = true;

  /** What the number keys choose: their title on the key card, names and styles. */
  get bar() {
    return { title: "Classes", names: this.classes, styles: this.styles };
  }

  /** Rows of keys by group, beside those of every mode. */
  get moreKeys() {
    return {};
  }

  /** The box around a shape, [x, y, width, height] in image pixels. */
  bounds(shape) {
    return shape.bbox;
  }

  /** The panel that changes how the picture looks, see ui/sliders.js. */
  makeLight() {
    return lightPanel((filter) => {
      this.stage.layers.canvases.picture.style.filter = filter;
    });
  }

  /** The picture of an item as it is shown: { bitmap } or { error }, null while it is on its way. */
  picture(item) {
    const found = this.media.get(item.name, this.part);
    const { width, height } = found?.bitmap ?? item;
    // A smaller copy is welcome, another shape means that boxes would lie elsewhere.
    if (Math.abs(width * item.height - height * item.width) <= Math.max(width, height))
      return found;
    const measured = `${width} × ${height} px, not ${item.width} × ${item.height}`;
    return {
      error: `The picture of ${item.name} is ${measured}: run \`labelschool data verify\`.`,
    };
  }

  /** The frame that shapes live in: { width, height, home }, see core/viewport.js. */
  frameOf(item) {
    return item;
  }

  /** Draws the picture where it is not a bitmap: `paintPicture(context, look)`. */
  paintPicture = null;

  /** A place in words. */
  told(point) {
    return point.map(Math.round).join(", ");
  }

  /** Whether a shape lies under a point. */
  hit(shape, point, margin) {
    return contains(this.bounds(shape), point, margin);
  }

  /** The change { field: value } that moves a shape. */
  shifted(_shape, _dx, _dy) {
    return null;
  }

  /** The change that an arrow key makes. */
  nudged(shape, dx, dy) {
    return this.shifted(shape, dx, dy);
  }

  /** How far an arrow key moves, and with Shift. */
  steps = ["1 px", "10"];

  /** What a copy does not share with its original, so as to lie beside it. */
  beside(shape, by) {
    return this.shifted(shape, by, by);
  }

  /** Whether Alt and arrows make a shape wider and higher, and the change that does. */
  resizes = false;
  grown(_shape, _dw, _dh) {
    return null;
  }

  /** The handle of the selected shape under a press, or null; `{ cursor }` and what `pulled` needs. */
  handle(_shape, _press) {
    return null;
  }

  /** The change when a handle of a shape is pulled to a point. */
  pulled(_shape, _handle, _point) {
    return null;
  }

  /** The change that makes a shape fit into another frame. */
  fitted(_shape, _frame) {
    return {};
  }

  /** The number a shape goes by, and what it is called in the list. */
  number(shape) {
    return this.shapes.findIndex(({ id }) => id === shape.id) + 1;
  }

  named(shape, index) {
    return `${index + 1}  ${this.called(shape)}`;
  }

  /** The words for a shape: its class, where shapes have one. */
  called(shape) {
    return shape.label;
  }

  /** A shape's size in the list, and size and place as they are said. */
  size(_shape) {
    return "";
  }

  measured(shape) {
    return this.size(shape);
  }

  /** The part of an open row in the list that is the mode's own, see ui/shapelist.js. */
  detail(_id) {
    return { node: "", fill() {} };
  }

  /** Marks the item done and goes on; a mode may have something to close first. */
  finish(mode) {
    const { session } = this;
    const { annotations, done, escalate } = session.answer;
    session.finish(mode);
    if (annotations.length || done || escalate) return;
    session.say(`Done without a ${this.noun}: right only where there is none`);
  }

  /** Whether guide lines are of use with the tool at hand. */
  get guided() {
    return this.tool !== "select" && !this.draft?.id;
  }

  /** Adds a shape at the cursor: for the keyboard and the list; in words for the key card. */
  insert(_mode) {}

  get inserts() {
    return `Add a ${this.noun} at the cursor`;
  }

  /** Drops or shortens what is being drawn. Returns true when there was something. */
  unfinish(_all) {
    return false;
  }

  /** What stands below rail, stage and list: a node, or null. */
  below() {
    return null;
  }

  paintResting(_context, _shapes, _look) {}

  paintChosen(_context, _shape, _look) {}

  /** What is drawn above the shapes while a tool is at work. */
  paintWork(_context, _look) {}

  // What gestures and keys ask for ---------------------------------------------------------------

  get shapes() {
    return this.session.answer.annotations;
  }

  /** Stores the shapes of this item; see `Session.commit` for the options. */
  put(shapes, options) {
    this.session.commit({ annotations: shapes }, options);
  }

  /** The shapes that N goes through. */
  get inSight() {
    return this.shapes;
  }

  shape(id) {
    return this.shapes.find((other) => other.id === id) ?? null;
  }

  get selectedShape() {
    return this.selected ? this.shape(this.selected) : null;
  }

  get view() {
    return this.stage.view;
  }

  /** True once the picture and the saved work are there. */
  get ready() {
    return this.session.loaded && this.stage.ready;
  }

  say(text) {
    this.session.say(text);
  }

  busy() {
    this.session.busy = true;
  }

  idle() {
    this.session.busy = false;
    this.session.settle();
  }

  setTool(name) {
    // Pressed again, a drawing tool lets go of the selected shape.
    if (name !== "select" && this.tool === name) this.select(null);
    this.unfinish(true);
    this.tool = name;
    this.session.emit("showing");
    this.stage.host.style.cursor = this.resting;
    this.say(this.tools[name].hint);
    this.stage.request("overlay");
  }

  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.#away = false;
    const shape = this.selectedShape;
    if (shape) this.say(this.describe(shape));
    this.refresh();
  }

  cycle(step) {
    const shapes = this.inSight;
    const count = shapes.length;
    if (!count) return this.say(`No ${this.plural} here`);
    const at = shapes.findIndex(({ id }) => id === this.selected);
    const next = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
    this.goTo(shapes[next]);
  }

  /** Selects a shape and brings it into view. */
  goTo(shape) {
    this.select(shape.id);
    const [x, y, w, h] = this.bounds(shape);
    this.view.reveal([x + w / 2, y + h / 2]);
  }

  /** Adds a shape { type, ... } of the class at hand, and selects it. */
  add(fields, mode) {
    if (!this.ready) return this.say(NOT_YET);
    const shape = { id: newId(), label: this.label, ...fields, ms: this.session.lap(), mode };
    this.selected = shape.id;
    this.#away = false;
    this.put([...this.shapes, shape], { mode });
    this.say(`Added ${this.describe(shape)}`);
  }

  /** Changes fields of one shape. */
  change(id, change, mode = "keyboard", merge = null) {
    const shapes = this.shapes.map((shape) =>
      shape.id === id ? { ...shape, ...change, ms: shape.ms + this.session.lap() } : shape,
    );
    this.put(shapes, { mode, merge });
    this.say(this.describe(this.shape(id)));
  }

  flag(name, mode = "keyboard", id = this.selected) {
    const shape = this.shape(id);
    if (!shape) return this.say(`Select a ${this.noun} first, then ${FLAGS[name].key}`);
    this.change(id, nextFlag(shape, name), mode);
    this.say(flagSpoken(this.shape(id), name));
  }

  /** A number key: the class of the shape at hand, else of the next shape. */
  chooseLabel(name, mode) {
    this.label = name;
    const shape = this.selectedShape;
    if (!shape?.label || !this.#atHand) {
      this.select(null);
      this.say(`Next ${this.noun}: ${name}`);
    } else if (shape.label !== name) this.change(shape.id, { label: name }, mode);
    this.showLabel();
  }

  remove(id = this.selected, mode = "keyboard") {
    if (this.unfinish(false)) return;
    const shape = this.shape(id);
    if (!shape) return this.say("Nothing selected");
    this.selected = null;
    this.put(
      this.shapes.filter((other) => other.id !== id),
      { mode },
    );
    this.say(`Deleted ${this.called(shape)}`);
  }

  duplicate(id = this.selected, mode = "keyboard") {
    const shape = this.shape(id);
    if (!shape) return this.say("Nothing selected");
    const ms = this.session.lap();
    const copy = { ...shape, id: newId(), ...this.beside(shape, BESIDE), ms, mode };
    this.selected = copy.id;
    this.put([...this.shapes, copy], { mode });
    this.say(`Duplicated ${this.called(shape)}`);
  }

  /** Copies the selected shape, or all shapes, to the next item. */
  copyToNext() {
    const next = this.session.items[this.session.index + 1];
    if (!next) return this.say("This is the last item");
    const chosen = this.selectedShape ? [this.selectedShape] : this.shapes;
    if (!chosen.length) return this.say(`No ${this.plural} to copy`);
    const copies = chosen.map((shape) => ({
      ...shape,
      ...this.fitted(shape, next),
      id: newId(),
      ms: 0,
      mode: "keyboard",
    }));
    const answer = this.session.held(next.name);
    const annotations = [...answer.annotations, ...copies];
    this.session.commitAll({ [next.name]: { ...answer, annotations } }, { mode: "keyboard" });
    this.say(`Copied ${copies.length} to item ${this.session.index + 2}`);
  }

  /** What merges the changes of a held key into one step of history. */
  merging(event) {
    if (!event.repeat) this.#presses += 1;
    return `key ${this.#presses}`;
  }

  /** Arrow keys: move or resize the selected shape, or move the cursor where none is selected. */
  arrow(dx, dy, event) {
    if (!this.ready) return this.say(NOT_YET);
    const step = event.shiftKey ? 10 : 1;
    const shape = this.selectedShape;
    if (!shape) return this.stage.step(dx * step, dy * step);
    const change = event.altKey
      ? this.grown(shape, dx * step, dy * step)
      : this.nudged(shape, dx * step, dy * step);
    if (change) this.change(shape.id, change, "keyboard", this.merging(event));
  }

  zoomToSelected() {
    const shape = this.selectedShape;
    if (shape) this.view.zoomTo(this.bounds(shape));
    else this.view.fit();
  }

  /** Shows a shape as a change would make it, without changing anything; null ends it. */
  preview(change, shape = null) {
    this.draft = change && { ...(shape ?? { label: this.label }), ...change };
    this.stage.request("overlay");
  }

  escape() {
    if (this.gestures.active) return this.gestures.abandon();
    if (this.unfinish(true)) return this.stage.request("overlay");
    if (this.selected) return this.select(null);
    this.stage.host.blur();
  }

  // What the pointer does (see ui/gestures.js) ---------------------------------------------------

  grip(press) {
    const handle = this.#handleAt(press);
    if (!handle) return this.tools[this.tool].grip(press);
    const shape = this.selectedShape;
    return this.#changing(shape, (point) => this.pulled(shape, handle, point));
  }

  /** In the select tool: takes hold of the shape under the pointer. */
  grab({ point, reach }) {
    const chosen = this.selectedShape;
    const inside = chosen && this.hit(chosen, point, 0);
    const shape = this.shapeAt(point, reach / 2) ?? (inside ? chosen : null);
    this.select(shape?.id ?? null);
    return shape && this.hold(shape, point);
  }

  /** The action that moves a shape held at a point. */
  hold(shape, point) {
    const to = ([x, y]) => this.shifted(shape, x - point[0], y - point[1]);
    return this.#changing(shape, to);
  }

  /** The smallest shape under a point, so that one inside another can be reached; or null. */
  shapeAt(point, margin = 0) {
    const under = this.shapes.filter((shape) => this.hit(shape, point, margin));
    return smallest(under, (shape) => this.bounds(shape));
  }

  pointer(press) {
    const handle = this.#handleAt(press);
    if (handle) return handle.cursor;
    if (this.tool === "select" && this.shapeAt(press.point, press.reach / 2)) return "move";
    return this.resting;
  }

  /** The pointer's shape where nothing is under it. */
  get resting() {
    return this.tool === "select" ? "default" : "crosshair";
  }

  hover(point, shown) {
    this.stage.hover(point, shown);
    const shape = this.selectedShape;
    this.#setAway(shape !== null && !this.hit(shape, point, NEAR / this.view.scale));
  }

  leave() {
    this.stage.leave();
    this.#setAway(false);
  }

  #handleAt(press) {
    const shape = this.selectedShape;
    return shape && this.handle(shape, press);
  }

  #changing(shape, to) {
    return {
      move: (point) => this.preview(to(point), shape),
      end: (point, mode) => this.change(shape.id, to(point), mode),
    };
  }

  // Building and showing -------------------------------------------------------------------------

  build(root, signal) {
    const { session, spec } = this;
    const firstTool = Object.keys(this.tools).find((name) => name !== "select");
    const select = {
      key: "V",
      icon: "select",
      title: "Select and change",
      hint: `Select: click a ${this.noun}, drag it or its handles`,
      grip: (press) => this.grab(press),
    };
    this.tools = { select, ...this.tools };
    this.stage = pictureStage(this, signal);
    this.labels = labelBar(this.bar.names, this.bar.styles, {
      onChoose: (name, mode) => this.chooseLabel(name, mode),
    });
    this.list = shapeList(this);
    this.gestures = gestures(this, this.stage, signal);
    const keys = shapeKeys(this);
    const work = el("div.work", rail(session, keys), this.stage.node, this.list.node);
    const main = el("div.main", this.labels.node, work, this.below());
    shell(root, session, signal, {
      main,
      focusTarget: this.stage.host,
      keys,
      finish: (mode) => this.finish(mode),
    });
    root.addEventListener("keyup", (event) => event.key === " " && this.stage.holdPan(false), {
      signal,
    });
    this.setTool(firstTool);
    this.say(spec.hint);
    this.showLabel();
    this.media = mediaOf(session, () => this.showPicture());
    session.on("answers", (names) => {
      if (names.includes(session.item.name)) this.refresh();
    });
    session.on("item", () => this.showItem());
    session.unfinish = () => this.unfinish(false);
    this.media.want(session.item.name, this.part);
    session.start();
  }

  showItem() {
    const { items, index, item } = this.session;
    this.selected = null;
    this.draft = null;
    this.unfinish(true);
    this.media.want(item.name, this.part);
    this.showPicture();
    this.refresh();
    if (this.session.loaded) this.say(`Item ${index + 1} of ${items.length}`);
  }

  showPicture() {
    const { item, items, index } = this.session;
    const picture = this.picture(item);
    if (picture?.bitmap && items[index + 1]) this.media.want(items[index + 1].name, this.part);
    this.stage.show(picture, this.frameOf(item), this.#shownItem !== item.name);
    if (picture) this.#shownItem = item.name;
  }

  refresh() {
    if (this.selected && !this.selectedShape) this.selected = null;
    this.list.show(this.shapes, this.selected);
    this.showLabel();
    this.stage.request("shapes", "overlay");
  }

  describe(shape) {
    const number = this.number(shape);
    return `${number ? `${capital(this.noun)} ${number}, ` : ""}${this.called(shape)}, ${this.measured(shape)}`;
  }

  paintShapes(context, look) {
    const resting = this.shapes.filter(({ id }) => id !== this.selected);
    this.paintResting(context, resting, { ...look, styles: this.styles });
  }

  paintOverlay(context, look) {
    const { draft, selectedShape: chosen, styles } = this;
    const styled = { ...look, styles };
    if (draft?.id) this.list.live(draft);
    if (chosen && draft?.id !== chosen.id) {
      this.paintChosen(context, chosen, { ...styled, handles: !draft });
    }
    if (draft) this.paintChosen(context, draft, { ...styled, moving: true });
    this.paintWork(context, styled);
  }

  /** True while a class key means the selected shape rather than the next one. */
  get #atHand() {
    return this.tool === "select" || !this.#away;
  }

  #setAway(away) {
    if (away === this.#away) return;
    this.#away = away;
    this.showLabel();
  }

  showLabel() {
    const shape = this.selectedShape;
    const own = shape && this.#atHand;
    this.labels.show(
      [own ? shape.label : this.label],
      own ? `${capital(this.noun)} ${this.number(shape)}` : `Next ${this.noun}`,
    );
  }
}
