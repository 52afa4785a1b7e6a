// The tag mode: one card at a time, and its class, classes or step on a scale.

import { Media } from "../core/media.js";
import { Session } from "../core/session.js";
import { button, clickMode, el, keycap } from "../ui/dom.js";
import { labelBar } from "../ui/labelbar.js";
import { shell } from "../ui/shell.js";

/** A small crop is shown up to this many times its size. */
const MAX_ENLARGED = 8;

const NO_CHOICE = { type: "choice", id: "choice", labels: [], unsure: false, ms: 0, mode: "mouse" };

export class TagEditor {
  constructor(model, root, signal) {
    this.session = new Session(model, signal);
    const { spec } = this.session;
    this.classes = spec.classes;
    this.multi = spec.choosing === "multi";
    this.#build(root, signal);
    this.media = new Media(this.session.link, signal, {
      onReady: (name) => name === this.session.item.name && this.#showCard(),
      onSilence: () => this.session.unheard(),
    });
    this.session.on("answers", (names) => {
      if (names.includes(this.session.item.name)) this.#showChoice();
    });
    this.session.on("item", () => {
      this.unsure = false;
      this.#showCard();
      this.#showChoice();
    });
    this.#want(this.session.index);
    this.session.start();
  }

  /** True once the card and the saved work are there. */
  get ready() {
    return this.session.loaded && this.veil.hidden;
  }

  get choice() {
    return this.session.answer.annotations[0] ?? NO_CHOICE;
  }

  /** A class was named: in single mode that finishes the item, in multi mode it turns it over. */
  choose(name, mode) {
    const { labels } = this.choice;
    if (!this.session.loaded) return;
    if (!this.multi) {
      const place = this.session.index + 1;
      this.#save({ labels: [name] }, mode, { done: true });
      this.session.say(`${place}: ${name}`);
      this.session.advance();
      return;
    }
    const held = labels.includes(name);
    const next = this.classes.filter((other) => (other === name ? !held : labels.includes(other)));
    this.#save({ labels: next }, mode);
    this.session.say(`${name} ${held ? "off" : "on"}`);
  }

  /** Said before the choice, it goes with the choice; said after, it changes it. */
  toggleUnsure(mode) {
    const unsure = !this.choice.unsure;
    this.#save({ unsure }, mode);
    this.session.say(unsure ? "Unsure: choose the likeliest class, or Enter" : "Sure again");
  }

  finish(mode) {
    const { answer } = this.session;
    const answered = this.multi || answer.done || this.choice.labels.length || this.choice.unsure;
    if (!answered && !answer.escalate)
      return this.session.say("Choose a class, U for unsure or E to escalate");
    if (!answer.annotations.length) this.#save({}, mode, { done: true });
    this.session.finish(mode);
  }

  #save(change, mode, more = {}) {
    const { choice } = this;
    const next = { ...choice, ...change, ms: choice.ms + this.session.lap(), mode };
    this.session.commit({ annotations: [next], ...more }, { mode });
  }

  #build(root, signal) {
    const { spec } = this.session;
    const ordinal = spec.choosing === "ordinal";
    this.card = el("div", { className: "ls-card" });
    this.veil = el("div", { className: "ls-veil" });
    this.host = el(
      "div",
      {
        className: "ls-canvas ls-tag-stage",
        tabIndex: 0,
        role: "application",
        "aria-label":
          "Card. Number keys choose a class, U is unsure, question mark shows all keys.",
      },
      this.card,
      this.veil,
    );
    this.labels = labelBar(this.classes, null, {
      large: true,
      onChoose: (name, mode) => this.choose(name, mode),
    });
    this.labels.node.classList.toggle("ls-scale", ordinal);
    this.unsureButton = button({
      title: "Unsure, key U",
      "aria-label": "Unsure, key U",
      className: "ls-class ls-class-large ls-unsure",
      pressed: "false",
      onClick: (event) => this.toggleUnsure(clickMode(event)),
    });
    this.unsureButton.append(keycap("U"), el("span", { textContent: "Unsure" }));
    if (spec.unsure) this.labels.node.append(this.unsureButton);
    const question = el("p", { className: "ls-question", textContent: spec.question });
    question.hidden = !spec.question;
    const main = el("div", { className: "ls-main" }, this.host, question, this.labels.node);
    const back = () => this.session.go(this.session.index - 1);
    const label = (name, index) => [index + 1, name, () => this.choose(name, "keyboard")];
    const unsure = ["U", "Unsure", () => this.toggleUnsure("keyboard")];
    const held = { repeat: true };
    shell(root, this.session, signal, {
      main,
      focusTarget: this.host,
      keys: {
        Classes: [...this.classes.slice(0, 9).map(label), ...(spec.unsure ? [unsure] : [])],
        Items: [
          ["Backspace ArrowLeft", "Back to the item before", back, held],
          ["ArrowRight", "Next item", () => this.session.go(this.session.index + 1), held],
        ],
        General: [["Escape", "Leave", () => this.host.blur()]],
      },
      finish: (mode) => this.finish(mode),
    });
    this.host.addEventListener("pointerdown", () => this.host.focus({ preventScroll: true }), {
      signal,
    });
    this.session.say(spec.hint);
  }

  #want(index) {
    const item = this.session.items[index];
    if (item && item.text === undefined) this.media.want(item.name);
  }

  #showCard() {
    const { item, index } = this.session;
    const picture = this.media.get(item.name);
    this.#want(index);
    this.veil.hidden = item.text !== undefined || Boolean(picture?.bitmap);
    this.veil.textContent = picture?.error ?? "Loading the picture…";
    this.host.classList.toggle("ls-reading", item.text !== undefined);
    if (item.text !== undefined) {
      this.card.replaceChildren(
        el("div", { className: "ls-reading-text", textContent: item.text }),
      );
    } else {
      this.card.replaceChildren(picture?.bitmap ? this.#crop(picture.bitmap, item) : "");
    }
    // Two ahead: a practised hand takes less than a second for each.
    if (item.text === undefined && !picture) return;
    for (const step of [1, 2]) this.#want(index + step);
  }

  #crop(bitmap, { name, width, height }) {
    const canvas = el("canvas", {
      className: "ls-crop",
      width: bitmap.width,
      height: bitmap.height,
      role: "img",
      "aria-label": name,
    });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.style.setProperty("--ls-width", `${width * MAX_ENLARGED}px`);
    canvas.style.setProperty("--ls-height", `${height * MAX_ENLARGED}px`);
    return canvas;
  }

  #showChoice() {
    const { choice } = this;
    this.labels.show(choice.labels, "");
    this.unsureButton.setAttribute("aria-pressed", String(choice.unsure));
  }
}
