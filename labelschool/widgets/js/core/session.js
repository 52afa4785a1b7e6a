// The work of one annotator: items, their answers, the place and the clock.

import { emptyAnswer, sameWork, stateOf } from "./answers.js";
import { activeTimer } from "./timer.js";
import { Work } from "./work.js";

export class Session extends Work {
  /** What the clock showed when the item came into sight, or was last changed. */
  #itemStart = 0;

  constructor(model, signal) {
    const { items } = model.get("spec");
    super(
      model,
      signal,
      items.map((item) => item.name),
    );
    this.items = items;
    this.index = 0;
    this.timer = activeTimer();
  }

  empty(name) {
    return emptyAnswer(name);
  }

  same(a, b) {
    return sameWork(a, b);
  }

  follows(base, revision) {
    return base + 1 === revision;
  }

  isOlder(revision, base) {
    return revision < base;
  }

  get at() {
    return this.index;
  }

  reveal(names, at) {
    if (at === undefined) this.go(this.names.findIndex((name) => names.includes(name)));
    else if (!names.includes(this.item.name)) this.go(at);
  }

  opened(first) {
    if (first) {
      this.index = Math.max(0, this.#firstOpen);
    }
    this.#itemStart = this.timer.total;
  }

  called(names) {
    const numbers = names.map((name) => this.names.indexOf(name) + 1).filter(Boolean);
    return `item ${numbers.join(", ")}`;
  }

  get item() {
    return this.items[this.index];
  }

  get answer() {
    return this.held(this.item.name);
  }

  state(index) {
    return stateOf(this.held(this.items[index].name));
  }

  get doneCount() {
    return this.items.filter((_, index) => this.state(index) === "done").length;
  }

  /** The change made to one item as a whole; see `commitAll`. */
  commit(change, options) {
    const answer = { ...this.answer, ...change };
    this.commitAll({ [answer.item]: answer }, options);
  }

  apply(answers, mode, pause) {
    const timed = {};
    for (const [name, answer] of Object.entries(answers)) {
      const active = name === this.item.name ? this.activeMs : this.held(name).active_ms;
      timed[name] = { ...answer, active_ms: Math.round(active) };
    }
    this.#itemStart = this.timer.total;
    super.apply(timed, mode, pause);
  }

  /** Goes to an item, keeping the time spent on the last one. */
  go(index) {
    const target = Math.min(this.items.length - 1, Math.max(0, index));
    if (target === this.index) return;
    this.#keepTime();
    this.index = target;
    this.emit("item");
  }

  /** Marks the item done and goes on to the next that is not. */
  finish(mode) {
    if (!this.answer.done) this.commit({ done: true }, { mode });
    this.advance();
  }

  /** The first item that is not done, or -1. */
  get #firstOpen() {
    return this.items.findIndex((_, index) => this.state(index) !== "done");
  }

  /** Goes to the next item; from the last one to the first that is not done. */
  advance() {
    const count = this.items.length;
    const open = this.#firstOpen;
    if (this.index + 1 < count) this.go(this.index + 1);
    else if (open >= 0) this.go(open);
    if (open < 0) this.say(`All ${count} items are done.`);
  }

  /** Active milliseconds since the last change of this item. */
  lap() {
    return Math.round(this.timer.lap());
  }

  /** Active milliseconds on the item in sight. */
  get activeMs() {
    return this.answer.active_ms + this.timer.total - this.#itemStart;
  }

  /** Active milliseconds on all items of the exercise. */
  get exerciseMs() {
    const others = this.items.filter((item) => item !== this.item);
    return others.reduce((sum, { name }) => sum + this.held(name).active_ms, this.activeMs);
  }

  #keepTime() {
    const name = this.item.name;
    this.keep(name, { ...this.held(name), active_ms: Math.round(this.activeMs) });
    this.#itemStart = this.timer.total;
    this.timer.lap();
  }
}
