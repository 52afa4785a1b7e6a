// What all modes that draw on a picture share: selecting, naming, changing and listing shapes. A
// mode extends `ShapeEditor` and says what its shapes are; see the section "What a mode says".

import { newId } from "../core/answers.js";
import { contains, smallest } from "../core/geometry.js";
import { Media } from "../core/media.js";
import { Session } from "../core/session.js";
import { el } from "../ui/dom.js";
import { FLAGS, flagSpoken, nextFlag } from "../ui/flags.js";
import { Gestures } from "../ui/gestures.js";
import { labelBar } from "../ui/labelbar.js";
import { styles } from "../ui/palette.js";
import { rail } from "../ui/rail.js";
import { ShapeList } from "../ui/shapelist.js";
import { shell } from "../ui/shell.js";
import { Stage } from "../ui/stage.js";
import { shapeKeys } from "./shapekeys.js";

/** Screen pixels around a selected shape within which a number key still means this shape. */
const NEAR = 14;
/** Image pixels by which a copy lies beside its original. */
const BESIDE = 8;

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
   * Tools by name: { key, icon, title, hint, grip(press) }, as in the rail. One of them is
   * "select"; the first other one is at hand at the start.
   */
  tools = {};
  /** What the canvas is, for a screen reader. */
  canvasLabel = "Picture.";
  /** What the list says while it is empty. */
  emptyHint = "";

  /** Rows of keys by group, beside those of every mode. */
  get moreKeys() {
    return {};
  }

  /** The box around a shape, [x, y, width, height] in image pixels. */
  bounds(shape) {
    return shape.bbox;
  }

  /** Whether a shape lies under a point. */
  hit(shape, point, margin) {
    return contains(this.bounds(shape), point, margin);
  }

  /** The change { field: value } that moves a shape. */
  shifted(_shape, _dx, _dy) {
    return null;
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

  /** A shape's size in the list, and size and place as they are said. */
  size(_shape) {
    return "";
  }

  measured(shape) {
    return this.size(shape);
  }

  /** The part of an open row in the list that is the mode's own: { node, fill(shape), focus() }. */
  detail(_id) {
    return { node: el("div"), fill: () => {}, focus: () => {} };
  }

  /** Adds a shape at the cursor: for the keyboard and the list. */
  insert(_mode) {}

  /** Drops or shortens what is being drawn. Returns true when there was something. */
  unfinish(_all) {
    return false;
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
    for (const [other, node] of Object.entries(this.rail.tools)) {
      node.setAttribute("aria-pressed", String(other === name));
    }
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
    const count = this.shapes.length;
    if (!count) return this.say(`No ${this.plural} yet`);
    const at = this.shapes.findIndex(({ id }) => id === this.selected);
    const next = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
    const shape = this.shapes[next];
    this.select(shape.id);
    const [x, y, w, h] = this.bounds(shape);
    this.stage.reveal([x + w / 2, y + h / 2]);
  }

  /** Adds a shape { type, ... } of the class at hand, and selects it. */
  add(fields, mode) {
    if (!this.ready) return;
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
    if (shape && this.#atHand) {
      if (shape.label !== name) this.change(shape.id, { label: name }, mode);
      return this.#showLabel();
    }
    this.select(null);
    this.say(`Next ${this.noun}: ${name}`);
    this.#showLabel();
  }

  remove(id = this.selected, mode = "keyboard") {
    if (this.unfinish(false)) return;
    const shape = this.shape(id);
    if (!shape) return this.say("Nothing selected");
    this.selected = null;
    this.put(
      this.shapes.filter((other) => other !== shape),
      { mode },
    );
    this.say(`Deleted ${shape.label}`);
  }

  duplicate(id = this.selected, mode = "keyboard") {
    const shape = this.shape(id);
    if (!shape) return this.say("Nothing selected");
    const moved = this.shifted(shape, BESIDE, BESIDE);
    const copy = { ...shape, ...moved, id: newId(), ms: this.session.lap(), mode };
    this.selected = copy.id;
    this.put([...this.shapes, copy], { mode });
    this.say(`Duplicated ${shape.label}`);
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
    const answer = this.session.answerOf(next.name);
    const annotations = [...answer.annotations, ...copies];
    this.session.commitAll({ [next.name]: { ...answer, annotations } }, { mode: "keyboard" });
    this.say(`Copied ${copies.length} to item ${this.session.index + 2}`);
  }

  /** Arrow keys: move or resize the selected shape, or move the cursor where none is selected. */
  arrow(dx, dy, event) {
    if (!this.ready) return;
    const step = event.shiftKey ? 10 : 1;
    if (!event.repeat) this.#presses += 1;
    const shape = this.selectedShape;
    if (!shape) return this.stage.step(dx * step, dy * step);
    const change = event.altKey
      ? this.grown(shape, dx * step, dy * step)
      : this.shifted(shape, dx * step, dy * step);
    if (change) this.change(shape.id, change, "keyboard", `arrow ${this.#presses}`);
  }

  zoomToSelected() {
    const shape = this.selectedShape;
    if (shape) this.stage.zoomTo(this.bounds(shape));
    else this.stage.fit();
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
    return this.#pull(press) ?? this.tools[this.tool].grip(press);
  }

  /** In the select tool: takes hold of the shape under the pointer. */
  grab({ point, reach }) {
    const chosen = this.selectedShape;
    const inside = chosen && this.hit(chosen, point, 0);
    const shape = this.shapeAt(point, reach / 2) ?? (inside ? chosen : null);
    this.select(shape?.id ?? null);
    if (!shape) return null;
    const to = ([x, y]) => this.shifted(shape, x - point[0], y - point[1]);
    return this.#changing(shape, to);
  }

  /** The smallest shape under a point, so that one inside another can be reached; or null. */
  shapeAt(point, margin = 0) {
    const under = this.shapes.filter((shape) => this.hit(shape, point, margin));
    return smallest(under, (shape) => this.bounds(shape));
  }

  pointer(press) {
    const chosen = this.selectedShape;
    const handle = chosen && this.handle(chosen, press);
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

  #pull(press) {
    const shape = this.selectedShape;
    const handle = shape && this.handle(shape, press);
    return handle ? this.#changing(shape, (point) => this.pulled(shape, handle, point)) : null;
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
    const ratio = Math.min(...session.items.map(({ width, height }) => width / height));
    this.stage = new Stage(session, signal, {
      label: this.canvasLabel,
      ratio,
      paint: {
        shapes: (context, look) => this.#paintShapes(context, look),
        overlay: (context, look) => this.#paintOverlay(context, look),
      },
      drawing: () => this.tool !== "select" && !this.draft?.id,
      resting: () => this.resting,
    });
    this.labels = labelBar(this.classes, this.styles, {
      onChoose: (name, mode) => this.chooseLabel(name, mode),
    });
    this.list = this.#makeList();
    this.rail = rail(this);
    const work = el(
      "div",
      { className: "ls-work" },
      this.rail.node,
      this.stage.node,
      this.list.node,
    );
    const main = el("div", { className: "ls-main" }, this.labels.node, work);
    this.gestures = new Gestures(this, this.stage, signal);
    shell(root, session, signal, {
      main,
      focusTarget: this.stage.host,
      keys: shapeKeys(this),
      finish: (mode) => session.finish(mode),
    });
    root.addEventListener("keyup", (event) => event.key === " " && this.stage.holdPan(false), {
      signal,
    });
    this.setTool(firstTool);
    this.say(spec.hint);
    this.#showLabel();
    this.media = new Media(session.link, signal, {
      onReady: (name) => name === session.item.name && this.showPicture(),
      onSilence: () => session.unheard(),
    });
    session.on("answers", (names) => {
      if (names.includes(session.item.name)) this.refresh();
    });
    session.on("item", () => this.showItem());
    this.media.want(session.item.name);
    session.start();
  }

  showItem() {
    const { items, index, item } = this.session;
    this.selected = null;
    this.draft = null;
    this.unfinish(true);
    this.media.want(item.name);
    this.showPicture();
    this.refresh();
    if (this.session.loaded) this.say(`Item ${index + 1} of ${items.length}`);
  }

  showPicture() {
    const { item, items, index } = this.session;
    const picture = this.media.get(item.name);
    if (picture?.bitmap && items[index + 1]) this.media.want(items[index + 1].name);
    this.stage.show(picture, item, this.#shownItem !== item.name);
    this.#shownItem = item.name;
  }

  refresh() {
    if (this.selected && !this.selectedShape) this.selected = null;
    this.list.show(this.shapes, this.selected);
    this.#showLabel();
    this.stage.request("shapes", "overlay");
  }

  describe(shape) {
    const at = this.shapes.findIndex(({ id }) => id === shape.id);
    const name = this.noun[0].toUpperCase() + this.noun.slice(1);
    return `${at < 0 ? "" : `${name} ${at + 1}, `}${shape.label}, ${this.measured(shape)}`;
  }

  #makeList() {
    return new ShapeList({
      noun: this.noun,
      plural: this.plural,
      hint: this.emptyHint,
      classes: this.classes,
      attributes: this.attributes,
      styles: this.styles,
      size: (shape) => this.size(shape),
      detail: (id) => this.detail(id),
      on: {
        select: (id) => this.select(this.selected === id ? null : id),
        add: () => {
          this.insert("list");
          this.list.focusDetail();
        },
        label: (id, label) => this.change(id, { label }, "list"),
        flag: (id, name) => this.flag(name, "list", id),
        remove: (id) => this.remove(id, "list"),
        copy: (id) => this.duplicate(id, "list"),
      },
    });
  }

  #paintShapes(context, look) {
    const resting = this.shapes.filter(({ id }) => id !== this.selected);
    this.paintResting(context, resting, { ...look, styles: this.styles });
  }

  #paintOverlay(context, look) {
    const { draft, selectedShape: chosen } = this;
    const styled = { ...look, styles: this.styles };
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
    this.#showLabel();
  }

  #showLabel() {
    const shape = this.selectedShape;
    const own = shape && this.#atHand;
    const name = this.noun[0].toUpperCase() + this.noun.slice(1);
    const number = this.shapes.indexOf(shape) + 1;
    this.labels.show(
      [own ? shape.label : this.label],
      own ? `${name} ${number}` : `Next ${this.noun}`,
    );
  }
}
