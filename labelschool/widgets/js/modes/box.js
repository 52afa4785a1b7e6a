// The box mode: shapes, selection, tools and what each input does to them.

import { newId } from "../core/answers.js";
import { clip, contains, fromExtremes, grow, roundBox, translate } from "../core/geometry.js";
import { Images } from "../core/images.js";
import { Session } from "../core/session.js";
import { Viewport } from "../core/viewport.js";
import { el } from "../ui/dom.js";
import { FLAGS, flagSpoken, nextFlag } from "../ui/flags.js";
import { labelBar } from "../ui/labelbar.js";
import { Layers } from "../ui/layers.js";
import { lightPanel } from "../ui/light.js";
import { styles } from "../ui/palette.js";
import { ShapeList } from "../ui/shapelist.js";
import { shell } from "../ui/shell.js";
import { boxKeys } from "./boxkeys.js";
import { boxPainters } from "./boxpaint.js";
import { boxRail } from "./boxrail.js";
import { Gestures } from "./gestures.js";

/** Screen pixels around a selected box within which a number key still means this box. */
const NEAR = 14;

export class BoxEditor {
  constructor(model, root, signal) {
    this.session = new Session(model, signal);
    const { spec } = this.session;
    this.attributes = spec.attributes;
    this.classes = spec.classes;
    this.label = spec.classes[0];
    this.styles = styles(spec.classes);
    this.tool = "box";
    this.selected = null;
    this.draft = null;
    this.extremes = [];
    this.cursor = null;
    this.showing = { labels: true, boxes: true, crosshair: true, grid: false, cursor: false };
    this.presses = 0;
    this.panKey = false;
    this.away = false;
    this.view = new Viewport();
    this.#build(root, signal);
    this.images = new Images(this.session.link, signal, {
      onReady: (name) => name === this.session.item.name && this.#showPicture(),
      onSilence: () => this.session.unheard(),
    });
    this.session.on("answers", (names) => {
      if (names.includes(this.session.item.name)) this.#refresh();
    });
    this.session.on("item", () => this.#showItem());
    this.images.want(this.session.item.name);
    this.session.start();
  }

  // What gestures and keys ask for ---------------------------------------------------------------

  get shapes() {
    return this.session.answer.annotations;
  }

  get selectedShape() {
    return this.selected ? (this.shapes.find(({ id }) => id === this.selected) ?? null) : null;
  }

  /** True once the picture and the saved work are there. */
  get ready() {
    return Boolean(this.session.loaded && this.picture?.bitmap);
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

  setTool(tool) {
    // Pressed again, a drawing tool lets go of the selected box.
    if (tool !== "select" && this.tool === tool) this.select(null);
    this.tool = tool;
    this.extremes = [];
    for (const [name, node] of Object.entries(this.rail.tools)) {
      node.setAttribute("aria-pressed", String(name === tool));
    }
    this.host.style.cursor = tool === "select" ? "default" : "crosshair";
    this.say(
      {
        select: "Select: click a box, drag it or its handles",
        box: "Box: drag over an object",
        extreme:
          "Extreme clicks: click the object's topmost, leftmost, bottommost and rightmost point",
      }[tool],
    );
    this.layers.request("overlay");
  }

  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.away = false;
    const shape = this.selectedShape;
    if (shape) this.say(this.#describe(shape));
    this.#refresh();
  }

  cycle(step) {
    const count = this.shapes.length;
    if (!count) return this.say("No boxes yet");
    const at = this.shapes.findIndex(({ id }) => id === this.selected);
    const next = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
    this.select(this.shapes[next].id);
    const [x, y, w, h] = this.shapes[next].bbox;
    this.view.reveal([x + w / 2, y + h / 2]);
    this.layers.request("picture", "shapes", "overlay");
  }

  add(bbox, mode) {
    if (!this.ready) return;
    const shape = {
      type: "box",
      id: newId(),
      label: this.label,
      bbox: roundBox(clip(bbox, this.view.frame)),
      occluded: 0,
      truncated: false,
      crowd: false,
      unsure: false,
      ms: this.session.lap(),
      mode,
    };
    this.selected = shape.id;
    this.away = false;
    this.session.commit({ annotations: [...this.shapes, shape] }, { mode });
    this.say(`Added ${this.#describe(shape)}`);
  }

  /** A box of an eighth of the frame around the cursor, for the keyboard and the list. */
  insert(mode) {
    const { width, height } = this.view.frame;
    const [x, y] = this.cursor ?? this.#middle();
    const [w, h] = [width / 8, height / 8];
    this.add(translate([x - w / 2, y - h / 2, w, h], 0, 0, this.view.frame), mode);
  }

  addExtreme(point, mode) {
    this.select(null);
    this.extremes.push(point);
    if (this.extremes.length === 4) {
      const bbox = fromExtremes(this.extremes);
      this.extremes = [];
      if (bbox[2] < 1 || bbox[3] < 1) this.say("These four points span no box");
      else this.add(bbox, mode);
    } else this.say(`Point ${this.extremes.length} of 4`);
    this.layers.request("overlay");
  }

  reshape(id, bbox, mode, merge = null) {
    this.change(id, { bbox: roundBox(clip(bbox, this.view.frame)) }, mode, merge);
  }

  /** Changes fields of one shape. */
  change(id, change, mode = "keyboard", merge = null) {
    const annotations = this.shapes.map((shape) =>
      shape.id === id ? { ...shape, ...change, ms: shape.ms + this.session.lap() } : shape,
    );
    this.session.commit({ annotations }, { mode, merge });
    const shape = this.shapes.find((other) => other.id === id);
    this.say(this.#describe(shape));
  }

  flag(name, mode = "keyboard", id = this.selected) {
    const shape = this.shapes.find((other) => other.id === id);
    if (!shape) return this.say(`Select a box first, then ${FLAGS[name].key}`);
    this.change(shape.id, nextFlag(shape, name), mode);
    this.say(
      flagSpoken(
        this.shapes.find((other) => other.id === id),
        name,
      ),
    );
  }

  /** A number key: the class of the box at hand, else of the next box. */
  chooseLabel(name, mode) {
    this.label = name;
    const shape = this.selectedShape;
    if (shape && this.#atHand) {
      if (shape.label !== name) this.change(shape.id, { label: name }, mode);
      return this.#showLabel();
    }
    this.select(null);
    this.say(`Next box: ${name}`);
    this.#showLabel();
  }

  remove(id = this.selected, mode = "keyboard") {
    if (this.extremes.length) {
      this.extremes.pop();
      return this.layers.request("overlay");
    }
    const shape = this.shapes.find((other) => other.id === id);
    if (!shape) return this.say("Nothing selected");
    const annotations = this.shapes.filter((other) => other !== shape);
    this.selected = null;
    this.session.commit({ annotations }, { mode });
    this.say(`Deleted ${shape.label}`);
  }

  duplicate(id = this.selected, mode = "keyboard") {
    const shape = this.shapes.find((other) => other.id === id);
    if (!shape) return this.say("Nothing selected");
    const bbox = roundBox(translate(shape.bbox, 8, 8, this.view.frame));
    const copy = { ...shape, id: newId(), bbox, ms: this.session.lap(), mode };
    this.selected = copy.id;
    this.session.commit({ annotations: [...this.shapes, copy] }, { mode });
    this.say(`Duplicated ${shape.label}`);
  }

  /** Copies the selected box, or all boxes, to the next item. */
  copyToNext() {
    const next = this.session.items[this.session.index + 1];
    if (!next) return this.say("This is the last item");
    const chosen = this.selectedShape ? [this.selectedShape] : this.shapes;
    if (!chosen.length) return this.say("No boxes to copy");
    const copies = chosen.map((shape) => ({
      ...shape,
      id: newId(),
      bbox: roundBox(clip(shape.bbox, next)),
      ms: 0,
      mode: "keyboard",
    }));
    const answer = this.session.answerOf(next.name);
    const annotations = [...answer.annotations, ...copies];
    this.session.commitAll({ [next.name]: { ...answer, annotations } }, { mode: "keyboard" });
    this.say(`Copied ${copies.length} to item ${this.session.index + 2}`);
  }

  /** Arrow keys: move the selected box, or the cursor where none is selected. */
  arrow(dx, dy, event) {
    if (!this.ready) return;
    const step = event.shiftKey ? 10 : 1;
    const shape = this.selectedShape;
    if (!event.repeat) this.presses += 1;
    const merge = `arrow ${this.presses}`;
    if (shape) {
      const change = event.altKey ? grow : translate;
      const bbox = change(shape.bbox, dx * step, dy * step, this.view.frame);
      this.reshape(shape.id, bbox, "keyboard", merge);
      return;
    }
    const [x, y] = this.cursor ?? this.#middle();
    this.hover(
      translate([x + dx * step, y + dy * step, 0, 0], 0, 0, this.view.frame).slice(0, 2),
      true,
    );
    this.view.reveal(this.cursor);
    this.layers.request("picture", "shapes", "overlay");
    this.say(`Cursor at ${this.cursor.map(Math.round).join(", ")}`);
  }

  toggle(name) {
    this.showing[name] = !this.showing[name];
    this.rail.views[name]?.setAttribute("aria-pressed", String(this.showing[name]));
    this.say(`${name[0].toUpperCase()}${name.slice(1)} ${this.showing[name] ? "shown" : "hidden"}`);
    this.layers.request("shapes", "overlay");
  }

  toggleLight() {
    const open = this.light.toggle();
    if (!open) this.host.focus({ preventScroll: true });
    this.rail.views.light.setAttribute("aria-pressed", String(open));
  }

  fit() {
    this.view.fit();
    this.#viewChanged();
  }

  zoom(factor) {
    this.view.zoom(factor);
    this.#viewChanged();
  }

  zoomAt(screen, factor) {
    this.view.zoomAt(screen, factor);
    this.#viewChanged();
  }

  zoomToSelected() {
    const shape = this.selectedShape;
    if (!shape) return this.fit();
    this.view.zoomTo(shape.bbox);
    this.#viewChanged();
  }

  pan(dx, dy) {
    this.view.pan(dx, dy);
    this.#viewChanged();
  }

  hover(point, shown) {
    this.cursor = point;
    this.showing.cursor = Boolean(shown);
    const shape = this.selectedShape;
    const away = shape !== null && !contains(shape.bbox, point, NEAR / this.view.scale);
    if (away !== this.away) {
      this.away = away;
      this.#showLabel();
    }
    this.layers.request("overlay");
  }

  leave() {
    this.showing.cursor = false;
    this.away = false;
    this.#showLabel();
    this.layers.request("overlay");
  }

  /** Shows a box as it would become, without changing anything; null ends it. */
  preview(bbox, shape = null) {
    this.draft = bbox && { ...(shape ?? { label: this.label }), bbox };
    this.layers.request("overlay");
  }

  escape() {
    if (this.gestures.active) return this.gestures.abandon();
    if (this.extremes.length) {
      this.extremes = [];
      return this.layers.request("overlay");
    }
    if (this.selected) return this.select(null);
    this.host.blur();
  }

  // Building and showing -------------------------------------------------------------------------

  #build(root, signal) {
    const { spec } = this.session;
    this.host = el("div", {
      className: "ls-canvas",
      tabIndex: 0,
      role: "application",
      "aria-label":
        "Picture. Insert adds a box at the cursor, arrows move it, Alt and arrows resize it, " +
        "1 to 9 choose its class, question mark shows all keys. The list of boxes does the same.",
    });
    this.veil = el("div", { className: "ls-veil", textContent: "Loading the picture…" });
    const ratio = Math.min(...this.session.items.map(({ width, height }) => width / height));
    this.host.style.setProperty("--ls-ratio", ratio);
    this.labels = labelBar(this.classes, this.styles, {
      onChoose: (name, mode) => this.chooseLabel(name, mode),
    });
    this.light = lightPanel((filter) => {
      this.layers.canvases.picture.style.filter = filter;
    });
    this.list = new ShapeList({
      classes: this.classes,
      attributes: this.attributes,
      styles: this.styles,
      on: {
        select: (id) => this.select(this.selected === id ? null : id),
        add: () => {
          this.insert("list");
          this.list.focusNumbers();
        },
        change: (id, change) =>
          change.bbox ? this.reshape(id, change.bbox, "list") : this.change(id, change, "list"),
        flag: (id, name) => this.flag(name, "list", id),
        remove: (id) => this.remove(id, "list"),
        copy: (id) => this.duplicate(id, "list"),
      },
    });
    this.where = el("span", { className: "ls-where", "aria-hidden": "true" });
    this.rail = boxRail(this);
    const stage = el("div", { className: "ls-stage" }, this.host, this.light.node, this.where);
    const work = el("div", { className: "ls-work" }, this.rail.node, stage, this.list.node);
    const main = el("div", { className: "ls-main" }, this.labels.node, work);
    this.layers = new Layers(this.host, this.view, boxPainters(this), signal);
    this.host.append(this.veil);
    this.gestures = new Gestures(this, signal);
    shell(root, this.session, signal, {
      main,
      focusTarget: this.host,
      keys: boxKeys(this),
      finish: (mode) => this.session.finish(mode),
    });
    root.addEventListener("keyup", (event) => event.key === " " && this.holdPan(false), { signal });
    this.host.addEventListener("blur", () => this.holdPan(false), { signal });
    this.setTool("box");
    this.say(spec.hint);
    this.#showLabel();
  }

  holdPan(on) {
    if (this.panKey === on) return;
    this.panKey = on;
    this.host.style.cursor = on ? "grab" : this.tool === "select" ? "default" : "crosshair";
  }

  #showItem() {
    const { items, index, item } = this.session;
    this.selected = null;
    this.draft = null;
    this.extremes = [];
    this.cursor = null;
    this.images.want(item.name);
    this.#showPicture();
    this.#refresh();
    if (this.session.loaded) this.say(`Item ${index + 1} of ${items.length}`);
  }

  #showPicture() {
    const { item, items, index } = this.session;
    this.picture = this.images.get(item.name);
    this.veil.hidden = Boolean(this.picture?.bitmap);
    this.veil.textContent = this.picture?.error ?? "Loading the picture…";
    if (this.picture?.bitmap && items[index + 1]) this.images.want(items[index + 1].name);
    if (this.shownItem !== item.name) {
      this.shownItem = item.name;
      this.view.show({ width: item.width, height: item.height });
    }
    this.#viewChanged();
  }

  #viewChanged() {
    this.layers.request("picture", "shapes", "overlay");
  }

  #refresh() {
    if (this.selected && !this.selectedShape) this.selected = null;
    this.list.show(this.shapes, this.selected);
    this.#showLabel();
    this.layers.request("shapes", "overlay");
  }

  /** True while a class key means the selected box rather than the next one. */
  get #atHand() {
    return this.tool === "select" || !this.away;
  }

  #showLabel() {
    const shape = this.selectedShape;
    const own = shape && this.#atHand;
    const number = this.shapes.indexOf(shape) + 1;
    this.labels.show([own ? shape.label : this.label], own ? `Box ${number}` : "Next box");
  }

  #describe(shape) {
    const number = this.shapes.indexOf(shape) + 1;
    const [x, y, w, h] = shape.bbox.map(Math.round);
    return `${number ? `Box ${number}, ` : ""}${shape.label}, ${w} by ${h} at ${x}, ${y}`;
  }

  #middle() {
    const { width, height } = this.view.panel;
    const [x, y] = this.view.toImage([width / 2, height / 2]);
    return translate([x, y, 0, 0], 0, 0, this.view.frame).slice(0, 2);
  }
}
