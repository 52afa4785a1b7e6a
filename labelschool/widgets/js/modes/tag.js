// The tag mode: one card at a time, and its class, classes or step on a scale, for one question or
// several.

import { mediaOf } from "../core/media.js";
import { el } from "../ui/dom.js";
import { questionRows } from "../ui/questions.js";
import { shell } from "../ui/shell.js";
import { readOnly, textsOf } from "../ui/texts.js";
import { Asking } from "./asking.js";

/** A small crop is shown up to this many times its size. */
const MAX_ENLARGED = 8;

export class TagEditor extends Asking {
  constructor(model, root, signal) {
    super(model, signal);
    const { session } = this;
    const { questions, each_field } = session.spec;
    this.alone = !questions && !each_field;
    this.questions = this.#asked();
    this.#build(root, signal);
    this.media = mediaOf(session, () => this.#showCard());
    this.start();
  }

  /** True once the card and the saved work are there. */
  get ready() {
    return super.ready && this.veil.hidden;
  }

  /** The one answer to the only question finishes the item. */
  choose(question, name, mode) {
    const { session, choices } = this;
    if (!this.alone || question.choosing === "multi") return super.choose(question, name, mode);
    if (!session.loaded) return;
    const place = session.index + 1;
    choices.choose(question, name, mode, { done: true });
    session.say(`${place}: ${name}`);
    session.advance();
  }

  /** Said before the choice, it goes with the choice; said after, it changes it. */
  toggleUnsure(question, mode) {
    const { session } = this;
    if (!session.loaded) return;
    this.ask(question);
    const unsure = this.choices.toggleUnsure(question, mode);
    session.say(unsure ? "Unsure: choose the likeliest class, or Enter" : "Sure again");
  }

  missing() {
    const said = super.missing();
    return said && this.alone ? "Choose a class, U for unsure or E to escalate" : said;
  }

  /** None of several classes is an answer too. */
  end(mode) {
    const { annotations, escalate } = this.session.answer;
    if (!annotations.length && !escalate) {
      this.choices.save(this.question, {}, mode, { done: true });
    }
    super.end(mode);
  }

  show() {
    const asked = this.#asked();
    if (asked !== this.questions) this.rows.fill(asked);
    this.questions = asked;
    this.#showCard();
  }

  /** What is asked of the item in sight. */
  #asked() {
    const { item, spec } = this.session;
    const { questions, each_field, classes, choosing, question } = spec;
    if (questions) return questions;
    if (!each_field) {
      this.only ??= [{ name: null, classes, choosing, text: question }];
      return this.only;
    }
    return textsOf(item, spec).map(({ name, text }) => ({
      name,
      classes,
      choosing,
      text: name,
      more: el("p.value", text || "(empty)"),
    }));
  }

  #build(root, signal) {
    const { session, alone } = this;
    const { spec } = session;
    this.card = el("div.card");
    this.veil = el("div.veil");
    this.host = el("div.canvas.tag-stage", {
      tabIndex: 0,
      role: "application",
      "aria-label": "Card. Number keys choose a class, U is unsure, question mark shows all keys.",
      onpointerdown: () => this.host.focus({ preventScroll: true }),
    });
    const choose = (...chosen) => this.choose(...chosen);
    const unsure = spec.unsure ? (...asked) => this.toggleUnsure(...asked) : null;
    this.rows = questionRows({ on: { choose, unsure }, large: alone });
    this.rows.fill(this.questions);
    const main = el("div.main", this.host);
    if (spec.each_field) {
      main.classList.add("ls-each");
      main.prepend(el("p.question", spec.question));
      this.host.append(this.rows.node);
    } else {
      main.classList.toggle("ls-beside", !alone);
      main.append(this.rows.node);
      this.host.append(this.card, this.veil);
    }
    const go = (step) => () => session.go(session.index + step);
    const held = { repeat: true };
    shell(root, session, signal, {
      main,
      focusTarget: this.host,
      keys: {
        Classes: [
          ...this.askingKeys("ArrowDown Q", "ArrowUp Shift+Q"),
          ...(unsure ? [["U", "Unsure", () => unsure(this.question, "keyboard")]] : []),
        ],
        Items: [
          ["Backspace ArrowLeft", "Back to the item before", go(-1), held],
          ["ArrowRight", "Next item", go(1), held],
        ],
        General: [["Escape", "Leave", () => this.host.blur()]],
      },
      finish: (mode) => this.finish(mode),
    });
  }

  #want(index) {
    const item = this.session.items[index];
    if (item?.width) this.media.want(item.name);
  }

  #showCard() {
    const { item, index, spec } = this.session;
    const written = !item.width;
    const picture = this.media.get(item.name);
    this.#want(index);
    this.veil.hidden = written || Boolean(picture?.bitmap);
    this.veil.textContent = picture?.error ?? "Loading the picture…";
    this.host.classList.toggle("ls-reading", written);
    if (written) {
      this.card.replaceChildren(el("div.reading-text", ...textsOf(item, spec).map(readOnly)));
    } else {
      this.card.replaceChildren(picture?.bitmap ? this.#crop(picture.bitmap, item) : "");
    }
    // Two ahead: a practised hand takes less than a second for each.
    if (!written && !picture) return;
    for (const step of [1, 2]) this.#want(index + step);
  }

  #crop(bitmap, { name, width, height }) {
    const canvas = el("canvas.crop", {
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
}
