// Work under a few names and how it is kept: what is held, history, drafts, and saving by the kernel.
// Modes change what is held only through `commitAll`; views listen with `on`.

import { judgeDraft, newId } from "./answers.js";
import { DraftStore } from "./drafts.js";
import { History } from "./history.js";
import { Link } from "./link.js";
import { Saver } from "./save.js";

/** { name: what `of` says of it }. */
export const byName = (names, of) => Object.fromEntries(names.map((name) => [name, of(name)]));

export class Work {
  #listeners = {};
  #held = {};
  #following = false;
  #why = null;
  #answered = null;

  constructor(model, signal, names) {
    this.spec = model.get("spec");
    this.names = names;
    this.signal = signal;
    this.client = newId();
    this.loaded = false;
    this.silent = false;
    this.notice = null;
    this.busy = false;
    this.draftsFound = [];
    this.history = new History();
    this.drafts = new DraftStore(this.spec.draft_key, this.client);
    this.link = new Link(model, signal, () => this.unheard(false));
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

  // What a subclass knows of its values --------------------------------------------------------

  /** What stands under a name before anything is made. */
  empty(name) {
    return { name };
  }

  /** True when two values hold the same work. */
  same(a, b) {
    return JSON.stringify(a) === JSON.stringify(b);
  }

  // A revision is the kernel's name for the state of the files; "" and 0 are no files.

  /** True when `revision` may be the one that a save on `base` made. */
  follows(_base, _revision) {
    return true;
  }

  /** True when the files were removed or put back. */
  isOlder(revision, _base) {
    return !revision;
  }

  /** Where the learner is, kept with each step of history. */
  get at() {
    return null;
  }

  /** Brings one of the names into sight; `at` is where its change was made, if that is known. */
  reveal(_names, _at) {}

  /** Called when what the file holds has replaced what was held here. */
  opened(_first) {}

  /** How a learner calls what stands under these names. */
  called(names) {
    return names.join(", ");
  }

  // What views and modes use -------------------------------------------------------------------

  /** Asks the kernel for what the answer file holds. */
  start() {
    this.#hello("first");
  }

  on(event, listener) {
    this.#listeners[event] ??= [];
    this.#listeners[event].push(listener);
  }

  emit(event, detail) {
    for (const listener of this.#listeners[event] ?? []) listener(detail);
  }

  /** Tells the learner, and a screen reader, what happened. */
  say(text) {
    this.emit("say", text);
  }

  held(name) {
    return this.#held[name] ?? this.empty(name);
  }

  /** Holds a value without saving it. */
  keep(name, value) {
    this.#held[name] = value;
  }

  /**
   * Takes changed values { name: value }, as one step of history, and has them saved. `mode` is
   * the input mode, `merge` joins steps of a held key; `place` is where it was done, and comes back
   * with the event "place" when the step is undone or done again. With `pause` the saving waits for
   * so many ms without another change.
   */
  commitAll(after, { mode = "mouse", merge = null, place = null, pause = 0 } = {}) {
    if (!this.loaded) return;
    const before = byName(Object.keys(after), (name) => this.held(name));
    this.history.push({ before, after, at: this.at, place }, merge);
    this.apply(after, mode, pause);
  }

  /** Takes changed values and has them saved. */
  apply(values, mode, pause = 0) {
    Object.assign(this.#held, values);
    this.emit("answers", Object.keys(values));
    this.saver.edit(values, mode, pause);
  }

  /** A mode's own step back in what is being drawn; returns true when there was one. */
  unfinish() {
    return false;
  }

  undo() {
    if (!this.unfinish()) this.#step(this.history.undo(), "before", "Undone");
  }

  redo() {
    this.#step(this.history.redo(), "after", "Done again");
  }

  /** Loads what the file holds in place of this tab's work, which one undo brings back. */
  loadNewer() {
    this.#hello("replace");
  }

  /** Writes all work of this tab over what the file holds. */
  keepMine() {
    this.saver.keep(this.#all, "mouse");
  }

  /** Brings a draft back, as one step that can be undone. */
  restore(draft) {
    const known = this.names.filter((name) => draft.edits[name]);
    this.commitAll(byName(known, (name) => draft.edits[name]));
    this.dropDraft(draft);
    this.reveal(known);
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

  /** The kernel does not answer, or does so again. */
  unheard(silent = true) {
    if (silent === this.silent) return;
    this.silent = silent;
    this.emit("save");
  }

  /** Asks the kernel, again and again until the returned function is called. */
  ask(message) {
    const asked = { client: this.client, ...message };
    return this.link.ask(asked, () => this.unheard(), this.signal);
  }

  /** Called when a gesture ends: does what had to wait for it. */
  settle() {
    if (!this.#following || this.busy || !this.saver.clean) return;
    this.#following = false;
    this.#hello("follow");
  }

  get #all() {
    return byName(this.names, (name) => this.held(name));
  }

  #step(entry, side, word) {
    if (!entry) return this.say(side === "before" ? "Nothing to undo" : "Nothing to redo");
    this.reveal(Object.keys(entry[side]), entry.at);
    this.apply(entry[side], "keyboard");
    this.emit("place", entry.place);
    this.say(word);
  }

  #hello(why) {
    this.#why = why;
    this.#answered?.();
    this.#answered = this.ask({ kind: "hello" });
  }

  #state(message) {
    if (message.client !== this.client || !this.#why) return;
    this.#answered();
    const why = this.#why;
    this.#why = null;
    if (why === "follow" && !this.saver.clean) return;
    const before = this.#all;
    const after = byName(this.names, (name) => message.answers[name] ?? this.empty(name));
    this.saver.start(message.revision);
    this.notice = message.notice;
    this.#held = { ...after };
    if (why === "replace") this.history.push({ before, after, at: this.at });
    if (why === "first") this.#findDrafts(message);
    this.opened(why === "first");
    this.loaded = true;
    this.emit("answers", this.names);
    this.emit("item");
    if (why !== "first") this.say("The newer work is loaded.");
    this.emit("save");
  }

  #findDrafts(state) {
    for (const draft of this.drafts.list()) {
      const worth = judgeDraft(draft, state, this);
      if (worth === "none") this.drafts.remove(draft.key);
      else this.draftsFound.push({ ...draft, worth });
    }
  }

  /** Another tab of this kernel saved: a tab with nothing of its own to lose follows. */
  #other(message) {
    if (message.kind !== "saved" || message.revision === this.saver.base) return;
    this.#following = true;
    this.settle();
  }
}
