// The track mode: boxes through a clip, with keyframes where the motion changes.

import * as tracks from "../core/tracks.js";
import { el } from "../ui/dom.js";
import { paintSize } from "../ui/painter.js";
import { timeline } from "../ui/timeline.js";
import { paintTrack } from "../ui/trackpaint.js";
import { ClipShapes } from "./clip.js";
import { actButtons, actKeys } from "./trackacts.js";

export class TrackEditor extends ClipShapes {
  noun = "track";
  plural = "tracks";
  canvasLabel =
    "Clip. Comma and full stop go through the frames, Insert adds a track, arrows " +
    "move its box, question mark shows all keys. The list and the timeline do the same.";
  emptyHint =
    "No tracks yet. Drag over an object, go some frames on, and put the box where it is then.";
  /** The ids of the last two tracks selected, the latest first. */
  recent = [];

  constructor(model, root, signal) {
    super(model, signal);
    const { box, extreme } = this.tools;
    const { grip } = box;
    box.title = "Track: drag a box";
    box.hint = "Track: drag over an object; a drag inside the selected box moves it";
    box.grip = (press) => ({ ...grip(press), ...this.#held(press) });
    extreme.title = "Track: four extreme clicks";
    this.build(root, signal);
  }

  get inSight() {
    return this.shapes.filter((track) => tracks.isThere(track, this.frame));
  }

  get moreKeys() {
    return { Shape: actKeys(this), Clip: this.clipKeys };
  }

  keyFrame(direction) {
    const chosen = this.selectedShape;
    return tracks.nextKeyFrame(chosen ? [chosen] : this.shapes, this.frame, direction);
  }

  arrow(dx, dy, event) {
    const track = this.selectedShape;
    if (!track || tracks.isThere(track, this.frame)) return super.arrow(dx, dy, event);
    this.say(`${this.named(track)} is not in this frame: A brings it here`);
  }

  // What a track is ------------------------------------------------------------------------------

  bounds(track) {
    return tracks.boxAt(track, this.frame);
  }

  boxed(bbox) {
    const key = { frame: this.frame, bbox, occluded: false, outside: false };
    return { type: "track", id: tracks.nextId(this.shapes), keyframes: [key] };
  }

  reboxed(track, bbox) {
    return { keyframes: tracks.withKey(track, this.frame, { bbox, outside: false }) };
  }

  beside(track, by) {
    const keyframes = tracks.moved(track, by, by, this.view.frame);
    return { id: tracks.nextId(this.shapes), keyframes };
  }

  hit(track, point, margin) {
    return tracks.isThere(track, this.frame) && super.hit(track, point, margin);
  }

  handle(track, press) {
    return tracks.isThere(track, this.frame) ? super.handle(track, press) : null;
  }

  number({ id }) {
    return id;
  }

  named({ label, id }) {
    return `${label} ${id}`;
  }

  size({ keyframes }) {
    const last = keyframes.at(-1);
    const end = last.outside ? last.frame - 1 : this.last;
    const plural = keyframes.length > 1 ? "s" : "";
    return `${keyframes[0].frame}–${end} · ${keyframes.length} key${plural}`;
  }

  describe(track) {
    return `${this.named(track)}, ${super.measured(track)}, frame ${this.frame}`;
  }

  pointer(press) {
    const found = super.pointer(press);
    const free = this.tool === "box" && found === this.resting;
    return free && this.#held(press) ? "move" : found;
  }

  /** In the drawing tool, too, a drag inside the selected box moves it. */
  #held({ point }) {
    const track = this.selectedShape;
    return track && this.hit(track, point, 0) ? this.hold(track, point) : null;
  }

  // Showing --------------------------------------------------------------------------------------

  below() {
    this.timeline = timeline({
      styles: this.styles,
      named: this.named,
      on: { seek: (frame) => this.go(frame), select: (id) => this.select(id) },
    });
    return this.timeline.node;
  }

  detail(id) {
    const numbers = super.detail(id);
    const acts = actButtons(this);
    const fill = (track) => {
      numbers.fill(track);
      acts.fill(track);
    };
    return { ...numbers, node: el("div.track", numbers.node, acts.node), fill };
  }

  showItem() {
    this.recent = [];
    super.showItem();
  }

  refresh() {
    const { selected, recent } = this;
    if (selected && selected !== recent[0]) this.recent = [selected, recent[0]];
    this.timeline.show(this.shapes, selected, this.last + 1);
    super.refresh();
  }

  showFrame() {
    super.showFrame();
    this.timeline.moveTo(this.frame);
  }

  paintResting(context, resting, look) {
    for (const track of resting) paintTrack(context, track, this, look);
  }

  paintChosen(context, shape, look) {
    if (!shape.keyframes) return super.paintChosen(context, shape, look);
    paintTrack(context, shape, this, look, true);
    if (look.moving) paintSize(context, this.bounds(shape), this.view, look);
  }
}
