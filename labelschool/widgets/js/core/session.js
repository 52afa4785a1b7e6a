// The work of one annotator: items, their answers, the place, history, clock and saving. Modes
// change answers only through `commit`; views listen with `on`.

import { emptyAnswer, judgeDraft, newId, stateOf } from "./answers.js";
import { DraftStore } from "./drafts.js";
import { History } from "./history.js";
import { Link } from "./link.js";
import { Saver } from "./save.js";
import { ActiveTimer } from "./timer.js";

export class Session {
  #listeners = new Map();
  #answers = new Map();
  #following = false;

  constructor(model, signal) {
    this.spec = model.get("spec");
    this.items = this.spec.items;
    this.signal = signal;
    this.client = newId();
    this.index = 0;
    this.loaded = false;
    this.silent = false;
    this.notice = null;
    this.busy = false;
    this.draftsFound = [];
    this.history = new History();
    this.timer = new ActiveTimer();
    this.drafts = new DraftStore(this.spec.draft_key, this.client);
    this.link = new Link(model, signal, () => this.#heard());
    this.saver = new Saver({
      send: (message) => this.link.send(message),
      drafts: this.drafts,
      client: this.client,
      onChange: () => this.emit("save"),
    });
    this.link.on(["state"], (message) => this.#state(message));
    this.link.on(["saved", "failed", "conflict"], (message) => {
      if (message.client === this.client) this.saver.receive(message);
      else this.#other(message);
    });
    signal.addEventListener("abort", () => this.saver.dispose());
  }

  /** Asks the kernel for what the answer file holds. */
  start() {
    this.#hello("first");
  }

  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...listeners, listener]);
  }

  emit(event, detail) {
    for (const listener of this.#listeners.get(event) ?? []) listener(detail);
  }

  /** Tells the learner, and a screen reader, what happened. */
  say(text) {
    this.emit("say", text);
  }

  get item() {
    return this.items[this.index];
  }

  get answer() {
    return this.answerOf(this.item.name);
  }

  answerOf(name) {
    return this.#answers.get(name) ?? emptyAnswer(name);
  }

  state(index) {
    return stateOf(this.answerOf(this.items[index].name));
  }

  get doneCount() {
    return this.items.filter((_, index) => this.state(index) === "done").length;
  }

  /** The change made to one item as a whole; see `commitAll`. */
  commit(change, options) {
    const answer = { ...this.answer, ...change };
    this.commitAll({ [answer.item]: answer }, options);
  }

  /**
   * Takes changed answers { name: answer }, as one step of history, and has them saved. `mode` is
   * the input mode, `merge` joins steps of a held key.
   */
  commitAll(after, { mode = "mouse", merge = null } = {}) {
    if (!this.loaded) return;
    const before = {};
    for (const name of Object.keys(after)) before[name] = this.answerOf(name);
    this.history.push({ before, after, index: this.index }, merge);
    this.#apply(after, mode);
  }

  undo() {
    this.#step(this.history.undo(), "before", "Undone");
  }

  redo() {
    this.#step(this.history.redo(), "after", "Done again");
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

  /** Goes to the next item; from the last one to the first that is not done. */
  advance() {
    const count = this.items.length;
    const open = this.items.findIndex((_, index) => this.state(index) !== "done");
    if (this.index + 1 < count) this.go(this.index + 1);
    else if (open >= 0 && open !== this.index) this.go(open);
    if (open < 0) this.say(`All ${count} items are done.`);
  }

  /** Active milliseconds since the last change of this item. */
  lap() {
    return Math.round(this.timer.lap());
  }

  /** Active milliseconds on the item in sight. */
  get activeMs() {
    return this.answer.active_ms + this.timer.total - this.itemStart;
  }

  /** Active milliseconds on all items of the exercise. */
  get exerciseMs() {
    const others = this.items.filter((item) => item !== this.item);
    return others.reduce((sum, { name }) => sum + this.answerOf(name).active_ms, this.activeMs);
  }

  /** Loads what the file holds in place of this tab's work, which one undo brings back. */
  loadNewer() {
    this.#hello("replace");
  }

  /** Writes all answers of this tab over what the file holds. */
  keepMine() {
    const answers = {};
    for (const { name } of this.items) answers[name] = this.answerOf(name);
    this.saver.keep(answers, "mouse");
  }

  /** Brings a draft back, as one step that can be undone. */
  restore(draft) {
    const known = new Set(this.items.map((item) => item.name));
    const after = Object.fromEntries(
      Object.entries(draft.edits).filter(([name]) => known.has(name)),
    );
    this.commitAll(after);
    this.dropDraft(draft);
    const index = this.items.findIndex((item) => item.name in after);
    this.go(index);
    this.say("Your unsaved work is back.");
  }

  hideNotice() {
    this.notice = null;
    this.emit("save");
  }

  dropDraft(draft) {
    this.drafts.remove(draft.key);
    this.draftsFound = this.draftsFound.filter((other) => other !== draft);
    this.emit("save");
  }

  #apply(answers, mode) {
    const timed = {};
    for (const [name, answer] of Object.entries(answers)) {
      const active = name === this.item.name ? this.activeMs : this.answerOf(name).active_ms;
      timed[name] = { ...answer, active_ms: Math.round(active) };
      this.#answers.set(name, timed[name]);
    }
    this.itemStart = this.timer.total;
    this.emit("answers", Object.keys(timed));
    this.saver.edit(timed, mode);
  }

  #step(entry, side, word) {
    if (!entry) return this.say(side === "before" ? "Nothing to undo" : "Nothing to redo");
    const names = Object.keys(entry[side]);
    if (!names.includes(this.item.name)) this.go(entry.index);
    this.#apply(entry[side], "keyboard");
    this.say(word);
  }

  #keepTime() {
    const name = this.item.name;
    this.#answers.set(name, { ...this.answerOf(name), active_ms: Math.round(this.activeMs) });
    this.itemStart = this.timer.total;
    this.timer.lap();
  }

  #hello(why) {
    this.why = why;
    this.answered?.();
    const message = { kind: "hello", client: this.client };
    this.answered = this.link.ask(message, () => this.unheard(), this.signal);
  }

  /** The kernel does not answer. */
  unheard() {
    if (this.silent) return;
    this.silent = true;
    this.emit("save");
  }

  #heard() {
    if (!this.silent) return;
    this.silent = false;
    this.emit("save");
  }

  #state(message) {
    if (message.client !== this.client || !this.why) return;
    this.answered();
    const why = this.why;
    this.why = null;
    if (why === "follow" && !this.saver.clean) return;
    const before = {};
    const after = {};
    for (const { name } of this.items) {
      before[name] = this.answerOf(name);
      after[name] = message.answers[name] ?? emptyAnswer(name);
    }
    this.saver.start(message.revision);
    this.notice = message.notice;
    this.#answers = new Map(Object.entries(after));
    if (why === "replace") this.history.push({ before, after, index: this.index });
    if (why === "first") this.#first(message);
    this.itemStart = this.timer.total;
    this.loaded = true;
    this.emit("answers", Object.keys(after));
    this.emit("item");
    if (why !== "first") this.say("The newer work is loaded.");
    this.emit("save");
  }

  #first(message) {
    const held = { ...message, answers: Object.fromEntries(this.#answers) };
    for (const draft of this.drafts.list()) {
      const worth = judgeDraft(draft, held);
      if (worth === "none") this.drafts.remove(draft.key);
      else this.draftsFound.push({ ...draft, worth });
    }
    const open = this.items.findIndex((_, index) => this.state(index) !== "done");
    this.index = Math.max(0, open);
  }

  /** Another tab of this kernel saved: a tab with nothing of its own to lose follows. */
  #other(message) {
    if (message.kind !== "saved" || message.revision === this.saver.base) return;
    this.#following = true;
    this.settle();
  }

  /** Called when a gesture ends: does what had to wait for it. */
  settle() {
    if (!this.#following || this.busy || !this.saver.clean) return;
    this.#following = false;
    this.#hello("follow");
  }
}
