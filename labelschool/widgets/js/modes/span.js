// The span mode: words marked in a text or in the texts of a card, relations between them, and
// questions about the item.

import { el } from "../ui/dom.js";
import { questionRows } from "../ui/questions.js";
import { rail } from "../ui/rail.js";
import { shell } from "../ui/shell.js";
import { textsOf } from "../ui/texts.js";
import { Asking } from "./asking.js";
import { spanMarking } from "./marking.js";

const isMark = ({ type }) => type === "span" || type === "relation";

export class SpanEditor extends Asking {
  constructor(model, root, signal) {
    super(model, signal);
    const { session } = this;
    const { classes, relations, questions, severity } = session.spec;
    const marking = spanMarking({
      session,
      signal,
      classes,
      kinds: relations,
      atHand: classes.length === 1 ? classes[0] : null,
      severity,
      noun: "span",
      plural: "spans",
      hint: "No spans yet. Select words and choose a class, or add the word at the caret here.",
      how: "choose a class with its number key",
      label: "Texts. Select words and press a number key. The question mark shows all keys.",
      read: () => session.answer.annotations.filter(isMark),
      write: (records, options) => {
        const others = session.answer.annotations.filter((one) => !isMark(one));
        session.commit({ annotations: [...others, ...records] }, options);
      },
    });
    this.marking = marking;
    // The first thing asked for are the words.
    this.words = {
      name: null,
      text: "Words",
      choosing: "multi",
      get classes() {
        return marking.names;
      },
    };
    this.questions = [this.words, ...questions];
    this.rows = questionRows({ on: this });
    this.rows.fill(questions);
    const { bar, list, reader, keys } = marking;
    const { host } = reader;
    // A press in the text takes the number keys back from a question.
    host.addEventListener("pointerdown", () => this.ask(this.words), { signal });
    shell(root, session, signal, {
      main: el(
        "div.main",
        bar,
        el("div.work", rail(session, keys), host, list.node),
        this.rows.node,
      ),
      focusTarget: host,
      keys: {
        Classes: this.askingKeys(),
        Caret: keys.Caret,
        Span: keys.Spans,
        Items: [],
        General: [["Escape", "Unselect, leave", () => this.#escape()]],
        View: keys.View,
      },
      finish: (mode) => this.finish(mode),
    });
    this.start();
  }

  choose(question, name, mode) {
    if (question === this.words) this.marking.choose(name, mode);
    else super.choose(question, name, mode);
  }

  missing() {
    const { marking, session } = this;
    const bare = session.spec.severity && marking.spans.find(({ severity }) => !severity);
    if (!bare) return super.missing();
    marking.select(bare.id);
    return "This span is neither minor nor major yet: press S";
  }

  show() {
    const { item, spec } = this.session;
    const marks = ({ name }) => !spec.marked.length || spec.marked.includes(name);
    this.marking.show(textsOf(item, spec).map((text) => ({ ...text, marks: marks(text) })));
  }

  refresh() {
    this.marking.refresh();
    super.refresh();
    this.marking.bar.classList.toggle("ls-resting", this.question !== this.words);
  }

  #escape() {
    if (this.question === this.words) this.marking.escape();
    else this.ask(this.words);
  }
}
