// What the modes share that ask questions about an item: the number keys answer the question at
// hand, and an answer goes on to the next question without one.

import { Session } from "../core/session.js";
import { keyedClasses } from "../ui/labelbar.js";
import { titled } from "../ui/texts.js";
import { Choices } from "./choices.js";

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** How a learner calls a question. */
const called = ({ name, text }) => (name ? titled(name) : text);

/**
 * A mode gives `questions`, those about the item in sight: [{ name, text, classes, choosing }], and
 * `rows` and `show()`, which show questions and item. The answers are `choices` unless a mode has its
 * own `of` and `take`.
 */
export class Asking {
  #at = 0;

  constructor(model, signal) {
    this.session = new Session(model, signal);
    this.choices = new Choices(this.session);
  }

  start() {
    const { session } = this;
    session.on("answers", (names) => names.includes(session.item.name) && this.refresh());
    session.on("item", () => this.#showItem());
    this.#showItem();
    session.say(session.spec.hint);
    session.start();
  }

  get ready() {
    return this.session.loaded;
  }

  /** The question that the number keys answer. */
  get question() {
    return this.questions[this.#at];
  }

  ask(question) {
    this.#at = this.questions.indexOf(question);
    this.refresh();
  }

  /** The answer to a question, { labels, unsure }. */
  of(question) {
    return this.choices.of(question);
  }

  /** Stores an answer. */
  take(question, name, mode) {
    this.choices.choose(question, name, mode);
  }

  choose(question, name, mode) {
    const { session } = this;
    if (!session.loaded) return;
    this.#at = this.questions.indexOf(question);
    this.take(question, name, mode);
    const several = question.choosing === "multi";
    const open = !several && this.#open(true);
    this.ask(open || question);
    const state = several && !this.of(question).labels.includes(name) ? " off" : "";
    const rest = several || open ? "" : ". All answered: Enter";
    session.say(`${called(question)}: ${name}${state}${rest}`);
  }

  finish(mode) {
    const { answer } = this.session;
    const missing = !answer.done && !answer.escalate && this.missing();
    if (missing) this.session.say(missing);
    else this.end(mode);
  }

  end(mode) {
    this.session.finish(mode);
  }

  /** What has to be done before the item is; nothing when all is there. */
  missing() {
    const open = this.#open();
    if (!open) return "";
    this.ask(open);
    return `${called(open)}: choose with a number key, or E to escalate`;
  }

  refresh() {
    this.rows.show((question) => this.of(question), this.question);
  }

  /** The keys of the questions; `next` and `before` go to others. */
  askingKeys(next = "Q", before = "Shift+Q") {
    const [first, ...others] = this.questions;
    const same = others.every(({ classes }) => String(classes) === String(first.classes));
    const words = new Map(same ? keyedClasses(first.classes) : []);
    const held = { repeat: true };
    return [
      ...DIGITS.map((key) => [key, words.get(key), () => this.#press(key)]),
      ...(same ? [] : [["1 – 9", "A class of the question at hand"]]),
      ...(others.length
        ? [
            [next, "Next question", () => this.#turn(1), held],
            [before, "Question before", () => this.#turn(-1), held],
          ]
        : []),
    ];
  }

  /**
   * The first question without an answer, from the one at hand on. None of several classes is an
   * answer too, unless `all` are to be looked at.
   */
  #open(all) {
    const { questions } = this;
    return [...questions.slice(this.#at), ...questions].find((question) => {
      const { labels, unsure } = this.of(question);
      return (all || question.choosing !== "multi") && !labels.length && !unsure;
    });
  }

  #press(key) {
    const { question } = this;
    const [, name] = keyedClasses(question.classes).find(([own]) => own === key) ?? [];
    if (name) this.choose(question, name, "keyboard");
  }

  #turn(step) {
    const { length } = this.questions;
    this.ask(this.questions[(this.#at + step + length) % length]);
    this.session.say(called(this.question));
  }

  #showItem() {
    this.#at = 0;
    this.show();
    this.refresh();
  }
}
