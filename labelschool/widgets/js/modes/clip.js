// What a mode on clips needs beside boxes: the frame in sight, the way through the frames, playing.

import { decoder } from "../core/frames.js";
import { player } from "../core/player.js";
import { transport } from "../ui/transport.js";
import { BoxShapes } from "./box.js";

/** Frames a second where an item does not say. */
const FPS = 10;
const LEAP = 10;
const FASTEST = 2;
const SLOWEST = 0.25;

/** A mode adds `keyFrame(direction)`: the frame of the next keyframe, if there is one. */
export class ClipShapes extends BoxShapes {
  part = "frames";
  copiesOn = false;
  frame = 0;
  #clip = null;
  #item = null;
  #speed = 1;

  constructor(model, signal) {
    super(model, signal);
    this.player = player({
      next: () => {
        // Watching is work.
        this.session.timer.touch();
        this.seek(this.frame + 1);
      },
      ready: () => this.#clip?.has(this.frame + 1),
      atEnd: () => this.frame >= this.last,
      period: () => 1000 / (this.#fps * this.#speed),
      onChange: () => this.showFrame(),
    });
    this.session.on("place", (frame) => this.go(frame ?? this.frame));
    signal.addEventListener("abort", () => {
      this.player.stop();
      this.#clip?.close();
    });
  }

  /** The number of the last frame. */
  get last() {
    return this.session.item.frames - 1;
  }

  /** True only once the frame in sight is the one to be labelled. */
  get ready() {
    return super.ready && this.#clip.has(this.frame);
  }

  /** Rows of keys; those with an `image`, be it empty, are buttons, too. */
  get clipKeys() {
    const row = (keys, help, run, image, shown) => [
      keys,
      help,
      run,
      { repeat: true, image, shown },
    ];
    return [
      row("Shift+K", "Keyframe before", () => this.stepKey(-1), "keyback"),
      row(",", "Frame before", () => this.step(-1), "left"),
      row("P", "Play or pause", () => this.play(), "play"),
      row(".", "Next frame", () => this.step(1), "right"),
      row("K", "Next keyframe", () => this.stepKey(1), "keynext"),
      row("Shift+P", "Next speed", () => this.changeSpeed(), ""),
      row("< ;", "10 frames back", () => this.step(-LEAP), undefined, "Shift+,"),
      row("> :", "10 frames on", () => this.step(LEAP), undefined, "Shift+."),
      row("Home", "First frame", () => this.step(-this.frame)),
      row("End", "Last frame", () => this.step(this.last)),
    ];
  }

  build(root, signal) {
    this.transport = transport(this.clipKeys, (frame) => this.go(frame));
    super.build(root, signal);
    this.stage.node.append(this.transport.node);
  }

  /** Goes to a frame, also while the clip plays. */
  seek(frame) {
    const to = Math.min(this.last, Math.max(0, Math.round(frame)));
    if (to === this.frame) return;
    if (this.gestures.active) this.gestures.abandon();
    this.unfinish(true);
    this.frame = to;
    this.showPicture();
    this.showFrame();
  }

  /** Goes to a frame and stays there. */
  go(frame) {
    this.player.stop();
    this.seek(frame);
  }

  step(by) {
    this.go(this.frame + by);
    this.say(`Frame ${this.frame} of ${this.last}`);
  }

  stepKey(direction) {
    const frame = this.keyFrame(direction);
    if (frame === undefined) this.say(`No keyframe ${direction > 0 ? "after" : "before"} this`);
    else this.step(frame - this.frame);
  }

  /** Plays, from the last frame anew, or pauses. */
  play() {
    if (this.player.playing) return this.player.stop();
    if (!this.ready) return;
    if (this.frame === this.last) this.seek(0);
    this.player.play();
  }

  changeSpeed() {
    this.#speed = this.#speed < FASTEST ? 2 * this.#speed : SLOWEST;
    this.showFrame();
    this.say(`Speed ${this.#speed} ×`);
  }

  busy() {
    this.player.stop();
    super.busy();
  }

  /** Every step of history knows its frame, and undoing it goes there. */
  put(shapes, options) {
    super.put(shapes, { ...options, place: this.frame });
  }

  picture(item) {
    const files = super.picture(item);
    if (!files?.buffers) return files;
    if (this.#clip?.buffers !== files.buffers) {
      this.#clip?.close();
      const onReady = (frame) => frame === this.frame && this.showPicture();
      this.#clip = decoder(files.buffers, item, onReady);
    }
    const { frame } = this;
    const bitmap = this.#clip.show(frame);
    if (bitmap === null) {
      return { error: `Frame ${frame} of ${item.name} cannot be shown: its file is damaged.` };
    }
    return { bitmap };
  }

  showItem() {
    const { name } = this.session.item;
    if (this.#item !== name) {
      this.player.stop();
      this.frame = 0;
      this.#item = name;
    }
    super.showItem();
  }

  refresh() {
    super.refresh();
    this.showFrame();
  }

  /** Brings all that depends on the frame up to date. */
  showFrame() {
    const { frame, last, player } = this;
    const { playing } = player;
    this.transport.show({ frame, last, fps: this.#fps, playing, speed: this.#speed });
    if (this.selectedShape) this.list.live(this.selectedShape);
    this.stage.request("shapes", "overlay");
  }

  get #fps() {
    return this.session.item.fps ?? FPS;
  }
}
